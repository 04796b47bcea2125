// The battle page: its map and its timeline.
"use strict";

const drawn = JSON.parse(document.getElementById("drawn").textContent);

function drawMap() {
  const plot = drawing.map(document.getElementById("plot"));
  drawing.show(plot, drawn.map.places.map((place) => place.at));
  const colour = drawing.colourOf(Object.keys(drawn.sides));
  const heads = drawn.map.moves.map((move) =>
    drawing.arrow(plot, move.from, move.to, { color: colour(move.side) }, `${move.day} ${move.name}`, move.href).redraw);
  for (const track of drawn.map.tracks) {
    const style = { color: colour(track.side), dashArray: "3 6", weight: 1.5 };
    heads.push(drawing.arrow(plot, track.from, track.to, style, `${track.day} ${track.name}`, track.href).redraw);
  }
  const places = [...drawn.map.places].sort((a, b) => b.count - a.count);
  const dots = places.map((place) =>
    drawing.dot(plot, place.at, `${place.name} (${place.count})`, place.href, { radius: 3 + Math.sqrt(place.count) })
      .bindTooltip(place.name, { permanent: true, direction: "right", offset: [6, 0] }));
  const tidy = () => drawing.declutter(plot, dots);
  plot.on("zoomend moveend", tidy);
  heads.forEach((redraw) => redraw());
  tidy();
  legend(colour);
}

function legend(colour) {
  const note = document.createElement("p");
  for (const [side, name] of Object.entries(drawn.sides)) {
    const key = document.createElement("span");
    key.textContent = `→ ${name}  `;
    key.style.color = colour(side);
    note.append(key);
  }
  document.getElementById("plot").after(note);
}

function drawLine() {
  const groups = Object.entries(drawn.sides).map(([id, content]) => ({ id, content }));
  const items = drawn.timeline.map((each) => ({
    id: each.id,
    content: drawing.anchor(each.text.length > 60 ? `${each.text.slice(0, 60)}…` : each.text, each.href),
    title: `${each.start} ${each.text}`,
    start: each.start,
    end: dayAfter(each.end),
    group: each.side || groups[0]?.id,
    className: each.reality,
    href: each.href,
  }));
  if (items.length) drawing.line(document.getElementById("line"), items, groups, drawn.bounds);
}

function dayAfter(day) {
  return new Date(Date.parse(day) + 864e5).toISOString().slice(0, 10);
}

drawMap();
drawLine();
