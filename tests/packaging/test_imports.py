"""What importing costs, and what the front door offers."""

import importlib
import json
import subprocess
import sys
from importlib.resources import files

import pytest

import ehcptime

HEAVY = ("pandas", "matplotlib", "typer", "rich", "holidays", "pydantic", "numpy")


def loaded_after(code):
    script = f"import sys, json\n{code}\nprint(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_after("import ehcptime") == []


@pytest.mark.parametrize(
    "code", ["from ehcptime.law.book import LAW", "import ehcptime\nehcptime.LAW['plan_final']"]
)
def test_the_law_works_without_pandas(code):
    assert not {"pandas", "matplotlib", "typer", "rich"} & set(loaded_after(code))


def test_counting_calendar_weeks_does_not_load_the_holidays():
    code = "from ehcptime.law.book import LAW\nfrom datetime import date\nLAW['plan_final'].due(date(2025, 4, 2))"
    script = f"{code}\nimport sys\nprint('holidays.countries' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_every_public_name_can_be_reached_and_has_a_docstring():
    for name in ehcptime.__all__:
        assert name.isupper() or getattr(ehcptime, name).__doc__, name
    assert set(ehcptime.__all__) <= set(dir(ehcptime))


def test_the_door_offers_what_the_design_names():
    named = {
        "Case", "AdviceRequest", "Extract", "timeline", "check", "track", "track_advice", "parts", "timeliness",
        "backlog", "contributions", "at_risk", "explain_change", "LAW", "MEASURES", "read_sen2", "simulate",
        "published_decisions", "official_timeliness", "EhcptimeError",
    }  # fmt: skip
    assert named <= set(ehcptime.__all__)


def test_a_name_that_is_not_there_says_so():
    with pytest.raises(AttributeError):
        ehcptime.no_such_name  # noqa: B018


def test_rooms_have_empty_fronts():
    for room in ("clock", "law", "records", "tracking", "questions", "outputs", "datasets", "cli"):
        assert files(f"ehcptime.{room}").joinpath("__init__.py").read_text() == ""


def test_the_typing_mark_and_the_stub_are_shipped():
    for name in ("py.typed", "__init__.pyi"):
        assert files("ehcptime").joinpath(name).is_file()


def test_every_module_can_be_imported_alone():
    top = files("ehcptime")
    for path in sorted(top.rglob("*.py")):
        parts = path.relative_to(top).with_suffix("").parts
        importlib.import_module(".".join(("ehcptime", *(p for p in parts if p != "__init__"))))
