# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # The law over time
#
# A limit is only right for its day. The rule book keeps each rule with the text that was in force, from when to when, its citation and how far
# the text was verified. What has changed since September 2014, and what would another limit have done?
#
# **Finding.** The numbers have hardly moved: of 76 rules two changed their length, both in 2015, and six, sixteen and twenty weeks are what they were at
# the start. What moved is what lifts a limit. From 1 May to 25 September 2020 coronavirus could, in 47 rules at once (for most of them that is not verified), and then no more. In a made-up
# caseload a limit of 24 weeks would put more plans on time, and the children would have waited just as long.

# %%
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

import ehcptime as ehc
from ehcptime.outputs.drawing import DARK_BLUE, ORANGE, Picture, canvas, title

rows = [
    {
        "rule": rule.id,
        "from": text.first,
        "to": text.last,
        "length": str(text.length),
        "cite": text.cite,
        "mark": text.mark,
    }
    for rule in ehc.LAW.values()
    for text in rule.versions
]
versions = pd.DataFrame(rows)
versions[versions["rule"] == "plan_final"]

# %% [markdown]
# Three texts of one rule, and the same 20 weeks in each. `mark` says whether the text itself was read (`seen`), or a source that quotes it.

# %%
lengths = versions.groupby("rule")["length"].agg(lambda texts: " then ".join(dict.fromkeys(texts)))
changed = lengths[lengths.str.contains(" then ")]
changed.to_frame("length")

# %% [markdown]
# ## When the texts changed
#
# `LAW.changes` compares any two days. Here it is asked for each day on which some text began.

# %%
starts = sorted(day for day in versions["from"].unique() if day > date(2014, 9, 1))
counts = {day: len(ehc.LAW.changes(day - timedelta(days=1), day)) for day in starts}
with canvas(None, size=(10, 4.5)) as axes:
    names = [f"{day.day} {day:%B %Y}" for day in counts]
    most = max(counts.values())
    bars = axes.bar(
        names, counts.values(), color=[ORANGE if many == most else DARK_BLUE for many in counts.values()]
    )
    axes.bar_label(bars, padding=3)
    axes.margins(y=0.12)
    axes.set_ylabel("rules whose text changed")
    finding = f"Coronavirus came into {most} rules on 1 May 2020, and out of them on 26 September"
    title(axes, finding)
said = "; ".join(f"{name} {many}" for name, many in zip(names, counts.values(), strict=True))
Picture(f"{finding}. Rules whose text changed: {said}.", axes)

# %%
before, after = ehc.LAW.changes(date(2020, 4, 30), date(2020, 5, 1))["plan_final"]
set(after.exempt_by) - set(before.exempt_by)

# %% [markdown]
# The official annex names a few of these regulations. For the rest, that coronavirus reached them is not verified, and the note of each text says so.

# %%
summer = {
    rule: text for rule, text in ehc.LAW.in_force(date(2020, 6, 1)).items() if "COVID" in text.exempt_by
}
unsure = [
    rule
    for rule, text in summer.items()
    if "coronavirus exception reached this limit is not verified" in text.note
]
print(f"{len(unsure)} of {len(summer)} rules")

# %% [markdown]
# ## The same request in three summers
#
# No date moves: the limit is 20 weeks in each year. Only what can lift it differs.

# %%
summers = [date(year, 6, 1) for year in (2019, 2020, 2021)]
pd.DataFrame(
    {
        "received": summers,
        "final plan due": [ehc.LAW["plan_final"].due(day) for day in summers],
        "coronavirus can lift it": [
            "COVID" in ehc.LAW.in_force(day)["plan_final"].exempt_by for day in summers
        ],
    }
)

# %% [markdown]
# ## What if the limit were 24 weeks?
#
# An invented change, to show how one is tried: a text file with one dated row. The rule book that ships stays as it is. `law_effect` counts a caseload under both; it
# leaves every date as it was, so it shows what the change would have made of them and not how anyone would have acted.

# %%
change = """
[[plan_final.versions]]
from = 2021-01-01
length = { weeks = 24 }
count = "after"
bound = "at_most"
cite = "an invented example: there is no such law"
url = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/13"
exempt_by = ["SCHOOL_CLOSED", "EY_CLOSED", "EXC_PERSONAL", "ABSENT_4W"]
mark = "memory"
checked_on = 2025-03-31
"""
with TemporaryDirectory() as folder:
    Path(folder, "invented.toml").write_text(change, encoding="utf-8")
    invented = ehc.LAW.extend(Path(folder, "invented.toml"))

today = date(2025, 3, 31)
extract = ehc.simulate(9_000, as_at=today, seed=1)
both = ehc.law_effect(extract.cases, invented, as_at=today)
both[["law", "numerator", "denominator", "unknown", "not_due", "left_out", "percent"]]

# %% [markdown]
# ## It adds up
#
# The texts of each rule follow one another without gap or overlap, both counts place every case once, and the book that ships was not touched.

# %%
for _, texts in versions.groupby("rule"):
    ends, begins = texts["to"].iloc[:-1], texts["from"].iloc[1:]
    assert all(end + timedelta(days=1) == begin for end, begin in zip(ends, begins, strict=True))
assert (both[["denominator", "unknown", "not_due", "left_out"]].sum(axis=1) == len(extract.cases)).all()
assert both["percent"].iloc[1] > both["percent"].iloc[0]
assert ehc.LAW["plan_final"].due(date(2025, 1, 6)) == date(2025, 5, 26)
assert invented["plan_final"].due(date(2025, 1, 6)) == date(2025, 6, 23)
assert (len(ehc.LAW), len(changed), most, len(summer)) == (76, 2, 47, 47)
assert len(unsure) > len(summer) / 2
