"""Rules and exemptions of an authority's own file, at every door, and rules that lack what they need."""

from datetime import date

import pandas as pd
import pytest

from ehcptime import LAW, Case, timeline, track
from ehcptime.clock.counting import day_number, last_day
from ehcptime.errors import CommandError, InputError, RuleError
from ehcptime.tracking.claims import exemption_claims

VERSION = """
from = {first}
length = {{ weeks = 14 }}
count = "after"
bound = "at_most"
cite = "SENAT procedure 3"
url = "https://example.org/procedure"
exempt_by = {by}
mark = "seen"
checked_on = 2026-01-01
"""
OURS = """
[exemptions.OURS]
title = "Ours"
condition = "agreed in writing"
cite = "SENAT procedure 4"
mark = "seen"
"""
TARGET = """
[our_target]
title = "Our target"
duty_on = "authority"
act = "send"
trigger = "the decision to assess"
start = "request_outcome_date"
done = "draft_sent_date"
kind = "local"
{more}
[[our_target.versions]]
"""


def book(tmp_path, text):
    path = tmp_path / "ours.toml"
    path.write_text(text, encoding="utf-8")
    return LAW.extend(path)


def target(tmp_path, more="", by='["ABSENT_4W"]'):
    return book(tmp_path, TARGET.format(more=more) + VERSION.format(first="2020-01-01", by=by))


def cases(**columns):
    frame = pd.DataFrame(
        {"case_id": ["A"], "received_date": ["2025-04-02"], **{k: [v] for k, v in columns.items()}}
    )
    dates = [name for name in frame if name.endswith("_date")]
    return frame.astype(dict.fromkeys(dates, "datetime64[s]"))


def claims(rule, code, **days):
    frame = pd.DataFrame(
        {"case_id": ["A"], "rule": [rule], "code": [code], **{k: [v] for k, v in days.items()}}
    )
    return frame.astype(dict.fromkeys(days, "datetime64[s]"))


def test_an_exemption_of_a_later_version_did_not_lift_a_limit_that_began_before(tmp_path):
    later = "[[plan_final.versions]]" + VERSION.format(first="2026-02-01", by='["OURS"]')
    ours = book(tmp_path, OURS + later)
    for received, says in (
        ("2026-01-31", "OURS did not lift this limit when it began"),
        ("2026-02-01", "was not seen"),
    ):
        frame = cases().assign(received_date=pd.to_datetime([received]))
        found = exemption_claims(frame, claims("plan_final", "OURS"), as_at=date(2026, 9, 1), law=ours)
        assert says in found["why"][0], received
    assert "OURS" not in LAW.exemptions


# 14 May 2025 and 14 weeks are 20 August; 28 days to it begin on 24 July.
@pytest.mark.parametrize(("away", "verdict"), [("2025-07-24", "supported"), ("2025-07-25", "not_supported")])
def test_a_claim_on_a_local_rule_is_judged_by_the_dates_of_the_case(tmp_path, away, verdict):
    frame = cases(request_outcome="Y", request_outcome_date="2025-05-14")
    claim = claims("our_target", "ABSENT_4W", from_date=away, to_date="2025-12-31")
    found = exemption_claims(frame, claim, as_at=date(2026, 1, 1), law=target(tmp_path))
    assert found["verdict"][0] == verdict


def test_a_claim_on_a_rule_whose_dates_are_not_given_cannot_be_told():
    claim = claims("order_assess_final", "EXC_PERSONAL", from_date="2025-07-24")
    found = exemption_claims(cases(), claim, as_at=date(2026, 1, 1))
    assert found[["verdict", "why"]].to_numpy().tolist() == [
        ["cannot_be_told", "the period of the limit cannot be told"]
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("exemptions = 3", "exemptions is not a table of tables"),
        ("[exemptions]\nOURS = 3", "exemptions is not a table of tables"),
        (OURS.replace("title", "titel"), "exemptions, key"),
        ("plan_final = 3", "rule 'plan_final' is not a table: give it versions"),
    ],
)
def test_a_file_that_is_no_book_is_refused_in_one_sentence(tmp_path, text, says):
    with pytest.raises(RuleError) as caught:
        book(tmp_path, text)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_rule_that_depends_on_a_code_that_no_case_can_have_is_refused(tmp_path):
    ours = target(tmp_path, more='only_if = { column = "request_outcome", code = "Q" }')
    frame = cases(request_outcome="Y", request_outcome_date="2025-05-14", draft_sent_date="2025-08-01")
    with pytest.raises(RuleError, match="depends on 'request_outcome' being 'Q', which the cases cannot be"):
        track(frame, as_at=date(2026, 1, 1), rules=["our_target"], law=ours)


@pytest.mark.parametrize(
    ("columns", "needed"),
    [
        ({}, "review_meeting_date"),
        ({"review_meeting_date": "2025-05-01"}, "amended_plan_sent_date"),
        ({"review_meeting_date": "2025-05-01", "amended_plan_sent_date": None}, "amendment_decided_date"),
    ],
)
def test_a_rule_says_which_column_it_cannot_do_without(columns, needed):
    with pytest.raises(InputError, match=f"rule 'review_overall' needs the column '{needed}': add it"):
        track(cases(**columns), as_at=date(2026, 1, 1), rules=["review_overall"])


def test_a_reassessment_is_exempt_where_a_reason_that_the_law_knows_is_claimed():
    frame = cases(reassessment_agreed_date="2025-05-01", reassessment_plan_date=None)
    for code, exempt in (("EXC_PERSONAL", True), ("MISSED_APPT", False)):
        found = track(
            frame, as_at=date(2026, 1, 1), rules=["reassess_final"], exemptions=claims("reassess_final", code)
        )
        assert found["reassess_final_exempt"].tolist() == [exempt]
        assert found["reassess_final_breach"].tolist() == [not exempt]


def test_a_limit_that_needs_a_second_date_is_not_worked_out_without_it():
    with pytest.raises(
        CommandError, match="'move_review' cannot be worked out from 2025-04-02 alone: give `later`"
    ):
        LAW["move_review"].due(date(2025, 4, 2))
    # 12 months that begin with 1 March 2025, the day of the plan, end later than 3 months from the move do.
    assert LAW["move_review"].due(date(2025, 4, 2), later=date(2025, 3, 1)) == date(2026, 2, 28)


def test_a_book_shows_its_edition_and_how_many_rules_it_holds():
    assert repr(LAW) == f"RuleBook(edition {LAW.edition}, {len(LAW)} rules)"


def test_a_rule_that_depends_on_what_no_case_can_be_is_refused(tmp_path):
    ours = target(tmp_path, 'only_if = { column = "colour", code = "red" }')
    frame = cases(request_outcome_date="2025-05-01", draft_sent_date=None).assign(colour="red")
    with pytest.raises(RuleError, match="depends on 'colour' being 'red', which the cases cannot be"):
        track(frame, as_at=date(2025, 6, 1), rules=["our_target"], law=ours)


def test_a_unit_that_is_none_is_refused():
    days = pd.Series([day_number(date(2025, 4, 2))], dtype="int32").to_numpy()
    with pytest.raises(
        CommandError, match="unit 'fortnights' is not one of weeks, days, working_days, months"
    ):
        last_day(days, 2, "fortnights", "after")


def test_a_timeline_of_a_rule_that_it_does_not_have_names_the_nearest():
    with pytest.raises(CommandError, match="this timeline has no rule 'final_plan'"):
        timeline(Case(case_id="A", received_date=date(2025, 4, 2)), as_at=date(2025, 5, 1))["final_plan"]


def test_a_version_picked_by_a_date_that_a_request_does_not_have_is_refused(tmp_path):
    later = "[[plan_final.versions]]" + VERSION.format(first="2026-02-01", by="[]")
    ours = book(tmp_path, later + 'selects_on = "panel_date"\n')
    with pytest.raises(
        RuleError, match="rule 'plan_final' names the date 'panel_date': a limit on a request can use"
    ):
        track(cases(), as_at=date(2026, 9, 1), law=ours)
