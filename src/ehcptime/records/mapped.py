"""A sheet read through a mapping: each column by what it means, and every one of them accounted for."""

from collections.abc import Mapping

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.columns import COLUMNS
from ehcptime.records.dates import Order, read_dates
from ehcptime.records.headings import headings_of
from ehcptime.records.mapping import BIRTH, Service, TableMapping
from ehcptime.records.notes import Notes
from ehcptime.records.personal import (
    FREE_TEXT_DROPPED,
    PERSONAL_DROPPED,
    age_on,
    is_asked_for,
    is_birth_date,
    is_free_text,
    is_personal,
    plain,
)
from ehcptime.records.sheets import Source, records
from ehcptime.records.texts import Sheet
from ehcptime.records.unread import mark, with_unread
from ehcptime.records.values import Values, read_values

_OLDEST_BIRTH = 1980


def known_headings(table: TableMapping) -> dict[str, str]:
    """Give the column for each heading, in plain letters."""
    return {plain(heading): column for column, headings in table.columns.items() for heading in headings}


def read_mapped(
    source: Source, header: int, table: TableMapping, order: Order | None, notes: Notes
) -> pd.DataFrame:
    """Read the table of a sheet whose header is known; a birth date gives the age, and what is personal is left.

    Raises:
        InputError: a heading that is mapped stands more than once, or a column of dates can be read both ways.
    """
    named = headings_of(source.top, header, _all_known(table))
    headings = [plain(heading) for heading in named]
    for heading in headings:
        if heading in known_headings(table) and headings.count(heading) > 1:
            raise InputError(f"{source.name} has the column {named[headings.index(heading)]} more than once")
    of_dates = _headings_of_dates(table)
    dates = [n for n, heading in enumerate(headings) if heading in of_dates]
    sheet = source.load(header, frozenset(dates))
    key = next(
        (n for n, heading in enumerate(headings) if known_headings(table).get(heading) == "case_id"), None
    )
    kept = records(sheet, key, dates)
    kept = kept._replace(frame=kept.frame.set_axis(named, axis="columns"))
    notes.add(kept.name, "", table.table, len(sheet.frame), len(kept.frame), kept.note)
    if table.services:
        return _long(kept, table, order, notes)
    return _columns(kept, table, order, notes).reset_index(drop=True)


def _all_known(table: TableMapping) -> set[str]:
    """List the headings that a mapping names, those of services too, in plain letters."""
    of_services = (heading for service in table.services for heading in _headings(service.columns))
    return {*known_headings(table), *map(plain, (*of_services, *(table.keep or ())))}


def _headings_of_dates(table: TableMapping) -> set[str]:
    """List the headings of columns of dates, those of services too, in plain letters."""
    every = [
        *table.columns.items(),
        *(pair for service in table.services for pair in service.columns.items()),
    ]
    known = COLUMNS[table.table]
    return {
        plain(heading)
        for column, headings in every
        if column in known and known[column].kind == "date"
        for heading in headings
    }


def _columns(sheet: Sheet, table: TableMapping, order: Order | None, notes: Notes) -> pd.DataFrame:
    """Read each column that is mapped or kept, and note what became of the rest."""
    known = known_headings(table)
    kept: dict[str, pd.Series] = {}
    wanted = {plain(heading) for heading in table.keep or ()}
    born = None
    for position, heading in enumerate(sheet.frame.columns):
        text = sheet.frame.iloc[:, position]
        column = known.get(plain(heading), "")
        if column == BIRTH or (not column and is_birth_date(heading)):
            born = _births(text, heading, sheet.name, table.order or order, notes)
        elif column or plain(heading) in wanted or _may_be_kept(heading, table):
            read = _column(text, column or heading, table, sheet.name, order, notes)
            kept |= with_unread(column or heading, read)
        else:
            notes.add(sheet.name, heading, "", _filled(text), 0, _why_not(heading))
    frame = pd.DataFrame(kept, index=sheet.frame.index, copy=False)
    if born is not None and table.table == "cases" and "age_at_request" not in frame:
        frame["age_at_request"] = age_on(born, frame["received_date"])
    return frame


def _may_be_kept(heading: str, table: TableMapping) -> bool:
    """Whether a column that no mapping names is kept: where there is no mapping, unless it is personal or holds notes."""
    wanted = table.keep is None and bool(heading) and not is_personal(heading)
    return wanted and is_asked_for(heading, table.free_text)


def _why_not(heading: str) -> str:
    if is_personal(heading):
        return PERSONAL_DROPPED
    if is_free_text(heading):
        return FREE_TEXT_DROPPED
    return "not mapped, not kept" if heading else "has no heading"


def _filled(text: pd.Series) -> int:
    return int((text.notna() & (text != "")).sum())


def _births(text: pd.Series, heading: str, file: str, order: Order | None, notes: Notes) -> pd.Series:
    read = read_dates(text, column=heading, order=order, file=file, earliest=_OLDEST_BIRTH, personal=True)
    notes.add(file, heading, "", _filled(text), 0, "used for age_at_request, then discarded")
    return read.dates


def _column(
    text: pd.Series, name: str, table: TableMapping, file: str, order: Order | None, notes: Notes
) -> Values:
    known = COLUMNS[table.table].get(name)
    codes = table.codes.get(name)
    if codes:
        text = text.str.strip().map(lambda cell: codes.get(cell.casefold(), cell))
    read = read_values(text, known, file=file, order=table.order or order)
    notes.add(file, str(text.name), name, read.rows_in, read.rows_out, read.note)
    return read


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
        asked = [name for column in service.columns for name in (column, mark(column)) if name in block]
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
