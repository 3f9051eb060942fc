"""The questions: timeliness, backlog and contributions."""

from typing import Annotated, Any

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.frames import show
from ehcptime.cli.reading import read
from ehcptime.cli.screen import say
from ehcptime.errors import CommandError

# What is printed where no measure is named: the lead pair, then the measures that DfE publishes.
LEADING = (
    "plans_due_20wk",
    "open_over_20wk",
    "plans_issued_20wk_exc",
    "plans_issued_20wk_inc",
    "request_decisions_6wk",
)


def _tracked(extract: Any, as_at: Any, mapping: str | None, order: str | None) -> tuple[Any, Any]:
    """Read an extract and track its cases and its advice."""
    tables = read(extract, mapping, order)
    say(
        f"{len(tables.cases):,} cases and {len(tables.advice):,} askings for advice read; position at {as_at}"
    )
    tracked = ehc.track(tables.cases, as_at=as_at, exemptions=tables.exemptions)
    return tracked, ehc.track_advice(tables.advice, as_at=as_at, cases=tables.cases)


def timeliness(
    extract: options.Folder,
    as_at: options.AsAt,
    mapping: options.Mapping = None,
    order: options.Order = None,
    measure: Annotated[str | None, typer.Option(help="A measure id; see the list in the README.")] = None,
    by: options.By = None,
    period: options.Period = None,
    out: options.Out = None,
) -> None:
    """Print how many limits were met, by measure, group and period.

    Example: ehcptime timeliness FOLDER --as-at 2025-03-31 --measure plans_issued_20wk_exc --period Q
    """
    tracked, advice = _tracked(extract, as_at, mapping, order)
    chosen = list(LEADING) if measure is None else [measure, *_measure(measure).beside]
    for name in dict.fromkeys(chosen):
        known = _measure(name)
        result = ehc.timeliness(
            advice if known.family == "advice" else tracked,
            name,
            by=options.columns(by),
            period=None if known.cohort == "open" else period,
            advice=advice if known.family == "all_advice" else None,
        )
        say(f"\n{known.title} ({name})")
        aside = ["measure", "as_at"] if out else ["measure", "as_at", "cohort", "rule_book"]
        show(result.drop(columns=aside), _beside(out, name, alone=len(chosen) == 1))
        say(known.sentence)


def _measure(name: str) -> Any:
    if name not in ehc.MEASURES:
        raise CommandError(f"there is no measure {name!r}: use one of {', '.join(ehc.MEASURES)}")
    return ehc.MEASURES[name]


def _beside(out: Any, name: str, *, alone: bool) -> Any:
    return out if out is None or alone else out.with_name(f"{out.stem}-{name}{out.suffix}")


def backlog(
    extract: options.Folder,
    as_at: options.AsAt,
    mapping: options.Mapping = None,
    order: options.Order = None,
    by: options.By = "stage",
    out: options.Out = None,
) -> None:
    """Count the open cases by group and age.

    Example: ehcptime backlog FOLDER --as-at 2025-03-31 --by area
    """
    tracked, _ = _tracked(extract, as_at, mapping, order)
    table = ehc.backlog(tracked, by=options.columns(by) or "stage")
    if out is not None:
        show(table, out)
        return
    wide = table.pivot_table(
        index=options.columns(by) or ["stage"], columns="age_band", values="open", sort=False, observed=False
    )
    wide = wide.astype(int)
    wide["all"] = wide.sum(axis=1)
    say("open cases by age in weeks")
    show(wide.reset_index(), None)
    say(f"{int(wide['all'].sum()):,} open cases")


def contributions(
    extract: options.Folder,
    as_at: options.AsAt,
    mapping: options.Mapping = None,
    order: options.Order = None,
    by: options.By = "advice_type",
    period: options.Period = None,
    out: options.Out = None,
) -> None:
    """Print how promptly advice was asked for and given.

    Example: ehcptime contributions FOLDER --as-at 2025-03-31 --by provider
    """
    _, advice = _tracked(extract, as_at, mapping, order)
    result = ehc.contributions(advice, by=options.columns(by) or "advice_type", period=period)
    show(result if out else result.loc[:, :"provider_lag_days"], out)
    say(
        "a body bound by regulation 8 has a statutory limit (advice_body); for others six weeks is guidance (advice_other)"
    )


COMMANDS = (
    (timeliness, "timeliness"),
    (backlog, "backlog"),
    (contributions, "contributions"),
)
