"""Everything that ehcptime raises on purpose."""

from collections.abc import Iterable
from difflib import get_close_matches


class EhcptimeError(ValueError):
    """The base of every error that a user can cause and mend.

    The message is one sentence: what is wrong, where, and what to do. It never holds personal data.
    """


class CommandError(EhcptimeError):
    """A command or an argument is wrong; the input may be fine. Exit code 2 at the command line."""


class InputError(EhcptimeError):
    """A file or a frame cannot be used as it is. Exit code 3 at the command line."""


class RuleError(EhcptimeError):
    """A rule book cannot be used. Exit code 3 at the command line."""


class LawWarning(UserWarning):
    """The text of a rule was last checked more than twelve months before `as_at`."""


class CalendarWarning(UserWarning):
    """A working day was counted past the last year whose bank holidays are known."""


def meant(name: object, known: Iterable[object], otherwise: str = "") -> str:
    """Say what a name that is not known should have been: the nearest that is, else `otherwise`, by default all of them.

    >>> meant("aera", ["area", "team"]), meant("x", ["area", "team"]), meant("x", ["area"], "use a column of the frame")
    ('did you mean area?', 'use one of area, team', 'use a column of the frame')
    """
    names = [str(one) for one in known]
    near = get_close_matches(str(name), names, n=1)
    return f"did you mean {near[0]}?" if near else otherwise or f"use one of {', '.join(names)}"
