"""The run behind a report: its extract as tracked, its periods, and who is to read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.audiences import Audience
from ehcptime.outputs.kpi import Kpi
from ehcptime.outputs.manifest import Manifest, manifest
from ehcptime.outputs.markers import MADE_UP
from ehcptime.outputs.pages.presets import Preset
from ehcptime.questions.check import check
from ehcptime.questions.effect import Effect, effect
from ehcptime.questions.equality import EqualityView, equality_view
from ehcptime.questions.measures import MEASURES, Measure
from ehcptime.questions.parts import parts
from ehcptime.questions.periods import label, last_day
from ehcptime.questions.timeliness import periods_in
from ehcptime.records.extract import Extract
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.columns import plain_day
from ehcptime.tracking.track import track


@dataclass(frozen=True, eq=False)
class Run:
    """What every section of a report is made from. `periods` are the labels of the trend, the last of which is reported on.

    `earlier` are extracts taken before, each tracked at its own day.
    """

    extract: Extract
    as_at: date
    preset: Preset
    audience: Audience
    kpis: tuple[Kpi, ...]
    provider: str | None
    periods: tuple[str, ...]
    earlier: tuple[pd.DataFrame, ...] = ()

    @property
    def now(self) -> str:
        """The period reported on."""
        return self.periods[-1]

    @property
    def before(self) -> str:
        """The period before it."""
        return self.periods[-2]

    @property
    def first_day(self) -> date:
        """The first day of the trend."""
        day = self.as_at
        while label(day, self.preset.period) != self.periods[0]:
            day = _month_before(day)
        while label(_month_before(day), self.preset.period) == self.periods[0]:
            day = _month_before(day)
        return day.replace(day=1)

    @property
    def is_made_up(self) -> bool:
        """Whether the extract holds simulated cases."""
        return bool(
            self.extract.cases["case_id"].astype("string").str.startswith(MADE_UP).fillna(value=False).any()
        )

    @property
    def is_public(self) -> bool:
        """Whether anyone may read it, so that small numbers are hidden."""
        return self.audience == "public"

    @property
    def is_internal(self) -> bool:
        """Whether it stays inside."""
        return self.audience == "internal"

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The five measures, the lead first."""
        return tuple(MEASURES[name] for name in self.preset.measures)

    @property
    def lead(self) -> Measure:
        """The measure that the page opens with."""
        return self.measures[0]

    @cached_property
    def manifest(self) -> Manifest:
        """What the report rests on."""
        return manifest(self.extract, as_at=self.as_at)

    @cached_property
    def tracked(self) -> pd.DataFrame:
        """The cases, tracked."""
        extract = self.extract
        return track(
            extract.cases, as_at=self.as_at, exemptions=extract.exemptions, closures=extract.closures
        )

    @cached_property
    def advice(self) -> pd.DataFrame:
        """The askings, tracked."""
        return track_advice(self.extract.advice, as_at=self.as_at, cases=self.extract.cases)

    @cached_property
    def problems(self) -> pd.DataFrame:
        """What `check` finds."""
        extract = self.extract
        return check(
            extract.cases,
            as_at=self.as_at,
            advice=extract.advice,
            exemptions=extract.exemptions,
            closures=extract.closures,
            unread=extract.unread,
        )

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """What the problems can do to each measure."""
        return tuple(effect(self.problems, self.rows_in(one, self.now), one) for one in self.measures)

    @cached_property
    def equality(self) -> EqualityView:
        """Groups of children beside all of them: plans due, and who is open."""
        return equality_view(self.tracked)

    @cached_property
    def _fallen(self) -> Mapping[str, npt.NDArray[np.object_]]:
        """The period of each tracked case, by measure."""
        found = {}
        for one in self.measures:
            place, labels, _ = periods_in(parts(self.tracked, one), self.preset.period, self.tracked)
            found[one.id] = np.array(labels, dtype=object)[place]
        return found

    def rows_in(self, measure: Measure, period: str) -> pd.DataFrame:
        """The tracked cases that fall in a period by one of the measures; who is open has no period, so all are given."""
        if measure.cohort == "open":
            return self.tracked
        rows: pd.DataFrame = self.tracked.loc[self._fallen[measure.id] == period]
        return rows


def run_of(
    extract: Extract,
    *,
    as_at: date,
    preset: Preset,
    audience: Audience,
    kpis: Sequence[Kpi],
    provider: str | None,
    earlier: Sequence[Extract] = (),
) -> Run:
    """Gather what a report rests on; refuses a day after that of the extract, and a provider where none is asked for."""
    day = plain_day(as_at)
    extract.check_day(day)
    if (preset.name == "health") != (provider is not None):
        raise CommandError(
            "the report 'health' needs a provider, and no other report takes one: give provider= with it alone"
        )
    before = tuple(_tracked_before(one, day) for one in earlier)
    return Run(extract, day, preset, audience, tuple(kpis), provider, _periods(day, preset), before)


def _tracked_before(extract: Extract, as_at: date) -> pd.DataFrame:
    """An earlier extract, tracked at the day on which it was taken."""
    taken = extract.extracted_on
    if taken is None or taken >= as_at:
        when = "on a day that it does not tell" if taken is None else f"on {taken}"
        raise InputError(
            f"an earlier extract was taken {when}: give ones that tell their day, before as_at {as_at}"
        )
    return track(extract.cases, as_at=taken, exemptions=extract.exemptions, closures=extract.closures)


def _periods(as_at: date, preset: Preset) -> tuple[str, ...]:
    """The last periods that have ended by the day, which may be the last day of one."""
    letter = preset.period
    day = as_at
    while last_day(day, letter) > as_at:
        day = _month_before(day)
    found = [label(day, letter)]
    while len(found) < preset.periods:
        day = _month_before(day)
        found += [label(day, letter)] if label(day, letter) != found[-1] else []
    return tuple(reversed(found))


def _month_before(day: date) -> date:
    """Last day of the month before."""
    return day.replace(day=1) - timedelta(days=1)
