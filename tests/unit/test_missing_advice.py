from datetime import date

import pandas as pd
import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError, InputError
from ehcptime.questions.missing_advice import ANY, STATES, missing_advice
from ehcptime.questions.missing_services import NOT_IN, missing_by_service, plans_without_advice
from ehcptime.questions.parts import parts
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track
from questions_frames import advice, cases, issued

AS_AT = "2025-12-31"
RECEIVED = "2025-01-01"  # issued on day 140, 21 May 2025
REQUIRED = ("education", "health", "psychology", "social_care")


def ask(case, kind, **more):
    """An asking answered before the plan was issued."""
    blank = {
        "case_id": case,
        "advice_type": kind,
        "requested_date": "2025-02-10",
        "returned_date": "2025-03-10",
    }
    return blank | {"advice_outcome": "provided", "sub_service": None} | more


def asked_all(case, *but):
    return [ask(case, kind) for kind in REQUIRED if kind not in but]


CASES = [issued(RECEIVED, 140, case_id=name, area="north" if name < "D" else "coast") for name in "ABCDEFGHI"]
CASES += [
    {
        "case_id": "open",
        "received_date": RECEIVED,
        "request_outcome": "Y",
        "request_outcome_date": "2025-02-01",
    },
    issued(RECEIVED, 140, case_id="copy", closed_reason="duplicate"),
]
ROWS = [
    *asked_all("A"),
    *asked_all("B", "health"),
    ask("B", "health", returned_date="2025-05-22"),  # the day after the plan
    *asked_all("C", "psychology"),  # nobody asked
    *asked_all("D", "health"),
    ask("D", "health", returned_date="2025-05-21"),  # that day
    *asked_all("E", "health"),
    ask("E", "health", returned_date=None, advice_outcome="existing_sufficient"),
    *asked_all("F", "health"),
    ask("F", "health", returned_date=None),  # answered, and nobody recorded when
    *asked_all("G", "social_care"),
    ask("G", "social_care", advice_outcome="not_known"),
    ask("G", "parent", returned_date=None, advice_outcome=None),
    *asked_all("H", "health"),
    ask("H", "health", advice_outcome="rejected"),
    ask("H", "health", requested_date="2025-03-17", returned_date=None, advice_outcome=None),
    ask("H", "other", sub_service="OT", returned_date=None, advice_outcome=None),
    *asked_all("copy"),
    *asked_all("open"),
]


@pytest.fixture(scope="module")
def tracked():
    return cases(CASES, AS_AT)


@pytest.fixture(scope="module")
def askings():
    return advice(ROWS, AS_AT)


def test_each_kind_adds_up_to_the_plans(tracked, askings):
    found = missing_advice(tracked, askings).set_index("advice")
    # plans A to I: nothing is recorded for I
    assert found[list(STATES)].to_numpy().tolist() == [
        [8, 0, 0, 1, 0],  # education
        [5, 2, 0, 2, 0],  # health: B and H not in, F and I unknown
        [7, 0, 1, 1, 0],  # psychology: C
        [8, 0, 0, 1, 0],  # social care
        [0, 1, 0, 1, 7],  # parents' views, asked for in G
        [3, 3, 1, 2, 0],  # any: B, G and H not in, C not asked
    ]
    assert (found[list(STATES)].sum(axis=1) == found["plans"]).all()
    assert found["plans"].unique().tolist() == [9]
    assert found.loc["health", ["of_which_sufficient", "percent_without"]].tolist() == [1, 28.6]  # 2 of 7
    assert found.loc["social_care", "of_which_not_known"] == 1
    assert found.loc[ANY, "percent_without"] == 57.1  # 4 of 7


def test_it_judges_as_the_measure_does(tracked, askings):
    decided = parts(tracked, "plans_20wk_all_advice", advice=askings)
    by_reason = decided["reason"].astype(str).str.endswith("advice not in").sum()
    found = missing_advice(tracked, askings).set_index("advice").loc[ANY]
    assert by_reason == found["not_in"] + found["not_asked"] == 4
    assert (decided["part"] == "unknown").sum() == found["unknown"]
    assert (decided["part"] == "on_time").sum() == found["in_hand"]


@pytest.mark.parametrize("preset", ["west_sussex_2024", "collapse"])
def test_on_a_messy_caseload_too(preset):
    as_at = date(2025, 6, 30)
    extract = simulate(600, as_at=as_at, seed=6, preset=preset)
    followed = track(extract.cases, as_at=as_at)
    asked = track_advice(extract.advice, as_at=as_at, cases=extract.cases)
    decided = parts(followed, "plans_20wk_all_advice", advice=asked)
    found = missing_advice(followed, asked).set_index("advice")
    assert found.loc[ANY, "plans"] == decided["falls_on"].notna().sum()
    in_time = followed[decided["reason"].ne("issued after its limit").to_numpy()]
    told = missing_advice(in_time, asked).set_index("advice").loc[ANY]
    assert (
        told["not_in"] + told["not_asked"]
        == decided["reason"].astype(str).str.endswith("advice not in").sum()
        > 0
    )
    assert (found[list(STATES)].sum(axis=1) == found["plans"]).all()
    listed = plans_without_advice(followed, asked)
    by_kind = listed[listed["why"] == NOT_IN].groupby("advice_type")["case_id"].nunique()
    kinds = [kind for kind in REQUIRED if kind in by_kind.index]
    assert by_kind[kinds].to_dict() == found.loc[kinds, "not_in"].to_dict()


def test_by_area_and_month_of_issue(tracked, askings):
    found = missing_advice(tracked, askings, by="area", period="M")
    any_of = found[found["advice"] == ANY]
    assert any_of[["area", "period", "plans", "not_in"]].to_numpy().tolist() == [
        ["coast", "2025-05", 6, 2],
        ["north", "2025-05", 3, 1],
    ]


def test_without_advice_all_is_unknown(tracked):
    found = missing_advice(tracked)
    assert (found["unknown"] == 9).all()
    assert found["percent_without"].isna().all()
    assert found["note"].str.contains("no advice was given to look at").all()


def test_by_service(tracked, askings):
    found = missing_by_service(tracked, askings, by=["advice_type", "sub_service"]).set_index("advice_type")
    counts = ["plans", "in_hand", "not_in", "unknown"]
    assert found.loc["health", counts].tolist() == [
        8,
        5,
        2,
        1,
    ]  # B and H not; F unknown; nobody was asked for I
    assert found.loc["other", counts].tolist() == [1, 0, 1, 0]
    assert found.loc["health", "percent_without"] == 28.6


def test_the_list_names_the_asking(tracked, askings):
    found = plans_without_advice(tracked, askings)
    assert found[["case_id", "advice_type", "sub_service"]].astype(object).fillna("").to_numpy().tolist() == [
        ["B", "health", ""],
        ["F", "health", ""],
        ["G", "parent", ""],
        ["H", "health", ""],
        ["H", "other", "OT"],
    ]
    assert found["issued"].dt.date.astype(str).unique().tolist() == ["2025-05-21"]
    assert found["why"].tolist()[1] == "answered on a day that is not recorded"


def test_what_cannot_be_used(tracked, askings):
    with pytest.raises(InputError, match="different values of as_at"):
        missing_advice(tracked, advice(ROWS, "2025-12-30"))
    with pytest.raises(CommandError, match="no column 'provider'"):
        missing_by_service(tracked, askings, by="provider")
    with pytest.raises(InputError, match="holds a value twice"):
        plans_without_advice(pd.concat([tracked, tracked]), askings)
    assert len(missing_advice(tracked.iloc[:0], askings)) == 0
    assert len(missing_by_service(tracked.iloc[:0], askings)) == 0
    assert len(plans_without_advice(tracked, askings.iloc[:0])) == 0
