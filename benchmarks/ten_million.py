"""Ten million cases from Parquet to five measures, and the most memory that this takes. Run with `make bench`."""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import ehcptime as ehc
import page
from bench import AS_AT, caseload

MEASURES = (
    "plans_issued_20wk_exc",
    "plans_due_20wk",
    "request_decisions_6wk",
    "no_plan_16wk",
    "decision_by_16wk",
)
CHUNK = 500_000
LIMIT = 4  # GiB


def write(path, rows):
    """Write a caseload in pieces, none of which is held with another."""
    cases = caseload(CHUNK)
    with pq.ParquetWriter(path, pa.Schema.from_pandas(cases, preserve_index=False)) as file:
        for first in range(0, rows, CHUNK):
            piece = cases.head(rows - first).assign(case_id=lambda held, n=first: f"{n}-" + held["case_id"])
            file.write_table(pa.Table.from_pandas(piece, preserve_index=False))


def count(path):
    begun = time.perf_counter()
    found = ehc.whole_caseload(path, as_at=AS_AT, measures=MEASURES, period="M")
    took = time.perf_counter() - begun
    for measure, table in found.timeliness.items():
        apart = 0 if ehc.MEASURES[measure].unknown_in_denominator else table["unknown"].sum()
        assert table[["denominator", "not_due", "left_out"]].to_numpy().sum() + apart == found.rows
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{found.rows} {took} {most}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--count", type=Path)
    parser.add_argument("--write", metavar="DATE")
    asked = parser.parse_args()
    if asked.count:
        count(asked.count)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.parquet"
        write(path, asked.rows)
        size = path.stat().st_size / 1e6
        call = [sys.executable, __file__, "--count", str(path)]
        said = subprocess.run(call, check=True, capture_output=True, text=True).stdout.split()
    rows, took, most = int(said[0]), float(said[1]), float(said[2])
    assert rows == asked.rows
    text = (
        f"{rows:,} cases from a Parquet file of {size:,.0f} MB to five measures by month, the backlog and the time to the final plan: "
        f"{took:,.0f} seconds, and at most {most:.2f} GiB of memory in all ({'within' if most <= LIMIT else 'NOT within'} {LIMIT} GiB)."
    )
    print(text)
    if asked.write:
        page.write_between("performance.md", "ten million", f"{page.machine(asked.write)}\n\n{text}")


if __name__ == "__main__":
    main()
