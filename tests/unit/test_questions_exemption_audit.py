"""The exemption audit: counts worked by hand, England's published counts, and groups with nothing in them."""

import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.exemption_audit import COLUMNS, ENGLAND, exemption_audit
from ehcptime.questions.opened import exemption_case_ids
from ehcptime.questions.timeliness import timeliness
from questions_frames import after, cases, issued

R = "2025-01-06"
AS_AT = "2025-12-31"


def claims(*rows):
    """Claims from (case, rule, code, from_date, to_date)."""
    frame = pd.DataFrame(rows, columns=["case_id", "rule", "code", "from_date", "to_date"])
    for column in ("from_date", "to_date"):
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
    return frame


def audit(tracked, **options):
    return exemption_audit(tracked, **options).set_index("line")


def count(found, line):
    return tuple(found.loc[line, ["count", "of", "percent"]])


def test_situation_5_of_the_user_research():
    """100 plans: 20 exceptions (8 on time), 80 others (40 on time)."""
    rows = [issued(R, 100, week20=1)] * 8 + [issued(R, 200, week20=1)] * 12
    rows += [issued(R, 100)] * 40 + [issued(R, 200, week20=0)] * 40
    found = audit(cases(rows, AS_AT))
    assert count(found, "exceptions") == (20, 100, 20.0)
    assert count(found, "exceptions_on_time") == (8, 20, 40.0)
    assert count(found, "exceptions_late") == (12, 20, 60.0)
    assert count(found, "headline_as_recorded") == (40, 80, 50.0)
    assert count(found, "headline_none_accepted") == (48, 100, 48.0)
    for line in ("no_reason", "claim_not_recorded", "supported", "headline_supported_only"):
        assert found.loc[line, ["count", "of", "percent"]].isna().all()
        assert found.loc[line, "note"].startswith("cannot be computed, because ")


def test_england_is_as_published():
    """2024: 90,392 plans, 84,866 without exceptions, 41,448 and 39,407 within 20 weeks: 45.9 and 46.4 per cent."""
    assert ENGLAND.percents() == {"exceptions": 6.1, "exceptions_on_time": 36.9}
    assert (ENGLAND.on_time_inc, ENGLAND.plans_inc, ENGLAND.on_time_exc, ENGLAND.plans_exc) == (
        41_448,
        90_392,
        39_407,
        84_866,
    )
    found = audit(cases([issued(R, 100)], AS_AT))
    assert found["england"].dropna().to_dict() == {"exceptions": 6.1, "exceptions_on_time": 36.9}


def test_only_the_plans_of_the_timeliness_count_are_in_it():
    rows = [
        issued(R, 100, week20=1),
        issued(R, 100, week20=1, request_tribunal=1),
        issued(R, 100, week20=1) | {"received_date": None},
        {"received_date": R, "week20": 1},
        issued(R, 100, week20=1, closed_date=after(R, 9), closed_reason="duplicate"),
    ]
    found = audit(cases(rows, AS_AT))
    assert count(found, "exceptions") == (2, 2, 100.0)
    assert count(found, "exceptions_unknown") == (1, 2, 50.0)


CLAIMED = [
    issued(R, 200, week20=1),  # away for more than 4 weeks: its dates support it
    issued(R, 200, week20=1),  # away for less: they do not
    issued(R, 100, week20=1),  # a shortage of psychologists is no exemption, and it was on time
    issued(R, 200, week20=1),  # a claim without a code
    issued(R, 200, week20=1),  # no claim
    issued(R, 200),  # a claim and no flag
    issued(R, 100),
]
CLAIMS = claims(
    ("c0", "plan_final", "ABSENT_4W", after(R, 50), after(R, 90)),
    ("c1", "plan_final", "ABSENT_4W", after(R, 50), after(R, 60)),
    ("c2", "plan_final", "EP_SHORTAGE", None, None),
    ("c3", "plan_final", None, None, None),
    ("c3", "issue_decision", "ABSENT_4W", after(R, 50), after(R, 90)),
    ("c5", "plan_final", "absent_4w", after(R, 50), after(R, 90)),
)


def test_reasons_and_what_their_dates_show():
    tracked = cases(CLAIMED, AS_AT, exemptions=CLAIMS)
    found = audit(tracked, exemptions=CLAIMS)
    assert count(found, "exceptions") == (5, 7, 71.4)
    assert count(found, "exceptions_on_time") == (1, 5, 20.0)
    assert count(found, "no_reason") == (2, 5, 40.0)
    assert count(found, "claim_not_recorded") == (1, 7, 14.3)
    assert [count(found, line)[0] for line in ("supported", "not_supported", "cannot_be_told")] == [1, 2, 2]
    assert count(found, "headline_as_recorded") == (1, 2, 50.0)
    assert count(found, "headline_none_accepted") == (2, 7, 28.6)
    assert count(found, "headline_supported_only") == (2, 6, 33.3)
    assert found.loc["headline_supported_only", "note"] == "1 left out as exceptions"
    ids = {line: exemption_case_ids(tracked, line, exemptions=CLAIMS) for line in ("no_reason", "supported")}
    assert ids == {"no_reason": ["c3", "c4"], "supported": ["c0"]}
    assert exemption_case_ids(tracked, "headline_supported_only", whole=True) == [
        "c1",
        "c2",
        "c3",
        "c4",
        "c5",
        "c6",
    ]


def test_where_every_plan_is_an_exception_there_is_no_headline():
    """Dorset and the City of London in 2024."""
    rows = [
        issued(R, 100, week20=1, la_code="a"),
        issued(R, 200, week20=1, la_code="a"),
        issued(R, 100, la_code="b"),
    ]
    found = exemption_audit(cases(rows, AS_AT), by="la_code").set_index(["la_code", "line"])
    alone = found.loc[("a", "headline_as_recorded")]
    assert (alone["count"], alone["of"]) == (0, 0)
    assert pd.isna(alone["percent"])
    assert alone["note"] == (
        "no percentage, because there are no plans that are not exceptions; 2 left out as exceptions"
    )
    assert found.loc[("a", "headline_none_accepted"), "percent"] == 50.0
    assert found.loc[("b", "headline_as_recorded"), "percent"] == 100.0
    assert found.loc[("b", "exceptions"), "percent"] == 0.0
    assert found.loc[("b", "exceptions_on_time"), "note"] == "no percentage, because there are no exceptions"


@pytest.mark.parametrize("by", [None, "team"])
def test_headlines_are_those_of_timeliness(by):
    rows = [
        issued(R, days, week20=flag, team=team)
        for days in (139, 140, 141)
        for flag in (0, 1)
        for team in "ab"
    ]
    tracked = cases([*rows, issued(R, 100, team="b")], AS_AT)
    found = exemption_audit(tracked, by=by)
    for line, measure in (
        ("headline_as_recorded", "plans_issued_20wk_exc"),
        ("headline_none_accepted", "plans_issued_20wk_inc"),
    ):
        mine, theirs = found[found["line"].eq(line)], timeliness(tracked, measure, by=by)
        assert mine["count"].tolist() == theirs["numerator"].tolist()
        assert mine["of"].tolist() == theirs["denominator"].tolist()
        assert mine["percent"].tolist() == theirs["percent"].tolist()


def test_no_rows_give_no_percentages():
    empty = cases([issued(R, 100, team="a")], AS_AT).iloc[:0]
    found = exemption_audit(empty)
    assert list(found.columns) == list(COLUMNS)
    assert found["percent"].isna().all()
    assert len(exemption_audit(empty, by="team")) == 0


def test_mistakes_are_named():
    tracked = cases([issued(R, 100)], AS_AT)
    with pytest.raises(InputError, match="have no column 'rule'"):
        exemption_audit(tracked, exemptions=pd.DataFrame({"case_id": ["c0"]}))
    with pytest.raises(CommandError, match="there is no line 'exception'"):
        exemption_case_ids(tracked, "exception")
