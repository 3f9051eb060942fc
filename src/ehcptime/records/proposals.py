"""A mapping proposed for a local file, as TOML to be edited: what its headings and values look like they mean."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.columns import COLUMNS, required
from ehcptime.records.date_forms import take_apart
from ehcptime.records.dates import Order
from ehcptime.records.guesses import (
    DATED,
    Column,
    codes_for,
    column_of,
    columns_for,
    is_dated,
    order_of,
    services_for,
)
from ehcptime.records.headings import both_of, headings_of, is_second
from ehcptime.records.personal import is_personal, shaped
from ehcptime.records.sheets import Source, records, sources
from ehcptime.records.texts import Sheet

_SAMPLED = 5_000  # rows whose values are looked at
_CODED = ("code", "flag")
_OF_SERVICES = (*DATED, "empty")  # the kinds of a service's columns


class _Sheet(NamedTuple):
    """One sheet whose header was found."""

    source: Source
    columns: tuple[Column, ...]
    tables: Mapping[str, Mapping[str, Column]]


def propose_mapping(path: str | Path, *, order: Order | None = None) -> str:
    r"""Propose a mapping for a local CSV file, workbook or folder, as the text of a TOML file to edit.

    Headings are matched by their words, and only to columns whose cells can be what the contract says. What was not
    matched is listed in comments, with what its cells look like and never what they hold; codes of columns with few
    values are listed for a person to place. It is a proposal: nothing is read by it before a person has looked.

    Raises:
        InputError: the file cannot be read, or has no row that can be a header.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.csv")
    ...     _ = path.write_text("Case Ref,Date Received\n7,28/04/2025\n")
    ...     print([line for line in propose_mapping(path).splitlines() if line.startswith("received_date")])
    ['received_date = "Date Received"  # dates']
    """
    path = Path(path).absolute()
    found = [sheet for source in sources(path) if (sheet := _looked_at(source)) is not None]
    if not found:
        raise InputError(
            f"{path.name} has no row that can be a header: it needs a row of headings above its records"
        )
    several = len({sheet.source.name for sheet in found}) > 1
    cases = max(found, key=lambda sheet: _weight(sheet, "cases"))
    lines = [
        f"# A mapping proposed for {path.name} from its headings and values: check every line, and put right what is wrong.",
        "# A column may have several headings, of which one is there. What is blank or left out is not read.",
        *_section("cases", cases, order, several=several),
    ]
    others = [sheet for sheet in found if sheet.source.name != cases.source.name and _is_long(sheet)]
    if others:
        best = max(others, key=lambda sheet: _weight(sheet, "advice"))
        lines += _section("advice", best, order, several=several)
    elif services := services_for(_left(cases, "cases")):
        lines += _wide(cases, services, order, several=several)
    return "\n".join(lines) + "\n"


def _looked_at(source: Source) -> _Sheet | None:
    header = _header(source.top)
    if header is None:
        return None
    try:
        frame = source.load(header, frozenset()).frame.head(_SAMPLED)
    except InputError:  # with another delimiter it may be a table
        return None
    named = headings_of(source.top, header)
    both = both_of(source.top, header) if named != list(source.top[header]) else named
    columns = _columns(_records(frame, _columns(frame, named, named)), named, both)
    return _Sheet(source, columns, {table: columns_for(table, columns) for table in ("cases", "advice")})


def _columns(frame: pd.DataFrame, named: Sequence[str], both: Sequence[str]) -> tuple[Column, ...]:
    """Look at each column that has a heading; the dates of a service are named with the heading above them."""
    found = [column_of(n, heading, frame.iloc[:, n]) for n, heading in enumerate(named) if heading]
    return tuple(
        column._replace(heading=both[column.position]) if column.kind in _OF_SERVICES else column
        for column in found
    )


def _records(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Leave out totals, whose counts are no dates, and what else is not a record."""
    case_id = columns_for("cases", columns).get("case_id")
    dated = [column.position for column in columns if any(map(is_dated, column.values))]
    return records(Sheet("", frame), case_id.position if case_id else None, dated).frame


def _header(top: Sequence[Sequence[str]]) -> int | None:
    """Find the first row with most of the cells that any row has, and no date or number among them."""
    filled = [sum(1 for cell in row if cell.strip()) for row in top]
    most = max(filled, default=0)
    for number, row in enumerate(top):
        if most > 1 and filled[number] >= most * 2 / 3 and all(_may_head(cell) for cell in row):
            following = top[number + 1] if number + 1 < len(top) else []
            return number + (all(map(_may_head, following)) and is_second(row, following))
    return None


def _may_head(cell: str) -> bool:
    return not cell.strip() or (not cell.strip().isdecimal() and take_apart(cell).shape == "not_a_date")


def _weight(sheet: _Sheet, table: str) -> tuple[int, int]:
    """Rank a sheet by the required columns that it has, and then by all."""
    found = sheet.tables[table]
    return sum(name in found for name in required(table)), len(found)


def _is_long(sheet: _Sheet) -> bool:
    return {"case_id", "advice_type"} <= set(sheet.tables["advice"])


def _left(sheet: _Sheet, table: str) -> list[Column]:
    return [column for column in sheet.columns if column not in sheet.tables[table].values()]


def _section(table: str, sheet: _Sheet, order: Order | None, *, several: bool) -> list[str]:
    found = sheet.tables[table]
    left = _left(sheet, table)
    lines = [
        f"\n[{table}]",
        f"source = {_quoted(sheet.source.name if several else '')}  # the sheet or file, where there are several",
        f"order = {_quoted(order_of(sheet.columns) or order or '')}  # day_first or month_first: what some date proves and none contradicts",
        "keep = []  # other headings to keep, to group by",
        f"\n[{table}.columns]",
    ]
    missing = [name for name in required(table) if name not in found]
    lines += [f'{name} = ""  # fill this in: {COLUMNS[table][name].means}' for name in missing]
    lines += [f"{name} = {_quoted(column.heading)}  # {_seen(column)}" for name, column in found.items()]
    lines += [f"# not matched: {_quoted(column.heading)} ({_seen(column)})" for column in left]
    lines += ["# A heading that is not matched and not personal can be named in keep."] * bool(left)
    for name, column in found.items():
        known = COLUMNS[table].get(name)
        if known and known.kind in _CODED and column.kind != "empty":
            lines += _codes(table, name, column)
    return lines


def _seen(column: Column) -> str:
    if is_personal(column.heading):
        return "personal, never kept; a birth date gives the age"
    if column.kind == "mostly dates":
        return "mostly dates: what is not one is reported and left unread"
    return column.kind + (
        f", {len(column.values)} different" if column.kind in ("text", "few values") else ""
    )


def _codes(table: str, name: str, column: Column) -> Iterable[str]:
    """Write the codes of a column; values that may name somebody are counted and not written."""
    found, rest = codes_for(table, name, column)
    if not found and not rest:
        return []
    lines = [f"\n[{table}.codes.{name}]"]
    lines += [f"{code} = [{', '.join(map(_quoted, sorted(values)))}]" for code, values in found.items()]
    shown = [value for value in rest if not shaped([value])][:20]
    if column.kind != "text":
        lines += [f"# to be placed: {_quoted(value)}" for value in shown]
    else:
        lines.append(f"# to be placed: {len(rest)} other values")
    return lines


def _wide(
    sheet: _Sheet, services: Mapping[str, Mapping[str, Column]], order: Order | None, *, several: bool
) -> list[str]:
    """Write the services of a wide sheet, whose columns stand beside those of the cases."""
    case_id = sheet.tables["cases"].get("case_id")
    lines = [
        "\n[advice]",
        f"source = {_quoted(sheet.source.name if several else '')}",
        f"order = {_quoted(order_of(sheet.columns) or order or '')}",
        "\n[advice.columns]",
        f"case_id = {_quoted(case_id.heading if case_id else '')}",
    ]
    for service, steps in services.items():
        kind, _, part = service.partition(" ")
        lines.append(f"\n[advice.services.{service.replace(' ', '_')}]")
        lines += [f"advice_type = {_quoted(kind)}", *([f"sub_service = {_quoted(part)}"] if part else [])]
        lines += [f"{step} = {_quoted(column.heading)}" for step, column in steps.items()]
    return lines


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
