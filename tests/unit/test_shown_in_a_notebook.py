"""Results show themselves in a notebook with every mark of HTML escaped, and no result prints the rows of its frames."""

import re
from datetime import date

import pandas as pd
import pytest

import ehcptime as ehc

DAY = date(2025, 3, 31)
EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def extract():
    made = ehc.simulate(400, as_at=DAY, seed=1, defects=False)
    cases = made.cases.assign(case_id=EVIL + made.cases["case_id"], caseworker=EVIL, team=EVIL, area=EVIL)
    return ehc.Extract(cases=cases, advice=made.advice.assign(case_id=EVIL + made.advice["case_id"]))


@pytest.fixture(scope="module")
def results(extract):
    tracked = ehc.track(extract.cases, as_at=DAY)
    advice = ehc.track_advice(extract.advice, as_at=DAY, cases=tracked)
    earlier = ehc.track(extract.cases, as_at=date(2024, 12, 31))
    one = ehc.Case(case_id=EVIL, received_date=date(2025, 1, 6))
    return [
        ehc.timeline(one, as_at=DAY),
        ehc.morning_list(tracked, advice=advice),
        ehc.waterfall(tracked, "plans_issued_20wk_inc"),
        ehc.explain_change(earlier, tracked, "plans_due_20wk"),
        ehc.effect(ehc.check(extract.cases, as_at=DAY), tracked, "plans_due_20wk"),
        ehc.what_changed(earlier, tracked),
        ehc.restatement(earlier, tracked, "plans_due_20wk", period="Q"),
        ehc.scenario(tracked, advice=advice, weeks=26, runs=0),
        ehc.service_effect(tracked, advice, "psychology", weeks=6),
        ehc.equality_view(tracked, by="area"),
        ehc.sen2_rehearsal(extract, as_at=DAY),
        ehc.case_page(one, as_at=DAY),
        ehc.queue_figures(44, 38, 729, weeks=56),
        ehc.plot_backlog(ehc.backlog(tracked), as_at=DAY),
    ]


def test_nothing_in_a_result_becomes_markup(results):
    for one in results:
        shown = one._repr_html_()
        assert shown, type(one)
        assert "<img src=x" not in shown, type(one)
        assert "<script" not in shown, type(one)
    assert "&lt;img src=x" in results[0]._repr_html_()
    assert "&lt;img src=x" in results[1]._repr_html_()


def test_a_sum_shows_its_sentences(results):
    queue = results[-2]
    assert queue._repr_html_() == f"<p>{queue}</p>"


def test_what_holds_tables_counts_them_and_shows_no_row(extract, tmp_path):
    assert re.fullmatch(r"Extract\(cases 400, .*\)", repr(extract))
    table = pd.DataFrame({"area": ["north", "south"], "open": [8, 9]})
    ehc.freeze({"backlog": table}, tmp_path / "run", ehc.manifest({}, as_at=DAY))
    assert repr(ehc.thaw(tmp_path / "run")) == "FrozenRun(backlog 2)"
