"""The edition of the rule book, and how a figure comes to carry it."""

import hashlib
import json
from datetime import date

import pandas as pd
import pytest

from ehcptime.law.book import LAW, RuleBook
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.timeliness import timeliness
from ehcptime.tracking.made_with import convention_of, rule_book_of
from ehcptime.tracking.track import track
from questions_frames import advice, cases, issued, table

MEASURE = "plans_issued_20wk_exc"


def extended(tmp_path, text, name="ours.toml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return LAW.extend(path)


def local(weeks, title="Ours"):
    return f"""
        [ours]
        title = "{title}"
        duty_on = "local authority"
        act = "send"
        trigger = "a request"
        start = "request"
        done = "letter"
        kind = "local"
        [[ours.versions]]
        from = 2014-09-01
        length = {{ weeks = {weeks} }}
        count = "after"
        bound = "at_most"
        cite = "our standard"
        url = "https://example.org"
        mark = "seen"
        checked_on = 2026-11-23
        selects_on = "start"
        exempt_by = []
    """


def test_the_edition_is_the_day_last_checked_and_eight_digits_of_the_content():
    def plain(rows):
        return {n: r.model_dump(mode="json", by_alias=True, exclude_none=True) for n, r in rows.items()}

    days = [version["checked_on"] for rule in LAW.records() for version in rule["versions"]]
    content = [LAW.records(), plain(LAW.exemptions), plain(LAW.routes)]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    assert LAW.edition == f"{max(days)}.{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def test_any_change_of_a_rule_changes_the_edition_and_the_name_of_its_file_does_not(tmp_path):
    first, again = (extended(tmp_path, local(3), name).edition for name in ("a.toml", "b.toml"))
    assert first == again
    others = [
        extended(tmp_path, local(4)).edition,
        extended(tmp_path, local(3, "Other")).edition,
        LAW.edition,
    ]
    assert len({first, *others}) == 4


@pytest.mark.parametrize("what", ["exemptions", "routes"])
def test_what_decides_figures_beside_the_rules_is_in_it_too(what):
    parts = {"rules": dict(LAW), "exemptions": dict(LAW.exemptions), "routes": dict(LAW.routes)}
    assert RuleBook(**parts).edition == LAW.edition
    name, row = next(iter(parts[what].items()))
    parts[what][name] = row.model_copy(update={"cite": "elsewhere"})
    assert RuleBook(**parts).edition != LAW.edition


def test_tracked_frames_carry_it_through_filters_and_say_when_it_was_lost():
    tracked = cases([issued("2025-01-06", 100), issued("2025-01-06", 200)], "2025-12-31")
    filtered = tracked[tracked["is_open"].eq(False)].sort_values("case_id").reset_index(drop=True)
    assert (rule_book_of(filtered), convention_of(filtered)) == (LAW.edition, "receipt_excluded")
    lost = pd.DataFrame({name: tracked[name] for name in tracked})
    assert timeliness(filtered, MEASURE)["rule_book"].tolist() == [LAW.edition]
    assert timeliness(lost, MEASURE)["rule_book"].tolist() == ["not recorded"]
    asked = advice([{"case_id": "c", "advice_type": "health", "requested_date": "2025-01-06"}], "2025-12-31")
    assert (rule_book_of(asked), convention_of(asked)) == (LAW.edition, "not recorded")


def test_the_attributes_of_the_user_are_not_touched(tmp_path):
    frame = table([issued("2025-01-06", 100, case_id="c")])
    frame.attrs["mine"] = 1
    book = extended(tmp_path, local(3))
    assert rule_book_of(track(frame, as_at=date(2025, 12, 31), law=book)) == book.edition
    assert frame.attrs == {"mine": 1}


def test_a_result_says_what_it_is_and_what_was_left_out():
    rows = [
        issued("2025-01-06", 100),
        *[issued("2025-01-06", 100, other_tribunal=1)] * 3,
        issued("2025-01-06", 150, week20=1),
        {"received_date": "2026-03-01"},
    ]
    found = timeliness(cases(rows, "2025-12-31"), MEASURE)
    assert found[["measure", "cohort", "as_at", "rule_book"]].to_numpy().tolist() == [
        [MEASURE, "issued", pd.Timestamp("2025-12-31"), LAW.edition]
    ]
    why = found["why_left_out"].iloc[0].split("; ")
    assert why[0] == "3 mediation or tribunal"
    assert set(why[1:]) == {"1 an exception is recorded", "1 not received by then"}
    definition = found.attrs["ehcptime"]["definition"]
    assert definition["title"] == MEASURES[MEASURE].title
    assert {"population", "numerator", "denominator", "cite", "sentence", "id", "cohort"} <= set(definition)


def test_nothing_left_out_says_nothing_and_counts_in_words_add_up_by_group():
    rows = [
        issued("2025-01-06", 100, team=team, request_tribunal=flag)
        for team, flag in zip("aab", (0, 1, 1), strict=True)
    ]
    found = timeliness(cases(rows, "2025-12-31"), MEASURE, by="team", period="Y")
    assert found[["left_out", "why_left_out"]].to_numpy().tolist() == [
        [1, "1 mediation or tribunal"],
        [1, "1 mediation or tribunal"],
    ]
    alone = timeliness(cases(rows[:1], "2025-12-31"), MEASURE)
    assert alone["why_left_out"].tolist() == [""]
    assert timeliness(cases(rows[:1], "2025-12-31").iloc[:0], MEASURE)["why_left_out"].tolist() == [""]
