"""What the events of each case come to: the outcome that stands, the first final, the last draft, one reversal, one end.

Every function takes the log sorted by case, day and the order of the names, and cases indexed by `case_id`.
"""

import numpy as np
import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.event_names import EVENTS, names_for


def days_by_case(log: pd.DataFrame, names: list[str], cases: pd.Index) -> pd.Series:
    """Give the day of the first of these events for each case, or of the last where the name says so."""
    rows = log[log["event"].isin(names)]
    days = rows.drop_duplicates("case_id", keep=EVENTS[names[0]].keep).set_index("case_id")["date"]
    return days.reindex(cases)


def with_outcomes(cases: pd.DataFrame, log: pd.DataFrame) -> pd.DataFrame:
    """Add both outcomes, their days, the first final and the last draft before it."""
    first = log[log["event"].isin(["refused_to_assess", "decided_to_assess"])].drop_duplicates("case_id")
    decided = first.set_index("case_id").reindex(cases.index)
    refused = days_by_case(log, ["refused_to_issue"], cases.index)
    final = days_by_case(log, ["plan_issued"], cases.index)
    _refuse_amended_alone(log, final)
    stands = refused.notna() & ~(final < refused)
    codes = np.select([stands, final.notna()], ["N", "Y"], default="")
    return cases.assign(
        request_outcome=decided["event"].map({"refused_to_assess": "N", "decided_to_assess": "Y"}),
        request_outcome_date=_or_undecided(decided["date"], log, "request_decided"),
        assessment_outcome=pd.Series(codes, index=cases.index, dtype=object).replace("", None),
        assessment_outcome_date=_or_undecided(refused.where(stands, final), log, "assessment_decided"),
        draft_sent_date=_last_draft(log, final),
        plan_issued_date=final,
    )


def _or_undecided(days: pd.Series, log: pd.DataFrame, name: str) -> pd.Series:
    """Fill the day of a decision whose way the log does not say."""
    return days.where(days.notna(), days_by_case(log, [name], days.index))


def _refuse_amended_alone(log: pd.DataFrame, final: pd.Series) -> None:
    """Refuse an amended plan with none before it: the first final is missing, and its day is not the amended one's."""
    amended = log[log["event"] == "plan_amended"]
    alone = int((~(_on_rows(final, amended) <= amended["date"])).sum())
    if alone:
        raise InputError(
            f"{alone} of the events amend a plan that no plan_issued event on or before that day gives: add the first final"
        )


def _on_rows(days: pd.Series, rows: pd.DataFrame) -> pd.Series:
    """Give each row the day of its case."""
    return pd.Series(days.reindex(rows["case_id"]).to_numpy(), index=rows.index)


def _last_draft(log: pd.DataFrame, final: pd.Series) -> pd.Series:
    drafts = log[log["event"] == "draft_sent"]
    drafts = drafts[~(drafts["date"] > _on_rows(final, drafts))]
    return drafts.drop_duplicates("case_id", keep="last").set_index("case_id")["date"].reindex(final.index)


def with_reversals(cases: pd.DataFrame, log: pd.DataFrame) -> pd.DataFrame:
    """Add one reversal: of the refusal to issue where that was reversed, and the first of that refusal."""
    rows = pd.concat([_told(cases, log), _implied(cases, log)])
    rows["place"] = rows["of"].map({"issue": 0, "assess": 1, "": 2})
    first = rows.sort_values(["place", "implied", "date", "rank"]).drop_duplicates("case_id")
    used = first.set_index("case_id").reindex(cases.index)
    routes = {name: event.route or None for name, event in EVENTS.items()}
    return cases.assign(
        reversal_of=used["of"].replace("", None),
        reversal_route=used["event"].map(routes),
        reversal_date=used["date"],
    )


def _told(cases: pd.DataFrame, log: pd.DataFrame) -> pd.DataFrame:
    """Give the reversals of the log, each of the refusal that it names, or else of the last one made by then."""
    rows = log[log["event"].isin(names_for("reversal_date"))]
    issue, assess = (_on_rows(_refused(cases, which), rows) <= rows["date"] for which in ("issue", "assess"))
    last = np.select([issue, assess], ["issue", "assess"], default="")
    named = np.array([EVENTS[name].reversal_of for name in rows["event"]], dtype=object)
    return rows.assign(of=np.where(named == "", last, named), implied=False)


def _implied(cases: pd.DataFrame, log: pd.DataFrame) -> pd.DataFrame:
    """Give the decisions the other way after a refusal."""
    blocks = []
    for which, name in (("assess", "decided_to_assess"), ("issue", "decided_to_issue")):
        rows = log[log["event"] == name].assign(of=which, implied=True)
        blocks.append(rows[_on_rows(_refused(cases, which), rows) < rows["date"]])
    return pd.concat(blocks)


def _refused(cases: pd.DataFrame, which: str) -> pd.Series:
    """Give the day of each refusal, by case."""
    outcome = {"assess": "request_outcome", "issue": "assessment_outcome"}[which]
    return cases.loc[cases[outcome] == "N", f"{outcome}_date"]


def with_closings(cases: pd.DataFrame, log: pd.DataFrame) -> pd.DataFrame:
    """Add the first closing; one that a reversal undid only where there is no later one."""
    rows = log[log["event"].isin(names_for("closed_date"))]
    undone = rows["date"] <= _on_rows(cases["reversal_date"], rows)
    first = rows.assign(undone=undone).sort_values(["undone", "date", "rank"]).drop_duplicates("case_id")
    used = first.set_index("case_id").reindex(cases.index)
    reasons = {name: event.reason or None for name, event in EVENTS.items()}
    return cases.assign(closed_date=used["date"], closed_reason=used["event"].map(reasons))
