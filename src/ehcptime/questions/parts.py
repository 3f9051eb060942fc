"""The one function that decides which part each row plays in a measure; everything else counts its answer."""

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.questions import askings, cohorts, elapsed, open_cases
from ehcptime.questions.measures import Advice, Age, AllAdvice, Elapsed, Limit, Measure, measure_of
from ehcptime.questions.tracked import Tracked, tracked_advice, tracked_cases
from ehcptime.questions.verdicts import Verdict, decide_in_blocks


def parts(
    tracked: pd.DataFrame, measure: str | Measure, *, advice: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Say for each row which part it plays in a measure, why, and the day by which it falls in a period.

    Gives a frame with the index of `tracked` and the columns `part` (`on_time`: in the numerator; `late`: in the
    denominator and not in the numerator; `unknown`; `not_due`: its limit has not ended; `left_out`), `reason` and
    `falls_on` (the day of issue, decision, limit or start, by cohort; empty where there is none). For a measure that
    counts something other than being in time, such as `open_over_20wk`, `on_time` still means in the numerator.

    `tracked` comes from `track`, or from `track_advice` for `advice_6wk`. `advice`, from `track_advice`, is needed by
    `plans_20wk_all_advice` alone. A case counts once. In `plans_due_20wk` it counts on the first limit at which it was open
    or final, and a later refusal or a new clock does not take it out again: that is what settles the figure.

    Raises:
        CommandError: there is no such measure.
        InputError: the frame was not tracked, lacks the rule that the measure needs, or mixes two values of `as_at`.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-01-01", "2025-01-01"]),
    ...     "assessment_outcome": ["Y", "Y"], "assessment_outcome_date": pd.to_datetime(["2025-05-21", "2025-05-22"]),
    ...     "stage": "closed", "is_open": False, "age_days": [140, 141], "as_at": pd.Timestamp("2025-06-30")})
    >>> parts(tracked, "plans_issued_20wk_inc")["part"].tolist()
    ['on_time', 'late']
    """
    chosen = measure_of(measure)
    return verdict(tracked, chosen, advice).frame(tracked.index)


def verdict(frame: pd.DataFrame, measure: Measure, advice: pd.DataFrame | None = None) -> Verdict:
    """Decide the rows as `parts` does, and give the arrays that its frame is made of."""
    rule = measure.parameters
    if isinstance(rule, Advice):
        return askings.judge(tracked_advice(frame))
    cases = _cases(frame, measure)
    if isinstance(rule, Elapsed):
        return decide_in_blocks(cases, lambda some: elapsed.judge(some, rule))
    if isinstance(rule, Limit):
        return decide_in_blocks(cases, lambda some: cohorts.judge(some, rule))
    if isinstance(rule, Age):
        return decide_in_blocks(cases, lambda some: open_cases.judge(some, rule))
    return _all_advice(cases, rule, advice)


def _cases(frame: pd.DataFrame, measure: Measure) -> Tracked:
    if "advice_type" in frame and "stage" not in frame:
        raise InputError(
            f"measure {measure.id!r} is about cases: give it the result of track, not of track_advice"
        )
    return tracked_cases(frame)


def _all_advice(cases: Tracked, rule: AllAdvice, advice: pd.DataFrame | None) -> Verdict:
    return askings.judge_plans(cases, rule, None if advice is None else tracked_advice(advice))
