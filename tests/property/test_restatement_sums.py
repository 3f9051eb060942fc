"""Whatever was edited between two runs, the cases listed sum exactly to the change of every period, for every measure of cases."""

from datetime import timedelta

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ehcptime.outputs.causes import SINCE
from ehcptime.outputs.restatement import restatement
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.periods import LETTERS
from ehcptime.questions.timeliness import timeliness
from ehcptime.tracking.track import track
from oracle.draws import AS_AT, CASE_DATES
from oracle.strategies import case_rows

RESTATED = sorted(name for name in MEASURES if name != "advice_6wk" and MEASURES[name].cohort != "open")
COUNTS = ["numerator", "denominator"]


def frame(rows):
    made = pd.DataFrame(rows)
    for column in CASE_DATES:
        made[column] = pd.to_datetime(made[column]).astype("datetime64[s]")
    return made


def figures(tracked, measure, letter):
    table = timeliness(tracked, measure, period=letter)
    return table[table["denominator"] > 0].set_index("period")[COUNTS]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.data(), st.sampled_from(RESTATED), st.sampled_from(LETTERS), st.sampled_from([0, 1, 90, 400]))
def test_the_cases_sum_to_the_change_of_each_period(data, measure, letter, days):
    as_at = data.draw(AS_AT)
    rows = st.lists(case_rows(as_at), min_size=1, max_size=8)
    before, after = data.draw(rows), data.draw(rows)
    kept = data.draw(st.integers(0, min(len(before), len(after))))
    after[:kept] = before[:kept]
    ids = [f"c{number}" for number in range(9)]
    later = ids[: len(after)] if data.draw(st.booleans()) else ids[1 : len(after) + 1]
    one = track(frame(before).assign(case_id=ids[: len(before)]), as_at=as_at)
    other = track(frame(after).assign(case_id=later), as_at=as_at + timedelta(days=days))
    found = restatement(one, other, measure, period=letter)
    was, now = (figures(tracked, measure, letter) for tracked in (one, other))
    periods = sorted({*was.index, *now.index})
    assert sorted(found.table["period"]) == periods
    change = now.reindex(periods, fill_value=0) - was.reindex(periods, fill_value=0)
    listed = found.changes.groupby("period")[COUNTS].sum().reindex(periods, fill_value=0)
    assert listed.to_numpy().tolist() == change.to_numpy().tolist()
    table = found.table.set_index("period").loc[periods]
    for side, counts in (("before", was), ("after", now)):
        columns = [f"{name}_{side}" for name in COUNTS]
        assert table[columns].to_numpy().tolist() == counts.reindex(periods, fill_value=0).to_numpy().tolist()
    assert not found.changes.duplicated(["period", "case_id"]).any()
    assert found.changes.groupby("case_id")["cause"].nunique().le(1).all()
    assert days or not found.changes["cause"].eq(SINCE).any()
