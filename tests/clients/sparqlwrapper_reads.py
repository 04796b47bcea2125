# mypy: ignore-errors
"""SPARQLWrapper on a server (its root): every kind of query by GET and POST, as JSON."""

import json
import sys

from SPARQLWrapper import CSV, GET, JSON, POST, POSTDIRECTLY, TURTLE, URLENCODED, XML, SPARQLWrapper

endpoint = SPARQLWrapper(f"{sys.argv[1]}/sparql")
answers = {}
endpoint.setQuery("SELECT ?label WHERE { wd:Q4005 rdfs:label ?label } ORDER BY ?label")
for method, name in ((GET, "get"), (POST, "post")):
    endpoint.setMethod(method)
    endpoint.setReturnFormat(JSON)
    answers[name] = [row["label"]["value"] for row in endpoint.queryAndConvert()["results"]["bindings"]]
endpoint.setRequestMethod(POSTDIRECTLY)
answers["direct"] = [row["label"]["value"] for row in endpoint.queryAndConvert()["results"]["bindings"]]
endpoint.setRequestMethod(URLENCODED)
endpoint.setReturnFormat(XML)
answers["xml"] = len(endpoint.queryAndConvert().getElementsByTagName("result"))
endpoint.setReturnFormat(CSV)
answers["csv"] = endpoint.queryAndConvert().decode().split()
endpoint.setQuery("CONSTRUCT { ?s rdfs:label ?label } WHERE { BIND(wd:Q4005 AS ?s) ?s rdfs:label ?label }")
endpoint.setReturnFormat(TURTLE)
answers["construct"] = endpoint.queryAndConvert().decode().count("薛岳")
endpoint.setQuery("ASK { wd:Q4005 wdt:P31 wd:Q140 }")
endpoint.setReturnFormat(JSON)
answers["ask"] = endpoint.queryAndConvert()["boolean"]
print(json.dumps(answers))
