"""A file saved whole or not at all, and one sentence where it cannot be."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ehcptime.errors import InputError
from ehcptime.records.whole import whole


@contextmanager
def saving(path: Path, hint: str = "choose another folder") -> Iterator[Path]:
    """Give the place of a temporary file, which takes the place of `path` at the end. Raises InputError where it cannot be written.

    >>> with saving(Path("no such folder") / "a.txt") as place:
    ...     place.write_text("done")
    Traceback (most recent call last):
    ehcptime.errors.InputError: a.txt cannot be written: No such file or directory; choose another folder
    """
    try:
        with whole(path) as temporary:
            yield temporary
    except OSError as error:
        raise InputError(f"{path.name} cannot be written: {error.strerror}; {hint}") from error


def save_text(text: str, path: Path) -> None:
    """Save a text, whole or not at all, with the same line ends on every machine; errors as for `saving`."""
    with saving(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
