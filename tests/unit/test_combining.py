import pandas as pd
import pytest

import ehcptime as ehc
from ehcptime.errors import InputError
from questions_frames import advice, after

AS_AT = "2025-06-30"
ASKED = "2025-01-06"  # due 17 February 2025


def ask(days, **more):
    """An asking of the therapies answered some days after it, or not at all."""
    returned = None if days is None else after(ASKED, days)
    blank = {"case_id": "A", "advice_type": "health", "sub_service": "OT", "bound_by_reg_8": 1, "team": "x"}
    return blank | {"requested_date": ASKED, "returned_date": returned} | more


def answer(*rows, as_at=AS_AT, by=("advice_type", "sub_service"), **options):
    return ehc.contributions(advice(rows, as_at), by=list(by), **options)


WEST = [ask(42), ask(43), ask(43), ask(None)]
EAST = [ask(10), ask(20, sub_service="SaLT")]


def test_counts_are_summed_and_percentages_worked_out_again():
    both = ehc.combine_contributions({"West Sussex": answer(*WEST), "East Sussex": answer(*EAST)})
    found = both.table.set_index("sub_service")
    # 1 of 4 and 1 of 1: 2 of 5, where the mean of the percentages is 62.5
    assert found.loc["OT", ["requested", "due", "in_time", "late", "outstanding", "percent"]].tolist() == [
        5,
        5,
        2,
        2,
        1,
        40.0,
    ]
    assert found.loc["OT", "percent_not_exempt"] == 40.0
    assert found["authorities"].tolist() == [2, 1]
    assert found["not_from"].tolist() == ["", "West Sussex"]
    assert "nothing from West Sussex" in found.loc["SaLT", "note"]


def test_the_whole_is_what_one_authority_with_all_the_rows_would_have():
    whole = answer(*WEST, *EAST)
    both = ehc.combine_contributions({"West Sussex": answer(*WEST), "East Sussex": answer(*EAST)}).table
    for column in whole.columns.difference(["authority_lag_days", "provider_lag_days", "note"]):
        assert both[column].tolist() == whole[column].tolist(), column


def test_a_median_is_not_made_from_medians():
    both = ehc.combine_contributions({"West Sussex": answer(*WEST), "East Sussex": answer(*EAST)})
    assert both.table["provider_lag_days"].tolist() == [pd.NA, 20.0]
    assert "no median, because medians cannot be combined" in both.table["note"][0]


def test_each_authority_s_day_and_gaps_are_said():
    later = answer(*EAST, as_at="2025-07-31")
    both = ehc.combine_contributions(
        {"West Sussex": answer(*WEST), "East Sussex": later, "Brighton": answer(*WEST)[:0]}
    )
    first = both.table.iloc[0]
    assert (str(first["as_at"].date()), str(first["as_at_last"].date())) == ("2025-06-30", "2025-07-31")
    assert "different days" in first["note"]
    assert first["not_from"] == "Brighton"
    said = both.authorities.set_index("authority")
    assert said["askings"].tolist() == [4, 2, 0]
    assert said["missing"].tolist()[0] == "health SaLT advice_body all"
    assert pd.isna(said.loc["Brighton", "as_at"])


def test_answers_by_the_month_they_came():
    tables = {
        name: ehc.returned_contributions(advice(rows, AS_AT), period="M")
        for name, rows in (("W", WEST), ("E", EAST))
    }
    found = ehc.combine_contributions(tables).table
    assert found[["period", "returned", "returned_in_time", "returned_percent"]].to_numpy().tolist() == [
        ["2025-01", 2, 2, 100.0],
        ["2025-02", 3, 1, 33.3],
    ]


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({}, "no tables to combine"),
        (
            {"W": answer(*WEST), "E": answer(*EAST, by=["advice_type"])},
            "tables of W and E have different columns",
        ),
        (
            {
                "W": answer(*WEST),
                "E": ehc.returned_contributions(advice(EAST, AS_AT), by=["advice_type", "sub_service"]),
            },
            "tables of W and E have different columns",
        ),
        ({"W": advice(WEST, AS_AT)}, "table of W is not an answer of contributions"),
        ({"W": answer(*WEST, by=["case_id"])}, "grouped by 'case_id', which may single people out"),
        (
            {"W": advice([ask(42, authority="x")], AS_AT).pipe(ehc.contributions, by=["authority"])},
            "grouped by 'authority', a column of the answer: rename it",
        ),
        ({"W": pd.concat([answer(*WEST), answer(*WEST)])}, "table of W has a row twice"),
        ({"W": answer(*WEST, period="M"), "E": answer(*EAST, period="FY")}, "different periods"),
        ({"W": answer(*WEST), "E": answer(*EAST, period="M")}, "different periods"),
    ],
)
def test_what_cannot_be_combined(tables, message):
    with pytest.raises(InputError, match=message):
        ehc.combine_contributions(tables)


def test_nothing_from_anyone():
    both = ehc.combine_contributions({"W": answer(*WEST)[:0], "E": answer(*EAST)[:0]})
    assert len(both.table) == 0
    assert repr(both) == "CombinedContributions(table 0, authorities 2)"
