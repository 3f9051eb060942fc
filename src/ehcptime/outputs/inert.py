"""Texts that a spreadsheet would run, made inert and back again."""

import re
from collections.abc import Callable
from typing import Any

import pandas as pd

from ehcptime.outputs.fingerprints import cell_texts

# What a spreadsheet would run, behind any apostrophes that are there already, so that one can be put before it and taken off again.
_RUNS = re.compile(r"'*[=+\-@\t\r\n]")
# Control characters but for tab and the ends of lines, and what no file of Unicode text can hold.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def runs(text: str) -> bool:
    """Say whether a spreadsheet would run a text."""
    return _RUNS.match(text) is not None


def inert(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run.

    >>> inert("=1+1"), inert("a=b")
    ("'=1+1", 'a=b')
    """
    return f"'{text}" if runs(text) else text


def plain(text: str) -> str:
    """Take off the apostrophe that `inert` put there."""
    return text[1:] if text.startswith("'") and runs(text) else text


def without_controls(text: str) -> str:
    r"""Put a question mark in the place of each character that could move a cursor, or that no file can hold.

    >>> without_controls("a\x1b[31mb")
    'a?[31mb'
    """
    return _UNPRINTABLE.sub("?", text)


def csv_cells(values: "pd.Series[Any]", safe: Callable[[str], str] = inert) -> list[str]:
    """Cells of a column as a CSV file holds them; only texts can be run, so numbers keep their sign.

    >>> csv_cells(pd.Series(["-", None])), csv_cells(pd.Series([-1.5, 2]))
    (["'-", ''], ['-1.5', '2'])
    """
    texts = cell_texts(values)
    if values.dtype.kind in "biufM":
        return list(texts)
    return [
        safe(text) if isinstance(value, str) else text
        for text, value in zip(texts, values.astype(object), strict=True)
    ]
