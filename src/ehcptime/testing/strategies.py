"""Hypothesis strategies for other projects' tests: `from ehcptime.testing.strategies import lawful_cases`. It needs the extra `testing`."""

from ehcptime.testing.drawn_cases import exempt_cases, late_cases, lawful_cases, near, reversed_cases
from ehcptime.testing.drawn_rows import advice_requests, caseloads, frame_of, impossible_rows, messy_rows

__all__ = [
    "advice_requests",
    "caseloads",
    "exempt_cases",
    "frame_of",
    "impossible_rows",
    "late_cases",
    "lawful_cases",
    "messy_rows",
    "near",
    "reversed_cases",
]
