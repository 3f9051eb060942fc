"""Nothing in the package runs text as code, unpickles or starts a shell; nothing reads the clock, a random number or the network."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "ehcptime"
FILES = sorted(SOURCE.rglob("*.py"))
# Names that run text as code or reach out of the process.
CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "os.system",
    "os.popen",
    "yaml.load",
    "yaml.unsafe_load",
    "os.execv",
    "os.spawnv",
}
MODULES = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "joblib",
    "code",
    "pty",
    "ctypes",
    "socket",
    "ssl",
    "urllib.request",
    "http.client",
    "requests",
    "httpx",
    "ftplib",
    "smtplib",
}
CLOCKS = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "Timestamp.now",
    "pd.Timestamp.now",
    "time.time",
    "time.localtime",
}
# The one module that starts a program, which the user names, without a shell.
STARTS_A_PROGRAM = {"testing/conformance.py"}


def dotted(node):
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def faults(text):
    """Name what a source does that none may."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            if name in CALLS or name in CLOCKS or name.endswith(("read_pickle", "to_pickle")):
                found.append(name)
            if name == "import_module" and isinstance(node.args[0], ast.Constant):
                found += [name for name in [node.args[0].value] if name in MODULES]
            found += ["shell" for word in node.keywords if word.arg == "shell" and not is_false(word.value)]
            found += [
                "allow_pickle"
                for word in node.keywords
                if word.arg == "allow_pickle" and not is_false(word.value)
            ]
        elif isinstance(node, ast.Import):
            found += [one.name for one in node.names if one.name in MODULES]
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            found.append(node.module)
    return found


def is_false(node):
    return isinstance(node, ast.Constant) and node.value is False


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_does_nothing_that_none_may(path):
    text = path.read_text(encoding="utf-8")
    assert faults(text) == []
    starts = "import subprocess" in text or "from subprocess" in text
    assert starts == (str(path.relative_to(SOURCE).as_posix()) in STARTS_A_PROGRAM)


@pytest.mark.parametrize(
    "text",
    [
        "eval('1')",
        "exec(x)",
        "import pickle",
        "from pickle import loads",
        "pd.read_pickle(p)",
        "import os\nos.system('ls')",
        "subprocess.run('ls', shell=True)",
        "np.load(p, allow_pickle=True)",
        "yaml.load(x)",
        "import socket",
        "date.today()",
        "datetime.now()",
        "import_module('pickle')",
    ],
)
def test_the_scan_sees_what_it_is_for(text):
    assert faults(text)
