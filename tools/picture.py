"""Draw the picture of the README: `python tools/picture.py` writes docs/img/waiting.png, and prints the text that stands for it.

The caseload is made up, as large as West Sussex's requests of 2019 to 2024, and the picture says so itself.
"""

from datetime import date
from pathlib import Path

import matplotlib.image
import matplotlib.pyplot as plt
from PIL import Image

import ehcptime as ehc

AS_AT = date(2024, 12, 31)
REQUESTS = 9_097
PLACE = Path(__file__).parent.parent / "docs" / "img" / "waiting.png"


def draw(path: Path) -> str:
    """Write the picture and return its text alternative."""
    cases = ehc.simulate(REQUESTS, as_at=AS_AT, seed=1).cases
    table = ehc.backlog_triangle(cases, start=date(2020, 1, 1), end=AS_AT, freq="Q")
    picture = ehc.plot_triangle(table, path)
    _mark(path)
    return f"A made-up caseload. {picture}"


def _mark(path: Path) -> None:
    """Write under the picture that nobody in it exists."""
    image = matplotlib.image.imread(path)
    high, wide = image.shape[:2]
    figure = plt.figure(figsize=(wide / 100, high / 100 + 0.4), dpi=100)
    figure.figimage(image)
    figure.text(
        0.5,
        1 - 0.2 / (high / 100 + 0.4),
        "SYNTHETIC: a made-up caseload",
        ha="center",
        va="center",
        fontsize=13,
    )
    figure.savefig(path, dpi=100)
    plt.close(figure)
    Image.open(path).convert("RGB").quantize(64).save(
        path, optimize=True
    )  # a few colours take a quarter of the room


if __name__ == "__main__":
    PLACE.parent.mkdir(exist_ok=True)
    print(draw(PLACE))
