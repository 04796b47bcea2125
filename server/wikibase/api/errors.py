"""The errors of the action API, by the codes that MediaWiki's clients look for.

ApiError                    any of MediaWiki's codes with its sentence, sent with status 200 as MediaWiki does
└── made by missing, bad_value, no_such_entity, read_only, unsupported
"""

from __future__ import annotations

from typing import Any

READ_ONLY = (
    "This graph is read-only: every statement has its evidence in a text, and it changes by being built anew."
    " No tokens are given and nothing is written here."
)


class ApiError(Exception):
    """An error with MediaWiki's code, a plain sentence, and further members."""

    def __init__(self, code: str, info: str, **members: Any) -> None:
        super().__init__(info)
        self.code = code
        self.info = info
        self.members = members


def missing(name: str) -> ApiError:
    """A parameter that must be there is not."""
    return ApiError("missingparam", f'The "{name}" parameter must be set.')


def bad_value(name: str, value: str) -> ApiError:
    """A parameter has a value that it cannot have."""
    return ApiError("badvalue", f'Unrecognized value for parameter "{name}": {value[:80]}.')


def no_such_entity(number: str) -> ApiError:
    """An entity's number is none, or there is no such entity."""
    return ApiError("no-such-entity", f'Could not find an entity with the ID "{number[:80]}".', id=number[:80])


def read_only(what: str) -> ApiError:
    """Something would be written."""
    return ApiError("readonly", f"{what}: {READ_ONLY}", readonlyreason=READ_ONLY)


def unsupported(what: str) -> ApiError:
    """Something that MediaWiki does and this server does not."""
    return ApiError("unsupported", f"{what} is not supported here; action=paraminfo&modules=main lists what is.")
