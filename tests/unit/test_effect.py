"""The sentence of an effect, and what counts as flagged."""

from datetime import date

import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.check import check
from ehcptime.questions.effect import effect
from ehcptime.questions.timeliness import timeliness
from questions_frames import advice, after, cases, issued, table

RECEIVED = "2025-01-06"
INC = "plans_issued_20wk_inc"


def problems(*ids, column="received_date", severity="error", value=""):
    return pd.DataFrame(
        [(one, "x", severity, column, value, "") for one in ids],
        columns=["case_id", "code", "severity", "column", "value", "message"],
    )


def caseload(on_time, late):
    rows = [issued(RECEIVED, 140)] * on_time + [issued(RECEIVED, 141)] * late
    return cases(rows, "2025-12-31")


def test_the_sentence_of_the_design():
    """449 of 969 certain rows are on time; of the 31 bad ones 15 seem to be: 464 of 1,000."""
    tracked = caseload(464, 536)
    bad = [f"c{number}" for number in (*range(15), *range(500, 516))]
    assert (
        str(effect(problems(*bad), tracked, INC))
        == "46.4 per cent, between 44.9 and 48.0 whatever the 31 bad rows are"
    )


def test_nothing_flagged_and_nothing_to_divide_are_said():
    assert str(effect(problems(), caseload(1, 1), INC)) == "50.0 per cent, with no bad row in it"
    nothing = effect(problems(), cases([{"received_date": RECEIVED}], "2025-02-01"), INC)
    assert str(nothing) == "no percentage, because there is nothing to divide"
    assert nothing.percent is nothing.lowest is nothing.highest is pd.NA
    assert str(effect(problems(), caseload(1, 0).iloc[:0], INC)) == str(nothing)


def test_bad_rows_alone_can_make_a_figure_where_there_was_none():
    tracked = cases([{"request_outcome": "Y", "received_date": None}], "2025-12-31")
    found = effect(problems("c0"), tracked, "plans_due_20wk")
    assert str(found) == (
        "no percentage, because there is nothing to divide, between 0.0 and 100.0 whatever the 1 bad row is"
    )


def test_flagged_rows_that_are_in_no_figure_are_counted_apart():
    rows = [issued(RECEIVED, 140), {"received_date": RECEIVED, "request_outcome": "A"}]
    found = effect(problems("c1"), cases(rows, "2025-03-01"), "request_decisions_6wk")
    assert found.outside == 1
    assert str(found) == "100.0 per cent, with no bad row in it; 1 bad row not in it"


def test_only_errors_count_unless_asked():
    tracked = caseload(1, 1)
    queries = problems("c0", severity="query")
    assert effect(queries, tracked, INC).flagged == 0
    assert effect(queries, tracked, INC, severities=("error", "query")).flagged == 1
    with pytest.raises(CommandError, match="severities"):
        effect(queries, tracked, INC, severities="error")
    with pytest.raises(CommandError, match="severities"):
        effect(queries, tracked, INC, severities=["grave"])


def test_problems_of_advice_of_closures_and_of_other_cases_flag_no_case():
    tracked = caseload(1, 1)
    assert effect(problems("c0", column="requested_date"), tracked, INC).flagged == 0
    assert effect(problems(None, column="week20"), tracked, INC).flagged == 0
    assert effect(problems("elsewhere"), tracked, INC).flagged == 0


def test_the_headline_is_that_of_timeliness():
    tracked = caseload(3, 4)
    row = timeliness(tracked, INC).iloc[0]
    found = effect(problems("c0"), tracked, INC)
    assert (found.percent, found.numerator, found.denominator) == tuple(
        row[["percent", "numerator", "denominator"]]
    )


def test_situation_7_a_bad_pair_voids_the_duration_and_widens_the_headline():
    """users.md situation 7: the case is kept, its duration is not computable, and the range is shown."""
    rows = [
        *[issued(RECEIVED, 100)] * 4,
        *[issued(RECEIVED, 150)] * 5,
        issued(RECEIVED, -1, request_outcome_date=None),
    ]
    tracked = cases(rows, "2025-12-31")
    found = check(table([{"case_id": f"c{n}"} | row for n, row in enumerate(rows)]), as_at=date(2025, 12, 31))
    assert set(found.loc[found["severity"] == "error", "case_id"]) == {"c9"}
    assert str(effect(found, tracked, INC)) == (
        "40.0 per cent, between 40.0 and 50.0 whatever the 1 bad row is"
    )


def test_situation_10_the_overwritten_final_is_used_neither_way():
    """users.md situation 10: only the amended plan of 14 January is held, and the plan began on 20 August."""
    rows = [
        {
            **issued("2025-04-02", 140),
            "assessment_outcome_date": "2026-01-14",
            "plan_start_date": "2025-08-20",
        },
        issued("2025-04-02", 140),
    ]
    frame = table([{"case_id": f"c{n}"} | row for n, row in enumerate(rows)])
    found = check(frame, as_at=date(2026, 3, 1))
    assert found["code"].tolist() == ["first_final_overwritten"]
    assert str(effect(found, cases(rows, "2026-03-01"), INC)) == (
        "50.0 per cent, between 50.0 and 100.0 whatever the 1 bad row is"
    )


def askings():
    asked = "2025-03-03"
    return [
        {
            "case_id": "c0",
            "advice_type": "health",
            "requested_date": asked,
            "returned_date": after(asked, days),
        }
        for days in (10, 50, -3)
    ]


def test_of_askings_the_one_with_the_problem_is_flagged_and_not_its_neighbours():
    tracked = advice(askings(), "2025-12-31")
    found = check(
        table([{"case_id": "c0", "received_date": RECEIVED}]),
        as_at=date(2025, 12, 31),
        advice=table(askings()),
    )
    assert effect(found, tracked, "advice_6wk").flagged == 1
    assert (
        effect(problems("c0", column="returned_date", value="(not shown)"), tracked, "advice_6wk").flagged
        == 3
    )


def test_a_blank_day_flags_the_askings_that_have_none():
    rows = [*askings(), {**askings()[0], "requested_date": None}]
    found = problems("c0", column="requested_date")
    assert effect(found, advice(rows, "2025-12-31"), "advice_6wk").flagged == 1


def test_a_problem_with_what_is_neither_a_day_nor_a_code_flags_every_asking_of_the_case():
    rows = [{**row, "provider": f"Clinic {number}"} for number, row in enumerate(askings())]
    rows.append({**rows[0], "case_id": "c1"})
    found = problems("c0", column="provider", value="Clinic 0")
    assert effect(found, advice(rows, "2025-12-31"), "advice_6wk").flagged == 3


def test_bodies_bound_by_regulation_8_are_never_added_to_others():
    both = [*askings(), {**askings()[0], "advice_type": "social_care"}]
    with pytest.raises(InputError, match="one rule"):
        effect(problems(), advice(both, "2025-12-31"), "advice_6wk")


def test_what_is_not_a_list_of_problems_is_refused():
    with pytest.raises(InputError, match="'code'"):
        effect(pd.DataFrame({"case_id": []}), caseload(1, 1), INC)
