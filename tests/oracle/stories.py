"""What may happen to a case, told in dates at the edges of the limits; each story fills in a row."""

from datetime import date

from hypothesis import strategies as st

from oracle.draws import (
    DECISIONS,
    GAPS,
    LATE_STEPS,
    OFTEN,
    RARELY,
    REASONS,
    ROUTES,
    STEPS,
    VERSION_EDGE,
    Row,
    days_from,
)


def _waiting(draw: st.DrawFn, row: Row) -> None:
    row["request_outcome"] = draw(st.sampled_from([None, "A"]))


def _decided(draw: st.DrawFn, row: Row) -> None:
    row["request_outcome"] = draw(st.sampled_from(["Y", "Y", "Y", "H"]))
    row["request_outcome_date"] = draw(days_from(row["received_date"], STEPS))
    row["assessment_outcome"] = draw(st.sampled_from([None, "A"]))


def _drafted(draw: st.DrawFn, row: Row) -> None:
    _decided(draw, row)
    row["draft_sent_date"] = draw(days_from(row["received_date"]))
    if draw(OFTEN):
        row["issue_decision_date"] = draw(days_from(row["received_date"], DECISIONS))


def _issued(draw: st.DrawFn, row: Row) -> None:
    _drafted(draw, row)
    row["assessment_outcome"] = "Y"
    final = draw(days_from(row["draft_sent_date"], st.sampled_from([0, 7, 13, 14, 14, 15, 15, 16, 28])))
    if draw(st.booleans()):
        final = draw(days_from(row["received_date"], LATE_STEPS))
    row[draw(st.sampled_from(["assessment_outcome_date", "plan_issued_date"]))] = final
    if draw(RARELY):
        row["assessment_outcome_date"] = draw(days_from(final, STEPS))


def _agreed_not_issued(draw: st.DrawFn, row: Row) -> None:
    _decided(draw, row)
    row["assessment_outcome"] = "Y"


def _refused_to_assess(draw: st.DrawFn, row: Row) -> None:
    row["request_outcome"] = "N"
    row["request_outcome_date"] = draw(days_from(row["received_date"], STEPS))


def _refused_to_issue(draw: st.DrawFn, row: Row) -> None:
    _decided(draw, row)
    row["assessment_outcome"] = "N"
    row["assessment_outcome_date"] = draw(days_from(row["received_date"], DECISIONS))


def _reversed(draw: st.DrawFn, row: Row, refused: date, of: str) -> None:
    row["reversal_date"] = draw(days_from(refused, STEPS))
    row["reversal_route"] = draw(st.sampled_from([*ROUTES, *ROUTES, None, "Unopposed ", "X"]))
    row["reversal_of"] = draw(st.sampled_from([of, of, of, None, of.upper()]))
    if draw(RARELY):
        row["reversal_date"] = None


def _assessed_after_all(draw: st.DrawFn, row: Row) -> None:
    _refused_to_assess(draw, row)
    _reversed(draw, row, row["request_outcome_date"], "assess")
    since = row["reversal_date"] or row["request_outcome_date"]
    then = draw(st.sampled_from(["nothing", "assessing", "draft", "final", "refusal"]))
    if then == "assessing":
        row["assessment_outcome"] = "A"
    if then in ("draft", "final"):
        row["draft_sent_date"] = draw(days_from(since))
    if then in ("final", "refusal"):
        row["assessment_outcome"] = "Y" if then == "final" else "N"
        row["assessment_outcome_date"] = draw(days_from(since))


def _issued_after_all(draw: st.DrawFn, row: Row) -> None:
    _refused_to_issue(draw, row)
    _reversed(draw, row, row["assessment_outcome_date"], "issue")
    since = row["reversal_date"] or row["assessment_outcome_date"]
    if draw(OFTEN):
        row["draft_sent_date"] = draw(days_from(since))
    if draw(OFTEN):
        row["plan_issued_date"] = draw(days_from(since))


def _refused_twice(draw: st.DrawFn, row: Row) -> None:
    _assessed_after_all(draw, row)
    row["assessment_outcome"] = "N"
    row["assessment_outcome_date"] = draw(days_from(row["reversal_date"] or row["received_date"]))
    _reversed(draw, row, row["assessment_outcome_date"], draw(st.sampled_from(["assess", "issue"])))


def _unmarked_reversal(draw: st.DrawFn, row: Row) -> None:
    """Refused, and yet the record goes on."""
    _issued(draw, row)
    row[draw(st.sampled_from(["request_outcome", "assessment_outcome"]))] = "N"


def _left(draw: st.DrawFn, row: Row) -> None:
    draw(st.sampled_from([_waiting, _waiting, _decided, _decided, _drafted, _refused_to_assess]))(draw, row)
    how = draw(st.sampled_from(["request_outcome", "assessment_outcome", "exported", "closed_reason"]))
    reason = draw(st.sampled_from(REASONS))
    row[how] = {"exported": 1, "closed_reason": reason}.get(how, "W")
    if draw(OFTEN):
        row["closed_date"] = draw(days_from(row["received_date"], st.one_of(GAPS, LATE_STEPS)))


def _duplicate(draw: st.DrawFn, row: Row) -> None:
    draw(st.sampled_from([_waiting, _decided, _issued]))(draw, row)
    row["closed_reason"] = "duplicate"
    if draw(OFTEN):
        row["closed_date"] = draw(days_from(row["received_date"], STEPS))


def _earlier_return(draw: st.DrawFn, row: Row) -> None:
    draw(st.sampled_from([_decided, _drafted, _issued, _refused_to_assess]))(draw, row)
    row["assessment_outcome"] = "H"


def _before_the_law(draw: st.DrawFn, row: Row) -> None:
    row["received_date"] = draw(VERSION_EDGE)
    draw(st.sampled_from([_decided, _issued, _refused_to_issue, _assessed_after_all]))(draw, row)


STORIES = (
    _waiting,
    _waiting,
    _decided,
    _drafted,
    _issued,
    _issued,
    _agreed_not_issued,
    _refused_to_assess,
    _refused_to_issue,
    _assessed_after_all,
    _assessed_after_all,
    _issued_after_all,
    _issued_after_all,
    _refused_twice,
    _unmarked_reversal,
    _left,
    _left,
    _left,
    _duplicate,
    _earlier_return,
    _before_the_law,
)
