"""From the agreement to assess to a plan, a refusal to issue, or another end."""

from dataclasses import dataclass

import numpy as np

from ehcptime.datasets.days import NEVER, Days, Flags, Wait, choose, exponential, upto, working
from ehcptime.datasets.presets import Preset
from ehcptime.datasets.request_story import Challenge, Requests, challenge_issue
from ehcptime.datasets.streams import Streams

REASONS = ("withdrawn", "moved_out", "died")


@dataclass(frozen=True, slots=True)
class Plans:
    """What became of each assessment; a day is `NEVER` where it did not happen.

    `notice` is the refusal to issue, `advice_by` the day by which advice was wanted whether or not the case lived to
    see it, `earlier_draft` the draft that the last one replaced, `ended` and `reason` an end with neither plan nor refusal.
    """

    notice: Days
    challenge: Challenge
    advice_by: Days
    issue_decided: Days
    earlier_draft: Days
    draft: Days
    final: Days
    ended: Days
    reason: Days

    @property
    def issued_path(self) -> Flags:
        """Say which cases were never refused a plan: the plan of the others is not their outcome."""
        return self.notice >= NEVER


def final_days(requests: Requests, length: Days) -> Days:
    """Give the day of the final plan, if there is one: after a reversal the deciding time is not repeated."""
    received = requests.received
    plain = working(received + length, received + 140)
    fresh = working(requests.agreed + np.maximum(length - 42, 60))
    return np.where(requests.agreed >= NEVER, NEVER, np.where(requests.refused, fresh, plain))


def notice_days(requests: Requests, preset: Preset, streams: Streams) -> Days:
    """Draw the day of the notice that no plan will be issued, were there one."""
    n = len(requests.received)
    u = streams["notice_day"].random(n)
    timely = streams["notice_timely"].random(n) < preset.number("no_plan_in_16_weeks")
    late = 113 + exponential(u, preset.number("no_plan_tail_days"))
    start = np.where(requests.refused, requests.agreed - 42, requests.received)
    day = np.maximum(
        start + np.where(timely, 112 - np.floor(20 * u).astype(np.int64), late), requests.agreed + 45
    )
    return working(day, start + 112)


def _drafts(agreed: Days, final: Days, preset: Preset, streams: Streams) -> tuple[Days, Days, Days]:
    """Work back from the final plan to the last draft, the one before it and the decision to issue."""
    n = len(final)
    median, ninetieth = preset.numbers("draft_to_final_weeks") * 7
    gap = np.maximum(Wait(median, ninetieth).days(streams["draft"].random(n)), 17)
    draft = working(final - np.minimum(gap, np.maximum(final - agreed - 25, 17)))
    several = streams["several_drafts"].random(n) < preset.number("several_drafts")
    earlier = working(np.maximum(draft - 5 - upto(streams["earlier_draft"], n, 15), agreed + 20))
    first = np.where(several & (earlier < draft), earlier, draft)
    decided = working(np.maximum(first - upto(streams["issue_decision"], n, 10), agreed + 17))
    return draft, np.where(first < draft, first, NEVER), np.minimum(decided, first)


def _early_ends(n: int, preset: Preset, streams: Streams) -> Days:
    """Draw why an assessment ends early: a place in `REASONS`, or their number where it does not."""
    shares = np.array([preset.number(name) for name in ("withdrawn_assessment", "moved_out", "died")])
    return choose(streams["early_end"].random(n), np.append(shares, 1 - shares.sum()))


def draw_plans(requests: Requests, length: Days, preset: Preset, streams: Streams) -> Plans:
    """Draw what became of each assessment that was agreed to."""
    n = len(length)
    agreed = requests.agreed
    assessed = agreed < NEVER
    reason = _early_ends(n, preset, streams)
    early = assessed & (reason < len(REASONS))
    no_plan = assessed & ~early & (streams["no_plan"].random(n) < preset.number("no_plan"))
    notice = np.where(no_plan, notice_days(requests, preset, streams), NEVER)
    challenge = challenge_issue(notice, ~requests.refused, preset, streams)
    final = _final(requests, challenge, no_plan, length, streams)
    draft, earlier, decided = _drafts(np.where(no_plan, challenge.reversal, agreed), final, preset, streams)
    ended = _ended(early, agreed, final, streams)
    return Plans(
        notice=notice,
        challenge=challenge,
        advice_by=np.minimum(notice, draft),
        issue_decided=np.where(no_plan, notice, _before(decided, ended)),
        earlier_draft=_before(earlier, ended),
        draft=_before(draft, ended),
        final=_before(final, ended),
        ended=ended,
        reason=np.where(early, reason, -1),
    )


def _final(requests: Requests, challenge: Challenge, no_plan: Flags, length: Days, streams: Streams) -> Days:
    ordered = working(challenge.reversal + 50 + upto(streams["ordered_plan"], len(length), 40))
    return np.where(
        no_plan, np.where(challenge.reversal < NEVER, ordered, NEVER), final_days(requests, length)
    )


def _ended(early: Flags, agreed: Days, final: Days, streams: Streams) -> Days:
    share = streams["early_end_day"].random(len(final))
    day = agreed + 1 + np.floor(share * (final - agreed - 2)).astype(np.int64)
    return np.where(early, day, NEVER)


def _before(days: Days, ended: Days) -> Days:
    """Blank the days that an early end prevented, and those counted from a day that never came."""
    return np.where((days < ended) & (days < NEVER // 2), days, NEVER)
