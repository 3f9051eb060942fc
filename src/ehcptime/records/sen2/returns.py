"""The door for SEN2 returns: what a path holds is recognised, and read by the module of its format."""

from collections.abc import Collection, Sequence
from pathlib import Path

from ehcptime.errors import InputError
from ehcptime.records.columns import COLUMNS
from ehcptime.records.dates import Order
from ehcptime.records.extract import Extract
from ehcptime.records.personal import plain
from ehcptime.records.sen2.blade import has_blade, read_blade
from ehcptime.records.sen2.labelled import read_labelled
from ehcptime.records.sen2.template import is_template, read_template
from ehcptime.records.sen2.workbook import is_workbook, read_sheets
from ehcptime.records.sen2.xml_reading import read_xml
from ehcptime.records.sen2.years import labels, together
from ehcptime.records.unread import set_apart
from ehcptime.records.workbooks import EXCEL_STARTS, read_workbook

_BYTE_ORDER_MARKS = b"\xef\xbb\xbf\xff\xfe"
_BLANKS = b" \t\r\n\0"  # NUL, because UTF-16 has one beside every letter


def read_sen2(
    path: str | Path | Sequence[str | Path],
    *,
    order: Order | None = None,
    key: str | Sequence[str] | None = None,
    free_text: Collection[str] = (),
) -> Extract:
    """Read a SEN2 return, with one row in `cases` for each request, or the returns of successive years together.

    `path` is a return in XML, a folder of COLLECT blade files or of CSV files with Data to Insight's headings (with any
    local companions beside them), a pre-submission workbook or a filled-in data-entry template: what it is, is seen
    from what it holds. `reading` says what became of each file, column and row. `order` settles numeric dates that a
    spreadsheet has rewritten. Columns of notes and comments beside the return are not kept, but for the headings in `free_text`.

    A list of returns, the earliest first, is read as one: a request that several hold is one case, with what its last
    return says, and the decisions that a return marks `H` are those that an earlier one dates. Ids are not the same in
    two exports, so `key` names what is: a column of the contract, or a heading of the persons or requests such as
    `NativeId` or `UPN`, which is discarded once used. With it and the same `received_date` a request is the same
    (`case_id` needs no date). Without a key nothing is linked: the last return alone is used, and `reading` says so.

    Raises:
        InputError: there is nothing at `path`, or it cannot be read as a return, or a return has no such key; nothing
            on disk is changed.
    """
    paths = [path] if isinstance(path, str | Path) else list(path)
    keys = [] if key is None else [key] if isinstance(key, str) else list(key)
    if not paths:
        raise InputError("no return is named: give the path of one at least")
    wanted = frozenset(plain(name) for name in keys if name not in COLUMNS["cases"])
    found = [  # absolute, so that even . has a name
        set_apart(_read(Path(one).absolute(), order, wanted, free_text)) for one in paths
    ]  # so that even . has a name
    return found[0] if len(found) == 1 and not keys else together(labels(paths), found, keys)


def _read(path: Path, order: Order | None, keys: frozenset[str], free_text: Collection[str]) -> Extract:
    if not path.exists():
        raise InputError(f"there is no file or folder {path.name}")
    if path.is_dir():
        return _read_folder(path, order, keys, free_text)
    with path.open("rb") as file:
        start = file.read(64)
    if not start:
        raise InputError(f"{path.name} is empty")
    if start.startswith(EXCEL_STARTS):
        return _read_workbook(path, order, keys)
    if is_xml(start):
        return read_xml(path, order=order, keys=keys)
    raise InputError(
        f"{path.name} is not a SEN2 return: give XML, a workbook, or the folder of a COLLECT blade export"
    )


def is_xml(start: bytes) -> bool:
    """Say whether a file that starts like this is XML."""
    return start.lstrip(_BYTE_ORDER_MARKS + _BLANKS).startswith(b"<")


def _read_folder(
    folder: Path, order: Order | None, keys: frozenset[str], free_text: Collection[str]
) -> Extract:
    if not has_blade(folder):
        extract = read_labelled(folder, order=order, keys=keys, free_text=free_text)
        if extract is not None:
            return extract
    return read_blade(folder, order=order, keys=keys, free_text=free_text)


def _read_workbook(path: Path, order: Order | None, keys: frozenset[str]) -> Extract:
    sheets = read_workbook(path)
    if is_template(sheets):
        return read_template(sheets, path.name, order=order, keys=keys)
    if is_workbook(sheets):
        return read_sheets(sheets, path.name, order=order, keys=keys)
    raise InputError(
        f"{path.name} has neither the sheets of a pre-submission workbook nor a Data Entry Template: "
        "if it is a local spreadsheet, read it with read_extract"
    )
