"""The report at the command line: one page in one file, and its tables for next time."""

from pathlib import Path
from typing import Annotated, Literal

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.positions import Source
from ehcptime.cli.reading import read
from ehcptime.cli.screen import say
from ehcptime.errors import CommandError

KeptIn = Annotated[
    Path | None,
    typer.Option(help="Keep in this file what `ehcptime trace` needs to defend the figures.", metavar="FILE"),
]


def report(
    here: Source,
    as_at: options.AsAt,
    out: Annotated[Path, typer.Option(help="The page to write (.html).")],
    preset: Annotated[str, typer.Option(help="monthly, board, foi, public or health.")] = "board",
    audience: Annotated[
        options.AudienceName | None,
        typer.Option(help="Who will see it; public unless the preset says otherwise."),
    ] = None,
    provider: Annotated[str | None, typer.Option(help="The one provider, for the preset health.")] = None,
    tables: Annotated[
        Path | None, typer.Option(help="A folder in which to keep the tables as published, for next time.")
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option(help="The folder kept last time, so that the two together give nothing away."),
    ] = None,
    kpis: Annotated[
        Path | None,
        typer.Option(help="A file of key figures (.toml or .csv): baseline, target, thresholds, words."),
    ] = None,
    taken_before: Annotated[
        list[Path] | None,
        typer.Option(
            help="An extract taken before this one, to say how many plans are still to be keyed; give it once for each."
        ),
    ] = None,
    manifest: KeptIn = None,
) -> None:
    """Write a report as one web page that needs no network: for the board, each month, a provider, FOI or the public.

    Example: ehcptime report FOLDER --as-at 2025-03-31 --preset board --kpis kpis.toml --out board.html --tables published-2025-03 --manifest board.json
    """
    if out.suffix.lower() not in {".html", ".htm"}:
        raise CommandError(f"{out.name} is not a page: give a name that ends in .html")
    here.check_reach(as_at)
    before = None if previous is None else ehc.thaw(previous).tables
    made = ehc.report(
        here.extract,
        as_at=as_at,
        preset=preset,
        audience=audience,
        provider=provider,
        previous=before,
        kpis=() if kpis is None else ehc.read_kpis(kpis),
        earlier=[read(path) for path in taken_before or ()],
    )
    made.save(out)
    say(f"report {preset} for the audience {made.audience} written to {out}")
    if tables is not None:
        kept: Literal["public", "internal"] = "public" if made.audience == "public" else "internal"
        ehc.freeze(made.tables, tables, ehc.manifest(here.extract, as_at=as_at), audience=kept)
        say(f"its {len(made.tables)} tables kept in {tables}, for --previous")
    if manifest is not None:
        made.manifest.save(manifest)
        say_where_kept(manifest, "on the page")


def say_where_kept(manifest: Path, where: str) -> None:
    """Say which file has what the references rest on."""
    say(f"the references {where} are kept in {manifest}, for `ehcptime trace REF --in {manifest.name}`")


COMMANDS = ((report, "report"),)
