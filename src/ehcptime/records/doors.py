"""One door for whatever a path holds: a SEN2 return, or a local extract with a mapping or with headings that need none."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ehcptime.errors import InputError
from ehcptime.records.dates import Order
from ehcptime.records.extract import Extract
from ehcptime.records.reading import read_extract
from ehcptime.records.sen2.blade import has_blade
from ehcptime.records.sen2.labelled import has_labelled
from ehcptime.records.sen2.returns import is_xml, read_sen2
from ehcptime.records.sen2.template import is_template
from ehcptime.records.sen2.workbook import is_workbook
from ehcptime.records.sheets import tables_in
from ehcptime.records.workbooks import EXCEL_STARTS, sheet_names


def read_any(
    path: str | Path, *, mapping: str | Path | Mapping[str, Any] | None = None, order: Order | None = None
) -> Extract:
    """Read an extract of any kind: through the mapping where there is one, as a SEN2 return where it is one.

    Raises:
        InputError: there is nothing at `path`, or it cannot be read.
    """
    path = Path(path).absolute()  # so that even . has a name
    if not path.exists():
        raise InputError(f"there is no file or folder {path.name}")
    if mapping is None and _is_return(path):
        return read_sen2(path, order=order)
    return read_extract(path, mapping=mapping, order=order)


def _is_return(path: Path) -> bool:
    if path.is_dir():
        return has_blade(path) or has_labelled(path) or not tables_in(path)
    with path.open("rb") as file:
        start = file.read(64)
    if start.startswith(EXCEL_STARTS):
        sheets = {name: [[""]] for name in sheet_names(path)}
        return is_template(sheets) or is_workbook(sheets)
    return is_xml(start)
