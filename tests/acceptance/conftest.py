"""What acceptance tests of the command line share: a command run as its user runs it."""

import sys

import pytest

from ehcptime.cli.app import main


@pytest.fixture
def run(monkeypatch, capsys):
    """Give a function that runs a command and returns its exit code, and what it printed on standard output and error."""

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["ehcptime", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return command
