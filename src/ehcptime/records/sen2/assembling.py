"""The modules of a SEN2 return put together: one row per request, whatever the file format was."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from ehcptime.records.columns import names
from ehcptime.records.notes import Notes
from ehcptime.records.values import rows_named


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
    cases = one_each(requests, "requeststableid", notes, first_by="received_date")
    cases = cases.rename(columns={"requeststableid": "case_id", "persontableid": "person_id"})
    if "assessment" in parts:
        cases = _with_assessments(cases, parts, notes)
    if "activeplans" in parts and "senneed" in parts:
        cases = _with_needs(cases, parts, notes)
    if "person" in parts:
        cases = _with_ages(cases, parts["person"], notes)
    return in_contract_order(cases)


def in_contract_order(cases: pd.DataFrame) -> pd.DataFrame:
    """Put the columns of the contract first, in its order, and number the rows from 0."""
    known = [name for name in names("cases") if name in cases.columns]
    return cases[[*known, *(name for name in cases.columns if name not in known)]].reset_index(drop=True)


def _with_assessments(cases: pd.DataFrame, parts: Mapping[str, Part], notes: Notes) -> pd.DataFrame:
    part = parts["assessment"]
    used = one_each(part, "requeststableid", notes, first_by="assessment_outcome_date")
    if "namedplan" in parts and "plan_start_date" in parts["namedplan"].frame:
        plans = one_each(parts["namedplan"], "assessmenttableid", notes, first_by="plan_start_date")
        plans = plans[["assessmenttableid", "plan_start_date"]]
        used = join(
            used,
            plans,
            "assessmenttableid",
            "assessmenttableid",
            parts["namedplan"].file,
            notes,
            "assessment",
        )
    used = used.drop(columns="assessmenttableid")
    return join(cases, used, "case_id", "requeststableid", part.file, notes, "request").drop(
        columns="requeststableid", errors="ignore"
    )


def _with_needs(cases: pd.DataFrame, parts: Mapping[str, Part], notes: Notes) -> pd.DataFrame:
    needs, plans = parts["senneed"], parts["activeplans"]
    first = needs.frame[needs.frame["need_rank"].isin(["1", "1.0"])].drop(columns="need_rank")
    first = one_each(Part(needs.file, first), "activeplanstableid", notes)
    links = one_each(plans, "activeplanstableid", notes)[["activeplanstableid", "requeststableid"]]
    linked = join(links, first, "activeplanstableid", "activeplanstableid", needs.file, notes, "active plan")
    linked = one_each(Part(plans.file, linked[["requeststableid", "primary_need"]]), "requeststableid", notes)
    return join(cases, linked, "case_id", "requeststableid", plans.file, notes, "request")


def _with_ages(cases: pd.DataFrame, part: Part, notes: Notes) -> pd.DataFrame:
    people = one_each(part, "persontableid", notes)
    if "birth_date" not in people or "person_id" not in cases:
        return cases
    joined = join(cases, people, "person_id", "persontableid", part.file, notes, "request")
    return joined.drop(columns="birth_date").assign(
        age_at_request=_age(joined["birth_date"], joined["received_date"])
    )


def _age(born: pd.Series, on: pd.Series) -> pd.Series:
    """Count birthdays; empty where either day is missing or the day is before the birth."""
    before_birthday = (on.dt.month < born.dt.month) | (
        (on.dt.month == born.dt.month) & (on.dt.day < born.dt.day)
    )
    years: pd.Series = on.dt.year - born.dt.year - before_birthday
    return years.where(years >= 0).astype("Int64")


def one_each(part: Part, key: str, notes: Notes, first_by: str = "") -> pd.DataFrame:
    """Keep one row for each key, and report the rest; rows without a key are kept.

    Rows that are alike are one. Of rows that differ the earliest by the date `first_by` is used, or none where no date
    decides.
    """
    frame = part.frame
    repeated = frame[key].duplicated(keep=False) & frame[key].notna()
    if not repeated.any():
        return frame
    several = frame[repeated].sort_values(
        [first_by or key, *(c for c in frame.columns if c not in (first_by, key))], kind="stable"
    )
    items = [column for column in frame.columns if column not in _own_keys(frame, key)]
    distinct = several.drop_duplicates(items)
    differing = distinct[key].duplicated(keep=False)
    used = distinct.drop_duplicates(key) if first_by else distinct[~differing]
    what = "the earliest is used" if first_by else "those that differ are not used"
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


def _own_keys(frame: pd.DataFrame, key: str) -> set[str]:
    """Name the links other than `key`: two rows that differ in their own number alone are alike."""
    return {column for column in frame.columns if column.endswith("tableid") and column != key}


def join(
    left: pd.DataFrame, right: pd.DataFrame, left_key: str, right_key: str, file: str, notes: Notes, what: str
) -> pd.DataFrame:
    """Add the columns of `right`, which has one row per key, to every row of `left`; report rows that find none."""
    lost = right.index[~right[right_key].isin(left[left_key].dropna())]
    if len(lost):
        notes.add(
            file,
            right_key,
            "",
            len(right),
            len(right) - len(lost),
            f"belong to no {what} ({rows_named(lost)})",
        )
    keyed = right[right[right_key].notna()].set_index(right_key)
    return left.join(keyed, on=left_key, validate="many_to_one")
