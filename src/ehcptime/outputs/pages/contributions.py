"""Contributions: what was asked of each service, and how much of it came in time."""

import pandas as pd

from ehcptime.outputs.pages.figures import TOTAL
from ehcptime.outputs.pages.parts import Maker, Picture, Section, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.words import brief, number, period_words, share
from ehcptime.outputs.svg import Bar, bars
from ehcptime.questions.contributions import contributions
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.rounding import percent

CONTRIBUTIONS = "contributions"
_COUNTS = ("due", "in_time", "late", "outstanding")
_FIGURES = ("percent", "authority_lag_days", "provider_lag_days")
RULES = {
    "advice_body": "Bodies bound by regulation 8 (6 weeks by law)",
    "advice_other": "Others (6 weeks by guidance)",
}
_HEADINGS = {
    "service": "Advice",
    "due": "Fell due",
    "in_time": "In time",
    "late": "Late",
    "outstanding": "Outstanding",
    "percent": "In time, per cent",
    "authority_lag_days": "Days from decision to asking (median)",
    "provider_lag_days": "Days from asking to answer (median)",
}


def tables(run: Run) -> dict[str, pd.DataFrame]:
    """Askings whose limit fell in the period, by kind of advice, and all of each limit together."""
    found = contributions(run.advice, period=run.preset.period)
    rows = found[found["period"].eq(run.now) & found["rule"].isin(list(RULES))]
    every = (
        rows.groupby("rule", as_index=False)[list(_COUNTS)].sum().assign(advice_type=TOTAL, period=run.now)
    )
    every["percent"] = percent(every["in_time"], every["due"])
    both = pd.concat([rows, every], ignore_index=True).sort_values("rule", kind="stable", ignore_index=True)
    columns = ["rule", "advice_type", "period", *_COUNTS, *_FIGURES]
    return {CONTRIBUTIONS: both[columns].assign(as_at=pd.Timestamp(run.as_at))}


def section(run: Run, published: Tables) -> Section:
    """Bars of what came in time, by kind of advice; bodies bound by law and others are never added together."""
    rows = published[CONTRIBUTIONS]
    when = period_words(run.now)
    if not len(rows):
        none = f"No asking for advice with a limit in {when} is on record, so nothing can be said of contributions."
        return Section("contributions", "Who was asked for advice, and when it came", (none,))
    rows = rows.assign(service=[_service(kind) for kind in rows["advice_type"]])
    pictures = [
        _picture(rows[rows["rule"] == rule], rule, when) for rule in RULES if (rows["rule"] == rule).any()
    ]
    return Section(
        "contributions",
        "Who was asked for advice, and when it came",
        (MEASURES["advice_6wk"].sentence,),
        pictures=tuple(pictures),
    )


def _picture(rows: pd.DataFrame, rule: str, when: str) -> Picture:
    """The kinds of advice of one limit as bars, and all of them together in the sentence."""
    (every,) = rows[rows["advice_type"] == TOTAL].to_dict("records")
    finding = f"{RULES[rule]}: of the advice due in {when}, in time: {share(every, 'in_time', 'due')}."
    drawn = [
        Bar(f"{row['service']}: {brief(row, 'in_time', 'due')}", number(row["percent"]))
        for row in rows[rows["advice_type"] != TOTAL].to_dict("records")
    ]
    name = rule.replace("_", "-")
    title = f"{RULES[rule]}: advice in time, {when}, per cent"
    svg = bars(drawn, name=name, title=title, finding=finding, whole=100)
    return Picture(svg, finding, table_of(rule, f"{RULES[rule]}: advice due in {when}", rows, _HEADINGS))


def _service(kind: str) -> str:
    return "All" if kind == TOTAL else str(kind).replace("_", " ").capitalize()


MAKER = Maker(tables, section)
