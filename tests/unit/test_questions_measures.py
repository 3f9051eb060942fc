import tomllib
from importlib.resources import files

import pytest
from pydantic import ValidationError

from ehcptime.errors import CommandError, RuleError
from ehcptime.questions.measures import MEASURES, load, measure_of

# design.md, "Measures are data"
REQUIRED = {
    "plans_issued_20wk_exc",
    "plans_issued_20wk_inc",
    "plans_due_20wk",
    "plans_due_20wk_exc",
    "plans_received_20wk",
    "request_decisions_6wk",
    "request_decisions_due_6wk",
    "no_plan_16wk",
    "decision_by_16wk",
    "plans_20_52wk_inc",
    "plans_20_52wk_exc",
    "plans_over_52wk_inc",
    "plans_over_52wk_exc",
    "open_over_20wk",
    "open_over_52wk",
    "advice_6wk",
    "plans_20wk_all_advice",
}
TEXT = files("ehcptime.questions").joinpath("measures.toml").read_text(encoding="utf-8")
ONE = TEXT[TEXT.index("[no_plan_16wk]") : TEXT.index("[decision_by_16wk]")]


def test_every_measure_of_the_design_is_there():
    assert set(MEASURES) >= REQUIRED


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_ids_titles_and_sentences_are_those_of_the_file(name):
    assert MEASURES[name].id == name
    assert MEASURES[name].sentence == tomllib.loads(TEXT)[name]["sentence"]


@pytest.mark.parametrize("name", sorted(m for m in REQUIRED if m.startswith(("plans_due", "plans_issued"))))
def test_nothing_prints_a_20_week_figure_without_the_cases_still_open(name):
    assert "open_over_20wk" in MEASURES[name].beside


def test_a_missing_key_names_measure_and_key():
    broken = ONE.replace('population = "decisions not to issue a plan"\n', "")
    with pytest.raises(RuleError, match="measure 'no_plan_16wk', key 'population'"):
        load(broken)


def test_a_misspelt_key_names_measure_and_key():
    with pytest.raises(RuleError, match=r"measure 'no_plan_16wk', key 'parameters\.to_day'"):
        load(ONE.replace("to_days = 112", "to_days = 112\nto_day = 112"))


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('family = "elapsed"', 'family = "guess"', "parameters"),
        ('codes = ["N"]', 'codes = ["maybe"]', "codes"),
        ('exceptions = "keep"', 'exceptions = "ignore"', "exceptions"),
        ("flags = []", 'flags = ["some_flag"]', "flags"),
        ("from_days = 0", "from_days = -1", "from_days"),
        ('title = "Decisions not', 'beside = ["nothing"]\ntitle = "Decisions not', "beside"),
    ],
)
def test_a_value_that_means_nothing_is_refused(old, new, key):
    assert old in ONE
    with pytest.raises(RuleError, match=rf"measure 'no_plan_16wk', key '.*{key}"):
        load(ONE.replace(old, new))


def test_a_measure_is_frozen_and_its_changed_copy_is_another():
    measure = MEASURES["plans_over_52wk_inc"]
    with pytest.raises(ValidationError):
        measure.title = "other"
    assert measure.but(from_days=367).parameters.from_days == 367
    assert measure.parameters.from_days == 365
    with pytest.raises(RuleError, match=r"key 'parameters\.weeks'"):
        measure.but(weeks=52)


def test_a_measure_that_is_no_table_is_refused():
    with pytest.raises(RuleError, match="measure 'mine' must be a table of keys"):
        load("mine = 20")


def test_an_unknown_measure_is_refused_with_a_hint():
    with pytest.raises(CommandError, match="did you mean no_plan_16wk"):
        measure_of("no_plan_16wks")
    with pytest.raises(CommandError, match="use one of"):
        measure_of("zzz")
    assert measure_of(MEASURES["advice_6wk"]) is MEASURES["advice_6wk"]
