"""The command is killed 200 times while it writes: what was there is there whole, or what is new is, and never a part of either."""

import random
import signal
import stat
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from ehcptime.records.whole import UNFINISHED

pytestmark = pytest.mark.nightly

COMMAND = Path(sys.executable).with_name("ehcptime")
KILLS = 25  # of each signal at each of the four files: 200 in all
WRITES = {
    "report.html": ("report", "--preset", "board"),
    "cases.csv": ("track",),
    "cases.xlsx": ("track",),
    "cases.json": ("track",),
}


def begun(name, data, out, as_at):
    """Start the command in a process of its own."""
    command, *options = WRITES[name]
    said = [COMMAND, command, data, "--as-at", as_at, "--out", out / name, *options]
    return subprocess.Popen(said, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def written(name, data, out, as_at):
    """What the command writes when it is left alone, and how long it takes."""
    start = time.monotonic()
    assert begun(name, data, out, as_at).wait() == 0
    return (out / name).read_bytes(), time.monotonic() - start


def unfinished(out):
    return [path for path in out.iterdir() if path.name.startswith(UNFINISHED)]


def waited(process, out, seconds, *, until_writing):
    """Wait for some seconds, or until the new file is begun and a moment of its writing more."""
    if not until_writing:
        time.sleep(seconds)
        return
    while process.poll() is None and not unfinished(out):
        time.sleep(0.0005)
    time.sleep(seconds / 100)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "extract"
    made = [COMMAND, "simulate", "300", "--as-at", "2025-03-31", "--seed", "7", "--out", folder]
    subprocess.run(made, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=lambda how: how.name)
@pytest.mark.parametrize("name", WRITES)
def test_a_kill_leaves_the_old_file_or_the_new_one(name, how, data, tmp_path):
    out, target = tmp_path / "out", tmp_path / "out" / name
    out.mkdir()
    new, seconds = written(name, data, out, "2025-03-31")
    old, _ = written(name, data, out, "2025-02-28")
    assert old != new
    draw, found = random.Random(f"{name} {how}"), Counter()
    for number in range(KILLS):
        target.write_bytes(old)
        process = begun(name, data, out, "2025-03-31")
        waited(process, out, draw.uniform(0, seconds), until_writing=number % 2 == 0)
        process.send_signal(how)
        process.wait()
        assert target.read_bytes() in (old, new)
        left = unfinished(out)
        assert set(out.iterdir()) == {target, *left}
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in left)
        assert how == signal.SIGKILL or not left  # an interrupted command clears up; a killed one cannot
        found["the new file" if target.read_bytes() == new else "the old file"] += 1
        found["and an unfinished one beside it"] += bool(left)
        for path in left:
            path.unlink()
    sys.stdout.write(f"\n{KILLS} times {how.name} at {name}: {dict(found)}\n")
