"""One stream of random numbers per cause, so that a change to one leaves the others as they were."""

import zlib

import numpy as np

from ehcptime.errors import CommandError


class Streams:
    """Generators by name, spawned from one seed; the same seed and name always give the same numbers."""

    def __init__(self, seed: int) -> None:
        if seed < 0:
            raise CommandError(f"seed {seed} is negative: give 0 or more")
        self._seed = seed

    def __getitem__(self, cause: str) -> np.random.Generator:
        key = zlib.crc32(cause.encode())
        return np.random.default_rng(np.random.SeedSequence(self._seed, spawn_key=(key,)))
