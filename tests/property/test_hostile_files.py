"""A damaged file is refused in one sentence or read with every row accounted for; nothing else happens."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ehcptime.errors import InputError
from ehcptime.records.reading import read_extract
from ehcptime.records.sen2.returns import read_sen2

REQUESTS = (
    b"requeststableid,persontableid,receiveddate,requestoutcomedate,requestoutcome\n"
    b"1,11,2024-Jan-08 00:00:00,2024-Feb-12 00:00:00,Y\n2,12,2024-Feb-29 00:00:00,,A\n"
)
ASSESSMENT = b"requeststableid,assessmentoutcome,assessmentoutcomedate,week20\n1,Y,2024-May-20 00:00:00,0\n"
XML = (
    b"<Message><Persons><Person><Requests><ReceivedDate>2024-01-08</ReceivedDate><RequestOutcome>Y</RequestOutcome>"
    b"</Requests></Person></Persons></Message>"
)
LOCAL = b"A title\n\ncase_id,received_date,team\n1,28/04/2025,North\n2,29/04/2025,South\nTotal,2,\n"
PIECES = [
    b'"',
    b",",
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"\xff\xfe",
    b"<!DOCTYPE x>",
    b"&x;",
    b"31/12/9999",
    b"",
    b"9" * 30,
]

edits = st.lists(
    st.tuples(
        st.integers(0, 300), st.integers(0, 40), st.one_of(st.sampled_from(PIECES), st.binary(max_size=6))
    ),
    max_size=5,
)
few = settings(max_examples=60, deadline=None)


def damaged(content, changes):
    for at, length, piece in changes:
        content = content[:at] + piece + content[at + length :]
    return content


def read_or_refused(read, path):
    try:
        return read(path)
    except InputError as error:
        sentence = str(error)
    assert "\n" not in sentence
    assert str(path.parent) not in sentence
    return None


@few
@given(edits)
def test_a_damaged_blade_file(tmp_path_factory, changes):
    folder = tmp_path_factory.mktemp("blade")
    (folder / "Blade-Export_17-01-2024_assessment.csv").write_bytes(ASSESSMENT)
    requests = folder / "Blade-Export_17-01-2024_requests.csv"
    requests.write_bytes(damaged(REQUESTS, changes))
    before = requests.read_bytes()
    extract = read_or_refused(read_sen2, folder)
    assert requests.read_bytes() == before
    if extract is not None:
        own = extract.reading[extract.reading["file"] == requests.name]
        repeated = own[own["note"].str.contains("more than once", regex=False)]
        lost = (repeated["rows_in"] - repeated["rows_out"]).sum()
        assert len(extract.cases) == own["rows_in"].iloc[0] - lost


@few
@given(edits)
def test_a_damaged_xml_file(tmp_path_factory, changes):
    path = tmp_path_factory.mktemp("xml") / "return.xml"
    path.write_bytes(damaged(XML, changes))
    read_or_refused(read_sen2, path)


@few
@given(edits)
def test_a_damaged_local_file(tmp_path_factory, changes):
    path = tmp_path_factory.mktemp("local") / "local.csv"
    path.write_bytes(damaged(LOCAL, changes))
    extract = read_or_refused(read_extract, path)
    if extract is not None:
        first = extract.reading.iloc[0]
        assert len(extract.cases) == first["rows_out"] <= first["rows_in"]
