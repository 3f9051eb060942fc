"""Personal details planted in every format, in their own columns and in wrong ones, are in nothing that is said or kept."""

import logging
import traceback
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from ehcptime.errors import InputError
from ehcptime.records.doors import read_any
from ehcptime.records.extract import Extract
from ehcptime.records.proposals import propose_mapping
from ehcptime.records.reading import read_extract
from ehcptime.records.sen2.blade_writing import write_blade
from ehcptime.records.sen2.labelled import write_labelled
from ehcptime.records.sen2.returns import read_sen2
from ehcptime.records.sen2.template import write_template
from ehcptime.records.sen2.workbook import write_sheets
from ehcptime.records.sen2.xml_writing import write_xml
from ehcptime.records.workbooks import read_workbook, write_workbook

AS_AT = date(2025, 6, 30)
# Nobody has these: the name is made up, and the numbers are of the ranges that are never given out.
PLANTED = {
    "name": "Sunny Quillfeather",
    "surname": "Quillfeather",
    "upn": "Z938000099001",
    "uln": "9900000011",
    "nhs": "999 123 4561",
    "postcode": "ZZ99 3VZ",
    "email": "sunny@quillfeather.example",
    "born": "2015-03-17",
}
MARKS = (
    "Quillfeather",
    "quillfeather",
    "Z9380000",
    "9900000011",
    "999 123",
    "ZZ99",
    "2015-03-17",
    "17/03/2015",
)
HEADINGS = [
    "Forename",
    "Surname",
    "UPN",
    "UniqueLearnerNumber",
    "NHS Number",
    "PostCode",
    "Email",
    "Date of Birth",
]
CELLS = [PLANTED[key] for key in ("name", "surname", "upn", "uln", "nhs", "postcode", "email", "born")]
MAPPING = {
    "cases": {
        "columns": {
            name: name
            for name in (
                "case_id",
                "received_date",
                "request_outcome",
                "request_outcome_date",
                "week20",
                "person_id",
            )
        }
    }
}


def caseload(**wrong):
    cases = pd.DataFrame(
        {
            "case_id": ["1", "2", "3"],
            "person_id": ["11", "12", "13"],
            "received_date": pd.to_datetime(["2025-01-06", "2025-01-07", "2025-01-28"]),
            "request_outcome": ["Y", "N", "A"],
            "request_outcome_date": pd.to_datetime(["2025-02-20", "2025-02-11", None]),
            "assessment_outcome": ["A", None, None],
            "assessment_outcome_date": pd.to_datetime([None, None, None]),
            "week20": [0, None, None],
            "plan_start_date": pd.to_datetime([None, None, None]),
        }
    )
    for column, value in wrong.items():
        cases[column] = cases[column].astype(object)
        cases.loc[1, column] = value
    return Extract(cases)


def said(read, path, caplog, capsys):
    """Give everything that reading says: the error with its traceback, or the report and the repr; log and screen."""
    caplog.set_level(logging.DEBUG)
    try:
        extract = read(path)
        told = extract.reading.to_csv() + repr(extract) + str(extract)
        kept = extract.cases.to_csv()
    except InputError as error:
        told = "".join(traceback.format_exception(error)) + repr(error)
        kept = ""
    printed = capsys.readouterr()
    names = " ".join(str(found.relative_to(path.parent)) for found in path.parent.rglob("*"))
    return told + caplog.text + printed.out + printed.err + names, kept


def with_columns(path, rows):
    """Add the personal columns to a CSV file."""
    head, *body = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    path.write_text(
        "\n".join([",".join([head, *HEADINGS]), *(",".join([row, *CELLS]) for row in body)]) + "\n", "utf-8"
    )
    assert len(body) >= rows


def write_blade_with(folder, extract):
    write_blade(extract, folder, as_at=AS_AT)
    for path in folder.glob("Blade*_person.csv"):
        with_columns(path, 1)
    for path in folder.glob("Blade*_requests.csv"):
        with_columns(path, 1)


def write_labelled_with(headings):
    def write(folder, extract):
        write_labelled(extract, folder, headings=headings)
        for path in folder.glob("*.csv"):
            if path.name not in (
                "cases_local.csv",
                "advice.csv",
                "exemptions.csv",
                "closures.csv",
                "events.csv",
            ):
                with_columns(path, 0)

    return write


def write_xml_with(path, extract):
    write_xml(extract, path, as_at=AS_AT)
    tags = "".join(
        f"<{h.replace(' ', '')}>{c}</{h.replace(' ', '')}>" for h, c in zip(HEADINGS, CELLS, strict=True)
    )
    path.write_text(path.read_text(encoding="utf-8").replace("<Person>", f"<Person>{tags}"), encoding="utf-8")


def write_book_with(writer):
    """Add the personal columns to every table of a workbook; a row with a single cell is the title of one."""

    def write(path, extract):
        writer(path, extract)
        sheets = {}
        for name, rows in read_workbook(path).items():
            titled = [n for n, row in enumerate(rows) if sum(map(bool, row)) == 1]
            heads = {n + 1 for n in titled} if titled else {0}
            sheets[name] = [
                row if n in titled or not any(row) else [*row, *(HEADINGS if n in heads else CELLS)]
                for n, row in enumerate(rows)
            ]
        write_workbook(sheets, path)

    return write


def write_local(path, extract):
    cases = extract.cases.copy()
    for name in cases.select_dtypes("datetime").columns:
        cases[name] = cases[name].dt.strftime("%d/%m/%Y")
    for heading, cell in zip(HEADINGS, CELLS, strict=True):
        cases[heading] = cell
    cases.to_csv(path, index=False)


def write_local_book(path, extract):
    write_local(path.with_suffix(".csv"), extract)
    rows = [line.split(",") for line in path.with_suffix(".csv").read_text().rstrip("\n").split("\n")]
    path.with_suffix(".csv").unlink()
    write_workbook({"Cases": [["A title"], [], *rows]}, path)


FORMATS = {
    "blade": ("out", write_blade_with, read_sen2),
    "d2i": ("out", write_labelled_with("d2i"), read_sen2),
    "ssd": ("out", write_labelled_with("ssd"), read_sen2),
    "xml": ("return.xml", write_xml_with, read_sen2),
    "workbook": ("book.xlsx", write_book_with(lambda path, extract: write_sheets(extract, path)), read_sen2),
    "template": (
        "book.xlsx",
        write_book_with(lambda path, extract: write_template(extract, path, as_at=AS_AT)),
        read_sen2,
    ),
    "contract": ("local.csv", write_local, read_any),
    "mapped": ("local.csv", write_local, lambda path: read_extract(path, mapping=MAPPING)),
    "local workbook": ("local.xlsx", write_local_book, read_any),
}
WRONG = [
    {},
    {"received_date": PLANTED["name"]},
    {"request_outcome_date": PLANTED["email"]},
    {"request_outcome_date": PLANTED["nhs"]},
    {"request_outcome": PLANTED["upn"]},
    {"assessment_outcome": PLANTED["name"]},
    {"week20": PLANTED["name"]},
    {"case_id": PLANTED["upn"]},
    {"case_id": PLANTED["name"], "person_id": PLANTED["uln"]},
    {"person_id": PLANTED["nhs"]},
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: "-".join(wrong) or "none")
@pytest.mark.parametrize("name", FORMATS)
def test_nothing_personal_is_said(tmp_path, caplog, capsys, name, wrong):
    target, write, read = FORMATS[name]
    write(tmp_path / target, caseload(**wrong))
    told, kept = said(read, tmp_path / target, caplog, capsys)
    assert not [mark for mark in MARKS if mark in told]
    if not wrong:
        assert kept.count("\n") == 4
        assert not [mark for mark in MARKS if mark in kept]
    for shape in ("UPN", "ULN or an NHS number"):
        given = [wrong.get("case_id"), wrong.get("person_id")]
        planted = {"UPN": PLANTED["upn"], "ULN or an NHS number": PLANTED["uln"]}[shape]
        carried = planted in kept
        assert (shape in told) or not (planted in given and carried)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("case_id,received_date,case_id\n{name},2025-01-06,{upn}\n", "more than once"),
        ("case_id,received_date\n{name},2025-01-06,{upn},x\n", "line 2 has 4 cells"),
        ('case_id,received_date\n"{name},2025-01-06\n', "quotation mark"),
        ("case_id,received_date\n{name},03/04/2025\n", "can be read day first"),
        ("case_id,DOB,received_date\n{name},03/04/2015,2025-01-06\n", "values not shown"),
    ],
)
def test_no_refusal_repeats_a_cell(tmp_path, caplog, capsys, text, match):
    path = tmp_path / "local.csv"
    path.write_text(text.format(**PLANTED))
    told, _ = said(read_extract, path, caplog, capsys)
    assert match in told
    assert not [mark for mark in MARKS if mark in told]


def test_two_requests_of_one_id_are_named_by_their_rows(tmp_path, caplog, capsys):
    write_blade(caseload(), tmp_path / "out", as_at=AS_AT)
    (path,) = (tmp_path / "out").glob("Blade*_requests.csv")
    lines = path.read_text().replace("\n1,", f"\n{PLANTED['upn']},").replace("\n2,", f"\n{PLANTED['upn']},")
    path.write_text(lines)
    told, _ = said(read_sen2, tmp_path / "out", caplog, capsys)
    assert "rows 2, 3: the same id stands for different requests" in told
    assert "Z9380000" not in told


def test_a_proposal_shows_no_value_shaped_like_a_child(tmp_path):
    path = Path(tmp_path, "local.csv")
    rows = "".join(f"{n},2025-04-0{n},{PLANTED['name']},{PLANTED['upn']}\n" for n in range(1, 6))
    path.write_text("Ref,Received,Decision,Exceptions\n" + rows)
    text = propose_mapping(path)
    assert not [mark for mark in MARKS if mark in text]
