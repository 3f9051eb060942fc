"""Feed damaged inputs to every reader and to the loader of the rule book: `python -m tools.fuzz --inputs 10000 --seed 1`.

Of each ten thousand inputs most are date texts, each judged by itself (tools/fuzz_dates.py). The others are files of every reader
(tools/fuzz_readers.py), made from a small valid one of `tests/fuzz_corpus`, or from one that its reader had answered in a new way, by damage
in a few places (tools/fuzz_damage.py). The two are counted apart. An input is either read or refused by an error of ehcptime in one sentence;
anything else is a crash, and so is a need of more memory than `--room`; one that takes more than `--limit` seconds of the processor is a
hang. What broke a reader is printed, and kept under `--keep`; the exit code is then 1, as it is where memory goes on growing. `--seconds`, Ctrl-C
and `kill` end a run early, with the count of what was done. The same seed and number of processes give the same inputs.
"""

import argparse
import sys
import tempfile
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tools.fuzz_found import DATE_TEXTS, Found
from tools.fuzz_readers import readers
from tools.fuzz_run import Run, allow, peak

_GROWTH = 300.0  # MB that a run may gain after its first tenth


def run(
    inputs: int,
    seed: str,
    *,
    seconds: float = float("inf"),
    limit: float = 10.0,
    keep: Path | None = None,
) -> Found:
    """Feed inputs to every reader until there were so many, or so many seconds have gone."""
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(dir=_memory()) as place:
        warnings.simplefilter("ignore")
        return Run(seed, Path(place), limit=limit, keep=keep).feed(inputs, seconds)


def _memory() -> str | None:
    """The folder that is held in memory, where there is one."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a folder of our own is made in it


def _part(place: int, asked: argparse.Namespace) -> Found:
    """The share of one process."""
    allow(asked.room)
    inputs = asked.inputs // asked.processes + (place < asked.inputs % asked.processes)
    seed = f"{asked.seed} {place}"
    return run(inputs, seed, seconds=asked.seconds, limit=asked.limit, keep=asked.keep)


def _all(asked: argparse.Namespace) -> Found:
    if asked.processes == 1:
        return _part(0, asked)
    found = Found()
    with ProcessPoolExecutor(asked.processes) as pool:
        for part in pool.map(_part, range(asked.processes), [asked] * asked.processes):
            found.add(part)
    return found


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="end by time")
    parser.add_argument("--limit", type=float, default=10.0, help="seconds of the processor for one input")
    parser.add_argument("--room", type=float, default=2_000.0, help="MB that reading may need")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the inputs that went wrong")
    return parser.parse_args()


def main() -> int:
    """Run, and print the counts, the time, the memory and what went wrong."""
    asked, begun, before = _asked(), time.monotonic(), peak()
    found = _all(asked)
    _tell(found, asked, time.monotonic() - begun)
    grows = found.growth > _GROWTH
    print(
        f"memory: {found.peak:.0f} MB at most, {before:.0f} MB before the first input; after the first tenth it "
        f"grew by {found.growth:.0f} MB{f', and may by {_GROWTH:.0f}' if grows else ''}"
    )
    print(f"{len(found.broken)} kinds of crash or hang")
    for what, where in found.broken.items():
        print(f"  {what}: {where}")
    return 1 if found.broken or grows else 0


def _tell(found: Found, asked: argparse.Namespace, taken: float) -> None:
    total, different = found.tried.total(), found.different
    print(
        f"{total:,} inputs from seed {asked.seed} on {asked.processes} processes in {taken:.0f} s "
        f"({sum(found.seconds.values()):.0f} s of the processor):"
    )
    print(
        f"  {found.tried[DATE_TEXTS]:,} date texts, each judged by itself (about {different[DATE_TEXTS]:,} of them differ)"
    )
    print(f"  {found.files():,} files (about {different['files']:,} of them differ)")
    kinds = {reader.name: reader.kind for reader in readers()} | {DATE_TEXTS: "texts"}
    for name in sorted(found.tried, key=lambda name: -found.tried[name]):
        print(
            f"    {name} ({kinds[name]}): {found.tried[name]:,} tried, {found.read[name]:,} read, the others refused "
            f"or broken; {found.seconds[name]:.0f} s"
        )


if __name__ == "__main__":
    sys.exit(main())
