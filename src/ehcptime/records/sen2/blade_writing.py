"""A COLLECT blade folder written from cases, with what SEN2 cannot carry beside it."""

import re
from datetime import date
from pathlib import Path

import pandas as pd

from ehcptime.records.columns import COLUMNS
from ehcptime.records.extract import Extract
from ehcptime.records.sen2.companions import write_companions
from ehcptime.records.sen2.disassembling import take_to_modules
from ehcptime.records.sen2.modules import MODULES
from ehcptime.records.texts import folder_made, refuse_filled, write_csv

_NOT_TIES = {  # what other formats tie a module with, and the export does not
    "person": (),
    "requests": (),
    "assessment": ("persontableid",),
    "namedplan": ("persontableid", "requeststableid"),
    "activeplans": ("persontableid",),
    "senneed": ("persontableid", "requeststableid"),
}
_ISO = re.compile(r"\d{4}-(0[1-9]|1[0-2])-\d{2}")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def write_blade(extract: Extract, folder: str | Path, *, as_at: date) -> None:
    """Write an extract as a COLLECT blade folder dated `as_at`, and beside it what SEN2 does not carry.

    `read_blade` reads it back with the same `case_id`, `person_id` and dates. The simulator's answer key is not
    written.

    Raises:
        InputError: the folder holds files already, or a case has no `case_id` of its own.

    >>> import tempfile
    >>> from ehcptime.records.sen2.blade import read_blade
    >>> cases = pd.DataFrame({"case_id": ["7"], "received_date": pd.to_datetime(["2024-01-08"])})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_blade(Extract(cases), folder, as_at=date(2024, 2, 1))
    ...     read_blade(Path(folder)).cases["received_date"].dt.day.tolist()
    [8]
    """
    folder = Path(folder)
    refuse_filled(folder)
    modules, rest = take_to_modules(extract.cases)
    folder_made(folder)
    for name, table in modules.items():
        write_csv(_as_export(table, name), folder / f"Blade-Export_{as_at:%d-%m-%Y}_{name}.csv")
    write_companions(extract, rest, folder)


def _as_export(table: pd.DataFrame, module: str) -> pd.DataFrame:
    """Give columns the export's lower-case tags, its ties alone, and dates its form."""
    table = table.drop(columns=[name for name in _NOT_TIES[module] if name in table])
    tags = {item.column: item.tag.lower() for item in MODULES[module].items}
    known = COLUMNS["cases"]
    dates = {name for name in table.columns if name in known and known[name].kind == "date"}
    return pd.DataFrame(
        {
            tags.get(name, name): _collect_dates(table[name]) if name in dates else table[name]
            for name in table.columns
        }
    )


def _collect_dates(iso: pd.Series) -> pd.Series:
    """Turn 2022-09-28 into 2022-Sep-28 00:00:00, whatever the language of the machine."""
    return iso.map({day: _collect_date(day) for day in iso.unique()})


def _collect_date(iso: str) -> str:
    if not _ISO.fullmatch(iso):
        return iso  # blank, or what a check is to find
    year, month, day = iso.split("-")
    return f"{year}-{_MONTHS[int(month) - 1]}-{day} 00:00:00"
