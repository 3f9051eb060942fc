"""Askings for advice behind printed figures: all, answered, overdue, of one provider or of one service."""

import numpy as np

from ehcptime.clock.counting import Mask
from ehcptime.outputs.traced_cohorts import IN, Cohort, Given, by_day, cohort_of
from ehcptime.outputs.traced_questions import At
from ehcptime.questions.advice_cells import is_answered
from ehcptime.questions.bands import band_labels
from ehcptime.questions.overdue_advice import LIFTED, UNTOLD, WEEKS, is_untold, overdue_place
from ehcptime.questions.tracked import tracked_advice


def of_askings(at: At, given: Given) -> Cohort:
    """The askings for advice by status and the period in which each falls due; only those of one provider, if it is named."""
    advice = tracked_advice(at.advice)
    told = {"period": by_day(advice.days("due"), given.get("period"))}
    status = at.advice["status"].astype(str).to_numpy(dtype=object)
    return cohort_of("advice", at.advice, _of_provider(at, given), status, "of another provider", told)


def of_answers(at: At, given: Given) -> Cohort:
    """The answers by status and the period of return."""
    advice, found = tracked_advice(at.advice), of_askings(at, given)
    told = {"period": by_day(advice.days_by_then("returned_date"), given.get("period"))}
    inside = is_answered(advice) & (found.part == IN)
    return cohort_of("advice", at.advice, inside, found.reason, "not answered, or of another provider", told)


def of_overdue(at: At, given: Given) -> Cohort:
    """The askings that are past their limit, or of which that is not known."""
    advice, found = tracked_advice(at.advice), of_askings(at, given)
    overdue = advice.is_status("status", "overdue") | is_untold(advice)
    band = np.array([*band_labels(WEEKS), LIFTED], dtype=object)[overdue_place(advice, WEEKS)]
    told = {"overdue_band": np.where(advice.is_status("status", "unknown"), UNTOLD, band)}
    return cohort_of("advice", at.advice, overdue & (found.part == IN), found.reason, "not overdue", told)


def of_psychology(at: At, _: Given) -> Cohort:
    """The askings for psychological advice."""
    asked = at.advice["advice_type"].astype(str).eq("psychology").to_numpy()
    status = at.advice["status"].astype(str).to_numpy(dtype=object)
    return cohort_of("advice", at.advice, asked, status, "other advice", {})


def _of_provider(at: At, given: Given) -> Mask:
    wanted = given.get("provider")
    if not wanted or "provider" not in at.advice:
        return np.ones(len(at.advice), dtype=bool)
    names = at.advice["provider"].astype("string").str.strip().str.casefold()
    return names.eq(wanted.strip().casefold()).to_numpy(dtype=bool, na_value=False)
