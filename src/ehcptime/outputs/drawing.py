"""Drawing: what every chart shares. One strong colour, greys, direct labels, hatching where a colour says something."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ehcptime.errors import CommandError, InputError

# Analysis Function palette.
DARK_BLUE, ORANGE, GREY, PALE = "#12436D", "#F46A25", "#3D3D3D", "#BFBFBF"
TURQUOISE, PINK = "#28A197", "#801650"
TEXT_SIZE = 12
TITLE_SIZE = 16


@contextmanager
def canvas(path: str | Path, *, size: tuple[float, float] = (9, 5)) -> Iterator[Any]:
    """Give axes to draw on; save the picture (PNG or SVG, by the ending of the path) and close it afterwards."""
    pyplot = _pyplot()
    with pyplot.style.context("afcharts.afcharts"):
        figure, axes = pyplot.subplots(figsize=size, layout="constrained")
        try:
            yield axes
            _save(figure, Path(path))
        finally:
            pyplot.close(figure)


def title(axes: Any, text: str) -> None:
    """Write the finding above the picture, wrapped to its width."""
    axes.set_title(text, loc="left", fontsize=TITLE_SIZE, wrap=True)


def bare(axes: Any) -> None:
    """Leave out ticks and lines that carry nothing."""
    axes.tick_params(length=0, labelsize=TEXT_SIZE)
    axes.grid(visible=False)
    for side in axes.spines.values():
        side.set_visible(False)


def _pyplot() -> Any:
    try:
        import afcharts  # noqa: F401, PLC0415 - an optional extra
        import matplotlib as mpl  # noqa: PLC0415
        from matplotlib import pyplot as plt  # noqa: PLC0415
    except ImportError:
        raise CommandError('charts need matplotlib and afcharts: run pip install "ehcptime[plots]"') from None
    mpl.use("Agg")
    return plt


def _save(figure: Any, path: Path) -> None:
    try:
        figure.savefig(path, dpi=110)
    except OSError as error:
        raise InputError(f"{path.name} cannot be written: {error.strerror}; choose another folder") from error
