"""Timeliness: the measures, what they come to, and the rows behind each count."""

from typing import Annotated, Any

import lazy_loader
import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.answers import Answer, Publication
from ehcptime.cli.frames import Frame
from ehcptime.cli.positions import Position, known

pd = lazy_loader.load("pandas")

# What is printed where no measure is named: the lead pair, then the measures that DfE publishes.
LEADING = (
    "plans_due_20wk",
    "open_over_20wk",
    "plans_issued_20wk_exc",
    "plans_issued_20wk_inc",
    "request_decisions_6wk",
)
HEADLINE = "plans_issued_20wk_exc"


def timeliness(
    position: Position,
    answer: Publication,
    measure: Annotated[str | None, typer.Option(help="A measure id; `ehcptime measures` lists them.")] = None,
    by: options.By = None,
    period: options.Period = None,
) -> None:
    """Print how many limits were met, by measure, group and period. Several measures go to several files: --out FILE.csv writes FILE-MEASURE.csv.

    Example: ehcptime timeliness FOLDER --as-at 2025-03-31 --measure plans_issued_20wk_exc --period Q
    """
    chosen = list(LEADING) if measure is None else [measure, *known(measure).beside]
    tables = answer.fit({name: figures(position, name, by, period) for name in dict.fromkeys(chosen)})
    tables = {
        name: answer.refer(table, asked=("timeliness", _asked(name, by, period)))
        for name, table in tables.items()
    }
    if answer.json:
        answer.give(pd.concat(tables.values(), ignore_index=True))
        return
    for name, table in tables.items():
        answer.explain(f"\n{known(name).title} ({name})")
        answer.named("" if len(tables) == 1 else name).give(table)
        answer.explain(known(name).sentence)


def figures(position: Position, measure: str, by: options.By, period: options.Period) -> Frame:
    """Count one measure; who is open is counted on one day, whatever the period."""
    return ehc.timeliness(
        position.rows_of(measure),
        measure,
        by=options.columns(by),
        period=_period(measure, period),
        advice=position.beside(measure),
    )


def _asked(measure: str, by: options.By, period: options.Period) -> dict[str, Any]:
    return {"measure": measure, "by": options.columns(by), "period": _period(measure, period)}


def _period(measure: str, period: options.Period) -> options.Period:
    return None if known(measure).cohort == "open" else period


def parts(position: Position, answer: Answer, measure: options.Measure = HEADLINE) -> None:
    """Count the rows of a measure by the part they play and the reason; a file or JSON lists every row with its case id.

    Example: ehcptime parts FOLDER --as-at 2025-03-31 --measure plans_due_20wk --out parts.csv
    """
    rows, beside = position.rows_of(measure), position.beside(measure)
    decided = ehc.case_parts(rows, measure, advice=beside)
    counts = decided.groupby(["part", "reason"], as_index=False).size().rename(columns={"size": "rows"})
    answer.show(decided, screen=counts)
    answer.say(f"{len(decided):,} rows")
    answer.explain(known(measure).sentence)


def cases(
    position: Position,
    answer: Answer,
    measure: options.Measure = HEADLINE,
    part: Annotated[
        str | None,
        typer.Option(help="numerator, denominator, or a part: on_time, late, unknown, not_due or left_out."),
    ] = None,
    reason: Annotated[str | None, typer.Option(help="A reason, as `ehcptime parts` prints it.")] = None,
    period: options.Period = None,
    label: options.Label = None,
    where: options.Where = None,
) -> None:
    """List the case ids behind one count of `timeliness`.

    Example: ehcptime cases FOLDER --as-at 2025-03-31 --measure plans_due_20wk --part late --period Q --label "2025 Q1"
    """
    found = ehc.case_ids(
        position.rows_of(measure),
        known(measure).id,
        part=part,
        reason=reason,
        period=period,
        label=label,
        advice=position.beside(measure),
        where=options.pairs(where),
    )
    answer.show(pd.DataFrame({"case_id": found}, dtype=str))
    answer.say(f"{len(found):,} rows are behind this count")


def effect(
    position: Position,
    answer: Answer,
    measure: options.Measure = HEADLINE,
    severity: Annotated[
        list[str] | None, typer.Option(help="error, query or info; give it once for each.")
    ] = None,
) -> None:
    """Say between which values a measure must lie whatever the rows that `check` flags really are.

    Example: ehcptime effect FOLDER --as-at 2025-03-31 --measure plans_due_20wk --severity error --severity query
    """
    rows, problems = position.rows_of(measure), position.problems
    chosen, beside = tuple(severity or ("error",)), position.beside(measure)
    answer.explain(f"{known(measure).title} ({measure})")
    found = {
        name: ehc.effect(problems, part, measure, severities=chosen, advice=beside)
        for name, part in by_rule(rows)
    }
    if answer.is_whole:
        answer.show(pd.DataFrame([_range(measure, name, one) for name, one in found.items()]))
    for name, one in found.items():
        answer.say(f"{name}{one}")


def _range(measure: str, rule: str, found: Any) -> dict[str, Any]:
    counts = ("numerator", "denominator", "percent", "lowest", "highest", "flagged", "outside")
    return {"measure": measure, "rule": rule.removesuffix(": ")} | {
        name: getattr(found, name) for name in counts
    }


def by_rule(rows: Frame) -> list[tuple[str, Frame]]:
    """Cases in one; askings apart by rule, since bodies bound by regulation 8 and others are never added together."""
    if "rule" not in rows:
        return [("", rows)]
    return [(f"{rule}: ", part) for rule, part in rows.groupby("rule", observed=True)]


COMMANDS = (
    (timeliness, "timeliness"),
    (parts, "parts"),
    (cases, "cases"),
    (effect, "effect"),
)
