# mypy: ignore-errors
"""rdflib on a server (its root and the graph's base): its SPARQLStore, SERVICE, and data behind IRIs, as JSON."""

import json
import sys

import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore

root, base = sys.argv[1:3]
wd = rdflib.Namespace(f"{base}entity/")
store = rdflib.Graph(SPARQLStore(f"{root}/sparql", method="POST"))
local = rdflib.Graph()
local.add((rdflib.URIRef("urn:mine"), rdflib.OWL.sameAs, wd.Q4005))
joined = local.query(
    f"""
    PREFIX owl: <http://www.w3.org/2002/07/owl#>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    SELECT ?label WHERE {{ ?mine owl:sameAs ?it . SERVICE <{root}/sparql> {{ ?it rdfs:label ?label }} }} ORDER BY ?label
    """
)
forms = {}
for ending, name in (("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld")):
    forms[ending] = len(rdflib.Graph().parse(f"{root}/wiki/Special:EntityData/Q4005.{ending}", format=name))
print(
    json.dumps(
        {
            "labels": sorted(str(label) for label in store.objects(wd.Q4005, rdflib.RDFS.label)),
            "is_person": (wd.Q4005, rdflib.URIRef(f"{base}prop/direct/P31"), wd.Q140) in store,
            "service": [str(row.label) for row in joined],
            "behind": len(rdflib.Graph().parse(f"{root}/entity/Q4005")),
            "forms": forms,
        }
    )
)
