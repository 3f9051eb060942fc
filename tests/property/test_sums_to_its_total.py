"""Whatever the caseload: a waterfall, a change and its flows add up to their totals, and each count opens into its cases."""

from datetime import timedelta
from fractions import Fraction

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ehcptime.questions.change import explain_change
from ehcptime.questions.decomposition import COMPONENTS
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.periods import LETTERS
from ehcptime.questions.timeliness import timeliness
from ehcptime.questions.waterfall import waterfall
from ehcptime.tracking.track import track
from oracle.draws import AS_AT, CASE_DATES
from oracle.strategies import case_rows

CASE_MEASURES = sorted(name for name in MEASURES if name != "advice_6wk")
# The rest have so many in the denominator and the numerator that a change can be divided in most draws.
DIVIDED = ["plans_issued_20wk_inc", "plans_due_20wk", "request_decisions_6wk", "open_over_20wk"]
thorough = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def frame(rows):
    made = pd.DataFrame(rows)
    for column in CASE_DATES:
        made[column] = pd.to_datetime(made[column]).astype("datetime64[s]")
    return made.assign(case_id=[f"c{number}" for number in range(len(rows))])


@st.composite
def caseloads(draw, most=10):
    as_at = draw(AS_AT)
    return frame(draw(st.lists(case_rows(as_at), min_size=1, max_size=most))), as_at


@thorough
@given(caseloads(), st.sampled_from(CASE_MEASURES), st.sampled_from([None, *LETTERS]))
def test_every_step_of_a_waterfall_leaves_what_the_one_before_did_less_its_own(caseload, measure, letter):
    tracked = track(caseload[0], as_at=caseload[1])
    letter = None if MEASURES[measure].cohort == "open" else letter
    found = waterfall(tracked, measure, period=letter)
    tables = timeliness(tracked, measure, period=letter).set_index("period")
    starts = 0
    for period, steps in found.table.groupby("period", sort=False):
        remaining = steps["remaining"].tolist()
        assert remaining[1:] == [
            now - out for now, out in zip(remaining[:-1], steps["removed"][1:], strict=True)
        ]
        counted = tables.loc[period]
        assert (remaining[-1], steps.set_index("step").loc["denominator", "remaining"]) == (
            counted["numerator"],
            counted["denominator"],
        )
        for step, removed, left in steps[["step", "removed", "remaining"]].itertuples(index=False):
            assert len(found.cases(step, period)) == (removed if step.startswith("less ") else left)
        starts += remaining[0]
    assert starts == len(tracked)
    removed = [step for step in found.table["step"].unique() if step.startswith("less ")]
    last = found.table["step"].iloc[-1]
    ids = pd.concat([found.cases(step) for step in [*removed, last]])["case_id"]
    assert sorted(ids) == sorted(tracked["case_id"])


def edited(rows, other):
    """Some of the first rows as they are, some with the facts of another, some gone, and some new."""
    keep, change = len(rows) // 3, 2 * len(rows) // 3
    facts = other.iloc[:change].drop(columns="case_id").reset_index(drop=True)
    changed = facts.iloc[keep:].assign(
        case_id=rows["case_id"].iloc[keep : keep + len(facts.iloc[keep:])].to_numpy()
    )
    new = other.assign(case_id="n" + other["case_id"])
    return pd.concat([rows.iloc[:keep], changed.dropna(subset="case_id"), new.iloc[:3]], ignore_index=True)


@thorough
@given(caseloads(), caseloads(), st.sampled_from(DIVIDED), st.sampled_from([0, 1, 40, 400]), st.booleans())
def test_the_shares_of_a_change_sum_to_it_and_its_flows_hold_every_case_once(
    first, second, measure, days, overlap
):
    rows, as_at = first
    later = edited(rows, second[0]) if overlap else second[0].assign(case_id="n" + second[0]["case_id"])
    before, after = track(rows, as_at=as_at), track(later, as_at=as_at + timedelta(days=days))
    found = explain_change(before, after, measure)
    then, now = (timeliness(table, measure).iloc[0] for table in (before, after))
    if not (then["denominator"] and now["denominator"]):
        assert found.decomposition is None
        return
    change = Fraction(int(now["numerator"]), int(now["denominator"])) - Fraction(
        int(then["numerator"]), int(then["denominator"])
    )
    shares = found.decomposition.components
    assert [part.name for part in shares] == list(COMPONENTS)
    assert sum(part.points for part in shares) == found.points == change * 100
    flows = found.decomposition.flows
    assert flows["cases"].sum() == len(set(before["case_id"]) | set(after["case_id"]))
    for column, table, ids in (("before", then, before), ("after", now, after)):
        role = flows.groupby(column)["cases"].sum()
        assert role.drop("not in the frame", errors="ignore").sum() == len(ids)
        assert role.get("on_time", 0) == table["numerator"]
        assert role.drop(["outside", "not in the frame"], errors="ignore").sum() == table["denominator"]
    for part in shares:
        listed = found.cases(part.name)
        assert listed["case_id"].is_unique
        if part.name in ("restated", "rule"):
            assert len(listed) == part.cases
        elif part.name in ("old", "unknown"):
            ends = [(listed[end] == part.name).sum() for end in ("before", "after")]
            assert ends[1] - ends[0] == part.cases
    moved = {name: found.cases(name) for name in ("on_time", "newly_late")}
    by = {part.name: part.cases for part in shares}
    for name, listed in moved.items():
        ends = [(listed[end] == name).sum() for end in ("before", "after")]
        assert ends[1] - ends[0] == by[name] + (by["speed"] if name == "on_time" else -by["speed"])


@thorough
@given(caseloads(), st.sampled_from(DIVIDED), st.sampled_from([1, 7, 60, 400]))
def test_one_extract_on_two_days_is_never_restated(caseload, measure, days):
    rows, as_at = caseload
    found = explain_change(track(rows, as_at=as_at), track(rows, as_at=as_at + timedelta(days=days)), measure)
    if found.decomposition is not None:
        assert found.cases("restated").empty
        assert found.cases("rule").empty
