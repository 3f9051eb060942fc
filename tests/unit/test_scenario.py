"""What happens next: Surrey's sum, hand-worked weeks, levers that change one thing, and defined answers at the edges."""

import re
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError, InputError
from ehcptime.questions.demand import queue_figures
from ehcptime.questions.forecasting.queues import serve
from ehcptime.questions.scenario import scenario
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track
from questions_frames import advice as askings
from questions_frames import cases

AS_AT = date(2025, 3, 31)
AT_ONCE = {"decide_weeks": 0, "advice_weeks": 0, "issue_weeks": 0, "final_weeks": 1}


@cache
def simulated():
    return track(simulate(1_500, as_at=AS_AT, seed=3).cases, as_at=AS_AT)


def waiting(number, weeks_old=10):
    """Cases in assessment, all of one age."""
    received = (AS_AT - timedelta(weeks=weeks_old)).isoformat()
    decided = (AS_AT - timedelta(weeks=weeks_old) + timedelta(days=1)).isoformat()
    row = {"received_date": received, "request_outcome": "Y", "request_outcome_date": decided}
    return cases([row] * number, AS_AT.isoformat())


def given(tracked, **levers):
    """A scenario in which nothing is taken from the record and nothing is left to chance."""
    even = {
        "runs": 0,
        "arrivals": 0,
        "refused": 0,
        "no_plan": 0,
        "step_weeks": AT_ONCE,
        "month_weights": [1] * 12,
    }
    return scenario(tracked, **(even | {"capacity": {"psychology": 0, "drafting": 1e6}} | levers))


def at_ends(found, measure):
    return [round(value, 6) for value in found.figure(measure)["middle"]]


class TestSurrey:
    """43 weeks brought 1,886 requests for advice, about 44 a week; 27 in-house and 11 locum reports a week; 729 waiting."""

    def test_the_queue_grows_by_six_a_week(self):
        found = given(
            waiting(729),
            weeks=56,
            arrivals=44,
            capacity={"psychology": {"in_house": 27, "locum": 11}, "drafting": 1_000},
        )
        assert found.figure("waiting_for_advice")["middle"].iloc[-1] == 729 + 56 * 6

    def test_57_a_week_clear_it_in_56_weeks_and_56_do_not(self):
        for capacity, left in ((57, 1), (57 + 1 / 56, 0), (56, 57)):
            found = given(
                waiting(729), weeks=56, arrivals=44, capacity={"psychology": capacity, "drafting": 1_000}
            )
            assert found.figure("waiting_for_advice")["middle"].iloc[-1] == pytest.approx(left)

    def test_the_sum_by_hand(self):
        figures = queue_figures(44, 38, 729, weeks=56)
        assert figures.growth == 6
        assert figures.relief_capacity == pytest.approx(44 + 729 / 56)
        assert "grows by 6 a week" in str(figures)
        assert "about 57 a week" in str(figures)


def test_little_s_law_and_the_rest_of_the_nhs_words():
    figures = queue_figures(29.1, 32, 1_312, target_wait_weeks=20, weeks=52)
    assert figures.mean_wait_weeks == pytest.approx(45.09, abs=0.01)
    assert figures.target_queue == pytest.approx(582)
    assert figures.load == pytest.approx(0.909, abs=0.001)
    assert figures.relief_capacity == pytest.approx(29.1 + 730 / 52)
    assert figures.weeks_to_clear == pytest.approx(730 / 2.9)
    assert queue_figures(10, 0, 5).load is None
    assert queue_figures(0, 5, 5).mean_wait_weeks is None
    assert queue_figures(10, 10, 5).weeks_to_clear is None
    assert "never gets there" in str(queue_figures(10, 10, 5))


def test_two_weeks_by_hand():
    """10 wait at 19 weeks old; 4 are advised and drafted in week 1 and issued in week 2, 21 weeks after their requests."""
    found = given(waiting(10, 19), weeks=2, capacity={"psychology": 4, "drafting": 9})
    assert at_ends(found, "issued") == [4.0]
    assert at_ends(found, "plans_issued_20wk_percent") == [0.0]
    assert at_ends(found, "open_over_20wk") == [6.0]
    assert at_ends(found, "due") == [10.0]


def test_a_plan_at_the_end_of_week_20_is_in_time_and_a_week_later_it_is_not():
    for age, percent in ((18, 100.0), (19, 0.0)):
        found = given(waiting(3, age), weeks=3, capacity={"psychology": 3, "drafting": 3})
        assert at_ends(found, "plans_issued_20wk_percent") == [percent]
        assert at_ends(found, "plans_due_20wk_percent") == [percent]


def test_a_plan_issued_before_it_is_due_counts_when_it_falls_due():
    row = {
        "received_date": "2025-01-06",
        "request_outcome": "Y",
        "request_outcome_date": "2025-01-20",
        "assessment_outcome": "Y",
        "assessment_outcome_date": "2025-03-24",
    }
    found = given(cases([row], "2025-03-31"), weeks=12)
    assert sum(at_ends(found, "due")) == 1
    assert found.figure("plans_due_20wk_percent")["middle"].dropna().tolist() == [100.0]


def test_every_case_is_somewhere():
    tracked = simulated()
    found = scenario(tracked, weeks=52, runs=0, capacity={"psychology": 9, "drafting": 8})
    flows = found.months.pivot_table(index="period", columns="measure", values="middle", sort=False)
    moved = flows["arrivals"] - flows["refused"] - flows["no_plan"] - flows["issued"]
    expected = int(tracked["is_open"].sum()) + moved.cumsum()
    assert np.allclose(flows["open"], expected)


class TestQueueRules:
    due = np.array([-99, -2, -1, 3, 4, 9])

    def taken(self, rule, capacity, share=0.5):
        queue = np.array([[1.0], [2], [2], [2], [2], [2]])
        return serve(queue, np.array([float(capacity)]), self.due, 3, rule, share).ravel().tolist()

    def test_oldest_first_takes_the_undated_and_then_by_age(self):
        assert self.taken("oldest_first", 4) == [1, 2, 1, 0, 0, 0]

    def test_newest_first(self):
        assert self.taken("newest_first", 5) == [0, 0, 0, 1, 2, 2]

    def test_due_first_takes_those_that_can_still_be_in_time_soonest_first(self):
        assert self.taken("due_first", 7) == [1, 0, 0, 2, 2, 2]

    def test_twin_track_splits_and_passes_on_what_is_left(self):
        assert self.taken("twin_track", 4) == [1, 1, 0, 2, 0, 0]
        assert self.taken("twin_track", 20) == [1, 2, 2, 2, 2, 2]
        assert self.taken("twin_track", 10, share=0.1) == [1, 2, 2, 2, 2, 1]


class TestWhatTheSentenceSays:
    """An authority that serves what can still be in time and has left 600 old cases standing."""

    @staticmethod
    @cache
    def authority():
        old = [(AS_AT - timedelta(weeks=30 + n % 20)).isoformat() for n in range(600)]
        rows = [
            {"received_date": day, "request_outcome": "Y", "request_outcome_date": "2025-03-01"}
            for day in old
        ]
        for week in range(1, 53):
            received = AS_AT - timedelta(weeks=week)
            row = {"received_date": received.isoformat()}
            if week > 5:
                row |= {
                    "request_outcome": "Y",
                    "request_outcome_date": (received + timedelta(35)).isoformat(),
                }
            if week > 15:
                row |= {"draft_sent_date": (received + timedelta(weeks=15)).isoformat()}
            if week > 19:
                issued = received + timedelta(weeks=19)
                row |= {"assessment_outcome": "Y", "assessment_outcome_date": issued.isoformat()}
            rows += [row] * 30
            if week > 25:  # a third of what goes out is late
                late = {"assessment_outcome_date": (received + timedelta(weeks=25)).isoformat()}
                rows += [row | late] * 10
        return cases(rows, AS_AT.isoformat())

    def path(self, **levers):
        levers = {"runs": 0, "arrivals": 40, "refused": 0, "no_plan": 0, "weeks": 156} | levers
        # The late third of its drafts is taken to be over: every draft that is out becomes a plan within 4 weeks.
        steps = {"final_weeks": 4}
        found = scenario(self.authority(), month_weights=[1] * 12, step_weeks=steps, **levers)
        return found, found.paths["plans_issued_20wk_percent"], found.paths["plans_due_20wk_percent"]

    def test_twin_track_with_added_capacity_lowers_the_published_figure_while_the_due_cohort_does_not_fall(
        self,
    ):
        found, published, due = self.path(
            queue="twin_track", twin_share=0.55, capacity={"psychology": 75, "drafting": 75}
        )
        assert published.startswith("falls")
        assert "recovers" in published
        assert due.startswith(("holds", "rises"))
        assert f"(of plans issued, within 20 weeks) {published}" in str(found)

    def test_oldest_first_lowers_both_and_both_recover(self):
        _, published, due = self.path(queue="oldest_first", capacity={"psychology": 60, "drafting": 60})
        for path in (published, due):
            assert path.startswith("falls")
            assert "then recovers to 100.0" in path

    def test_newest_first_raises_both_while_the_oldest_wait_longer(self):
        found, published, due = self.path(queue="newest_first", capacity={"psychology": 41, "drafting": 41})
        assert published.startswith("rises")
        assert due.startswith("rises")
        over_52 = found.figure("open_over_52wk")["middle"]
        assert over_52.max() > found.before.open_over_52wk
        assert f"at most {over_52.max():,.0f}" in str(found)


class TestChance:
    @pytest.fixture
    def tracked(self):
        return simulated()

    def test_a_seed_gives_the_same_answer_and_another_seed_another(self, tracked):
        one, two, other = (scenario(tracked, weeks=30, runs=200, seed=seed) for seed in (5, 5, 6))
        pd.testing.assert_frame_equal(one.months, two.months)
        assert not one.months.equals(other.months)

    def test_a_lever_changes_one_thing(self, tracked):
        """More psychologists bring no other requests, and no other decisions."""
        few, more = (
            scenario(tracked, weeks=30, runs=200, capacity={"psychology": n, "drafting": 20}) for n in (5, 15)
        )
        for figure in ("arrivals", "decided", "refused"):
            pd.testing.assert_frame_equal(few.figure(figure), more.figure(figure))
        assert not few.figure("open").equals(more.figure("open"))

    def test_ranges_hold_the_middle(self, tracked):
        months = scenario(tracked, weeks=52, runs=300).months.dropna()
        assert (months["lowest"] <= months["middle"]).all()
        assert (months["middle"] <= months["highest"]).all()
        assert (months["lowest"] < months["highest"]).any()

    def test_the_middle_is_near_the_answer_without_chance(self, tracked):
        levers = {"weeks": 52, "capacity": {"psychology": 8, "drafting": 8}}
        even, drawn = scenario(tracked, runs=0, **levers), scenario(tracked, runs=500, **levers)
        assert drawn.figure("open")["middle"].iloc[-1] == pytest.approx(
            even.figure("open")["middle"].iloc[-1], rel=0.05
        )


class TestEdges:
    def test_a_capacity_that_never_clears_says_so(self):
        found = given(waiting(200, 30), weeks=40, arrivals=5, capacity={"psychology": 1, "drafting": 50})
        assert found.clear_by == (None, None, None)
        assert "backlog grows" in str(found)

    def test_no_capacity_at_all(self):
        found = given(waiting(50, 30), weeks=20, clear_by=date(2025, 6, 30))
        assert at_ends(found, "issued") == [0.0] * 5
        assert "cannot be told" in found.paths["plans_issued_20wk_percent"]
        assert found.needed.psychology is not None

    def test_no_arrivals_clears_when_none_is_over_20_weeks(self):
        found = given(waiting(50, 30), weeks=30, capacity={"psychology": 5, "drafting": 50})
        assert found.clear_by[1] == AS_AT + timedelta(
            weeks=11
        )  # the last 5 are advised in week 10 and issued in week 11

    def test_cases_of_unknown_age_are_taken_first_and_counted_in_the_stock(self):
        frame = cases(
            [{"received_date": None, "request_outcome": "Y", "request_outcome_date": "2025-01-01"}] * 4,
            "2025-03-31",
        )
        found = given(frame, weeks=4, capacity={"psychology": 1, "drafting": 5})
        assert at_ends(found, "open")[-1] == 1.0
        assert at_ends(found, "open_over_20wk") == [0.0]
        assert "4 open cases have no due date" in str(found)

    def test_one_case_without_a_due_date_is_said_in_the_singular(self):
        frame = cases(
            [{"received_date": None, "request_outcome": "Y", "request_outcome_date": "2025-01-01"}],
            "2025-03-31",
        )
        assert "1 open case has no due date" in str(given(frame, weeks=4))

    def test_the_drafts_that_are_said_to_be_out_are_those_of_the_record(self):
        frame = simulated()
        out = int((frame["is_open"] & frame["stage"].eq("finalising")).sum())
        no_day = int((frame["is_open"] & frame["plan_final_due"].isna()).sum())
        for taken in ({}, {"step_weeks": {"final_weeks": 8}}):
            said = str(scenario(frame, weeks=12, runs=100, **taken))
            assert re.search(rf"(^|\n){out:,} drafts? (is|are) out", said)
            assert (f"{no_day} open case" in said) == (no_day > 0)

    def test_months_that_the_run_does_not_cover_are_marked_and_said(self):
        # 27 weeks from 31 December 2024: the last ends on 8 July 2025, and three more weeks end in that month.
        found = given(cases([{"received_date": "2024-12-02"}], "2024-12-31"), weeks=27)
        months = found.figure("arrivals")
        assert months["period"].tolist() == [f"2025-{month:02}" for month in range(1, 8)]
        assert months["complete"].tolist() == [True] * 6 + [False]
        assert "2025-07 is part of a month: only 25 June 2025 to 8 July 2025 is in it." in str(found)

    def test_a_first_month_that_began_before_the_run_is_marked(self):
        found = given(cases([{"received_date": "2025-03-03"}], "2025-03-12"), weeks=7)  # ends on 30 April
        assert found.figure("open")[["period", "complete"]].to_numpy().tolist() == [
            ["2025-03", False],
            ["2025-04", True],
        ]

    def test_a_day_to_be_clear_by_that_the_steps_do_not_allow(self):
        found = given(
            waiting(50, 30), weeks=30, step_weeks=AT_ONCE | {"final_weeks": 8}, clear_by=date(2025, 4, 14)
        )
        assert found.needed.psychology is None
        assert "No capacity clears the backlog by 14 April 2025" in str(found)

    def test_the_capacity_needed_clears_and_one_less_does_not(self):
        levers = {"weeks": 20, "arrivals": 10, "clear_by": AS_AT + timedelta(weeks=20)}
        needed = given(waiting(150, 30), **levers).needed.psychology
        for capacity, clear in ((needed, True), (needed - 1, False)):
            found = given(
                waiting(150, 30), **(levers | {"capacity": {"psychology": capacity, "drafting": 1e6}})
            )
            assert (found.clear_by[1] is not None) is clear

    def test_a_short_record_gives_no_levels(self):
        with pytest.raises(InputError, match="goes back 71 days, too short"):
            scenario(waiting(5), weeks=4)

    def test_an_empty_frame(self):
        with pytest.raises(InputError, match="no rows"):
            given(waiting(5).iloc[:0])

    @pytest.mark.parametrize(
        ("levers", "says"),
        [
            ({"queue": "loudest"}, "queue must be one of oldest_first"),
            (
                {"capacity": {"psycology": 3}},
                "there is no service 'psycology' with a capacity: use psychology",
            ),
            ({"capacity": {"psychology": -3}}, "capacity of all must be 0 or more, not -3"),
            ({"refused": 1.5}, "refused must be 0 to 1, not 1.5"),
            ({"arrivals": "many"}, "arrivals must be a number, not 'many'"),
            ({"month_weights": [1, 2]}, "month_weights must be 12 numbers"),
            ({"step_weeks": {"panel_weeks": 2}}, "there is no step 'panel_weeks'"),
            ({"runs": 5}, "runs must be 0, for no chance, or 100"),
            ({"weeks": 0}, "weeks must be 1 to 520"),
            ({"clear_by": AS_AT}, "clear_by must be at least a week"),
            ({"costs": {"locum": 5}}, "there is no source 'locum' among the capacities"),
        ],
    )
    def test_a_lever_that_cannot_be(self, levers, says):
        with pytest.raises(CommandError, match=says):
            given(waiting(3), **levers)


def test_advice_that_is_in_moves_a_case_to_drafting():
    tracked = waiting(2)
    advice = askings(
        [
            {"case_id": "c0", "advice_type": "psychology", "requested_date": "2025-02-01", "returned_date": "2025-03-01",
             "advice_outcome": "provided"},
            {"case_id": "c1", "advice_type": "psychology", "requested_date": "2025-02-01"},
        ],
        AS_AT.isoformat(),
    )  # fmt: skip
    found = given(tracked, advice=advice, weeks=4)
    assert at_ends(found, "waiting_for_advice") == [1.0]
    assert at_ends(found, "issued") == [1.0]


def test_costs_are_of_the_work_of_each_source_in_the_order_given():
    found = given(
        waiting(100, 30), weeks=10, capacity={"psychology": {"in_house": 6, "agency": 2}, "drafting": 50},
        costs={"agency": 1_250},
    )  # fmt: skip
    assert found.cost.total == (25_000.0,) * 3  # 10 weeks of 2
    assert found.cost.per_late_plan[1] == pytest.approx(25_000 / 72)  # 8 a week from week 2 to week 10


def test_what_is_assumed_is_printed_with_where_it_comes_from():
    ex = simulate(1_500, as_at=AS_AT, seed=3)
    tracked = track(ex.cases, as_at=AS_AT)
    found = scenario(
        tracked, advice=track_advice(ex.advice, as_at=AS_AT, cases=ex.cases), weeks=4, runs=0, arrivals=30
    )
    basis = found.assumptions.set_index("assumption")["basis"].to_dict()
    assert basis["arrivals"] == "given"
    assert basis["refused"] == "from history"
    assert basis["decide_weeks"] == "assumed"
    assert basis["capacity: psychology, all"] == "from history"
    assert "twin_share" not in basis  # of no effect in this queue
    assert not found.assumptions["says"].str.contains("_").any()
    assert found._repr_html_().startswith("<p>Queue rule: oldest first.")


def test_a_day_to_be_clear_by_may_lie_past_the_end_of_the_scenario():
    """10 cases of 30 weeks and none arriving: one a week is the least that clears them, and does so within two years."""
    for weeks in (1, 8, 200):
        found = given(waiting(10, weeks_old=30), weeks=weeks, clear_by=AS_AT + timedelta(weeks=104))
        assert found.needed.psychology == 1


def test_drafts_that_are_out_are_said_to_become_plans_in_their_own_weeks():
    draft = {
        "received_date": "2024-06-03",
        "request_outcome": "Y",
        "request_outcome_date": "2024-07-01",
        "draft_sent_date": "2024-12-02",
    }
    found = given(cases([draft] * 3, AS_AT.isoformat()), weeks=4)
    assert (
        "3 drafts are out: they are taken to be final within 1 weeks, however long ago they went."
        in found.notes
    )
    assert at_ends(found, "issued") == [3]


class TestDraftsThatAreOut:
    """Of 20 plans of the last year 10 came 14 days after their draft and 10 came 28 days after it."""

    STEPS = MappingProxyType({"decide_weeks": 0, "advice_weeks": 0, "issue_weeks": 0})
    BEFORE = MappingProxyType(
        {"received_date": "2024-06-03", "request_outcome": "Y", "request_outcome_date": "2024-07-01"}
    )

    def drafted(self, days_out, final_after=None):
        sent = AS_AT - timedelta(days_out)
        row = self.BEFORE | {"draft_sent_date": sent.isoformat()}
        if final_after is None:
            return row
        final = (sent + timedelta(final_after)).isoformat()
        return row | {"assessment_outcome": "Y", "assessment_outcome_date": final}

    def issued_within(self, weeks, *rows, finished=10, **levers):
        past = [self.drafted(100, 14)] * finished + [self.drafted(100, 28)] * 10
        tracked = cases([*past, *rows], AS_AT.isoformat())
        return given(tracked, weeks=weeks, step_weeks=self.STEPS, **levers)

    @pytest.mark.parametrize(("weeks", "issued"), [(1, 0), (2, 15), (3, 15), (4, 20)])
    def test_each_comes_as_those_did_that_took_longer_than_it_has_been_out(self, weeks, issued):
        # Sent today: 5 in 2 weeks and 5 in 4. Out for 20 days: as the ten that took 28, so 8 days from now, in week 2.
        found = self.issued_within(weeks, *[self.drafted(0)] * 10, *[self.drafted(20)] * 10)
        assert sum(at_ends(found, "issued")) == issued
        assert (
            "20 drafts are out: each is taken to become a plan as those of the last year did"
            in found.notes[0]
        )
        basis = found.assumptions.set_index("assumption").loc["final_weeks"]
        assert (basis["value"], basis["basis"]) == (3, "from history")  # the median of 14 and 28 days is 21

    def test_one_that_has_been_out_longer_than_any_took_counts_as_sent_today(self):
        rows = [self.drafted(200)] * 10
        assert [sum(at_ends(self.issued_within(weeks, *rows), "issued")) for weeks in (1, 2, 4)] == [0, 5, 10]

    @pytest.mark.parametrize(("weeks", "issued"), [(2, 0), (3, 5), (4, 5), (5, 10)])
    def test_new_drafts_come_as_all_of_them_did(self, weeks, issued):
        # Ten wait for advice; all are advised and drafted in week 1, and are plans 2 or 4 weeks later.
        waits = self.BEFORE | {"received_date": "2025-01-06", "request_outcome_date": "2025-01-07"}
        found = self.issued_within(weeks, *[waits] * 10, capacity={"psychology": 10, "drafting": 10})
        assert sum(at_ends(found, "issued")) == issued

    def test_with_chance_each_run_issues_whole_plans_and_every_one_once(self):
        rows = [self.drafted(0)] * 40 + [self.drafted(20)] * 7
        first = self.issued_within(2, *rows, runs=400).figure("issued").iloc[0]
        # 7 for sure, and of 40 each with an even chance: 20, with a standard deviation of 3.2
        assert (first["middle"], first["lowest"], first["highest"]) == pytest.approx((27, 23, 31), abs=1)
        assert first["lowest"] == int(first["lowest"])
        later = self.issued_within(4, *rows, runs=400).figure("issued")
        assert later[["lowest", "highest"]].sum().tolist() == [47, 47]

    def test_too_few_plans_to_take_it_from_are_said(self):
        found = self.issued_within(4, self.drafted(0), finished=9)
        assert found.assumptions.set_index("assumption").loc["final_weeks", "basis"] == "assumed"
        assert found.notes[0] == (
            "1 draft is out: they are taken to be final within 4 weeks, however long ago they went: "
            "too few plans of the last year have the day of their draft."
        )


def test_what_it_costs_is_said_with_and_without_late_plans():
    costs = {"weeks": 10, "capacity": {"psychology": 8, "drafting": 50}, "costs": {"all": 100}}
    late = given(waiting(100, 30), **costs)
    assert "Cost of all at the unit costs given:" in str(late)
    assert "for each late plan issued." in str(late)
    assert "no late plan is issued." in str(given(waiting(100, 2), **costs))


def test_a_record_without_decisions_gives_no_share():
    with pytest.raises(InputError, match="no decision of the last year to take no_plan from: give no_plan="):
        scenario(waiting(50, 60), weeks=4, runs=0, arrivals=1, refused=0)


def test_a_record_of_less_than_two_years_has_no_season():
    found = scenario(
        waiting(50, 60), weeks=4, runs=0, refused=0, no_plan=0, capacity={"psychology": 1, "drafting": 1}
    )
    assumed = found.assumptions.set_index("assumption")
    assert assumed.loc["month_weights", "basis"] == "assumed"
    assert assumed.loc["arrivals", "basis"] == "from history"


def test_a_case_whose_step_cannot_be_told_is_said_to_wait_for_advice():
    rows = waiting(3).assign(stage=["assessing", "unknown", "unknown"])
    assert "2 open cases whose step cannot be told: taken as waiting for advice." in given(rows).notes


def test_the_days_by_which_runs_are_clear_are_said():
    found = given(waiting(10, 30), weeks=8, runs=100, seed=1, capacity={"psychology": 20, "drafting": 20})
    first, middle, last = found.clear_by
    assert first <= middle <= last
    assert re.search(
        r"The backlog of 10 cases over 20 weeks is clear by \d+ \w+ 2025 in half of the runs \(10 in 100 by ",
        str(found),
    )
