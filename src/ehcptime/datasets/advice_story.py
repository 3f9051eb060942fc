"""Who was asked for advice, when, and when the answer came."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from ehcptime.datasets.days import NEVER, Days, Flags, Wait, choose, upto, working
from ehcptime.datasets.plan_story import Plans
from ehcptime.datasets.presets import Preset
from ehcptime.datasets.request_story import Requests
from ehcptime.datasets.streams import Streams

# Kind of advice: its place in the list is its label, the name is the parameter that holds its waits.
KINDS = ("education", "health", "psychology", "social_care", "salt", "ot", "parent")
OUTCOMES = ("provided", "not_known", "rejected")
SOURCES = ("in-house", "associate", "agency")


@dataclass(frozen=True, slots=True)
class Askings:
    """One entry per asking, `case` being the place of its request; a day is `NEVER` where it did not happen."""

    case: Days
    kind: Days
    round: Days
    requested: Days
    allocated: Days
    body_received: Days
    returned: Days
    outcome: Days
    source: Days
    missed: Flags

    @property
    def of_services(self) -> Flags:
        """Say which askings are of a service, and not of the family, on whom there is no limit."""
        return np.asarray(self.kind != KINDS.index("parent"), dtype=np.bool_)

    def take(self, rows: Flags | Days) -> "Askings":
        """Give some of the askings."""
        return Askings(*(getattr(self, f.name)[rows] for f in fields(self)))


def asking_days(requests: Requests, plans: Plans, preset: Preset, streams: Streams) -> Mapping[str, Days]:
    """Draw the day on which each kind of advice was asked for, in every case, needed or not."""
    n = len(requests.received)
    lag = Wait(*preset.numbers("ask_lag_days")).days(streams["ask_lag"].random(n))
    latest = np.maximum(plans.advice_by - 12, requests.agreed + 3)
    days = {
        kind: working(
            np.clip(requests.agreed + 3 + lag + upto(streams[f"ask_{kind}"], n, 2), requests.agreed, latest)
        )
        for kind in KINDS
        if kind != "parent"
    }
    return {**days, "parent": days["education"]}  # the family is written to with the setting


def _wanted(kind: str, n: int, preset: Preset, streams: Streams) -> Flags:
    if kind not in {"salt", "ot"}:
        return np.ones(n, dtype=np.bool_)
    return np.asarray(streams[f"wanted_{kind}"].random(n) < preset.number(f"asked_{kind}"), dtype=np.bool_)


def _answer_days(kind: str, asked: Days, room: Days, preset: Preset, streams: Streams) -> Days:
    """Draw the day of the answer: mostly within the room before the draft, sometimes after it, a family's never."""
    median, ninetieth = preset.numbers(f"{kind}_weeks") * 7
    wait, u = Wait(median, ninetieth), streams[f"answer_{kind}"].random(len(asked))
    late = streams[f"after_draft_{kind}"].random(len(asked)) < preset.number("after_draft")
    late &= kind != "parent"
    return working(
        asked + np.maximum(np.where(late, wait.days_beyond(u, room), wait.days_within(u, room)), 1)
    )


def _one_kind(kind: str, asked: Days, room: Days, preset: Preset, streams: Streams) -> Askings:
    """Draw the first round of one kind of advice for every case."""
    n, place = len(asked), KINDS.index(kind)
    returned = _answer_days(kind, asked, room, preset, streams)
    health, psychology = kind == "health", kind == "psychology"
    body = np.full(n, NEVER)
    if kind in preset.words(
        "bound_by_reg_8"
    ):  # its six weeks run from the day on which the body has the request
        body = np.minimum(working(asked + upto(streams[f"{kind}_post"], n, 3)), returned)
    share = 0.2 + 0.6 * streams["allocated"].random(n) if psychology else np.zeros(n)
    allocated = working(asked + np.floor(share * (returned - asked)).astype(np.int64))
    unknown = kind == "social_care" and streams["not_known"].random(n) < preset.number("not_known")
    source = choose(streams["psychology_source"].random(n), preset.shares("psychology_sources"))
    missed = (
        health & (returned - asked > 42) & (streams["missed"].random(n) < preset.number("missed_appointment"))
    )
    return Askings(
        case=np.arange(n),
        kind=np.full(n, place),
        round=np.ones(n, dtype=np.int64),
        requested=asked,
        allocated=allocated if psychology else np.full(n, NEVER),
        body_received=np.maximum(body, asked),
        returned=returned,
        outcome=np.where(unknown, OUTCOMES.index("not_known"), np.zeros(n, dtype=np.int64)),
        source=source if psychology else np.full(n, -1),
        missed=np.asarray(missed, dtype=np.bool_),
    )


def _with_second_round(first: Askings, kind: str, preset: Preset, streams: Streams) -> list[Askings]:
    """Split some waits in two: an answer sent back, and the asking that followed it."""
    wait = first.returned - first.requested
    rejected = streams[f"rejected_{kind}"].random(len(wait)) < preset.number("rejected")
    rejected &= (wait >= 20) & (first.outcome == 0) & (kind not in {"social_care", "parent"})
    back = working(first.requested + (0.6 * wait).astype(np.int64))
    again = working(back + 4)
    one = replace(
        first,
        returned=np.where(rejected, back, first.returned),
        outcome=np.where(rejected, OUTCOMES.index("rejected"), first.outcome),
        allocated=np.where(rejected, np.minimum(first.allocated, back), first.allocated),
    )
    two = replace(
        first,
        round=np.full(len(wait), 2),
        requested=again,
        allocated=np.where(first.allocated < NEVER, again, NEVER),
        body_received=np.where(first.body_received < NEVER, again, NEVER),
        missed=np.zeros(len(wait), dtype=np.bool_),
    )
    one = replace(one, allocated=np.where(first.allocated < NEVER, one.allocated, NEVER))
    return [one, two.take(rejected)]


def draw_askings(
    asked: Mapping[str, Days], requests: Requests, plans: Plans, preset: Preset, streams: Streams
) -> Askings:
    """Draw every asking of every assessment, in the order of the cases; none outlives an early end of its case."""
    parts: list[Askings] = []
    for kind in KINDS:
        first = _one_kind(kind, asked[kind], plans.advice_by - asked[kind], preset, streams)
        wanted = _wanted(kind, len(first.case), preset, streams) & (requests.agreed < NEVER)
        parts += [part.take(wanted[part.case]) for part in _with_second_round(first, kind, preset, streams)]
    every = Askings(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Askings)))
    every = every.take(np.argsort(every.case, kind="stable"))
    ended = plans.ended[every.case]
    every = every.take(every.requested < ended)
    ended = plans.ended[every.case]
    cut = {name: getattr(every, name) for name in ("allocated", "body_received", "returned")}
    return replace(every, **{name: np.where(days < ended, days, NEVER) for name, days in cut.items()})
