"""How long a scenario takes, beside the same weeks worked case by case in one plain run."""

from datetime import date

import numpy as np

import ehcptime as ehc
from timing import median_seconds

AS_AT = date(2024, 12, 31)
BACKLOG, WEEKS, RUNS = 2_000, 156, 1_000


def caseload():
    """An authority with about 2,000 open cases."""
    size = 14_000
    extract = ehc.simulate(size, as_at=AS_AT, seed=1)
    tracked = ehc.track(extract.cases, as_at=AS_AT)
    return tracked, ehc.track_advice(extract.advice, as_at=AS_AT, cases=extract.cases)


def plain_run(opening, arrivals, capacity, seed):
    """One run as an analyst would write it: a list of cases, a loop of weeks, oldest first."""
    random = np.random.default_rng(seed)
    queue, drafts, issued = sorted(-random.integers(0, 60, opening)), [], 0
    for week in range(1, WEEKS + 1):
        queue += [week] * random.poisson(arrivals)
        able = max(int(random.normal(capacity, 0.15 * capacity)), 0)
        ready = [case for case in queue if case <= week - 14][:able]
        queue = queue[len(ready) :]
        drafts.append(ready)
        if len(drafts) > 4:
            issued += sum(week - case <= 20 for case in drafts.pop(0))
    return issued


def main():
    tracked, advice = caseload()
    opening = int(tracked["is_open"].sum())
    ours = median_seconds(lambda: ehc.scenario(tracked, advice=advice, weeks=WEEKS, runs=RUNS), 3)
    loop = median_seconds(lambda: [plain_run(opening, 60, 65, seed) for seed in range(20)], 3) / 20 * RUNS
    print(f"scenario, {RUNS:,} runs of {WEEKS} weeks from {opening:,} open cases: {ours:.2f} s")
    print(
        f"the same number of plain runs, one queue, case by case (scaled from 20): {loop:.1f} s, {loop / ours:.0f} times as long"
    )


if __name__ == "__main__":
    main()
