"""A deadline made from a rule and what the engine found."""

from datetime import date
from typing import Any

from ehcptime.clock import engine
from ehcptime.law.models import Rule
from ehcptime.tracking.deadline import Deadline


def made(
    rule: Rule,
    *,
    status: int,
    days_over: int,
    as_at: date,
    title: str = "",
    source: Rule | None = None,
    by: str = "",
    **parts: Any,
) -> Deadline:
    """Make a deadline of a rule and what it came to; `source` is the rule whose words apply, `by` what makes them apply."""
    start: date | None = parts["start"]
    source = source or rule
    version = (source.version(start) if start else None) or source.versions[-1]
    late = bool(engine.IS_LATE[status])
    parts.setdefault("exempt_supported", None)
    return Deadline(
        rule=rule.id,
        title=title or rule.title,
        status=engine.STATUSES[status],
        days_over=None if status <= engine.UNKNOWN_STATUS else days_over,
        breach=late and source.kind == rule.kind == "statutory" and not (parts["exempt"] or rule.of_family),
        cite=f"{version.cite}, by {by}" if by else version.cite,
        url=version.url,
        mark=version.mark,
        kind=source.kind,
        trigger=source.trigger,
        version=version,
        as_at=as_at,
        **parts,
    )
