"""A value of Wikibase's JSON -> words for people, plain or as HTML."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from html import escape
from typing import Any

from server.publication import Publication
from server.wikibase import entities, languages

DAY, MONTH, YEAR, DECADE = 11, 10, 9, 8
MOST_DIGITS = 127
DATES = {
    "en": {DAY: "{day} {month_name} {year}", MONTH: "{month_name} {year}", YEAR: "{year}", DECADE: "{decade}s"},
    "zh": {DAY: "{year}年{month}月{day}日", MONTH: "{year}年{month}月", YEAR: "{year}年", DECADE: "{decade}年代"},
}


class Formatter:
    """Writes values for people who read one language, as plain text or as HTML."""

    def __init__(self, publication: Publication, language: str, *, html: bool = False) -> None:
        self._publication = publication
        self._language = language
        self._html = html

    def words(self, datavalue: dict[str, Any], datatype: str = "") -> str:
        """The value in words; raises ValueError where it is no value that Wikibase has."""
        kind: Any = datavalue.get("type")
        value: Any = datavalue.get("value")
        try:
            match kind:
                case "wikibase-entityid":
                    return self._entity(str(value["id"]))
                case "time":
                    return self._plain(self._time(value))
                case "quantity":
                    return self._quantity(value)
                case "globecoordinate":
                    return self._plain(_coordinate(value))
                case "monolingualtext":
                    return self._monolingual(value)
                case "string":
                    return self._string(value, datatype)
        except (KeyError, TypeError, InvalidOperation, OverflowError) as error:
            raise ValueError(f"the {kind} cannot be read ({error})") from error
        raise ValueError(f"there is no type of value {str(kind)[:40]!r}")

    def label(self, number: str) -> str:
        """The entity's name in the language or the next that it has one in; its number where it has none."""
        document = entities.entity(self._publication, number)
        name = languages.best(document["labels"], languages.chain(self._language)) if document else None
        return name["value"] if name else number

    def _plain(self, words: str) -> str:
        return escape(words) if self._html else words

    def _link(self, url: str, words: str) -> str:
        return f'<a href="{escape(url)}">{escape(words)}</a>' if self._html else words

    def _entity(self, number: str) -> str:
        return self._link(f"{self._publication.base}entity/{number}", self.label(number))

    def _string(self, value: Any, datatype: str) -> str:
        if not isinstance(value, str):
            raise TypeError("a string")
        return self._link(value, value) if datatype == "url" else self._plain(value)

    def _monolingual(self, value: dict[str, str]) -> str:
        if not self._html:
            return str(value["text"])
        return f'<span lang="{escape(str(value["language"]))}">{escape(str(value["text"]))}</span>'

    def _time(self, value: dict[str, Any]) -> str:
        day = date.fromisoformat(str(value["time"]).removeprefix("+")[:10].replace("-00", "-01"))
        forms = DATES["zh" if self._language.startswith("zh") else "en"]
        form = forms.get(int(value["precision"]), forms[YEAR])
        parts = {"year": day.year, "month": day.month, "day": day.day, "decade": day.year // 10 * 10}
        return form.format(month_name=f"{day:%B}", **parts)

    def _quantity(self, value: dict[str, str]) -> str:
        amount = _decimal(value["amount"])
        words = f"{amount:,f}"
        if "upperBound" in value and "lowerBound" in value:
            lower, upper = _decimal(value["lowerBound"]), _decimal(value["upperBound"])
            even = upper - amount == amount - lower
            words += f"±{upper - amount:,f}" if even else f" ({lower:,f}–{upper:,f})"
        if value["unit"] == "1":
            return self._plain(words)
        return f"{self._plain(words)} {self._entity(entities.number_of(str(value['unit'])))}"


def _decimal(words: str) -> Decimal:
    """The number; ValueError for one that is none, or that would fill pages."""
    number = Decimal(words)
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
        raise ValueError(f"{str(words)[:40]} is no number of at most {MOST_DIGITS} digits")
    return number


def _coordinate(value: dict[str, Any]) -> str:
    return f"{_degrees(value['latitude'], 'NS')}, {_degrees(value['longitude'], 'EW')}"


def _degrees(number: float, directions: str) -> str:
    seconds = round(abs(number) * 3600)
    return f"{seconds // 3600}°{seconds // 60 % 60}'{seconds % 60}\"{directions[number < 0]}"
