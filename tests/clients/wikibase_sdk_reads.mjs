// wikibase-sdk on a server (its root): what its URLs give, simplified by it, as JSON.
import { WBK, simplifyEntities, simplifySparqlResults } from "wikibase-sdk";

const root = process.argv[2];
const wbk = WBK({ instance: root, sparqlEndpoint: `${root}/sparql`, wgScriptPath: "/w" });
const get = async (url) => (await fetch(url)).json();

const { entities } = await get(wbk.getEntities({ ids: ["Q2039", "P585"], languages: ["zh-hans", "en"] }));
const simple = simplifyEntities(entities);
const found = await get(wbk.searchEntities({ search: "xueyue", language: "en", limit: 3 }));
const rows = await get(wbk.sparqlQuery("SELECT ?person WHERE { ?person wdt:P31 wd:Q140 } ORDER BY ?person LIMIT 3"));
const reverse = await get(wbk.getReverseClaims({ properties: "P945", values: "Q31", limit: 2 }));
const revisions = await get(wbk.getRevisions({ ids: "Q2039" }));
console.log(
  JSON.stringify({
    label: simple.Q2039.labels["zh-hans"],
    classes: simple.Q2039.claims.P31,
    datatype: simple.P585.datatype,
    found: found.search.map((hit) => hit.id),
    sparql: simplifySparqlResults(rows, { minimize: true }),
    reverse: simplifySparqlResults(reverse, { minimize: true }).length,
    revisions: Object.values(revisions.query.pages).length,
  }),
);
