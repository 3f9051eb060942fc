"""A change shared out case by case: hand-worked figures, and each component moved alone."""

from fractions import Fraction
from itertools import combinations
from math import factorial

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehcptime.errors import CommandError, InputError
from ehcptime.law.book import LAW
from ehcptime.questions.change import explain_change
from ehcptime.questions.change_words import tenths
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.shapley import MOVES, Mix, moves_between, shared_out
from ehcptime.tracking.track import track
from questions_frames import advice, after, cases, issued, table

MEASURE = "plans_issued_20wk_inc"
JANUARY, MARCH = "2025-01-15", "2025-03-15"
AS_AT = "2025-12-31"
mixes = st.builds(Mix, *[st.integers(0, 40)] * 4)


def month(day, on_time=0, newly_late=0, old=0, name="p"):
    """Plans issued on a day: on their last day, one day late, and late since before the month began."""
    days = [140] * on_time + [141] * newly_late + [300] * old
    return [issued(after(day, -took), took, case_id=f"{name}{n}") for n, took in enumerate(days)]


def shares(found):
    return {part.name: (part.cases, part.points) for part in found.decomposition.components if part.cases}


def by_subsets(before, after_it):
    """The Shapley value by its other formula: weights over the sets of moves that came before."""
    by, values = moves_between(before, after_it), {}
    for move in MOVES:
        others, total = [m for m in MOVES if m != move], Fraction(0)
        for size in range(len(others) + 1):
            weight = Fraction(factorial(size) * factorial(len(MOVES) - size - 1), factorial(len(MOVES)))
            for chosen in combinations(others, size):
                one, two = before.moved(by, chosen).rate, before.moved(by, (*chosen, move)).rate
                total += weight * (two - one)
        values[move] = total
    return values


@given(mixes, mixes)
def test_shares_sum_to_the_change_turn_round_with_it_and_are_shapley_values(one, other):
    if one.rate is None or other.rate is None:
        return
    found, back = shared_out(one, other), shared_out(other, one)
    assert sum(found.values()) == other.rate - one.rate
    assert back == {move: -share for move, share in found.items()}
    if all(min(a, b) > 0 for a, b in zip(one, other, strict=True)):
        assert found == by_subsets(one, other)


@given(mixes, mixes)
def test_moves_lead_from_one_mix_to_the_other_and_each_pushes_its_own_way(one, other):
    by = moves_between(one, other)
    assert one.moved(by, MOVES) == other
    if one.rate is None or other.rate is None:
        return
    found = shared_out(one, other)
    for move, up in (("on_time", 1), ("speed", 1), ("newly_late", -1), ("old", -1), ("unknown", -1)):
        assert found[move] * up * by[move] >= 0


@given(st.integers(1, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(2, 5))
def test_a_change_of_pace_alone_is_speed_and_a_change_of_volume_alone_is_none(size, then, now, old, times):
    then, now = min(then, size), min(now, size)
    pace = shared_out(Mix(then, size - then, old), Mix(now, size - now, old))
    assert {move for move, share in pace.items() if share} <= {"speed"}
    assert moves_between(Mix(then, size - then), Mix(then * times, (size - then) * times))["speed"] == 0


def test_the_month_a_backlog_is_cleared_by_hand():
    """40 of 113 and then 47 of 178, of whose late plans 91 were over their limit before March began.

    On time: 7 more and 33 fewer newly late: 7 changed sides. Of two of the three orders by hand: old first takes
    40/113 - 40/204, then speed gives 7/204.
    """
    first = cases(month(JANUARY, 40, 73), AS_AT)
    second = cases(month(MARCH, 47, 40, 91, name="q"), AS_AT)
    found = explain_change(first, second, MEASURE)
    assert found.decomposition.kind == "two_periods"
    rates = {
        frozenset(): Fraction(40, 113),
        frozenset("o"): Fraction(40, 204),
        frozenset("s"): Fraction(47, 113),
        frozenset("n"): Fraction(40, 87),
        frozenset("os"): Fraction(47, 204),
        frozenset("on"): Fraction(40, 178),
        frozenset("sn"): Fraction(47, 87),
        frozenset("osn"): Fraction(47, 178),
    }

    def share(move):
        total = Fraction(0)
        for before, weight in (("", 2), *((m, 1) for m in "osn" if m != move), ("osn".replace(move, ""), 2)):
            total += Fraction(weight, 6) * (rates[frozenset(before + move)] - rates[frozenset(before)])
        return total * 100

    assert shares(found) == {
        "newly_late": (-26, share("n")),
        "old": (91, share("o")),
        "speed": (7, share("s")),
    }
    assert found.why == (
        "Between two periods, the fall of 9.0 percentage points is made of -21.5 from late plans from old cases (91 more), "
        "+7.2 from newly late plans (26 fewer) and +5.3 from speed (7 more on-time plans and as many fewer newly late plans)."
    )
    assert len(found.cases("old")) == 91
    assert set(found.cases("old")["reason_before"]) == {"not in the frame"}
    assert str(found) in found._repr_html_()


@pytest.mark.parametrize(
    ("took", "role"), [(140, "on_time"), (141, "newly_late"), (154, "newly_late"), (155, "old")]
)
def test_old_is_over_its_limit_before_the_month_of_the_figure_began(took, role):
    """Issued on 15 March: 14 days late is a limit on 1 March, 15 days late one on 28 February."""
    first = cases([issued(after(JANUARY, -100), 100, case_id="j")], AS_AT)
    second = cases([issued(after(MARCH, -took), took, case_id="m")], AS_AT)
    found = explain_change(first, second, MEASURE).decomposition
    assert found.roles.set_index("case_id")["after"].to_dict() == {"j": "outside", "m": role}


def test_the_same_period_in_two_extracts_is_restated_data_alone():
    rows = month(MARCH, 4, 4)
    edited = [dict(row) for row in rows]
    edited[0]["assessment_outcome_date"] = after(MARCH, 1)  # one day too late now
    edited[7]["assessment_mediation"] = 1
    edited.append(issued(after(MARCH, -100), 100, case_id="keyed later"))
    first, second = (cases(some, AS_AT) for some in (rows, edited))
    found = explain_change(first, second, MEASURE)
    # 7 on time or not of the old eight, one of them now late, and one on time that was keyed later: 4 of 8 both times
    assert found.decomposition.kind == "two_extracts"
    assert (found.before, found.after) == (found.before._replace(counted=4, others=4), found.after)
    assert shares(found) == {"restated": (3, found.points)}
    assert found.points == 0
    listed = found.cases("restated").set_index("case_id")[["before", "after"]]
    assert listed.to_numpy().tolist() == [
        ["on_time", "newly_late"],
        ["newly_late", "outside"],
        ["outside", "on_time"],
    ]
    assert list(listed.index) == ["p0", "p7", "keyed later"]
    assert "+0.0 from restated data (3 cases)" in found.why


def test_two_days_of_one_caseload_are_no_restatement():
    rows = month(MARCH, 3, 1) + month("2025-04-15", 1, 2, name="q")
    found = explain_change(cases(rows, "2025-03-31"), cases(rows, "2025-04-30"), MEASURE)
    assert {name: count for name, (count, _) in shares(found).items()} == {"on_time": 1, "newly_late": 2}
    assert found.cases("restated").empty
    assert set(found.cases("newly_late")["case_id"]) == {"q1", "q2"}


def test_what_was_keyed_late_is_restated_and_what_happened_since_is_not():
    rows = month(MARCH, 3, 1)
    keyed = [*rows, issued(after(MARCH, -150), 150, case_id="keyed later")]
    since = [*keyed, issued(after("2025-04-15", -100), 100, case_id="since")]
    found = explain_change(cases(rows, "2025-03-31"), cases(since, "2025-04-30"), MEASURE)
    assert shares(found) == {
        "restated": (1, Fraction(3, 5) * 100 - 75),
        "on_time": (1, Fraction(4, 6) * 100 - 60),
    }
    assert found.cases("restated")["case_id"].tolist() == ["keyed later"]


def test_another_rule_book_is_told_apart(tmp_path):
    path = tmp_path / "shorter.toml"
    path.write_text(
        """
        [[plan_final.versions]]
        from = 2024-09-02
        length = { weeks = 18 }
        count = "after"
        bound = "at_most"
        cite = "a bill"
        url = "https://example.org"
        exempt_by = []
        selects_on = "start"
        mark = "memory"
        checked_on = 2026-11-23
        """
    )
    book = LAW.extend(path)
    rows = table([issued("2024-10-01", days, case_id=f"c{days}") for days in (120, 126, 127, 140, 141)])
    day = pd.Timestamp(AS_AT).date()
    first, second = track(rows, as_at=day), track(rows, as_at=day, law=book)
    found = explain_change(first, second, "plans_due_20wk", law=book)
    assert shares(found) == {"rule": (2, Fraction(-40))}
    assert sorted(found.cases("rule")["case_id"]) == ["c127", "c140"]
    assert explain_change(first, second, "plans_due_20wk").why.endswith(
        f"rule book {book.edition}: give it as law."
    )
    assert shares(explain_change(first, second, MEASURE, law=book)) == {}
    day_one = track(rows, as_at=day, convention="receipt_is_day_one")
    assert shares(explain_change(first, day_one, "plans_due_20wk")) == {"rule": (1, Fraction(-20))}


def test_a_frame_that_lost_its_attributes_is_taken_to_rest_on_the_same_rule():
    tracked = cases(month(MARCH, 2, 1), AS_AT)
    lost = pd.DataFrame({name: tracked[name] for name in tracked})
    assert shares(explain_change(lost, tracked, MEASURE)) == {}


def test_measures_without_a_day_and_askings_for_advice():
    rows = [{"received_date": day, "case_id": day} for day in ("2024-01-10", "2025-05-10", "2025-06-10")]
    found = explain_change(cases(rows, "2025-07-31"), cases(rows, "2025-11-30"), "open_over_20wk")
    assert shares(found) == {"speed": (2, Fraction(200, 3))}
    asked = [
        {
            "case_id": "a",
            "advice_type": "health",
            "requested_date": "2025-01-06",
            "returned_date": "2025-02-17",
        },
        {
            "case_id": "a",
            "advice_type": "health",
            "requested_date": "2025-01-06",
            "returned_date": "2025-02-18",
        },
        {
            "case_id": "b",
            "advice_type": "health",
            "requested_date": "2025-02-06",
            "returned_date": "2025-03-01",
        },
        {"case_id": "c", "advice_type": "health", "requested_date": "2025-02-06"},
    ]
    found = explain_change(advice(asked, "2025-03-10"), advice(asked, "2025-05-31"), "advice_6wk")
    assert shares(found) == {"newly_late": (1, Fraction(2, 4) * 100 - Fraction(200, 3))}
    assert found.cases("newly_late")[["case_id", "asking"]].to_numpy().tolist() == [["c", 0]]


@pytest.mark.parametrize(
    ("change", "because"),
    [
        (lambda frame: (frame, frame.assign(as_at=pd.Timestamp("2025-01-01"))), "tracked at a later day"),
        (lambda frame: (pd.concat([frame, frame]), frame), "holds a value twice"),
        (lambda frame: (frame, frame.iloc[:0]), "nothing to divide"),
        (lambda frame: (frame, pd.DataFrame({"numerator": [1], "denominator": [2]})), "only tracked frames"),
    ],
)
def test_what_cannot_be_shared_out_says_why(change, because):
    found = explain_change(*change(cases(month("2024-12-15", 2, 1), AS_AT)), MEASURE)
    assert because in found.why
    assert found.table.empty
    assert list(found.table.columns) == ["component", "cases", "points"]
    with pytest.raises(InputError, match=because):
        found.cases("old")


def test_a_component_that_is_not():
    tracked = cases(month(MARCH, 2, 1), AS_AT)
    with pytest.raises(CommandError, match="no component 'mix'"):
        explain_change(tracked, tracked, MEASURE).cases("mix")
    assert explain_change(tracked, tracked, MEASURE).why.endswith("and nothing moved.")


@given(st.lists(st.fractions(-100, 100, max_denominator=500), min_size=1, max_size=7))
def test_printed_tenths_add_up_and_none_is_off_by_a_tenth(points):
    found = tenths(points)
    total = 10 * sum(points)
    assert abs(sum(found) - total) <= Fraction(1, 2)
    assert all(abs(number - 10 * point) < 1 for number, point in zip(found, points, strict=True))


def test_every_measure_has_words_for_its_change():
    tracked = cases(month(MARCH, 2, 1), AS_AT)
    for name in MEASURES:
        if name != "advice_6wk":
            assert explain_change(tracked, tracked, name).why.endswith((".",))
