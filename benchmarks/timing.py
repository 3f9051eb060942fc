"""How the benchmarks time a call."""

import statistics
import time


def median_seconds(call, repeats):
    """Median time of a call, after one call to warm up."""
    call()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)
