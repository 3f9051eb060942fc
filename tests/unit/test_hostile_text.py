"""Text that no caseload is made of is refused in one sentence, in any encoding, without being held in memory."""

import tracemalloc

import pytest

from ehcptime.errors import InputError
from ehcptime.records.reading import read_extract

HEAD = "case_id,received_date,team\n1,2025-04-28,"
ENCODINGS = ["utf-8", "utf-8-sig", "cp1252", "utf-16"]
MILLION = 1 << 20


@pytest.fixture
def path(tmp_path):
    return tmp_path / "local.csv"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_text_and_formulas_are_read_as_they_stand(path, encoding):
    path.write_text(HEAD + 'Nørth – £\n2,2025-04-29,"=HYPERLINK(""x"")"\n3,2025-04-30,@SUM(1)\n', encoding)
    read = read_extract(path).cases
    assert read["team"].tolist() == ["Nørth – £", '=HYPERLINK("x")', "@SUM(1)"]
    assert read["received_date"].dt.day.tolist() == [28, 29, 30]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_nul_is_refused(path, encoding):
    path.write_bytes((HEAD + "No\0rth\n").encode(encoding))
    with pytest.raises(InputError, match=r"local\.csv holds NUL bytes"):
        read_extract(path)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("before", [0, 30_000])  # lines of sense above it, so that it begins in another block
def test_an_endless_line_is_refused_and_never_held(path, encoding, before):
    lines = "1,2025-04-28,North,and more than one block of sense above it\n" * before
    with path.open("wb") as file:
        file.write((HEAD + "North\n" + lines + "2,2025-04-29,").encode(encoding))
        for _ in range(48):
            file.write(("x" * MILLION).encode(encoding.replace("utf-16", "utf-16-le").removesuffix("-sig")))
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="a line of more than a million characters"):
            read_extract(path)
        assert tracemalloc.get_traced_memory()[1] < 12 * MILLION  # the line alone is 48 or 96
    finally:
        tracemalloc.stop()


def test_what_is_marked_as_utf_16_and_is_not_is_refused(path):
    path.write_bytes(b"\xff\xfe" + b"\x00\xd8" * 3)
    with pytest.raises(InputError, match="is marked as UTF-16 and is not"):
        read_extract(path)


def test_the_longest_line_that_is_read(path):
    path.write_text(HEAD + "x" * (100_000) + "\n", "utf-16")
    assert len(read_extract(path).cases["team"][0]) == 100_000
