# mypy: ignore-errors
"""The package Wikidata on a server (its root): what it reads, as JSON."""

import json
import sys

from wikidata.client import Client

client = Client(base_url=f"{sys.argv[1]}/")
item = client.get("Q2039", load=True)
print(
    json.dumps(
        {
            "label": item.label.get("zh-hans"),
            "classes": [each.id for each in item.getlist(client.get("P31"))],
            "kind": str(item.type),
        }
    )
)
