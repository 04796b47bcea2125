"""The characters of a text -> as many characters in simplified script and one width, with the damaged spans told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import opencc

from graph.model import Span
from graph.reader import lexicon

# One character for one: what print and scanning write in several ways. Quotation marks stay as they are.
_FULL = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_HALF = "".join(chr(code) for code in range(0x21, 0x7F))
_WIDTH = str.maketrans(_FULL + "\u3000○", _HALF + " 〇")
_LETTER_O = re.compile(r"(?<![A-Za-z])(?:(?<=[\d第])[oO]+|[oO]+(?=\d))(?![A-Za-z])")
# Lone surrogates, and control characters other than tab and line ends: they cannot be printed, nor converted.
_CONTROL = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f]")
_DAMAGE = re.compile(r"第(?:第)+|\*{2,}|\ufffd+|[□■◇〓]+")


@dataclass(frozen=True, slots=True)
class Normal:
    """Normalised `characters`, one for each of the original, and the spans where the print is damaged."""

    characters: str
    damage: tuple[Span, ...]


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def normalise(characters: str) -> Normal:
    """Give simplified characters of one width; the length never changes and lone surrogates become U+FFFD.

    >>> normalise("第4o師團，１o月").characters
    '第40师团,10月'
    """
    plain = _CONTROL.sub("\ufffd", characters).translate(_WIDTH)
    plain = _LETTER_O.sub(lambda match: "0" * len(match[0]), _simplified(plain))
    return Normal(plain, tuple(_damage(plain)))


@cache
def _variants() -> dict[int, str]:
    """Give the characters that print wrote in another form, which the converter keeps: 砲, 峯."""
    return str.maketrans(dict(lexicon.column("variants", "character", "plain")))


def _simplified(plain: str) -> str:
    """Give simplified script, character by character where a phrase would change the length."""
    changed: str = _simplifier().convert(plain).translate(_variants())
    if len(changed) == len(plain):
        return changed
    single = {c: _simplifier().convert(c) for c in set(plain)}
    return "".join(single[c] if len(single[c]) == 1 else c for c in plain)


def _damage(plain: str) -> Iterator[Span]:
    for match in _DAMAGE.finditer(plain):
        yield Span(match.start(), match.end())
