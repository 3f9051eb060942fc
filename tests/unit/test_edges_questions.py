"""Edges of pieces that the questions are made of, against hand-worked days and against the plainest way to count."""

from datetime import date

import numpy as np
import pytest

from ehcptime.clock.counting import NOT_YET
from ehcptime.errors import CommandError
from ehcptime.questions.bands import band_labels, band_places
from ehcptime.questions.keying_lag import SPANS, span_of
from ehcptime.questions.overtaking import Stretches, count_up_to
from ehcptime.questions.pieces import Pieces, kind_of, merged, stacked
from ehcptime.questions.recent import recent
from ehcptime.questions.spans import spans
from ehcptime.questions.tracked import tracked_cases
from questions_frames import after, cases, issued

AS_AT = "2025-09-30"


def ago(days):
    return after(AS_AT, -days)


@pytest.mark.parametrize(
    ("days_ago", "is_lately"), [(0, True), (181, True), (182, False), (300, False)]
)  # 26 weeks are 182 days, of which `as_at` is the last
def test_the_last_half_year_is_26_weeks_that_end_on_as_at(days_ago, is_lately):
    rows = [issued(after(ago(days_ago), -took), took) for took in (140, 141)]
    found = recent(tracked_cases(cases(rows, AS_AT)))
    assert found.counts["plans_issued_20wk_percent"] == ((1, 2) if is_lately else (0, 0))
    assert found.percent("plans_issued_20wk_percent") == (50.0 if is_lately else None)
    assert found.percent("no_such_figure") is None


def test_open_cases_are_counted_from_the_day_after_20_and_after_52_weeks():
    rows = [{"received_date": ago(days)} for days in (139, 140, 141, 364, 365)]
    rows.append({"received_date": ago(400), "closed_date": ago(10)})
    found = recent(tracked_cases(cases(rows, AS_AT)))
    assert (found.open_over_20wk, found.open_over_52wk) == (3, 1)


def test_a_plan_due_in_the_half_year_counts_by_its_limit():
    # Due on the last day of the half year but one, and on the day before it; both issued a day late.
    rows = [issued(after(ago(days), -140), 141) for days in (181, 182)]
    found = recent(tracked_cases(cases(rows, AS_AT)))
    assert found.counts["plans_due_20wk_percent"] == (0, 1)


@pytest.mark.parametrize(
    ("start", "end", "freq", "labels", "ends"),
    [
        ("2025-02-27", "2025-03-02", "D", ("2025-02-27", "2025-02-28", "2025-03-01", "2025-03-02"), ("2025-02-27", "2025-02-28", "2025-03-01", "2025-03-02")),
        ("2025-03-03", "2025-03-09", "W", ("2025-W10",), ("2025-03-09",)),  # Monday to Sunday
        ("2025-03-02", "2025-03-10", "W", ("2025-W09", "2025-W10", "2025-W11"), ("2025-03-02", "2025-03-09", "2025-03-10")),
        ("1969-12-28", "1969-12-29", "W", ("1969-W52", "1970-W01"), ("1969-12-28", "1969-12-29")),
        ("2024-12-31", "2025-02-01", "M", ("2024-12", "2025-01", "2025-02"), ("2024-12-31", "2025-01-31", "2025-02-01")),
        ("2025-03-31", "2025-03-31", "Y", ("2025",), ("2025-03-31",)),
    ],
)  # fmt: skip
def test_days_are_cut_into_periods_that_end_where_the_calendar_does(start, end, freq, labels, ends):
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    cut = spans(first, last, freq)
    assert cut.labels == labels
    assert tuple(str(day) for day in cut.ends.astype("datetime64[D]")) == ends
    days = [cut.first - 5, cut.first, cut.last, cut.last + 1, cut.last + 9]
    place = [0, 0, len(labels) - 1, len(labels), len(labels)]
    assert cut.places(np.array(days, np.int32)).tolist() == place


def test_a_span_begins_by_its_end_and_has_a_known_length_of_period():
    with pytest.raises(CommandError, match="end is before start"):
        spans(date(2025, 3, 2), date(2025, 3, 1), "D")
    with pytest.raises(CommandError, match="freq must be one of"):
        spans(date(2025, 3, 1), date(2025, 3, 1), "H")
    with pytest.raises(CommandError, match="start is str, not a date"):
        spans("2025-03-01", date(2025, 3, 1), "D")
    with pytest.raises(CommandError, match="end is int, not a date"):
        spans(date(2025, 3, 1), 20_000, "D")


@pytest.mark.parametrize("bands", [[], [0], [-1], [2, 2], [6, 2], [2, 6, 6]])
def test_bands_rise_from_above_nothing(bands):
    with pytest.raises(CommandError, match="bands must be weeks that rise"):
        band_labels(bands)


def test_a_band_holds_its_upper_edge():
    assert band_labels([1]) == ["0-1", "1+"]
    assert band_places(np.array([-1, 0, 7, 8, 42, 43, 10_000]), [1, 6]).tolist() == [0, 0, 0, 1, 1, 2, 2]


def test_a_lag_falls_in_a_span_of_a_day_a_week_or_four_weeks():
    # Each day to 27, weeks that end on 34 to 90, four weeks that end on 118 to 370, and what is longer.
    lags = np.array([-1, 0, 1, 27, 28, 34, 35, 90, 91, 118, 119, 370, 371, 9_999])
    assert span_of(lags).tolist() == [-1, 0, 1, 27, 28, 28, 29, 36, 37, 37, 38, 46, 47, 47]
    assert SPANS == 48


def test_how_many_are_on_or_before_a_day_is_counted_as_one_would_by_hand():
    random = np.random.default_rng(7)
    for size in (0, 1, 2, 9, 40):
        days = random.integers(-6, 12, size).astype(np.int32)
        first = random.integers(0, size + 1, 30)
        on = random.integers(-9, 15, 30).astype(np.int32)
        plain = [int((days[:number] <= day).sum()) for number, day in zip(first, on, strict=True)]
        assert count_up_to(days, first, on).tolist() == plain


def test_older_cases_open_on_a_day_are_counted_as_one_would_by_hand():
    random = np.random.default_rng(8)
    for size in (0, 1, 2, 7, 30):
        start = random.integers(0, 12, size).astype(np.int32)
        day = (start + random.integers(0, 5, size)).astype(np.int32)
        until = (day + random.integers(1, 9, size)).astype(np.int32)
        found = Stretches.of(start, day, until)
        mine, on = random.integers(0, 12, 25).astype(np.int32), random.integers(0, 24, 25).astype(np.int32)
        is_open = (day <= on[:, None]) & (on[:, None] < until)
        older = (is_open & (start < mine[:, None])).sum(axis=1)
        assert found.older_open(mine, on).tolist() == older.tolist()
        oldest = [min(start[row].tolist(), default=NOT_YET) for row in is_open]
        assert found.oldest_open(on).tolist() == oldest
        assert found.oldest_open(on[:0]).tolist() == []


def _pieces(*rows):
    case, kind, services, since, until, basis = (list(column) for column in zip(*rows, strict=True))
    numbers = np.array(services, np.int64)
    return Pieces(
        np.array(case), np.array(kind, np.int8), numbers, numbers,
        np.array(since, np.int32), np.array(until, np.int32), np.array(basis, np.int8),
    )  # fmt: skip


def test_neighbours_are_put_together_where_they_are_alike_in_all():
    advice, drafting = kind_of("advice", "advice"), kind_of("drafting", "issuing")
    cut = _pieces(
        (0, advice, 1, 0, 5, 1),
        (0, advice, 1, 5, 9, 1),
        (0, advice, 3, 9, 12, 1),  # another service is out too
        (0, advice, 3, 12, 14, 2),  # another basis
        (0, drafting, 3, 14, 20, 2),  # another kind
        (1, drafting, 3, 20, 22, 2),  # another case
        (1, drafting, 3, 22, 30, 2),
    )
    found = merged(cut, "services")
    assert found.since.tolist() == [0, 9, 12, 14, 20]
    assert found.until.tolist() == [9, 12, 14, 20, 30]
    assert found.case.tolist() == [0, 0, 0, 0, 1]
    assert merged(cut).since.tolist() == [0, 12, 14, 20]
    assert found.days.sum() == cut.days.sum() == 30
    assert merged(cut.at(np.array([], np.intp))).days.tolist() == []
    assert stacked([cut.at(np.array([6, 2])), cut.at(np.array([5, 0]))]).since.tolist() == [0, 9, 20, 22]
