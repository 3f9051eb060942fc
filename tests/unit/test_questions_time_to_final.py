"""Time to the final plan: small caseloads worked by hand, and scipy's estimate of the same curve."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import CensoredData, ecdf

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.day_counts import OUTCOMES, OUTSIDE, DayCounts, day_counts
from ehcptime.questions.survival import without_plan
from ehcptime.questions.time_to_final import COLUMNS, CURVE_COLUMNS, time_to_final, time_to_final_curve
from questions_frames import after, cases, issued

R = "2025-01-06"
COUNTS = [
    "cases",
    "finals",
    "refused_to_assess",
    "refused_to_issue",
    "ended_otherwise",
    "censored",
    "outside",
]


def waiting(received=R, **more):
    return {
        "received_date": received,
        "request_outcome": "Y",
        "request_outcome_date": after(received, 30),
    } | more


def refused(days, received=R, **more):
    return {
        "received_date": received,
        "request_outcome": "N",
        "request_outcome_date": after(received, days),
    } | more


def one(rows, as_at, **options):
    return time_to_final(cases(rows, as_at), **options).iloc[0]


def counts(found):
    return dict(zip(COUNTS, found[COUNTS].tolist(), strict=True))


def of_days(finals=(), censored=(), refused_to_assess=()):
    """Day counts from lists of days."""
    lists = dict.fromkeys(OUTCOMES, ()) | {
        "finals": finals,
        "censored": censored,
        "refused_to_assess": refused_to_assess,
    }
    length = max(max(days, default=0) for days in lists.values()) + 1
    by_day = np.array([np.bincount(np.array(lists[name], int), minlength=length) for name in OUTCOMES])
    return DayCounts(by_day, np.zeros(len(OUTSIDE), np.int64), 20_000)


# Who enters, and how a case ends


@pytest.mark.parametrize(
    ("row", "where"),
    [
        (issued(R, 140), "finals"),
        (waiting(), "censored"),
        ({"received_date": R}, "censored"),
        (waiting(assessment_outcome="Y"), "censored"),  # agreed, not yet issued
        (refused(40), "refused_to_assess"),
        (waiting(assessment_outcome="N", assessment_outcome_date=after(R, 100)), "refused_to_issue"),
        (waiting(closed_date=after(R, 90), closed_reason="moved_out"), "ended_otherwise"),
        (
            refused(40, reversal_of="assess", reversal_route="tribunal_order", reversal_date=after(R, 90)),
            "censored",
        ),
        (issued(R, 200, request_outcome="N", reversal_of="assess", reversal_date=after(R, 90)), "finals"),
        (issued(R, 700), "censored"),  # issued after as_at
        (refused(40, request_outcome_date=None), "outside"),
        (waiting(closed_reason="died"), "outside"),  # on an unknown day
        (issued(R, 140) | {"received_date": None}, "outside"),
        (issued(R, -1), "outside"),
        (waiting("2025-12-01"), "outside"),
        (waiting(closed_date=after(R, 3), closed_reason="duplicate"), "outside"),
        (waiting(assessment_outcome="H"), "outside"),
    ],
)
def test_each_row_is_counted_in_one_place(row, where):
    found = one([row], "2025-11-30")
    assert counts(found) == dict.fromkeys(COUNTS, 0) | {"cases": 1, where: 1}


def test_who_is_outside_is_said_in_the_note():
    rows = [issued(R, 100), issued(R, 140) | {"received_date": None}, waiting(closed_reason="died")]
    note = one(rows, "2025-11-30")["note"]
    assert "outside: 1 received on a day that is not recorded, 1 ended on a day that is not recorded" in note


def test_the_clock_starts_with_the_start_of_the_request_and_not_with_receipt_alone():
    found = one([issued(R, 150, moved_in_date=after(R, 10))], "2025-11-30")
    assert (found["median_weeks"], found["percent_with_plan_20wk"]) == (20.0, 100.0)


# Estimates worked by hand


def test_kaplan_meier_and_incidence_by_hand():
    """Five cases: refused at 40 days, plans at 140 and 141, open at 140, plan at 200.

    Kaplan-Meier: at 140 four are at risk (the open one among them): 3/4; at 141 two: 3/4 x 1/2 = 3/8; at 200: 0.
    Incidence: before 140, 4/5 are open; plans 4/5 x 1/4 = 1/5 by 140; then 4/5 x 3/4 x 1/2 = 3/10: 1/2 by 141; 4/5 by 200.
    """
    rows = [refused(40), issued(R, 140), issued(R, 141), issued(R, 200), waiting(after(R, 90))]
    found = one(rows, after(R, 230))
    assert (found["percent_with_plan_20wk"], found["percent_with_plan_30wk"]) == (20.0, 80.0)
    assert found["percent_with_plan_52wk"] == 80.0  # nobody is left, so nothing more can come
    assert (found["median_weeks"], found["p90_weeks"]) == (20.1, 28.6)  # 141 and 200 days
    assert found["mean_weeks_of_issued"] == 22.9  # (140 + 141 + 200) / 3 = 160.33 days
    curve = time_to_final_curve(cases(rows, after(R, 230))).set_index("day")
    assert curve.index.tolist() == [40, 140, 141, 200]
    assert curve["at_risk"].tolist() == [5, 4, 2, 1]
    assert curve["censored"].tolist() == [0, 1, 0, 0]
    assert curve["without_plan"].tolist() == pytest.approx([1, 3 / 4, 3 / 8, 0])
    assert curve["share_finals"].tolist() == pytest.approx([0, 1 / 5, 1 / 2, 4 / 5])
    assert curve["share_refused_to_assess"].tolist() == pytest.approx([1 / 5] * 4)
    assert curve["share_still_open"].tolist() == pytest.approx([4 / 5, 3 / 5, 3 / 10, 0])


def test_a_plan_on_the_day_of_week_20_is_within_20_weeks():
    """The published competing-risks code that jitters ties puts about half of these on the wrong side."""
    rows = [issued(R, 140)] * 7 + [issued(R, 141)] * 3
    assert one(rows, "2025-11-30")["percent_with_plan_20wk"] == 70.0


def test_the_mean_of_issued_hides_who_waits():
    """Nine plans at 100 days and nine cases that wait for 300 days: half wait, and the mean says 14 weeks."""
    rows = [issued(R, 100)] * 9 + [waiting()] * 9
    found = one(rows, after(R, 300))
    assert found["mean_weeks_of_issued"] == 14.3
    assert (found["percent_with_plan_20wk"], found["percent_with_plan_30wk"]) == (50.0, 50.0)
    assert found["median_weeks"] == 14.3
    assert pd.isna(found["p90_weeks"])
    assert (
        "no p90_weeks, because the share without a plan is still 50.0 per cent when the record ends, at 42.9 weeks"
        in (found["note"])
    )
    assert "no percent_with_plan_52wk, because no case was followed for so long" in found["note"]


def test_refusals_leave_the_median_of_those_that_go_on_and_lower_the_share():
    plans = [issued(R, 120), issued(R, 130), issued(R, 150), issued(R, 160)]
    without, with_ = one(plans, "2025-12-31"), one([*plans, *[refused(40)] * 4], "2025-12-31")
    assert without["median_weeks"] == with_["median_weeks"] == 18.6  # 130 days
    assert (without["percent_with_plan_20wk"], with_["percent_with_plan_20wk"]) == (50.0, 25.0)


def test_a_share_is_told_only_as_far_as_somebody_was_followed():
    rows = [waiting(after(R, 60))]
    assert one(rows, after(R, 200))["percent_with_plan_20wk"] == 0.0  # followed for 140 days
    assert pd.isna(one(rows, after(R, 199))["percent_with_plan_20wk"])


def test_nothing_to_follow_is_said():
    for rows in ([waiting("2026-01-01")], [issued(R, 140) | {"received_date": None}]):
        found = one(rows, "2025-11-30")
        assert found["note"].startswith(
            "nothing can be computed, because no case can be followed from its start"
        )
        assert found[["median_weeks", "percent_with_plan_20wk", "mean_weeks_of_issued"]].isna().all()


def test_an_empty_frame_gives_a_row_of_nothing_and_no_groups():
    empty = cases([waiting(team="a")], "2025-11-30").iloc[:0]
    found = time_to_final(empty)
    assert found["cases"].tolist() == [0]
    assert len(time_to_final(empty, by="team")) == 0
    assert list(time_to_final_curve(empty, by="team").columns) == ["team", *CURVE_COLUMNS]
    assert len(time_to_final_curve(empty)) == 0


def test_groups_are_apart_and_blank_is_one_of_them():
    rows = [issued(R, 100, team="a"), issued(R, 200, team="b"), waiting(team=None)]
    found = time_to_final(cases(rows, "2025-11-30"), by="team")
    assert found["team"].tolist() == ["a", "b", "not recorded"]
    assert list(found.columns) == ["team", *COLUMNS]
    assert found["mean_weeks_of_issued"].tolist()[:2] == [14.3, 28.6]
    assert found["finals"].dtype == np.int64
    assert str(found["median_weeks"].dtype) == "Float64"
    curve = time_to_final_curve(cases(rows, "2025-11-30"), by="team")
    assert curve["team"].tolist() == ["a", "b", "not recorded"]
    assert curve["day"].tolist() == [100, 200, 328]


def test_counts_of_two_days_are_not_added():
    first, second = (day_counts(cases([waiting()], day)) for day in ("2025-11-30", "2025-12-01"))
    with pytest.raises(InputError, match="different values of as_at"):
        first + second
    empty = day_counts(cases([waiting()], "2025-11-30").iloc[:0])
    assert (first + empty).as_at == (empty + first).as_at == first.as_at


def test_a_column_of_the_answer_cannot_be_grouped_by():
    with pytest.raises(CommandError, match="rename it"):
        time_to_final(cases([waiting(note="x")], "2025-11-30"), by="note")


# scipy's estimate of the same curve


@pytest.mark.parametrize("seed", range(20))
def test_kaplan_meier_agrees_with_scipy(seed):
    random = np.random.default_rng(seed)
    plans, others = (random.integers(0, 40, random.integers(1, 60)).tolist() for _ in range(2))
    half = len(others) // 2
    curve = without_plan(of_days(plans, others[:half], refused_to_assess=others[half:]))
    theirs = ecdf(CensoredData.right_censored(plans + others, [False] * len(plans) + [True] * len(others))).sf
    days = theirs.quantiles.astype(int)
    assert curve[days].tolist() == pytest.approx(theirs.probabilities.tolist(), abs=1e-12)
