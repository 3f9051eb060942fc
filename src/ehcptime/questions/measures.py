"""The measures, as data: who is counted, when they are on time, and what to print under the figure."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ehcptime.errors import CommandError, RuleError, meant

Cohort = Literal["issued", "decided", "due", "received", "open"]
Decision = Literal["request_outcome", "assessment_outcome"]
_Flag = Literal[
    "request_mediation",
    "request_tribunal",
    "assessment_mediation",
    "assessment_tribunal",
    "other_mediation",
    "other_tribunal",
]
FLAGS: tuple[str, ...] = get_args(_Flag)
_AdviceType = Literal[
    "education", "health", "psychology", "social_care", "other", "preparing_for_adulthood", "parent"
]
_Text = Annotated[str, Field(min_length=1)]
_Days = Annotated[int, Field(ge=0)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Elapsed(_Frozen):
    """A DfE measure: days between two dates as recorded, whatever clock is in force."""

    family: Literal["elapsed"]
    outcome: Decision
    codes: tuple[Literal["Y", "N"], ...]
    start: Literal["received_date"]
    from_days: _Days
    to_days: _Days | None = None  # none: no upper edge
    undated: Literal["left_out", "unknown"]  # what an outcome with no date is
    exceptions: Literal["keep", "leave_out"]  # week20 = 1
    flags: tuple[_Flag, ...]  # a case with any of these set is left out


class Limit(_Frozen):
    """Settled at the end of a limit of the clock in force."""

    family: Literal["limit"]
    rule: Literal["request_decision", "issue_decision", "plan_final"]
    falls_on: Literal["due", "start"]
    refusals: tuple[Literal["assess", "issue"], ...]  # those that take a case out of the cohort
    original: (
        _Days  # days from the limit of request_decision, which no route moves, to this one's first limit
    )
    exempt: Literal["keep", "leave_out"]


class Age(_Frozen):
    """Open cases older than a number of days."""

    family: Literal["age"]
    over_days: _Days
    stages: tuple[Literal["deciding", "assessing", "drafting", "finalising", "unknown"], ...]


class Advice(_Frozen):
    """Askings for advice, settled at their limit; works on the result of `track_advice`."""

    family: Literal["advice"]


class AllAdvice(_Frozen):
    """Plans issued in time with every required advice in."""

    family: Literal["all_advice"]
    rule: Literal["plan_final"]
    required: tuple[_AdviceType, ...]
    if_asked: tuple[_AdviceType, ...]  # only where someone was asked


class Measure(_Frozen):
    """One measure. `parameters` hold how each row is decided; `sentence` goes under the figure.

    `beside` names the measures without which this one may not be printed. `counted` and `others` are the words for what is
    in the numerator and for the rest of the denominator.
    """

    id: _Text
    title: _Text
    cohort: Cohort
    parameters: Annotated[Elapsed | Limit | Age | Advice | AllAdvice, Field(discriminator="family")]
    unknown_in_denominator: bool
    population: _Text
    numerator: _Text
    denominator: _Text
    counted: _Text
    others: _Text
    cite: _Text
    sentence: _Text
    beside: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """How `parts` decides: by elapsed days, a limit, an age or advice."""
        return self.parameters.family

    def but(self, **parameters: Any) -> "Measure":
        """Return the same measure with other parameters, checked like the first.

        >>> MEASURES["plans_over_52wk_inc"].but(from_days=367).parameters.from_days
        367
        """
        changed = self.parameters.model_dump() | parameters
        return _measure(self.id, self.model_dump(exclude={"id"}) | {"parameters": changed})


class _ById(dict[str, Measure]):
    """Measures by their ids; a name that is none of them is answered with the nearest that is."""

    def __missing__(self, name: object) -> Measure:
        raise CommandError(f"there is no measure {name!r}: {meant(name, self)}")


def load(text: str) -> Mapping[str, Measure]:
    """Read measures from TOML text, one table per measure.

    Raises RuleError naming the measure and the key when one is missing, unknown or of the wrong kind.

    >>> load("[mine]")
    Traceback (most recent call last):
    ehcptime.errors.RuleError: measure 'mine', key 'title': field required
    """
    measures = _ById({name: _measure(name, entry) for name, entry in tomllib.loads(text).items()})
    for measure in measures.values():
        for name in measure.beside:
            if name not in measures:
                raise RuleError(f"measure {measure.id!r}, key 'beside': there is no measure {name!r}")
    return MappingProxyType(measures)


def measure_of(measure: str | Measure) -> Measure:
    """Find the measure of this id; a measure is given back as it is.

    >>> measure_of("plans_due_20")
    Traceback (most recent call last):
    ehcptime.errors.CommandError: there is no measure 'plans_due_20': did you mean plans_due_20wk?
    """
    return measure if isinstance(measure, Measure) else MEASURES[measure]


def _measure(name: str, entry: Any) -> Measure:
    if not isinstance(entry, dict):
        raise RuleError(f"measure {name!r} must be a table of keys")
    try:
        return Measure.model_validate({**entry, "id": name})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        families = {"elapsed", "limit", "age", "advice", "all_advice"}
        key = ".".join(str(part) for part in first["loc"] if part not in families)
        says = first["msg"][0].lower() + first["msg"][1:]
        raise RuleError(f"measure {name!r}, key {key!r}: {says}") from None


MEASURES: Mapping[str, Measure] = load(
    files("ehcptime.questions").joinpath("measures.toml").read_text(encoding="utf-8")
)
