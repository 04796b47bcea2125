"""What each service says of itself, and what OpenRefine must know of this graph as a Wikibase."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from server.context import Context
from server.reconciliation.extension import SETTINGS
from server.reconciliation.facts import Facts, facts
from server.reconciliation.preview import HEIGHT, WIDTH
from server.reconciliation.requests import BATCH_SIZE, DEFAULT_LANGUAGE

NAME = "战史 zhanshi"


def version_02(context: Context, request: Request, language: str, *, root: str) -> dict[str, Any]:
    """The manifest of versions 0.1 and 0.2; `root` is the service's path."""
    known = facts(context.publication)
    url = context.url(request, root)
    return {
        "versions": ["0.1", "0.2"],
        "name": NAME if language == DEFAULT_LANGUAGE else f"{NAME} ({language})",
        "identifierSpace": known.root,
        "schemaSpace": known.schema,
        "documentation": context.url(request),
        "serviceVersion": context.publication.version,
        "view": {"url": context.url(request, "wiki/") + "{{id}}"},
        "defaultTypes": default_types(known, language),
        "batchSize": BATCH_SIZE,
        "preview": {"url": url + "/preview?id={{id}}", "width": WIDTH, "height": HEIGHT},
        "suggest": {
            kind: {
                "service_url": url,
                "service_path": f"/suggest/{kind}",
                "flyout_service_url": url,
                "flyout_service_path": f"/flyout/{kind}?id=${{id}}",
            }
            for kind in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": url, "service_path": "/properties"},
            "property_settings": [
                {k: v for k, v in each.items() if k != "help"} | {"help_text": each["help"]} for each in SETTINGS
            ],
        },
    }


def version_10(context: Context, request: Request, language: str) -> dict[str, Any]:
    """The manifest of the draft of version 1.0."""
    known = facts(context.publication)
    settings = [
        {"id": each["name"], "name": each["label"], "helpText": each["help"], "lang": "en"}
        | {key: each[key] for key in ("type", "default")}
        for each in SETTINGS
    ]
    return {
        "versions": ["1.0-draft"],
        "name": NAME,
        "lang": language,
        "documentation": context.url(request),
        "serviceVersion": context.publication.version,
        "view": {"url": context.url(request, "wiki/") + "{id}"},
        "defaultTypes": default_types(known, language),
        "batchSize": BATCH_SIZE,
        "suggest": {"entity": True, "property": True, "type": True},
        "preview": {"width": WIDTH, "height": HEIGHT},
        "extend": {"proposeProperties": True, "propertySettings": settings},
        "standardizedScore": True,
    }


def openrefine(context: Context, request: Request) -> dict[str, Any]:
    """The manifest with which OpenRefine's Wikibase extension knows this graph."""
    known = facts(context.publication)
    api = context.url(request, "w/api.php")
    return {
        "version": "2.0",
        "mediawiki": {
            "name": NAME,
            "root": context.url(request, "wiki/"),
            "main_page": context.url(request),
            "api": api,
        },
        "wikibase": {
            "site_iri": known.root,
            "maxlag": 5,
            "properties": {"instance_of": "P31", "subclass_of": "P279"},
        },
        "entity_types": {
            "item": {
                "site_iri": known.root,
                "reconciliation_endpoint": context.url(request, "reconcile/") + "${lang}",
                "mediawiki_api": api,
            },
            "property": {"site_iri": known.root, "mediawiki_api": api},
        },
    }


def default_types(known: Facts, language: str) -> list[dict[str, str]]:
    """The widest classes that there are items of."""
    return [{"id": kind, "name": known.name(kind, language)} for kind, wider in known.types.items() if not wider]
