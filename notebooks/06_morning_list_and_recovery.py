# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # The morning list, and a way out of the backlog
#
# Two questions of one manager: what must my team do today, and when will the backlog be gone? The caseload is made up, after the published
# figures of West Sussex. It is Monday 31 March 2025.
#
# **Finding.** 147 final plans fall due in the next four weeks; by the days left alone 83 can still leave the family its 15 days, and the rest only if the
# family answers early. At the pace of last year the 533 cases past 20 weeks take until the winter; with about 10 per cent more capacity they are gone
# weeks sooner. In either, taking the oldest first, hardly a plan is on time until then: that is the price of fairness, and better said beforehand.

# %%
from datetime import date

import pandas as pd

import ehcptime as ehc

pd.set_option("display.max_colwidth", None)  # show sentences whole
today = date(2025, 3, 31)
extract = ehc.simulate(9_000, as_at=today, seed=1)
tracked = ehc.track(extract.cases, as_at=today, exemptions=extract.exemptions)
advice = ehc.track_advice(extract.advice, as_at=today, cases=tracked)
morning = ehc.morning_list(tracked, advice=advice)
print(morning.heading)
print(morning.coming)

# %% [markdown]
# ## One caseworker's list
#
# What can still be met comes first, by the day by which to act. `act_by` is a working day; `last_safe_draft` leaves the family 15 days.

# %%
one = morning.lists["Caseworker 02"]
one[["case_id", "stage", "due", "act_by", "last_safe_draft", "waits_for", "plan_can_be_in_time"]].head(6)

# %% [markdown]
# Court, tribunal and over-a-year cases stand on a list of their own, whoever holds them, so that none can hide at the bottom.

# %%
morning.top["flags"].value_counts().head(5).to_frame("cases")

# %% [markdown]
# ## When will the backlog clear?
#
# First what the last year's pace gives, then 47 advices and drafts a week in place of about 42. Both start from the real open cases, and chance
# runs 200 times.

# %%
as_lately = ehc.scenario(tracked, advice=advice, weeks=78, runs=200)
more = ehc.scenario(tracked, advice=advice, weeks=78, runs=200, capacity={"psychology": 47, "drafting": 47})
ehc.plot_scenario({"as lately": as_lately, "47 a week": more})

# %%
as_lately

# %% [markdown]
# Every assumption is printed with where it is from. `basis` tells what was counted in the record (`from history`) from what you gave (`given`) and what
# is a guess (`assumed`).

# %%
shown = as_lately.assumptions.query("assumption != 'month_weights'")[["says", "value", "basis"]]
shown.assign(
    value=[
        f"{each:.3g}" if isinstance(each, float) else str(each).replace("_", " ") for each in shown["value"]
    ]
)

# %% [markdown]
# ## The price of each order of the queue
#
# The same capacity, oldest first and newest first. With newest first more than 250 children wait over a year before it gets better; with oldest first
# almost none do.

# %%
newest = ehc.scenario(tracked, advice=advice, weeks=78, runs=200, queue="newest_first")
ehc.plot_scenario({"oldest first": as_lately, "newest first": newest}, "open_over_52wk")

# %% [markdown]
# And yet newest first looks far better at once in the share of plans that are in time. That is why no percentage stands alone.

# %%
ehc.plot_scenario({"oldest first": as_lately, "newest first": newest}, "plans_due_20wk_percent")

# %% [markdown]
# ## It adds up
#
# Every open case is on a list, left off one, or has no limit in the next 28 days. In the forecast without chance, what is open at the end is what
# was open, plus what came, less what went.

# %%
on_lists = len(morning.top) + sum(len(rows) for rows in morning.lists.values())
assert on_lists + sum(morning.left_off.values()) == 970
assert "1,304 open cases, 970 on a list" in morning.heading
assert tracked["is_open"].sum() == 1_304
assert "28 days: 147," in morning.coming
assert "asked for: 83 with the family's 15 days kept" in morning.coming
sure = ehc.scenario(tracked, advice=advice, weeks=78, runs=0)
flow = {name: sure.figure(name)["middle"].sum() for name in ("arrivals", "refused", "no_plan", "issued")}
end = 1_304 + flow["arrivals"] - flow["refused"] - flow["no_plan"] - flow["issued"]
assert abs(end - sure.figure("open")["middle"].iloc[-1]) < 0.01
assert date(2025, 11, 1) < as_lately.clear_by[1] < date(2026, 4, 1)
assert (as_lately.clear_by[1] - more.clear_by[1]).days > 21
assert as_lately.figure("plans_due_20wk_percent")["middle"].min() < 1
waits = [one.figure("open_over_52wk")["middle"] for one in (as_lately, newest)]
assert waits[1].max() > 250
assert waits[0].iloc[3:].max() < 15
in_time = [one.figure("plans_due_20wk_percent")["middle"] for one in (as_lately, newest)]
assert in_time[1].iloc[3] > 70
assert in_time[0].iloc[3] < 1
