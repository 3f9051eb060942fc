# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # The backlog and its history
#
# How many children wait, for how long, and is it getting better? The caseload is made up, after the published figures of West Sussex.
#
# **Finding.** On 31 March 2025 1,304 cases were open, 533 of them past 20 weeks and 93 past a year. That is more than at the start of 2023 (911),
# and fewer than at the peak of 1,555 in July 2024: since then more has gone out than came in. The number over a year fell fastest,
# from 179 to 93. Even so nearly every plan overtook an older case that was still open.

# %%
from datetime import date

import ehcptime as ehc

today, first = date(2025, 3, 31), date(2023, 1, 1)
extract = ehc.simulate(9_000, as_at=today, seed=1)
tracked = ehc.track(extract.cases, as_at=today, exemptions=extract.exemptions)
stock = ehc.backlog(tracked)
ehc.plot_backlog(stock, as_at=today)

# %% [markdown]
# ## Where they wait
#
# By stage and age. A band holds its upper edge, so day 140 is still in 16-20; an age that cannot be told has a band of its own.

# %%
stock.pivot_table(index="stage", columns="age_band", values="open", sort=False, observed=True).astype(int)

# %%
ehc.backlog_summary(tracked)[["open", "over_20wk", "over_52wk", "median_weeks", "p90_weeks", "oldest_days"]]

# %% [markdown]
# ## What came in and what went out
#
# Month by month, rebuilt from the same extract. A refusal, a plan, a withdrawal or a move ends a case; a refusal that is reversed opens it again.

# %%
history = ehc.backlog_history(extract.cases, start=first, end=today, freq="M")
ehc.plot_history(history)

# %%
history.set_index("period").tail(6)

# %% [markdown]
# ## Older or younger?
#
# A stock can fall while those who wait longest wait on. The same months by age:

# %%
ages = ehc.backlog_triangle(extract.cases, start=first, end=today)
ehc.plot_triangle(ages)

# %% [markdown]
# ## Is the queue fair?
#
# Children differ in what they need, so overtaking is a question and no fault. The sentence gives its size.

# %%
print(ehc.fair_queue(tracked, period="Y").set_index("period").loc["2024", "sentence"])

# %% [markdown]
# ## It adds up
#
# Opening and what was opened, less what went out, is closing, in every month; the last closing is today's stock, band by band.

# %%
out = history[["refused", "no_plan", "issued", "withdrawn", "left"]].sum(axis=1)
assert (history["opening"] + history["opened"] - out == history["closing"]).all()
assert (history["opening"].iloc[1:].to_numpy() == history["closing"].iloc[:-1].to_numpy()).all()
assert history["closing"].iloc[-1] == stock["open"].sum() == tracked["is_open"].sum() == 1_304
assert ages.groupby("period")["open"].sum()["2025-03"] == 1_304
assert history["closing"].max() == 1_555
assert history["opening"].iloc[0] == 911
assert history.set_index("period")["closing"].idxmax() == "2024-07"
year_waits = ages[ages["age_band"] == "52+"].set_index("period")["open"]
assert (year_waits.max(), year_waits["2025-03"]) == (179, 93)
