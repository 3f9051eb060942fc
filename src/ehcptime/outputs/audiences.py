"""Audiences: who tables are for, and what is done to them before they go there."""

from collections.abc import Mapping
from typing import Literal, get_args

import pandas as pd

from ehcptime.errors import CommandError
from ehcptime.outputs.disclosure import suppress
from ehcptime.outputs.refused import refuse_names, refuse_others

Audience = Literal["internal", "provider", "public"]


def for_audience(
    tables: Mapping[str, pd.DataFrame],
    *,
    audience: Audience,
    previous: Mapping[str, pd.DataFrame] | None = None,
    threshold: int = 5,
) -> Mapping[str, pd.DataFrame]:
    """Make tables fit for an audience: `internal` as they are, `provider` with no child or worker named, `public` suppressed as well.

    `tables` are all tables that go out together, by name. For `public` they come back as from `suppress`, to which `previous` and
    `threshold` go. Nothing is mutated.

    Raises InputError for a table with `case_id`, `person_id`, `caseworker` or a personal column unless the audience is internal, and for what
    is no table, such as a change, a forecast or a view: its tables can be given; CommandError for another audience.

    >>> tables = {"backlog": pd.DataFrame({"team": ["a", "b", "all"], "open": [3, 8, 11]})}
    >>> for_audience(tables, audience="public")["backlog"]["open"].tolist()
    ['[c]', '[c]', 11]
    >>> for_audience(tables, audience="provider")["backlog"]["open"].tolist()
    [3, 8, 11]
    """
    if audience not in get_args(Audience):
        raise CommandError(f"audience must be one of {', '.join(get_args(Audience))}, not {audience!r}")
    refuse_others(tables)
    if audience == "public":
        return suppress(tables, threshold=threshold, previous=previous)
    if audience == "provider":
        for name, frame in tables.items():
            refuse_names(frame, name)
    return dict(tables)
