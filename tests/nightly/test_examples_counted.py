"""The count of examples that a profile prints is of those that ran, over all processors, with the caseloads told apart."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.nightly
ROOT = Path(__file__).parents[2]
FILES = ("tests/property/test_effect_range.py", "tests/property/test_year_bounds.py")


@pytest.mark.parametrize("processors", ["0", "2"])
def test_every_example_that_ran_is_counted_once(processors):
    run = [sys.executable, "-m", "pytest", *FILES, "-p", "no:cacheprovider", "-n", processors]
    done = subprocess.run(
        run,
        cwd=ROOT,
        env=os.environ | {"EHCPTIME_PROFILE": "quick"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "300 examples passed with the profile quick, 180 of them caseloads:" in done.stdout
    assert f"  {FILES[0]}: 180, 180 of them caseloads" in done.stdout
    assert f"  {FILES[1]}: 120, 0 of them caseloads" in done.stdout
