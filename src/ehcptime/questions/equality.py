"""Who waits longer: plans due, open cases and their age by groups of children and young people, for the Public Sector Equality Duty."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from ehcptime.errors import InputError
from ehcptime.questions.bands import DAYS_IN_WEEK
from ehcptime.questions.equality_differences import COLUMNS as DIFFERENCE_COLUMNS
from ehcptime.questions.equality_differences import differences, lines_of
from ehcptime.questions.grouping import NOT_RECORDED, By, Groups, columns_of, groups_of, texts
from ehcptime.questions.intervals import intervals, z_of
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.parts import parts
from ehcptime.questions.periods import ALL
from ehcptime.questions.rounding import percent
from ehcptime.questions.tracked import as_at_column, tracked_cases
from ehcptime.questions.verdicts import PARTS
from ehcptime.tracking.words import paragraphs

# What the duty and the Department's own breakdowns ask about, by the column that holds it.
CHARACTERISTICS = ("age_group", "sex", "ethnicity", "primary_need", "area", "care_status")
_MEASURES = {"due": "plans_due_20wk", "open": "open_over_52wk"}
_COUNTS = ("numerator", "denominator", "unknown", "not_due", "left_out")
_MEDIANS = ("median_weeks", "median_weeks_low", "median_weeks_high")
COLUMNS = ("measure", *_COUNTS, "percent", "percent_low", "percent_high", *_MEDIANS, "as_at")
_PRINTED = ("numerator", "denominator", "percent", "percent_low", "percent_high")
# The ages by which the Department for Education breaks its figures down (SEN2 release, breakdown "Age").
_AGES = {"under 5": 4, "5 to 10": 10, "11 to 15": 15, "16 to 19": 19, "20 to 25": 25}
_FEWEST = 10  # open cases below which the ends of a median's interval would be single children

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class EqualityView:
    """Groups beside all; `str()` gives a sentence for each group, and none states a cause.

    `table` has a row for each characteristic, measure and group, those of each group adding up to that for `all`: it is for internal use.
    `tables` holds what may go out, by name (`<column>_due`, `<column>_open`), once `for_audience` has made it fit: what is counted, out of
    what, the percentage with its interval and the median age. `not_held` names the characteristics of which nothing is recorded.
    """

    table: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    not_held: tuple[str, ...]
    level: float

    @property
    def differences(self) -> pd.DataFrame:
        """One row for each group of each of `tables`: see `equality_differences.differences`."""
        found = [differences(table, self.level) for table in self.tables.values()]
        return (
            pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(DIFFERENCE_COLUMNS))
        )

    def with_tables(self, tables: Mapping[str, pd.DataFrame]) -> "EqualityView":
        """Give the view of other tables, such as those made fit for the public: it then says only what is printed in them."""
        return replace(self, tables=tables)

    def __str__(self) -> str:
        """One sentence for each group, one for each characteristic that is not held, and how many differences chance would show."""
        return "\n".join(lines_of(self.differences, self.not_held, self.level))

    def _repr_html_(self) -> str:
        return paragraphs(self)


def equality_view(
    tracked: pd.DataFrame, by: By = None, *, due_from: date | None = None, level: float = 0.95
) -> EqualityView:
    """Set groups of children and young people beside all of them: plans due and on time; open cases, their age, and over 52 weeks.

    `by` names columns, the six usual ones (`CHARACTERISTICS`) unless given; blank values are "not recorded", and so is everyone where one of the six usual columns is not there. `age_group`
    is worked out from `age_at_request` (DfE's bands) where it is not there. The table has `characteristic`; `group`; `measure`
    (`plans_due_20wk`; `open_over_52wk`, of the open cases); `numerator`, `denominator`, `unknown`, `not_due` and `left_out`, as in
    `timeliness`; `percent` with Wilson's interval; of open cases `median_weeks`, their median age, with the interval of its order
    statistics (empty under 10 cases); `as_at`. With `due_from`, plans due before that day are left out.

    Groups stand in the order of their names and are never ranked. Raises CommandError for a column that is not there or a level not
    between 0 and 1, InputError for a frame that was not tracked and for a group that is called `all`.
    Duty: Equality Act 2010 s.149. The interval of a median: H. A. David, Order Statistics (1981), section 2.5.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-01-01", "2025-01-01"]), "area": ["north", "south"],
    ...     "assessment_outcome": ["Y", None], "assessment_outcome_date": pd.to_datetime(["2025-05-21", None]),
    ...     "plan_final_due": pd.to_datetime(["2025-05-21", "2025-05-21"]), "plan_final_status": ["met", "overdue"], "plan_final_exempt": False,
    ...     "stage": ["closed", "assessing"], "is_open": [False, True], "age_days": [140, 180], "as_at": pd.Timestamp("2025-06-30")})
    >>> equality_view(tracked, "area").tables["area_due"][["area", "numerator", "denominator", "percent"]].to_numpy().tolist()
    [['all', 1, 2, 50.0], ['north', 1, 1, 100.0], ['south', 0, 1, 0.0]]
    """
    z = z_of(level)
    cases = tracked_cases(tracked)
    asked = CHARACTERISTICS if by is None else by
    frame = with_groups(tracked, [asked] if isinstance(asked, str) else asked)
    columns = columns_of(asked, frame, (*COLUMNS, "characteristic", "group"))
    blocks = []
    for name, measure in _MEASURES.items():
        decided = parts(tracked, measure)
        since = due_from if name == "due" else None
        ages = _ages(tracked, decided) if name == "open" else np.full(cases.size, np.nan)
        for column in columns:
            groups = _groups(frame, column)
            counted = intervals(_counted(decided, groups, measure, since), level)
            medians = _medians(ages, groups, z)
            blocks.append(counted.assign(characteristic=column, **medians))
    table = pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame(columns=list(COLUMNS))
    table = table.assign(as_at=as_at_column(tracked, len(table)))
    held = [column for column in columns if (frame[column] != NOT_RECORDED).any()]
    return EqualityView(
        table.reindex(columns=["characteristic", "group", *COLUMNS]),
        MappingProxyType(dict(_tables(table, held))),
        tuple(column for column in columns if column not in held),
        level,
    )


def _tables(table: pd.DataFrame, held: Sequence[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """What may go out: with the other counts beside them, the sums between tables would hide nearly everything."""
    for column in held:
        for name, measure in _MEASURES.items():
            rows = table[(table["characteristic"] == column) & (table["measure"] == measure)]
            median = ["median_weeks"] if name == "open" else []
            chosen = rows[["group", *_PRINTED, *median, "measure", "as_at"]]
            yield f"{column}_{name}", chosen.rename(columns={"group": column}).reset_index(drop=True)


def with_groups(tracked: pd.DataFrame, asked: Sequence[str]) -> pd.DataFrame:
    """Give the columns asked for: blanks as "not recorded", and so what is not held at all."""
    frame = tracked[[column for column in dict.fromkeys(asked) if column in tracked]]
    if "age_group" in asked and "age_group" not in frame and "age_at_request" in tracked:
        frame = frame.assign(age_group=_age_groups(tracked["age_at_request"]))
    for column in CHARACTERISTICS:
        if column in asked and column not in frame:
            frame = frame.assign(**{column: NOT_RECORDED})
    return frame.assign(**{str(column): _named(frame[column]) for column in frame})


def _named(values: "pd.Series[Any]") -> "pd.Series[Any]":
    if isinstance(values.dtype, pd.CategoricalDtype):
        kept = values.cat.remove_categories([name for name in values.cat.categories if name == NOT_RECORDED])
        return kept.cat.add_categories([NOT_RECORDED]).fillna(NOT_RECORDED)
    names = values.astype("string").str.strip()
    return names.mask(names.isna() | (names == ""), NOT_RECORDED).astype(object)


def _age_groups(ages: "pd.Series[Any]") -> "pd.Series[Any]":
    return pd.cut(
        pd.to_numeric(ages, errors="coerce").astype("float64"), [-1, *_AGES.values()], labels=list(_AGES)
    )


def _groups(frame: pd.DataFrame, column: str) -> Groups:
    """The groups of a column, those not recorded last; `all` is the name of the whole, and of no group."""
    groups = groups_of(frame[[column]].mask(frame[[column]] == NOT_RECORDED), [column])
    if groups.labels[column].astype(str).str.casefold().eq(ALL).any():
        raise InputError(f"column {column!r} holds a group called 'all', which is the whole: rename it")
    return groups


def _counted(decided: pd.DataFrame, groups: Groups, measure: str, since: date | None) -> pd.DataFrame:
    """Count the parts of each group, and of all of them in the first row."""
    part = decided["part"].cat.codes.to_numpy().astype(np.intp)
    if since is not None:
        part = np.where(decided["falls_on"] < pd.Timestamp(since), PARTS.index("left_out"), part)
    cells = np.bincount(groups.place * len(PARTS) + part, minlength=groups.size * len(PARTS))
    by_part = cells.reshape(groups.size, len(PARTS))
    on_time, late, unknown, not_due, left_out = np.vstack([by_part.sum(axis=0), by_part]).T
    denominator = on_time + late + (unknown if MEASURES[measure].unknown_in_denominator else 0)
    counts = dict(zip(_COUNTS, (on_time, denominator, unknown, not_due, left_out), strict=True))
    names = texts([ALL, *groups.labels.iloc[:, 0].astype(str)])
    return pd.DataFrame(
        {
            "group": names,
            "measure": texts([measure] * len(names)),
            **counts,
            "percent": percent(on_time, denominator),
        }
    )


def _ages(tracked: pd.DataFrame, decided: pd.DataFrame) -> _Floats:
    """Ages in weeks of the open cases whose age is known; NaN for every other row."""
    days = tracked["age_days"].to_numpy(dtype=np.float64, na_value=np.nan)
    known = decided["part"].isin(["on_time", "late"]).to_numpy()
    return np.where(known, days / DAYS_IN_WEEK, np.nan)


def _medians(ages: _Floats, groups: Groups, z: float) -> dict[str, ExtensionArray]:
    """Median of all and of each group, with the interval of its order statistics."""
    rows = [ages, *(ages[groups.place == place] for place in range(groups.size))]
    found = zip(*(_median(np.sort(values[~np.isnan(values)]), z) for values in rows), strict=True)
    return {
        name: pd.array(list(values), dtype="Float64") for name, values in zip(_MEDIANS, found, strict=True)
    }


def _median(ages: _Floats, z: float) -> tuple[object, object, object]:
    """The middle of sorted ages, and the ages whose ranks hold it with the level; nothing where there are none, or too few."""
    size = len(ages)
    middle = round(float(np.median(ages)), 1) if size else pd.NA
    low = int(np.floor(size / 2 - z * np.sqrt(size) / 2))
    if size < _FEWEST or low < 1:
        return middle, pd.NA, pd.NA
    return middle, round(float(ages[low - 1]), 1), round(float(ages[size - low]), 1)
