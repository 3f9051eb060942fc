"""Commands as they run: the options that several share, written once, and those that every command has."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, redirect_stdout
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from inspect import Parameter, Signature, signature
from io import StringIO
from json import dumps
from pathlib import Path
from typing import Any

import typer
from pydantic import TypeAdapter

from ehcptime.cli import options
from ehcptime.cli.answers import Answer, Listing, Pack, Publication, answer, listing, pack, publication
from ehcptime.cli.positions import Examined, Position, Source, examined, position, source
from ehcptime.cli.record import Record
from ehcptime.cli.screen import note, quietly

_MAKERS: Mapping[Any, Callable[..., Any]] = {
    Position: position,
    Examined: examined,
    Source: source,
    Answer: answer,
    Publication: publication,
    Pack: pack,
    Listing: listing,
}
PROGRAM = "ehcptime"
_GIVEN = TypeAdapter(dict[str, Any])
_RECORDED = (Answer, Publication, Pack)
# What a command is given to read, by the names of its parameters.
INPUTS = frozenset(
    {"extract", "extracts", "after", "before", "yesterday", "last_year", "published", "plan", "rules", "frozen", "tables"}
)  # fmt: skip
# How it is to read and where to write: no part of what is asked.
ASIDE = frozenset(
    {"mapping", "order", "earlier", "key", "after_extract", "out", "json", "page", "reader", "audience"}
)

Options = Mapping[str, Parameter]


@dataclass(frozen=True, eq=False)
class Command:
    """A command: each of its parameters that is a position, a source or an answer is replaced by the options that make it.

    Every command can be told to be quiet and to answer in JSON, and what prints figures to keep a manifest of them.
    """

    name: str
    function: Callable[..., None]

    @cached_property
    def taken(self) -> Options:
        """The parameters of the function."""
        return signature(self.function).parameters

    @cached_property
    def own(self) -> Options:
        """The options that they come to."""
        every = [
            option
            for name, taken in self.taken.items()
            for option in (*self._of_maker(name).values(),) or [taken]
        ]
        return {option.name: option.replace(kind=Parameter.KEYWORD_ONLY) for option in every}

    def _of_maker(self, name: str) -> Options:
        maker = _MAKERS.get(self.taken[name].annotation)
        return {} if maker is None else signature(maker).parameters

    @property
    def keeps_references(self) -> bool:
        """Whether it prints figures about a caseload, and keeps their references here."""
        is_recorded = any(taken.annotation in _RECORDED for taken in self.taken.values())
        return is_recorded and "manifest" not in self.own

    def for_typer(self) -> Callable[..., None]:
        """Give the function from which typer makes the command."""

        @wraps(self.function)
        def run(**given: Any) -> None:
            self.run(**given)

        more = [
            _option("json", options.JsonLines, default=False),
            _option("quiet", options.Quiet, default=False),
        ]
        if self.keeps_references:
            more = [_option("manifest", options.Manifest, default=None), *more]
        every = [*self.own.values(), *(option for option in more if option.name not in self.own)]
        run.__signature__ = Signature(every)  # type: ignore[attr-defined]
        run.__annotations__ = {option.name: option.annotation for option in every}
        return run

    def run(self, *, quiet: bool, **given: Any) -> None:
        """Run it as it was called."""
        place = given.pop("manifest") if self.keeps_references else None
        as_json = "json" not in self.own and given.pop("json")
        record = None if place is None else self._record(given)
        with (
            quietly(quiet),
            _sentences_as_json() if as_json else nullcontext(),
            _once_done(lambda: _save(record, place)),
        ):
            self.do(given, record)

    def do(self, given: Mapping[str, Any], record: Record | None = None) -> None:
        """Make what the function takes, and call it; with a record its answer keeps references."""
        made = {name: self._made(name, given) for name in self.taken}
        if record is not None:
            for name, one in made.items():
                if isinstance(one, Source):
                    record.rests_on(getattr(one, "as_at", None), extract=one.extract)
                elif isinstance(one, Answer):
                    made[name] = replace(one, record=record)
        self.function(**made)

    def _made(self, name: str, given: Mapping[str, Any]) -> Any:
        maker = _MAKERS.get(self.taken[name].annotation)
        if maker is None:
            return given[name]
        return maker(**{option: given[option] for option in signature(maker).parameters})

    def _record(self, given: Mapping[str, Any]) -> Record:
        """A record of what is asked: all that was given but what it reads, how it reads, and where it writes."""
        asked = {
            name: value
            for name, value in _GIVEN.dump_python(dict(given), mode="json").items()
            if name not in INPUTS | ASIDE and value is not False and value not in (None, [])
        }
        if isinstance(asked.get("as_at"), str):  # that of the position stands in the run
            del asked["as_at"]
        read = {name: given[name] for name in self.own if name in INPUTS and given[name]}
        sources = [
            name for name, value in read.items() for _ in (value if isinstance(value, list) else [value])
        ]
        is_whole = bool(given.get("json") or given.get("out"))
        return Record(self.question, asked, given.get("audience") or "internal", sources, is_whole=is_whole)

    @property
    def question(self) -> str:
        """What its answers go by in a manifest."""
        return f"{PROGRAM} {self.name}"


def _option(name: str, annotation: Any, default: Any) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


@contextmanager
def _once_done(finish: Callable[[], None]) -> Iterator[None]:
    """Do something once the command is done, whatever its exit code says; not where it failed."""
    try:
        yield
    except typer.Exit:
        finish()
        raise
    finish()


def _save(record: Record | None, place: Path | None) -> None:
    if record is not None and place is not None:
        record.manifest().save(place)
        note(f"ehcptime: note: the references are kept in {place.name}: see `ehcptime trace`")


@contextmanager
def _sentences_as_json() -> Iterator[None]:
    """Print what a command says in words, line by line, as JSON."""
    said = StringIO()
    with _once_done(lambda: _print_lines(said.getvalue())), redirect_stdout(said):
        yield


def _print_lines(text: str) -> None:
    lines = [{"said": line.rstrip()} for line in text.splitlines() if line.strip()]
    typer.echo(dumps(lines, ensure_ascii=False, indent=2))
