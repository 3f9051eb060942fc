"""What bad data can do to a figure: the headline, and its range whatever the flagged rows really are."""

from collections.abc import Collection
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.clock.counting import Mask
from ehcptime.errors import CommandError, InputError
from ehcptime.questions.askings import NO_LIMIT
from ehcptime.questions.elapsed import DUPLICATE, EXCEPTED, FLAGGED, HISTORICAL, NO_DECISION
from ehcptime.questions.measures import Measure, measure_of
from ehcptime.questions.parts import parts
from ehcptime.questions.rounding import percent
from ehcptime.records.checks import NOT_SHOWN, PROBLEM_COLUMNS, SEVERITIES
from ehcptime.records.checks_unread import NOT_READ
from ehcptime.records.columns import COLUMNS

_COUNTED = ("on_time", "late", "unknown")
# No measure reads these dates, and no date changes these reasons.
_READ_BY_NONE = ("plan_start_date", "panel_date", "last_contact_date", "last_assessed_date")
_SETTLED = (DUPLICATE, HISTORICAL, FLAGGED, EXCEPTED, NO_DECISION, NO_LIMIT)


@dataclass(frozen=True)
class Effect:
    """A figure and what its flagged rows could make of it; `str()` gives the sentence.

    `numerator` and `denominator` are the headline's. `flagged` rows are in the cohort, or could be: they play the part on_time,
    late or unknown, or a date of theirs could not be read. `sure_numerator` and `sure_denominator` count the rest. `outside` rows
    are flagged too, and left out or not yet due, so they are in no figure and move none.
    """

    measure: Measure
    numerator: int
    denominator: int
    flagged: int
    sure_numerator: int
    sure_denominator: int
    outside: int

    @property
    def percent(self) -> Any:
        """The headline, to one decimal as DfE rounds; missing where nothing can be divided."""
        return percent(self.numerator, self.denominator)

    @property
    def lowest(self) -> Any:
        """The figure if every flagged row were late."""
        return percent(self.sure_numerator, self.sure_denominator + self.flagged)

    @property
    def highest(self) -> Any:
        """The figure if every flagged row were on time."""
        return percent(self.sure_numerator + self.flagged, self.sure_denominator + self.flagged)

    def __str__(self) -> str:
        """The figure and its range, in words."""
        said = _headline(self) + _range(self)
        return said + (f"; {_rows(self.outside)} not in it" if self.outside else "")

    def _repr_html_(self) -> str:
        return f"<p>{escape(str(self))}</p>"


def effect(
    problems: pd.DataFrame,
    tracked: pd.DataFrame,
    measure: str | Measure,
    *,
    severities: Collection[str] = ("error",),
    advice: pd.DataFrame | None = None,
) -> Effect:
    """Say what a measure is, and between which values it must lie whatever the flagged rows really are.

    `problems` come from `check`, `tracked` from `track` (or from `track_advice` for `advice_6wk`), and hold the rows of one
    figure: filter them first to ask about a group or a period. A row is flagged by a problem of one of the `severities` in its
    own table; a problem about no one case flags none. Flagged rows whose part is on_time, late or unknown may turn out to be any of
    these, or to be out of the figure: the range holds every such case, and the exact share of the headline. Flagged rows that
    are left out or not yet due stay where they are and are counted in `outside`, unless a date of theirs that the measure may
    rest on could not be read (`date_not_read`): it may have put them into the figure, so the range holds that too. `advice` is for
    `plans_20wk_all_advice`.

    Raises CommandError for an unknown measure or severity, InputError for a frame that is not what `check` or `track` gives.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b", "c"], "received_date": pd.to_datetime(["2025-01-01"] * 3), "assessment_outcome": "Y",
    ...     "assessment_outcome_date": pd.to_datetime(["2025-05-21", "2025-05-22", "2024-12-01"]),
    ...     "stage": "closed", "is_open": False, "age_days": [140, 141, None], "as_at": pd.Timestamp("2025-06-30")})
    >>> problems = pd.DataFrame({"case_id": ["c"], "code": ["assessment_outcome_before_received"], "severity": ["error"],
    ...     "column": ["assessment_outcome_date"], "value": ["2024-12-01"], "message": [""]})
    >>> print(effect(problems, tracked, "plans_issued_20wk_inc"))
    33.3 per cent, between 33.3 and 66.7 whatever the 1 bad row is
    """
    chosen = measure_of(measure)
    decided = parts(tracked, chosen, advice=advice)
    _refuse_mixed(tracked, chosen)
    found = _of_severity(problems, severities)
    may_be_in = _unread(found, tracked, chosen) & ~decided["reason"].isin(_SETTLED).to_numpy()
    part = decided["part"].astype(str).to_numpy()
    return _effect(part, _flagged(found, tracked, chosen), may_be_in, chosen)


def _unread(problems: pd.DataFrame, tracked: pd.DataFrame, measure: Measure) -> Mask:
    """Rows that a date nobody could read may put into a figure; it can close a case and open none."""
    if measure.cohort == "open":
        return np.zeros(len(tracked), dtype=np.bool_)
    unread = problems[problems["code"].eq(NOT_READ) & ~problems["column"].isin(_READ_BY_NONE)]
    return _flagged(unread, tracked, measure)


def _effect(part: "np.ndarray[Any, Any]", flagged: Mask, may_be_in: Mask, measure: Measure) -> Effect:
    counted = _COUNTED if measure.unknown_in_denominator else _COUNTED[:2]
    on_time, inside, could = part == "on_time", np.isin(part, counted), np.isin(part, _COUNTED) | may_be_in
    return Effect(
        measure=measure,
        numerator=int(on_time.sum()),
        denominator=int(inside.sum()),
        flagged=int((flagged & could).sum()),
        sure_numerator=int((on_time & ~flagged).sum()),
        sure_denominator=int((inside & ~flagged).sum()),
        outside=int((flagged & ~could).sum()),
    )


def _of_severity(problems: pd.DataFrame, severities: Collection[str]) -> pd.DataFrame:
    if isinstance(severities, str) or not set(severities) <= set(SEVERITIES):
        raise CommandError(f"severities are a list of some of {', '.join(SEVERITIES)}")
    for column in PROBLEM_COLUMNS:
        if column not in problems:
            raise InputError(f"the problems have no column {column!r}: give the result of check")
    return problems[problems["severity"].isin(list(severities)) & problems["case_id"].notna()]


def _refuse_mixed(tracked: pd.DataFrame, measure: Measure) -> None:
    if measure.family == "advice" and len(tracked["rule"].dropna().unique()) > 1:
        raise InputError(
            f"measure {measure.id!r} never adds bodies bound by regulation 8 to others: give the rows of one rule"
        )


def _flagged(problems: pd.DataFrame, tracked: pd.DataFrame, measure: Measure) -> Mask:
    """Rows with a problem of their own: of the case, of the very asking, or of either for plans with all advice."""
    if measure.family == "advice":
        return _flagged_askings(problems[problems["column"].isin(COLUMNS["advice"])], tracked)
    tables = ("cases", "advice") if measure.family == "all_advice" else ("cases",)
    own = problems["column"].isin([column for table in tables for column in COLUMNS[table]])
    return tracked["case_id"].isin(problems.loc[own, "case_id"]).to_numpy()


def _flagged_askings(problems: pd.DataFrame, tracked: pd.DataFrame) -> Mask:
    """Askings of the case that hold the value that the problem shows; all of them where it shows none that can be compared."""
    flagged = np.zeros(len(tracked), dtype=np.bool_)
    for name, own in problems.groupby("column"):
        column = str(name)
        compared = column in tracked and COLUMNS["advice"][column].kind in ("date", "code", "flag")
        untold = own["value"].eq(NOT_SHOWN) | (not compared)
        flagged |= tracked["case_id"].isin(own.loc[untold, "case_id"]).to_numpy()
        if compared:
            rows = pd.MultiIndex.from_arrays([tracked["case_id"], _texts(tracked[column])])
            held = own["value"].mask(own["code"].eq(NOT_READ), "")  # what was not read is blank in the frame
            flagged |= rows.isin(pd.MultiIndex.from_arrays([own["case_id"], held]))
    return flagged


def _texts(values: "pd.Series[Any]") -> list[str]:
    """A column as `check` shows it: ISO dates, or codes as they stand."""
    shown = values.dt.strftime("%Y-%m-%d") if values.dtype.kind == "M" else values
    return ["" if pd.isna(value) else str(value).strip() for value in shown]


def _headline(found: Effect) -> str:
    if not found.denominator:
        return "no percentage, because there is nothing to divide"
    return f"{found.percent} per cent"


def _range(found: Effect) -> str:
    if not found.flagged:
        return ", with no bad row in it" if found.denominator else ""
    verb = "is" if found.flagged == 1 else "are"
    return f", between {found.lowest} and {found.highest} whatever the {_rows(found.flagged)} {verb}"


def _rows(number: int) -> str:
    return "1 bad row" if number == 1 else f"{number} bad rows"
