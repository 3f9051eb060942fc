"""A difference between groups, planted on purpose, so that what is to show differences can be tried on one that is known."""

import numpy as np

from ehcptime.datasets.days import Days
from ehcptime.datasets.people import People, groups_of_people
from ehcptime.datasets.presets import Preset
from ehcptime.errors import CommandError, meant

Slower = tuple[str, str, int]
"""A column by which people are grouped, a group of it, and by how many weeks its plans take longer."""


def days_longer(slower: Slower | None, people: People, preset: Preset) -> Days:
    """Give by how many days the plan of each case takes longer; 0 for all where nothing is planted."""
    if slower is None:
        return np.zeros(len(people.age), dtype=np.int64)
    column, group, weeks = slower
    groups = groups_of_people(people, preset)
    if column not in groups:
        raise CommandError(f"no difference can be planted by {column!r}: {meant(column, tuple(groups))}")
    places, labels = groups[column]
    if group not in labels:
        raise CommandError(f"{column!r} has no group {group!r} in this preset: {meant(group, labels)}")
    if weeks < 1:
        raise CommandError(f"plans cannot be {weeks} weeks slower: give 1 or more")
    return np.where(places == labels.index(group), 7 * weeks, 0)


def said(slower: Slower | None) -> str:
    """Say what was planted, to stand after what the data were made from."""
    return "" if slower is None else f", with plans of {slower[0]} {slower[1]} {slower[2]} weeks slower"
