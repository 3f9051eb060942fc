"""Speed of rebuilt positions, as ratios against the usual way in the same run. Answers are compared before anything is timed.

Times differ between machines; the ratios are what to look at. Run it with `make bench`.
"""

import argparse
import platform
from datetime import date

import numpy as np
import pandas as pd

import ehcptime as ehc
from timing import median_seconds

START, END = date(2015, 1, 1), date(2024, 12, 31)
BANDS = [6, 12, 16, 20, 30, 52]
EDGES = [-1, *(weeks * 7 for weeks in BANDS), np.inf]
LABELS = ["0-6", "6-12", "12-16", "16-20", "20-30", "30-52", "52+"]


def authority(rows):
    """Cases on which the simple definition agrees: refused, issued, withdrawn or open, every date there, nothing reversed."""
    rng = np.random.default_rng(1)
    received = np.datetime64("2014-09-01") + rng.integers(0, 3770, rows).astype("timedelta64[D]")
    decided = received + rng.integers(7, 80, rows).astype("timedelta64[D]")
    final = decided + rng.integers(40, 500, rows).astype("timedelta64[D]")
    closed = decided + rng.integers(1, 100, rows).astype("timedelta64[D]")
    kind = rng.choice(["refused", "issued", "withdrawn"], rows, p=[0.28, 0.68, 0.04])
    last = np.datetime64(END)

    def day(values, where):
        return pd.Series(values.astype("datetime64[s]")).where(where & (values <= last))

    outcome = day(decided, np.ones(rows, dtype=bool))
    issued = day(final, kind == "issued")
    return pd.DataFrame(
        {
            "case_id": np.char.add("C", np.arange(rows).astype(str)).astype(object),
            "received_date": received.astype("datetime64[s]"),
            "request_outcome": np.where(outcome.isna(), "A", np.where(kind == "refused", "N", "Y")),
            "request_outcome_date": outcome,
            "draft_sent_date": day(final - np.timedelta64(20, "D"), kind == "issued"),
            "assessment_outcome": np.where(issued.notna(), "Y", None),
            "assessment_outcome_date": issued,
            "closed_date": day(closed, kind == "withdrawn"),
            "closed_reason": np.where((kind == "withdrawn") & (closed <= last), "withdrawn", None),
        }
    )


def backlog_in_pandas(cases, now):
    """Open cases by stage and age band at one date, in straightforward vectorised pandas."""
    received = cases["received_date"]
    decided = cases["request_outcome_date"].le(now)
    refused = cases["request_outcome"].eq("N") & decided
    final = cases["assessment_outcome_date"].le(now)
    closed = cases["closed_date"].le(now)
    is_open = received.le(now) & ~refused & ~final & ~closed
    age = (now - received[is_open]).dt.days
    stage = np.where(
        cases["draft_sent_date"].le(now), "finalising", np.where(decided, "assessing", "deciding")
    )
    found = pd.DataFrame({"stage": stage[is_open], "band": pd.cut(age, EDGES, labels=LABELS)})
    return found.groupby(["stage", "band"], observed=False).size()


def count_in_pandas(cases, now):
    """Open cases at one date and nothing else: the least that can be asked."""
    refused = cases["request_outcome"].eq("N") & cases["request_outcome_date"].le(now)
    ended = refused | cases["assessment_outcome_date"].le(now) | cases["closed_date"].le(now)
    return int((cases["received_date"].le(now) & ~ended).sum())


def compare(cases, month_ends):
    """Stop where the answers differ at any month-end, in the whole or in a band."""
    history = ehc.backlog_history(cases, start=START, end=END, freq="M")
    triangle = ehc.backlog_triangle(cases, start=START, end=END, bands=BANDS)
    bands = triangle.pivot_table(index="period", columns="age_band", values="open", sort=False)
    daily = ehc.backlog_history(cases, start=START, end=END, freq="D").set_index("period")["closing"]
    for place, now in enumerate(month_ends):
        theirs = backlog_in_pandas(cases, now).groupby(level="band", observed=False).sum()[LABELS]
        assert theirs.tolist() == bands.iloc[place][LABELS].astype(int).tolist(), now
        assert bands.iloc[place]["unknown"] == 0, now
        assert count_in_pandas(cases, now) == theirs.sum() == history["closing"][place], now
        assert daily[str(now.date())] == theirs.sum(), now
    return history


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=30_000)
    rows = parser.parse_args().rows
    print(
        f"Python {platform.python_version()}, pandas {pd.__version__}, NumPy {np.__version__}, {platform.machine()}"
    )
    cases, month_ends = authority(rows), pd.date_range(START, END, freq="ME")
    history = compare(cases, month_ends)
    span = {"start": START, "end": END}
    ours = median_seconds(lambda: ehc.backlog_history(cases, **span, freq="M"), 9)
    theirs = median_seconds(lambda: [backlog_in_pandas(cases, now) for now in month_ends], 3)
    least = median_seconds(lambda: [count_in_pandas(cases, now) for now in month_ends], 3)
    flows = int(history["opened"].sum())
    print(
        f"backlog_history, {len(month_ends)} month-ends of {rows:,} cases ({flows:,} came in): {ours * 1000:.0f} ms"
    )
    print(
        f"  a pandas backlog by stage and age band at each of them: {theirs:.2f} s, {theirs / ours:.0f} times as long"
    )
    print(
        f"  pandas counting who is open at each, no bands and no flows: {least:.2f} s, {least / ours:.1f} times as long"
    )
    for name, call in {
        "daily positions and flows for ten years": lambda: ehc.backlog_history(cases, **span, freq="D"),
        "triangle, 120 month-ends by age band": lambda: ehc.backlog_triangle(cases, **span),
    }.items():
        took = median_seconds(call, 5)
        print(f"{name}: {took * 1000:.0f} ms, {took / ours:.1f} of the monthly history")
    tracked = ehc.track(cases, as_at=END)
    took = median_seconds(lambda: ehc.fair_queue(tracked, period="FY"), 5)
    print(f"fair queue of every plan against every older case: {took * 1000:.0f} ms")


if __name__ == "__main__":
    main()
