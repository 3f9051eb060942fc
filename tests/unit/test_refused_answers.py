"""Answers that cannot be given, or that would say what may not be said: each is refused in one sentence that says what to do."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ehcptime as ehc
from ehcptime.errors import CommandError, InputError
from ehcptime.questions.official_file import Published, read_published
from ehcptime.testing import strategies as drawn
from questions_frames import advice, cases, issued

AS_AT = "2025-12-31"
ON_TIME = issued("2025-01-06", 140)
ASKED = {"case_id": "c0", "requested_date": "2025-02-10", "returned_date": "2025-03-24"}


def of_two_rules():
    rows = [
        ASKED | {"advice_type": "health", "body_received_date": "2025-02-10"},
        ASKED | {"advice_type": "education"},
    ]
    return advice(rows, AS_AT)


def test_the_cases_behind_a_change_that_cannot_be_told_are_not_listed():
    change = ehc.explain_change(
        cases([ON_TIME], AS_AT), cases([ON_TIME], "2025-11-30"), "plans_issued_20wk_inc"
    )
    assert change.table.empty
    with pytest.raises(
        InputError, match="cannot be listed, because the first frame was tracked at a later day"
    ):
        change.cases("speed")


@pytest.mark.parametrize("source", [pd.DataFrame({"file": ["a.csv"]}), object()])
def test_rows_are_reconciled_with_what_a_reader_returned_alone(source):
    with pytest.raises(InputError, match="the source must be an Extract, or the reading of one"):
        ehc.reconciliation(source, cases([ON_TIME], AS_AT))


def test_bodies_bound_by_regulation_8_and_others_stand_in_no_one_waterfall():
    both = of_two_rules()
    with pytest.raises(InputError, match="'advice_6wk' never adds bodies bound by regulation 8 to others"):
        ehc.waterfall(both, "advice_6wk")
    one = ehc.waterfall(both[both["rule"] == "advice_body"], "advice_6wk")
    assert str(one).endswith("= 100.0 per cent")


def test_askings_are_not_restated():
    with pytest.raises(CommandError, match="'advice_6wk' counts askings, which have no id"):
        ehc.restatement(of_two_rules(), of_two_rules(), "advice_6wk", period="M")


def test_a_delay_of_two_groups_is_not_drawn_as_one():
    delay = pd.DataFrame(
        {"service": ["health", "health"], "case_days": [3, 4], "cases": 1, "exempt": False, "period": "all"}
    ).assign(as_at=pd.Timestamp(AS_AT))
    with pytest.raises(
        InputError, match="the table has a service several times: draw one period and one group"
    ):
        ehc.plot_delay(delay)
    with pytest.raises(InputError, match="there is no delay to draw"):
        ehc.plot_delay(delay.assign(case_days=0))


@pytest.mark.parametrize(("column", "cell"), [("due", "many"), ("percent", "half"), ("as_at", "yesterday")])
def test_a_file_of_contributions_holds_what_was_written_or_is_refused(tmp_path, column, cell):
    row = {"advice_type": "health", "period": "2025", "due": "3", "percent": "100", "as_at": "2025-07-31"} | {
        column: cell
    }
    (tmp_path / "ws.csv").write_text(f"{','.join(row)}\n{','.join(row.values())}\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=rf"ws\.csv, column '{column}' holds something else than it was written with"
    ):
        ehc.read_contributions(tmp_path / "ws.csv")


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (pd.DataFrame([[7, 9]], columns=["open", "open"]), "columns whose names are text and differ"),
        (pd.DataFrame([[7, 9]], columns=["open", 1]), "columns whose names are text and differ"),
        (pd.DataFrame({"team": ["a"], "plans": ["1,204"]}), "'plans' of table 't' holds numbers as text"),
        (pd.DataFrame({"day": [140], "at_risk": [7], "events": [1]}), "is a curve by days"),
        (
            pd.DataFrame({"step": ["a"], "removed": [1], "remaining": [7]}),
            "is a waterfall, whose steps give back",
        ),
    ],
)
def test_what_cannot_be_published_is_refused(frame, says):
    with pytest.raises(InputError, match=says):
        ehc.suppress({"t": frame})


@pytest.mark.parametrize(
    "options", [{"mode": "hide"}, {"threshold": 1}, {"threshold": 5.0}, {"threshold": True}]
)
def test_a_way_of_hiding_that_there_is_not_is_refused(options):
    with pytest.raises(CommandError, match=f"{next(iter(options))} must be"):
        ehc.suppress({"t": pd.DataFrame({"team": ["a"], "open": [7]})}, **options)


def test_no_caseload_is_made_up_of_years_before_the_series():
    # Six full years after 1 September 2014 are 2015 to 2020.
    with pytest.raises(
        CommandError, match="as_at 2020-12-30 is too early to simulate: give 2020-12-31 or later"
    ):
        ehc.simulate(10, as_at=date(2020, 12, 30), seed=1)
    assert len(ehc.simulate(10, as_at=date(2020, 12, 31), seed=1).cases)


@pytest.mark.parametrize("kind", [drawn.lawful_cases, drawn.late_cases, drawn.reversed_cases])
@settings(max_examples=1)
@given(data=st.data())
def test_no_case_is_drawn_before_the_regulations(kind, data):
    with pytest.raises(
        CommandError, match="as_at 2014-08-31 is before the Regulations: use a day from 2014-09-01"
    ):
        data.draw(kind(date(2014, 8, 31)))


def test_a_published_file_with_one_name_twice_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("time_period,TIME_PERIOD\n2024,2024\n")
    with pytest.raises(InputError, match=r"a\.csv has two columns of one name: download the file again"):
        read_published(tmp_path / "a.csv")


def test_a_published_figure_that_is_no_number_names_its_line():
    rows = pd.DataFrame({"plans": ["1,204", "x", " Z ", "12o"]}, index=[2, 3, 4, 5])
    held = Published("a.csv", rows, ("plans",))
    assert held.numbers(rows[:3], "plans").tolist()[0] == 1204
    assert held.numbers(rows[:3], "plans").isna().tolist() == [False, True, True]
    with pytest.raises(
        InputError, match=r"a\.csv, line 5, column 'plans' holds neither a number nor a marker"
    ):
        held.numbers(rows, "plans")
