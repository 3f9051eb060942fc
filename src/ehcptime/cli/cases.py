"""One case: its limits, explained."""

from pathlib import Path
from typing import Annotated, Any, Literal

import lazy_loader
import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.answers import Answer
from ehcptime.cli.positions import Source
from ehcptime.cli.reading import read
from ehcptime.errors import CommandError
from ehcptime.records.case import UNNAMED

pd = lazy_loader.load("pandas")

_COLUMNS = (
    "rule", "limit", "starts", "due", "done", "status", "days_over", "exempt", "breach", "outcome", "source",
)  # fmt: skip
_SHOWN = ("limit", "starts", "due", "done", "outcome", "source")


def case(
    as_at: options.AsAt,
    answer: Answer,
    extract: Annotated[Path | None, typer.Argument(help="An extract to take the case from.")] = None,
    case_id: Annotated[str | None, typer.Argument(help="The case in the extract.")] = None,
    fact: Annotated[
        list[str] | None, typer.Option(help="A fact as NAME=VALUE, by the names of the column contract.")
    ] = None,
    convention: options.Convention = "receipt_excluded",
    explain: Annotated[str | None, typer.Option(help="Explain one rule, or `all`.")] = None,
    page: Annotated[
        Path | None, typer.Option(help="Write the case on one page to this file (.html or .txt).")
    ] = None,
    reader: Annotated[
        Literal["family", "adviser", "ombudsman"],
        typer.Option(help="Who is to read the page: plain English, or citations in full."),
    ] = "family",
    mapping: options.Mapping = None,
    order: options.Order = None,
    earlier: options.Earlier = None,
    key: options.Key = None,
    after_extract: options.AfterExtract = False,
) -> None:
    """Show the limits of one case on a day. Facts are columns of the cases, or dates of docs/law.md.

    Example: ehcptime case --as-at 2025-11-01 --fact received_date=2025-04-02 --explain plan_final
    On one page: ehcptime case FOLDER CASE_ID --as-at 2025-03-31 --page case.html --reader family
    """
    facts: dict[str, Any] = {"as_at": as_at}
    answer.rests_on(as_at)
    if extract is not None:
        held = read(extract, mapping, order, earlier, key)
        Source(held, after_extract=after_extract).check_reach(as_at)
        answer.rests_on(extract=held)
        one, *beside, events = _from_extract(held, case_id)
        facts |= dict(zip(("advice", "exemptions", "closures"), beside, strict=True))
    else:
        one, events = _from_facts(fact or []), ()
    if page is not None:
        _on_one_page(page, reader, one, {**facts, "events": events}, answer)
        answer.explain(f"the page for the {reader} written to {page}")
    found = ehc.timeline(one, convention=convention, **facts)
    if explain is None and page is None:
        answer.explain(f"{found.case_id} as at {as_at}: {found.stage}")
    rows = [_limit(deadline) for deadline in found]
    limits = pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"days_over": "Int64"})
    if answer.is_whole or (explain is None and page is None):
        answer.show(limits, screen=limits[list(_SHOWN)], labels=["rule"])
    if explain is not None:
        rules = dict.fromkeys(d.rule for d in found) if explain == "all" else [explain]
        answer.say("\n\n".join(found.explain(rule) for rule in rules))


def _limit(found: Any) -> tuple[Any, ...]:
    """A limit as a row: what it is, its dates and what came of it."""
    facts = (found.start, found.due, found.done, found.status, found.days_over, found.exempt, found.breach)
    return (found.rule, found.title, *facts, found.outcome(), found.cite)


def _pair(text: str) -> tuple[str, Any]:
    name, sign, value = (part.strip() for part in text.partition("="))
    if not sign:
        raise CommandError(
            f"fact {text!r} has no value: write it as NAME=VALUE, for example received_date=2025-04-02"
        )
    return name, options.day(value) if name.endswith("_date") else value


def _from_extract(extract: Any, case_id: str | None) -> Any:
    if case_id is None:
        raise CommandError("which case: give its case_id after the extract")
    return ehc.case_of(extract, case_id)


def _from_facts(given: list[str]) -> Any:
    if not given:
        raise CommandError(
            "no case: give an extract and a case_id, or facts, for example --fact received_date=2025-04-02"
        )
    facts = dict(_pair(text) for text in given)
    others = {name: facts.pop(name) for name in ehc.LAW.dates if name in facts}
    return ehc.Case(**{"case_id": UNNAMED, "received_date": None, **facts, "other_dates": others})


def _on_one_page(place: Path, reader: str, case: Any, facts: dict[str, Any], answer: Answer) -> None:
    """Save the page; what it is asked does not depend on its name."""
    if place.suffix.lower() not in (".html", ".txt"):
        raise CommandError(f"{place.name!r} is no page: end its name in .html or .txt")
    refer = answer.refers(page="page.html", reader=reader)
    made = ehc.case_page(case, reader=reader, refer=refer, **facts)
    answer.save_page(made.text if place.suffix.lower() == ".txt" else made.html, place)


COMMANDS = ((case, "case"),)
