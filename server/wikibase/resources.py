"""Every IRI of the graph leads somewhere: to a page for people, to data for machines, to characters for readers."""

from __future__ import annotations

from urllib.parse import quote

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from graph.namespaces import Namespaces, term
from server.errors import BadRequest, NotFound
from server.formats import not_acceptable
from server.publication import Publication
from server.wikibase import data, entities, negotiation
from server.wikibase.description import Description
from server.wikibase.negotiation import RDF


class DataRoute(Route):
    """A route for those who want data or characters; who wants a page is left to the routes after it."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match as a route does, but not where a page is wanted."""
        match, child = super().matches(scope)
        if match is not Match.NONE and negotiation.wants_page(Request(scope)):
            return Match.NONE, {}
        return match, child


def entity(request: Request, publication: Publication) -> Response:
    """`/entity/Q1`: to its page or its data; an ending (`Q1.ttl`) names the form."""
    name: str = request.path_params["name"]
    if not name.upper().startswith(("Q", "P")):
        raise NotFound(f"There is no entity {name[:40]!r} here: an entity's number is Q or P and a whole number.")
    number, _, ending = name.partition(".")
    number = number.upper()
    if entities.entity(publication, number) is None:
        raise NotFound(f"There is no entity {number[:40]} here.", entity=number[:40])
    if not ending and negotiation.wants_page(request):
        return negotiation.see_other(request, f"wiki/{entities.title(number)}")
    form = negotiation.form_of(request, negotiation.DATA) or "json"
    ending = ending or next(end for end, name in negotiation.SUFFIXES.items() if name == form)
    return negotiation.see_other(request, f"{data.PATH}/{number}.{ending}")


def statement(request: Request, publication: Publication) -> Response:
    """`/entity/statement/Q1-UUID`: to its place on the page of its entity, or the statement's own triples."""
    name: str = request.path_params["name"].replace("$", "-")
    owner = entities.documents(publication).owner(name)
    if not owner:
        raise NotFound(f"There is no statement {name[:80]} here.")
    if negotiation.wants_page(request):
        return negotiation.see_other(request, f"wiki/{entities.title(owner)}#{name.partition('-')[2]}")
    return thing(request, publication, f"entity/statement/{name}")


def prop(request: Request, publication: Publication) -> Response:
    """`/prop/direct/P31` and the property's other forms: to the property."""
    number = request.path_params["name"].rsplit("/", 1)[-1]
    node = ox.NamedNode(f"{publication.base}prop/{quote(request.path_params['name'])}")
    if entities.entity(publication, number) is None or not publication.triples(node):
        raise NotFound(f"There is no property's form prop/{request.path_params['name'][:80]} here.")
    if negotiation.wants_page(request):
        return negotiation.see_other(request, f"wiki/{entities.title(number)}")
    return negotiation.see_other(request, f"{data.PATH}/{number}")


def passage(request: Request, publication: Publication) -> Response:
    """`/passage/NAME/12-34`: to those characters in the text's page, as bare characters, or its triples."""
    name, span = request.path_params["name"], request.path_params["span"]
    words = characters(publication, name)
    start, end = _bounds(span, len(words))
    if negotiation.wants_page(request):
        return negotiation.see_other(request, f"text/{quote(name)}?span={start}-{end}#{start}-{end}")
    path = f"passage/{name}/{start}-{end}"
    if negotiation.wants_text(request):
        return _plain(request, publication, path, words[start:end])
    return thing(request, publication, path)


def text(request: Request, publication: Publication) -> Response:
    """`/text/NAME`: all its characters, or its triples."""
    name = request.path_params["name"]
    words = characters(publication, name)
    if negotiation.wants_text(request):
        return _plain(request, publication, f"text/{name}", words)
    return thing(request, publication, f"text/{name}")


def node(request: Request, publication: Publication) -> Response:
    """`/reference/HASH`, `/value/HASH`, `/mention/…`: its triples, or for who wants a page the passage it names."""
    path = request.url.path.removeprefix(request.scope.get("root_path", "")).lstrip("/")
    if negotiation.wants_page(request):
        found = Description(publication).thing(_node(publication, path))
        root = f"{publication.base}passage/"
        passages = (t.object.value for t in found if isinstance(t.object, ox.NamedNode))
        target = next((iri for iri in passages if iri.startswith(root)), "")
        if target:
            return negotiation.see_other(request, target.removeprefix(publication.base))
    return thing(request, publication, path)


def index(request: Request, publication: Publication) -> Response:
    """`/w/index.php?title=Q1` or `?search=`, where MediaWiki's clients look for pages: to the page, or the search."""
    query = request.query_params
    if query.get("search"):
        return negotiation.see_other(request, f"search?q={quote(query['search'])}")
    return negotiation.see_other(request, f"wiki/{quote(query.get('title', ''), safe=':/')}")


def thing(request: Request, publication: Publication, path: str) -> Response:
    """The triples about the thing at that path below the root; raises NotFound where there are none."""
    found = Description(publication).thing(_node(publication, path))
    if not found:
        raise NotFound(f"Nothing is said of {publication.base}{path[:120]}.")
    form = "turtle" if negotiation.wants_page(request) else negotiation.form_of(request, RDF)
    if form is None:
        raise not_acceptable(RDF)
    tag = negotiation.etag(publication.version, path, form)
    headers = {"ETag": tag, "Cache-Control": data.KEPT, "Vary": "Accept"}
    if negotiation.is_known(request, tag):
        return negotiation.unchanged(headers)
    body = negotiation.rdf(found, form, publication.base)
    return Response(body, media_type=RDF[form].content_type, headers=headers)


def characters(publication: Publication, name: str) -> str:
    """All the characters of a text; raises NotFound where there is no such text."""
    found = publication.triples(_node(publication, f"text/{name}"), term("z:characters"))
    if not found:
        raise NotFound(f"There is no text {name[:80]!r} here.")
    assert isinstance(found[0].object, ox.Literal)
    return found[0].object.value


def _node(publication: Publication, path: str) -> ox.NamedNode:
    try:
        return Namespaces(publication.base).at(path)
    except ValueError as error:
        raise BadRequest(f"{path[:120]!r} cannot stand in an IRI.") from error


def _bounds(span: str, length: int) -> tuple[int, int]:
    first, dash, last = span.partition("-")
    if not (dash and _is_place(first) and _is_place(last) and int(first) < int(last) <= length):
        raise NotFound(
            f"There is no passage {span[:40]!r}: a passage is FIRST-END, counted in characters from 0,"
            f" and this text has {length}."
        )
    return int(first), int(last)


def _is_place(words: str) -> bool:
    return words.isascii() and words.isdigit() and len(words) < 10


def _plain(request: Request, publication: Publication, path: str, words: str) -> Response:
    tag = negotiation.etag(publication.version, path, "text")
    headers = {"ETag": tag, "Cache-Control": data.KEPT, "Vary": "Accept"}
    return (
        negotiation.unchanged(headers)
        if negotiation.is_known(request, tag)
        else PlainTextResponse(words, headers=headers)
    )
