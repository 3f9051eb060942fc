"""A case and an asking: what they accept, and what they say when they do not."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from pydantic import ValidationError

from ehcptime.errors import InputError
from ehcptime.records.case import AdviceRequest, Case

DAY = date(2025, 4, 2)


def test_a_time_of_day_is_dropped():
    assert Case(case_id="A", received_date=datetime(2025, 4, 2, 17, 30)).received_date == DAY
    assert Case(case_id="A", received_date=pd.Timestamp("2025-04-02 09:00")).received_date == DAY


@pytest.mark.parametrize("blank", [None, pd.NaT, float("nan")])
def test_a_blank_day_is_none(blank):
    assert Case(case_id="A", received_date=DAY, draft_sent_date=blank).draft_sent_date is None


def test_codes_are_read_without_regard_to_case_or_space():
    case = Case(case_id="A", received_date=DAY, request_outcome=" y ", reversal_route="Tribunal_Order")
    assert (case.request_outcome, case.reversal_route) == ("Y", "tribunal_order")


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"received_date": "02/04/2025"}, "received_date: give a date"),
        ({"received_date": datetime(2025, 4, 2, tzinfo=UTC)}, "time zone"),
        ({"received_date": 45748}, "received_date: give a date"),
        ({"received_date": DAY, "recieved": DAY}, "Case has no 'recieved'"),
        ({}, "Case needs 'received_date'"),
        ({"received_date": DAY, "request_outcome": "yes"}, "request_outcome"),
        ({"received_date": DAY, "reversal_route": "appeal"}, "reversal_route"),
        ({"received_date": DAY, "age_at_request": 90}, "age_at_request"),
    ],
)
def test_a_mistake_is_one_sentence_that_names_the_column(facts, says):
    with pytest.raises(InputError) as caught:
        Case(case_id="A", **facts)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_value_is_repeated_in_an_error():
    with pytest.raises(InputError) as caught:
        Case(case_id="A", received_date="Jane Doe")
    assert "Jane" not in str(caught.value)


def test_a_case_is_frozen():
    case = Case(case_id="A", received_date=DAY)
    with pytest.raises(ValidationError):
        case.received_date = None


def test_a_case_comes_back_from_json():
    case = Case(case_id="A", received_date=DAY, request_outcome="Y", request_outcome_date=date(2025, 5, 1))
    assert Case.model_validate_json(case.model_dump_json()) == case


def test_an_asking_needs_a_known_kind_of_advice():
    with pytest.raises(InputError, match="advice_type"):
        AdviceRequest(case_id="A", advice_type="speech", requested_date=DAY)
