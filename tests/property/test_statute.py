"""Every rule of the book at its boundaries, beside the slow oracle that was written from the law alone."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehcptime.law.book import LAW
from ehcptime.records.case import Case
from ehcptime.records.columns import COLUMNS
from ehcptime.tracking.advice import ADVICE_RULES
from ehcptime.tracking.after_reversal import AFTER
from ehcptime.tracking.limits import RULES
from ehcptime.tracking.timeline import timeline
from ehcptime.tracking.track import track
from frames import plain
from oracle import statute
from oracle.bank_holidays import ENGLAND
from oracle.names import SAME
from oracle.statute_draws import statute_dates, statute_looks

# Draws reach past the years in which the text was checked, and past the bank holidays that are known.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ehcptime.errors.LawWarning"),
    pytest.mark.filterwarnings("ignore::ehcptime.errors.CalendarWarning"),
]

OTHERS = [rule for rule in LAW if rule not in (*RULES, *AFTER, *ADVICE_RULES)]


def in_our_words(rule, dates):
    """Give the oracle's start, done and later the names that the rule book uses."""
    version = LAW[rule].versions[-1]
    if rule == "move_review":  # the book starts it with the transfer, the oracle with the last review
        dates = {**dates, "start": dates.get("later"), "later": dates.get("start")}
    named = {LAW[rule].start: dates.get("start"), LAW[rule].done: dates.get("done")}
    if version.later_of is not None:
        named[version.later_of.start] = dates.get("later")
    if LAW[rule].only_with and not set(LAW[rule].only_with) & set(named):
        named[LAW[rule].only_with[0]] = dates.get("start")
    return named


def is_settled(rule, dates, as_at=date.max):
    """Leave out what the oracle is not told of: choices, regulation 45 as made, a review with no transfer to follow."""
    start, done = dates["start"], dates["done"]
    request = {LAW[rule].start: start, LAW[rule].done: done}
    untold = (
        # A row of cases proves a request.
        "received_date" in request and request["received_date"] is None,
        # Where several rules know an act, it does not show which of them had started.
        start is None and done is not None and LAW[rule].done not in LAW.shows() - set(COLUMNS["cases"]),
        # When a code was known.
        LAW[rule].only_if is not None and done is not None and done > as_at,
        # An act that need not happen.
        bool(LAW[rule].only_with) and (start is None or done is None or done > as_at),
        rule.startswith("unopposed") and start is not None and start < date(2015, 3, 23),
        rule == "move_review" and not _is_plain_review(dates, as_at),
    )
    return not any(untold)


def _is_plain_review(dates, as_at):
    """The two start it from different days, so only a plan with both, and a review after both, is the same to them."""
    both = [dates["start"], dates["later"]]
    known = all(day is not None and date(2014, 9, 1) <= day <= as_at for day in both)
    return known and (dates["done"] is None or dates["done"] >= max(both))


@pytest.mark.parametrize("rule", OTHERS)
def test_a_rule_comes_to_what_the_oracle_says(rule):
    theirs = SAME.get(rule, rule)

    @settings(max_examples=settings().max_examples // 5)
    @given(st.lists(statute_looks(theirs), min_size=1, max_size=6))
    def agrees(looks):
        for dates, as_at, ended in (look for look in looks if is_settled(rule, look.dates, look.as_at)):
            row = pd.DataFrame([{**in_our_words(rule, dates), "closed_date": ended}]).astype("datetime64[s]")
            if LAW[rule].only_if is not None:
                row[LAW[rule].only_if.column] = LAW[rule].only_if.code
            found = track(row, as_at=as_at, rules=[rule])
            answer = plain(found[f"{rule}_status"].iloc[0]), plain(found[f"{rule}_days_over"].iloc[0])
            assert answer == statute.status(theirs, dates, as_at=as_at, holidays=ENGLAND, ended=ended), (
                dates,
                as_at,
                ended,
            )

    agrees()


@pytest.mark.parametrize("rule", OTHERS)
@pytest.mark.parametrize("reading", [None, "strict", "loose"])
def test_a_due_date_is_what_the_oracle_says(rule, reading):
    theirs = SAME.get(rule, rule)

    @settings(max_examples=settings().max_examples // 3)
    @given(statute_dates(theirs))
    def agrees(dates):
        if not is_settled(rule, dates):
            return
        swapped = rule == "move_review"
        start, later = (dates.get(name) for name in (("later", "start") if swapped else ("start", "later")))
        expected = statute.due(theirs, dates, reading=reading, holidays=ENGLAND)
        if start is None or LAW[rule].version(start) is None:
            assert expected is None
        elif expected is not None:
            assert LAW[rule].due(start, later=later, reading=reading) == expected

    agrees()


@pytest.mark.parametrize("rule", [rule for rule in OTHERS if LAW[rule].start not in COLUMNS["cases"]])
def test_a_timeline_lists_it_as_a_frame_does(rule):
    start = date(2026, 9, 1) if LAW[rule].versions[-1].fixed else date(2025, 3, 3)
    names = {LAW[rule].done, *LAW[rule].only_with}
    row = pd.DataFrame([{LAW[rule].start: start, **dict.fromkeys(names)}]).astype("datetime64[s]")
    codes = {LAW[rule].only_if.column: LAW[rule].only_if.code} if LAW[rule].only_if else {}
    found = track(row.assign(**codes), as_at=date(2026, 1, 15), rules=[rule])
    case = Case(case_id="A", received_date=None, other_dates={LAW[rule].start: start}, **codes)
    alone = timeline(case, as_at=date(2026, 1, 15), rules=[rule])[rule]
    assert alone.status == found[f"{rule}_status"].iloc[0]
    assert alone.due == plain(found[f"{rule}_due"].iloc[0])


@pytest.mark.parametrize("rule", [rule for rule in OTHERS if LAW[rule].versions[-1].mark == "memory"])
def test_a_limit_that_is_not_verified_must_be_asked_for(rule):
    case = Case(case_id="A", received_date=None, other_dates={LAW[rule].start: date(2025, 3, 3)})
    assert rule not in {deadline.rule for deadline in timeline(case, as_at=date(2026, 1, 15))}
    assert "not verified" in timeline(case, as_at=date(2026, 1, 15), rules=[rule])[rule].explain()
