"""Workbooks in LibreOffice, without a screen: each opens and comes out again with the numbers that went in. Fails, and never skips, without it."""

import csv
import shutil
import subprocess
from datetime import date

import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.outputs.report_workbook import report_workbook
from ehcptime.outputs.workbook import workbook
from ehcptime.tracking.track import track

pytestmark = pytest.mark.far

AS_AT = date(2025, 3, 31)


@pytest.fixture(scope="module")
def extract():
    return simulate(400, as_at=AS_AT, seed=6)


@pytest.fixture
def opened(tmp_path):
    """Every sheet of a workbook as LibreOffice reads it, as rows of texts, by name."""
    office = shutil.which("soffice")
    assert office, "LibreOffice is not installed: apt-get install libreoffice-calc-nogui"

    def read(path):
        out = tmp_path / "out"
        every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
        run = subprocess.run(
            [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", every_sheet, "--outdir", str(out), str(path)],
            check=True, capture_output=True, text=True, timeout=180,
        )  # fmt: skip
        assert "Error" not in run.stderr
        found = {}
        for place in sorted(out.glob("*.csv")):
            with place.open(encoding="utf-8", newline="") as file:
                found[place.stem.removeprefix(f"{path.stem}-")] = list(csv.reader(file))
        return found

    return read


def test_the_tables_of_the_board(extract, opened, tmp_path):
    tables = report_workbook(extract, tmp_path / "board.xlsx", as_at=AS_AT, preset="board")
    sheets = opened(tmp_path / "board.xlsx")
    assert {"Cover", "Contents", "Notes"} < set(sheets)
    assert len(sheets) == 3 + len(tables)
    ages = [row[:2] for row in sheets["open_by_age"]]
    for band, count in zip(tables["open_by_age"]["age_band"], tables["open_by_age"]["open"], strict=True):
        assert [str(band), str(count)] in ages


def test_a_working_list_keeps_its_ids_and_days(extract, opened, tmp_path):
    tracked = track(extract.cases, as_at=AS_AT)
    listed = tracked[["case_id", "plan_final_due"]].head(3).assign(case_id=["007", "1E5", "=1+1"])
    workbook({"list": listed}, tmp_path / "list.xlsx", audience="internal", title="List")
    rows = opened(tmp_path / "list.xlsx")["list"]
    expected = [
        [name, f"{day:%Y-%m-%d}"]
        for name, day in zip(listed["case_id"], listed["plan_final_due"], strict=True)
    ]
    assert rows == [["case_id", "plan_final_due"], *expected]
