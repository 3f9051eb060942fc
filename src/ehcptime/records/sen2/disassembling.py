"""Cases taken apart into the modules of a SEN2 return: the reverse of assembling."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.columns import COLUMNS
from ehcptime.records.sen2.modules import MODULES
from ehcptime.records.values import as_text


class Return(NamedTuple):
    """The tables of a return, under the names of the contract, and the columns of `cases` that it does not carry."""

    modules: dict[str, pd.DataFrame]
    rest: pd.DataFrame


CARRIED = frozenset({item.column for module in MODULES.values() for item in module.items} | {"person_id"})


def take_to_modules(cases: pd.DataFrame, *, carried: AbstractSet[str] = CARRIED) -> Return:
    """Give the table of each module as text, with every column that ties it to another.

    A need is carried where the outcome is to issue a plan, and what is recorded of a person where all requests of that
    person say the same; elsewhere it stays in `rest`, as does every column that is not among those `carried`.

    Raises:
        InputError: a case has no `case_id`, or two have the same.
    """
    text = pd.DataFrame({name: as_text(cases[name]) for name in cases.columns}).reset_index(drop=True)
    _refuse_keys(text)
    begun = text[_given(text, [*_columns("assessment"), "plan_start_date"])]
    named = begun[_given(begun, ["plan_start_date"])]
    planned = _column(text, "assessment_outcome").str.upper() == "Y"
    active = text[planned & _given(text, ["primary_need"])]
    agreed = _agreed(text)
    modules = {
        "person": _people(text, agreed),
        "requests": _ties(text).join(_items(text, "requests")),
        "assessment": _ties(begun, "assessmenttableid").join(_items(begun, "assessment")),
        "namedplan": _ties(begun, "assessmenttableid").loc[named.index].join(_items(named, "namedplan")),
        "activeplans": _ties(active, "activeplanstableid"),
        "senneed": _ties(active, "activeplanstableid").join(_items(active, "senneed")),
    }
    modules["namedplan"].insert(0, "namedplantableid", _numbers(named))
    modules["senneed"]["need_rank"] = "1"
    return Return(modules, _rest(text, carried, {"primary_need": planned, **agreed}))


def _refuse_keys(text: pd.DataFrame) -> None:
    for name in ("case_id", "received_date"):
        if name not in text:
            raise InputError(f"the cases have no column {name!r}, without which they cannot be written")
    if (text["case_id"] == "").any():
        raise InputError("a case without a case_id cannot be written: give every case one")
    if text["case_id"].duplicated().any():
        raise InputError("two cases with one case_id cannot be written: give every case its own")


def _columns(module: str) -> list[str]:
    return [item.column for item in MODULES[module].items]


def _column(text: pd.DataFrame, name: str) -> pd.Series:
    return text[name] if name in text else pd.Series("", index=text.index, dtype=object)


def _given(text: pd.DataFrame, columns: list[str]) -> pd.Series:
    return (text[[name for name in columns if name in text]] != "").any(axis=1)


def _items(text: pd.DataFrame, module: str) -> pd.DataFrame:
    """Take the columns of a module that the cases have, and those that it cannot do without."""
    items = [item for item in MODULES[module].items if item.required or item.column in text]
    return pd.DataFrame({item.column: _column(text, item.column) for item in items}, index=text.index)


def _ties(rows: pd.DataFrame, own: str = "") -> pd.DataFrame:
    ties = {"requeststableid": rows["case_id"], "persontableid": _column(rows, "person_id")}
    return pd.DataFrame({own: _numbers(rows), **ties} if own else ties, index=rows.index)


def _numbers(rows: pd.DataFrame) -> pd.Series:
    return pd.Series([str(n) for n in range(1, len(rows) + 1)], index=rows.index, dtype=object)


def _agreed(text: pd.DataFrame) -> dict[str, pd.Series]:
    """Say for each column about a person in which rows the person's record can carry it: where all of that person's agree."""
    ids = _column(text, "person_id")
    columns = [name for name in _columns("person") if name in text and name in COLUMNS["cases"]]
    return {name: (ids != "") & (text.groupby(ids)[name].transform("nunique") == 1) for name in columns}


def _people(text: pd.DataFrame, agreed: Mapping[str, pd.Series]) -> pd.DataFrame:
    ids = _column(text, "person_id")
    values = {name: text[name].where(rows, "") for name, rows in agreed.items()}
    return pd.DataFrame({"persontableid": ids, **values})[(ids != "") & ~ids.duplicated()]


def _rest(text: pd.DataFrame, carried: AbstractSet[str], rows: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Keep what no module carries: whole columns, and of those in `rows` what stands in other rows."""
    partly = {name: carries for name, carries in rows.items() if name in carried and not carries.all()}
    rest = text[[name for name in text.columns if name not in carried or name in partly]]
    return rest.assign(
        **{name: rest[name].where(~carries, "") for name, carries in partly.items() if name in rest}
    )
