"""Text -> Reading by a language model behind an OpenAI-compatible URL: optional, and believed only where it quotes.

Every event or relation that the model gives must carry the very characters of the text; what is not found there is
refused. The answer has the form of any other reading, so that it can be compared with that of the rules.
"""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph.errors import ZhanshiError
from graph.model import Event, Mention, Modality, Reading, Role, Span, Text, Way
from graph.reader.assembly import configuration

PROMPT = Path(__file__).with_name("model_prompt.txt")
KEY = "ZHANSHI_MODEL_KEY"
# A request holds whole paragraphs up to about this many characters.
_PIECE = 1500
_SECONDS = 120


class ModelError(ZhanshiError):
    """The model could not be asked, or its answer is not of the form that was asked for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The model's reading, with how many of its events were accepted and how many refused for a false quote."""

    reading: Reading
    accepted: int
    refused: int


@dataclass
class _Found:
    """What has been accepted so far."""

    mentions: dict[str, Mention] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    refused: int = 0

    def mention(self, kind: str, span: Span, surface: str, canonical: str) -> str:
        """Give the id of the mention at a span, a new one at the first time."""
        for known in self.mentions.values():
            if known.span == span and known.type == kind:
                return known.id
        name = f"T{len(self.mentions) + 1}"
        self.mentions[name] = Mention(name, kind, span, surface, canonical)
        return name


@dataclass(frozen=True, slots=True)
class ModelReader:
    """Asks the model `name` at `url` (the root before /chat/completions)."""

    url: str
    name: str

    def read(self, text: Text) -> Answer:
        """Give what the model finds in a text, as far as its quotes are there, or a ModelError."""
        found = _Found()
        for piece in _pieces(text.characters):
            for entry in self._ask(text.characters[piece.start : piece.end]):
                if not _accept(found, text, piece, entry):
                    found.refused += 1
        events = tuple(sorted(found.events, key=lambda event: (event.trigger, event.id)))
        reading = Reading(text.name, Way.READ, None, found.mentions, events, ())
        return Answer(reading, len(events), found.refused)

    def _ask(self, words: str) -> list[Mapping[str, Any]]:
        body = {
            "model": self.name,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": PROMPT.read_text(encoding="utf-8")},
                {"role": "user", "content": words},
            ],
        }
        headers = {"Content-Type": "application/json"}
        if os.environ.get(KEY):
            headers["Authorization"] = f"Bearer {os.environ[KEY]}"
        address = f"{self.url.rstrip('/')}/chat/completions"
        if not address.startswith(("http://", "https://")):
            raise ModelError(f"{self.url!r} is no http address of a language model")
        request = urllib.request.Request(address, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as response:
                content = json.loads(response.read())["choices"][0]["message"]["content"]
        except (urllib.error.URLError, TimeoutError, OSError) as error:
            raise ModelError(f"{address}: the language model does not answer: {error}") from error
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise ModelError(f"{address}: no answer of the OpenAI form: {error}") from error
        return _entries(address, content)


def _entries(address: str, content: str) -> list[Mapping[str, Any]]:
    """Give the events in an answer: the first JSON list in it, whatever stands around."""
    start, end = content.find("["), content.rfind("]")
    try:
        entries = json.loads(content[start : end + 1]) if 0 <= start < end else None
    except ValueError as error:
        raise ModelError(f"{address}: the answer holds no JSON list: {error}") from error
    if not isinstance(entries, list):
        raise ModelError(f"{address}: the answer holds no JSON list")
    return [entry for entry in entries if isinstance(entry, dict)]


def _pieces(characters: str) -> Iterator[Span]:
    start = 0
    while start < len(characters):
        end = min(len(characters), start + _PIECE)
        if end < len(characters):
            cut = max(characters.rfind(mark, start, end) for mark in "\n。")
            end = cut + 1 if cut > start else end
        if characters[start:end].strip():
            yield Span(start, end)
        start = end


def _accept(found: _Found, text: Text, piece: Span, entry: Mapping[str, Any]) -> bool:
    """Take an event into `found` where its sentence, trigger and fillers are in the text; tell whether it was taken."""
    kind = str(entry.get("type", ""))
    quote = _at(text, piece, entry.get("quote"))
    trigger = _at(text, quote, entry.get("trigger")) if quote else None
    if kind not in configuration().events or quote is None or trigger is None:
        return False
    roles = list(_roles(found, text, quote, kind, entry.get("roles")))
    modality = entry.get("modality")
    state = Modality(modality) if modality in {"planned", "negated"} else Modality.ACTUAL
    words = text.characters[trigger.start : trigger.end]
    name = f"E{len(found.events) + 1}"
    loss = "casualties" if kind == "Loss" else None
    found.events.append(Event(name, kind, trigger, words, tuple(roles), state, loss, {"rule": "model"}))
    return True


def _roles(found: _Found, text: Text, quote: Span, kind: str, roles: object) -> Iterator[Role]:
    allowed = configuration().events[kind]
    for entry in roles if isinstance(roles, list) else ():
        if not isinstance(entry, dict):
            continue
        name, category, words = (str(entry.get(key, "")) for key in ("role", "type", "words"))
        span = _at(text, quote, words)
        if span and category in allowed.get(name, ()):
            side = {"CN": "CN/", "JP": "JP/"}.get(str(entry.get("side")), "CN/")
            canonical = f"{side}{words}" if category in {"Unit", "Force", "Organization"} else words
            yield Role(name, found.mention(category, span, words, canonical))


def _at(text: Text, inside: Span, words: object) -> Span | None:
    """Give where some words stand in a stretch of the text, or None."""
    if not isinstance(words, str) or not words:
        return None
    start = text.characters.find(words, inside.start, inside.end)
    return Span(start, start + len(words)) if start >= 0 else None


def compared(rules: Reading, model: Reading) -> Iterator[str]:
    """Give lines that tell how many events both readings, the rules' alone and the model's alone hold."""
    both = sum(1 for event in model.events if _twin(rules, event))
    yield f"events in both readings: {both}"
    yield f"in the rules' alone: {len(rules.events) - both}, in the model's alone: {len(model.events) - both}"


def _twin(rules: Reading, event: Event) -> bool:
    span = event.trigger
    return any(e.type == event.type and e.trigger.start < span.end and span.start < e.trigger.end for e in rules.events)
