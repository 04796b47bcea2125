// The views of a query's answer beside the table: map, timeline, graph and chart, as plugins of YASR.
// A comment `#defaultView:Map{"layer":"?side"}` in the query opens its answer in that view, as at Wikidata.
"use strict";

const views = (() => {
  const statics = new URL(".", document.currentScript.src);
  const WKT = "http://www.opengis.net/ont/geosparql#wktLiteral";
  const XSD = "http://www.w3.org/2001/XMLSchema#";
  const DATES = new Set(["date", "dateTime", "gYear", "gYearMonth"].map((name) => XSD + name));
  const NUMBERS = new Set(["integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"].map((name) => XSD + name));
  const NAMES = { map: "map", timeline: "timeline", graph: "graph", barchart: "chart", linechart: "chart", chart: "chart", table: "table" };
  const MOST = 3000; // rows that are drawn; more would stall the browser
  let asked = { view: "", options: {} };

  function parse(query) {
    const found = /^\s*#\s*defaultView:\s*(\w+)\s*(\{.*\})?\s*$/m.exec(query);
    if (!found) return { view: "", options: {} };
    try {
      return { view: found[1].toLowerCase(), options: JSON.parse(found[2] || "{}") };
    } catch {
      return { view: found[1].toLowerCase(), options: {} };
    }
  }

  const loaded = new Map();
  function load(path) {
    if (!loaded.has(path)) {
      loaded.set(path, new Promise((resolve, reject) => {
        const isStyle = path.endsWith(".css");
        const node = document.createElement(isStyle ? "link" : "script");
        if (isStyle) Object.assign(node, { rel: "stylesheet", href: new URL(path, statics) });
        else Object.assign(node, { src: new URL(path, statics), async: false });
        node.onload = resolve;
        node.onerror = () => reject(new Error(`${path} could not be loaded`));
        document.head.append(node);
      }));
    }
    return loaded.get(path);
  }

  const isPoint = (term) => Boolean(term && term.datatype === WKT);
  const isDate = (term) => Boolean(term && DATES.has(term.datatype));
  const isNumber = (term) => Boolean(term && NUMBERS.has(term.datatype));
  const isThing = (term) => Boolean(term && term.type === "uri");

  function columns(rows, test) {
    const names = [];
    for (const row of rows.slice(0, 200)) {
      for (const name of Object.keys(row)) if (test(row[name]) && !names.includes(name)) names.push(name);
    }
    return names;
  }

  function answer(yasr) {
    const results = yasr.results;
    const rows = (results && results.getBindings && results.getBindings()) || [];
    const order = (results && results.getVariables && results.getVariables()) || [];
    return { rows: rows.slice(0, MOST), order, isCut: rows.length > MOST };
  }

  function inOrder(names, order) {
    return [...names].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  }

  // What a row is about: its first thing, in the words of the column with its label.
  function subject(row, order) {
    const name = order.find((each) => isThing(row[each]));
    const label = name && row[`${name}Label`];
    const words = label || order.map((each) => row[each]).find((term) => term && term.type !== "uri" && !term.datatype) || (name && row[name]);
    return { text: words ? words.value : "", href: name ? page(row[name].value) : "" };
  }

  function page(iri) {
    const found = /\/entity\/([QP]\d+)$/.exec(iri);
    return found ? new URL(`../wiki/${found[1]}`, statics).href : iri;
  }

  function details(row, order) {
    const box = document.createElement("div");
    for (const name of order) {
      if (!row[name]) continue;
      const line = document.createElement("div");
      line.append(`${name}: `, drawing.anchor(row[name].value, isThing(row[name]) ? page(row[name].value) : ""));
      box.append(line);
    }
    return box;
  }

  class View {
    constructor(yasr) {
      this.yasr = yasr;
    }

    getIcon() {
      const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      icon.setAttribute("viewBox", "0 0 16 16");
      icon.setAttribute("aria-hidden", "true");
      icon.classList.add("view-icon");
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", this.sign);
      icon.append(path);
      return icon;
    }

    canHandleResults() {
      const { rows, order } = answer(this.yasr);
      return rows.length > 0 && this.fits(rows, order);
    }

    async draw() {
      const { rows, order, isCut } = answer(this.yasr);
      const box = document.createElement("div");
      box.className = `view view-${this.label.toLowerCase()}`;
      this.yasr.resultsEl.append(box);
      if (isCut) {
        const note = document.createElement("p");
        note.textContent = `${MOST} rows are drawn; the table has all.`;
        this.yasr.resultsEl.append(note);
      }
      await this.show(box, rows, order);
    }
  }

  class MapView extends View {
    label = "Map";
    sign = "M8 15 4 8a5 5 0 1 1 8 0ZM8 4v3";
    priority = 4;

    fits(rows) {
      return columns(rows, isPoint).length > 0;
    }

    async show(box, rows, order) {
      await Promise.all([load("leaflet/leaflet.css"), load("leaflet/leaflet.js")]);
      box.classList.add("plot");
      const plot = drawing.map(box);
      const names = inOrder(columns(rows, isPoint), order);
      const layer = String(asked.options.layer || "").replace("?", "");
      const colour = drawing.colourOf(rows.map((row) => (row[layer] ? row[layer].value : "")));
      const points = [];
      const heads = [];
      const dots = new Map();
      for (const row of rows) {
        const ends = names.map((name) => row[name]).filter(isPoint).map((term) => position(term.value)).filter(Boolean);
        const style = { color: colour(row[layer] ? row[layer].value : "") };
        points.push(...ends);
        if (ends.length > 1) heads.push(drawing.arrow(plot, ends[0], ends[1], style, subject(row, order).text, "").redraw);
        for (const at of ends) this.dot(plot, dots, at, row, order, style);
      }
      drawing.show(plot, points);
      heads.forEach((redraw) => redraw());
      const tidy = () => drawing.declutter(plot, [...dots.values()].map((each) => each.marker));
      plot.on("zoomend moveend", tidy);
      tidy();
    }

    dot(plot, dots, at, row, order, style) {
      const key = at.join();
      if (!dots.has(key)) {
        const content = document.createElement("div");
        content.className = "popup";
        const marker = drawing.dot(plot, at, "", "", style).bindPopup(content, { maxHeight: 240 });
        const name = (row.placeLabel || { value: subject(row, order).text }).value;
        marker.bindTooltip(name.length > 24 ? `${name.slice(0, 24)}…` : name, { permanent: true, direction: "right", offset: [6, 0] });
        dots.set(key, { marker, content });
      }
      dots.get(key).content.append(details(row, order));
    }
  }

  function position(wkt) {
    const found = /^\s*(?:<[^>]*>\s*)?point\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)/i.exec(wkt);
    return found ? [Number(found[2]), Number(found[1])] : null;
  }

  class TimelineView extends View {
    label = "Timeline";
    sign = "M1 12h14M3 12V5h4M9 12V8h4";
    priority = 3;

    fits(rows) {
      return columns(rows, isDate).length > 0;
    }

    async show(box, rows, order) {
      await Promise.all([load("vis-timeline/vis-timeline-graph2d.min.css"), load("vis-timeline/vis-timeline-graph2d.min.js")]);
      box.classList.add("line");
      const names = inOrder(columns(rows, isDate), order);
      const items = rows.map((row, id) => item(row, id, names, order)).filter(Boolean);
      drawing.line(box, items);
    }
  }

  function item(row, id, names, order) {
    const days = names.map((name) => row[name]).filter(isDate).map((term) => term.value);
    if (!days.length) return null;
    const { text, href } = subject(row, order);
    const short = text.length > 48 ? `${text.slice(0, 48)}…` : text;
    const span = days[1] && days[1] > days[0] ? { end: days[1] } : { type: "box" };
    return { id, start: days[0], ...span, content: drawing.anchor(short || days[0], href), title: `${days.join(" – ")} ${text}`, href };
  }

  class GraphView extends View {
    label = "Graph";
    sign = "M3 3h3v3H3ZM10 10h3v3h-3ZM6 6l4 4M10 3h3v3h-3ZM6 4.5h4";
    priority = 2;

    fits(rows, order) {
      return isTriples(order) || rows.some((row) => order.filter((name) => isThing(row[name])).length > 1);
    }

    async show(box, rows, order) {
      await Promise.all([load("vis-network/vis-network.min.css"), load("vis-network/vis-network.min.js")]);
      box.classList.add("net");
      const nodes = new Map();
      const edges = [];
      for (const row of rows) isTriples(order) ? triple(row, nodes, edges) : links(row, order, nodes, edges);
      const ink = drawing.colour("--ink");
      new vis.Network(box, { nodes: [...nodes.values()], edges }, {
        nodes: { shape: "box", color: { background: drawing.colour("--tint"), border: drawing.colour("--event") }, font: { color: ink } },
        edges: { arrows: "to", color: drawing.colour("--soft"), font: { color: ink, strokeWidth: 0, size: 11 } },
        physics: { stabilization: { iterations: 150 } },
      }).on("doubleClick", ({ nodes: [id] }) => {
        if (id) window.location.href = page(id);
      });
    }
  }

  function isTriples(order) {
    return ["subject", "predicate", "object"].every((name) => order.includes(name));
  }

  function node(nodes, term, label) {
    if (!nodes.has(term.value)) {
      const text = label || term.value.replace(/^.*[/#](?=.)/, "");
      nodes.set(term.value, { id: term.value, label: text.length > 30 ? `${text.slice(0, 30)}…` : text, title: text });
    }
    return term.value;
  }

  function triple(row, nodes, edges) {
    const label = row.predicate.value.replace(/^.*[/#](?=.)/, "");
    edges.push({ from: node(nodes, row.subject), to: node(nodes, row.object), label });
  }

  function links(row, order, nodes, edges) {
    const names = order.filter((name) => isThing(row[name]));
    const ids = names.map((name) => node(nodes, row[name], row[`${name}Label`] && row[`${name}Label`].value));
    ids.slice(1).forEach((id, at) => edges.push({ from: ids[0], to: id, label: names[at + 1] }));
  }

  class ChartView extends View {
    label = "Chart";
    sign = "M2 1v13h13M5 14V8M8 14V4M11 14v-4";
    priority = 1;

    fits(rows) {
      return columns(rows, isNumber).length > 0;
    }

    async show(box, rows, order) {
      const [value] = inOrder(columns(rows, isNumber), order);
      const found = rows.filter((row) => isNumber(row[value])).map((row) => ({ ...caption(row, order), size: Number(row[value].value) }));
      const days = columns(rows, isDate);
      if (asked.view === "linechart" || (asked.view !== "barchart" && days.length && found.length > 8)) lines(box, found);
      else bars(box, found, value);
    }
  }

  function caption(row, order) {
    const words = order.filter((name) => row[name] && !isThing(row[name]) && !isNumber(row[name])).map((name) => row[name].value);
    const { href } = subject(row, order);
    return { text: words.join(" · ") || subject(row, order).text, href };
  }

  function bars(box, found, value) {
    const most = Math.max(...found.map((each) => Math.abs(each.size)), 1);
    const table = document.createElement("table");
    table.className = "bars";
    for (const each of found.slice(0, 200)) {
      const row = table.insertRow();
      row.insertCell().append(drawing.anchor(each.text, each.href));
      const bar = document.createElement("span");
      bar.className = "bar";
      bar.style.width = `${(100 * Math.abs(each.size)) / most}%`;
      row.insertCell().append(bar);
      row.insertCell().textContent = each.size.toLocaleString();
    }
    table.createCaption().textContent = value;
    box.append(table);
  }

  function lines(box, found) {
    const [width, height, margin] = [800, 320, 40];
    const most = Math.max(...found.map((each) => each.size), 1);
    const x = (at) => margin + (at * (width - 2 * margin)) / Math.max(1, found.length - 1);
    const y = (size) => height - margin - (size * (height - 2 * margin)) / most;
    const make = (name, attributes, text) => {
      const node = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, each] of Object.entries(attributes)) node.setAttribute(key, each);
      if (text !== undefined) node.textContent = text;
      return node;
    };
    const picture = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" });
    picture.append(make("polyline", { points: found.map((each, at) => `${x(at)},${y(each.size)}`).join(" "), class: "curve" }));
    found.forEach((each, at) => {
      const point = make("circle", { cx: x(at), cy: y(each.size), r: 3 });
      point.append(make("title", {}, `${each.text}: ${each.size}`));
      picture.append(point);
    });
    for (const at of [0, Math.floor(found.length / 2), found.length - 1]) {
      picture.append(make("text", { x: x(at), y: height - 12, "text-anchor": at === 0 ? "start" : at === found.length - 1 ? "end" : "middle" }, found[at].text.slice(0, 20)));
    }
    picture.append(make("text", { x: 4, y: y(most) + 4 }, most.toLocaleString()), make("text", { x: 4, y: y(0) }, "0"));
    box.append(picture);
  }

  function register() {
    const plugins = { map: MapView, timeline: TimelineView, graph: GraphView, chart: ChartView };
    for (const [name, plugin] of Object.entries(plugins)) Yasgui.Yasr.registerPlugin(name, plugin);
    Yasgui.Yasr.defaults.pluginOrder = ["table", ...Object.keys(plugins), "response"];
  }

  let chosen = false;
  function open(tab) {
    asked = parse(tab.getYasqe().getValue());
    const name = NAMES[asked.view];
    if (name) tab.getYasr().selectPlugin(name);
    else if (chosen) tab.getYasr().selectPlugin("table");
    chosen = Boolean(name);
  }

  return { register, open };
})();
