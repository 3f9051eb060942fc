"""What an open case waits for: the next act, and the advice that is outstanding."""

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET
from ehcptime.questions.tracked import Tracked
from ehcptime.records.columns import COLUMNS

_TYPES = COLUMNS["advice"]["advice_type"].values
_ACTS = {
    "deciding": "decision whether to assess",
    "assessing": "decision whether to issue a plan",
    "drafting": "draft plan",
    "finalising": "final plan",
}
_UNKNOWN = "a record that can be read"


def waits_for(cases: pd.DataFrame, advice: Tracked | None) -> list[str]:
    """Name the advice outstanding for each case, or else the next act of the authority."""
    acts = [_ACTS.get(stage, _UNKNOWN) for stage in cases["stage"].astype(str)]
    if advice is None:
        return acts
    return [owed or act for owed, act in zip(_outstanding(cases, advice), acts, strict=True)]


def _outstanding(cases: pd.DataFrame, advice: Tracked) -> list[str]:
    """Kinds of advice asked for and not answered, worked out once for each combination of kinds."""
    open_row = advice.is_status("status", "running", "overdue") & (
        advice.days_by_then("returned_date") == NOT_YET
    )
    place = pd.Index(cases["case_id"]).get_indexer(pd.Index(advice.frame["case_id"]))
    owed = np.zeros(len(cases), dtype=np.int64)
    for number, kind in enumerate(_TYPES):
        asked = open_row & (place >= 0) & advice.is_code("advice_type", kind)
        owed[place[asked]] |= 1 << number
    names = {int(key): _names(int(key)) for key in np.unique(owed)}
    return [names[key] for key in owed.tolist()]


def _names(key: int) -> str:
    kinds = [kind.replace("_", " ") for number, kind in enumerate(_TYPES) if key >> number & 1]
    return ", ".join(f"{kind} advice" for kind in kinds)
