"""Files of text at their edges: what is no table, what is a folder, and what another delimiter would make of a line."""

import tomllib

import pytest

from ehcptime.errors import InputError
from ehcptime.records.proposals import propose_mapping
from ehcptime.records.reading import read_extract
from ehcptime.records.texts import read_csv


def test_a_cell_longer_than_any_cell_is_no_table(tmp_path):
    (tmp_path / "a.csv").write_text(f"case_id,received_date\n1,2025-04-02\n{'x' * 200_000},2025-04-02\n")
    with pytest.raises(InputError, match=r"a\.csv is not a table: its lines cannot be split into cells"):
        read_extract(tmp_path / "a.csv")


def test_a_folder_where_a_file_belongs_is_refused(tmp_path):
    with pytest.raises(InputError, match=f"{tmp_path.name} cannot be opened as a file"):
        read_csv(tmp_path)
    with pytest.raises(InputError, match=r"there is no file b\.csv"):
        read_csv(tmp_path / "b.csv")


def test_nothing_at_a_path_is_said(tmp_path):
    with pytest.raises(InputError, match="there is no file or folder nowhere"):
        read_extract(
            tmp_path / "nowhere", mapping={"cases": {"columns": {"case_id": "a", "received_date": "b"}}}
        )


def test_a_file_that_only_one_delimiter_divides_is_proposed_by_that_one(tmp_path):
    lines = [f"{number};02/04/2025, noon;13/05/2025;Y;one, two, three" for number in range(20, 29)]
    text = "\n".join(["Case Ref, number;Date Received, first;Decision date;Decision;Team", *lines]) + "\n"
    (tmp_path / "a.csv").write_text(text)
    assert (
        tomllib.loads(propose_mapping(tmp_path / "a.csv"))["cases"]["columns"]["case_id"]
        == "Case Ref, number"
    )


def test_codes_that_are_the_contracts_own_need_no_line_in_a_proposal(tmp_path):
    rows = [
        f"{number},{number:02}/04/2025,{code}" for number, code in zip(range(1, 20), "YN" * 9, strict=False)
    ]
    (tmp_path / "a.csv").write_text("\n".join(["Case Ref,Date Received,Decision", *rows]) + "\n")
    proposed = tomllib.loads(propose_mapping(tmp_path / "a.csv"))["cases"]
    assert proposed["columns"]["request_outcome"] == "Decision"
    assert "codes" not in proposed


@pytest.mark.parametrize("content", ["\n\n\n", '""\n""\n'])
def test_a_file_of_lines_that_hold_nothing_is_empty(tmp_path, content):
    (tmp_path / "a.csv").write_text(content)
    with pytest.raises(InputError, match=r"a\.csv is empty"):
        read_csv(tmp_path / "a.csv")


def test_a_title_that_goes_over_two_lines_stands_above_the_header_wherever_it_begins(tmp_path):
    title = ',"Requests,\nby month, as at May",'
    (tmp_path / "a.csv").write_text(f"{title}\ncase_id,received_date,team\n1,2025-04-02,North\n")
    assert read_extract(tmp_path / "a.csv").cases["team"].tolist() == ["North"]
    (tmp_path / "a.csv").write_text(f"{title}\ncase_id,received_date,team\n1,2025-04-02,North,3\n")
    with pytest.raises(InputError, match="line 3 has 4 cells where the first has 3"):
        read_extract(tmp_path / "a.csv")
