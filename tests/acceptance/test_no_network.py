"""What docs/data_protection.md promises: no command uses the network, and none writes outside what it was told to."""

import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"
AS_AT = ["--as-at", "2024-12-31"]


def watched(folder, *words):
    """Run a command under the watch; give its exit code and the files that it wrote."""
    done = subprocess.run(
        [sys.executable, "-B", TOOLS / "no_network.py", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "NetworkUsedError" not in done.stderr
    said = done.stderr.splitlines()
    return done.returncode, [line.removeprefix("written: ") for line in said if line.startswith("written: ")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("watched")
    code, written = watched(place, "simulate", "200", *AS_AT, "--out", "made")
    assert code == 0
    assert written
    assert all(Path(name).parts[0] == "made" for name in written)
    return place


@pytest.mark.parametrize("command", ["check", "backlog", "timeliness", "contributions", "at-risk"])
def test_a_question_writes_nothing_and_asks_nobody(folder, command):
    code, written = watched(folder, command, "made", *AS_AT)
    assert code in {0, 1}
    assert written == []
    assert {path.name for path in folder.iterdir()} == {"made"}


def test_the_watch_sees_a_socket_and_a_file(tmp_path):
    program = (
        "import sys, socket, no_network; sys.addaudithook(no_network.watch); open('left.txt', 'w').close();"
        "socket.getaddrinfo('localhost', 80)"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(TOOLS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "written: left.txt" in done.stderr
    assert "NetworkUsedError: socket.getaddrinfo" in done.stderr
