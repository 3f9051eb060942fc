"""Write the conformance pack from the rule book, or with --check fail where it is stale: `python -m tools.conformance`.

The answers are ehcptime's own: tests hold them to the slow oracle, to the examples that were worked by hand and to what was published.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any

from tools.conformance_questions import FAMILIES, SETTINGS, TOP, Facts

from ehcptime.law.book import LAW
from ehcptime.testing.answering import answered

PACK = TOP / "src" / "ehcptime" / "testing" / "pack" / "pack.json"


def vectors() -> list[Facts]:
    """Every question with its answer and what that rests on, in a fixed order."""
    asked: dict[str, Facts] = {}
    for family in FAMILIES:
        for name, found in family():
            asked.setdefault(name, found)
    return [_with_answer(name, asked[name]) for name in sorted(asked)]


def _with_answer(name: str, asked: Mapping[str, Any]) -> Facts:
    expected, source = answered(asked)
    made = {"id": name, **asked, "expected": expected, **source._asdict()}
    if "other_due" in expected:
        made["conflict"] = "authorities conflict"
    return made


def pack() -> str:
    """The pack as text: a head, then one vector a line."""
    found = vectors()
    head = {
        "pack": SETTINGS["version"],
        "format": 1,
        "rule_book": LAW.edition,
        "notice": SETTINGS["notice"],
        "rules": {
            rule.id: {"title": rule.title, "duty_on": rule.duty_on, "url": rule.versions[-1].url}
            for rule in LAW.values()
        },
    }
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in found)
    opened = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    return f'{opened},\n "vectors": [\n{lines}\n ]\n}}\n'


def main(*, check: bool) -> int:
    """Write or check the pack; give the exit code."""
    text = pack()
    stale = not PACK.exists() or PACK.read_text(encoding="utf-8") != text
    if stale and not check:
        PACK.write_text(text, encoding="utf-8")
    said = "stale" if stale and check else "written" if stale else "as it was"
    print(f"conformance pack {SETTINGS['version']}: {said}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
