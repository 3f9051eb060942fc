"""Dates that other tools swap or lose without a word, as files that an analyst would read, in every order of their rows.

The rows are those of a comparison of three versions of pandas and of dateutil: for each, what a common call made of it.
"""

from datetime import date
from itertools import permutations

import pytest

import ehcptime as ehc

MAPPING = {"cases": {"columns": {"case_id": "Ref", "received_date": "Received"}}}
NOVEMBER = date(2024, 11, 6)
TRAPS = {
    "iso, which dayfirst=True turned into 11 June": {"2024-11-06": NOVEMBER},
    "an iso column, of which a first row up to 12 lost the rest": {
        "2024-11-06": NOVEMBER,
        "2024-11-28": date(2024, 11, 28),
        "2024-03-04": date(2024, 3, 4),
    },
    "a day-first column, of which a first row up to 12 was swapped and the rest lost": {
        "06/11/2024": NOVEMBER,
        "28/11/2024": date(2024, 11, 28),
        "03/04/2024": date(2024, 4, 3),
    },
    "a day with and without midnight, of which the second was lost": {
        "06/11/2024": NOVEMBER,
        "06/11/2024 00:00:00": NOVEMBER,
        "28/11/2024": date(2024, 11, 28),
    },
    "day-first and iso mixed, of which iso was swapped": {
        "06/11/2024": NOVEMBER,
        "2024-11-06": NOVEMBER,
        "2024-03-04": date(2024, 3, 4),
        "28/11/2024": date(2024, 11, 28),
    },
    "a serial number of Excel, which became 1970": {"45602": NOVEMBER, "45602.5": NOVEMBER},
    "a serial number beside dates": {
        "45602": NOVEMBER,
        "2024-11-06": NOVEMBER,
        "28/11/2024": date(2024, 11, 28),
    },
}
REFUSED = {
    "nothing settles it": (["06/11/2024", "03/04/2024"], "can be read day first or month first"),
    "iso settles nothing": (["06/11/2024", "2024-11-28"], "can be read day first or month first"),
    "the values contradict each other": (["06/11/2024", "28/11/2024", "11/28/2024"], "mixes day first"),
}


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "local.csv"

    def write(texts):
        lines = [f"{number},{text}" for number, text in enumerate(texts)]
        path.write_text("\n".join(["Ref,Received", *lines]) + "\n")
        return path

    return write


@pytest.mark.parametrize("trap", TRAPS)
def test_a_date_is_the_day_that_was_written(sheet, trap):
    for texts in permutations(TRAPS[trap]):
        read = ehc.read_extract(sheet(texts), mapping=MAPPING).cases["received_date"]
        assert [day.date() for day in read] == [TRAPS[trap][text] for text in texts], texts


@pytest.mark.parametrize("trap", REFUSED)
def test_what_could_be_another_day_is_refused_and_says_what_settles_it(sheet, trap):
    texts, why = REFUSED[trap]
    said = set()
    for order in permutations(texts):
        with pytest.raises(ehc.EhcptimeError) as refused:
            ehc.read_extract(sheet(order), mapping=MAPPING)
        said.add(str(refused.value))
    (sentence,) = said  # the same whatever the order of the rows
    assert sentence.startswith("column received_date of local.csv")
    assert why in sentence
    assert 'order="day_first"' in sentence


def test_the_argument_settles_it(sheet):
    path = sheet(["06/11/2024", "2024-03-04"])
    for order, first in (("day_first", NOVEMBER), ("month_first", date(2024, 6, 11))):
        read = ehc.read_extract(path, mapping=MAPPING, order=order).cases["received_date"]
        assert [day.date() for day in read] == [first, date(2024, 3, 4)]
