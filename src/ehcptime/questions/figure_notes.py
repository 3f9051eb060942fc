"""What the note of a figure says: why there is none, how far it may move and what is in it."""

from ehcptime.questions.measures import Measure
from ehcptime.questions.rounding import percent

NOT_BEGUN = "the period has not begun: only those already met are counted"


def missing(row: dict[str, int], denominator: int, begun: bool) -> list[str]:
    """Why a figure is missing."""
    if not denominator:
        return [f"no percentage, because {_nothing(row)}"]
    return [] if begun else [NOT_BEGUN]


def moving(measure: Measure, row: dict[str, int], denominator: int, is_running: bool) -> list[str]:
    """How far a figure may move; of those received the limits run after the period too."""
    if not row["not_due"]:
        return []
    if measure.cohort == "received":
        return [_provisional(row, denominator)]
    return [f"provisional: {row['not_due']} not yet due"] if is_running and denominator else []


def in_it(measure: Measure, unknown: int, apart: int) -> list[str]:
    """What is in a figure."""
    notes = []
    if apart:
        notes.append(f"{apart} refused or ended after the limit are in it as not on time")
    if unknown:
        notes.append(f"unknown: {unknown}, {_where_unknown(measure)}")
    return notes


def _where_unknown(measure: Measure) -> str:
    if not measure.unknown_in_denominator:
        return "outside the denominator"
    whose = " as DfE counts them" if measure.cite.startswith("DfE") else ""
    return f"in the denominator{whose}"


def _nothing(row: dict[str, int]) -> str:
    others = [
        f"{row[part]} {words}"
        for part, words in (("unknown", "unknown"), ("not_due", "not yet due"), ("left_out", "left out"))
        if row[part]
    ]
    return f"there is nothing to divide ({', '.join(others) or 'no rows'})"


def _provisional(row: dict[str, int], denominator: int) -> str:
    """The lowest and highest value: all that are not due come late, or all in time."""
    whole = denominator + row["not_due"]
    lowest, highest = percent(row["on_time"], whole), percent(row["on_time"] + row["not_due"], whole)
    return f"provisional: {row['not_due']} not yet due, so between {lowest} and {highest} per cent"
