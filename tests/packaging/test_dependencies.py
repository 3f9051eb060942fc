"""What docs/dependencies.md promises: every package is named with the licence that it states, and the bill of materials is whole."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

TOP = Path(__file__).parents[2]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
PAGE = (TOP / "docs" / "dependencies.md").read_text(encoding="utf-8")
sys.path.insert(0, str(TOP / "tools"))
import sbom  # noqa: E402 - a tool, not a package


def declared(requirements):
    return {Requirement(text).name for text in requirements} - {"ehcptime"}


def rows(heading):
    """Cells of the table under a heading of the page."""
    text = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    found = [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| `")
    ]
    assert len({row[0] for row in found}) == len(found)
    return found


def test_the_page_names_what_is_declared_and_nothing_else():
    extras = PROJECT["project"]["optional-dependencies"]
    assert {row[0] for row in rows("Always")} == declared(PROJECT["project"]["dependencies"])
    assert {(row[2], row[0]) for row in rows("Extras")} == {
        (extra, name) for extra, wanted in extras.items() for name in declared(wanted)
    }
    assert {row[0] for row in rows("For those who work on it")} == declared(
        PROJECT["dependency-groups"]["dev"]
    )


@pytest.mark.parametrize("heading", ["Always", "Extras", "For those who work on it"])
def test_each_licence_is_what_the_package_states(heading):
    there = [
        row for row in rows(heading) if row[0] != "pyspark"
    ]  # not in `all`, so not installed for the tests
    for name, *why, stated in there:
        assert sbom.licence(distribution(name)) == stated, name
        assert all(why), name


def test_every_package_that_is_brought_in_states_a_licence_and_none_is_of_the_gpl_family():
    for name in sbom.closure():
        stated = sbom.licence(distribution(name))
        assert stated != "not stated", name
        assert not re.search(r"GPL|General Public", stated), (name, stated)


def bill():
    done = subprocess.run(
        [sys.executable, TOP / "tools" / "sbom.py"], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_bill_of_materials_is_whole_and_the_same_each_time():
    text = bill()
    assert text == bill()
    held = json.loads(text)
    assert (held["bomFormat"], held["specVersion"]) == ("CycloneDX", "1.6")
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", held["serialNumber"])
    names = {one["name"]: one for one in held["components"]}
    wanted = declared(distribution("ehcptime").requires) - {"pyspark"}  # not in `all`
    assert names.keys() >= {sbom.canonical(name) for name in wanted}
    assert {"pydantic-core", "six", "typing-extensions"} <= names.keys()  # brought in by others
    assert all(one["version"] == distribution(name).version for name, one in names.items())
    references = {one["bom-ref"] for one in [*held["components"], held["metadata"]["component"]]}
    assert {one["ref"] for one in held["dependencies"]} == references
    assert all(set(one["dependsOn"]) <= references for one in held["dependencies"])


def test_the_bill_holds_no_machine_path_and_no_address_of_an_index():
    assert not re.search(r"/(work|tmp|home|root)/|https?://", bill())
