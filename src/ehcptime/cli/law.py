"""The rule book on the screen; it needs no pandas."""

import json as json_text
from typing import Annotated

import typer

import ehcptime as ehc
from ehcptime.cli.screen import say, table

_MARKS = {"seen": "seen", "secondary": "secondary source", "memory": "not verified"}


def law(
    rule: Annotated[str | None, typer.Argument(help="One rule, with all its versions.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the rules as JSON.")] = False,
) -> None:
    """Print the rule book: every limit, where it is written and how far its text was verified.

    Example: ehcptime law plan_final
    """
    records = [record for record in ehc.LAW.records() if rule in (None, record["id"])]
    if rule is not None:
        ehc.LAW[rule]
    if json:
        typer.echo(json_text.dumps(records, indent=2))
    elif rule is None:
        _print_all()
    else:
        _print_rule(rule)


def _print_all() -> None:
    latest = ((r, r.versions[-1]) for r in ehc.LAW.values())
    table(
        ("rule", "limit", "period", "duty on", "source", "kind", "text"),
        ((r.id, r.title, v.words, r.duty_on, v.cite, r.kind, _MARKS[v.mark]) for r, v in latest),
    )
    say(f"\nrule book of {ehc.LAW.edition}; not legal advice")


def _print_rule(name: str) -> None:
    rule = ehc.LAW[name]
    say(f"{rule.title} ({rule.id}): {rule.kind}, duty on {rule.duty_on} to {rule.act}")
    say(f"  starts: {rule.trigger}")
    for version in rule.versions:
        say(f"  from {version.first} to {version.last or 'now'}: {version.words}")
        say(f"    source: {version.cite} ({_MARKS[version.mark]}, checked {version.checked_on})")
        say(f"    link: {version.url}")
        say(f"    lifted by: {', '.join(version.exempt_by) or 'nothing'}")
        if version.note:
            say(f"    note: {version.note}")


COMMANDS = ((law, "law"),)
