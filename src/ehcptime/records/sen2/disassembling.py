"""Cases taken apart into the modules of a SEN2 return: the reverse of assembling."""

from typing import NamedTuple

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.sen2.modules import MODULES
from ehcptime.records.values import as_text

_PLAN_COLUMNS = ("plan_start_date", "primary_need")


class Return(NamedTuple):
    """The tables of a return, under the names of the contract, and the columns of `cases` that it does not carry."""

    modules: dict[str, pd.DataFrame]
    rest: pd.DataFrame


def take_to_modules(cases: pd.DataFrame) -> Return:
    """Give the tables of each module, linked by the export's keys, as text.

    A need is carried where a plan was issued; elsewhere it stays in `rest`, as does every column without an item.

    Raises:
        InputError: a case has no `case_id`, or two have the same.
    """
    text = pd.DataFrame({name: as_text(cases[name]) for name in cases.columns}).reset_index(drop=True)
    _refuse_keys(text)
    planned = _given(text, ["assessment_outcome"]) & _column(text, "assessment_outcome").str.upper().eq("Y")
    modules = {
        "person": _people(text),
        "requests": _requests(text),
        **_assessments(text),
        **_needs(text, planned),
    }
    return Return(modules, _rest(text, planned))


def _refuse_keys(text: pd.DataFrame) -> None:
    for name in ("case_id", "received_date"):
        if name not in text:
            raise InputError(f"cases have no column {name}")
    if (text["case_id"] == "").any():
        raise InputError("a case without a case_id cannot be written: give every case one")
    if text["case_id"].duplicated().any():
        raise InputError("two cases with one case_id cannot be written: give every case its own")


def _column(text: pd.DataFrame, name: str) -> pd.Series:
    return text[name] if name in text else pd.Series("", index=text.index)


def _given(text: pd.DataFrame, columns: list[str]) -> pd.Series:
    return (text[[name for name in columns if name in text]] != "").any(axis=1)


def _items(text: pd.DataFrame, module: str) -> pd.DataFrame:
    """Take the columns of a module that the cases have, and those that it cannot do without."""
    items = [item for item in MODULES[module].items if item.required or item.column in text]
    return pd.DataFrame({item.column: _column(text, item.column) for item in items}, index=text.index)


def _people(text: pd.DataFrame) -> pd.DataFrame:
    ids = _column(text, "person_id")
    return pd.DataFrame({"persontableid": ids[ids != ""].drop_duplicates()})


def _requests(text: pd.DataFrame) -> pd.DataFrame:
    links = pd.DataFrame({"requeststableid": text["case_id"], "persontableid": _column(text, "person_id")})
    return links.join(_items(text, "requests"))


def _assessments(text: pd.DataFrame) -> dict[str, pd.DataFrame]:
    columns = [item.column for item in MODULES["assessment"].items]
    begun = text[_given(text, [*columns, "plan_start_date"])]
    links = pd.DataFrame({"assessmenttableid": _numbers(begun), "requeststableid": begun["case_id"]})
    named = begun[_given(begun, ["plan_start_date"])]
    plans = pd.DataFrame(
        {
            "namedplantableid": _numbers(named),
            "assessmenttableid": links["assessmenttableid"].loc[named.index],
        }
    )
    plans["plan_start_date"] = _column(named, "plan_start_date")
    return {"assessment": links.join(_items(begun, "assessment")), "namedplan": plans}


def _needs(text: pd.DataFrame, planned: pd.Series) -> dict[str, pd.DataFrame]:
    active = text[planned & _given(text, ["primary_need"])]
    keys = _numbers(active)
    needs = {"activeplanstableid": keys, "primary_need": _column(active, "primary_need"), "need_rank": "1"}
    plans = pd.DataFrame({"activeplanstableid": keys, "requeststableid": active["case_id"]})
    return {"activeplans": plans, "senneed": pd.DataFrame(needs, index=active.index)}


def _numbers(rows: pd.DataFrame) -> pd.Series:
    return pd.Series([str(n) for n in range(1, len(rows) + 1)], index=rows.index, dtype=object)


def _rest(text: pd.DataFrame, planned: pd.Series) -> pd.DataFrame:
    """Keep what no module carries: whole columns, and the needs of cases without a plan."""
    carried = {item.column for module in MODULES.values() for item in module.items} | {"person_id"}
    rest = text[[name for name in text.columns if name not in carried or name == "primary_need"]].copy()
    if "primary_need" in rest:
        rest["primary_need"] = rest["primary_need"].where(~planned, "")
    return rest
