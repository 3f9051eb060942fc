"""Every fault that the simulator plants and the data can show is found, and clean data has no error.

Run with -s to see how many are found of those that nothing in the row itself can show.
"""

import sys
from datetime import date

import pandas as pd
import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.questions.check import check

N = 5_000
AS_AT = date(2025, 3, 31)
PRESETS = ("west_sussex_2024", "england_2024", "recovered", "collapse")
OUT_OF_ORDER = {
    "panel_before_received",
    "panel_after_decision",
    "request_outcome_before_received",
    "assessment_outcome_before_received",
    "assessment_outcome_before_request_outcome",
    "issue_decision_before_received",
    "issue_decision_before_request_outcome",
    "draft_before_received",
    "draft_before_decision",
    "draft_before_issue_decision",
    "draft_before_reversal",
    "final_before_draft",
    "final_before_decision",
    "reversal_before_refusal",
}
# The codes that say what was done to the row; any other finding is no credit to the check.
SAYS = {
    "missing_request_date": {"no_start_date"},
    "outcome_before_request": {"request_outcome_before_received"},
    "draft_before_decision": {"draft_before_decision"},
    "final_before_draft": {"final_before_draft"},
    "day_month_swap": OUT_OF_ORDER
    | {"day_and_month_swapped", "date_after_as_at", "final_within_comment_period"}
    | {"advice_before_decision", "advice_after_plan"},
    "two_digit_year": {"date_implausible"},
    "future_date": {"date_after_as_at"},
    "duplicate_request": {"request_overlaps_earlier"},
    "re_request": {"re_request"},
    "amended_final_overwrites_first": {"first_final_overwritten"},
    "exception_without_reason": {"claim_without_reason"},
    "advice_request_date_missing": {"advice_not_dated"},
}


def problems(extract):
    return check(
        extract.cases,
        as_at=AS_AT,
        advice=extract.advice,
        exemptions=extract.exemptions,
        closures=extract.closures,
    )


def is_found(extract):
    """The answer key with, for each planted fault, whether a finding on its case says what was done."""
    said = problems(extract).groupby("case_id")["code"].agg(set)
    key = extract.planted.assign(codes=extract.planted["case_id"].map(said))
    return key.assign(
        found=[
            isinstance(codes, set) and bool(codes & SAYS[defect])
            for codes, defect in zip(key["codes"], key["defect"], strict=True)
        ]
    )


@pytest.mark.parametrize("seed", [4, 11])
@pytest.mark.parametrize("preset", PRESETS)
def test_all_that_can_be_detected_is_found(preset, seed):
    key = is_found(simulate(N, as_at=AS_AT, seed=seed, preset=preset))
    missed = key[key["detectable"] & ~key["found"]]
    assert missed.empty, missed.drop(columns="codes").head(10).to_string()

    table = key.groupby(["defect", "detectable"])["found"].agg(["sum", "size"]).reset_index()
    sys.stdout.write(f"\n{preset}, seed {seed}: planted faults found\n{table.to_string(index=False)}\n")


@pytest.mark.parametrize("preset", PRESETS)
def test_clean_data_has_no_error_and_few_questions(preset):
    extract = simulate(N, as_at=AS_AT, seed=4, preset=preset, defects=False)
    found = problems(extract)
    errors = found[found["severity"] == "error"]
    assert errors.empty, errors.head(10).to_string()
    asked = found[(found["severity"] == "query") & ~found["code"].str.startswith("claim_")]
    assert asked["case_id"].nunique() < N / 200


def test_every_kind_of_planted_fault_has_its_codes():
    planted = simulate(N, as_at=AS_AT, seed=4, preset="england_2024").planted
    assert set(planted["defect"]) == set(SAYS)


def test_the_order_of_the_rows_does_not_matter():
    extract = simulate(2000, as_at=AS_AT, seed=7, preset="england_2024")
    shuffled = {
        name: getattr(extract, name).sample(frac=1, random_state=3)
        for name in ("cases", "advice", "exemptions", "closures")
    }
    by = ["case_id", "code", "column", "value", "message"]

    def ordered(found):
        return found.assign(case_id=found["case_id"].astype(str)).sort_values(by, ignore_index=True)

    pd.testing.assert_frame_equal(
        ordered(problems(extract)), ordered(check(shuffled.pop("cases"), as_at=AS_AT, **shuffled))
    )
