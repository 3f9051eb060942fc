"""Manifests are equal for the same content in any order, and differ for any single cell that is changed."""

import tempfile
from datetime import date

import pandas as pd
from hypothesis import assume, given
from hypothesis import strategies as st

from ehcptime.outputs.fingerprints import fingerprint
from ehcptime.outputs.frozen import freeze, thaw
from ehcptime.outputs.manifest import manifest

AS_AT = date(2025, 3, 31)
# Marks that keep cells and rows apart, escapes and what could be taken for another cell are drawn on purpose.
TEXTS = st.text(st.sampled_from("ab\\ur\x1f\x1e,'\"=-\r\n 1é"), max_size=4)
DAYS = st.dates(date(2024, 12, 30), date(2025, 1, 2))
COLUMNS = {
    "team": (TEXTS | st.none(), object),
    "area": (TEXTS, str),
    "received_date": (DAYS | st.none(), "datetime64[s]"),
    "week20": (st.sampled_from([0, 1, None]), "Int64"),
    "share": (st.sampled_from([0.1, 1.0, 1.5, -1.0, None]), "Float64"),
    "open": (st.booleans(), bool),
}


def made(rows):
    columns = {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}
    frame = pd.DataFrame(columns, columns=list(COLUMNS))
    frame["received_date"] = pd.to_datetime(frame["received_date"])
    return frame.astype({name: dtype for name, (_, dtype) in COLUMNS.items()})


ROWS = st.lists(st.tuples(*(cells for cells, _ in COLUMNS.values())), min_size=1, max_size=6)


@given(ROWS, st.randoms())
def test_the_order_of_rows_and_columns_and_the_index_do_not_matter(rows, random):
    shuffled, names = random.sample(rows, len(rows)), random.sample(list(COLUMNS), len(COLUMNS))
    other = made(shuffled)[names].set_index(pd.Index([3] * len(rows)))
    assert manifest(made(rows), as_at=AS_AT) == manifest(other, as_at=AS_AT)


@given(ROWS, st.data())
def test_any_cell_that_is_changed_shows(rows, data):
    row = data.draw(st.integers(0, len(rows) - 1))
    place = data.draw(st.integers(0, len(COLUMNS) - 1))
    cell = data.draw(list(COLUMNS.values())[place][0])
    assume((cell or "") != (rows[row][place] or "") if place < 2 else cell != rows[row][place])
    changed = [*rows]
    changed[row] = (*rows[row][:place], cell, *rows[row][place + 1 :])
    one, other = (manifest(made(some), as_at=AS_AT) for some in (rows, changed))
    assert one != other
    assert len(one.what_differs(other)) == 1


@given(ROWS, st.data())
def test_a_row_more_or_fewer_and_a_column_more_or_fewer_show(rows, data):
    frame = made(rows)
    again = pd.concat([frame, frame.iloc[[data.draw(st.integers(0, len(rows) - 1))]]])
    fewer = frame.drop(columns=data.draw(st.sampled_from(list(COLUMNS))))
    assert len({fingerprint(table) for table in (frame, again, fewer, frame.assign(extra=""))}) == 4


@given(ROWS)
def test_whatever_is_frozen_is_thawed(rows):
    frame = made(rows)
    with tempfile.TemporaryDirectory() as folder:
        freeze({"t": frame}, folder, manifest({}, as_at=AS_AT))
        back = thaw(folder).tables["t"]
    expected = frame.assign(team=frame["team"].fillna("").astype(str))
    pd.testing.assert_frame_equal(back, expected)
