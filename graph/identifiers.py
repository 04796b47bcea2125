"""Numbers for things: read from the ledger first, else a hash of what the thing is, the same for everybody."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from graph.tables import rows

# Authority tables keep their own small numbers; hashed ones lie above, and under 2^31 as Wikibase's clients demand.
LOWEST = 1_000_000
HIGHEST = 2**31

Key = tuple[str, str]


def hashed(key: Key, attempt: int = 0) -> str:
    """Give the Q-number that a type and a key hash to.

    >>> hashed(("Person", "薛岳"))
    'Q689794993'
    """
    material = "\n".join((*key, str(attempt))).encode()
    return f"Q{LOWEST + int.from_bytes(hashlib.sha256(material).digest()[:8]) % (HIGHEST - LOWEST)}"


def mint(keys: Iterable[Key], ledger: Mapping[Key, str], taken: Iterable[str]) -> dict[Key, str]:
    """Give a number for every key: the ledger's, else hashed; in a collision the later key is hashed again."""
    numbers = {key: ledger[key] for key in keys if key in ledger}
    used = set(taken) | set(ledger.values())
    for key in sorted(set(keys) - numbers.keys()):
        attempt = 0
        while (number := hashed(key, attempt)) in used:
            attempt += 1
        used.add(number)
        numbers[key] = number
    return numbers


def read_ledger(path: Path) -> dict[Key, str]:
    """Give the ledger in a file; a number or a key that stands twice is an AuthorityError."""
    ledger: dict[Key, str] = {}
    owners: dict[str, Key] = {}
    for row in rows(path, ("id", "type", "key")):
        key, number = (row["type"], row["key"]), row["id"]
        if key in ledger:
            raise row.error(f"{key} has two numbers, {ledger[key]} and {number}")
        if number in owners:
            raise row.error(f"{number} is the number of {owners[number]} and of {key}")
        ledger[key] = number
        owners[number] = key
    return ledger


def ledger_lines(ledger: Mapping[Key, str]) -> str:
    """Give a ledger as the characters of its file, sorted by type and key."""
    lines = (f"{number}\t{kind}\t{key}\n" for (kind, key), number in sorted(ledger.items()))
    return "id\ttype\tkey\n" + "".join(lines)
