import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.rounded import rounded
from ehcptime.questions.change import explain_change
from ehcptime.questions.intervals import intervals
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.timeliness import COLUMNS, timeliness
from questions_frames import advice, after, cases, issued

AS_AT = "2025-07-31"


def rows_of(found, *columns):
    return found[list(columns)].to_numpy().tolist()


def test_the_columns_of_the_contract_come_first():
    found = timeliness(
        cases([issued("2025-01-06", 100, team="north")], AS_AT), "plans_issued_20wk_inc", by="team"
    )
    assert list(found.columns) == ["team", *COLUMNS]
    assert list(COLUMNS[:9]) == [
        "period",
        "numerator",
        "denominator",
        "unknown",
        "not_due",
        "left_out",
        "percent",
        "complete",
        "note",
    ]
    assert str(found["percent"].dtype) == "Float64"
    assert found["as_at"].tolist() == [pd.Timestamp(AS_AT)]


def test_unknowns_are_inside_the_20_week_and_outside_the_16_week_denominator():
    plans = [issued("2025-01-06", 100), issued("2025-01-06", 100) | {"received_date": None}]
    found = timeliness(cases(plans, AS_AT), "plans_issued_20wk_inc").iloc[0]
    assert (found["numerator"], found["denominator"], found["unknown"], found["percent"]) == (1, 2, 1, 50.0)
    refusals = [row | {"assessment_outcome": "N"} for row in plans]
    found = timeliness(cases(refusals, AS_AT), "no_plan_16wk").iloc[0]
    assert (found["numerator"], found["denominator"], found["unknown"], found["percent"]) == (1, 1, 1, 100.0)
    assert "outside the denominator" in found["note"]


def test_a_note_says_whose_rule_puts_unknowns_in_the_denominator():
    tracked = cases([issued("2025-01-06", 100) | {"received_date": None}, {"received_date": None}], AS_AT)
    notes = {
        name: timeliness(tracked, name)["note"][0] for name in ("plans_issued_20wk_inc", "open_over_20wk")
    }
    assert notes["plans_issued_20wk_inc"] == "unknown: 1, in the denominator as DfE counts them"
    assert notes["open_over_20wk"] == "unknown: 1, in the denominator"


@pytest.mark.parametrize(
    ("as_at", "percent", "note"),
    [
        ("2025-03-31", pd.NA, "the period has not begun: only those already met are counted"),
        ("2025-04-01", 100.0, "provisional: 2 not yet due"),
        ("2025-05-26", 100.0, "provisional: 1 not yet due"),
    ],
)
def test_a_period_that_has_not_begun_has_no_percentage_and_one_that_runs_is_provisional(as_at, percent, note):
    rows = [issued("2025-01-20", 60), {"received_date": "2025-02-10"}, {"received_date": "2025-01-20"}]
    rows[2] |= {"closed_date": "2025-04-20", "closed_reason": "withdrawn"} if as_at == "2025-05-26" else {}
    found = timeliness(cases(rows, as_at), "plans_due_20wk", period="Q").iloc[0]
    assert (found["period"], found["numerator"], found["denominator"]) == ("2025 Q2", 1, 1)
    assert (found["percent"] is pd.NA) if percent is pd.NA else (found["percent"] == percent)
    assert found["note"] == note
    assert not found["complete"]


def test_a_period_that_is_over_has_no_provisional_figure_of_its_own_limits():
    found = timeliness(cases([issued("2025-01-20", 60)], "2025-07-01"), "plans_due_20wk", period="Q").iloc[0]
    assert (found["percent"], found["note"], found["complete"]) == (100.0, "", True)


def test_advice_is_provisional_in_the_year_that_runs():
    asked = [
        {"case_id": "a", "advice_type": "psychology", "requested_date": day, "returned_date": back}
        for day, back in (("2025-01-06", "2025-02-03"), ("2025-07-01", None))
    ]
    found = timeliness(advice(asked, AS_AT), "advice_6wk", period="Y").iloc[0]
    assert (found["period"], found["percent"], found["note"]) == ("2025", 100.0, "provisional: 1 not yet due")


def test_a_period_that_has_not_begun_is_no_figure_for_others():
    rows = [issued("2025-01-20", 60), {"received_date": "2025-02-10"}]
    found = timeliness(cases(rows, "2025-03-31"), "plans_due_20wk", period="Q")
    assert intervals(found)[["percent_low", "percent_high"]].isna().all(axis=None)
    assert rounded(found, "due")["percent"].tolist() == ["[z]"]
    with pytest.raises(InputError, match="has not begun"):
        explain_change(found, found, "plans_due_20wk")


def test_every_period_is_listed_for_every_group_and_undated_rows_apart():
    plans = [
        issued("2024-11-01", 100, team="north"),
        issued("2025-01-06", 100, team="south"),
        {"received_date": "2025-01-06", "team": "south"},
    ]
    found = timeliness(cases(plans, AS_AT), "plans_issued_20wk_inc", by="team", period="M")
    assert rows_of(found, "team", "period", "numerator", "denominator", "left_out") == [
        ["north", "2025-02", 1, 1, 0],
        ["north", "2025-04", 0, 0, 0],
        ["south", "2025-02", 0, 0, 0],
        ["south", "2025-04", 1, 1, 0],
        ["south", "unknown", 0, 0, 1],
    ]


@pytest.mark.parametrize(
    ("letter", "expected"),
    [
        ("M", ["2025-03", "2025-04"]),
        ("Q", ["2025 Q1", "2025 Q2"]),
        ("Y", ["2025"]),
        ("FY", ["2024-25", "2025-26"]),
        ("AY", ["2024/25"]),
    ],
)
def test_periods_of_the_limit(letter, expected):
    rows = [{"received_date": after("2025-03-31", -140)}, {"received_date": after("2025-04-01", -140)}]
    assert timeliness(cases(rows, AS_AT), "plans_due_20wk", period=letter)["period"].tolist() == expected


def test_a_period_is_complete_once_its_last_day_is_over():
    rows = [{"received_date": "2025-03-13"}]  # due 31 July 2025
    for as_at, complete in (("2025-07-30", False), ("2025-07-31", False), ("2025-08-01", True)):
        assert timeliness(cases(rows, as_at), "plans_due_20wk", period="M")["complete"].tolist() == [complete]


def test_no_period_is_complete_while_a_case_in_it_is_not_due():
    rows = [{"received_date": "2025-01-06"}, {"received_date": "2025-06-06"}]
    found = timeliness(cases(rows, AS_AT), "plans_received_20wk", period="Q")
    assert rows_of(found, "period", "complete") == [["2025 Q1", True], ["2025 Q2", False]]
    assert timeliness(cases(rows, AS_AT), "plans_received_20wk")["complete"].tolist() == [False]


def test_a_provisional_figure_gives_its_lowest_and_highest_value():
    rows = [issued("2025-03-03", 100), {"received_date": "2025-03-03"}, {"received_date": "2025-03-31"}]
    found = timeliness(cases(rows, "2025-07-31"), "plans_received_20wk").iloc[0]
    assert (found["numerator"], found["denominator"], found["not_due"]) == (1, 2, 1)
    assert "provisional: 1 not yet due, so between 33.3 and 66.7 per cent" in found["note"]


def test_what_was_refused_or_ended_after_the_limit_is_counted_apart():
    rows = [
        {"received_date": "2025-01-06", "request_outcome": "N", "request_outcome_date": "2025-05-27"},
        {"received_date": "2025-01-06", "closed_date": "2025-05-27", "closed_reason": "withdrawn"},
        {"received_date": "2025-01-06", "closed_date": "2025-05-26", "closed_reason": "withdrawn"},
    ]
    found = timeliness(cases(rows, AS_AT), "plans_due_20wk").iloc[0]
    assert (found["numerator"], found["denominator"], found["left_out"]) == (0, 2, 1)
    assert "2 refused or ended after the limit are in it as not on time" in found["note"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"received_date": "2025-07-01"}, "1 not yet due"),
        ({"received_date": None}, "1 unknown"),
        (issued("2025-01-06", 100, closed_reason="duplicate"), "1 left out"),
    ],
)
def test_nothing_to_divide_is_said_and_is_never_a_number(row, reason):
    found = timeliness(cases([row], AS_AT), "plans_due_20wk").iloc[0]
    assert found["percent"] is pd.NA
    assert f"nothing to divide ({reason})" in found["note"]


def test_all_exceptions_cannot_be_divided():
    """Dorset 2024: every plan called an exception."""
    rows = [issued("2025-01-06", days, week20=1) for days in (100, 200)]
    assert timeliness(cases(rows, AS_AT), "plans_issued_20wk_exc")["percent"].tolist() == [pd.NA]
    assert timeliness(cases(rows, AS_AT), "plans_issued_20wk_inc")["percent"].tolist() == [50.0]


def test_blank_groups_are_rows_of_their_own():
    rows = [
        issued("2025-01-06", 100, team=team, area=area)
        for team, area in ((None, "x"), ("b", "x"), ("", None))
    ]
    tracked = cases(rows, AS_AT)
    found = timeliness(tracked, "plans_issued_20wk_inc", by="team")
    assert rows_of(found, "team", "denominator") == [["b", 1], ["not recorded", 2]]
    found = timeliness(tracked, "plans_issued_20wk_inc", by=["team", "area"])
    assert rows_of(found, "team", "area", "denominator") == [
        ["b", "x", 1],
        ["not recorded", "x", 1],
        ["not recorded", "not recorded", 1],
    ]


def test_groups_of_numbers_and_stages_keep_their_order():
    rows = [issued("2025-01-06", 100, age_at_request=age) for age in (10, 9, None)]
    found = timeliness(cases(rows, AS_AT), "plans_issued_20wk_inc", by="age_at_request")
    assert found["age_at_request"].tolist() == [9, 10, "not recorded"]
    rows = [{"received_date": "2025-01-06", "request_outcome": code} for code in ("A", "Y")]
    found = timeliness(cases(rows, AS_AT), "open_over_20wk", by="stage")
    assert found["stage"].tolist() == ["deciding", "assessing"]


def test_advice_is_always_split_by_rule():
    rows = [
        {"case_id": "c0", "advice_type": kind, "requested_date": "2025-01-06", "returned_date": returned}
        for kind, returned in (("health", "2025-01-20"), ("psychology", None), ("parent", None))
    ]
    found = timeliness(advice(rows, AS_AT), "advice_6wk")
    assert rows_of(found, "rule", "numerator", "denominator", "left_out") == [
        ["advice_body", 1, 1, 0],
        ["advice_other", 0, 1, 0],
        ["no limit", 0, 0, 1],
    ]
    assert timeliness(advice(rows, AS_AT), "advice_6wk", by="rule").equals(found)


def test_an_empty_frame_has_a_defined_answer():
    empty = cases([issued("2025-01-06", 100, team="a")], AS_AT).iloc[:0]
    found = timeliness(empty, "plans_issued_20wk_inc")
    assert rows_of(found, "numerator", "denominator", "percent") == [[0, 0, pd.NA]]
    assert "no rows" in found["note"][0]
    assert len(timeliness(empty, "plans_due_20wk", by="team", period="Y")) == 0


def test_arguments_that_cannot_be_used():
    tracked = cases([issued("2025-01-06", 100, period="y")], AS_AT)
    with pytest.raises(CommandError, match="no column 'teem' to group by"):
        timeliness(tracked, "plans_due_20wk", by="teem")
    with pytest.raises(CommandError, match="rename it"):
        timeliness(tracked, "plans_due_20wk", by="period")
    with pytest.raises(CommandError, match="twice"):
        timeliness(tracked, "plans_due_20wk", by=["stage", "stage"])
    with pytest.raises(CommandError, match="one of M, Q, Y, FY, AY"):
        timeliness(tracked, "plans_due_20wk", period="2025")
    with pytest.raises(CommandError, match="takes no period"):
        timeliness(tracked, "open_over_20wk", period="Y")
    with pytest.raises(InputError, match="call track"):
        timeliness(pd.DataFrame({"case_id": []}), "plans_due_20wk")


def test_a_changed_measure_can_be_counted():
    rows = [issued("2025-01-06", 100, request_mediation=1), issued("2025-01-06", 160)]
    changed = MEASURES["plans_issued_20wk_inc"].but(flags=[])
    assert timeliness(cases(rows, AS_AT), changed)["percent"].tolist() == [50.0]


def caseload(on_time, band, over, unknown, flagged):
    """An authority's year of plans as they would have to be for its published counts."""
    plans = [issued("2024-01-02", 140)] * on_time + [issued("2023-06-01", 300)] * band
    plans += [issued("2023-01-02", 400)] * over
    plans += [issued("2024-01-02", 100) | {"received_date": None}] * unknown
    return plans + [issued("2024-01-02", 100, other_tribunal=1)] * flagged


def test_a_caseload_with_the_published_counts_of_west_sussex_gives_its_published_figures():
    """DfE 2025 release, West Sussex 2024: 171 of 1,495 (11.4), 850 (56.9) and 474 (31.7)."""
    tracked = cases(caseload(171, 850, 474, 0, 302), "2025-01-15")
    for suffix in ("inc", "exc"):
        within = timeliness(tracked, f"plans_issued_20wk_{suffix}", period="Y")
        assert rows_of(within, "period", "numerator", "denominator", "percent", "left_out", "complete") == [
            ["2024", 171, 1495, 11.4, 302, True]
        ]
        assert timeliness(tracked, f"plans_20_52wk_{suffix}")["percent"].tolist() == [56.9]
        assert timeliness(tracked, f"plans_over_52wk_{suffix}")["percent"].tolist() == [31.7]


def test_unknown_durations_stay_in_the_denominator_as_in_england_2024():
    """In tenths: bands of 4,145, 4,240 and 648 leave 6 of 9,039 plans in no band."""
    tracked = cases(caseload(414, 424, 65, 1, 0), "2025-01-15")
    bands = [
        timeliness(tracked, measure).iloc[0]
        for measure in ("plans_issued_20wk_inc", "plans_20_52wk_inc", "plans_over_52wk_inc")
    ]
    assert {band["denominator"] for band in bands} == {904}
    assert sum(band["numerator"] for band in bands) == 903


def test_names_of_several_kinds_stand_in_the_order_of_their_texts():
    rows = [issued("2025-01-06", 100, team=team) for team in ("north", 2, None, 10)]
    found = timeliness(cases(rows, AS_AT), "plans_issued_20wk_inc", by="team")
    assert found["team"].tolist() == [10, 2, "north", "not recorded"]


def test_the_day_of_a_frame_may_be_a_python_date():
    tracked = cases([issued("2025-01-06", 100), {"received_date": "2025-01-06"}], AS_AT)
    dated = tracked.assign(as_at=pd.Series([day.date() for day in tracked["as_at"]], dtype=object))
    found, expected = (timeliness(frame, "plans_due_20wk") for frame in (dated, tracked))
    assert found.drop(columns="as_at").equals(expected.drop(columns="as_at"))
