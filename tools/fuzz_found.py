"""What a run of fuzzing came to: inputs by reader, time, memory, and what broke."""

import zlib
from collections import Counter
from dataclasses import dataclass, field
from math import log

DATE_TEXTS = "date texts"
_BITS = 1 << 27


class Different:
    """About how many inputs differ, in 16 MB: each sets one bit, and how many are set says how many were set twice."""

    def __init__(self) -> None:
        self._bits = bytearray(_BITS // 8)

    def add(self, content: bytes) -> None:
        """Count an input."""
        place = zlib.crc32(content) % _BITS
        self._bits[place >> 3] |= 1 << (place & 7)

    def count(self) -> int:
        """About how many of the inputs differ."""
        return round(-_BITS * log(1 - int.from_bytes(self._bits, "little").bit_count() / _BITS))


@dataclass
class Found:
    """A run, or several: counts of inputs and of seconds of the processor by reader, and megabytes."""

    tried: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    different: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)  # what went wrong, and where its input is kept
    peak: float = 0.0
    growth: float = 0.0  # after the first tenth

    def count(self, name: str, tried: int, read: int, seconds: float) -> None:
        """Count inputs of a reader."""
        self.tried[name] += tried
        self.read[name] += read
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds

    def add(self, other: "Found") -> None:
        """Add the run of another process."""
        for name, number in other.tried.items():
            self.count(name, number, other.read[name], other.seconds[name])
        self.different.update(other.different)  # two processes may have had the same, rarely
        self.broken = other.broken | self.broken
        self.peak, self.growth = max(self.peak, other.peak), max(self.growth, other.growth)

    def files(self) -> int:
        """Count the inputs that were files."""
        return self.tried.total() - self.tried[DATE_TEXTS]
