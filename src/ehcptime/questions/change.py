"""Why a figure moved: what the numerator did, what the rest of the denominator did, and which cases were behind it."""

from dataclasses import dataclass
from fractions import Fraction
from html import escape

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.law.book import LAW, RuleBook
from ehcptime.questions.change_words import shares_sentence
from ehcptime.questions.comparison import Sides, why_not
from ehcptime.questions.decomposition import Decomposition, decompose
from ehcptime.questions.figures import Figure, figure_of, is_result
from ehcptime.questions.measures import Measure, measure_of
from ehcptime.questions.rounding import percent


@dataclass(frozen=True)
class Change:
    """A change of one measure between two positions; `str()` gives the sentence.

    `points`, `from_counted` and `from_others` are exact fractions of a percentage point, and the last two sum to the
    first: the part due to the numerator, and that due to the rest of the denominator, each taken at the average of the
    two orders in which they could have moved (Shapley). They are None where a figure cannot be divided.

    Between two tracked frames `decomposition` shares the same points out over what moved, case by case, and `why` says so in a
    sentence. Otherwise it is None, and `why_not` says why.
    """

    measure: Measure
    before: Figure
    after: Figure
    points: Fraction | None
    from_counted: Fraction | None
    from_others: Fraction | None
    decomposition: Decomposition | None = None
    why_not: str = ""

    @property
    def why(self) -> str:
        """The shares of the change in one sentence, or why they cannot be told."""
        if self.decomposition is None:
            return f"What moved cannot be told case by case, because {self.why_not}."
        return shares_sentence(self.decomposition, self.measure)

    @property
    def table(self) -> pd.DataFrame:
        """The shares: `component`, `cases` (a rise counts up), `points` (of a percentage point); no rows where there are none.

        `on_time` and `newly_late` are volumes, `old` the late plans that were over their limit before their period began,
        `speed` those that changed sides, `unknown` those of unknown duration, `restated` the cases whose data the second
        frame shows otherwise for the day of the first, and `rule` those that another rule book or convention decides otherwise.
        """
        shares = [] if self.decomposition is None else list(self.decomposition.components)
        table = pd.DataFrame(shares, columns=["component", "cases", "points"])
        return table.assign(points=table["points"].astype(float))

    def cases(self, component: str) -> pd.DataFrame:
        """List the cases behind one component of `table`, as `Decomposition.cases` does.

        Raises InputError where the change cannot be told case by case, CommandError for another component.
        """
        if self.decomposition is None:
            raise InputError(f"the cases behind the change cannot be listed, because {self.why_not}")
        return self.decomposition.cases(component)

    def __str__(self) -> str:
        """The change in words, built from the numbers."""
        return _sentence(self)

    def _repr_html_(self) -> str:
        return f"<p>{escape(str(self))}</p>" + (
            "" if self.decomposition is None else f"<p>{escape(self.why)}</p>"
        )


def explain_change(
    before: pd.DataFrame | pd.Series,
    after: pd.DataFrame | pd.Series,
    measure: str | Measure,
    *,
    law: RuleBook = LAW,
    advice: tuple[pd.DataFrame, pd.DataFrame] | None = None,
) -> Change:
    """Explain why a measure moved between two positions.

    `before` and `after` are each a tracked frame (of the cases of a period, say) or one row of `timeliness`. Only tracked
    frames show how old the late cases were, so only for them, and only where the late plans were in fact older, does the
    sentence say that older cases were finished, and only their change is shared out case by case (`table`, `why`, `cases`):
    two periods of one extract, or the same cases in two. A late plan is from an old case where its limit was before the first
    day of the month in which the first case of its figure falls. `law` is the rule book of `after`, needed where the two were
    tracked by different ones or on different days: cases are then tracked again, their exemptions as they were claimed.

    `advice_6wk` is explained between two results of `track_advice`, of the rows of one rule; `plans_20wk_all_advice` between two of
    `track`, with `advice`, the results of `track_advice` of both, each at the day of its cases.

    Raises CommandError for an unknown measure, and InputError for a result with more or fewer rows than one.

    >>> before = pd.DataFrame({"numerator": [40], "denominator": [113]})
    >>> after = pd.DataFrame({"numerator": [47], "denominator": [178]})
    >>> print(explain_change(before, after, "plans_issued_20wk_inc"))
    On-time plans rose from 40 to 47. Late plans rose from 73 to 131, so the rate fell from 35.4 per cent to 26.4 per cent.
    """
    chosen = measure_of(measure)
    beside = (None, None) if advice is None else advice
    first, second = figure_of(before, chosen, beside[0]), figure_of(after, chosen, beside[1])
    effects = _effects(first, second)
    if isinstance(before, pd.Series) or isinstance(after, pd.Series) or is_result(before) or is_result(after):
        return Change(chosen, first, second, *effects, why_not="only tracked frames show the cases")
    because = (
        "one of the figures has nothing to divide" if effects[0] is None else why_not(before, after, law)
    )
    found = None if because else decompose(Sides(before, after, *beside), chosen, law)
    return Change(chosen, first, second, *effects, found, because)


def _effects(before: Figure, after: Figure) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """The change and its two parts. A step through 0 of 0 has no rate, so then the other order is taken alone."""
    if before.rate is None or after.rate is None:
        return None, None, None
    counted_first = Figure(after.counted, before.others).rate
    others_first = Figure(before.counted, after.others).rate
    steps = [counted_first - before.rate] if counted_first is not None else []
    steps += [after.rate - others_first] if others_first is not None else []
    points = (after.rate - before.rate) * 100
    from_counted = sum(steps, Fraction(0)) / len(steps) * 100
    return points, from_counted, points - from_counted


def _sentence(change: Change) -> str:
    before, after, measure = change.before, change.after, change.measure
    counted = _moved(measure.counted, before.counted, after.counted)
    among = ", those of unknown duration among them," if before.unknown or after.unknown else ""
    others = _moved(measure.others + among, before.others, after.others)
    if change.points is None:
        return (
            f"{counted}. {others}. The rates cannot be compared, because one of them has nothing to divide."
        )
    return f"{counted}. {others}{_older(before, after)}, so the rate {_rates(before, after)}."


def _moved(what: str, before: int, after: int) -> str:
    what = what[0].upper() + what[1:]
    if before == after:
        return f"{what} stayed at {before}"
    return f"{what} {'rose' if after > before else 'fell'} from {before} to {after}"


def _older(before: Figure, after: Figure) -> str:
    """Older cases are named only where more plans were late and the late ones were older than before."""
    old, new = before.median_late_days, after.median_late_days
    shown = old is not None and new is not None and new > old and after.others > before.others
    return " as older cases were finished" if shown else ""


def _rates(before: Figure, after: Figure) -> str:
    first, second = (percent(figure.counted, figure.counted + figure.others) for figure in (before, after))
    if first == second:
        return f"stayed at {first} per cent"
    return f"{'rose' if second > first else 'fell'} from {first} per cent to {second} per cent"
