"""What the authority's own record says about arrivals, decisions and work done."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ehcptime.clock.counting import NOT_YET, Days, Mask, is_day
from ehcptime.errors import InputError
from ehcptime.questions.tracked import Tracked

YEAR, HALF = 364, 182
_LEAST = 13 * 7  # days of record below which no level is taken from it


@dataclass(frozen=True, eq=False)
class History:
    """Counts of the last year or half year before `as_at`, and how far back the record goes."""

    cases: Tracked

    @property
    def days(self) -> int:
        """Days from the first known start to `as_at`; 0 with no cases."""
        starts = self._starts()
        return int(self.cases.as_at - starts.min()) + 1 if len(starts) else 0

    def arrivals(self) -> tuple[float, float]:
        """Requests a week over the last year, or as far back as there is a record, and the weeks that this is."""
        span = self._span(YEAR)
        return self._within(self._starts(), span) / (span / 7), span / 7

    def month_weights(self) -> tuple[float, ...] | None:
        """Arrivals by calendar month against an even year; none with less than two years of record."""
        if self.days < 2 * YEAR:
            return None
        starts = self._starts()
        recent = starts[starts > self.cases.as_at - 2 * YEAR]
        months = recent.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
        counts = np.bincount(months, minlength=12)
        return tuple(float(weight) for weight in counts * 12 / counts.sum())

    def refused(self) -> tuple[int, int]:
        """Decisions of the last year that refused to assess, and all of them."""
        return self._share("request_outcome")

    def no_plan(self) -> tuple[int, int]:
        """Assessments finished in the last year that led to no plan, and all of them."""
        return self._share("assessment_outcome")

    def finished(self) -> float:
        """Assessments finished a week over the last half year, with a plan or without."""
        span = self._span(HALF)
        issued = self._final()
        refused = self.cases.days("assessment_outcome_date")[self.cases.is_code("assessment_outcome", "N")]
        return (self._within(issued, span) + self._within(refused, span)) / (span / 7)

    def issued(self) -> float:
        """First plans issued a week over the last half year."""
        span = self._span(HALF)
        return self._within(self._final(), span) / (span / 7)

    def draft_to_final(self) -> Days:
        """Days from the draft to the first final, of the plans of the last year that have both; in rising order."""
        draft, final = np.broadcast_to(self.cases.now.draft, self.cases.size), self._final()
        known = is_day(draft) & is_day(final) & (draft <= final) & (final > self.cases.as_at - YEAR)
        return np.sort((final - draft)[known])

    def _final(self) -> Days:
        return np.broadcast_to(self.cases.now.final, self.cases.size)

    def _starts(self) -> Days:
        start = np.broadcast_to(self.cases.now.start, self.cases.size)
        counts: Mask = is_day(start) & (start <= self.cases.as_at) & ~self.cases.now.is_duplicate
        return start[counts]

    def _span(self, longest: int) -> int:
        if self.days < _LEAST:
            raise InputError(
                f"the record goes back {self.days} days, too short to take levels from it (13 weeks are needed): "
                f"give arrivals, refused, no_plan and capacity"
            )
        return min(longest, self.days)

    def _within(self, days: npt.NDArray[np.int32], span: int) -> int:
        return int(((days > self.cases.as_at - span) & (days <= self.cases.as_at)).sum())

    def _share(self, outcome: str) -> tuple[int, int]:
        span = self._span(YEAR)
        day = self.cases.days(f"{outcome}_date")
        if outcome == "assessment_outcome":
            day = np.minimum(day, self._final())
        counts = {
            code: self._within(np.where(self.cases.is_code(outcome, code), day, np.int32(NOT_YET)), span)
            for code in ("Y", "N")
        }
        return counts["N"], sum(counts.values())
