"""Who the made-up requests are for, beside what was published; what is asked of families; and a difference that is planted or is not."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError

N, AS_AT = 30_000, date(2024, 12, 31)
# DfE, Education, health and care plans, reporting year 2025: requests of 2024, all, of females, of White British and of unclassified
# ethnicity; England, West Sussex, Lincolnshire and Devon.
PUBLISHED = {
    "england_2024": (154_489, 55_100, 100_268, 16_688),
    "west_sussex_2024": (2_448, 932, 1_520, 609),
    "recovered": (1_914, 643, 1_447, 262),
    "collapse": (2_265, 904, 2_011, 127),
}
GROUPS = ("sex", "ethnicity", "primary_need", "area", "care_status")


@pytest.fixture(scope="module")
def england():
    return simulate(N, as_at=AS_AT, seed=21, preset="england_2024", defects=False)


@pytest.mark.parametrize("preset", sorted(PUBLISHED))
def test_sex_and_ethnicity_are_shared_out_as_published(preset):
    cases = simulate(N, as_at=AS_AT, seed=8, preset=preset, defects=False).cases
    whole, *parts = PUBLISHED[preset]
    made = [
        cases["sex"].eq("F").mean(),
        cases["ethnicity"].eq("WBRI").mean(),
        cases["ethnicity"].isin(["REFU", "NOBT"]).mean(),
    ]
    for share, part in zip(made, parts, strict=True):
        expected = part / whole
        assert abs(share - expected) < 4 * (expected * (1 - expected) / N) ** 0.5
    assert set(cases["sex"]) == {"M", "F"}


def plans(cases):
    """Weeks to the first plan of those that were never refused, by the day of the request: all old enough to have one."""
    old = cases[(cases["assessment_outcome"] == "Y") & (cases["received_date"] < "2022-07-01")]
    old = old[(old["request_outcome"] == "Y") & old["assessment_outcome_date"].notna()]
    return old.assign(weeks=(old["assessment_outcome_date"] - old["received_date"]).dt.days / 7)


@pytest.mark.parametrize("column", GROUPS[:2] + GROUPS[3:])
def test_nothing_depends_on_the_groups_unless_it_is_planted(england, column):
    found = plans(england.cases)
    sizes = found[column].value_counts()
    groups = [found.loc[found[column] == name, "weeks"] for name in sizes[sizes > 100].index]
    spread = found["weeks"].std()
    for weeks in groups:
        assert abs(weeks.mean() - found["weeks"].mean()) < 4 * spread / len(weeks) ** 0.5
    refused = england.cases["request_outcome"].eq("N")
    for name in sizes[sizes > 100].index:
        inside = refused[england.cases[column] == name]
        assert abs(inside.mean() - refused.mean()) < 4 * (0.25 / len(inside)) ** 0.5


@pytest.mark.parametrize(
    ("column", "group"),
    [
        ("sex", "F"),
        ("ethnicity", "BAFR"),
        ("primary_need", "ASD"),
        ("area", "East"),
        ("care_status", "looked after"),
    ],
)
def test_a_planted_difference_is_as_large_as_it_was_planted(england, column, group):
    slowed = simulate(
        N, as_at=AS_AT, seed=21, preset="england_2024", defects=False, slower=(column, group, 8)
    )
    weeks = [plans(cases).set_index("case_id")["weeks"] for cases in (england.cases, slowed.cases)]
    both = pd.concat(weeks, axis="columns", keys=["before", "after"]).dropna()
    longer = both["after"] - both["before"]
    inside = england.cases.set_index("case_id")[column].eq(group).reindex(both.index)
    assert inside.sum() > 100
    assert np.median(longer[inside]) == pytest.approx(8)
    assert longer[inside].between(7.4, 8.6).mean() > 0.99  # a plan is not sent at a weekend
    assert (longer[~inside] == 0).all()
    pd.testing.assert_series_equal(slowed.cases[column], england.cases[column])
    assert slowed.reading["note"].str.contains(f"plans of {column} {group} 8 weeks slower", regex=False).all()
    assert not england.reading["note"].str.contains("slower").any()


@pytest.mark.parametrize(
    ("slower", "sentence"),
    [
        (
            ("team", "Team 1", 2),
            "no difference can be planted by 'team': use one of area, primary_need, sex, ethnicity, care_status",
        ),
        (("sex", "Female", 2), "'sex' has no group 'Female' in this preset: use one of M, F"),
        (("sex", "F", 0), "plans cannot be 0 weeks slower: give 1 or more"),
    ],
)
def test_what_cannot_be_planted_is_refused(slower, sentence):
    with pytest.raises(CommandError) as refused:
        simulate(5, as_at=AS_AT, seed=1, slower=slower)
    assert str(refused.value) == sentence


def test_the_requests_of_one_child_say_the_same_of_it():
    cases = simulate(5_000, as_at=AS_AT, seed=3).cases
    several = cases[cases["person_id"].duplicated(keep=False)]
    assert len(several) > 100
    assert several.groupby("person_id")[["sex", "ethnicity", "care_status"]].nunique().eq(1).all(axis=None)


def test_every_family_is_asked_once_with_the_setting_and_has_no_limit(england):
    advice = england.advice
    family = advice[advice["advice_type"] == "parent"].set_index("case_id")
    setting = advice[(advice["advice_type"] == "education") & (advice["round"] == 1)].set_index("case_id")
    assert family.index.is_unique
    assert family["requested_date"].equals(setting["requested_date"].reindex(family.index))
    assert set(family.index) == set(setting.index)
    assert family["round"].eq(1).all()
    assert family["bound_by_reg_8"].eq(0).all()
    assert (
        family[["provider", "sub_service", "setting_id", "source", "exemption", "body_received_date"]]
        .isna()
        .all(axis=None)
    )
    assert set(family["advice_outcome"].dropna()) == {"provided"}
    drafts = england.cases.set_index("case_id")["draft_sent_date"].dropna()
    assert (family["returned_date"].reindex(drafts.index) <= drafts).all()
