"""The modules of the action API with their parameters, and the values that a request gives them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from server.wikibase.api.errors import ApiError, bad_value, missing

FOLDER = Path(__file__).resolve().parent
MOST_VALUES = 50
KINDS = frozenset({"string", "integer", "boolean", "language", "limit", "module", "submodule"})


@dataclass(frozen=True)
class Parameter:
    """A parameter: its name without the module's prefix, its kind, its choices if it has such, and its bounds."""

    name: str
    kind: str
    choices: tuple[str, ...]
    default: str
    multi: bool
    required: bool
    limit: int


@dataclass(frozen=True)
class Module:
    """A module by its path (`query+siteinfo`), with the group it belongs to and the prefix of its parameters."""

    path: str
    group: str
    prefix: str
    parent: str
    parameters: Mapping[str, Parameter]

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("+")[2]


@cache
def modules() -> Mapping[str, Module]:
    """All modules by their paths."""
    parameters: dict[str, dict[str, Parameter]] = {}
    for row in _rows("parameters.tsv"):
        parameters.setdefault(row["module"], {})[row["parameter"]] = _parameter(row)
    return {
        row["path"]: Module(row["path"], row["group"], row["prefix"], row["parent"], parameters.get(row["path"], {}))
        for row in _rows("modules.tsv")
    }


def submodules(parent: str, group: str) -> dict[str, str]:
    """The names of a module's submodules in one group, with their paths."""
    return {m.name: m.path for m in modules().values() if m.parent == parent and m.group == group}


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", strict=True))


def _parameter(row: Mapping[str, str]) -> Parameter:
    kind = row["type"] if row["type"] in KINDS else "choice"
    return Parameter(
        name=row["parameter"],
        kind=kind,
        choices=tuple(row["type"].split("|")) if kind == "choice" else (),
        default=row["default"],
        multi=bool(row["multi"]),
        required=bool(row["required"]),
        limit=int(row["limit"] or 0),
    )


@dataclass
class Values:
    """What a request gives to the parameters of the modules it calls, and what it should be warned of."""

    raw: Mapping[str, str]
    warnings: dict[str, list[str]] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    def check(self, path: str) -> None:
        """Raise ApiError where the values of a module's parameters cannot be; take note of which it has."""
        module = modules()[path]
        for parameter in module.parameters.values():
            name = module.prefix + parameter.name
            self._used.add(name)
            if name not in self.raw:
                if parameter.required:
                    raise missing(name)
                continue
            self._check_value(module, parameter, self.raw[name])

    def _check_value(self, module: Module, parameter: Parameter, value: str) -> None:
        name = module.prefix + parameter.name
        each = split(value) if parameter.multi else [value]
        if len(each) > MOST_VALUES:
            raise ApiError(
                "toomanyvalues",
                f'Too many values supplied for parameter "{name}". The limit is {MOST_VALUES}.',
                limit=MOST_VALUES,
            )
        if parameter.kind in ("integer", "limit") and not _is_integer(value, parameter.kind):
            raise ApiError("badinteger", f'Invalid value "{value[:40]}" for integer parameter "{name}".')
        unknown = [v for v in each if v not in parameter.choices and v != "*"] if parameter.kind == "choice" else []
        if unknown and not parameter.multi:
            raise bad_value(name, value)
        if unknown:
            self.warn(module.name, f'Unrecognized value for parameter "{name}": {", ".join(unknown)[:200]}.')

    def text(self, path: str, name: str) -> str:
        """The value of a parameter, or its default."""
        module = modules()[path]
        return self.raw.get(module.prefix + name, module.parameters[name].default)

    def many(self, path: str, name: str) -> list[str]:
        """The values of a parameter that may have several, each once; `*` stands for all of its choices."""
        parameter = modules()[path].parameters[name]
        given = split(self.text(path, name))
        if "*" in given and parameter.choices:
            return list(parameter.choices)
        return list(dict.fromkeys(value for value in given if not parameter.choices or value in parameter.choices))

    def flag(self, path: str, name: str) -> bool:
        """Whether a boolean parameter is there, whatever its value."""
        module = modules()[path]
        return module.prefix + name in self.raw

    def number(self, path: str, name: str) -> int:
        """The whole number of a parameter; a limit is kept within its bounds, and `max` is the highest."""
        module = modules()[path]
        parameter = module.parameters[name]
        value = self.text(path, name) or "0"
        if parameter.kind != "limit":
            return max(0, int(value))
        wanted = parameter.limit if value == "max" else int(value)
        if not 1 <= wanted <= parameter.limit:
            self.warn(
                module.name,
                f'The value "{wanted}" for parameter "{module.prefix}{name}" must be 1 to {parameter.limit}.',
            )
        return min(max(wanted, 1), parameter.limit)

    def warn(self, module: str, words: str) -> None:
        """Say something in the answer's warnings, once."""
        said = self.warnings.setdefault(module, [])
        if words not in said:
            said.append(words)

    def warn_of_unused(self) -> None:
        """Say which parameters no module took."""
        unused = sorted(self.raw.keys() - self._used)
        if unused:
            plural = "s" if len(unused) > 1 else ""
            self.warn("main", f"Unrecognized parameter{plural}: {', '.join(unused)[:500]}.")


def split(value: str) -> list[str]:
    """The values in one string: divided by `|`, or by U+001F where the string begins with it.

    >>> split("Q1|Q2"), split("\\x1fa|b\\x1fc"), split("")
    (['Q1', 'Q2'], ['a|b', 'c'], [])
    """
    if value.startswith("\x1f"):
        return value[1:].split("\x1f")
    return value.split("|") if value else []


def _is_integer(value: str, kind: str) -> bool:
    plain = value.removeprefix("-").removeprefix("+")
    return (plain.isascii() and plain.isdigit() and len(plain) < 16) or (kind == "limit" and value == "max")
