"""What a scenario answers: its tables, and what it says in sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape

import pandas as pd

from ehcptime.errors import CommandError
from ehcptime.questions.forecasting import needed, outlook
from ehcptime.questions.forecasting.costs import Cost
from ehcptime.questions.recent import Recent

PATHS = {
    "plans_issued_20wk_percent": "The published percentage (of plans issued, within 20 weeks)",
    "plans_due_20wk_percent": "Of plans that fall due, the share issued in time",
}


@dataclass(frozen=True, eq=False)
class Scenario:
    """A forecast under stated assumptions; `str()` says it in sentences.

    `months` has one row per calendar month and figure (`period, from_date, to_date, measure, lowest, middle, highest, complete`: 80 of 100 runs lie from
    lowest to highest, and a month is the whole weeks that end in it, not complete where the run begins or stops among them). `assumptions` has one row per lever, with `basis`: given, from history or assumed. `clear_by` has
    the dates by which 10, 50 and 90 in 100 runs are clear (None where they are not by the end), `needed` what it takes to be
    clear by the day that was asked for, and `cost` what the capacity costs where unit costs were given. `paths` say how each percentage moves, from the last
    26 weeks of the record by quarters of 13 weeks.
    """

    as_at: date
    weeks: int
    runs: int
    assumptions: pd.DataFrame
    months: pd.DataFrame
    paths: Mapping[str, str]
    before: Recent
    clear_by: tuple[date | None, date | None, date | None]
    share_clear: float
    needed: needed.Needed | None
    cost: Cost | None
    notes: tuple[str, ...]

    def figure(self, measure: str) -> pd.DataFrame:
        """Give the months of one figure; raises CommandError for one that is not there."""
        rows = self.months["measure"].eq(measure)
        if not rows.any():
            known = ", ".join(self.months["measure"].unique())
            raise CommandError(f"a scenario has no figure {measure!r}: use one of {known}")
        return self.months[rows].drop(columns="measure").reset_index(drop=True)

    def __str__(self) -> str:
        """The scenario in sentences: the backlog, both percentages, those who wait longest, what is needed."""
        return "\n".join(_sentences(self))

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in _sentences(self))


def _sentences(found: Scenario) -> list[str]:
    rule = str(found.assumptions.set_index("assumption").loc["queue", "value"]).replace("_", " ")
    lines = [f"Queue rule: {rule}. {_backlog(found)}"]
    lines += [f"{words} {found.paths[name]}." for name, words in PATHS.items()]
    old = found.figure("open_over_52wk")["middle"]
    lines.append(
        f"Open over 52 weeks: {found.before.open_over_52wk:,} now, at most {old.max():,.0f}, {old.iloc[-1]:,.0f} at the end."
    )
    lines += [str(part) for part in (found.needed, found.cost) if part is not None]
    return [*lines, *found.notes]


def _backlog(found: Scenario) -> str:
    now = f"{found.before.open_over_20wk:,} cases over 20 weeks"
    first, middle, last = (outlook.day(day) for day in found.clear_by)
    if found.clear_by[1] is None:
        left = found.figure("open_over_20wk")["middle"].iloc[-1]
        verb = "grows" if left > found.before.open_over_20wk else "is still there"
        chance = f" (clear in {found.share_clear * 100:.0f} of 100 runs)" if found.runs else ""
        return f"The backlog {verb}: {now} now, {left:,.0f} after {found.weeks} weeks{chance}."
    if not found.runs:
        return f"The backlog of {now} is clear by {middle}."
    return f"The backlog of {now} is clear by {middle} in half of the runs (10 in 100 by {first}, 90 in 100 by {last})."
