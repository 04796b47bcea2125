// The query page: YASGUI on this server's endpoint, the example queries, and errors shown where they are.
"use strict";

const configuration = JSON.parse(document.getElementById("configuration").textContent);
const problemBox = document.getElementById("problem");

Yasgui.Yasqe.defaults.autocompleters = ["variables"];
Yasgui.Yasqe.defaults.value = configuration.start;
Yasgui.Yasr.defaults.prefixes = configuration.prefixes;

const yasgui = new Yasgui(document.getElementById("yasgui"), {
  requestConfig: { endpoint: configuration.endpoint, method: "POST" },
  copyEndpointOnNewTab: false,
  persistenceId: "zhanshi",
  populateFromUrl: true,
});

let wrongLine = null;

function clearProblem(editor) {
  problemBox.hidden = true;
  if (wrongLine !== null) editor.removeLineClass(wrongLine, "background", "wrong-line");
  wrongLine = null;
}

function showProblem(editor, problem) {
  problemBox.textContent = `${problem.title}. ${problem.detail}`;
  problemBox.hidden = false;
  if (problem.line) {
    wrongLine = editor.addLineClass(problem.line - 1, "background", "wrong-line");
    editor.setCursor({ line: problem.line - 1, ch: problem.column - 1 });
  }
}

async function readProblem(response) {
  const text = response.content || response.text || (response.error && response.error.text);
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function watch(tab) {
  const editor = tab.getYasqe();
  editor.on("query", () => clearProblem(editor));
  editor.on("queryResponse", async (_, response) => {
    const problem = await readProblem(response);
    if (problem && problem.detail) showProblem(editor, problem);
  });
}

const watched = new Set();
function watchOnce(tab) {
  if (!tab || watched.has(tab.getId())) return;
  watched.add(tab.getId());
  watch(tab);
}

yasgui.on("tabSelect", (_, id) => setTimeout(() => watchOnce(yasgui.getTab(id))));
watchOnce(yasgui.getTab());

const chooser = document.getElementById("example");
if (chooser) {
  chooser.addEventListener("change", () => {
    const example = configuration.examples[chooser.value];
    if (!example) return;
    const tab = yasgui.addTab(true, { name: example.name });
    tab.setQuery(example.query);
    watchOnce(tab);
    chooser.value = "";
  });
}
