"""The words of a judgement: a verdict and why, the period of a limit, and a reason as it was claimed."""

from typing import NamedTuple

from ehcptime.clock.counting import NOT_YET, UNKNOWN, to_date
from ehcptime.tracking.words import long_date

VERDICTS = ("supported", "not_supported", "cannot_be_told", "not_an_exemption")
SUPPORTED, NOT_SUPPORTED, CANNOT_BE_TOLD, NOT_AN_EXEMPTION = VERDICTS


class Finding(NamedTuple):
    """One of VERDICTS, and why in one sentence."""

    verdict: str
    why: str


class Period(NamedTuple):
    """The period of one limit of one case, in day numbers, both ends included; NOT_YET or UNKNOWN where not known."""

    start: int
    due: int

    @property
    def is_known(self) -> bool:
        """True where both ends are days."""
        return there(self.start) and there(self.due)

    @property
    def words(self) -> str:
        """The period in words."""
        return f"the period of the limit, {said(self.start)} to {said(self.due)}"


class Limit(NamedTuple):
    """A limit of one case: the rule whose exemptions govern it, and its period."""

    rule: str
    period: Period


class School(NamedTuple):
    """A setting whose head was asked: the day (NOT_YET if not recorded) and its closures, each from a day to a day."""

    asked: int
    closures: tuple[tuple[int, int], ...]


class Reason(NamedTuple):
    """A reason as it was claimed and as it reads at `as_at`.

    `first` is NOT_YET where blank. `last` is NOT_YET where it had not ended by `as_at`, and UNKNOWN where nobody recorded it.
    """

    code: str
    first: int
    last: int
    schools: tuple[School, ...]
    as_at: int


def there(day: int) -> bool:
    """True where a day is there: neither NOT_YET nor UNKNOWN.

    >>> there(0), there(NOT_YET), there(UNKNOWN)
    (True, False, False)
    """
    return UNKNOWN < day < NOT_YET


def said(day: int) -> str:
    """A day number in words.

    >>> said(0)
    '1 January 1970'
    """
    found = to_date(day)
    return long_date(found) if found else "an unknown day"
