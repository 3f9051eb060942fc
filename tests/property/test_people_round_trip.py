"""Sex and ethnicity written into a return and read back are the same for every request, whoever its person is and whatever the others say."""

from datetime import date

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ehcptime.records.extract import Extract
from ehcptime.records.sen2.blade_writing import write_blade
from ehcptime.records.sen2.labelled import write_labelled
from ehcptime.records.sen2.returns import read_sen2
from ehcptime.records.sen2.template import write_template
from ehcptime.records.sen2.workbook import write_sheets
from ehcptime.records.sen2.xml_writing import write_xml

AS_AT = date(2025, 6, 30)
SEX = st.sampled_from(["F", "M", "U", "1", None])
ETHNICITY = st.sampled_from(["WBRI", "MWAS", "REFU", "NOBT", "White & <other>", "Any, other", None])
some = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def requests(draw, *, of_people=False):
    """Requests of a few persons; with `of_people` each has a person, and what is recorded of it is the same in all."""
    rows = draw(
        st.lists(st.tuples(st.sampled_from(["p", "q", "r", None]), SEX, ETHNICITY), min_size=1, max_size=7)
    )
    if of_people:
        first = {}
        rows = [first.setdefault(person or "s", (person or "s", *own)) for person, *own in rows]
    frame = pd.DataFrame(rows, columns=["person_id", "sex", "ethnicity"], dtype=object)
    start = pd.Timestamp("2025-01-06")
    return frame.assign(
        case_id=[str(n) for n in range(len(rows))],
        received_date=[start + pd.Timedelta(days=n) for n in range(len(rows))],
        request_outcome="A",
    )


def told(frame):
    """What is recorded of each request, by the day that it was received, which differs for each."""
    plain = frame[["sex", "ethnicity"]].astype(object)
    return dict(
        zip(
            frame["received_date"],
            plain.where(plain.notna(), None).itertuples(index=False, name=None),
            strict=True,
        )
    )


@some
@given(requests())
def test_what_is_carried_beside_the_return_makes_it_whole(tmp_path_factory, cases):
    folder = tmp_path_factory.mktemp("people")
    write_blade(Extract(cases), folder / "blade", as_at=AS_AT)
    write_labelled(Extract(cases), folder / "d2i", headings="d2i")
    write_labelled(Extract(cases), folder / "ssd", headings="ssd")
    for name in ("blade", "d2i", "ssd"):
        assert told(read_sen2(folder / name).cases) == told(cases), name


@some
@given(requests(of_people=True))
def test_every_shape_carries_what_is_recorded_of_a_person(tmp_path_factory, cases):
    folder = tmp_path_factory.mktemp("people")
    write_xml(Extract(cases), folder / "return.xml", as_at=AS_AT)
    write_sheets(Extract(cases), folder / "book.xlsx")
    write_template(Extract(cases), folder / "template.xlsx", as_at=AS_AT)
    for name in ("return.xml", "book.xlsx", "template.xlsx"):
        assert told(read_sen2(folder / name).cases) == told(cases), name


@some
@given(requests())
def test_xml_gives_no_request_what_another_says(tmp_path_factory, cases):
    """Without companions a person whose requests differ has nothing recorded; one request's word is not taken for all."""
    path = tmp_path_factory.mktemp("people") / "return.xml"
    write_xml(Extract(cases), path, as_at=AS_AT)
    people = cases["person_id"].fillna(cases["case_id"])
    for name in ("sex", "ethnicity"):
        agreed = cases[name].fillna("").groupby(people).transform("nunique") == 1
        again = read_sen2(path).cases.set_index("received_date")[name].astype(object)
        expected = cases[name].where(agreed)
        for day, own in zip(cases["received_date"], expected, strict=True):
            assert (again[day] == own) or (pd.isna(again[day]) and pd.isna(own))
