"""Exemption audit: how many plans have an exception recorded, whether reasons stand behind them, and what they do to the headline."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ehcptime.clock.counting import Mask
from ehcptime.questions.grouping import By, columns_of, groups_of
from ehcptime.questions.lines import COLUMNS as LINE_COLUMNS
from ehcptime.questions.lines import Line, tallied
from ehcptime.questions.parts import parts
from ehcptime.questions.rounding import percent
from ehcptime.questions.tracked import Tracked, as_at_column, tracked_cases
from ehcptime.records.frames import require
from ehcptime.tracking.exempt import code_of

COLUMNS = (*LINE_COLUMNS, "england", "as_at")
SUPPORTED = "plan_final_exempt_supported"
_SUPPORT = {"supported": "yes", "not_supported": "no", "cannot_be_told": "cannot_be_told"}
_FINAL = ("plan_final", "plan_after_reversal")  # one plan, by two names once a refusal was reversed
_NO_CLAIMS = "no exemptions were given"
_NO_SUPPORT = "the cases were tracked without their exemptions"


class Published(NamedTuple):
    """What DfE published for England: plans in the timeliness count, and those within 20 weeks, with and without exceptions."""

    year: int
    plans_inc: int
    plans_exc: int
    on_time_inc: int
    on_time_exc: int
    source: str

    def percents(self) -> dict[str, float]:
        """Per cent of plans with an exception, and of those that were on time anyway, by line."""
        exceptions = self.plans_inc - self.plans_exc
        on_time = self.on_time_inc - self.on_time_exc
        return {
            "exceptions": percent(exceptions, self.plans_inc),
            "exceptions_on_time": percent(on_time, exceptions),
        }


ENGLAND = Published(
    2024,
    90_392,
    84_866,
    41_448,
    39_407,
    "DfE, Education, health and care plans, 26 June 2025, 20-week timeliness",
)


def exemption_audit(
    tracked: pd.DataFrame, *, exemptions: pd.DataFrame | None = None, by: By = None
) -> pd.DataFrame:
    """Audit the exceptions (`week20` = 1) among the plans of DfE's timeliness count.

    Gives one row per group and line: the columns of `by`; `line`; `count`, out of `of`, which `out_of` names; `percent`, to one
    decimal; `note`; `england`, the figure of ENGLAND, where there is one; `as_at`. The lines:

    - `exceptions` among the plans; `exceptions_on_time`, `exceptions_late`, `exceptions_unknown` (duration), which sum to them;
    - `no_reason`: exceptions without a claim in `exemptions` that names a code for the final plan; `claim_not_recorded`: plans with such
      a claim and `week20` not set, so that DfE's headline does not leave them out. Both need `exemptions`;
    - `supported`, `not_supported`, `cannot_be_told`: what the dates of the claims show of the exceptions, which they sum to, where
      `track` was given the exemptions. Dates can support a claim; that it made the limit impractical is a person's judgement;
    - `headline_as_recorded` (`plans_issued_20wk_exc`), `headline_none_accepted` (no exception counts), `headline_supported_only`.

    Where every plan is an exception the headline cannot be computed, and the note says so. Errors are those of `parts`, and InputError
    for exemptions without `case_id`, `rule` or `code`. `exemption_case_ids` opens each count.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-01-01", "2025-01-01"]),
    ...     "assessment_outcome": ["Y", "Y"], "assessment_outcome_date": pd.to_datetime(["2025-05-21", "2025-06-02"]),
    ...     "week20": [0, 1], "stage": "closed", "is_open": False, "age_days": [140, 152], "as_at": pd.Timestamp("2025-07-31")})
    >>> audit = exemption_audit(tracked).set_index("line")
    >>> audit.loc["exceptions", ["count", "of", "percent", "england"]].tolist() == [1, 2, 50.0, 6.1]
    True
    >>> audit.loc[["headline_as_recorded", "headline_none_accepted"], "percent"].tolist()
    [100.0, 50.0]
    """
    columns = columns_of(by, tracked, COLUMNS)
    groups = groups_of(tracked, columns)
    table = tallied(exemption_lines(tracked, exemptions), groups.place, groups.labels)
    england = pd.Series(table["line"].map(ENGLAND.percents()), dtype="Float64")
    return table.assign(england=england, as_at=as_at_column(tracked, len(table)))


def exemption_lines(tracked: pd.DataFrame, exemptions: pd.DataFrame | None) -> list[Line]:
    """Give the lines of the audit."""
    cases = tracked_cases(tracked)
    part = parts(tracked, "plans_issued_20wk_inc")["part"]
    plans = part.isin(["on_time", "late", "unknown"]).to_numpy()
    excepted = plans & cases.is_set("week20")
    found = [Line("exceptions", excepted, plans, "plans")]
    found += [
        Line(f"exceptions_{name}", excepted & part.eq(name).to_numpy(), excepted, "exceptions")
        for name in ("on_time", "late", "unknown")
    ]
    found += _reasons(tracked, exemptions, plans, excepted)
    support = _support(cases)
    cannot = "" if SUPPORTED in tracked else _NO_SUPPORT
    found += [Line(name, excepted & mask, excepted, "exceptions", cannot) for name, mask in support.items()]
    on_time = part.eq("on_time").to_numpy()
    nothing = np.zeros(len(tracked), dtype=bool)
    return [
        *found,
        _headline("headline_as_recorded", on_time, plans, excepted),
        _headline("headline_none_accepted", on_time, plans, nothing),
        _headline("headline_supported_only", on_time, plans, excepted & support["supported"], cannot),
    ]


def _headline(name: str, on_time: Mask, plans: Mask, accepted: Mask, cannot: str = "") -> Line:
    left = plans & ~accepted
    words = "left out as exceptions"
    return Line(name, on_time & left, left, "plans that are not exceptions", cannot, {words: accepted})


def _reasons(
    tracked: pd.DataFrame, exemptions: pd.DataFrame | None, plans: Mask, excepted: Mask
) -> list[Line]:
    claimed = np.zeros(len(tracked), dtype=bool)
    cannot = _NO_CLAIMS
    if exemptions is not None:
        require(exemptions, "exemptions")
        of_plan = exemptions["rule"].isin(_FINAL) & (exemptions["code"].map(code_of) != "")
        claimed = tracked["case_id"].isin(exemptions.loc[of_plan, "case_id"]).to_numpy()
        cannot = ""
    return [
        Line("no_reason", excepted & ~claimed, excepted, "exceptions", cannot),
        Line("claim_not_recorded", plans & claimed & ~excepted, plans, "plans", cannot),
    ]


def _support(cases: Tracked) -> dict[str, Mask]:
    """What the dates of the claims show; an exception of which nothing is said cannot be told."""
    if SUPPORTED not in cases.frame:
        return {name: np.zeros(cases.size, dtype=bool) for name in _SUPPORT}
    says = {name: cases.frame[SUPPORTED].eq(value).to_numpy() for name, value in _SUPPORT.items()}
    return says | {"cannot_be_told": ~says["supported"] & ~says["not_supported"]}
