"""One job in every way that an analyst might do it: five limits of every case, who is open by stage and age, and plans by month.

The answers of all ways are compared, cell by cell, before anything is timed. Run it with `make bench`; `--write DATE` puts the
figures into docs/performance.md, `--ten` adds ten million cases, `--quick` leaves out a million.
"""

import argparse
import gc
import subprocess
import sys
import time
from pathlib import Path

import page
from bench import AS_AT, by_row, caseload
from rivals import WAYS, plain

APPLY = "row-wise apply with relativedelta"
_FEWER = 3  # repeats of ten million cases
FEW = 2_000  # rows of the slowest way, which is scaled
CODES = ("request_outcome", "assessment_outcome")


def cases_of(rows):
    """Make the caseload, with codes as categories, as ehcptime's readers give them."""
    cases = caseload(rows)
    return cases.assign(**{name: cases[name].astype("category") for name in CODES})


def compare():
    """Stop where any way differs from ehcptime in a cell of a case or of a table."""
    cases = cases_of(20_000)
    wanted = plain(WAYS["ehcptime"][1](cases))
    for name, (form, way) in WAYS.items():
        found = plain(way(form(cases)))
        for column, values in wanted[0].items():
            if found[0][column] != values:
                sys.exit(f"{name} differs from ehcptime in {column}")
        if found[1:] != wanted[1:]:
            sys.exit(f"{name} differs from ehcptime in a table")


def times(rows, repeats):
    """Time the ways in turn, so that a busy moment falls on all of them, and give the median of each."""
    cases = cases_of(rows)
    given = {name: form(cases) for name, (form, _) in WAYS.items()}
    taken = {name: [] for name in WAYS}
    for turn in range(repeats + 1):
        for name, (_, way) in WAYS.items():
            gc.collect()
            begun = time.perf_counter()
            way(given[name])
            if turn:  # the first is to warm up
                taken[name].append(time.perf_counter() - begun)
    few = cases.head(min(FEW, rows))
    begun = time.perf_counter()
    by_row(few, AS_AT)
    slow = (time.perf_counter() - begun) / len(few) * rows
    return {name: sorted(values)[len(values) // 2] for name, values in taken.items()} | {APPLY: slow}


def peak(name, rows):
    """Most memory that one way takes beyond what it is given, in MB, in a process of its own."""
    call = [sys.executable, __file__, "--one", name, "--rows", str(rows)]
    return float(subprocess.run(call, check=True, capture_output=True, text=True).stdout)


def one(name, rows):
    """Print what `peak` asks for; the kernel's mark of the highest memory is taken down first."""
    form, way = WAYS[name]
    given = form(cases_of(rows))
    gc.collect()
    way(form(cases_of(1_000)))
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    before = _status("VmRSS")
    kept = way(given)
    print((_status("VmHWM") - before) / 1000)
    return kept


def _status(name):
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])


def ratios(seconds):
    """What must hold, with what was found."""
    ours = seconds["ehcptime"]
    rules = (
        (APPLY, 1_000, "at least {} times as long"),
        ("vectorised pandas", 5, "at least {} times as long"),
        ("polars", 1, "at least {} times as long"),
        ("hand-tuned NumPy", 0.5, "at least {} of our time"),
    )
    for name, least, words in rules:
        found = seconds[name] / ours
        yield name, found, words.format(f"{least:,}"), found >= least


def show(found, memory, largest):
    heads = ["way", *(f"{rows:,} cases" for rows in found), "against ehcptime", f"memory at {largest:,}"]
    ours = found[largest]["ehcptime"]
    rows = []
    for name in sorted(found[largest], key=found[largest].get):
        cells = [f"{found[size][name]:.3g} s" for size in found]
        held = f"{memory[name]:.0f} MB" if name in memory else ""
        rows.append(
            [
                name + (" (scaled)" if name == APPLY else ""),
                *cells,
                f"{found[largest][name] / ours:,.2f}",
                held,
            ]
        )
    return page.table(heads, rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", choices=WAYS)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--ten", action="store_true")
    parser.add_argument("--write", metavar="DATE")
    parser.add_argument("--save-baseline", action="store_true")
    asked = parser.parse_args()
    if asked.one:
        one(asked.one, asked.rows)
        return
    compare()
    print("every way gives the same answers")
    sizes = [10_000, 100_000] + ([] if asked.quick else [1_000_000]) + ([10_000_000] if asked.ten else [])
    found = {rows: times(rows, asked.repeats if rows <= 1_000_000 else _FEWER) for rows in sizes}
    largest = 100_000 if asked.quick else 1_000_000
    memory = {name: peak(name, largest) for name in WAYS}
    shown = show(found, memory, largest)
    print(shown)
    for name, ratio, words, holds in ratios(found[largest]):
        print(f"{name}: {ratio:,.2f} times as long ({words}: {'holds' if holds else 'DOES NOT HOLD'})")
    page.against_baseline(f"kernel {largest}", found[largest], save=asked.save_baseline)
    if asked.write:
        held = [
            f"- {name}: {ratio:,.2f} ({words}: {'holds' if holds else 'does not hold'})"
            for name, ratio, words, holds in ratios(found[largest])
        ]
        picture = f"![Seconds of each way at {largest:,} cases, as in the table](img/performance.svg)"
        text = "\n\n".join(
            [
                page.machine(asked.write),
                shown,
                picture,
                "Time of each way over that of ehcptime:",
                "\n".join(held),
            ]
        )
        page.write_between("performance.md", "kernel", text)
        page.chart("img/performance.svg", f"{largest:,} cases, the same answers", found[largest])


if __name__ == "__main__":
    main()
