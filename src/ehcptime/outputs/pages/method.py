"""Method and manifest: how the figures were made, and what they rest on."""

import pandas as pd

from ehcptime.law.book import LAW
from ehcptime.outputs.markers import SHORTHAND
from ehcptime.outputs.pages.parts import Maker, Section, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.tracking.words import long_date

_READ = ("cases", "advice", "exemptions", "closures")  # what a report is made from
_HEADINGS = {"what": "What", "value": "Value"}
_LAW = (
    "Limits are counted in calendar days by the rule book of ehcptime; the day of receipt is not counted, and a limit that is met on "
    "its last day is met. An exemption lifts a limit and never moves a date. What cannot be told from the record is counted as "
    "unknown and shown."
)
_REFERENCES = (
    "Each row of figures has a reference, in the last column of its table and in brackets after a sentence made of it. With the manifest kept "
    "beside this page, and the extract, the command ehcptime trace says what the row counts and counts it again."
)
_PUBLIC = (
    "Small numbers are hidden, and others with them, so that none can be worked out from this page. The threshold is the authority's "
    "choice; the Department for Education neither suppresses nor rounds its release on EHC plans."
)


def tables(run: Run) -> dict[str, pd.DataFrame]:  # noqa: ARG001 - the manifest holds no counts of children in public
    """Nothing of its own."""
    return {}


def section(run: Run, published: Tables) -> Section:  # noqa: ARG001 - what it says is of the run
    """Say how it was done; the fingerprints of the tables that were read are given, and inside their rows too."""
    found = run.manifest
    taken = run.extract.extracted_on
    rows = {
        "Position at": long_date(found.as_at),
        "Extract taken on": "not known" if taken is None else long_date(taken),
        "Rule book": LAW.edition,
        **{f"Version of {name}": version for name, version in found.versions.items()},
        **{
            f"Fingerprint of {name}": one.fingerprint + ("" if run.is_public else f" ({one.rows:,} rows)")
            for name, one in found.inputs.items()
            if name in _READ and run.audience != "provider"
        },
    }
    table = table_of(
        "manifest",
        "What this page rests on",
        pd.DataFrame(rows.items(), columns=["what", "value"]),
        _HEADINGS,
    )
    shorthand = tuple(f"{symbol} means {meaning}." for symbol, meaning in SHORTHAND.items())
    return Section(
        "method",
        "How this was made",
        (_LAW, _REFERENCES, *((_PUBLIC, *shorthand) if run.is_public else ())),
        tables=(table,),
    )


MAKER = Maker(tables, section)
