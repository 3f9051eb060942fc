"""One limit applied to one case, able to explain itself."""

from dataclasses import dataclass, field
from datetime import date

from ehcptime.law.versions import Version
from ehcptime.tracking.words import count, length, long_date

# Goes up when a line of an explanation gets another name or place (docs/stability.md); the words after the names may be improved.
EXPLANATION_FORMAT = 1
_MARKS = {
    "seen": "a published copy of the text was seen",
    "secondary": "known from a source that states or quotes it, not from the instrument itself",
    "memory": "not verified",
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A limit applied to a case as it stood on a day.

    `days_over` is whole days past the limit, negative in hand, None where the status is unknown or not_applicable. For a
    minimum period `due` is the last day of the period. `exempt` is the claim as recorded and `exempt_supported` what its dates show.
    """

    rule: str
    title: str
    start: date | None
    due: date | None
    done: date | None
    status: str
    days_over: int | None
    exempt: bool
    exempt_supported: str | None
    breach: bool
    cite: str
    url: str
    mark: str
    kind: str
    as_at: date
    version: Version = field(repr=False)
    trigger: str = field(repr=False, default="")
    reason: str = field(repr=False, default="")
    notes: tuple[str, ...] = field(repr=False, default=())
    day_one: bool = field(repr=False, default=False)
    replaced: bool = field(repr=False, default=False)
    lifted_by: str = field(repr=False, default="")

    def explain(self) -> str:
        """Say in words where the limit comes from, how it was counted and what it came to.

        >>> from ehcptime.records.case import Case
        >>> from ehcptime.tracking.timeline import timeline
        >>> case = Case(case_id="JSC", received_date=date(2025, 4, 2), assessment_outcome="N",
        ...             assessment_outcome_date=date(2025, 10, 21))
        >>> print(timeline(case, as_at=date(2025, 11, 1))["plan_refusal"].explain())
        Decision not to issue a plan (plan_refusal)
          starts: receipt of the request, or the day the authority became responsible if earlier: 2 April 2025
          limit: within 16 weeks of the day of the event, which is not counted
          sum: 2 April 2025 + 112 days = 23 July 2025
          outcome: done on 21 October 2025, 12 weeks 6 days late
          exemptions: none recorded
          source: SI 2014/1530 reg 10(1), statutory (a published copy of the text was seen; checked on 23 November 2026)
          link: https://www.legislation.gov.uk/uksi/2014/1530/regulation/10/2020-09-26
        """
        lines = [
            ("starts", "" if self.replaced else self._starts()),
            ("limit", "" if self.replaced else self._limit()),
            ("sum", self._sum()),
            ("outcome", self.outcome()),
        ]
        lines += [("exemptions", self._exemptions()), ("source", self._source()), ("link", self.url)]
        lines += [("note", note) for note in self.notes]
        body = [f"  {name}: {text}" for name, text in lines if text]
        return "\n".join([f"{self.title} ({self.rule})", *body])

    def outcome(self) -> str:
        """Say what the limit came to, in a few words."""
        says = {
            "not_applicable": f"does not apply{self._because()}",
            "unknown": f"cannot be told{self._because()}",
            "running": f"{self._period()} on {self._due()}, {self._left()}",
            "overdue": f"was due on {self._due()}, not done, {self._over()} over on {long_date(self.as_at)}",
            "ended_late": f"was due on {self._due()}; the case ended without it, {self._over()} over",
        }
        if self.exempt and self.status in {"running", "overdue", "ended_late"}:
            return self._lifted()
        if self.status == "too_soon":
            return f"done on {self._done()}, {self._over()} too soon: a query, not a breach"
        return says.get(self.status) or self._met()

    def _lifted(self) -> str:
        """What is said of a limit that is claimed to be lifted: never that it is due or overdue."""
        ended = "; the case ended without it" if self.status == "ended_late" else ""
        by = f" by {self.lifted_by}" if self.lifted_by else ""
        return (
            f"the limit, {self._due()}, is claimed to be lifted{by}: to be done as soon as practicable{ended}"
        )

    def _met(self) -> str:
        if self.done is None:
            return f"the period ended on {self._due()}"
        late = f"{self._over()} late" if self.status == "met_late" else "in time"
        return f"done on {self._done()}, {late}"

    def _because(self) -> str:
        return f": {self.reason}" if self.reason else ""

    def _period(self) -> str:
        return "the period ends" if self.version.is_floor else "due"

    def _due(self) -> str:
        return long_date(self.due) if self.due else "an unknown day"

    def _done(self) -> str:
        return long_date(self.done) if self.done else "an unknown day"

    def _over(self) -> str:
        return length(abs(self.days_over or 0))

    def _left(self) -> str:
        return f"{self._over()} left" if self.days_over else "the last day"

    def _starts(self) -> str:
        return f"{self.trigger}: {long_date(self.start) if self.start else 'day not known'}"

    def _limit(self) -> str:
        return self.version.words + (
            " (here counted with the day of receipt as day 1)" if self.day_one else ""
        )

    def _sum(self) -> str:
        if not (self.start and self.due) or not self._is_plain():
            return ""
        days = (self.due - self.start).days
        sign = "+" if days >= 0 else "-"
        return f"{long_date(self.start)} {sign} {count(abs(days))} = {long_date(self.due)}"

    def _is_plain(self) -> bool:
        """True where the last day is so many days from the first, and no agreement replaced it."""
        version = self.version
        return not (version.fixed or version.later_of or version.rolls or self.replaced)

    def _exemptions(self) -> str:
        if not self.exempt:
            return "none recorded"
        supported = {"yes": "its dates support it", "no": "its dates do not support it"}.get(
            self.exempt_supported or "", "whether its dates support it cannot be told"
        )
        return f"claimed; {supported}; whether the reason made the limit impractical is a person's judgement"

    def _source(self) -> str:
        checked = "" if self.mark == "memory" else f"; checked on {long_date(self.version.checked_on)}"
        return f"{self.cite}, {self.kind} ({_MARKS[self.mark]}{checked})"
