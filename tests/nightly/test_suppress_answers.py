"""A reader who has seen how the answers of many authorities add up tries to work out the hidden counts of one.

He learns the sums from the numbers alone: every linear relation that holds between the counts of an area, in all areas of dozens of made-up
authorities, whichever questions the counts come from. Then he puts them to the published tables of one authority, with its totals.
"""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

import ehcptime as ehc

pytestmark = pytest.mark.nightly

AS_AT = date(2025, 7, 31)
AUTHORITIES, CASES = 60, 500
MEASURES = (
    "plans_issued_20wk_inc",
    "plans_issued_20wk_exc",
    "plans_20_52wk_inc",
    "plans_over_52wk_inc",
    "plans_due_20wk",
    "plans_received_20wk",
    "open_over_20wk",
    "open_over_52wk",
    "request_decisions_6wk",
)
TEXT = (
    "period",
    "line",
    "out_of",
    "measure",
    "cohort",
    "rule_book",
    "note",
    "why_left_out",
    "as_at",
    "complete",
)
SMALL = 1e-6


def answers(tracked, by):
    found = {name: ehc.timeliness(tracked, name, by=by) for name in MEASURES}
    found["backlog"] = ehc.backlog_summary(tracked, by=by)
    found["decisions"] = ehc.decision_rates(tracked, by=by)
    found["time"] = ehc.time_to_final(tracked, by=by)
    found["means"] = ehc.mean_weeks(tracked, by=by)
    return found


def tracked(seed, cases=CASES):
    made = ehc.simulate(cases, as_at=AS_AT, seed=seed, preset="west_sussex_2024")
    return ehc.track(made.cases, as_at=AS_AT)


def is_count(frame, column):
    return (
        column not in TEXT and pd.api.types.is_integer_dtype(frame[column]) and not column.endswith("_days")
    )


def places(tables):
    """Where the counts of each area are: (table, column, line) to row, by area; the whole is the area ''."""
    found = {}
    for name, frame in tables.items():
        for row in range(len(frame)):
            area = str(frame["area"].iloc[row]) if "area" in frame else ""
            line = frame["line"].iloc[row] if "line" in frame else ""
            for column in frame.columns:
                if column != "area" and is_count(frame, column) and pd.notna(frame[column].iloc[row]):
                    found.setdefault(area, {})[name.removesuffix(" whole"), column, line] = (name, row)
    return found


def relations(vectors):
    """Linear relations between the columns, as rows, by elimination; all are of small whole numbers."""
    _, strengths, directions = np.linalg.svd(vectors)
    left = directions[(strengths > SMALL * strengths[0]).sum() :].copy()
    done = 0
    for column in range(left.shape[1] - 1, -1, -1):
        if done == len(left):
            break
        best = done + np.argmax(np.abs(left[done:, column]))
        if abs(left[best, column]) > SMALL:
            left[[done, best]] = left[[best, done]]
            left[done] /= left[done, column]
            others = np.arange(len(left)) != done
            left[others] -= np.outer(left[others, column], left[done])
            done += 1
    assert np.abs(left - np.rint(left)).max() < 0.01
    return np.rint(left)


def learned():
    seen = []
    for seed in range(AUTHORITIES):
        tables = answers(tracked(seed), "area")
        for counts in places(tables).values():
            values = {name: tables[at[0]][name[1]].iloc[at[1]] for name, at in counts.items()}
            seen.append(values)
    names = sorted(set.intersection(*(set(counts) for counts in seen)))
    vectors = np.array([[counts[name] for name in names] for counts in seen], dtype=float)
    varied = vectors.any(axis=0)
    return [name for name, kept in zip(names, varied, strict=True) if kept], relations(vectors[:, varied])


@pytest.fixture(scope="module")
def knowledge():
    return learned()


@pytest.mark.parametrize(("seed", "cases"), [(901, 60), (902, 120), (903, 250), (904, 600), (905, 1500)])
def test_nothing_can_be_told_by_the_sums_of_many_authorities(knowledge, seed, cases):
    names, sums = knowledge
    one = tracked(seed, cases)
    tables = answers(one, "area") | {f"{name} whole": table for name, table in answers(one, None).items()}
    published = ehc.suppress(tables)
    groups = places(tables)
    areas = [area for area in groups if area]
    order = {(area, name): place for place, (area, name) in enumerate((a, n) for a in groups for n in names)}
    rows, low, high = [], np.zeros(len(order)), np.full(len(order), 1e5)
    for area in groups:
        for relation in sums:
            there = np.flatnonzero(relation)
            rows.append({order[area, names[column]]: relation[column] for column in there})
    rows += [{order["", name]: -1} | {order[area, name]: 1 for area in areas} for name in names]
    true = {at: tables[groups[at[0]][at[1]][0]][at[1][1]].iloc[groups[at[0]][at[1]][1]] for at in order}
    assert all(sum(weight * [*true.values()][place] for place, weight in row.items()) == 0 for row in rows)
    hidden = []
    for (area, name), place in order.items():
        table, row = groups[area][name]
        value = published[table][name[1]].iloc[row]
        if value == "[c]":
            hidden.append((area, name, place))
            low[place] = 1
        else:
            low[place] = high[place] = value
    assert len(hidden) > 5
    matrix = csr_array(
        ([*(w for row in rows for w in row.values())],
         ([number for number, row in enumerate(rows) for _ in row], [p for row in rows for p in row])),
        shape=(len(rows), len(order)),
    )  # fmt: skip
    told = []
    for area, name, place in hidden:
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(order))
            goal[place] = sign
            answer = milp(
                goal,
                constraints=LinearConstraint(matrix, 0, 0),
                integrality=np.ones(len(order)),
                bounds=Bounds(low, high),
            )
            assert answer.status == 0, answer.message
            ends.append(round(answer.fun) * sign)
        if ends[0] == ends[1]:
            told.append((area, name, ends[0]))
    assert told == []
