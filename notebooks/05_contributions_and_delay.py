# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Contributions, and where the days went
#
# Advice from health, social care and educational psychology decides how soon a plan can be written. Who answered in time, whose was last, and
# what would it change if one service were faster? The caseload is made up, after the published figures of West Sussex.
#
# **Finding.** Psychology answers one asking in five within six weeks, and in six late cases of ten its advice was the last in. But the largest share
# of the days of delay, 46 in 100, is the authority's own steps: deciding, asking, drafting and finalising. Had every
# psychology advice come in six weeks, only 4 points more of the plans would have been in time. The duty is the authority's, whoever was late.

# %%
from datetime import date

import ehcptime as ehc
from ehcptime.outputs.drawing import DARK_BLUE, ORANGE, Picture, bare, canvas, title

today = date(2025, 3, 31)
extract = ehc.simulate(9_000, as_at=today, seed=1)
tracked = ehc.track(extract.cases, as_at=today, exemptions=extract.exemptions)
advice = ehc.track_advice(extract.advice, as_at=today, cases=tracked)
given = ehc.contributions(advice)
columns = ["advice_type", "kind", "requested", "due", "in_time", "late", "outstanding", "unknown", "percent"]
given[columns]

# %% [markdown]
# What is outstanding counts as not in time, and what cannot be told is neither. Six weeks bind health by statute (regulation 8); for the rest they are
# guidance, so the two are never added together. No limit runs for a family that is asked for its own advice.

# %%
rates = given.set_index("advice_type")["percent"].dropna().astype(float).sort_values()
with canvas(None, size=(9, 4)) as axes:
    names = rates.index.str.replace("_", " ")
    bars = axes.barh(names, rates, color=[ORANGE if rate == rates.min() else DARK_BLUE for rate in rates])
    axes.bar_label(bars, fmt="%.1f per cent", padding=4)
    axes.set_xlim(0, 100)
    axes.set_xticks([])
    finding = f"Advice in time: {names[0]} {rates.min()} per cent, {names[-1]} {rates.max()}"
    title(axes, finding)
    bare(axes)
said = "; ".join(f"{name} {rate} per cent" for name, rate in zip(names[::-1], rates[::-1], strict=True))
Picture(f"{finding}. {said}.", axes)

# %% [markdown]
# ## Was it us, or were you late asking?
#
# The days from the decision to assess to the asking are the authority's; those from the asking to the answer are the service's.

# %%
given[["advice_type", "authority_lag_days", "provider_lag_days"]]

# %% [markdown]
# ## Whose advice was the last in?
#
# What came sooner held nothing up, however late it was.

# %%
last = ehc.last_in(tracked, advice)
last[["service", "asked", "last", "told", "percent"]]

# %% [markdown]
# ## Where the days of delay went
#
# Every day past the 20 weeks is put to one step of one body, by a stated rule: where it began to run over. The rule is a convention,
# and the picture says whose the duty is.

# %%
delay = ehc.delay_caused(tracked, advice=advice)
ehc.plot_delay(delay)

# %% [markdown]
# ## What if psychology had answered within six weeks?
#
# `service_effect` counts the plans twice: as they were, and had every asking been answered by its limit. It moves nothing else, so it is
# the least that could be gained, and it is no forecast.

# %%
faster = ehc.service_effect(tracked, advice, "psychology", weeks=6)
faster

# %%
faster.table[["answered", "numerator", "denominator", "percent"]]

# %% [markdown]
# ## It adds up
#
# Every asking is in one column, and every late day of every case is put to somebody, once.

# %%
places = given[["due", "not_due", "unknown", "not_required"]].sum(axis=1)
assert (places == given["requested"]).all()
assert (given["in_time"] + given["late"] + given["outstanding"] == given["due"]).all()
is_late = tracked["plan_final_status"].isin(["overdue", "met_late", "ended_late"])
assert delay["case_days"].sum() == tracked.loc[is_late, "plan_final_days_over"].sum()
counted = delay[~delay["exempt"]].set_index("service")["case_days"]
assert round(100 * counted["authority"] / counted.sum()) == 46
assert round(last.set_index("service").loc["psychology", "percent"]) == 62
before, after = faster.table["percent"]
assert round(after - before) == 4
