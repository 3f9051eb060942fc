"""An authority's own figures in the columns and the layout of the files that DfE publishes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from ehcptime.questions.grouping import Groups, columns_of, groups_of
from ehcptime.questions.mean_weeks import whole_day_weeks
from ehcptime.questions.official_counts import (
    Count,
    Counts,
    assessment_counts,
    plan_counts,
    request_counts,
)
from ehcptime.questions.official_layout import PLACE, UNAVAILABLE, Figure, Layout, layout_of
from ehcptime.questions.periods import UNDATED, periods_of
from ehcptime.questions.rounding import percent

_UNKNOWN_VALUE = "Unknown"
_ENGLAND = {"country_code": "E92000001", "country_name": "England"}
_RATIOS: Mapping[str, Callable[..., ExtensionArray]] = {"percent": percent, "weeks": whole_day_weeks}

_Numbers = npt.NDArray[np.int64]
Topics = Mapping[str, str] | None


def dfe_timeliness(
    tracked: pd.DataFrame,
    *,
    la_code: str | None = None,
    la_name: str | None = None,
    edition: int = 2025,
    by: Topics = None,
    flags: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Give the figures of DfE's `timeliness_20_week.csv` for the cases of one authority.

    One row per calendar year in which a plan counts, for all plans, and one per value of each column in `by`, a mapping from the topic as DfE
    names it to a column (`{"Primary type of need": "primary_need"}`); blank values are `Unknown`. The columns are those of the
    edition of 2025 or 2026, in its order and all text as in the file: whole numbers, percentages rounded as DfE does, and `x`
    where nothing can be divided. The region is left blank. `la_code` is written as `old_la_code` where it has three
    digits, as `new_la_code` otherwise. The averages of 2026 are those of `mean_weeks` as published.

    The population is that of `plans_issued_20wk_inc` and `_exc`; `flags` are the mediation and tribunal flags that leave a
    case out (any of the six by default). The current year is as it stands at `as_at`. Rows with no year are given the
    `time_period` unknown, which DfE's file does not have. The index is new.

    Raises InputError for a frame that is not from `track`, and CommandError for an edition or a column that is not known.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-01-01", "2025-01-01"]),
    ...     "assessment_outcome": ["Y", "Y"], "assessment_outcome_date": pd.to_datetime(["2025-05-21", "2025-05-22"]),
    ...     "week20": [1, 1], "stage": "closed", "is_open": False, "age_days": [140, 141], "as_at": pd.Timestamp("2025-06-30")})
    >>> table = dfe_timeliness(tracked, la_code="938", la_name="West Sussex")
    >>> table[["pc_plans_issued_within_20_weeks", "PC_plans_issued_20_weeks_ex"]].iloc[0].tolist()
    ['50', 'x']
    """
    layout = layout_of("timeliness", edition)
    return _table(plan_counts(tracked, flags), layout, tracked, by, _named(la_code, la_name))


def dfe_requests(
    tracked: pd.DataFrame,
    *,
    la_code: str | None = None,
    la_name: str | None = None,
    edition: int = 2025,
    by: Topics = None,
) -> pd.DataFrame:
    """Give the figures of DfE's `requests.csv` for the cases of one authority, laid out as in `dfe_timeliness`.

    Requests, their outcomes, and their mediation and tribunal flags are of those received in the year; each is decided to assess,
    not to assess, not decided yet or withdrawn at `as_at`, so track at 31 December for the position that is published. The
    percentages of outcomes are of all of them, open and withdrawn ones too. One that closed before its decision counts as
    withdrawn. The six-week counts are of decisions made in the year, as `request_decisions_6wk`; their percentages
    have those of unknown duration in the denominator, so they can add up to less than 100. A request coded `H` was
    counted in an earlier return, and one whose code cannot be read in none. Errors are those of `dfe_timeliness`.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-01-01", "2025-01-01"]),
    ...     "request_outcome": ["N", None], "request_outcome_date": pd.to_datetime(["2025-02-12", None]),
    ...     "stage": "closed", "is_open": False, "age_days": [42, 80], "as_at": pd.Timestamp("2025-03-22")})
    >>> dfe_requests(tracked)[["request_not_assess_pc", "request_outcome_six_weeks_pc"]].iloc[0].tolist()
    ['50', '100']
    """
    return _table(
        request_counts(tracked), layout_of("requests", edition), tracked, by, _named(la_code, la_name)
    )


def dfe_assessments(
    tracked: pd.DataFrame,
    *,
    la_code: str | None = None,
    la_name: str | None = None,
    edition: int = 2025,
    by: Topics = None,
) -> pd.DataFrame:
    """Give the figures of DfE's `assessments.csv` for the cases of one authority, laid out as in `dfe_timeliness`.

    Issued and not issued are by the year of the outcome, withdrawn by that of closing, and not made are those whose outcome is
    recorded as `A`, in the year of `as_at`; an open one with no outcome recorded, or one decided since, is in no count. What DfE
    takes there is not known, but it is not every open assessment (West Sussex 2024 has none). Mediation and tribunal cases are in. The 16-week counts are those of `no_plan_16wk`, and their
    percentages are of decisions whose duration is known. Errors are those of `dfe_timeliness`.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a"], "received_date": pd.to_datetime(["2025-01-01"]), "assessment_outcome": ["N"],
    ...     "assessment_outcome_date": pd.to_datetime(["2025-04-24"]), "stage": "closed", "is_open": False, "age_days": [113],
    ...     "as_at": pd.Timestamp("2025-06-30")})
    >>> dfe_assessments(tracked)[["assess_not_issued", "outcome_decision_within_time_pc"]].iloc[0].tolist()
    ['1', '0']
    """
    return _table(
        assessment_counts(tracked), layout_of("assessments", edition), tracked, by, _named(la_code, la_name)
    )


def _named(la_code: str | None, la_name: str | None) -> dict[str, str]:
    code = "" if la_code is None else str(la_code)
    is_old = code.isdigit()
    return {
        "time_identifier": "Calendar year",
        "geographic_level": "Local authority",
        **_ENGLAND,
        "new_la_code": "" if is_old else code,
        "old_la_code": code if is_old else "",
        "la_name": la_name or "",
    }


def _table(
    counts: Counts, layout: Layout, tracked: pd.DataFrame, by: Topics, named: Mapping[str, str]
) -> pd.DataFrame:
    topics = dict(by or {})
    columns_of(list(topics.values()), tracked, ())
    years = _Years.of(counts)
    everyone = groups_of(tracked, [])
    blocks = [_block(counts, layout, years, everyone, layout.everyone, [layout.everyone])]
    for topic, column in topics.items():
        groups = groups_of(_filled(tracked[column]).to_frame(column), [column])
        blocks.append(_block(counts, layout, years, groups, topic, groups.labels[column].tolist()))
    rows = pd.concat(blocks, ignore_index=True).sort_values("time_period", kind="stable")
    placed = rows.reset_index(drop=True).assign(
        **{name: named.get(name, "") for name in PLACE if name not in rows}
    )
    return placed[[*PLACE, *layout.columns]]


def _filled(values: pd.Series) -> pd.Series:
    """Values as text; a blank one reads as DfE writes it."""
    there = values.astype("string").fillna("").str.strip()
    return there.mask(there == "", _UNKNOWN_VALUE).astype(object)


@dataclass(frozen=True, eq=False)
class _Years:
    """The years in which rows fall, with a place at the end for those that fall in none, and the place of each row by count."""

    labels: tuple[str, ...]
    places: Mapping[str, npt.NDArray[np.intp]]

    @classmethod
    def of(cls, counts: Counts) -> "_Years":
        """Work out the years once for counts that share their days."""
        found = {id(count.falls_on): periods_of(count.falls_on, "Y") for count in counts.values()}
        labels = (*sorted({label for years in found.values() for label in years.labels}), UNDATED)
        lookups = {
            key: np.array([labels.index(label) for label in (*years.labels, UNDATED)], dtype=np.intp)[
                years.place
            ]
            for key, years in found.items()
        }
        return cls(labels, {name: lookups[id(count.falls_on)] for name, count in counts.items()})


def _block(
    counts: Counts, layout: Layout, years: _Years, groups: Groups, topic: str, names: Sequence[str]
) -> pd.DataFrame:
    """Rows of one topic: each year and value for which anything is counted."""
    numbers = {
        name: _count(count, years.places[name], groups, len(years.labels)) for name, count in counts.items()
    }
    used = np.flatnonzero(np.any(list(numbers.values()), axis=0)).tolist()
    cells = {
        column: _text(figure, {name: numbers[name][used] for name in figure.of})
        for column, figure in layout.columns.items()
    }
    place = {
        "time_period": [years.labels[cell % len(years.labels)] for cell in used],
        "breakdown_topic": [topic] * len(used),
        "breakdown": [str(names[cell // len(years.labels)]) for cell in used],
    }
    return pd.DataFrame(place | cells, dtype=object)


def _count(count: Count, year: npt.NDArray[np.intp], groups: Groups, years: int) -> _Numbers:
    cell = (groups.place * years + year)[count.rows]
    weights = None if count.days is None else count.days[count.rows]
    return np.bincount(cell, weights=weights, minlength=groups.size * years).astype(np.int64)


def _text(figure: Figure, numbers: Mapping[str, _Numbers]) -> list[str]:
    values = [numbers[name] for name in figure.of]
    if figure.kind == "count":
        return [str(number) for number in values[0].tolist()]
    ratios = _RATIOS[figure.kind](*values)
    return [UNAVAILABLE if ratio is pd.NA else f"{ratio:g}" for ratio in ratios]
