"""Open cases by age: a stock, counted on the day of `as_at`."""

import numpy as np

from ehcptime.clock.counting import NOT_YET
from ehcptime.questions.elapsed import DUPLICATE, NOT_RECEIVED
from ehcptime.questions.measures import Age
from ehcptime.questions.tracked import Tracked
from ehcptime.questions.verdicts import Step, Verdict, decide


def judge(cases: Tracked, rule: Age) -> Verdict:
    """Decide each open case by its age in days; it falls on no day."""
    is_open = cases.is_set("is_open")
    days, known = cases.ages()
    return decide(
        [
            Step(cases.is_code("closed_reason", "duplicate"), "left_out", DUPLICATE),
            Step(cases.is_stage("not_received"), "left_out", NOT_RECEIVED),
            Step(~is_open, "left_out", "closed"),
            Step(
                cases.is_stage("unknown") & ("unknown" not in rule.stages),
                "unknown",
                "its stage cannot be told",
            ),
            Step(~cases.is_stage(*rule.stages), "left_out", "at another stage"),
            Step(~known, "unknown", "its age cannot be told"),
            Step(days > rule.over_days, "on_time", f"over {rule.over_days} days old"),
            Step(True, "late", f"{rule.over_days} days old or less"),
        ],
        np.full(1, NOT_YET, dtype=np.int32),
        cases.size,
    )
