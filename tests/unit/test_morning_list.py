"""The morning list: order, top block, what is left off, and what is never on it."""

import pandas as pd
import pytest

from ehcptime.errors import CommandError
from ehcptime.questions.morning_list import morning_list
from questions_frames import after, cases, issued

R = "2025-01-06"  # 20 weeks: 26 May 2025
AS_AT = "2025-05-20"


def drafting(case_id, received=R, **more):
    return {
        "case_id": case_id,
        "received_date": received,
        "request_outcome": "Y",
        "request_outcome_date": after(received, 20),
        "issue_decision_date": after(received, 100),
        "caseworker": "W1",
    } | more


def ids(frame):
    return frame["case_id"].tolist()


def test_limits_that_can_be_met_come_first_by_the_day_to_act_then_the_longest_overdue():
    rows = [
        drafting("overdue", after(R, -30)),
        drafting("older", after(R, -60)),
        drafting("sent", draft_sent_date="2025-05-01"),
        drafting("sooner", after(R, -3), draft_sent_date="2025-05-01"),
        drafting("lifted", after(R, -90), week20=1),
        drafting("too_late"),
    ]
    found = morning_list(cases(rows, AS_AT))
    assert ids(found.lists["W1"]) == ["sooner", "sent", "too_late", "older", "overdue", "lifted"]
    assert len(found.top) == 0


def test_orders_and_cases_over_a_year_stand_on_top_whoever_holds_them_and_are_not_repeated():
    order = {
        "request_outcome": "N",
        "request_outcome_date": after(R, 20),
        "reversal_of": "assess",
        "reversal_route": "tribunal_order",
        "reversal_date": "2025-05-10",  # final plan 14 weeks later: far outside the 28 days
        "issue_decision_date": None,
    }
    rows = [
        drafting("year", after(R, -250), caseworker="W2"),
        drafting("order") | order,
        drafting("near", draft_sent_date="2025-05-01"),
    ]
    found = morning_list(cases(rows, AS_AT))
    assert set(ids(found.top)) == {"year", "order"}
    assert "3 on a list (1 of them due later, for a court or tribunal, a year or a flag)" in found.heading
    assert {name: ids(rows) for name, rows in found.lists.items()} == {"W1": ["near"]}
    flags = dict(zip(found.top["case_id"], found.top["flags"], strict=True))
    assert flags == {"year": "open for over 52 weeks", "order": "court, tribunal or mediation"}


def test_what_a_shortened_list_leaves_off_is_said():
    rows = [drafting(f"c{n}", draft_sent_date="2025-05-01") for n in range(25)]
    found = morning_list(cases(rows, AS_AT), rows=20)
    assert (len(found.lists["W1"]), found.left_off["W1"]) == (20, 5)
    assert "W1: 20 cases, 5 more left off." in str(found)
    assert str(found).startswith("25 open cases, 25 on a list; the rest have no limit in the next 28 days.")


def test_a_flag_of_the_user_puts_a_case_forward_even_where_no_limit_is_near():
    rows = [
        drafting("near", draft_sent_date="2025-05-01"),
        drafting("flagged", "2025-05-10", issue_decision_date=None, placement_breaking_down=1),
        drafting("far", "2025-05-10", issue_decision_date=None),
    ]
    found = morning_list(cases(rows, AS_AT), priority=["placement_breaking_down"])
    assert ids(found.lists["W1"]) == ["flagged", "near"]
    assert found.lists["W1"]["flags"].tolist() == ["placement breaking down", ""]


@pytest.mark.parametrize(
    ("contact", "flag"),
    [
        ("2025-04-22", "no contact recorded for 4 weeks"),
        ("2025-04-23", ""),
        (None, "no contact recorded for 4 weeks"),
        ("2025-06-01", "no contact recorded for 4 weeks"),  # after as_at: had not happened
    ],
)
def test_no_contact_for_four_weeks(contact, flag):
    row = drafting("a", draft_sent_date="2025-05-01", last_contact_date=contact)
    assert morning_list(cases([row], AS_AT), no_contact_weeks=4).lists["W1"]["flags"].tolist() == [flag]


def test_contact_that_is_not_recorded_is_said_and_puts_no_one_forward():
    rows = [
        drafting("a", draft_sent_date="2025-05-01"),
        drafting("far", "2025-05-10", issue_decision_date=None),
    ]
    found = morning_list(cases(rows, AS_AT), no_contact_weeks=4).lists["W1"]
    assert found["flags"].tolist() == ["contact not recorded"]


def test_closed_cases_never_appear_and_a_case_with_no_caseworker_is_on_a_list():
    rows = [issued(R, 100), drafting("b", draft_sent_date="2025-05-01", caseworker=None)]
    found = morning_list(cases(rows, AS_AT))
    assert {name: ids(rows) for name, rows in found.lists.items()} == {"not recorded": ["b"]}


def test_lists_are_sorted_by_name_and_never_by_how_much_is_late():
    rows = [drafting(f"c{n}", after(R, -n), caseworker=who) for n, who in enumerate(["Z", "B", "A", "B"])]
    assert list(morning_list(cases(rows, AS_AT)).lists) == ["A", "B", "Z"]


def test_by_another_column_and_with_nothing_to_list():
    rows = [drafting("a", draft_sent_date="2025-05-01", area="coast")]
    assert list(morning_list(cases(rows, AS_AT), by="area").lists) == ["coast"]
    empty = morning_list(cases([issued(R, 100)], AS_AT))
    assert not empty.lists
    assert "0 open cases" in str(empty)
    assert empty._repr_html_().startswith("<p>0 open cases")


def test_what_cannot_be_used():
    tracked = cases([drafting("a")], AS_AT)
    for wrong in ({"rows": 0}, {"by": "office"}, {"priority": ["urgent"]}, {"days": -1}):
        with pytest.raises(CommandError):
            morning_list(tracked, **wrong)


def test_nothing_is_changed():
    tracked = cases([drafting("a", draft_sent_date="2025-05-01")], AS_AT)
    kept = tracked.copy()
    morning_list(tracked, no_contact_weeks=2)
    pd.testing.assert_frame_equal(tracked, kept)


@pytest.mark.parametrize(
    ("as_at", "counts"),
    [
        # Due on 26 May, so a draft must be served by 11 May to leave the family its 15 days.
        ("2025-05-11", (2, 1, 2, 0)),
        ("2025-05-12", (2, 1, 1, 1)),
        ("2025-05-26", (2, 1, 1, 1)),
        ("2025-05-27", (0, 0, 0, 0)),  # overdue: nothing of it can be saved
        ("2025-04-27", (0, 0, 0, 0)),  # 29 days before
        ("2025-04-28", (2, 0, 2, 0)),  # the draft of 1 May is not out yet
    ],
)
def test_what_can_be_saved_of_the_plans_that_fall_due(as_at, counts):
    rows = [
        drafting("sent", draft_sent_date="2025-05-01"),
        drafting("not_sent"),
        drafting("lifted", week20=1),
    ]
    due, out, safe, early = counts
    assert morning_list(cases(rows, as_at)).coming == (
        f"Final plans due in the next 28 days: {due}, with a draft out for {out}. By the days left alone, whatever has "
        f"still to be decided or asked for: {safe} with the family's 15 days kept if the draft is out by its last safe day, {early} only if the family answers early."
    )


def test_one_frame_holds_every_row_of_every_list_under_its_name():
    rows = [
        drafting("near"),
        drafting("other", caseworker="W2"),
        drafting("year", after(R, -250), caseworker="W2"),
        drafting("left_off", after(R, -3)),
    ]
    found = morning_list(cases(rows, AS_AT), rows=1)
    assert found.frame()[["list", "case_id"]].to_numpy().tolist() == [
        ["top", "year"],
        ["W1", found.lists["W1"]["case_id"].iloc[0]],
        ["W2", "other"],
    ]
    assert found.left_off == {"W1": 1, "W2": 0}
    assert len(morning_list(cases(rows, AS_AT).head(0)).frame()) == 0
