"""Items and properties as Wikibase JSON, out of what is published."""

from __future__ import annotations

from typing import Any

from graph.wikibase_json import Documents
from server.publication import Publication
from server.versions import once_a_version

PROPERTY_NAMESPACE = 120
PROPERTY_PREFIX = "Property:"
_PROPERTY_PAGES = 2**31
"""Items' pages have the items' numbers; properties' pages lie above all of them."""


@once_a_version
def documents(publication: Publication) -> Documents:
    """The reader of that publication's entities."""
    return Documents(publication.store, publication.base)


def entity(publication: Publication, number: str) -> dict[str, Any] | None:
    """The entity of that number as Wikibase JSON, or None where there is none.

    Parts of it are shared between entities: change a copy.
    """
    return documents(publication).entity(number)


def title(number: str) -> str:
    """The title of the entity's page.

    >>> title("Q1"), title("P31")
    ('Q1', 'Property:P31')
    """
    return f"{PROPERTY_PREFIX}{number}" if number.startswith("P") else number


def number_of(name: str) -> str:
    """The number that a page's title, an IRI or a number in either case names; not whether there is such an entity.

    >>> number_of("Property:p31"), number_of("https://w3id.org/zhanshi/entity/Q1"), number_of(" q1 ")
    ('P31', 'Q1', 'Q1')
    """
    return name.strip().rsplit("/", 1)[-1].rsplit(":", 1)[-1].upper()


def page(number: str) -> dict[str, Any]:
    """The entity's page: its id, namespace and title."""
    is_property = number.startswith("P")
    return {
        "pageid": int(number[1:]) + (_PROPERTY_PAGES if is_property else 0),
        "ns": PROPERTY_NAMESPACE if is_property else 0,
        "title": title(number),
    }


def number_of_page(pageid: int) -> str:
    """The number of the entity whose page has that id.

    >>> number_of_page(page("P31")["pageid"])
    'P31'
    """
    return f"P{pageid - _PROPERTY_PAGES}" if pageid > _PROPERTY_PAGES else f"Q{pageid}"
