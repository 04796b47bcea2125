# mypy: ignore-errors
"""wikibase-rest-api-client on a server (its root): what it reads, as JSON."""

import json
import sys

from wikibase_rest_api_client import Client
from wikibase_rest_api_client.utilities.fluent import FluentWikibaseClient

root = sys.argv[1]
client = Client(base_url=f"{root}/w/rest.php/wikibase/v1", headers={"User-Agent": "zhanshi-tests/1.0"})
fluent = FluentWikibaseClient(client, lang="zh-hans", supported_props=["P31", "P945"])
item = fluent.get_item("Q2039")
print(
    json.dumps(
        {
            "label": item.label,
            "aliases": item.aliases,
            "properties": {prop.pid: [value.qid for value in values] for prop, values in item.statements.items()},
        }
    )
)
