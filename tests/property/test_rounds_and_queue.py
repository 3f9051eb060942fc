"""Rounds and the psychology queue, against a slow walk over the same askings: service by service, and day by day."""

from collections import Counter
from datetime import date, timedelta

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import ehcptime as ehc
from frames import frame

AS_AT = date(2025, 6, 30)
DAY = timedelta(days=1)
OUTCOMES = ("provided", "not_known", "rejected", "existing_sufficient", "withdrawn")
near = st.integers(-60, 4).map(lambda gap: AS_AT + timedelta(days=gap))


GAPS = st.sampled_from([-20, -1, 0, 0, 1, 7, 20, 35, 50])
SELDOM = st.sampled_from([True] + [False] * 7)


@st.composite
def asking(draw):
    """An asking for one of two cases, near `as_at`; now and then a day is missing or out of order."""
    asked = draw(near)
    returned = draw(st.one_of(st.none(), GAPS.map(lambda gap: asked + timedelta(days=gap))))
    return {
        "case_id": draw(st.sampled_from("AB")),
        "advice_type": draw(st.sampled_from(["psychology"] * 5 + ["health", "parent"])),
        "source": draw(st.sampled_from(["in-house", "in-house", "agency", None])),
        "round": draw(st.sampled_from([None, 1, 2, 3])),
        "requested_date": None if draw(SELDOM) else asked,
        "allocated_date": draw(st.one_of(st.none(), GAPS.map(lambda gap: asked + timedelta(days=gap)))),
        "returned_date": returned,
        "advice_outcome": draw(st.sampled_from(["provided", "rejected", None, None, *OUTCOMES]))
        if returned
        else None,
    } | ({"advice_outcome": draw(st.sampled_from(OUTCOMES))} if draw(SELDOM) else {})


@st.composite
def closed_case(draw, name):
    """A case that may have ended near `as_at`, seldom on a day that is not recorded."""
    closed = draw(st.one_of(st.none(), st.none(), near))
    reason = "withdrawn" if draw(SELDOM) else None
    return {
        "case_id": name,
        "received_date": date(2025, 1, 6),
        "closed_date": closed,
        "closed_reason": reason,
    }


askings = st.lists(asking(), min_size=2, max_size=6)
cases = st.tuples(closed_case("A"), closed_case("B"))


def followed(rows, known):
    table = frame(list(known))
    table["case_id"] = [row["case_id"] for row in known]
    return ehc.track_advice(frame(rows, "advice"), as_at=AS_AT, cases=table), ehc.track(table, as_at=AS_AT)


def past(day):
    return day if day is not None and day <= AS_AT else None


def outcome(row):
    return (
        None if row["returned_date"] is not None and row["returned_date"] > AS_AT else row["advice_outcome"]
    )


def is_answered(row):
    return past(row["returned_date"]) is not None or outcome(row) in ("provided", "not_known", "rejected")


def end_of(known, row):
    """The day the case of an asking ended; False where that cannot be told, None where it is open."""
    case = next(case for case in known if case["case_id"] == row["case_id"])
    if case["closed_date"] is None:
        return False if case["closed_reason"] else None
    return past(case["closed_date"])


def is_live(row):
    asked = row["requested_date"]
    return (asked is None or asked <= AS_AT) and outcome(row) not in ("existing_sufficient", "withdrawn")


def in_order(rows):
    """Live askings of one service: by day, or as numbered where a day is missing."""
    live = [row for row in rows if is_live(row)]
    far = date.max
    by_number = any(row["requested_date"] is None for row in live)

    def key(row):
        asked, number = row["requested_date"] or far, row["round"] or 1
        return (number, asked) if by_number else (asked, number), row["returned_date"] or far, row["place"]

    return sorted(live, key=key)


def whole(rows, known):
    """Where one service stands, and the days that it took, by definition."""
    live = in_order(rows)
    asked = [row["requested_date"] for row in live]
    ends = [end_of(known, row) for row in live]
    waiting, ended, untold = False, False, False
    for row, end in zip(live, ends, strict=True):
        if is_answered(row):
            untold |= past(row["returned_date"]) is None
        elif row["advice_type"] == "parent" or row["requested_date"] is None or end is False:
            untold = True
        elif end is None or end < row["requested_date"]:
            waiting = True
        else:
            ended = True
    if not live:
        return "nothing to answer", None
    if waiting:
        return "running", None if None in asked else (AS_AT - min(asked)).days
    if untold:
        return "unknown", None
    if ended:
        return "ended unanswered", None
    if outcome(live[-1]) == "rejected":
        return "sent back", None
    last = max(row["returned_date"] for row in live if outcome(row) != "rejected")
    days = None if None in asked else (last - min(asked)).days
    return "answered", days if days is None or days >= 0 else None


@given(askings, cases)
def test_rounds_stand_where_a_walk_over_them_says(rows, known):
    tracked, _ = followed(rows, known)
    found = ehc.rounds(tracked)
    rows = [row | {"place": place} for place, row in enumerate(rows)]
    for service in {(row["case_id"], row["advice_type"]) for row in rows}:
        mine = [row for row in rows if (row["case_id"], row["advice_type"]) == service]
        order = [row["place"] for row in in_order(mine)]
        state, days = whole(mine, known)
        for row in mine:
            line = found.iloc[row["place"]]
            number = order.index(row["place"]) + 1 if row["place"] in order else None
            assert line["state"] == state
            assert (None if pd.isna(line["total_days"]) else line["total_days"]) == days
            assert (None if pd.isna(line["round"]) else line["round"]) == number


def span(row, known):
    """Days on which an asking joined the queue, was allocated and left it; None where it is in no queue."""
    joined, end = row["requested_date"], end_of(known, row)
    if joined is None:
        return None
    if is_answered(row):
        left = past(row["returned_date"])
        if left is None or left < joined:
            return None
    elif outcome(row) in ("existing_sufficient", "withdrawn") or end is False:
        return None
    else:
        left = date.max if end is None or end < joined else end
    allocated = past(row["allocated_date"])
    allocated = date.max if allocated is None else max(allocated, joined)
    answered = is_answered(row) and outcome(row) not in ("existing_sufficient", "withdrawn")
    return joined, allocated if allocated <= left else date.max, left, answered


def walk(spans, first, last):
    """Stocks before the first day and after the last, and what happened on the days between, one day at a time."""
    found = Counter()
    found["queue_open"] = sum(joined < first <= left for joined, _, left, _ in spans)
    found["unallocated_open"] = sum(
        joined < first <= min(allotted, left) for joined, allotted, left, _ in spans
    )
    day = first
    while day <= last:
        for joined, allotted, left, answered in spans:
            found["asked"] += joined == day
            found["returned"] += left == day and answered
            found["ended"] += left == day and not answered
            found["allocated"] += allotted == day
            found["left_unallocated"] += left == day and allotted == date.max
        day += DAY
    found["queue_close"] = sum(joined <= last < left for joined, _, left, _ in spans)
    waits = [joined for joined, allotted, left, _ in spans if joined <= last < min(allotted, left)]
    found["unallocated_close"] = len(waits)
    return found, (last - min(waits)).days if waits else None


@given(askings, cases, st.sampled_from(["M", "W"]))
def test_the_queue_is_that_of_a_walk_day_by_day(rows, known, period):
    tracked, tracked_cases = followed(rows, known)
    table = ehc.ep_throughput(tracked, period=period, cases=tracked_cases)
    asked = [row for row in rows if row["advice_type"] == "psychology"]
    asked = [row for row in asked if row["requested_date"] is None or row["requested_date"] <= AS_AT]
    if not asked:
        assert len(table) == 0
        return
    for source, lines in table.groupby("source"):
        mine = [row for row in asked if (row["source"] or "not recorded") == source]
        spans = [found for row in mine if (found := span(row, known)) is not None]
        assert set(lines["undated"]) == {len(mine) - len(spans)}
        last = AS_AT
        for line in reversed(lines.to_dict("records")):
            first = last - timedelta(days=line["days"] - 1)
            expected, oldest = walk(spans, first, last)
            assert {name: line[name] for name in expected} == dict(expected)
            assert (
                None if pd.isna(line["oldest_unallocated_days"]) else line["oldest_unallocated_days"]
            ) == oldest
            assert (
                line["queue_open"] + line["asked"] - line["returned"] - line["ended"] == line["queue_close"]
            )
            last = first - DAY
        assert sum(lines["asked"]) == len(spans)
