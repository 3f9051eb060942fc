"""What needs an optional package says so, and which to install, where that package is not there."""

import sys
from datetime import date

import pandas as pd
import pytest

import ehcptime as ehc
from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.calendar_feed import calendar
from ehcptime.outputs.drawing import _pyplot
from ehcptime.outputs.pages.rendering import rendered
from ehcptime.outputs.star_files import export
from ehcptime.records.parquet import parquet_texts, write_parquet
from ehcptime.records.workbooks import sheet_names, write_workbook

AS_AT = date(2025, 6, 1)
CASES = pd.DataFrame({"case_id": ["A"], "received_date": pd.to_datetime(["2025-04-02"])})


def _without(monkeypatch, package):
    """Let Python find no package of this name, as where it is not installed."""
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)


@pytest.mark.parametrize(
    ("package", "extra", "ask"),
    [
        ("icalendar", "report", lambda at: calendar(ehc.track(CASES, as_at=AS_AT), at / "a.ics", audience="internal")),
        ("jinja2", "report", lambda _: rendered("page.html")),
        ("matplotlib", "plots", lambda _: _pyplot()),
        ("afcharts", "plots", lambda _: _pyplot()),
        ("xlsxwriter", "excel", lambda at: write_workbook({"a": [["b"]]}, at / "a.xlsx")),
        ("python_calamine", "excel", lambda at: sheet_names(at / "a.xlsx")),
        ("pyarrow", "arrow", lambda at: write_parquet(CASES, at / "a.parquet")),
    ],
)  # fmt: skip
def test_the_extra_is_named_where_its_package_is_not_there(monkeypatch, tmp_path, package, extra, ask):
    _without(monkeypatch, package)
    with pytest.raises((CommandError, InputError), match=rf"ehcptime\[{extra}\]"):
        ask(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("formats", "says"),
    [
        ((), "must be csv, parquet or both, not none"),
        (("csv", "json"), "not json"),
        (("parquet",), "Parquet needs pyarrow"),
    ],
)
def test_a_star_is_written_in_formats_that_are_known_and_can_be_written(monkeypatch, tmp_path, formats, says):
    monkeypatch.setattr("ehcptime.outputs.star_files.has_arrow", lambda: False)
    extract = ehc.Extract(CASES)
    with pytest.raises(CommandError, match=says):
        export(extract, tmp_path / "star", as_at=AS_AT, key="kept far from the file", formats=formats)
    assert not (tmp_path / "star").exists()


def test_a_parquet_file_with_a_damaged_page_is_refused(tmp_path):
    path = tmp_path / "cases.parquet"
    write_parquet(pd.DataFrame({"case_id": [f"case {number}" for number in range(5000)]}), path)
    whole = path.read_bytes()
    path.write_bytes(whole[:4] + b"\xff" * 2000 + whole[2004:])
    with pytest.raises(InputError, match=r"cases\.parquet is a damaged Parquet file: write it again"):
        parquet_texts(path)
