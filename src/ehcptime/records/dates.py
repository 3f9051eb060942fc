"""Strict reading of dates: a column is read one way, by evidence, or it is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehcptime.errors import InputError
from ehcptime.records.date_forms import showable, take_apart

Order = Literal["day_first", "month_first"]

_BLANK = np.iinfo(np.int64).min  # also the number under NaT
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


class _Place(NamedTuple):
    column: str
    file: str
    personal: bool = False

    def example(self, text: str) -> str:
        """Give a value as an example, unless it is a personal detail."""
        return "values not shown" if self.personal else text

    def __str__(self) -> str:
        return f"column {self.column}" + (f" of {self.file}" if self.file else "")


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
    place = _Place(column, file, personal)
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
    days = np.append(read.days, _BLANK)
    moments = np.where(days == _BLANK, _BLANK, days * _DAY_SECONDS).view("datetime64[s]")
    dates = pd.Series(moments[codes], index=values.index, name=values.name, copy=False)
    return DateReading(dates, _issues(read, codes, values.index, column), _how(read, codes))


def _factorize(values: pd.Series, place: _Place) -> tuple[NDArray[np.int64], Any]:
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


def _read_texts(distinct: Sequence[Any], order: Order | None, place: _Place) -> _Distinct:
    texts = [str(value) for value in distinct]
    forms = _Forms.of(texts)
    if (forms.shapes == "zoned").any():
        raise InputError(f"{place} holds times with a timezone: turn them into dates of local time first")
    settled, proof = _settle(forms, texts, order, place)
    days, whys = _days(forms, settled)
    shapes = forms.shapes.copy()
    shapes[shapes == "numeric"] = settled.replace("_", " ")
    return _Distinct(days, forms.seconds, shapes, whys, texts, proof)


class _Forms(NamedTuple):
    """The forms of the distinct texts of a column, an array for each part."""

    shapes: NDArray[np.object_]
    years: NDArray[np.int64]
    firsts: NDArray[np.int64]
    others: NDArray[np.int64]
    seconds: NDArray[np.int64]
    whys: list[str]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "_Forms":
        shapes, years, firsts, others, seconds, whys = (
            zip(*map(take_apart, texts), strict=True) if texts else ((),) * 6
        )
        numbers = [np.array(part, dtype=np.int64) for part in (years, firsts, others, seconds)]
        return cls(np.array(shapes, dtype=object), numbers[0], numbers[1], numbers[2], numbers[3], list(whys))


def _settle(forms: _Forms, texts: list[str], order: Order | None, place: _Place) -> tuple[str, str]:
    """Settle which part of a numeric date is the day; give the order and the value that proves it."""
    numeric = forms.shapes == "numeric"
    small, other_small = forms.firsts <= 12, forms.others <= 12
    proofs = {
        "day_first": _least(texts, numeric & ~small & other_small),
        "month_first": _least(texts, numeric & small & ~other_small),
    }
    proved = [name for name, found in proofs.items() if found]
    if order and proved and order not in proved:
        raise InputError(
            f'{place} cannot be read with order="{order}": {place.example(proofs[proved[0]])} is {proved[0].replace("_", " ")}'
        )
    if order:
        return order, ""
    if len(proved) == 2:
        raise InputError(
            f"{place} mixes day first ({place.example(proofs['day_first'])}) and month first ({place.example(proofs['month_first'])}): "
            'put it right at its source, or say order="day_first" or order="month_first"'
        )
    open_to_both = _least(texts, numeric & small & other_small & (forms.firsts != forms.others))
    if open_to_both and not proved:
        raise InputError(
            f"{place} can be read day first or month first ({place.example(open_to_both)}) and no value settles which: "
            'say order="day_first" or order="month_first"'
        )
    return (proved[0], proofs[proved[0]]) if proved else ("day_first", "")


def _least(texts: list[str], chosen: NDArray[np.bool_]) -> str:
    """Give the least of the texts chosen, so that the order of the rows changes nothing; empty where there is none."""
    return min((texts[i] for i in np.flatnonzero(chosen).tolist()), default="")


def _days(forms: _Forms, order: str) -> tuple[NDArray[np.int64], list[str]]:
    """Give the day number of each form, or why there is no such day."""
    swapped = (forms.shapes == "numeric") & (order == "month_first")
    day, month = np.where(swapped, (forms.others, forms.firsts), (forms.firsts, forms.others))
    months = ((forms.years - 1970) * 12 + month - 1).view("datetime64[M]")
    first, following = (of.astype("datetime64[D]").astype(np.int64) for of in (months, months + 1))
    real = (forms.years > 0) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= following - first)
    whys = list(forms.whys)
    for i in np.flatnonzero(~real & ((forms.years > 0) | (forms.firsts > 0))):
        whys[i] = "no such day"
    return np.where(real, first + day - 1, _BLANK), whys


def _refuse_utc(read: _Distinct, place: _Place) -> None:
    """Refuse times that are all midnight or 23:00: summer dates exported as UTC, which would move back a day."""
    times = set(read.seconds[read.days != _BLANK].tolist())
    if _LATE_EVENING in times and times <= {0, _LATE_EVENING}:
        raise InputError(
            f"{place} holds times of 00:00 and 23:00 only, which is what UTC makes of summer dates: export it as dates, or turn it into local time first"
        )


def _judge(read: _Distinct, earliest: int) -> _Distinct:
    """Turn placeholders and years that cannot be meant into issues."""
    days, whys = read.days.copy(), list(read.whys)
    known = np.flatnonzero(days != _BLANK)
    years = days[known].view("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    for i in known[(years < earliest) | (years > _LATEST)]:
        whys[i] = (
            "a placeholder" if int(days[i]) in _PLACEHOLDERS else f"a year outside {earliest} to {_LATEST}"
        )
        days[i] = _BLANK
    return read._replace(days=days, whys=whys)


def _issues(read: _Distinct, codes: NDArray[np.int64], index: pd.Index, column: str) -> pd.DataFrame:
    bad = np.array([*map(bool, read.whys), False], dtype=bool)
    rows = np.flatnonzero(bad[codes]) if bad.any() else np.array([], dtype=np.int64)
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
    shapes = np.where(np.array(read.whys, dtype=object) != "", "not dates", read.shapes)
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
