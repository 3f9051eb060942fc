"""Papers: letters that should have gone, an audit sample, a calendar, and a report's tables as a workbook."""

from pathlib import Path
from typing import Annotated

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.answers import Answer
from ehcptime.cli.frames import write_sheets
from ehcptime.cli.positions import Position, Source
from ehcptime.cli.reporting import KeptIn, say_where_kept
from ehcptime.cli.screen import say

_LETTERS_SHOWN = ["case_id", "title", "rule", "due", "recorded_on", "state"]


def letters(here: Position, answer: Answer) -> None:
    """List what each family should have been told by now, against what is recorded.

    Example: ehcptime letters FOLDER --as-at 2025-03-31 --out letters.xlsx
    """
    found = ehc.expected_letters(here.cases, events=here.extract.events)
    counts = found.groupby(["title", "rule", "state"], as_index=False, observed=True).size()
    answer.show(found[[*_LETTERS_SHOWN, "cite", "as_at"]], screen=counts, rows=len(counts))


def audit_sample(
    here: Position,
    answer: Answer,
    number: Annotated[int, typer.Option("--number", "-n", help="How many cases.")],
    seed: Annotated[int, typer.Option(help="The same seed draws the same cases.")],
    by: Annotated[
        str, typer.Option(help="Columns to draw by, with commas between them; also outcome and service.")
    ] = "stage,outcome",
) -> None:
    """Draw cases for an audit, in proportion to groups; in an .xlsx a second sheet has every limit of each with its sum.

    Example: ehcptime audit-sample FOLDER --as-at 2025-03-31 --number 60 --seed 7 --by area,stage,outcome --out audit.xlsx
    """
    drawn = ehc.audit_sample(
        here.cases, n=number, seed=seed, by=options.columns(by) or [], advice=here.advice
    )
    if answer.out is None or answer.out.suffix.lower() != ".xlsx":
        answer.show(drawn)
        return
    sheets = ehc.audit_sheets(here.extract, drawn["case_id"], as_at=here.as_at)
    write_sheets({"sample": drawn, "limits": sheets}, answer.out)


def calendar(
    here: Position,
    out: Annotated[Path, typer.Option(help="The calendar to write (.ics).")],
    caseworker: Annotated[str | None, typer.Option(help="Only the cases of this worker.")] = None,
    audience: options.Audience = "internal",
) -> None:
    """Write the limits still to be met as a calendar that names cases by id alone; a lifted limit is not in it.

    Example: ehcptime calendar FOLDER --as-at 2025-03-31 --caseworker "Worker 3" --out limits.ics
    """
    found = ehc.calendar(here.cases, out, audience=audience, caseworker=caseworker)
    said = f"; {found.lifted:,} claimed to be lifted are not in it" if found.lifted else ""
    say(f"{found.limits:,} limits written to {out}{said}")


def workbook(
    here: Source,
    as_at: options.AsAt,
    out: Annotated[Path, typer.Option(help="The workbook to write (.xlsx).")],
    preset: Annotated[str, typer.Option(help="monthly, board, foi, public or health.")] = "board",
    audience: Annotated[
        options.AudienceName | None,
        typer.Option(help="Who will see it; public unless the preset says otherwise."),
    ] = None,
    provider: Annotated[str | None, typer.Option(help="The one provider, for the preset health.")] = None,
    manifest: KeptIn = None,
) -> None:
    """Write the tables of a report as an accessible workbook: cover, contents, notes, and one table a sheet.

    Example: ehcptime workbook FOLDER --as-at 2025-03-31 --preset board --out board.xlsx --manifest board.json
    """
    found = ehc.report_workbook(
        here.extract, out, as_at=as_at, preset=preset, audience=audience, provider=provider, manifest=manifest
    )
    say(f"{len(found)} tables written to {out}")
    if manifest is not None:
        say_where_kept(manifest, "in the workbook")


COMMANDS = (
    (letters, "letters"),
    (audit_sample, "audit-sample"),
    (calendar, "calendar"),
    (workbook, "workbook"),
)
