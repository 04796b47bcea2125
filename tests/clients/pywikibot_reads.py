# mypy: ignore-errors
"""pywikibot on a server (its root, the base, an event): what it reads, as JSON; its settings go where it runs."""

import json
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

root, base, event = sys.argv[1:4]
folder = str(Path.cwd())
os.environ |= {"PYWIKIBOT_DIR": folder, "PYWIKIBOT_NO_USER_CONFIG": "2"}
Path(folder, "zhanshi_family.py").write_text(
    f"""
from pywikibot import family


class Family(family.WikibaseFamily):
    name = "zhanshi"
    langs = {{"zhanshi": {urlsplit(root).netloc!r}}}
    interwiki_forward = None

    def protocol(self, code):
        return "http"

    def scriptpath(self, code):
        return "/w"

    def interface(self, code):
        return "DataSite"

    def entity_sources(self, code):
        return {{}}
""",
    encoding="utf-8",
)

import pywikibot  # noqa: E402
from pywikibot.data.sparql import SparqlQuery  # noqa: E402

pywikibot.config.register_families_folder(folder)
pywikibot.config.put_throttle = pywikibot.config.minthrottle = pywikibot.config.maxthrottle = 0
site = pywikibot.Site("zhanshi", "zhanshi")
item = pywikibot.ItemPage(site, "Q2039")
item.get()
told = pywikibot.ItemPage(site, event)
told.get()
prop = pywikibot.PropertyPage(site, "P585")
missing = pywikibot.ItemPage(site, "Q999999")
sparql = SparqlQuery(endpoint=f"{root}/sparql", entity_url=f"{base}entity/")
print(
    json.dumps(
        {
            "label": item.labels["zh-hans"],
            "aliases": item.aliases["zh-hans"],
            "classes": [claim.getTarget().id for claim in item.claims["P31"]],
            "days": [claim.getTarget().toTimestr() for claim in told.claims["P1319"]],
            "quotes": [
                source.getTarget().text
                for claim in told.claims["P31"]
                for group in claim.sources
                for source in group.get("P1683", [])
            ],
            "datatype": prop.type,
            "missing": not missing.exists(),
            "found": [hit["id"] for hit in site.search_entities("xueyue", "en", total=5)],
            "concept": item.concept_uri(),
            "sparql": sorted(sparql.get_items("SELECT ?item WHERE { ?item wdt:P31 wd:Q140 }", item_name="item"))[:3],
        }
    )
)
