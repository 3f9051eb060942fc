"""Pack ehcptime with everything that it needs into one zip, to install where there is no network: dist/ehcptime-bundle.zip.

`python -m tools.bundle` takes the wheels for the Python that runs it, for this platform and for each `--platform` (64-bit Windows unless others
are named), in the versions of constraints.txt, from wherever pip is set to look. It is a maintainer's tool and is not run by CI.
"""

import argparse
import hashlib
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).parent.parent
PARTS = Path(__file__).parent / "bundle_parts"
HERE = sysconfig.get_platform()
# What pip leaves out when it collects for Windows elsewhere, since it reads conditions on the platform as those of its own.
WINDOWS_ALONE = ("colorama", "tzdata")
_OLDEST = (1980, 1, 1, 0, 0, 0)  # the same wheels give the same zip


@dataclass(frozen=True, order=True)
class Wheel:
    """A wheel by the parts of its file name, with the SHA-256 of its bytes."""

    name: str
    version: str
    file: str
    sha256: str


def wheel_of(path: Path) -> Wheel:
    """Read a wheel's name and version from the name of its file, and take its hash."""
    name, version, *_ = path.stem.split("-")
    return Wheel(
        name.lower().replace("_", "-"), version, path.name, hashlib.sha256(path.read_bytes()).hexdigest()
    )


def requirements(by_platform: Mapping[str, Iterable[Wheel]]) -> str:
    """The requirements of pip: every wheel pinned with its hashes; what one platform alone needs says so.

    Raises ValueError where two platforms have two versions of one thing.
    """
    held = {platform: set(wheels) for platform, wheels in by_platform.items()}
    every = sorted(set().union(*held.values()))
    lines = []
    for name in dict.fromkeys(wheel.name for wheel in every):
        found = [wheel for wheel in every if wheel.name == name]
        if len({wheel.version for wheel in found}) > 1:
            raise ValueError(f"{name} comes in two versions: pin it in constraints.txt")
        on = [platform for platform, wheels in held.items() if wheels & set(found)]
        hashes = "".join(f" \\\n    --hash=sha256:{wheel.sha256}" for wheel in found)
        lines.append(f"{name}=={found[0].version}{_condition(on, held)}{hashes}")
    return "\n".join(lines) + "\n"


def _condition(on: Iterable[str], every: Iterable[str]) -> str:
    windows = {platform for platform in every if platform.startswith("win")}
    if set(on) == set(every) or not windows:
        return ""
    return " ; sys_platform == 'win32'" if set(on) <= windows else " ; sys_platform != 'win32'"


def part(name: str, *, version: str, platforms: Iterable[str]) -> bytes:
    """One of the files beside the wheels, filled in; Windows needs its own ends of lines."""
    text = (PARTS / name).read_text(encoding="utf-8")
    for mark, value in (
        ("@MAJOR@", str(sys.version_info.major)),
        ("@MINOR@", str(sys.version_info.minor)),
        ("@VERSION@", version),
        ("@PLATFORMS@", ", ".join(platforms)),
    ):
        text = text.replace(mark, value)
    end = "\n" if name.endswith(".sh") else "\r\n"
    return text.replace("\n", end).encode("utf-8")


def pack(place: Path, by_platform: Mapping[str, Path], *, version: str) -> None:
    """Write the zip from the folder of wheels of each platform."""
    files = {path.name: path for folder in by_platform.values() for path in sorted(folder.glob("*.whl"))}
    wheels = {
        platform: [wheel_of(path) for path in folder.glob("*.whl")]
        for platform, folder in by_platform.items()
    }
    names = [path.name for path in sorted(PARTS.iterdir())]
    content = {name: part(name, version=version, platforms=by_platform) for name in names}
    content["requirements.txt"] = requirements(wheels).encode("utf-8")
    place.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(place, "w") as bundle:
        for name, data in sorted(content.items()):
            _add(bundle, name, data)
        for name, path in sorted(files.items()):
            _add(bundle, f"wheels/{name}", path.read_bytes())


def _add(bundle: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(f"ehcptime-bundle/{name}", _OLDEST)
    entry.external_attr = (0o755 if name.endswith(".sh") else 0o644) << 16
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED
    bundle.writestr(entry, data)


def collect(folder: Path, platform: str, own: Path) -> None:
    """Let pip gather the wheels of one platform beside ehcptime's own."""
    other = platform != HERE
    more = ["--platform", platform, "--python-version", f"{sys.version_info.major}.{sys.version_info.minor}"]
    alone = WINDOWS_ALONE if platform.startswith("win") else ()
    constraints = ("--constraint", str(TOP / "constraints.txt"))
    _pip(
        "download",
        "--only-binary",
        ":all:",
        *(more if other else []),
        "--dest",
        str(folder),
        *constraints,
        f"{own}[all]",
        *alone,
    )


def _pip(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", *words, "--quiet"], check=True)


def main() -> None:
    """Build the wheel, gather the others, pack, and print the hash to give out by another way."""
    options = argparse.ArgumentParser(description="Pack ehcptime for a machine without a network.")
    options.add_argument("--out", type=Path, default=TOP / "dist" / "ehcptime-bundle.zip")
    options.add_argument(
        "--platform", action="append", help="pip's name of another platform; win_amd64 unless given"
    )
    given = options.parse_args()
    version = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    with tempfile.TemporaryDirectory() as scratch:
        _pip("wheel", "--no-deps", "--wheel-dir", scratch, str(TOP))
        (own,) = Path(scratch).glob("*.whl")
        folders = {}
        for platform in (HERE, *(given.platform or ["win_amd64"])):
            folders[platform] = Path(scratch) / platform
            collect(folders[platform], platform, own)
        pack(given.out, folders, version=version)
    digest = hashlib.sha256(given.out.read_bytes()).hexdigest()
    print(f"{given.out}: {given.out.stat().st_size / 1e6:.0f} MB, SHA-256 {digest}")


if __name__ == "__main__":
    main()
