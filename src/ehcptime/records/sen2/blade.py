"""The COLLECT blade export: a folder of CSV files, one for each module of the return."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.dates import Order
from ehcptime.records.extract import Extract
from ehcptime.records.notes import Notes
from ehcptime.records.personal import plain
from ehcptime.records.sen2.assembling import Part, assemble
from ehcptime.records.sen2.companions import read_companions
from ehcptime.records.sen2.modules import MODULES, NO_KEYS, read_module
from ehcptime.records.texts import read_csv

_NAME = re.compile(r"blade-export_(\d{2})-(\d{2})-(\d{4})_([a-z0-9]+)\.csv", re.IGNORECASE)
_HEADER = "sen2"  # the module of the return's header: one row, with the code of the authority


def read_blade(
    folder: Path,
    *,
    order: Order | None = None,
    keys: frozenset[str] = NO_KEYS,
    free_text: Collection[str] = (),
) -> Extract:
    """Read a folder of COLLECT blade files, and the local companions that stand beside them.

    A request without an assessment stays; what belongs to no request is reported in `reading`. `case_id` is the
    export's own `requeststableid` and `person_id` its `persontableid`. Names, numbers that name a child and postcodes
    are not read, a birth date gives `age_at_request` and is discarded, and sex and ethnicity are kept as coded, for
    `equality_view`. `extracted_on` is the date in the file names.

    Raises:
        InputError: the folder holds no blade files, or two exports, or a file that cannot be used.
    """
    found, taken = _blade_files(folder)
    notes = Notes()
    parts = {
        name: Part(
            found[name].name, read_module(read_csv(found[name]), module, notes, order=order, keys=keys)
        )
        for name, module in MODULES.items()
        if name in found
    }
    cases = assemble(parts, notes)
    if _HEADER in found:
        cases = _with_authority(cases, found[_HEADER], notes)
    for name, path in found.items():
        if name not in (*MODULES, _HEADER):
            notes.add(path.name, "", "", 0, 0, "not used")
    cases, tables = read_companions(folder, cases, notes, order=order, free_text=free_text)
    return Extract(cases=cases, **tables, reading=notes.frame(), extracted_on=taken)


def has_blade(folder: Path) -> bool:
    """Say whether a folder holds any file with the name of a blade file."""
    return any(_NAME.fullmatch(path.name) for path in folder.iterdir())


def _blade_files(folder: Path) -> tuple[Mapping[str, Path], date]:
    named = sorted((path, match) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name)))
    if not named:
        raise InputError(
            f"{folder.name} holds no blade files (Blade-Export_DD-MM-YYYY_requests.csv and the like)"
        )
    days = sorted({(int(m[3]), int(m[2]), int(m[1])) for _, m in named})
    if len(days) > 1:
        raise InputError(
            f"{folder.name} holds exports of {len(days)} days: give each export a folder of its own"
        )
    found = {match[4].lower(): path for path, match in named}
    if missing := [name for name, module in MODULES.items() if not module.optional and name not in found]:
        raise InputError(f"{folder.name} has no blade file of {' or '.join(missing)}")
    try:
        return found, date(*days[0])
    except ValueError:
        raise InputError(f"{named[0][0].name} has no date of the form DD-MM-YYYY in its name") from None


def _with_authority(cases: pd.DataFrame, path: Path, notes: Notes) -> pd.DataFrame:
    """Add the code of the authority, where the header names one only."""
    sheet = read_csv(path)
    heading = next((name for name in sheet.frame.columns if plain(name) == "lea"), None)
    codes = set() if heading is None else set(sheet.frame[heading].str.strip()) - {""}
    note = "" if len(codes) == 1 else f"{len(codes)} codes of an authority, so none is used"
    notes.add(
        sheet.name, heading or "lea", "la_code" if len(codes) == 1 else "", len(sheet.frame), len(codes), note
    )
    return cases.assign(la_code=codes.pop()) if len(codes) == 1 else cases
