"""A provider's pack: what one body was asked for and how it answered, with no other body's rows and no names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np
import pandas as pd

from ehcptime.clock.counting import Mask, to_date
from ehcptime.errors import CommandError
from ehcptime.questions.advice_cells import has_outcome
from ehcptime.questions.contributions import contributions
from ehcptime.questions.last_in import last_in
from ehcptime.questions.missing_services import missing_by_service, plans_without_advice
from ehcptime.questions.overdue_advice import LIFTED, overdue_advice
from ehcptime.questions.periods import label
from ehcptime.questions.returned_advice import returned_contributions
from ehcptime.questions.rounds import rejections
from ehcptime.questions.tracked import Tracked, same_day, tracked_cases
from ehcptime.questions.tracked import tracked_advice as read_advice
from ehcptime.records.columns import COLUMNS
from ehcptime.records.pseudonyms import refuse_nameable

_BY = ("advice_type", "sub_service")
_TEXTS = ("case_id", *_BY)
_OTHERS = (
    "requested_date",
    "body_received_date",
    "returned_date",
    "advice_outcome",
    "round",
    "exemption",
    "rule",
    "start_basis",
    "due",
    "status",
    "days_over",
    "exempt",
    "asked_after_days",
    "as_at",
)
_LISTED = ("requested_date", "due", "stands", "days_over")


@dataclass(frozen=True, eq=False)
class ProviderPack:
    """Tables for one provider, by name; `month` is the last whole month before `as_at`."""

    provider: str
    as_at: date
    month: str
    tables: Mapping[str, pd.DataFrame]

    def __repr__(self) -> str:
        """Count the rows; show none of them."""
        counts = ", ".join(f"{name} {len(table)}" for name, table in self.tables.items())
        return f"ProviderPack({counts})"


def provider_pack(
    tracked_advice: pd.DataFrame, *, provider: str, tracked: pd.DataFrame | None = None
) -> ProviderPack:
    """Gather what a provider, such as its Designated Clinical Officer, may see of the advice that it was asked for.

    Only the rows of this provider go in (compared without regard to case or surrounding space), and of those only the id of the case as it is
    given, the kind and part of the service, dates, codes and what `track_advice` worked out: no names, no caseworker, no setting, no
    other column, no index. Every table is by kind of advice and, where it is given, sub-service:

    - `due_last_month`, `due_by_month` and `due`: `contributions` (with both lags, replies not known, missed appointments);
    - `returned_by_month`: `returned_contributions`; `overdue`: `overdue_advice`; `rejections`: what was sent back;
    - `outstanding_list`: askings that have no answer; `not_known_list`: answers that the child is not known;
    - with `tracked`, from `track`: `plans_without_advice` and `plans_without_advice_list`, plans issued while this provider
      had been asked and had not answered; and `last_in`, in how many late cases its advice was the last in, for the kinds of
      advice that no other body was asked for (a count over all late cases, so that of other bodies nothing is shown).

    Ids are as given: pseudonymise them first where the provider does not hold them. Raises InputError for frames that were not tracked, or not at
    one day, or whose ids have the shape of a UPN, ULN, NHS number or name, and CommandError where there is no column `provider` or no asking of this provider.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "advice_type": "health", "provider": ["Therapies", "Community paediatrics"],
    ...     "requested_date": pd.Timestamp("2025-05-29"), "returned_date": pd.to_datetime(["2025-06-20", None]),
    ...     "rule": "advice_body", "start_basis": "sent", "due": pd.Timestamp("2025-07-10"), "status": ["met", "overdue"],
    ...     "days_over": [-20, 21], "as_at": pd.Timestamp("2025-07-31")})
    >>> pack = provider_pack(tracked, provider="Therapies")
    >>> pack.month, len(pack.tables["outstanding_list"]), pack.tables["due"]["percent"].tolist()
    ('2025-06', 0, [100.0])
    """
    every = read_advice(tracked_advice)
    rows = _rows(every, provider)
    own = _own(every, rows)
    advice = Tracked(own, every.table, every.as_at)
    as_at = to_date(every.as_at) or date.min
    month = label(as_at.replace(day=1) - timedelta(days=1), "M")
    tables = _tables(advice, month)
    if tracked is not None:
        same_day(tracked_cases(tracked), advice)
        tables["plans_without_advice"] = missing_by_service(tracked, own, by=_by(own))
        tables["plans_without_advice_list"] = plans_without_advice(tracked, own, by=_by(own))
        tables["last_in"] = _last_in(tracked, every, rows)
    return ProviderPack(provider, as_at, month, MappingProxyType(tables))


def _rows(advice: Tracked, provider: str) -> Mask:
    if "provider" not in advice.frame:
        raise CommandError(
            "there is no column 'provider' to choose by: map the column that names the body asked"
        )
    names = advice.frame["provider"].astype(object).map(_plain, na_action="ignore")
    rows = names.eq(_plain(provider)).to_numpy(dtype=bool, na_value=False)
    if not rows.any():
        raise CommandError(
            "that provider was not asked for any advice: give its name as column 'provider' has it"
        )
    return rows


def _own(advice: Tracked, rows: Mask) -> pd.DataFrame:
    """This provider's rows as a new frame of known columns: nothing else comes along, not even a category or an attribute."""
    kept = advice.frame.loc[rows]
    refuse_nameable(kept, "the provider's pack")
    columns = {name: kept[name].astype(object).to_numpy() for name in _TEXTS if name in kept}
    return pd.DataFrame(columns | {name: kept[name].array for name in _OTHERS if name in kept})


def _last_in(tracked: pd.DataFrame, advice: Tracked, rows: Mask) -> pd.DataFrame:
    """Late cases in which this advice was the last in, for the kinds that nobody else was asked for."""
    kinds = {kind: advice.is_code("advice_type", kind) for kind in COLUMNS["advice"]["advice_type"].values}
    alone = [
        kind for kind, of_kind in kinds.items() if (of_kind & rows).any() and not (of_kind & ~rows).any()
    ]
    found = last_in(tracked, advice.frame)
    return found[found["service"].isin(alone)].reset_index(drop=True)


def _plain(name: object) -> str:
    return str(name).strip().casefold()


def _by(own: pd.DataFrame) -> list[str]:
    return [name for name in _BY if name in own]


def _tables(advice: Tracked, month: str) -> dict[str, pd.DataFrame]:
    own, by = advice.frame, _by(advice.frame)
    by_month = contributions(own, by=by, period="M")
    return {
        "due_last_month": by_month[by_month["period"] == month].reset_index(drop=True),
        "due_by_month": by_month,
        "due": contributions(own, by=by),
        "returned_by_month": returned_contributions(own, by=by, period="M"),
        "overdue": overdue_advice(own, by=by),
        "rejections": rejections(own, by=by),
        "outstanding_list": _outstanding(advice),
        "not_known_list": _list(own, has_outcome(advice, "not_known"), ("requested_date", "returned_date")),
    }


def _outstanding(advice: Tracked) -> pd.DataFrame:
    """What has no answer; a limit that is claimed to be lifted is neither due nor overdue."""
    lifted = advice.is_set("exempt")
    stands = np.where(
        lifted, LIFTED, np.where(advice.is_status("status", "overdue"), "overdue", "not yet due")
    )
    over = advice.frame["days_over"].astype("Int64").mask(lifted)
    shown = advice.frame.assign(stands=stands.astype(object), days_over=over)
    return _list(shown, advice.is_status("status", "running", "overdue"), _LISTED)


def _list(own: pd.DataFrame, rows: Mask, columns: tuple[str, ...]) -> pd.DataFrame:
    """Some of the rows, the earliest due first."""
    known = [name for name in (*_TEXTS, *columns, "as_at") if name in own]
    return own.loc[rows].sort_values(["due", "case_id"], kind="stable")[known].reset_index(drop=True)
