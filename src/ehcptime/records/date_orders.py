"""The order of day and month in the numeric dates of a column: settled by evidence or by word, or refused."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehcptime.errors import InputError
from ehcptime.records.date_forms import take_apart
from ehcptime.records.plain_dates import plain_dates

BLANK = int(np.iinfo(np.int64).min)  # also the number under NaT
_DATED = frozenset({"year_first", "named", "numeric", "serial"})


class Place(NamedTuple):
    """A column of a file, as an error names it."""

    column: str
    file: str
    personal: bool = False

    def example(self, text: str) -> str:
        """Give a value as an example, unless it is a personal detail."""
        return "values not shown" if self.personal else text

    def __str__(self) -> str:
        """Name the column, and its file where it is known."""
        return f"column {self.column}" + (f" of {self.file}" if self.file else "")


class Forms(NamedTuple):
    """The forms of the distinct texts of a column, an array for each part."""

    shapes: NDArray[np.object_]
    years: NDArray[np.int64]
    firsts: NDArray[np.int64]
    others: NDArray[np.int64]
    seconds: NDArray[np.int64]
    whys: list[str]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Forms":
        """Take apart each text, the plain dates all at once."""
        shapes, whys = np.full(len(texts), "", dtype=object), [""] * len(texts)
        numbers = np.zeros((4, len(texts)), dtype=np.int64)
        for dates in plain_dates(texts):
            shapes[dates.places] = dates.shape
            numbers[:3, dates.places] = dates.years, dates.firsts, dates.others
        for place in np.flatnonzero(shapes == "").tolist():
            shapes[place], *numbers[:, place], whys[place] = take_apart(texts[place])
        return cls(shapes, numbers[0], numbers[1], numbers[2], numbers[3], whys)


def settle(forms: Forms, texts: list[str], order: str | None, place: Place) -> tuple[str, str]:
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


def day_numbers(forms: Forms, order: str) -> tuple[NDArray[np.int64], list[str]]:
    """Give the day number of each form, or why there is no such day."""
    swapped = (forms.shapes == "numeric") & (order == "month_first")
    day, month = np.where(swapped, (forms.others, forms.firsts), (forms.firsts, forms.others))
    months = ((forms.years - 1970) * 12 + month - 1).view("datetime64[M]")
    first, following = (of.astype("datetime64[D]").astype(np.int64) for of in (months, months + 1))
    real = (forms.years > 0) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= following - first)
    whys = list(forms.whys)
    for i in np.flatnonzero(~real).tolist():
        if forms.shapes[i] in _DATED:  # 0000-00-00 too, which databases write: never lost without a word
            whys[i] = "no such day"
    return np.where(real, first + day - 1, BLANK), whys
