"""What docs/stability.md promises: nothing public changes unseen, and formats that programs may read have a number."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import ehcptime as ehc
from ehcptime.testing import conformance_pack
from ehcptime.testing.answering import case_of
from ehcptime.tracking.deadline import EXPLANATION_FORMAT

TOP = Path(__file__).parents[2]
# What each format consists of. Another name or another order is another number.
EXPLANATION = {1: ("starts", "limit", "sum", "outcome", "exemptions", "source", "link", "note")}
MANIFEST = {
    1: (
        "format",
        "audience",
        "as_at",
        "extracted_on",
        "rule_book",
        "versions",
        "measures",
        "inputs",
        "tables",
    ),
}


def test_nothing_public_has_changed_unseen():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", TOP / "tools" / "api.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (
        "the public interface is not as tests/packaging/public_api.txt has it: where that is meant, run "
        f"python tools/api.py and note it in the changelog\n{done.stdout}{done.stderr}"
    )


def test_the_snapshot_sees_a_parameter_that_goes():
    text = (TOP / "tests" / "packaging" / "public_api.txt").read_text(encoding="utf-8")
    for line in (
        "ehcptime.track(cases, *, as_at, exemptions=None, closures=None, rules=None, law=..., convention='receipt_excluded')",
        "ehcptime.LAW: RuleBook",
        "format of explanations: 1",
    ):
        assert f"\n{line}\n" in text
    assert set(ehc.__all__) == set(re.findall(r"^ehcptime\.(\w+)[(: ]", text, flags=re.MULTILINE))


@pytest.mark.parametrize("rule", sorted(ehc.LAW))
def test_an_explanation_has_the_lines_of_its_format(rule):
    asked = next(
        one.question for one in conformance_pack().of([rule]) if one.expected["status"] in {"met", "met_late"}
    )
    case, advice, claims = case_of(asked)
    whole = ehc.timeline(
        case, as_at=date.fromisoformat(asked["as_at"]), advice=advice, exemptions=claims, rules=[rule]
    )
    found = [line.split(":")[0].strip() for line in whole[rule].explain().splitlines()[1:]]
    order = [EXPLANATION[EXPLANATION_FORMAT].index(name) for name in found]
    assert order == sorted(order)
    assert {"outcome", "exemptions", "source", "link"} <= set(found)


def test_a_manifest_has_the_keys_of_its_format():
    made = ehc.manifest(pd.DataFrame({"case_id": ["a"]}), as_at=date(2025, 1, 31))
    assert tuple(made.model_dump()) == MANIFEST[made.format]


def test_the_pack_says_its_version_and_the_changelog_of_formats_is_on_the_page():
    page = (TOP / "docs" / "stability.md").read_text(encoding="utf-8")
    assert f"explanation: format {EXPLANATION_FORMAT}" in page
    assert f"conformance pack: version {conformance_pack().version}" in page
    assert "manifest: format 1" in page
