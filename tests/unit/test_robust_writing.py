"""A full disk, a folder or file that cannot be written, odd names, line ends, clocks and languages: a sentence, and never half a file."""

import errno
import os
import resource
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import InputError
from ehcptime.outputs.drawing import _write as write_picture
from ehcptime.outputs.files import write_table
from ehcptime.outputs.report import Report
from ehcptime.outputs.workbook import workbook
from ehcptime.records.reading import read_extract
from ehcptime.records.saving import saving
from ehcptime.records.sen2.blade_writing import write_blade
from ehcptime.records.sen2.workbook import write_sheets
from ehcptime.records.sen2.xml_writing import write_xml
from ehcptime.records.whole import UNFINISHED, whole

AS_AT = date(2025, 3, 31)
COMMAND = Path(sys.executable).with_name("ehcptime")
# More than the buffers of a file hold, and nothing that packs well.
TABLE = pd.DataFrame({"case_id": [f"{number * 7919 % 100_003:05}" for number in range(20_000)]})
FIGURES = pd.DataFrame({"area": [f"{number * 7919 % 100_003:05}" for number in range(500)], "weeks": 20.5})
EXTRACT = simulate(300, as_at=AS_AT, seed=3)
PAGE = Report("board", "public", AS_AT, "<p>words</p>" * 20_000, {})
WRITERS = {
    "list.csv": lambda path: write_table(TABLE, path),
    "list.json": lambda path: write_table(TABLE, path),
    "list.xlsx": lambda path: write_table(TABLE, path),
    "list.parquet": lambda path: write_table(TABLE, path),
    "page.html": PAGE.save,
    "chart.png": lambda path: write_picture(path, bytes(100_000)),
    "return.xml": lambda path: write_xml(EXTRACT, path, as_at=AS_AT),
    "return.xlsx": lambda path: write_sheets(EXTRACT, path),
    "tables.xlsx": lambda path: workbook({"Figures": FIGURES}, path, audience="internal", title="Figures"),
}


@contextmanager
def files_of_at_most(size):
    """Let no file of this process grow past a size: what a full disk does to a write, and as root too."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.parametrize("name", WRITERS)
def test_a_disk_that_fills_up_leaves_the_old_file_and_says_so(name, tmp_path):
    target = tmp_path / name
    target.write_text("as it was")
    with files_of_at_most(4096), pytest.raises(InputError, match=rf"^{name} cannot be written: .+; "):
        WRITERS[name](target)
    assert target.read_text() == "as it was"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_written_is_for_its_owner_alone_and_nothing_is_left_beside_it(name, tmp_path):
    WRITERS[name](tmp_path / name)
    (found,) = tmp_path.iterdir()
    assert found.name == name
    assert found.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_folder_that_cannot_be_written_is_one_sentence(number, tmp_path, monkeypatch):
    # Root may write where others may not, so the answer of the system is put in its mouth.
    def refused(*_, **__):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("ehcptime.records.whole.os.open", refused)
    for name, write in WRITERS.items():
        with pytest.raises(InputError, match=rf"^{name} cannot be written: {os.strerror(number)}; "):
            write(tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_that_another_program_holds_is_one_sentence_and_stays(name, tmp_path, monkeypatch):
    def held(*_, **__):
        raise PermissionError(errno.EACCES, "it is open in another program")

    target = tmp_path / name
    target.write_text("as it was")
    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(InputError, match="cannot be written: it is open in another program"):
        WRITERS[name](target)
    assert target.read_text() == "as it was"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="^the folder out cannot be made: Not a directory$"):
        write_blade(EXTRACT, tmp_path / "file" / "out", as_at=AS_AT)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, MemoryError, GeneratorExit, SystemExit])
def test_whatever_stops_a_write_leaves_nothing(stop, tmp_path):
    target = tmp_path / "a.txt"
    with pytest.raises(stop):
        _stopped(target, stop)
    assert not list(tmp_path.iterdir())


def _stopped(target, stop):
    with whole(target) as place:
        place.write_text("half")
        assert place.stat().st_mode & 0o777 == 0o600
        assert place.name.startswith(UNFINISHED)
        raise stop


def test_an_interruption_while_the_file_is_made_leaves_nothing(tmp_path, monkeypatch):
    made = os.open

    def interrupted(*how):
        os.close(made(*how))
        raise KeyboardInterrupt

    monkeypatch.setattr("ehcptime.records.whole.os.open", interrupted)
    with pytest.raises(KeyboardInterrupt), whole(tmp_path / "a.txt"):
        pass
    assert not list(tmp_path.iterdir())


LONGEST = "ä" * 125 + ".csv"  # 254 bytes of the 255 that a name may have


@pytest.mark.parametrize("name", ["Zoë – 漢字 🙂.csv", "with 'quotes' & %20.csv", LONGEST, "-rf.csv"])
def test_an_odd_or_long_name_is_written_and_read_again(name, tmp_path):
    folder = tmp_path.joinpath(*["école " * 30] * 5)  # a place of about a thousand bytes
    folder.mkdir(parents=True)
    frame = pd.DataFrame({"case_id": ["é1"], "received_date": pd.to_datetime(["2025-04-02"])})
    write_table(frame, folder / name)
    assert [path.name for path in folder.iterdir()] == [name]
    assert read_extract(folder / name).cases["case_id"].tolist() == ["é1"]


def test_a_name_that_is_too_long_is_one_sentence(tmp_path):
    with (
        pytest.raises(InputError, match="cannot be written: File name too long; "),
        saving(tmp_path / ("x" * 300)) as place,
    ):
        place.write_text("done")
    assert not list(tmp_path.iterdir())


def test_line_ends_of_windows_change_nothing(tmp_path):
    lines = [
        "Requests at May",
        "",
        "case_id,received_date,team",
        '1,28/04/2025,"North, East"',
        "2,29/04/2025,",
        "Total,2,",
    ]
    found = []
    for name, end in (("unix.csv", "\n"), ("windows.csv", "\r\n")):
        (tmp_path / name).write_text(end.join([*lines, ""]), encoding="utf-8", newline="")
        found.append(read_extract(tmp_path / name).cases)
    pd.testing.assert_frame_equal(*found)
    assert found[0]["team"].tolist() == ["North, East", None] or found[0]["team"].isna().tolist() == [
        False,
        True,
    ]


def _answers(folder, out, **env):
    out.mkdir()
    for command, name in (("track", "cases.csv"), ("timeliness", "figures.json"), ("report", "page.html")):
        said = [COMMAND, command, folder, "--as-at", "2025-03-31", "--out", out / name]
        subprocess.run(said, env={**os.environ, **env}, check=True, capture_output=True)
    return {path.name: path.read_bytes() for path in out.iterdir()}


def test_no_clock_and_no_language_of_the_machine_changes_an_answer(tmp_path):
    write_blade(EXTRACT, tmp_path / "extract", as_at=AS_AT)
    plain = _answers(tmp_path / "extract", tmp_path / "plain", TZ="UTC", LC_ALL="C.UTF-8")
    east = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "tr_TR.ISO8859-9", "PYTHONUTF8": "0"}
    west = {"TZ": "nonsense/99", "LC_ALL": "nonsense", "LANG": "", "PYTHONHASHSEED": "7"}
    assert {"cases.csv", "page.html"} < set(plain)
    assert _answers(tmp_path / "extract", tmp_path / "east", **east) == plain
    assert _answers(tmp_path / "extract", tmp_path / "west", **west) == plain
