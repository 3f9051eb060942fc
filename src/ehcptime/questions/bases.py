"""Why a piece of a case's line is what it is, in words."""

from ehcptime.questions.milestones import FAULTS, SPANS

UNTOLD = "cannot be told, because "
_SPANS = {
    "deciding": "from the request to the decision whether to assess",
    "refused_to_assess": "refused to assess, until the refusal was reversed",
    "assessing": "",
    "refused_to_issue": "refused to issue a plan, until the refusal was reversed",
    "drafting": "decided to issue a plan, until the draft was sent",
    "family": "the family's 15 days from service of the draft, or until their reply if that was sooner",
    "finalising": "after the family's time, until the final plan",
}
_ASSESSING = {
    "unasked": "decided to assess, and the advice that came last not asked for, or sent back and not asked for again",
    "in": "asked for and not in; no advice came in later",
    "out": "asked for and not in when the authority went on, when the case ended, or to this day",
    "after": "the last advice was in, until the decision whether to issue a plan",
    "no_wait": "no advice was waited for, until the decision whether to issue a plan",
}
_UNTOLD = {
    "no_advice": "no advice was given to look at",
    "no_rows": "no advice is recorded for it",
    "undated_answer": "an advice came in on a day that is not recorded, and may have been the last",
    "undated_asking": "the day of asking for the advice that came last is not recorded, or contradicts the day of its receipt or answer",
    "out_and_lost": "the decision whether to issue a plan has no day that can be used, and advice was out",
    "no_start": "the day of the request is not recorded",
    "no_end": "the day on which the case ended is not recorded",
    "backwards": "the case ended before its request",
    "too_short": "the limit in force leaves less time than the plan has for its last stage",
}
_names = [*_ASSESSING, *_UNTOLD]
BASES = (
    *(_SPANS[span] for span in SPANS),
    *_ASSESSING.values(),
    *(UNTOLD + reason for reason in _UNTOLD.values()),
    *(UNTOLD + fault for fault in FAULTS),
    *(f"the last advice was in, until the draft, for {fault}" for fault in FAULTS),
)
OF_REASON = {name: len(SPANS) + place for place, name in enumerate(_names)}
FIRST_FAULT = len(SPANS) + len(_names)
FIRST_TO_DRAFT = FIRST_FAULT + len(FAULTS)
