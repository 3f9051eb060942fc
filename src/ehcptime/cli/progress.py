"""Progress of what takes long: on a screen, on standard error; into a file or a pipe nothing is written."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ehcptime.cli.screen import is_quiet, printable


@contextmanager
def working(text: str) -> Iterator[None]:
    """Show what is being done, and for how long."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=is_quiet() or not console.is_terminal
    ) as bar:
        bar.add_task(printable(text), total=None)
        yield
