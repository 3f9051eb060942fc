"""A return rehearsed: DfE's published figures from caseloads made to have them, queries that open, and the wrong last return refused.

Figures: Department for Education, Education, health and care plans, 2025 release (Open Government Licence v3.0), typed in.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from acceptance.test_dfe_2025 import (
    COLUMNS,
    MIDDLE,
    ON_TIME,
    OTHER_FILES,
    OVER,
    noise,
    numbers,
    plans,
    published_by_year,
    sample,
)
from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.sign_off import sign_off_page, sign_off_tables
from ehcptime.questions.check import check
from ehcptime.questions.official_layout import layout_of
from ehcptime.questions.sen2_rehearsal import sen2_rehearsal
from ehcptime.questions.sen2_years import year_returned
from ehcptime.records.extract import Extract

JANUARY = date(2025, 1, 16)
WEST_SUSSEX = dict(
    zip(
        COLUMNS,
        next(cells for year, area, cells in sample() if (year, area) == ("2024", "West Sussex")),
        strict=True,
    )
)
for table, row in OTHER_FILES.items():
    WEST_SUSSEX |= dict(zip(layout_of(table, 2025).columns, row.split(","), strict=True))


def rows(number, received, *, decided=None, code="Y", ended=None, outcome=None, **more):
    """Some cases with the same days."""
    return [
        {
            "received_date": received,
            "request_outcome": code,
            "request_outcome_date": decided,
            "assessment_outcome": outcome,
            "assessment_outcome_date": ended,
            "closed_date": None,
            "week20": 0,
        }
        | more
    ] * number


def west_sussex():
    """The counts of West Sussex in 2024 in all three files at once, by cases that are each in one of them."""
    both = {"request_mediation": 1, "request_tribunal": 1}
    made = [
        # plans in the 20-week base: 171 on time (131 days), 850 after 244 days, 474 after 609; received and decided before 2024
        *rows(171, "2023-09-01", decided="2023-10-10", ended="2024-01-10", outcome="Y"),
        *rows(850, "2023-10-01", decided="2023-11-10", ended="2024-06-01", outcome="Y"),
        *rows(474, "2022-10-01", decided="2022-11-10", ended="2024-06-01", outcome="Y"),
        # 302 plans with a mediation or an appeal: in the assessments alone
        *rows(171, "2023-06-01", decided="2023-07-01", ended="2024-06-01", outcome="Y", request_mediation=1),
        *rows(51, "2023-06-01", decided="2023-07-01", ended="2024-06-01", outcome="Y", other_mediation=1),
        *rows(6, "2023-06-01", decided="2023-07-01", ended="2024-06-01", outcome="Y", assessment_mediation=1),
        *rows(72, "2023-06-01", decided="2023-07-01", ended="2024-06-01", outcome="Y", assessment_tribunal=1),
        *rows(
            2,
            "2023-06-01",
            decided="2023-07-01",
            ended="2024-06-01",
            outcome="Y",
            assessment_mediation=1,
            assessment_tribunal=1,
        ),
        # 25 decisions not to issue, one of them within 16 weeks
        *rows(1, "2023-11-01", decided="2023-12-01", ended="2024-02-21", outcome="N"),
        *rows(24, "2023-10-01", decided="2023-11-10", ended="2024-02-21", outcome="N"),
        # 2,448 requests of 2024: 1,513 agreed, 744 refused, 189 not decided, 2 withdrawn; 1,512 decided within 42 days
        *rows(1_000, "2024-03-01", decided="2024-04-12"),
        *rows(181, "2024-03-01", decided="2024-04-13"),
        *rows(184, "2024-03-01", decided="2024-04-12", request_mediation=1),
        *rows(107, "2024-03-01", decided="2024-04-12", request_tribunal=1),
        *rows(41, "2024-03-01", decided="2024-04-12", **both),
        *rows(180, "2024-03-01", decided="2024-04-12", code="N"),
        *rows(564, "2024-03-01", decided="2024-04-13", code="N"),
        *rows(100, "2024-11-01", code="A"),
        *rows(89, "2024-11-01", decided="2025-01-10"),  # decided after the year: not yet, as published
        *rows(2, "2024-11-01", code="W", closed_date="2024-11-20"),
        # 136 decided late in 2024 that came in the year before
        *rows(136, "2023-12-01", decided="2024-01-15"),
    ]
    frame = pd.DataFrame(made).assign(la_code="938", case_id=lambda f: [f"c{n}" for n in range(len(f))])
    for column in frame.columns[frame.columns.str.endswith("_date")]:
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
    flags = frame.columns[frame.columns.str.contains("mediation|tribunal")]
    return Extract(frame.assign(**frame[flags].fillna(0)), extracted_on=JANUARY)


def test_the_figures_of_all_three_files_are_those_published():
    found = sen2_rehearsal(west_sussex(), as_at=JANUARY)
    assert found.year == 2024
    assert dict(zip(found.figures["figure"], found.figures["published"], strict=True)) == WEST_SUSSEX
    assert len(WEST_SUSSEX) == 14 + 17 + 19


def made_of(year, area, cells):
    """An extract of one authority that has the published counts, and cases that are in none."""
    made = noise(area, int(year), 1)
    for week20, counts in zip((0, 1), numbers(cells), strict=True):
        bands = zip(counts, (ON_TIME, MIDDLE, OVER, (None, -1)), strict=True)
        made += [plans(area, int(year), count, durations, week20=week20) for count, durations in bands]
    frame = pd.DataFrame({name: np.concatenate([columns[name] for columns in made]) for name in made[0]})
    day = date(int(year) + 1, 1, 16)
    return Extract(frame.assign(case_id=[f"c{n}" for n in range(len(frame))]), extracted_on=day)


AUTHORITIES = [("2023", "Luton"), ("2023", "West Sussex"), ("2024", "Dorset"), ("2024", "Surrey")]


@pytest.mark.parametrize(("year", "area"), AUTHORITIES)
def test_timeliness_is_the_published_one_of_other_authorities(year, area):
    cells = published_by_year(sample())[year][area]
    found = sen2_rehearsal(made_of(year, area, cells), as_at=date(int(year) + 1, 1, 16)).figures
    assert found.loc[found["file"] == "timeliness", "published"].tolist() == cells


def test_the_change_on_last_year_is_that_between_the_published_figures_with_its_reason():
    both = published_by_year(sample())
    then, now = (both[year]["West Sussex"] for year in ("2023", "2024"))
    found = sen2_rehearsal(
        made_of("2024", "West Sussex", now), as_at=JANUARY, last_year=made_of("2023", "West Sussex", then)
    )
    rows = found.figures[found.figures["file"] == "timeliness"]
    assert rows["last_year"].tolist() == then
    assert rows["change"].tolist() == pytest.approx(
        [float(n) - float(t) for n, t in zip(now, then, strict=True)]
    )
    why = found.why["plans_issued_20wk_exc"]
    assert why.startswith("On-time plans rose from 25 to 171. Late plans rose from 675 to 1324")
    assert "the rate rose from 3.6 per cent to 11.4 per cent" in why
    assert "Between two periods" in why  # ids of two returns are not the same cases, whatever they look like
    assert set(found.why) == set(found.figures["measure"]) - {""}


@pytest.fixture(scope="module")
def simulated():
    return simulate(400, as_at=JANUARY, seed=3)


def test_every_query_opens_into_the_cases_that_check_finds(simulated):
    found = sen2_rehearsal(simulated, as_at=JANUARY)
    given = {"advice": simulated.advice, "exemptions": simulated.exemptions, "closures": simulated.closures}
    theirs = check(simulated.cases, as_at=JANUARY, unread=simulated.unread, **given)
    assert len(found.counts) > 10
    assert found.counts["rows"].sum() == len(theirs)
    for row in found.counts.itertuples():
        ids = set(theirs.loc[theirs["code"] == row.code, "case_id"].astype(str))
        assert set(found.cases(row.code)) == ids == set(row.case_ids)
    with pytest.raises(CommandError, match="no query 'nonsense'"):
        found.cases("nonsense")


def test_the_sheet_is_first_and_the_page_names_every_case_that_is_queried(simulated):
    found = sen2_rehearsal(simulated, as_at=JANUARY)
    page = sign_off_page(found)
    assert page.index('id="sign-off"') < page.index('id="figures"') < page.index('id="queries"')
    assert "#sign-off { break-after: page; }" in page
    assert not [name for code in found.counts["code"] for name in found.cases(code) if name not in page]
    assert "No return of last year was given, so no change is shown." in page
    tables = sign_off_tables(found)
    assert tables["queries"]["case_id"].tolist() == found.queries["case_id"].tolist()


@pytest.mark.parametrize(
    ("day", "year"),
    [("2025-01-01", 2024), ("2025-03-31", 2024), ("2025-04-01", 2025), ("2025-12-31", 2025)],
)
def test_until_march_a_return_is_that_of_the_year_before(day, year):
    assert year_returned(date.fromisoformat(day)) == year


def test_a_return_in_its_own_year_says_that_it_is_so_far():
    last = simulate(200, as_at=date(2024, 10, 31), seed=3)
    found = sen2_rehearsal(last, as_at=date(2024, 10, 31))
    assert found.year == 2024
    assert found.notes[-1] == "The year has 61 days to go at 31 October 2024: these are the figures so far."


def last_return(**changes):
    return replace(simulate(200, as_at=date(2024, 1, 16), seed=4), **changes)


def test_a_last_return_of_another_authority_or_year_is_one_clear_sentence(simulated):
    other = last_return()
    other = replace(other, cases=other.cases.assign(la_code="936"))
    with pytest.raises(
        InputError, match="last year's return is of authority 936 and this one of 938: give the last"
    ):
        sen2_rehearsal(simulated, as_at=JANUARY, last_year=other)
    with pytest.raises(
        InputError, match="taken on 2025-01-16 and covers 2024: give the return that covers 2023"
    ):
        sen2_rehearsal(simulated, as_at=JANUARY, last_year=simulated)
    undated = last_return(extracted_on=None)
    assert sen2_rehearsal(simulated, as_at=JANUARY, last_year=undated, last_as_at=date(2024, 1, 16)).why
    with pytest.raises(InputError, match="covers 2022: give the return that covers 2023"):
        sen2_rehearsal(simulated, as_at=JANUARY, last_year=undated, last_as_at=date(2023, 1, 16))


def test_a_return_that_says_nothing_of_its_authority_or_day_is_taken_with_a_note(simulated):
    last = last_return(extracted_on=None)
    dates = ["received_date", "request_outcome_date", "assessment_outcome_date"]
    cases = last.cases[(last.cases[dates].max(axis=1) <= "2024-01-16")].drop(columns="la_code")
    found = sen2_rehearsal(simulated, as_at=JANUARY, last_year=replace(last, cases=cases))
    assert "was not checked" in found.notes[0]
    with pytest.raises(InputError, match="holds no request and no decision"):
        sen2_rehearsal(simulated, as_at=JANUARY, last_year=replace(last, cases=cases.iloc[:0]))


def test_the_edition_of_2026_has_the_averages_and_one_before_2025_is_refused(simulated):
    found = sen2_rehearsal(simulated, as_at=JANUARY, edition=2026).figures
    assert found.loc[found["file"] == "timeliness", "figure"].iloc[-1] == "avg_weeks_issue_plan_exc"
    assert len(found) == 16 + 17 + 19
    with pytest.raises(CommandError, match="known for the edition of 2025 and 2026, not of 2024"):
        sen2_rehearsal(simulated, as_at=JANUARY, edition=2024)


def test_a_year_to_come_and_a_day_after_the_extract_are_refused(simulated):
    with pytest.raises(CommandError, match="the year 2026 has not begun"):
        sen2_rehearsal(simulated, as_at=JANUARY, year=2026)
    with pytest.raises(InputError, match="after the day of the extract"):
        sen2_rehearsal(simulated, as_at=date(2025, 2, 1))
