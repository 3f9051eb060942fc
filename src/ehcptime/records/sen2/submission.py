"""An extract written out as a SEN2 return."""

from datetime import date
from pathlib import Path

from ehcptime.records.extract import Extract
from ehcptime.records.sen2.blade_writing import write_blade


def write_sen2(extract: Extract, folder: str | Path, *, as_at: date) -> None:
    """Write an extract as a COLLECT blade folder, with what SEN2 cannot carry in companion files beside it.

    The folder must be empty or not exist; nothing is overwritten. `as_at` is the day that the export's file names carry.
    `read_sen2` reads the folder back. Raises InputError where the folder cannot be written.

    >>> import tempfile
    >>> from ehcptime.datasets.simulate import simulate
    >>> from ehcptime.records.sen2.returns import read_sen2
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_sen2(simulate(50, as_at=date(2025, 3, 31), seed=1), folder, as_at=date(2025, 3, 31))
    ...     len(read_sen2(folder).cases)
    50
    """
    write_blade(extract, folder, as_at=as_at)
