"""The questions of the conformance pack: facts, a day to look, and what each is about; tools/conformance.py adds the answers.

Every rule is asked about at its last day and on both sides of it, from days on which calendars go wrong and from the first day of each
version; then come exemptions, routes, starts, ends, missing facts, the examples that were worked by hand and the published decisions.
"""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from ehcptime.datasets.decisions import published_decisions
from ehcptime.law.book import LAW
from ehcptime.testing.answering import answer
from ehcptime.tracking.advice import ADVICE_RULES
from ehcptime.tracking.after_reversal import AFTER
from ehcptime.tracking.limits import RULES

TOP = Path(__file__).parent.parent
SETTINGS = tomllib.loads((TOP / "tools" / "conformance.toml").read_text(encoding="utf-8"))
DONE = "DONE"  # stands in a story for the day of the act

Facts = dict[str, Any]


class Base(NamedTuple):
    """A question before its act is done: its facts, what the act adds to them, and where it comes from."""

    name: str
    rule: str
    facts: Facts
    act: Facts
    more: Facts


def day(text: str, later: int = 0) -> str:
    """Give a day some days later, as text."""
    return (date.fromisoformat(text) + timedelta(days=later)).isoformat()


def base(rule: str, start: str, name: str, later: str | None = None, **more: Any) -> Base:
    """Make the facts of a rule that starts on a day: beside it whatever a case has that has come so far."""
    facts: Facts = {LAW[rule].start: start}
    second = LAW[rule].versions[-1].later_of
    if second is not None and later is not None:
        facts[second.start] = later
    beside = SETTINGS["beside"].get(rule, {})
    facts |= {key: day(start, value) if isinstance(value, int) else value for key, value in beside.items()}
    codes = {} if (code := LAW[rule].only_if) is None else {code.column: code.code}
    only_with = {other: start for other in LAW[rule].only_with[:1] if other != LAW[rule].done}
    return Base(
        name, rule, facts | only_with, {LAW[rule].done: DONE, **codes, **SETTINGS["act"].get(rule, {})}, more
    )


def question(one: Base, *, as_at: str, done: str | None = None, **facts: Any) -> Facts:
    """Make a question of a base: with its act done on a day, or not done."""
    act = {} if done is None else {key: done if value == DONE else value for key, value in one.act.items()}
    found = {**one.facts, **act, **facts}
    more = dict(one.more)
    if one.rule not in ADVICE_RULES:
        return {"rule": one.rule, "as_at": as_at, "case": found, **more}
    asked = {"advice_type": "health" if one.rule == "advice_body" else "psychology", **found}
    if "exemptions" in more:
        asked["exemption"] = more.pop("exemptions")[0]["code"]
    return {"rule": one.rule, "as_at": as_at, "case": {}, "advice": asked, **more}


def sides(one: Base, wanted: str = "all") -> Iterator[tuple[str, Facts]]:
    """Ask on the last day of a limit and on both sides of it: done and not done, cut off, and ended."""
    start = one.facts[LAW[one.rule].start]
    due = answer(question(one, as_at=start))["due"]
    if due is None:
        yield "no-limit", question(one, as_at=day(start, 400))
        return
    look = day(max(due, start), 30)
    yield "done-on-the-last-day", question(one, as_at=look, done=due)
    yield "done-a-day-later", question(one, as_at=look, done=day(due, 1))
    if wanted == "ends":
        return
    yield "last-day-not-done", question(one, as_at=due)
    yield "day-after-not-done", question(one, as_at=day(due, 1))
    if wanted == "both":
        return
    yield "done-a-day-before", question(one, as_at=look, done=day(due, -1))
    yield "done-later-than-as-at", question(one, as_at=due, done=day(due, 1))
    yield "done-before-the-start", question(one, as_at=look, done=day(start, -1))
    yield "not-begun", question(one, as_at=day(start, -1))
    yield "ended-on-the-last-day", _ended(question(one, as_at=look), one, due)
    yield "ended-a-day-later", _ended(question(one, as_at=look), one, day(due, 1))


def _ended(asked: Facts, one: Base, on: str) -> Facts:
    """End the case on a day; for an asking, that of its case."""
    case = {"received_date": day(on, -100)} if one.rule in ADVICE_RULES else {}
    end = (
        {"closed_date": on, "closed_reason": "withdrawn"} if _is_of_a_case(one.rule) else {"closed_date": on}
    )
    return {**asked, "case": {**asked["case"], **case, **end}}


def _is_of_a_case(rule: str) -> bool:
    return rule in (*RULES, *AFTER, *ADVICE_RULES)


def boundaries() -> Iterator[tuple[str, Facts]]:
    """Every rule from an ordinary day, from days that trip calendars, and from the edges of its versions."""
    for rule in LAW:
        second = LAW[rule].versions[-1].later_of
        later = None if second is None else SETTINGS["later"].get(rule)
        for number, start in enumerate(_starts(rule)):
            found = base(rule, start, f"from-{start}", None if later is None else day(start, later))
            yield from _named("boundary", found, sides(found, "all" if number == 0 else "ends"))
        for start, other in SETTINGS["pairs"].get(rule, []):
            found = base(rule, start, f"from-{start}-and-{other}", other)
            yield from _named("boundary", found, sides(found, "both"))


def _starts(rule: str) -> list[str]:
    lengths = [version.length for version in LAW[rule].versions]
    lengths += [version.later_of.length for version in LAW[rule].versions if version.later_of]
    units = {length.unit for length in lengths} & set(SETTINGS["starts"])
    edges = {version.first.isoformat() for version in LAW[rule].versions}
    days = [
        *SETTINGS["starts"]["any"],
        *(start for unit in sorted(units) for start in SETTINGS["starts"][unit]),
    ]
    return list(dict.fromkeys([*days, *sorted({*edges, *(day(edge, -1) for edge in edges)})]))


def _named(
    group: str, one: Base, asked: Iterator[tuple[str, Facts]], **about: Any
) -> Iterator[tuple[str, Facts]]:
    for side, found in asked:
        yield f"{one.rule}/{group}/{one.name}/{side}", {"group": group, **about, **found}


def stories() -> Iterator[tuple[str, Facts]]:
    """What no rule says by itself: other starts, routes, reversals, ends and facts that are missing."""
    for story in SETTINGS["story"]:
        for rule in story["rules"]:
            more = {key: story[key] for key in ("convention", "exemptions") if key in story}
            act = {LAW[rule].done: DONE, **SETTINGS["act"].get(rule, {})}
            one = Base(story["name"], rule, dict(story["case"]), act, more)
            looks = [(f"as-at-{at}", question(one, as_at=at)) for at in story.get("as_at", [])]
            asked = iter(looks) if looks else _at_its_limit(one)
            yield from _named(story["group"], one, asked, because=story["because"])


def _at_its_limit(one: Base) -> Iterator[tuple[str, Facts]]:
    """Both sides of the limit in force, with the act done and not done."""
    due = answer(question(one, as_at="2026-06-01"))["due"]
    if due is None:
        yield "no-limit", question(one, as_at="2026-06-01")
        return
    for side, done, as_at in (
        ("done-on-the-last-day", due, 60),
        ("done-a-day-later", day(due, 1), 60),
        ("last-day-not-done", None, 0),
        ("day-after-not-done", None, 1),
    ):
        yield side, question(one, as_at=day(due, as_at), done=done)


def exemptions() -> Iterator[tuple[str, Facts]]:
    """Every code that may lift a rule, one that may not, and coronavirus at the edges of its time."""
    for rule in LAW:
        for code in {*(code for v in LAW[rule].versions for code in v.exempt_by), "EP_SHORTAGE"}:
            for start in SETTINGS["covid"] if code == "COVID" else SETTINGS["starts"]["any"][:1]:
                claim = {"rule": rule, "code": code}
                found = base(rule, start, f"{code}-from-{start}", exemptions=[claim])
                second = LAW[rule].versions[-1].later_of
                if second is not None and second.is_needed:
                    found = base(rule, start, found.name, day(start, -30), exemptions=[claim])
                yield from _named("exemption", found, _late(found))


def _late(one: Base) -> Iterator[tuple[str, Facts]]:
    due = answer(question(one, as_at=one.facts[LAW[one.rule].start]))["due"]
    if due is not None:
        yield "done-a-day-later", question(one, as_at=day(due, 60), done=day(due, 1))


def worked() -> Iterator[tuple[str, Facts]]:
    """The examples that were worked by hand, whose answers do not come from the code."""
    path = TOP / "tests" / "spec" / "examples.toml"
    for number, example in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["example"]):
        facts = {key: _text(value) for key, value in example["facts"].items()}
        asked = {"group": "worked", "rule": example["rule"], "as_at": _text(example["as_at"])}
        about = (
            {"case": {}, "advice": {"requested_date": None, **facts}}
            if example["rule"] in ADVICE_RULES
            else {"case": facts}
        )
        if example["rule"] in AFTER and "reversal_route" not in facts:
            continue
        yield (
            f"{example['rule']}/worked/{number + 1}",
            {**asked, **about, "because": example["because"]},
        )


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def decisions() -> Iterator[tuple[str, Facts]]:
    """What courts, the Ombudsman and advisers have published; where they differ from the law, both days."""
    rows = published_decisions()
    for row in rows[rows["rule"].isin(list(LAW))].to_dict("records"):
        expected = f"{row['expected_due']:%Y-%m-%d}"
        start = day(expected, -140) if pd.isna(row["start_date"]) else f"{row['start_date']:%Y-%m-%d}"
        one = base(row["rule"], start, row["id"])
        if row["id"] in SETTINGS["decision"]:
            one = one._replace(facts={**one.facts, **SETTINGS["decision"][row["id"]]})
        if row["route"] == row["route"] and row["rule"] in AFTER:
            one = one._replace(facts={**one.facts, "reversal_route": row["route"]})
        done = None if pd.isna(row["actual_date"]) else f"{row['actual_date']:%Y-%m-%d}"
        asked = question(one, as_at=expected if done is None else day(done, 1), done=done)
        about = {"group": "decision", "source": row["source"], "published_due": expected}
        if row["agrees"] != "yes":
            about["conflict"] = "the published day differs" if row["agrees"] == "no" else row["agrees"]
        yield f"{row['rule']}/decision/{row['id']}", {**about, **asked}


FAMILIES = (boundaries, stories, exemptions, worked, decisions)
