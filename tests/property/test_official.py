"""Official figures of any caseload: counted again by hand, and the identities that DfE's own tables keep."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from math import floor

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ehcptime.questions.mean_weeks import mean_weeks
from ehcptime.questions.official import dfe_assessments, dfe_requests, dfe_timeliness
from ehcptime.questions.official_comparison import compare_with_official
from ehcptime.tracking.track import track
from oracle.draws import AS_AT, CASE_DATES
from oracle.strategies import case_rows, messy_rows

FLAGS = [
    f"{kind}_{what}" for kind in ("request", "assessment", "other") for what in ("mediation", "tribunal")
]
AT = date(2025, 6, 30)
few = settings(max_examples=20)


# Plans aimed at the edges: days 140, 364 and the turn of the year.


@st.composite
def plans(draw):
    """A row whose plan was, or was not, issued; with the fields that decide where it counts."""
    issued = draw(
        st.none()
        | st.dates(date(2023, 12, 28), date(2024, 1, 4))
        | st.dates(date(2024, 1, 1), date(2025, 7, 4))
    )
    days = draw(
        st.none()
        | st.sampled_from([-1, 0, 138, 139, 140, 141, 142, 363, 364, 365, 366])
        | st.integers(0, 900)
    )
    known = issued is not None and days is not None
    return {
        "received_date": issued - timedelta(days=days) if known else None,
        "assessment_outcome": draw(st.sampled_from(["Y", "Y", "Y", "Y", "N", "W", None])),
        "assessment_outcome_date": issued,
        "week20": draw(st.sampled_from([0, 0, 1, None])),
        "team": draw(st.sampled_from(["a", "b", None])),
        **{flag: draw(st.sampled_from([0] * 12 + [1])) for flag in FLAGS},
    }


def tracked(rows, dates=("received_date", "assessment_outcome_date"), as_at=AT):
    frame = pd.DataFrame(rows).assign(case_id=[f"c{number}" for number in range(len(rows))])
    for column in dates:
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
    return track(frame, as_at=as_at)


def counted(rows):
    """Plans in DfE's base: issued by then, no mediation or tribunal; each with its days, or None."""
    for row in rows:
        day = row["assessment_outcome_date"]
        if row["assessment_outcome"] != "Y" or day is None or day > AT or any(row[flag] for flag in FLAGS):
            continue
        start = row["received_date"]
        if start is not None and start > AT:  # not received yet
            continue
        days = None if start is None or start > day else (day - start).days
        yield row, day.year, days


def expected(rows):
    """Counts by year and column, added up one plan at a time."""
    counts = Counter()
    for row, year, days in counted(rows):
        for suffix in ("", "_ex") if not row["week20"] else ("",):
            counts[year, f"plans_issued_den{suffix}"] += 1
            if days is None:
                continue
            if days <= 20 * 7:
                band = "plans_issued_20_weeks_ex" if suffix else "plans_issued_within_20_weeks"
            else:
                band = f"plans_issued_gt{'20weeks_ltYear' if days <= 52 * 7 else '_1_year'}{suffix}"
            counts[year, band] += 1
    return counts


@given(st.lists(plans(), max_size=25).filter(bool))
def test_timeliness_columns_are_what_one_plan_at_a_time_adds_up_to(rows):
    table = dfe_timeliness(tracked(rows)).set_index("time_period")
    counts = expected(rows)
    assert table.index.tolist() == [str(year) for year in sorted({year for year, _ in counts})]
    for year, row in table.iterrows():
        for column in table.columns[table.columns.str.startswith("plans_")]:
            assert int(row[column]) == counts[int(year), column]
        base, within = (
            counts[int(year), name] for name in ("plans_issued_den_ex", "plans_issued_20_weeks_ex")
        )
        shown = row["PC_plans_issued_20_weeks_ex"]
        assert (
            shown == "x"
            if not base
            else abs(Fraction(shown) - Fraction(100 * within, base)) <= Fraction("0.0500001")
        )


@given(st.lists(plans(), max_size=25).filter(bool))
def test_means_are_those_of_the_days_added_up(rows):
    found = mean_weeks(tracked(rows)).iloc[0]
    known = [(row, days) for row, _, days in counted(rows) if days is not None]
    without = [days for row, days in known if not row["week20"]]
    assert (found["plans"], found["days_known"], found["days_known_exc"]) == (
        len(list(counted(rows))),
        len(known),
        len(without),
    )
    assert found["plans"] + found["left_out"] == len(rows)
    whole = sum(days for _, days in known)
    for name, total, number in (
        ("mean_weeks", whole, len(known)),
        ("mean_weeks_exc", sum(without), len(without)),
    ):
        if not number:
            assert found[name] is pd.NA
        else:
            assert abs(Fraction(float(found[name])) - Fraction(total, number * 7)) <= Fraction("0.0500001")
    for name, total in (("mean_weeks_as_published", whole), ("mean_weeks_exc_as_published", sum(without))):
        if known:
            assert abs(
                Fraction(float(found[name])) - Fraction(floor(Fraction(total, len(known))), 7)
            ) <= Fraction("0.0500001")
        else:
            assert found[name] is pd.NA


@few
@given(st.lists(plans(), max_size=25).filter(bool))
def test_means_add_up_over_groups_and_years(rows):
    frame = tracked(rows)
    whole = mean_weeks(frame).iloc[0]
    for split in (
        mean_weeks(frame, by="team"),
        mean_weeks(frame, period="M"),
        mean_weeks(frame, by="team", period="Y"),
    ):
        for count in ("plans", "days_known", "days_known_exc", "left_out"):
            assert split[count].sum() == whole[count]


@few
@given(st.lists(plans(), max_size=15).filter(bool), st.sampled_from([2025, 2026]))
def test_a_file_of_our_own_figures_shows_no_difference(tmp_path_factory, rows, edition):
    frame = tracked(rows)
    table = dfe_timeliness(frame, la_code="938", la_name="West Sussex", edition=edition)
    if table.empty:
        return
    path = tmp_path_factory.mktemp("dfe") / "timeliness_20_week.csv"
    table.to_csv(path, index=False, encoding="utf-8-sig")
    found = compare_with_official(frame, path, la_code="938")
    own = found.table[found.table["level"] == "authority"]
    assert own["difference"].dropna().eq(0).all()
    assert own["difference"].isna().equals(own["published"].isna())
    assert found.rules.loc[found.rules["left_out_by"] == "any of the six flags", "matches"].all()
    for _, group in found.rules.groupby(["year", "measure"]):
        assert len(set(group["left_out"] + group["denominator"])) == 1
    for part, column in (("part", "plans_issued_den"), ("part_exc", "plans_issued_den_ex")):
        inside = found.cases[found.cases[part].isin(["on_time", "late", "unknown"])]
        base = own[own["column"] == column].set_index("year")["ours"]
        assert inside["year"].value_counts().to_dict() == base[base > 0].to_dict()


# Any caseload at all


@st.composite
def caseloads(draw):
    as_at = draw(AS_AT)
    rows = draw(st.lists(case_rows(as_at) | messy_rows(as_at), min_size=1, max_size=10))
    teams = draw(st.lists(st.sampled_from(["a", "b", None]), min_size=len(rows), max_size=len(rows)))
    return tracked([row | {"team": team} for row, team in zip(rows, teams, strict=True)], CASE_DATES, as_at)


def figures(table, *columns):
    return [table[column].astype(int) for column in columns]


@few
@given(caseloads())
def test_outcomes_add_up_to_requests_and_to_assessments(frame):
    table = dfe_requests(frame, by={"Team": "team"})
    every, *outcomes = figures(
        table,
        "requests_received_in_year",
        "requests_decided_to_assess",
        "requests_decided_not_to_assess",
        "requests_decision_not_made",
        "requests_withdrawn",
    )
    assert sum(outcomes).equals(every)
    table = dfe_assessments(frame, by={"Team": "team"})
    every, *outcomes = figures(
        table, "assess_in_year", "assess_issued", "assess_not_issued", "assess_not_made", "assess_withdrawn"
    )
    assert sum(outcomes).equals(every)


@few
@given(caseloads())
def test_the_rows_of_a_topic_add_up_to_all_of_the_year(frame):
    for make in (dfe_timeliness, dfe_requests, dfe_assessments):
        table = make(frame, by={"Team": "team"})
        counts = [name for name in table.columns[12:] if "pc" not in name.lower()]
        numbers = (
            table[counts]
            .astype(int)
            .assign(year=table["time_period"], split=table["breakdown_topic"].eq("Team"))
        )
        summed = numbers.groupby(["year", "split"]).sum()
        for year in numbers["year"].unique():
            assert summed.loc[(year, False)].tolist() == summed.loc[(year, True)].tolist()
