"""The pack put to a small implementation in JavaScript, which shares no code with ehcptime: it needs Node and no package."""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from ehcptime.testing import conformance_pack, put_to

pytestmark = pytest.mark.far

RUNNER = Path(__file__).parents[2] / "conformance" / "node"
PACK = conformance_pack()
CORE = {
    "request_decision",
    "plan_refusal",
    "issue_decision",
    "plan_final",
    "draft_comment",
    "advice_body",
    "advice_other",
}
AFTER = {"notify_after_reversal", "no_plan_after_reversal", "plan_after_reversal"}


def run(folder=RUNNER, **how):
    return put_to(f"node '{folder / 'runner.js'}'", **how)


def spoilt(tmp_path, file, old, new):
    """Copy the runner and change one thing in it."""
    folder = tmp_path / "node"
    shutil.copytree(RUNNER, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_it_passes_and_says_what_it_does_not_cover():
    found = run()
    assert found.is_pass, str(found)
    assert set(found.covered) >= CORE | AFTER
    assert len(found.covered) == 42
    assert found.covered_in_part == ()
    assert set(found.covered) | set(found.not_covered) == set(PACK.rules)
    assert "review_overall" in found.not_covered
    assert found.answered > 1_700


@pytest.mark.parametrize(
    ("file", "old", "new", "rule"),
    [
        ("request.js", "plusDays(day, 7 * count)", "plusDays(day, 7 * count - 1)", "plan_final"),
        ("request.js", "plusDays(start, 14)", "plusDays(start, 15)", "draft_comment"),
        ("days.js", "2025: '01-01 04-18 04-21", "2025: '01-01 04-21", "mediation_cert_after"),
        ("days.js", "Math.min(of, length)", "of", "mediation_contact"),
        ("days.js", "=== '08' ||", "=== '07' ||", "appeal_lodge"),
        ("other_rules.js", "known <= plusWorkingDays", "known < plusWorkingDays", "move_transfer"),
        ("other_rules.js", "-${day}`, -1)", "-${day}`, 0)", "phase_other"),
        ("exempting.js", "'2020-05-01', '2020-09-25'", "'2020-05-01', '2020-09-26'", "plan_final"),
        ("case.js", "{ plan: 11 }", "{ plan: 14 }", "plan_final"),
        ("judging.js", "done <= due ? 'met'", "done < due ? 'met'", "request_decision"),
    ],
)
def test_it_fails_when_one_day_is_changed(tmp_path, file, old, new, rule):
    found = run(spoilt(tmp_path, file, old, new))
    assert not found.is_pass
    assert any(name.startswith(f"{rule}/") for name in found.failures)


def test_a_pack_with_one_day_changed_fails_at_that_day_alone():
    vectors = list(PACK.vectors)
    place = next(n for n, one in enumerate(vectors) if one.id == "plan_final/decision/lgo-25018809-20")
    due = date.fromisoformat(vectors[place].expected["due"]) + timedelta(days=1)
    vectors[place] = replace(vectors[place], expected={**vectors[place].expected, "due": due.isoformat()})
    found = run(pack=replace(PACK, vectors=tuple(vectors)))
    assert list(found.failures) == [vectors[place].id]
    assert [one.name for one in found.failures[vectors[place].id]] == ["due"]
