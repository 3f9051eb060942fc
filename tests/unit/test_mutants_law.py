"""Edges of the rule book that changing its code by one showed to be held by no quick test (tools/mutate_code.py)."""

from datetime import date

from ehcptime.law.book import LAW


def test_an_act_that_several_rules_end_on_shows_nothing_of_any_of_them():
    # A plan issued, an outcome of an assessment and an amended plan each end several rules.
    shown = LAW.shows()
    assert not shown & {
        "plan_issued_date",
        "assessment_outcome_date",
        "amended_plan_sent_date",
        "assess_notice_date",
    }
    assert {"appeal_lodged_date", "appeal_response_date", "amendment_notice_date"} <= shown


def test_a_record_names_the_days_of_a_version_as_the_files_do_and_leaves_out_what_is_not_said():
    first, *_, last = next(row for row in LAW.records() if row["id"] == "plan_final")["versions"]
    assert {"from", "to"} <= set(first)
    assert not {"first", "last"} & set(first)
    assert "to" not in last
    assert None not in [*first.values(), *last.values()]


def test_a_route_is_law_unless_it_says_that_it_is_practice():
    practice = {name for name, route in LAW.routes.items() if route.practice}
    assert practice == {"own_change", "conceded"}


def test_versions_that_count_alike_are_one_limit_and_others_are_not():
    # Three versions of the 20 weeks say the same; regulation 45 changed its days once.
    assert len(LAW["plan_final"].versions) == 3
    assert len(LAW.limits(["plan_final"])) == 1
    changed = LAW.limits(["unopposed_assess_notify"])
    assert len(changed) == 2
    assert changed[0].last + 1 == changed[1].first
    assert (changed[0].length, changed[0].unit) != (changed[1].length, changed[1].unit)


def test_a_rule_is_fresh_for_twelve_months_after_it_was_checked():
    # The versions of the 20 weeks were checked on 23 November 2026.
    assert "plan_final" not in LAW.unchecked(date(2027, 11, 23))
    assert "plan_final" in LAW.unchecked(date(2027, 11, 24))


def test_a_second_period_shows_its_start_and_is_needed_only_where_it_is_said():
    seconds = {rule: version.later_of for rule in LAW for version in LAW[rule].versions if version.later_of}
    assert {rule for rule, second in seconds.items() if second.shows_start} == {"appeal_lodge"}
    assert {rule for rule, second in seconds.items() if second.is_needed} == {"move_review"}
