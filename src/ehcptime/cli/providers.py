"""Providers: the pack of one, and the tables of several authorities as one provider sees them."""

from pathlib import Path
from typing import Annotated

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.answers import Pack, Publication
from ehcptime.cli.positions import Position
from ehcptime.cli.reading import file_bytes
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
    answer: Pack,
    provider: Annotated[str, typer.Option(help="The body asked, as the column `provider` names it.")],
) -> None:
    """Write one provider's tables to a folder: its own rows only, and no names.

    Example: ehcptime provider-pack FOLDER --as-at 2025-03-31 --provider "Community paediatrics" --out pack
    """
    pack = ehc.provider_pack(position.advice, provider=provider, tracked=position.cases)
    if answer.out is not None:
        _empty(answer.out)
    answer.show_all(pack.tables)
    answer.explain(f"due_last_month is of {pack.month}; the lists hold case ids, as the extract gives them")


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
    held = {name: ehc.read_contributions(path) for name, path in given.items()}
    found = ehc.combine_contributions(held)
    last = found.authorities["as_at"].max().date()
    answer.rests_on(last, **{name: file_bytes(Path(path)) for name, path in given.items()})
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
