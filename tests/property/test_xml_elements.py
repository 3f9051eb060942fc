"""Records of a return in XML are those that a plain walk of the whole tree finds, wherever the file is cut into blocks."""

from collections import Counter
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ehcptime.errors import InputError
from ehcptime.records.sen2 import xml_blocks
from ehcptime.records.sen2.xml_reading import read_tables

MODULES = {
    "Person": "persontableid",
    "Requests": "requeststableid",
    "Assessment": "assessmenttableid",
    "NamedPlan": "namedplantableid",
}
WANTED = {
    "Person": ["PersonBirthDate"],
    "Requests": ["ReceivedDate", "RYA", "RequestOutcome"],
    "Assessment": ["Week20", "AssessmentOutcome"],
    "NamedPlan": ["StartDate"],
}
TEXTS = [
    "",
    "1",
    " Y ",
    "\n  \n",
    "&lt;RYA>",
    "<![CDATA[<RYA>0</RYA>]]>",
    "1<!-- <Person> -->0",
    "A<?pi?>B",
    "&#233;",
]
items = st.sampled_from([*(item for wanted in WANTED.values() for item in wanted), "Surname", "URN", "LEA"])
leaves = st.builds("<{0} a='>'>{1}</{0}>".format, items, st.sampled_from(TEXTS))


def containers(inner):
    tags = st.sampled_from([*MODULES, "Requests", "PlanDetail"])
    return st.builds(
        lambda tag, gap, children: f"<{tag}>{gap}{gap.join(children)}</{tag}>",
        tags,
        st.sampled_from(["", "\n  ", "note"]),
        st.lists(inner, max_size=4),
    )


elements = st.recursive(leaves, containers, max_leaves=12)


def walk(element, ties, owner, tables, unused):
    """Put down what an element is, then what is in it."""
    if element.tag in MODULES:
        rows = tables[element.tag]
        ties = dict(ties)
        ties[MODULES[element.tag]] = str(len(rows) + 1)
        owner = (element.tag, dict(ties))
        rows.append(owner[1])
    elif not len(element) and owner:
        tag, row = owner
        if element.tag in WANTED[tag]:
            assume(element.tag not in row)
            row[element.tag] = (element.text or "").strip()
        elif (element.text or "").strip():
            unused[tag, element.tag] += 1
    for child in element:
        walk(child, ties, owner, tables, unused)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(elements, min_size=1, max_size=5),
    st.sampled_from([5, 40, 1 << 14]),
    st.sampled_from([1, 9, 50_000]),
)
def test_every_record_is_where_a_plain_walk_finds_it(tmp_path, children, block, at_once):
    path = tmp_path / "return.xml"
    path.write_text(f"<Message>{''.join(children)}</Message>", encoding="utf-8")
    expected, unused = {name: [] for name in MODULES}, Counter()
    walk(ET.parse(path).getroot(), {}, None, expected, unused)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xml_blocks, "_BLOCK", block)
        patch.setattr(xml_blocks, "_AT_ONCE", at_once)
        tables = read_tables(path)
    for name, rows in expected.items():
        frame = tables.frame(name.lower())
        assert len(frame) == len(rows)
        for heading in frame:
            assert frame[heading].tolist() == [row.get(heading, "") for row in rows], (name, heading)
        counted = {tag: n for (module, tag), n in unused.items() if module == name}
        assert dict(tables.unused[name.lower()]) == counted


PERSON = "<Person><Surname>A</Surname><Requests><ReceivedDate>2024-01-08</ReceivedDate></Requests></Person>\n"


def refusal(path, text):
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_tables(path)
    return str(error.value)


def test_a_refusal_names_the_line_at_which_its_record_begins(tmp_path):
    twice = "<Person>\n<Requests><RYA>1</RYA>\n<RYA>0</RYA></Requests></Person>"
    said = refusal(tmp_path / "x.xml", f"<M><Persons>\n{PERSON * 700}{twice}</Persons></M>")
    assert said == "x.xml has two RYA in one record, line 703: it is not a SEN2 return"


@pytest.mark.parametrize("piece", ["<Requests/>", "<Surname>A</Surname>", "x" * 100, "<Box>"])
def test_a_record_that_goes_on_and_on_is_refused_before_it_is_held(tmp_path, monkeypatch, piece):
    monkeypatch.setattr(xml_blocks, "_LARGEST", 100_000)
    path = tmp_path / "x.xml"
    said = refusal(path, f"<M><Persons>{PERSON}<Person>{piece * 100_000}")
    assert "has a record or a text of more than" in said or "more than 100 deep" in said


def test_what_stands_outside_of_records_is_not_held_either(tmp_path, monkeypatch):
    monkeypatch.setattr(xml_blocks, "_LARGEST", 100_000)
    path = tmp_path / "x.xml"
    path.write_text(
        f"<M>{'<Note>x</Note>' * 50_000}<Persons>{PERSON * 3_000}</Persons></M>", encoding="utf-8"
    )
    assert read_tables(path).counts["person"] == 3_000


def test_a_document_type_is_refused_however_late_it_stands_and_in_any_encoding(tmp_path):
    path = tmp_path / "x.xml"
    for encoding in ("utf-8", "utf-16", "latin-1"):
        text = f'<?xml version="1.0" encoding="{encoding}"?><!--{"x" * 40_000}-->\n<!DOCTYPE M [<!ENTITY a "b">]><M/>'
        path.write_bytes(text.encode(encoding))
        with pytest.raises(InputError, match="declares a document type or an entity, line 2: it is not"):
            read_tables(path)


def test_an_encoding_that_is_not_known_is_refused(tmp_path):
    for encoding in ("nosuch", "utf-7", "big5"):
        said = refusal(tmp_path / "x.xml", f'<?xml version="1.0" encoding="{encoding}"?><M/>')
        assert "\n" not in said


@pytest.mark.parametrize("opened", ["<Surname a='", "<Surname", "<!--", "<!-- <a>", "<![CDATA[>", "<?pi "])
def test_what_is_opened_and_never_closed_is_not_read_again_with_every_block(tmp_path, monkeypatch, opened):
    fed = []

    class Counted(ET.XMLParser):
        def feed(self, block):
            fed.append(len(block))
            super().feed(block)

    monkeypatch.setattr(xml_blocks.ET, "XMLParser", Counted)
    said = refusal(tmp_path / "x.xml", f"<M><Persons>{PERSON}<Person>{opened}{' x>' * 3_000_000}")
    assert "has a record or a text of more than 8 million bytes" in said or "not well-formed" in said
    assert (
        len(fed) < 20
    )  # each is at least as long as all that is open, so none is parsed more than twice over
