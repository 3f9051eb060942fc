"""Values of a caseload in the shapes in which they come: categories, Python dates, yes and no, and companions of a return."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from ehcptime import Case, Extract, check, events, timeline, track
from ehcptime.errors import CommandError, InputError
from ehcptime.records.date_forms import take_apart
from ehcptime.records.guesses import column_of
from ehcptime.records.local import read_companion
from ehcptime.records.notes import Notes
from ehcptime.tracking.claims import exemption_claims

AS_AT = date(2025, 10, 1)


def cases(**columns):
    return pd.DataFrame(
        {"case_id": ["A", "B", "C"], "received_date": pd.to_datetime(["2025-04-02"] * 3), **columns}
    )


@pytest.mark.parametrize("categories", [["Y", "N"], ["N", "Y"], ["Y", "N", "A", "W", "H"]])
def test_categories_read_as_the_texts_that_they_stand_for(categories):
    texts = pd.Series(["Y", None, "N"])
    given = {"request_outcome_date": pd.to_datetime(["2025-05-14"] * 3).where(texts.notna())}
    plain = track(cases(request_outcome=texts, **given), as_at=AS_AT)
    read = track(cases(request_outcome=texts.astype(pd.CategoricalDtype(categories)), **given), as_at=AS_AT)
    assert read["stage"].tolist() == ["assessing", "deciding", "closed"]
    pd.testing.assert_frame_equal(read.drop(columns="request_outcome"), plain.drop(columns="request_outcome"))


@pytest.mark.parametrize("categories", [["assess", "issue"], ["issue", "assess"]])
def test_categories_in_the_order_of_the_contract_or_another_read_alike(categories):
    refused = cases(
        request_outcome=["N"] * 3,
        request_outcome_date=pd.to_datetime(["2025-05-14"] * 3),
        reversal_of=pd.Series(["assess", "issue", None]).astype(pd.CategoricalDtype(categories)),
    )
    # Reversed on an unknown day; a reversal of another refusal, and none, leave it standing.
    assert track(refused, as_at=AS_AT)["stage"].tolist() == ["assessing", "closed", "closed"]


def test_a_python_datetime_with_a_time_zone_is_refused_with_its_row():
    days = pd.Series([date(2025, 4, 2), datetime(2025, 4, 2, 9, tzinfo=UTC), None], dtype=object)
    with pytest.raises(
        InputError, match="'received_date', row 1: a date with a time zone; drop the time zone first"
    ):
        track(cases().assign(received_date=days), as_at=AS_AT)


def test_true_and_false_are_yes_and_no():
    found = check(cases(week20=[True, False, True], rya=[1, "no", "perhaps"]), as_at=AS_AT)
    (odd,) = found[found["column"] == "rya"].to_dict("records")
    assert odd["case_id"] == "C"
    assert found.loc[found["code"] == odd["code"], "column"].tolist() == ["rya"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("02/04/2025 12:30 am", 1800),
        ("02/04/2025 12:30 pm", 45000),
        ("02/04/2025 1:30 pm", 48600),
        ("02/04/2025 11:30 am", 41400),
    ],
)
def test_a_time_of_twelve_hours_is_read(text, seconds):
    assert take_apart(text).seconds == seconds


@pytest.mark.parametrize("text", ["02/04/2025 13:00 pm", "02/04/2025 0:30 am"])
def test_a_time_of_twelve_hours_that_is_none_is_no_date(text):
    assert take_apart(text).why == "no such time"


def test_a_column_of_many_numbers_is_no_column_of_texts():
    assert column_of(0, "Pupils", pd.Series([str(number) for number in range(100, 140)])).kind == "numbers"


def test_a_reversal_that_says_neither_what_nor_how_is_an_event_of_its_own():
    with_day = cases(
        request_outcome=["N"] * 3, request_outcome_date=pd.to_datetime(["2025-05-14"] * 3)
    ).assign(reversal_date=pd.to_datetime(["2025-07-01", None, None]))
    found = events(with_day)
    assert (found["date"] == pd.Timestamp("2025-07-01")).sum() == 1
    assert found.loc[found["date"] == pd.Timestamp("2025-07-01"), "event"].str.contains("revers").all()


def test_an_extract_shows_how_many_rows_it_holds_and_no_cell():
    shown = repr(Extract(cases(), extracted_on=date(2025, 9, 30)))
    assert shown.startswith("Extract(cases 3, advice 0, ")
    assert shown.endswith("extracted_on 2025-09-30)")


def test_a_companion_keeps_what_has_a_heading_and_is_not_personal(tmp_path):
    (tmp_path / "cases_local.csv").write_text("case_id,team,,Child Name\n1,North,x,Sunny Beam\n")
    notes = Notes()
    kept = read_companion(tmp_path / "cases_local.csv", "cases", notes, required=("case_id",))
    assert kept.to_dict("records") == [{"case_id": "1", "team": "North"}]
    said = notes.frame().set_index("column")["note"]
    assert said[""].tolist()[-1] == "has no heading"
    assert said["Child Name"] == "personal, not kept"


@pytest.mark.parametrize(
    ("headings", "match"),
    [
        ("case_id,team", "has no column rule or code"),
        ("case_id,rule,code,code", "has the column code more than once"),
    ],
)
def test_a_companion_without_its_headings_or_with_one_twice_is_refused(tmp_path, headings, match):
    (tmp_path / "exemptions.csv").write_text(f"{headings}\n")
    with pytest.raises(InputError, match=rf"exemptions\.csv {match}"):
        read_companion(tmp_path / "exemptions.csv", "exemptions", Notes())


def test_a_convention_that_is_not_known_is_refused_by_both_doors():
    for ask in (
        lambda: track(cases(), as_at=AS_AT, convention="day_one"),
        lambda: timeline(
            Case(case_id="A", received_date=date(2025, 4, 2)), as_at=AS_AT, convention="day_one"
        ),
    ):
        with pytest.raises(CommandError, match="'day_one' is not known: use one of receipt_excluded"):
            ask()


def test_an_asking_that_has_no_limit_leaves_a_claim_on_the_limit_of_another_as_it_is():
    asked = pd.DataFrame(
        {
            "case_id": ["A", "A"],
            "advice_type": ["parent", "health"],
            "requested_date": pd.to_datetime(["2025-05-16", "2025-05-16"]),
            "body_received_date": pd.to_datetime([None, "2025-05-19"]),
        }
    )
    claim = pd.DataFrame({"case_id": ["A"], "rule": ["advice_body"], "code": ["MISSED_APPT"]})
    # Six weeks from 19 May 2025 are 30 June.
    for missed, verdict in (("2025-06-30", "supported"), ("2025-07-01", "not_supported")):
        dated = claim.assign(from_date=pd.to_datetime([missed]))
        both = exemption_claims(cases(), dated, as_at=AS_AT, advice=asked)
        alone = exemption_claims(cases(), dated, as_at=AS_AT, advice=asked.iloc[1:])
        assert both["verdict"][0] == verdict
        assert both["why"][0] == alone["why"][0]
