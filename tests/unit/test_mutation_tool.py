"""The tool that changes the code: what it changes, what it leaves alone, and which tests it would run first."""

import pytest
from tools.mutate_code import stale, survivors
from tools.mutation.changes import Mutant, mutants, mutated
from tools.mutation.reach import LOADING, Reach

PATH = "src/ehcptime/clock/late.py"
SOURCE = '''
def over(days, least=0):
    """Say how late."""
    if days < least:
        raise ValueError(f"{days + 1} days: give {least} or more")
    return f"{days} days" if days else "none"
'''


def named(source=SOURCE):
    return {mutant.what: mutant for mutant in mutants(PATH, source)}


def test_conditions_numbers_and_results_are_changed_and_words_errors_and_docstrings_are_not():
    assert sorted(named()) == [
        "def over(days, least=0): -> def over(days, least=1):",
        "if days < least: -> if days <= least:",
        "return f'{days} days' if days else 'none' -> return None",
        "return f'{days} days' if days else 'none' -> return f'{days} days' if not days else 'none'",
    ]


def test_a_default_is_made_in_loading_and_the_rest_in_its_function():
    functions = {mutant.what: mutant.function for mutant in named().values()}
    assert functions.pop("def over(days, least=0): -> def over(days, least=1):") == ""
    assert set(functions.values()) == {"over"}


@pytest.mark.parametrize(
    ("what", "days", "said"),
    [
        ("return f'{days} days' if days else 'none' -> return None", 3, None),
        ("return f'{days} days' if days else 'none' -> return f'{days} days' if not days else 'none'", 3, "none"),
    ],
)  # fmt: skip
def test_a_mutant_is_one_change_of_the_code(what, days, said):
    space = {}
    exec(compile(mutated(SOURCE, named()[what]), PATH, "exec"), space)
    assert space["over"](days) == said
    assert len(named()) == 4  # the tree was changed back each time


def test_an_explanation_of_what_the_code_no_longer_has_is_named():
    every = {"clock": list(named().values())}
    known = [mutant.key for mutant in every["clock"]]
    old = "clock/late.py over: if days > least: -> if days >= least:"
    elsewhere = "law/book.py over: x -> y"
    assert stale([*known, old, elsewhere], every) == [old]


def test_what_an_earlier_run_left_alive_can_be_tried_again(tmp_path):
    told = tmp_path / "told"
    told.write_text(
        "12 tests pass\nsurvived (3 tests, 1 s), line 4: clock/late.py over: if a: b -> if not a: b\n{'clock': 1}\n"
    )
    assert survivors(told) == ["clock/late.py over: if a: b -> if not a: b"]


def test_tests_of_the_line_come_first_and_no_test_of_many_cases_takes_all_the_room():
    mutant = Mutant(PATH, "over", 4, "x -> y", 0, 0)
    many = [f"tests/unit/test_clock.py::test_many[{case}]" for case in range(500)]
    line, other = "tests/unit/test_a.py::test_line", "tests/unit/test_late.py::test_other"
    seconds = {**dict.fromkeys(many, 0.01), line: 1.0, other: 0.5}
    reach = Reach(seconds, {PATH: {4: [line, LOADING]}})
    found = reach.of(mutant, {}, 60)
    assert found[0] == line
    assert other in found[:3]
    assert len(found) <= 301
    assert reach.of(mutant, {other: 2}, 60)[:2] == [line, other]
    assert reach.of(mutant, {}, 0.5) == [line]  # at least one, whatever it takes
    assert reach.is_run_in_loading(PATH, {4, 5})
    assert not reach.is_run_in_loading(PATH, {5})
