"""Data to learn on, and the demonstration."""

import re
from pathlib import Path
from typing import Annotated

import typer

import ehcptime as ehc
from ehcptime.cli import demonstration, options
from ehcptime.cli.screen import say
from ehcptime.errors import CommandError


def simulate(
    requests: Annotated[int, typer.Argument(help="How many requests.", metavar="N")],
    as_at: options.AsAt,
    out: Annotated[Path, typer.Option(help="The folder to write; it must be empty or not exist.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same data.")] = 1,
    preset: Annotated[
        str, typer.Option(help="west_sussex_2024, england_2024, recovered or collapse.")
    ] = "west_sussex_2024",
    slower: Annotated[
        str | None,
        typer.Option(
            help="Plant a difference: the plans of one group take so many weeks longer. Columns: sex, ethnicity, primary_need, area, care_status.",
            metavar="COLUMN=GROUP:WEEKS",
        ),
    ] = None,
) -> None:
    """Make up an extract and write it as a SEN2 blade folder with its companions.

    Example: ehcptime simulate 2448 --as-at 2024-12-31 --seed 1 --out synthetic
    With a difference to be found: ehcptime simulate 2448 --as-at 2024-12-31 --slower sex=F:8 --out slower
    """
    planted = None if slower is None else _planted(slower)
    extract = ehc.simulate(requests, as_at=as_at, seed=seed, preset=preset, slower=planted)
    ehc.write_sen2(extract, out, as_at=as_at)
    say(
        f"{len(extract.cases):,} SYNTHETIC cases and {len(extract.advice):,} askings for advice written to {out}"
    )
    if planted:
        say("plans of {} {} take {} weeks longer".format(*planted))


def _planted(text: str) -> tuple[str, str, int]:
    """Read a column, a group of it and a number of weeks.

    >>> _planted("sex=F:8")
    ('sex', 'F', 8)
    """
    found = re.fullmatch(r"([^=]+)=(.+):(\d+)", text)
    if found is None:
        raise CommandError(
            f"{text!r} is no difference to plant: write it as COLUMN=GROUP:WEEKS, such as sex=F:8"
        )
    return found[1].strip(), found[2].strip(), int(found[3])


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
