// Comunica over a server (its root) and a second one: what it joins, as JSON.
import { QueryEngine } from "@comunica/query-sparql";

const [root, second] = process.argv.slice(2);
const engine = new QueryEngine();
const prefixes = `PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
`;
const joined = `${prefixes} SELECT ?mine ?label WHERE { ?mine owl:sameAs ?it . ?it rdfs:label ?label }`;
const labels = async (query, sources) => {
  const rows = await (await engine.queryBindings(query, { sources })).toArray();
  return rows.map((row) => row.get("label").value).sort();
};
const here = `${root}/sparql`;
const there = `${second}/sparql`;
const typed = (value) => ({ type: "sparql", value });
const quads = await engine.queryQuads(
  `${prefixes} CONSTRUCT { ?it rdfs:label ?label } WHERE { ?it owl:sameAs ?other ; rdfs:label ?label }`,
  { sources: [typed(there)] },
);
console.log(
  JSON.stringify({
    joined: await labels(joined, [typed(here), typed(there)]),
    untyped: await labels(joined, [here, there]),
    ask: await engine.queryBoolean(`ASK { <${process.argv[4]}entity/Q4005> ?p ?o }`, { sources: [typed(here)] }),
    construct: (await quads.toArray()).length,
  }),
);
