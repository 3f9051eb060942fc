"""The door for local extracts: any CSV file or workbook, by way of a mapping or of headings that need none."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ehcptime.errors import InputError
from ehcptime.records.columns import COLUMNS, required
from ehcptime.records.dates import Order
from ehcptime.records.extract import Extract
from ehcptime.records.mapped import known_headings, read_mapped
from ehcptime.records.mapping import TableMapping, contract_mapping, read_mapping
from ehcptime.records.notes import Notes
from ehcptime.records.personal import plain
from ehcptime.records.sen2.labelled import FORMATS, read_labelled
from ehcptime.records.sheets import Source, find_header, sources
from ehcptime.records.unread import set_apart


def read_extract(
    path: str | Path,
    *,
    mapping: str | Path | Mapping[str, Any] | None = None,
    order: Order | None = None,
    free_text: Collection[str] = (),
) -> Extract:
    r"""Read a local extract: a CSV or Parquet file, a workbook, or a folder of them.

    `mapping` is a TOML file, its content, or the name of one that ships; see `read_mapping`. A file whose headings are
    the contract's names needs none; `d2i` and `ssd` are the headings of Data to Insight, on one sheet or in a folder. Titles above the header, blank rows, headers repeated on every page, totals and
    notes below are normal, and counted in `reading`. Names, numbers that name a child, addresses and birth dates are
    not kept; a birth date gives `age_at_request`. Nor are notes and comments, unless a mapping names them or, where there is none,
    `free_text` does. `order` settles numeric dates that no value settles.

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
        return _folder(path, order, free_text)
    found = sources(path)
    notes = Notes()
    if mapping is None:
        chosen = _by_contract(found, path.name, free_text)
    else:
        chosen = [_by_mapping(found, table, path.name) for table in read_mapping(mapping)]
    tables = {
        table.table: read_mapped(source, header, table, order, notes) for table, source, header in chosen
    }
    read = {(source.file, source.name) for _, source, _ in chosen}
    for file, name in dict.fromkeys((source.file, source.name) for source in found):
        if (file, name) not in read:
            notes.add(file if file == name else f"{file} {name}", "", "", 0, 0, "not used")
    cases = tables.pop("cases", None)
    if cases is None:
        raise InputError(f"{path.name} holds {' and '.join(tables)} but no cases: add a section [cases]")
    return set_apart(Extract(cases=cases, **tables, reading=notes.frame(), extracted_on=None))


def _folder(folder: Path, order: Order | None, free_text: Collection[str]) -> Extract:
    """Read the folder of a format whose tables are separate files."""
    extract = read_labelled(folder, order=order, free_text=free_text)
    if extract is None:
        raise InputError(
            f"{folder.name} holds no CSV files with the headings of both requests and assessments"
        )
    return set_apart(extract)


_Chosen = tuple[TableMapping, Source, int]


def _needed(table: TableMapping) -> list[tuple[str, ...]]:
    """List the headings that a table cannot do without."""
    names = required(table.table)
    if table.services:
        names = ("case_id",)
        first = [next(iter(service.columns.values())) for service in table.services]
        return [table.columns[name] for name in names] + first
    return [table.columns[name] for name in names]


def _by_contract(found: list[Source], name: str, free_text: Collection[str]) -> list[_Chosen]:
    """Choose, for each sheet, the table of which it has most columns."""
    chosen: dict[str, _Chosen] = {}
    for source in found:
        fits = [
            (hit[1], table, hit[0])
            for table in (contract_mapping(table, free_text) for table in COLUMNS)
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
    return find_header(source, _needed(table), known_headings(table))


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
