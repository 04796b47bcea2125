// The query page: YASGUI on this server's endpoint, the example queries, and errors shown where they are.
"use strict";

const configuration = JSON.parse(document.getElementById("configuration").textContent);
const problemBox = document.getElementById("problem");

Yasgui.Yasqe.defaults.autocompleters = ["variables"];
Yasgui.Yasqe.defaults.value = configuration.start;
Yasgui.Yasr.defaults.prefixes = configuration.prefixes;
views.register();

const yasgui = new Yasgui(document.getElementById("yasgui"), {
  requestConfig: { endpoint: configuration.endpoint, method: "POST" },
  copyEndpointOnNewTab: false,
  persistenceId: "zhanshi",
  populateFromUrl: true,
});

let wrongLine = null;
let wrongCharacter = null;

function clearProblem(editor) {
  problemBox.hidden = true;
  if (wrongLine !== null) editor.removeLineClass(wrongLine, "background", "wrong-line");
  if (wrongCharacter !== null) wrongCharacter.clear();
  wrongLine = wrongCharacter = null;
}

function showProblem(editor, problem) {
  problemBox.textContent = `${problem.title}. ${problem.detail}`;
  problemBox.hidden = false;
  if (problem.line) {
    const place = { line: problem.line - 1, ch: problem.column - 1 };
    wrongLine = editor.addLineClass(place.line, "background", "wrong-line");
    wrongCharacter = editor.markText(place, { line: place.line, ch: place.ch + 1 }, { className: "wrong-character" });
    editor.setCursor(place);
  }
}

// A refusal comes as an Error whose message is the body of the answer.
function readProblem(response) {
  try {
    return JSON.parse(response.message);
  } catch {
    return null;
  }
}

// The editor marks names whose prefix is not declared in the query; those that the server declares are known to it.
function declarePrefixes(editor) {
  const mode = editor.getMode();
  if (mode.declared) return;
  const start = mode.startState;
  mode.startState = (...given) => {
    const state = start(...given);
    Object.assign(state.prefixes, configuration.prefixes);
    return state;
  };
  mode.declared = true;
  editor.setValue(editor.getValue());
}

function watch(tab) {
  const editor = tab.getYasqe();
  declarePrefixes(editor);
  editor.on("query", () => {
    clearProblem(editor);
    views.open(tab);
  });
  editor.on("queryResponse", (_, response) => {
    const problem = response instanceof Error ? readProblem(response) : null;
    if (problem && problem.detail) showProblem(editor, problem);
  });
}

const watched = new Set(); // by the tabs' ids
function watchOnce(tab) {
  if (!tab || watched.has(tab.getId())) return;
  watched.add(tab.getId());
  watch(tab);
  views.open(tab); // a query from the address may be running already
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
