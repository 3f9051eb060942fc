"""Two doors and a slow oracle that shares no code with them must give the same answers."""

from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from ehcptime.records.case import AdviceRequest, Case
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.timeline import timeline
from ehcptime.tracking.track import track
from frames import differences, frame, plain
from oracle.advice import track_ask
from oracle.cases import track_case
from oracle.strategies import advice_rows, case_rows

AS_AT = [date(2014, 12, 31), date(2020, 7, 1), date(2024, 2, 29), date(2025, 9, 10)]
CONVENTIONS = ["receipt_excluded", "receipt_is_day_one"]
RULES = ("request_decision", "plan_refusal", "issue_decision", "plan_final", "draft_comment")
READABLE = {
    "request_outcome": {"Y", "N", "A", "W", "H"},
    "assessment_outcome": {"Y", "N", "A", "W", "H"},
    "reversal_of": {"assess", "issue"},
    "reversal_route": {
        "mediation_agreement", "tribunal_order", "consent_order", "unopposed", "order_to_make", "own_change", "conceded"
    },
    "closed_reason": {"withdrawn", "moved_out", "died", "left_education", "duplicate", "other", "unknown"},
}  # fmt: skip


def caseloads(as_at):
    return st.lists(case_rows(as_at), min_size=1, max_size=25)


@given(st.data(), st.sampled_from(AS_AT), st.sampled_from(CONVENTIONS))
def test_every_case_of_a_frame_is_as_the_oracle_says(data, as_at, convention):
    rows = data.draw(caseloads(as_at))
    tracked = track(frame(rows), as_at=as_at, convention=convention)
    for place, row in enumerate(rows):
        expected = track_case(row, as_at=as_at, convention=convention)
        assert differences(tracked, expected, place) == {}, row


def readable(row):
    """Spell the codes as a Case wants them, or give None where one cannot be read."""
    case = dict(row)
    for name, allowed in READABLE.items():
        text = (row.get(name) or "").strip()
        spelt = {code.casefold(): code for code in allowed}.get(text.casefold())
        if text and spelt is None:
            return None
        case[name] = spelt
    reversed_on, received = row.get("reversal_date"), row.get("received_date")
    if reversed_on and received and reversed_on < received:
        return None  # a Case refuses it: the two days contradict each other
    return case


@given(st.data(), st.sampled_from(AS_AT), st.sampled_from(CONVENTIONS))
def test_one_case_and_a_frame_give_the_same_answer(data, as_at, convention):
    rows = [case for row in data.draw(caseloads(as_at)) if (case := readable(row)) is not None]
    if not rows:
        return
    tracked = track(frame(rows), as_at=as_at, convention=convention)
    for place, row in enumerate(rows):
        alone = timeline(Case(**{**row, "case_id": str(place)}), as_at=as_at, convention=convention)
        expected = {
            f"{rule}_{name}": getattr(alone[rule], name)
            for rule in RULES
            for name in ("due", "status", "days_over", "exempt", "breach")
        }
        whole = ("stage", "is_open", "age_days", "plan_final_clock", "plan_final_due_other")
        expected |= {name: getattr(alone, name) for name in whole}
        assert differences(tracked, expected, place) == {}, row
        assert alone.explain("plan_final")


@given(st.data(), st.sampled_from(AS_AT))
def test_every_asking_is_as_the_oracle_says(data, as_at):
    pairs = data.draw(st.lists(advice_rows(as_at), min_size=1, max_size=25))
    cases = frame([case or {"received_date": None} for _, case in pairs])
    asks = [{**ask, "case_id": str(number)} for number, (ask, _) in enumerate(pairs)]
    found = track_advice(frame(asks, "advice"), as_at=as_at, cases=cases)
    for place, (ask, case) in enumerate(pairs):
        expected = track_ask(ask, as_at=as_at, case=case or {"received_date": None})
        assert differences(found, expected, place) == {}, (ask, case)


@given(st.data(), st.sampled_from(AS_AT))
def test_an_asking_in_a_timeline_is_as_in_a_frame(data, as_at):
    ask, case = data.draw(advice_rows(as_at))
    case = readable(case or {"received_date": None})
    if case is None or (ask.get("advice_outcome") or "provided") not in {
        "provided", "not_known", "existing_sufficient", "rejected", "withdrawn"
    }:  # fmt: skip
        return
    found = track_advice(frame([{**ask, "case_id": "0"}], "advice"), as_at=as_at, cases=frame([case]))
    whole = timeline(
        Case(**{**case, "case_id": "0"}), as_at=as_at, advice=[AdviceRequest(**{**ask, "case_id": "0"})]
    )
    alone = next(d for d in whole if d.rule.startswith("advice"))
    for name in ("due", "status", "days_over", "exempt", "breach"):
        assert plain(found[name].iloc[0]) == getattr(alone, name), (name, ask, case)


@given(st.data(), st.sampled_from(AS_AT))
def test_rows_are_kept_and_do_not_depend_on_each_other(data, as_at):
    rows = data.draw(caseloads(as_at))
    cases = frame(rows)
    cut = data.draw(st.integers(0, len(rows)))
    before = cases.copy(deep=True)
    whole = track(cases, as_at=as_at)
    pd.testing.assert_frame_equal(cases, before)
    assert whole.index.equals(cases.index)
    parts = [track(part, as_at=as_at) for part in (cases.iloc[:cut], cases.iloc[cut:]) if len(part)]
    pd.testing.assert_frame_equal(pd.concat(parts), whole)
    pd.testing.assert_frame_equal(track(cases.iloc[::-1], as_at=as_at).iloc[::-1], whole)


@given(st.data(), st.sampled_from(AS_AT), st.integers(1, 400))
def test_moving_on_never_turns_overdue_into_running_unless_a_new_clock_starts(data, as_at, later):
    rows = data.draw(caseloads(as_at))
    cases = frame(rows)
    moved = date.fromordinal(as_at.toordinal() + later)
    before, after = track(cases, as_at=as_at), track(cases, as_at=moved)
    for rule in RULES:
        back = (before[f"{rule}_status"] == "overdue") & (after[f"{rule}_status"] == "running")
        new_clock = cases["reversal_date"].between(pd.Timestamp(as_at), pd.Timestamp(moved))
        assert not (back & ~new_clock).any()


@given(st.data(), st.sampled_from(AS_AT))
def test_days_over_are_positive_only_where_late_or_too_soon(data, as_at):
    tracked = track(frame(data.draw(caseloads(as_at))), as_at=as_at)
    for rule in RULES:
        over, status = tracked[f"{rule}_days_over"], tracked[f"{rule}_status"].astype(str)
        assert (over.isna() == status.isin(["unknown", "not_applicable"])).all()
        late = status.isin(["overdue", "met_late", "ended_late", "too_soon"])
        assert ((over.fillna(0) > 0) == late).all()
        assert not (tracked[f"{rule}_breach"] & ~late).any()
