"""Write the generated pages, or with --check fail where one is stale.

Every page here is made from data that the package ships, so prose cannot drift from it.
"""

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ehcptime.law.book import LAW
from ehcptime.law.models import Follows, Rule
from ehcptime.outputs.star_columns import STAR
from ehcptime.records.columns import COLUMNS, Column

TOP = Path(__file__).parent.parent


def _words() -> dict[str, str]:
    return tomllib.loads((TOP / "tools" / "words.toml").read_text(encoding="utf-8"))


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _column(column: Column) -> str:
    kind = " or ".join(f"`{value}`" for value in column.values) if column.values else column.kind
    name = f"`{column.name}`" + (" (required)" if column.required else "")
    return _row(name, column.means, kind, column.sen2 and f"`{column.sen2}`")


def glossary() -> str:
    """Words, every column of the contract and every rule, in the field's own words."""
    lines = [
        "# Glossary",
        "",
        "Generated from `tools/words.toml`, the column contract and the rule book by `tools/pages.py`.",
    ]
    lines += ["", "## Words", "", _row("word", "meaning"), _row(*["---"] * 2)]
    lines += [_row(word, meaning) for word, meaning in _words().items()]
    for table, columns in COLUMNS.items():
        lines += [
            "",
            f"## `{table}`",
            "",
            _row("column", "meaning", "holds", "SEN2 item"),
            _row(*["---"] * 4),
        ]
        lines += [_column(column) for column in columns.values()]
    lines += ["", "## Rules", "", _row("rule", "limit", "period", "source"), _row(*["---"] * 4)]
    for rule in LAW.values():
        latest = rule.versions[-1]
        lines.append(_row(f"`{rule.id}`", rule.title, latest.words, latest.cite))
    return "\n".join(lines) + "\n"


def law_page() -> str:
    """Every rule of the book by chapter, in tables that a lawyer can review, then what has no length."""
    lines = [
        "# The law, as ehcptime holds it",
        "",
        f"Generated from the rule book of {LAW.edition} by `tools/pages.py`. It is data for a calculation and not legal advice.",
        "",
        "A mark says how far the text was verified: *seen* (in the instrument), *secondary* (in a source that states or quotes it),",
        "*not verified* (neither: left out of every list unless it is asked for by name). A period counted after an event leaves out the day",
        "of the event; one beginning with it takes it in. Weekends and holidays do not move a limit unless the rule says working days.",
    ]
    for chapter, rules in LAW.chapters.items():
        lines += ["", f"## {chapter.capitalize()}"]
        for rule in rules:
            lines += ["", *_rule_lines(LAW[rule])]
    lines += [
        "",
        "## Exemptions",
        "",
        _row("code", "what", "condition", "source", "text"),
        _row(*["---"] * 5),
    ]
    lines += [
        _row(f"`{e.code}`", e.title, e.condition, e.cite, _MARKS[e.mark]) for e in LAW.exemptions.values()
    ]
    lines += [
        "",
        "## Which clock follows a reversal",
        "",
        _row("route", "clock", "to assess", "to issue", "source"),
        _row(*["---"] * 5),
    ]
    lines += [
        _row(f"`{name}`", r.clock, _follows(r.assess), _follows(r.issue), r.cite)
        for name, r in LAW.routes.items()
    ]
    lines += [
        "",
        "## Duties with no length",
        "",
        _row("id", "what", "duty on", "source", "text"),
        _row(*["---"] * 5),
    ]
    lines += [_row(f"`{n.id}`", f"{n.title}: {n.text}", n.duty_on, n.cite, _MARKS[n.mark]) for n in LAW.notes]
    lines += ["", "## Dates that only some rules need", "", _row("date", "meaning"), _row("---", "---")]
    lines += [_row(f"`{name}`", meaning) for name, meaning in LAW.dates.items()]
    return "\n".join(lines) + "\n"


_MARKS = {"seen": "seen", "secondary": "secondary", "memory": "not verified"}


_ROLES = {
    "notify": "to tell the family",
    "no_plan": "to refuse a plan",
    "draft": "to send a draft",
    "final": "to send the plan",
}


def _follows(follows: Follows) -> str:
    return (
        ", ".join(f"{_ROLES[role]} `{rule}`" for role, rule in follows.model_dump(exclude_none=True).items())
        or "-"
    )


def _rule_lines(rule: Rule) -> list[str]:
    """One rule: what starts and meets it, then its versions."""
    told = f" Told: {', '.join(rule.recipients)}." if rule.recipients else ""
    duty = f"{rule.kind.capitalize()}. Duty on: {rule.duty_on}. Act: {rule.act}.{told}"
    runs = f"Starts on: {rule.trigger} (`{rule.start}`). Met on: `{rule.done}`.{_conditions(rule)}"
    heads = _row("from", "to", "period", "lifted by", "source", "text", "checked")
    lines = [f"### {rule.title} (`{rule.id}`)", "", duty, "", runs, "", heads, _row(*["---"] * 7)]
    for version in rule.versions:
        lifted = ", ".join(f"`{code}`" for code in version.exempt_by) or "-"
        cells = (str(version.first), str(version.last or "now"), version.words, lifted)
        lines.append(
            _row(*cells, f"[{version.cite}]({version.url})", _MARKS[version.mark], str(version.checked_on))
        )
    return [*lines, *(line for note in _notes(rule) for line in ("", note))]


def _conditions(rule: Rule) -> str:
    """When a rule applies at all."""
    said = ""
    if rule.only_if is not None:
        said += f" Only where `{rule.only_if.column}` is `{rule.only_if.code}`."
    if rule.unless is not None:
        said += f" Not where `{rule.unless.column}` is `{rule.unless.code}`."
    if rule.only_with:
        said += " Only once there is a " + " or a ".join(f"`{name}`" for name in rule.only_with) + "."
    if rule.of_family:
        said += " A limit on the family: missing it is nobody's breach."
    return said + "".join(f" Ended by `{name}`." for name in rule.ended_by)


def _notes(rule: Rule) -> list[str]:
    """Each note once; what only one version adds is said of that version."""
    shared = min((version.note for version in rule.versions), key=len)
    notes = [shared] if shared else []
    for version in rule.versions:
        own = version.note.removeprefix(shared).strip()
        if own:
            notes.append(f"From {version.first} to {version.last or 'now'}: {own}")
    return notes


def spec_page() -> str:
    """Worked examples of every rule, which the tests run through both doors."""
    examples = tomllib.loads((TOP / "tests" / "spec" / "examples.toml").read_text(encoding="utf-8"))[
        "example"
    ]
    lines = [
        "# The law, worked",
        "",
        "Examples worked by hand from the law, each run by the tests through `timeline` and through a frame. Generated by `tools/pages.py`",
        "from `tests/spec/examples.toml`.",
    ]
    for chapter, rules in LAW.chapters.items():
        lines += ["", f"## {chapter.capitalize()}"]
        for rule in rules:
            lines += [
                "",
                f"### {LAW[rule].title} (`{rule}`)",
                "",
                _row("facts", "as at", "due", "comes to", "because"),
                _row(*["---"] * 5),
            ]
            lines += [_example(example) for example in examples if example["rule"] == rule]
    return "\n".join(lines) + "\n"


def _example(example: dict[str, Any]) -> str:
    facts = ", ".join(f"`{name}` = {value}" for name, value in example["facts"].items())
    came_to = example["status"].replace("_", " ") + _margin(example["status"], example.get("days_over"))
    return _row(facts, str(example["as_at"]), str(example.get("due", "none")), came_to, example["because"])


def _margin(status: str, days: int | None) -> str:
    """Days over in words."""
    if days is None:
        return ""
    if days == 0:
        return ", on the last day" if status in {"met", "running"} else ""
    unit = "day" if abs(days) == 1 else "days"
    if days > 0:
        return f", {days} {unit} short" if status == "too_soon" else f" by {days} {unit}"
    return f", {-days} {unit} {'left' if status == 'running' else 'to spare'}"


def star_page() -> str:
    """Every table and column of the star schema, for whoever builds a report on it."""
    lines = [
        "# The star schema, column by column",
        "",
        "What `ehcptime export` writes. Generated from `src/ehcptime/outputs/star.toml` by `tools/pages.py`. A name stays what it is: reports are",
        "built on it. How to load it: [Power BI](power_bi.md), [R](r.md).",
    ]
    for table, held in STAR.items():
        lines += [
            "",
            f"## `{table}`",
            "",
            held.about,
            "",
            _row("column", "holds", "kind", "key to"),
            _row(*["---"] * 4),
        ]
        lines += [
            _row(f"`{name}`", column.means, column.kind, column.refers and f"`{column.refers}`")
            for name, column in held.columns.items()
        ]
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "GLOSSARY.md": glossary,
    "docs/law.md": law_page,
    "docs/spec.md": spec_page,
    "docs/star.md": star_page,
}


def main(*, check: bool) -> int:
    """Write or check every page; give the exit code."""
    stale = []
    for name, make in PAGES.items():
        path, text = TOP / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, encoding="utf-8")
    verb = "stale" if check else "written"
    print(f"{len(PAGES)} generated pages, {len(stale)} {verb}{': ' if stale else ''}{', '.join(stale)}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
