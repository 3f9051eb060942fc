"""The story as an event log."""

import numpy as np
import pandas as pd

from ehcptime.datasets.advice_story import Askings
from ehcptime.datasets.days import NEVER, Days, Flags, dates
from ehcptime.datasets.plan_story import Plans
from ehcptime.records.event_names import EVENTS
from ehcptime.records.events import events_of_rows

_ORDER = list(EVENTS)


def _first_asked(askings: Askings, unknown: Flags) -> tuple[Days, Days]:
    """Give the cases of which a service was asked, and the first day that is on record."""
    services = askings.of_services
    askings, unknown = askings.take(services), unknown[services]
    case, starts = np.unique(askings.case, return_index=True)
    days = np.where(unknown, NEVER, askings.requested)
    return case, np.minimum.reduceat(days, starts) if len(case) else days


def events_frame(
    cases: pd.DataFrame, plans: Plans, askings: Askings, as_at: int, unknown: Flags
) -> pd.DataFrame:
    """Give the `events` table: what the cases date, every draft, and the day on which a service was first asked for advice, in order."""
    n = len(cases)
    first_asked = np.full(n, NEVER)
    case, asked = _first_asked(askings, unknown)
    first_asked[case] = asked
    known = cases["draft_sent_date"].notna() & (
        plans.earlier_draft <= as_at
    )  # the cases hold the last draft alone
    earlier = np.where(known, plans.earlier_draft, NEVER)
    added = [
        pd.DataFrame({"row": np.flatnonzero(when < NEVER), "event": name, "date": dates(when[when < NEVER])})
        for name, when in (("advice_requested", first_asked), ("draft_sent", earlier))
    ]
    return _in_order(pd.concat([events_of_rows(cases), *added]), cases)


def _in_order(log: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Sort a log by case, day and step, each event once; by numbers, since a million cases have six million events."""
    row = log["row"].to_numpy(dtype=np.int64)
    rank = pd.Index(_ORDER).get_indexer(pd.Index(log["event"]))
    keys = np.stack([row, log["date"].to_numpy().astype(np.int64), rank])
    order = np.lexsort(keys[::-1])
    sorted_keys = keys[:, order]
    first = np.append(True, (sorted_keys[:, 1:] != sorted_keys[:, :-1]).any(axis=0))[: len(order)]
    kept = order[first]
    ids = cases["case_id"].array.take(row[kept])
    return pd.DataFrame(
        {
            "case_id": ids,
            "event": np.array(_ORDER, dtype=object)[rank[kept]],
            "date": log["date"].to_numpy()[kept],
        }
    )
