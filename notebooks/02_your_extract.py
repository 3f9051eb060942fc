# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Your extract: what was read, and what check found
#
# Before any figure, two questions: did every row arrive, and which rows are wrong? The extract here is made up, 3,000 requests with the faults
# that real systems have, and is written as the SEN2 blade export that a case management system gives. For your own, put its folder where
# `read_sen2` stands, or give a spreadsheet to `read_extract`.
#
# **Finding.** Every row is accounted for. Of the faults that were planted and can be seen in the data, `check` found all; a few dozen more leave no
# trace, and no tool can find those. About one case in
# sixteen has an error or a query that is more than an undated asking for advice; the published percentage, 20.4, lies between 19.7 and 24.1 whatever the
# bad rows really are.

# %%
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

import ehcptime as ehc
from ehcptime.outputs.drawing import DARK_BLUE, ORANGE, Picture, bare, canvas, title

pd.set_option("display.max_colwidth", None)  # show sentences whole
today = date(2024, 12, 31)
made_up = ehc.simulate(3_000, as_at=today, seed=1)
with TemporaryDirectory() as folder:
    ehc.write_sen2(made_up, Path(folder, "sen2"), as_at=today)
    extract = ehc.read_sen2(Path(folder, "sen2"))
print(f"{len(extract.cases):,} requests and {len(extract.advice):,} askings for advice")

# %% [markdown]
# ## What became of each column
#
# `reading` has a row for each file and column: what it became, how many values it held and how many came out. These are the columns that gave fewer
# than they held: dates in years that cannot be, with the rows to look at, and free text, which is not kept. Everything else came out whole.

# %%
short = extract.reading["rows_out"] < extract.reading["rows_in"]
extract.reading.loc[short, ["file", "column", "rows_in", "rows_out", "note"]]

# %% [markdown]
# ## What check found
#
# An *error* cannot be right: a plan before its own request. A *query* may be right and deserves a look. *Info* is worth knowing. Here are the errors,
# by what is wrong.

# %%
problems = ehc.check(
    extract.cases,
    as_at=today,
    advice=extract.advice,
    exemptions=extract.exemptions,
    closures=extract.closures,
    unread=extract.unread,
)
problems["severity"].value_counts().to_frame("problems")

# %%
errors = problems[problems["severity"] == "error"]["code"].value_counts().sort_values()
with canvas(None, size=(10, 4.5)) as axes:
    colours = [ORANGE if count == errors.max() else DARK_BLUE for count in errors]
    bars = axes.barh(errors.index.str.replace("_", " "), errors, color=colours)
    axes.bar_label(bars, padding=4)
    axes.set_xticks([])
    finding = f"{errors.sum()} errors; the commonest: {errors.idxmax().replace('_', ' ')}"
    title(axes, finding)
    bare(axes)
said = "; ".join(f"{code.replace('_', ' ')} {count}" for code, count in errors[::-1].items())
Picture(f"{finding}. {said}.", axes)

# %% [markdown]
# Each problem names the case, the column and what to do, so that the list can go to whoever keeps the records.

# %%
problems.loc[problems["severity"] == "error", ["case_id", "column", "message"]].head(5)

# %% [markdown]
# ## Would it find yours? The answer key
#
# The simulator says which faults it planted. Some cannot be seen by anyone: a day and a month that were swapped into another plausible date, or
# a first plan that an amended one overwrote without a trace.

# %%
planted = made_up.planted.assign(reported=made_up.planted["case_id"].isin(problems["case_id"]))
key = planted.groupby(["detectable", "defect"])["reported"].agg(planted="size", reported="sum").reset_index()
key

# %% [markdown]
# ## How much does it matter?
#
# `effect` gives the figure, and the lowest and highest that it could be if the flagged rows were anything at all. No model stands behind it.

# %%
tracked = ehc.track(extract.cases, as_at=today, exemptions=extract.exemptions)
moved = ehc.effect(problems, tracked, "plans_issued_20wk_inc")
moved

# %% [markdown]
# ## Every row has a place
#
# The last table ties what was read to what was counted. In each step the rows of an item add up to what the step before gave.

# %%
steps = ehc.reconciliation(extract, tracked, "plans_issued_20wk_inc")
steps.loc[
    steps["step"].isin(["made", "tracked", "measure"]), ["step", "item", "went_to", "reason", "rows", "of"]
]

# %%
sums = steps.groupby(["step", "item"]).agg(rows=("rows", "sum"), of=("of", "first"))
assert (sums["rows"] == sums["of"]).all()
assert len(extract.cases) == len(made_up.cases) == len(tracked) == 3_000
assert planted.loc[planted["detectable"], "reported"].all()
assert (~planted["detectable"]).sum() < 60
worth_a_look = problems["severity"].ne("info") & problems["code"].ne("advice_not_dated")
assert round(3_000 / problems.loc[worth_a_look, "case_id"].nunique()) == 16
assert str(moved).startswith("20.4 per cent, between 19.7 and 24.1")
