"""The first six weeks: agreed, refused, withdrawn, and refusals that did not stand."""

from dataclasses import dataclass

import numpy as np

from ehcptime.datasets.arrivals import Window
from ehcptime.datasets.days import NEVER, Days, Flags, choose, exponential, kumaraswamy, upto, working
from ehcptime.datasets.people import YOUNGEST, People
from ehcptime.datasets.presets import Floats, Preset
from ehcptime.datasets.streams import Streams

ROUTES = (
    "mediation_agreement",
    "tribunal_order",
    "consent_order",
    "unopposed",
    "conceded",
    "order_to_make",
    "own_change",
)
_OWN_CHANGE = ROUTES.index("own_change")


@dataclass(frozen=True, slots=True)
class Challenge:
    """What followed a refusal; `route` is -1 and `reversal` is `NEVER` where it stands."""

    mediation: Flags
    tribunal: Flags
    route: Days
    reversal: Days


@dataclass(frozen=True, slots=True)
class Requests:
    """What became of each request; a day is `NEVER` where it did not happen.

    `agreed` is the day on which an assessment was agreed to, at once or by reversing a refusal.
    """

    received: Days
    moved_in: Days
    historic: Flags
    withdrawn: Days
    decided: Days
    refused: Flags
    challenge: Challenge
    agreed: Days


def days_to_decide(received: Days, preset: Preset, seen: Window, streams: Streams) -> Days:
    """Draw the day of the decision whether to assess: many just before six weeks, some well past it."""
    n = len(received)
    timely = (
        streams["decision_timely"].random(n) < preset.numbers("decided_in_6_weeks")[seen.slot(received + 42)]
    )
    at_panel = streams["decision_panel"].random(n) < preset.number("panel_spike")
    u = streams["decision_day"].random(n)
    early = 7 + np.floor(31 * kumaraswamy(u, 1.2, 1.2)).astype(np.int64)
    on_time = np.where(at_panel, 38 + np.floor(5 * u).astype(np.int64), early)
    return np.where(timely, on_time, 43 + exponential(u, preset.number("decision_tail_days")))


def _refused(people: People, preset: Preset, rng: np.random.Generator) -> Flags:
    """Refuse by source and age, with the mean as published."""
    by_source, by_age = preset.numbers("refused_by_source"), preset.numbers("refused_by_age")
    mean = (by_source @ preset.shares("source_shares")) * (by_age @ preset.shares("age_shares"))
    chance = by_source[people.source] * by_age[people.age - YOUNGEST] / mean * preset.number("refused")
    return np.asarray(rng.random(len(chance)) < chance, dtype=np.bool_)


def _route(mediated: Flags, ordered: int, u: Floats, preset: Preset) -> Days:
    tribunal = choose(u, preset.shares("tribunal_routes")) + 1
    return np.where(mediated, 0, np.where(tribunal == 1, ordered, tribunal))


def challenge_assess(refused: Flags, decided: Days, preset: Preset, streams: Streams) -> Challenge:
    """Draw mediation, appeal and reversal of the refusals to assess."""
    n = len(refused)
    parts = preset.numbers("challenges")
    kind = choose(streams["challenge"].random(n), np.append(parts, 1 - parts.sum()))
    mediation, tribunal = refused & ((kind == 0) | (kind == 2)), refused & ((kind == 1) | (kind == 2))
    won = (mediation | tribunal) & (streams["challenge_won"].random(n) < preset.number("challenges_won"))
    changed = refused & (kind == 3) & (streams["own_change"].random(n) < preset.number("unprompted_changes"))
    route = _route(mediation & ~tribunal, ROUTES.index("tribunal_order"), streams["route"].random(n), preset)
    route = np.where(won, route, np.where(changed, _OWN_CHANGE, -1))
    lag = np.where(
        tribunal, 90 + upto(streams["appeal_days"], n, 180), 30 + upto(streams["mediation_days"], n, 90)
    )
    return Challenge(mediation, tribunal, route, np.where(route >= 0, working(decided + lag), NEVER))


def challenge_issue(notice: Days, eligible: Flags, preset: Preset, streams: Streams) -> Challenge:
    """Draw mediation, appeal and reversal of the refusals to issue; only the `eligible` are reversed."""
    n = len(notice)
    refused = notice < NEVER
    mediation = refused & (streams["issue_mediated"].random(n) < preset.number("issue_mediated"))
    tribunal = refused & (streams["issue_appealed"].random(n) < preset.number("issue_appealed"))
    won = streams["issue_won"].random(n) < preset.number("issue_challenges_won")
    won &= (mediation | tribunal) & eligible
    route = _route(
        mediation & ~tribunal, ROUTES.index("order_to_make"), streams["issue_route"].random(n), preset
    )
    lag = np.where(
        tribunal,
        90 + upto(streams["issue_appeal_days"], n, 180),
        30 + upto(streams["issue_mediation_days"], n, 90),
    )
    return Challenge(
        mediation, tribunal, np.where(won, route, -1), np.where(won, working(notice + lag), NEVER)
    )


def draw_requests(
    received: Days, length: Days, people: People, preset: Preset, seen: Window, streams: Streams
) -> Requests:
    """Draw what became of each request, leaving room before a final plan `length` days after it."""
    n = len(received)
    lag = np.minimum(days_to_decide(received, preset, seen, streams), length - 50)
    decided = working(received + lag, received + 42)
    historic = streams["moved_in_with_plan"].random(n) < preset.number("moved_in_with_plan")
    withdrawn = ~historic & (streams["withdrawn"].random(n) < preset.number("withdrawn_request"))
    wait = np.floor(streams["withdrawn_day"].random(n) * (decided - received - 1)).astype(np.int64)
    undecided = historic | withdrawn
    refused = _refused(people, preset, streams["refused"]) & ~undecided
    challenge = challenge_assess(refused, decided, preset, streams)
    moved_in = (streams["moved_in"].random(n) < preset.number("moved_in")) & ~undecided
    return Requests(
        received=received,
        moved_in=np.where(moved_in, received + upto(streams["moved_in_day"], n, 4), NEVER),
        historic=historic,
        withdrawn=np.where(withdrawn, received + 1 + wait, NEVER),
        decided=np.where(undecided, NEVER, decided),
        refused=refused,
        challenge=challenge,
        agreed=np.where(undecided, NEVER, np.where(refused, challenge.reversal, decided)),
    )
