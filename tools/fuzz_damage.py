"""How a valid input is damaged: in a few places, by its structure (a line, a cell, a value, an element, a file of a workbook) or by its bytes."""

import io
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import TypeVar

LONGEST = 100_000  # bytes of one input
# What inputs go wrong with: bytes that end or begin something, days and numbers at the edge, words of other kinds.
BYTES = (
    b'"',
    b",",
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
    b"\t",
    b"'",
    b"9" * 30,
    b"",
)
VALUES = (
    *(b"", b"0", b"-1", b"1e400", b"nan", b"true", b"[]", b"{}", b'""', b'"x"', b"[1, 2]", b"{ a = 1 }", b"null", b"\xc2\xa0"),
    *(b"31/12/9999", b"29/02/2023", b"0001-01-01", b"2024-02-30", b"1900-01-00", b"45000", b"45000.5", b"2025-04-02T23:00:00Z"),
    *(b"Y", b"N", b"H", b"=1+1", b"<!DOCTYPE x>", b"&x;", b"&#0;", b"<![CDATA[", b"]]>", b"<", b">", b"1979-05-27", b"9" * 400),
    *(b"9" * 5_000, b"[" * 3_000, b'{"a":' * 3_000, b"<a>" * 3_000, b"99999999999999999999", b"1e-400", b"-0", b"0x10", b"1_000"),
)  # fmt: skip
_TOKEN = re.compile(rb"[^\s,<>=\"'\[\]{}]+")
_ELEMENT = re.compile(rb"<(\w+)[^<>]*>[^<>]*</\1>")
T = TypeVar("T")


def one_of(choices: Sequence[T], draw: random.Random) -> T:
    """Choose evenly; many times as quick as `choice`, which matters millions of times."""
    return choices[int(draw.random() * len(choices))]


def damaged(content: bytes, draw: random.Random) -> bytes:
    """Change a valid input in one to four places, most often in one."""
    if content.startswith(b"PK") and draw.random() < 0.8 and (members := _members(content)):
        return _in_archive(members, draw)
    for _ in range(one_of((1, 1, 1, 2, 3, 4), draw)):
        content = one_of(_DAMAGE, draw)(content, draw)
    return content[:LONGEST]


def _members(content: bytes) -> dict[str, bytes]:
    """The files within a workbook; none where it was damaged so that they cannot be had."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return {name: packed.read(name) for name in packed.namelist()}
    except Exception:  # noqa: BLE001 - a damaged archive raises whatever comes
        return {}


def _in_archive(members: dict[str, bytes], draw: random.Random) -> bytes:
    """Damage one file within a workbook, and pack it again."""
    chosen = one_of(list(members), draw)
    members[chosen] = damaged(members[chosen], draw)
    if draw.random() < 0.1:
        del members[one_of(list(members), draw)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name, member in members.items():
            packed.writestr(name, member)
    return out.getvalue()


def _bytes(content: bytes, draw: random.Random) -> bytes:
    at = int(draw.random() * (len(content) + 1))
    piece = one_of(BYTES, draw) if draw.random() < 0.7 else draw.randbytes(draw.randint(1, 6))
    return content[:at] + piece + content[at + one_of((0, 0, 1, 2, 40), draw) :]


def _value(content: bytes, draw: random.Random) -> bytes:
    """A word or number becomes another, of this input or of the list."""
    spans = [found.span() for found in _TOKEN.finditer(content)]
    if not spans:
        return content + one_of(VALUES, draw)
    (start, end), (first, last) = one_of(spans, draw), one_of(spans, draw)
    new = one_of(VALUES, draw) if draw.random() < 0.7 else content[first:last]
    return content[:start] + new + content[end:]


def _right_hand(content: bytes, draw: random.Random) -> bytes:
    """What stands after an equals sign becomes something of another kind."""
    lines = content.split(b"\n")
    given = [place for place, line in enumerate(lines) if b"=" in line]
    if not given:
        return _line(content, draw)
    place = one_of(given, draw)
    lines[place] = lines[place].partition(b"=")[0] + b"= " + one_of(VALUES, draw)
    return b"\n".join(lines)


def _line(content: bytes, draw: random.Random) -> bytes:
    """A line is dropped, doubled, moved or joined to the next."""
    lines = content.split(b"\n")
    place, other = (int(draw.random() * len(lines)) for _ in range(2))
    what = int(draw.random() * 4)
    if what == 0:
        del lines[place]
    elif what == 1:
        lines.insert(other, lines[place])
    elif what == 2:
        lines[place], lines[other] = lines[other], lines[place]
    else:
        lines[place : place + 2] = [b"".join(lines[place : place + 2])]
    return b"\n".join(lines)


def _element(content: bytes, draw: random.Random) -> bytes:
    """An element is dropped, doubled, or put within itself."""
    found = list(_ELEMENT.finditer(content))
    if not found:
        return _cut(content, draw)
    start, end = one_of(found, draw).span()
    piece = content[start:end]
    new = one_of((b"", piece * 2, piece * 50, piece.replace(b">", b">" + piece, 1)), draw)
    return content[:start] + new + content[end:]


def _cut(content: bytes, draw: random.Random) -> bytes:
    """A part is dropped, or stands twice."""
    start, end = sorted(int(draw.random() * (len(content) + 1)) for _ in range(2))
    return content[:start] + content[end:] if draw.random() < 0.5 else content[:end] + content[start:]


_Damage = Callable[[bytes, random.Random], bytes]
_DAMAGE: tuple[_Damage, ...] = (
    *(_bytes, _bytes, _value, _value, _value),
    *(_right_hand, _line, _element, _cut),
)
