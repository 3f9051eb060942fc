"""Strict reading of dates: a column is read one way, by evidence, or it is refused."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehcptime.errors import InputError
from ehcptime.records.date_forms import Form, showable, take_apart

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
    shapes: list[str]
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
    days = np.append(read.days, _BLANK)[codes]
    seconds = np.where(days == _BLANK, _BLANK, days * _DAY_SECONDS)
    dates = pd.Series(seconds.view("datetime64[s]"), index=values.index, name=values.name)
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
    used = np.bincount(codes + 1, minlength=len(categories) + 1)[1:] > 0
    if used.all():
        return codes, categories
    places = np.append(np.cumsum(used) - 1, -1)  # the last is that of a blank
    return places[codes], categories[used]


def _read_moments(distinct: pd.DatetimeIndex) -> _Distinct:
    moments = distinct.to_numpy().astype("datetime64[s]").astype(np.int64)
    texts = [str(moment)[:10] for moment in distinct]
    days, seconds = np.divmod(moments, _DAY_SECONDS)
    return _Distinct(days, seconds, ["true dates"] * len(texts), [""] * len(texts), texts)


def _read_texts(distinct: Sequence[Any], order: Order | None, place: _Place) -> _Distinct:
    texts = [str(value) for value in distinct]
    forms = [take_apart(text) for text in texts]
    if any(form.shape == "zoned" for form in forms):
        raise InputError(f"{place} holds times with a timezone: turn them into dates of local time first")
    settled, proof = _settle(forms, texts, order, place)
    days = np.full(len(forms), _BLANK, dtype=np.int64)
    whys = [form.why for form in forms]
    for i, form in enumerate(forms):
        if form.year or form.first:
            days[i], whys[i] = _day(form, settled)
    shapes = [
        settled.replace("_", " ") if f.shape == "numeric" else _SHAPES.get(f.shape, f.shape) for f in forms
    ]
    return _Distinct(days, np.array([f.seconds for f in forms], dtype=np.int64), shapes, whys, texts, proof)


def _settle(forms: list[Form], texts: list[str], order: Order | None, place: _Place) -> tuple[str, str]:
    """Settle which part of a numeric date is the day; give the order and the value that proves it."""
    numeric = sorted((text, form) for text, form in zip(texts, forms, strict=True) if form.shape == "numeric")
    proofs = {
        "day_first": [text for text, form in numeric if form.second <= 12 < form.first],
        "month_first": [text for text, form in numeric if form.first <= 12 < form.second],
    }
    proved = [name for name, found in proofs.items() if found]
    open_to_both = [
        text for text, form in numeric if form.first != form.second and max(form.first, form.second) <= 12
    ]
    if order and proved and order not in proved:
        raise InputError(
            f'{place} cannot be read with order="{order}": {place.example(proofs[proved[0]][0])} is {proved[0].replace("_", " ")}'
        )
    if order:
        return order, ""
    if len(proved) == 2:
        raise InputError(
            f"{place} mixes day first ({place.example(proofs['day_first'][0])}) and month first ({place.example(proofs['month_first'][0])}): "
            'put it right at its source, or say order="day_first" or order="month_first"'
        )
    if open_to_both and not proved:
        raise InputError(
            f"{place} can be read day first or month first ({place.example(open_to_both[0])}) and no value settles which: "
            'say order="day_first" or order="month_first"'
        )
    return (proved[0], proofs[proved[0]][0]) if proved else ("day_first", "")


def _day(form: Form, order: str) -> tuple[int, str]:
    """Give the day number of a form, or why there is no such day."""
    swapped = form.shape == "numeric" and order == "month_first"
    day, month = (form.second, form.first) if swapped else (form.first, form.second)
    try:
        return date(form.year, month, day).toordinal() - _EPOCH, ""
    except ValueError:
        return _BLANK, "no such day"


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
    bad = np.append(np.array([bool(why) for why in read.whys], dtype=bool), False)
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
    weights = np.bincount(codes + 1, minlength=len(read.texts) + 1)[1:]
    counts: Counter[str] = Counter()
    for shape, why, weight in zip(read.shapes, read.whys, weights.tolist(), strict=True):
        counts["not dates" if why else shape] += weight
    del counts["blank"]
    parts = [f"{n} {shape}" for shape, n in sorted(counts.items()) if n]
    return ("; ".join(parts) or "no dates") + (f" (proved by {read.proof})" if read.proof else "")
