"""From a frame or a case to the arrays that the clock reads: days, codes and flags.

Both doors come through here, so that a frame of one row and a case become the same arrays. A column that is not there
becomes an array of length one, which broadcasts; nothing is copied for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, Mask, day_number
from ehcptime.clock.masks import instead
from ehcptime.errors import InputError
from ehcptime.records.blocks import wide_blocks
from ehcptime.records.columns import COLUMNS, names

Codes = npt.NDArray[np.int8]

BLANK = 0
UNREADABLE = -1
_DAY_SECONDS = 86_400
NAT = np.iinfo(np.int64).min
# Flags whose blank is not a no.
_TRISTATE = frozenset({"bound_by_reg_8"})
_BLANKS = frozenset({"", "nan", "none", "nat", "<na>"})
_FALSE = _BLANKS | {"0", "0.0", "false", "no", "n"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is recorded, as arrays of one length (or of length one where a column is missing)."""

    days: Mapping[str, Days]
    codes: Mapping[str, Codes]
    flags: Mapping[str, Mask]
    rows: int

    def take(self, rows: slice | npt.NDArray[np.intp]) -> "Facts":
        """Give some of the rows, by a slice or by their places."""
        cut = {
            part: {
                name: values[rows] if len(values) > 1 else values
                for name, values in getattr(self, part).items()
            }
            for part in ("days", "codes", "flags")
        }
        return Facts(**cut, rows=len(range(self.rows)[rows]) if isinstance(rows, slice) else len(rows))


def code_number(column: str, value: str, *, table: str = "cases") -> int:
    """Place of a code in its set: from 1, in the order of the contract.

    >>> code_number("request_outcome", "N")
    2
    """
    return COLUMNS[table][column].values.index(value) + 1


def days_of(values: "pd.Series[Any]", column: str) -> Days:
    """Day numbers of a column of dates; NOT_YET where blank. A time of day is dropped.

    Raises InputError for text, for timezone-aware dates and for a column that looks like a UTC export of local dates.

    >>> days_of(pd.Series(pd.to_datetime(["1970-01-02", None])), "received_date").tolist() == [1, NOT_YET]
    True
    """
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        raise InputError(
            f"column {column!r} holds dates with a time zone, which can move a date by a day: "
            f"use .dt.tz_convert('Europe/London').dt.tz_localize(None) first"
        )
    if values.dtype.kind == "M":
        return _from_seconds(values.to_numpy(), column)
    return _from_seconds(_objects(values, column), column)


def _from_seconds(values: npt.NDArray[Any], column: str) -> Days:
    seconds = values.astype("datetime64[s]", copy=False).view(np.int64)
    days: Days = np.empty(len(seconds), dtype=np.int32)
    has_times = False
    for rows in wide_blocks(len(seconds)):
        part = seconds[rows]
        # 2**7 divides the seconds of a day, and 32 bits divide faster than 64.
        whole = (part >> 7).astype(np.int32) // np.int32(_DAY_SECONDS >> 7)
        odd = np.multiply(whole, _DAY_SECONDS, dtype=np.int64) != part
        if odd.any():  # a time of day, or no day at all
            blank = part == NAT
            whole = instead(whole, blank, NOT_YET)
            has_times |= bool(np.count_nonzero(odd) > np.count_nonzero(blank))
        days[rows] = whole
    if has_times:
        _refuse_utc_export(seconds[seconds != NAT] % _DAY_SECONDS, column)
    return days


def _refuse_utc_export(times: npt.NDArray[np.int64], column: str) -> None:
    """In a UTC export of local dates, summer days begin at 23:00 of the day before."""
    if set(np.unique(times).tolist()) <= {0, 23 * 3600}:
        raise InputError(
            f"column {column!r} holds times of 00:00 and 23:00 only, as an export in UTC does, so summer dates may be a "
            f"day early: convert it to Europe/London dates first"
        )


def _objects(values: "pd.Series[Any]", column: str) -> npt.NDArray[Any]:
    """Python dates, or nothing at all, as datetime64."""
    given = values[values.notna()]
    for position, value in zip(given.index, given, strict=True):
        if not isinstance(value, date):
            raise InputError(
                f"column {column!r}, row {position}: {_kind(value)} stands where a date belongs; read it with a reader of "
                f"ehcptime or convert it with pandas.to_datetime(..., format=...)"
            )
        if isinstance(value, datetime) and value.tzinfo is not None:
            raise InputError(
                f"column {column!r}, row {position}: a date with a time zone; drop the time zone first"
            )
    result = np.full(len(values), np.datetime64("NaT"), dtype="datetime64[s]")
    result[values.notna().to_numpy()] = np.array(list(given), dtype="datetime64[s]")
    return result


def _kind(value: Any) -> str:
    return (
        "text"
        if isinstance(value, str)
        else "a number"
        if isinstance(value, int | float)
        else "something else"
    )


def codes_of(values: "pd.Series[Any]", allowed: Iterable[str]) -> Codes:
    """Code numbers of a column: 0 blank, from 1 in the order of `allowed`, -1 where it cannot be read.

    >>> codes_of(pd.Series(["Y", " n", None, "maybe"]), ["Y", "N"]).tolist()
    [1, 2, 0, -1]
    """
    places = {value.casefold(): number for number, value in enumerate(allowed, start=1)}
    where: npt.NDArray[Any]
    if isinstance(values.dtype, pd.CategoricalDtype):
        where, distinct = values.array.codes, values.array.categories
        if list(distinct) == list(places):
            return where.astype(np.int8) + np.int8(1)
    else:
        where, distinct = pd.factorize(values, use_na_sentinel=True)
    lookup = np.array([_code(value, places) for value in distinct] + [BLANK], dtype=np.int8)
    return lookup[where]


def _code(value: Any, places: Mapping[str, int]) -> int:
    text = str(value).strip().casefold()
    return BLANK if text in _BLANKS else places.get(text, UNREADABLE)


def flags_of(values: "pd.Series[Any]") -> Mask:
    """True where a flag is set: anything other than blank, 0, false or no.

    >>> flags_of(pd.Series([1, 0, None])).tolist()
    [True, False, False]
    """
    if values.dtype == np.bool_:
        return values.to_numpy()
    if values.dtype.kind in "iuf":
        return np.asarray(values.fillna(0).to_numpy(dtype=float) != 0)
    where, distinct = pd.factorize(values, use_na_sentinel=True)
    return np.array([_flag(value) for value in distinct] + [False])[where]


def _flag(value: Any) -> bool:
    return str(value).strip().casefold() not in _FALSE


def tristate_of(values: "pd.Series[Any]") -> Codes:
    """Read a flag whose blank means something else than no: 0 blank, 1 set, 2 not set."""
    where, distinct = pd.factorize(values, use_na_sentinel=True)
    read = [BLANK if str(value).strip() == "" else 1 if _flag(value) else 2 for value in distinct]
    return np.array([*read, BLANK], dtype=np.int8)[where]


def flag_columns(table: str) -> tuple[str, ...]:
    """Columns that are read as true or false: the flags, and `exported`, which may hold an authority's code."""
    return (*names(table, "flag"), *(name for name in ("exported",) if name in COLUMNS[table]))


def facts_of_frame(frame: pd.DataFrame, table: str) -> Facts:
    """Arrays of a frame that follows the column contract; columns that are not there are blank."""
    codes = {
        n: codes_of(frame[n], COLUMNS[table][n].values) if n in frame else _NO_CODE
        for n in names(table, "code")
    }
    for n in _TRISTATE & set(COLUMNS[table]):
        codes[n] = tristate_of(frame[n]) if n in frame else _NO_CODE
    return Facts(
        days={n: days_of(frame[n], n) if n in frame else _NO_DAY for n in names(table, "date")},
        codes=codes,
        flags={n: flags_of(frame[n]) if n in frame else _NO_FLAG for n in flag_columns(table)},
        rows=len(frame),
    )


def facts_of_record(record: Mapping[str, Any], table: str) -> Facts:
    """Arrays of length one of a record whose values were validated: dates, code text and flags, or None."""
    days = {n: np.array([_day(record.get(n))], dtype=np.int32) for n in names(table, "date")}
    codes = {
        n: np.array(
            [0 if (value := record.get(n)) is None else code_number(n, value, table=table)], dtype=np.int8
        )
        for n in names(table, "code")
    }
    for n in _TRISTATE & set(COLUMNS[table]):
        codes[n] = np.array([0 if record.get(n) is None else 1 if record[n] else 2], dtype=np.int8)
    flags = {n: np.array([_flag(record.get(n))]) for n in flag_columns(table)}
    return Facts(days, codes, flags, rows=1)


def _day(value: date | None) -> int:
    return NOT_YET if value is None else day_number(value)


_NO_DAY: Days = np.array([NOT_YET], dtype=np.int32)
_NO_CODE: Codes = np.array([BLANK], dtype=np.int8)
_NO_FLAG: Mask = np.array([False])
