"""Whatever the caseload, every row is counted once, in any order, by any split, and what is settled stays settled."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ehcptime.questions.at_risk import at_risk
from ehcptime.questions.backlog import backlog
from ehcptime.questions.contributions import contributions
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.parts import parts
from ehcptime.questions.periods import LETTERS
from ehcptime.questions.timeliness import timeliness
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track
from oracle.draws import ADVICE_DATES, AS_AT, CASE_DATES
from oracle.strategies import advice_rows, case_rows

CASE_MEASURES = sorted(name for name in MEASURES if name != "advice_6wk")
PERIOD_MEASURES = [name for name in CASE_MEASURES if MEASURES[name].cohort != "open"]
SETTLED = ("plans_due_20wk", "decision_by_16wk", "request_decisions_due_6wk")
COUNTS = ["numerator", "denominator", "unknown", "not_due", "left_out"]
slow = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def frame(rows, dates):
    table = pd.DataFrame(rows)
    for column in dates:
        table[column] = pd.to_datetime(table[column]).astype("datetime64[s]")
    return table


@st.composite
def caseloads(draw):
    as_at = draw(AS_AT)
    rows = draw(st.lists(case_rows(as_at), min_size=1, max_size=12))
    table = frame(rows, CASE_DATES).assign(case_id=[f"c{number}" for number in range(len(rows))])
    table["team"] = draw(st.lists(st.sampled_from(["a", "b", None]), min_size=len(rows), max_size=len(rows)))
    return track(table, as_at=as_at)


def counted(table, measure):
    """Rows behind a table: where unknowns are in the denominator they must not be counted twice."""
    apart = 0 if MEASURES[measure].unknown_in_denominator else table["unknown"].sum()
    return table[["denominator", "not_due", "left_out"]].to_numpy().sum() + apart


@slow
@given(caseloads(), st.sampled_from(CASE_MEASURES))
def test_every_row_is_counted_once(tracked, measure):
    decided = parts(tracked, measure)
    whole = timeliness(tracked, measure).iloc[0]
    tally = decided["part"].value_counts()
    assert counted(whole.to_frame().T, measure) == len(tracked)
    inside = tally["unknown"] if MEASURES[measure].unknown_in_denominator else 0
    assert whole["numerator"] == tally["on_time"]
    assert whole["denominator"] == tally["on_time"] + tally["late"] + inside
    assert [whole[name] for name in ("unknown", "not_due", "left_out")] == [
        tally[name] for name in ("unknown", "not_due", "left_out")
    ]
    assert decided["reason"].notna().all()


@slow
@given(caseloads(), st.sampled_from(PERIOD_MEASURES), st.sampled_from(LETTERS))
def test_groups_and_periods_add_up_to_the_whole(tracked, measure, letter):
    whole = timeliness(tracked, measure)[COUNTS].sum()
    for split in (
        timeliness(tracked, measure, by=["team", "stage"]),
        timeliness(tracked, measure, period=letter),
    ):
        assert split[COUNTS].sum().tolist() == whole.tolist()
        too_early = split["note"].str.startswith("the period has not begun")
        assert (split["percent"].isna() == ((split["denominator"] == 0) | too_early)).all()
        assert (split["note"].str.contains("no percentage") == (split["denominator"] == 0)).all()


@slow
@given(caseloads(), st.sampled_from(CASE_MEASURES))
def test_the_order_of_rows_and_the_company_they_keep_do_not_matter(tracked, measure):
    decided = parts(tracked, measure).astype({"part": str, "reason": str})
    backwards = parts(tracked.iloc[::-1], measure).astype({"part": str, "reason": str})
    pd.testing.assert_frame_equal(decided, backwards.sort_index())
    alone = [parts(tracked.iloc[[place]], measure)["part"].iloc[0] for place in range(len(tracked))]
    assert decided["part"].tolist() == alone


@slow
@given(caseloads())
def test_bands_sum_to_the_open_cases_and_the_list_holds_no_others(tracked):
    for by in ("stage", ["team", "stage"], None):
        assert backlog(tracked, by=by)["open"].sum() == tracked["is_open"].sum()
    listed = at_risk(tracked, days=10_000)
    assert set(listed["case_id"]) <= set(tracked.loc[tracked["is_open"], "case_id"])
    assert listed["case_id"].is_unique
    assert not listed.loc[listed["exempt"], "why"].str.contains("overdue").any()


@slow
@given(caseloads())
def test_a_row_plays_at_most_one_band_of_the_issued_cohort(tracked):
    for suffix in ("inc", "exc"):
        names = [f"{name}_{suffix}" for name in ("plans_issued_20wk", "plans_20_52wk", "plans_over_52wk")]
        tables = [timeliness(tracked, name).iloc[0] for name in names]
        assert len({(table["denominator"], table["unknown"], table["left_out"]) for table in tables}) == 1
        assert sum(table["numerator"] for table in tables) == tables[0]["denominator"] - tables[0]["unknown"]


@slow
@given(caseloads())
def test_received_and_due_cohorts_differ_in_their_periods_alone(tracked):
    due, received = (
        parts(tracked, name).astype({"part": str}) for name in ("plans_due_20wk", "plans_received_20wk")
    )
    assert due["part"].tolist() == received["part"].tolist()


@st.composite
def askings(draw):
    as_at = draw(AS_AT)
    rows = [ask for ask, _ in draw(st.lists(advice_rows(as_at), min_size=1, max_size=8))]
    return track_advice(frame(rows, ADVICE_DATES), as_at=as_at)


@slow
@given(askings(), st.sampled_from([None, *LETTERS]))
def test_every_asking_is_counted_once_and_the_two_tables_agree(tracked, letter):
    table = contributions(tracked, period=letter)
    columns = ["in_time", "late", "outstanding", "not_due", "unknown", "not_required"]
    assert table["requested"].sum() == len(tracked)
    assert table[columns].sum(axis=1).tolist() == table["requested"].tolist()
    measured = timeliness(tracked, "advice_6wk", by="advice_type", period=letter)
    assert counted(measured, "advice_6wk") == len(tracked)
    assert table[["in_time", "due"]].sum().tolist() == measured[["numerator", "denominator"]].sum().tolist()


def _contradicts_itself(row):
    """Dates that disagree about what came first: the record, read at two days, tells two stories."""
    facts = [row[name] for name in CASE_DATES if row[name] is not None and name != "closed_date"]
    closed_first = row["closed_date"] is not None and any(row["closed_date"] < fact for fact in facts)
    proofs = [row[name] for name in ("draft_sent_date", "plan_issued_date", "assessment_outcome_date")]
    decided = row["issue_decision_date"]
    starts = [row[name] for name in ("received_date", "responsible_date", "moved_in_date")]
    back = row["reversal_date"]  # a reversal before the request is refused by Case, and check reports it
    reversed_first = back is not None and any(day is not None and back < day for day in starts)
    return (
        closed_first
        or reversed_first
        or (decided is not None and any(p is not None and p < decided for p in proofs))
    )


@settings(slow, max_examples=60)
@given(st.data(), st.sampled_from(SETTLED))
def test_what_is_settled_at_a_limit_stays_settled(data, measure):
    first = data.draw(AS_AT)
    row = data.draw(case_rows(first))
    later = first + timedelta(days=data.draw(st.sampled_from([1, 30, 100, 400])))
    assume(not _contradicts_itself(row))
    table = frame([row], CASE_DATES).assign(case_id="c")
    then, now = (parts(track(table, as_at=day), measure).iloc[0] for day in (first, later))
    assume("unknown" not in (then["part"], now["part"]))
    assert _settled(then, first) == _settled(now, first)


def _settled(found, day):
    """The part and the day a row counts on, if that was before a day."""
    counts = found["part"] in ("on_time", "late") and found["falls_on"] < pd.Timestamp(day)
    return (found["part"], found["falls_on"]) if counts else None


@pytest.mark.parametrize("measure", SETTLED)
def test_a_settled_row_can_be_seen(measure):
    """The property above is not empty."""
    row = {"case_id": ["c"], "received_date": pd.to_datetime(["2025-01-06"]).astype("datetime64[s]")}
    found = parts(track(pd.DataFrame(row), as_at=date(2025, 12, 31)), measure).iloc[0]
    assert _settled(found, date(2025, 12, 31)) is not None
