"""Arrow's reader and our own give the same tables and the same refusals, for normal files and for hostile ones."""

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ehcptime.errors import InputError
from ehcptime.records import texts
from ehcptime.records.reading import read_extract

pytest.importorskip("pyarrow")

few = settings(max_examples=150, deadline=None)
CELLS = [
    "",
    " ",
    "007",
    "28/04/2025",
    " 28/04/2025 ",
    "03/04/2025",
    "2025-04-03",
    "NULL",
    "NA",
    "nan",
    "true",
    "1",
    "1e5",
    "-0",
    "45602",
    "x" * 70,
    "\u2003é",
    "\x1c7",
    "Zoë Ng",
    "A123456789012",
    "\ufeff",
    "Total",
    "'",
    "\\",
    "case_id",
]
cell = st.one_of(
    st.sampled_from(CELLS), st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
)
PIECES = [b'"', b",", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xe9", b"\xef\xbb\xbf", b"", b"\n\n", b"\t"]
edits = st.lists(st.tuples(st.integers(0, 120), st.integers(0, 10), st.sampled_from(PIECES)), max_size=2)
HEADINGS = ["case_id", "received_date", "team", "rya", "request_outcome"]


@st.composite
def files(draw):
    """Draw the bytes of a table, mostly well made."""
    width = draw(st.integers(1, 5))
    headings = draw(st.permutations(HEADINGS[:width]) if width > 1 else st.just(["case_id"]))
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), max_size=8))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    title = draw(st.sampled_from(["", "a title" + end, end]))
    text = title + end.join(",".join(row) for row in [headings, *rows]) + draw(st.sampled_from(["", end]))
    content = draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()
    for at, length, piece in draw(edits):
        content = content[:at] + piece + content[at + length :]
    return content


def outcome(read):
    try:
        return read()
    except InputError as error:
        return str(error)


def table(path, skip, delimiter, repeating):
    def read():
        sheet = texts.read_csv(path, skip=skip, delimiter=delimiter, repeating=repeating)
        rows = [list(row) for row in sheet.frame.astype(object).itertuples(index=False)]
        return sheet.note, list(sheet.frame.columns), sheet.frame.index.tolist(), rows

    return outcome(read)


def both(monkeypatch, read):
    """Read with Arrow and without, and say whether Arrow was asked at all."""
    first = read()
    with monkeypatch.context() as patched:
        patched.setattr(texts, "has_arrow", lambda: False)
        return first, read()


@few
@given(files(), st.integers(0, 2), st.sampled_from([",", "\t", ";"]), st.sets(st.integers(0, 4)))
@example(b"case_id\n\n7\n\n", 0, ",", {0})
@example(b"case_id,team\n1,a\n,\n2,b", 0, ",", {1})
@example(b"a,b\r\n1,2\r\n", 0, ",", set())
@example(b"a,b\n1,2\r3,4\n", 0, ",", set())
@example(b"a\n\xef\xbb\xbfx\n", 0, ",", set())
@example(b"a,a\n007,NULL\n", 0, ",", {0, 1})
@example(b'a,b\n"1,2",3\n', 0, ",", set())
@example(b"a,b\n1\n", 0, ",", set())
@example(b"a,b\n1,2,3\n", 0, ",", {0})
def test_a_table_is_the_same_with_arrow_and_without(tmp_path_factory, content, skip, delimiter, repeating):
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as monkeypatch:
        with_arrow, without = both(monkeypatch, lambda: table(path, skip, delimiter, repeating))
    assert with_arrow == without


@few
@given(files())
def test_an_extract_is_the_same_with_arrow_and_without(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("csv") / "cases.csv"
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as monkeypatch:
        with_arrow, without = both(
            monkeypatch, lambda: outcome(lambda: read_extract(path, order="day_first"))
        )
    if isinstance(without, str):
        assert with_arrow == without
        return
    pd.testing.assert_frame_equal(with_arrow.cases, without.cases)
    pd.testing.assert_frame_equal(with_arrow.reading, without.reading)


def test_arrow_reads_a_file_without_quotation_marks(tmp_path, monkeypatch):
    """Both ways being one would make the tests above empty."""
    asked = []
    own = texts.read_arrow
    monkeypatch.setattr(texts, "read_arrow", lambda *args, **kwargs: asked.append(1) or own(*args, **kwargs))
    path = tmp_path / "plain.csv"
    path.write_text("case_id,received_date\n007,28/04/2025\n")
    assert texts.read_csv(path, repeating=[1]).frame["case_id"].tolist() == ["007"]
    assert asked == [1]
    path.write_text('case_id,received_date\n"007",28/04/2025\n')
    assert texts.read_csv(path).frame["case_id"].tolist() == ["007"]
    assert asked == [1]


def test_a_table_of_many_blocks_is_the_same(tmp_path, monkeypatch):
    rows = [f"C{n},{n % 28 + 1:02d}/04/2025,{'x' * (n % 90)}" for n in range(150_000)]
    path = tmp_path / "long.csv"
    path.write_text("case_id,received_date,note\n" + "\n".join(rows))
    with_arrow, without = both(monkeypatch, lambda: table(path, 0, ",", [1]))
    assert with_arrow == without
    assert [",".join(row) for row in with_arrow[3]] == rows
