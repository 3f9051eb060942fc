"""The page about any case: the family's own limits by a slow count of days, and no lifted limit shown as due."""

from calendar import monthrange
from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ehcptime.errors import InputError
from ehcptime.law.book import LAW
from ehcptime.outputs.case_pages.months import delay
from ehcptime.outputs.case_pages.own_limits import APPEAL, decision_of, own_limits
from ehcptime.outputs.case_pages.page import case_page
from ehcptime.questions.tracked import tracked_cases
from ehcptime.records.case import Case
from ehcptime.records.one_case import extract_of
from ehcptime.tracking.track import track
from ehcptime.tracking.words import long_date
from oracle.bank_holidays import ENGLAND
from oracle.strategies import cases_and_as_at

DAY = timedelta(days=1)
# Days whose two months end near August, Christmas, the end of February, and anywhere else.
SENT = st.one_of(
    st.dates(date(2021, 5, 25), date(2021, 7, 5)),
    st.dates(date(2022, 10, 20), date(2022, 11, 5)),
    st.dates(date(2023, 12, 26), date(2024, 1, 3)),
    st.dates(date(2021, 1, 1), date(2025, 8, 31)),
)


def months_on(day, months):
    """The corresponding date, by counting months one at a time."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def moved(day):
    """Rule 12(3)(a), past August or the break, and then 12(2), to a working day: each once, which is the earlier reading."""
    while day.month == 8 or (day.month, day.day) >= (12, 25) or (day.month, day.day) == (1, 1):
        day += DAY
    while day.weekday() > 4 or day in ENGLAND:
        day += DAY
    return day


@given(SENT, st.one_of(st.none(), st.integers(0, 90)))
def test_the_familys_own_limits_by_a_slow_count(refused, later):
    others = {} if later is None else {"mediation_certificate_date": refused + later * DAY}
    case = Case(
        case_id="A",
        received_date=refused - 30 * DAY,
        request_outcome="N",
        request_outcome_date=refused,
        other_dates=others,
    )
    as_at = date(2025, 12, 31)
    now = tracked_cases(track(extract_of(case).cases, as_at=as_at)).now
    adviser, appeal = own_limits(case, decision_of(case, now, as_at), as_at, LAW)
    by_notice = months_on(refused, 2)
    by_certificate = months_on(others["mediation_certificate_date"], 1) if others else by_notice
    assert (adviser.earliest.safest, adviser.earliest.last) == (by_notice, by_notice)
    assert appeal.rule == APPEAL
    assert appeal.earliest.safest == max(by_notice, by_certificate)
    assert appeal.earliest.last == moved(max(by_notice, by_certificate))


@given(st.dates(date(2018, 1, 1), date(2026, 1, 1)), st.integers(1, 1_500))
def test_whole_months_are_as_many_as_have_passed(first, days):
    last = first + days * DAY
    found = delay(first, last)
    whole = 0
    while months_on(first, whole + 1) <= last:
        whole += 1
    assert (found.months, found.rest) == (whole, (last - months_on(first, whole)).days)
    assert found.days == days


@settings(max_examples=40)
@given(cases_and_as_at(), st.sampled_from(["family", "adviser", "ombudsman"]))
def test_a_lifted_limit_is_never_due_on_any_page(row_and_day, reader):
    row, as_at = row_and_day
    try:
        case = Case(**row)
    except InputError:
        assume(False)  # a code that cannot be read makes no case
    page = case_page(case, as_at=as_at, reader=reader)
    tracked = track(extract_of(case).cases, as_at=as_at)
    lines = page.text.splitlines()
    names = {"Final plan", "Send the final plan"}
    rows = [lines[place + 1 : place + 6] for place, line in enumerate(lines) if line in names]
    lifted = bool(tracked["plan_final_exempt"].iloc[0]) and tracked["plan_final_status"].iloc[0] in (
        "running",
        "overdue",
        "ended_late",
        "met_late",
    )
    if lifted:
        due = long_date(tracked["plan_final_due"].iloc[0].date())
        assert rows
        assert all(due not in " ".join(found) for found in rows)
        assert not any(line.startswith("Final plan: ") and "due on" in line for line in lines)
    assert "Silence is not a decision and cannot be appealed." in page.text
