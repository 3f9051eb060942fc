"""The slow oracle for segments and delay: one case, day by day, from the written rules alone."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from oracle.advice import track_ask
from oracle.ends import case_end
from oracle.limits import LATE
from oracle.reading import BLANK, UNREADABLE, read, seen, word
from oracle.refusals import refusal_to_assess, refusal_to_issue

LOST = "lost"  # happened, on a day that cannot be used
DAY = timedelta(days=1)
KINDS = ("education", "health", "psychology", "social_care", "other", "preparing_for_adulthood")
NOBODY = "not recorded"
PARTS = ("sub_service", "provider", "setting_id")
# In the order in which the odd days of a shared number are dealt.
SEGMENTS = (
    *("deciding", "refused", "waiting_to_ask", "advice", "after_advice"),
    *("drafting", "family", "finalising", "unknown"),
)
OWNERS = (*KINDS, NOBODY, "authority", "family", "unknown")


@dataclass
class Mark:
    """The end of a span: a day, LOST, or None where it has not come."""

    span: str
    day: object
    lost: bool = False  # of the decision to issue: it has no day that can be used
    untold: bool = False  # and nothing tells it from what follows


@dataclass
class Asking:
    """An asking that was waited for."""

    service: str
    due: date | None  # its own limit, where it is not lifted
    part: tuple[str | None, ...]
    since: date | None
    until: object  # a day, LOST, or None


def day_labels(row, asks, as_at):
    """Label every day of a case: (segment, service, stage); None where its line has no beginning or no end."""
    facts = read(row, as_at)
    if facts.not_received:
        return []
    end = case_end(facts)
    last = end.day if end.ended else as_at
    if facts.start is None or last is None or last < facts.start:
        return None
    marks, puzzle = _marks(row, facts, last, as_at)
    labels = []
    day = facts.start
    while day < last:
        labels.append(_label(day, facts, last, marks, puzzle, asks, as_at))
        day += DAY
    return labels


def segments(row, asks, as_at):
    """Stretches of (segment, service, first day, days)."""
    labels = day_labels(row, asks, as_at)
    day = read(row, as_at).start
    if labels is None:
        return [("unknown", "unknown", None, None)]
    found = []
    for (segment, service), some in groupby(label[:2] for label in labels):
        days = len(list(some))
        found.append((segment, service, day, days))
        day += days * DAY
    return found


def _marks(row, facts, last, as_at):  # noqa: C901 - one step for each milestone
    to_assess, to_issue = refusal_to_assess(facts), refusal_to_issue(facts)
    final = facts.first_final is not None
    latest = [facts.start]

    def usable(day, happened):
        if day is None:
            return LOST if happened else None
        if day < latest[0]:
            return LOST
        if day > last:
            return LOST if final else None
        return day

    def mark(span, day):
        if isinstance(day, date):
            latest[0] = day
        elif day is None:
            latest[0] = last
        return Mark(span, day)

    later = facts.issue_decision is not None or facts.draft is not None or final
    marks = [
        mark(
            "deciding", usable(facts.request_date if facts.request != "H" else None, _decided(facts) or later)
        )
    ]
    if to_assess.refused and to_assess.reversed:
        marks.append(mark("refused", usable(to_assess.reversed_on, True)))
    draft = usable(facts.draft, final)
    unread = _puzzle(facts.assessment, facts.assessment_date)
    happened = final or facts.draft is not None or facts.assessment in ("Y", "N") or unread
    note = None
    if to_issue.refused:
        decision = usable(to_issue.day, True)
        if decision is LOST:
            note = "untold"
    else:
        decision = usable(facts.issue_decision, happened)
        if isinstance(draft, date) and not (isinstance(decision, date) and decision <= draft):
            decision = draft
        if decision is LOST:
            note = "untold" if unread or draft is LOST else "not yet"
    marks.append(mark("assessing", None if note == "not yet" else decision))
    marks[-1].lost, marks[-1].untold = decision is LOST, note == "untold"
    if to_issue.refused and to_issue.reversed:
        marks.append(mark("refused_to_issue", usable(to_issue.reversed_on, True)))
    if isinstance(draft, date) and draft < latest[0]:
        draft = LOST
    marks.append(mark("drafting", draft))
    comment = draft
    if isinstance(draft, date):
        comment = draft + 15 * DAY
        reply = seen(row.get("family_reply_date"), as_at)
        if reply is not None and draft <= reply < comment:
            comment = reply
        if comment > last:
            comment = None
    marks.append(Mark("family", comment))
    marks.append(Mark("finalising", None))
    return marks, _puzzle(facts.request, facts.request_date)


def _decided(facts):
    if facts.request in ("Y", "N", UNREADABLE, "H") or facts.assessment in ("Y", "N", "H", UNREADABLE):
        return True
    return facts.assessment in ("A", "W") and facts.request != "W"


def _puzzle(code, day):
    return code == UNREADABLE or (code == BLANK and day is not None)


def _label(day, facts, last, marks, puzzle, asks, as_at):
    """Between two neighbouring days that are known there is one span, or nobody can tell which."""
    first, hidden = facts.start, []
    for mark in marks:
        hidden.append(mark)
        if mark.day is LOST:
            continue
        over = last if mark.day is None else min(mark.day, last)
        if day < over:
            return _between(day, first, over, last, hidden, puzzle, asks, as_at)
        first, hidden = max(first, over), []
    raise AssertionError


def _between(day, first, over, last, spans, puzzle, asks, as_at):
    names = [mark.span for mark in spans]
    if "assessing" in names:
        place = names.index("assessing")
        region = Region(first, over, over == last, doubt=place > 0 or puzzle, decision=spans[place])
        return _assessing(day, region, asks, as_at)
    if len(spans) > 1:
        if names[-1] in ("family", "finalising"):
            return ("unknown", "unknown", 3)
        return ("unknown", "unknown", 2 if names[-1] in ("drafting", "refused_to_issue") else 0)
    stage = {"deciding": 0, "refused": 0, "refused_to_issue": 1, "drafting": 2, "family": 3, "finalising": 3}
    owner = "family" if names == ["family"] else "authority"
    return (names[0].removesuffix("_to_issue"), owner, stage[names[0]])


@dataclass
class Region:
    """The days between the decision to assess, or the last day known before it, and the next day that is known."""

    first: date
    over: date
    to_end: bool
    doubt: bool  # the day of the decision to assess cannot be told
    decision: Mark


def _assessing(day, region, asks, as_at):  # noqa: PLR0911 - one return for each rule, in their order
    first, over = region.first, region.over
    untold = ("unknown", "unknown", 3 if region.decision.untold and region.to_end else 2)
    if not asks:  # none recorded, or none given
        return untold
    waited = [a for a in (asking(ask, as_at) for ask in asks) if a and (a.since is None or a.since < over)]
    if any(a.until is LOST for a in waited) and _last(waited, first, over) < over:
        return untold
    last = _last(waited, first, over)
    critical = _critical(waited, first, over, last)
    if region.decision.lost and any(
        a.until is None or (a.until is not LOST and a.until > over) for a in critical
    ):
        return untold
    if region.doubt and last == first:
        return untold
    if day >= last:
        return untold if region.decision.untold else ("after_advice", "authority", 2)
    out = [a for a in critical if a.since and max(a.since, first) <= day < _until(a, first, over)]
    if out:
        past = [a for a in out if a.due and a.due <= day]  # the next day is the first after its limit
        return ("advice", _named(out), 1, _named(past or out))
    if any(
        day < (over if a.until is LOST else _until(a, first, over))
        for a in critical
        if not a.since or a.until is LOST
    ):
        return ("unknown", "unknown", 1)
    begun = [
        max(a.since, first) for a in critical if a.since and max(a.since, first) < _until(a, first, over)
    ]
    if region.doubt and not any(begin <= day for begin in begun):
        return ("unknown", "unknown", 0)
    return ("waiting_to_ask", "authority", 0)


def _named(asks):
    services = {ask.service for ask in asks}
    return ", ".join(kind for kind in (*KINDS, NOBODY) if kind in services)


def _until(ask, first, over):
    if ask.until is LOST:
        return first
    return over if ask.until is None else min(max(ask.until, first), over)


def _last(waited, first, over):
    return max([first, *(_until(ask, first, over) for ask in waited)])


def _critical(waited, first, over, last):
    """Every round of each advice that was in last."""
    if last == first:
        return []
    lasting = {(a.service, a.part) for a in waited if _until(a, first, over) == last}
    return [a for a in waited if (a.service, a.part) in lasting]


def asking(ask, as_at):
    """Read one row of advice; None where nobody waited for it."""
    kind = word(ask.get("advice_type"))
    if kind == "parent":
        return None
    returned, sent = seen(ask.get("returned_date"), as_at), seen(ask.get("requested_date"), as_at)
    to_come = ask.get("returned_date") is not None and returned is None
    outcome = "" if to_come else word(ask.get("advice_outcome"))
    if outcome in ("withdrawn", "existing_sufficient"):
        return None
    bound = ask.get("bound_by_reg_8")
    received = seen(ask.get("body_received_date"), as_at)
    since = received if received and (kind == "health" if bound is None else bool(bound)) else sent
    if since is None and ask.get("requested_date") is not None and returned is None:
        return None  # to be asked after as_at
    until = returned
    if until is None and not to_come and outcome in ("provided", "not_known", "rejected"):
        until = LOST
    early = bool(since and since == received and sent and since < sent)
    if since and isinstance(until, date) and since > until:
        since = None
    part = tuple(ask.get(name) for name in PARTS)
    judged = track_ask(ask, as_at=as_at)
    due = None if judged["exempt"] else judged["due"]
    return Asking(kind if kind in KINDS else NOBODY, due, part, None if early else since, until)


def lateness(row, asks, as_at, over, restart=None):
    """Days of lateness by (segment, service) of a case that is `over` days late: the last days of its overrun."""
    late = [label for label, _ in overrun(row, asks, as_at, over, restart)[-over:]]
    return {label: late.count(label) for label in set(late)}


def overrun(row, asks, as_at, over, restart=None):
    """Every day that no day of the plan was left for, in the order of the plan: ((segment, service), which stretch of time)."""
    labels = day_labels(row, asks, as_at)
    if labels is None:
        return [(("unknown", "unknown"), -1)] * over
    start = read(row, as_at).start
    due = start + (len(labels) - over) * DAY
    floor = max(start, restart) if restart else start
    by = [min(max(due - days * DAY, floor), due - 28 * DAY) for days in (98, 56, 28)] + [due]
    found = [(("unknown", "unknown"), -1)] * max((start - by[2]).days, 0)
    stretches = [number for number, (_, some) in enumerate(groupby(labels)) for _ in some]
    purse, before = 0, min(start, by[2])
    for stage in range(4):
        purse += max((by[stage] - before).days, 0)
        before = max(before, by[stage])
        for label, stretch in zip(labels, stretches, strict=True):
            if label[2] != stage:
                continue
            if purse:
                purse -= 1
            else:
                found.append(((label[0], label[-1] if label[0] == "advice" else label[1]), stretch))
    return found


def dealt(days, sharers):
    """Deal days one by one; the sharer who begins moves on by one in every round."""
    hands = dict.fromkeys(sharers, 0)
    for number in range(days):
        turn, place = divmod(number, len(sharers))
        hands[sharers[(turn + place) % len(sharers)]] += 1
    return hands


def charges(row, asks, as_at, over, restart=None):
    """Days of lateness by (segment, owner): those that services were out with together are dealt between them."""
    late = overrun(row, asks, as_at, over, restart)[-over:]
    found = {}
    for (segment, service), stretch in dict.fromkeys(late):
        days = late.count(((segment, service), stretch))
        for owner, part in dealt(days, service.split(", ")).items():
            found[segment, owner] = found.get((segment, owner), 0) + part
    return {key: days for key, days in found.items() if days}


def equal_charges(row, asks, as_at, over, restart=None):
    """Days of lateness by (segment, owner), dealt between all that overran and all whose advice was late."""
    overran = overrun(row, asks, as_at, over, restart)
    sharers = {(segment, who) for (segment, service), _ in overran for who in service.split(", ")}
    sharers |= {("advice", service) for service in late_services(row, asks, as_at)}
    ordered = sorted(sharers, key=lambda pair: (SEGMENTS.index(pair[0]), OWNERS.index(pair[1])))
    return {key: days for key, days in dealt(over, ordered).items() if days}


def late_services(row, asks, as_at):
    """Services whose advice went past its own limit, not lifted, while the case ran."""
    labels = day_labels(row, asks, as_at)
    if labels is None:
        return set()
    end = read(row, as_at).start + len(labels) * DAY
    found = set()
    for ask in asks:
        judged = track_ask(ask, as_at=as_at, case=row)
        if judged["status"] in LATE and not judged["exempt"] and judged["due"] < end:
            kind = word(ask.get("advice_type"))
            found.add(kind if kind in KINDS else NOBODY)
    return found


def last_services(row, asks, as_at):
    """Services whose advice was the last in, or None where that cannot be told."""
    facts = read(row, as_at)
    if day_labels(row, asks, as_at) is None:
        return set()
    end = case_end(facts)
    last = end.day if end.ended else as_at
    first, over = _assessing_days(facts, last, _marks(row, facts, last, as_at)[0])
    waited = [a for a in (asking(ask, as_at) for ask in asks) if a and (a.since is None or a.since < over)]
    latest = _last(waited, first, over)
    if any(a.until is LOST for a in waited) and latest < over:
        return None
    return {a.service for a in _critical(waited, first, over, latest)}


def _assessing_days(facts, last, marks):
    """The last day known before the decision to issue, and the next one known."""
    first, within = facts.start, False
    for mark in marks:
        within |= mark.span == "assessing"
        if mark.day is LOST:
            continue
        over = last if mark.day is None else min(mark.day, last)
        if within:
            return first, max(first, over)
        first = max(first, over)
    raise AssertionError
