"""The wheel: built twice it is the same to the byte, and it holds what the package needs and nothing of a machine. It needs an index, for hatchling."""

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.nightly
TOP = Path(__file__).parents[2]


def built(folder):
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, TOP],
        env={**os.environ, "SOURCE_DATE_EPOCH": "1735689600"},
        check=True,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_the_same_source_gives_the_same_wheel(tmp_path):
    one, other = (built(tmp_path / name) for name in ("one", "other"))
    assert one.name == other.name
    assert hashlib.sha256(one.read_bytes()).digest() == hashlib.sha256(other.read_bytes()).digest()
    with zipfile.ZipFile(one) as held:
        names = held.namelist()
        texts = [
            held.read(name)
            for name in names
            if name.endswith((".py", ".toml", ".json", ".csv", ".html", "METADATA"))
        ]
    assert {
        "ehcptime/testing/pack/pack.json",
        "ehcptime/testing/pack/schema.json",
        "ehcptime/py.typed",
    } <= set(names)
    assert not any(re.search(r"__pycache__|\.pyc$|^tests/|\.orig$", name) for name in names)
    assert not any(str(TOP).encode() in text for text in texts)
