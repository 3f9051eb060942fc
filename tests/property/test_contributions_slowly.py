"""Contributions against a slow count of the same askings, one at a time, from the oracle's own judgement of each."""

from collections import Counter
from datetime import date, timedelta

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import ehcptime as ehc
from ehcptime.questions.overdue_advice import LIFTED
from frames import frame
from oracle.advice import track_ask
from oracle.draws import AS_AT
from oracle.reading import word
from oracle.strategies import advice_rows

PARTS = {
    "met": "in_time",
    "met_late": "late",
    "ended_late": "late",
    "overdue": "outstanding",
    "running": "not_due",
    "unknown": "unknown",
    "not_applicable": "not_required",
}
KINDS = {"advice_body": "statutory", "advice_other": "guidance", None: "no limit"}
DUE = ("in_time", "late", "outstanding")


@st.composite
def askings(draw):
    """Some askings, each with its own case or none, and the day to look at them."""
    as_at = draw(AS_AT)
    drawn = draw(st.lists(advice_rows(as_at), min_size=1, max_size=5))
    rows, cases = [], []
    for number, (ask, case) in enumerate(drawn):
        rows.append(ask | {"case_id": f"c{number}", "team": draw(st.sampled_from("xy"))})
        if case is not None:
            cases.append(case | {"case_id": f"c{number}"})
    return rows, cases, as_at


def tracked_by_us(rows, cases, as_at):
    known = None
    if cases:
        known = frame(cases)
        known["case_id"] = [case["case_id"] for case in cases]
    return ehc.track_advice(frame(rows, "advice"), as_at=as_at, cases=known)


def judged_slowly(rows, cases, as_at):
    of = {case["case_id"]: case for case in cases}
    return [row | track_ask(row, as_at=as_at, case=of.get(row["case_id"])) for row in rows]


def outcome(row, as_at):
    returned = row["returned_date"]
    return "" if returned is not None and returned > as_at else word(row["advice_outcome"])


def counts_of(rows, as_at):
    """Columns of `contributions` by definition, for rows of one group."""
    found = Counter({"requested": len(rows)})
    for row in rows:
        part = PARTS[row["status"]]
        due, exempt, given = part in DUE, row["exempt"], outcome(row, as_at)
        found[part] += 1
        found["due"] += due
        found["due_not_exempt"] += due and not exempt
        found["in_time_not_exempt"] += part == "in_time" and not exempt
        found["not_known"] += given == "not_known"
        found["existing_sufficient"] += given == "existing_sufficient"
        found["missed_appointments"] += exempt and row["exemption"] == "MISSED_APPT"
        found["sent_only"] += row["rule"] == "advice_body" and row["start_basis"] == "sent"
    return found


@given(askings())
def test_every_count_is_that_of_one_asking_at_a_time(drawn):
    rows, cases, as_at = drawn
    table = ehc.contributions(tracked_by_us(rows, cases, as_at), by=["team", "advice_type"])
    judged = judged_slowly(rows, cases, as_at)
    groups = {(row["team"], row["advice_type"], row["rule"]) for row in judged}
    assert len(table) == len(groups)
    for line in table.to_dict("records"):
        rule = None if line["rule"] == "no limit" else line["rule"]
        key = (line["team"], line["advice_type"], rule)
        expected = counts_of(
            [row for row in judged if (row["team"], row["advice_type"], row["rule"]) == key], as_at
        )
        names = [
            *set(PARTS.values()),
            "requested",
            "due",
            "due_not_exempt",
            "in_time_not_exempt",
            "not_known",
        ]
        names += ["existing_sufficient", "missed_appointments", "sent_only"]
        assert {name: line[name] for name in names} == {name: expected[name] for name in names}
        assert line["kind"] == KINDS[rule]


@given(askings())
def test_what_came_is_counted_in_the_month_it_came(drawn):
    rows, cases, as_at = drawn
    table = ehc.returned_contributions(tracked_by_us(rows, cases, as_at), by="team", period="M")
    expected = Counter()
    for row in judged_slowly(rows, cases, as_at):
        returned = row["returned_date"]
        dated = returned is not None and returned <= as_at
        if dated or outcome(row, as_at) in ("provided", "not_known", "rejected"):
            month = returned.strftime("%Y-%m") if dated else "unknown"
            how = {"met": "in_time", "met_late": "late", "unknown": "unknown"}.get(row["status"], "no_limit")
            expected[row["team"], KINDS[row["rule"]], month, how] += 1
    found = Counter()
    for line in table.to_dict("records"):
        for how in ("in_time", "late", "unknown", "no_limit"):
            found[line["team"], line["kind"], line["period"], how] += line[f"returned_{how}"]
        assert line["returned"] == sum(
            line[f"returned_{how}"] for how in ("in_time", "late", "unknown", "no_limit")
        )
    assert +found == expected


@given(askings())
def test_what_is_overdue_is_in_the_band_of_its_weeks(drawn):
    rows, cases, as_at = drawn
    table = ehc.overdue_advice(tracked_by_us(rows, cases, as_at), by=None)
    expected, oldest = Counter(), Counter()
    for row in judged_slowly(rows, cases, as_at):
        returned = row["returned_date"]
        answered = outcome(row, as_at) in ("provided", "not_known", "rejected")
        answered |= returned is not None and returned <= as_at
        if row["status"] == "unknown" and not answered:
            expected[row["rule"], "unknown"] += 1
        elif row["status"] == "overdue":
            over = (as_at - row["due"]).days
            bands = ((2, "0-2"), (6, "2-6"), (12, "6-12"), (9999, "12+"))
            band = LIFTED if row["exempt"] else next(name for weeks, name in bands if over <= 7 * weeks)
            expected[row["rule"], band] += 1
            if not row["exempt"]:
                oldest[row["rule"], band] = max(oldest[row["rule"], band], over)
    lines = table.to_dict("records")
    assert +Counter({(line["rule"], line["overdue_band"]): line["outstanding"] for line in lines}) == expected
    given_oldest = {(line["rule"], line["overdue_band"]): line["oldest_days"] for line in lines}
    assert {key: days for key, days in given_oldest.items() if not pd.isna(days)} == dict(oldest)


@given(askings(), st.integers(0, 5))
def test_parts_of_a_table_combine_to_the_whole(drawn, cut):
    rows, cases, as_at = drawn
    tracked = tracked_by_us(rows, cases, as_at)
    parts = {"W": tracked[:cut], "E": tracked[cut:]}
    whole = ehc.contributions(tracked, by=["team", "advice_type"], period="Q")
    tables = {
        name: ehc.contributions(part, by=["team", "advice_type"], period="Q") for name, part in parts.items()
    }
    both = ehc.combine_contributions(tables).table
    keys = ["team", "advice_type", "rule", "period"]
    columns = [
        *keys,
        "requested",
        "due",
        "in_time",
        "percent",
        "percent_not_exempt",
        "unknown",
        "sent_only",
        "kind",
    ]
    pd.testing.assert_frame_equal(
        both.sort_values(keys)[columns].reset_index(drop=True),
        whole.sort_values(keys)[columns].reset_index(drop=True),
        check_dtype=False,
    )


def test_the_edges_of_a_band_are_reached():
    """Guard the test above against never drawing what it is for."""
    as_at = date(2025, 9, 10)
    rows = [
        {"case_id": "c", "advice_type": "health", "requested_date": as_at - timedelta(days=42 + days)}
        | dict.fromkeys(
            ["body_received_date", "returned_date", "advice_outcome", "bound_by_reg_8", "exemption"]
        )
        for days in (14, 15, 42, 43, 84, 85)
    ]
    table = ehc.overdue_advice(tracked_by_us(rows, [], as_at), by=None)
    assert table["outstanding"].tolist() == [1, 2, 2, 1, 0, 0]
