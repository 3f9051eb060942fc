"""What the strategies for other projects promise: lawful breaks no limit, late breaks one, and both lean on the last day."""

from collections import Counter
from datetime import date

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

import ehcptime as ehc
from ehcptime.errors import CommandError
from ehcptime.testing import strategies as drawn
from ehcptime.tracking.limits import RULES
from frames import frame

AS_AT = st.sampled_from([date(2025, 9, 10), date(2024, 2, 29), date(2020, 7, 1), date(2016, 1, 4)])
LOOK = date(2025, 9, 10)


def breaches(case, as_at):
    return {deadline.rule for deadline in ehc.timeline(case, as_at=as_at) if deadline.breach}


@given(st.data(), AS_AT)
def test_a_lawful_case_breaks_no_limit(data, as_at):
    case = data.draw(drawn.lawful_cases(as_at))
    found = ehc.timeline(case, as_at=as_at)
    assert breaches(case, as_at) == set()
    assert not {d.status for d in found} & {"overdue", "met_late", "ended_late", "too_soon", "unknown"}


@given(st.data(), AS_AT)
def test_a_late_case_breaks_a_limit(data, as_at):
    assert breaches(data.draw(drawn.late_cases(as_at)), as_at)


@given(st.data(), AS_AT)
def test_an_exempt_case_is_late_and_no_breach(data, as_at):
    case = data.draw(drawn.exempt_cases(as_at))
    final = ehc.timeline(case, as_at=as_at)["plan_final"]
    assert final.status in {"overdue", "met_late"}
    assert final.exempt
    assert breaches(case, as_at) == set()


@given(st.data(), AS_AT)
def test_a_reversed_case_has_the_clock_of_its_route(data, as_at):
    case = data.draw(drawn.reversed_cases(as_at))
    found = ehc.timeline(case, as_at=as_at)
    clocks = {
        "mediation_agreement": "reg_42",
        "unopposed": "reg_45",
        "own_change": "original",
        "conceded": "original",
    }
    assert found.plan_final_clock == clocks.get(case.reversal_route, "reg_44")
    assert found["plan_final"].status != "not_applicable"


@settings(max_examples=settings().max_examples // 3)
@given(st.data(), AS_AT)
def test_an_impossible_row_is_named_by_the_check(data, as_at):
    found = ehc.check(frame([data.draw(drawn.impossible_rows(as_at))]), as_at=as_at)
    assert len(found)


@settings(max_examples=settings().max_examples // 3)
@given(st.data(), AS_AT)
def test_a_messy_row_is_tracked_and_checked_without_an_error(data, as_at):
    cases = frame([data.draw(drawn.messy_rows(as_at))])
    assert len(ehc.track(cases, as_at=as_at)) == 1
    ehc.check(cases, as_at=as_at)


@settings(max_examples=settings().max_examples // 3)
@given(st.data(), AS_AT)
def test_a_caseload_follows_the_contract(data, as_at):
    cases = data.draw(drawn.caseloads(as_at, max_size=5))
    assert 1 <= len(cases) <= 5
    assert cases["case_id"].is_unique
    assert cases["received_date"].dtype == "datetime64[s]"
    assert len(ehc.track(cases, as_at=as_at)) == len(cases)
    assert set(cases["received_date"] <= pd.Timestamp(as_at)) == {True}


@given(st.data(), AS_AT)
def test_an_asking_is_known_by_the_day_to_look(data, as_at):
    asked = data.draw(drawn.advice_requests(as_at))
    days = (asked.requested_date, asked.body_received_date, asked.returned_date)
    assert all(day is None or day <= as_at for day in days)
    case = ehc.Case(case_id=asked.case_id, received_date=None)
    rules = {d.rule for d in ehc.timeline(case, as_at=as_at, advice=[asked])} - set(RULES)
    assert rules == ({"advice_body"} if asked.advice_type == "health" else {"advice_other"})


def collected(strategy, rules):
    """Days over of some rules in many draws from a fixed seed."""
    found = Counter()

    @seed(20140901)
    @settings(
        max_examples=200,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(case):
        whole = ehc.timeline(case, as_at=LOOK)
        found.update((rule, whole[rule].days_over) for rule in rules)

    collect()
    return found


def test_lawful_cases_lean_on_the_last_day():
    rules = ("request_decision", "issue_decision", "plan_final")
    found = collected(drawn.lawful_cases(LOOK), rules)
    assert min(found[rule, 0] for rule in rules) >= 10


def test_late_cases_lean_on_the_day_after():
    assert collected(drawn.late_cases(LOOK), ["plan_final"])["plan_final", 1] >= 10


def test_reversed_cases_reach_both_sides_of_the_new_limit():
    found = collected(drawn.reversed_cases(LOOK), ["plan_final"])
    assert min(found["plan_final", over] for over in (-1, 0, 1)) >= 2


@given(st.data())
def test_a_day_before_the_regulations_is_refused(data):
    with pytest.raises(CommandError, match="before the Regulations"):
        data.draw(drawn.lawful_cases(date(2014, 8, 31)))
