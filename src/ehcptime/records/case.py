"""One case and one asking for advice, checked as they are made."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from ehcptime.errors import InputError, meant
from ehcptime.law.book import LAW
from ehcptime.records.columns import COLUMNS

UNNAMED = "This case"  # what a case of facts alone, with no reference, is called


def _plain_date(value: Any, info: ValidationInfo) -> Any:
    """Accept a date, drop a time of day, and refuse what might be read in two ways."""
    if value is None or value != value:  # NaT is not equal to itself # noqa: PLR0124
        return None
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            raise ValueError("a date with a time zone can move by a day: drop the time zone first")
        return value.date()
    if isinstance(value, str) and info.mode == "json":
        return date.fromisoformat(value)
    if not isinstance(value, date):
        raise ValueError(
            "give a date, for example date(2025, 4, 2); text is not read here because it can mean two days"
        )
    return value


def _plain_text(value: Any) -> Any:
    if value is None or value != value:  # noqa: PLR0124
        return None
    return value.strip() or None if isinstance(value, str) else value


def _flag(value: Any) -> Any:
    return None if value is None or value != value else value  # noqa: PLR0124


def _code(*allowed: str) -> BeforeValidator:
    known = {value.casefold(): value for value in allowed}

    def read(value: Any) -> Any:
        value = _plain_text(value)
        return known.get(value.casefold(), value) if isinstance(value, str) else value

    return BeforeValidator(read)


def _known_dates(dates: dict[str, date | None]) -> dict[str, date | None]:
    """Accept only dates that a rule of the rule book names, and that have no column of their own."""
    own = {*COLUMNS["cases"], *COLUMNS["advice"]}
    known = sorted(LAW.date_names() - own)
    for name in dates:
        if name in own:
            raise ValueError(f"{name!r} has a place of its own on the case or its advice: give it there")
        if name not in known:
            raise ValueError(f"the rule book knows no date {name!r}: {meant(name, known)}")
    return dates


Day = Annotated[date | None, BeforeValidator(_plain_date)]
Text = Annotated[str | None, BeforeValidator(_plain_text)]
Flag = Annotated[bool | None, BeforeValidator(_flag)]
Outcome = Annotated[Literal["Y", "N", "A", "W", "H"] | None, _code("Y", "N", "A", "W", "H")]
ClosedReason = Annotated[
    Literal["withdrawn", "moved_out", "died", "left_education", "duplicate", "other", "unknown"] | None,
    _code(*COLUMNS["cases"]["closed_reason"].values),
]
Refusal = Annotated[Literal["assess", "issue"] | None, _code("assess", "issue")]
Route = Annotated[
    Literal[
        "mediation_agreement",
        "tribunal_order",
        "consent_order",
        "unopposed",
        "order_to_make",
        "own_change",
        "conceded",
    ]
    | None,
    _code(*COLUMNS["cases"]["reversal_route"].values),
]
AdviceType = Annotated[
    Literal["education", "health", "psychology", "social_care", "other", "preparing_for_adulthood", "parent"],
    _code(*COLUMNS["advice"]["advice_type"].values),
]
AdviceOutcome = Annotated[
    Literal["provided", "not_known", "existing_sufficient", "rejected", "withdrawn"] | None,
    _code(*COLUMNS["advice"]["advice_outcome"].values),
]


class _Record(BaseModel):
    """Frozen, strict about unknown names, and one sentence for a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise InputError(_sentence(type(self).__name__, error)) from None

    # Pydantic then reads JSON without passing through here, where dates must be dates.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]


def _sentence(kind: str, error: ValidationError) -> str:
    first = error.errors(include_input=False)[0]
    column = ".".join(str(part) for part in first["loc"]) or "case"
    if first["type"] == "extra_forbidden":
        return f"{kind} has no {column!r}: check the spelling against the column contract"
    if first["type"] == "missing":
        return f"{kind} needs {column!r}: give it, or None where it is not known"
    return f"{kind}, {column}: {first['msg'].removeprefix('Value error, ')}"


class Case(_Record):
    """One request for an assessment, and what happened to it, by the names of the column contract.

    Dates are `datetime.date` (a time of day is dropped); outcomes are the SEN2 codes Y, N, A, W, H. `received_date` may be
    None where it is not known. `other_dates` holds days that only some rules need (a review, a move, an order), by the names
    that the rule book uses. Raises InputError, in one sentence, for anything else.

    >>> Case(case_id="JSC", received_date=date(2025, 4, 2)).received_date
    datetime.date(2025, 4, 2)
    """

    case_id: Annotated[str, Field(min_length=1)]
    received_date: Day
    person_id: Text = None
    setting_id: Text = None
    la_code: Text = None
    responsible_date: Day = None
    moved_in_date: Day = None
    request_source: Text = None
    rya: Flag = None
    request_outcome: Outcome = None
    request_outcome_date: Day = None
    request_mediation: Flag = None
    request_tribunal: Flag = None
    exported: Annotated[str | bool | None, BeforeValidator(_plain_text)] = None
    assessment_outcome: Outcome = None
    assessment_outcome_date: Day = None
    assessment_mediation: Flag = None
    assessment_tribunal: Flag = None
    other_mediation: Flag = None
    other_tribunal: Flag = None
    week20: Flag = None
    issue_decision_date: Day = None
    draft_sent_date: Day = None
    plan_issued_date: Day = None
    plan_start_date: Day = None
    closed_date: Day = None
    closed_reason: ClosedReason = None
    reversal_of: Refusal = None
    reversal_route: Route = None
    reversal_date: Day = None
    assess_notice_date: Day = None
    plan_final_override_date: Day = None
    plan_final_override_source: Text = None
    panel_date: Day = None
    last_contact_date: Day = None
    last_assessed_date: Day = None
    caseworker: Text = None
    team: Text = None
    area: Text = None
    primary_need: Text = None
    age_at_request: Annotated[int | None, Field(ge=0, le=30)] = None
    other_dates: Annotated[dict[str, Day], AfterValidator(_known_dates)] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _reversed_after_the_request(self) -> Self:
        if self.reversal_date and self.received_date and self.reversal_date < self.received_date:
            raise ValueError("reversal_date is before the request was received: check both days")
        return self


class AdviceRequest(_Record):
    """One asking for advice, by the names of the column contract.

    >>> AdviceRequest(case_id="A", advice_type="psychology", requested_date=date(2025, 6, 9)).advice_type
    'psychology'
    """

    case_id: Annotated[str, Field(min_length=1)]
    advice_type: AdviceType
    requested_date: Day
    provider: Text = None
    sub_service: Text = None
    setting_id: Text = None
    source: Text = None
    round: Annotated[int | None, Field(ge=1)] = None
    allocated_date: Day = None
    body_received_date: Day = None
    returned_date: Day = None
    advice_outcome: AdviceOutcome = None
    bound_by_reg_8: Flag = None
    exemption: Text = None
