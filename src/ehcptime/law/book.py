"""The rule book: every rule by its id, read from the TOML files beside this module."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dateutil.relativedelta import relativedelta

from ehcptime.clock.limits import Limit
from ehcptime.errors import CommandError, RuleError, meant
from ehcptime.law.models import Exemption, Note, Route, Rule
from ehcptime.law.rule_files import exemptions_of, grown, read, rule_of
from ehcptime.law.versions import Row, Version


class RuleBook(Mapping[str, Rule]):
    """Rules by id: frozen, and read from files that a lawyer can review.

    >>> LAW["plan_final"].title
    'Final plan'
    """

    def __init__(
        self,
        rules: Mapping[str, Rule],
        exemptions: Mapping[str, Exemption],
        routes: Mapping[str, Route],
        *,
        chapters: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
        notes: tuple[Note, ...] = (),
        dates: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._rules = dict(rules)
        self.exemptions = MappingProxyType(dict(exemptions))
        self.routes = MappingProxyType(dict(routes))
        self.chapters = MappingProxyType(dict(chapters))
        self.notes = notes
        self.dates = MappingProxyType(dict(dates))
        for rule in self._rules.values():
            _known_exemptions(rule, self.exemptions)

    def __getitem__(self, rule: str) -> Rule:
        try:
            return self._rules[rule]
        except KeyError:
            raise CommandError(f"there is no rule {rule!r} in the rule book: {meant(rule, self)}") from None

    def __contains__(self, rule: object) -> bool:
        return rule in self._rules

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    def __repr__(self) -> str:
        return f"RuleBook(edition {self.edition}, {len(self)} rules)"

    @cached_property
    def edition(self) -> str:
        """Version of the rule book: the day a rule was last checked, and eight digits that any change of content changes.

        The digits begin the SHA-256 of `records()`, of the exemptions and of the routes, which decide what figures come to.

        >>> len(LAW.edition), LAW.edition[10]
        (19, '.')
        """
        checked = max(version.checked_on for rule in self.values() for version in rule.versions)
        content = [self.records(), *(_plain(rows) for rows in (self.exemptions, self.routes))]
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return f"{checked.isoformat()}.{hashlib.sha256(text.encode()).hexdigest()[:8]}"

    @cached_property
    def _limits(self) -> dict[str, tuple[Limit, ...]]:
        return {rule.id: rule.limits() for rule in self._rules.values()}

    @cached_property
    def _fresh_until(self) -> dict[str, date]:
        year = relativedelta(months=12)
        return {rule.id: rule.versions[-1].checked_on + year for rule in self._rules.values()}

    def limits(self, rules: Iterable[str]) -> tuple[Limit, ...]:
        """Limits of some rules, in the order given, as the engine wants them.

        >>> [limit.length for limit in LAW.limits(["plan_final", "request_decision"])]
        [20, 6]
        """
        return tuple(limit for rule in rules for limit in self._limits[self[rule].id])

    def shows(self) -> frozenset[str]:
        """Names of the acts that only one rule knows, so that one of them shows that what starts the rule had happened."""
        dones = [rule.done for rule in self.values()]
        return frozenset(name for name in dones if dones.count(name) == 1)

    def date_names(self) -> frozenset[str]:
        """Names of every date that a rule starts from, is done on, or takes the later of."""
        limits = self.limits(self)
        names = {name for limit in limits for name in (limit.start, limit.done, limit.selects_on)}
        names |= {limit.later.start for limit in limits if limit.later is not None}
        names |= {name for rule in self.values() for name in (*rule.only_with, *rule.ended_by)}
        return frozenset(names)

    def in_force(self, on: date) -> dict[str, Version]:
        """Give the version of each rule that applied on a day, by rule id; a rule that had none is left out.

        >>> "COVID" in LAW.in_force(date(2020, 6, 1))["plan_final"].exempt_by
        True
        """
        found = {rule.id: rule.version(on) for rule in self._rules.values()}
        return {rule: version for rule, version in found.items() if version is not None}

    def changes(self, before: date, after: date) -> dict[str, tuple[Version | None, Version | None]]:
        """Give the rules whose text differed between two days, each with both versions.

        >>> sorted(LAW.changes(date(2020, 4, 30), date(2020, 5, 1)))[0]
        'advice_body'
        """
        was, now = self.in_force(before), self.in_force(after)
        pairs = {rule: (was.get(rule), now.get(rule)) for rule in self if rule in was or rule in now}
        return {rule: pair for rule, pair in pairs.items() if _text(pair[0]) != _text(pair[1])}

    def unchecked(self, as_at: date) -> tuple[str, ...]:
        """Ids of the rules whose text was last checked more than twelve months before a day.

        >>> LAW.unchecked(date(2026, 12, 1))
        ()
        """
        return tuple(rule for rule, until in self._fresh_until.items() if until < as_at)

    def records(self) -> list[dict[str, Any]]:
        """Plain dicts, one per rule, with `id` and `versions`; dates as ISO text.

        >>> LAW.records()[0]["id"]
        'request_decision'
        """
        return [
            rule.model_dump(mode="json", by_alias=True, exclude_none=True) for rule in self._rules.values()
        ]

    def extend(self, path: str | Path) -> "RuleBook":
        """Return a new rule book with the rules of a TOML file added; this one stays as it is.

        A rule with a new id is added whole. A rule that is already here adds its `versions`: one that was in force without an
        end ends the day before the new one begins. Raises RuleError where the file does not load.
        """
        tables = read(Path(path))
        exemptions = {**self.exemptions, **exemptions_of(tables.pop("exemptions", {}))}
        rules = dict(self._rules)
        for rule, table in tables.items():
            rules[rule] = grown(rules[rule], table) if rule in rules else rule_of(rule, table)
        chapters = {**self.chapters, "added": tuple(rule for rule in rules if rule not in self)}
        return RuleBook(rules, exemptions, self.routes, chapters=chapters, notes=self.notes, dates=self.dates)


def _text(version: Version | None) -> dict[str, Any] | None:
    """What a version says, apart from when and where."""
    return (
        None
        if version is None
        else version.model_dump(exclude={"first", "last", "url", "checked_on", "note"})
    )


def _plain(rows: Mapping[str, Row]) -> dict[str, Any]:
    return {name: row.model_dump(mode="json", by_alias=True, exclude_none=True) for name, row in rows.items()}


def _known_exemptions(rule: Rule, exemptions: Mapping[str, Exemption]) -> None:
    for version in rule.versions:
        for code in version.exempt_by:
            if code not in exemptions:
                raise RuleError(
                    f"rule {rule.id!r}, key 'exempt_by', version from {version.first}: there is no exemption {code!r}; "
                    f"use one of {', '.join(exemptions)}"
                )


def _load() -> RuleBook:
    folder = files("ehcptime.law").joinpath("rules")
    book = tomllib.loads(folder.joinpath("book.toml").read_text(encoding="utf-8"))
    rules: dict[str, Rule] = {}
    chapters: dict[str, tuple[str, ...]] = {}
    for name in book["chapters"]:
        tables = tomllib.loads(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
        rules |= {rule: rule_of(rule, table) for rule, table in tables.items()}
        chapters[name] = tuple(tables)
    notes = tomllib.loads(folder.joinpath("notes.toml").read_text(encoding="utf-8"))["notes"]
    dates = tomllib.loads(folder.joinpath("dates.toml").read_text(encoding="utf-8"))["dates"]
    routes = {name: Route.model_validate(route) for name, route in book["routes"].items()}
    return RuleBook(
        rules,
        exemptions_of(book["exemptions"]),
        routes,
        chapters=chapters,
        notes=tuple(Note.model_validate(note) for note in notes),
        dates=dates,
    )


LAW = _load()
