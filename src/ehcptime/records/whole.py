"""A file written whole or not at all: beside its place first, readable by its owner alone, then moved there."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNFINISHED = ".ehcptime-"  # how the name of a file begins that is not whole yet
_NEW_AND_OURS = os.O_CREAT | os.O_EXCL | os.O_WRONLY


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give the place of a temporary file, which takes the place of `path` at the end; after an error nothing is left of it.

    An interruption counts as an error. A process that is killed outright leaves the old file as it was, and may leave the
    temporary one, which its owner alone can read.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with whole(Path(folder) / "a.txt") as place:
    ...         _ = place.write_text("done")
    ...     [found.name for found in Path(folder).iterdir()]
    ['a.txt']
    """
    # Named before it is made, so that an interruption at any moment finds it.
    temporary = path.with_name(f"{UNFINISHED}{secrets.token_hex(8)}")
    try:
        os.close(os.open(temporary, _NEW_AND_OURS, 0o600))
        yield temporary
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
