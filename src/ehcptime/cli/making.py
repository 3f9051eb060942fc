"""Data to learn on, and the demonstration."""

from pathlib import Path
from typing import Annotated

import typer

import ehcptime as ehc
from ehcptime.cli import demonstration, options
from ehcptime.cli.screen import say


def simulate(
    requests: Annotated[int, typer.Argument(help="How many requests.", metavar="N")],
    as_at: options.AsAt,
    out: Annotated[Path, typer.Option(help="The folder to write; it must be empty or not exist.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same data.")] = 1,
    preset: Annotated[
        str, typer.Option(help="west_sussex_2024, england_2024, recovered or collapse.")
    ] = "west_sussex_2024",
) -> None:
    """Make up an extract and write it as a SEN2 blade folder with its companions.

    Example: ehcptime simulate 2448 --as-at 2024-12-31 --seed 1 --out synthetic
    """
    extract = ehc.simulate(requests, as_at=as_at, seed=seed, preset=preset)
    ehc.write_sen2(extract, out, as_at=as_at)
    say(
        f"{len(extract.cases):,} SYNTHETIC cases and {len(extract.advice):,} askings for advice written to {out}"
    )


def demo(
    out: Annotated[
        Path, typer.Option(help="A folder for the caseload and the chart; it must be empty or not exist.")
    ] = Path("demo-output"),
) -> None:
    """Show what ehcptime does, on published decisions and on a made-up caseload.

    Example: ehcptime demo --out demo-output
    """
    demonstration.run(out)


COMMANDS = ((demo, "demo"), (simulate, "simulate"))
