"""Parts by case: what a run keeps, so that a later one can say which cases changed."""

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.questions.grouping import texts
from ehcptime.questions.measures import Measure, measure_of
from ehcptime.questions.parts import parts
from ehcptime.questions.tracked import as_at_column
from ehcptime.records.frames import require_unique
from ehcptime.tracking.made_with import rule_book_of

COLUMNS = ("case_id", "part", "reason", "falls_on", "measure", "as_at", "rule_book")
SIDES = ("before", "after")


def case_parts(
    tracked: pd.DataFrame, measure: str | Measure, *, advice: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Keep what a later run needs to say which cases changed: the part, reason and day of each case in a measure.

    Returns `case_id, part, reason, falls_on, measure, as_at, rule_book`, one row per case. It names cases, so `freeze` saves it only with
    `audience="internal"`; pseudonymise the cases with one key in both runs to keep it without their ids.
    """
    chosen = measure_of(measure)
    decided = parts(tracked, chosen, advice=advice)
    return pd.DataFrame(
        {
            "case_id": tracked["case_id"].astype(str).to_numpy(),
            "part": texts(decided["part"].astype(str).tolist()),
            "reason": texts(decided["reason"].astype(str).tolist()),
            "falls_on": decided["falls_on"].to_numpy(),
            "measure": texts([chosen.id] * len(tracked)),
            "as_at": as_at_column(tracked, len(tracked)),
            "rule_book": texts([rule_book_of(tracked)] * len(tracked)),
        }
    )


def kept_parts(given: pd.DataFrame, measure: Measure, advice: pd.DataFrame | None) -> pd.DataFrame:
    """The parts of each case, worked out or as they were kept."""
    kept = given if all(name in given for name in COLUMNS) else case_parts(given, measure, advice=advice)
    if (kept["measure"] != measure.id).any():
        raise InputError(f"the parts that were kept are not of measure {measure.id!r}: give those that are")
    require_unique(kept, "case_id")
    return kept.assign(falls_on=pd.to_datetime(kept["falls_on"]).astype("datetime64[s]"))


def side_by_side(first: pd.DataFrame, second: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Every case of either run once, in the order of the first and then of the second."""
    keys = pd.Index(first["case_id"]).union(pd.Index(second["case_id"]), sort=False)
    inside = ("on_time", "late", *(["unknown"] if measure.unknown_in_denominator else []))
    columns: dict[str, object] = {"case_id": keys}
    for side, kept in zip(SIDES, (first, second), strict=True):
        found = kept.set_index("case_id")[["part", "reason", "falls_on"]].reindex(keys)
        for name in ("part", "reason"):
            columns[f"{name}_{side}"] = found[name].fillna("").astype(str).to_numpy()
        columns[f"falls_on_{side}"] = found["falls_on"].to_numpy()
        columns[f"on_time_{side}"] = found["part"].eq("on_time").to_numpy()
        columns[f"counts_{side}"] = found["part"].isin(inside).to_numpy()
    return pd.DataFrame(columns)
