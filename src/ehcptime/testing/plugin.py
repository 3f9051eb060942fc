"""A pytest plugin: the conformance pack as fixtures, so that another project's suite can try its own answers.

Installed with ehcptime, under the name `ehcptime`. A test that asks for `ehcptime_vector` runs once for each vector of the pack; one that asks for
`ehcptime_vectors` gets them all. `--ehcptime-rule plan_final` (more than once if need be) limits both. It needs pytest and nothing else.
"""

from collections.abc import Iterable
from typing import Any

import pytest

from ehcptime.errors import CommandError
from ehcptime.testing.pack_files import Vector, conformance_pack

_PROPERTY = "ehcptime_rule"
_OUTCOMES = (("passed",), ("skipped",), ("failed", "error"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that limits the vectors to some rules."""
    group = parser.getgroup("ehcptime", "conformance with the law's time limits")
    group.addoption(
        "--ehcptime-rule",
        action="append",
        default=[],
        dest="ehcptime_rules",
        metavar="RULE",
        help="use only the vectors of this rule of the conformance pack; may be given more than once",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for one vector once for each of them."""
    if "ehcptime_vector" in metafunc.fixturenames:
        found = _asked_for(metafunc.config)
        metafunc.parametrize("ehcptime_vector", found, ids=[one.id for one in found])


@pytest.fixture(scope="session")
def ehcptime_vectors(pytestconfig: pytest.Config) -> tuple[Vector, ...]:
    """Every vector of the conformance pack, or those of the rules that were asked for."""
    return _asked_for(pytestconfig)


def _asked_for(config: pytest.Config) -> tuple[Vector, ...]:
    try:
        return conformance_pack().of(config.getoption("ehcptime_rules"))
    except CommandError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Note on each test of a vector which rule it is about."""
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is not None and "ehcptime_vector" in callspec.params:
            item.user_properties.append((_PROPERTY, callspec.params["ehcptime_vector"].rule))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name the pack and each rule once: passed in full, in part (a test was skipped), not passed, or not covered at all."""
    passed, skipped, failed = (_rules(terminalreporter, *outcomes) for outcomes in _OUTCOMES)
    if not passed | skipped | failed:
        return
    pack = conformance_pack()
    terminalreporter.section(f"ehcptime conformance pack {pack.version}, rule book of {pack.rule_book}")
    for words, rules in (
        ("every test passed", passed - skipped - failed),
        ("every test passed that was not skipped", (passed & skipped) - failed),
        ("not covered, and so not passed", skipped - passed - failed),
        ("not passed", failed),
    ):
        terminalreporter.write_line(f"{words} ({len(rules)}): {', '.join(sorted(rules)) or 'none'}")
    terminalreporter.write_line(pack.notice)


def _rules(reporter: Any, *outcomes: str) -> set[str]:
    reports = [report for outcome in outcomes for report in reporter.stats.get(outcome, [])]
    return {
        value
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == _PROPERTY
    }
