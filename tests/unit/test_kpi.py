"""Key figures: a person's word is never set by a figure, thresholds have no default, and colour comes last."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

import ehcptime
from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.kpi import COLUMNS, SCALES, Kpi, kpi_table
from ehcptime.outputs.kpi_files import read_kpis

DUE = "plans_due_20wk"
LAW = {DUE: "the law: every plan"}


def row(kpi, now=45.0, previous=30.0):
    table = kpi_table([kpi], now={kpi.measure: now}, previous={kpi.measure: previous}, standards=LAW)
    assert list(table.columns) == list(COLUMNS)
    return table.iloc[0]


# West Sussex Local Area SEND Partnership Improvement Plan, October 2024, version 3: the two scales under "BRAG status".
def test_the_scales_of_actions_have_the_words_of_the_plan():
    completion, impact = SCALES["west_sussex_completion"], SCALES["west_sussex_impact"]
    assert [word.word for word in completion.words] == ["Blue", "Green", "Amber", "Red", "Grey"]
    assert [word.word for word in impact.words] == ["Green", "Amber", "Red"]
    assert "on track" in completion.word("Amber").means
    assert "off track" in completion.word("Red").means
    assert "not been started" in completion.word("Grey").means
    assert "complete" in completion.word("Blue").means
    assert completion.entered
    assert impact.entered


@pytest.mark.parametrize("scale", ["west_sussex_completion", "west_sussex_impact"])
def test_no_figure_sets_the_word_of_an_action(scale):
    with pytest.raises(CommandError, match="no figure sets it"):
        row(Kpi(DUE, target=60, scale=scale, thresholds=(60, 40)))
    assert row(Kpi(DUE, target=60, scale=scale)).loc[["rating", "colour"]].tolist() == ["not rated", ""]


def test_a_person_enters_the_word_whatever_the_figure():
    for now in (0.0, 50.0, 100.0, None, "[c]"):
        found = row(Kpi(DUE, target=60, scale="west_sussex_completion", word="Amber"), now=now)
        assert found["rating"].startswith("Amber ")
        assert "entered by a person" in found["means"]
        assert found["colour"] == "amber"


@pytest.mark.parametrize(
    ("now", "better", "thresholds", "word"),
    [
        (60.0, "higher", (60, 40), "Green"),
        (59.9, "higher", (60, 40), "Amber"),
        (40.0, "higher", (60, 40), "Amber"),
        (39.9, "higher", (60, 40), "Red"),
        (10.0, "lower", (10, 20), "Green"),
        (10.1, "lower", (10, 20), "Amber"),
        (20.0, "lower", (10, 20), "Amber"),
        (20.1, "lower", (10, 20), "Red"),
    ],
)
def test_a_threshold_counts_from_its_very_value(now, better, thresholds, word):
    found = row(Kpi(DUE, target=60, scale="threshold", thresholds=thresholds, better=better), now=now)
    assert found["rating"].split()[0] == word
    assert len(found["rating"].split()) == 2, "a symbol comes after the word"
    assert all(str(threshold) in found["means"] for threshold in thresholds)
    assert found["colour"] == word.lower()


def test_there_is_no_default_threshold():
    with pytest.raises(CommandError, match="no default"):
        row(Kpi(DUE, target=60, scale="threshold"))
    with pytest.raises(CommandError, match="no default"):
        row(Kpi(DUE, target=60, scale="threshold", thresholds=(60, 40), word="Green"))


@pytest.mark.parametrize(
    ("thresholds", "better"), [((40, 60), "higher"), ((60, 40), "lower"), ((50, 50), "higher")]
)
def test_thresholds_in_the_wrong_order_are_refused(thresholds, better):
    with pytest.raises(CommandError, match="green, then that for amber"):
        row(Kpi(DUE, target=60, scale="threshold", thresholds=thresholds, better=better))


def test_without_a_target_there_is_no_colour():
    for scale in (
        {"scale": "threshold", "thresholds": (60, 40)},
        {"scale": "west_sussex_impact", "word": "Red"},
    ):
        found = row(Kpi(DUE, **scale))
        assert found[["target", "rating", "colour"]].tolist() == ["target not agreed", "not rated", ""]


@pytest.mark.parametrize("now", [None, pd.NA, "[c]", float("nan")])
def test_a_figure_that_is_not_printed_is_not_rated(now):
    found = row(Kpi(DUE, target=60, scale="threshold", thresholds=(60, 40)), now=now)
    assert found[["rating", "colour", "direction"]].tolist() == ["not rated", "", "cannot be told"]


@pytest.mark.parametrize(
    ("previous", "now", "better", "said"),
    [
        (30.0, 45.0, "higher", "up, better"),
        (45.0, 30.0, "higher", "down, worse"),
        (30.0, 45.0, "lower", "up, worse"),
        (45.0, 30.0, "lower", "down, better"),
        (30.0, 30.0, "higher", "no change"),
        (None, 30.0, "higher", "cannot be told"),
    ],
)
def test_direction(previous, now, better, said):
    assert row(Kpi(DUE, better=better), now, previous)["direction"] == said


def test_what_the_law_asks_stands_apart_from_the_target():
    assert row(Kpi(DUE, target=60)).loc[["target", "standard"]].tolist() == [60, "the law: every plan"]


@pytest.mark.parametrize(
    "kpi",
    [
        Kpi("plans_due_20"),
        Kpi(DUE, scale="traffic_light", word="Green"),
        Kpi(DUE, scale="west_sussex_impact", word="Blue"),
        Kpi(DUE, word="Green"),
        Kpi(DUE, thresholds=(60, 40)),
    ],
)
def test_what_is_not_there_is_refused(kpi):
    with pytest.raises(CommandError):
        row(kpi)


def test_every_word_has_a_symbol_of_its_own_in_its_scale():
    text = (Path(ehcptime.__file__).parent / "outputs" / "kpi_scales.toml").read_text(encoding="utf-8")
    for entry in tomllib.loads(text).values():
        symbols = [word["symbol"] for word in entry["words"]]
        assert len(set(symbols)) == len(symbols)


def test_a_file_gives_the_key_figures_in_its_order(tmp_path):
    toml, sheet = tmp_path / "k.toml", tmp_path / "k.csv"
    toml.write_text(
        """
        [[kpi]]
        measure = "plans_due_20wk"
        baseline = 12.5
        target = 60
        scale = "threshold"
        thresholds = [60, 40]
        [[kpi]]
        measure = "plans_issued_20wk_exc"
        target = 50
        scale = "west_sussex_impact"
        word = "Amber"
        [[kpi]]
        measure = "plans_over_52wk_inc"
        target = "Target not agreed"
        better = "lower"
        """,
        encoding="utf-8",
    )
    sheet.write_text(
        "measure,baseline,target,scale,word,green,amber,better\n"
        "plans_due_20wk,12.5,60,threshold,,60,40,\n"
        "plans_issued_20wk_exc,,50,west_sussex_impact,Amber,,,\n"
        ",,,,,,,\n"
        "plans_over_52wk_inc,,target not agreed,,,,,lower\n",
        encoding="utf-8-sig",
    )
    expected = (
        Kpi("plans_due_20wk", baseline=12.5, target=60, scale="threshold", thresholds=(60, 40)),
        Kpi("plans_issued_20wk_exc", target=50, scale="west_sussex_impact", word="Amber"),
        Kpi("plans_over_52wk_inc", better="lower"),
    )
    assert read_kpis(toml) == read_kpis(sheet) == expected


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("k.toml", "kpi = 3", "must hold tables"),
        ("k.toml", "title = 'ours'\n[[kpi]]\nmeasure = 'plans_due_20wk'", "must hold tables"),
        ("k.toml", "[[kpi]]\ntarget = 3", "key figure 1 of k.toml: measure"),
        ("k.toml", "[[kpi]]\nmeasure = 'plans_due_20wk'\nscale = 'threshold'\ntarget = 60", "no default"),
        ("k.toml", "[[kpi]]\nmeasure = 'plans_due_20wk'\nbetter = 'more'", "better"),
        ("k.csv", "measure,scale,green\nplans_due_20wk,threshold,60", "thresholds"),
        ("k.csv", "measure,sheet\nplans_due_20wk,1", "sheet"),
        ("k.csv", "measure\nplans_due_20wk,1", "more cells than headings"),
        ("k.json", "[]", "is no file of key figures"),
    ],
)
def test_a_file_that_holds_something_else_is_refused(tmp_path, name, text, sentence):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=sentence):
        read_kpis(tmp_path / name)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"none\.csv cannot be read"):
        read_kpis(tmp_path / "none.csv")
    (tmp_path / "k.csv").write_bytes(b"\xff\xfe\x00measure")
    with pytest.raises(InputError, match=r"k\.csv cannot be read as CSV"):
        read_kpis(tmp_path / "k.csv")


@pytest.mark.parametrize(("name", "text"), [("k.csv", "measure,target\n,\n"), ("k.toml", "kpi = []\n")])
def test_a_file_without_a_key_figure_is_refused(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=f"{name} holds no key figure: give at least one"):
        read_kpis(tmp_path / name)
