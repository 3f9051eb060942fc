"""Checks of the askings for advice that need no case and no law."""

import numpy as np

from ehcptime.clock.counting import Mask
from ehcptime.records.checks import Check, Rows
from ehcptime.records.checks_common import before, common


def _not_dated(rows: Rows) -> Mask:
    return ~rows.given("requested_date")


def _bound_and_not_received(rows: Rows) -> Mask:
    """A body bound by regulation 8, asked, with no day on which it received the asking."""
    bound = (rows.facts.codes["bound_by_reg_8"] == 1) | (
        rows.coded("advice_type", "health") & (rows.facts.codes["bound_by_reg_8"] == 0)
    )
    limited = ~rows.coded("advice_outcome", "existing_sufficient", "withdrawn")
    return np.asarray(bound & limited & rows.given("requested_date") & ~rows.given("body_received_date"))


ADVICE_CHECKS: tuple[Check, ...] = (
    Check("advice_not_dated", "query", "requested_date", "no day of asking, so its limit cannot be worked out", _not_dated),
    *common("advice"),
    Check("returned_before_requested", "error", "returned_date", "returned before it was asked for: check both days", before("returned_date", "requested_date")),
    Check("body_received_before_requested", "query", "body_received_date", "received before it was sent: check both days", before("body_received_date", "requested_date")),
    Check("returned_before_body_received", "query", "body_received_date", "the body received the asking after it answered: check both days", before("returned_date", "body_received_date")),
    Check("allocated_before_requested", "query", "allocated_date", "a professional was allocated before the advice was asked for: check both days", before("allocated_date", "requested_date")),
    Check("returned_before_allocated", "query", "allocated_date", "a professional was allocated after the advice was returned: check both days", before("returned_date", "allocated_date")),
    Check("body_received_missing", "info", "body_received_date", "the day the body received the asking is not recorded, so its six weeks are counted from the day it was sent", _bound_and_not_received),
)  # fmt: skip
