"""Ids that name nobody: keyed, so that they cannot be guessed back, and the same every month."""

import hashlib
import hmac
from collections.abc import Iterable

import pandas as pd

from ehcptime.errors import CommandError, InputError
from ehcptime.records.personal import shaped

_SHORTEST_KEY = 16
_LENGTH = 20  # hexadecimal digits: two of a million ids are the same less than once in a trillion tables
IDS = ("case_id", "person_id")


def pseudonymise(frame: pd.DataFrame, *, key: str, columns: Iterable[str] = IDS) -> pd.DataFrame:
    """Replace ids by pseudonyms that only the holder of the key can make again.

    The same id, column and key always give the same pseudonym, in every table and every month, so rows still link.
    Blank stays blank. There is no unkeyed form: a bare hash of a UPN is undone by hashing every UPN. What remains is
    still personal data, and the key belongs somewhere else than the file.

    Raises:
        CommandError: the key is shorter than 16 characters.
        InputError: the frame has none of the columns.

    >>> once = pseudonymise(pd.DataFrame({"case_id": ["C1", "C1"]}), key="not kept beside the file")
    >>> once["case_id"].nunique(), len(once["case_id"][0])
    (1, 20)
    """
    if len(key) < _SHORTEST_KEY:
        raise CommandError(
            f"the key is shorter than {_SHORTEST_KEY} characters, so pseudonyms could be guessed back: give a longer one"
        )
    wanted = list(columns)
    found = [name for name in wanted if name in frame.columns]
    if not found:
        raise InputError(
            f"the frame has no column {' or '.join(wanted)}, so there is nothing to pseudonymise"
        )
    return frame.assign(**{name: _replaced(frame[name], name, key) for name in found})


def refuse_nameable(frame: pd.DataFrame, table: str) -> None:
    """Refuse ids that have the shape of what names a child, in a table that leaves the team.

    Raises:
        InputError: some id has the shape of a UPN, a ULN, an NHS number or a name; it counts them and shows none.

    >>> refuse_nameable(pd.DataFrame({"case_id": ["A123456789012"]}), "the pack")
    Traceback (most recent call last):
    ehcptime.errors.InputError: the pack has case_id with 1 shaped like a UPN, which name children: pseudonymise the extract first
    """
    for name in IDS:
        found = shaped(frame[name].dropna().astype(str).unique()) if name in frame else ""
        if found:
            raise InputError(
                f"{table} has {name} with {found}, which name children: pseudonymise the extract first"
            )


def _replaced(ids: pd.Series, column: str, key: str) -> pd.Series:
    pseudonyms = {value: _pseudonym(f"{column}\0{value}", key) for value in ids.dropna().unique()}
    return ids.astype(object).map(pseudonyms)


def _pseudonym(text: str, key: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:_LENGTH]
