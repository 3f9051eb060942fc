"""The bundle for a machine without a network: hashes that fit, conditions by platform, scripts that stay off the network, one zip for one set."""

import hashlib
import os
import subprocess
import sys
import zipfile

import pytest
from packaging.requirements import Requirement
from tools import bundle

LINUX, WINDOWS = "linux-x86_64", "win_amd64"


@pytest.fixture
def folders(tmp_path):
    """Wheels in name only: one for both platforms, one of each, and one that Windows alone needs."""
    names = {
        LINUX: ["ehcptime-9.9-py3-none-any.whl", "fast_sums-2.0-cp311-cp311-manylinux_2_28_x86_64.whl"],
        WINDOWS: [
            "ehcptime-9.9-py3-none-any.whl",
            "fast_sums-2.0-cp311-cp311-win_amd64.whl",
            "tzdata-2026.6-py2.py3-none-any.whl",
        ],
    }
    for platform, files in names.items():
        (tmp_path / platform).mkdir()
        for name in files:
            (tmp_path / platform / name).write_bytes(name.encode())
    return {platform: tmp_path / platform for platform in names}


@pytest.fixture
def packed(folders, tmp_path):
    place = tmp_path / "dist" / "bundle.zip"
    bundle.pack(place, folders, version="9.9")
    with zipfile.ZipFile(place) as held:
        return {
            entry.filename.removeprefix("ehcptime-bundle/"): (held.read(entry), entry.external_attr >> 16)
            for entry in held.infolist()
        }


def test_every_wheel_is_there_once_and_pinned_with_its_hash(packed):
    wheels = {name for name in packed if name.endswith(".whl")}
    assert len(wheels) == 4
    text = packed["requirements.txt"][0].decode()
    for name in wheels:
        assert f"--hash=sha256:{hashlib.sha256(packed[name][0]).hexdigest()}" in text
    assert text.count("--hash") == 4
    assert "ehcptime==9.9 \\\n" in text


def test_what_windows_alone_needs_is_asked_for_there_alone(packed):
    lines = packed["requirements.txt"][0].decode().replace("\\\n", " ").splitlines()
    found = [Requirement(line.partition("--hash")[0]) for line in lines]
    needed = {
        platform: {
            each.name for each in found if not each.marker or each.marker.evaluate({"sys_platform": platform})
        }
        for platform in ("linux", "win32")
    }
    assert needed == {"linux": {"ehcptime", "fast-sums"}, "win32": {"ehcptime", "fast-sums", "tzdata"}}


def test_two_versions_of_one_thing_are_refused():
    wheels = [bundle.Wheel("six", "1.0", "a.whl", "0" * 64)]
    other = [bundle.Wheel("six", "2.0", "b.whl", "1" * 64)]
    with pytest.raises(ValueError, match="six comes in two versions"):
        bundle.requirements({LINUX: wheels, WINDOWS: other})


def test_scripts_are_for_this_python_and_for_their_own_system(packed):
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for name in ("install.sh", "install.bat", "README.txt"):
        text = packed[name][0].decode()
        assert "@" not in text.replace("@echo off", ""), name
        assert version in text
    assert b"\r" not in packed["install.sh"][0]
    assert packed["install.bat"][0].count(b"\n") == packed["install.bat"][0].count(b"\r\n") > 0
    assert packed["install.sh"][1] == 0o755
    assert LINUX in packed["README.txt"][0].decode()
    assert WINDOWS in packed["README.txt"][0].decode()


def test_scripts_ask_pip_for_nothing_but_the_wheels(packed):
    for name in ("install.sh", "install.bat"):
        text = packed[name][0].decode().replace("\\\n", " ")
        (command,) = [line for line in text.splitlines() if " -m pip" in line]
        for words in ("--no-index", "--find-links", "--require-hashes", "--isolated"):
            assert words in command, (name, words)
        assert "PIP_CONFIG_FILE" in text
        assert "http" not in text


def test_the_same_wheels_give_the_same_zip(folders, tmp_path):
    for name in ("one.zip", "two.zip"):
        bundle.pack(tmp_path / name, folders, version="9.9")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_another_python_is_refused_in_one_sentence_and_nothing_is_made(packed, tmp_path):
    """A python that says it is another version; the script must stop before it makes a folder."""
    (tmp_path / "install.sh").write_bytes(packed["install.sh"][0])
    other = tmp_path / "python"
    other.write_text("#!/bin/sh\nexit 1\n")
    other.chmod(0o755)
    ended = subprocess.run(
        ["sh", str(tmp_path / "install.sh")],
        env={**os.environ, "PYTHON": str(other)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "These wheels are for Python" in ended.stderr
    assert not (tmp_path / "ehcptime-env").exists()
