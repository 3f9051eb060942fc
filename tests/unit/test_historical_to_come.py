"""An assessment coded H beside a request whose outcome is still to come: it is not known yet (Reading 3), so the case is not left out for it."""

import pytest

from ehcptime.questions.day_counts import OUTSIDE, day_counts
from ehcptime.questions.elapsed import HISTORICAL
from questions_frames import cases

ROW = {
    "received_date": "2025-09-01",
    "request_outcome": "Y",
    "request_outcome_date": "2025-09-11",
    "assessment_outcome": "H",
}


@pytest.mark.parametrize(("as_at", "open_", "historical"), [("2025-09-10", 1, 0), ("2025-09-11", 0, 1)])
def test_it_is_left_out_from_the_day_of_the_request_s_outcome(as_at, open_, historical):
    found = day_counts(cases([ROW], as_at))
    assert found.of("censored").sum() == open_
    assert found.outside[OUTSIDE.index(HISTORICAL)] == historical
