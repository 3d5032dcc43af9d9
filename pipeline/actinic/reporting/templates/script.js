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

// Spectra: broadened here from the excitations shipped, read by pointer and by arrow keys.
const SVG = "http://www.w3.org/2000/svg";
const EV_NM = 1239.84198;
const drawn = (figure, name) => {
  const element = document.createElementNS(SVG, name === "ruler" ? "path" : "text");
  element.setAttribute("class", name);
  figure.append(element);
  return element;
};
const group = (text) => {
  const [width, ...rest] = text.split(" ").map(Number);
  return { width, lines: rest.flatMap((at, i) => (i % 2 ? [] : [[at, rest[i + 1]]])) };
};
const spectra = all("svg.spectrum[data-excitations]").map((figure) => {
  const [left, right, first, last, known] = figure.dataset.x.split(" ").map(Number);
  const [bottom, top, most] = figure.dataset.y.split(" ").map(Number);
  const curve = figure.querySelector(".curve");
  return {
    figure, left, right, bottom, top, known, curve, asWritten: curve ? curve.getAttribute("d") : "",
    groups: figure.dataset.excitations.split("/").map(group),
    nm: (x) => first + ((x - left) / (right - left)) * (last - first),
    x: (nm) => left + ((nm - first) / (last - first)) * (right - left),
    y: (value) => bottom - (Math.log10(Math.min(Math.max(value, 1), most)) / Math.log10(most)) * (bottom - top),
  };
});
let width = null; // of bright bands in eV; null: as written
const absorptivity = (one, nm) => {
  const energy = EV_NM / nm;
  let sum = 0;
  one.groups.forEach(({ width: own, lines }, i) => {
    const sigma = i === 0 && width !== null ? width : own;
    for (const [at, area] of lines) sum += (area / sigma) * Math.exp(-0.5 * ((energy - at) / sigma) ** 2);
  });
  return sum;
};
const written = (value) => (value < 1.05 ? "< 1" : Number(value.toPrecision(2)).toLocaleString("en").replace(/,/g, "\u202f"));

const spoken = document.getElementById("spoken");
for (const one of spectra.filter((each) => each.curve)) {
  const { figure, left, right, top, bottom, known } = one;
  const [ruler, label] = [drawn(figure, "ruler"), drawn(figure, "readout")];
  let at = null; // nm
  const clear = () => { at = null; ruler.setAttribute("d", ""); label.textContent = ""; };
  const show = (nm) => {
    const x = one.x(nm);
    at = nm;
    const said = x >= known ? `${written(absorptivity(one, nm))} L mol⁻¹ cm⁻¹` : "unknown";
    ruler.setAttribute("d", `M${x} ${top}V${bottom}`);
    const before = x < left + 0.4 * (right - left);
    label.setAttribute("x", before ? x + 6 : x - 6);
    label.setAttribute("y", top + 14);
    label.style.textAnchor = before ? "start" : "end";
    label.textContent = `${nm.toFixed(0)} nm · ${(EV_NM / nm).toFixed(2)} eV · ${said}`;
  };
  figure.tabIndex = 0;
  figure.addEventListener("pointerleave", clear);
  figure.addEventListener("blur", clear);
  figure.addEventListener("pointermove", (event) => {
    const box = figure.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * figure.viewBox.baseVal.width;
    if (x < left || x > right) clear();
    else show(one.nm(x));
  });
  figure.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape") clear();
    if (!step) return;
    event.preventDefault();
    const start = at === null ? one.nm(known) : at + step * (event.shiftKey ? 10 : 1);
    show(Math.round(Math.min(Math.max(start, one.nm(left)), one.nm(right))));
    spoken.textContent = label.textContent;
  });
}

const slider = document.getElementById("width");
if (slider) {
  document.querySelector(".widths").hidden = false;
  const usual = Number(slider.value);
  const redraw = () => {
    width = Number(slider.value) === usual ? null : Number(slider.value);
    document.getElementById("width-said").textContent = `${Number(slider.value).toFixed(2)} eV`;
    document.body.classList.toggle("widened", width !== null);
    for (const one of spectra.filter((each) => each.curve)) {
      let path = "";
      for (let x = Math.max(one.left, one.known); width !== null && x <= one.right; x += 2)
        path += `${path ? "L" : "M"}${x.toFixed(1)} ${one.y(absorptivity(one, one.nm(x))).toFixed(1)}`;
      one.curve.setAttribute("d", path || one.asWritten);
    }
  };
  slider.addEventListener("input", redraw);
  document.getElementById("width-back").addEventListener("click", () => { slider.value = usual; redraw(); });
}
