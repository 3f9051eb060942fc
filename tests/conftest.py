"""Settings that every test shares."""

import os

from hypothesis import HealthCheck, settings

import offline

offline.block()

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
settings.register_profile("quick", max_examples=60, deadline=None, suppress_health_check=_SLOW)
settings.register_profile("nightly", max_examples=5_000, deadline=None, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("EHCPTIME_PROFILE", "quick"))
