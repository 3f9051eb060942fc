"""Two public reports of many small authorities, a month apart, against a reader with a solver, who has also learned how reports add up.

What he has learned is every linear relation, with small whole numbers, that holds in the reports of all of a hundred other made-up
authorities: between the counts of one period, and between those of the last period and all others.
"""

import random
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import ehcptime as ehc
from report_reader import At, counts_in, made, told, two_months

pytestmark = pytest.mark.nightly

DAYS = {
    "month end": (date(2025, 6, 30), date(2025, 7, 31)),
    "mid month": (date(2025, 6, 17), date(2025, 7, 18)),
}
TEACHERS = 100
LAST = 2**31 - 1  # a prime: elimination in whole numbers, exact
OLD = 12  # periods before the last that are learned from


def authority(seed):
    draw = random.Random(seed)
    began_lately = draw.random() < 0.4
    extract = ehc.simulate(draw.choice([40, 80, 150, 300]) * (2 if began_lately else 1), as_at=date(2025, 7, 31),
                           seed=seed, defects=draw.random() < 0.5)  # fmt: skip
    since = "2024-08-01" if began_lately else "2000-01-01"
    ids = extract.cases.loc[~(extract.cases["received_date"] < since), "case_id"]
    parts = ("cases", "advice", "exemptions")
    return replace(
        extract, **{name: getattr(extract, name)[lambda rows: rows["case_id"].isin(ids)] for name in parts}
    )


def provider_of(extract, preset):
    return extract.advice["provider"].mode()[0] if preset == "health" else None


def by_period(report, places):
    """Each period of a report, with the places of its counts by table and column, and the stock handed on."""
    periods = sorted({at.row for at in places if at.report == report and at.table.startswith("trend_")})
    for number, period in enumerate(periods):
        rows = {
            (at.table, at.column): at
            for at in places
            if at.report == report and at.row == period and is_dated(at)
        }
        following = At(report, "flow", periods[number + 1], "opening") if number + 1 < len(periods) else None
        if following in places:
            rows["flow", "handed on"] = following
        yield rows


def is_dated(at):
    return at.table == "flow" or at.table.startswith("trend_")


def last_and_all(report, places):
    """The counts of the last period beside those that have none."""
    *_, rows = by_period(report, places)
    others = {(at.table, at.row, at.column): at for at in places if at.report == report and not is_dated(at)}
    return {**rows, **others}


def relations(samples):
    """Relations between named counts that hold in every sample, by elimination in whole numbers; a count that is missing is 0."""
    names = sorted({name for sample in samples for name in sample}, key=str)
    left = np.array([[sample.get(name, 0) for name in names] for sample in samples], dtype=np.int64) % LAST
    names = [name for name, some in zip(names, left.any(axis=0), strict=True) if some]
    left = left[:, left.any(axis=0)]
    pivots = []
    for column in range(left.shape[1]):
        at = len(pivots) + np.flatnonzero(left[len(pivots) :, column])
        if len(at):
            row = len(pivots)
            left[[row, at[0]]] = left[[at[0], row]]
            left[row] = left[row] * pow(int(left[row, column]), LAST - 2, LAST) % LAST
            for other in np.flatnonzero(left[:, column]):
                if other != row:
                    left[other] = (left[other] - left[other, column] * left[row]) % LAST
            pivots.append(column)
    for free in sorted(set(range(len(names))) - set(pivots)):
        weights = {names[free]: 1} | {names[p]: signed(-left[row, free]) for row, p in enumerate(pivots)}
        terms = {name: weight for name, weight in weights.items() if weight}
        if all(abs(weight) <= 2 for weight in terms.values()):
            yield terms


def signed(number):
    number = int(number) % LAST
    return number - LAST if number > LAST // 2 else number


def learn(reports):
    """What reports teach: the relations of one period, and those of the last beside all else."""
    periods, wholes = [], []
    for tables in reports:
        places = counts_in(tables)
        value = {at: int(tables[name][column].iloc[row]) for at, (name, row, column) in places.items()}
        periods += [
            {name: value[at] for name, at in rows.items()} for rows in [*by_period(1, places)][-OLD:-1]
        ]
        wholes.append({name: value[at] for name, at in last_and_all(1, places).items()})
    return [*relations(periods)], [*relations(wholes)]


def applied(learned):
    """The relations learned, as sums of the counts of both reports."""
    of_period, of_whole = learned

    def sums(places):
        for report in (0, 1):
            whole = last_and_all(report, places)
            for relation, rows in [
                *((one, rows) for rows in by_period(report, places) for one in of_period),
                *((one, whole) for one in of_whole),
            ]:
                if relation.keys() <= rows.keys():
                    yield {rows[name]: weight for name, weight in relation.items()}

    return sums


@pytest.mark.parametrize("preset", ["foi", "monthly", "board"])
def test_nothing_can_be_told_by_what_a_hundred_reports_teach(preset):
    ends = DAYS["month end"]
    learned = learn(made(authority(seed), ends[seed % 2], preset) for seed in range(1000, 1000 + TEACHERS))
    assert len(learned[0]) > 5
    assert len(learned[1]) > 15
    for seed in range(8):
        found, hidden = told(*two_months(authority(seed), ends, preset), applied(learned))
        assert hidden
        assert found == [], seed


@pytest.mark.parametrize("days", DAYS)
@pytest.mark.parametrize("preset", ["foi", "monthly", "board", "public", "health"])
def test_two_reports_of_many_authorities(preset, days):
    for seed in range(25):
        extract = authority(seed)
        found, hidden = told(*two_months(extract, DAYS[days], preset, provider_of(extract, preset)))
        assert hidden
        assert found == [], seed
