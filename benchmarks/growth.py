"""How the cost grows with rows, rules, groups and months. Run with `make bench`; `--write DATE` puts the tables into docs/growth.md."""

import argparse
from datetime import date

import numpy as np

import ehcptime as ehc
import page
from bench import AS_AT
from kernel import cases_of
from timing import median_seconds

RULES = ("request_decision", "plan_refusal", "issue_decision", "plan_final", "draft_comment")
MEASURE = "plans_issued_20wk_inc"


def by_rows(most):
    for rows in (most // 1_000, most // 100, most // 10, most // 3, most):
        cases = cases_of(rows)
        yield rows, median_seconds(lambda held=cases: ehc.track(held, as_at=AS_AT), 3)


def by_rules(most):
    cases = cases_of(most)
    for number in range(1, len(RULES) + 1):
        chosen = RULES[-number:]
        yield number, median_seconds(lambda some=chosen: ehc.track(cases, as_at=AS_AT, rules=some), 3)


def by_groups(most):
    tracked = ehc.track(cases_of(most), as_at=AS_AT)
    draw = np.random.default_rng(1)
    for number in (1, 10, 100, 1_000, 10_000):
        held = tracked.assign(team=draw.integers(0, number, most))
        yield number, median_seconds(lambda some=held: ehc.timeliness(some, MEASURE, by="team"), 3)


def by_months(most):
    cases = cases_of(most // 10)
    for years in (1, 5, 10, 20):
        span = {"start": date(2025 - years, 1, 1), "end": AS_AT}
        yield years * 12, median_seconds(lambda some=span: ehc.backlog_history(cases, **some, freq="M"), 3)


PARTS = {
    "Cases": ("`track`, all limits", "cases", by_rows),
    "Rules": ("`track` with `rules=`, {most:,} cases", "rules", by_rules),
    "Groups": ("`timeliness` by a column, {most:,} cases", "groups", by_groups),
    "Months": ("`backlog_history` by month, {tenth:,} cases", "months", by_months),
}


def section(title, most):
    what, unit, measured = PARTS[title]
    rows, before = [], None
    for number, seconds in measured(most):
        step = "" if before is None else f"{number / before[0]:.1f} times"
        cost = "" if before is None else f"{seconds / before[1]:.2f} times"
        rows.append(
            [f"{number:,}", f"{seconds * 1000:,.1f} ms", f"{seconds / number * 1e6:,.3g} µs", step, cost]
        )
        before = number, seconds
    heads = [unit, "time", f"for each of the {unit}", "more of them", "takes"]
    return f"## {title}\n\n{what.format(most=most, tenth=most // 10)}.\n\n{page.table(heads, rows)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--write", metavar="DATE")
    asked = parser.parse_args()
    text = "\n\n".join(section(title, asked.rows) for title in PARTS)
    print(text)
    if asked.write:
        page.write_between("growth.md", "growth", f"{page.machine(asked.write)}\n\n{text}")


if __name__ == "__main__":
    main()
