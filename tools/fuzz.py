"""Feed damaged inputs to every reader and to the loader of the rule book: `python -m tools.fuzz --inputs 10000 --seed 1`.

A small valid input of `tests/fuzz_corpus` is changed in a few places, by its structure (a line, a cell, a value, an element, a file
within a workbook) or by its bytes, and read in this process. An input is either read or refused by an error of ehcptime; anything
else is a crash, and one that takes more than `--limit` seconds of the processor is a hang. Both are kept under `--keep` and printed; the exit code
is 1. `--seconds` ends a run by time. The same seed gives the same inputs.
"""

import argparse
import io
import random
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd

from ehcptime.errors import EhcptimeError
from ehcptime.law.book import LAW
from ehcptime.records.dates import read_dates
from ehcptime.records.events import cases_from_events
from ehcptime.records.mapping import read_mapping
from ehcptime.records.reading import read_extract
from ehcptime.records.sen2.returns import read_sen2

CORPUS = Path(__file__).parent.parent / "tests" / "fuzz_corpus"
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
)  # fmt: skip
_TOKEN = re.compile(rb"[^\s,<>=\"'\[\]{}]+")
_ELEMENT = re.compile(rb"<(\w+)[^<>]*>[^<>]*</\1>")


@dataclass(frozen=True)
class Reader:
    """A reader, the corpus that it is fed from, and where a damaged input is put for it."""

    name: str
    seeds: tuple[bytes, ...]
    read: Callable[[bytes, Path], object]


@dataclass
class Found:
    """What a run came to."""

    tried: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    broken: dict[str, str] = field(default_factory=dict)  # the kind of crash, and where its input is kept


class TooLong(BaseException):
    """An input took longer than its limit: no handler of a reader may swallow it."""


def _filed(name: str, read: Callable[[Path], object]) -> Callable[[bytes, Path], object]:
    """A reader of a file of one name."""

    def of_bytes(content: bytes, folder: Path) -> object:
        path = folder / name
        path.write_bytes(content)
        return read(path)

    return of_bytes


def _blade(content: bytes, folder: Path) -> object:
    (folder / "Blade-Export_17-01-2024_requests.csv").write_bytes(content)
    (folder / "Blade-Export_17-01-2024_assessment.csv").write_bytes(
        (CORPUS / "assessment" / "a.csv").read_bytes()
    )
    return read_sen2(folder)


def _texts(content: bytes) -> list[str]:
    return content.decode("utf-8", "replace").split("\n")


def _dates(content: bytes, _: Path) -> object:
    return read_dates(pd.Series(_texts(content), dtype=object), column="received_date", order="day_first")


def _unsettled(content: bytes, _: Path) -> object:
    return read_dates(pd.Series(_texts(content), dtype=object), column="received_date")


def _events(content: bytes, _: Path) -> object:
    rows = [[*line.split(","), "", ""][:3] for line in _texts(content)]
    log = pd.DataFrame(rows, columns=["case_id", "event", "date"])
    return cases_from_events(log.assign(date=read_dates(log["date"], column="date", order="day_first").dates))


def readers() -> list[Reader]:
    """Every reader that takes what others wrote."""
    made: dict[str, tuple[str, Callable[[bytes, Path], object]]] = {
        "local CSV": ("local", _filed("cases.csv", read_extract)),
        "SEN2 XML": ("xml", _filed("return.xml", read_sen2)),
        "blade CSV": ("requests", _blade),
        "return workbook": ("workbook", _filed("return.xlsx", read_sen2)),
        "local workbook": ("workbook", _filed("cases.xlsx", read_extract)),
        "mapping": ("mapping", _filed("mapping.toml", read_mapping)),
        "events": ("events", _events),
        "dates": ("dates", _dates),
        "dates, unsettled": ("dates", _unsettled),
        "rule book": ("rules", _filed("ours.toml", LAW.extend)),
    }
    return [Reader(name, _seeds(folder), read) for name, (folder, read) in made.items()]


def _seeds(folder: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted((CORPUS / folder).iterdir()))


def damaged(content: bytes, draw: random.Random) -> bytes:
    """Change a valid input in one to four places."""
    if content.startswith(b"PK") and draw.random() < 0.8:
        return _in_archive(content, draw)
    for _ in range(draw.randint(1, 4)):
        content = draw.choice(_DAMAGE)(content, draw)
    return content[:100_000]


def _in_archive(content: bytes, draw: random.Random) -> bytes:
    """Damage one file within a workbook, and pack it again."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    chosen = draw.choice(list(members))
    members[chosen] = damaged(members[chosen], draw)
    if draw.random() < 0.1:
        del members[draw.choice(list(members))]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name, member in members.items():
            packed.writestr(name, member)
    return out.getvalue()


def _bytes(content: bytes, draw: random.Random) -> bytes:
    at = draw.randint(0, len(content))
    piece = draw.choice(BYTES) if draw.random() < 0.7 else draw.randbytes(draw.randint(1, 6))
    return content[:at] + piece + content[at + draw.choice((0, 0, 1, 2, 40)) :]


def _value(content: bytes, draw: random.Random) -> bytes:
    """A word or number becomes another, of this input or of the list."""
    spans = [found.span() for found in _TOKEN.finditer(content)]
    if not spans:
        return content + draw.choice(VALUES)
    (start, end), (first, last) = draw.choice(spans), draw.choice(spans)
    new = draw.choice(VALUES) if draw.random() < 0.7 else content[first:last]
    return content[:start] + new + content[end:]


def _right_hand(content: bytes, draw: random.Random) -> bytes:
    """What stands after an equals sign becomes something of another kind."""
    lines = content.split(b"\n")
    given = [place for place, line in enumerate(lines) if b"=" in line]
    if not given:
        return _line(content, draw)
    place = draw.choice(given)
    lines[place] = lines[place].partition(b"=")[0] + b"= " + draw.choice(VALUES)
    return b"\n".join(lines)


def _line(content: bytes, draw: random.Random) -> bytes:
    """A line is dropped, doubled, moved or joined to the next."""
    lines = content.split(b"\n")
    place, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    what = draw.randrange(4)
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
    start, end = draw.choice(found).span()
    piece = content[start:end]
    new = draw.choice((b"", piece * 2, piece * 50, piece.replace(b">", b">" + piece, 1)))
    return content[:start] + new + content[end:]


def _cut(content: bytes, draw: random.Random) -> bytes:
    """A part is dropped, or stands twice."""
    start, end = sorted(draw.randint(0, len(content)) for _ in range(2))
    return content[:start] + content[end:] if draw.random() < 0.5 else content[:end] + content[start:]


_DAMAGE = (_bytes, _bytes, _value, _value, _value, _right_hand, _line, _element, _cut)


def run(inputs: int, seed: int, *, seconds: float, limit: float, keep: Path | None) -> Found:
    """Feed inputs in turn to every reader until there were so many, or so many seconds have gone."""
    found, end = Found(), time.monotonic() + seconds
    signal.signal(signal.SIGPROF, _too_long)
    every = readers()
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(dir=_memory()) as place:
        warnings.simplefilter("ignore")
        for number, draw in _draws(inputs, seed):
            if time.monotonic() > end:
                break
            reader = every[number % len(every)]
            content = damaged(draw.choice(reader.seeds), draw)
            own = Path(place) / reader.name.replace(" ", "_")
            own.mkdir(exist_ok=True)
            said = tried(reader, content, own, limit)
            found.tried[reader.name] += 1
            found.taken[reader.name] += said == ""
            if said and said not in found.broken and said != "refused":
                found.broken[said] = _kept(keep, reader, number, content)
    return found


def _draws(inputs: int, seed: int) -> Iterator[tuple[int, random.Random]]:
    return ((number, random.Random(f"{seed} {number}")) for number in range(inputs))  # noqa: S311 - no secret


def _memory() -> str | None:
    """The folder that is held in memory, where there is one."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a folder of our own is made in it


def _too_long(*_: Any) -> NoReturn:
    raise TooLong


def tried(reader: Reader, content: bytes, folder: Path, limit: float) -> str:
    """Read one input: nothing where it was read, "refused", or what went wrong and where."""
    signal.setitimer(signal.ITIMER_PROF, limit)
    try:
        reader.read(content, folder)
    except EhcptimeError as refusal:
        return f"{reader.name}: an error of several lines" if "\n" in str(refusal) else "refused"
    except TooLong:
        return f"{reader.name}: longer than {limit:g} s"
    except KeyboardInterrupt:
        raise
    except BaseException as crash:  # noqa: BLE001 - whatever it is, it is what is looked for
        return f"{reader.name}: {type(crash).__name__} in {_where(crash)}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return ""


def _where(crash: BaseException) -> str:
    """The last place of our own that a crash went through."""
    own = [frame for frame in traceback.extract_tb(crash.__traceback__) if "ehcptime" in frame.filename]
    return f"{Path(own[-1].filename).name}:{own[-1].lineno} ({crash})"[:120] if own else str(crash)[:80]


def _kept(keep: Path | None, reader: Reader, number: int, content: bytes) -> str:
    if keep is None:
        return f"input {number}"
    keep.mkdir(parents=True, exist_ok=True)
    path = keep / f"{reader.name.replace(' ', '_')}-{number}"
    path.write_bytes(content)
    return str(path)


def main() -> int:
    """Run, and print the count, the time, what went wrong and the most memory that was used."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="end by time")
    parser.add_argument(
        "--limit", type=float, default=10.0, help="seconds of the processor that one input may take"
    )
    parser.add_argument("--keep", type=Path, help="a folder for the inputs that went wrong")
    asked = parser.parse_args()
    begun, before = time.monotonic(), _peak()
    found = run(asked.inputs, asked.seed, seconds=asked.seconds, limit=asked.limit, keep=asked.keep)
    taken = time.monotonic() - begun
    total = found.tried.total()
    print(f"{total:,} inputs from seed {asked.seed} in {taken:.0f} s ({total / taken:.0f} a second)")
    for name, number in found.tried.items():
        print(f"  {name}: {number:,} tried, {found.taken[name]:,} read, the others refused or broken")
    print(f"peak memory {_peak():.0f} MB, {before:.0f} MB before the first input")
    print(f"{len(found.broken)} kinds of crash or hang")
    for what, where in found.broken.items():
        print(f"  {what}: {where}")
    return 1 if found.broken else 0


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
