"""action=languagesearch: the languages of this site by their names, for the tools' choice of a language."""

from __future__ import annotations

from server.wikibase import languages
from server.wikibase.api.call import Call, Json


def languagesearch(call: Call) -> Json:
    """The codes of the languages whose names the words begin, with those names in lower case; a whole fit first."""
    words = call.values.text("languagesearch", "search").casefold().strip()
    found = {code: name for code, name in _fitting(words) if words}
    return dict(sorted(found.items(), key=lambda pair: pair[1] != words))


def _fitting(words: str) -> list[tuple[str, str]]:
    names = ((each.code, name.casefold()) for each in languages.table().values() for name in each.names)
    return [(code, name) for code, name in names if any(part.startswith(words) for part in (name, *name.split()))]
