"""Bank holidays in England, typed by hand after the lists of gov.uk (bank holidays, England and Wales).

The day kept is the one given off: where a holiday falls on a weekend, its substitute. Good Friday and
Christmas Day are in the list too. It holds the whole life of the Regulations so far, from 2014.
"""

from datetime import date

_DAYS = {
    2014: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2015: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2016: "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27",
    2017: "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",  # May Day moved to the Friday, for VE Day
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",  # two for the Jubilee; the funeral
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",  # the Coronation
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}
ONE_OFF = tuple(
    date.fromisoformat(day) for day in ("2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08")
)
ENGLAND = frozenset(
    date.fromisoformat(f"{year}-{day}") for year, days in _DAYS.items() for day in days.split()
)
