"""Which test files are run against the mutants of a room: its own and those of what is nearest, the answers given from outside first."""

from collections.abc import Sequence
from pathlib import Path

ROOMS = ("clock", "law", "tracking", "questions")
_STATUTE = (
    "spec/test_examples", "spec/test_situations_measures", "acceptance/test_published_decisions", "acceptance/test_date_traps",
    "acceptance/test_situation_6_advice", "acceptance/test_situations_7_8_10", "property/test_doors_and_oracle", "property/test_statute",
    "property/test_claims_judged", "unit/test_counting", "unit/test_edges", "unit/test_edition", "unit/test_law", "unit/test_rule_book",
    "unit/test_timeline", "unit/test_track", "unit/test_claims", "unit/test_case.py", "unit/test_mutants", "unit/test_masks",
    "unit/test_local_rules",
)  # fmt: skip
_BOOK = (
    "unit/test_law.py", "unit/test_edges_law", "unit/test_mutants_law", "unit/test_rule_book", "unit/test_edition", "unit/test_local_rules",
    "spec/test_examples", "acceptance/test_published_decisions", "acceptance/test_date_traps",
)  # fmt: skip
_ASKED = (
    "acceptance/test_dfe_2025", "acceptance/test_planted_defects", "acceptance/test_sen2_rehearsal", "property/test_check_hostile",
    "property/test_contributions_slowly", "property/test_effect_range", "property/test_history", "property/test_official",
    "property/test_opened_counts", "property/test_rounds_and_queue", "property/test_segments", "property/test_sums", "property/test_time",
    "property/test_whole", "property/test_year", "unit/test_audit", "unit/test_breach", "unit/test_change_all", "unit/test_check",
    "unit/test_combining", "unit/test_convention", "unit/test_effect", "unit/test_law_effect", "unit/test_letters", "unit/test_missing",
    "unit/test_morning", "unit/test_official", "unit/test_overdue", "unit/test_provider", "unit/test_questions", "unit/test_reconcil",
    "unit/test_recording", "unit/test_rounds", "unit/test_scenario", "unit/test_segments", "unit/test_sen2_years", "unit/test_service",
    "unit/test_throughput", "unit/test_trajectory", "unit/test_what_changed", "unit/test_whole",
)  # fmt: skip
TESTS = {
    "clock": _STATUTE,
    "law": _BOOK,
    "tracking": _STATUTE,
    "questions": (*_STATUTE[:2], *_ASKED, "unit/test_mutants"),
}


def test_files(top: Path, rooms: Sequence[str], instead: Sequence[str] | None) -> list[str]:
    """Paths of the test files of these rooms, or of others, and of the modules, whose examples are tests too, from the folder `top`."""
    begins = dict.fromkeys(instead or [begin for room in rooms for begin in TESTS[room]])
    found = [path for begin in begins for path in sorted((top / "tests").glob(f"{begin}*"))]
    modules = [path for room in rooms for path in sorted((top / "src" / "ehcptime" / room).rglob("*.py"))]
    return [str(path.relative_to(top)) for path in (*modules, *dict.fromkeys(found)) if path.suffix == ".py"]
