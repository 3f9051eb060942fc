"""Run the examples of the pages and write under each what it prints; the tests then hold every page to it.

Use it after a change that alters an answer: `python tools/examples.py docs/how-to/board.md`, and read the difference before you commit it.
"""

import contextlib
import doctest
import io
import os
import re
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

import pandas as pd

DISPLAY = (
    "display.width",
    120,
    "display.max_columns",
    12,
    "display.max_colwidth",
    90,
    "display.max_rows",
    60,
)
_BLOCK = re.compile(r"(?<=^```python\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)


def filled(page: str) -> str:
    """A page with the answers that its examples give when they are run from the top."""
    names: dict[str, Any] = {"__name__": "page"}
    return _BLOCK.sub(lambda found: _run(found[0], names), page)


def _run(block: str, names: dict[str, Any]) -> str:
    if not block.startswith(">>>"):
        exec(block, names)  # noqa: S102
        return block
    return "".join(_answered(example, names) for example in doctest.DocTestParser().get_examples(block))


def _answered(example: doctest.Example, names: dict[str, Any]) -> str:
    """One example of a page and what it prints, a refusal included."""
    first, *rest = example.source.splitlines()
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(example.source, "page", "single"), names)  # noqa: S102
    except Exception as error:  # noqa: BLE001
        refusal = "".join(traceback.format_exception_only(error))
        printed.write(f"Traceback (most recent call last):\n    ...\n{refusal}")
    asked = [f">>> {first}", *(f"... {line}" for line in rest)]
    said = [line.rstrip() or "<BLANKLINE>" for line in printed.getvalue().splitlines()]
    return "\n".join([*asked, *said]) + "\n"


def main(pages: list[str]) -> None:
    """Fill each page, in a folder of its own so that nothing is left behind."""
    for path in [Path(page).resolve() for page in pages]:
        text = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder, pd.option_context(*DISPLAY):
            start = Path.cwd()
            os.chdir(folder)
            try:
                answered = filled(text)
            finally:
                os.chdir(start)
        path.write_text(answered, encoding="utf-8")
        print(f"{path.name}: {'as it was' if answered == text else 'answers written'}")


if __name__ == "__main__":
    main(sys.argv[1:])
