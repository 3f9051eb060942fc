"""The simulator, from the outside: repeatable, consistent, near the published figures, faults where it says."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError
from ehcptime.records.columns import COLUMNS, names
from ehcptime.records.events import cases_from_events
from ehcptime.records.events import events as events_of

N = 20_000
AS_AT = date(2024, 12, 31)
PRESETS = ("west_sussex_2024", "england_2024", "recovered", "collapse")
TABLES = ("cases", "advice", "exemptions", "closures", "events", "planted", "reading")
FLAGS = [
    f"{about}_{kind}" for about in ("request", "assessment", "other") for kind in ("mediation", "tribunal")
]
DEFECTS = {
    "missing_request_date",
    "outcome_before_request",
    "draft_before_decision",
    "final_before_draft",
    "day_month_swap",
    "two_digit_year",
    "future_date",
    "duplicate_request",
    "re_request",
    "amended_final_overwrites_first",
    "exception_without_reason",
    "advice_request_date_missing",
}


@pytest.fixture(scope="module")
def clean():
    return {name: simulate(N, as_at=AS_AT, seed=4, preset=name, defects=False) for name in PRESETS}


@pytest.fixture(scope="module")
def dirty():
    return {name: simulate(N, as_at=AS_AT, seed=4, preset=name) for name in PRESETS}


def each(extracts):
    return list(extracts.values())


def share(part, whole):
    return 100 * float(part.sum()) / len(whole)


def dfe_plans(cases, year=2024):
    """Plans of the year as DfE counts them: none with a mediation or an appeal."""
    issued = cases[(cases["assessment_outcome"] == "Y") & (cases["assessment_outcome_date"].dt.year == year)]
    return issued[~(issued[FLAGS].fillna(0) == 1).any(axis=1)]


def bands(plans):
    days = (plans["assessment_outcome_date"] - plans["received_date"]).dt.days
    return [share(part, plans) for part in (days <= 140, days.between(141, 364), days > 364)]


# Published for 2024 (DfE 2025): plans up to 20 weeks, 20 to 52, over 52; refused of requests received; decided in six
# weeks; assessments without a plan. England's bands leave out exceptions, and so does this test.
PUBLISHED = {
    "west_sussex_2024": ([11.4, 56.9, 31.7], 30.4, 63.2, 1.4),
    "england_2024": ([46.4, 46.2, 7.3], 25.2, 84.8, 6.1),
    "recovered": ([99.0, 1.0, 0.0], 37.8, 99.5, 3.6),
    "collapse": ([3.2, 73.2, 23.6], 36.2, 96.4, 13.5),
}


@pytest.mark.parametrize("preset", PRESETS)
def test_headlines_are_within_two_and_a_half_points_of_the_published(clean, preset):
    cases, (plans, refused, in_six, no_plan) = clean[preset].cases, PUBLISHED[preset]
    base = dfe_plans(cases)
    base = base[base["week20"] != 1]
    assert bands(base) == pytest.approx(plans, abs=2.5)

    requests = cases[cases["received_date"].dt.year == 2024]
    assert share(requests["request_outcome"] == "N", requests) == pytest.approx(refused, abs=2.5)

    decided = cases[cases["request_outcome_date"].dt.year == 2024]
    days = (decided["request_outcome_date"] - decided["received_date"]).dt.days
    assert share(days <= 42, decided) == pytest.approx(in_six, abs=2.5)

    ended = cases[cases["assessment_outcome_date"].dt.year == 2024]
    assert share(ended["assessment_outcome"] == "N", ended) == pytest.approx(no_plan, abs=1.5)


@pytest.mark.parametrize("preset", ["west_sussex_2024", "england_2024"])
def test_planted_defects_move_the_headlines_by_a_few_points_at_most(dirty, preset):
    base = dfe_plans(dirty[preset].cases)
    assert bands(base[base["week20"] != 1]) == pytest.approx(PUBLISHED[preset][0], abs=4)


def test_exceptions_are_as_frequent_as_published(clean):
    base = dfe_plans(clean["england_2024"].cases)
    assert share(base["week20"] == 1, base) == pytest.approx(6.1, abs=1)
    assert not (clean["west_sussex_2024"].cases["week20"] == 1).any()


def test_earlier_years_follow_their_own_published_shares(clean):
    cases = clean["west_sussex_2024"].cases
    assert bands(dfe_plans(cases, 2023))[0] == pytest.approx(3.6, abs=2.5)
    assert bands(dfe_plans(cases, 2022))[0] == pytest.approx(16.5, abs=3.5)


def test_a_county_of_the_real_size_has_a_stock_of_the_real_size():
    """791 + 800 + 1,377 + 1,735 + 1,946 + 2,448 requests; 1,299 (April 2024) to 1,480 (November 2025) were open."""
    cases = simulate(9097, as_at=AS_AT, seed=1, defects=False).cases
    deciding = cases["request_outcome"] == "A"
    assessing = cases["assessment_outcome"].isin(["A", "Y"]) & cases["assessment_outcome_date"].isna()
    assert 1000 <= deciding.sum() + assessing.sum() <= 1600


@pytest.mark.parametrize("defects", [True, False])
def test_the_same_arguments_give_the_same_extract(defects):
    one, two = (simulate(500, as_at=date(2025, 3, 31), seed=9, defects=defects) for _ in range(2))
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(one, table), getattr(two, table))


def test_another_seed_gives_another_extract():
    one, two = (simulate(500, as_at=AS_AT, seed=seed).cases["received_date"] for seed in (1, 2))
    assert (one != two).any()


@pytest.mark.parametrize("preset", PRESETS)
def test_planting_touches_no_cell_but_its_own(clean, dirty, preset):
    before, after, planted = clean[preset].cases, dirty[preset].cases, dirty[preset].planted
    people = ["person_id", "setting_id", "primary_need", "age_at_request", "sex", "ethnicity", "care_status"]
    for name in before.columns:
        gone, now_gone = before[name].isna(), after[name].isna()
        same = (gone & now_gone) | (~gone & ~now_gone & (before[name] == after[name]).fillna(value=False))
        moved = before.loc[~same.astype(bool), "case_id"]
        if name in people:
            allowed = planted["column"] == "person_id"
        elif name == "week20":
            allowed = planted["defect"] == "exception_without_reason"
        elif name == "plan_start_date":
            allowed = planted["defect"] == "amended_final_overwrites_first"
        else:
            allowed = planted["column"] == name
        assert set(moved) <= set(planted.loc[allowed, "case_id"]), name


def test_every_date_column_is_seconds_and_every_column_is_known(clean):
    extract = clean["west_sussex_2024"]
    for table in ("cases", "advice", "exemptions", "closures", "events"):
        frame = getattr(extract, table)
        assert set(frame.columns) <= set(COLUMNS[table])
        for name in set(names(table, "date")) & set(frame.columns):
            assert str(frame[name].dtype) == "datetime64[s]"
        for name in set(names(table, "flag")) & set(frame.columns):
            assert str(frame[name].dtype) == "Int8"


def test_codes_are_those_of_the_contract(dirty):
    for extract in each(dirty):
        for table in ("cases", "advice"):
            for name in set(names(table, "code")) & set(getattr(extract, table).columns):
                assert set(getattr(extract, table)[name].dropna()) <= set(COLUMNS[table][name].values), name


def test_clean_data_hold_no_date_after_as_at(clean):
    last = pd.Timestamp(AS_AT)
    for extract in each(clean):
        for table in ("cases", "advice", "exemptions", "closures", "events"):
            frame = getattr(extract, table)
            for name in set(names(table, "date")) & set(frame.columns):
                assert not (frame[name] > last).any(), (table, name)


def test_clean_cases_run_in_order(clean):
    for extract in each(clean):
        cases = extract.cases
        steps = [
            ("received_date", "moved_in_date", 0),
            ("received_date", "request_outcome_date", 1),
            ("received_date", "closed_date", 1),
            ("panel_date", "request_outcome_date", 0),
            ("request_outcome_date", "issue_decision_date", 1),
            ("moved_in_date", "request_outcome_date", 0),
            ("reversal_date", "draft_sent_date", 1),
            ("issue_decision_date", "draft_sent_date", 0),
            ("request_outcome_date", "closed_date", 1),
            ("draft_sent_date", "plan_issued_date", 15),
        ]
        for first, second, least in steps:
            gap = (cases[second] - cases[first]).dt.days.dropna()
            assert (gap >= least).all(), (first, second)
        issued = cases[cases["assessment_outcome"] == "Y"]
        gap = (issued["assessment_outcome_date"] - issued["draft_sent_date"]).dt.days.dropna()
        assert gap.min() >= 15


def test_outcomes_agree_with_their_dates(clean):
    for extract in each(clean):
        cases = extract.cases
        decided = cases["request_outcome"].isin(["Y", "N"])
        assert (cases["request_outcome_date"].notna() == decided).all()
        refused = cases["assessment_outcome"] == "N"
        assert cases.loc[refused, "assessment_outcome_date"].notna().all()
        assert (
            cases.loc[cases["assessment_outcome"].isin(["A", "W", "H"]), "assessment_outcome_date"]
            .isna()
            .all()
        )
        begun = cases["assessment_outcome"].notna() & (cases["assessment_outcome"] != "H")
        reversed_on_record = (cases["reversal_of"] == "assess") & cases["reversal_date"].notna()
        assert (begun == ((cases["request_outcome"] == "Y") | reversed_on_record)).all()
        assert cases.loc[cases["plan_issued_date"].notna(), "reversal_of"].eq("issue").all()
        withdrawn = (cases["request_outcome"] == "W") | (cases["assessment_outcome"] == "W")
        assert (withdrawn == cases["closed_date"].notna()).all()
        assert (cases["closed_reason"].notna() == cases["closed_date"].notna()).all()


def test_work_is_recorded_on_working_days(clean):
    cases = clean["west_sussex_2024"].cases
    for name in ("request_outcome_date", "issue_decision_date", "draft_sent_date", "assessment_outcome_date"):
        assert cases[name].dropna().dt.day_of_week.max() <= 4


def test_open_cases_exist_at_every_step(clean):
    cases = clean["west_sussex_2024"].cases
    assert (cases["request_outcome"] == "A").any()
    assert (cases["assessment_outcome"] == "A").any()
    waiting = (cases["assessment_outcome"] == "Y") & cases["assessment_outcome_date"].isna()
    assert (waiting & cases["draft_sent_date"].isna()).any()
    assert (waiting & cases["draft_sent_date"].notna()).any()


@pytest.mark.parametrize("preset", PRESETS)
def test_in_every_assessment_four_services_and_the_family_were_asked(clean, preset):
    cases, advice = clean[preset].cases, clean[preset].advice
    first = advice[advice["round"] == 1]
    agreed = cases[cases["assessment_outcome"].isin(["Y", "N"])]
    kinds = first[first["advice_type"] != "other"].groupby("case_id")["advice_type"].nunique()
    assert kinds.reindex(agreed["case_id"]).eq(5).all()
    assert set(first.loc[first["advice_type"] == "other", "sub_service"]) == {"SaLT", "OT"}


def test_clean_advice_runs_in_order(clean):
    for extract in each(clean):
        advice = extract.advice.merge(
            extract.cases[["case_id", "request_outcome_date", "reversal_of", "reversal_date", "closed_date"]],
            on="case_id",
        )
        agreed = advice["request_outcome_date"].where(
            advice["reversal_of"] != "assess", advice["reversal_date"]
        )
        assert (advice["requested_date"] >= agreed).all()
        for name in ("allocated_date", "body_received_date", "returned_date"):
            assert not (advice[name] < advice["requested_date"]).any(), name
            assert not (advice[name] >= advice["closed_date"]).any(), name
        assert not (advice["returned_date"] < advice["body_received_date"]).any()
        assert not (advice["returned_date"] < advice["allocated_date"]).any()
        assert (advice["returned_date"].notna() == advice["advice_outcome"].notna()).all()
        assert (advice["source"].notna() == (advice["advice_type"] == "psychology")).all()


def test_therapies_and_paediatrics_are_bound_by_regulation_8_and_received_their_askings(clean):
    advice = clean["west_sussex_2024"].advice
    bound = advice["advice_type"].isin(["health", "other"])
    assert advice["bound_by_reg_8"].eq(bound.astype(int)).all()
    assert advice.loc[~bound, "body_received_date"].isna().all()
    received = advice.loc[bound & (advice["round"] == 1)].dropna(subset="body_received_date")
    assert set(received["provider"]) == {"Community paediatrics", "Therapies"}
    assert (received["body_received_date"] - received["requested_date"]).dt.days.between(0, 3).all()


def test_only_the_setting_attended_is_asked_as_a_setting(clean):
    extract = clean["west_sussex_2024"]
    advice = extract.advice.merge(
        extract.cases[["case_id", "setting_id"]], on="case_id", suffixes=("", "_attended")
    )
    education = advice["advice_type"] == "education"
    assert (advice["setting_id"] == advice["setting_id_attended"])[education].all()
    assert advice.loc[~education, "setting_id"].isna().all()


def test_a_second_round_follows_a_rejected_answer(clean):
    advice = clean["west_sussex_2024"].advice
    keys = ["case_id", "advice_type", "sub_service"]
    advice = advice.assign(sub_service=advice["sub_service"].fillna(""))
    second = advice[advice["round"] == 2].merge(
        advice[advice["round"] == 1], on=keys, suffixes=("", "_first")
    )
    assert len(second) == (advice["round"] == 2).sum() > 0
    assert second["advice_outcome_first"].eq("rejected").all()
    assert (second["requested_date"] >= second["returned_date_first"]).all()


def test_drafts_mostly_wait_for_the_advice(clean):
    for extract in each(clean):
        drafts = extract.cases.dropna(subset="draft_sent_date")[["case_id", "draft_sent_date"]]
        advice = extract.advice.merge(drafts, on="case_id")
        waited = advice["returned_date"] <= advice["draft_sent_date"]
        assert 0.9 < waited.mean() < 0.98


def test_psychology_takes_the_longest_where_it_is_short(clean):
    advice = clean["west_sussex_2024"].advice
    weeks = (advice["returned_date"] - advice["requested_date"]).dt.days / 7
    medians = weeks.groupby(advice["advice_type"]).median()
    assert medians["psychology"] > 1.5 * medians["education"]


def test_every_exception_has_its_reason_in_clean_data(clean):
    cases, exemptions = clean["england_2024"].cases, clean["england_2024"].exemptions
    flagged = set(cases.loc[cases["week20"] == 1, "case_id"])
    issued = set(cases.loc[cases["week20"].notna(), "case_id"])
    assert flagged == set(exemptions["case_id"]) & issued
    assert exemptions["case_id"].is_unique
    assert set(exemptions["code"]) == {"SCHOOL_CLOSED", "EXC_PERSONAL", "ABSENT_4W"}
    assert (exemptions["to_date"] >= exemptions["from_date"]).all()
    absent = exemptions[exemptions["code"] == "ABSENT_4W"]
    assert ((absent["to_date"] - absent["from_date"]).dt.days >= 27).all()


def test_a_closed_setting_was_asked_inside_the_window_of_its_own_holiday(clean):
    extract = clean["england_2024"]
    claims = extract.exemptions.query("code == 'SCHOOL_CLOSED'")
    claims = claims.merge(extract.cases[["case_id", "setting_id"]], on="case_id")
    claims = claims.merge(
        extract.closures, left_on=["setting_id", "from_date"], right_on=["setting_id", "closed_from"]
    )
    assert len(claims) == (extract.exemptions["code"] == "SCHOOL_CLOSED").sum() > 0
    week, asked = pd.Timedelta(days=7), claims["advice_requested_date"]
    assert (asked >= claims["closed_from"] - week).all()
    assert (asked < claims["reopened_on"] - week).all()
    assert ((claims["reopened_on"] - claims["closed_from"]).dt.days >= 28).all()


def test_events_tell_the_same_story_as_cases(clean):
    cases, events = clean["collapse"].cases, clean["collapse"].events
    for kinds, column in [
        (["request_received"], "received_date"),
        (["decided_to_assess", "refused_to_assess"], "request_outcome_date"),
    ]:
        told = events[events["event"].isin(kinds)].set_index("case_id")["date"]
        written = cases.set_index("case_id")[column].dropna()
        pd.testing.assert_series_equal(told.sort_index(), written.sort_index(), check_names=False)
    drafts = events[events["event"] == "draft_sent"].groupby("case_id")["date"]
    last = cases.set_index("case_id")["draft_sent_date"].dropna()
    assert drafts.max().reindex(last.index).eq(last).all()
    assert 0.03 < (drafts.size() > 1).mean() < 0.09


def test_events_carry_the_outcomes_and_make_the_cases_again(clean):
    for extract in each(clean):
        again = cases_from_events(extract.events).set_index("case_id")
        cases = extract.cases.set_index("case_id").loc[again.index]
        decided = cases["request_outcome_date"].notna()
        assert decided.any()
        assert again.loc[decided, "request_outcome"].eq(cases.loc[decided, "request_outcome"]).all()
        refused = cases["assessment_outcome"].eq("N")
        assert refused.any()
        assert again.loc[refused, "assessment_outcome"].eq("N").all()
        for column in (
            "received_date",
            "request_outcome_date",
            "draft_sent_date",
            "reversal_date",
            "reversal_route",
        ):
            pd.testing.assert_series_equal(again[column], cases[column], check_dtype=False)
        pd.testing.assert_frame_equal(
            again.reset_index(), cases_from_events(events_of(extract.cases)), check_dtype=False
        )


def test_every_kind_of_defect_is_planted(dirty):
    for extract in each(dirty):
        assert set(extract.planted["defect"]) == DEFECTS
        assert list(extract.planted.columns) == ["case_id", "defect", "column", "detectable"]
        assert extract.planted["case_id"].isin(extract.cases["case_id"]).all()


def test_clean_data_have_an_empty_answer_key(clean):
    assert all(extract.planted.empty for extract in each(clean))


def test_no_case_carries_two_defects(dirty):
    for extract in each(dirty):
        planted = extract.planted[extract.planted["defect"] != "advice_request_date_missing"]
        assert planted["case_id"].is_unique


# Rates per 1,000 requests, typed from the table of assumptions; 20,000 requests hold 20 times as many.
@pytest.mark.parametrize(
    ("defect", "rate"),
    [
        ("missing_request_date", 3),
        ("outcome_before_request", 4),
        ("draft_before_decision", 3),
        ("final_before_draft", 4),
        ("day_month_swap", 8),
        ("two_digit_year", 2),
        ("future_date", 2),
        ("amended_final_overwrites_first", 15),
    ],
)
def test_defects_are_planted_at_their_rate(dirty, defect, rate):
    assert (dirty["west_sussex_2024"].planted["defect"] == defect).sum() == rate * 20


def carriers(extract, defect):
    """The rows of the cases that carry a defect."""
    planted = extract.planted[extract.planted["defect"] == defect]
    return extract.cases[extract.cases["case_id"].isin(planted["case_id"])]


def test_planted_sequences_are_really_out_of_order(dirty):
    for extract in each(dirty):
        assert carriers(extract, "missing_request_date")["received_date"].isna().all()
        rows = carriers(extract, "outcome_before_request")
        assert (rows["request_outcome_date"] < rows["received_date"]).all()
        rows = carriers(extract, "draft_before_decision")
        assert (rows["draft_sent_date"] < rows["request_outcome_date"]).all()
        rows = carriers(extract, "final_before_draft")
        assert (rows["assessment_outcome_date"] < rows["draft_sent_date"]).all()
        assert (carriers(extract, "future_date")["draft_sent_date"] > pd.Timestamp(AS_AT)).all()
        assert (carriers(extract, "two_digit_year")["request_outcome_date"].dt.year < 1930).all()


def test_a_swapped_date_is_the_true_one_with_day_and_month_exchanged(clean, dirty):
    truth, extract = clean["england_2024"].cases.set_index("case_id"), dirty["england_2024"]
    planted = extract.planted[extract.planted["defect"] == "day_month_swap"]
    cases = extract.cases.set_index("case_id")
    for row in planted.itertuples():
        was, now = truth.loc[row.case_id, row.column], cases.loc[row.case_id, row.column]
        assert (was.year, was.month, was.day) == (now.year, now.day, now.month)
    assert 0 < planted["detectable"].sum() < len(planted)


def test_a_duplicate_arrives_before_the_first_is_decided(clean, dirty):
    truth, extract = clean["west_sussex_2024"].cases, dirty["west_sussex_2024"]
    second = carriers(extract, "duplicate_request")
    pairs = extract.cases.merge(second[["case_id", "person_id"]], on="person_id", suffixes=("", "_second"))
    pairs = pairs[pairs["case_id"] != pairs["case_id_second"]]
    assert len(pairs) == len(second) > 100
    received = truth.set_index("case_id")["received_date"]
    gap = pairs["case_id_second"].map(received).to_numpy() - pairs["case_id"].map(received).to_numpy()
    assert (gap > np.timedelta64(0, "D")).all()
    decided = pairs["case_id"].map(truth.set_index("case_id")["request_outcome_date"]).to_numpy()
    still_open = pairs["case_id_second"].map(received).to_numpy() < decided
    assert (still_open | np.isnat(decided)).all()


def test_a_new_request_follows_a_refusal(dirty):
    extract = dirty["west_sussex_2024"]
    second = carriers(extract, "re_request")[["case_id", "person_id", "received_date"]]
    first = extract.cases[extract.cases["request_outcome"] == "N"]
    pairs = second.merge(first, on="person_id", suffixes=("_second", ""))
    pairs = pairs[pairs["case_id"] != pairs["case_id_second"]]
    assert len(pairs) == len(second) > 200
    assert (pairs["received_date_second"] > pairs["request_outcome_date"]).all()


def test_an_overwritten_final_can_be_seen_only_where_the_plan_start_is_left(clean, dirty):
    extract = dirty["west_sussex_2024"]
    key = extract.planted.set_index("case_id").query("defect == 'amended_final_overwrites_first'")
    cases = extract.cases.set_index("case_id").loc[key.index]
    first = clean["west_sussex_2024"].cases.set_index("case_id").loc[key.index, "assessment_outcome_date"]
    assert (cases["assessment_outcome_date"] > first).all()
    earlier = cases["plan_start_date"] < cases["assessment_outcome_date"]
    assert (earlier == key["detectable"]).all()
    assert 0.3 < key["detectable"].mean() < 0.7


def test_an_exception_without_a_reason_is_a_flag_and_a_blank_code(dirty):
    for extract in each(dirty):
        rows = carriers(extract, "exception_without_reason")
        assert (rows["week20"] == 1).all()
        codes = extract.exemptions.set_index("case_id")["code"].reindex(rows["case_id"])
        assert codes.isna().all()


def test_about_one_asking_in_eight_has_lost_its_date(dirty):
    extract = dirty["west_sussex_2024"]
    missing = extract.advice["requested_date"].isna()
    services = extract.advice["advice_type"] != "parent"
    assert missing[services].mean() == pytest.approx(0.12, abs=0.01)
    assert not missing[~services].any()
    planted = extract.planted[extract.planted["defect"] == "advice_request_date_missing"]
    assert sorted(planted["case_id"]) == sorted(extract.advice.loc[missing, "case_id"])


def test_everything_says_that_it_is_synthetic(dirty):
    extract = dirty["west_sussex_2024"]
    assert extract.cases["case_id"].str.startswith("SYNTHETIC-").all()
    assert extract.cases["case_id"].is_unique
    assert extract.reading["note"].str.contains("preset west_sussex_2024, seed 4, as at 2024-12-31").all()
    assert extract.extracted_on == AS_AT


@pytest.mark.parametrize("n", [1, 2, 3, 40])
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("as_at", [date(2020, 12, 31), date(2026, 6, 30)])
def test_a_few_requests_are_enough(n, preset, as_at):
    extract = simulate(n, as_at=as_at, seed=0, preset=preset)
    assert len(extract.cases) == n


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"n": 0, "as_at": AS_AT, "seed": 1}, "give 1 or more"),
        ({"n": 5, "as_at": AS_AT, "seed": -1}, "seed -1 is negative"),
        ({"n": 5, "as_at": date(2020, 12, 30), "seed": 1}, "give 2020-12-31 or later"),
        ({"n": 5, "as_at": "2025-03-31", "seed": 1}, "as_at is str, not a date: give the day"),
        ({"n": 5, "as_at": AS_AT, "seed": 1, "preset": "kent"}, "preset 'kent' is not known"),
    ],
)
def test_what_cannot_be_simulated_is_refused(arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        simulate(**arguments)
