import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.backlog import backlog
from questions_frames import after, cases, issued

AS_AT = "2025-07-31"


def aged(days, **more):
    return {"received_date": after(AS_AT, -days), "request_outcome": "Y"} | more


def bands_of(found):
    return {band: count for band, count in zip(found["age_band"], found["open"], strict=True) if count}


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (0, "0-6"),
        (42, "0-6"),
        (43, "6-12"),
        (84, "6-12"),
        (85, "12-16"),
        (112, "12-16"),
        (113, "16-20"),
        (140, "16-20"),
        (141, "20-30"),
        (210, "20-30"),
        (211, "30-52"),
        (364, "30-52"),
        (365, "52+"),
    ],
)
def test_a_band_holds_its_upper_edge(days, band):
    assert bands_of(backlog(cases([aged(days)], AS_AT))) == {band: 1}


def test_an_age_that_cannot_be_told_is_a_band():
    assert bands_of(backlog(cases([{"received_date": None}], AS_AT))) == {"unknown": 1}


def test_every_band_is_listed_for_every_group_and_closed_cases_are_not_counted():
    rows = [
        aged(10),
        aged(500, request_outcome="A"),
        issued("2025-01-06", 100),
        aged(20, closed_reason="duplicate"),
    ]
    found = backlog(cases(rows, AS_AT))
    assert list(found.columns) == ["stage", "age_band", "open"]
    assert found["stage"].tolist() == ["deciding"] * 8 + ["assessing"] * 8
    assert found["age_band"].tolist()[:8] == [
        "0-6",
        "6-12",
        "12-16",
        "16-20",
        "20-30",
        "30-52",
        "52+",
        "unknown",
    ]
    assert found["open"].sum() == 2


def test_by_several_columns_or_by_none():
    tracked = cases([aged(10, team="a"), aged(10, team=None), aged(300, team="a")], AS_AT)
    found = backlog(tracked, by=["team", "stage"], bands=[20])
    assert found.to_numpy().tolist() == [
        ["a", "assessing", "0-20", 1],
        ["a", "assessing", "20+", 1],
        ["a", "assessing", "unknown", 0],
        ["not recorded", "assessing", "0-20", 1],
        ["not recorded", "assessing", "20+", 0],
        ["not recorded", "assessing", "unknown", 0],
    ]
    assert backlog(tracked, by=None, bands=[20])["open"].tolist() == [2, 1, 0]


def test_nobody_open():
    assert backlog(cases([issued("2025-01-06", 100)], AS_AT))["open"].sum() == 0


@pytest.mark.parametrize("bands", [[], [20, 6], [6, 6], [0, 6]])
def test_bands_must_rise(bands):
    with pytest.raises(CommandError, match="bands must be weeks that rise"):
        backlog(cases([aged(10)], AS_AT), bands=bands)


def test_a_frame_that_was_not_tracked():
    with pytest.raises(InputError, match="call track"):
        backlog(cases([aged(10)], AS_AT).drop(columns="age_days"))
