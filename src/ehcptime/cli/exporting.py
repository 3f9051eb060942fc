"""An extract as tables for Power BI, R and other tools that join tables."""

from pathlib import Path
from typing import Annotated, Literal

import typer

import ehcptime as ehc
from ehcptime.cli.positions import Position
from ehcptime.cli.screen import say
from ehcptime.errors import CommandError, InputError


def export(
    position: Position,
    out: Annotated[Path, typer.Option(help="The folder to write; an earlier export in it is replaced.")],
    kind: Annotated[
        Literal["csv", "parquet", "both"], typer.Option("--format", help="csv, parquet or both.")
    ] = "both",
    internal: Annotated[
        bool, typer.Option("--internal", help="Keep case and person ids as they are, and name caseworkers.")
    ] = False,
    secret: Annotated[
        Path | None,
        typer.Option(
            "--secret-file",
            help="A file whose first line is the key of pseudonyms that stay the same in every export; without it ids are numbers of this export.",
        ),
    ] = None,
) -> None:
    """Write an extract as a star schema: cases, limits, advice, measures and a calendar, in CSV and Parquet with stable names.

    Rows are about single children: for the authority's own Power BI or R, and never for publication.
    Example: ehcptime export FOLDER --as-at 2025-03-31 --out star
    """
    if internal and secret is not None:
        raise CommandError("--internal keeps the ids as they are: give it or --secret-file, not both")
    rows = ehc.export(
        position.extract,
        out,
        as_at=position.as_at,
        key=None if secret is None else _first_line(secret),
        internal=internal,
        formats=("csv", "parquet") if kind == "both" else (kind,),
    )
    for table, number in rows.items():
        say(f"{table}: {number:,} rows")
    say("schema says what each column holds; the rows are about single children and are not for publication")


def _first_line(path: Path) -> str:
    try:
        return (path.read_text(encoding="utf-8").splitlines() or [""])[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the secret file {path.name} cannot be read: give a text file") from error


COMMANDS = ((export, "export"),)
