"""The rule book: what it says, and what it refuses to load."""

from datetime import date

import pytest

from ehcptime.errors import CommandError, EhcptimeError, RuleError
from ehcptime.law.book import LAW

GOOD = """
[our_target]
title = "Our own target for the draft"
duty_on = "local authority"
act = "send"
trigger = "receipt of the request"
start = "received_date"
done = "draft_sent_date"
kind = "local"

[[our_target.versions]]
from = 2025-01-01
length = { weeks = 14 }
count = "after"
bound = "at_most"
cite = "SENAT procedure 3"
url = "https://example.org/procedure"
exempt_by = []
mark = "seen"
checked_on = 2026-01-01
"""

# From law.md section 10 by hand: weeks or days, how counted, whose.
TYPED = {
    "request_decision": (6, "weeks", "after", "at_most", "statutory", "reg 5(1)"),
    "advice_body": (6, "weeks", "after", "at_most", "statutory", "reg 8(1)"),
    "advice_other": (6, "weeks", "after", "at_most", "guidance", "9.41"),
    "plan_refusal": (16, "weeks", "after", "at_most", "statutory", "reg 10(1)"),
    "issue_decision": (16, "weeks", "after", "at_most", "guidance", "JSC"),
    "draft_comment": (15, "days", "beginning_with", "at_least", "statutory", "reg 13(1)"),
    "plan_final": (20, "weeks", "after", "at_most", "statutory", "reg 13(2)"),
    "order_assess_notify": (2, "weeks", "after", "at_most", "statutory", "reg 44(2)(b)"),
    "order_assess_no_plan": (10, "weeks", "after", "at_most", "statutory", "reg 44(2)(b)(i)"),
    "order_assess_final": (14, "weeks", "after", "at_most", "statutory", "reg 44(2)(b)(ii)"),
    "order_make_draft": (5, "weeks", "after", "at_most", "statutory", "reg 44(2)(c)(i)"),
    "order_make_final": (11, "weeks", "after", "at_most", "statutory", "reg 44(2)(c)(ii)"),
    "unopposed_assess_final": (14, "weeks", "after", "at_most", "statutory", "reg 45"),
    "unopposed_make_final": (11, "weeks", "after", "at_most", "statutory", "reg 45"),
}
COLUMNS = {
    "request_decision": ("received_date", "request_outcome_date"),
    "advice_body": ("body_received_date", "returned_date"),
    "advice_other": ("requested_date", "returned_date"),
    "plan_refusal": ("received_date", "assessment_outcome_date"),
    "issue_decision": ("received_date", "issue_decision_date"),
    "draft_comment": ("draft_sent_date", "plan_issued_date"),
    "plan_final": ("received_date", "plan_issued_date"),
}


@pytest.mark.parametrize("rule", TYPED)
def test_a_rule_says_what_the_law_says(rule):
    version = LAW[rule].version(date(2025, 4, 2))
    found = (version.length.number, version.length.unit, version.count, version.bound, LAW[rule].kind)
    assert found == TYPED[rule][:5]
    assert TYPED[rule][5] in version.cite


@pytest.mark.parametrize("rule", COLUMNS)
def test_a_rule_names_the_columns_that_it_runs_between(rule):
    assert (LAW[rule].start, LAW[rule].done) == COLUMNS[rule]


def test_the_week_numbers_of_jsc():
    received = date(2025, 4, 2)
    assert LAW["request_decision"].due(received) == date(2025, 5, 14)
    assert LAW["plan_refusal"].due(received) == date(2025, 7, 23)
    assert LAW["plan_final"].due(received) == date(2025, 8, 20)


def test_coronavirus_lifts_a_limit_only_in_its_window():
    days = {
        date(2020, 4, 30): False,
        date(2020, 5, 1): True,
        date(2020, 9, 25): True,
        date(2020, 9, 26): False,
    }
    for day, lifted in days.items():
        assert ("COVID" in LAW["plan_final"].version(day).exempt_by) is lifted


def test_no_version_before_the_regulations():
    assert LAW["plan_final"].version(date(2014, 8, 31)) is None
    with pytest.raises(CommandError, match="no version in force on 2014-08-31"):
        LAW["plan_final"].due(date(2014, 8, 31))


def test_records_are_plain_and_hold_every_rule():
    records = LAW.records()
    assert [record["id"] for record in records] == list(LAW)
    assert all(
        version["cite"] and version["url"] and version["mark"] for r in records for version in r["versions"]
    )


def extend(tmp_path, text):
    path = tmp_path / "ours.toml"
    path.write_text(text, encoding="utf-8")
    return LAW.extend(path)


def test_a_local_rule_is_added_to_a_new_book(tmp_path):
    ours = extend(tmp_path, GOOD)
    assert ours["our_target"].due(date(2025, 4, 2)) == date(2025, 7, 9)
    assert "our_target" not in LAW


def test_a_later_version_takes_over_from_its_date_only(tmp_path):
    text = GOOD[GOOD.index("[[") :].replace("our_target", "plan_final").replace("2025-01-01", "2029-09-01")
    ours = extend(tmp_path, text)
    assert ours["plan_final"].due(date(2029, 8, 31)) == LAW["plan_final"].due(date(2029, 8, 31))
    assert ours["plan_final"].due(date(2029, 9, 1)) == date(2029, 12, 8)
    assert LAW["plan_final"].due(date(2029, 9, 1)) == date(2030, 1, 19)


TWICE = GOOD + GOOD[GOOD.index("[[") :]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace('count = "after"\n', ""), ["our_target", "count"]),
        (GOOD.replace('count = "after"', 'count = "from"'), ["our_target", "count"]),
        (GOOD.replace("bound =", "bounds ="), ["our_target", "bounds"]),
        (GOOD.replace("exempt_by = []", 'exempt_by = ["EP_SHORTAGE"]'), ["our_target", "exempt_by", "EP_SHORTAGE"]),
        (GOOD.replace("{ weeks = 14 }", "{ weeks = 14, days = 1 }"), ["our_target", "length", "exactly one"]),
        (GOOD.replace("{ weeks = 14 }", "{ fortnights = 7 }"), ["our_target", "length", "fortnights"]),
        (GOOD.replace('mark = "seen"\n', ""), ["our_target", "mark"]),
        (GOOD.replace("https://example.org/procedure", "www.example.org"), ["our_target", "url"]),
        (GOOD.replace("checked_on", "to = 2024-12-31\nchecked_on"), ["our_target", "before it begins"]),
        (TWICE, ["our_target", "overlap"]),
        ("our_target = 3", ["our_target", "not a table"]),
        ("[broken", ["ours.toml", "not valid TOML"]),
        ('[plan_final]\ntitle = "Other"', ["plan_final", "title", "only be given new versions"]),
        (GOOD[GOOD.index("[[") :].replace("our_target", "plan_final").replace("2025-01-01", "2020-09-26"), ["plan_final", "overlap"]),
    ],
)  # fmt: skip
def test_a_bad_rule_file_is_refused_in_one_sentence(tmp_path, text, says):
    with pytest.raises(RuleError) as caught:
        extend(tmp_path, text)
    for part in says:
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_rule_file_is_named():
    with pytest.raises(RuleError, match="no_such"):
        LAW.extend("no_such.toml")


def test_an_unknown_rule_lists_the_known_ones():
    with pytest.raises(EhcptimeError, match="request_decision"):
        LAW["final_plan"]


def test_every_route_names_rules_that_exist():
    for route in LAW.routes.values():
        for follows in (route.assess, route.issue):
            assert all(rule in LAW for rule in follows.model_dump(exclude_none=True).values())
