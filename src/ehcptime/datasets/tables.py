"""The story as frames in the column contract."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.datasets import claims as claim_story
from ehcptime.datasets.advice_story import KINDS, OUTCOMES, SOURCES, Askings
from ehcptime.datasets.claims import Claims, Closures
from ehcptime.datasets.days import NEVER, Days, Flags, dates
from ehcptime.datasets.people import People, groups_of_people
from ehcptime.datasets.plan_story import REASONS, Plans
from ehcptime.datasets.presets import Preset
from ehcptime.datasets.record import CODES, Record
from ehcptime.datasets.request_story import ROUTES, Requests

Objects = npt.NDArray[np.object_]
_TYPES = ("education", "health", "psychology", "social_care", "other", "other", "parent")
_SUB_SERVICES = (None, None, None, None, "SaLT", "OT", None)
_PROVIDERS = (
    None,
    "Community paediatrics",
    "Educational psychology",
    "Children's social care",
    "Therapies",
    "Therapies",
    None,
)


def label(places: Days, labels: tuple[str | None, ...] | list[str]) -> Objects:
    """Give the label at each place; -1, and any place past the end, is blank."""
    book = np.array([*labels, None], dtype=object)
    return book[np.where((places < 0) | (places >= len(labels)), len(labels), places)]


def numbered(prefix: str, places: Days, width: int) -> Objects:
    """Give texts such as "Setting 0012", one per place; -1 is blank."""
    labels = [f"{prefix}{i:0{width}d}" for i in range(1, int(places.max(initial=-1)) + 2)]
    return label(places, labels)


def case_ids(n: int) -> Objects:
    """Give one reference per case; the watermark is part of it, so that no copy loses it."""
    return numbered("SYNTHETIC-", np.arange(n), 6)


def _flag(flags: Flags, known: Flags) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(flags.astype(np.int8), ~known)


def _people_columns(people: People, preset: Preset) -> dict[str, Any]:
    teams = int(preset.number("teams"))
    return {
        "setting_id": numbered("Setting ", people.setting, 4),
        "caseworker": numbered("Caseworker ", people.caseworker, 2),
        "team": numbered("Team ", people.caseworker % teams, 1),
        **{name: label(*group) for name, group in groups_of_people(people, preset).items()},
        "age_at_request": pd.arrays.IntegerArray(people.age, np.zeros(len(people.age), dtype=np.bool_)),
        "request_source": label(people.source, preset.words("sources")),
        "rya": _flag(people.rya > 0, np.ones(len(people.age), dtype=np.bool_)),
    }


def _challenge_columns(
    requests: Requests, plans: Plans, others: tuple[Flags, Flags], as_at: int
) -> dict[str, Any]:
    """Give the six flags; a mediation or an appeal is on record 30 days after the decision that it is about."""
    every = np.ones(len(requests.received), dtype=np.bool_)
    assessed = requests.agreed <= as_at
    about_request, about_issue = requests.decided + 30 <= as_at, plans.notice + 30 <= as_at
    about_plan = plans.final + 30 <= as_at
    return {
        "request_mediation": _flag(requests.challenge.mediation & about_request, every),
        "request_tribunal": _flag(requests.challenge.tribunal & about_request, every),
        "assessment_mediation": _flag(plans.challenge.mediation & about_issue, assessed),
        "assessment_tribunal": _flag(plans.challenge.tribunal & about_issue, assessed),
        "other_mediation": _flag(others[0] & about_plan, assessed),
        "other_tribunal": _flag(others[1] & about_plan, assessed),
    }


def _reversal_columns(requests: Requests, plans: Plans, as_at: int) -> dict[str, Any]:
    assess, issue = requests.challenge.reversal <= as_at, plans.challenge.reversal <= as_at
    of = np.where(assess, 0, np.where(issue, 1, -1))
    route = np.where(assess, requests.challenge.route, np.where(issue, plans.challenge.route, -1))
    return {"reversal_of": label(of, ("assess", "issue")), "reversal_route": label(route, ROUTES)}


def _ending_columns(requests: Requests, plans: Plans, as_at: int) -> dict[str, Any]:
    ended = plans.ended <= as_at
    withdrawn = np.where(requests.withdrawn <= as_at, 0, -1)
    away = np.where(ended & (plans.reason == REASONS.index("moved_out")), 0, -1)
    return {
        "closed_reason": label(np.where(ended, plans.reason, withdrawn), REASONS),
        "exported": label(away, ("999",)),
    }


def cases_frame(
    ids: Objects,
    record: Record,
    people: People,
    requests: Requests,
    plans: Plans,
    week20: Flags,
    others: tuple[Flags, Flags],
    preset: Preset,
) -> pd.DataFrame:
    """Give the `cases` table."""
    n, as_at = len(people.age), record.as_at
    issued = plans.issued_path & (plans.final <= as_at)
    return pd.DataFrame(
        {
            "case_id": ids,
            "person_id": numbered("SYNTHETIC-P", people.person, 6),
            "la_code": label(np.zeros(n, dtype=np.int64), preset.words("la_code")),
            "request_outcome": label(record.request_outcome, CODES),
            "assessment_outcome": label(record.assessment_outcome, CODES),
            "week20": _flag(week20, issued),
            **{name: dates(days) for name, days in record.days.items()},
            **_challenge_columns(requests, plans, others, as_at),
            **_reversal_columns(requests, plans, as_at),
            **_ending_columns(requests, plans, as_at),
            **_people_columns(people, preset),
        }
    )


def advice_frame(
    ids: Objects, askings: Askings, people: People, as_at: int, unknown: Flags, preset: Preset
) -> pd.DataFrame:
    """Give the `advice` table: what was asked by `as_at`, with blank days where the asking's date was lost."""
    kind, returned = askings.kind, askings.returned <= as_at
    n = len(kind)
    setting = np.where(kind == KINDS.index("education"), people.setting[askings.case], -1)
    bound = np.isin(kind, [KINDS.index(name) for name in preset.words("bound_by_reg_8")])
    everywhere = np.ones(n, dtype=np.bool_)
    return pd.DataFrame(
        {
            "case_id": ids[askings.case],
            "advice_type": label(kind, _TYPES),
            "sub_service": label(kind, _SUB_SERVICES),
            "provider": label(kind, _PROVIDERS),
            "setting_id": numbered("Setting ", setting, 4),
            "source": label(askings.source, SOURCES),
            "round": pd.arrays.IntegerArray(askings.round, ~everywhere),
            "requested_date": dates(np.where(unknown, NEVER, askings.requested)),
            "allocated_date": dates(np.where(askings.allocated <= as_at, askings.allocated, NEVER)),
            "body_received_date": dates(
                np.where(askings.body_received <= as_at, askings.body_received, NEVER)
            ),
            "returned_date": dates(np.where(returned, askings.returned, NEVER)),
            "advice_outcome": label(np.where(returned, askings.outcome, -1), OUTCOMES),
            "bound_by_reg_8": _flag(bound, everywhere),
            "exemption": label(np.where(askings.missed, 0, -1), ("MISSED_APPT",)),
        }
    )


def exemptions_frame(ids: Objects, claims: Claims, made: Flags) -> pd.DataFrame:
    """Give the `exemptions` table: one row per claim; a claim without a reason has a blank code."""
    rows = np.flatnonzero(made)
    n = len(rows)
    return pd.DataFrame(
        {
            "case_id": ids[rows],
            "rule": np.array(["plan_final"] * n, dtype=object),
            "code": label(claims.code[rows], claim_story.CODES),
            "from_date": dates(claims.from_date[rows]),
            "to_date": dates(claims.to_date[rows]),
            "advice_requested_date": dates(claims.advice_requested[rows]),
            "note": np.array(["SYNTHETIC"] * n, dtype=object),
        }
    )


def closures_frame(closures: Closures, as_at: int) -> pd.DataFrame:
    """Give the `closures` table: the holidays that were over by `as_at`."""
    setting, year = np.nonzero(closures.reopened_on <= as_at)
    return pd.DataFrame(
        {
            "setting_id": numbered("Setting ", np.arange(len(closures.closed_from)), 4)[setting],
            "closed_from": dates(closures.closed_from[setting, year]),
            "reopened_on": dates(closures.reopened_on[setting, year]),
        }
    )
