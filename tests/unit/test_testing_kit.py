"""The kit for other projects: the assertion, the comparison, the runner for any language, and the pytest plugin."""

import json
import sys
from datetime import date, datetime
from importlib.metadata import entry_points
from io import StringIO

import pandas as pd
import pytest

from ehcptime.cli import app
from ehcptime.errors import CommandError, InputError
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.testing import answer, assert_counts, assert_timeline, conform, conformance_pack, put_to
from ehcptime.testing.comparing import differences
from ehcptime.testing.conformance import answers_in, compared
from ehcptime.testing.reference import answer_lines

pytest_plugins = "pytester"

CASE = Case(case_id="JSC", received_date=date(2025, 4, 2))
AS_AT = date(2025, 8, 21)
PACK = conformance_pack()
# A system of another language, in Python for the test: it answers what a table says.
SYSTEM = "import json, sys\nfor line in sys.stdin:\n    asked = json.loads(line)\n    {body}\n"


def system(tmp_path, body):
    program = tmp_path / "a system.py"
    program.write_text(SYSTEM.format(body=body), encoding="utf-8")
    return f"{sys.executable} '{program}'"


def test_an_answer_that_agrees_passes_whatever_type_its_days_have():
    for due in (date(2025, 8, 20), datetime(2025, 8, 20), "2025-08-20"):
        assert_timeline({"plan_final": {"due": due, "status": "overdue", "days_over": 1}}, CASE, as_at=AS_AT)


@pytest.mark.parametrize(
    ("got", "said"),
    [
        ({"due": date(2025, 8, 19), "status": "overdue"}, 'due is "2025-08-19" and should be "2025-08-20"'),
        ({"due": date(2025, 8, 20), "status": "running"}, 'status is "running" and should be "overdue"'),
        ({"due": date(2025, 8, 20)}, 'status is "not given"'),
        ({"due": date(2025, 8, 20), "status": "overdue", "days_over": 2}, "days_over is 2 and should be 1"),
        (
            {"due": date(2025, 8, 20), "status": "overdue", "breach": False},
            "breach is false and should be true",
        ),
        ({"due": None, "status": "unknown"}, "due is null"),
    ],
)
def test_an_answer_that_differs_names_the_rule_the_values_and_the_source(got, said):
    with pytest.raises(AssertionError) as failed:
        assert_timeline({"plan_final": got}, CASE, as_at=AS_AT)
    assert said in str(failed.value)
    assert "plan_final" in str(failed.value)
    assert "SI 2014/1530 reg 13(2); statutory" in str(failed.value)


def test_askings_and_claims_can_be_asserted():
    asked = AdviceRequest(case_id="JSC", advice_type="health", requested_date=date(2025, 5, 14))
    got = {"advice_body": {"due": "2025-06-25", "status": "overdue"}}
    assert_timeline(got, CASE, as_at=AS_AT, advice=[asked])
    claim = {
        "rule": "plan_final",
        "code": "EXC_PERSONAL",
        "from_date": None,
        "to_date": None,
        "case_id": "JSC",
    }
    lifted = {"plan_final": {"due": "2025-08-20", "status": "overdue", "exempt": True, "breach": False}}
    assert_timeline(lifted, CASE, as_at=AS_AT, exemptions=[claim])
    with pytest.raises(AssertionError, match="exempt is true"):
        assert_timeline(lifted, CASE, as_at=AS_AT)


def test_nothing_to_compare_is_no_pass():
    with pytest.raises(CommandError, match="no rule in the answer"):
        assert_timeline({}, CASE, as_at=AS_AT)
    with pytest.raises(CommandError, match="no rule 'plan_finale'"):
        assert_timeline({"plan_finale": {"due": None, "status": "met"}}, CASE, as_at=AS_AT)


FIVE = pd.DataFrame(
    {
        "case_id": list("abcde"),
        # 20 weeks of the first end on 20 August 2025, of the second on the 21st.
        "received_date": pd.to_datetime(["2025-04-02", "2025-04-03", "2025-04-03", "2025-06-02", None]),
    }
)


def test_counts_that_agree_pass_and_one_case_too_many_does_not():
    right = {"plan_final": {"overdue": 1, "running": 3, "unknown": 1}}
    assert_counts(right, FIVE, as_at=AS_AT)
    with pytest.raises(AssertionError) as failed:
        assert_counts({"plan_final": {"overdue": 3, "running": 1, "unknown": 1}}, FIVE, as_at=AS_AT)
    assert "plan_final: number of overdue cases is 3 and should be 1 (SI 2014/1530 reg 13(2))" in str(
        failed.value
    )
    assert "number of running cases is 1 and should be 3" in str(failed.value)


def test_a_case_that_a_system_does_not_count_at_all_is_seen():
    with pytest.raises(AssertionError, match="number of unknown cases is 0 and should be 1"):
        assert_counts({"plan_final": {"overdue": 1, "running": 3}}, FIVE, as_at=AS_AT)
    with pytest.raises(AssertionError, match="number of met cases is 2 and should be 0"):
        assert_counts({"plan_final": {"overdue": 1, "running": 3, "unknown": 1, "met": 2}}, FIVE, as_at=AS_AT)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, "no rule in the answer"),
        ({"plan_final": {"late": 1}}, "status 'late'"),
        ({"plan": {}}, "no rule 'plan'"),
    ],
)
def test_counts_of_what_there_is_not_are_refused(counts, said):
    with pytest.raises(CommandError, match=said):
        assert_counts(counts, FIVE, as_at=AS_AT)


def test_one_is_not_true():
    assert differences(
        "r", {"due": None, "status": "met", "breach": 1}, {"due": None, "status": "met", "breach": True}, ""
    )


def test_what_another_system_wrote_cannot_move_the_cursor_or_fill_the_screen():
    (found,) = differences(
        "r", {"due": "\x1b[2J" + "x" * 500, "status": "met"}, {"due": None, "status": "met"}, "s"
    )
    assert "\x1b" not in str(found)
    assert len(str(found)) < 200


def test_a_system_that_counts_as_the_law_does_passes_and_says_what_it_covers(tmp_path):
    body = (
        "from ehcptime.testing import answer; answered = answer(asked); "
        "print(json.dumps({'id': asked['id'], **answered}))"
    )
    found = put_to(system(tmp_path, body), rules=["phase_other", "order_cease"])
    assert found.is_pass
    assert found.covered == ("order_cease", "phase_other")
    assert (found.covered_in_part, found.not_covered) == ((), ())
    assert found.answered == found.asked == len(PACK.of(["phase_other", "order_cease"]))
    said = str(found)
    for part in (
        f"conformance pack {PACK.version}",
        PACK.rule_book,
        "passed",
        "not certification",
        "not legal advice",
    ):
        assert part in said


def test_a_day_wrong_is_no_pass(tmp_path):
    body = "print(json.dumps({'id': asked['id'], 'due': '2025-05-22', 'status': 'met'}))"
    found = put_to(system(tmp_path, body), rules=["order_cease"])
    assert not found.is_pass
    assert "not passed" in str(found)
    assert "order_cease: due is" in str(found)


def test_what_is_not_covered_is_not_passed(tmp_path):
    body = "print(json.dumps({'id': asked['id'], 'not_covered': True}))"
    found = put_to(system(tmp_path, body), rules=["order_cease"])
    assert not found.is_pass
    assert (found.answered, found.not_covered) == (0, ("order_cease",))


def test_a_question_left_out_is_a_difference_and_not_a_gap():
    asked = PACK.of(["order_cease"])
    found = compared(PACK, asked, {asked[0].id: {"not_covered": True}})
    assert len(found.failures) == len(asked) - 1
    assert (found.differing, found.covered, found.not_covered) == (("order_cease",), (), ())


def test_a_rule_is_covered_in_part_where_some_questions_are_declined():
    asked = PACK.of(["order_cease"])
    answers = {one.id: {"id": one.id, **answer(one.question)} for one in asked}
    found = compared(PACK, asked, answers | {asked[0].id: {"not_covered": True}})
    assert found.is_pass
    assert (found.covered_in_part, found.covered) == (("order_cease",), ())


def test_every_difference_is_counted_though_the_first_ones_alone_are_shown():
    found = compared(PACK, PACK.of(["plan_final"]), {})
    assert len(found.failures) == len(PACK.of(["plan_final"]))
    assert f"and {len(found.failures) - 20} more" in str(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("due 1 May", "line 1 of the answers is not JSON"),
        ("[" * 100_000, "line 1 of the answers is not JSON"),
        ('\n["a"]', "line 2 of the answers names no question"),
        ('{"id": 3}', "line 1 of the answers names no question"),
        ('{"id": "a"}\n{"id": "a"}', "line 2 of the answers is to a question that was answered before"),
    ],
)
def test_answers_that_cannot_be_read_are_refused_by_line(text, said):
    with pytest.raises(InputError, match=said):
        answers_in(text)


def test_a_command_that_fails_hangs_or_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="ended with code 7"):
        put_to(system(tmp_path, "sys.exit(7)"), rules=["order_cease"])
    with pytest.raises(CommandError, match="no end after 1 seconds"):
        put_to(system(tmp_path, "import time; time.sleep(30)"), rules=["order_cease"], timeout=1)
    for command in ("no-such-program-here", "", "'"):
        with pytest.raises(CommandError, match="cannot be run"):
            put_to(command, rules=["order_cease"])


def test_no_shell_reads_the_command(tmp_path):
    left = tmp_path / "left"
    with pytest.raises((CommandError, InputError)):
        put_to(f"no-such-program-here; touch {left}", rules=["order_cease"])
    put_to(f"{system(tmp_path, 'pass')} > {left}", rules=["order_cease"])
    assert not left.exists()


def test_a_rule_that_the_pack_does_not_have_is_refused():
    with pytest.raises(CommandError, match="no rule 'plan_finale'"):
        PACK.of(["plan_finale"])


def test_a_question_can_be_answered_by_hand():
    asked = {
        "rule": "plan_final",
        "as_at": "2025-08-21",
        "case": {"received_date": "2025-04-02", "week20": True},
    }
    assert answer(asked) == {
        "due": "2025-08-20",
        "status": "overdue",
        "days_over": 1,
        "exempt": True,
        "breach": False,
    }


# The same at the command line, by itself and as a command of ehcptime.


@pytest.fixture(params=[conform.main, app.main], ids=["by itself", "ehcptime"])
def run(request, monkeypatch, capsys):
    def command(*words):
        first = ["conform"] if request.param is conform.main else ["ehcptime", "conform"]
        monkeypatch.setattr(sys, "argv", [*first, *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            request.param()
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return command


def test_a_pass_ends_with_0_and_names_the_pack_and_the_rules(run):
    code, out, _ = run(
        "--run", f"'{sys.executable}' -W ignore -m ehcptime.testing.reference", "--rule", "order_cease"
    )
    assert code == 0
    for part in (
        f"conformance pack {PACK.version}",
        "passed",
        "order_cease",
        "not certification",
        "not legal advice",
    ):
        assert part in out


def test_what_is_not_a_pass_ends_with_1_2_or_3(run, tmp_path):
    wrong = system(tmp_path, "print(json.dumps({'id': asked['id'], 'due': None, 'status': 'met'}))")
    code, out, _ = run("--run", wrong, "--rule", "order_cease")
    assert code == 1
    assert "order_cease: due is null" in out
    for command, expected in (("no-such-program-here", 2), (system(tmp_path, "sys.exit(7)"), 3)):
        code, out, err = run("--run", command, "--rule", "order_cease")
        assert (code, out) == (expected, "")
        assert err.startswith("ehcptime: the command")
    assert run("--run", wrong, "--rule", "plan_finale")[0] == 2


def test_the_reference_answers_line_by_line():
    asked = PACK.of(["order_cease"])[:2]
    answers = StringIO()
    answer_lines(StringIO("".join(f"{json.dumps(one.question)}\n" for one in asked)), answers)
    found = answers_in(answers.getvalue())
    assert {one.id: {"id": one.id, **one.expected} for one in asked} == found


def test_a_question_that_gives_no_start_is_answered_and_an_unknown_rule_is_not():
    asked = {"rule": "order_cease", "as_at": "2025-05-01", "case": {}}
    nothing = {"due": None, "status": "not_applicable", "days_over": None, "exempt": False, "breach": False}
    assert answer(asked) == nothing
    with pytest.raises(CommandError, match="no rule 'order_seize'"):
        answer({**asked, "rule": "order_seize"})


# The plugin, in a project of its own.

PLUGIN = (
    []
    if any(one.name == "ehcptime" for one in entry_points(group="pytest11"))
    else ["-p", "ehcptime.testing.plugin"]
)
QUIET = ["-p", "no:cacheprovider", "-p", "no:randomly", "--disable-warnings"]
THEIRS = """
from datetime import date, timedelta

import pytest

WEEKS = {weeks}

def test_ours(ehcptime_vector):
    asked, expected = ehcptime_vector.question, ehcptime_vector.expected
    if set(asked["case"]) != {{"received_date"}} or "convention" in asked or expected["due"] is None:
        pytest.skip("our system does not hold these facts")
    due = date.fromisoformat(asked["case"]["received_date"]) + timedelta(weeks=WEEKS)
    assert due.isoformat() == expected["due"], ehcptime_vector.source()

def test_all(ehcptime_vectors):
    assert len(ehcptime_vectors) == {number}
    assert {{one.rule for one in ehcptime_vectors}} == {{"plan_final", "order_cease"}}
"""


@pytest.mark.parametrize(
    ("weeks", "said"),
    [(20, "every test passed that was not skipped (1): plan_final"), (16, "not passed (1): plan_final")],
)
def test_another_project_can_try_its_own_weeks(pytester, weeks, said):
    number = len(PACK.of(["plan_final", "order_cease"]))
    pytester.makepyfile(THEIRS.format(weeks=weeks, number=number))
    rules = ["--ehcptime-rule", "plan_final", "--ehcptime-rule", "order_cease"]
    done = pytester.runpytest_inprocess(*PLUGIN, *QUIET, *rules, "-q", "--tb=line")
    text = done.stdout.str()
    for part in (said, "not covered, and so not passed (1): order_cease", PACK.version, "not certification"):
        assert part in text
    counted = outcomes(done)
    assert sum(counted.values()) == number + 1
    assert ("failed" in counted) == (weeks != 20)
    if weeks != 20:
        assert "SI 2014/1530 reg 13(2)" in text


def outcomes(done):
    """Counts of what tests came to; that the plugin was imported before is no concern of theirs."""
    return {name: count for name, count in done.parseoutcomes().items() if name != "warnings"}


def test_a_rule_of_which_every_test_passes_is_said_so(pytester):
    pytester.makepyfile("def test_ours(ehcptime_vector): assert ehcptime_vector.source()")
    done = pytester.runpytest_inprocess(*PLUGIN, *QUIET, "--ehcptime-rule", "order_cease", "-q")
    assert "every test passed (1): order_cease" in done.stdout.str()


def test_a_project_that_asks_for_no_vector_sees_nothing_of_it(pytester):
    pytester.makepyfile("def test_other(): pass")
    done = pytester.runpytest_inprocess(*PLUGIN, *QUIET, "-q")
    assert "conformance pack" not in done.stdout.str()
    assert outcomes(done) == {"passed": 1}


def test_a_rule_that_there_is_not_is_a_mistake_of_the_command_line(pytester):
    pytester.makepyfile("def test_ours(ehcptime_vector): pass")
    done = pytester.runpytest_inprocess(*PLUGIN, *QUIET, "--ehcptime-rule", "plan_finale", "-q")
    assert done.ret != 0
    assert "the conformance pack has no rule 'plan_finale'" in done.stdout.str() + done.stderr.str()
    assert "INTERNALERROR" not in done.stdout.str()
