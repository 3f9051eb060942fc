"""The chance of passing the limit: its sums by hand, what it may see, and how it does on made-up authorities."""

from datetime import date, timedelta
from functools import cache
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.questions.breach_probability import breach_probability
from ehcptime.questions.likelihood.journeys import ENDED, LONGEST, PLAN, STEPS, Askings, journeys
from ehcptime.questions.likelihood.scoring import Scored, brier, calibrated, calibration_error, reliability
from ehcptime.questions.likelihood.transitions import Transitions, transitions
from ehcptime.records.arrays import facts_of_frame
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track
from questions_frames import after, cases, issued, table

AS_AT = date(2024, 12, 31)
DECIDING, ASSESSING, ASKED, ANSWERED, DRAFTING, FINALISING = range(6)


@cache
def authority(preset="recovered", size=4_000):
    made = simulate(size, as_at=AS_AT, seed=11, preset=preset, defects=False)
    tracked = track(made.cases, as_at=AS_AT, exemptions=made.exemptions)
    return tracked, track_advice(made.advice, as_at=AS_AT, cases=made.cases)


@cache
def found(preset="recovered"):
    tracked, advice = authority(preset)
    return breach_probability(tracked, advice=advice)


def known_by(raw, day):
    """The extract as it was on a day: no later date, and no code that only a later date gave."""
    cut = raw[~(raw["received_date"] > day)].copy()
    decided_later, reversed_later, closed_later, assessed_later = (
        cut[f"{name}_date"] > day for name in ("request_outcome", "reversal", "closed", "assessment_outcome")
    )
    cut.loc[decided_later, "request_outcome"] = "A"
    cut.loc[assessed_later, "assessment_outcome"] = "A"
    cut.loc[decided_later | (reversed_later & cut["reversal_of"].eq("assess")), "assessment_outcome"] = None
    cut.loc[reversed_later, ["reversal_of", "reversal_route"]] = None
    for outcome in ("request_outcome", "assessment_outcome"):
        cut.loc[closed_later & cut[outcome].eq("W"), outcome] = "A"
    cut.loc[closed_later, ["closed_reason", "exported"]] = None
    for column in cut.columns[cut.columns.str.endswith("_date")]:
        cut[column] = cut[column].where(~(cut[column] > day))
    return cut


class TestSums:
    def chance(self, moves):
        """Every step stays as it is but for the moves named, which hold at every number of weeks."""
        chance = np.zeros((len(STEPS), LONGEST + 1, len(STEPS) + 2))
        for step in range(len(STEPS)):
            chance[step, :, step] = 1.0
        for (step, fate), share in moves.items():
            chance[step, :, fate] = share
            chance[step, :, step] -= share
        return Transitions(chance, 0).plan_within()

    def test_one_step_with_half_finishing_each_week(self):
        within = self.chance({(FINALISING, PLAN): 0.5})
        assert within[FINALISING, 0, :4].tolist() == [0, 0.5, 0.75, 0.875]
        assert not within[DRAFTING].any()

    def test_two_steps_and_some_that_leave(self):
        within = self.chance({(DRAFTING, FINALISING): 0.5, (DRAFTING, ENDED): 0.25, (FINALISING, PLAN): 1.0})
        # Week 1: half move on; week 2: they finish. A quarter stay a week and half of those move on.
        assert within[DRAFTING, 0, :4].tolist() == [0, 0, 0.5, 0.5 + 0.25 * 0.5]

    def test_weeks_at_a_stage_run_on_while_advice_comes_and_begin_afresh_with_a_draft(self):
        chance = np.zeros((len(STEPS), LONGEST + 1, len(STEPS) + 2))
        chance[ASKED, :, ANSWERED] = 1.0
        chance[ANSWERED, 3, PLAN] = 1.0  # only in the fourth week of the stage
        chance[ANSWERED, :3, ANSWERED] = chance[ANSWERED, 4:, ANSWERED] = 1.0
        chance[DRAFTING, :, ANSWERED] = 1.0
        within = Transitions(chance, 0).plan_within()
        assert within[ASKED, 2, 2] == 1.0  # its third week, then the fourth
        assert within[ASKED, 3, :9].sum() == 0.0  # its fourth week is over when the answer is there
        assert within[DRAFTING, 2, 2] == 0.0  # the stage begins afresh
        assert within[DRAFTING, 2, 5] == 1.0

    def test_against_many_drawn_journeys(self):
        """The sums, against cases drawn week by week."""
        tracked, _ = authority()
        known = journeys(facts_of_frame(tracked, "cases"), 20088, Askings.none())
        learned = transitions(known, 20088 - 364)
        random = np.random.default_rng(5)
        for start, weeks in ((DECIDING, 0), (ASSESSING, 4), (DRAFTING, 1)):
            plans = sum(self.drawn(learned.chance, start, weeks, 15, random) for _ in range(4_000))
            assert plans / 4_000 == pytest.approx(learned.plan_within()[start, weeks, 15], abs=0.025)

    @staticmethod
    def drawn(chance, step, weeks, left, random):
        stage = {0: 0, 1: 1, 2: 1, 3: 1, 4: 2, 5: 3}
        for _ in range(left):
            fate = int(random.choice(chance.shape[2], p=chance[step, weeks] / chance[step, weeks].sum()))
            if fate >= len(STEPS):
                return fate == PLAN
            weeks = min(weeks + 1, LONGEST) if stage[fate] == stage[step] else 0
            step = fate
        return False


class TestJourneys:
    def on(self, row, day, advice=()):
        frame = table([{"case_id": "a"} | row])
        asked = table(advice) if advice else None
        askings = Askings.none()
        if asked is not None:
            days = (asked[name].to_numpy().astype("datetime64[D]").astype(np.int64) for name in asked)
            asked_on, returned = (np.where(d < 0, 1 << 29, d).astype(np.int32) for d in days)
            askings = Askings.of(np.zeros(len(asked), np.int64), asked_on, returned)
        known = journeys(facts_of_frame(frame, "cases"), 20_500, askings)
        number = np.array([(date.fromisoformat(day) - date(1970, 1, 1)).days])
        step, weeks = known.step_on(np.array([0]), number)
        return STEPS[step[0]], int(weeks[0])

    row: ClassVar = {
        "received_date": "2025-01-06",
        "request_outcome": "Y",
        "request_outcome_date": "2025-02-03",
        "issue_decision_date": "2025-04-28",
        "draft_sent_date": "2025-05-05",
    }

    @pytest.mark.parametrize(
        ("day", "step", "weeks"),
        [
            ("2025-01-06", "deciding", 0),
            ("2025-02-02", "deciding", 3),
            ("2025-02-03", "assessing", 0),
            ("2025-02-10", "assessing", 1),
            ("2025-04-28", "drafting", 0),
            ("2025-05-18", "finalising", 1),
        ],
    )
    def test_the_step_of_a_day(self, day, step, weeks):
        assert self.on(self.row, day) == (step, weeks)

    def test_a_draft_proves_the_steps_before_it(self):
        row = {"received_date": "2025-01-06", "draft_sent_date": "2025-03-03"}
        assert self.on(row, "2025-03-02") == ("deciding", 7)
        assert self.on(row, "2025-03-03") == ("finalising", 0)

    @pytest.mark.parametrize(
        ("day", "step"),
        [
            ("2025-02-09", "assessing"),
            ("2025-02-10", "asked"),
            ("2025-03-10", "asked"),
            ("2025-03-11", "answered"),
        ],
    )
    def test_advice_that_is_out(self, day, step):
        advice = [
            {"requested_date": "2025-02-10", "returned_date": "2025-03-11"},
            {"requested_date": "2025-02-11", "returned_date": "2025-02-20"},
        ]
        assert self.on(self.row, day, advice)[0] == step


class TestWhatItMaySee:
    def test_nothing_about_the_child_is_an_input(self):
        tracked, advice = authority()
        random = np.random.default_rng(1)
        other = tracked.assign(
            **{
                name: random.permutation(tracked[name].to_numpy())
                for name in ("primary_need", "age_at_request", "area", "sex", "ethnicity", "care_status")
            }
        )
        pd.testing.assert_frame_equal(found().table, breach_probability(other, advice=advice).table)

    def test_a_case_that_is_late_is_certain_and_a_lifted_limit_has_no_number(self):
        tracked, _ = authority()
        answer = found().table.merge(tracked, on="case_id")
        overdue = answer["plan_final_status"].eq("overdue") & ~answer["plan_final_exempt"]
        assert overdue.any()
        assert (answer.loc[overdue, "percent"] == 100).all()
        lifted = answer["plan_final_exempt"]
        assert answer.loc[lifted, "percent"].isna().all()
        assert (answer.loc[lifted, "why_none"] == "its limit is claimed to be lifted").all()

    def test_every_open_case_stands_once(self):
        tracked, _ = authority()
        assert sorted(found().table["case_id"]) == sorted(tracked.loc[tracked["is_open"], "case_id"])

    def test_what_came_after_as_at_changes_nothing(self):
        early = date(2024, 6, 28)
        raw = simulate(4_000, as_at=AS_AT, seed=11, preset="recovered", defects=False).cases
        cut = known_by(raw, pd.Timestamp(early))
        one, two = (breach_probability(track(frame, as_at=early)) for frame in (raw, cut))
        assert one.brier is not None
        pd.testing.assert_frame_equal(one.table, two.table)


@pytest.mark.parametrize("preset", ["west_sussex_2024", "recovered"])
def test_it_beats_the_baseline_and_says_how_far_it_is_out(preset):
    tracked, _ = authority(preset)
    answer = found(preset)
    assert answer.brier < answer.baseline
    assert f"differ by {answer.calibration_error:.1f} percentage points" in str(answer)
    assert answer.reliability["cases"].sum() == answer.scored_cases
    checked = answer.by_group.groupby("column")["cases"].sum()
    assert set(checked) == {answer.scored_cases}
    assert "primary need" in checked.index
    assert tracked is not None


class TestTooThin:
    def test_a_short_record(self):
        answer = breach_probability(cases([{"received_date": "2025-01-06"}], "2025-03-31"))
        assert str(answer).startswith("No probability is given, because the record goes back 12 weeks")
        assert answer.table["percent"].isna().all()
        assert answer.brier is None
        assert answer._repr_html_() == f"<p>{answer}</p>"

    def test_predictions_of_one_half_of_the_months_alone(self):
        # Open on one of the twelve days, 16 July 2024, alone; the case of 2020 makes the record long enough.
        rows = [issued("2020-01-06", 130), *[issued("2024-07-06", 130)] * 200]
        answer = breach_probability(cases(rows, "2024-12-31"))
        assert answer.too_thin.startswith("all past predictions fall in one half of the months")

    def test_few_cases(self):
        rows = [issued(after("2021-01-04", 28 * number), 150) for number in range(40)]
        rows += [{"received_date": "2024-11-01"}]
        answer = breach_probability(cases(rows, "2024-12-31"))
        assert "past predictions can be scored" in answer.too_thin
        assert len(answer.table) == 1

    def test_no_rows(self):
        assert (
            len(breach_probability(cases([{"received_date": "2025-01-06"}], "2025-03-31").iloc[:0]).table)
            == 0
        )


class TestScoring:
    def past(self, said, late):
        said, late = np.asarray(said, float), np.asarray(late, float)
        blank = np.zeros(len(said), np.int64)
        return Scored(blank, blank, said, said, late)

    def test_reliability_by_hand(self):
        past = self.past([0.05, 0.15, 0.19, 1.0], [0, 0, 1, 1])
        table_ = reliability(past)
        assert table_.to_numpy().tolist() == [
            ["0-10", 1, 5.0, 0.0],
            ["10-20", 2, 17.0, 50.0],
            ["90-100", 1, 100.0, 100.0],
        ]
        assert calibration_error(past) == pytest.approx((5 + 2 * 33) / 4)
        assert brier(past.said, past.late) == pytest.approx((0.05**2 + 0.15**2 + 0.81**2) / 4)

    def test_chances_that_are_right_are_left_nearly_as_they_are(self):
        random = np.random.default_rng(3)
        said = random.uniform(0.02, 0.98, 20_000)
        fit = calibrated(self.past(said, random.random(20_000) < said))
        assert (fit.slope, fit.level) == (pytest.approx(1, abs=0.06), pytest.approx(0, abs=0.06))

    def test_chances_that_are_too_low_are_raised(self):
        random = np.random.default_rng(4)
        true = random.uniform(0.2, 0.9, 20_000)
        odds = np.log(true / (1 - true)) - 1.0
        fit = calibrated(self.past(1 / (1 + np.exp(-odds)), random.random(20_000) < true))
        assert fit.level == pytest.approx(1.0, abs=0.1)

    def test_certain_chances_do_not_break_it(self):
        fit = calibrated(self.past([0, 0, 1, 1] * 50, [0, 1, 1, 0] * 50))
        assert np.isfinite(fit.put_right(np.array([0.0, 0.5, 1.0]))).all()


def test_the_weeks_that_have_not_ended_are_not_counted():
    """A case of 13 days has one whole week behind it."""
    frame = table([{"case_id": "a", "received_date": (AS_AT - timedelta(13)).isoformat()}])
    day = (AS_AT - date(1970, 1, 1)).days
    for age, weeks in ((13, 1), (14, 2), (6, 0)):
        known = journeys(facts_of_frame(frame, "cases"), day - 13 + age, Askings.none())
        assert transitions(known, 0).case_weeks == weeks
