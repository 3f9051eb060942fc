"""The modules of a SEN2 return put together: one row per request, whatever the file format was."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.columns import names
from ehcptime.records.notes import Notes
from ehcptime.records.personal import age_on
from ehcptime.records.sen2.modules import MODULES
from ehcptime.records.values import rows_named

_OWN = {module.own for module in MODULES.values()}  # rows that differ in their own number alone are alike


class Part(NamedTuple):
    """One module as read, and the file that it came from."""

    file: str
    frame: pd.DataFrame


def assemble(parts: Mapping[str, Part], notes: Notes) -> pd.DataFrame:
    """Give one row per request; every join keeps every request, and what finds no request is reported.

    >>> requests = pd.DataFrame({"requeststableid": ["7"], "persontableid": ["3"], "received_date": ["2024-01-08"]})
    >>> assemble({"requests": Part("requests.csv", requests)}, Notes())["case_id"].tolist()
    ['7']
    """
    requests = parts["requests"]
    cases = one_each(requests, "requeststableid", notes, refuse=True)
    cases = cases.rename(columns={"requeststableid": "case_id", "persontableid": "person_id"})
    cases = _with_assessments(cases, parts["assessment"], notes) if "assessment" in parts else cases
    for name, above, tie, first_by in (
        ("namedplan", "assessment", "assessmenttableid", "plan_start_date"),
        ("senneed", "activeplans", "activeplanstableid", ""),
    ):
        if name in parts:
            part = _by_request(_first_needs(parts[name]), parts.get(above), tie, notes)
            rows = one_each(part, "requeststableid", notes, first_by=first_by)
            cases = join(cases, _untied(rows), "case_id", "requeststableid", part.file, notes, "request")
    if "person" in parts:
        cases = _with_people(cases, parts["person"], notes)
    return in_contract_order(cases)


def in_contract_order(cases: pd.DataFrame) -> pd.DataFrame:
    """Put the columns of the contract first, in its order, and number the rows from 0."""
    known = [name for name in names("cases") if name in cases.columns]
    return cases[[*known, *(name for name in cases.columns if name not in known)]].reset_index(drop=True)


def _with_assessments(cases: pd.DataFrame, part: Part, notes: Notes) -> pd.DataFrame:
    used = one_each(part, "requeststableid", notes, first_by="assessment_outcome_date")
    return join(cases, _untied(used), "case_id", "requeststableid", part.file, notes, "request")


def _untied(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out the columns that tie modules together, but for the request's."""
    return frame[
        [name for name in frame.columns if name == "requeststableid" or not name.endswith("tableid")]
    ]


def _first_needs(part: Part) -> Part:
    """Keep the needs of rank 1, where the module is that of needs."""
    if "need_rank" not in part.frame:
        return part
    first = part.frame["need_rank"].isin(["1", "1.0"])
    return Part(part.file, part.frame[first].drop(columns="need_rank"))


def _by_request(part: Part, above: Part | None, tie: str, notes: Notes) -> Part:
    """Tie rows to their request: by its own key, or by way of the module above."""
    if "requeststableid" in part.frame:
        return part
    if above is None or tie not in above.frame:
        notes.add(part.file, tie, "", len(part.frame), 0, f"nothing in the return has a {tie}")
        return Part(part.file, part.frame.iloc[:0].assign(requeststableid=pd.Series(dtype=object)))
    links = one_each(above, tie, notes)[[tie, "requeststableid"]].dropna(subset=tie)
    lost = part.frame.index[~part.frame[tie].isin(links[tie])]
    if len(lost):
        notes.add(
            part.file,
            tie,
            "",
            len(part.frame),
            len(part.frame) - len(lost),
            f"in no row of {above.file} ({rows_named(lost)})",
        )
    found = part.frame.drop(index=lost).join(links.set_index(tie), on=tie, validate="many_to_one")
    return Part(part.file, found)


def _with_people(cases: pd.DataFrame, part: Part, notes: Notes) -> pd.DataFrame:
    """Add what the persons hold: the age that a birth date gives, and a key that no request holds."""
    people = one_each(part, "persontableid", notes)
    people = people[[name for name in people.columns if name not in cases.columns]]
    if people.shape[1] == 1 or "person_id" not in cases:
        return cases
    joined = join(cases, people, "person_id", "persontableid", part.file, notes, "request")
    if "birth_date" not in joined:
        return joined
    return joined.drop(columns="birth_date").assign(
        age_at_request=age_on(joined["birth_date"], joined["received_date"])
    )


def one_each(part: Part, key: str, notes: Notes, first_by: str = "", *, refuse: bool = False) -> pd.DataFrame:
    """Keep one row for each key, and report the rest; rows without a key are kept.

    Rows that are alike are one. Of rows that differ the earliest by the date `first_by` is used, or none where no date
    decides; with `refuse` two rows that differ raise InputError, for two requests cannot share an id.
    """
    frame = part.frame
    repeated = frame[key].duplicated(keep=False) & frame[key].notna()
    if not repeated.any():
        return frame
    dated = first_by in frame.columns
    by = [first_by] if dated else []
    several = frame[repeated].sort_values([*by, *(name for name in frame.columns if name not in by)])
    distinct = several.drop_duplicates([name for name in frame.columns if name == key or name not in _OWN])
    differing = distinct[key].duplicated(keep=False)
    if refuse and differing.any():
        raise InputError(
            f"{part.file}, column {key}, {rows_named(distinct.index[differing])}: the same id stands for different "
            f"requests; give each request an id of its own"
        )
    used = distinct.drop_duplicates(key) if dated else distinct[~differing]
    what = "the earliest is used" if dated else "those that differ are not used"
    rows = frame.index[repeated]
    notes.add(
        part.file,
        key,
        "",
        len(rows),
        len(used),
        f"the same {key} more than once ({rows_named(rows)}): {what}",
    )
    return pd.concat([frame[~repeated], used]).sort_index()


def join(
    left: pd.DataFrame, right: pd.DataFrame, left_key: str, right_key: str, file: str, notes: Notes, what: str
) -> pd.DataFrame:
    """Add the columns of `right`, which has one row per key, to every row of `left`; report rows that find none."""
    known = np.flatnonzero(right[right_key].notna())
    places = pd.Index(right[right_key].iloc[known]).get_indexer(left[left_key])
    found = np.zeros(len(right), dtype=bool)
    found[known[places[places >= 0]]] = True
    lost = right.index[~found]
    if len(lost):
        notes.add(
            file,
            right_key,
            "",
            len(right),
            len(right) - len(lost),
            f"belong to no {what} ({rows_named(lost)})",
        )
    added = right.drop(columns=right_key).iloc[known].set_axis(pd.RangeIndex(len(known)))
    return pd.concat([left, added.reindex(places).set_axis(left.index)], axis="columns")
