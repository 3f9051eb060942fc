"""Segments and delay over hostile caseloads and advice: no gap, no overlap, and lateness that sums, as the slow oracle says."""

from collections import Counter
from datetime import timedelta

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ehcptime.questions.delay import delay_caused
from ehcptime.questions.last_in import last_in
from ehcptime.questions.segments import segments
from ehcptime.questions.stage_durations import stage_durations
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track
from oracle.draws import (
    ADVICE_DATES,
    ADVICE_OUTCOMES,
    ADVICE_TYPES,
    AS_AT,
    CASE_DATES,
    OFTEN,
    RARELY,
    RETURNS,
    around,
    blank_ask,
    blank_case,
)
from oracle.segments import charges, equal_charges, last_services, late_services, lateness
from oracle.segments import segments as slow_segments
from oracle.strategies import case_rows

DATES = (*CASE_DATES, "family_reply_date", "plan_final_override_date")
LATE = ("overdue", "met_late", "ended_late")
ANEW = ("reg_42", "reg_44", "reg_45")
FEW = settings(max_examples=max(settings.default.max_examples // 4, 1))


# Days from one step to the next: none, the plan's own, a day either side of it, and far too long.
GAPS = st.sampled_from([0, 1, 5, 13, 14, 15, 16, 27, 28, 29, 41, 42, 43, 60, 100])


@st.composite
def plain_rows(draw, as_at):
    """A case that goes through its steps in order, some of them without a day."""
    row = blank_case() | {"request_outcome": "Y"}
    day = row["received_date"] = as_at - timedelta(days=draw(st.integers(100, 420)))
    row["request_outcome_date"] = day = day + timedelta(days=draw(GAPS))
    if draw(RARELY):
        row["request_outcome"] = "N"
        row["reversal_date"] = day = day + timedelta(days=draw(GAPS))
        row["reversal_route"] = draw(st.sampled_from(["tribunal_order", "own_change", "unopposed", None]))
    for name in ("issue_decision_date", "draft_sent_date", "plan_issued_date"):
        day += timedelta(days=draw(GAPS))
        if draw(OFTEN):
            row[name] = day
    if draw(RARELY):
        row[draw(st.sampled_from(CASE_DATES))] = draw(st.one_of(st.none(), around(as_at)))
    return row


@st.composite
def askings(draw, row, as_at):
    """An asking near the decision to assess or any other date of its case, with or without its days."""
    known = [row[name] for name in CASE_DATES if row[name] is not None]
    ask = blank_ask() | {"sub_service": draw(st.sampled_from([None, None, "therapy"]))}
    ask["provider"] = draw(st.sampled_from([None, None, None, "trust"]))
    ask["exemption"] = "MISSED_APPT" if draw(RARELY) else None
    ask["advice_type"] = draw(st.sampled_from([*ADVICE_TYPES, "health", "psychology", "psychology", "?"]))
    asked = draw(around(as_at))
    near = row["request_outcome_date"] if draw(OFTEN) else draw(st.sampled_from([asked, *known]))
    if near is not None:
        asked = near + timedelta(days=draw(st.sampled_from([-5, -1, 0, 0, 1, 7, 10, 30, 60])))
    ask["requested_date"] = None if draw(RARELY) else asked
    if draw(RARELY):
        ask["body_received_date"] = asked + timedelta(days=draw(st.sampled_from([0, 3, 10, -1])))
    if draw(OFTEN):
        ask["returned_date"] = asked + timedelta(days=draw(RETURNS))
    ask["advice_outcome"] = draw(st.sampled_from([None] * 6 + ["rejected", *ADVICE_OUTCOMES]))
    ask["bound_by_reg_8"] = draw(st.sampled_from([None, None, 0, 1]))
    return ask


@st.composite
def told(draw):
    """Rows of cases and of advice, and the day to look."""
    as_at = draw(AS_AT)
    rows = draw(
        st.lists(st.one_of(plain_rows(as_at), plain_rows(as_at), case_rows(as_at)), min_size=1, max_size=4)
    )
    for number, row in enumerate(rows):
        row["case_id"] = f"c{number}"
        row["family_reply_date"] = row["plan_final_override_date"] = None
        if row["draft_sent_date"] and draw(st.booleans()):
            row["family_reply_date"] = row["draft_sent_date"] + timedelta(days=draw(st.integers(-1, 16)))
        if draw(RARELY):
            row["plan_final_override_date"] = draw(around(as_at))
    asks = {row["case_id"]: draw(st.lists(askings(row, as_at), max_size=5)) for row in rows}
    return rows, asks, as_at


def frame(rows, dates):
    made = pd.DataFrame(rows)
    for name in dates:
        made[name] = pd.to_datetime(made[name]).astype("datetime64[s]")
    return made


def tracked(rows, asks, as_at):
    cases = frame(rows, DATES)
    flat = [ask | {"case_id": case} for case, some in asks.items() for ask in some]
    empty = {**blank_ask(), "sub_service": None, "provider": None}
    advice = frame(flat or [empty], ADVICE_DATES).iloc[: len(flat)]
    return track(cases, as_at=as_at), track_advice(advice, as_at=as_at, cases=cases)


def joined(found):
    """Neighbours of one segment and service put together, whatever their reasons."""
    out = []
    for row in found.itertuples():
        days = None if row.days is pd.NA else int(row.days)
        if out and out[-1][:2] == (row.segment, row.service):
            out[-1] = (*out[-1][:3], out[-1][3] + days)
        elif days is None:
            out.append((row.segment, row.service, None, None))
        else:
            out.append((row.segment, row.service, row.from_date.date(), days))
    return out


@given(told())
def test_the_segments_of_a_case_follow_one_another_and_are_those_of_the_oracle(drawn):
    rows, asks, as_at = drawn
    cases, advice = tracked(*drawn)
    found = segments(cases, advice=advice)
    ages = cases.set_index("case_id")["age_days"]
    for row in rows:
        own = found[found["case_id"] == row["case_id"]]
        age = ages[row["case_id"]]
        assert (own["to_date"].iloc[:-1].to_numpy() == own["from_date"].iloc[1:].to_numpy()).all()
        if age is not pd.NA:
            assert own["days"].sum() == age
            assert ((own["to_date"] - own["from_date"]).dt.days == own["days"]).all()
            assert (own["days"] > 0).all() or (len(own), age) == (1, 0)
        expected = slow_segments(row, asks[row["case_id"]], as_at)
        assert joined(own) == expected or (age == 0 and not expected)
    assert set(found["case_id"]) == set(cases.loc[cases["stage"] != "not_received", "case_id"])
    assert (found.loc[found["segment"] == "family", "days"] <= 15).all()


@given(told())
def test_days_late_sum_to_the_days_over_and_are_those_of_the_oracle(drawn):
    rows, asks, as_at = drawn
    cases, advice = tracked(*drawn)
    late = cases[
        cases["plan_final_status"].isin(LATE)
        & (cases["closed_reason"].str.strip().str.lower() != "duplicate")
    ]
    found = delay_caused(cases, advice=advice, by=["case_id", "segment", "service"])
    equal = delay_caused(cases, advice=advice, by=["case_id", "segment", "service"], method="equal_share")
    own_days = segments(cases, advice=advice).groupby(["case_id", "segment"], observed=True)["days"].sum()
    assert set(found.loc[found["case_days"] > 0, "case_id"]) == set(late["case_id"])
    for _, case in late.iterrows():
        costs = found[(found["case_id"] == case["case_id"]) & (found["case_days"] > 0)]
        row = next(row for row in rows if row["case_id"] == case["case_id"])
        assert costs["case_days"].sum() == case["plan_final_days_over"]
        restart = row["reversal_date"] if case["plan_final_clock"] in ANEW else None
        known = row, asks[row["case_id"]], as_at, int(case["plan_final_days_over"]), restart
        assert _by_segment(costs) == _summed(lateness(*known))
        assert _charged(costs) == charges(*known)
        assert _charged(equal[equal["case_id"] == case["case_id"]]) == equal_charges(*known)
        for segment, days in _by_segment(costs).items():
            if segment != "unknown":
                assert days <= own_days[case["case_id"], segment]
    assert "family" not in set(found["service"]) | set(found["segment"])


def _by_segment(costs):
    return dict(costs.groupby("segment", observed=True)["case_days"].sum())


def _summed(slow):
    out = Counter()
    for (segment, _), days in slow.items():
        out[segment] += days
    return dict(out)


def _charged(costs):
    rows = costs[costs["case_days"] > 0]
    return {
        (segment, owner): days
        for segment, owner, days in rows[["segment", "service", "case_days"]].to_numpy()
    }


@given(told())
def test_whose_advice_was_last_and_whose_was_late_are_those_of_the_oracle(drawn):
    rows, asks, as_at = drawn
    cases, advice = tracked(*drawn)
    found = delay_caused(cases, advice=advice, by=["case_id", "service"])
    late = cases.loc[cases["plan_final_status"].isin(LATE), ["case_id", "closed_reason"]]
    late = late[late["closed_reason"].str.strip().str.lower() != "duplicate"]["case_id"].tolist()
    for row in rows:
        own = found[found["case_id"] == row["case_id"]]
        known = row, asks[row["case_id"]], as_at
        last = last_services(*known) if row["case_id"] in late else None
        others = set() if last is None else late_services(*known) - last
        assert set(own.loc[own["critical_cases"] == 1, "service"]) == (last or set())
        assert set(own.loc[own["late_not_last"] == 1, "service"]) == others


@FEW
@given(told(), st.sampled_from(["M", "Q", "Y", "FY", "AY"]))
def test_both_methods_and_every_split_sum_to_the_same_days(drawn, letter):
    cases, advice = tracked(*drawn)
    late = cases["plan_final_status"].isin(LATE) & (
        cases["closed_reason"].str.strip().str.lower() != "duplicate"
    )
    over = cases.loc[late].set_index("case_id")["plan_final_days_over"].astype(int).to_dict()
    for method in ("critical", "equal_share"):
        for given_advice in (advice, None):
            found = delay_caused(cases, advice=given_advice, by="case_id", method=method)
            assert found.loc[found["case_days"] > 0].set_index("case_id")["case_days"].to_dict() == over
        for by in ("service", "segment", ["segment", "service"]):
            table = delay_caused(cases, advice=advice, by=by, method=method, period=letter)
            assert table["case_days"].sum() == sum(over.values()) == table.attrs["case_days"]
            assert not (table[by] == "family").to_numpy().any()
            assert (table["cases"] <= len(over)).all()
            assert (table["median_days"].isna() == (table["cases"] == 0)).all()


@FEW
@given(told(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(drawn, random):
    cases, advice = tracked(*drawn)
    places = [list(range(len(some))) for some in (cases, advice)]
    for some in places:
        random.shuffle(some)
    moved, asked = cases.iloc[places[0]], advice.iloc[places[1]]
    for method in ("critical", "equal_share"):
        pd.testing.assert_frame_equal(
            delay_caused(moved, advice=asked, method=method),
            delay_caused(cases, advice=advice, method=method),
        )
    pd.testing.assert_frame_equal(last_in(moved, asked), last_in(cases, advice))
    pd.testing.assert_frame_equal(stage_durations(moved, advice=asked), stage_durations(cases, advice=advice))
    columns = ["case_id", "segment", "service", "from_date", "days", "basis"]
    one, other = (
        some[columns]
        .astype({"segment": str, "service": str, "basis": str})
        .sort_values(columns[:1] + columns[3:4], kind="stable")
        for some in (segments(moved, advice=asked), segments(cases, advice=advice))
    )
    pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True))


@FEW
@given(told())
def test_who_was_last_is_counted_once_in_every_late_case(drawn):
    cases, advice = tracked(*drawn)
    found = last_in(cases, advice)
    late = cases["plan_final_status"].isin(LATE) & (
        cases["closed_reason"].str.strip().str.lower() != "duplicate"
    )
    assert (found["told"] + found["untold"] == late.sum()).all()
    assert (found["last"] <= found["asked"]).all()
    assert (found["asked"] <= found["told"]).all()
    critical = delay_caused(cases, advice=advice).groupby("service", observed=True)["critical_cases"].sum()
    assert {s: n for s, n in critical.items() if n} == {
        r.service: r.last for r in found.itertuples() if r.last
    }


@FEW
@given(told())
def test_the_days_of_every_plan_issued_are_in_the_durations(drawn):
    cases, advice = tracked(*drawn)
    found = stage_durations(cases, advice=advice, by="stage")
    days = segments(cases, advice=advice).groupby("case_id")["days"].sum()
    issued = cases["plan_final_status"].isin(["met", "met_late"]) & (
        cases["closed_reason"].str.strip().str.lower() != "duplicate"
    )
    there = days[cases.loc[issued & cases["age_days"].notna(), "case_id"]]
    assert found["case_days"].sum() >= there.sum()
    assert (found["cases"] <= found["plans"]).all()
    assert (found["median_weeks"].isna() == (found["cases"] == 0)).all()
