"""Hypothesis strategies for cases: lawful, late, exempt and reversed, with their days on and beside the limits."""

from datetime import date, timedelta

from hypothesis import strategies as st

from ehcptime.errors import CommandError
from ehcptime.law.book import LAW
from ehcptime.records.case import Case

_FIRST_DAY = LAW["plan_final"].versions[0].first
_SIX, _SIXTEEN, _TWENTY = ("request_decision", "issue_decision", "plan_final")
# Days before the last day of a limit on which an act in time is done, and days after it on which a late one is.
_IN_HAND = st.sampled_from([0, 0, 0, 1, 1, 2, 5, 10])
_OVER = st.sampled_from([1, 1, 1, 2, 2, 3, 30])
# Days from a request to the day to look: on and beside every limit, and further on.
_AGES = st.one_of(
    st.sampled_from(
        [limit + shift for limit in (0, 42, 112, 140) for shift in range(-2, 3) if limit + shift >= 0]
    ),
    st.integers(0, 400),
)
_ROUTES = {
    "assess": (
        "mediation_agreement",
        "tribunal_order",
        "consent_order",
        "unopposed",
        "own_change",
        "conceded",
    ),
    "issue": ("mediation_agreement", "tribunal_order", "consent_order", "unopposed", "order_to_make"),
}
Facts = dict[str, date | str | bool | None]


def near(day: date, within: int = 2) -> st.SearchStrategy[date]:
    """Days on a day and up to so many days either side of it: where mistakes by a day are made."""
    return st.integers(-within, within).map(lambda shift: day + timedelta(days=shift))


@st.composite
def lawful_cases(draw: st.DrawFn, as_at: date) -> Case:
    """Cases that have broken no limit on a day: open, planned or refused, each act on its last day or a little before.

    What had not happened by `as_at` is left blank. Raises CommandError for a day before the Regulations.
    """
    received = _received(draw(_AGES), as_at)
    facts = _in_time(draw, received)
    how = draw(st.sampled_from(["plan", "plan", "refused to assess", "refused to issue"]))
    if how == "refused to assess":
        facts = {"request_outcome": "N", "request_outcome_date": facts["request_outcome_date"]}
    elif how == "refused to issue":
        facts = {
            **_decided(facts),
            "assessment_outcome": "N",
            "assessment_outcome_date": facts["issue_decision_date"],
        }
    return _case(draw, received, facts, as_at)


@st.composite
def late_cases(draw: st.DrawFn, as_at: date) -> Case:
    """Cases that have broken a statutory limit by a day: decided, refused or planned late, or overdue and still open."""
    rule = draw(st.sampled_from([_SIX, "plan_refusal", _TWENTY]))
    over = draw(_OVER)
    received = _received(_length(rule) + over + draw(st.sampled_from([0, 0, 1, 30, 120])), as_at)
    facts = _in_time(draw, received)
    late = LAW[rule].due(received) + timedelta(days=over)
    if rule == _SIX:
        facts = {} if draw(st.booleans()) else {"request_outcome": "Y", "request_outcome_date": late}
    elif rule == _TWENTY:
        facts = facts | _final(late) if draw(st.booleans()) else _decided(facts)
    else:
        facts = {**_decided(facts), "assessment_outcome": "N", "assessment_outcome_date": late}
    return _case(draw, received, facts, as_at)


@st.composite
def exempt_cases(draw: st.DrawFn, as_at: date) -> Case:
    """Cases whose 20 weeks were missed and are claimed to be lifted: late, and no breach of that limit."""
    over = draw(_OVER)
    received = _received(_length(_TWENTY) + over + draw(st.sampled_from([0, 0, 1, 30])), as_at)
    facts = _in_time(draw, received)
    late = _final(LAW[_TWENTY].due(received) + timedelta(days=over))
    facts = {**facts, **late} if draw(st.booleans()) else _decided(facts)
    return _case(draw, received, {**facts, "week20": True}, as_at)


@st.composite
def reversed_cases(draw: st.DrawFn, as_at: date) -> Case:
    """Cases whose refusal was reversed, by every route; a plan that follows is sent beside the limit then in force."""
    of = draw(st.sampled_from(sorted(_ROUTES)))
    since = draw(st.sampled_from([0, 1, 76, 77, 78, 97, 98, 99, 150]))
    received = _received(since + 60 + _length(_SIXTEEN), as_at)
    facts = _in_time(draw, received)
    if of == "assess":
        facts = {"request_outcome": "N", "request_outcome_date": facts["request_outcome_date"]}
    else:
        facts = {
            **_decided(facts),
            "assessment_outcome": "N",
            "assessment_outcome_date": facts["issue_decision_date"],
        }
    on = as_at - timedelta(days=since)
    facts |= {"reversal_of": of, "reversal_route": draw(st.sampled_from(_ROUTES[of])), "reversal_date": on}
    plan = draw(near(on + timedelta(weeks=14 if of == "assess" else 11)))
    return _case(draw, received, facts | ({"plan_issued_date": plan} if plan <= as_at else {}), as_at)


def _received(age: int, as_at: date) -> date:
    if as_at < _FIRST_DAY:
        raise CommandError(f"as_at {as_at} is before the Regulations: use a day from {_FIRST_DAY}")
    return max(as_at - timedelta(days=age), _FIRST_DAY)


def _length(rule: str) -> int:
    return (LAW[rule].due(_FIRST_DAY) - _FIRST_DAY).days


def _in_time(draw: st.DrawFn, received: date) -> Facts:
    """Every step of a plan, each within its limit, with 15 days for the family to answer the draft."""
    six, sixteen, twenty = (
        LAW[rule].due(received) - timedelta(days=draw(_IN_HAND)) for rule in (_SIX, _SIXTEEN, _TWENTY)
    )
    return {
        "request_outcome": "Y",
        "request_outcome_date": six,
        "issue_decision_date": sixteen,
        "draft_sent_date": sixteen,
        **_final(twenty),
    }


def _final(day: date) -> Facts:
    return {"assessment_outcome": "Y", "assessment_outcome_date": day, "plan_issued_date": day}


def _decided(facts: Facts) -> Facts:
    return {name: facts[name] for name in ("request_outcome", "request_outcome_date")}


def _case(draw: st.DrawFn, received: date, facts: Facts, as_at: date) -> Case:
    """Make a case of what had happened by a day: a code goes with the day that it has."""
    known = {name: value for name, value in facts.items() if not isinstance(value, date) or value <= as_at}
    for code in ("request_outcome", "assessment_outcome"):
        if code in known and f"{code}_date" not in known:
            del known[code]
    number = draw(st.integers(1, 10**9))
    return Case(case_id=f"case-{number}", received_date=received, **known)
