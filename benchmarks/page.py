"""What the benchmarks write into the docs: tables between marks, a chart, and the machine that they ran on. Nothing is typed by hand."""

import json
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
BASELINE = Path(__file__).parent / "baseline.json"


def machine(day):
    """Describe the machine and the versions; `day` is given, for a page must not change by being made again."""
    cores = os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "pandas", "polars", "duckdb"))
    return (
        f"Measured on {day}: {found[1] if found else platform.machine()}, {cores} cores, {memory:.0f} GiB, "
        f"Python {platform.python_version()}, {libraries}."
    )


def write_between(page, name, text):
    """Put text between the marks of a page that bear this name."""
    path = ROOT / "docs" / page
    old = path.read_text(encoding="utf-8")
    mark = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
    if not mark.search(old):
        raise SystemExit(f"docs/{page} has no marks called {name}")
    path.write_text(mark.sub(lambda m: f"{m[1]}\n{text}\n\n{m[2]}", old), encoding="utf-8")


def table(heads, rows):
    """Make a Markdown table, whose first column is text and whose others are numbers."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def chart(path, title, seconds, label="seconds, on a scale of powers of ten"):
    """Draw bars, shortest first, on a logarithmic scale."""
    import matplotlib as mpl  # noqa: PLC0415 - an optional extra

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "ehcptime"
    mpl.rcParams["svg.fonttype"] = "none"
    from matplotlib import pyplot as plt  # noqa: PLC0415

    names = sorted(seconds, key=seconds.get, reverse=True)
    figure, axes = plt.subplots(figsize=(8, 0.5 * len(names) + 1.2))
    bars = axes.barh(names, [seconds[name] for name in names], color="#12436D")
    axes.bar_label(bars, [f"{seconds[name]:.3g} s" for name in names], padding=4)
    axes.set_xscale("log")
    axes.set_xlim(right=max(seconds.values()) * 6)
    axes.set_title(title, loc="left")
    axes.set_xlabel(label)
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    (ROOT / "docs" / path).parent.mkdir(exist_ok=True)
    figure.savefig(ROOT / "docs" / path, metadata={"Date": None})
    plt.close(figure)


def against_baseline(name, seconds, *, save):
    """Print how each time compares with the saved one; save these instead where asked to."""
    saved = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
    for key, took in seconds.items():
        before = saved.get(name, {}).get(key)
        if before:
            print(f"  {key}: {took / before:.2f} times the saved baseline ({before:.3g} s)")
    if save:
        saved[name] = seconds
        BASELINE.write_text(json.dumps(saved, indent=2, sort_keys=True) + "\n", encoding="utf-8")
