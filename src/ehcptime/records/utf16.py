"""Text in UTF-16, looked through before it is read: decoded in blocks, so that no file fills the memory."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from ehcptime.errors import InputError

_BLOCK = 1 << 20
LONGEST_LINE = 1 << 20  # no row of a caseload is a million characters long
NUL = "holds NUL bytes, so it is damaged or not text: export it again"
LONG = "has a line of more than a million characters, so it is not a table: export it again"


def refuse_utf16(path: Path) -> None:
    """Refuse a file marked as UTF-16 that is none, holds NUL characters, or has a line that no table has.

    Raises:
        InputError: it is such a file.
    """
    before = 0  # characters of the line that a block ends in
    try:
        for text in _blocks(path):
            if "\0" in text:
                raise InputError(f"{path.name} {NUL}")
            first = text.find("\n")
            if before + (first if first >= 0 else len(text)) > LONGEST_LINE:
                raise InputError(f"{path.name} {LONG}")
            before = len(text) - text.rfind("\n") - 1 + (before if first < 0 else 0)
    except UnicodeDecodeError:
        raise InputError(f"{path.name} is marked as UTF-16 and is not: save it as CSV UTF-8") from None


def _blocks(path: Path) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-16")()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield decoder.decode(block)
    yield decoder.decode(b"", final=True)
