"""Drawing: what every chart shares. One strong colour, greys, direct labels, hatching where a colour says something."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, Self

from ehcptime.errors import CommandError
from ehcptime.records.saving import saving

# Analysis Function palette.
DARK_BLUE, ORANGE, GREY, PALE = "#12436D", "#F46A25", "#3D3D3D", "#BFBFBF"
TURQUOISE, PINK = "#28A197", "#801650"
TEXT_SIZE = 12
TITLE_SIZE = 16
_LABELS = 12  # ticks along the bottom at most
_KINDS = {"png": "image/png", "svg": "image/svg+xml"}


class Picture(str):
    """The text alternative of a chart. A notebook shows the chart itself, and a screen reader says these words."""

    __slots__ = ("image", "kind")
    image: bytes
    kind: str

    def __new__(cls, words: str, axes: Any) -> Self:
        """Join the words to what `canvas` saved of the axes."""
        made = super().__new__(cls, words)
        made.image, made.kind = axes.saved
        return made

    def _repr_html_(self) -> str:
        data = b64encode(self.image).decode("ascii")
        return f'<img src="data:{self.kind};base64,{data}" alt="{escape(self)}" style="max-width: 100%">'


@contextmanager
def canvas(path: str | Path | None, *, size: tuple[float, float] = (9, 5)) -> Iterator[Any]:
    """Give axes to draw on; save the picture (PNG or SVG, by the ending of the path) and close it afterwards.

    Without a path nothing is written; either way the axes carry what was saved, for `Picture`.
    """
    pyplot = _pyplot()
    with pyplot.style.context("afcharts.afcharts"):
        figure, axes = pyplot.subplots(figsize=size, layout="constrained")
        try:
            yield axes
            ending = "png" if path is None else Path(path).suffix.lower().lstrip(".")
            axes.saved = _saved(figure, ending)
            if path is not None:
                _write(Path(path), axes.saved[0])
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


def month_ticks(axes: Any, periods: Sequence[str]) -> None:
    """Name periods along the bottom, turned, and no more of them than there is room for."""
    step = -(-len(periods) // _LABELS)
    axes.set_xticks(
        range(0, len(periods), step), periods[::step], rotation=45, ha="right", rotation_mode="anchor"
    )
    axes.tick_params(labelsize=TEXT_SIZE)
    axes.set_xlim(-0.5, len(periods) - 0.5)


def _pyplot() -> Any:
    try:
        import afcharts  # noqa: F401, PLC0415 - an optional extra
        import matplotlib as mpl  # noqa: PLC0415
        from matplotlib import pyplot as plt  # noqa: PLC0415
    except ImportError:
        raise CommandError('charts need matplotlib and afcharts: run pip install "ehcptime[plots]"') from None
    mpl.use("Agg")
    return plt


def _saved(figure: Any, ending: str) -> tuple[bytes, str]:
    if ending not in _KINDS:
        raise CommandError(f"a picture cannot end in {ending!r}: give a path that ends in .png or .svg")
    memory = BytesIO()
    figure.savefig(memory, format=ending, dpi=110)
    return memory.getvalue(), _KINDS[ending]


def _write(path: Path, picture: bytes) -> None:
    with saving(path) as temporary:
        temporary.write_bytes(picture)
