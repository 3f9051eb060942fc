"""What the Department for Education has published for England and West Sussex."""

from importlib.resources import files

import pandas as pd

_TEXT = ("area", "area_code", "source")
_FRACTIONS = ("percent_", "mean_")


def _kind(name: str) -> str:
    if name in _TEXT:
        return "str"
    return "Float64" if name.startswith(_FRACTIONS) else "Int64"


def official_timeliness() -> pd.DataFrame:
    """Give the official figures by calendar year, 2014 to 2025, one row per area and year.

    `_inc` and `_exc` are with and without the plans that have a recorded exception. Empty is not published (bands, for
    one, begin in 2023). The bands need not add up to `plans_inc`: a plan whose duration is unknown is in no band. The
    published mean without exceptions appears to divide by all plans, hence its name. `source` names the release. Contains public
    sector information licensed under the Open Government Licence v3.0.

    >>> official = official_timeliness().set_index(["area", "year"])
    >>> official.loc[("West Sussex", 2024), ["plans_inc", "percent_within_20_weeks_inc"]].to_list()
    [1495.0, 11.4]
    """
    source = files("ehcptime.datasets").joinpath("official_timeliness.csv")
    with source.open(encoding="utf-8") as text:
        header = text.readline().strip().split(",")
    with source.open(encoding="utf-8") as text:
        return pd.read_csv(text, dtype={name: _kind(name) for name in header})
