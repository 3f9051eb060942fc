# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Verifying deadline rules in your own tests
#
# You keep a case management system, or a spreadsheet, that works out when a plan is due. Is it right? Three things ship to hold it to: dates
# that courts and the Ombudsman have published, a conformance pack of boundary dates in plain JSON, and an assertion for your own cases.
#
# **Finding.** Of three mistakes that are easily made, the published dates catch two. The third, moving a due date from a weekend to
# Monday, passes every one of them, because each of those dates falls on a weekday; the boundary dates of the pack catch it. A test with
# three famous cases is not enough.

# %%
from datetime import date, timedelta

import pandas as pd
from dateutil.relativedelta import relativedelta

import ehcptime as ehc
from ehcptime.outputs.drawing import DARK_BLUE, ORANGE, Picture, bare, canvas, title
from ehcptime.testing import assert_timeline, conformance_pack

pd.set_option("display.max_colwidth", None)  # show sentences whole


def monday_if_weekend(day: date) -> date:
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day


systems = {
    "140 days later": lambda received: received + timedelta(days=140),
    "the day of receipt counts": lambda received: received + timedelta(days=139),
    "five months": lambda received: received + relativedelta(months=5),
    "Monday, if a weekend": lambda received: monday_if_weekend(received + timedelta(days=140)),
}

# %% [markdown]
# ## Dates that others have published
#
# Each row names its source. `agrees` marks those where the usual way of counting gives another date, or where authorities conflict.

# %%
decisions = ehc.published_decisions()
finals = decisions[(decisions["rule"] == "plan_final") & decisions["start_date"].notna()]
finals[["source", "start_date", "expected_due", "agrees"]]

# %% [markdown]
# ## Boundary dates
#
# The pack holds questions and answers for every rule of the book, around the days where a limit turns. Here are those about the final plan that
# only the day of receipt decides: no reversal, no move between authorities.

# %%
pack = conformance_pack()
simple = [
    one
    for one in pack.of(["plan_final"])
    if one.expected["due"]
    and one.question.get("convention", "receipt_excluded") == "receipt_excluded"
    and not {"reversal_date", "reversal_route", "responsible_date", "moved_in_date"}
    & set(one.question["case"])
]
vectors = pd.DataFrame(
    {
        "id": [one.id for one in simple],
        "received": [date.fromisoformat(one.question["case"]["received_date"]) for one in simple],
        "due": [date.fromisoformat(one.expected["due"]) for one in simple],
    }
)
print(f"{len(pack.vectors):,} questions in the pack, {len(vectors)} of them here")

# %% [markdown]
# ## Four systems, put to both
#
# How many of the published dates, and how many of the boundary dates, does each system get right?

# %%
results = pd.DataFrame(
    {
        "system": list(systems),
        "published dates right": [
            sum(
                due(day.date()) == said.date()
                for day, said in zip(finals["start_date"], finals["expected_due"], strict=True)
            )
            for due in systems.values()
        ],
        "boundary dates right": [
            sum(due(day) == said for day, said in zip(vectors["received"], vectors["due"], strict=True))
            for due in systems.values()
        ],
    }
)
results

# %%
wrong = len(vectors) - results["boundary dates right"].iloc[::-1]
with canvas(None, size=(9, 3.6)) as axes:
    bars = axes.barh(
        results["system"].iloc[::-1], wrong, color=[ORANGE if count else DARK_BLUE for count in wrong]
    )
    axes.bar_label(bars, labels=[f"{count} wrong" for count in wrong], padding=4)
    axes.margins(x=0.15)
    axes.set_xticks([])
    finding = f"Of {len(vectors)} boundary dates, one way of counting has none wrong"
    title(axes, finding)
    bare(axes)
said = "; ".join(f"{name} {count} wrong" for name, count in zip(results["system"], wrong[::-1], strict=True))
Picture(f"{finding}: {said}.", axes)

# %% [markdown]
# ## In your own test
#
# `assert_timeline` holds what your system says of a case to ehcptime's answer, and says which rule was broken and where it is written. Here
# the system that counts the day of receipt is put to the dates of *JSC*.

# %%
jsc = ehc.Case(case_id="JSC", received_date=date(2025, 4, 2))
yours = {"plan_final": {"due": systems["the day of receipt counts"](jsc.received_date), "status": "overdue"}}
failed = ""
try:
    assert_timeline(yours, jsc, as_at=date(2025, 8, 21))
except AssertionError as error:
    failed = str(error)
print(failed)

# %% [markdown]
# Hypothesis strategies that aim at the boundaries are in `ehcptime.testing.strategies`, and `ehcptime` can put the whole pack to a program in any
# language. A pass says that the answers agree with ehcptime's reading; it is no certificate and no legal advice.
#
# ## It adds up

# %%
right = results.set_index("system")
assert right.loc["140 days later"].tolist() == [len(finals), len(vectors)]
assert right.loc["Monday, if a weekend", "published dates right"] == len(finals)
assert right.loc["Monday, if a weekend", "boundary dates right"] < len(vectors)
assert (right.loc[["the day of receipt counts", "five months"]] == 0).all(axis=None)
assert "should be" in failed
assert all(
    ehc.LAW["plan_final"].due(day) == due
    for day, due in zip(vectors["received"], vectors["due"], strict=True)
)
