"""Edges of the rule book: what changed between two days, versions with gaps and of one day, and rows that are refused."""

from datetime import date

import pytest
from pydantic import ValidationError

from ehcptime.clock.counting import day_number
from ehcptime.errors import RuleError
from ehcptime.law.book import LAW

BEFORE, ACT = date(2014, 8, 31), date(2014, 9, 1)  # SI 2014/1530 came into force on 1 September 2014
HEAD = """
[ours]
title = "{title}"
duty_on = "local authority"
act = "send"
trigger = "receipt of the request"
start = "received_date"
done = "draft_sent_date"
kind = "local"
"""
VERSION = """
[[{rule}.versions]]
from = {first}
{more}
length = {{ weeks = {weeks} }}
count = "after"
bound = "at_most"
cite = "our standard"
url = "https://example.org"
exempt_by = []
mark = "seen"
checked_on = {checked}
"""


def version(first, last=None, *, weeks=14, checked="2026-01-01", fixed=None, rule="ours"):
    more = "\n".join(([f"to = {last}"] if last else []) + ([f'fixed = "{fixed}"'] if fixed else []))
    return VERSION.format(rule=rule, first=first, more=more, weeks=weeks, checked=checked)


def book(tmp_path, *versions, title="Ours", head=HEAD):
    path = tmp_path / "ours.toml"
    path.write_text(head.format(title=title) + "".join(versions), encoding="utf-8")
    return LAW.extend(path)


def test_a_rule_that_began_or_ended_between_two_days_has_nothing_on_one_side():
    began, ended = LAW.changes(BEFORE, ACT), LAW.changes(ACT, BEFORE)
    assert began["plan_final"] == (None, LAW["plan_final"].versions[0])
    assert ended["plan_final"] == (LAW["plan_final"].versions[0], None)
    # Regulation 45's limits on a plan began in March 2015, and those on detained persons in April 2015.
    assert began.keys() == ended.keys()
    assert not began.keys() & {"unopposed_make_final", "detained_final"}
    assert LAW.in_force(BEFORE) == {}


def test_a_version_that_says_the_same_again_is_no_change():
    # SI 2020/471 added an exemption from 1 May to 25 September 2020; after it the text was as before.
    during = LAW.changes(date(2020, 4, 30), date(2020, 9, 25))
    assert "plan_final" in during
    assert "draft_comment" not in during
    assert LAW.changes(date(2020, 4, 30), date(2020, 9, 26)) == {}


def test_the_dates_of_the_book_are_those_that_start_end_pick_and_go_with_a_rule():
    names = LAW.date_names()
    assert {"received_date", "plan_issued_date"} <= names  # what a rule starts from, and is done on
    assert {"mediation_certificate_date", "old_commissioner_known_date"} <= names  # second periods
    others = {name for rule in LAW.values() for name in (*rule.only_with, *rule.ended_by)}
    assert others <= names
    assert None not in names


def test_a_rule_that_goes_back_to_how_it_was_counted_keeps_its_three_times(tmp_path):
    back = book(
        tmp_path,
        version("2020-01-01", "2020-12-31", weeks=14),
        version("2021-01-01", "2021-12-31", weeks=10),
        version("2022-01-01", weeks=14),
    )
    found = back.limits(["ours"])
    assert [(limit.length, limit.first) for limit in found] == [
        (14, day_number(date(2020, 1, 1))),
        (10, day_number(date(2021, 1, 1))),
        (14, day_number(date(2022, 1, 1))),
    ]


def test_a_rule_that_changed_and_then_said_the_same_again_has_two_limits(tmp_path):
    twice = book(
        tmp_path,
        version("2020-01-01", "2020-12-31", weeks=14),
        version("2021-01-01", "2021-12-31", weeks=10),
        version("2022-01-01", weeks=10),
    )
    first, second = twice.limits(["ours"])
    assert (first.length, second.length) == (14, 10)
    assert (second.first, first.last) == (day_number(date(2021, 1, 1)), day_number(date(2020, 12, 31)))


def test_versions_that_leave_a_gap_are_not_joined_and_none_is_in_force_between(tmp_path):
    gap = book(tmp_path, version("2020-01-01", "2020-06-30"), version("2021-01-01"))
    assert len(gap.limits(["ours"])) == 2
    assert gap["ours"].version(date(2020, 7, 1)) is None
    assert gap["ours"].version(date(2020, 12, 31)) is None
    assert gap["ours"].version(date(2021, 1, 1)) is gap["ours"].versions[1]


def test_versions_added_to_a_rule_keep_the_ends_that_they_give(tmp_path):
    added = (version("2030-01-01", "2030-06-30", rule="plan_final"), version("2031-01-01", rule="plan_final"))
    ours = book(tmp_path, *added, head="")["plan_final"]
    assert ours.version(date(2029, 12, 31)).last == date(2029, 12, 31)
    assert ours.version(date(2030, 6, 30)).last == date(2030, 6, 30)
    assert ours.version(date(2030, 7, 1)) is None
    assert ours.version(date(2031, 1, 1)).last is None


def test_a_version_may_be_of_one_day_and_two_may_not_share_a_day(tmp_path):
    one = book(tmp_path, version("2020-01-01", "2020-01-01"), version("2020-01-02"))["ours"]
    assert one.version(date(2020, 1, 1)) is one.versions[0]
    with pytest.raises(
        RuleError, match="key 'versions': versions from 2020-01-01 and from 2020-01-02 overlap"
    ):
        book(tmp_path, version("2020-01-01", "2020-01-02"), version("2020-01-02"))


def test_how_fresh_a_rule_is_goes_by_its_last_version(tmp_path):
    ours = book(
        tmp_path,
        version("2020-01-01", "2020-12-31", checked="2020-02-01"),
        version("2021-01-01", checked="2026-03-01"),
    )
    assert "ours" not in ours.unchecked(date(2027, 3, 1))
    assert "ours" in ours.unchecked(date(2027, 3, 2))


def test_the_edition_names_the_last_day_on_which_any_version_was_checked(tmp_path):
    earlier = book(tmp_path, version("2020-01-01", checked="2019-05-01"))
    later = book(tmp_path, version("2020-01-01", checked="2030-05-01"))
    assert (earlier.edition[:10], later.edition[:10]) == (LAW.edition[:10], "2030-05-01")


@pytest.mark.parametrize(
    ("fixed", "is_a_day"), [("02-28", True), ("02-29", False), ("02-30", False), ("04-31", False)]
)
def test_a_fixed_day_is_in_every_year(tmp_path, fixed, is_a_day):
    rows = version("2020-01-01", fixed=fixed)
    if is_a_day:
        assert book(tmp_path, rows)["ours"].versions[0].fixed == fixed
    else:
        with pytest.raises(RuleError, match="key 'versions.0'"):
            book(tmp_path, rows)


def test_a_text_has_at_least_one_letter(tmp_path):
    assert book(tmp_path, version("2020-01-01"), title="T")["ours"].title == "T"
    with pytest.raises(RuleError, match="key 'title'"):
        book(tmp_path, version("2020-01-01"), title="")


def test_a_rule_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        LAW["plan_final"].title = "other"


def test_what_an_added_file_holds_is_a_chapter_of_its_own(tmp_path):
    ours = book(tmp_path, version("2020-01-01"), version("2030-01-01", rule="plan_final"))
    assert ours.chapters["added"] == ("ours",)
    assert {name: rules for name, rules in ours.chapters.items() if name != "added"} == dict(LAW.chapters)


ROLLS = "; a last day in August or from 25 December to 1 January moves past it; a last day that is not a working day moves to the next"
WITHIN, COUNTED = (
    "of the day of the event, which is not counted",
    "beginning with the day of the event, which is counted",
)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("plan_final", f"within 20 weeks {WITHIN}"),
        ("mediation_cb_tells_la", f"within 1 week {WITHIN}"),
        ("draft_comment", f"at least 15 days {COUNTED}"),
        ("order_cease", "at once, on the day of the event"),
        ("mediation_date_notice", "at least 5 working days before the day of the event"),
        # Regulation 18(1): "before 31 March" and "before 15 February", which some read as by those days.
        ("phase_post16", "before 31 March of the year of the event (some read it as on or before that day)"),
        ("phase_other", "before 15 February of the year of the event (some read it as on or before that day)"),
        ("move_review", f"3 months {COUNTED}; or, if that is later, 12 months {COUNTED} (that event: plan_made_or_reviewed_date)"),
        ("appeal_response", f"within 30 working days {WITHIN}; August and 25 December to 1 January are not counted"),
        ("appeal_lodge", f"within 2 months {WITHIN}; or, if that is later, within 1 month {WITHIN} (that event: mediation_certificate_date)" + ROLLS),
    ],
)  # fmt: skip
def test_a_period_is_said_in_words(rule, words):
    assert LAW[rule].versions[-1].words == words


def test_a_fixed_day_that_is_read_in_one_way_says_no_other(tmp_path):
    ours = book(tmp_path, version("2020-01-01", fixed="03-31"))["ours"]
    assert ours.versions[0].words == "before 31 March of the year of the event"


EXEMPTION = """
[exemptions.OURS]
{key} = "Ours"
condition = "agreed in writing"
cite = "our standard"
mark = "{mark}"
"""


@pytest.mark.parametrize(
    ("key", "mark", "said"),
    [
        ("titel", "seen", "exemptions, key 'titel'"),  # and not that `title` is missing, which it is too
        ("titel", "heard", "exemptions, key 'titel'"),
        ("title", "heard", "exemptions, key 'mark'"),
    ],
)
def test_of_several_faults_of_an_exemption_the_misspelt_key_is_named(tmp_path, key, mark, said):
    with pytest.raises(RuleError, match=said):
        book(tmp_path, head=EXEMPTION.format(key=key, mark=mark))


def test_a_minimum_period_is_one_that_must_run_and_no_notice_before_an_event():
    floors = {rule for rule in LAW if LAW[rule].versions[-1].is_floor}
    # The family's 15 days to comment, thrice, and the six months before another assessment, twice.
    windows = {"draft_comment", "amend_comment_window", "amend_no_review_comment_window"}
    assert floors == {*windows, "assess_six_month_gate", "reassess_bar"}
    assert floors == {rule for rule in LAW if LAW.limits([rule])[0].is_floor}
