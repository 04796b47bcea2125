"""An answer in this server's own shape -> as format version 1 or 2 of MediaWiki has it."""

from __future__ import annotations

from typing import Any

CONTENT = "*"
"""What begins with this is a thing's content: `*name` is `*` in format version 1 and `name` in version 2."""


def shaped(value: Any, version: int) -> Any:
    """The value with its booleans and contents as that format version has them.

    >>> shaped({"id": 0, "*name": "Main", "content": True, "subpages": False}, 1)
    {'id': 0, '*': 'Main', 'content': ''}
    >>> shaped({"id": 0, "*name": "Main", "content": True, "subpages": False}, 2)
    {'id': 0, 'name': 'Main', 'content': True, 'subpages': False}
    """
    if isinstance(value, dict):
        return {
            _key(key, version): shaped(each, version) for key, each in value.items() if version > 1 or each is not False
        }
    if isinstance(value, list):
        return [shaped(each, version) for each in value]
    return "" if value is True and version == 1 else value


def _key(key: str, version: int) -> str:
    if not key.startswith(CONTENT) or key == CONTENT:
        return key
    return CONTENT if version == 1 else key.removeprefix(CONTENT)


def warnings(said: dict[str, list[str]]) -> dict[str, Any]:
    """The warnings of each module."""
    return {module: {"*warnings": "\n".join(words)} for module, words in said.items()}
