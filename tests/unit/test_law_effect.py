"""The same caseload under a limit of 24 weeks, counted by hand."""

from datetime import date

import pytest

from ehcptime.errors import CommandError
from ehcptime.law.book import LAW
from ehcptime.questions.law_effect import law_effect
from questions_frames import issued, table

REFORM = """
[[plan_final.versions]]
from = 2024-09-01
length = { weeks = 24 }
count = "after"
bound = "at_most"
cite = "an invented reform, for this test"
url = "https://example.org"
exempt_by = []
mark = "memory"
checked_on = 2025-06-01
"""
AS_AT = date(2025, 12, 31)


@pytest.fixture
def reform(tmp_path):
    path = tmp_path / "reform.toml"
    path.write_text(REFORM, encoding="utf-8")
    return LAW.extend(path)


def caseload():
    weeks = (19, 20, 22, 24, 25)
    rows = [issued("2025-01-06", 7 * week) for week in weeks]
    rows += [issued("2024-08-31", 7 * 22)]  # received the day before the change
    rows += [{"received_date": "2025-07-21"}]  # week 20 is 8 December, week 24 is 5 January
    # Refused in week 22: after the limit of 20 weeks, and before that of 24.
    rows += [{"received_date": "2025-01-06", "request_outcome": "N", "request_outcome_date": "2025-06-09"}]
    return table([{"case_id": f"c{number}"} | row for number, row in enumerate(rows)])


def test_more_is_in_time_under_a_longer_limit_and_less_has_fallen_due(reform):
    found = law_effect(caseload(), reform, as_at=AS_AT)
    columns = ["law", "numerator", "denominator", "not_due", "left_out"]
    assert found[columns].to_numpy().tolist() == [["in force", 2, 8, 0, 0], ["changed", 4, 6, 1, 1]]
    assert found["rule_book"].nunique() == 2


def test_the_same_book_gives_the_same_figures():
    found = law_effect(caseload(), LAW, as_at=AS_AT, period="Q").drop(columns="law")
    half = len(found) // 2
    assert found.iloc[:half].to_dict("list") == found.iloc[half:].to_dict("list")


def test_a_measure_that_counts_days_whatever_the_law_says_is_refused(reform):
    with pytest.raises(CommandError, match="counts days whatever the law says"):
        law_effect(caseload(), reform, "plans_issued_20wk_inc", as_at=AS_AT)
