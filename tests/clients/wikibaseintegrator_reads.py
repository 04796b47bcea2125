# mypy: ignore-errors
"""WikibaseIntegrator on a server (its root, the graph's base, an event): what it reads, as JSON."""

import json
import sys

from wikibaseintegrator import WikibaseIntegrator, datatypes, wbi_fastrun, wbi_helpers
from wikibaseintegrator.wbi_config import config

root, base = sys.argv[1:3]
config.update(
    {
        "MEDIAWIKI_API_URL": f"{root}/w/api.php",
        "MEDIAWIKI_INDEX_URL": f"{root}/w/index.php",
        "MEDIAWIKI_REST_URL": f"{root}/w/rest.php",
        "SPARQL_ENDPOINT_URL": f"{root}/sparql",
        "WIKIBASE_URL": base.rstrip("/"),
        "USER_AGENT": "zhanshi-tests/1.0",
    }
)
wbi = WikibaseIntegrator()
item = wbi.item.get("Q2039")
event = wbi.item.get(sys.argv[3])
prop = wbi.property.get("P585")
rows = wbi_helpers.execute_sparql_query("SELECT ?label WHERE { wd:Q4005 rdfs:label ?label } ORDER BY ?label")

fastrun = wbi_fastrun.get_fastrun_container(
    base_filter=[datatypes.Item(prop_nr="P31", value="Q140")], use_refs=True, case_insensitive=False
)
same = wbi.item.get("Q4005")
changed = wbi.item.get("Q4005")
changed.claims.add(datatypes.Item(prop_nr="P945", value="Q31"))
print(
    json.dumps(
        {
            "label": item.labels.get("zh-hans").value,
            "aliases": [alias.value for alias in item.aliases.get("zh-hans")],
            "classes": [claim.mainsnak.datavalue["value"]["id"] for claim in item.claims.get("P31")],
            "days": [claim.mainsnak.datavalue["value"]["time"] for claim in event.claims.get("P1319")],
            "quotes": [
                snak.datavalue["value"]["text"]
                for claim in event.claims.get("P31")
                for reference in claim.references.references
                for snak in reference.snaks
                if snak.property_number == "P1683"
            ],
            "datatype": prop.datatype.value,
            "found": wbi_helpers.search_entities("xueyue", language="en", max_results=5),
            "properties": wbi_helpers.search_entities("时间", language="zh-hans", search_type="property"),
            "sparql": [row["label"]["value"] for row in rows["results"]["bindings"]],
            "write_required": {
                "same": fastrun.write_required(same.claims.get("P945"), cqid="Q4005"),
                "changed": fastrun.write_required(changed.claims.get("P945"), cqid="Q4005"),
            },
        }
    )
)
