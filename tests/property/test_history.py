"""Stock and flow rebuilt from an extract, against `track` at each day, a slow walk day by day, and an earlier extract."""

from datetime import date, timedelta

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from ehcptime.questions.backlog import backlog
from ehcptime.questions.history import backlog_history
from ehcptime.questions.triangle import backlog_triangle
from ehcptime.tracking.track import track
from frames import frame
from oracle.draws import AS_AT, CASE_DATES
from oracle.ends import case_end
from oracle.reading import letter, read, start_day, word
from oracle.refusals import refusal_to_assess
from oracle.strategies import case_rows

EXITS = ["refused", "no_plan", "issued", "withdrawn", "left"]
DAY = timedelta(days=1)


@st.composite
def caseloads(draw, most=6):
    as_at = draw(AS_AT)
    rows = draw(st.lists(case_rows(as_at), min_size=1, max_size=most))
    teams = draw(st.lists(st.sampled_from(["a", "b", None]), min_size=len(rows), max_size=len(rows)))
    return [row | {"team": team} for row, team in zip(rows, teams, strict=True)], as_at


def days_near(rows, as_at):
    """Days on and beside any day that is recorded."""
    known = [row[name] for row in rows for name in CASE_DATES if row[name] is not None]
    return st.tuples(st.sampled_from([as_at, *known]), st.integers(-1, 1)).map(lambda p: p[0] + p[1] * DAY)


def assert_adds_up(table):
    """Every row adds up, and every period begins where the one before it ended."""
    assert (table["opening"] + table["opened"] - table[EXITS].sum(axis=1)).tolist() == table[
        "closing"
    ].tolist()
    assert (table["of_which_reopened"] <= table["opened"]).all()
    assert (table.select_dtypes("number") >= 0).all(axis=None)
    for _, group in table.groupby("team"):
        assert group["opening"].tolist()[1:] == group["closing"].tolist()[:-1]


@given(caseloads(), st.data(), st.sampled_from(["M", "Q", "Y", "FY", "AY", "W"]))
def test_every_position_is_what_track_says_on_that_day(drawn, data, freq):
    rows, as_at = drawn
    cases = frame(rows)
    end = data.draw(days_near(rows, as_at))
    start = end - timedelta(days=data.draw(st.integers(0, 800)))
    table = backlog_history(cases, start=start, end=end, freq=freq, by="team")
    for day, name in ((start - DAY, "opening"), (end, "closing")):
        is_open = track(cases, as_at=day)["is_open"]
        by_team = (
            table.groupby("team")[name].first() if name == "opening" else table.groupby("team")[name].last()
        )
        expected = is_open.groupby(cases["team"].fillna("not recorded")).sum()
        assert by_team.to_dict() == expected.to_dict()
    assert_adds_up(table)
    triangle = backlog_triangle(cases, start=start, end=end, freq=freq)
    bands = backlog(track(cases, as_at=end), by=None)
    assert triangle["open"].tolist()[-len(bands) :] == bands["open"].tolist()
    whole = backlog_history(cases, start=start, end=end, freq=freq)
    assert triangle.groupby("period", sort=False)["open"].sum().tolist() == whole["closing"].tolist()
    summed = table.groupby("period", sort=False).sum(numeric_only=True)
    assert summed.to_numpy().tolist() == whole.drop(columns="period").to_numpy().tolist()


@given(caseloads(), st.data())
def test_daily_positions_are_what_track_says_on_any_recorded_day(drawn, data):
    rows, as_at = drawn
    days = data.draw(st.lists(days_near(rows, as_at), min_size=5, max_size=5))
    cases = frame(rows)
    table = backlog_history(cases, start=min(days), end=max(days), freq="D").set_index("period")["closing"]
    for day in set(days):
        assert table[day.isoformat()] == track(cases, as_at=day)["is_open"].sum(), day


class Seen:
    """One case on one day, by the slow oracle."""

    def __init__(self, row, day):
        facts = read(row, day)
        self.received = not facts.not_received
        self.duplicate = word(row["closed_reason"]) == "duplicate"
        end = case_end(facts)
        self.is_open = self.received and not self.duplicate and not end.ended
        self.end = end.day
        self.undated = self.received and not self.duplicate and end.ended and end.day is None
        self.how = _how(end.kind, facts)


def _how(kind, facts):
    if kind == "refusal":
        from_request = facts.request == "N" and not refusal_to_assess(facts).reversed
        return "refused" if from_request else "no_plan"
    if kind in ("closed", "lost"):
        return "withdrawn" if facts.closed_reason == "withdrawn" else "left"
    return {"final": "issued", "h": "left"}.get(kind)


def walked(row, start, end):
    """Flows of one case on each day, from the definition: what it was on the day before, and what it is."""
    days = []
    for number in range((end - start).days + 1):
        day = start + number * DAY
        was, now = Seen(row, day - DAY), Seen(row, day)
        flows = dict.fromkeys(["opened", "of_which_reopened", *EXITS, "closing", "undated"], 0)
        if now.received and not now.duplicate:
            arrives = not was.received and not now.undated
            again = was.received and not was.is_open and (now.is_open or now.end == day)
            flows["opened"] = int(arrives or again)
            only_dated = was.undated and not now.is_open and was.how == now.how
            flows["of_which_reopened"] = int(again and not only_dated)
            if not now.is_open and (was.is_open or arrives or again):
                flows[now.how] += 1
        flows["closing"], flows["undated"] = int(now.is_open), int(now.undated)
        days.append(flows)
    return pd.DataFrame(days)


@given(caseloads(most=3), st.data())
def test_flows_are_those_of_a_walk_day_by_day(drawn, data):
    rows, as_at = drawn
    start = data.draw(days_near(rows, as_at)) - timedelta(days=data.draw(st.integers(0, 20)))
    end = start + timedelta(days=30)
    expected = sum(walked(row, start, end) for row in rows)
    table = backlog_history(frame(rows), start=start, end=end, freq="D")
    assert table[expected.columns].to_numpy().tolist() == expected.to_numpy().tolist()


def earlier(row, day):
    """The row as an extract of `day` would have held it, or None: later days are not there, nor what came with them."""
    begun = start_day(row)
    if begun is not None and begun > day:
        return None
    cut = {
        name: None if name in CASE_DATES[3:] and _later(value, day) else value for name, value in row.items()
    }
    for name in ("request", "assessment"):
        if _outcome_to_come(row, name, day):
            cut[f"{name}_outcome"] = cut[f"{name}_outcome_date"] = None
    if _undated_to_come(row, day):
        cut["assessment_outcome"] = cut["assessment_outcome_date"] = None
    if _later(row["closed_date"], day):
        cut["exported"] = None
        cut["closed_reason"] = row["closed_reason"] if word(row["closed_reason"]) == "duplicate" else None
    if _later(row["reversal_date"], day):
        cut["reversal_of"] = cut["reversal_route"] = None
    return cut


def _later(value, day):
    return isinstance(value, date) and value > day


def _outcome_to_come(row, name, day):
    code = letter(row[f"{name}_outcome"])
    if code in ("A", "H"):
        return False
    return _later(row["closed_date" if code == "W" else f"{name}_outcome_date"], day)


def _undated_to_come(row, day):
    """An assessment code without a day is not there before the decision, or the reversal, that it follows."""
    code = letter(row["assessment_outcome"])
    own = {"W": "closed_date"}.get(code, "assessment_outcome_date")
    if code not in ("A", "H") and row[own] is not None:
        return False
    request = letter(row["request_outcome"])
    if request not in ("A", "W", "H") and _later(row["request_outcome_date"], day):
        return True
    return code != "H" and _later(row["reversal_date"], day) and refusal_to_assess(read(row, day)).stands


def both(rows, day):
    """The rows as they are, and as an extract of a day would have held them."""
    then = [cut for row in rows if (cut := earlier(row, day)) is not None]
    return (frame(then), frame(rows)) if then else None


@given(caseloads(), st.data())
def test_a_past_position_does_not_depend_on_when_the_extract_was_made(drawn, data):
    rows, as_at = drawn
    end = data.draw(days_near(rows, as_at))
    extracts = both(rows, end)
    if extracts is None:
        return
    then, now = (backlog_history(cases, start=end, end=end, freq="D") for cases in extracts)
    assert then["closing"][0] == now["closing"][0] == track(extracts[1], as_at=end)["is_open"].sum()
    assert then["undated"][0] == now["undated"][0]
    then, now = (backlog_triangle(cases, start=end, end=end) for cases in extracts)
    pd.testing.assert_frame_equal(then, now)


def _tells_two_stories(row, day):
    """An assessment code without a day, and a reversal still to come: whether the code was there before it, nobody can say."""
    return _later(row["reversal_date"], day) and read(row, day).assessment_undated


@given(caseloads(), st.data(), st.sampled_from(["M", "D"]))
def test_the_way_to_a_past_position_does_not_either(drawn, data, freq):
    rows, as_at = drawn
    end = data.draw(days_near(rows, as_at))
    extracts = both([row for row in rows if not _tells_two_stories(row, end)], end)
    if extracts is None:
        return
    start = end - timedelta(days=400)
    then, now = (backlog_history(cases, start=start, end=end, freq=freq) for cases in extracts)
    pd.testing.assert_frame_equal(then, now)
