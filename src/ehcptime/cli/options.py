"""Options that several commands share."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from ehcptime.errors import CommandError


def day(text: str) -> date:
    """Read a day given at the command line: ISO only, so that it can mean one day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day written as YYYY-MM-DD") from None


AsAt = Annotated[
    date,
    typer.Option(
        parser=day, metavar="YYYY-MM-DD", help="The day on which the position is taken; there is no default."
    ),
]
Folder = Annotated[
    Path, typer.Argument(help="An extract: a SEN2 file or folder, with its companions beside it.")
]
JsonLines = Annotated[bool, typer.Option("--json", help="Print what it says as JSON, line by line.")]
Earlier = Annotated[
    list[Path] | None,
    typer.Option(
        help="A return of an earlier year, to be read together with the extract; give it once for each, the earliest first."
    ),
]
Key = Annotated[
    list[str] | None,
    typer.Option(
        help="What names the same request or child in every return, such as NativeId; a heading of UPNs is discarded once used."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(help="Write the whole table to this file (.csv, .xlsx or .json) instead of the screen."),
]
NewFolder = Annotated[Path, typer.Option(help="The folder to write; it must be empty or not exist.")]
Json = Annotated[bool, typer.Option("--json", help="Print the whole table as JSON.")]
AudienceName = Literal["internal", "provider", "public"]
Audience = Annotated[
    AudienceName,
    typer.Option(
        help="Who will see it: public hides small numbers, and what would give them back; provider refuses names."
    ),
]
AfterExtract = Annotated[
    bool,
    typer.Option(
        "--after-extract", help="Allow a day after that of the extract: what has happened since is not in it."
    ),
]
By = Annotated[str | None, typer.Option(help="Columns to group by, with commas between them.")]
Period = Annotated[
    Literal["M", "Q", "Y", "FY", "AY"] | None,
    typer.Option(help="M, Q, Y, FY or AY: month, quarter, calendar, financial or academic year."),
]
Measure = Annotated[str, typer.Option(help="A measure id; `ehcptime measures` lists them.")]
Label = Annotated[
    str | None,
    typer.Option(help="One period, as the answer prints it, such as `2025 Q1`; give --period too."),
]
Where = Annotated[
    list[str] | None, typer.Option(help="One group, as COLUMN=VALUE; give it once for each column.")
]
Mapping = Annotated[
    str | None, typer.Option(help="For a local sheet: a mapping file, or the name of one that ships.")
]
Manifest = Annotated[
    Path | None,
    typer.Option(
        help="Give each number a reference, and keep in this file what `ehcptime trace` needs to defend its figures.",
        metavar="FILE",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Write nothing on standard error but errors.")]
Order = Annotated[
    Literal["day_first", "month_first"] | None,
    typer.Option(help="Settles numeric dates that no value settles."),
]
Convention = Annotated[
    Literal["receipt_excluded", "receipt_is_day_one"],
    typer.Option(help="Whether the day of receipt is left out or is day 1."),
]


def columns(by: str | None) -> list[str] | None:
    """Split a list of columns given with commas."""
    return [name.strip() for name in by.split(",") if name.strip()] if by else None


def pairs(given: list[str] | None) -> dict[str, str]:
    """Read options of the form NAME=VALUE."""
    found = [text.partition("=") for text in given or ()]
    for name, sign, value in found:
        if not (name.strip() and sign and value.strip()):
            raise CommandError(f"{name.strip()!r} has no value: write it as NAME=VALUE")
    return {name.strip(): value.strip() for name, _, value in found}
