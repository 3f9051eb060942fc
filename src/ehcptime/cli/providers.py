"""Providers: the pack of one, and the tables of several authorities as one provider sees them."""

from pathlib import Path
from typing import Annotated

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.answers import Publication
from ehcptime.cli.frames import show
from ehcptime.cli.positions import Position
from ehcptime.cli.screen import say
from ehcptime.errors import CommandError, InputError

_WIDE = (  # columns that a screen has no room for
    "not_known",
    "authority_lag_days",
    "provider_lag_days",
    "kind",
    "existing_sufficient",
    "missed_appointments",
    "due_not_exempt",
    "in_time_not_exempt",
    "percent_not_exempt",
    "sent_only",
    "note",
    "as_at_last",
)


def provider_pack(
    position: Position,
    provider: Annotated[str, typer.Option(help="The body asked, as the column `provider` names it.")],
    out: Annotated[Path, typer.Option(help="The folder to write; it must be empty or not exist.")],
) -> None:
    """Write one provider's tables to a folder: its own rows only, and no names.

    Example: ehcptime provider-pack FOLDER --as-at 2025-03-31 --provider "Community paediatrics" --out pack
    """
    pack = ehc.provider_pack(position.advice, provider=provider, tracked=position.cases)
    _empty(out)
    for name, table in pack.tables.items():
        show(table, out / f"{name}.csv")
    say(f"due_last_month is of {pack.month}; the lists hold case ids, as the extract gives them")


def _empty(folder: Path) -> None:
    """Make the folder; nothing that is there is replaced."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise CommandError(f"the folder {folder.name} is not empty: give another with --out")
    except OSError as error:
        raise InputError(f"the folder {folder.name} cannot be written: {error.strerror}") from error


def combine(
    tables: Annotated[
        list[str],
        typer.Argument(
            help="An authority and the file of its contributions, once for each.", metavar="AUTHORITY=FILE"
        ),
    ],
    answer: Publication,
    authorities: Annotated[
        bool,
        typer.Option("--authorities", help="Give what each authority put in, and what it lacks, instead."),
    ] = False,
) -> None:
    """Add up the contributions of several authorities that one provider serves; each made with `contributions --out`.

    Example: ehcptime combine "West Sussex=ws.csv" "East Sussex=es.csv" "Brighton and Hove=bh.csv" --out sussex.csv
    """
    given = options.pairs(tables)
    if len(given) < len(tables):
        raise CommandError("an authority is named twice: give each once")
    found = ehc.combine_contributions({name: ehc.read_contributions(path) for name, path in given.items()})
    if authorities:
        answer.show(found.authorities)
        return
    answer.show(found.table, screen=found.table[[name for name in found.table if name not in _WIDE]])
    for row in found.authorities.to_dict("records"):
        answer.say(
            f"{row['authority']}: {row['askings']:,} askings at {row['as_at'].date()}"
            + (f"; nothing on {row['missing']}" if row["missing"] else "")
        )


COMMANDS = ((provider_pack, "provider-pack"), (combine, "combine"))
