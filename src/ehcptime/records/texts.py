"""CSV files as tables of text, whatever their encoding, and back."""

import codecs
import csv
from collections import defaultdict
from collections.abc import Collection
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.arrow_csv import has_arrow, read_arrow
from ehcptime.records.plain_csv import read_plain
from ehcptime.records.saving import saving
from ehcptime.records.utf16 import LONG, LONGEST_LINE, NUL, refuse_utf16

_BLOCK = 1 << 20
_BY_BYTE = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "cp1252": "cp1252",
}  # commas and line ends are single bytes
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Text(NamedTuple):
    """How a file of text is written: its encoding, and whether its cells can be found by their delimiters alone."""

    encoding: str
    bare: bool = False


class Sheet(NamedTuple):
    """A table of text: blank cells are "", and the index numbers the rows as a spreadsheet does."""

    name: str
    frame: pd.DataFrame
    note: str = ""


def read_csv(
    path: Path,
    *,
    skip: int = 0,
    delimiter: str = ",",
    repeating: Collection[int] = (),
    text: Text | None = None,
) -> Sheet:
    """Read a CSV file as text, with its headings as they stand; lines that hold nothing are left out.

    The header is the first line that holds anything after `skip` lines. `repeating` are the positions of columns whose
    texts repeat, such as dates: they are read as categories, which is much faster. `text` is what `text_of` says of the
    file, where it is already known.

    Raises:
        InputError: the file is missing, empty, binary, in another encoding, or has a line longer than its header.
    """
    encoding, bare = text or text_of(path)
    note = "read as Windows-1252" if encoding == "cp1252" else ""
    plain = _read_bare(path, encoding, skip, delimiter, repeating) if bare else None
    if plain is not None:
        numbered = plain.set_axis(pd.RangeIndex(skip + 2, skip + len(plain) + 2))
        return Sheet(path.name, _stripped(_without_blanks(numbered)), note)
    kinds = defaultdict[int, str](lambda: "object", dict.fromkeys(repeating, "category"))
    try:
        with path.open(encoding=encoding, newline="") as file:
            for _ in islice(csv.reader(file, delimiter=delimiter), skip):
                pass  # as in first_rows: pandas ends some of the rows that it skips elsewhere
            frame = pd.read_csv(
                file,
                header=None,
                sep=delimiter,
                dtype=kinds,
                keep_default_na=False,
                na_filter=False,
                skip_blank_lines=False,
                low_memory=False,
            )
    except pd.errors.EmptyDataError:
        raise InputError(f"{path.name} is empty") from None
    except pd.errors.ParserError as error:
        raise InputError(f"{path.name} is not a table: {_plainly(str(error), skip)}") from None
    return Sheet(path.name, _headed(frame, path.name, skip), note)


def _read_bare(
    path: Path, encoding: str, skip: int, delimiter: str, repeating: Collection[int]
) -> pd.DataFrame | None:
    """Read a file without quotation marks, by Arrow where it is installed; None where its lines are not all alike."""
    if has_arrow() and _BY_BYTE[encoding] == "utf-8":
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            header = next(islice(file, skip, None), "")
        headings = header.removesuffix("\n").removesuffix("\r").split(delimiter)
        if not any(headings):
            return None
        return read_arrow(path, headings, skip=skip + 1, delimiter=delimiter, repeating=repeating)
    content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    return read_plain(
        content, encoding=_BY_BYTE[encoding], skip=skip, delimiter=delimiter, repeating=repeating
    )


def first_rows(path: Path, delimiter: str, most: int, encoding: str) -> list[list[str]]:
    """Give the first rows of a CSV file, whatever their lengths."""
    with path.open(encoding=encoding, newline="") as file:
        try:
            return list(islice(csv.reader(file, delimiter=delimiter), most))
        except csv.Error:
            raise InputError(f"{path.name} is not a table: its lines cannot be split into cells") from None


def _plainly(error: str, skipped: int) -> str:
    """Keep the figures of the parser's message, which name the line below those that were skipped."""
    if "Expected" in error and "saw" in error:
        expected, line, saw = (int(word.strip(",")) for word in error.split() if word.strip(",").isdigit())
        return f"line {skipped + line} has {saw} cells where the first has {expected}"
    return (
        "a quotation mark is opened and never closed"
        if "EOF inside string" in error
        else "its lines cannot be split into cells"
    )


def _headed(frame: pd.DataFrame, name: str, skip: int) -> pd.DataFrame:
    """Take the first line that holds anything as the header, and leave out lines that hold nothing."""
    texts = frame.select_dtypes(exclude="category").columns
    frame[texts] = frame[texts].fillna("")  # cells that a short line does not have
    frame.index = pd.RangeIndex(skip + 1, skip + len(frame) + 1)
    frame = _without_blanks(frame)
    if frame.empty:
        raise InputError(f"{name} is empty")
    return _stripped(frame.iloc[1:].set_axis([str(cell) for cell in frame.iloc[0]], axis="columns"))


def _without_blanks(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out lines that hold nothing."""
    categories = [n for n, kind in enumerate(frame.dtypes) if isinstance(kind, pd.CategoricalDtype)]
    looked_at = frame.iloc[
        :, categories[0] if categories else 0
    ]  # a column of categories is soon looked through
    blank = (looked_at == "").to_numpy(copy=True)
    if blank.any():
        blank[blank] = frame[blank].isin(["", None]).all(axis=1).to_numpy()
        frame = frame[~blank]
    return frame


def _stripped(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_axis([heading.strip() for heading in frame.columns], axis="columns")


def text_of(path: Path) -> Text:
    """Say how a text file is written: UTF-8, UTF-16 with its mark, or Windows-1252; read in blocks, once.

    Raises:
        InputError: the file is missing, empty, binary, in another encoding, or one line of it is over a megabyte.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except FileNotFoundError:
        raise InputError(f"there is no file {path.name}") from None
    except (IsADirectoryError, PermissionError):
        raise InputError(f"{path.name} cannot be opened as a file") from None
    if not start:
        raise InputError(f"{path.name} is empty")
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InputError(
            f"{path.name} is an Excel workbook, not a CSV file: rename it so that its name ends in .xlsx"
        )
    if start.startswith(_UTF16):
        refuse_utf16(path)
        return Text("utf-16")
    ascii_alone, bare = _scan(path)
    if ascii_alone:
        return Text("utf-8", bare)
    for encoding in ("utf-8-sig", "cp1252"):
        if _decodes(path, encoding):
            return Text(encoding, bare)
    raise InputError(f"{path.name} is neither UTF-8, UTF-16 nor Windows-1252: save it as CSV UTF-8")


def _scan(path: Path) -> tuple[bool, bool]:
    """Say whether a file is ASCII, and whether it is bare; refuse what is not text, or has a line that no table has."""
    ascii_alone = bare = True
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            closing = file.readline(LONGEST_LINE + 1)
            if b"\0" in block or b"\0" in closing:
                raise InputError(f"{path.name} {NUL}")
            if len(block) - block.rfind(b"\n") - 1 + len(closing) > LONGEST_LINE:
                raise InputError(f"{path.name} {LONG}")
            ascii_alone = ascii_alone and block.isascii() and closing.isascii()
            bare = bare and _is_bare(block, closing)
    return ascii_alone, bare


def _is_bare(block: bytes, closing: bytes) -> bool:
    """Say whether text has no quotation mark, and no carriage return but at the ends of lines."""
    if b'"' in block or b'"' in closing:
        return False
    if b"\r" not in block and b"\r" not in closing:
        return True
    lines = block + closing
    return lines.count(b"\r") == lines.count(b"\r\n")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame of text as CSV in UTF-8; a half-written file never bears the name."""
    with saving(path) as temporary:
        frame.to_csv(temporary, index=False, encoding="utf-8", lineterminator="\n")


def refuse_filled(folder: Path) -> None:
    """Refuse to write into a folder that holds files already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder.name} holds files already: name a new or empty folder")


def folder_made(folder: Path) -> None:
    """Make a folder to write into, with those above it; raises InputError where that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"the folder {folder.name} cannot be made: {error.strerror}") from error
