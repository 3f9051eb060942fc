"""Every worked example of the law, through both doors, and proof that no rule goes without one."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from ehcptime.law.book import LAW
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.records.columns import COLUMNS
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.timeline import timeline
from ehcptime.tracking.track import track
from frames import plain

EXAMPLES = tomllib.loads(Path(__file__).with_name("examples.toml").read_text(encoding="utf-8"))["example"]
ADVICE = ("advice_body", "advice_other")
# A timeline shows these limits under the name of another rule: the same days, in fewer lines.
SHOWN_AS = {"assess_refusal_notice": "request_decision", "practice_final": "plan_after_reversal"}
# A timeline shows no_plan_after_reversal in its place, which is met by a refusal alone and not by a decision either way.
ONLY_IN_A_FRAME = ("practice_no_plan",)


def expected(example):
    return {name: example.get(name) for name in ("due", "status", "days_over")}


def one_row(facts):
    row = pd.DataFrame([{"case_id": "A", **facts}])
    dates = {name: "datetime64[s]" for name in facts if name.endswith("_date")}
    return row.astype(dates)


def in_a_frame(example):
    rule, facts, as_at = example["rule"], dict(example["facts"]), example["as_at"]
    if rule in ADVICE:
        found = track_advice(one_row({"requested_date": None, **facts}), as_at=as_at)
        return {name: plain(found[name].iloc[0]) for name in ("due", "status", "days_over")}
    for name in ("received_date", LAW[rule].start, LAW[rule].done):
        facts.setdefault(name, None)
    found = track(one_row(facts), as_at=as_at, rules=[rule])
    return {name: plain(found[f"{rule}_{name}"].iloc[0]) for name in ("due", "status", "days_over")}


def alone(example):
    rule, facts, as_at = example["rule"], example["facts"], example["as_at"]
    if rule in ADVICE:
        asked = [AdviceRequest(**{"case_id": "A", "requested_date": None, **facts})]
        return timeline(Case(case_id="A", received_date=None), as_at=as_at, advice=asked)[rule]
    own = {name: value for name, value in facts.items() if name in COLUMNS["cases"]}
    others = {name: value for name, value in facts.items() if name not in own}
    case = Case(**{"case_id": "A", "received_date": None, **own}, other_dates=others)
    return timeline(case, as_at=as_at, rules=[rule])[SHOWN_AS.get(rule, rule)]


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda example: f"{example['rule']}: {example['because'][:40]}"
)
def test_a_worked_example_comes_out_of_both_doors(example):
    assert in_a_frame(example) == expected(example)
    if example["rule"] in ONLY_IN_A_FRAME:
        return
    deadline = alone(example)
    assert {name: getattr(deadline, name) for name in ("due", "status", "days_over")} == expected(example)
    assert LAW[deadline.rule].title in deadline.explain()


def test_every_rule_has_an_example():
    assert set(LAW) == {example["rule"] for example in EXAMPLES}


def test_every_rule_is_tried_on_time_and_late_where_it_can_be():
    statuses = {rule: {e["status"] for e in EXAMPLES if e["rule"] == rule} for rule in LAW}
    gates = {
        rule
        for rule in LAW
        if LAW[rule].versions[-1].bound == "at_least" and LAW[rule].versions[-1].count != "before"
    }
    for rule, found in statuses.items():
        assert "met" in found, rule
        assert found & ({"too_soon"} if rule in gates else {"met_late", "overdue", "ended_late"}), rule
