"""What is fuzzed: every reader of what others wrote, the valid inputs that it is fed from, and how many of each ten thousand are its own."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ehcptime.law.book import LAW
from ehcptime.outputs.contribution_files import read_contributions
from ehcptime.outputs.figure_manifest import read_figure_manifest
from ehcptime.outputs.kpi_files import read_kpis
from ehcptime.questions.forecasting.saved import read_plan
from ehcptime.questions.official_file import read_published
from ehcptime.records.dates import read_dates
from ehcptime.records.events import cases_from_events
from ehcptime.records.mapping import read_mapping
from ehcptime.records.proposals import propose_mapping
from ehcptime.records.reading import read_extract
from ehcptime.records.sen2.returns import read_sen2

CORPUS = Path(__file__).parent.parent / "tests" / "fuzz_corpus"
_OURS = (
    "our_target",
    "plan_final",
)  # the rules of the corpus, whose limits are made where the book takes them
Read = Callable[[bytes, Path], object]


@dataclass(frozen=True)
class Reader:
    """A reader, what its inputs are called, the corpus that it is fed from, and its inputs in a round of ten thousand."""

    name: str
    seeds: tuple[bytes, ...]
    read: Read
    kind: str = "files"
    share: int = 1


def _filed(name: str, read: Callable[[Path], object]) -> Read:
    """A reader of a file of one name."""

    def of_bytes(content: bytes, folder: Path) -> object:
        path = folder / name
        path.write_bytes(content)
        return read(path)

    return of_bytes


def _beside(name: str, other: str, seed: str) -> Read:
    """A reader of a folder that holds a damaged file, and one beside it that is whole."""

    def of_bytes(content: bytes, folder: Path) -> object:
        (folder / name).write_bytes(content)
        (folder / other).write_bytes((CORPUS / seed).read_bytes())
        return read_sen2(folder)

    return of_bytes


def _book(path: Path) -> object:
    book = LAW.extend(path)
    return book.limits(rule for rule in _OURS if rule in book)


def _texts(content: bytes) -> list[str]:
    return content.decode("utf-8", "replace").split("\n")


def _dates(content: bytes, _: Path) -> object:
    return read_dates(pd.Series(_texts(content), dtype=object), column="received_date", order="day_first")


def _unsettled(content: bytes, _: Path) -> object:
    return read_dates(pd.Series(_texts(content), dtype=object), column="received_date")


def _events(content: bytes, _: Path) -> object:
    rows = [[*line.split(","), "", ""][:3] for line in _texts(content)]
    log = pd.DataFrame(rows, columns=["case_id", "event", "date"])
    return cases_from_events(log.assign(date=read_dates(log["date"], column="date", order="day_first").dates))


# For each reader: its corpus, what its inputs are called, how it reads, and its share. Those that are quick have most.
_BLADE = _beside(
    "Blade-Export_17-01-2024_requests.csv", "Blade-Export_17-01-2024_assessment.csv", "assessment/a.csv"
)
_READERS: dict[str, tuple[str, str, Read, int]] = {
    "mapping": ("mapping", "mappings", _filed("mapping.toml", read_mapping), 350),
    "rule book": ("rules", "rule files", _filed("ours.toml", _book), 350),
    "key figures TOML": ("kpis", "lists of key figures", _filed("kpis.toml", read_kpis), 60),
    "key figures CSV": ("kpi_sheet", "lists of key figures", _filed("kpis.csv", read_kpis), 60),
    "SEN2 XML": ("xml", "returns in XML", _filed("return.xml", read_sen2), 25),
    "manifest": ("manifest", "manifests", _filed("figures.json", read_figure_manifest), 60),
    "local CSV": ("local", "tables", _filed("cases.csv", read_extract), 6),
    "blade CSV": ("requests", "tables", _BLADE, 4),
    "labelled CSV": ("labelled", "tables", _beside("a.csv", "b.csv", "labelled_assessment/a.csv"), 4),
    "proposal": ("local", "tables", _filed("cases.csv", propose_mapping), 2),
    "Parquet": ("parquet", "tables", _filed("cases.parquet", read_extract), 10),
    "events": ("events", "tables", _events, 3),
    "contributions": ("contributions", "tables", _filed("theirs.csv", read_contributions), 8),
    "DfE's figures": ("published", "tables", _filed("timeliness_20_week.csv", read_published), 4),
    "plan CSV": ("plan", "tables", _filed("plan.csv", read_plan), 10),
    "plan JSON": ("plan_json", "tables", _filed("plan.json", read_plan), 20),
    "return workbook": ("workbook", "workbooks", _filed("return.xlsx", read_sen2), 4),
    "local workbook": ("workbook", "workbooks", _filed("cases.xlsx", read_extract), 4),
    "dates": ("dates", "columns of dates", _dates, 8),
    "dates, unsettled": ("dates", "columns of dates", _unsettled, 8),
}


def readers() -> list[Reader]:
    """Every reader that takes what others wrote."""
    return [
        Reader(name, seeds(corpus), read, kind, share)
        for name, (corpus, kind, read, share) in _READERS.items()
    ]


def seeds(corpus: str) -> tuple[bytes, ...]:
    """The valid inputs of one kind."""
    return tuple(path.read_bytes() for path in sorted((CORPUS / corpus).iterdir()))


def likeness(said: str) -> str:
    """A refusal without what it quotes: inputs that are refused alike go the same way through a reader."""
    return re.sub(r"\d+|'[^']*'|\"[^\"]*\"", "", said)[:100]
