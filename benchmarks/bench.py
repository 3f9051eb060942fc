"""Speed, as ratios against the usual ways in the same run. Answers are compared before anything is timed.

Times differ between machines; the ratios are what to look at. Run it with `make bench`.
"""

import argparse
import platform
import sys
from datetime import date, timedelta

import numpy as np
import pandas as pd
from dateutil.relativedelta import relativedelta

import ehcptime as ehc
from timing import median_seconds

AS_AT = date(2024, 12, 31)
LIMITS = {"request_decision": 42, "plan_refusal": 112, "issue_decision": 112, "plan_final": 140}


def caseload(rows):
    """Columns that every way below can use: no reversals, no missing codes."""
    rng = np.random.default_rng(1)
    received = np.datetime64("2019-01-01") + rng.integers(0, 2190, rows).astype("timedelta64[D]")
    decided = received + rng.integers(7, 80, rows).astype("timedelta64[D]")
    draft = decided + rng.integers(0, 300, rows).astype("timedelta64[D]")
    issued = draft + rng.integers(10, 40, rows).astype("timedelta64[D]")
    outcome = rng.choice(np.array(["Y", "N"], dtype=object), rows, p=[0.7, 0.3])
    goes_on = outcome == "Y"
    return pd.DataFrame(
        {
            "case_id": np.char.add("C", np.arange(rows).astype(str)).astype(object),
            "received_date": received.astype("datetime64[s]"),
            "request_outcome": outcome,
            "request_outcome_date": decided.astype("datetime64[s]"),
            "draft_sent_date": pd.Series(draft.astype("datetime64[s]")).where(goes_on),
            "assessment_outcome": np.where(goes_on, "Y", None),
            "assessment_outcome_date": pd.Series(issued.astype("datetime64[s]")).where(goes_on),
        }
    )


def plain_pandas(cases, as_at):
    """The same columns in straightforward vectorised pandas, for this simple caseload alone."""
    now = pd.Timestamp(as_at)
    received = cases["received_date"]
    decided = cases["request_outcome_date"].where(cases["request_outcome_date"] <= now)
    draft = cases["draft_sent_date"].where(cases["draft_sent_date"] <= now)
    final = cases["assessment_outcome_date"].where(cases["assessment_outcome_date"] <= now)
    refused = cases["request_outcome"].eq("N") & decided.notna()
    begun = received <= now
    out = cases.copy()
    for rule, days in LIMITS.items():
        out[f"{rule}_due"] = received + pd.Timedelta(days=days)
    out["draft_comment_due"] = draft + pd.Timedelta(days=14)
    proof = pd.concat([draft, final], axis=1).min(axis=1)
    done = {
        "request_decision": decided,
        "plan_refusal": pd.Series(pd.NaT, index=cases.index).astype("datetime64[s]"),
        "issue_decision": proof,
        "plan_final": final,
    }
    for rule, act in done.items():
        due = out[f"{rule}_due"]
        stop = act.fillna(now)
        status = pd.Series("running", index=cases.index)
        status = status.mask(act.isna() & (now > due), "overdue")
        status = status.mask(act.notna() & (act <= due), "met").mask(act.notna() & (act > due), "met_late")
        if rule == "issue_decision":
            status = status.mask(act.notna() & (act > due), "unknown")
        off = ~begun | ((rule != "request_decision") & refused) | (rule == "plan_refusal")
        status = status.mask(off, "not_applicable")
        out[f"{rule}_status"] = status.astype("category")
        over = (stop - due).dt.days.astype("Int32")
        out[f"{rule}_days_over"] = over.mask(status.isin(["not_applicable", "unknown"]))
        out[f"{rule}_exempt"] = False
        out[f"{rule}_breach"] = status.isin(["overdue", "met_late"]) & (rule != "issue_decision")
    due = out["draft_comment_due"]
    status = pd.Series("running", index=cases.index)
    status = status.mask(draft.notna() & final.isna() & (now > due), "met")
    status = status.mask(final.notna() & (final > due), "met").mask(
        final.notna() & (final <= due), "too_soon"
    )
    status = status.mask(draft.isna() | ~begun, "not_applicable")
    out["draft_comment_status"] = status.astype("category")
    until = final.fillna(now)
    over = (due - until).dt.days.astype("Int32") + 1
    running = (until - due).dt.days.astype("Int32")
    out["draft_comment_days_over"] = over.mask(status.eq("running"), running).mask(
        status.eq("not_applicable")
    )
    out["draft_comment_exempt"] = out["draft_comment_breach"] = False
    stage = pd.Series("deciding", index=cases.index)
    stage = stage.mask(decided.notna(), "assessing").mask(draft.notna(), "finalising")
    stage = stage.mask(final.notna() | refused, "closed").mask(~begun, "not_received")
    out["stage"] = stage.astype("category")
    out["is_open"] = begun & final.isna() & ~refused
    end = final.fillna(decided.where(refused)).fillna(now)
    out["age_days"] = (end - received).dt.days.astype("Int32").mask(~begun)
    out["plan_final_clock"] = pd.Categorical(["original"] * len(cases))
    out["plan_final_due_other"] = pd.Series(pd.NaT, index=cases.index).astype("datetime64[s]")
    out["as_at"] = now
    return out


def by_row(cases, as_at):
    """What many write first: one row at a time with relativedelta; due dates and lateness of four limits alone."""

    def judge(row):
        answer = {}
        for rule, days in LIMITS.items():
            due = row["received_date"] + relativedelta(weeks=days // 7)
            act = (
                row["request_outcome_date"] if rule == "request_decision" else row["assessment_outcome_date"]
            )
            stop = act if pd.notna(act) and act.date() <= as_at else pd.Timestamp(as_at)
            answer[f"{rule}_due"], answer[f"{rule}_late"] = due, stop > due
        return pd.Series(answer)

    return cases.apply(judge, axis=1)


def compare(cases):
    """Stop where the two answers differ in any cell."""
    ours, theirs = ehc.track(cases, as_at=AS_AT), plain_pandas(cases, AS_AT)
    for name in ours.columns.difference(cases.columns):
        left, right = ours[name], theirs[name]
        same = (left.astype(object).fillna("-") == right.astype(object).fillna("-")) | (
            left.isna() & right.isna()
        )
        if not same.all():
            row = int((~same).to_numpy().argmax())
            sys.exit(f"answers differ in {name}, row {row}: {left.iloc[row]} and {right.iloc[row]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    print(
        f"Python {platform.python_version()}, pandas {pd.__version__}, NumPy {np.__version__}, {platform.machine()}"
    )
    compare(caseload(20_000))
    cases = caseload(rows)
    ours = median_seconds(lambda: ehc.track(cases, as_at=AS_AT), 5)
    theirs = median_seconds(lambda: plain_pandas(cases, AS_AT), 3)
    few = cases.head(2_000)
    slow = median_seconds(lambda: by_row(few, AS_AT), 1) / len(few) * rows
    print(f"track, {rows:,} cases, five limits, all columns: {ours:.2f} s")
    print(f"  the same columns in vectorised pandas: {theirs:.2f} s, {theirs / ours:.1f} times as long")
    print(
        f"  four limits by row with relativedelta (scaled from {len(few):,}): {slow:.0f} s, {slow / ours:.0f} times as long"
    )
    case = ehc.Case(
        case_id="JSC",
        received_date=date(2025, 4, 2),
        request_outcome="Y",
        request_outcome_date=date(2025, 5, 29),
    )
    one = median_seconds(lambda: ehc.timeline(case, as_at=date(2025, 10, 21)), 500)
    row = case.received_date + timedelta(weeks=20)
    print(f"timeline of one case (final plan due {row}): {one * 1000:.2f} ms")
    tracked = ehc.track(cases, as_at=AS_AT)
    for name, call in {
        "timeliness by month": lambda: ehc.timeliness(tracked, "plans_issued_20wk_inc", period="M"),
        "backlog": lambda: ehc.backlog(tracked),
    }.items():
        took = median_seconds(call, 3)
        print(f"{name}, {rows:,} cases: {took:.2f} s, {took / ours:.2f} of track")


if __name__ == "__main__":
    main()
