"""Posts and ranks as printed -> the concepts that they are."""

from collections.abc import Mapping
from functools import cache

from graph import romanize
from graph.authority import FOLDER
from graph.tables import rows


@cache
def _table(name: str) -> Mapping[str, str]:
    return {row[name]: row["term"] for row in rows(FOLDER / f"{name}s.tsv", (name, "term"))}


def post_kind(post: str) -> str:
    """Give the term of the kind of a post: that of the first word of the table that the post holds.

    >>> post_kind("軍長"), post_kind("副总司令"), post_kind("总参谋长")
    ('commander', 'deputyCommander', 'chiefOfStaff')
    """
    return _first("post", post) or "otherPost"


def military_rank(rank: str) -> str | None:
    """Give the term of a printed rank, None where the table does not know it.

    >>> military_rank("陸軍少將"), military_rank("大佐"), military_rank("班长")
    ('majorGeneral', 'colonel', None)
    """
    return _first("rank", rank)


def _first(name: str, printed: str) -> str | None:
    plain = romanize.simplified(printed)
    return next((term for word, term in _table(name).items() if word in plain), None)
