"""Cases in Spark: `track` and the questions that are sums of rows, over a Spark DataFrame, with the answers that pandas gives.

Every row is decided by itself, in batches on the workers, by the functions that pandas frames are decided by; what comes back to the
driver are counts by group, day and reason, which add up exactly, and the tables are made of them by the code that makes all
tables. Needs `ehcptime[spark]` on the driver and the workers.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.clock.engine import STATUSES
from ehcptime.errors import CommandError, InputError
from ehcptime.law.book import LAW
from ehcptime.questions import backlog as backlogs
from ehcptime.questions import day_counts
from ehcptime.questions import time_to_final as times_to_final
from ehcptime.questions import timeliness as rates
from ehcptime.questions.bands import AGE_WEEKS
from ehcptime.questions.grouping import By, columns_of
from ehcptime.questions.measures import Measure, measure_of
from ehcptime.questions.parts import verdict
from ehcptime.questions.periods import Letter
from ehcptime.questions.tracked import as_at_of, tracked_cases
from ehcptime.questions.verdicts import Verdict
from ehcptime.tracking.limits import CLOCKS
from ehcptime.tracking.made_with import ATTRS, made_with
from ehcptime.tracking.situation import STAGES
from ehcptime.tracking.track import track as track_rows

_ROWS = "ehcptime_rows"  # how many rows one row of counts stands for
_DAY, _PLACE = "ehcptime_day", "ehcptime_place"
_BY_COLUMN = {"stage": STAGES, "plan_final_clock": CLOCKS}
SparkFrame = Any  # a pyspark DataFrame: pyspark is loaded when it is first used
_Work = Callable[[pd.DataFrame], pd.DataFrame]


def track(
    cases: SparkFrame,
    *,
    as_at: date,
    exemptions: pd.DataFrame | None = None,
    closures: pd.DataFrame | None = None,
    rules: Iterable[str] | None = None,
    convention: str = "receipt_excluded",
) -> SparkFrame:
    """Return the cases with the columns of `ehcptime.track`: dates as dates, statuses and the stage as text, days as integers.

    `cases` follows the column contract, one row per request. `exemptions` and `closures` are pandas frames, sent to every worker. The rule book
    is that of the installed version. Whether a case_id stands twice is looked up first, in one pass over that column.
    Raises InputError and CommandError as `ehcptime.track` does, where the columns can tell; what is wrong in a row is raised by
    the worker that meets it, as Spark's own error with the message in it.
    """
    options: dict[str, Any] = {
        "as_at": as_at,
        "exemptions": exemptions,
        "closures": closures,
        "rules": None if rules is None else tuple(rules),
        "convention": convention,
    }
    empty = track_rows(_empty(cases), **options)
    _require_unique(cases)
    added = empty.columns[len(cases.columns) :]
    fields = [_field(name, empty[name], convention) for name in added]
    schema = _types().StructType([*cases.schema.fields, *fields])
    return cases.mapInPandas(partial(_each, partial(_track_batch, options=options, added=added)), schema)


def timeliness(
    tracked: SparkFrame, measure: str | Measure, *, by: By = None, period: Letter | None = None
) -> pd.DataFrame:
    """Give the table of `ehcptime.timeliness` for cases tracked with `track` of this module; arguments and errors as there.

    Measures of advice are not to be had here: they need the askings beside the cases (CommandError).
    """
    chosen = measure_of(measure)
    if chosen.family in {"advice", "all_advice"}:
        raise CommandError(
            f"measure {chosen.id!r} needs the askings for advice: take those cases out of Spark and ask pandas"
        )
    rates.check_period(chosen, period)
    columns = columns_of(by, _empty(tracked), rates.COLUMNS)
    found = _counted(tracked, columns, partial(_parts_batch, measure=chosen, columns=columns))
    steps = verdict(_about(_empty(tracked), tracked), chosen).steps
    decided = Verdict(steps, found[_PLACE].to_numpy(dtype=np.int8), found[_DAY].to_numpy(dtype=np.int32))
    return rates.counted(decided, found, columns, chosen, period, _times(found))


def backlog(tracked: SparkFrame, by: By = "stage", bands: Sequence[int] = AGE_WEEKS) -> pd.DataFrame:
    """Give the table of `ehcptime.backlog`; arguments and errors as there."""
    columns = columns_of(by, _empty(tracked), ("age_band", "open"))
    found = _counted(tracked, columns, partial(_open_batch, columns=columns))
    found = found[found[_PLACE] >= 0]
    age = pd.array(found[_DAY].to_numpy(dtype=np.int64), dtype="Int64")
    age[(found[_PLACE] == 0).to_numpy()] = pd.NA
    return backlogs.counted(found.assign(age_days=age), columns, bands, _times(found))


def time_to_final(tracked: SparkFrame, *, by: By = None) -> pd.DataFrame:
    """Give the table of `ehcptime.time_to_final`, whose medians come from counts by day; arguments and errors as there."""
    columns = columns_of(by, _empty(tracked), times_to_final.COLUMNS)
    found = _counted(tracked, columns, partial(_fates_batch, columns=columns))
    fates = day_counts.Fates(
        found[_PLACE].to_numpy(dtype=np.intp),
        found[_DAY].to_numpy(dtype=np.int32),
        as_at_of(found),
        _times(found),
    )
    return times_to_final.counted(fates, found, columns)


def _each(work: _Work, batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    return (work(batch) for batch in batches)


def _track_batch(batch: pd.DataFrame, *, options: dict[str, Any], added: pd.Index) -> pd.DataFrame:
    tracked = track_rows(batch, **options)
    for name in added:
        if tracked[name].dtype.kind == "M":
            tracked[name] = tracked[name].astype("datetime64[ms]")
        elif isinstance(tracked[name].dtype, pd.CategoricalDtype):
            tracked[name] = tracked[name].astype(object).where(tracked[name].notna(), None)
    return tracked


def _parts_batch(batch: pd.DataFrame, *, measure: Measure, columns: list[str]) -> pd.DataFrame:
    found = verdict(batch, measure)
    return _condensed(batch, columns, found.place, found.falls_on)


def _open_batch(batch: pd.DataFrame, *, columns: list[str]) -> pd.DataFrame:
    """A place of -1 is a closed case, 0 an open one of unknown age, 1 one of known age."""
    age = batch["age_days"]
    known = age.notna().to_numpy(dtype=bool)
    is_open = tracked_cases(batch).is_set("is_open")
    days = age.fillna(0).to_numpy(dtype=np.int64)
    return _condensed(batch, columns, np.where(is_open, known, -1), np.where(is_open, days, 0))


def _fates_batch(batch: pd.DataFrame, *, columns: list[str]) -> pd.DataFrame:
    found = day_counts.fates(tracked_cases(batch))
    days = np.where(found.place < len(day_counts.OUTCOMES), found.days, 0)
    return _condensed(batch, columns, found.place, days)


def _condensed(batch: pd.DataFrame, columns: list[str], place: Any, day: Any) -> pd.DataFrame:
    """Count the rows of a batch by group, place and day."""
    keys = [*columns, "as_at", _PLACE, _DAY]
    held = batch[[*columns, "as_at"]].assign(**{_PLACE: place, _DAY: day})
    return held.groupby(keys, dropna=False, observed=True, sort=False).size().rename(_ROWS).reset_index()


def _counted(tracked: SparkFrame, columns: list[str], work: _Work) -> pd.DataFrame:
    """Add up the counts of all batches, and give them as one frame that can be read as a tracked one."""
    for name in ("case_id", "received_date", "stage", "is_open", "age_days", "as_at"):
        if name not in tracked.columns:
            raise InputError(
                f"the frame has no column {name!r}: call ehcptime.spark.track(cases, as_at=...) first"
            )
    types = _types()
    numbers = ((_PLACE, types.IntegerType), (_DAY, types.IntegerType), (_ROWS, types.LongType))
    fields = [types.StructField(name, kind()) for name, kind in numbers]
    keys = [tracked.schema[name] for name in (*columns, "as_at")]
    counts = tracked.mapInPandas(partial(_each, work), types.StructType([*keys, *fields]))
    names = [*columns, "as_at", _PLACE, _DAY]
    found = counts.groupBy(*names).sum(_ROWS).withColumnRenamed(f"sum({_ROWS})", _ROWS).toPandas()
    return _about(found, tracked)


def _about(frame: pd.DataFrame, tracked: SparkFrame) -> pd.DataFrame:
    """Give a frame what Spark has no place for: the order of statuses and stages, and the edition of the rule book."""
    frame = frame.assign(as_at=pd.to_datetime(frame["as_at"]).astype("datetime64[s]"))
    for name in frame.columns:
        known = STATUSES if name.endswith("_status") else _BY_COLUMN.get(name)
        if known is not None:
            frame[name] = pd.Categorical(frame[name], list(known))
    said = tracked.schema["as_at"].metadata.get(ATTRS)
    return frame if said is None else made_with(frame, LAW, said)


def _times(found: pd.DataFrame) -> Any:
    return found[_ROWS].to_numpy(dtype=np.int64)


def _empty(frame: SparkFrame) -> pd.DataFrame:
    """Make a frame of no rows with the columns of a Spark frame: dates as dates, the rest as text, flags and numbers."""
    kinds = {
        "date": "datetime64[s]",
        "timestamp": "datetime64[s]",
        "timestamp_ntz": "datetime64[s]",
        "boolean": "bool",
    }
    return pd.DataFrame(
        {
            field.name: pd.Series([], dtype=kinds.get(field.dataType.typeName(), object))
            for field in frame.schema.fields
        }
    )


def _field(name: str, values: "pd.Series[Any]", convention: str) -> Any:
    """Type of an added column; `as_at` carries the convention."""
    types, kind = _types(), values.dtype.kind
    if kind == "M":
        said = {ATTRS: convention} if name == "as_at" else None
        return types.StructField(name, types.DateType(), metadata=said)
    if kind == "b":
        return types.StructField(name, types.BooleanType())
    return types.StructField(name, types.IntegerType() if kind in "iu" else types.StringType())


def _types() -> Any:
    try:
        return import_module("pyspark.sql.types")
    except ImportError:
        raise CommandError("pyspark is not installed: install ehcptime[spark]") from None


def _require_unique(cases: SparkFrame) -> None:
    if cases.groupBy("case_id").count().filter("count > 1 or case_id is null").head(1):
        raise InputError("column 'case_id': a case_id stands twice or is blank; give each request its own")
