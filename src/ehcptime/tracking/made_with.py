"""Made with: the rule book and the convention that a tracked frame carries, so that a figure can say what it rests on."""

from typing import Any

import pandas as pd

from ehcptime.law.book import RuleBook

ATTRS = "ehcptime"  # the key of `DataFrame.attrs` under which everything of ours stands
NOT_RECORDED = "not recorded"


def made_with(frame: pd.DataFrame, law: RuleBook, convention: str = "") -> pd.DataFrame:
    """Note in the attributes of a frame the edition of the rule book, and the convention where there is one.

    `DataFrame.attrs` go along with a filtered or a grouped frame; joining frames or writing them to a file can lose them.
    """
    said = {"rule_book": law.edition} | ({"convention": convention} if convention else {})
    frame.attrs = {**frame.attrs, ATTRS: said}
    return frame


def rule_book_of(frame: pd.DataFrame) -> str:
    """Edition of the rule book with which a frame was tracked, or "not recorded" where its attributes were lost.

    >>> rule_book_of(pd.DataFrame())
    'not recorded'
    """
    return str(_said(frame).get("rule_book", NOT_RECORDED))


def convention_of(frame: pd.DataFrame) -> str:
    """Convention with which the cases were tracked, or "not recorded"."""
    return str(_said(frame).get("convention", NOT_RECORDED))


def _said(frame: pd.DataFrame) -> dict[str, Any]:
    said = frame.attrs.get(ATTRS, {})
    return said if isinstance(said, dict) else {}
