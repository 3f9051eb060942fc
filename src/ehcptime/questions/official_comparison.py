"""Comparison of an authority's own figures with those that DfE has published, traced to case ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from ehcptime.clock.counting import day_number
from ehcptime.errors import InputError
from ehcptime.questions.elapsed import FLAGGED
from ehcptime.questions.official import dfe_timeliness
from ehcptime.questions.official_file import Area, Published, areas_of, read_published
from ehcptime.questions.official_tables import by_rule, side_by_side, traced
from ehcptime.questions.periods import UNDATED, last_day
from ehcptime.questions.rounding import percent
from ehcptime.questions.tracked import as_at_of, tracked_cases

_BASE, _ON_TIME = "plans_issued_den", "plans_issued_within_20_weeks"
_NAMES = ("old_la_code", "new_la_code", "la_name")


@dataclass(frozen=True, eq=False)
class Comparison:
    """An authority's figures beside DfE's; `str()` gives a sentence for each year.

    `table`: one row per year, area and published column: `year, area, level` (authority, region, England, neighbour), `column`,
    `published, ours, difference` (ours less published; only for the authority) and `note`.
    `cases`: one row per case coded as issued: `year` of issue, `case_id, part, reason` in the measure with exceptions, `part_exc,
    reason_exc` in the one without, `days` from request to issue, and the mediation and tribunal `flags` that are set.
    `rules`: per year, what base and on-time count each rule for leaving out mediation and tribunal cases gives, beside DfE's.
    """

    authority: str
    table: pd.DataFrame
    cases: pd.DataFrame
    rules: pd.DataFrame

    def __str__(self) -> str:
        """Say what came of each year."""
        years = sorted(self.rules["year"].unique())
        return "\n".join(_sentence(self, year) for year in years)

    def _repr_html_(self) -> str:
        lines = "".join(f"<p>{escape(line)}</p>" for line in str(self).splitlines())
        return lines + self.table.to_html(index=False, na_rep="", escape=True)


def compare_with_official(
    tracked: pd.DataFrame,
    path: str | Path,
    *,
    la_code: str,
    neighbours: Sequence[str] = (),
    flags: Sequence[str] | None = None,
) -> Comparison:
    """Set an authority's figures beside those in DfE's `timeliness_20_week.csv`, which the user has downloaded.

    Nothing is fetched. `tracked` holds the cases of one authority. `la_code` is its three-digit code, its nine-character code
    or its name, and so is each of `neighbours`; its region and England are added. Years are calendar years of issue, those
    that both the file and the frame have; figures before 2023 are those that each authority worked out itself. The file is
    that of the 2025 or the 2026 edition; columns are named in lower case. Its averages, where it has them, are compared with
    `mean_weeks` as published. `flags` are those that leave a case out (any of the six by default); `rules` of the answer
    counts the alternatives. `str()` of the answer says it in words.

    Raises:
        InputError: another file, or a frame that is not from `track`, holds another authority too, or shares no year with it.
        CommandError: the file has no such authority.

    >>> import tempfile
    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "received_date": pd.to_datetime(["2024-01-01", "2024-01-01"]),
    ...     "assessment_outcome": "Y", "assessment_outcome_date": pd.to_datetime(["2024-05-20", "2024-05-20"]),
    ...     "other_tribunal": [0, 1], "stage": "closed", "is_open": False, "age_days": 140, "as_at": pd.Timestamp("2025-01-31")})
    >>> theirs = dfe_timeliness(tracked, la_code="938", la_name="West Sussex")  # stands for the file that DfE publishes
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     theirs.to_csv(Path(folder, "timeliness_20_week.csv"), index=False)
    ...     print(compare_with_official(tracked, Path(folder, "timeliness_20_week.csv"), la_code="938"))
    2024: 1 of 1 in time (100.0 per cent) here, 1 of 1 in time (100.0 per cent) published: no difference. 1 left out here because of mediation or tribunal.
    """
    tracked_cases(tracked)
    published = read_published(path)
    areas = areas_of(published, la_code, neighbours)
    _check_authority(tracked, areas[0])
    ours = dfe_timeliness(tracked, edition=2026, flags=flags).set_index("time_period")
    years = _years(ours, areas[0], published)
    incomplete = [
        year for year in years if day_number(last_day(date(int(year), 1, 1), "Y")) >= as_at_of(tracked)
    ]
    return Comparison(
        authority=areas[0].name,
        table=side_by_side(published, areas, ours, years, incomplete),
        cases=traced(tracked, flags, years),
        rules=by_rule(tracked, published, areas[0], years),
    )


def _check_authority(tracked: pd.DataFrame, own: Area) -> None:
    """Refuse a frame whose `la_code`, where it has one, names another authority."""
    if "la_code" not in tracked:
        return
    names = {
        str(own.rows[column].iloc[place]).strip().lower()
        for column in _NAMES
        for place in range(len(own.rows))
    }
    for code in tracked["la_code"].dropna().unique():
        if str(code).strip() and str(code).strip().lower() not in names:
            raise InputError(
                f"the frame holds cases of authority {code!r}, not only of {own.name}: keep those of one authority"
            )


def _years(ours: pd.DataFrame, own: Area, published: Published) -> list[str]:
    theirs = set(own.rows["time_period"])
    years = [year for year in ours.index if year in theirs]
    if not years:
        here = ", ".join(year for year in ours.index if year != UNDATED) or "no year"
        raise InputError(
            f"{published.name} has {own.name} for {min(theirs)} to {max(theirs)} and the frame has plans that count in {here}: "
            f"no year is in both"
        )
    return years


def _sentence(comparison: Comparison, year: str) -> str:
    """The base and what is in time, here and as published, and what was left out or cannot be told."""
    table = comparison.table
    own = table[table["year"].eq(year) & table["level"].eq("authority")]
    base, on_time = (own[own["column"].eq(column)].iloc[0].to_dict() for column in (_BASE, _ON_TIME))
    here, theirs = (_rate(on_time[side], base[side]) for side in ("ours", "published"))
    cases = comparison.cases[comparison.cases["year"] == year]
    apart = int(cases["reason"].eq(FLAGGED).sum())
    unknown = int(cases["part"].eq("unknown").sum())
    said = [f"{year}: {here} here, {theirs} published{_differs(on_time['difference'], base['difference'])}."]
    said += [f"{apart:,} left out here because of {FLAGGED}."] if apart else []
    said += [f"{unknown:,} of unknown duration count as not in time."] if unknown else []
    said += _other_rules(comparison.rules[comparison.rules["year"] == year])
    said += ["The year had not ended."] if base["note"].endswith("ended") else []
    return " ".join(said)


def _other_rules(rules: pd.DataFrame) -> list[str]:
    """Where leaving out any flagged case does not give the published counts of both measures, name the rules that do."""
    matches = rules.groupby("left_out_by", sort=False)["matches"].all()
    if matches.iloc[0] or not matches.any():
        return []
    return [
        f"Other rules for leaving cases out give the published counts: {'; '.join(matches.index[matches])}."
    ]


def _rate(on_time: Any, base: Any) -> str:
    if pd.isna(base):
        return "nothing"
    return f"{int(on_time):,} of {int(base):,} in time ({_per_cent(int(on_time), int(base))})"


def _per_cent(on_time: int, base: int) -> str:
    rate = percent(on_time, base)
    return "nothing to divide" if rate is pd.NA else f"{rate} per cent"


def _differs(on_time: Any, base: Any) -> str:
    if pd.isna(base):
        return ""
    if not base and not on_time:
        return ": no difference"
    return f": {_more(int(base), 'in the base')} and {_more(int(on_time), 'in time')} here"


def _more(number: int, what: str) -> str:
    if not number:
        return f"as many {what}"
    return f"{abs(number):,} {'more' if number > 0 else 'fewer'} {what}"
