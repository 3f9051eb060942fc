"""Rule files: TOML tables read as rules and exemptions, and rules that grow by the versions of another file."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ehcptime.errors import RuleError
from ehcptime.law.models import Exemption, Rule
from ehcptime.law.versions import Version

Tables = dict[str, dict[str, Any]]


def read(path: Path) -> Tables:
    """Read a rule file; raises RuleError where it cannot be read or is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RuleError(f"the rule file {path.name} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:  # 5,000 digits or 3,000 brackets too
        raise RuleError(f"the rule file {path.name} is not valid TOML: {error}") from error


def rule_of(rule: str, table: Any) -> Rule:
    """Make a rule of its table; raises RuleError naming the rule and the key that is wrong."""
    if not isinstance(table, dict):
        raise RuleError(
            f"rule {rule!r} is not a table: give it the keys title, duty_on, act, trigger, start, done, kind, versions"
        )
    try:
        return Rule.model_validate({"id": rule, **table})
    except ValidationError as error:
        raise RuleError(f"rule {rule!r}, {_sentence(error)}") from None


def grown(rule: Rule, table: dict[str, Any]) -> Rule:
    """Give a rule the further versions of a table; one that had no end ends the day before the next begins."""
    if not isinstance(table, dict):
        raise RuleError(f"rule {rule.id!r} is not a table: give it versions")
    extra = set(table) - {"versions"}
    if extra:
        raise RuleError(
            f"rule {rule.id!r}, key {min(extra)!r}: a rule that exists can only be given new versions"
        )
    own = rule.model_dump(exclude={"versions", "id"})
    added = rule_of(rule.id, {**own, "versions": table.get("versions", [])})
    return rule_of(rule.id, {**own, "versions": _closed((*rule.versions, *added.versions))})


def exemptions_of(table: Tables) -> dict[str, Exemption]:
    """Make exemptions of their tables, by code; raises RuleError naming the key that is wrong."""
    if not isinstance(table, dict) or not all(isinstance(entry, dict) for entry in table.values()):
        raise RuleError("exemptions is not a table of tables: write each as [exemptions.CODE]")
    try:
        return {code: Exemption.model_validate({"code": code, **entry}) for code, entry in table.items()}
    except ValidationError as error:
        raise RuleError(f"exemptions, {_sentence(error)}") from None


def _sentence(error: ValidationError) -> str:
    # A misspelt key also leaves the right one missing: the misspelling is what to mend.
    first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
    key = ".".join(str(part) for part in first["loc"]) or "versions"
    return f"key {key!r}: {first['msg'].removeprefix('Value error, ').lower()}"


def _closed(versions: tuple[Version, ...]) -> list[dict[str, Any]]:
    """Versions in order, an open-ended one ended the day before the next begins."""
    ordered = sorted(versions, key=lambda version: version.first)
    rows = [version.model_dump(by_alias=True, exclude_none=True) for version in ordered]
    for row, later in zip(rows, ordered[1:], strict=False):
        if "to" not in row and later.first > row["from"]:
            row["to"] = later.first - timedelta(days=1)
    return rows
