"""Speed of reading, as ratios against the usual ways in the same run. Answers are compared before anything is timed.

Times differ between machines; the ratios are what to look at. Polars is needed for the CSV part, and its absence is said.
"""

import argparse
import gc
import platform
import statistics
import tempfile
import time
import tracemalloc
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd

from ehcptime.records.reading import read_extract
from ehcptime.records.sen2.returns import read_sen2
from ehcptime.records.sen2.xml_reading import read_tables

try:
    import polars as pl
except ImportError:
    pl = None

DATES = (
    "received_date",
    "request_outcome_date",
    "assessment_outcome_date",
    "issue_decision_date",
    "draft_sent_date",
    "plan_issued_date",
    "panel_date",
)
# The five tables of the reader in use, with the columns that it looks for; a path is that of an item of a record inside.
TABLES = {
    "Person": "Surname Forename PersonBirthDate Sex Ethnicity PostCode UPN UniqueLearnerNumber UPNunknown",
    "Requests": "ReceivedDate RequestSource RYA RequestOutcomeDate RequestOutcome RequestMediation RequestTribunal Exported",
    "Assessment": "AssessmentOutcome AssessmentOutcomeDate AssessmentMediation AssessmentTribunal OtherMediation "
    "OtherTribunal Week20",
    "NamedPlan": "StartDate PlanRes PlanWBP PB OA DP CeaseDate CeaseReason PlanDetail/URN PlanDetail/UKPRN "
    "PlanDetail/SENsetting PlanDetail/PlacementRank PlanDetail/SENunitIndicator PlanDetail/ResourcedProvisionIndicator",
    "ActivePlans": "TransferLA ReviewMeeting ReviewOutcome LastReview PlacementDetail/URN PlacementDetail/UKPRN "
    "PlacementDetail/SENsetting PlacementDetail/PlacementRank PlacementDetail/EntryDate PlacementDetail/LeavingDate "
    "PlacementDetail/RES PlacementDetail/WBP SENneed/SENtype SENneed/SENtypeRank",
}


def seconds(call, repeats):
    """Median time of a call, after one call to warm up."""
    call()
    times = []
    for _ in range(repeats):
        gc.collect()
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


PERSON = """<Person><Surname>S{n}</Surname><Forename>F{n}</Forename><PersonBirthDate>201{d}-03-0{m}</PersonBirthDate>
<Sex>F</Sex><Ethnicity>WBRI</Ethnicity><PostCode>ZZ99 3VZ</PostCode><UPN>Z{n:012d}</UPN>
<Requests><ReceivedDate>2023-0{m}-1{d}</ReceivedDate><RequestSource>{s}</RequestSource><RYA>0</RYA>
<RequestOutcomeDate>2023-1{k}-0{m}</RequestOutcomeDate><RequestOutcome>Y</RequestOutcome>
<RequestMediation>0</RequestMediation><RequestTribunal>0</RequestTribunal><Exported></Exported>
<Assessment><AssessmentOutcome>Y</AssessmentOutcome><AssessmentOutcomeDate>2024-0{m}-2{d}</AssessmentOutcomeDate>
<AssessmentMediation>0</AssessmentMediation><AssessmentTribunal>0</AssessmentTribunal>
<OtherMediation>0</OtherMediation><OtherTribunal>0</OtherTribunal><Week20>{k}</Week20>
<NamedPlan><StartDate>2024-0{m}-2{d}</StartDate><PlanRes>A</PlanRes><PlanWBP>0</PlanWBP><PB>0</PB><OA>0</OA><DP>0</DP>
<CeaseDate></CeaseDate><CeaseReason></CeaseReason>
<PlanDetail><URN>123456</URN><SENsetting></SENsetting><PlacementRank>1</PlacementRank>
<SENunitIndicator>0</SENunitIndicator><ResourcedProvisionIndicator>0</ResourcedProvisionIndicator></PlanDetail></NamedPlan>
</Assessment>
<ActivePlans><TransferLA></TransferLA><ReviewMeeting>2024-1{k}-0{m}</ReviewMeeting><ReviewOutcome>C</ReviewOutcome>
<LastReview>2024-1{k}-1{d}</LastReview>
<PlacementDetail><URN>123456</URN><EntryDate>2022-09-0{m}</EntryDate><LeavingDate></LeavingDate><RES>N</RES><WBP>0</WBP>
<SENsetting></SENsetting><PlacementRank>1</PlacementRank></PlacementDetail>
<SENneed><SENtype>SLCN</SENtype><SENtypeRank>1</SENtypeRank></SENneed></ActivePlans></Requests></Person>
"""
HEAD = "<Message><Header><Source><LEA>938</LEA><DateTime>2025-01-16T09:00:00</DateTime></Source></Header><Persons>\n"


def xml_of(folder, persons):
    """Write a full return of so many persons, every module with every item; nobody in it exists."""
    path = folder / f"{persons}.xml"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for n in range(persons):
            file.write(PERSON.format(n=n, d=n % 9, m=n % 8 + 1, s=n % 5 + 1, k=n % 3))
        file.write("</Persons></Message>\n")
    return path


def records_of(path):
    """Give every record of a return with its table, from the whole tree; an item that is not there is missing."""
    for number, person in enumerate(ET.parse(path).getroot().find("Persons")):  # noqa: S314 - our own file
        for name, items in TABLES.items():
            for found in [person] if name == "Person" else person.iter(name):
                yield name, {"person": number} | {item: found.findtext(item, pd.NA) for item in items.split()}


def by_concat(path):
    """As the reader in use does it: each record made a frame, and added to the frame of its table."""
    tables = {name: pd.DataFrame(columns=["person", *items.split()]) for name, items in TABLES.items()}
    for name, record in records_of(path):
        tables[name] = pd.concat([tables[name], pd.DataFrame([record])], ignore_index=True)
    return tables


def by_loc(path):
    """What others write first: each record set as the next row of its table."""
    tables = {
        name: pd.DataFrame(columns=["person", *items.split()], dtype=object) for name, items in TABLES.items()
    }
    for name, record in records_of(path):
        tables[name].loc[len(tables[name])] = record
    return tables


def working_memory(path):
    """Most memory of the pass over the file, over and above the columns that it leaves behind."""
    gc.collect()
    tracemalloc.start()
    tables = read_tables(path)
    kept, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert tables.counts["person"]
    return (most - kept) / 1e6, kept / 1e6


def xml_part(folder, persons, few):
    small, middle, large = (xml_of(folder, n) for n in (few, persons // 5, persons))
    ours, theirs = read_sen2(small).cases, by_concat(small)["Requests"]
    assert len(ours) == len(theirs)
    days = pd.to_datetime(theirs["ReceivedDate"]).dt.strftime("%Y%m%d")
    assert ours["received_date"].dt.strftime("%Y%m%d").tolist() == days.tolist()
    many, fast = seconds(lambda: read_sen2(large), 3), seconds(lambda: read_sen2(small), 5)
    print(f"SEN2 XML, {persons:,} persons, one pass: {many:.2f} s ({large.stat().st_size / 1e6:.0f} MB)")
    print(f"  {few:,} persons: {fast:.3f} s")
    for how, way in (("pandas.concat", by_concat), (".loc", by_loc)):
        begun = time.perf_counter()
        way(small)
        slow = time.perf_counter() - begun
        print(f"  {few:,} persons, rows appended with {how}: {slow:.1f} s, {slow / fast:.0f} times as long")
    for path, count in ((middle, persons // 5), (large, persons)):
        working, kept = working_memory(path)
        print(f"  working memory at {count:,} persons: {working:.1f} MB beside {kept:.0f} MB of columns")


def csv_of(folder, rows):
    """Write rows with seven columns of UK dates."""
    days = pd.Series(pd.date_range("2014-01-01", "2026-01-01").strftime("%d/%m/%Y")).to_numpy()
    chosen = np.random.default_rng(1).integers(0, len(days), (rows, len(DATES)))
    columns = {name: days[chosen[:, n]] for n, name in enumerate(DATES)}
    path = folder / "dates.csv"
    pd.DataFrame({"case_id": [f"C{n}" for n in range(rows)], **columns}).to_csv(path, index=False)
    return path


def by_polars(path):
    """Read and parse with polars, told the order of the dates, which we find by evidence."""
    frame = pl.read_csv(path, infer_schema_length=0)
    return frame.with_columns(pl.col(DATES).str.to_date("%d/%m/%Y"))


def by_pandas(path):
    """Read with pandas, told the format of the dates."""
    frame = pd.read_csv(path, dtype=str)
    return frame.assign(**{name: pd.to_datetime(frame[name], format="%d/%m/%Y") for name in DATES})


def csv_part(folder, rows):
    path = csv_of(folder, rows)
    cases = read_extract(path).cases
    ours = seconds(lambda: read_extract(path), 5)
    print(f"CSV, {rows:,} rows with {len(DATES)} columns of dd/mm/yyyy: {ours:.2f} s")
    theirs = seconds(lambda: by_pandas(path), 1)
    print(f"  pandas, told the format: {theirs:.2f} s; ours takes {ours / theirs:.2f} of it")
    if pl is None:
        print("  polars is not installed, so it was not compared")
        return
    frame = by_polars(path)
    for name in DATES:
        expected = frame[name].to_numpy().astype("datetime64[s]")
        assert (cases[name].to_numpy() == expected).all(), name
    theirs = seconds(lambda: by_polars(path), 5)
    print(f"  polars, told the format: {theirs:.2f} s; ours takes {ours / theirs:.2f} of it")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=100_000)
    parser.add_argument("--few", type=int, default=4_000)
    parser.add_argument("--rows", type=int, default=1_000_000)
    chosen = parser.parse_args()
    print(
        f"Python {platform.python_version()}, pandas {pd.__version__}, NumPy {np.__version__}, {platform.machine()}"
    )
    with tempfile.TemporaryDirectory() as folder:
        xml_part(Path(folder), chosen.persons, chosen.few)
        csv_part(Path(folder), chosen.rows)


if __name__ == "__main__":
    main()
