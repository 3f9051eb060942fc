"""Change: why a figure moved between two positions, what was kept of a run, and what a later run says of it."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.answers import Answer
from ehcptime.cli.frames import Frame
from ehcptime.cli.positions import Position, known
from ehcptime.cli.screen import say
from ehcptime.cli.timeliness import HEADLINE, by_rule, figures
from ehcptime.errors import CommandError

Day = Annotated[
    date | None,
    typer.Option(
        parser=options.day,
        metavar="YYYY-MM-DD",
        help="The day of the position of AFTER; that of --as-at if not given.",
    ),
]
KEPT = ("plans_due_20wk", "plans_issued_20wk_exc", "plans_issued_20wk_inc", "request_decisions_6wk")


def change(
    position: Position,
    after: Annotated[
        Path, typer.Argument(help="The extract of the later position; it may be the same.", metavar="AFTER")
    ],
    answer: Answer,
    after_as_at: Day = None,
    measure: options.Measure = HEADLINE,
    period: options.Period = None,
    label: Annotated[
        str | None, typer.Option(help="With --period: the period of the first figure, such as `2024 Q4`.")
    ] = None,
    after_label: Annotated[str | None, typer.Option(help="With --period: that of the second figure.")] = None,
    component: Annotated[
        str | None, typer.Option(help="List the cases behind one component of the table instead.")
    ] = None,
) -> None:
    """Explain why a measure moved from one extract, day or period to another; the first extract is the earlier one.

    Example: ehcptime change MARCH JUNE --as-at 2025-03-31 --after-as-at 2025-06-30 --measure plans_issued_20wk_exc
    Two periods of one: ehcptime change FOLDER FOLDER --as-at 2025-03-31 --period Q --label "2024 Q4" --after-label "2025 Q1"
    """
    later = position.another(after, after_as_at or position.as_at)
    answer.rests_on(after=later.extract)
    sides = [_rows(place, measure, period, name) for place, name in ((position, label), (later, after_label))]
    beside = [place.beside(measure) for place in (position, later)]
    for rule, before, then in _pairs(*sides):
        found = ehc.explain_change(
            before, then, known(measure).id, advice=None if beside[0] is None else tuple(beside)
        )
        answer.say(f"{rule}{found}")
        answer.say(found.why)
        answer.named(rule.removesuffix(": ")).show(
            found.table if component is None else found.cases(component)
        )


def _rows(position: Position, measure: str, period: options.Period, label: str | None) -> Frame:
    """The rows of one figure: all of a position, or those that fall in a period of it."""
    rows = position.rows_of(measure)
    if period is None and label is None:
        return rows
    if known(measure).family == "advice":
        raise CommandError(
            f"measure {measure!r} counts askings, which this command does not choose by period"
        )
    ids = ehc.case_ids(rows, known(measure).id, period=period, label=label, advice=position.beside(measure))
    return rows[rows["case_id"].isin(ids)]


def _pairs(before: Frame, after: Frame) -> list[tuple[str, Frame, Frame]]:
    """The two sides by rule, where the rows are askings."""
    first, second = dict(by_rule(before)), dict(by_rule(after))
    return [(rule, first.get(rule, before[:0]), second.get(rule, after[:0])) for rule in {**first, **second}]


def freeze(
    position: Position,
    out: Annotated[Path, typer.Option(help="The folder to write; it must hold no frozen run yet.")],
    measure: Annotated[
        list[str] | None,
        typer.Option(help="A measure id; give it once for each. Without it: the leading four."),
    ] = None,
    by: options.By = None,
    period: options.Period = "Q",
    audience: Annotated[
        Literal["public", "internal"],
        typer.Option(
            help="public: hide small numbers. internal: keep the part of each case too, by which `restate` goes; it names cases."
        ),
    ] = "public",
) -> None:
    """Save the tables of a run with what they rest on: its input, day, rule book and versions.

    Example: ehcptime freeze FOLDER --as-at 2025-03-31 --audience internal --out 2025-q1
    """
    chosen = dict.fromkeys(measure or KEPT)
    tables = dict(
        ehc.for_audience(
            {f"timeliness-{name}": figures(position, name, by, period) for name in chosen}, audience=audience
        )
    )
    if audience == "internal":
        tables |= {f"parts-{name}": _kept(position, name) for name in chosen if _has_cases(name)}
    made = ehc.manifest(position.extract, as_at=position.as_at)
    saved = ehc.freeze(tables, out, made, audience=audience)
    say(f"{len(saved.tables)} tables and their manifest written to {out}, by rule book {saved.rule_book}")


def _kept(position: Position, measure: str) -> Frame:
    return ehc.case_parts(position.cases, measure, advice=position.beside(measure))


def _has_cases(measure: str) -> bool:
    """Whether a figure of a measure can be restated: one of cases, that falls in periods."""
    return bool(known(measure).family != "advice" and known(measure).cohort != "open")


def restate(
    frozen: Annotated[Path, typer.Argument(help="A run frozen with --audience internal.", metavar="FROZEN")],
    position: Position,
    answer: Answer,
    measure: options.Measure = HEADLINE,
    period: options.Period = "Q",
) -> None:
    """Say period by period what a frozen figure has become; a file or JSON lists the cases that made the difference.

    Example: ehcptime restate 2025-q1 FOLDER --as-at 2025-06-30 --measure plans_issued_20wk_exc --period Q
    """
    run = ehc.thaw(frozen)
    answer.rests_on(frozen=run.manifest.model_dump_json().encode())
    kept = run.tables.get(f"parts-{known(measure).id}")
    if kept is None and _has_cases(measure):
        raise CommandError(
            f"the frozen run keeps no cases of measure {measure!r}: freeze it with --measure {measure} --audience internal"
        )
    before = position.cases if kept is None else kept
    found = ehc.restatement(
        before, position.cases, measure, period=period or "Q", advice=position.beside(measure)
    )
    answer.show(found.changes, screen=found.table.drop(columns="sentence"), rows=len(found.table))
    answer.say(str(found))
    now = ehc.manifest(position.extract, as_at=position.as_at)
    for line in run.manifest.what_differs(now):
        answer.say(f"the runs differ in: {line}")


COMMANDS = ((change, "change"), (freeze, "freeze"), (restate, "restate"))
