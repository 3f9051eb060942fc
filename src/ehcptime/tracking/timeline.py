"""The door for one case: its limits as frozen, self-explaining deadlines."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from ehcptime.clock.counting import to_date
from ehcptime.errors import CommandError, meant
from ehcptime.law.book import LAW, RuleBook
from ehcptime.records.arrays import facts_of_record
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.tracking.claims import claims_of_case
from ehcptime.tracking.columns import as_at_day, plain_day
from ehcptime.tracking.deadline import Deadline
from ehcptime.tracking.limits import CLOCKS, CONVENTIONS, RULES, judged
from ehcptime.tracking.situation import STAGES, age_days, is_open, situation, stage
from ehcptime.tracking.track import warn_unchecked
from ehcptime.tracking.triggered import after_reversal, on_advice, on_other_dates, on_request
from ehcptime.tracking.words import long_date


@dataclass(frozen=True)
class Timeline:
    """The limits of one case as they stood on a day: iterable in order of due date, and indexed by rule id."""

    case_id: str
    as_at: date
    stage: str
    is_open: bool
    age_days: int | None
    plan_final_clock: str | None
    plan_final_due_other: date | None
    deadlines: tuple[Deadline, ...]
    unchecked: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Deadline]:
        return iter(self.deadlines)

    def __len__(self) -> int:
        return len(self.deadlines)

    def __getitem__(self, rule: str) -> Deadline:
        """Give the deadline of a rule; where a rule has several (advice), the first by due date."""
        for deadline in self.deadlines:
            if deadline.rule == rule:
                return deadline
        rules = dict.fromkeys(deadline.rule for deadline in self.deadlines)
        raise CommandError(f"this timeline has no rule {rule!r}: {meant(rule, rules)}")

    def explain(self, rule: str) -> str:
        """Explain the deadlines of a rule in words: trigger, counting, sum, outcome, exemptions and source."""
        self[rule]
        texts = [deadline.explain() for deadline in self.deadlines if deadline.rule == rule]
        return "\n\n".join([*texts, *self._old([rule])])

    def _old(self, rules: Iterable[str]) -> list[str]:
        """Say which of some rules were last checked more than twelve months before."""
        old = [rule for rule in self.unchecked if rule in set(rules)]
        return (
            [f"last checked more than twelve months before {long_date(self.as_at)}: {', '.join(old)}"]
            if old
            else []
        )

    def __str__(self) -> str:
        head = f"{self.case_id} as at {long_date(self.as_at)}: {self.stage}"
        lines = [f"  {d.title}: {d.outcome()}" for d in self.deadlines]
        return "\n".join([head, *lines, *self._old(d.rule for d in self.deadlines)])

    def _repr_html_(self) -> str:
        """Show the limits as a table in a notebook."""
        rows = "".join(
            f'<tr><th scope="row">{escape(d.title)}</th><td>{_cell(d.start)}</td><td>{_cell(d.due)}</td>'
            f"<td>{_cell(d.done)}</td><td>{escape(d.outcome())}</td><td>{escape(d.cite)}</td></tr>"
            for d in self.deadlines
        )
        head = "".join(
            f'<th scope="col">{name}</th>' for name in ("limit", "starts", "due", "done", "outcome", "source")
        )
        said = [
            f"{self.case_id} as at {long_date(self.as_at)}: {self.stage}",
            *self._old(d.rule for d in self.deadlines),
        ]
        caption = escape("; ".join(said))
        return (
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )


def _cell(day: date | None) -> str:
    return long_date(day) if day else ""


def timeline(
    case: Case,
    *,
    as_at: date,
    advice: Iterable[AdviceRequest] = (),
    exemptions: Iterable[Mapping[str, Any]] = (),
    closures: Iterable[Mapping[str, Any]] = (),
    rules: Iterable[str] = (),
    law: RuleBook = LAW,
    convention: str = "receipt_excluded",
) -> Timeline:
    """Apply every limit that the facts of one case have triggered, as it stood on a day.

    The five limits on a request are always there; what follows a reversal, and what `other_dates` of the case trigger, come
    with them. `advice` adds the limits of the askings of this case. `exemptions` are claims and `closures` those of the setting, each a
    mapping by the names of the frame contract. A limit whose text is not verified (mark `memory`) is left out unless `rules` names it. The result
    equals the row that `track` gives for the same case. Raises CommandError for a wrong argument. The rules and their sources are
    in `LAW`.

    >>> case = Case(case_id="JSC", received_date=date(2025, 4, 2))
    >>> timeline(case, as_at=date(2025, 8, 21))["plan_final"].outcome()
    'was due on 20 August 2025, not done, 1 day over on 21 August 2025'
    """
    as_at = plain_day(as_at)
    day = as_at_day(as_at)
    named = (rules,) if isinstance(rules, str) else tuple(rules)
    for rule in named:
        law[rule]
    if convention not in CONVENTIONS:
        raise CommandError(f"convention {convention!r} is not known: use one of {', '.join(CONVENTIONS)}")
    now = situation(facts_of_record(dict(case), "cases"), day)
    found = judged(now, day, law, convention)
    asked = tuple(asking for asking in advice if asking.case_id == case.case_id)
    claims = claims_of_case(case, exemptions, as_at=as_at, closures=closures, law=law, advice=asked)
    deadlines = [
        on_request(place, case, now, found, claims, as_at, law, convention) for place in range(len(RULES))
    ]
    deadlines += [on_advice(asking, now, as_at, law) for asking in asked]
    deadlines += after_reversal(case, now, as_at, law, claims)
    deadlines += on_other_dates(case, now, as_at, law, named, claims)
    warn_unchecked(law, (deadline.rule for deadline in deadlines), as_at)
    ages, empty = age_days(now, day)
    clock = int(found.clock[0])
    return Timeline(
        case_id=case.case_id,
        as_at=as_at,
        stage=STAGES[int(stage(now)[0])],
        is_open=bool(is_open(now)[0]),
        age_days=None if empty[0] else int(ages[0]),
        plan_final_clock=CLOCKS[clock] if clock >= 0 else None,
        plan_final_due_other=to_date(found.other_due[0]),
        deadlines=tuple(sorted(deadlines, key=lambda d: (d.due is None, d.due or date.max))),
        unchecked=law.unchecked(as_at),
    )
