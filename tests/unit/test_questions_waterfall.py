"""The waterfall from all cases to a published figure, by hand and against the published counts of one authority."""

import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.waterfall import waterfall
from questions_frames import advice, after, cases, issued

AS_AT = "2025-12-31"
REQUESTED = "2024-02-05"


def west_sussex_2024():
    """Published by DfE for 2024: 1,797 assessments ended in a plan, 1,495 in the base, no exceptions, 171 within 20 weeks."""
    plans = [issued(REQUESTED, 140)] * 171 + [issued(REQUESTED, 141)] * (1495 - 171)
    flagged = [issued(REQUESTED, 100, assessment_tribunal=1)] * (1797 - 1495)
    others = [{"received_date": REQUESTED}, {"received_date": after(AS_AT, 1)}]
    return cases([*plans, *flagged, *others], AS_AT)


def test_the_published_figure_of_west_sussex_step_by_step():
    tracked = west_sussex_2024()
    found = waterfall(tracked, "plans_issued_20wk_exc")
    steps = found.table[["step", "removed", "remaining"]].to_numpy().tolist()
    assert steps == [
        ["all cases", 0, 1799],
        ["less not received by then", 1, 1798],
        ["less no such decision", 1, 1797],
        ["assessments ending in a plan", 0, 1797],
        ["less mediation or tribunal", 302, 1495],
        ["base", 0, 1495],
        ["less an exception is recorded", 0, 1495],
        ["denominator", 0, 1495],
        ["less not 140 days or less after the request", 1324, 171],
        ["on-time plans", 0, 171],
    ]
    assert found.table["percent"].dropna().tolist() == [11.4]
    assert len(found.cases("less mediation or tribunal")) == 302
    assert found.cases("less mediation or tribunal")["case_id"].iloc[0] == "c1495"
    assert set(found.cases("on-time plans")["part"]) == {"on_time"}
    assert found.cases("less an exception is recorded").empty
    assert str(found) == (
        "all cases 1,799 -> less 1 not received by then -> less 1 no such decision -> assessments ending in a plan 1,797 -> "
        "less 302 mediation or tribunal -> base 1,495 -> denominator 1,495 -> "
        "less 1,324 not 140 days or less after the request -> on-time plans 171 = 11.4 per cent"
    )


def test_unknowns_leave_the_figure_where_its_denominator_does_not_hold_them():
    rows = [issued("2025-01-06", 100), issued("2025-01-06", 100) | {"received_date": None}]
    untold = "less the days between cannot be worked out"
    found = waterfall(cases(rows, AS_AT), "plans_issued_20wk_inc").table["step"].tolist()
    assert found.index(untold) > found.index("denominator")
    refused = [row | {"assessment_outcome": "N"} for row in rows]
    found = waterfall(cases(refused, AS_AT), "no_plan_16wk").table["step"].tolist()
    assert found.index(untold) < found.index("denominator")


def test_a_waterfall_for_each_period_and_one_for_what_falls_on_no_day():
    rows = [
        issued("2024-06-03", 100),
        issued("2025-01-06", 141),
        issued("2025-01-06", 100, week20=1),
        {"received_date": "2025-01-06"},
    ]
    found = waterfall(cases(rows, AS_AT), "plans_issued_20wk_exc", period="Y")
    ends = found.table.groupby("period", sort=False).agg(
        first=("remaining", "first"), last=("remaining", "last")
    )
    assert ends.to_dict("index") == {
        "2024": {"first": 1, "last": 1},
        "2025": {"first": 2, "last": 0},
        "unknown": {"first": 1, "last": 0},
    }
    assert found.cases("less an exception is recorded", "2025")["case_id"].tolist() == ["c2"]
    assert found.cases("less an exception is recorded", "2024").empty
    assert str(found).splitlines()[2].endswith("on-time plans 0 = no percentage")


def test_no_rows_give_a_waterfall_of_nothing():
    found = waterfall(west_sussex_2024().iloc[:0], "plans_due_20wk")
    assert found.table["remaining"].tolist() == [0] * len(found.table)
    assert found.table["percent"].isna().all()


def test_rows_keep_the_index_of_the_frame_even_where_it_repeats():
    tracked = west_sussex_2024().set_index(pd.Index([7] * 1799))
    assert set(waterfall(tracked, "plans_issued_20wk_inc").cases("denominator").index) == {7}


def test_the_page_is_escaped():
    tracked = west_sussex_2024()
    page = waterfall(tracked, "plans_issued_20wk_exc")._repr_html_()
    assert "<td>less mediation or tribunal</td>" in page
    assert "&lt;NA&gt;" not in page


def test_what_cannot_be_used():
    tracked = west_sussex_2024()
    with pytest.raises(CommandError, match="no step 'half way'"):
        waterfall(tracked, "plans_due_20wk").cases("half way")
    with pytest.raises(CommandError, match="takes no period"):
        waterfall(tracked, "open_over_20wk", period="Y")
    asked = [
        {"case_id": "a", "advice_type": kind, "requested_date": "2025-01-06"}
        for kind in ("health", "psychology")
    ]
    with pytest.raises(InputError, match="rows of one rule"):
        waterfall(advice(asked, AS_AT), "advice_6wk")
    one = waterfall(advice(asked[:1], AS_AT), "advice_6wk")
    assert one.table["remaining"].tolist() == [1, 1, 0, 0]
