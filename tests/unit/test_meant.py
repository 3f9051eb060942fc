"""A wrong name is answered with the right one, wherever an analyst may mistype one."""

from datetime import date

import pytest

import ehcptime as ehc
from ehcptime.errors import CommandError

DAY = date(2025, 3, 31)


@pytest.fixture(scope="module")
def tracked():
    return ehc.track(ehc.simulate(60, as_at=DAY, seed=1, defects=False).cases, as_at=DAY)


@pytest.mark.parametrize(
    ("ask", "meant"),
    [
        (lambda frame: ehc.timeliness(frame, "plans_due_20wks"), "plans_due_20wk"),
        (lambda frame: ehc.timeliness(frame, "plans_due_20wk", by="aera"), "area"),
        (lambda frame: ehc.backlog(frame, "stages"), "stage"),
        (lambda frame: ehc.morning_list(frame, by="tem"), "team"),
        (lambda frame: ehc.morning_list(frame, priority=["request_tribunals"]), "request_tribunal"),
        (lambda frame: ehc.track(frame[["case_id", "received_date"]], as_at=DAY, rules=["plan_finl"]), "plan_final"),
        (lambda _: ehc.LAW["advice_bodies"], "advice_body"),
        (lambda _: ehc.timeline(ehc.Case(case_id="a", received_date=DAY), as_at=DAY)["plan_finl"], "plan_final"),
        (lambda _: ehc.simulate(1, as_at=DAY, seed=1, preset="west_sussex"), "west_sussex_2024"),
    ],
)  # fmt: skip
def test_the_nearest_name_is_given(tracked, ask, meant):
    with pytest.raises(CommandError, match=rf"did you mean {meant}\?"):
        ask(tracked)


def test_a_column_that_is_like_none_is_not_answered_with_all_of_them(tracked):
    with pytest.raises(CommandError, match=r"no column 'zzz' to group by: use a column of the frame$"):
        ehc.backlog(tracked, "zzz")


def test_a_public_name_that_is_mistyped():
    with pytest.raises(AttributeError, match=r"ehcptime has no 'plot_bcklog': did you mean plot_backlog\?"):
        ehc.plot_bcklog  # noqa: B018
    with pytest.raises(AttributeError, match=r"ehcptime has no 'zzz': dir\(ehcptime\) lists what there is"):
        ehc.zzz  # noqa: B018
    assert not hasattr(ehc, "_repr_html_")


def test_tab_completion_finds_every_public_name_and_what_a_result_holds(tracked):
    assert set(ehc.__all__) <= set(dir(ehc))
    assert {"table", "why", "cases"} <= set(dir(ehc.explain_change(tracked, tracked, "plans_due_20wk")))
    assert {"top", "lists", "left_off", "heading", "coming"} <= set(dir(ehc.morning_list(tracked)))
