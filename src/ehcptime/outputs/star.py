"""An extract as a star schema: tables with stable names and keys, for Power BI, R and whatever else joins tables."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.law.book import LAW
from ehcptime.outputs.star_calendar import calendar_table
from ehcptime.outputs.star_columns import STAR, schema
from ehcptime.questions.backlog import age_bands
from ehcptime.questions.measures import MEASURES, Measure
from ehcptime.questions.parts import parts
from ehcptime.questions.tracked import places_among
from ehcptime.records.extract import Extract
from ehcptime.records.pseudonyms import pseudonymise
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track

_MARK = "SYNTHETIC-"
_LIMITS = ("request_decision", "plan_refusal", "issue_decision", "plan_final", "draft_comment")
_OF_A_LIMIT = ("due", "status", "days_over", "exempt", "exempt_supported", "breach")


def star_schema(
    extract: Extract, *, as_at: date, key: str | None = None, internal: bool = False
) -> dict[str, pd.DataFrame]:
    """Give the tables `case`, `limit`, `advice`, `part`, `measure`, `rule`, `calendar` and `schema` of an extract at the end of `as_at`.

    `schema` says of every column what it holds and which column it is a key to. `part` holds, for each measure and case, the answer of
    `parts`, so its sums are those of `timeliness` for any group and period. Every request and every asking is in its table once.

    Ids: case and person ids are numbers of this export alone. With a `key` (see `pseudonymise`) they are pseudonyms, the same in every
    export made with it; with `internal` they are the ids themselves, and caseworkers are named. Rows are still about single children:
    the tables are for the authority and never for publication. No column that the contract does not know is taken over.

    Raises InputError for an extract that cannot be tracked or a day that it does not reach, and CommandError for a short key.

    >>> from ehcptime.datasets.simulate import simulate
    >>> star = star_schema(simulate(200, as_at=date(2024, 12, 31), seed=1), as_at=date(2024, 12, 31))
    >>> {name: len(table) for name, table in star.items() if name in ("case", "limit", "measure")}
    {'case': 200, 'limit': 1000, 'measure': 19}
    >>> part = star["part"].query("measure == 'plans_issued_20wk_inc'")
    >>> int(part["in_numerator"].sum()), int(part["in_denominator"].sum())
    (23, 110)
    """
    extract.check_day(as_at)
    tracked = track(extract.cases, as_at=as_at, exemptions=extract.exemptions, closures=extract.closures)
    advice = track_advice(extract.advice, as_at=as_at, cases=extract.cases)
    star = {
        "case": _cases(tracked, key, internal=internal),
        "limit": _limits(tracked),
        "advice": _askings(advice, tracked),
        "part": _parts(tracked, advice),
        "measure": _measures(),
        "rule": _rules(as_at),
    }
    dated = [
        star[name][column]
        for name in star
        for column, held in STAR[name].columns.items()
        if held.kind == "date"
    ]
    return star | {"calendar": calendar_table(as_at, dated), "schema": schema()}


def _keys(frame: pd.DataFrame) -> Any:
    return np.arange(1, len(frame) + 1)


def _cases(tracked: pd.DataFrame, key: str | None, *, internal: bool) -> pd.DataFrame:
    ids = {} if internal else _disguised(tracked, key) | {"caseworker": None}
    return STAR["case"].shaped(
        tracked.assign(case_key=_keys(tracked), age_band=age_bands(tracked["age_days"]), **ids)
    )


def _disguised(tracked: pd.DataFrame, key: str | None) -> dict[str, Any]:
    """Other ids in the place of those of cases and people: of this export, or of a key."""
    held = [name for name in ("case_id", "person_id") if name in tracked]
    if key is not None:
        disguised = pseudonymise(tracked[held], key=key, columns=held)
        return {name: disguised[name] for name in held}
    return {name: _numbered(tracked[name], name.removesuffix("_id")) for name in held}


def _numbered(ids: "pd.Series[Any]", word: str) -> "pd.Series[Any]":
    """Numbers in the place of ids, blank where they are blank; what is made up still says so."""
    made_up = bool(len(ids)) and ids.dropna().astype(str).str.startswith(_MARK).all()
    places, _ = pd.factorize(ids)
    texts = [f"{_MARK if made_up else ''}{word}-{place + 1:07d}" if place >= 0 else None for place in places]
    return pd.Series(texts, index=ids.index, dtype=object)


def _limits(tracked: pd.DataFrame) -> pd.DataFrame:
    """The limits of every case under each other, those of one case together."""
    stacked = [
        pd.DataFrame(
            {
                "case_key": _keys(tracked),
                "rule": rule,
                **{
                    name: tracked[f"{rule}_{name}"].to_numpy()
                    for name in _OF_A_LIMIT
                    if f"{rule}_{name}" in tracked
                },
            }
        )
        for rule in _LIMITS
    ]
    table = pd.concat([STAR["limit"].shaped(each) for each in stacked], ignore_index=True)
    return table.sort_values("case_key", kind="stable", ignore_index=True)


def _case_keys(advice: pd.DataFrame, tracked: pd.DataFrame) -> Any:
    places = places_among(tracked, advice)
    return np.where(places >= 0, places + 1.0, np.nan)


def _askings(advice: pd.DataFrame, tracked: pd.DataFrame) -> pd.DataFrame:
    return STAR["advice"].shaped(
        advice.assign(advice_key=_keys(advice), case_key=_case_keys(advice, tracked))
    )


def _parts(tracked: pd.DataFrame, advice: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(
        [_one_measure(measure, tracked, advice) for measure in MEASURES.values()], ignore_index=True
    )


def _one_measure(measure: Measure, tracked: pd.DataFrame, advice: pd.DataFrame) -> pd.DataFrame:
    of_advice = measure.family == "advice"
    decided = parts(advice if of_advice else tracked, measure, advice=None if of_advice else advice)
    counted = ["on_time", "late", *(["unknown"] if measure.unknown_in_denominator else [])]
    return STAR["part"].shaped(
        decided.assign(
            measure=measure.id,
            case_key=_case_keys(advice, tracked) if of_advice else _keys(tracked),
            advice_key=_keys(advice) if of_advice else None,
            in_numerator=decided["part"].eq("on_time").astype(np.int64),
            in_denominator=decided["part"].isin(counted).astype(np.int64),
        )
    )


def _measures() -> pd.DataFrame:
    names = ("title", "cohort", "population", "numerator", "denominator", "sentence", "cite")
    rows = [
        {"measure": each.id, "beside": ", ".join(each.beside) or None}
        | {name: getattr(each, name) for name in names}
        for each in MEASURES.values()
    ]
    return STAR["measure"].shaped(pd.DataFrame(rows))


def _rules(as_at: date) -> pd.DataFrame:
    """Each limit in its version at `as_at`; before the first, the first."""
    in_force = LAW.in_force(as_at)
    rows = [
        {"rule": rule, "title": LAW[rule].title, "kind": LAW[rule].kind}
        | {"period": version.words, "cite": version.cite, "url": version.url}
        for rule in (*_LIMITS, "advice_body", "advice_other")
        for version in [in_force.get(rule, LAW[rule].versions[0])]
    ]
    return STAR["rule"].shaped(pd.DataFrame(rows))
