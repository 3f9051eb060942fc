"""Every answer of the conformance pack, beside the slow oracle that was written from the law alone, and proof of what the pack holds."""

import json
import tomllib
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from ehcptime.law.book import LAW
from ehcptime.testing.pack_files import conformance_pack, conformance_schema
from oracle import statute
from oracle.advice import track_ask
from oracle.bank_holidays import ENGLAND
from oracle.book import BOOK
from oracle.cases import RULES, track_case
from oracle.names import SAME

TOP = Path(__file__).parents[2]

FILE = TOP / "src" / "ehcptime" / "testing" / "pack" / "pack.json"
HELD = json.loads(FILE.read_text(encoding="utf-8"))
VECTORS = HELD["vectors"]
ADVICE = ("advice_body", "advice_other")
AFTER = ("notify_after_reversal", "no_plan_after_reversal", "plan_after_reversal")
GUIDANCE = {"issue_decision", "advice_other", "consult_reply", "practice_no_plan", "practice_final"}
OF_THE_FAMILY = {"mediation_contact", "appeal_lodge"}
LATE = {"overdue", "met_late", "ended_late"}
FOUR = {"SCHOOL_CLOSED", "EY_CLOSED", "EXC_PERSONAL", "ABSENT_4W"}
AFTER_AN_ORDER = {"EXC_PERSONAL", "ABSENT_2W", "AS_13_3"}
# Which reasons may lift which limit, from law.md section 3 and the table of section 10.
LIFTED_BY = {
    **dict.fromkeys(["request_decision", "plan_refusal", "plan_final", "reassess_final"], FOUR),
    "detained_final": {"SCHOOL_CLOSED", "EY_CLOSED", "EXC_PERSONAL"},
    "advice_body": {"EXC_CIRC_BODY", "ABSENT_4W_BODY", "MISSED_APPT"},
}
# Limits on an act that nobody must choose: they apply once it is done.
CHOICES = {
    *("assess_refusal_notice", "detained_refusal_notice", "amend_no_change_notice", "no_plan_after_reversal"),
    *("order_assess_no_plan", "unopposed_assess_no_plan", "move_cb_request", "cb_change_request"),
    *("mediation_tell_cb", "mediation_cb_tells_la", "mediation_other"),
}


def day(text):
    return None if text is None else date.fromisoformat(text)


def dated(facts):
    return {name: day(value) if name.endswith("_date") else value for name, value in facts.items()}


def looks(vectors):
    return [pytest.param(one, id=one["id"]) for one in vectors]


def claimed(vector):
    return {claim["code"] for claim in vector.get("exemptions", ())}


@cache
def covid_reaches(rule):
    return any("COVID" in version.exempt_by for version in LAW[rule].versions)


def is_lifted(vector):
    """Whether a claimed reason may lift the limit: by its list, or coronavirus where the limit ran in its time."""
    rule, codes, due = vector["rule"], claimed(vector), day(vector["expected"]["due"])
    start = day(vector["case"].get("received_date" if rule in RULES else LAW[rule].start))
    if rule == "plan_final" and vector["case"].get("week20"):
        return True
    if "COVID" in codes and covid_reaches(rule) and start is not None:
        return start <= date(2020, 9, 25) and due >= date(2020, 5, 1)
    orders = rule.startswith(("order_", "unopposed_")) or rule in AFTER
    return bool(codes & LIFTED_BY.get(rule, AFTER_AN_ORDER if orders else set()))


def told(vector):
    """What the oracle of one rule makes of a vector: start, done and later by its own names."""
    rule, facts = vector["rule"], dated(vector["case"])
    version = LAW[rule].versions[-1]
    later = None if version.later_of is None else facts.get(version.later_of.start)
    dates = {"start": facts.get(LAW[rule].start), "done": facts.get(LAW[rule].done), "later": later}
    if rule == "move_review":
        dates["start"], dates["later"] = dates["later"], dates["start"]
    return dates


def of_a_case(vector):
    row = {
        "case_id": "1",
        **dict.fromkeys(["request_outcome", "assessment_outcome", "reversal_of", "reversal_route"]),
    }
    row |= dict.fromkeys(["received_date", "responsible_date", "moved_in_date", "request_outcome_date"])
    row |= dict.fromkeys(
        ["assessment_outcome_date", "issue_decision_date", "draft_sent_date", "plan_issued_date"]
    )
    row |= dict.fromkeys(["closed_date", "closed_reason", "reversal_date", "exported", "week20"])
    return row | dated(vector["case"])


def expected_of(vector):
    found = dict(vector["expected"])
    return {name: found[name] for name in ("due", "status", "days_over")}


def plain(due, status, days_over):
    return {"due": None if due is None else due.isoformat(), "status": status, "days_over": days_over}


CORE = [one for one in VECTORS if one["rule"] in RULES and "plan_final_override_date" not in one["case"]]
ASKED = [one for one in VECTORS if one["rule"] in ADVICE]
OTHERS = [one for one in VECTORS if one["rule"] not in (*RULES, *ADVICE)]


def test_core_limits_are_what_the_oracle_says():
    for vector in CORE:
        rule = vector["rule"]
        found = track_case(
            of_a_case(vector),
            as_at=day(vector["as_at"]),
            convention=vector.get("convention", "receipt_excluded"),
        )
        answer = plain(found[f"{rule}_due"], found[f"{rule}_status"], found[f"{rule}_days_over"])
        assert answer == expected_of(vector), vector["id"]
        if rule == "plan_final":
            other = found["plan_final_due_other"]
            assert vector["expected"].get("other_due") == (None if other is None else other.isoformat())
    assert len(CORE) > 400


def test_askings_are_what_the_oracle_says():
    for vector in ASKED:
        case = of_a_case(vector) if vector["case"] else None
        row = dict.fromkeys(
            [
                "requested_date",
                "body_received_date",
                "returned_date",
                "advice_outcome",
                "bound_by_reg_8",
                "exemption",
            ]
        )
        found = track_ask(row | dated(vector["advice"]), as_at=day(vector["as_at"]), case=case)
        assert plain(found["due"], found["status"], found["days_over"]) == expected_of(vector), vector["id"]
        assert (found["exempt"], found["breach"]) == (
            vector["expected"]["exempt"],
            vector["expected"]["breach"],
        ), vector["id"]
    assert len(ASKED) > 60


# What the oracle of one rule is not told of, worked by hand.
# 28 days from 1 September 2014 end on the 29th, from 22 March 2015 on 19 April: regulation 45 as made gave 4 weeks.
AS_MADE = {("2014-09-01", "2014-09-29"): "met", ("2014-09-01", "2014-09-30"): "met_late"}
AS_MADE |= {("2015-03-22", "2015-04-19"): "met", ("2015-03-22", "2015-04-20"): "met_late"}
AS_MADE |= {("2015-03-20", "2015-04-17"): "met"}
# A review without a transfer that follows the plan: 12 months beginning with 13 February 2014 end on 12 February 2015.
REVIEWS = {
    "from-2014-08-31/no-limit": (None, "unknown", None),
    "from-2014-09-01/done-a-day-later": ("2015-02-12", "met_late", 1),
    "from-2014-09-01/done-on-the-last-day": ("2015-02-12", "met", 0),
    "from-2025-05-21/done-before-the-start": ("2025-11-01", "unknown", None),
    "worked/88": (None, "unknown", None),
}


def test_every_other_limit_is_what_the_oracle_says():
    untold = Counter()
    for vector in OTHERS:
        why = untold_of(vector)
        untold[why] += 1
        answer = worked_by_hand(vector, why) if why else told_by_the_oracle(vector)
        assert answer == expected_of(vector), vector["id"]
    del untold[""]
    assert untold == {"regulation 45 as made": 20, "a review with no transfer to follow": 5, "no request": 6}


def worked_by_hand(vector, why):
    name = vector["id"].removeprefix(f"{vector['rule']}/").removeprefix("boundary/")
    if why == "a review with no transfer to follow":
        found = REVIEWS[name]
    elif (
        why == "no request"
    ):  # six months beginning with 21 May 2025; a row proves a request, whose day is not recorded
        status = "not_applicable" if name.endswith("not-begun") else "unknown"
        found = (None if "2014" in name else "2025-11-20", status, None)
    else:
        found = as_made(vector)
    return dict(zip(("due", "status", "days_over"), found, strict=True))


def as_made(vector):
    start, done = (vector["case"].get(name) for name in (LAW[vector["rule"]].start, LAW[vector["rule"]].done))
    if vector["rule"] in {"unopposed_amend", "unopposed_assess_notify"} and start >= "2014-09-01":
        status = AS_MADE[start, done]
        due = {day for (first, day), late in AS_MADE.items() if first == start and late == "met"}.pop()
        return due, status, 0 if status == "met" else 1
    # The numbers that the other paragraphs held before 23 March 2015 were not seen; a limit on a refusal alone needs one.
    return None, "not_applicable" if vector["rule"] in CHOICES else "unknown", None


def told_by_the_oracle(vector):
    rule, dates, as_at = vector["rule"], told(vector), day(vector["as_at"])
    theirs = SAME.get(rule, rule)
    if rule == "plan_after_reversal" and vector["case"].get("reversal_of") == "issue":
        theirs = "order_make_final"
    seen = {**dates, "later": None if dates["later"] is None or dates["later"] > as_at else dates["later"]}
    due = statute.due(theirs, dates if rule == "move_review" else seen, holidays=ENGLAND)
    if rule in AFTER and dates["start"] > as_at:
        due = None  # the reversal is not known yet, and nor is its limit
    ended = day(vector["case"].get("closed_date"))
    judged = statute.status(theirs, dates, as_at=as_at, holidays=ENGLAND, ended=ended)
    if rule in CHOICES and (dates["done"] is None or dates["done"] > as_at):
        judged = ("not_applicable", None)
    return plain(due, *judged)


def untold_of(vector):
    """Name what the oracle of one rule is not told of."""
    rule, dates = vector["rule"], told(vector)
    if rule.startswith("unopposed") and dates["start"] < date(2015, 3, 23):
        return "regulation 45 as made"
    if rule == "assess_six_month_gate" and dates["done"] is None:
        return "no request"
    if rule == "move_review":
        both = [dates["start"], dates["later"]]
        if None in both or min(both) < date(2014, 9, 1) or (dates["done"] or date.max) < max(both):
            return "a review with no transfer to follow"
    return ""


def test_exempt_and_breach_follow_from_the_claims_and_the_authority():
    for vector in (one for one in VECTORS if one["rule"] not in ADVICE):
        found = vector["expected"]
        assert found["exempt"] == is_lifted(vector), vector["id"]
        late = found["status"] in LATE and not found["exempt"]
        statutory = vector["rule"] not in GUIDANCE | OF_THE_FAMILY and vector["authority"] == "statutory"
        assert found["breach"] == (late and statutory), vector["id"]


def test_the_examples_worked_by_hand_are_in_it_with_the_answers_worked_by_hand():
    path = TOP / "tests" / "spec" / "examples.toml"
    examples = tomllib.loads(path.read_text(encoding="utf-8"))["example"]
    worked = {int(one["id"].split("/")[-1]): one for one in VECTORS if one["group"] == "worked"}
    assert len(worked) == len(examples)
    for number, example in enumerate(examples, start=1):
        due = example.get("due")
        hand = plain(due, example["status"], example.get("days_over"))
        assert expected_of(worked[number]) == hand, worked[number]["id"]


def test_a_time_agreed_in_writing_replaces_the_limit():
    agreed = {
        one["id"].split("/")[-1]: one["expected"] for one in VECTORS if "agreed-in-writing" in one["id"]
    }
    assert {side: (found["due"], found["status"]) for side, found in agreed.items()} == {
        "done-on-the-last-day": ("2025-05-30", "met"),
        "done-a-day-later": ("2025-05-30", "met_late"),
        "last-day-not-done": ("2025-05-30", "running"),
        "day-after-not-done": ("2025-05-30", "overdue"),
    }


def test_what_was_published_is_in_it_and_a_disagreement_is_marked():
    published = {one["id"].split("/")[-1]: one for one in VECTORS if one["group"] == "decision"}
    assert len(published) == 15
    same = {name for name, one in published.items() if one["expected"]["due"] == one["published_due"]}
    assert set(published) - same == {"lgo-23013824-16"}
    marked = {name: one["conflict"] for name, one in published.items() if "conflict" in one}
    assert marked == {
        "lgo-23013824-16": "the published day differs",
        "lgo-25007473-10": "authorities conflict",
        "lgo-25007473-14": "authorities conflict",
    }
    assert published["jsc-16"]["expected"] == {
        "due": "2025-07-23", "status": "met_late", "days_over": 90, "exempt": False, "breach": False
    }  # fmt: skip


def test_every_rule_is_asked_about_on_both_sides_of_its_last_day():
    assert set(HELD["rules"]) == set(LAW) == {one["rule"] for one in VECTORS}
    for rule in LAW:
        found = [one["expected"] for one in VECTORS if one["rule"] == rule]
        floor = (
            {"too_soon", "met"} if BOOK.get(SAME.get(rule, rule)) and is_floor(rule) else {"met", "met_late"}
        )
        assert floor <= {one["status"] for one in found}, rule
        # One act or look on the last day, and one a day past it.
        assert {0, 1} <= {one["days_over"] for one in found}, rule


def is_floor(rule):
    return BOOK[SAME.get(rule, rule)].is_minimum


def test_every_route_and_every_reason_that_lifts_a_limit_is_in_it():
    routes = {one["case"].get("reversal_route") for one in VECTORS}
    assert routes >= set(LAW.routes)
    codes = {code for one in VECTORS for code in claimed(one)} | {
        one.get("advice", {}).get("exemption") for one in VECTORS
    }
    assert codes >= set(LAW.exemptions)
    both = [one for one in VECTORS if "other_due" in one["expected"]]
    assert len(both) >= 10
    assert all(one["conflict"] == "authorities conflict" for one in both)


def test_the_pack_is_valid_by_its_schema_and_the_schema_refuses_what_is_not():
    schema = conformance_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid(HELD)
    for spoilt in (
        {**HELD, "format": 2},
        {**HELD, "vectors": []},
        {**HELD, "vectors": [{**VECTORS[0], "as_at": "1 May 2025"}]},
        {**HELD, "vectors": [{**VECTORS[0], "mark": "certain"}]},
        {**HELD, "vectors": [{**VECTORS[0], "surprise": 1}]},
    ):
        assert not validator.is_valid(spoilt)


def test_the_schema_tells_a_runner_what_a_question_and_an_answer_look_like():
    parts = conformance_schema()["$defs"]
    question, answer = (
        jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": parts})
        for name in ("question", "answer")
    )
    for one in conformance_pack().vectors[::40]:
        assert question.is_valid(one.question)
        assert answer.is_valid({"id": one.id, **one.expected})
    assert answer.is_valid({"id": "a", "not_covered": True})
    assert answer.is_valid({"id": "a", "due": None, "status": "unknown"})
    for wrong in (
        {"id": "a"},
        {"id": "a", "due": None},
        {"id": "a", "due": "1 May", "status": "met"},
        {"due": None, "status": "met"},
    ):
        assert not answer.is_valid(wrong)
    assert not question.is_valid({"id": "a", "rule": "plan_final", "case": {}})


def test_ids_are_unique_and_the_file_is_small():
    assert len({one["id"] for one in VECTORS}) == len(VECTORS) == len(conformance_pack().vectors)
    assert FILE.stat().st_size < 1_500_000
