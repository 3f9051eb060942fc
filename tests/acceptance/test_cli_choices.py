"""Choices at the command line that cannot be: each ends with 2 and one sentence that says what to do."""

import pytest

CASES = """
case_id,received_date,request_outcome,request_outcome_date,assessment_outcome,assessment_outcome_date
A,2024-09-02,Y,2024-10-14,Y,2025-01-20
B,2024-09-02,Y,2024-10-14,Y,2025-01-21
"""
ADVICE = """
case_id,advice_type,provider,requested_date,body_received_date,returned_date
A,health,Therapies,2024-10-14,2024-10-14,2024-11-25
B,health,Therapies,2024-10-14,2024-10-14,2025-01-13
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("two")
    for name, text in (("cases", CASES), ("advice", ADVICE)):
        (made / f"{name}.csv").write_text(text.strip() + "\n", encoding="utf-8")
    return made


def test_askings_of_a_period_are_not_compared(run, folder):
    words = ("change", folder, folder, "--as-at", "2025-03-31", "--measure", "advice_6wk", "--period", "Q")
    code, out, err = run(*words, "--label", "2024 Q4", "--after-label", "2025 Q1")
    assert (code, out) == (2, "")
    assert "measure 'advice_6wk' counts askings, which this command does not choose by period" in err


def test_an_authority_is_added_once(run, tmp_path):
    (tmp_path / "ws.csv").write_text("advice_type,due\nhealth,3\n")
    code, out, err = run(
        "combine", f"West Sussex={tmp_path / 'ws.csv'}", f"West Sussex={tmp_path / 'ws.csv'}"
    )
    assert (code, out) == (2, "")
    assert "an authority is named twice: give each once" in err
