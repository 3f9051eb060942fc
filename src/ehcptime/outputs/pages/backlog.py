"""Who is open, by age."""

import pandas as pd

from ehcptime.outputs.pages.broad_groups import OR_UNKNOWN, UNKNOWN
from ehcptime.outputs.pages.figures import AGES, BEYOND, TOTAL
from ehcptime.outputs.pages.headline import waiting
from ehcptime.outputs.pages.parts import Maker, Picture, Section, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.words import number, spoken
from ehcptime.outputs.svg import Bar, bars
from ehcptime.questions.backlog import backlog
from ehcptime.questions.measures import MEASURES
from ehcptime.tracking.words import long_date

_STAGES = "open_by_stage"
_HEADINGS = {"words": "Weeks since the request", "open": "Open requests", "limit": "Past 20 weeks"}
_STAGE_HEADINGS = {"stage": "Stage", "age_band": "Weeks since the request", "open": "Open requests"}


def tables(run: Run) -> dict[str, pd.DataFrame]:
    """Inside, the stages too."""
    return {_STAGES: backlog(run.tracked)} if run.is_internal else {}


def section(run: Run, published: Tables) -> Section:
    """The open requests as bars, those past the limit marked."""
    rows = published[AGES]
    rows = rows.assign(
        words=[_band(band) for band in rows["age_band"]], limit=[_limit(band) for band in rows["age_band"]]
    )
    drawn = rows[(rows["age_band"] != TOTAL) & ((rows["age_band"] != UNKNOWN) | (rows["open"] != 0))]
    finding = waiting(run, published)
    svg = bars(
        [
            Bar(
                f"{words}: {spoken(count)}{' (past 20 weeks)' if limit == 'yes' else ''}",
                number(count),
                is_late=limit == "yes",
            )
            for words, count, limit in zip(drawn["words"], drawn["open"], drawn["limit"], strict=True)
        ],
        name="open-by-age",
        title=f"Open requests by age, {long_date(run.as_at)}",
        finding=finding,
    )
    caption = f"Open requests by age on {long_date(run.as_at)}"
    picture = Picture(svg, finding, table_of(AGES, caption, rows, _HEADINGS))
    others = [table_of(_STAGES, "Open requests by stage and age", _shown(published), _STAGE_HEADINGS)]
    return Section(
        "backlog",
        "Who is waiting, and for how long",
        (MEASURES["open_over_20wk"].sentence,),
        pictures=(picture,),
        tables=tuple(others if _STAGES in published else []),
    )


def _shown(published: Tables) -> pd.DataFrame:
    """Stages and ages in which someone is."""
    found = published.get(_STAGES)
    return pd.DataFrame() if found is None else found[found["open"] != 0]


def _band(band: str) -> str:
    if band == TOTAL:
        return "All open requests"
    if band == UNKNOWN:
        return "Age not known"
    if band.endswith(OR_UNKNOWN):
        return f"{_band(band.removesuffix(OR_UNKNOWN))}, or age not known"
    return f"Over {band.rstrip('+')} weeks" if band.endswith("+") else f"{band.replace('-', ' to ')} weeks"


def _limit(band: str) -> str:
    if band in (TOTAL, UNKNOWN):
        return ""
    return "yes" if band in BEYOND[20] else "no"


MAKER = Maker(tables, section)
