"""A run of fuzzing in one process: what is fed next, how it is judged, and what is kept to be damaged further."""

import random
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from tools import fuzz_dates
from tools.fuzz_damage import damaged, one_of
from tools.fuzz_found import DATE_TEXTS, Different, Found
from tools.fuzz_readers import Reader, likeness, readers

from ehcptime.errors import EhcptimeError

ROUND = 10_000
_MOST_KEPT = 300  # inputs of a reader that it answered in a new way
_LONGEST_KEPT = 5_000
_PAGE = resource.getpagesize()


class TooLong(BaseException):
    """An input took longer than its limit: no handler of a reader may swallow it."""


class Run:
    """A run: the state of each reader's random numbers and inputs, and what was found so far."""

    def __init__(self, seed: str, folder: Path, *, limit: float = 10.0, keep: Path | None = None) -> None:
        self.found = Found()
        self._folder, self._limit, self._keep = folder, limit, keep
        self._readers = readers()
        names = [reader.name for reader in self._readers]
        self._draws = {name: random.Random(f"{seed} {name}") for name in (DATE_TEXTS, *names)}  # noqa: S311 - no secret
        self._pools = {reader.name: list(reader.seeds) for reader in self._readers}
        self._answers: set[str] = set()
        self._different = {"files": Different(), DATE_TEXTS: Different()}

    def feed(self, inputs: int, seconds: float) -> Found:
        """Feed so many inputs, or as many as the seconds allow; Ctrl-C ends it with what was found by then."""
        signal.signal(signal.SIGPROF, too_long)
        ended: list[int] = []
        signal.signal(signal.SIGTERM, lambda number, _: ended.append(number))  # no reader can swallow it
        end, steps, warm = time.monotonic() + seconds, self._steps(), 0.0
        try:
            while (done := self.found.tried.total()) < inputs and time.monotonic() < end and not ended:
                next(steps)()
                if not warm and done >= max(inputs // 10, ROUND):
                    warm = _resident()
        except KeyboardInterrupt:
            print("ended before its time")
        self.found.growth = _resident() - warm if warm else 0.0
        self.found.peak = peak()
        self.found.different.update({what: counted.count() for what, counted in self._different.items()})
        return self.found

    def _steps(self) -> Iterator[Callable[[], None]]:
        """What is fed one after the other, for ever: a column of date texts, and then the files that go with it."""
        files = [reader for reader in self._readers for _ in range(reader.share)]
        random.Random(len(files)).shuffle(files)  # noqa: S311 - no secret
        columns = (ROUND - len(files)) // fuzz_dates.COLUMN
        while True:
            for column in range(columns):
                yield self._column
                yield from (partial(self._file, reader) for reader in files[column::columns])

    def _column(self) -> None:
        draw, start, said = self._draws[DATE_TEXTS], time.process_time(), []
        texts = [fuzz_dates.text(draw) for _ in range(fuzz_dates.COLUMN)]
        wrong = tried(DATE_TEXTS, lambda: said.extend(fuzz_dates.judged(texts)), self._limit)
        if wrong:
            self._note(wrong, DATE_TEXTS, "\n".join(smallest(texts, self._limit)).encode())
        for text in texts:
            self._different[DATE_TEXTS].add(text.encode())
        read = sum(one != "refused" for one in said)
        self.found.count(DATE_TEXTS, len(texts), read, time.process_time() - start)

    def _file(self, reader: Reader) -> None:
        draw, pool, start = self._draws[reader.name], self._pools[reader.name], time.process_time()
        content = damaged(one_of(reader.seeds if draw.random() < 0.5 else pool, draw), draw)
        own = self._folder / reader.name.replace(" ", "_")
        own.mkdir(exist_ok=True)
        said = tried(reader.name, lambda: reader.read(content, own), self._limit)
        if said and not said.startswith("refused"):
            self._note(said, reader.name, content)
        if len(content) <= _LONGEST_KEPT and self._is_new(f"{reader.name} {likeness(said)}", draw):
            _put(pool, content, draw)
        self._different["files"].add(reader.name.encode() + content)
        self.found.count(reader.name, 1, not said, time.process_time() - start)

    def _is_new(self, answer: str, draw: random.Random) -> bool:
        """Say whether a reader had not answered so before; one answer in a hundred counts as new whatever it is."""
        is_new = answer not in self._answers
        self._answers.add(answer)
        return is_new or draw.random() < 0.01

    def _note(self, wrong: str, name: str, content: bytes) -> None:
        if wrong not in self.found.broken:
            self.found.broken[wrong] = _kept(self._keep, name, self.found.tried[name], content)


def tried(name: str, read: Callable[[], object], limit: float) -> str:
    """Read one input: nothing where it was read, "refused" and why, or what went wrong and where."""
    signal.setitimer(signal.ITIMER_PROF, limit)
    try:
        read()
    except EhcptimeError as refusal:
        said = str(refusal)
        return f"{name}: an error of several lines" if "\n" in said else f"refused: {said}"
    except TooLong:
        return f"{name}: longer than {limit:g} s"
    except KeyboardInterrupt:
        raise
    except BaseException as crash:  # noqa: BLE001 - whatever it is, it is what is looked for
        return f"{name}: {type(crash).__name__} in {_where(crash)}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return ""


def too_long(*_: Any) -> NoReturn:
    """End an input that takes longer than its limit: the handler of SIGPROF."""
    raise TooLong


def _where(crash: BaseException) -> str:
    """The last place of our own that a crash went through."""
    own = [frame for frame in traceback.extract_tb(crash.__traceback__) if "ehcptime" in frame.filename]
    return (
        f"{Path(own[-1].filename).name}:{own[-1].lineno} ({likeness(str(crash))})"
        if own
        else likeness(str(crash))
    )


def smallest(texts: list[str], limit: float) -> list[str]:
    """The half of a half of a column that still goes wrong, as far as that goes."""
    half = len(texts) // 2
    for part in (texts[:half], texts[half:]) if half else ():
        if tried(DATE_TEXTS, partial(fuzz_dates.judged, part), limit):
            return smallest(part, limit)
    return texts


def _put(pool: list[bytes], content: bytes, draw: random.Random) -> None:
    """Keep an input, in the place of another where there are many."""
    if len(pool) < _MOST_KEPT:
        pool.append(content)
    else:
        pool[int(draw.random() * _MOST_KEPT)] = content


def _kept(keep: Path | None, name: str, number: int, content: bytes) -> str:
    if keep is None:
        return f"after {number:,} inputs of it"
    keep.mkdir(parents=True, exist_ok=True)
    path = keep / f"{name.replace(' ', '_')}-{number}"
    path.write_bytes(content)
    return str(path)


def peak() -> float:
    """The most memory that the process has used, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _resident() -> float:
    """The memory that the process uses now, in MB."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE / (1 << 20)


def allow(room: float) -> None:
    """Let the process have so many MB more than it has: beyond that it is refused them, which is a crash that is found."""
    now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * _PAGE
    most = now + int(room * (1 << 20))
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))
