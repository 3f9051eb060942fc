"""What damaged inputs had broken (`python -m tools.fuzz`): each is refused now, in one sentence, and no date is lost without a word."""

import signal

import pandas as pd
import pytest
from tools import fuzz_readers, fuzz_run

from ehcptime.records.dates import read_dates

READERS = {reader.name.replace(" ", "_"): reader for reader in fuzz_readers.readers()}
FOUND = sorted((fuzz_readers.CORPUS / "found").iterdir())


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_broke_a_reader_is_refused(path, tmp_path):
    signal.signal(signal.SIGPROF, fuzz_run.too_long)
    reader = READERS[path.name.partition("-")[0]]
    said = fuzz_run.tried(reader.name, lambda: reader.read(path.read_bytes(), tmp_path), 10)
    assert said.startswith("refused: ")


@pytest.mark.parametrize("text", ["0000-00-00", "0000-02-0 00:00", "0 Sep 0000"])
def test_a_day_of_nothing_but_noughts_is_told_and_not_taken_for_a_blank(text):
    reading = read_dates(pd.Series(["2025-04-02", text, ""]), column="received_date")
    assert reading.issues[["row", "why"]].to_numpy().tolist() == [[1, "no such day"]]
    assert reading.dates.isna().tolist() == [False, True, True]
