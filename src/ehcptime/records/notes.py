"""What became of each file, column and row: the reading report, as it is written."""

from dataclasses import dataclass, field

import pandas as pd

_COLUMNS = ("file", "column", "became", "rows_in", "rows_out", "note")


@dataclass
class Notes:
    """The lines of one reading report, in the order in which they were noted.

    For a file, `rows_in` are the rows that it holds and `rows_out` the rows of the table that they became. For a column
    they are the cells that are not blank, and those that could be read.

    >>> notes = Notes()
    >>> notes.add("requests.csv", "rya", "rya", 12, 12)
    >>> notes.frame()["became"].tolist()
    ['rya']
    """

    lines: list[tuple[str, str, str, int, int, str]] = field(default_factory=list)

    def add(self, file: str, column: str, became: str, rows_in: int, rows_out: int, note: str = "") -> None:
        """Note one line. `became` is empty for what is not kept."""
        self.lines.append((file, column, became, rows_in, rows_out, note))

    def frame(self) -> pd.DataFrame:
        """Give the report as a frame."""
        return pd.DataFrame(self.lines, columns=list(_COLUMNS))
