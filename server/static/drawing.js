// What the battle page and the query page draw alike: points and arrows on plain paper, and lines of time.
"use strict";

const drawing = (() => {
  const colours = ["--formation", "--negated", "--place", "--reported", "--planned", "--person"];

  function colour(name) {
    const paper = document.getElementById("yasgui") || document.documentElement; // the editor is light always
    return getComputedStyle(paper).getPropertyValue(name).trim();
  }

  function colourOf(keys) {
    const order = [...new Set(keys)].sort();
    return (key) => colour(colours[order.indexOf(key) % colours.length] || "--event");
  }

  function anchor(text, href) {
    const node = document.createElement(href ? "a" : "span");
    node.textContent = text;
    if (href) node.href = href;
    return node;
  }

  function map(element) {
    const plot = L.map(element, { attributionControl: false, zoomSnap: 0.25, maxZoom: 15, preferCanvas: false });
    plot.scrollWheelZoom.disable();
    plot.on("focus click", () => plot.scrollWheelZoom.enable());
    plot.on("blur", () => plot.scrollWheelZoom.disable());
    return plot;
  }

  function show(plot, points) {
    if (points.length) plot.fitBounds(L.latLngBounds(points).pad(0.15), { maxZoom: 11 });
    else plot.setView([28, 112], 6);
    L.control.scale({ imperial: false }).addTo(plot);
  }

  function dot(plot, at, name, href, options) {
    const point = L.circleMarker(at, { radius: 5, weight: 1.5, color: colour("--ink"), fillOpacity: 0.7, ...options });
    point.bindPopup(anchor(name, href));
    point.addTo(plot);
    return point;
  }

  // The arrow's head is drawn anew at each zoom, since its size is one of the screen.
  function arrow(plot, from, to, style, name, href) {
    const line = L.polyline([from, to], { weight: 2, opacity: 0.75, ...style }).bindPopup(anchor(name, href)).addTo(plot);
    const head = L.polyline([], { weight: 2, opacity: 0.75, ...style, dashArray: null }).addTo(plot);
    const redraw = () => {
      const [a, b] = [plot.latLngToLayerPoint(from), plot.latLngToLayerPoint(to)];
      const angle = Math.atan2(b.y - a.y, b.x - a.x);
      const end = (turn) => plot.layerPointToLatLng(L.point(b.x - 10 * Math.cos(angle + turn), b.y - 10 * Math.sin(angle + turn)));
      head.setLatLngs([end(0.45), to, end(-0.45)]);
    };
    plot.on("zoomend", redraw);
    return { line, redraw };
  }

  const sides = { right: [6, 0], left: [-6, 0], top: [0, -6], bottom: [0, 6] };
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  // A label stands on the first side of its point where it covers no other; one that would on every side is left out
  // until a closer look.
  function declutter(plot, markers) {
    const taken = [];
    for (const marker of markers) {
      const tooltip = marker.getTooltip();
      const label = tooltip && tooltip.getElement();
      if (!label) continue;
      const free = Object.entries(sides).some(([direction, [x, y]]) => {
        tooltip.options.direction = direction;
        tooltip.options.offset = L.point(x, y);
        tooltip.update();
        const box = label.getBoundingClientRect();
        if (taken.some((other) => meet(box, other))) return false;
        taken.push(box);
        return true;
      });
      label.style.visibility = free ? "visible" : "hidden";
    }
  }

  function line(element, items, groups, bounds) {
    const timeline = new vis.Timeline(element, items, groups, {
      ...(bounds ? { start: bounds[0], end: bounds[1] } : {}),
      maxHeight: "32rem",
      orientation: { axis: "top", item: "top" },
      verticalScroll: true,
      zoomKey: "ctrlKey",
      zoomMin: 36e5 * 6,
      margin: { item: 3 },
      moment: (date) => vis.moment(date).utc(),
      tooltip: { followMouse: true },
    });
    timeline.on("select", ({ items: chosen }) => {
      const item = items.find((each) => each.id === chosen[0]);
      if (item && item.href) window.location.href = item.href;
    });
    return timeline;
  }

  return { map, show, dot, arrow, declutter, line, colour, colourOf, anchor };
})();
