"""Strict reading of dates: a column is read one way, by evidence, or it is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehcptime.errors import InputError
from ehcptime.records.date_forms import showable
from ehcptime.records.date_orders import BLANK, Forms, Place, day_numbers, settle

Order = Literal["day_first", "month_first"]

_DAY_SECONDS = 86_400
_LATE_EVENING = 23 * 3600
_LATEST = 2100
_EPOCH = date(1970, 1, 1).toordinal()
_PLACEHOLDERS = frozenset(
    date(*day).toordinal() - _EPOCH
    for day in ((1, 1, 1), (1753, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (9999, 12, 31))
)
_SHAPES = {
    "year_first": "year first",
    "named": "with the month in letters",
    "serial": "as Excel serial numbers",
}


@dataclass(frozen=True, eq=False)
class DateReading:
    """A column of dates as read.

    `dates` is `datetime64[s]`, with the index of the column and empty where there is no date. `issues` has one row for
    each value that is not blank and not a date: `row` (its label in the index), `column`, `value` (shown only if it
    holds nothing but numbers and the words of dates) and `why`. `how` is one sentence.
    """

    dates: pd.Series
    issues: pd.DataFrame
    how: str


_NO_ISSUES = pd.DataFrame({"row": pd.Series(dtype=np.int64)}).assign(
    **dict.fromkeys(("column", "value", "why"), pd.Series(dtype=object))
)


class _Distinct(NamedTuple):
    """The distinct values of a column: each one's day number, time of day, form, and why it is not a date."""

    days: NDArray[np.int64]
    seconds: NDArray[np.int64]
    shapes: NDArray[np.object_]
    whys: list[str]
    texts: list[str]
    proof: str = ""


def read_dates(
    values: pd.Series,
    *,
    column: str,
    order: Order | None = None,
    file: str = "",
    earliest: int = 1990,
    personal: bool = False,
) -> DateReading:
    """Read a column of dates, however it is written, without guessing.

    A date that starts with the year, or has its month in letters, can only be read one way. Numeric dates such as
    03/04/2025 are read by `order`, or else by the evidence of the column: some value has a part above 12, and none
    contradicts it. Excel serial numbers are read as days; a time of day is dropped. What is not a date between the
    years `earliest` and 2100 becomes an issue. The answer never depends on the order of the rows. `personal` columns, of
    birth dates, show no value in an error.

    Raises:
        InputError: the column can be read both ways, contradicts itself or `order`, or holds timezones or the traces
            of a conversion to UTC.

    >>> read_dates(pd.Series(["03/04/2025", "28/04/2025"]), column="received_date").dates.dt.strftime("%d %b").tolist()
    ['03 Apr', '28 Apr']
    >>> read_dates(pd.Series(["03/04/2025"]), column="received_date")
    Traceback (most recent call last):
    ehcptime.errors.InputError: column received_date can be read day first or month first (03/04/2025) and no value settles which: say order="day_first" or order="month_first"
    """
    place = Place(column, file, personal)
    if order not in (None, "day_first", "month_first"):
        raise InputError(f'order must be "day_first" or "month_first", not {order!r}')
    codes, distinct = _factorize(values, place)
    read = (
        _read_moments(distinct)
        if isinstance(distinct, pd.DatetimeIndex)
        else _read_texts(distinct, order, place)
    )
    _refuse_utc(read, place)
    read = _judge(read, earliest)
    days = np.append(read.days, BLANK)
    moments = np.where(days == BLANK, BLANK, days * _DAY_SECONDS).view("datetime64[s]")
    dates = pd.Series(moments[codes], index=values.index, name=values.name, copy=False)
    return DateReading(dates, _issues(read, codes, values.index, column), _how(read, codes))


def _factorize(values: pd.Series, place: Place) -> tuple[NDArray[np.int64], Any]:
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        raise InputError(
            f"{place} has a timezone: turn it into dates of local time first, with .dt.tz_convert('Europe/London').dt.tz_localize(None)"
        )
    if isinstance(values.dtype, pd.CategoricalDtype):
        return _used(values.cat.codes.to_numpy().astype(np.int64), values.cat.categories)
    codes, distinct = pd.factorize(values)
    return codes, distinct


def _used(codes: NDArray[np.int64], categories: pd.Index) -> tuple[NDArray[np.int64], pd.Index]:
    """Leave out the categories that no row has, which prove nothing."""
    used = np.zeros(len(categories) + 1, dtype=bool)
    used[codes] = True  # the last is that of a blank
    if used[:-1].all():
        return codes, categories
    places = np.append(np.cumsum(used[:-1]) - 1, -1)
    return places[codes], categories[used[:-1]]


def _read_moments(distinct: pd.DatetimeIndex) -> _Distinct:
    moments = distinct.to_numpy().astype("datetime64[s]").astype(np.int64)
    texts = [str(moment)[:10] for moment in distinct]
    days, seconds = np.divmod(moments, _DAY_SECONDS)
    shapes = np.full(len(texts), "true dates", dtype=object)
    return _Distinct(days, seconds, shapes, [""] * len(texts), texts)


def _read_texts(distinct: Sequence[Any], order: Order | None, place: Place) -> _Distinct:
    texts = [str(value) for value in distinct]
    forms = Forms.of(texts)
    if (forms.shapes == "zoned").any():
        raise InputError(f"{place} holds times with a timezone: turn them into dates of local time first")
    settled, proof = settle(forms, texts, order, place)
    days, whys = day_numbers(forms, settled)
    shapes = forms.shapes.copy()
    shapes[shapes == "numeric"] = settled.replace("_", " ")
    return _Distinct(days, forms.seconds, shapes, whys, texts, proof)


def _refuse_utc(read: _Distinct, place: Place) -> None:
    """Refuse times that are all midnight or 23:00: summer dates exported as UTC, which would move back a day."""
    times = set(read.seconds[read.days != BLANK].tolist())
    if _LATE_EVENING in times and times <= {0, _LATE_EVENING}:
        raise InputError(
            f"{place} holds times of 00:00 and 23:00 only, which is what UTC makes of summer dates: export it as dates, or turn it into local time first"
        )


def _judge(read: _Distinct, earliest: int) -> _Distinct:
    """Turn placeholders and years that cannot be meant into issues."""
    days, whys = read.days.copy(), list(read.whys)
    known = np.flatnonzero(days != BLANK)
    years = days[known].view("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    for i in known[(years < earliest) | (years > _LATEST)]:
        whys[i] = (
            "a placeholder" if int(days[i]) in _PLACEHOLDERS else f"a year outside {earliest} to {_LATEST}"
        )
        days[i] = BLANK
    return read._replace(days=days, whys=whys)


def _issues(read: _Distinct, codes: NDArray[np.int64], index: pd.Index, column: str) -> pd.DataFrame:
    bad = np.array([*map(bool, read.whys), False], dtype=bool)
    if not bad.any():
        return _NO_ISSUES.copy()
    rows = np.flatnonzero(bad[codes])
    found = codes[rows]
    return pd.DataFrame(
        {
            "row": index[rows],
            "column": column,
            "value": pd.Series([showable(read.texts[i]) for i in found], dtype=object),
            "why": pd.Series([read.whys[i] for i in found], dtype=object),
        }
    )


def _how(read: _Distinct, codes: NDArray[np.int64]) -> str:
    shapes = np.where(np.array(read.whys, dtype=object) != "", "blank", read.shapes)  # these are the issues
    named = {_SHAPES.get(shape, shape): n for shape, n in _counts(shapes, codes).items()}
    parts = [f"{n} {shape}" for shape, n in sorted(named.items()) if n and shape != "blank"]
    return ("; ".join(parts) or "no dates") + (f" (proved by {read.proof})" if read.proof else "")


def _counts(shapes: NDArray[np.object_], codes: NDArray[np.int64]) -> dict[str, int]:
    """Count the rows of each shape."""
    kinds = sorted(set(shapes))
    if len(kinds) == 1:
        return {kinds[0]: int(np.count_nonzero(codes >= 0))}
    weights = np.bincount(codes[codes >= 0], minlength=len(shapes))
    return {kind: int(weights[shapes == kind].sum()) for kind in kinds}
