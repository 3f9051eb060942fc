"""Lists of what can be asked for: the measures, and the codes for a lifted limit. They need no pandas."""

import json as json_text
from typing import Annotated, Any

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.positions import known
from ehcptime.cli.screen import say, table

_MARKS = {"seen": "seen", "secondary": "secondary source", "memory": "not verified"}


def measures(
    measure: Annotated[str | None, typer.Argument(help="One measure, with its whole definition.")] = None,
    json: options.Json = False,
) -> None:
    """List the measures, each with the sentence that goes under its figure.

    Example: ehcptime measures, ehcptime measures plans_due_20wk
    """
    if json:
        chosen = ehc.MEASURES if measure is None else [known(measure).id]
        _print_json([ehc.MEASURES[name].model_dump(mode="json") for name in chosen])
        return
    if measure is None:
        rows = ((one.id, one.cohort, one.sentence) for one in ehc.MEASURES.values())
        table(("measure", "cohort", "what it says"), rows)
        return
    one = known(measure)
    say(f"{one.title} ({one.id})")
    for name in ("cohort", "population", "numerator", "denominator"):
        say(f"  {name}: {getattr(one, name)}")
    say(f"  unknowns: {'in' if one.unknown_in_denominator else 'outside'} the denominator")
    say(f"  source: {one.cite}")
    say(f"  printed with: {', '.join(one.beside) or 'nothing else'}")
    say(f"\n{one.sentence}")


def codes(json: options.Json = False) -> None:
    """List the reasons that can lift a limit, by code, and the rules that each one lifts.

    Example: ehcptime codes
    """
    lifted = {
        code: [rule for rule in ehc.LAW if any(code in v.exempt_by for v in ehc.LAW[rule].versions)]
        for code in ehc.LAW.exemptions
    }
    if json:
        _print_json(
            [
                {"code": code, **reason.model_dump(mode="json"), "lifts": lifted[code]}
                for code, reason in ehc.LAW.exemptions.items()
            ]
        )
        return
    for code, reason in ehc.LAW.exemptions.items():
        say(f"{code}: {reason.title}")
        say(f"  when: {reason.condition}")
        say(f"  source: {reason.cite} ({_MARKS[reason.mark]})")
        say(f"  lifts: {', '.join(lifted[code]) or 'nothing'}")
    say("\na reason lifts a limit and never moves its date; a shortage of staff is none of them")


def _print_json(records: list[dict[str, Any]]) -> None:
    typer.echo(json_text.dumps(records, indent=2))


COMMANDS = ((measures, "measures"), (codes, "codes"))
