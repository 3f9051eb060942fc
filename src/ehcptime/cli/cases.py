"""One case: its limits, explained."""

from pathlib import Path
from typing import Annotated, Any

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.positions import Source
from ehcptime.cli.reading import read
from ehcptime.cli.screen import say, table
from ehcptime.errors import CommandError


def case(
    as_at: options.AsAt,
    extract: Annotated[Path | None, typer.Argument(help="An extract to take the case from.")] = None,
    case_id: Annotated[str | None, typer.Argument(help="The case in the extract.")] = None,
    fact: Annotated[
        list[str] | None, typer.Option(help="A fact as NAME=VALUE, by the names of the column contract.")
    ] = None,
    convention: options.Convention = "receipt_excluded",
    explain: Annotated[str | None, typer.Option(help="Explain one rule, or `all`.")] = None,
    mapping: options.Mapping = None,
    order: options.Order = None,
    earlier: options.Earlier = None,
    key: options.Key = None,
    after_extract: options.AfterExtract = False,
) -> None:
    """Show the limits of one case on a day. Facts are columns of the cases, or dates of docs/law.md.

    Example: ehcptime case --as-at 2025-11-01 --fact received_date=2025-04-02 --explain plan_final
    """
    if extract is not None:
        held = read(extract, mapping, order, earlier, key)
        Source(held, after_extract=after_extract).check_reach(as_at)
        found = _from_extract(held, case_id, as_at=as_at)
    else:
        facts = dict(_pair(text) for text in fact or ())
        others = {name: facts.pop(name) for name in ehc.LAW.dates if name in facts}
        one = ehc.Case(**{"case_id": "CASE", "received_date": None, **facts, "other_dates": others})
        found = ehc.timeline(one, as_at=as_at, convention=convention)
    if explain is None:
        say(f"{found.case_id} as at {as_at}: {found.stage}")
        table(
            ("limit", "starts", "due", "done", "outcome", "source"),
            ((d.title, d.start, d.due, d.done, d.outcome(), d.cite) for d in found),
        )
        return
    rules = dict.fromkeys(d.rule for d in found) if explain == "all" else [explain]
    say("\n\n".join(found.explain(rule) for rule in rules))


def _pair(text: str) -> tuple[str, Any]:
    name, sign, value = (part.strip() for part in text.partition("="))
    if not sign:
        raise CommandError(
            f"fact {text!r} has no value: write it as NAME=VALUE, for example received_date=2025-04-02"
        )
    return name, options.day(value) if name.endswith("_date") else value


def _from_extract(tables: Any, case_id: str | None, *, as_at: Any) -> Any:
    if case_id is None:
        raise CommandError("which case: give its case_id after the extract")
    rows = tables.cases[tables.cases["case_id"] == case_id]
    if len(rows) != 1:
        raise CommandError("there is no such case_id in the extract, or more than one: check the reference")
    asked = tables.advice[tables.advice["case_id"] == case_id]
    claims = tables.exemptions[tables.exemptions["case_id"] == case_id]
    return ehc.timeline(
        ehc.Case(**_known(rows.iloc[0].to_dict(), ehc.Case)),
        as_at=as_at,
        advice=[ehc.AdviceRequest(**_known(row, ehc.AdviceRequest)) for row in asked.to_dict("records")],
        exemptions=[dict(claim) for _, claim in claims.iterrows()],
    )


def _known(row: dict[Any, Any], model: Any) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in model.model_fields and value == value}  # noqa: PLR0124


COMMANDS = ((case, "case"),)
