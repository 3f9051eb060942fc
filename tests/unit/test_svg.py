"""Charts as SVG: they say in text what they draw, shrink with nothing, and run nothing."""

from xml.etree import ElementTree as ET

from ehcptime.outputs.svg import Bar, Level, Point, bars, line

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>\"'&"


def tree(drawn):
    return ET.fromstring(drawn)


def texts(drawn):
    return [found.text for found in tree(drawn).iter(f"{SVG}text")]


def test_a_chart_is_one_image_with_its_title_and_finding():
    drawn = tree(bars([Bar("a: 3", 3)], name="x", title="Title", finding="Three wait."))
    assert drawn.get("role") == "img"
    ids = drawn.get("aria-labelledby").split()
    assert [drawn.find(f"{SVG}title").text, drawn.find(f"{SVG}desc").text] == ["Title", "Three wait."]
    assert [drawn.find(f"{SVG}title").get("id"), drawn.find(f"{SVG}desc").get("id")] == ids
    assert drawn.get("viewBox") is None, "a view box would shrink the words on a narrow screen"


def test_bars_are_as_long_as_their_numbers():
    drawn = tree(
        bars([Bar("a", 10), Bar("b", 5), Bar("c", 0), Bar("d", None)], name="x", title="", finding="")
    )
    widths = [one.get("width") for one in drawn.iter(f"{SVG}rect") if one.get("class") == "bar"]
    assert widths == ["100.00%", "50.00%", "0.00%"]
    assert [one.text for one in drawn.iter(f"{SVG}text")] == ["a", "b", "c", "d"], (
        "hidden numbers keep their words"
    )


def test_shares_are_drawn_against_the_whole():
    drawn = tree(bars([Bar("a", 10)], name="x", title="", finding="", whole=100))
    assert [one.get("width") for one in drawn.iter(f"{SVG}rect") if one.get("class") == "bar"] == ["10.00%"]


def test_late_bars_are_hatched_and_not_told_by_colour_alone():
    drawn = bars([Bar("a", 10, is_late=True)], name="x", title="", finding="")
    assert 'fill="url(#x-hatch)"' in drawn
    assert 'id="x-hatch"' in drawn


def test_a_hidden_period_is_a_gap_in_the_line():
    points = [Point("1", 1.0, "1"), Point("2", 2.0, "2"), Point("3", None, "[c]"), Point("4", 4.0, "4")]
    drawn = tree(line(points, name="x", title="", finding=""))
    assert len(list(drawn.iter(f"{SVG}circle"))) == 3
    assert len(list(drawn.find(f"{SVG}g"))) == 1, "only 1 to 2 is joined"


def test_the_first_and_last_number_and_period_are_written():
    points = [Point("March", 1.0, "1.0"), Point("April", 2.0, "2.0"), Point("May", 3.0, "3.0")]
    assert texts(line(points, name="x", title="", finding="")) == ["1.0", "3.0", "March", "May"]


def test_law_and_target_are_lines_of_their_own_at_their_heights():
    levels = [Level("law", 100, "law"), Level("target", 50, "target")]
    drawn = tree(line([Point("1", 25.0, "25")], name="x", title="", finding="", levels=levels))
    at = {one.get("class"): float(one.get("y1")) for one in drawn.iter(f"{SVG}line")}
    assert at["target"] - at["law"] == at["axis"] - at["target"]
    (dot,) = drawn.iter(f"{SVG}circle")
    assert float(dot.get("cy")) == (at["target"] + at["axis"]) / 2


def test_a_number_gives_way_to_the_words_of_a_level():
    points = [Point("1", 10.0, "10.0"), Point("2", 99.0, "99.0")]
    levels = [Level("law", 100, "law")]
    drawn = tree(line(points, name="x", title="", finding="", levels=levels))
    low, high = (float(one.get("cy")) for one in drawn.iter(f"{SVG}circle"))
    at = {one.text: float(one.get("y")) for one in drawn.iter(f"{SVG}text")}
    assert at["10.0"] < low
    assert at["99.0"] > high


def test_where_nothing_has_a_number_there_is_no_chart_and_nought_is_a_number():
    for points in ([], [Point("1", None, "[c]"), Point("2", None, "")]):
        assert line(points, name="x", title="t", finding="f", levels=[Level("law", 100, "law")]) == ""
    assert bars([], name="x", title="t", finding="f") == ""
    assert bars([Bar("a: [c]", None)], name="x", title="t", finding="f") == ""
    one = tree(line([Point("1", 0.0, "0.0")], name="x", title="t", finding="f"))
    assert len(list(one.iter(f"{SVG}circle"))) == 1


def test_hostile_words_are_text():
    drawn = bars([Bar(HOSTILE, 1)], name="x", title=HOSTILE, finding=HOSTILE)
    drawn += line(
        [Point(HOSTILE, 1.0, HOSTILE)], name="y", title="", finding="", levels=[Level(HOSTILE, 1, "law")]
    )
    assert "<script" not in drawn
    assert HOSTILE in texts(bars([Bar(HOSTILE, 1)], name="x", title="", finding=""))
