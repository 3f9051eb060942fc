"""The SEN2 return as XML, written from cases one person at a time."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TextIO
from xml.sax.saxutils import escape

import pandas as pd

from ehcptime.records.extract import Extract
from ehcptime.records.saving import saving
from ehcptime.records.sen2.disassembling import take_to_modules
from ehcptime.records.sen2.modules import MODULES

_BELOW = {  # what stands inside what, and the tag of each
    "requests": (("assessment", "Assessment"), ("activeplans", "ActivePlans")),
    "assessment": (("namedplan", "NamedPlan"),),
    "activeplans": (("senneed", "SENneed"),),
}


def write_xml(extract: Extract, path: str | Path, *, as_at: date) -> None:
    """Write the part of an extract that SEN2 carries as an XML return, dated `as_at`.

    The return has no numbers for its records: read back, cases stand in the order of their persons, and are counted
    anew. A case without a `person_id` is a person of its own. An existing file is replaced when the new one is whole.
    """
    path = Path(path)
    modules = take_to_modules(_with_persons(extract.cases)).modules
    with saving(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        _write(file, modules, _authority(extract.cases), as_at)


def _with_persons(cases: pd.DataFrame) -> pd.DataFrame:
    """Make a case without a `person_id` a person of its own; the ids are not written."""
    own = pd.Series([f"alone {n}" for n in range(len(cases))], index=cases.index, dtype=object)
    ids = cases["person_id"].astype(object) if "person_id" in cases else own.where(own.isna())
    return cases.assign(person_id=ids.where(ids.notna() & (ids != ""), own))


def _authority(cases: pd.DataFrame) -> str:
    codes = set(cases["la_code"].dropna()) if "la_code" in cases else set()
    return str(codes.pop()) if len(codes) == 1 else ""


def _write(file: TextIO, modules: dict[str, pd.DataFrame], lea: str, as_at: date) -> None:
    file.write('<?xml version="1.0" encoding="UTF-8"?>\n<Message>\n<Header>\n')
    file.write(
        f"<CollectionDetails><Collection>SEN2</Collection><Year>{as_at.year}</Year></CollectionDetails>\n"
    )
    file.write(
        f"<Source><LEA>{escape(lea)}</LEA><DateTime>{as_at.isoformat()}T00:00:00</DateTime></Source>\n"
    )
    file.write("</Header>\n<Persons>\n")
    rows = {
        name: _by_request(name, table)
        for name, table in modules.items()
        if name not in ("person", "requests")
    }
    people = {row["persontableid"]: row for row in _dicts("person", modules["person"])}
    for person, requests in _persons(modules["requests"]).items():
        file.write("<Person>")
        file.writelines(_items("person", people[person]))
        for request in requests:
            file.writelines(_record("requests", "Requests", request, rows))
        file.write("</Person>\n")
    file.write("</Persons>\n</Message>\n")


def _by_request(name: str, table: pd.DataFrame) -> dict[str, dict[str, str]]:
    return {row["requeststableid"]: row for row in _dicts(name, table)}


def _dicts(name: str, table: pd.DataFrame) -> list[dict[str, str]]:
    tags = {item.column: item.tag for item in MODULES[name].items}
    renamed = table.rename(columns=tags)
    return [
        dict(zip(renamed.columns, row, strict=True)) for row in renamed.itertuples(index=False, name=None)
    ]


def _persons(requests: pd.DataFrame) -> dict[str, list[dict[str, str]]]:
    persons: dict[str, list[dict[str, str]]] = {}
    for request in _dicts("requests", requests):
        persons.setdefault(request["persontableid"], []).append(request)
    return persons


def _items(name: str, row: dict[str, str]) -> Iterator[str]:
    for item in MODULES[name].items:
        if text := row.get(item.tag):
            yield f"<{item.tag}>{escape(text)}</{item.tag}>"


def _record(
    name: str, tag: str, row: dict[str, str], rows: dict[str, dict[str, dict[str, str]]]
) -> Iterator[str]:
    yield f"<{tag}>"
    yield from _items(name, row)
    for below, inner in _BELOW.get(name, ()):
        if found := rows[below].get(row["requeststableid"]):
            yield from _record(below, inner, found, rows)
    yield f"</{tag}>"
