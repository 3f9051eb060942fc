"""Small tracked frames for the tests of questions: rows as dicts of ISO dates, codes and flags."""

from datetime import date, timedelta

import pandas as pd

from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track


def table(rows):
    """A frame of rows; whatever is called a date becomes one."""
    frame = pd.DataFrame(list(rows))
    for column in frame.columns:
        if column.endswith("_date"):
            frame[column] = pd.to_datetime(frame[column], format="%Y-%m-%d").astype("datetime64[s]")
    return frame


def cases(rows, as_at, **options):
    """Tracked cases, numbered unless they have a case_id."""
    numbered = [{"case_id": f"c{number}"} | row for number, row in enumerate(rows)]
    return track(table(numbered), as_at=date.fromisoformat(as_at), **options)


def advice(rows, as_at, **options):
    """Tracked askings."""
    return track_advice(table(rows), as_at=date.fromisoformat(as_at), **options)


def after(day, days):
    """ISO date some days after another."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def issued(received, days, **more):
    """A row whose plan was issued some days after the request."""
    return {
        "received_date": received,
        "request_outcome": "Y",
        "request_outcome_date": after(received, 30),
        "assessment_outcome": "Y",
        "assessment_outcome_date": after(received, days),
    } | more
