# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Agreeing with the DfE
#
# Your figure and the published one differ. Which cases make the difference? ehcptime counts as DfE appears to, step by step, and names
# the cases behind each step. The official series ships with it, under the Open Government Licence; the caseload is made up, after West Sussex.
#
# **Finding.** The difference is in the base. By its footnote DfE leaves out plans with mediation or a tribunal on record: West Sussex issued 1,797
# plans in 2024, and 1,495 are in the published timeliness figure (that mediation and tribunals explain all of the 302 is an inference). In the
# made-up caseload the rule takes 240 of 1,820, and a file that was made without it differs by just those.

# %%
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

import ehcptime as ehc
from ehcptime.outputs.drawing import DARK_BLUE, GREY, ORANGE, TEXT_SIZE, Picture, canvas, title

pd.set_option("display.max_colwidth", None)  # show sentences whole
official = ehc.official_timeliness().set_index(["area", "year"])
published = official.loc[("West Sussex", 2024)]
official.loc["West Sussex"].loc[
    2022:, ["plans_inc", "within_20_weeks_inc", "percent_within_20_weeks_inc", "issued"]
]

# %% [markdown]
# `issued` counts assessments that ended in a plan, `plans_inc` the plans in the timeliness figure. The two are not the same number.

# %%
rates = official["percent_within_20_weeks_inc"].dropna().astype(float)
styles = {"England": (DARK_BLUE, "-", "o"), "West Sussex": (ORANGE, "--", "s")}
with canvas(None, size=(10, 5)) as axes:
    for area, (colour, dash, mark) in styles.items():
        line = rates[area].loc[2015:]
        axes.plot(line.index, line, color=colour, linestyle=dash, marker=mark)
        axes.annotate(
            area, (line.index[-1], line.iloc[-1]), xytext=(8, 0), textcoords="offset points",
            va="center", fontsize=TEXT_SIZE, color=GREY, annotation_clip=False,
        )  # fmt: skip
    axes.set_ylim(0, 100)
    axes.set_ylabel("plans issued within 20 weeks, per cent")
    ends = {area: (rates[area].loc[2019], rates[area].iloc[-1]) for area in styles}
    finding = "; ".join(
        f"{area} {start} per cent in 2019, {end} in 2025" for area, (start, end) in ends.items()
    )
    title(axes, finding)
Picture(f"Plans issued within 20 weeks, exceptions included, as published by DfE: {finding}.", axes)

# %% [markdown]
# ## From all cases to the published figure
#
# One step for each reason, in order. `case_ids` lists the cases of any part.

# %%
today = date(2024, 12, 31)
extract = ehc.simulate(9_097, as_at=today, seed=1)
tracked = ehc.track(extract.cases, as_at=today, exemptions=extract.exemptions)
steps = ehc.waterfall(tracked, "plans_issued_20wk_exc", period="Y").table
in_2024 = steps[steps["period"] == "2024"].drop(columns="period")
in_2024

# %%
flagged = ehc.case_ids(tracked, "plans_issued_20wk_exc", part="left_out", reason="mediation or tribunal")
print(f"{len(flagged)} cases, over all years")

# %% [markdown]
# ## In DfE's own columns
#
# `dfe_timeliness` writes the table as DfE's file has it, all text and rounded as DfE rounds, so that it can be laid beside the download.

# %%
ours = ehc.dfe_timeliness(tracked, la_code="938", la_name="West Sussex")
ours.loc[
    ours["time_period"].isin(["2023", "2024"]),
    ["time_period", "plans_issued_den", "plans_issued_within_20_weeks", "pc_plans_issued_within_20_weeks"],
]

# %% [markdown]
# ## When they do not agree
#
# Nothing is fetched: you download `timeliness_20_week.csv` yourself. Here a file stands in for it, written by a system that left nobody out.
# `compare_with_official` says by how much it differs, and tries the other rules that would give the published counts.

# %%
stand_in = ehc.dfe_timeliness(tracked, la_code="938", la_name="West Sussex", flags=())
with TemporaryDirectory() as folder:
    file = Path(folder, "timeliness_20_week.csv")
    stand_in[stand_in["time_period"] != "unknown"].to_csv(file, index=False)
    compared = ehc.compare_with_official(tracked, file, la_code="938")
print(str(compared).splitlines()[-1])

# %% [markdown]
# ## It adds up
#
# The steps run down from one number to the next, and the published counts of West Sussex give the published percentage.

# %%
left = in_2024.set_index("step")
assert left.loc["base", "remaining"] == left.loc["assessments ending in a plan", "remaining"] - 240 == 1_580
row = ehc.timeliness(tracked, "plans_issued_20wk_exc", period="Y").set_index("period").loc["2024"]
assert (row["numerator"], row["denominator"]) == (
    left.loc["on-time plans", "remaining"],
    left.loc["denominator", "remaining"],
)
assert "240 fewer in the base" in str(compared).splitlines()[-1]
assert "240 left out here because of mediation or tribunal" in str(compared).splitlines()[-1]
assert ours.set_index("time_period").loc["2024", "plans_issued_den"] == "1580"
assert round(100 * published["within_20_weeks_inc"] / published["plans_inc"], 1) == 11.4
assert published["issued"] - published["plans_inc"] == 302
