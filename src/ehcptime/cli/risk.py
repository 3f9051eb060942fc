"""The morning: what each caseworker must do, what changed since the last run, and what needs a person before anyone relies on it."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.answers import Answer
from ehcptime.cli.frames import ROWS_SHOWN
from ehcptime.cli.headings import set_aside
from ehcptime.cli.positions import Position
from ehcptime.cli.screen import heading, note

NEEDS_A_PERSON = 1
_SHOWN = ["case_id", "stage", "next_rule", "due", "days_left", "act_by", "waits_for", "flags", "why"]
_TOP = "Court, tribunal and over a year"

Yesterday = Annotated[
    Path | None,
    typer.Option(
        help="The extract of the last run: say what has changed since, and what is worse.", metavar="EXTRACT"
    ),
]


def at_risk(
    here: Position,
    answer: Answer,
    by: Annotated[str, typer.Option(help="A column: whose list each case is on.")] = "caseworker",
    days: Annotated[int, typer.Option(help="List limits that fall within this many days.")] = 28,
    rows: Annotated[int, typer.Option(help="At most this many cases on each list.")] = 20,
    priority: Annotated[
        list[str] | None, typer.Option(help="A column that marks cases to put first; give it once for each.")
    ] = None,
    no_contact_weeks: Annotated[
        int | None, typer.Option(help="Put forward cases with no recorded contact for so many weeks.")
    ] = None,
    yesterday: Yesterday = None,
) -> None:
    """List what each caseworker must do: the next limits of open cases, and on top what may not be missed.

    Exit code 1 where it is done, but something needs a person: rows were set aside, the extract is older than the position or no
    newer than yesterday's, or there is more that is late than yesterday, a case gone, a date moved back or removed. Each is a sentence.

    Example: ehcptime at-risk FOLDER --as-at 2025-03-31 --by caseworker --days 28 --out lists.xlsx
    """
    last = None if yesterday is None else here.another(yesterday)
    if last is not None:
        answer.rests_on(yesterday=last.extract)
    found = ehc.morning_list(
        here.cases,
        days=days,
        rows=rows,
        by=by,
        advice=here.advice,
        priority=priority or (),
        no_contact_weeks=no_contact_weeks,
    )
    if answer.is_whole:
        answer.say(str(found))
        _give(found, answer)
    else:
        _print(found, answer)
    _end([*_of_reading(here, last), *_of_change(here, last, answer)], answer)


def _give(found: Any, answer: Answer) -> None:
    """One table, or in a workbook a sheet for every list."""
    answer.show_sheets(found.frame(), {_TOP: found.top, **found.lists})


def _print(found: Any, answer: Answer) -> None:
    answer.say(f"{found.heading}\n{found.coming}")
    heading(answer.cited(f"{_TOP}: {len(found.top):,}"))
    answer.named(_TOP).show(found.top[_SHOWN], rows=ROWS_SHOWN)
    for name, table in found.lists.items():
        heading(answer.cited(f"{name}: {len(table)}, {found.left_off[name]} left off"))
        answer.named(name).show(table[_SHOWN], rows=len(table))


def what_changed(
    before: Annotated[Path, typer.Argument(help="The extract of the last run.")],
    as_at_before: Annotated[
        date, typer.Option(parser=options.day, metavar="YYYY-MM-DD", help="The day of the last run.")
    ],
    here: Position,
    answer: Answer,
) -> None:
    """Say what changed since the last run: new, closed, newly overdue, and dates that were edited, moved back or removed.

    Exit code 1 where something needs a person: more is late than in the last run, a case is gone, or a date was moved back or removed.

    Example: ehcptime what-changed OLD NEW --as-at-before 2025-03-30 --as-at 2025-03-31 --out changes.csv
    """
    then = here.another(before, as_at_before)
    answer.rests_on(before=then.extract)
    found = ehc.what_changed(then.cases, here.cases)
    answer.say(str(found))
    answer.show(found.table)
    _end(found.concerns, answer)


def _of_reading(here: Position, last: Position | None) -> Iterator[str]:
    """What a scheduler should stop for in what was read."""
    lost, day = set_aside(here.extract), here.extract.extracted_on
    if lost:
        yield f"{lost:,} rows were set aside: see the notes above, and `ehcptime check`."
    if day is not None and day < here.as_at:
        yield f"The extract is of {day}, and the position of {here.as_at}: what was keyed since is not in it."
    then = None if last is None else last.extract.extracted_on
    if day is not None and then is not None and day <= then:
        yield f"The extract is of {day}, and the last run's of {then}: it is not newer."


def _of_change(here: Position, last: Position | None, answer: Answer) -> Iterable[str]:
    if last is None:
        return ()
    found = ehc.what_changed(last.cases, here.cases)
    answer.say(f"\nSince {last.as_at}: {found}")
    return tuple(found.concerns)


def _end(concerns: Iterable[str], answer: Answer) -> None:
    """Say on standard error what needs a person, and leave with the exit code that says so."""
    said = list(concerns)
    for sentence in said:
        note(answer.cited(f"needs a person: {sentence}"))
    raise typer.Exit(NEEDS_A_PERSON if said else 0)


COMMANDS = ((at_risk, "at-risk"), (what_changed, "what-changed"))
