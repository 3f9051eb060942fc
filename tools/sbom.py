"""Print a software bill of materials: every package that ehcptime[all] brings in, with version and licence, as CycloneDX JSON.

It is read from the metadata of what is installed, so nothing is asked of an index; it holds no time and no random number, so the same
environment gives the same text. `python tools/sbom.py > ehcptime.cdx.json`
"""

import json
import re
import uuid
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any

from packaging.requirements import Requirement

ROOT = "ehcptime"
_CLASSIFIER = "License :: OSI Approved :: "


def canonical(name: str) -> str:
    """Write a name as packages are compared by.

    >>> canonical("Lazy_Loader")
    'lazy-loader'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def licence(held: Distribution) -> str:
    """Give the licence that a package states: its SPDX expression, else its classifiers, else the short text of its field."""
    if "License-Expression" in held.metadata:
        return held.metadata["License-Expression"]
    classes = held.metadata.get_all("Classifier") or []
    named = [one.removeprefix(_CLASSIFIER) for one in classes if one.startswith(_CLASSIFIER)]
    field = held.metadata["License"].strip() if "License" in held.metadata else ""
    return " AND ".join(named) or (field if field and "\n" not in field else "not stated")


def needed(name: str, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Give what an installed package needs here, with the extras of each."""
    for text in distribution(name).requires or []:
        one = Requirement(text)
        wanted = [one.marker.evaluate({"extra": extra}) for extra in extras or {""}] if one.marker else [True]
        if any(wanted):
            yield canonical(one.name), frozenset(one.extras)


def closure(name: str = ROOT, extras: frozenset[str] = frozenset({"all"})) -> dict[str, set[str]]:
    """Give every package that is brought in, with the names of those that it needs itself; one that is not installed is left out."""
    found: dict[str, set[str]] = {}
    waiting, seen = [(canonical(name), extras)], set()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        try:
            inner = list(needed(*one))
        except PackageNotFoundError:
            continue
        found.setdefault(one[0], set()).update(other for other, _ in inner if other != one[0])
        waiting.extend(inner)
    return {
        package: {other for other in others if other in found} for package, others in sorted(found.items())
    }


def component(name: str) -> dict[str, Any]:
    """Describe one installed package."""
    held = distribution(name)
    stated = licence(held)
    said = {"expression": stated} if "License-Expression" in held.metadata else {"license": {"name": stated}}
    reference = f"pkg:pypi/{name}@{held.version}"
    kind = "application" if name == ROOT else "library"
    return {
        "type": kind,
        "bom-ref": reference,
        "name": name,
        "version": held.version,
        "licenses": [said],
        "purl": reference,
    }


def bill() -> dict[str, Any]:
    """Make the bill; its serial number follows from what is in it."""
    packages = closure()
    made = {name: component(name) for name in packages}
    content = json.dumps(list(made.values()), sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, content)}",
        "version": 1,
        "metadata": {"component": made[ROOT]},
        "components": [one for name, one in made.items() if name != ROOT],
        "dependencies": [
            {"ref": made[name]["bom-ref"], "dependsOn": sorted(made[other]["bom-ref"] for other in others)}
            for name, others in packages.items()
        ],
    }


if __name__ == "__main__":
    print(json.dumps(bill(), indent=1, ensure_ascii=False))
