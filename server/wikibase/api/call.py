"""One call of the action API: what is asked, of which publication, and from where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from server.publication import Publication
from server.wikibase.api.parameters import Values

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """The parameters' values, the publication that answers, this server's root as others reach it, the client."""

    values: Values
    publication: Publication
    root: str
    client: str

    @property
    def language(self) -> str:
        """The language that the user reads."""
        given = self.values.text("main", "uselang")
        return "en" if given in ("user", "content") else given

    @property
    def version(self) -> int:
        """The format version of the answer."""
        return 1 if self.values.text("json", "formatversion") == "1" else 2

    def url(self, path: str) -> str:
        """The URL of a path of this server."""
        return f"{self.root}/{path}"


Action = Callable[[Call], Json]
