"""Speed and size of a report, as ratios against its tables made by hand in pandas in the same run. The counts are compared first.

By hand means: the same reading of the columns, the percentages by quarter and by month, the open cases by age, and `to_html`, with no law but
140 days, no check of the record, no disclosure control and no reference. Times differ between machines; the ratios are what to look
at. Run it with `make bench`.
"""

import argparse
import platform
import time
from datetime import date

import numpy as np
import pandas as pd

import ehcptime as ehc

AS_AT = date(2025, 3, 31)
MOST_BYTES, MOST_SECONDS = 3_000_000, 20
PAGES = (("board", "internal"), ("board", "public"), ("monthly", "public"), ("public", "public"))
EDGES, LABELS = (
    [-1, 42, 84, 112, 140, 210, 364, np.inf],
    ["0-6", "6-12", "12-16", "16-20", "20-30", "30-52", "52+"],
)


def by_hand(extract):
    """The tables of a report as an analyst makes them with groupby, as HTML, and the plans issued by quarter to compare."""
    cases, now = extract.cases, pd.Timestamp(AS_AT)
    received, issued = cases["received_date"], cases["assessment_outcome_date"]
    flagged = (
        cases[["request_mediation", "request_tribunal", "assessment_mediation", "assessment_tribunal", "other_mediation", "other_tribunal"]]
        .apply(pd.to_numeric)
        .eq(1)
        .any(axis=1)
    )  # fmt: skip
    is_plan = (
        cases["assessment_outcome"].eq("Y")
        & issued.le(now)
        & ~flagged
        & ~cases["closed_reason"].eq("duplicate")
    )
    days = (issued - received).dt.days
    plans = pd.DataFrame(
        {
            "period": issued.dt.to_period("Q").astype(str),
            "in_time": days.between(0, 140),
            "week20": cases["week20"].eq(1),
        }
    )[is_plan]
    tables = [
        plans.groupby("period")["in_time"].agg(["sum", "size"]),
        plans[~plans["week20"]].groupby("period")["in_time"].agg(["sum", "size"]),
    ]
    ended = issued.le(now) | cases["closed_date"].le(now) | cases["request_outcome"].isin(["N", "W"])
    is_open = received.le(now) & ~ended
    bands = pd.cut((now - received[is_open]).dt.days, EDGES, labels=LABELS)
    tables += [bands.value_counts(sort=False).to_frame()]
    tables += [
        pd.crosstab(cases.loc[is_open, column], bands)
        for column in ("area", "primary_need", "team")
        if column in cases
    ]
    advice = extract.advice
    asked = advice.assign(
        due=advice["requested_date"] + pd.Timedelta(days=42),
        period=advice["requested_date"].dt.to_period("Q").astype(str),
    )
    asked["in_time"] = asked["returned_date"].le(asked["due"])
    tables.append(asked.groupby(["advice_type", "period"])["in_time"].agg(["sum", "size"]))
    html = "".join(
        table.assign(percent=lambda t: 100 * t.iloc[:, 0] / t.iloc[:, -1]).to_html() for table in tables
    )
    return html, tables[0]["size"]


def track_and_check(extract):
    """What every figure of a report rests on."""
    ehc.track(extract.cases, as_at=AS_AT, exemptions=extract.exemptions, closures=extract.closures)
    ehc.track_advice(extract.advice, as_at=AS_AT, cases=extract.cases)
    ehc.check(
        extract.cases,
        as_at=AS_AT,
        advice=extract.advice,
        exemptions=extract.exemptions,
        closures=extract.closures,
    )


def compare(page, issued):
    """Stop where the plans issued by quarter differ by more than the faults that were planted in the record."""
    ours = page.tables["trend_plans_issued_20wk_inc"].set_index("period")["denominator"]
    theirs = issued.reindex(ours.index.str.replace(" ", "")).to_numpy()
    assert np.allclose(ours.to_numpy(dtype=float), theirs, rtol=0.03), (ours.tolist(), theirs.tolist())


def timed(call, repeats=1):
    """The answer of a call and the least processor time that it took."""
    took = []
    for _ in range(repeats):
        begun = time.process_time()
        answer = call()
        took.append(time.process_time() - begun)
    return answer, min(took)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    rows = parser.parse_args().rows
    print(
        f"Python {platform.python_version()}, pandas {pd.__version__}, NumPy {np.__version__}, {platform.machine()}"
    )
    extract = ehc.simulate(rows, as_at=AS_AT, seed=1)
    (html, issued), hand = timed(lambda: by_hand(extract), 3)
    _, law = timed(lambda: track_and_check(extract))
    print(f"{rows:,} cases, {len(extract.advice):,} askings; processor time")
    print(f"some of its tables by hand with groupby and to_html: {hand:.2f} s, {len(html) / 1000:.0f} kB")
    print(f"track, track_advice and check alone, on which every figure rests: {law:.1f} s")
    for preset, audience in PAGES:
        page, took = timed(
            lambda p=preset, a=audience: ehc.report(extract, as_at=AS_AT, preset=p, audience=a)
        )
        size = len(page.html.encode())
        print(
            f"report {preset} for {audience}: {took:.1f} s, {took / law:.1f} times track and check, "
            f"{took / hand:.0f} times by hand; {size / 1000:.0f} kB"
        )
        assert size < MOST_BYTES, "the page is too big"
        assert took < MOST_SECONDS, "the report takes too long"
        if audience == "internal":
            compare(page, issued)


if __name__ == "__main__":
    main()
