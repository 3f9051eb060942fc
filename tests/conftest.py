"""Settings that every test shares, and the count of the examples that Hypothesis really ran."""

import os
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import offline

offline.block()

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
settings.register_profile("quick", max_examples=30, deadline=None, suppress_health_check=_SLOW)
settings.register_profile("nightly", max_examples=5_000, deadline=None, suppress_health_check=_SLOW)
_PROFILE = os.environ.get("EHCPTIME_PROFILE", "")
settings.load_profile(_PROFILE or "quick")

_RAN = "examples of Hypothesis"
# Files whose examples are caseloads (cases, askings or both), judged by two doors, by the slow oracle, or by what must add up; and the
# tests in them whose examples are less than one.
_CASELOADS = frozenset(
    {
        "test_claims_judged.py",
        "test_contributions_slowly.py",
        "test_doors_and_oracle.py",
        "test_effect_range.py",
        "test_history.py",
        "test_official.py",
        "test_opened_counts.py",
        "test_people_round_trip.py",
        "test_restatement_sums.py",
        "test_rounds_and_queue.py",
        "test_segments_hostile.py",
        "test_sums_to_its_total.py",
        "test_time_to_final.py",
        "test_whole_caseload.py",
        "test_whole_contributions.py",
    }
)
_LESS = frozenset(
    {
        "test_a_closure_is_as_the_law_reads_on_every_day_of_asking",
        "test_an_absence_is_counted_day_by_day",
        "test_an_asking_in_a_timeline_is_as_in_a_frame",
        "test_curves_agree_with_a_slow_loop",
    }
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Keep with the report of a test how many examples it ran and did not throw away."""
    report = yield
    if call.when == "call":
        said = getattr(item, "hypothesis_statistics", "")
        ran = sum(map(int, re.findall(r"- (\d+) passing\b", said)))
        report.user_properties.append((_RAN, ran))
    return report


def pytest_terminal_summary(terminalreporter):
    """Print, where a profile is asked for, how many examples ran and passed, by file, and how many of them were caseloads."""
    if not _PROFILE:
        return
    every, caseloads = Counter(), Counter()
    for report in terminalreporter.stats.get("passed", []):
        file, _, test = report.location
        ran = dict(report.user_properties).get(_RAN, 0)
        every[file] += ran
        caseloads[file] += ran * _is_of_caseloads(file, test)
    terminalreporter.write_line(
        f"{every.total():,} examples passed with the profile {_PROFILE}, {caseloads.total():,} of them caseloads:"
    )
    for file, number in sorted((+every).items()):
        terminalreporter.write_line(f"  {file}: {number:,}, {caseloads[file]:,} of them caseloads")


def _is_of_caseloads(file, test):
    return Path(file).name in _CASELOADS and test.partition("[")[0] not in _LESS
