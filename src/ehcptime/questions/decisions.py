"""Decisions: what was decided on each request and each assessment, as codes record it, in parts that sum to the whole."""

import numpy as np

from ehcptime.clock.counting import NOT_YET, Mask
from ehcptime.questions.tracked import Tracked
from ehcptime.tracking.outcomes import H, N, W, Y

REQUESTS = (
    "agreed_to_assess",
    "refused_to_assess",
    "ended_before_decision",
    "undecided",
    "decided_earlier",
    "unknown",
)
ASSESSMENTS = (
    "agreed_to_issue",
    "refused_to_issue",
    "assessment_ended",
    "assessment_open",
    "assessment_unknown",
)

Decided = dict[str, Mask]


def requests_by(cases: Tracked, inside: Mask) -> Decided:
    """By the code of the request; where there is none yet, by what came of it."""
    request = cases.now.request
    return _partition(
        cases,
        inside,
        REQUESTS,
        [
            (request.is_puzzle, "unknown"),
            (request.has(H), "decided_earlier"),
            (request.has(Y), "agreed_to_assess"),
            (request.has(N), "refused_to_assess"),
            (request.has(W), "ended_before_decision"),
            (cases.now.request_decided != NOT_YET, "agreed_to_assess"),
            (cases.now.end != NOT_YET, "ended_before_decision"),
            (True, "undecided"),
        ],
    )


def assessments_by(cases: Tracked, assessed: Mask) -> Decided:
    """By the code of the assessment, a plan counting as a yes; where there is none yet, by whether the case has ended."""
    assessment = cases.now.assessment
    return _partition(
        cases,
        assessed,
        ASSESSMENTS,
        [
            (assessment.has(N), "refused_to_issue"),
            (assessment.has(Y) | (cases.now.final != NOT_YET), "agreed_to_issue"),
            (assessment.is_puzzle, "assessment_unknown"),
            (cases.now.end != NOT_YET, "assessment_ended"),
            (True, "assessment_open"),
        ],
    )


def _partition(
    cases: Tracked, whole: Mask, names: tuple[str, ...], steps: list[tuple[Mask | bool, str]]
) -> Decided:
    """Give each row of the whole the first name whose condition holds."""
    masks = [np.broadcast_to(mask, cases.size) for mask, _ in steps]
    place = np.select(masks, [names.index(name) for _, name in steps])
    return {name: whole & (place == number) for number, name in enumerate(names)}
