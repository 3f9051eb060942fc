"""What is hidden, by tables small enough to work out by hand; C stands for [c]."""

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import ehcptime as ehc
from ehcptime.errors import CommandError, InputError
from ehcptime.outputs import witness
from questions_frames import cases

C, NOTHING, MISSING, LOW = "[c]", "[z]", "[x]", "[low]"


def cells(frame, *columns):
    return frame[list(columns)].to_numpy().tolist()


def shares(numerators, denominators, **columns):
    percent = [100 * n / d if d else None for n, d in zip(numerators, denominators, strict=True)]
    share = pd.array([None if p is None else np.floor(p * 10 + 0.5) / 10 for p in percent], dtype="Float64")
    return pd.DataFrame(columns | {"numerator": numerators, "denominator": denominators, "percent": share})


def teams(opened, *, names="abcdefgh"):
    return pd.DataFrame({"team": list(names[: len(opened)]), "open": opened})


def test_counts_under_the_threshold_are_hidden_and_zeros_stay():
    assert ehc.suppress(teams([0, 1, 4, 5, 6]))["open"].tolist() == [0, C, C, 5, 6]
    assert ehc.suppress(teams([0, 1, 4, 5, 6]), threshold=6)["open"].tolist() == [0, C, C, C, 6]
    assert ehc.suppress(teams([0, 1, 4, 5, 6]), threshold=2)["open"].tolist() == [0, C, 4, 5, 6]


def test_the_smallest_other_count_goes_with_the_only_hidden_one():
    frame = pd.DataFrame({"team": ["a", "b", "c", "all"], "open": [3, 20, 8, 31]})
    assert ehc.suppress(frame)["open"].tolist() == [C, 20, C, 31]


def test_two_hidden_counts_of_1_would_be_told_by_their_sum():
    """31 - 29 = 2 leaves 1 and 1 alone, as zeros are printed; a third count must go."""
    frame = pd.DataFrame({"team": ["a", "b", "c", "d", "all"], "open": [1, 1, 9, 20, 31]})
    assert ehc.suppress(frame)["open"].tolist() == [C, C, C, 20, 31]


def test_a_total_in_another_table_of_the_set_counts():
    tables = {"teams": teams([3, 20, 8]), "whole": pd.DataFrame({"open": [31]})}
    published = ehc.suppress(tables)
    assert published["teams"]["open"].tolist() == [C, 20, C]
    assert published["whole"]["open"].tolist() == [31]
    assert ehc.suppress(tables["teams"])["open"].tolist() == [C, 20, 8]  # nothing to take it from


def test_rows_and_columns_of_a_table_of_two_ways():
    """Each row and each column needs two, so the one small count takes the three others with it; the totals stay."""
    frame = pd.DataFrame(
        {
            "team": ["a", "a", "a", "b", "b", "b", "all", "all", "all"],
            "sex": ["f", "m", "all"] * 3,
            "open": [2, 10, 12, 8, 20, 28, 10, 30, 40],
        }
    )
    assert ehc.suppress(frame)["open"].tolist() == [C, C, 12, C, C, 28, 10, 30, 40]


def test_all_less_boys_is_girls():
    tables = {
        "all": teams([30, 25]),
        "boys": pd.DataFrame({"team": ["a", "b"], "sex": ["m", "m"], "open": [28, 15]}),
    }
    published = ehc.suppress(tables)
    seen = [published["all"]["open"][0], published["boys"]["open"][0]]
    assert C in seen  # 30 - 28 would be 2 girls
    assert [published["all"]["open"][1], published["boys"]["open"][1]] == [25, 15]


def test_months_make_up_the_year_of_another_table():
    months = pd.DataFrame({"period": ["2025-01", "2025-02", "2025-03"], "numerator": [2, 9, 14]})
    year = pd.DataFrame({"period": ["2025"], "numerator": [25]})
    published = ehc.suppress({"months": months, "year": year})
    assert published["months"]["numerator"].tolist() == [C, C, 14]
    assert published["year"]["numerator"].tolist() == [25]


def test_a_percentage_goes_with_its_counts_with_a_small_rest_and_on_a_small_base():
    frame = shares([2, 38, 20, 7], [40, 40, 40, 7], team=list("abcd"))
    published = ehc.suppress(frame)
    assert published["percent"].tolist() == [C, C, 50.0, C]
    assert cells(published, "numerator", "denominator")[2:] == [[20, 40], [7, 7]]
    # 2 of 40 are hidden; 38 of 40 leave 2, so one of the two goes
    assert published["numerator"][0] == C
    assert C in cells(published, "numerator", "denominator")[1]


def test_a_percentage_and_its_base_give_the_count_that_is_not_printed():
    frame = pd.DataFrame({"team": ["a", "b"], "cases": [40, 50], "late_percent": [5.0, 40.0]})
    published = ehc.suppress(frame)
    assert cells(published, "cases", "late_percent") == [[40, C], [50, 40.0]]


def test_the_columns_of_contributions_add_up():
    """20 asked; 9 in time + 3 late + 6 outstanding = 18 due; the late cannot stay the only one hidden."""
    row = {"requested": [20], "due": [18], "in_time": [9], "late": [3], "outstanding": [6], "not_due": [0]}
    frame = pd.DataFrame({"advice_type": ["health"]} | row | {"unknown": [0], "not_required": [2]})
    published = ehc.suppress(frame)
    assert published["late"][0] == published["not_required"][0] == C
    assert sum(value == C for value in published[["due", "in_time", "outstanding"]].iloc[0]) >= 1


def months(table, counts, **columns):
    return pd.DataFrame({"period": ["2025-01", "2025-02", "2025-03"], table: counts, **columns})


def test_plans_issued_in_a_month_are_those_of_the_measure_or_a_few_more():
    """3 + 8 + 20 = 31 plans; with the 8 printed among the flows, the 3 would be told by the year."""
    plans = {
        "trend": months("denominator", [3, 8, 20], measure="plans_issued_20wk_inc"),
        "year": pd.DataFrame({"denominator": [31], "measure": "plans_issued_20wk_inc"}),
    }
    flow = months("issued", [3, 8, 20])
    assert ehc.suppress(plans)["trend"]["denominator"].tolist() == [C, C, 20]
    assert ehc.suppress({"flow": flow})["flow"]["issued"].tolist() == [C, 8, 20]
    published = ehc.suppress(plans | {"flow": flow})
    assert published["flow"]["issued"].tolist() == published["trend"]["denominator"].tolist() == [C, C, 20]
    # 10 issued and 8 counted leave 2 with a tribunal or a mediation; 20 and 20 leave nobody.
    more = ehc.suppress({"trend": plans["trend"], "flow": months("issued", [9, 10, 20])})
    assert (more["flow"]["issued"][1] == C) != (more["trend"]["denominator"][1] == C)
    assert more["flow"]["issued"][2] == more["trend"]["denominator"][2] == 20


def test_what_was_left_at_the_end_of_the_last_month_is_what_is_open():
    """Five bands of 1, none of them 0: the total of 5 would tell them all, and so would the 5 left at the end of the month."""
    bands = ["0-6", "6-12", "12-16", "16-20", "20-30"]
    ages = pd.DataFrame({"age_band": [*bands, "all"], "open": [1, 1, 1, 1, 1, 5]})
    flow = months("closing", [30, 28, 5])
    assert ehc.suppress({"ages": ages})["ages"]["open"].tolist() == [C] * 6
    assert ehc.suppress({"flow": flow})["flow"]["closing"].tolist() == [30, 28, 5]
    assert ehc.suppress({"ages": ages, "flow": flow})["flow"]["closing"].tolist() == [30, 28, C]


def test_flows_of_all_months_are_the_decisions_on_record():
    """6 + 2 + 7 = 15 refusals: with all three but the 2 printed, and the 15, the 2 would be told."""
    lines = pd.DataFrame({"line": ["refused_to_assess"], "count": [15]})
    flow = months("refused", [6, 2, 7])
    assert ehc.suppress({"flow": flow})["flow"]["refused"].tolist() == [6, C, 7]
    published = ehc.suppress({"flow": flow, "decisions": lines})
    assert [*published["flow"]["refused"], *published["decisions"]["count"]].count(C) == 2


def test_a_problem_in_the_record_is_what_is_unknown():
    problems = pd.DataFrame(
        {"severity": "error", "code": ["no_start_date", "w_without_date"], "rows": [7, 9]}
    )
    whole = pd.DataFrame(
        {"measure": ["plans_due_20wk"], "denominator": [60], "numerator": [40], "unknown": [7]}
    )
    published = ehc.suppress({"problems": problems, "whole": whole})
    assert published["problems"]["rows"].tolist() == [7, 9]
    split = pd.DataFrame({"area": ["n", "s"], "unknown": [3, 4], "measure": "plans_due_20wk"})
    hidden = ehc.suppress({"problems": problems, "areas": split.assign(unknown=[5, 2])})
    assert hidden["areas"]["unknown"].tolist()[1] == C


def test_what_the_last_publication_told_is_not_hidden_in_vain():
    """41 closed last month, so 41 open this one: hiding the 41 again would hide nothing, and the 5 of the row cannot be kept."""
    before = {"flow": months("closing", [30, 28, 41])}
    now = months("closing", [28, 41, 38], opening=[30, 28, 41])
    now["period"] = ["2025-02", "2025-03", "2025-04"]
    published = ehc.suppress({"flow": now}, previous=ehc.suppress(before))
    assert published["flow"]["opening"].tolist() == [30, 28, 41]


def test_means_rest_on_counts_that_are_not_taken_for_means():
    frame = pd.DataFrame(
        {"team": ["a"], "plans": [50], "days_known": [48], "days_known_exc": [30], "mean_weeks": [30.1]}
    )
    published = ehc.suppress(frame)
    assert C in cells(published, "plans", "days_known")[0]  # 50 - 48 would be 2
    assert published["mean_weeks"][0] == C


def test_what_one_measure_leaves_out_tells_of_another():
    """All 60 cases are in both tables; the 2 left out of one are hidden, and nothing else of 60 less 58 may be."""
    issued = shares([20], [58], team=["a"]).assign(
        unknown=0, not_due=0, left_out=2, measure="plans_issued_20wk_inc"
    )
    opened = shares([10], [30], team=["a"]).assign(
        unknown=0, not_due=0, left_out=30, measure="open_over_20wk"
    )
    published = ehc.suppress({"issued": issued, "open": opened})
    assert published["issued"]["left_out"][0] == C
    others = cells(published["issued"], "denominator") + cells(published["open"], "denominator", "left_out")
    assert any(C in row for row in others)


def test_last_month_and_this_month_may_not_tell_what_was_added():
    before = ehc.suppress({"whole": pd.DataFrame({"period": ["2025"], "numerator": [40]})})
    after = {"whole": pd.DataFrame({"period": ["2025"], "numerator": [42]})}
    assert ehc.suppress(after)["whole"]["numerator"].tolist() == [42]
    assert ehc.suppress(after, previous=before)["whole"]["numerator"].tolist() == [C]  # 2 children more
    for now, printed in ((47, 47), (37, C), (30, 30)):  # 7 more, 3 fewer and 10 fewer
        after = {"whole": pd.DataFrame({"period": ["2025"], "numerator": [now]})}
        assert ehc.suppress(after, previous=before)["whole"]["numerator"].tolist() == [printed]


def test_what_was_hidden_last_time_and_has_not_changed_stays_hidden():
    """Hidden beside 3 last time; printed now, with the same total, it would give the 3 away."""
    before = pd.DataFrame({"team": ["a", "b", "c", "all"], "plans": [3, 20, 8, 31]})
    first = ehc.suppress({"teams": before})
    again = ehc.suppress({"teams": before}, previous=first)
    assert again["teams"]["plans"].tolist() == first["teams"]["plans"].tolist() == [C, 20, C, 31]


def test_a_count_that_was_published_before_is_reported_as_told():
    before = {"teams": pd.DataFrame({"team": ["a", "b"], "plans": [3, 20]})}
    published = ehc.suppress(before, previous=before)
    assert published["teams"]["plans"].tolist() == [C, 20]
    assert "was in the last publication" in published.hidden["why"][0]


@pytest.mark.parametrize(
    ("shown", "total"),
    [
        ({"plans": [3, 20, 0]}, {"plans": [23]}),
        ({"numerator": [20, 20, 0], "denominator": [23, 20, 0]}, {"numerator": [40], "denominator": [43]}),
    ],
)
def test_a_table_is_withheld_where_all_that_could_be_hidden_is_known_already(shown, total):
    """The sum was published and so was team b, which has not changed: 3 follows, unless the 0 is hidden too."""
    now = {"teams": pd.DataFrame({"team": ["a", "b", "c"], **shown}), "whole": pd.DataFrame(total)}
    known = now["teams"][now["teams"]["team"] == "b"]
    published = ehc.suppress(now, previous={"teams": known, "whole": now["whole"]})
    assert published["teams"][list(shown)].eq(C).all(axis=None)
    assert published["whole"].to_numpy().tolist() == now["whole"].to_numpy().tolist()
    (row,) = published.hidden[published.hidden["table"] == "teams"].to_dict("records")
    assert row["withheld"]
    assert row["why"].startswith("withheld, because no smaller set of hidden counts")


def test_a_column_that_was_hidden_whole_last_time_tells_nothing():
    now = pd.DataFrame({"team": ["a", "b"], "cases": [50, 60], "percent": [20.0, 30.0]})
    before = now.assign(cases=[C, C])
    assert ehc.suppress({"t": now}, previous={"t": before})["t"].equals(now)


def test_the_limits_of_a_percentage_that_is_not_printed_are_not_printed():
    table = pd.DataFrame({"cases": [14, 26], "percent": ["[x]", "[x]"], "percent_low": [10.0, 20.0]})
    assert ehc.suppress({"t": table})["t"].to_numpy().tolist() == [[14, "[x]", C], [26, "[x]", C]]


def test_open_cases_of_another_day_are_not_compared():
    then = teams([40]).assign(as_at=pd.Timestamp("2025-03-31"))
    now = teams([42]).assign(as_at=pd.Timestamp("2025-04-30"))
    assert ehc.suppress({"t": now}, previous={"t": then})["t"]["open"].tolist() == [42]


def test_numbers_in_notes_are_masked_and_lengths_of_time_are_not():
    frame = shares([20], [40], team=["a"]).assign(
        unknown=3, note="unknown: 3, in the denominator; 7 moved in 6 weeks"
    )
    published = ehc.suppress(frame)
    assert published["note"][0] == "unknown: [c], in the denominator; [c] moved in 6 weeks"


def test_missing_counts_and_what_cannot_be_divided():
    frame = pd.DataFrame({"team": ["a", "b"], "numerator": pd.array([None, 0], dtype="Int64")})
    frame = frame.assign(denominator=[12, 0], percent=pd.array([None, None], dtype="Float64"))
    published = ehc.suppress(frame)
    assert published["numerator"].tolist() == [MISSING, 0]
    assert published["percent"].tolist() == [NOTHING, NOTHING]


@pytest.mark.parametrize("rows", [0, 1])
def test_no_rows_and_one_row(rows):
    frame = shares([0], [0], team=["a"]).head(rows)
    published = ehc.suppress({"t": frame})
    assert len(published["t"]) == rows
    assert published["t"]["numerator"].tolist() == [0] * rows


def test_no_tables_and_a_table_without_counts():
    assert dict(ehc.suppress({})) == {}
    assert ehc.suppress(pd.DataFrame({"team": ["a"]}))["team"].tolist() == ["a"]


def test_all_unknown():
    frame = shares([0, 0], [6, 30], team=["a", "b"]).assign(unknown=[6, 30])
    published = ehc.suppress(frame)
    assert cells(published, "numerator", "denominator", "unknown") == [[0, 6, 6], [0, 30, 30]]
    assert published["percent"].tolist() == [C, 0.0]


def test_the_index_stays_and_nothing_is_mutated():
    frame = teams([3, 20, 8]).set_index(pd.Index([7, 3, 9]))
    kept = frame.copy()
    assert ehc.suppress(frame).index.tolist() == [7, 3, 9]
    assert_frame_equal(frame, kept)


def test_the_order_of_tables_and_of_rows_does_not_matter():
    frame = pd.DataFrame({"team": [*"abcde", "all"], "open": [3, 8, 8, 2, 8, 29]})
    tables = {"teams": frame, "whole": pd.DataFrame({"open": [29]})}
    turned = {"whole": tables["whole"], "teams": frame.sample(frac=1, random_state=4)}
    one, other = ehc.suppress(tables), ehc.suppress(turned)
    assert_frame_equal(one["teams"], other["teams"].sort_index(), check_dtype=False)


def test_those_who_died_are_counted_with_the_others():
    frame = shares([0, 12, 8], [1, 20, 19], closed_reason=["died", "withdrawn", "other"])
    published = ehc.suppress(frame)
    assert cells(published, "closed_reason", "numerator", "denominator", "percent") == [
        ["withdrawn", 12, 20, 60.0],
        ["other", 8, 20, 40.0],
    ]
    alone = pd.DataFrame({"died": [1], "withdrawn": [20]})
    assert cells(ehc.suppress(alone), "other", "withdrawn") == [[C, 20]]


@pytest.mark.parametrize(
    ("table", "printed"),
    [
        ({"area": ["n"], "died": [9], "other": [9]}, [["n", 18]]),
        ({"closed_reason": ["died", "withdrawn"], "cases": [6, 8]}, [["other", 6], ["withdrawn", 8]]),
        (
            {
                "closed_reason": ["died", "other", "withdrawn"],
                "closures": [6, 6, 12],
                "share_percent": [25.0, 25.0, 50.0],
            },
            [["other", 12, "[x]"], ["withdrawn", 12, C]],
        ),
    ],
)
def test_those_who_died_are_others_in_every_shape_of_table(table, printed):
    assert ehc.suppress({"t": pd.DataFrame(table)})["t"].to_numpy().tolist() == printed


def test_deaths_that_are_no_numbers_cannot_be_added():
    with pytest.raises(
        InputError, match="column 'died' of table 't' must hold numbers, to be added to 'other'"
    ):
        ehc.suppress({"t": pd.DataFrame({"area": ["n"], "died": ["nine"]})})


@pytest.mark.parametrize("column", ["case_id", "person_id", "caseworker", "forename"])
def test_tables_of_cases_are_refused(column):
    with pytest.raises(InputError, match=column):
        ehc.suppress({"list": teams([9]).assign(**{column: "x"})})


def test_what_cannot_be_protected_is_refused():
    with pytest.raises(InputError, match="below 0"):
        ehc.suppress(teams([-3]))
    with pytest.raises(InputError, match="numbers as text"):
        ehc.suppress(pd.DataFrame({"time_period": ["2025"], "plans_issued_den": ["3"]}))
    with pytest.raises(InputError, match="curve"):
        ehc.suppress(pd.DataFrame({"day": [3], "at_risk": [40], "finals": [1]}))
    # 400 cases and 399 left: what was removed is their difference, whatever is hidden of it.
    steps = pd.DataFrame({"step": ["all cases", "less one"], "removed": [0, 1], "remaining": [400, 399]})
    with pytest.raises(InputError, match="waterfall"):
        ehc.suppress(steps)
    # 2 of 40 more on time is 5 points: the shares of a change give back how many moved.
    shares_of_change = pd.DataFrame({"component": ["on_time", "old"], "cases": [2, 0], "points": [5.0, 0.0]})
    with pytest.raises(InputError, match="change shared out"):
        ehc.suppress(shares_of_change)
    # A share of 3 in 177 requests fell in August: the weights of a forecast are counts in another dress.
    assumed = pd.DataFrame({"assumption": ["refused"], "value": [0.02], "basis": ["from history"]})
    with pytest.raises(InputError, match="what a forecast assumes"):
        ehc.suppress({"forecast": assumed})
    with pytest.raises(CommandError, match="threshold"):
        ehc.suppress(teams([9]), threshold=1)
    with pytest.raises(CommandError, match="mode"):
        ehc.suppress(teams([9]), mode="hide")


def test_what_a_year_can_end_on_is_no_count_though_it_is_whole():
    """3 of 8 on time and 2 in hand: 30 and 50 per cent are whole numbers, and would give the 3 back."""
    counts = {"issued": [8], "on_time": [3], "can_be_on_time": [2], "can_be_late": [2], "only_late": [0]}
    ends = {"percent": [37.5], "lowest": [30.0], "highest": [50.0], "needed": [25]}
    published = ehc.suppress(pd.DataFrame({"area": ["north"]} | counts | ends))
    assert cells(published, "on_time", "percent", "lowest", "highest", "needed") == [[C, C, C, C, C]]


@pytest.mark.parametrize("mode", ["suppress", "round"])
def test_the_weeks_of_a_plan_in_a_note_of_method_are_no_counts(mode):
    late = {"received_date": "2024-01-01", "request_outcome": "Y", "request_outcome_date": "2024-02-05"}
    issued = {"assessment_outcome": "Y", "assessment_outcome_date": "2024-09-02"}
    tracked = cases([late | issued] * 6, "2024-12-31")
    table = ehc.delay_caused(tracked)
    published = ehc.suppress(table, mode=mode)
    assert published["note"].tolist() == table["note"].tolist()
    assert "20 weeks are limits" in published["note"].iloc[0]
    assert "6 cases" not in published["sentence"].iloc[-1]


def test_rounding_to_5():
    frame = shares([0, 2, 3, 22], [0, 12, 12, 48], team=list("abcd")).assign(note="2 late")
    published = ehc.suppress(frame, mode="round")
    assert cells(published, "numerator", "denominator", "percent") == [
        [0, 0, NOTHING],
        [LOW, 10, LOW],
        [5, 10, 50.0],
        [20, 50, 40.0],
    ]
    assert published["note"].tolist() == ["[c] late"] * 4


def test_rounding_what_is_missing_and_what_rests_on_few():
    frame = shares([3, 5, 13], [7, 20, 52], team=list("abc")).assign(late_share=[57.0, 75.0, 75.0])
    frame["numerator"] = frame["numerator"].astype("Int64").mask(frame["team"] == "b")
    published = ehc.suppress(frame, mode="round")
    assert cells(published, "numerator", "denominator", "percent", "late_share") == [
        [5, 5, MISSING, MISSING],
        [MISSING, 20, MISSING, MISSING],
        [15, 50, 30.0, MISSING],
    ]


def test_the_report_and_the_meaning_of_the_symbols():
    published = ehc.suppress({"teams": pd.DataFrame({"team": ["a", "b", "all"], "open": [3, 8, 11]})})
    assert published.hidden.loc[0, ["counts", "small", "beside"]].tolist() == [3, 1, 1]
    assert list(published.shorthand) == [C]
    assert "small number" in published.shorthand[C]


def test_what_several_counts_together_leave_open_is_found_and_a_search_given_up_says_it_is_told(monkeypatch):
    """Of a+e, b+c and a+b+d, a alone can fall: by 1, while d and e rise by 1. Nothing moves b against c."""
    sums, slack = np.array([[1, 0, 0, 0, 1], [0, 1, 1, 0, 0], [1, 1, 0, 1, 0]]), np.array([1, 0, 0, 0, 0])
    assert witness.undecided(sums, slack).tolist() == [True, False, False, True, True]
    monkeypatch.setattr(witness, "_MOST_STEPS", 0)
    assert not witness.undecided(sums, slack).any()
