# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Monthly timeliness, and why the rate changed
#
# The published percentage fell from 17.7 in the summer of 2024 to 11.8 in the first quarter of 2025. Did the service get worse? The caseload is
# made up, after the published figures of West Sussex; put your own tracked frame in its place.
#
# **Finding.** A little, and less than it looks. Of the fall of 5.9 points, 3.2 come from finishing more old cases: 93 more plans that were already
# late went out at last, which is what anyone would want, and it pulls the published percentage down. 3.5 points are 17 fewer
# plans on time. Of the plans that fell *due*, the share issued in time went from 16.7 to 14.8 per cent.

# %%
from datetime import date

import ehcptime as ehc

today = date(2025, 3, 31)
extract = ehc.simulate(9_000, as_at=today, seed=1)
tracked = ehc.track(extract.cases, as_at=today, exemptions=extract.exemptions)
measures = ("plans_issued_20wk_inc", "plans_due_20wk")
monthly = {name: ehc.timeliness(tracked, name, period="M") for name in measures}
recent = [table[table["period"].between("2024-07", "2025-03")] for table in monthly.values()]
ehc.plot_timeliness(recent)

# %% [markdown]
# Two lines, because there are two questions. *Of the plans issued this month, how many were in time?* depends on which cases were finished.
# *Of the plans due this month, how many came in time?* is settled on the due date. A hollow mark is a month that is not over.

# %%
columns = ["period", "numerator", "denominator", "unknown", "percent"]
recent[0][columns].tail(6)

# %% [markdown]
# ## One sentence for the change
#
# `explain_change` compares two quarters, case by case.

# %%
issued_on = tracked["assessment_outcome_date"]
summer = tracked[issued_on.between("2024-07-01", "2024-09-30")]
winter = tracked[issued_on.between("2025-01-01", "2025-03-31")]
change = ehc.explain_change(summer, winter, "plans_issued_20wk_inc")
change

# %% [markdown]
# ## What the points are made of
#
# `old` are late plans that were over their limit before their quarter began; `newly_late` passed it within the quarter. The points add up to
# the whole change.

# %%
change.table.round(1)

# %% [markdown]
# ## And what to say to the Board
#
# The settled figure, by quarter, with its sentence. It cannot be lowered by clearing the backlog, and it can be flattered by serving new cases
# before old ones, so read it beside the cases still open past 20 weeks.

# %%
quarters = ehc.timeliness(tracked, "plans_due_20wk", period="Q")
ehc.plot_timeliness(quarters[quarters["period"].between("2022 Q1", "2025 Q1")])

# %%
waiting = ehc.timeliness(tracked, "open_over_20wk").iloc[0]
print(quarters.attrs["ehcptime"]["definition"]["sentence"])
print(f"Open over 20 weeks at {today}: {waiting['numerator']:,} of {waiting['denominator']:,}.")

# %% [markdown]
# ## It adds up

# %%
shares = change.table["points"].sum()
rates = [ehc.timeliness(part, "plans_issued_20wk_inc").iloc[0] for part in (summer, winter)]
exact = [100 * row["numerator"] / row["denominator"] for row in rates]
assert abs(shares - (exact[1] - exact[0])) < 1e-9
quarter = recent[0][recent[0]["period"].isin(["2025-01", "2025-02", "2025-03"])]
assert quarter["numerator"].sum() == rates[1]["numerator"] == 53
for table in monthly.values():
    counted = table[["denominator", "not_due", "left_out"]].sum().sum()
    outside = 0 if table["measure"].iloc[0] == "plans_issued_20wk_inc" else table["unknown"].sum()
    assert counted + outside == len(tracked)  # every case has a place, once
settled = quarters.set_index("period")["percent"]
assert [row["percent"] for row in rates] == [17.7, 11.8]
assert [settled["2024 Q3"], settled["2025 Q1"]] == [16.7, 14.8]
moved = change.table.set_index("component")["cases"]
assert (moved["on_time"], moved["old"]) == (-17, 93)
