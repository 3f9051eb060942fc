"""Key figures against baseline, target and law, and their rating: the word first, then a symbol, colour last."""

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import pandas as pd
from pydantic import BaseModel, ConfigDict

from ehcptime.errors import CommandError
from ehcptime.outputs.markers import is_marker
from ehcptime.questions.measures import Measure, measure_of

NOT_AGREED = "target not agreed"
NOT_RATED = "not rated"
COLUMNS = (
    "title",
    "baseline",
    "target",
    "previous",
    "now",
    "standard",
    "direction",
    "rating",
    "means",
    "colour",
)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Word(_Frozen):
    """A word of a scale: what it means, and the symbol and the colour that stand after it."""

    word: str
    symbol: str
    colour: Literal["blue", "green", "amber", "red", "grey"]
    means: str


class Scale(_Frozen):
    """A scale of ratings. Where `entered` is true a person enters the word; else it is computed from thresholds."""

    title: str
    source: str
    entered: bool
    words: tuple[Word, ...]

    def word(self, word: str) -> Word:
        """Find a word; raises CommandError for one that the scale does not have."""
        found = next((known for known in self.words if known.word == word), None)
        if found is None:
            known = ", ".join(one.word for one in self.words)
            raise CommandError(f"this scale has no word {word!r}: use one of {known}")
        return found


SCALES: Mapping[str, Scale] = MappingProxyType(
    {
        name: Scale.model_validate(entry)
        for name, entry in tomllib.loads(
            (files("ehcptime.outputs") / "kpi_scales.toml").read_text(encoding="utf-8")
        ).items()
    }
)


class Kpi(NamedTuple):
    """A key figure to report on: the id of a measure, and what has been agreed about it.

    `baseline` and `target` are percentages; without a target the figure is never rated. `scale` is one of `SCALES`. For a scale of
    actions `word` is the rating that a person has given. For `threshold`, `thresholds` are the least (or, with
    `better="lower"`, the most) percentage that is green and that is amber, as the board has agreed them: there is no default.
    """

    measure: str
    baseline: float | None = None
    target: float | None = None
    scale: str | None = None
    word: str | None = None
    thresholds: tuple[float, float] | None = None
    better: Literal["higher", "lower"] = "higher"


def kpi_table(
    kpis: Sequence[Kpi], *, now: Mapping[str, Any], previous: Mapping[str, Any], standards: Mapping[str, str]
) -> pd.DataFrame:
    """Set key figures beside their baseline, their target, the last figure and the law, with their rating.

    `now` and `previous` give the percentage of each measure (missing where there is none, a marker where it is hidden), `standards` in
    words what the law asks for. Gives one row per key figure, with a new index: `title`, `baseline`, `target` (or "target not
    agreed"), `previous`, `now`, `standard`, `direction`, `rating` (the word, then its symbol), `means` and `colour` (none where there is no
    rating). Raises CommandError for a measure, a scale or a word that is not there, and for a rating that a figure was to set.

    >>> kpi = Kpi("plans_due_20wk", target=60, scale="threshold", thresholds=(60, 40))
    >>> table = kpi_table([kpi], now={"plans_due_20wk": 45.0}, previous={"plans_due_20wk": 30.0}, standards={})
    >>> table[["direction", "rating"]].to_numpy().tolist()
    [['up, better', 'Amber ▶']]
    """
    rows = [_row(kpi, now.get(kpi.measure), previous.get(kpi.measure), standards) for kpi in kpis]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(object)


def check_kpi(kpi: Kpi) -> Measure:
    """Find the measure of a key figure; raises CommandError where its scale and what is given for it do not fit."""
    measure = measure_of(kpi.measure)
    if kpi.scale is None:
        if kpi.word or kpi.thresholds:
            raise CommandError(f"a rating of {kpi.measure!r} needs a scale: use one of {', '.join(SCALES)}")
        return measure
    if kpi.scale not in SCALES:
        raise CommandError(f"there is no scale {kpi.scale!r}: use one of {', '.join(SCALES)}")
    scale = SCALES[kpi.scale]
    if scale.entered and kpi.thresholds is not None:
        raise CommandError(
            f"scale {kpi.scale!r} rates actions, so no figure sets it: give the word that a person has chosen"
        )
    if not scale.entered and (kpi.word is not None or kpi.thresholds is None):
        raise CommandError(
            f"scale {kpi.scale!r} is computed and has no default: give the thresholds that the board has agreed"
        )
    if kpi.word is not None:
        scale.word(kpi.word)
    _check_order(kpi)
    return measure


def _check_order(kpi: Kpi) -> None:
    if kpi.thresholds is None:
        return
    green, amber = kpi.thresholds
    if green == amber or (green > amber) != (kpi.better == "higher"):
        raise CommandError(
            f"thresholds of {kpi.measure!r} must be that for green, then that for amber, where {kpi.better} is better"
        )


def _row(kpi: Kpi, now: Any, previous: Any, standards: Mapping[str, str]) -> list[Any]:
    measure = check_kpi(kpi)
    rating, means, colour = _rating(kpi, now)
    target = NOT_AGREED if kpi.target is None else kpi.target
    baseline = "not given" if kpi.baseline is None else kpi.baseline
    standard = standards.get(kpi.measure, "none")
    direction = _direction(kpi, _number(previous), _number(now))
    return [measure.title, baseline, target, previous, now, standard, direction, rating, means, colour]


def _rating(kpi: Kpi, now: Any) -> tuple[str, str, str]:
    if kpi.target is None:
        return NOT_RATED, f"{NOT_AGREED}, so there is no rating", ""
    if kpi.scale is None or (kpi.word is None and kpi.thresholds is None):
        return NOT_RATED, "no rating has been entered", ""
    scale = SCALES[kpi.scale]
    if kpi.word is not None:
        word = scale.word(kpi.word)
        return f"{word.word} {word.symbol}", f"{word.means} (entered by a person)", word.colour
    return _computed(kpi, scale, _number(now))


def _computed(kpi: Kpi, scale: Scale, value: float | None) -> tuple[str, str, str]:
    if value is None or kpi.thresholds is None:
        return NOT_RATED, "the figure is hidden or cannot be computed", ""
    sign = 1 if kpi.better == "higher" else -1
    reached = [sign * value >= sign * threshold for threshold in kpi.thresholds]
    word = scale.words[0] if reached[0] else scale.words[1] if reached[1] else scale.words[2]
    edge = "least" if sign > 0 else "most"
    green, amber = kpi.thresholds
    return (
        f"{word.word} {word.symbol}",
        f"{word.means} (at {edge} {green:g} for green, {amber:g} for amber)",
        word.colour,
    )


def _direction(kpi: Kpi, previous: float | None, now: float | None) -> str:
    if previous is None or now is None:
        return "cannot be told"
    if previous == now:
        return "no change"
    risen = now > previous
    return f"{'up' if risen else 'down'}, {'better' if risen == (kpi.better == 'higher') else 'worse'}"


def _number(value: Any) -> float | None:
    return None if is_marker(value) or pd.isna(value) else float(value)
