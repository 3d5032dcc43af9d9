"use strict";
// Comfort only: without it the page shows the same, in the order of the ranking.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

for (const table of all("table.sortable")) {
  const heads = all("thead th", table);
  const body = table.tBodies[0];
  const place = new Map(all("tr", body).map((row, i) => [row, i]));
  const value = (row, column) => {
    const text = row.cells[column].dataset.v;
    return text === undefined || text === "" ? null : Number(text);
  };
  heads.forEach((head, column) => {
    if (!head.dataset.sort) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      const up = now ? now === "descending" : head.dataset.sort === "up";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const byName = head.textContent === "Candidate";
      const rows = all("tr", body);
      rows.sort((a, b) => {
        if (byName) {
          const order = a.cells[column].textContent.localeCompare(b.cells[column].textContent, "en", { numeric: true });
          return up ? order : -order;
        }
        const [x, y] = [value(a, column), value(b, column)];
        if (x === null || y === null) return (x === null) - (y === null) || place.get(a) - place.get(b); // unknown last
        return (up ? x - y : y - x) || place.get(a) - place.get(b);
      });
      body.append(...rows);
    });
  });
}

const tools = document.querySelector(".tools");
if (tools) {
  tools.hidden = false;
  const wanted = document.getElementById("filter");
  const answering = document.getElementById("answering");
  const cards = all("article.card");
  const rows = all("tr[data-key]");
  const answers = new Set(rows.filter((row) => "answers" in row.dataset).map((row) => row.dataset.key));
  const texts = new Map(cards.map((card) => [card.dataset.key, card.textContent.toLowerCase()]));
  const apply = () => {
    const words = wanted.value.toLowerCase().split(/\s+/).filter(Boolean);
    const kept = new Set();
    for (const [key, text] of texts) {
      const meets = words.every((word) => text.includes(word));
      if (meets && (!answering || !answering.checked || answers.has(key))) kept.add(key);
    }
    for (const element of [...cards, ...rows]) element.hidden = !kept.has(element.dataset.key);
    document.getElementById("found").textContent = `${kept.size} of ${cards.length} shown`;
  };
  wanted.addEventListener("input", apply);
  if (answering) answering.addEventListener("change", apply);
  apply();
}

// A ruler over the spectra: wavelength, photon energy and best absorptivity under the pointer.
const SVG = "http://www.w3.org/2000/svg";
for (const figure of all("svg.spectrum")) {
  const curve = figure.querySelector(".curve");
  if (!curve) continue;
  const [left, right, first, last, known] = figure.dataset.x.split(" ").map(Number);
  const [bottom, top, most] = figure.dataset.y.split(" ").map(Number);
  const points = curve.getAttribute("d").slice(1).split("L").map((p) => p.split(" ").map(Number));
  const ruler = document.createElementNS(SVG, "path");
  const label = document.createElementNS(SVG, "text");
  ruler.setAttribute("class", "ruler");
  label.setAttribute("class", "readout");
  figure.append(ruler, label);
  const clear = () => { ruler.setAttribute("d", ""); label.textContent = ""; };
  figure.addEventListener("pointerleave", clear);
  figure.addEventListener("pointermove", (event) => {
    const box = figure.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * figure.viewBox.baseVal.width;
    if (x < left || x > right) { clear(); return; }
    const nm = first + ((x - left) / (right - left)) * (last - first);
    const after = points.findIndex((p) => p[0] >= x);
    let said = "unknown";
    if (x >= known && after > 0) {
      const [a, b] = [points[after - 1], points[after]];
      const y = a[1] + ((x - a[0]) / (b[0] - a[0])) * (b[1] - a[1]);
      const value = 10 ** (((bottom - y) / (bottom - top)) * Math.log10(most));
      said = (value < 1.05 ? "< 1" : value.toPrecision(2).replace(/e\+?(\d+)/, (_, n) => " × 10^" + n)) + " L mol⁻¹ cm⁻¹";
    }
    ruler.setAttribute("d", `M${x} ${top}V${bottom}`);
    label.setAttribute("x", x < (left + right) / 2 ? x + 6 : x - 6);
    label.setAttribute("y", top + 14);
    label.style.textAnchor = x < (left + right) / 2 ? "start" : "end";
    label.textContent = `${nm.toFixed(0)} nm · ${(1239.84 / nm).toFixed(2)} eV · ${said}`;
  });
}
