"""What a change in the law would do: the same caseload under two rule books, figure beside figure."""

from datetime import date

import pandas as pd

from ehcptime.errors import CommandError
from ehcptime.law.book import LAW, RuleBook
from ehcptime.questions.grouping import By, texts
from ehcptime.questions.measures import Limit, Measure, measure_of
from ehcptime.questions.periods import Letter
from ehcptime.questions.timeliness import timeliness
from ehcptime.tracking.track import track


def law_effect(
    cases: pd.DataFrame,
    other: RuleBook,
    measure: str | Measure = "plans_due_20wk",
    *,
    as_at: date,
    law: RuleBook = LAW,
    exemptions: pd.DataFrame | None = None,
    by: By = None,
    period: Letter | None = None,
) -> pd.DataFrame:
    """Count a measure of limits twice: under the law in force, and under another rule book.

    Gives the columns of `timeliness` behind `law`, which is `in force` or `changed`; `rule_book` names the edition of each. The days
    on which things were done stay as they are: it shows what the change would have made of them, and not how anyone would have
    acted under it. Measures that count days whatever the law says, as DfE's do, cannot answer. Make the other book with `LAW.extend`.

    Raises CommandError for a measure that no limit decides; other errors are those of `track` and `timeliness`.

    >>> cases = pd.DataFrame({"case_id": ["a"], "received_date": pd.to_datetime(["2025-01-06"]),
    ...     "assessment_outcome": ["Y"], "assessment_outcome_date": pd.to_datetime(["2025-06-16"])})  # week 23
    >>> found = law_effect(cases, LAW, as_at=date(2025, 12, 31))
    >>> found[["law", "numerator", "denominator"]].to_numpy().tolist()
    [['in force', 0, 1], ['changed', 0, 1]]
    """
    chosen = measure_of(measure)
    rule = chosen.parameters
    if not isinstance(rule, Limit):
        raise CommandError(
            f"measure {chosen.id!r} counts days whatever the law says: use one that a limit decides, such as plans_due_20wk"
        )
    books = {"in force": law, "changed": other}
    tables = []
    for name, book in books.items():
        tracked = track(cases, as_at=as_at, exemptions=exemptions, law=book)
        table = timeliness(tracked, _first_limit(chosen, rule, book, as_at), by=by, period=period)
        table.insert(0, "law", texts([name] * len(table)))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _first_limit(measure: Measure, rule: Limit, law: RuleBook, as_at: date) -> Measure:
    """The measure with the days that this law sets between the limit of the decision on the request and its own."""
    return measure.but(original=(law[rule.rule].due(as_at) - law["request_decision"].due(as_at)).days)
