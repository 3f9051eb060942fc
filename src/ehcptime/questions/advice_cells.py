"""Cells of an answer about advice: groups of askings by any columns, by rule and by period, and the days each took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, Mask, is_day
from ehcptime.questions.grouping import NO_LIMIT, groups_of, texts
from ehcptime.questions.periods import places_of
from ehcptime.questions.tracked import Tracked
from ehcptime.records.arrays import codes_of

KINDS = {"advice_body": "statutory", "advice_other": "guidance"}
MISSED = "MISSED_APPT"  # regulation 8(2)(c)

Counts = npt.NDArray[np.intp]
Lags = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cells:
    """Place of each row's cell, and one row of labels per cell: the columns grouped by and `period`."""

    place: npt.NDArray[np.intp]
    labels: pd.DataFrame

    @property
    def columns(self) -> list[str]:
        """Columns grouped by."""
        return [str(column) for column in self.labels if column != "period"]

    @property
    def kinds(self) -> "pd.Series[str]":
        """Whether the limit of each cell is statutory or guidance."""
        return texts([KINDS.get(rule, NO_LIMIT) for rule in self.labels["rule"]])

    def counts(self, masks: Mapping[str, Mask]) -> dict[str, Counts]:
        """Count in each cell the rows for which each mask is true."""
        return {
            name: np.bincount(self.place[mask], minlength=len(self.labels)) for name, mask in masks.items()
        }

    def medians(self, lags: Lags) -> "pd.Series[float]":
        """Median of each cell over the values that are there."""
        found = pd.Series(lags).groupby(self.place).median()
        return found.reindex(range(len(self.labels))).astype("Float64").reset_index(drop=True)


def with_rule(columns: Sequence[str]) -> list[str]:
    """Columns to group askings by, `rule` among them: the rules are never added together."""
    return list(dict.fromkeys([*columns, "rule"]))


def cells_of(frame: pd.DataFrame, columns: Sequence[str], falls_on: Days, period: str | None) -> Cells:
    """Group rows by columns and by the period in which a day falls; those with no day are in `unknown`."""
    groups = groups_of(frame, columns, blank={"rule": NO_LIMIT})
    place, periods = places_of(falls_on, period)
    used, cell = np.unique(groups.place * len(periods) + place, return_inverse=True)
    labels: pd.DataFrame = groups.labels.iloc[used // len(periods)].reset_index(drop=True)
    return Cells(cell, labels.assign(period=texts([periods[number] for number in used % len(periods)])))


def start_days(advice: Tracked) -> Days:
    """Day that each limit is counted from: that of receipt where it is held and counts, else that of asking."""
    basis = advice.frame.get("start_basis", pd.Series("sent", index=advice.frame.index))
    by_receipt = basis.eq("received").to_numpy(dtype=bool, na_value=False)
    return np.where(by_receipt, advice.days("body_received_date"), advice.days("requested_date"))


def answer_lags(advice: Tracked) -> Lags:
    """Days from the start of the limit to the answer; missing where either day is, or where no limit applies."""
    took = advice.days_by_then("returned_date") - start_days(advice)
    counts = is_day(took) & (took >= 0) & ~advice.is_status("status", "not_applicable")
    return np.where(counts, took, np.nan)


def asking_lags(advice: Tracked) -> Lags:
    """Days from the decision to assess to the asking, which are the authority's; missing where not known."""
    lag = advice.frame.get("asked_after_days", pd.Series(np.nan, index=advice.frame.index))
    return np.asarray(lag.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def has_outcome(advice: Tracked, *outcomes: str) -> Mask:
    """True where the outcome, as it stood at `as_at`, is one of these."""
    returned = advice.days("returned_date")
    seen: Mask = (returned <= advice.as_at) | (returned == NOT_YET)
    return seen & advice.is_code("advice_outcome", *outcomes)


def is_answered(advice: Tracked) -> Mask:
    """True where an answer came by `as_at`, on a day that is recorded or not."""
    dated: Mask = advice.days_by_then("returned_date") != NOT_YET
    return dated | has_outcome(advice, "provided", "not_known", "rejected")


def missed_appointment(advice: Tracked) -> Mask:
    """True where a missed appointment lifts the body's own six weeks; it never lifts a limit on the authority."""
    if "exemption" not in advice.frame:
        return np.zeros(advice.size, dtype=bool)
    missed: Mask = codes_of(advice.frame["exemption"], (MISSED,)) == 1
    return missed & advice.is_set("exempt")
