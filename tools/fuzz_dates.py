"""Date texts, written in every form and then damaged, as columns in which each text is judged by itself.

A text of a column must become a date, a blank or one issue, whatever stands beside it; every 250th, and each that may have a timezone, is
also read alone, and must come to the same.
"""

import random
import re

import numpy as np
import pandas as pd
from tools.fuzz_damage import one_of

from ehcptime.errors import InputError
from ehcptime.records.dates import read_dates

COLUMN = 500
# They settle for a column that its days come first, and that its times are times.
_SETTLING = ("28/04/2025", "2025-04-02 10:00")
_BLANK = {"", "null", "nan", "nat", "none", "<na>"}
_MAY_HAVE_ZONE = re.compile(r":.*(z|utc|gmt|bst|[+-]\d\d(:?\d\d)?)\s*$", re.IGNORECASE | re.DOTALL)
# Most are as people write them; the rest are at the edge of what there is.
_DAYS = (*map(str, range(1, 32)), *(f"{day:02}" for day in range(1, 32)), "0", "00", "29", "30", "31", "32", "99", "1st", "2nd", "03rd")  # fmt: skip
_MONTHS = (*map(str, range(1, 13)), *(f"{month:02}" for month in range(1, 13)), "02", "2", "0", "00", "13")
_NAMED = ("Jan", "feb", "Mar", "APR", "may", "June", "July", "august", "Sept", "SEP", "Oct.", "november", "december", "Marc", "Mai")  # fmt: skip
_YEARS = ("0000", "0001", "1753", "1899", "1900", "1989", "1990", "2023", "2024", "2100", "2101", "9999", "24", "00", "1")  # fmt: skip
_TIMES = (" 00:00", " 00:00:00", "T23:00:00", " 9:05 am", " 12:00pm", " 25:00", " 23:59:59.999", "T10:00", ", 13:00 PM", " 23:59")  # fmt: skip
_ZONES = ("Z", "+01", " GMT", "bst", "+01:00", "-0000")
_PIECES = ("0", "9", "31", "-", "/", ".", ",", ":", " ", "T", "Z", "am", "th", "of", "w/c ", "tbc", "Mrs Jones", "nan", "<NA>", "e5", "_", "+", "'", '"', "=", "\t", "\n", "\r", "\0", "\xa0", "\u200b", "\u202e", "\ufeff", "\u0661", "\u0665", "\uff10", "\u2075", "\u2013", "\u2044", "\u0131", "\u017f", "\U0001d7d9", "9" * 20, "9" * 400)  # fmt: skip
_SEPARATORS = ("/", "/", "/", "-", "-", "-", ".", " ", "", "//")


class Wrong(Exception):  # noqa: N818 - what it says is the whole of it
    """A text of a column was not judged by itself."""


def text(draw: random.Random) -> str:
    """A date in some form, on a day that there is or not; half of them damaged."""
    made = _written(draw)
    for _ in range(one_of((0, 0, 0, 1, 1, 2), draw)):
        at, piece = int(draw.random() * (len(made) + 1)), one_of(_PIECES, draw)
        made = made[:at] + (piece if draw.random() < 0.7 else "") + made[at + one_of((0, 0, 1, 2), draw) :]
    return made


def _written(draw: random.Random) -> str:
    form, day, year = draw.random(), one_of(_DAYS, draw), _year(draw)
    if form < 0.1:  # the number of a day, as Excel keeps it
        return f"{draw.random() * one_of((1, 100, 80_000, 80_000, 1e12), draw):.{int(draw.random() * 9)}f}"
    month = one_of(_MONTHS, draw) if draw.random() < 0.7 else one_of(_NAMED, draw)
    made = one_of(_SEPARATORS, draw).join((day, month, year) if form < 0.55 else (year, month, day))
    if form > 0.95:
        made = f"{one_of(_NAMED, draw)} {day}, {year}"
    return made + _time(draw)


def _year(draw: random.Random) -> str:
    return one_of(_YEARS, draw) if draw.random() < 0.2 else str(1988 + int(draw.random() * 115))


def _time(draw: random.Random) -> str:
    if draw.random() < 0.7:
        return ""
    return one_of(_TIMES, draw) + (one_of(_ZONES, draw) if draw.random() < 0.03 else "")


def outcomes(texts: list[str]) -> list[str]:
    """What each text of a column came to: a day, why it is none, nothing for a blank, or "refused" where it is refused alone too."""
    if len(texts) == 1:
        return [alone(texts[0])]
    try:
        return _together(texts)
    except InputError:  # the one that is refused is found by halves
        half = len(texts) // 2
        return outcomes(texts[:half]) + outcomes(texts[half:])


def alone(one: str) -> str:
    """What a text comes to as the only one of its column."""
    try:
        return _read([one])[0]
    except InputError as refusal:
        if "\n" in str(refusal):
            raise Wrong("an error of several lines") from refusal
        return "refused"


def _together(texts: list[str]) -> list[str]:
    return _read([*_SETTLING, *texts])[len(_SETTLING) :]


def _read(texts: list[str]) -> list[str]:
    values = pd.Series(texts, dtype=object, index=range(7, 7 + len(texts)))
    reading = read_dates(values, column="received_date", order="day_first")
    if not reading.dates.index.equals(values.index):
        raise Wrong("the dates have another index than the column")
    return _sorted_out(
        texts, reading.dates, dict(zip(reading.issues["row"], reading.issues["why"], strict=True))
    )


def _sorted_out(texts: list[str], dates: pd.Series, whys: dict[int, str]) -> list[str]:
    """Each text's day or issue; raises Wrong where one has both, or neither without being blank."""
    days = np.datetime_as_string(dates.to_numpy(), unit="D").tolist()
    found = []
    for row, (one, day) in enumerate(zip(texts, days, strict=True), start=7):
        is_day, why = day != "NaT", whys.get(row, "")
        if is_day + bool(why) + (one.strip().lower() in _BLANK) != 1:
            raise Wrong("a text is not one of a day, an issue and a blank")
        if is_day and not "1990" <= day[:4] <= "2100":
            raise Wrong("a day is outside the years that can be meant")
        found.append(day if is_day else why)
    return found


def judged(texts: list[str]) -> list[str]:
    """What each text of a column comes to, a sample of them read alone as well; raises Wrong where that is something else."""
    zoned = [one for one in texts if _MAY_HAVE_ZONE.search(one)]
    plain = [one for one in texts if not _MAY_HAVE_ZONE.search(one)]
    found = outcomes(plain) if plain else []
    for one, said in list(zip(plain, found, strict=True))[::250]:
        by_itself = alone(one)
        if by_itself not in (said, "refused"):
            raise Wrong(f"{by_itself} alone and {said} in a column")
    return found + [alone(one) for one in zoned]
