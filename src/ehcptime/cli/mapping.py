"""A mapping for a local extract: proposed, written for editing, and tried."""

from pathlib import Path
from typing import Annotated, Any

import typer

from ehcptime.cli import options
from ehcptime.cli.frames import show
from ehcptime.cli.reading import library, progress
from ehcptime.cli.screen import in_options, say
from ehcptime.errors import CommandError, InputError

_ALL = 1_000_000


def map_(
    file: Annotated[Path, typer.Argument(help="A local extract: CSV, Excel, or a folder of them.")],
    out: Annotated[
        Path | None, typer.Option(help="Where to write the proposal; an existing file is not replaced.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="Try this mapping, and propose nothing.", metavar="MAPPING.toml")
    ] = None,
    order: options.Order = None,
) -> None:
    """Propose a mapping for a local extract, write it for editing, and try it. Exit code 1 where it cannot be used yet.

    Example: ehcptime map local.xlsx --out local.toml, then edit it, then ehcptime map local.xlsx --mapping local.toml
    """
    if mapping is None:
        mapping = out or Path(f"{file.stem}-mapping.toml")
        _write(library("proposals").propose_mapping(file, order=order), mapping)
        say(
            f"a mapping is proposed in {mapping}: check every line of it, then try it with --mapping {mapping}"
        )
    try:
        with progress(file):
            extract = library("doors").read_any(file, mapping=mapping, order=order)
    except InputError as error:
        say(f"\nas it stands it cannot be used: {in_options(str(error))}")
        raise typer.Exit(1) from None
    say(f"\n{len(extract.cases):,} cases and {len(extract.advice):,} askings for advice would be read:\n")
    show(extract.reading, None, rows=_ALL)
    _say_what_dfe_reads(extract.cases)


def _say_what_dfe_reads(cases: Any) -> None:
    """Name what the DfE measures lack; a day of the outcome without its code serves nothing, and needs a person."""
    has_code, has_day, has_plan = (
        name in cases and bool(cases[name].notna().any())
        for name in ("assessment_outcome", "assessment_outcome_date", "plan_issued_date")
    )
    if has_day and not has_code:
        say("\nassessment_outcome_date is mapped and assessment_outcome is not: map it too, with its codes")
        raise typer.Exit(1)
    if has_plan and not (has_code and has_day):
        plans = int(cases["plan_issued_date"].notna().sum())
        alone = "1 plan has" if plans == 1 else f"{plans:,} plans have"
        say(
            f"\nthe DfE measures read assessment_outcome and assessment_outcome_date, and {alone} a plan_issued_date alone: "
            "map both to count these plans there"
        )


def _write(text: str, path: Path) -> None:
    """Write a new file; one that is there is never replaced."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise CommandError(
            f"{path.name} is there already and is not replaced: name another with --out, or try it with --mapping"
        ) from None
    except OSError as error:
        raise InputError(f"{path.name} cannot be written: {error.strerror}; choose another folder") from None


COMMANDS = ((map_, "map"),)
