"""Dates that courts, the Ombudsman and advisers have published: answers from outside the code."""

from importlib.resources import files

import pandas as pd

_DATES = ("start_date", "expected_due", "actual_date")


def published_decisions() -> pd.DataFrame:
    """Give the published dates, one row per limit, for anyone's tests.

    `rule` is an id of the rule book, except `notify_after_reversal`, `no_plan_after_reversal`, `plan_after_reversal`
    and `appeal_lodge`, whose citation follows the route, and `counting.months`. `expected_due` counts from `start_date`;
    where that is blank the source states the due date itself. `agrees` says whether the usual way of counting gives
    the published date: `yes`, `no`, or `authorities conflict`. Each row names its source and its page.

    >>> decisions = published_decisions().set_index("id")
    >>> decisions.loc["jsc-20", ["start_date", "expected_due", "agrees"]].to_list()
    [Timestamp('2025-04-02 00:00:00'), Timestamp('2025-08-20 00:00:00'), 'yes']
    """
    with files("ehcptime.datasets").joinpath("published_decisions.csv").open(encoding="utf-8") as text:
        frame = pd.read_csv(text, dtype=str)
    dates = {name: pd.to_datetime(frame[name], format="%Y-%m-%d").astype("datetime64[s]") for name in _DATES}
    return frame.assign(**dates)
