"""What each audience is given."""

from datetime import date

import pandas as pd
import pytest

import ehcptime as ehc
from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.audiences import for_audience

TABLES = {"backlog": pd.DataFrame({"team": ["a", "b", "all"], "open": [3, 8, 11]})}
CASES = {"list": pd.DataFrame({"case_id": ["C-1"], "open": [9]})}


def opened(audience, **choices):
    return for_audience(TABLES, audience=audience, **choices)["backlog"]["open"].tolist()


def test_who_is_given_what():
    assert opened("internal") == opened("provider") == [3, 8, 11]
    assert opened("public") == ["[c]", "[c]", 11]
    assert opened("public", threshold=3) == [3, 8, 11]


def test_the_tables_of_last_time_count_for_the_public():
    before = {"whole": pd.DataFrame({"numerator": [40]})}
    now = {"whole": pd.DataFrame({"numerator": [42]})}
    assert for_audience(now, audience="public", previous=before)["whole"]["numerator"].tolist() == ["[c]"]


@pytest.mark.parametrize("column", ["case_id", "person_id", "caseworker"])
@pytest.mark.parametrize("audience", ["provider", "public"])
def test_lists_of_cases_stay_inside(audience, column):
    with pytest.raises(InputError, match=column):
        for_audience({"list": CASES["list"].rename(columns={"case_id": column})}, audience=audience)


def test_lists_of_cases_go_to_those_inside():
    assert for_audience(CASES, audience="internal")["list"] is CASES["list"]


def test_another_audience_is_refused():
    with pytest.raises(CommandError, match="audience must be one of internal, provider, public"):
        for_audience(TABLES, audience="board")


@pytest.fixture(scope="module")
def tracked():
    day = date(2025, 3, 31)
    return ehc.track(ehc.simulate(300, as_at=day, seed=1).cases, as_at=day)


ANSWERS = {
    "Change": lambda cases: ehc.explain_change(cases, cases, "plans_due_20wk"),
    "Scenario": lambda cases: ehc.scenario(cases, weeks=4, runs=0, arrivals=1),
    "Waterfall": lambda cases: ehc.waterfall(cases, "plans_due_20wk"),
    "EqualityView": ehc.equality_view,
}


@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize("audience", ["internal", "provider", "public"])
def test_an_answer_that_is_no_table_is_refused_in_one_sentence(tracked, kind, audience):
    answer = ANSWERS[kind](tracked)
    said = f"is of type {kind}, which cannot be published: give tables by name"
    with pytest.raises(InputError, match=said):
        for_audience({"answer": answer}, audience=audience)
    with pytest.raises(InputError, match=said):
        for_audience(answer, audience=audience)
    with pytest.raises(InputError, match=said):
        ehc.suppress(answer)


def test_the_tables_of_an_answer_go_out_or_are_refused(tracked):
    """Those of a view are counts; the shares of a change and the assumptions of a forecast would give counts back."""
    view = for_audience(ehc.equality_view(tracked).tables, audience="public")
    assert "[c]" in view["primary_need_open"]["numerator"].tolist()
    with pytest.raises(InputError, match="shared out"):
        for_audience({"change": ANSWERS["Change"](tracked).table}, audience="public")
    with pytest.raises(InputError, match="assumes"):
        for_audience({"assumed": ANSWERS["Scenario"](tracked).assumptions}, audience="public")
    months = for_audience({"months": ANSWERS["Scenario"](tracked).months}, audience="public")["months"]
    assert set(months[["lowest", "middle", "highest"]].to_numpy().ravel()) <= {"[c]", "[z]"}
