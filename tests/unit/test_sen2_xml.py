from datetime import date

import pandas as pd
import pytest

from ehcptime.errors import InputError
from ehcptime.records.extract import Extract
from ehcptime.records.sen2.returns import read_sen2
from ehcptime.records.sen2.xml_writing import write_xml

# Typed by hand from the structure of the return, not made by the writer. Every person is invented.
OLD_STYLE = """\
<?xml version="1.0" encoding="UTF-8"?>
<Message>
  <Header>
    <CollectionDetails><Collection>SEN2</Collection><Year>2023</Year><ReferenceDate>2023-01-19</ReferenceDate></CollectionDetails>
    <Source><SourceLevel>L</SourceLevel><LEA>938</LEA><SoftwareCode>x</SoftwareCode><Release>1</Release><SerialNo>1</SerialNo><DateTime>2023-02-20T09:30:00</DateTime></Source>
  </Header>
  <Persons>
    <Person>
      <FamilyName>Quillfeather</FamilyName><Firstname>Sunny</Firstname><PersonBirthDate>2015-03-01</PersonBirthDate>
      <GenderCurrent>F</GenderCurrent><Ethnicity>WBRI</Ethnicity><PostCode>ZZ99 3VZ</PostCode><UPN>Z938000099001</UPN>
      <Requests>
        <ReceivedDate>2022-01-10</ReceivedDate><RYA>0</RYA><RequestOutcomeDate>2022-02-21</RequestOutcomeDate>
        <RequestOutcome>N</RequestOutcome><RequestMediation>1</RequestMediation><RequestTribunal>0</RequestTribunal>
      </Requests>
      <Requests>
        <ReceivedDate>2022-09-28</ReceivedDate><RYA>0</RYA><RequestOutcomeDate>2022-11-04</RequestOutcomeDate>
        <RequestOutcome>Y</RequestOutcome><Exported/>
        <Assessment>
          <AssessmentOutcome>Y</AssessmentOutcome><AssessmentOutcomeDate>2022-12-15</AssessmentOutcomeDate>
          <Week20>1</Week20>
          <NamedPlan>
            <StartDate>2023-01-04</StartDate><PlanRes>A</PlanRes>
            <PlanDetail><URN>100000</URN><SENSetting>OTH</SENSetting></PlanDetail>
          </NamedPlan>
        </Assessment>
        <ActivePlans>
          <TransferLA/><PlacementDetail><URN>100000</URN><EntryDate>2020-09-01</EntryDate></PlacementDetail>
          <SENneed><SENtype>ASD</SENtype><SENtypeRank>2</SENtypeRank></SENneed>
          <SENneed><SENtype>SLCN</SENtype><SENtypeRank>1</SENtypeRank></SENneed>
        </ActivePlans>
      </Requests>
    </Person>
  </Persons>
</Message>
"""
NEW_STYLE = """\
<Message xmlns="urn:sen2"><Header><Source><LEA>938</LEA></Source></Header><Persons>
<Person><Surname>Marrowby</Surname><Forename>Cloudy</Forename><Sex>M</Sex><Ethnicity>REFU</Ethnicity><UPNunknown>UN1</UPNunknown>
<Requests><ReceivedDate>2025-02-03</ReceivedDate><RequestSource>2</RequestSource><RYA>0</RYA><RequestOutcome>H</RequestOutcome>
<Assessment><AssessmentOutcome>A</AssessmentOutcome></Assessment></Requests></Person></Persons></Message>
"""


@pytest.fixture
def xml(tmp_path):
    def written(text, encoding="utf-8"):
        (tmp_path / "return.xml").write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return tmp_path / "return.xml"

    return written


def cells(frame, names):
    return {name: [None if pd.isna(value) else value for value in frame[name]] for name in names}


def values(extract, name):
    return [None if pd.isna(value) else value for value in extract.cases[name]]


def test_a_return_of_the_first_years_reads_right(xml):
    extract = read_sen2(xml(OLD_STYLE))
    assert values(extract, "case_id") == ["1", "2"]
    assert values(extract, "person_id") == ["1", "1"]
    assert values(extract, "la_code") == ["938", "938"]
    assert values(extract, "received_date") == [pd.Timestamp("2022-01-10"), pd.Timestamp("2022-09-28")]
    assert values(extract, "request_outcome") == ["N", "Y"]
    assert values(extract, "request_mediation") == [1, None]
    assert values(extract, "assessment_outcome_date") == [None, pd.Timestamp("2022-12-15")]
    assert values(extract, "week20") == [None, 1]
    assert values(extract, "plan_start_date") == [None, pd.Timestamp("2023-01-04")]
    assert values(extract, "primary_need") == [None, "SLCN"]
    assert values(extract, "age_at_request") == [6, 7]
    assert values(extract, "sex") == ["F", "F"]
    assert values(extract, "ethnicity") == ["WBRI", "WBRI"]
    assert values(extract, "exported") == [None, None]
    assert extract.extracted_on == date(2023, 2, 20)


def test_a_return_of_the_latest_year_reads_right_with_a_namespace(xml):
    extract = read_sen2(xml(NEW_STYLE))
    assert values(extract, "request_source") == ["2"]
    assert values(extract, "request_outcome") == ["H"]
    assert values(extract, "assessment_outcome") == ["A"]
    assert (values(extract, "sex"), values(extract, "ethnicity")) == (["M"], ["REFU"])
    assert extract.extracted_on is None


def test_no_personal_detail_is_kept(xml):
    extract = read_sen2(xml(OLD_STYLE))
    seen = extract.cases.to_csv() + extract.reading.to_csv() + repr(extract)
    for secret in ("Quillfeather", "Sunny", "ZZ99", "Z938000099001", "2015"):
        assert secret not in seen
    assert {"FamilyName", "PostCode", "PlanRes"} <= set(extract.reading["column"])


def test_other_encodings_are_read(xml):
    for encoding in ("utf-16", "windows-1252", "iso-8859-1"):
        text = OLD_STYLE.replace('encoding="UTF-8"', f'encoding="{encoding}"').replace("Sunny", "Zoë")
        assert len(read_sen2(xml(text, encoding)).cases) == 2


LAUGHS = """<?xml version="1.0"?><!DOCTYPE Message [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>
<Message><Persons><Person><Surname>&b;</Surname></Person></Persons></Message>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<Message><Persons><Person><Surname>&x;</Surname></Person></Persons></Message>"""
ONE = "<Message><Persons><Person>{}</Person></Persons></Message>"


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (LAUGHS, "document type or an entity, line 1"),
        (OUTSIDE, "document type or an entity"),
        (ONE.format("<Requests>"), "not well-formed"),
        (OLD_STYLE[:-20], "not well-formed"),
        (ONE.format("&nope;"), "not well-formed"),
        ("<Message><Header/></Message>", "no Person"),
        ("<html><body>hello</body></html>", "no Person"),
        (ONE.format("<Requests>" * 30 + "</Requests>" * 30), "more than 10 deep"),
        (ONE.format(f"<Surname>{'x' * 20_000}</Surname>"), "more than 10000 characters"),
        (ONE.format("<Requests><RYA>1</RYA><RYA>0</RYA></Requests>"), "two RYA in one record"),
        (ONE.format("".join(f"<t{n}/>" for n in range(1100))), "different tags"),
        ("", "is empty"),
    ],
)
def test_what_is_not_a_return_is_refused_in_one_sentence(xml, text, match):
    with pytest.raises(InputError, match=match) as error:
        read_sen2(xml(text))
    assert "\n" not in str(error.value)
    assert "hostname" not in str(error.value)


def test_an_ambiguous_date_is_refused_with_the_argument_that_settles_it(xml):
    text = OLD_STYLE.replace("2022-01-10", "03/04/2022")
    with pytest.raises(InputError, match='order="day_first"'):
        read_sen2(xml(text))
    assert values(read_sen2(xml(text), order="day_first"), "received_date")[0] == pd.Timestamp("2022-04-03")


def test_what_is_written_reads_back(tmp_path):
    dates = pd.to_datetime(["2024-01-08", "2024-02-29", "2024-03-01"]).astype("datetime64[s]")
    cases = pd.DataFrame(
        {
            "case_id": ["1", "2", "3"],
            "received_date": dates,
            "person_id": ["1", "1", "2"],
            "la_code": "938",
            "request_source": ["1", "<&>", None],
            "request_outcome": ["Y", None, "N"],
            "request_outcome_date": [dates[1], None, dates[2]],
            "assessment_outcome": ["Y", None, None],
            "assessment_outcome_date": [dates[2], None, None],
            "week20": pd.array([0, None, None], dtype="Int64"),
            "plan_start_date": [dates[2], None, None],
            "primary_need": ["ASD", None, None],
        }
    )
    write_xml(Extract(cases), tmp_path / "out.xml", as_at=date(2024, 7, 1))
    again = read_sen2(tmp_path / "out.xml")
    assert cells(again.cases, cases) == cells(cases, cases)
    assert again.extracted_on == date(2024, 7, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["out.xml"]


def test_many_persons_are_read_in_a_moment(xml):
    head, rest = OLD_STYLE.split("<Persons>")
    person, tail = rest.split("</Persons>")
    extract = read_sen2(xml(f"{head}<Persons>{person * 2_000}</Persons>{tail}"))
    assert len(extract.cases) == 4_000
    assert extract.cases["case_id"].is_unique
