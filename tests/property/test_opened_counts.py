"""Every count opens into as many case ids, and every partition sums to its whole, for any caseload."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError
from ehcptime.questions.asked_again import asked_again
from ehcptime.questions.decision_rates import decision_rates
from ehcptime.questions.decisions import ASSESSMENTS, REQUESTS
from ehcptime.questions.exemption_audit import exemption_audit
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.opened import case_ids, decision_case_ids, exemption_case_ids
from ehcptime.questions.parts import parts
from ehcptime.questions.periods import LETTERS
from ehcptime.questions.timeliness import timeliness
from ehcptime.questions.tracked import tracked_cases
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track
from oracle.draws import ADVICE_DATES, AS_AT, CASE_DATES
from oracle.ends import case_end
from oracle.reading import read
from oracle.refusals import refusal_to_assess
from oracle.strategies import advice_rows, case_rows

COUNTS = ("numerator", "denominator", "unknown", "not_due", "left_out")
CASE_MEASURES = sorted(name for name in MEASURES if name != "advice_6wk")
REVERSED = ("reversed_to_assess", "reversed_to_issue")
BY = ((), ("team",), ("team", "stage"))
some = settings(max_examples=25)


def dated(rows, columns):
    table = pd.DataFrame(rows)
    for column in columns:
        table[column] = pd.to_datetime(table[column]).astype("datetime64[s]")
    return table


@st.composite
def caseloads(draw):
    """Give rows, tracked, and the day; `person_id` and `team` are drawn from few."""
    as_at = draw(AS_AT)
    rows = draw(st.lists(case_rows(as_at), min_size=1, max_size=12))
    few = st.lists(st.sampled_from(["p", "q", None]), min_size=len(rows), max_size=len(rows))
    table = dated(rows, CASE_DATES).assign(
        case_id=[f"c{number}" for number in range(len(rows))], team=draw(few), person_id=draw(few)
    )
    return rows, track(table, as_at=as_at), as_at


def period_of(letter, measure):
    return None if MEASURES[measure].cohort == "open" else letter


@some
@given(
    caseloads(),
    st.sampled_from(CASE_MEASURES),
    st.sampled_from([None, *LETTERS]),
    st.sampled_from(BY),
    st.data(),
)
def test_any_cell_of_timeliness_opens_into_its_count(drawn, measure, letter, by, data):
    _, tracked, _ = drawn
    letter = period_of(letter, measure)
    cells = timeliness(tracked, measure, by=by, period=letter).to_dict("records")
    for cell in data.draw(st.lists(st.sampled_from(cells), min_size=1, max_size=3, unique_by=str)):
        cut = {"period": letter, "label": cell["period"], "where": {name: cell[name] for name in by}}
        for count in COUNTS:
            ids = case_ids(tracked, measure, part=count, **cut)
            assert len(ids) == cell[count]
            assert list(tracked["case_id"][tracked["case_id"].isin(ids)]) == ids


@pytest.mark.parametrize("measure", ["plans_issued_20wk_exc", "plans_due_20wk", "open_over_20wk"])
def test_every_cell_of_a_simulated_authority_opens_into_its_count(measure):
    day = date(2025, 3, 31)
    tracked = track(simulate(300, as_at=day, seed=4).cases, as_at=day)
    letter = period_of("Y", measure)
    for cell in timeliness(tracked, measure, by="stage", period=letter).to_dict("records"):
        cut = {"period": letter, "label": cell["period"], "where": {"stage": cell["stage"]}}
        for count in COUNTS:
            assert len(case_ids(tracked, measure, part=count, **cut)) == cell[count]


@some
@given(caseloads(), st.sampled_from(CASE_MEASURES))
def test_reasons_open_into_the_rows_that_have_them(drawn, measure):
    _, tracked, _ = drawn
    decided = parts(tracked, measure)
    for reason in decided["reason"].unique():
        expected = tracked["case_id"][decided["reason"].eq(reason)].tolist()
        assert case_ids(tracked, measure, reason=reason) == expected
    for part in ("on_time", "late"):
        assert case_ids(tracked, measure, part=part) == tracked["case_id"][decided["part"].eq(part)].tolist()


@some
@given(st.data())
def test_askings_open_one_id_each(data):
    as_at = data.draw(AS_AT)
    rows = [ask for ask, _ in data.draw(st.lists(advice_rows(as_at), min_size=1, max_size=8))]
    tracked = track_advice(dated(rows, ADVICE_DATES), as_at=as_at)
    cells = timeliness(tracked, "advice_6wk", by="advice_type", period="Q").to_dict("records")
    for cell in data.draw(st.lists(st.sampled_from(cells), min_size=1, max_size=3, unique_by=str)):
        where = {name: cell[name] for name in ("advice_type", "rule")}
        for count in COUNTS:
            ids = case_ids(tracked, "advice_6wk", part=count, period="Q", label=cell["period"], where=where)
            assert len(ids) == cell[count]


@some
@given(caseloads(), st.sampled_from([None, *LETTERS]), st.data())
def test_decisions_open_and_sum(drawn, letter, data):
    rows, tracked, _ = drawn
    found = decision_rates(tracked, by="team", period=letter)
    for _, cell in found.groupby(["team", "period"]):
        count, whole = (cell.set_index("line")[name] for name in ("count", "of"))
        assert count["requests"] + count["left_out"] == whole["requests"]
        assert count[list(REQUESTS)].sum() == count["requests"] == whole["refused_to_assess"]
        assert count[list(ASSESSMENTS)].sum() == count["assessments"] == whole["refused_to_issue"]
        for line in REVERSED:
            assert count[count.index.str.startswith(f"{line}_by_")].sum() == count[line]
        assert (count <= whole).all()
    for cell in data.draw(st.lists(st.sampled_from(found.to_dict("records")), max_size=4, unique_by=str)):
        cut = {"period": letter, "label": cell["period"], "where": {"team": cell["team"]}}
        assert len(decision_case_ids(tracked, cell["line"], **cut)) == cell["count"]
        assert len(decision_case_ids(tracked, cell["line"], whole=True, **cut)) == cell["of"]
    assert found.loc[found["line"].eq("requests"), "of"].sum() == len(rows)


@some
@given(caseloads(), st.data())
def test_the_exemption_audit_opens_and_sums(drawn, data):
    rows, tracked, as_at = drawn
    claimed = data.draw(st.lists(st.sampled_from(tracked["case_id"].tolist()), max_size=4, unique=True))
    codes = data.draw(
        st.lists(
            st.sampled_from(["EXC_PERSONAL", "EP_SHORTAGE", None]),
            min_size=len(claimed),
            max_size=len(claimed),
        )
    )
    claims = pd.DataFrame({"case_id": claimed, "rule": "plan_final", "code": codes})
    again = track(
        dated(rows, CASE_DATES).assign(case_id=tracked["case_id"], team=tracked["team"]),
        as_at=as_at,
        exemptions=claims,
    )
    found = exemption_audit(again, exemptions=claims, by="team")
    for team, cell in found.groupby("team"):
        count, whole = (cell.set_index("line")[name] for name in ("count", "of"))
        for split in (
            ["exceptions_on_time", "exceptions_late", "exceptions_unknown"],
            ["supported", "not_supported", "cannot_be_told"],
        ):
            assert count[split].sum() == count["exceptions"]
        accepted = whole["exceptions"] - whole["headline_supported_only"]
        assert accepted == count["supported"]
        for line in data.draw(st.lists(st.sampled_from(count.index.tolist()), max_size=3, unique=True)):
            cut = {"exemptions": claims, "where": {"team": team}}
            assert len(exemption_case_ids(again, line, **cut)) == count[line]
            assert len(exemption_case_ids(again, line, whole=True, **cut)) == whole[line]


def _add_months(day, months):
    """The corresponding date, or the last day of a shorter month."""
    first = pd.Timestamp(
        year=day.year + (day.month - 1 + months) // 12, month=(day.month - 1 + months) % 12 + 1, day=1
    )
    return (first + pd.Timedelta(days=min(day.day, first.days_in_month) - 1)).date()


def _asked_again(rows, people, as_at, months):
    """From the definition, case by case: refusals that were followed, and those that could be."""
    readings = [read(row, as_at) for row in rows]
    inside = [
        reading.closed_reason != "duplicate" and not reading.not_received and not reading.under_h
        for reading in readings
    ]
    followed, whole = [], []
    for place, (reading, person) in enumerate(zip(readings, people, strict=True)):
        refusal = refusal_to_assess(reading)
        if not (inside[place] and refusal.stands and refusal.day and person):
            continue
        if reading.start and refusal.day < reading.start:
            continue
        last = _add_months(refusal.day, months)
        if last > as_at:
            continue
        whole.append(place)
        starts = [
            other.start
            for number, other in enumerate(readings)
            if people[number] == person and inside[number] and other.start
        ]
        if any(refusal.day < start <= last for start in starts):
            followed.append(place)
    return followed, whole


@some
@given(caseloads(), st.sampled_from([6, 12]))
def test_asking_again_agrees_with_a_slow_search(drawn, months):
    rows, tracked, as_at = drawn
    inside = ~parts(tracked, "decision_by_16wk")["reason"].isin(
        [
            "a duplicate record",
            "not received by then",
            "decided in an earlier return or by another authority (H)",
        ]
    )
    line = asked_again(tracked_cases(tracked), months, inside.to_numpy())
    people = [person if isinstance(person, str) else None for person in tracked["person_id"]]
    followed, whole = _asked_again(rows, people, as_at, months)
    assert np.flatnonzero(line.counted).tolist() == followed
    assert np.flatnonzero(line.whole).tolist() == whole


@some
@given(caseloads())
def test_undecided_requests_are_open_and_refusals_that_stand_are_not(drawn):
    rows, tracked, as_at = drawn
    undecided = set(decision_case_ids(tracked, "undecided"))
    assert undecided <= set(tracked["case_id"][tracked["is_open"]])
    ended = set(decision_case_ids(tracked, "ended_otherwise"))
    for row, case in zip(rows, tracked["case_id"], strict=True):
        facts = read(row, as_at)
        coded = "W" in (facts.request, facts.assessment)
        assert case not in ended or coded or case_end(facts).kind in ("closed", "lost")


def test_what_is_not_in_the_answer_is_named():
    table = dated([{"received_date": "2025-01-06", "team": "a"}], ["received_date"]).assign(case_id="c")
    tracked = track(table, as_at=date(2025, 3, 31))
    for options, says in (
        ({"part": "in_time"}, "there is no part 'in_time' in the answer"),
        ({"reason": "because"}, "there is no reason 'because' in the answer"),
        ({"label": "2025"}, "there is no period '2025' in the answer: use one of all"),
        ({"period": "Y"}, "name one of its periods in label"),
        (
            {"period": "Y", "label": "2024"},
            "there is no period '2024' in the answer: use one of 2025, unknown",
        ),
        ({"where": {"team": "b"}}, "no row has the value of column 'team'"),
        ({"where": {"area": "b"}}, "there is no column 'area' to group by"),
    ):
        with pytest.raises(CommandError, match=says):
            case_ids(tracked, "plans_due_20wk", **options)
