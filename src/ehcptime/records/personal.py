"""Personal details, which are not kept: no question needs them, but for the age that a birth date gives.

Sex and ethnicity are read where the column contract has them, to compare groups; under any other heading they are left too.
"""

import re
from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehcptime.records.cells import is_compact

_PERSONAL = frozenset(
    {
        "surname", "familyname", "lastname", "forename", "firstname", "givenname", "middlename", "preferredname", "name",
        "fullname", "childname", "pupilname", "studentname", "childsname", "pupilsname", "upn", "formerupn", "upnunknown", "uln", "uniquelearnernumber",
        "uniquepupilnumber", "nhsnumber", "nhsno", "nino", "postcode", "homepostcode", "address", "addressline1", "addressline2", "homeaddress", "email", "emailaddress",
        "telephone", "phone", "mobile", "parentname", "carername", "parentcarername", "dob", "dateofbirth", "birthdate",
        "personbirthdate", "ethnicity", "sex", "gender", "gendercurrent", "religion", "firstlanguage",
    }
)  # fmt: skip


_FREE_TEXT = frozenset(
    {
        "note", "notes", "comment", "comments", "commentary", "remark", "remarks", "narrative", "memo", "details", "freetext",
        "chronology", "concerns", "views",
    }
)  # fmt: skip
PERSONAL_DROPPED = "personal, not kept"
FREE_TEXT_DROPPED = "free text, not kept"
_BIRTH = frozenset({"dob", "dateofbirth", "birthdate", "personbirthdate"})
_SHAPES = {
    "a UPN": r"[A-Za-z]\d{11}[A-Za-z0-9]",
    "a ULN or an NHS number": r"\d{3} ?\d{3} ?\d{4}",
    "a name": r"[A-Z][a-z'’-]+,? [A-Z][A-Za-z'’ -]+|[A-Z][A-Z'’-]+, [A-Z][A-Za-z'’ -]+",
}
_SHORTEST_NUMBER = 10  # digits of a ULN; a name has a space
_LINES = {shape: re.compile(rf"^(?:{text})$", re.MULTILINE) for shape, text in _SHAPES.items()}


def plain(heading: str) -> str:
    """Reduce a heading to its letters and digits, for comparison.

    >>> plain("Request Outcome_Date"), plain("RequestOutcomeDate")
    ('requestoutcomedate', 'requestoutcomedate')
    """
    return re.sub(r"[\W_]+", "", heading).casefold()


def is_personal(heading: str) -> bool:
    """Say whether a heading is that of a name, a number that names a child, an address or a birth date.

    >>> is_personal("Date of Birth"), is_personal("Post Code"), is_personal("received_date")
    (True, True, False)
    """
    return plain(heading) in _PERSONAL


def is_free_text(heading: str) -> bool:
    """Say whether a heading is that of notes, in which anything about a child may stand.

    >>> is_free_text("Case Notes"), is_free_text("officerComment"), is_free_text("notified_date")
    (True, True, False)
    """
    words = re.split(r"[\W_\d]+|(?<=[a-z])(?=[A-Z])", heading)
    return not _FREE_TEXT.isdisjoint(word.casefold() for word in words)


def is_asked_for(heading: str, free_text: Collection[str]) -> bool:
    """Say whether a column of notes is one of those that were asked for, if it is one of notes.

    >>> is_asked_for("Case Notes", ["case_notes"]), is_asked_for("Case Notes", []), is_asked_for("area", [])
    (True, False, True)
    """
    return not is_free_text(heading) or plain(heading) in set(map(plain, free_text))


def is_birth_date(heading: str) -> bool:
    """Say whether a heading is that of a birth date."""
    return plain(heading) in _BIRTH


def shaped(ids: Iterable[object]) -> str:
    """Say how many ids have the shape of something that names a child; empty where none has.

    >>> shaped(["A123456789012", "C-17"])
    '1 shaped like a UPN'
    """
    if isinstance(ids, pd.Series) and is_compact(ids) and not _may_name(ids):
        return ""
    texts = list(map(str, ids))
    if " " not in "".join(texts) and max(map(len, texts), default=0) < _SHORTEST_NUMBER:
        return ""
    lines = "\n".join(map(str.strip, texts))  # one search of one text is much faster than one for each
    spaced = " " in lines
    likely = {shape: pattern for shape, pattern in _LINES.items() if spaced or shape != "a name"}
    counts = {shape: sum(1 for _ in pattern.finditer(lines)) for shape, pattern in likely.items()}
    return ", ".join(f"{n} shaped like {shape}" for shape, n in counts.items() if n)


def _may_name(ids: pd.Series) -> bool:
    """Say whether any id is long enough for a number that names a child, or has a space as a name has."""
    return bool((ids.str.len() >= _SHORTEST_NUMBER).any() or ids.str.contains(" ", regex=False).any())


def age_on(born: pd.Series, on: pd.Series) -> pd.Series:
    """Count birthdays up to a day; empty where either day is missing or the day is before the birth.

    >>> age_on(pd.Series(pd.to_datetime(["2015-03-01"])), pd.Series(pd.to_datetime(["2025-02-28"]))).tolist()
    [9]
    """
    years = (_month_and_day(on) - _month_and_day(born)) // (12 * 32)
    unknown = on.isna().to_numpy() | born.isna().to_numpy() | (years < 0)
    return pd.Series(pd.arrays.IntegerArray(years, unknown), index=born.index, name=born.name)


def _month_and_day(days: pd.Series) -> NDArray[np.int64]:
    """Give a number that grows by 32 with each month, and within it by 1 with each day."""
    moments = days.to_numpy()
    months = moments.astype("datetime64[M]")
    days_on: NDArray[np.int64] = (moments.astype("datetime64[D]") - months).astype(np.int64)
    return months.astype(np.int64) * 32 + days_on
