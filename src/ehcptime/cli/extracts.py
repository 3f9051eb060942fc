"""An extract: what is wrong with it, and every limit of every case."""

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.frames import show
from ehcptime.cli.reading import read
from ehcptime.cli.screen import say

_SHOWN = (
    "case_id",
    "stage",
    "is_open",
    "age_days",
    "request_decision_status",
    "plan_final_due",
    "plan_final_status",
    "plan_final_days_over",
)


def check(
    extract: options.Folder,
    as_at: options.AsAt,
    mapping: options.Mapping = None,
    order: options.Order = None,
    earlier: options.Earlier = None,
    key: options.Key = None,
    out: options.Out = None,
) -> None:
    """List what is wrong with an extract. Exit code 1 where anything is an error.

    Example: ehcptime check FOLDER --as-at 2025-03-31 --out problems.csv
    """
    tables = read(extract, mapping, order, earlier, key)
    problems = ehc.check(
        tables.cases,
        as_at=as_at,
        advice=tables.advice,
        exemptions=tables.exemptions,
        closures=tables.closures,
    )
    counts = problems.groupby(["severity", "code", "message"], as_index=False).size()
    say(
        f"{len(tables.cases):,} cases and {len(tables.advice):,} askings for advice read: {len(problems):,} problems"
    )
    if out is None:
        show(counts.rename(columns={"size": "rows"})[["severity", "code", "rows", "message"]], None)
    else:
        show(problems, out)
    raise typer.Exit(1 if problems["severity"].eq("error").any() else 0)


def track(
    extract: options.Folder,
    as_at: options.AsAt,
    mapping: options.Mapping = None,
    order: options.Order = None,
    earlier: options.Earlier = None,
    key: options.Key = None,
    out: options.Out = None,
    convention: options.Convention = "receipt_excluded",
) -> None:
    """Work out every limit of every case.

    Example: ehcptime track FOLDER --as-at 2025-03-31 --out tracked.csv
    With earlier years: ehcptime track 2025.xml --earlier 2024.xml --key NativeId --as-at 2025-01-16
    """
    tables = read(extract, mapping, order, earlier, key)
    tracked = ehc.track(
        tables.cases,
        as_at=as_at,
        exemptions=tables.exemptions,
        closures=tables.closures,
        convention=convention,
    )
    show(tracked if out else tracked[list(_SHOWN)], out)


COMMANDS = ((check, "check"), (track, "track"))
