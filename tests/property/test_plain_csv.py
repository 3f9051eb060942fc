"""The fast reading of plain files says what the standard library's reader says, or leaves the file to the slow one."""

import csv
import io

import pandas as pd
from hypothesis import example, given
from hypothesis import strategies as st

from ehcptime.records.plain_csv import read_plain

cell = st.text(st.characters(codec="utf-8", exclude_characters='\0\r\n",'), max_size=40)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(cell, min_size=width, max_size=width), min_size=2, max_size=12)
)


@given(tables, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.integers(0, 2))
@example([["case_id"], ["é" * 32]], "\n", False, 0)
@example([["a", "b"], ["12345678", "123456789012"], ["12345678x", "12345678"]], "\n", True, 0)
def test_cells_are_those_of_the_standard_library(rows, newline, last_line_open, skip):
    text = newline.join([*["a title"] * skip, *(",".join(row) for row in rows)])
    text += "" if last_line_open else newline
    expected = list(csv.reader(io.StringIO(text, newline="")))[skip:]
    frame = read_plain(text.encode(), encoding="utf-8", skip=skip, delimiter=",", repeating=[0])
    fits = any(rows[0])
    if frame is None:
        longest = max(len(cell.encode()) for row in rows for cell in row)
        blank_line = any(row == [""] for row in rows)
        assert longest > 64 or not fits or blank_line or last_line_open
        return
    assert list(frame.columns) == rows[0]
    assert [list(row) for row in frame.astype(object).itertuples(index=False)] == [
        row or [""] for row in expected[1:]
    ]
    assert isinstance(frame.dtypes.iloc[0], pd.CategoricalDtype)


@given(st.binary(max_size=200), st.integers(0, 3))
def test_any_bytes_are_read_or_left(content, skip):
    try:
        content.decode()
    except UnicodeDecodeError:
        return
    frame = read_plain(content, encoding="utf-8", skip=skip, delimiter=",", repeating=[])
    if frame is not None:
        lines = content.decode().replace("\r\n", "\n").rstrip("\n").split("\n")
        assert len(frame) >= len(lines) - skip - 1


def test_what_is_not_plain_is_left_to_the_parser():
    for text in (
        'a,b\n"1",2\n',
        "a,b\n1\n",
        "a,b\n1,2,3\n",
        "a,b\n1,2\r3,4\n",
        "a,b\n\n1,2\n",
        "",
        "a,b\n",
        ",\n1,2\n",
    ):
        assert read_plain(text.encode(), encoding="utf-8", skip=0, delimiter=",", repeating=[]) is None, text


def test_many_blocks_are_one_table():
    rows = [f"{n},{n % 7:02d}/04/2025,{'x' * (n % 60)}" for n in range(60_000)]
    content = ("case_id,day,note\n" + "\n".join(rows)).encode()
    frame = read_plain(content, encoding="utf-8", skip=0, delimiter=",", repeating=[1])
    assert frame.astype(object).agg(",".join, axis=1).tolist() == rows
    assert len(frame["day"].cat.categories) == 7
