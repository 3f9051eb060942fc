"""Who the requests are for: made up, with nothing that could name anyone."""

from dataclasses import dataclass

import numpy as np

from ehcptime.datasets.days import Days, choose
from ehcptime.datasets.presets import Preset
from ehcptime.datasets.streams import Streams

YOUNGEST = 2
AREAS = ["North", "South", "East", "West"]
_NEED_TABLES = ("need_shares_under_6", "need_shares_6_to_11", "need_shares_over_11")


@dataclass(frozen=True, slots=True)
class People:
    """One entry per request; everything but `age` is a place in a list of labels."""

    person: Days
    age: Days
    source: Days
    need: Days
    setting: Days
    caseworker: Days
    rya: Days
    sex: Days
    ethnicity: Days
    care: Days


def draw_people(n: int, preset: Preset, streams: Streams) -> People:
    """Draw the person behind each request; each request is another person until a defect links two."""
    age = choose(streams["age"].random(n), preset.shares("age_shares"))
    u = streams["need"].random(n)
    by_age = np.stack([choose(u, preset.shares(table)) for table in _NEED_TABLES])
    need = np.choose(np.digitize(age + YOUNGEST, [6, 12]), list(by_age))
    return People(
        person=np.arange(n),
        age=age + YOUNGEST,
        source=choose(streams["source"].random(n), preset.shares("source_shares")),
        need=need,
        setting=streams["setting"].integers(0, int(preset.number("settings")), n),
        caseworker=streams["caseworker"].integers(0, int(preset.number("caseworkers")), n),
        rya=(streams["rya"].random(n) < preset.number("rya")).astype(np.int64),
        sex=choose(streams["sex"].random(n), preset.shares("sex_shares")),
        ethnicity=choose(streams["ethnicity"].random(n), preset.shares("ethnicity_shares")),
        care=choose(streams["care"].random(n), preset.shares("care_shares")),
    )


def groups_of_people(people: People, preset: Preset) -> dict[str, tuple[Days, list[str]]]:
    """Give for each column by which people are grouped the place of each of them, and the labels of the places."""
    return {
        "area": (people.caseworker % int(preset.number("teams")), AREAS),
        "primary_need": (people.need, preset.words("needs")),
        "sex": (people.sex, preset.words("sexes")),
        "ethnicity": (people.ethnicity, preset.words("ethnicities")),
        "care_status": (people.care, preset.words("care_statuses")),
    }
