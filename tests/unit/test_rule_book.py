"""The whole statute book against the table of limits and against the calendar, both typed by hand."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from ehcptime.law.book import LAW
from ehcptime.records.columns import COLUMNS

D = date.fromisoformat
FOUR = {"SCHOOL_CLOSED", "EY_CLOSED", "EXC_PERSONAL", "ABSENT_4W"}
AFTER_ORDER = {"EXC_PERSONAL", "ABSENT_2W", "AS_13_3"}

# One entry per row of the table: its id, then number, unit and counting (X the day of the event is left out, I taken in,
# F before a fixed day, M a gap before the event, Z at once), `least` for a minimum; no number, no rule: a note.
TABLE = """
assess.refusal_notice            6 weeks X
assess.decision_notice           6 weeks X
assess.six_month_gate            6 months I least
advice.body                      6 weeks X
advice.other                     6 weeks X
plan.refusal_notice              16 weeks X
draft.comment_window             15 days I least
draft.send                       note
plan.final                       20 weeks X
consult.reply                    15 days X
move.transfer                    0 days Z
move.inform                      6 weeks X
move.review                      3 months I
move.cb_notify                   0 days Z
move.cb_request                  15 working_days X
cb_change.notify                 15 working_days X
cb_change.request                15 working_days X
phase.post16                     1 days F
phase.other                      1 days F
phase.post16_switch              5 months M least
review.annual                    12 months I
review.meeting_notice            2 weeks M least
review.circulate                 2 weeks M least
review.report                    2 weeks X
review.decision                  4 weeks X
review.decision_no_meeting       12 months I
review.amend_notice              4 weeks X
amend.comment_window             15 days I least
amend.final                      8 weeks X
amend.no_change_notice           8 weeks X
review.overall                   12 weeks X
amend.no_review.comment_window   15 days I least
amend.no_review.final            8 weeks X
reassess.decision                15 days X
reassess.bar                     6 months I least
reassess.final                   14 weeks X
cease.consult                    note
cease.effect                     note
mediation.contact                2 months X
mediation.cert_declined          3 working_days X
mediation.tell_cb                3 working_days X
mediation.arrange                30 days X
mediation.date_notice            5 working_days M least
mediation.cert_after             3 working_days X
mediation.cert_failed            3 working_days X
mediation.cb_tells_la            1 weeks X
mediation.other                  2 weeks X
mediation.appealable             note
order.assess.notify              2 weeks X
order.assess.no_plan             10 weeks X
order.assess.final               14 weeks X
order.make.draft                 5 weeks X
order.make.final                 11 weeks X
order.reconsider                 2 weeks X
order.amend                      5 weeks X
order.placement                  2 weeks X
order.continue                   0 days Z
order.continue_amend             5 weeks X
order.cease                      0 days Z
unopposed.*                      several
recommendation.reply             5 weeks X
detained.refusal_notice          6 weeks X
detained.final                   20 weeks X
appeal.lodge                     2 months X
appeal.response                  30 working_days X
"""
# Beside the table: the row that stands for several, and the rules that the vectors and the routes name.
BESIDE = """
unopposed_assess_notify          2 weeks X
unopposed_assess_no_plan         10 weeks X
unopposed_assess_final           14 weeks X
unopposed_make_draft             5 weeks X
unopposed_make_final             11 weeks X
unopposed_amend                  5 weeks X
unopposed_placement              2 weeks X
unopposed_continue               0 days Z
unopposed_continue_amend         5 weeks X
mediation_arrange_health         30 days X
issue_decision                   16 weeks X
notify_after_reversal            2 weeks X
no_plan_after_reversal           10 weeks X
plan_after_reversal              14 weeks X
practice_no_plan                 10 weeks X
practice_final                   14 weeks X
"""
CORE = {
    "assess.decision_notice": "request_decision",
    "plan.refusal_notice": "plan_refusal",
    "draft.comment_window": "draft_comment",
}
COUNTS = {"X": "after", "I": "beginning_with", "F": "before", "M": "before", "Z": "immediately"}
ROWS = [line.split() for line in TABLE.strip().splitlines()]
NOTES = [row[0].replace(".", "_") for row in ROWS if row[1] == "note"]
LIMITS = [row for row in ROWS if row[1].isdigit()] + [line.split() for line in BESIDE.strip().splitlines()]
VERSIONS = [(rule, version) for rule in LAW.values() for version in rule.versions]


def _id(row):
    return CORE.get(row[0], row[0].replace(".", "_"))


def test_the_table_has_its_65_rows():
    assert len(ROWS) == 65
    assert Counter(row[1] for row in ROWS if not row[1].isdigit()) == {"note": 4, "several": 1}


def test_the_book_holds_these_rules_and_no_others():
    assert sorted(LAW) == sorted(_id(row) for row in LIMITS)


@pytest.mark.parametrize("row", LIMITS, ids=_id)
def test_a_limit_is_as_long_as_the_law_says_in_every_version_now_in_force(row):
    version = LAW[_id(row)].versions[-1]
    number, unit, count = row[1:4]
    bound = "at_least" if row[4:] == ["least"] else "at_most"
    found = (str(version.length.number), version.length.unit, version.count, version.bound)
    assert found == (number, unit, COUNTS[count], bound)
    assert (version.fixed is not None) is (count == "F")
    assert version.last is None


# The second period of the limits that end with the later of two.
LATER = {
    "move_transfer": ("move_known_date", 15, "working_days", "beginning_with"),
    "move_cb_notify": ("old_commissioner_known_date", 15, "working_days", "beginning_with"),
    "move_review": ("plan_made_or_reviewed_date", 12, "months", "beginning_with"),
    "appeal_lodge": ("mediation_certificate_date", 1, "months", "after"),
}


def test_a_limit_that_ends_with_the_later_of_two_holds_both():
    found = {
        rule.id: (second.start, second.length.number, second.length.unit, second.count)
        for rule, version in VERSIONS
        if (second := version.later_of)
    }
    assert found == LATER


def test_what_has_no_length_is_a_note_and_no_rule():
    notes = {note.id: note for note in LAW.notes}
    assert set(NOTES) <= set(notes)
    assert not set(notes) & set(LAW)
    assert len(notes) == len(LAW.notes)


@pytest.mark.parametrize(("rule", "version"), VERSIONS, ids=[f"{r.id}-{v.first}" for r, v in VERSIONS])
def test_a_version_shows_its_source(rule, version):
    assert version.cite, rule.id
    assert version.url.startswith("https://")
    assert version.mark in {"seen", "secondary", "memory"}
    assert version.checked_on >= date(2026, 11, 23)
    if "legislation.gov.uk" in version.url:
        assert version.url.endswith(version.first.isoformat())  # the text as it stood when the version began


def test_every_date_of_a_rule_has_a_meaning_and_every_meaning_a_rule():
    columns = set(COLUMNS["cases"]) | set(COLUMNS["advice"])
    used = {name for rule in LAW.values() for name in (rule.start, rule.done)}
    used |= {version.later_of.start for _, version in VERSIONS if version.later_of}
    used |= {name for rule in LAW.values() for name in (*rule.only_with, *rule.ended_by)}
    assert all(name.endswith("_date") for name in used)
    assert used - columns == set(LAW.dates)
    assert not set(LAW.dates) & columns
    assert all(LAW.dates.values())


# Limits that each exemption reaches (the coronavirus apart).
EXEMPT = {
    **dict.fromkeys(["request_decision", "plan_refusal", "plan_final", "reassess_final"], FOUR),
    "advice_body": {"EXC_CIRC_BODY", "ABSENT_4W_BODY", "MISSED_APPT"},
    "detained_final": {"SCHOOL_CLOSED", "EY_CLOSED", "EXC_PERSONAL"},
    **dict.fromkeys(["notify_after_reversal", "no_plan_after_reversal", "plan_after_reversal"], AFTER_ORDER),
    **{
        _id(row): AFTER_ORDER for row in LIMITS if row[0].startswith(("order", "unopposed")) and row[3] == "X"
    },
}


@pytest.mark.parametrize("rule", LAW)
def test_an_exemption_reaches_only_its_own_limits(rule):
    for version in LAW[rule].versions:
        assert set(version.exempt_by) - {"COVID"} == EXEMPT.get(rule, set())


NO_COVID = [
    "assess_six_month_gate", "advice_other", "issue_decision", "draft_comment", "consult_reply",
    "phase_post16", "phase_other", "phase_post16_switch",
    "review_meeting_notice", "review_circulate", "review_decision_no_meeting", "review_amend_notice", "amend_comment_window", "amend_final",
    "amend_no_change_notice", "review_overall", "amend_no_review_comment_window", "amend_no_review_final",
    "reassess_bar", "mediation_date_notice", "order_continue", "order_cease", "unopposed_continue",
    "detained_refusal_notice", "detained_final", "appeal_lodge", "appeal_response", "practice_no_plan", "practice_final",
]  # fmt: skip


@pytest.mark.parametrize("rule", LAW)
def test_coronavirus_is_in_the_text_from_1_may_to_25_september_2020_only(rule):
    days = ["2020-04-30", "2020-05-01", "2020-09-25", "2020-09-26"]
    found = ["COVID" in LAW[rule].version(D(day)).exempt_by for day in days]
    assert found == [False, rule not in NO_COVID, rule not in NO_COVID, False]


FIRST_DAYS = {
    "detained_refusal_notice": "2015-04-01",
    "detained_final": "2015-04-01",
    "recommendation_reply": "2018-04-03",
    # What these said as made was not seen; the other two of the chapter had 4 weeks.
    **dict.fromkeys(
        [
            "unopposed_assess_no_plan",
            "unopposed_assess_final",
            "unopposed_make_draft",
            "unopposed_make_final",
            "unopposed_placement",
            "unopposed_continue",
            "unopposed_continue_amend",
        ],
        "2015-03-23",
    ),
}


@pytest.mark.parametrize("rule", LAW)
def test_no_rule_is_older_than_its_law_and_none_has_a_gap(rule):
    versions = LAW[rule].versions
    assert versions[0].first == D(FIRST_DAYS.get(rule, "2014-09-01"))
    for earlier, later in pairwise(versions):
        assert (later.first - earlier.last).days == 1


@pytest.mark.parametrize(("rule", "weeks"), [("unopposed_assess_notify", 2), ("unopposed_amend", 5)])
def test_regulation_45_had_four_weeks_until_23_march_2015(rule, weeks):
    assert LAW[rule].version(D("2015-03-22")).length.weeks == 4
    assert LAW[rule].version(D("2015-03-23")).length.weeks == weeks
    assert LAW[rule].due(D("2015-03-22")) == D("2015-04-19")
    assert {version.length.weeks for version in LAW[rule].versions[1:]} == {weeks}


# What a refusal that did not stand brings into force; track judges these by the facts of the case, and prints these columns.
AFTER_REVERSAL = {
    "notify_after_reversal": ("reversal_date", "assess_notice_date"),
    "no_plan_after_reversal": ("reversal_date", "assessment_outcome_date"),
    "plan_after_reversal": ("reversal_date", "plan_issued_date"),
    "practice_no_plan": ("reversal_date", "issue_decision_date"),
    "practice_final": ("reversal_date", "plan_issued_date"),
}


@pytest.mark.parametrize("rule", AFTER_REVERSAL)
def test_what_follows_a_reversal_runs_from_it(rule):
    assert (LAW[rule].start, LAW[rule].done) == AFTER_REVERSAL[rule]


def test_guidance_is_told_from_law():
    guidance = {rule.id for rule in LAW.values() if rule.kind == "guidance"}
    assert guidance == {
        "advice_other",
        "issue_decision",
        "consult_reply",
        "practice_no_plan",
        "practice_final",
    }


def test_what_is_from_memory_is_marked():
    now = {rule.id for rule in LAW.values() if rule.versions[-1].mark == "memory"}
    assert now == {"amend_no_review_final", "order_reconsider", "order_continue_amend"}


# Worked by hand on a wall calendar: rule, start, second start, reading, last day.
WORKED = [
    # Two months after the notice; the certificate's month where it ends later; rule 12(2) and (3)(a).
    ("appeal_lodge", "2025-10-01", None, None, "2025-12-01"),
    ("appeal_lodge", "2025-10-01", "2025-10-20", None, "2025-12-01"),
    ("appeal_lodge", "2025-10-01", "2025-11-29", None, "2026-01-02"),  # 29 December; 2 January is a Friday
    ("appeal_lodge", "2025-06-10", None, None, "2025-09-01"),  # 10 August; 1 September is a Monday
    ("appeal_lodge", "2024-06-30", None, None, "2024-09-02"),  # 30 August; 1 September is a Sunday
    ("appeal_lodge", "2025-05-31", None, None, "2025-07-31"),
    ("appeal_lodge", "2024-12-31", None, None, "2025-02-28"),  # February has no 31st
    ("appeal_lodge", "2025-02-18", None, None, "2025-04-22"),  # 18 April is Good Friday
    # Thirty working days, of which none in August or from 25 December to 1 January.
    ("appeal_response", "2025-10-06", None, None, "2025-11-17"),
    ("appeal_response", "2025-12-01", None, None, "2026-01-20"),  # 17 to 24 December, 13 from 2 January
    ("appeal_response", "2025-07-14", None, None, "2025-09-23"),  # 13 to 31 July, 17 from 1 September
    # The day of the move, unless it was not known 15 working days ahead.
    ("move_transfer", "2025-06-30", None, None, "2025-06-30"),
    ("move_transfer", "2025-06-30", "2025-06-02", None, "2025-06-30"),  # 20 working days ahead
    ("move_transfer", "2025-06-30", "2025-06-09", None, "2025-06-30"),  # exactly 15
    (
        "move_transfer",
        "2025-06-30",
        "2025-06-11",
        None,
        "2025-07-01",
    ),  # 11 June is the first, 1 July the fifteenth
    ("move_transfer", "2025-06-30", "2025-06-30", None, "2025-07-18"),  # known on the day
    ("move_transfer", "2025-06-28", "2025-06-28", None, "2025-07-18"),  # on a Saturday: Monday is the first
    ("move_cb_notify", "2025-06-30", "2025-06-30", None, "2025-07-18"),
    ("move_cb_request", "2025-06-30", None, None, "2025-07-21"),  # the day itself is left out
    # Three months from the transfer or twelve from the last review, the first day counted; then twelve alone.
    ("move_review", "2025-09-01", "2025-01-15", None, "2026-01-14"),
    ("move_review", "2025-12-01", "2025-01-15", None, "2026-02-28"),
    ("review_annual", "2024-09-10", None, None, "2025-09-09"),
    ("review_annual", "2023-03-01", None, None, "2024-02-29"),
    ("review_annual", "2023-02-28", None, None, "2024-02-27"),
    # Before a day of the year of the transfer.
    ("phase_other", "2026-09-01", None, None, "2026-02-14"),
    ("phase_other", "2026-09-01", None, "strict", "2026-02-14"),
    ("phase_other", "2026-09-01", None, "loose", "2026-02-15"),
    ("phase_post16", "2026-09-01", None, None, "2026-03-30"),
    ("phase_post16", "2026-09-01", None, "strict", "2026-03-30"),
    ("phase_post16", "2026-09-01", None, "loose", "2026-03-31"),
    ("phase_post16_switch", "2026-01-05", None, None, "2025-08-05"),
    ("phase_post16_switch", "2026-07-31", None, None, "2026-02-28"),
    # Gaps before a meeting.
    ("review_meeting_notice", "2025-06-20", None, None, "2025-06-06"),
    ("review_meeting_notice", "2025-06-20", None, "strict", "2025-06-05"),
    ("review_circulate", "2024-03-14", None, None, "2024-02-29"),
    ("review_circulate", "2024-03-14", None, "strict", "2024-02-28"),
    (
        "mediation_date_notice",
        "2025-04-24",
        None,
        None,
        "2025-04-15",
    ),  # Good Friday and Easter Monday between
    # At once.
    ("order_cease", "2025-04-18", None, None, "2025-04-18"),
    ("order_continue", "2025-12-25", None, None, "2025-12-25"),
    # Six months with the day of the assessment: a request on the corresponding day is in order.
    ("assess_six_month_gate", "2025-01-15", None, None, "2025-07-14"),
    ("reassess_bar", "2025-01-15", None, None, "2025-07-14"),
    # Published decisions.
    ("no_plan_after_reversal", "2025-01-14", None, None, "2025-03-25"),  # Ombudsman 25 012 582
    ("plan_after_reversal", "2025-01-14", None, None, "2025-04-22"),
    # The rest, a few of each way of counting.
    ("reassess_decision", "2025-12-17", None, None, "2026-01-01"),
    ("mediation_contact", "2025-12-31", None, None, "2026-02-28"),
    ("mediation_cert_after", "2025-12-24", None, None, "2025-12-31"),  # 29, 30, 31
    ("review_overall", "2025-03-03", None, None, "2025-05-26"),
    ("amend_final", "2025-03-31", None, None, "2025-05-26"),
    ("recommendation_reply", "2018-04-03", None, None, "2018-05-08"),
    ("detained_final", "2015-04-01", None, None, "2015-08-19"),
]


@pytest.mark.parametrize(("rule", "start", "later", "reading", "expected"), WORKED)
def test_the_last_day_is_the_one_on_the_calendar(rule, start, later, reading, expected):
    second = None if later is None else D(later)
    assert LAW[rule].due(D(start), later=second, reading=reading) == D(expected)


def test_a_year_that_begins_on_29_february_is_read_strictly():
    # law.md C3 ends a period of months that begins with a day one day before the corresponding date, and where the month has none
    # the rule is unsettled: 27 February is the earlier, and so the safer, of the two days that can be argued for.
    assert LAW["review_annual"].due(D("2024-02-29")) == D("2025-02-27")
    assert LAW["review_annual"].due(D("2024-03-01")) == D("2025-02-28")


def test_the_two_readings_differ_only_where_the_law_is_unsettled():
    other = {rule.id for rule, version in VERSIONS if version.strict or version.loose}
    assert other == {"phase_post16", "phase_other", "review_meeting_notice", "review_circulate"}


def test_a_rule_counts_alike_in_every_version_but_where_the_law_changed():
    # The coronavirus window changed what lifts a limit and no number; SI 2015/359 changed the numbers of regulation 45.
    changed = {"unopposed_assess_notify": 4, "unopposed_amend": 4}
    for rule in LAW.values():
        counted = {
            (
                v.length,
                v.count,
                v.bound,
                v.fixed,
                v.later_of,
                v.rolls,
                v.calendar,
                v.strict,
                v.loose,
                v.selects_on,
            )
            for v in rule.versions
        }
        if rule.id in changed:
            assert rule.versions[0].last == D("2015-03-22")
            assert rule.versions[0].length.number == changed[rule.id]
            assert len(counted) == 2
        else:
            assert len(counted) == 1, rule.id
