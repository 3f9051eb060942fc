"""The tests on every other Python of the machine, and on the oldest pandas, each in an environment of its own. Run by `make test-far`.

    python tools/other_pythons.py [--python PATH]... [--folder DIR]

Pythons are looked for on PATH and where pyenv keeps them. What the machine does not have is named and not run.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
VERSIONS = ("3.12", "3.13", "3.14")
OLDEST_PANDAS = "2.3.2"
FAILED = "did not pass"
TESTS = ("tests/unit", "tests/spec", "tests/property", "tests/acceptance")


def main() -> None:
    """Run the tests in each environment, and leave with 1 where one of them fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", type=Path, action="append", default=[])
    parser.add_argument("--folder", type=Path, help="where the environments are made, and kept")
    parser.add_argument("--processes", default="2", help="how many run the tests of one environment")
    parser.add_argument("--tests", action="append", default=[], help="a part of them, in place of all")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = asked.folder or Path(made)
        pythons = asked.python or _found()
        results = dict(_results(pythons, folder, asked.tests or TESTS, asked.processes))
    for name, said in results.items():
        print(f"{name}: {said}")
    sys.exit(any(FAILED in said for said in results.values()))


def _found() -> list[Path]:
    return [path for version in VERSIONS if (path := _python(version)) is not None]


def _python(version: str) -> Path | None:
    """Find a Python by its version; None, said aloud, where there is none."""
    kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    on_path = shutil.which(f"python{version}")
    found = kept[-1] if kept else Path(on_path) if on_path else None
    if found is None:
        print(f"not run here: Python {version}, which this machine does not have", flush=True)
    return found


def _results(
    pythons: Sequence[Path], folder: Path, tests: Sequence[str], processes: str
) -> Iterator[tuple[str, str]]:
    """Run each part of the tests in each environment, so that one part may fail and the others still be seen."""
    places = {_version(python): (python, "") for python in pythons}
    places |= {f"pandas {OLDEST_PANDAS}": (Path(sys.executable), OLDEST_PANDAS)}
    for name, (python, pandas) in places.items():
        own = _made(python, folder / name.replace(" ", "-"), pandas)
        print(f"testing with {_version(Path(own))}{f' and {name}' if pandas else ''}", flush=True)
        for part in tests:
            yield f"{name}, {part}", _tested(own, part, processes)


def _version(python: Path) -> str:
    return subprocess.run([python, "--version"], check=True, capture_output=True, text=True).stdout.strip()


def _made(python: Path, place: Path, pandas: str) -> str:
    """Make the environment, where it is not there already, and give its Python."""
    own = place / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if own.exists():
        return str(own)
    place.mkdir(parents=True, exist_ok=True)
    constraints = place / "constraints.txt"
    constraints.write_text(_constraints(pandas), encoding="utf-8")
    subprocess.run([python, "-m", "venv", place / "venv"], check=True)
    install = [str(own), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "--upgrade", "pip>=25.1"], check=True)
    subprocess.run(
        [*install, "--constraint", str(constraints), "--editable", ".[all]", "--group", "dev"],
        check=True,
        cwd=ROOT,
    )
    return str(own)


def _tested(own: str, part: str, processes: str) -> str:
    """Run a part of the tests, and give the line that counts what passed and failed; what failed is printed by name."""
    run = [own, "-m", "pytest", part, "-p", "no:cacheprovider", "-rfE", "--numprocesses", processes]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines() or [done.stderr.strip()[-200:]]
    if done.returncode:
        print("\n".join(line for line in lines if line.startswith(("FAILED", "ERROR"))), flush=True)
        return f"{FAILED}: {lines[-1]}"
    return lines[-1]


def _constraints(pandas: str) -> str:
    """Give the pinned versions, with another pandas where one is asked for."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    return re.sub(r"(?m)^pandas==.*$", f"pandas=={pandas}", text) if pandas else text


if __name__ == "__main__":
    main()
