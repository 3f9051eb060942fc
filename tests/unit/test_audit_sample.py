"""The audit sample: reproducible, in proportion, with one of each group; and the sheet that goes with it."""

from datetime import date
from fractions import Fraction
from hashlib import sha256

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError
from ehcptime.outputs.audit_sheets import audit_sheet, audit_sheets
from ehcptime.questions.audit_sample import allocated, audit_sample
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.records.extract import Extract
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track
from questions_frames import advice, cases

AS_AT = date(2025, 3, 31)


@pytest.fixture(scope="module")
def extract():
    return simulate(1_000, as_at=AS_AT, seed=5)


@pytest.fixture(scope="module")
def tracked(extract):
    return track(extract.cases, as_at=AS_AT)


def by_hand(sizes, n):
    """Largest remainder in fractions: groups whose share is below one have one, until none is; then floors, then remainders."""
    small = set()
    while True:
        rest = [place for place in range(len(sizes)) if place not in small]
        whole, left = sum(sizes[place] for place in rest), n - len(small)
        below = {place for place in rest if Fraction(sizes[place] * left, whole) < 1}
        if not below:
            break
        small |= below
    shares = {place: Fraction(sizes[place] * left, whole) for place in rest}
    given_out = dict.fromkeys(small, 1) | {place: int(share) for place, share in shares.items()}
    over = n - sum(given_out.values())
    for place in sorted(shares, key=lambda place: (int(shares[place]) - shares[place], place))[:over]:
        given_out[place] += 1
    return [given_out[place] for place in range(len(sizes))]


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12), st.data())
def test_places_are_shared_by_largest_remainder(sizes, data):
    n = data.draw(st.integers(len(sizes), sum(sizes)))
    found = allocated(np.array(sizes), n).tolist()
    assert found == by_hand(sizes, n)
    assert sum(found) == n
    assert all(1 <= part <= size for part, size in zip(found, sizes, strict=True))


def test_the_same_seed_draws_the_same_cases_in_any_order_of_rows(tracked):
    drawn = audit_sample(tracked, n=40, seed=7, by=["stage", "outcome"])
    again = audit_sample(tracked.sample(frac=1, random_state=3), n=40, seed=7, by=["stage", "outcome"])
    pd.testing.assert_frame_equal(drawn, again)
    other = audit_sample(tracked, n=40, seed=8, by=["stage", "outcome"])
    assert set(other["case_id"]) != set(drawn["case_id"])


def test_the_draw_can_be_repeated_with_nothing_but_a_hash(tracked):
    drawn = audit_sample(tracked, n=12, seed=7, by=[])
    there = tracked[tracked["stage"].ne("not_received")]
    ids = sorted(there["case_id"], key=lambda name: sha256(f"7:{name}".encode()).hexdigest())
    assert drawn["case_id"].tolist() == ids[:12]
    assert drawn["draw"].tolist() == list(range(1, 13))


def test_every_group_is_there_and_the_counts_are_of_all_cases(tracked):
    drawn = audit_sample(tracked, n=30, seed=1, by=["stage"])
    sizes = tracked.loc[tracked["stage"].ne("not_received"), "stage"].astype(str).value_counts()
    for stage, rows in drawn.groupby("stage"):
        assert (rows["cases"] == sizes[stage]).all()
        assert (rows["sampled"] == len(rows)).all()
    assert set(drawn["stage"]) == set(sizes.index)
    assert len(drawn) == drawn["case_id"].nunique() == 30


def test_a_larger_sample_of_one_group_holds_a_smaller(tracked):
    few, many = (audit_sample(tracked, n=n, seed=2, by=[])["case_id"].tolist() for n in (5, 25))
    assert many[:5] == few


def test_outcomes_and_services_are_worked_out():
    rows = [
        {
            "received_date": "2024-01-08",
            "request_outcome": "Y",
            "request_outcome_date": "2024-02-01",
            "plan_issued_date": "2024-05-01",
        },
        {"received_date": "2024-01-08", "request_outcome": "N", "request_outcome_date": "2024-02-01"},
        {"received_date": "2024-01-08", "assessment_outcome": "N", "assessment_outcome_date": "2024-04-01"},
        {"received_date": "2024-01-08", "closed_date": "2024-03-01"},
        {"received_date": "2025-03-01"},
        {"received_date": "2026-03-01"},
        {"received_date": "2025-03-01", "closed_reason": "duplicate"},
    ]
    asked = advice(
        [
            {"case_id": "c0", "advice_type": "health", "requested_date": "2024-02-05"},
            {"case_id": "c0", "advice_type": "health", "requested_date": "2024-02-06"},
            {"case_id": "c2", "advice_type": "health", "requested_date": "2024-02-05"},
            {"case_id": "c2", "advice_type": "psychology", "requested_date": "2024-02-05"},
        ],
        "2025-03-31",
    )
    drawn = audit_sample(cases(rows, "2025-03-31"), n=9, seed=1, by=["outcome", "service"], advice=asked)
    assert drawn.set_index("case_id")[["outcome", "service"]].sort_index().to_numpy().tolist() == [
        ["plan", "health"],
        ["refused_to_assess", "no advice asked for"],
        ["refused_to_issue", "more than one service"],
        ["ended_otherwise", "no advice asked for"],
        ["open", "no advice asked for"],
    ]


def test_what_cannot_be_drawn_is_refused(tracked):
    with pytest.raises(CommandError, match="n must be 1 or more"):
        audit_sample(tracked, n=0, seed=1)
    with pytest.raises(CommandError, match="cannot hold a case of each of"):
        audit_sample(tracked, n=2, seed=1, by=["stage"])
    with pytest.raises(CommandError, match="no column 'place'"):
        audit_sample(tracked, n=9, seed=1, by=["place"])
    with pytest.raises(CommandError, match="give advice= for 'service'"):
        audit_sample(tracked, n=9, seed=1, by=["service"])


def test_no_cases_and_fewer_than_asked_for(tracked):
    assert len(audit_sample(tracked.iloc[:0], n=5, seed=1)) == 0
    assert len(audit_sample(tracked.head(3), n=5, seed=1, by=["case_id"])) == 3


def test_a_service_needs_advice_of_the_same_day(extract, tracked):
    asked = track_advice(extract.advice, as_at=AS_AT, cases=extract.cases)
    assert len(audit_sample(tracked, n=40, seed=1, by="service", advice=asked)) == 40


def test_the_sheet_has_the_sums_and_room_for_the_auditor():
    case = Case(
        case_id="JSC",
        received_date=date(2025, 4, 2),
        assessment_outcome="N",
        assessment_outcome_date=date(2025, 10, 21),
    )
    asked = AdviceRequest(case_id="JSC", advice_type="psychology", requested_date=date(2025, 6, 9))
    sheet = audit_sheet(case, as_at=date(2025, 11, 1), advice=[asked]).set_index("rule")
    assert sheet.loc["plan_refusal", "sum"] == "2 April 2025 + 112 days = 23 July 2025"
    assert sheet.loc["plan_refusal", "days_over"] == 90
    assert sheet.loc["advice_other", "sum"] == "9 June 2025 + 42 days = 21 July 2025"
    assert sheet[["date_on_file", "agrees", "auditor_note"]].isna().to_numpy().all()


def test_a_lifted_limit_is_not_due_on_the_sheet():
    case = Case(case_id="L", received_date=date(2025, 4, 2), week20=True)
    row = audit_sheet(case, as_at=date(2025, 11, 1)).set_index("rule").loc["plan_final"]
    assert pd.isna(row["due"])
    assert pd.isna(row["days_over"])
    assert row["sum"] == ""
    assert "claimed to be lifted" in row["outcome"]


def test_sheets_of_a_sample_say_of_a_case_that_cannot_be_read_why(extract):
    frame = pd.DataFrame(
        {
            "case_id": ["A", "B"],
            "received_date": pd.to_datetime(["2025-04-02"] * 2),
            "request_outcome": ["Q", "A"],
        }
    )
    sheets = audit_sheets(Extract(frame), ["A", "B"], as_at=date(2025, 11, 1))
    assert sheets["case_id"].value_counts().to_dict() == {"A": 1, "B": 5}
    assert sheets["outcome"].iloc[0].startswith("cannot be worked out, because Case, request_outcome")
    assert len(audit_sheets(extract, [], as_at=AS_AT)) == 0
