"""Key figures as a board keeps them: a TOML file or a sheet, read and checked before anything is worked out."""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.kpi import NOT_AGREED, Kpi, check_kpi

_KPI = TypeAdapter(Kpi)
_TABLE = "kpi"
_THRESHOLDS = ("green", "amber")  # columns of a sheet


def read_kpis(path: str | Path) -> tuple[Kpi, ...]:
    r"""Read the key figures of a board, in their order, from a `.toml` or a `.csv` file.

    In TOML each is a table `[[kpi]]` with the fields of `Kpi`; in CSV each is a row, under headings that are these fields, with `green` and
    `amber` in the place of `thresholds`. What is left out or blank has not been agreed, and so is a target of "target not agreed".

    Raises InputError for a file that cannot be read, CommandError for one of another kind and for what is no key figure, by its number.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     place = Path(folder) / "kpis.csv"
    ...     _ = place.write_text("measure,baseline,target,scale,green,amber\nplans_due_20wk,12,60,threshold,60,40\n")
    ...     read_kpis(place)[0].thresholds
    (60.0, 40.0)
    """
    place = Path(path)
    reader = {".toml": _from_toml, ".csv": _from_csv}.get(place.suffix.lower())
    if reader is None:
        raise CommandError(f"{place.name} is no file of key figures: give a .toml or a .csv file")
    try:
        found = list(reader(place))
    except CommandError:
        raise
    except OSError as error:
        raise InputError(f"{place.name} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError, csv.Error) as error:  # 5,000 digits or 3,000 brackets too
        raise InputError(
            f"{place.name} cannot be read as {place.suffix.lower()[1:].upper()}: {error}"
        ) from error
    if not found:
        raise InputError(f"{place.name} holds no key figure: give at least one")
    return tuple(_checked(one, number, place.name) for number, one in enumerate(found, start=1))


def kpi_of(given: Mapping[str, Any]) -> Kpi:
    """Make a key figure of its fields; raises CommandError for a field that there is not or a value that cannot be."""
    try:
        return _KPI.validate_python(dict(given))
    except ValidationError as error:
        first = error.errors()[0]
        field = " ".join(".".join(map(str, first["loc"])).split())  # a heading may have several lines
        raise CommandError(f"{field}: {first['msg'][0].lower()}{first['msg'][1:]}") from error


def _checked(given: Mapping[str, Any], number: int, file: str) -> Kpi:
    try:
        kpi = kpi_of(given)
        check_kpi(kpi)
    except CommandError as error:
        raise CommandError(f"key figure {number} of {file}: {error}") from error
    return kpi


def _from_toml(place: Path) -> Iterator[dict[str, Any]]:
    found = tomllib.loads(place.read_text(encoding="utf-8"))
    tables = found.get(_TABLE, [])
    is_list = isinstance(tables, list) and all(isinstance(table, dict) for table in tables)
    if set(found) - {_TABLE} or not is_list:
        raise CommandError(f"{place.name} must hold tables [[{_TABLE}]], and nothing else beside them")
    for table in tables:
        yield {name: value for name, value in table.items() if not _is_open(name, value)}


def _from_csv(place: Path) -> Iterator[dict[str, Any]]:
    with place.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, restkey="more cells than headings"):
            given = {name.strip(): _stripped(value) for name, value in row.items()}
            kept = {name: value for name, value in given.items() if value and not _is_open(name, value)}
            ends = [kept.pop(name) for name in _THRESHOLDS if name in kept]
            if kept or ends:
                yield kept | ({"thresholds": ends} if ends else {})


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _is_open(name: str, value: Any) -> bool:
    return name == "target" and isinstance(value, str) and value.strip().casefold() == NOT_AGREED
