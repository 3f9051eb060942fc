"""Made-up extracts of any size that look like an authority's."""

from datetime import date

import numpy as np
import pandas as pd

from ehcptime.datasets.advice_story import Askings, asking_days, draw_askings
from ehcptime.datasets.arrivals import Window, arrive, window
from ehcptime.datasets.bed import Bed, answer_key
from ehcptime.datasets.claims import Closures, draw_claims, draw_closures
from ehcptime.datasets.days import NEVER, Flags
from ehcptime.datasets.defects import lost_asking_days, plant
from ehcptime.datasets.event_log import events_frame
from ehcptime.datasets.lengths import draw_lengths
from ehcptime.datasets.people import draw_people
from ehcptime.datasets.plan_story import Plans, draw_plans
from ehcptime.datasets.presets import Preset, defect_rates, load
from ehcptime.datasets.record import make_record, seen_claims
from ehcptime.datasets.request_story import Requests, draw_requests
from ehcptime.datasets.slower import Slower, days_longer, said
from ehcptime.datasets.streams import Streams
from ehcptime.datasets.tables import (
    advice_frame,
    case_ids,
    cases_frame,
    closures_frame,
    exemptions_frame,
)
from ehcptime.errors import CommandError
from ehcptime.records.extract import Extract
from ehcptime.tracking.columns import plain_day


def simulate(
    n: int,
    *,
    as_at: date,
    seed: int,
    preset: str = "west_sussex_2024",
    defects: bool = True,
    slower: Slower | None = None,
) -> Extract:
    """Make an extract of `n` requests as a system would have held it at the end of `as_at`.

    Nobody in it exists: every reference begins with SYNTHETIC. The requests arrive over six calendar years and the part of
    the next one up to `as_at`, in the proportions of the preset, and no date is after `as_at` unless it was planted. The
    shares of decisions and plans of the latest full year come out near the figures that the preset is named for; its
    parameters and their sources are in `presets.toml`. The same arguments always give the same extract.

    With `defects`, the faults that real extracts have are planted and listed in `planted`: `case_id, defect, column` and
    `detectable`, which is false where nothing in the extract can show the fault. A swap of day and month counts as
    detectable where the row's own dates are then out of order, too close together or after `as_at`. Without, the extract is consistent.

    Nothing depends on sex, ethnicity, need, area or care status, unless planted: with `slower`, one of these columns, a group of
    it and a number of weeks, as in `("sex", "F", 8)`, the plans of that group take so many weeks longer, and `reading` says so.

    Raises `CommandError` for an `n` under 1, a negative seed, a preset, a column or a group that is not known, or an `as_at` that is no
    date or before 31 December 2020 (the requests would begin before the Act).

    >>> extract = simulate(100, as_at=date(2025, 3, 31), seed=1)
    >>> extract.cases.loc[0, "case_id"], len(extract.cases), extract.extracted_on
    ('SYNTHETIC-000001', 100, datetime.date(2025, 3, 31))
    """
    if n < 1:
        raise CommandError(f"{n} requests cannot be simulated: give 1 or more")
    day = plain_day(as_at)
    chosen, seen, streams = load(preset), window(day), Streams(seed)
    made = _make(n, chosen, seen, streams, defect_rates() if defects else None, slower)
    reading = _reading(made, f"SYNTHETIC data: preset {preset}, seed {seed}, as at {day}{said(slower)}")
    return Extract(**made, reading=reading, extracted_on=day)


def _make(
    n: int,
    preset: Preset,
    seen: Window,
    streams: Streams,
    rates: dict[str, float] | None,
    slower: Slower | None,
) -> dict[str, pd.DataFrame]:
    """Tell the story, write down what was known, plant the defects, and lay it out."""
    people = draw_people(n, preset, streams)
    received = arrive(n, preset, seen, streams["arrivals"])
    _, length = draw_lengths(received, people.age, preset, seen, streams["lengths"])
    length = length + days_longer(slower, people, preset)
    requests = draw_requests(received, length, people, preset, seen, streams)
    plans = draw_plans(requests, length, preset, streams)
    asked = asking_days(requests, plans, preset, streams)
    closures = draw_closures(preset, seen, streams)
    claims = draw_claims(asked["education"], people, requests, plans, closures, preset, seen, streams)
    askings = draw_askings(asked, requests, plans, preset, streams)
    askings = askings.take(askings.requested <= seen.as_at)
    record = make_record(requests, plans, seen.as_at, preset, streams)
    bed = Bed(record, people, claims, seen_claims(claims, plans, seen.as_at), streams, rates or {})
    lost = _plant(bed, requests, plans, askings) if rates else np.zeros(len(askings.case), dtype=np.bool_)
    return _tables(bed, requests, plans, askings, lost, closures, preset)


def _plant(bed: Bed, requests: Requests, plans: Plans, askings: Askings) -> Flags:
    plant(bed, requests, plans)
    return lost_asking_days(bed, askings)


def _others(plans: Plans, preset: Preset, streams: Streams) -> tuple[Flags, Flags]:
    """Draw mediations and appeals about the contents of a plan."""
    issued = plans.final < NEVER
    mediation = streams["other_mediation"].random(len(issued)) < preset.number("other_mediation")
    tribunal = streams["other_tribunal"].random(len(issued)) < preset.number("other_tribunal")
    return issued & mediation, issued & tribunal


def _tables(
    bed: Bed,
    requests: Requests,
    plans: Plans,
    askings: Askings,
    lost: Flags,
    closures: Closures,
    preset: Preset,
) -> dict[str, pd.DataFrame]:
    ids, as_at, others = case_ids(len(bed.made)), bed.record.as_at, _others(plans, preset, bed.streams)
    key = {"planted": answer_key(bed, ids)} if bed.planted else {}
    cases = cases_frame(ids, bed.record, bed.people, requests, plans, bed.made, others, preset)
    return {
        "cases": cases,
        "advice": advice_frame(ids, askings, bed.people, as_at, lost, preset),
        "exemptions": exemptions_frame(ids, bed.claims, bed.made),
        "closures": closures_frame(closures, as_at),
        "events": events_frame(cases, plans, askings, as_at, lost),
        **key,
    }


def _reading(tables: dict[str, pd.DataFrame], note: str) -> pd.DataFrame:
    """Say of each table that it is made up, and how to make it again."""
    rows = [(f"SYNTHETIC {name}", "", name, len(frame), len(frame), note) for name, frame in tables.items()]
    return pd.DataFrame(rows, columns=["file", "column", "became", "rows_in", "rows_out", "note"])
