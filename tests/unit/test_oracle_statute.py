"""The oracle's limits against days worked on a wall calendar, typed in by hand."""

from collections import Counter
from datetime import date, timedelta

import pytest
from dateutil.easter import easter
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from oracle.bank_holidays import ENGLAND, ONE_OFF
from oracle.book import BOOK, FIXED, READINGS, SECOND
from oracle.limits import STATUSES
from oracle.months import last_day
from oracle.statute import due, status
from oracle.statute_draws import rules, statute_dates, statute_looks

D = date.fromisoformat

# Rule, first trigger, second trigger, last day.
WORKED = [
    ("assess_refusal_notice", "2024-01-18", None, "2024-02-29"),
    ("assess_refusal_notice", "2023-01-18", None, "2023-03-01"),
    ("request_decision", "2025-04-02", None, "2025-05-14"),  # JSC v Cambridgeshire
    ("plan_refusal", "2025-04-02", None, "2025-07-23"),
    ("plan_final", "2025-04-02", None, "2025-08-20"),
    ("plan_final", "2022-12-30", None, "2023-05-19"),  # W v Hertfordshire
    ("issue_decision", "2025-05-21", None, "2025-09-10"),  # Ombudsman 25 018 809
    ("plan_final", "2025-05-21", None, "2025-10-08"),
    ("assess_six_month_gate", "2025-01-15", None, "2025-07-14"),
    ("assess_six_month_gate", "2024-08-31", None, "2025-02-27"),
    ("advice_body", "2025-03-01", None, "2025-04-12"),  # over the change to summer time
    ("advice_other", "2025-11-20", None, "2026-01-01"),  # a bank holiday moves nothing
    ("draft_comment", "2025-08-05", None, "2025-08-19"),
    ("consult_reply", "2025-12-10", None, "2025-12-25"),
    ("move_inform", "2025-02-14", None, "2025-03-28"),
    ("move_review", "2025-01-15", "2025-09-01", "2026-01-14"),  # the plan's own year is later
    ("move_review", "2025-01-15", "2025-12-01", "2026-02-28"),  # the transfer's three months are
    ("move_review", "2023-01-15", "2023-12-01", "2024-02-29"),
    ("move_cb_request", "2025-04-10", None, "2025-05-06"),
    ("cb_change_notify", "2022-09-05", None, "2022-09-27"),  # the state funeral
    ("cb_change_request", "2023-05-02", None, "2023-05-24"),  # the Coronation
    ("phase_post16", "2026-09-01", None, "2026-03-30"),
    ("phase_other", "2026-09-01", None, "2026-02-14"),
    ("phase_post16_switch", "2026-01-31", None, "2025-08-31"),
    ("phase_post16_switch", "2026-07-31", None, "2026-02-28"),
    ("phase_post16_switch", "2024-07-31", None, "2024-02-29"),
    ("review_annual", "2024-09-10", None, "2025-09-09"),  # the day before the anniversary
    ("review_annual", "2023-03-01", None, "2024-02-29"),
    ("review_annual", "2024-02-29", None, "2025-02-27"),
    ("review_annual", "2023-02-28", None, "2024-02-27"),
    ("review_meeting_notice", "2025-06-20", None, "2025-06-06"),
    ("review_circulate", "2024-03-14", None, "2024-02-29"),
    ("review_report", "2025-12-18", None, "2026-01-01"),
    ("review_decision", "2025-03-03", None, "2025-03-31"),
    ("review_decision_no_meeting", "2025-01-01", None, "2025-12-31"),
    ("review_amend_notice", "2024-02-01", None, "2024-02-29"),
    ("amend_comment_window", "2025-04-07", None, "2025-04-21"),  # Easter Monday
    ("amend_final", "2025-03-31", None, "2025-05-26"),
    ("amend_no_change_notice", "2024-01-04", None, "2024-02-29"),
    ("review_overall", "2025-03-03", None, "2025-05-26"),  # 4 weeks, then the 8 above
    ("amend_no_review_comment_window", "2024-02-16", None, "2024-03-01"),
    ("amend_no_review_final", "2025-08-05", None, "2025-09-30"),
    ("reassess_decision", "2025-08-10", None, "2025-08-25"),
    ("reassess_bar", "2025-01-15", None, "2025-07-14"),
    ("reassess_final", "2025-01-14", None, "2025-04-22"),
    ("mediation_contact", "2025-10-01", None, "2025-12-01"),
    ("mediation_contact", "2025-09-30", None, "2025-11-30"),
    ("mediation_contact", "2023-12-31", None, "2024-02-29"),
    ("mediation_contact", "2025-12-31", None, "2026-02-28"),
    ("mediation_cert_declined", "2025-04-16", None, "2025-04-23"),  # Easter
    ("mediation_tell_cb", "2022-05-31", None, "2022-06-07"),  # the Jubilee
    ("mediation_arrange", "2025-12-02", None, "2026-01-01"),
    ("mediation_date_notice", "2022-09-23", None, "2022-09-15"),
    ("mediation_cert_after", "2023-05-04", None, "2023-05-10"),
    ("mediation_cert_failed", "2025-12-23", None, "2025-12-30"),
    ("mediation_cb_tells_la", "2025-12-25", None, "2026-01-01"),
    ("mediation_other", "2024-02-15", None, "2024-02-29"),
    ("notify_after_reversal", "2025-01-14", None, "2025-01-28"),
    ("no_plan_after_reversal", "2025-01-14", None, "2025-03-25"),  # Ombudsman 25 012 582
    ("plan_after_reversal", "2025-01-14", None, "2025-04-22"),
    ("order_make_draft", "2025-03-15", None, "2025-04-19"),
    ("order_make_final", "2025-03-15", None, "2025-05-31"),
    ("order_reconsider", "2025-03-24", None, "2025-04-07"),
    ("order_amend", "2024-01-25", None, "2024-02-29"),
    ("order_placement", "2025-10-19", None, "2025-11-02"),  # over the change to winter time
    ("order_continue", "2025-12-25", None, "2025-12-25"),
    ("order_continue_amend", "2025-10-01", None, "2025-11-05"),
    ("order_cease", "2025-08-31", None, "2025-08-31"),
    ("unopposed_assess_notify", "2015-03-23", None, "2015-04-06"),
    ("unopposed_assess_no_plan", "2025-02-21", None, "2025-05-02"),
    ("unopposed_assess_final", "2025-02-21", None, "2025-05-30"),
    ("unopposed_make_draft", "2025-06-30", None, "2025-08-04"),
    ("unopposed_make_final", "2025-06-30", None, "2025-09-15"),
    ("unopposed_amend", "2025-11-27", None, "2026-01-01"),
    ("unopposed_placement", "2025-12-18", None, "2026-01-01"),
    ("practice_no_plan", "2025-02-21", None, "2025-05-02"),  # Ombudsman 25 007 473
    ("practice_final", "2025-02-21", None, "2025-05-30"),
    ("recommendation_reply", "2018-04-03", None, "2018-05-08"),
    ("detained_refusal_notice", "2015-04-01", None, "2015-05-13"),
    ("detained_final", "2015-04-01", None, "2015-08-19"),
    ("appeal_response", "2025-10-06", None, "2025-11-17"),
    ("appeal_response", "2025-07-14", None, "2025-09-23"),  # August is not counted
    ("appeal_response", "2025-12-01", None, "2026-01-20"),  # nor 25 December to 1 January
]
MOVES = [
    # The move is on the Tuesday after Easter; 28 March is the fifteenth working day before it.
    ("2025-04-22", None, "2025-04-22"),
    ("2025-04-22", "2025-02-01", "2025-04-22"),
    ("2025-04-22", "2025-03-28", "2025-04-22"),
    ("2025-04-22", "2025-03-29", "2025-04-22"),
    ("2025-04-22", "2025-03-31", "2025-04-22"),
    ("2025-04-22", "2025-04-01", "2025-04-23"),
    ("2025-04-01", "2025-04-10", "2025-05-02"),  # Good Friday and Easter Monday between
    ("2022-05-27", "2022-05-27", "2022-06-20"),  # the two days of the Jubilee
    ("2022-09-05", "2022-09-05", "2022-09-26"),  # the state funeral
    ("2023-05-02", "2023-05-02", "2023-05-23"),  # the Coronation
    ("2025-12-22", "2025-12-22", "2026-01-14"),
    ("2025-03-01", "2025-03-01", "2025-03-21"),  # aware on a Saturday: Monday is the first
]
APPEALS = [
    ("2025-10-01", None, "2025-12-01"),
    ("2025-10-01", "2025-11-29", "2026-01-02"),  # 29 December is in the recess; 2 January is a Friday
    ("2025-10-01", "2025-10-20", "2025-12-01"),  # the certificate's month ends first
    ("2025-06-15", None, "2025-09-01"),
    ("2024-06-30", None, "2024-09-02"),  # 1 September 2024 is a Sunday
    ("2022-10-25", None, "2023-01-03"),  # 2 January 2023 stands in for the Sunday before
    ("2023-12-31", None, "2024-02-29"),
    ("2025-02-18", None, "2025-04-22"),  # Good Friday
    ("2025-01-08", "2025-02-16", "2025-03-17"),  # a Sunday
    # Saturday 31 July is not in August, nor Saturday 24 December in the recess: only rule 12(2) rolls them.
    ("2021-05-31", None, "2021-08-02"),
    ("2022-10-24", None, "2022-12-28"),
]
PAIRED = [
    *((rule, *move) for rule in ("move_transfer", "move_cb_notify") for move in MOVES),
    *(("appeal_lodge", *appeal) for appeal in APPEALS),
]


def _dates(start=None, later=None, done=None):
    given = {"start": start, "later": later, "done": done}
    return {key: None if day is None else D(day) for key, day in given.items()}


def _due(rule, start, later=None, reading=None):
    return due(rule, _dates(start, later), reading=reading, holidays=ENGLAND)


def _status(rule, start, as_at, *, later=None, done=None, ended=None, reading=None):
    dates = _dates(start, later, done)
    end = None if ended is None else D(ended)
    return status(rule, dates, as_at=D(as_at), holidays=ENGLAND, ended=end, reading=reading)


@pytest.mark.parametrize(("rule", "start", "later", "expected"), WORKED + PAIRED)
def test_the_last_day_is_the_one_on_the_calendar(rule, start, later, expected):
    assert _due(rule, start, later) == D(expected)


def test_every_rule_has_an_answer_worked_by_hand():
    assert {rule for rule, *_ in WORKED + PAIRED} == set(BOOK)
    assert set(SECOND) | set(FIXED) | set(READINGS) <= set(BOOK)


def test_dodds_had_until_30_january():
    assert last_day(D("1978-09-30"), months=4, count="after") == D("1979-01-30")


@pytest.mark.parametrize(
    ("rule", "start", "reading", "expected"),
    [
        ("phase_post16", "2026-09-01", "loose", "2026-03-31"),
        ("phase_other", "2026-09-01", "loose", "2026-02-15"),
        ("phase_other", "2026-09-01", "strict", "2026-02-14"),
        ("review_meeting_notice", "2025-06-20", "strict", "2025-06-05"),
        ("review_meeting_notice", "2025-06-20", "loose", "2025-06-06"),
        ("review_circulate", "2024-03-14", "strict", "2024-02-28"),
        ("plan_final", "2025-05-21", "strict", "2025-10-08"),
    ],
)
def test_a_rule_that_can_be_read_two_ways_is(rule, start, reading, expected):
    assert _due(rule, start, reading=reading) == D(expected)


def test_a_reading_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="lax"):
        _due("phase_other", "2026-09-01", reading="lax")


FIRST_DAYS = {
    "2015-03-23": {rule for rule in BOOK if rule.startswith("unopposed_")},
    "2015-04-01": {"detained_refusal_notice", "detained_final"},
    "2018-04-03": {"recommendation_reply"},
}


@pytest.mark.parametrize("rule", sorted(BOOK))
def test_no_limit_is_older_than_its_law(rule):
    first = D(next((day for day, theirs in FIRST_DAYS.items() if rule in theirs), "2014-09-01"))
    before = first - timedelta(days=1)
    assert due(rule, {"start": first, "later": first}, holidays=ENGLAND) is not None
    assert due(rule, {"start": before, "later": first}, holidays=ENGLAND) is None
    seen = status(rule, {"start": before, "later": first}, as_at=D("2025-01-01"), holidays=ENGLAND)
    assert seen == ("unknown", None)


@pytest.mark.parametrize("rule", sorted(BOOK))
def test_without_a_trigger_nothing_is_due(rule):
    assert _due(rule, None) is None
    assert _status(rule, None, "2025-06-01") == ("not_applicable", None)
    assert _status(rule, None, "2025-06-01", done="2025-05-01") == ("unknown", None)
    assert _status(rule, None, "2025-06-01", done="2025-06-02") == ("not_applicable", None)


@pytest.mark.parametrize(
    ("as_at", "done", "ended", "expected"),
    [
        ("2025-10-07", None, None, ("running", -1)),
        ("2025-10-08", None, None, ("running", 0)),
        ("2025-10-09", None, None, ("overdue", 1)),
        ("2025-10-09", "2025-10-08", None, ("met", 0)),
        ("2025-10-09", "2025-10-09", None, ("met_late", 1)),
        ("2025-10-09", "2025-10-10", None, ("overdue", 1)),  # not yet done
        ("2025-11-01", "2025-05-20", None, ("unknown", None)),  # done before it began
        ("2025-11-01", None, "2025-10-08", ("not_applicable", None)),
        ("2025-11-01", None, "2025-10-10", ("ended_late", 2)),
        ("2025-10-09", None, "2025-10-10", ("overdue", 1)),  # not yet ended
        ("2025-11-01", "2025-10-09", "2025-10-10", ("met_late", 1)),
        ("2025-05-20", None, None, ("not_applicable", None)),  # not yet begun
        ("2025-05-21", None, None, ("running", -140)),
    ],
)
def test_twenty_weeks_from_21_may_2025(as_at, done, ended, expected):
    assert _status("plan_final", "2025-05-21", as_at, done=done, ended=ended) == expected


@pytest.mark.parametrize(
    ("as_at", "done", "expected"),
    [
        ("2025-08-19", None, ("running", 0)),
        ("2025-08-20", None, ("met", 0)),
        ("2025-09-01", "2025-08-19", ("too_soon", 1)),
        ("2025-09-01", "2025-08-20", ("met", 0)),
        ("2025-09-01", "2025-08-22", ("met", -2)),
        ("2025-09-01", "2025-08-04", ("unknown", None)),
        ("2025-08-04", None, ("not_applicable", None)),
    ],
)
@pytest.mark.parametrize("rule", ["draft_comment", "amend_comment_window", "amend_no_review_comment_window"])
def test_fifteen_days_to_comment_from_5_august_2025(rule, as_at, done, expected):
    assert _status(rule, "2025-08-05", as_at, done=done) == expected


@pytest.mark.parametrize("rule", ["assess_six_month_gate", "reassess_bar"])
def test_six_months_after_an_assessment_the_bar_lifts_on_the_corresponding_day(rule):
    assert _status(rule, "2025-01-15", "2025-08-01", done="2025-07-14") == ("too_soon", 1)
    assert _status(rule, "2025-01-15", "2025-08-01", done="2025-07-15") == ("met", 0)


@pytest.mark.parametrize(
    ("as_at", "done", "reading", "expected"),
    [
        ("2025-06-06", None, None, ("running", 0)),  # the meeting is still to come
        ("2025-06-07", None, None, ("overdue", 1)),
        ("2025-06-30", None, None, ("overdue", 24)),
        ("2025-06-06", None, "strict", ("overdue", 1)),
        ("2025-06-30", "2025-06-06", None, ("met", 0)),
        ("2025-06-30", "2025-06-06", "strict", ("met_late", 1)),
        ("2025-06-30", "2025-06-07", None, ("met_late", 1)),
        ("2025-06-30", "2025-06-21", None, ("met_late", 15)),
        ("2025-05-01", "2025-05-01", None, ("met", -36)),
    ],
)
def test_two_weeks_notice_of_a_meeting_on_20_june_2025(as_at, done, reading, expected):
    assert _status("review_meeting_notice", "2025-06-20", as_at, done=done, reading=reading) == expected


def test_a_phase_transfer_is_judged_before_the_transfer():
    assert _status("phase_other", "2026-09-01", "2026-02-14") == ("running", 0)
    assert _status("phase_other", "2026-09-01", "2026-02-15") == ("overdue", 1)
    assert _status("phase_other", "2026-09-01", "2026-02-15", reading="loose") == ("running", 0)
    assert _status("phase_other", "2026-09-01", "2026-03-01", done="2026-02-15") == ("met_late", 1)
    assert _status("phase_other", "2026-09-01", "2026-03-01", ended="2026-02-14") == ("not_applicable", None)


def test_what_is_to_be_done_at_once_is_late_the_next_day():
    assert _status("order_cease", "2025-08-30", "2025-08-30") == ("running", 0)
    assert _status("order_cease", "2025-08-30", "2025-08-31") == ("overdue", 1)
    assert _status("order_continue", "2025-08-30", "2025-09-30", done="2025-08-30") == ("met", 0)


def test_a_second_trigger_still_to_come_is_not_seen():
    assert _status("appeal_lodge", "2025-10-01", "2025-11-28", later="2025-11-29") == ("running", -3)
    assert _status("appeal_lodge", "2025-10-01", "2025-11-29", later="2025-11-29") == ("running", -34)
    assert _status("move_transfer", "2025-04-01", "2025-04-09", later="2025-04-10") == ("overdue", 8)
    assert _status("move_transfer", "2025-04-01", "2025-04-10", later="2025-04-10") == ("running", -22)


def test_an_appeal_before_its_certificate_is_in_time():
    seen = _status("appeal_lodge", "2025-10-01", "2026-01-31", later="2025-11-29", done="2025-11-01")
    assert seen == ("met", -62)


def test_the_first_trigger_is_known_to_have_happened_where_the_second_shows_it():
    assert _status("appeal_lodge", None, "2026-01-31", later="2025-11-29") == ("unknown", None)
    assert _status("move_review", None, "2026-01-31", later="2025-09-01") == ("unknown", None)
    assert _status("move_transfer", None, "2026-01-31", later="2025-09-01") == ("not_applicable", None)


def test_without_a_transfer_there_is_no_first_review_by_the_new_authority():
    assert _due("move_review", "2025-01-15") is None
    assert _status("move_review", "2025-01-15", "2026-06-01") == ("not_applicable", None)
    assert _status("move_review", "2025-01-15", "2025-08-31", later="2025-09-01") == ("not_applicable", None)
    assert _status("move_review", "2025-01-15", "2026-06-01", done="2026-01-01") == ("unknown", None)


# What the oracle promises of itself, whatever is drawn.


@given(st.data())
def test_the_day_of_the_move_or_fifteen_working_days_is_whichever_is_later(data):
    dates = data.draw(statute_dates("move_transfer"))
    move, aware = dates["start"], dates["later"]
    if move is None or aware is None or move < D("2014-09-01"):
        return
    period = last_day(aware, count="beginning_with", working_days=15, holidays=ENGLAND)
    assert due("move_transfer", dates, holidays=ENGLAND) == max(move, period)


@given(rules().flatmap(lambda rule: st.tuples(st.just(rule), statute_looks(rule))))
def test_a_status_is_one_of_eight_and_tells_days_where_it_can(drawn):
    rule, look = drawn
    found, over = status(rule, look.dates, as_at=look.as_at, holidays=ENGLAND, ended=look.ended)
    assert found in STATUSES
    assert (over is None) == (found in ("not_applicable", "unknown"))
    assert found != "too_soon" or BOOK[rule].is_minimum


MOST = {"met", "met_late", "ended_late", "overdue", "running", "not_applicable", "unknown"}
LEAST = {"too_soon", "met", "running", "not_applicable", "unknown"}


@pytest.mark.parametrize(
    "rule",
    [
        *("plan_final", "draft_comment", "assess_six_month_gate", "review_annual", "phase_other"),
        *("review_meeting_notice", "mediation_date_notice", "appeal_lodge", "appeal_response"),
        *("move_transfer", "move_review", "order_cease"),
    ],
)
def test_the_draws_reach_every_status_and_both_sides_of_the_last_day(rule):
    found = Counter()

    @seed(20140901)
    @settings(
        max_examples=900,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(statute_looks(rule))
    def collect(look):
        got = status(rule, look.dates, as_at=look.as_at, holidays=ENGLAND, ended=look.ended)
        found[got[0]] += 1
        found[got[1]] += 1

    collect()
    assert {name for name in found if isinstance(name, str)} == (LEAST if BOOK[rule].is_minimum else MOST)
    assert found[0] >= 3
    assert found[1] >= 3


# The typed holidays.


def test_the_bank_holidays_have_easter_right_and_no_weekend():
    assert [day for day in ENGLAND if day.weekday() > 4] == []
    for year in range(2014, 2028):
        assert easter(year) - timedelta(days=2) in ENGLAND
        assert easter(year) + timedelta(days=1) in ENGLAND


def test_a_year_has_eight_bank_holidays_and_those_given_once():
    count = Counter(day.year for day in ENGLAND)
    given_once = {2022: 10, 2023: 9}  # 8 May 2020 only moved
    assert count == {year: given_once.get(year, 8) for year in range(2014, 2028)}
    assert ENGLAND.issuperset(ONE_OFF)
    assert D("2020-05-04") not in ENGLAND
    assert D("2022-05-30") not in ENGLAND
