"""Write the generated pages, or with --check fail where one is stale.

Every page here is made from data that the package ships, so prose cannot drift from it.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from ehcptime.law.book import LAW
from ehcptime.records.columns import COLUMNS, Column

TOP = Path(__file__).parent.parent


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _column(column: Column) -> str:
    kind = " or ".join(f"`{value}`" for value in column.values) if column.values else column.kind
    name = f"`{column.name}`" + (" (required)" if column.required else "")
    return _row(name, column.means, kind, column.sen2 and f"`{column.sen2}`")


def glossary() -> str:
    """Every column of the contract and every rule, in the field's own words."""
    lines = ["# Glossary", "", "Generated from the column contract and the rule book by `tools/pages.py`."]
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


PAGES: dict[str, Callable[[], str]] = {"GLOSSARY.md": glossary}


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
