"""DfE's own figures: the percentages from the published counts, and the counts from caseloads made to have them.

Figures: Department for Education, Education, health and care plans, 2025 release, timeliness_20_week.csv (Open Government
Licence v3.0). The sample is typed in; where the whole file lies beside the project, every row of it is checked as well.
"""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehcptime.errors import InputError
from ehcptime.questions.official import dfe_timeliness
from ehcptime.questions.official_comparison import compare_with_official
from ehcptime.questions.official_layout import layout_of
from ehcptime.questions.rounding import percent
from ehcptime.questions.timeliness import timeliness
from ehcptime.tracking.track import track

FILE = Path(__file__).parents[2] / ".." / "shared" / "data" / "dfe_2025_timeliness_20_week.csv"
COLUMNS = [
    "plans_issued_den",
    "plans_issued_den_ex",
    "plans_issued_within_20_weeks",
    "plans_issued_20_weeks_ex",
    "pc_plans_issued_within_20_weeks",
    "PC_plans_issued_20_weeks_ex",
    "plans_issued_gt20weeks_ltYear",
    "plans_issued_gt20weeks_ltYear_ex",
    "pc_plans_issued_gt20weeks_ltYear",
    "PC_plans_issued_gt20weeks_ltYear_ex",
    "plans_issued_gt_1_year",
    "plans_issued_gt_1_year_ex",
    "pc_plans_issued_gt_1_year",
    "PC_plans_issued_gt_1_year_ex",
]
# Year, area, and the columns above. Dorset and the City of London recorded an exception on every plan; Manchester, Luton,
# Surrey and the City have plans of unknown duration; 41 of 80 and 23 of 80 are ties that decimal rounding gets wrong.
SAMPLE = """
2019,England,53327,49519,31313,29895,58.7,60.4,x,x,x,x,x,x,x,x
2019,West Sussex,764,750,596,582,78,77.6,x,x,x,x,x,x,x,x
2020,West Sussex,649,636,363,350,55.9,55,x,x,x,x,x,x,x,x
2021,West Sussex,678,675,241,238,35.5,35.3,x,x,x,x,x,x,x,x
2022,Norfolk,x,x,x,x,x,x,x,x,x,x,x,x,x,x
2022,West Sussex,744,744,123,123,16.5,16.5,x,x,x,x,x,x,x,x
2023,England,80945,76506,39784,38471,49.1,50.3,36404,33565,45,43.9,4118,3947,5.1,5.2
2023,Manchester,1584,1305,808,804,51,61.6,324,152,20.5,11.6,4,2,0.3,0.2
2023,Luton,505,489,158,157,31.3,32.1,217,209,43,42.7,5,3,1,0.6
2023,West Sussex,700,700,25,25,3.6,3.6,607,607,86.7,86.7,68,68,9.7,9.7
2024,England,90392,84866,41448,39407,45.9,46.4,42402,39168,46.9,46.2,6478,6230,7.2,7.3
2024,"Hertfordshire, any other White background",80,74,41,40,51.2,54.1,36,31,45,41.9,3,3,3.8,4.1
2024,City of London,5,0,4,0,80,x,0,0,0,x,0,0,0,x
2024,"Kent, any other White background",80,78,17,17,21.3,21.8,40,38,50,48.7,23,23,28.7,29.5
2024,Surrey,2134,2093,867,864,40.6,41.3,933,895,43.7,42.8,304,304,14.2,14.5
2024,West Sussex,1495,1495,171,171,11.4,11.4,850,850,56.9,56.9,474,474,31.7,31.7
2024,Dorset,585,0,287,0,49.1,x,294,0,50.3,x,4,0,0.7,x
""".strip()
PAIRS = [
    (2, 0, 4),
    (3, 1, 5),
    (6, 0, 8),
    (7, 1, 9),
    (10, 0, 12),
    (11, 1, 13),
]  # numerator, denominator, percentage
MEASURES = {  # position of the denominator, the numerator and the percentage
    f"{name}_{suffix}": (place, 2 + step + place, 4 + step + place)
    for place, suffix in enumerate(("inc", "exc"))
    for step, name in ((0, "plans_issued_20wk"), (4, "plans_20_52wk"), (8, "plans_over_52wk"))
}


def sample():
    return [(year, area, cells) for year, area, *cells in csv.reader(SAMPLE.splitlines())]


def whole_file(*, broken_down):
    """Rows of the whole file: all of them, or those of authorities that are not broken down."""
    if not FILE.exists():
        pytest.skip("the whole file is not beside the project; the sample is checked")
    with FILE.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    return [
        (
            row["time_period"],
            row["la_name"] or row["region_name"] or "England",
            [row[name] for name in COLUMNS],
        )
        for row in rows
        if broken_down or (row["la_name"] and row["breakdown"] == "All EHC plans issued")
    ]


# Percentages from counts


def mismatches(rows):
    """Published percentages that ours differ from, and how many were compared."""
    wrong, compared = [], 0
    for top, bottom, pc in PAIRS:
        given = [
            (year, area, c[top], c[bottom], c[pc]) for year, area, c in rows if "x" not in (c[top], c[bottom])
        ]
        ours = percent([int(row[2]) for row in given], [int(row[3]) for row in given])
        compared += len(given)
        for row, value in zip(given, ours, strict=True):
            if (row[4] == "x") != (value is pd.NA) or (value is not pd.NA and float(row[4]) != value):
                wrong.append((*row, value))
    return wrong, compared


def test_every_percentage_of_the_sample_is_the_published_one():
    assert mismatches(sample()) == ([], 11 * 6 + 5 * 2)


def test_every_percentage_of_the_whole_file_is_the_published_one():
    wrong, compared = mismatches(whole_file(broken_down=True))
    assert wrong == []
    assert compared == 12_133 * 2 + 11_491 * 4


# DfE's rows for West Sussex 2024 in the other two files; in the layout every percentage names the counts that it is of.
OTHER_FILES = {
    "requests": "2448,0,1513,744,189,2,61.8,30.4,7.7,0.1,1512,881,63.2,36.8,225,148,41",
    "assessments": "1822,1797,98.6,25,1.4,0,0,0,0,1,24,4,96,8,74,2,51,0,0",
}


def rows_of(table, *, whole):
    layout = layout_of(table, 2025)
    if not whole:
        return layout, [dict(zip(layout.columns, OTHER_FILES[table].split(","), strict=True))]
    path = FILE.with_name(f"dfe_2025_{table}.csv")
    if not path.exists():
        pytest.skip("the whole file is not beside the project; the sample is checked")
    with path.open(encoding="utf-8-sig", newline="") as text:
        return layout, list(csv.DictReader(text))


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize(
    ("table", "base"), [("requests", "requests_received_in_year"), ("assessments", "assess_in_year")]
)
def test_outcomes_are_percentages_of_all_and_add_up_to_them(table, base, whole):
    layout, rows = rows_of(table, whole=whole)
    columns = {figure.of[0]: name for name, figure in layout.columns.items() if figure.kind == "count"}
    outcomes = [columns[f"{table}_{code}"] for code in "YNAW"]
    shares = [name for name, figure in layout.columns.items() if figure.of[1:] == (table,)]
    assert len(shares) == 4
    for row in rows:
        if "x" in [row[base], *(row[name] for name in outcomes)]:
            continue  # not published in full
        assert sum(int(row[name]) for name in outcomes) == int(row[base])
        for name, outcome in zip(shares, outcomes, strict=True):
            ours = percent(int(row[outcome]), int(row[base]))
            assert row[name] == ("x" if ours is pd.NA else f"{ours:g}")


@pytest.mark.parametrize("whole", [False, True])
def test_the_16_week_base_is_what_was_within_and_over(whole):
    for row in rows_of("assessments", whole=whole)[1]:
        within, over = row["outcome_decision_within_time"], row["outcome_decision_over_time"]
        if "x" not in (within, over):
            for count, name in (
                (within, "outcome_decision_within_time_pc"),
                (over, "outcome_decision_over_time_pc"),
            ):
                ours = percent(int(count), int(within) + int(over))
                assert row[name] == ("x" if ours is pd.NA else f"{ours:g}")


# Counts from caseloads

ON_TIME, MIDDLE, OVER = (0, 1, 77, 139, 140), (141, 200, 363, 364), (365, 366, 800)
FLAGS = (
    "request_mediation",
    "request_tribunal",
    "assessment_mediation",
    "assessment_tribunal",
    "other_mediation",
    "other_tribunal",
)


def numbers(cells):
    """Counts of plans on time, 20 to 52 weeks, over 52 and of unknown duration: first with no exception, then with one.

    Before 2023 there are no bands: late plans stand in the middle one.
    """
    den, den_ex, within, within_ex = map(int, cells[:4])
    bands = [cells[place] for place in (6, 7, 10, 11)]
    middle, middle_ex, over, over_ex = (
        (den - within, den_ex - within_ex, 0, 0) if "x" in bands else map(int, bands)
    )
    without = [within_ex, middle_ex, over_ex]
    every = [within, middle, over]
    without.append(den_ex - sum(without))
    every.append(den - sum(every))
    return without, [whole - part for whole, part in zip(every, without, strict=True)]


def plans(area, year, count, durations, *, code="Y", undated=False, **more):
    """Columns of plans issued on days spread over the year; a duration of None is a request with no day of receipt."""
    place = np.arange(count)
    issued = np.datetime64(f"{year}-01-01", "s") + (place % 365).astype("timedelta64[D]")
    took = np.array([days or 0 for days in durations])[place % len(durations)]
    received = issued - took.astype("timedelta64[D]")
    received[np.array([days is None for days in durations])[place % len(durations)]] = np.datetime64("NaT")
    if undated:
        issued[:] = np.datetime64("NaT")
    table = (
        dict.fromkeys(("week20", *FLAGS), 0)
        | {"closed_reason": "", "la_code": area, "assessment_outcome": code}
        | more
    )
    columns = {name: np.full(count, value, dtype=object) for name, value in table.items()}
    return columns | {"received_date": received, "assessment_outcome_date": issued}


def noise(area, year, number):
    """Cases that are in no count: mediation and tribunal, other years, no plan yet, refusals, earlier returns."""
    beside = [
        plans(area, year, 1 + number % 3, (140, 300), **{flag: 1, "week20": number % 2}) for flag in FLAGS
    ]
    beside += [plans(area, year - 1, 2, (140,)), plans(area, year + 1, 2, (141,))]
    beside += [
        plans(area, year, 2, (100,), undated=True),
        plans(area, year, 2, (100,), code="", undated=True),
    ]
    beside += [plans(area, year, 1, (100,), code=code) for code in ("N", "H")]
    return [*beside, plans(area, year, 1, (100,), closed_reason="duplicate")]


def caseload(year, areas):
    """One frame with the cases of all areas, in no order, tracked in the middle of the next year."""
    made = []
    for number, (area, cells) in enumerate(areas.items()):
        for week20, counts in zip((0, 1), numbers(cells), strict=True):
            bands = zip(counts, (ON_TIME, MIDDLE, OVER, (None, -1)), strict=True)
            made += [plans(area, year, count, durations, week20=week20) for count, durations in bands]
        made += noise(area, year, number)
    cases = pd.DataFrame({name: np.concatenate([columns[name] for columns in made]) for name in made[0]})
    cases["case_id"] = [f"c{number}" for number in range(len(cases))]
    shuffled = cases.sample(frac=1, random_state=year)
    return track(shuffled, as_at=date(year + 1, 6, 30), rules=["request_decision", "plan_final"])


def differences(year, areas):
    """What comes back by area, as text, where it is not what was published."""
    tracked = caseload(int(year), areas)
    wrong = []
    for measure, (den, top, pc) in MEASURES.items():
        table = timeliness(tracked, measure, by="la_code", period="Y")
        found = table[table["period"] == year].set_index("la_code")
        for area, cells in areas.items():
            row = found.loc[area]
            ours = [
                str(row["denominator"]),
                str(row["numerator"]),
                "x" if pd.isna(row["percent"]) else f"{row['percent']:g}",
            ]
            published = [cells[place] for place in (den, top, pc)]
            if published[1] != "x" and ours != published:
                wrong.append((year, area, measure, ours, published))
    return wrong + laid_out(tracked, year, areas)


def laid_out(tracked, year, areas):
    """The same in DfE's own file layout, every cell of every area."""
    table = dfe_timeliness(tracked, by={"area": "la_code"})
    found = table[table["time_period"].eq(year) & table["breakdown_topic"].eq("area")].set_index("breakdown")
    wrong = []
    for area, cells in areas.items():
        if cells[0] == "0":
            assert area not in found.index  # a value that nothing has is not listed
            continue
        ours = found.loc[area, COLUMNS].tolist()
        known = [place for place, cell in enumerate(cells) if cell != "x" or cells[6] != "x" or place < 6]
        wrong += [(year, area, COLUMNS[p], ours[p], cells[p]) for p in known if ours[p] != cells[p]]
    return wrong


def published_by_year(rows):
    years: dict[str, dict[str, list[str]]] = {}
    for year, area, cells in rows:
        if cells[0] != "x":
            years.setdefault(year, {})[area] = cells
    return years


@pytest.mark.parametrize("year", ["2019", "2020", "2021", "2022", "2023", "2024"])
def test_caseloads_with_the_counts_of_the_sample_come_back_exactly(year):
    assert differences(year, published_by_year(sample())[year]) == []


@pytest.mark.parametrize("year", ["2019", "2020", "2021", "2022", "2023", "2024"])
def test_caseloads_with_the_counts_of_every_authority_come_back_exactly(year):
    areas = published_by_year(whole_file(broken_down=False))[year]
    assert len(areas) > 140
    assert differences(year, areas) == []


@pytest.mark.parametrize(("code", "name"), [("938", "West Sussex"), ("838", "Dorset"), ("936", "Surrey")])
def test_a_caseload_beside_the_published_file_shows_no_difference(code, name):
    cells = published_by_year(whole_file(broken_down=False))["2024"][name]
    found = compare_with_official(caseload(2024, {code: cells}), FILE, la_code=name, neighbours=["838"])
    own = found.table[found.table["year"].eq("2024") & found.table["level"].eq("authority")]
    assert own["published"].count() == sum(cell != "x" for cell in cells)
    assert own["difference"].dropna().eq(0).all()
    assert own["difference"].isna().equals(own["published"].isna())
    england = found.table[found.table["year"].eq("2024") & found.table["level"].eq("England")]
    assert england["published"].tolist()[4:6] == [45.9, 46.4]


@pytest.mark.parametrize("other", ["requests", "assessments"])
def test_the_other_files_of_the_release_are_refused_by_name(other):
    if not FILE.exists():
        pytest.skip("the files are not beside the project; their headings are typed into a unit test")
    tracked = caseload(2024, {"938": ["5", "0", "4", "0", "80", "x", "0", "0", "0", "x", "0", "0", "0", "x"]})
    with pytest.raises(InputError, match=f"columns of DfE's {other}.csv"):
        compare_with_official(tracked, FILE.with_name(f"dfe_2025_{other}.csv"), la_code="938")
