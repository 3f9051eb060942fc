"""A saved plan: the months of a scenario, read back from the CSV or JSON file that they were written to."""

import json
from pathlib import Path

import pandas as pd

from ehcptime.errors import InputError

_DAYS = ("from_date", "to_date")


def read_plan(path: Path) -> pd.DataFrame:
    r"""Read the months of a scenario; raises InputError for a file that cannot be read as one.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "plan.csv").write_text("period,from_date\n2025-04,2025-04-01\n")
    ...     read_plan(Path(folder) / "plan.csv").to_numpy().tolist()
    [['2025-04', Timestamp('2025-04-01 00:00:00')]]
    """
    try:
        plan = _frame(path)
        days = {
            name: pd.to_datetime(plan[name], format="ISO8601").astype("datetime64[s]")
            for name in _DAYS
            if name in plan
        }
    except OSError as error:
        raise InputError(f"the plan {path.name} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(
            f"{path.name} is not a plan that can be read: give the .csv or .json file that `scenario --out` wrote"
        ) from error
    return plan.assign(**days)


def _frame(path: Path) -> pd.DataFrame:
    if path.suffix.lower() == ".json":
        return pd.DataFrame(json.loads(path.read_text(encoding="utf-8")))
    return pd.read_csv(path, encoding="utf-8-sig", dtype={"period": str, "measure": str})
