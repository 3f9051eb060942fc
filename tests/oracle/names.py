"""Rules of the book that the oracle lists under the name of another: the same days, by another regulation."""

# What follows an order to assess is listed under the names of what follows a reversal.
SAME = {
    "order_assess_notify": "notify_after_reversal",
    "order_assess_no_plan": "no_plan_after_reversal",
    "order_assess_final": "plan_after_reversal",
    "mediation_arrange_health": "mediation_arrange",
    "unopposed_continue": "order_continue",
    "unopposed_continue_amend": "unopposed_amend",
}
