"""Plain dict rows as frames, and cells of an answer as plain values, for tests."""

import pandas as pd

from ehcptime.records.columns import names


def frame(rows, table="cases"):
    """Stack rows into a frame, dates as datetime64[s]; a `cases` row gets its own case_id."""
    if table == "cases":
        rows = [{**row, "case_id": str(number)} for number, row in enumerate(rows)]
    made = pd.DataFrame(rows)
    for name in names(table, "date"):
        if name in made:
            days = made[name].astype(object).where(made[name].notna(), None)  # pandas 2 reads none after 2262
            made[name] = pd.Series(days.to_numpy().astype("datetime64[s]"), index=made.index)
    return made


def plain(value):
    """Give a cell as None, a date, a bool, an int or text."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if hasattr(value, "item") else value


def differences(answer, expected, row):
    """Name every cell of one row of an answer that is not as expected."""
    return {
        name: (plain(answer[name].iloc[row]), value)
        for name, value in expected.items()
        if plain(answer[name].iloc[row]) != value
    }
