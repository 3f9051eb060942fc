"""What happens next: a scenario from the open cases, and a plan beside what has happened since."""

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.answers import Answer
from ehcptime.cli.positions import Position
from ehcptime.cli.progress import working
from ehcptime.cli.reading import file_bytes
from ehcptime.cli.screen import heading
from ehcptime.errors import CommandError

_WEEKS, _MONTHS = 52, 12  # of a year
_SHOWN = ("arrivals", "issued", "open_over_20wk", "plans_issued_20wk_percent", "plans_due_20wk_percent")
_COMPARED = ["period", "measure", "lowest", "middle", "highest", "actual", "place"]
_RATE = "Cases a week: a number, or SOURCE=NUMBER, once for each source."

Rates = list[str] | None


def scenario(
    here: Position,
    answer: Answer,
    ep: Annotated[Rates, typer.Option(help=f"Psychology advice. {_RATE}")] = None,
    drafting: Annotated[Rates, typer.Option(help=f"Drafting. {_RATE}")] = None,
    panel: Annotated[Rates, typer.Option(help=f"Decisions whether to assess. {_RATE}")] = None,
    clear_by: Annotated[
        date | None,
        typer.Option(
            parser=options.day, metavar="YYYY-MM-DD", help="Ask what capacity clears the backlog by a day."
        ),
    ] = None,
    queue: Annotated[
        Literal["oldest_first", "newest_first", "due_first", "twin_track"],
        typer.Option(help="Who is served first."),
    ] = "oldest_first",
    twin_share: Annotated[float, typer.Option(help="Of the capacity, for cases that can be in time.")] = 0.5,
    arrivals: Annotated[float | None, typer.Option(help="Requests a week.")] = None,
    growth: Annotated[float | None, typer.Option(help="Growth of arrivals, a share a year.")] = None,
    refused: Annotated[float | None, typer.Option(help="Share of requests refused.")] = None,
    no_plan: Annotated[float | None, typer.Option(help="Share of assessments with no plan.")] = None,
    cost: Annotated[
        list[str] | None, typer.Option(help="Money per case, as SOURCE=NUMBER; there is no default.")
    ] = None,
    months: Annotated[int, typer.Option(help="How far ahead.")] = 36,
    runs: Annotated[int, typer.Option(help="Runs of chance; 0 leaves chance out.")] = 1_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same answer.")] = 1,
) -> None:
    """Forecast the backlog and the percentages month by month, with ranges, and print every assumption.

    Example: ehcptime scenario FOLDER --as-at 2025-03-31 --ep 38 --clear-by 2027-03-31 --out months.csv
    """
    rates = {"psychology": _rates(ep), "drafting": _rates(drafting), "panel": _rates(panel)}
    with working(f"running {runs:,} times" if runs else "running once"):
        found = ehc.scenario(
            here.cases,
            advice=here.advice if len(here.advice) else None,
            weeks=round(months * _WEEKS / _MONTHS),
            runs=runs,
            seed=seed,
            arrivals=arrivals,
            growth_per_year=growth,
            refused=refused,
            no_plan=no_plan,
            capacity={name: rate for name, rate in rates.items() if rate is not None} or None,
            queue=queue,
            twin_share=twin_share,
            clear_by=clear_by,
            costs=_by_source(cost) if cost else None,
        )
    answer.say(str(found))
    if answer.is_whole:
        _give(found, answer)
    else:
        _print(found, answer)


def _give(found: Any, answer: Answer) -> None:
    """The months; in a workbook the assumptions too."""
    assumed = found.assumptions.astype({"value": str})
    answer.show_sheets(found.months, {"months": found.months, "assumptions": assumed})


def _print(found: Any, answer: Answer) -> None:
    heading("What is assumed")
    assumed = found.assumptions.assign(value=found.assumptions["value"].map(_short))
    answer.named("assumptions").show(
        assumed[["says", "value", "basis"]].rename(columns={"says": "assumption"})
    )
    heading(
        "Month by month: the middle run, and where 80 of 100 runs lie" if found.runs else "Month by month"
    )
    answer.show(_ranges(found), rows=found.weeks, labels=["period"])


def _short(value: Any) -> str:
    """An assumption short enough to read: three figures of each number, and names in words."""
    if isinstance(value, tuple):
        return ", ".join(_short(part) for part in value)
    return f"{value:,.3g}" if isinstance(value, float) else str(value).replace("_", " ")


def _ranges(found: Any) -> Any:
    """One row per month, and in each figure the middle of the runs and their range."""
    months = found.months[found.months["measure"].isin(_SHOWN)]
    shown = months.assign(text=[_range(*row, is_single=not found.runs) for row in _numbers(months)])
    return shown.pivot_table(index="period", columns="measure", values="text", aggfunc="first", sort=False)[
        list(_SHOWN)
    ].reset_index()


def _numbers(months: Any) -> Any:
    return months[["lowest", "middle", "highest"]].astype(float).itertuples(index=False, name=None)


def _range(lowest: float, middle: float, highest: float, *, is_single: bool) -> str:
    if middle != middle:  # noqa: PLR0124 - no run has anything to divide
        return ""
    return f"{middle:,.0f}" if is_single else f"{middle:,.0f} ({lowest:,.0f} to {highest:,.0f})"


def _rates(given: list[str] | None) -> Any:
    """A rate as one number, or by source."""
    if not given:
        return None
    if len(given) == 1 and "=" not in given[0]:
        return _number(given[0])
    return _by_source(given)


def _by_source(given: list[str]) -> dict[str, float]:
    return {name: _number(value) for name, value in options.pairs(given).items()}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise CommandError(
            f"{text!r} is not a number of cases or of money: write it as 38 or as SOURCE=38"
        ) from None


def trajectory(
    plan: Annotated[
        Path, typer.Argument(help="The months of a scenario, as `scenario --out` wrote them: CSV or JSON.")
    ],
    here: Position,
    answer: Answer,
) -> None:
    """Lay what has happened beside a scenario that was saved: each month inside its range, above or below.

    Example: ehcptime trajectory months.csv FOLDER --as-at 2025-09-30
    """
    answer.rests_on(plan=file_bytes(plan))
    found = ehc.trajectory(_saved().read_plan(plan), here.cases)
    answer.say(str(found))
    told = found.table[~found.table["place"].isin(["to_come", "cannot_be_told"])]
    answer.show(
        found.table, screen=told[_COMPARED].round(1).rename(columns={"measure": "figure"}), rows=len(told)
    )


def _saved() -> Any:
    """Load what reads plans when it is first used, and pandas with it."""
    return import_module("ehcptime.questions.forecasting.saved")


COMMANDS = ((scenario, "scenario"), (trajectory, "trajectory"))
