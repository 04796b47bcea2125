# mypy: ignore-errors
"""qwikidata on a server (its root): what it reads, as JSON."""

import json
import sys

from qwikidata.entity import WikidataItem, WikidataProperty
from qwikidata.linked_data_interface import get_entity_dict_from_api
from qwikidata.sparql import return_sparql_query_results

root = sys.argv[1]
url = f"{root}/wiki/Special:EntityData"
item = WikidataItem(get_entity_dict_from_api("Q2039", base_url=url))
prop = WikidataProperty(get_entity_dict_from_api("P585", base_url=url))
rows = return_sparql_query_results(
    "SELECT ?label WHERE { wd:Q4005 rdfs:label ?label } ORDER BY ?label", wikidata_sparql_url=f"{root}/sparql"
)
print(
    json.dumps(
        {
            "label": item.get_label("zh-hans"),
            "aliases": item.get_aliases("zh-hans"),
            "classes": [c.mainsnak.datavalue.value["id"] for c in item.get_truthy_claim_groups()["P31"]],
            "datatype": prop.get_label("en"),
            "sparql": [row["label"]["value"] for row in rows["results"]["bindings"]],
        }
    )
)
