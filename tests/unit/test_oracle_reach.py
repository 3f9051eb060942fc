"""The strategies reach every status, stage and clock, and the oracle keeps its own promises on the way."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from oracle.advice import track_ask
from oracle.cases import RULES, track_case
from oracle.strategies import advice_and_as_at, cases_and_as_at

MAXIMUM = {"not_applicable", "unknown", "met", "met_late", "ended_late", "overdue", "running"}
STATUSES = {
    "request_decision": MAXIMUM,
    "plan_refusal": {"not_applicable", "unknown", "met", "met_late"},
    "issue_decision": MAXIMUM,
    "plan_final": MAXIMUM,
    "draft_comment": {"not_applicable", "unknown", "too_soon", "met", "running"},
}
STAGES = {
    "not_received",
    "closed",
    "unknown",
    "finalising",
    "drafting",
    "assessing",
    "deciding",
}
CLOCKS = {"original", "reg_42", "reg_44", "reg_45", None}
LEAST = 5  # a status met fewer times than this in the sample is as good as never tested


def _sample(strategy, size):
    drawn = []

    @seed(20140901)
    @settings(
        max_examples=size,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example):
        drawn.append(example)

    collect()
    return drawn


@pytest.fixture(scope="module")
def tracked():
    return [(row, as_at, track_case(row, as_at=as_at)) for row, as_at in _sample(cases_and_as_at(), 3000)]


@pytest.fixture(scope="module")
def asked():
    sample = _sample(advice_and_as_at(), 1500)
    return [track_ask(ask, as_at=as_at, case=case) for ask, case, as_at in sample]


def _often(values):
    return {value for value, times in Counter(values).items() if times >= LEAST}


@pytest.mark.parametrize("rule", RULES)
def test_the_sample_holds_every_status_of_a_rule_and_no_other(tracked, rule):
    found = [out[f"{rule}_status"] for _, _, out in tracked]
    assert _often(found) == set(found) == STATUSES[rule]


def test_the_sample_holds_every_stage(tracked):
    assert _often(out["stage"] for _, _, out in tracked) == STAGES


def test_the_sample_holds_every_clock(tracked):
    assert _often(out["plan_final_clock"] for _, _, out in tracked) == CLOCKS


def test_the_sample_holds_two_authorities_that_differ(tracked):
    differing = [out for _, _, out in tracked if out["plan_final_due_other"] is not None]
    assert len(differing) >= LEAST
    assert all(out["plan_final_due"] <= out["plan_final_due_other"] for out in differing)


@pytest.mark.parametrize("rule", ["request_decision", "issue_decision", "plan_final"])
def test_every_maximum_period_is_met_on_its_last_day_and_missed_on_the_next(tracked, rule):
    found = [(out[f"{rule}_status"], out[f"{rule}_days_over"]) for _, _, out in tracked]
    edges = {("met", 0), ("met_late", 1), ("running", 0), ("overdue", 1)}
    assert edges <= set(found)


def test_the_comment_period_is_reached_on_both_sides_of_its_edge(tracked):
    found = {(out["draft_comment_status"], out["draft_comment_days_over"]) for _, _, out in tracked}
    assert {("too_soon", 1), ("met", 0), ("running", 0)} <= found


def test_days_over_are_empty_exactly_where_nothing_can_be_counted(tracked):
    for _, _, out in tracked:
        for rule in RULES:
            empty = out[f"{rule}_status"] in ("not_applicable", "unknown")
            assert (out[f"{rule}_days_over"] is None) == empty


def test_nothing_of_a_case_that_has_ended_runs_on(tracked):
    for row, _, out in tracked:
        duplicate = str(row["closed_reason"]).strip().lower() == "duplicate"
        if out["is_open"] or duplicate:
            continue
        for rule in RULES[:4]:
            assert out[f"{rule}_status"] not in ("running", "overdue")


def test_what_has_not_happened_by_as_at_changes_nothing_but_the_start(tracked):
    """A dated fact after `as_at` may be blanked without changing the answer."""
    plain = ("draft_sent_date", "issue_decision_date", "plan_issued_date")
    for row, as_at, out in tracked:
        later = {column: None for column in plain if row[column] is not None and row[column] > as_at}
        if later:
            assert track_case(row | later, as_at=as_at) == out


@pytest.mark.parametrize("rule", ["advice_body", "advice_other"])
def test_the_sample_of_askings_holds_every_status(asked, rule):
    found = [out["status"] for out in asked if out["rule"] == rule]
    assert _often(found) == set(found) == MAXIMUM


def test_the_sample_of_askings_holds_every_start_exemption_and_breach(asked):
    assert _often(out["start_basis"] for out in asked) == {"received", "sent", None}
    assert _often(out["rule"] for out in asked) == {"advice_body", "advice_other", None}
    assert _often((out["exempt"], out["breach"]) for out in asked) == {
        (False, False),
        (False, True),
        (True, False),
    }
    assert sum(out["asked_after_days"] is not None for out in asked) >= 100
