# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # What a committee asks next
#
# A figure is on the table. Of whom is it true? Where can the year still end? How final is last month? What will the return say, and where does the number come
# from? The caseload is made up, after the published figures of West Sussex, and two things in it are known because they were planted: plans of girls take four weeks
# longer, and plans are keyed eight days late on average.
#
# **Finding.** Of 16 groups with 100 plans due or more, 7 differ from all cases beyond chance: girls, as planted, and the groups that differ in age. The year cannot end
# above 42 per cent or below 6, and a target of 20 needs 81 more plans on time. About a quarter of September's plans are still to be keyed. Each number
# can be asked for again by a reference of eight letters, which also says which case changed.

# %%
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

import ehcptime as ehc
from ehcptime.outputs.drawing import DARK_BLUE, GREY, ORANGE, Picture, bare, canvas, title

pd.set_option("display.max_colwidth", None)  # show sentences whole
today = date(2025, 9, 30)
extract = ehc.simulate(6_000, as_at=today, seed=1, slower=("sex", "F", 4), defects=False)
tracked = ehc.track(extract.cases, as_at=today, exemptions=extract.exemptions)

# %% [markdown]
# ## Who waits longer?
#
# Each group beside all cases, for the Public Sector Equality Duty: plans that fell due in the last year, and how many were on time. A return holds sex, ethnicity and
# need; age comes from the birth date, which is then forgotten. The line beside each group is where the difference would lie in 95 caseloads of 100. It says who
# waits, and never why.

# %%
view = ehc.equality_view(tracked, due_from=date(2024, 10, 1))
due = view.differences.query("measure == 'plans_due_20wk' and denominator >= 100")
with canvas(None, size=(9, 6)) as axes:
    names = [f"{row.characteristic.replace('_', ' ')}: {row.group}" for row in due.itertuples()]
    for place, row in enumerate(due.itertuples()):
        colour = ORANGE if row.beyond_chance else DARK_BLUE
        axes.plot([row.difference_low, row.difference_high], [place, place], color=colour, linewidth=3)
        axes.plot(row.difference, place, "o", color=colour)
    axes.axvline(0, color=GREY)
    axes.set_yticks(range(len(due)), names)
    axes.invert_yaxis()
    axes.set_xlabel("points above or below all cases, plans on time")
    beyond = due[due["beyond_chance"]]
    finding = f"{len(beyond)} of {len(due)} large groups differ beyond chance"
    title(axes, finding)
    bare(axes)
said = "; ".join(f"{name} {row.difference:+}" for name, row in zip(names, due.itertuples(), strict=True))
Picture(f"Plans due and on time, in points above or below all cases. {finding}. {said}.", axes)

# %% [markdown]
# Girls stand out, as they should: it was planted. So do the under-fives, whom this caseload serves first, as the published figures of the county suggest, and with them
# the needs that the youngest have. A difference by need can be one by age. What the page says of girls:

# %%
print("\n".join(line for line in str(view).splitlines() if line.startswith("Sex, ")))

# %% [markdown]
# For a paper that goes out, small numbers are hidden, and with them what would give them back. Ethnicity is a long list of small groups, and little of it can be printed:

# %%
public = view.with_tables(ehc.for_audience(view.tables, audience="public"))
public.tables["ethnicity_due"][["ethnicity", "numerator", "denominator", "percent"]]

# %% [markdown]
# ## Where can the year still end?
#
# Counting, and no model: plans already issued, and requests in hand that can still be on time or can only be late.

# %%
bounds = ehc.year_bounds(tracked, target=20)
print(bounds["sentence"].iloc[0])

# %% [markdown]
# ## How final is last month?
#
# A plan is keyed some days after it was sent. Extracts of four month ends show how long after, and so what is missing from the newest month.

# %%
cases = extract.cases
sent = cases["assessment_outcome_date"]
days_late = np.random.default_rng(1).geometric(1 / 8, len(cases))
keyed_on = sent + pd.to_timedelta(days_late, unit="D")
runs = [
    ehc.track(cases.assign(assessment_outcome_date=sent.mask(keyed_on > pd.Timestamp(day))), as_at=day)
    for day in (date(2025, 6, 30), date(2025, 7, 31), date(2025, 8, 31), today)
]
lag = ehc.recording_lag(runs)
print(lag["sentence"].iloc[-1])

# %%
missing = (
    sent.between("2025-09-01", "2025-09-30")
    & (keyed_on > pd.Timestamp(today))
    & cases["assessment_outcome"].eq("Y")
)
print(f"In truth {missing.sum()} plans sent in September were not keyed by its end.")

# %% [markdown]
# ## What will the return say?
#
# A rehearsal: each figure that DfE will publish from this return beside last year's, what moved and why, and every query. Two returns, of 2024 and of 2023.

# %%
this_year, last_year = (
    ehc.simulate(1_500, as_at=day, seed=seed)
    for day, seed in ((date(2025, 1, 16), 3), (date(2024, 1, 16), 4))
)
rehearsal = ehc.sen2_rehearsal(this_year, as_at=date(2025, 1, 16), last_year=last_year)
percentages = rehearsal.figures[rehearsal.figures["measure"] != ""]
percentages[["figure", "published", "last_year", "change"]]

# %%
print(rehearsal.why["plans_issued_20wk_inc"])
rehearsal.counts[["severity", "code", "rows"]].head()

# %% [markdown]
# ## Where does this number come from?
#
# Every printed row has a short reference. Kept with the run, it gives the number again from the same input, and says which cases changed when the input has changed. Here
# one plan that was on time turns out to have been sent twenty weeks later.

# %%
asked = {"measure": "plans_due_20wk", "by": ["sex"], "period": "FY"}
tables = {"due": ehc.timeliness(tracked, "plans_due_20wk", by="sex", period="FY")}
shown, kept = ehc.references(extract, tables, {"due": ehc.asked_of("timeliness", asked)}, as_at=today)
row = shown["due"].query("sex == 'F' and period == '2024-25'").iloc[0]
same = ehc.trace(f"{row['ref']}.numerator", kept, extract)
same.figures

# %%
plans = (
    tracked["sex"].eq("F") & tracked["plan_final_status"].eq("met") & sent.between("2024-06-01", "2025-03-31")
)
moved = cases.loc[plans, "case_id"].iloc[0]
later = cases.assign(
    assessment_outcome_date=sent.mask(cases["case_id"] == moved, sent + pd.Timedelta(weeks=20))
)
again = ehc.trace(f"{row['ref']}.numerator", kept, replace(extract, cases=later))
again.figures

# %%
again.changed

# %% [markdown]
# ## It adds up
#
# The groups of each characteristic are all the cases, once; the year so far lies between its bounds; the range of what is not keyed holds the truth; and a
# number that is asked for again is the same number.

# %%
for _, block in view.table.groupby(["characteristic", "measure"]):
    counts = block[["numerator", "denominator", "unknown", "not_due", "left_out"]]
    assert counts.iloc[0].tolist() == counts.iloc[1:].sum().tolist()
girls = due.set_index("group").loc["F"]
assert (len(beyond), len(due)) == (7, 16)
assert girls["beyond_chance"]
assert girls["difference_high"] < 0
(year,) = bounds.itertuples()
assert year.lowest <= year.percent <= year.highest
assert (round(year.lowest), round(year.highest), year.needed) == (6, 42, 81)
newest = lag.iloc[-1]
assert newest["low"] <= missing.sum() <= newest["high"]
assert same.figures["printed"].tolist() == same.figures["again"].tolist()
assert again.changed["id"].tolist() == [moved]
