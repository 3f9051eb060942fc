# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # One case: how late was each step, and by which law?
#
# In *R (JSC) v Cambridgeshire* [2026] EWHC 68 (Admin) a request for an EHC needs assessment was received on 2 April 2025. The
# authority agreed to assess on 29 May and decided on 21 October not to issue a plan.
#
# **Finding.** The decision to assess came 15 days late, and the decision not to issue a plan 12 weeks and 6 days late, as the court said.
# From 21 August to 20 October a final plan was overdue too; the refusal then ended that duty, and did not make the lateness good.

# %%
from datetime import date

import pandas as pd

import ehcptime as ehc

pd.set_option("display.max_colwidth", None)  # show sentences whole
case = ehc.Case(
    case_id="JSC",
    received_date=date(2025, 4, 2),
    request_outcome="Y",
    request_outcome_date=date(2025, 5, 29),
    assessment_outcome="N",
    assessment_outcome_date=date(2025, 10, 21),
)
found = ehc.timeline(case, as_at=date(2025, 11, 1))
found

# %% [markdown]
# Each limit explains itself: what starts it, how it is counted, the sum, what it came to, and how far the text of the law was verified.

# %%
print(found.explain("plan_refusal"))

# %% [markdown]
# ## The day before the refusal
#
# The final plan was due on 20 August 2025. From 21 October a decision not to issue one stands, so from that day the limit does not
# apply: it was missed while it ran. `as_at` shows the position on any day.

# %%
days = (date(2025, 8, 20), date(2025, 8, 21), date(2025, 10, 20), date(2025, 10, 21))
pd.DataFrame(
    {
        "as at": days,
        "final plan": [ehc.timeline(case, as_at=day)["plan_final"].outcome() for day in days],
    }
)

# %% [markdown]
# And as a picture, on the day before the refusal. No advice is in the record, so whose time the long stretch was cannot be told, and the
# picture says so.

# %%
dates = {name: "datetime64[s]" for name in ehc.Case.model_fields if name.endswith("_date")}
alone = ehc.track(pd.DataFrame([dict(case)]).astype(dates), as_at=date(2025, 10, 20))
ehc.plot_case(alone, "JSC")

# %% [markdown]
# ## Refused, then reversed: authorities conflict
#
# In Ombudsman 25 007 473 (Essex) the authority refused, and on 21 February 2025 changed its own mind. The High Court's reading in
# *W v Hertfordshire* keeps the original 20 weeks, which ended on 5 May; the Ombudsman counts 14 weeks from the change of mind, to 30 May.
# Both dates are shown and the earlier is in force.

# %%
essex = ehc.Case(
    case_id="25 007 473",
    received_date=date(2024, 12, 16),
    request_outcome="N",
    request_outcome_date=date(2025, 1, 27),
    reversal_of="assess",
    reversal_route="own_change",
    reversal_date=date(2025, 2, 21),
)
shown = ehc.timeline(essex, as_at=date(2025, 6, 30))
print(shown.explain("plan_final"))

# %% [markdown]
# ## The same answers from a frame
#
# A frame of a million cases goes through the same judgement. Here are these two, and the check that both ways agree.

# %%
tracked = ehc.track(pd.DataFrame([dict(case), dict(essex)]).astype(dates), as_at=date(2025, 6, 30))
tracked[["case_id", "plan_final_due", "plan_final_due_other", "plan_final_status", "stage"]]

# %%
for place, one in enumerate((case, essex)):
    alone = ehc.timeline(one, as_at=date(2025, 6, 30))
    for rule in ("request_decision", "plan_refusal", "issue_decision", "plan_final", "draft_comment"):
        assert tracked[f"{rule}_status"].iloc[place] == alone[rule].status
assert found["request_decision"].days_over == 15
assert found["plan_refusal"].days_over == 12 * 7 + 6
assert shown["plan_final"].due == date(2025, 5, 5)
assert len(tracked) == 2
