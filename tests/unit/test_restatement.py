"""Figures restated: the line in the quarter's paper, the cause of each case, and sums that are exact."""

from datetime import date

import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.law.book import LAW
from ehcptime.outputs.case_parts import case_parts
from ehcptime.outputs.frozen import freeze, thaw
from ehcptime.outputs.manifest import manifest
from ehcptime.outputs.restatement import restatement
from ehcptime.records.pseudonyms import pseudonymise
from ehcptime.tracking.track import track
from questions_frames import advice, after, cases, issued, table

MEASURE = "plans_issued_20wk_exc"
APRIL, JULY = "2025-04-07", "2025-07-07"
FEBRUARY = "2025-02-12"


def plan(name, took, day=FEBRUARY, **more):
    """A plan issued on a day, some days after its request."""
    return issued(after(day, -took), took, case_id=name, **more)


def asked(name, day):
    return {"case_id": name, "received_date": day}


def quarter_one():
    """15 of 124 on time, and five cases whose plans of March are not keyed yet."""
    kept = [plan(f"p{n}", 140 if n < 15 else 141) for n in range(124)]
    late = [asked(f"late{n}", "2024-09-02") for n in range(5)]
    return [*kept, *late]


def keyed_since():
    """The same in July, with the five plans of March keyed, all of them late."""
    return [*quarter_one()[:124], *(plan(f"late{n}", 200, "2025-03-28") for n in range(5))]


def test_the_line_of_the_quarterly_paper():
    """15 of 124 is 12.1 per cent and 15 of 129 is 11.6."""
    found = restatement(cases(quarter_one(), APRIL), cases(keyed_since(), JULY), MEASURE, period="Q")
    assert str(found) == "2025 Q1 restated from 12.1 to 11.6 per cent: 5 late-recorded plans"
    assert set(found.changes["case_id"]) == {f"late{n}" for n in range(5)}
    assert found.changes[["numerator", "denominator"]].sum().tolist() == [0, 5]
    assert "late0" not in str(found) + found._repr_html_()


CHANGES = {
    "late-recorded": (asked("x", "2024-11-01"), plan("x", 100)),
    "added": (None, plan("x", 100)),
    "removed": (plan("x", 100), None),
    "date edited": (plan("x", 100), plan("x", 150)),
    "exemption added": (plan("x", 100), plan("x", 100, week20=1)),
    "left out since: mediation or tribunal": (plan("x", 100), plan("x", 100, other_mediation=1)),
    "left out since: a duplicate record": (plan("x", 100), plan("x", 100, closed_reason="duplicate")),
    "left out since: no such decision": (plan("x", 100), asked("x", "2024-11-01")),
    "no longer left out: an exception is recorded": (plan("x", 100, week20=1), plan("x", 100)),
    "since": (asked("x", "2024-11-01"), plan("x", 200, "2025-06-01")),
}


@pytest.mark.parametrize("cause", CHANGES)
def test_each_cause_is_told_from_the_others(cause):
    rest = [plan("y", 100), plan("z", 150)]
    runs = [[*rest, row] if row else rest for row in CHANGES[cause]]
    found = restatement(cases(runs[0], APRIL), cases(runs[1], JULY), MEASURE, period="Y")
    assert found.changes[["case_id", "cause"]].to_numpy().tolist() == [["x", cause]]
    row = found.table.iloc[0]
    for name in ("numerator", "denominator"):
        assert row[f"{name}_after"] - row[f"{name}_before"] == found.changes[name].sum()


def test_a_plan_whose_day_is_moved_to_another_quarter_leaves_one_and_enters_the_other():
    runs = [[plan("a", 100), plan("x", 100, day)] for day in ("2025-03-31", "2025-04-01")]
    found = restatement(cases(runs[0], "2025-04-30"), cases(runs[1], JULY), MEASURE, period="Q")
    assert found.changes[["period", "case_id", "numerator", "denominator"]].to_numpy().tolist() == [
        ["2025 Q1", "x", -1, -1],
        ["2025 Q2", "x", 1, 1],
    ]
    assert str(found).splitlines() == [
        "2025 Q1 restated at 100.0 per cent as before, with other cases: 1 plan with a date edited",
        "2025 Q2 moved from no percentage to 100.0 per cent (it had not ended on 30 April 2025): 1 plan with a date edited",
    ]


def test_a_period_that_had_not_ended_has_moved_and_is_not_restated():
    runs = [
        [plan("a", 100, "2025-04-02"), asked("b", "2024-11-01")],
        [plan("a", 100, "2025-04-02"), plan("b", 200, "2025-06-01")],
    ]
    found = restatement(cases(runs[0], APRIL), cases(runs[1], JULY), MEASURE, period="Q")
    assert str(found) == (
        "2025 Q2 moved from 100.0 to 50.0 per cent (it had not ended on 7 April 2025): 1 plan that fell in it since"
    )


def test_nothing_changed():
    tracked = cases(quarter_one(), APRIL)
    found = restatement(tracked, tracked, MEASURE, period="Q")
    assert str(found) == "No period is restated."
    assert found.changes.empty
    assert found.table["sentence"].tolist() == ["2025 Q1 stands at 12.1 per cent"]


def test_a_frozen_run_with_its_cases_kept_gives_the_same_as_the_frame(tmp_path):
    before, now = cases(quarter_one(), APRIL), cases(keyed_since(), JULY)
    run = manifest(before, as_at=date.fromisoformat(APRIL))
    freeze({"parts": case_parts(before, MEASURE)}, tmp_path / "q1", run, audience="internal")
    kept = thaw(tmp_path / "q1").tables["parts"]
    frozen, fresh = (restatement(some, now, MEASURE, period="Q") for some in (kept, before))
    pd.testing.assert_frame_equal(frozen.table, fresh.table)
    pd.testing.assert_frame_equal(frozen.changes, fresh.changes)


def test_cases_under_pseudonyms_are_compared_without_their_ids():
    key = "not kept beside the file"
    runs = [
        pseudonymise(cases(rows, day), key=key)
        for rows, day in ((quarter_one(), APRIL), (keyed_since(), JULY))
    ]
    found = restatement(*runs, MEASURE, period="Q")
    assert str(found) == "2025 Q1 restated from 12.1 to 11.6 per cent: 5 late-recorded plans"
    assert not found.changes["case_id"].str.startswith("late").any()


def test_runs_by_different_rule_books_say_so(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text('[exemptions.OURS]\ntitle = "Ours"\ncondition = "ours"\ncite = "ours"\nmark = "seen"\n')
    book = LAW.extend(path)
    rows = table(quarter_one())
    runs = track(rows, as_at=date.fromisoformat(APRIL)), track(rows, as_at=date.fromisoformat(JULY), law=book)
    found = restatement(*runs, MEASURE, period="Q")
    assert str(found).splitlines()[0] == (
        f"The runs rest on rule books {LAW.edition} and {book.edition}: a case may count otherwise by the rule alone."
    )


def test_what_cannot_be_restated():
    tracked = cases(quarter_one(), APRIL)
    for wrong, error, match in (
        ({"measure": "open_over_20wk"}, CommandError, "takes no period"),
        ({"measure": "advice_6wk"}, CommandError, "counts askings"),
        ({"period": "W"}, CommandError, "must be one of"),
        ({"before": cases(quarter_one(), JULY)}, CommandError, "order of time"),
        ({"before": tracked.iloc[:0]}, InputError, "no rows"),
        ({"before": case_parts(tracked, "plans_due_20wk")}, InputError, "not of measure"),
        ({"after": pd.concat([tracked, tracked])}, InputError, "earlier row"),
        (
            {"after": advice([{"case_id": "a", "advice_type": "health", "requested_date": FEBRUARY}], JULY)},
            InputError,
            "about cases",
        ),
    ):
        given = {"before": tracked, "after": tracked, "measure": MEASURE, "period": "Q"} | wrong
        with pytest.raises(error, match=match):
            restatement(**given)
    gone = restatement(tracked, tracked.iloc[:0], MEASURE, period="Q")
    assert "2025 Q1 restated from 12.1 to no percentage: 124 plans not in the later run" in str(gone)
