"""Files of contributions: the table that one authority sends, read back as the answer that it was."""

from pathlib import Path

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.outputs.inert import plain
from ehcptime.questions import contributions, returned_advice
from ehcptime.records.texts import read_csv

_COUNTS = {*contributions.COUNTS, *contributions.MORE_COUNTS, "sent_only", *returned_advice.COUNTS}
_SHARES = {*contributions.LAGS, "percent", "percent_not_exempt", "returned_percent"}
_DAY = "as_at"


def read_contributions(path: str | Path) -> pd.DataFrame:
    r"""Read a CSV file that holds the answer of `contributions` or `returned_contributions`, as its authority wrote it.

    Counts come back as whole numbers, shares and medians (days) as numbers that may be missing, `as_at` as a day, and all else as
    text. Whether it is such an answer is for `combine_contributions` to say. Raises InputError where the file cannot be read, or
    a count, a share or a day is not one.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "west_sussex.csv"
    ...     _ = file.write_text("advice_type,period,due,percent,as_at\nhealth,2025,3,,2025-07-31\n", encoding="utf-8")
    ...     read_contributions(file)[["period", "due", "percent"]].to_numpy().tolist()
    [['2025', 3, <NA>]]
    """
    sheet = read_csv(Path(path))
    if sheet.frame.columns.has_duplicates:
        raise InputError(
            f"{sheet.name} has two columns of one name: ask the authority for its file as it was written"
        )
    columns = {str(name): _typed(sheet.name, sheet.frame[name]) for name in sheet.frame}
    return pd.DataFrame(columns).rename(columns=plain).reset_index(drop=True)


def _typed(file: str, texts: pd.Series) -> pd.Series:
    name, given = str(texts.name), texts.astype(str).str.strip()
    try:
        if name in _COUNTS:
            return given.astype("int64")
        if name in _SHARES:
            return pd.to_numeric(given.mask(given == "")).astype("Float64")
        if name == _DAY:
            return pd.to_datetime(given, format="ISO8601").astype("datetime64[s]")
    except (ValueError, TypeError, OverflowError) as error:
        raise InputError(
            f"{file}, column {name!r} holds something else than it was written with: ask the authority for its file as it was written"
        ) from error
    return given.map(plain).astype(str)
