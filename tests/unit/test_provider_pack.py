from datetime import date

import numpy as np
import pandas as pd
import pytest

import ehcptime as ehc
from ehcptime.errors import CommandError, InputError
from ehcptime.questions.missing_services import missing_by_service
from ehcptime.records.columns import COLUMNS
from questions_frames import advice, cases, issued, table

AS_AT = "2025-07-15"
MINE = "Sussex Therapies"
PLANTED = "PLANTED"


def ask(case, asked, returned, outcome="provided", **more):
    return {
        "case_id": case,
        "advice_type": "health",
        "sub_service": "OT",
        "provider": MINE,
        "requested_date": asked,
        "returned_date": returned,
        "advice_outcome": outcome if returned else None,
        "exemption": None,
    } | more


ROWS = [
    ask("A", "2025-05-05", "2025-06-16"),  # due 16 June
    ask("B", "2025-05-05", "2025-06-17"),
    ask("C", "2025-05-12", None, exemption="MISSED_APPT"),  # due 23 June
    ask("D", "2025-05-19", None),  # due 30 June, 15 days ago
    ask("E", "2025-06-09", None),  # due 21 July
    ask("F", "2025-04-07", "2025-04-10", "not_known"),
    ask("A", "2025-05-05", "2025-06-01", provider="Another Trust", sub_service="SaLT"),
]
CASES = [issued("2025-01-20", 140, case_id="A"), issued("2025-01-20", 147, case_id="D")]


@pytest.fixture(scope="module")
def pack():
    return ehc.provider_pack(advice(ROWS, AS_AT), provider=" sussex therapies", tracked=cases(CASES, AS_AT))


def test_of_what_was_due_last_month(pack):
    found = pack.tables["due_last_month"].iloc[0]
    assert (pack.month, pack.as_at) == ("2025-06", date(2025, 7, 15))
    counts = ["requested", "due", "in_time", "late", "outstanding", "percent"]
    assert found[counts].tolist() == [4, 4, 1, 1, 2, 25.0]
    # the missed appointment leaves both top and bottom: 1 of 3
    exempt = ["missed_appointments", "in_time_not_exempt", "due_not_exempt", "percent_not_exempt"]
    assert found[exempt].tolist() == [1, 1, 3, 33.3]
    assert found["sent_only"] == 4


def test_what_is_outstanding_and_what_is_not_known(pack):
    listed = pack.tables["outstanding_list"]
    assert listed[["case_id", "stands"]].to_numpy().tolist() == [
        ["C", "limit claimed to be lifted"],
        ["D", "overdue"],
        ["E", "not yet due"],
    ]
    assert listed["days_over"].tolist() == [pd.NA, 15, -6]
    assert pack.tables["not_known_list"]["case_id"].tolist() == ["F"]
    overdue = pack.tables["overdue"]
    assert overdue["outstanding"].tolist() == [0, 1, 0, 0, 1, 0]


def test_plans_that_went_without_it(pack):
    assert pack.tables["plans_without_advice"][["plans", "in_hand", "not_in"]].to_numpy().tolist() == [
        [2, 0, 2]
    ]
    assert pack.tables["plans_without_advice_list"]["case_id"].tolist() == ["A", "D"]


def test_the_share_of_late_cases_in_which_it_was_the_last():
    late = [issued("2024-12-02", 190, case_id=name) for name in "AB"]  # due 21 April, issued 10 June 2025
    rows = [
        ask("A", "2025-01-06", "2025-05-05"),
        ask("A", "2025-01-06", "2025-02-03", provider="EPS", advice_type="psychology"),
        ask("B", "2025-01-06", "2025-02-03"),
        ask("B", "2025-01-06", "2025-05-05", provider="EPS", advice_type="psychology"),
    ]
    found = ehc.provider_pack(advice(rows, AS_AT), provider=MINE, tracked=cases(late, AS_AT)).tables[
        "last_in"
    ]
    assert found[["service", "last", "told", "percent"]].to_numpy().tolist() == [["health", 1, 2, 50.0]]
    shared = advice([*rows, ask("B", "2025-01-06", "2025-05-05", provider="Another Trust")], AS_AT)
    assert len(ehc.provider_pack(shared, provider=MINE, tracked=cases(late, AS_AT)).tables["last_in"]) == 0


def test_the_pack_agrees_with_the_whole_table_of_that_provider(pack):
    tracked, followed = advice(ROWS, AS_AT), cases(CASES, AS_AT)
    whole = ehc.contributions(tracked, by=["provider", "advice_type", "sub_service"])
    mine = whole[whole["provider"] == MINE].drop(columns="provider").reset_index(drop=True)
    pd.testing.assert_frame_equal(pack.tables["due"], mine)
    without = missing_by_service(followed, tracked, by="provider").set_index("provider")
    assert without.loc[MINE, "not_in"] == pack.tables["plans_without_advice"]["not_in"].sum()


def planted(rows):
    """Askings with something to hide in every known column of others, in other columns, in the index and in categories."""
    frame = table(rows)
    others = frame["provider"] != MINE
    for column, kind in COLUMNS["advice"].items():
        if kind.kind == "text" and column != "provider":
            frame[column] = frame.get(column, pd.Series(None, index=frame.index, dtype=object)).astype(object)
            frame.loc[others, column] = f"{PLANTED} {column}"
    frame["setting_id"] = f"{PLANTED} school"
    frame["source"] = f"{PLANTED} source"
    for column in ("caseworker", "team", "child_name", "nhs_number", "note"):
        frame[column] = f"{PLANTED} {column}"
    frame["provider"] = frame["provider"].where(~others, f"{PLANTED} Trust")
    for column in ("case_id", "sub_service", "provider"):
        frame[column] = frame[column].astype("category")
    frame.index = pd.Index([f"{PLANTED} {row}" for row in range(len(frame))], name=f"{PLANTED} index")
    frame.attrs["owner"] = f"{PLANTED} owner"
    return frame


def everything(pack):
    """All that a reader of the pack could come to see, as one text."""
    said = [repr(pack), str(pack.tables)]
    for name, frame in pack.tables.items():
        said += [name, frame.to_csv(), str(list(frame.columns.names)), str(frame.attrs)]
        for column in frame:
            if isinstance(frame[column].dtype, pd.CategoricalDtype):
                said.append(str(frame[column].cat.categories.tolist()))
    return "\n".join(said)


def test_nothing_of_anyone_else_survives(pack):
    rows = [*ROWS, ask("Z", "2025-05-05", None, provider="Third Trust")]
    tracked = ehc.track_advice(planted(rows), as_at=date.fromisoformat(AS_AT))
    followed = cases(
        [row | {"caseworker": f"{PLANTED} worker", "team": f"{PLANTED} team"} for row in CASES], AS_AT
    )
    found = ehc.provider_pack(tracked, provider=MINE, tracked=followed)
    assert PLANTED in tracked.to_csv()
    assert PLANTED not in everything(found)
    assert "SaLT" not in everything(found)
    for name, frame in pack.tables.items():
        assert frame.equals(found.tables[name]) or np.array_equal(
            frame.astype(str), found.tables[name].astype(str)
        ), name


def test_the_pack_cannot_be_changed_and_shows_no_row(pack):
    with pytest.raises(TypeError):
        pack.tables["due"] = None
    assert "case_id" not in repr(pack)
    assert repr(pack).startswith("ProviderPack(due_last_month 1,")


def test_what_cannot_be_used():
    tracked = advice(ROWS, AS_AT)
    with pytest.raises(CommandError, match="that provider was not asked") as raised:
        ehc.provider_pack(tracked, provider="Dr Jones")
    assert "Jones" not in str(raised.value)
    with pytest.raises(CommandError, match="no column 'provider'"):
        ehc.provider_pack(tracked.drop(columns="provider"), provider=MINE)
    with pytest.raises(InputError, match="different values of as_at"):
        ehc.provider_pack(tracked, provider=MINE, tracked=cases(CASES, "2025-07-14"))
    assert "plans_without_advice" not in ehc.provider_pack(tracked, provider=MINE).tables
