"""Gather the fragments of changelog.d into CHANGELOG.md under Unreleased: `python -m tools.changelog`, before a release."""

import re
import textwrap
from pathlib import Path

TOP = Path(__file__).parent.parent
KINDS = ("added", "changed", "deprecated", "removed", "fixed", "security")
_WIDTH = 150
_UNRELEASED = re.compile(r"(?<=^## Unreleased\n).*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def fragments(folder: Path) -> dict[str, list[str]]:
    """The texts by kind, in the order of the names of their files.

    Raises ValueError for a file whose name is not `<what>.<kind>.md`, or that is empty.
    """
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*")):
        if path.name == "README.md":
            continue
        _, _, kind = path.stem.rpartition(".")
        text = " ".join(path.read_text(encoding="utf-8").split())
        if path.suffix != ".md" or kind not in KINDS or not text:
            raise ValueError(
                f"{path.name} is no fragment: name it <what>.<kind>.md, the kind one of {', '.join(KINDS)}, and fill it"
            )
        found.setdefault(kind, []).append(text)
    return found


def gathered(changelog: str, found: dict[str, list[str]]) -> str:
    r"""The changelog with the fragments at the end of their kinds under Unreleased.

    >>> print(gathered("# Changelog\n\n## Unreleased\n\n### Added\n\n- One.\n", {"added": ["Two."], "fixed": ["Three."]}))
    # Changelog
    <BLANKLINE>
    ## Unreleased
    <BLANKLINE>
    ### Added
    <BLANKLINE>
    - One.
    - Two.
    <BLANKLINE>
    ### Fixed
    <BLANKLINE>
    - Three.
    <BLANKLINE>
    """
    (section,) = _UNRELEASED.findall(changelog)
    held = {kind: _lines(section, kind) for kind in KINDS}
    for kind, texts in found.items():
        held[kind] += [
            textwrap.fill(text, _WIDTH, initial_indent="- ", subsequent_indent="  ") for text in texts
        ]
    parts = [f"### {kind.capitalize()}\n\n" + "\n".join(lines) for kind, lines in held.items() if lines]
    body = "\n" + "\n\n".join(parts) + "\n"
    return _UNRELEASED.sub(lambda _: body, changelog, count=1)


def _lines(section: str, kind: str) -> list[str]:
    found = re.search(rf"^### {kind.capitalize()}\n+(.*?)(?=^### |\Z)", section, re.MULTILINE | re.DOTALL)
    return found[1].strip().splitlines() if found else []


def main() -> None:
    """Write the changelog and delete what went into it."""
    folder, place = TOP / "changelog.d", TOP / "CHANGELOG.md"
    found = fragments(folder)
    place.write_text(gathered(place.read_text(encoding="utf-8"), found), encoding="utf-8")
    for path in folder.glob("*.md"):
        if path.name != "README.md":
            path.unlink()
    print(f"{sum(map(len, found.values()))} fragments gathered")


if __name__ == "__main__":
    main()
