"""The rule book on the screen; it needs no pandas."""

import json as json_text
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

import typer

import ehcptime as ehc
from ehcptime.cli.options import day
from ehcptime.cli.screen import say, table

_MARKS = {"seen": "seen", "secondary": "secondary source", "memory": "not verified"}


def law(
    rule: Annotated[str | None, typer.Argument(help="One rule, with all its versions.")] = None,
    on: Annotated[
        date | None, typer.Option(parser=day, metavar="YYYY-MM-DD", help="What applied on a day.")
    ] = None,
    diff: Annotated[
        tuple[datetime, datetime] | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="FROM TO", help="What changed between two days."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the rules as JSON.")] = False,
) -> None:
    """Print the rule book: every limit, where it is written and how far its text was verified.

    Example: ehcptime law plan_final, ehcptime law --on 2020-06-01, ehcptime law --diff 2020-04-30 2020-05-01
    """
    if rule is not None:
        ehc.LAW[rule]
    if json:
        records = [record for record in ehc.LAW.records() if rule in (None, record["id"])]
        typer.echo(json_text.dumps(records, indent=2))
    elif diff is not None:
        _print_changes(diff[0].date(), diff[1].date())
    elif rule is not None:
        _print_rule(rule)
    else:
        _print_versions(
            {r.id: r.versions[-1] for r in ehc.LAW.values()} if on is None else ehc.LAW.in_force(on)
        )


def _print_versions(versions: Mapping[str, Any]) -> None:
    table(
        ("rule", "limit", "period", "duty on", "source", "kind", "text", "lifted by"),
        (
            (r.id, r.title, v.words, r.duty_on, v.cite, r.kind, _MARKS[v.mark], ", ".join(v.exempt_by))
            for rule, v in versions.items()
            for r in (ehc.LAW[rule],)
        ),
    )
    say(f"\n{len(versions)} rules; rule book of {ehc.LAW.edition}; not legal advice")


def _print_changes(before: date, after: date) -> None:
    changes = ehc.LAW.changes(before, after)
    say(f"{len(changes)} rules read differently on {after} than on {before}")
    for rule, (was, now) in changes.items():
        say(f"\n{ehc.LAW[rule].title} ({rule})")
        say(f"  {before}: {_said(was)}")
        say(f"  {after}: {_said(now)}")


def _said(version: Any) -> str:
    if version is None:
        return "no such rule"
    return f"{version.words}; lifted by {', '.join(version.exempt_by) or 'nothing'}; {version.cite}"


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
