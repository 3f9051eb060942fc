"""The door for local extracts: any CSV file or workbook, by way of a mapping or of headings that need none."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.columns import COLUMNS, required
from ehcptime.records.dates import Order, read_dates
from ehcptime.records.extract import Extract
from ehcptime.records.headings import headings_of
from ehcptime.records.mapping import BIRTH, Service, TableMapping, contract_mapping, read_mapping
from ehcptime.records.notes import Notes
from ehcptime.records.personal import age_on, is_birth_date, is_personal, plain
from ehcptime.records.sen2.labelled import FORMATS, read_labelled
from ehcptime.records.sheets import Source, find_header, records, sources
from ehcptime.records.texts import Sheet
from ehcptime.records.values import read_values

_OLDEST_BIRTH = 1980


def read_extract(
    path: str | Path, *, mapping: str | Path | Mapping[str, Any] | None = None, order: Order | None = None
) -> Extract:
    r"""Read a local extract: a CSV file, a workbook, or a folder of them.

    `mapping` is a TOML file, its content, or the name of one that ships; see `read_mapping`. A file whose headings are
    the contract's names needs none; `d2i` and `ssd` are the headings of Data to Insight, on one sheet or in a folder. Titles above the header, blank rows, headers repeated on every page, totals and
    notes below are normal, and counted in `reading`. Names, numbers that name a child, addresses and birth dates are
    not kept; a birth date gives `age_at_request`. `order` settles numeric dates that no value settles.

    Raises:
        InputError: nothing is found that can be read as a table, or a column of dates can be read both ways.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "cases.csv")
    ...     _ = path.write_text("Requests at May\n\nRef,Received,Child\n7,28/04/2025,Sunny Beam\n")
    ...     extract = read_extract(path, mapping={"cases": {"columns": {"case_id": "Ref", "received_date": "Received"}}})
    >>> extract.cases.columns.tolist(), extract.cases["received_date"].dt.month.tolist()
    (['case_id', 'received_date'], [4])
    """
    path = Path(path).absolute()  # so that even . has a name
    if isinstance(mapping, str) and mapping in FORMATS and path.is_dir():
        return _folder(path, order)
    found = sources(path)
    notes = Notes()
    if mapping is None:
        chosen = _by_contract(found, path.name)
    else:
        chosen = [_by_mapping(found, table, path.name) for table in read_mapping(mapping)]
    tables = {table.table: _read(source, header, table, order, notes) for table, source, header in chosen}
    read = {(source.file, source.name) for _, source, _ in chosen}
    for file, name in dict.fromkeys((source.file, source.name) for source in found):
        if (file, name) not in read:
            notes.add(file if file == name else f"{file} {name}", "", "", 0, 0, "not used")
    cases = tables.pop("cases", None)
    if cases is None:
        raise InputError(f"{path.name} holds {' and '.join(tables)} but no cases: add a section [cases]")
    return Extract(cases=cases, **tables, reading=notes.frame(), extracted_on=None)


def _folder(folder: Path, order: Order | None) -> Extract:
    """Read the folder of a format whose tables are separate files."""
    extract = read_labelled(folder, order=order)
    if extract is None:
        raise InputError(
            f"{folder.name} holds no CSV files with the headings of both requests and assessments"
        )
    return extract


_Chosen = tuple[TableMapping, Source, int]


def _needed(table: TableMapping) -> list[tuple[str, ...]]:
    """List the headings that a table cannot do without."""
    names = required(table.table)
    if table.services:
        names = ("case_id",)
        first = [next(iter(service.columns.values())) for service in table.services]
        return [table.columns[name] for name in names] + first
    return [table.columns[name] for name in names]


def _known(table: TableMapping) -> dict[str, str]:
    """Give the column for each heading, in plain letters."""
    return {plain(heading): column for column, headings in table.columns.items() for heading in headings}


def _by_contract(found: list[Source], name: str) -> list[_Chosen]:
    """Choose, for each sheet, the table of which it has most columns."""
    chosen: dict[str, _Chosen] = {}
    for source in found:
        fits = [
            (hit[1], table, hit[0])
            for table in map(contract_mapping, COLUMNS)
            if (hit := _fit(source, table))
        ]
        if fits:
            _, table, header = max(fits, key=lambda fit: fit[0])
            if table.table in chosen:
                first = chosen[table.table][1].name
                raise InputError(
                    f"{first} and {source.name} both hold {table.table}: say which in a mapping, as source"
                )
            chosen[table.table] = (table, source, header)
    if "cases" not in chosen:
        raise InputError(
            f"{name} has no row with the headings case_id and received_date: give a mapping of its own headings"
        )
    return list(chosen.values())


def _fit(source: Source, table: TableMapping) -> tuple[int, int] | None:
    return find_header(source, _needed(table), _known(table))


def _by_mapping(found: list[Source], table: TableMapping, name: str) -> _Chosen:
    named = [source for source in found if not table.source or plain(source.name) == plain(table.source)]
    if not named:
        raise InputError(
            f"{name} has no sheet or file {table.source}, which the mapping names for {table.table}"
        )
    fits = [(table, source, hit[0]) for source in named if (hit := _fit(source, table))]
    if not fits:
        raise InputError(
            f"{name} has no row with the headings {_listed(table)}, which the mapping gives for {table.table}"
        )
    if len(fits) > 1:
        both = f"{fits[0][1].name} and {fits[1][1].name}"
        raise InputError(
            f"{both} both have the headings of {table.table}: say which in the mapping, as source"
        )
    return fits[0]


def _listed(table: TableMapping) -> str:
    return " and ".join(" or ".join(headings) for headings in _needed(table))


def _read(
    source: Source, header: int, table: TableMapping, order: Order | None, notes: Notes
) -> pd.DataFrame:
    named = headings_of(source.top, header, _all_known(table))
    headings = [plain(heading) for heading in named]
    for heading in headings:
        if heading in _known(table) and headings.count(heading) > 1:
            raise InputError(f"{source.name} has the column {named[headings.index(heading)]} more than once")
    dates = [
        n for n, heading in enumerate(headings) if _kind(table, _known(table).get(heading, "")) == "date"
    ]
    sheet = source.load(header, frozenset(dates))
    key = next((n for n, heading in enumerate(headings) if _known(table).get(heading) == "case_id"), None)
    kept = records(sheet, key, dates)
    kept = kept._replace(frame=kept.frame.set_axis(named[: kept.frame.shape[1]], axis="columns"))
    notes.add(kept.name, "", table.table, len(sheet.frame), len(kept.frame), kept.note)
    if table.services:
        return _long(kept, table, order, notes)
    return _columns(kept, table, order, notes).reset_index(drop=True)


def _all_known(table: TableMapping) -> set[str]:
    """List the headings that a mapping names, those of services too, in plain letters."""
    of_services = (heading for service in table.services for heading in _headings(service.columns))
    return {*_known(table), *map(plain, (*of_services, *(table.keep or ())))}


def _kind(table: TableMapping, column: str) -> str:
    known = COLUMNS[table.table].get(column)
    return known.kind if known else ""


def _columns(sheet: Sheet, table: TableMapping, order: Order | None, notes: Notes) -> pd.DataFrame:
    """Read each column that is mapped or kept, and note what became of the rest."""
    known, kept = _known(table), {}
    wanted = {plain(heading) for heading in table.keep or ()}
    born = None
    for position, heading in enumerate(sheet.frame.columns):
        text = sheet.frame.iloc[:, position]
        column = known.get(plain(heading), "")
        if column == BIRTH or (not column and is_birth_date(heading)):
            born = _births(text, heading, sheet.name, table.order or order, notes)
        elif (
            column
            or plain(heading) in wanted
            or (table.keep is None and heading and not is_personal(heading))
        ):
            kept[column or heading] = _column(text, column or heading, table, sheet.name, order, notes)
        else:
            why = (
                "personal, not kept"
                if is_personal(heading)
                else "not mapped, not kept"
                if heading
                else "has no heading"
            )
            notes.add(sheet.name, heading, "", _filled(text), 0, why)
    frame = pd.DataFrame(kept, index=sheet.frame.index, copy=False)
    if born is not None and table.table == "cases" and "age_at_request" not in frame:
        frame["age_at_request"] = age_on(born, frame["received_date"])
    return frame


def _filled(text: pd.Series) -> int:
    return int((text.notna() & (text != "")).sum())


def _births(text: pd.Series, heading: str, file: str, order: Order | None, notes: Notes) -> pd.Series:
    read = read_dates(text, column=heading, order=order, file=file, earliest=_OLDEST_BIRTH, personal=True)
    notes.add(file, heading, "", _filled(text), 0, "used for age_at_request, then discarded")
    return read.dates


def _column(
    text: pd.Series, name: str, table: TableMapping, file: str, order: Order | None, notes: Notes
) -> pd.Series:
    known = COLUMNS[table.table].get(name)
    codes = table.codes.get(name)
    if codes:
        text = text.str.strip().map(lambda cell: codes.get(cell.casefold(), cell))
    read = read_values(text, known, file=file, order=table.order or order)
    notes.add(file, str(text.name), name, read.rows_in, read.rows_out, read.note)
    return read.values


def _long(sheet: Sheet, table: TableMapping, order: Order | None, notes: Notes) -> pd.DataFrame:
    """Turn a wide sheet of advice into one row for each asking: a service of which no cell is filled was not asked."""
    of_services = {plain(heading) for service in table.services for heading in _headings(service.columns)}
    blocks = []
    for number, service in enumerate(table.services):
        own = TableMapping(
            "advice", {**table.columns, **service.columns}, order=table.order, codes=table.codes
        )
        mine = {plain(heading) for heading in _headings(own.columns)}
        # what no service has is noted once, with the first
        wanted = [
            plain(heading) in mine or (number == 0 and plain(heading) not in of_services)
            for heading in sheet.frame.columns
        ]
        block = _columns(sheet._replace(frame=sheet.frame.loc[:, wanted]), own, order, notes)
        asked = [name for name in service.columns if name in block]
        block = block[block[asked].notna().any(axis=1)]
        blocks.append(_with_fixed(block, service))
    return pd.concat(blocks, ignore_index=True)


def _headings(columns: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [heading for headings in columns.values() for heading in headings]


def _with_fixed(block: pd.DataFrame, service: Service) -> pd.DataFrame:
    values = {
        name: read_values(pd.Series([text]), COLUMNS["advice"][name]).values.iloc[0]
        for name, text in service.fixed.items()
    }
    return block.assign(**values)
