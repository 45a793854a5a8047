"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const options = { displaylogo: false, responsive: true, displayModeBar: false };
  const BLUE = "#0072B2", ORANGE = "#E69F00", DARK = "#262626", GREY = "#7f7f7f", GREEN = "#009E73";

  // Charts are drawn when they come into view, so that the first page is there at once.
  const draw = (script) => {
    const chart = JSON.parse(script.textContent);
    Plotly.newPlot(script.dataset.chart, chart.data, chart.layout, options);
  };
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) {
      seen.unobserve(entry.target);
      draw(document.querySelector(`script[data-chart="${entry.target.id}"]`));
    }
  }, { rootMargin: "600px" });
  document.querySelectorAll("script[data-chart]").forEach((script) => seen.observe(byId(script.dataset.chart)));

  // Tables: words that a row must hold, and a click on a heading sorts.
  document.querySelectorAll("[data-filters]").forEach((input) => {
    const rows = [...byId(input.dataset.filters).tBodies[0].rows];
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/);
      rows.forEach((row) => { row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word)); });
    });
  });
  const number = (text) => (text.trim() === "" ? NaN : Number(text.replace(/−/g, "-").replace(/[,+ %]/g, "")));
  document.querySelectorAll("table.sortable th button").forEach((button) => button.addEventListener("click", () => {
    const heading = button.parentElement, table = heading.closest("table"), column = heading.cellIndex;
    const down = heading.getAttribute("aria-sort") === "ascending";
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const compare = (one, two) => {
      const [a, b] = [one, two].map((row) => row.cells[column].textContent), [x, y] = [number(a), number(b)];
      if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
      const order = Number.isNaN(x) ? a.localeCompare(b) : x - y;
      return down ? -order : order;
    };
    table.tBodies[0].append(...[...table.tBodies[0].rows].sort(compare));
  }));

  // The gene picker.
  const data = JSON.parse(byId("gene-data").textContent);
  if (!Object.keys(data).length) return;
  const dataset = byId("pick-dataset"), gene = byId("pick-gene"), graph = byId("pick-graph"), note = byId("pick-note");
  const shown = (value, digits = 3) => (value === null || value === undefined ? "–" : value.toFixed(digits).replace("-", "−"));
  const fill = (table, rows) => {
    const body = byId(table).tBodies[0];
    body.replaceChildren(...rows.map((cells) => {
      const row = document.createElement("tr");
      cells.forEach((cell, index) => {
        const part = document.createElement(index ? "td" : "th");
        if (!index) part.scope = "row";
        part.append(cell);
        row.append(part);
      });
      return row;
    }));
  };
  const asLink = (name) => {
    const button = document.createElement("button");
    button.type = "button"; button.className = "link"; button.textContent = name;
    button.addEventListener("click", () => choose(name));
    return button;
  };
  const distance = (bp) => (bp === null ? "other chromosome" : bp >= 1e6 ? `${(bp / 1e6).toFixed(1)} Mb` : `${Math.round(bp / 1e3)} kb`);

  const show = () => {
    const all = data[dataset.value], index = all.genes.indexOf(gene.value);
    if (index < 0) { note.textContent = `No gene “${gene.value}” in ${dataset.value}: choose one of the list.`; return; }
    const place = all.places[index] || "no locus: a node without neighbours";
    const symbol = all.symbols[index] && all.symbols[index] !== gene.value ? `${all.symbols[index]}, ` : "";
    note.textContent = `${gene.value}: ${symbol}${place}`;
    const times = [...new Set(all.times)].sort((a, b) => a - b), values = all.values[index];
    const mean = times.map((time) => {
      const own = values.filter((value, k) => all.times[k] === time && value !== null);
      return own.reduce((sum, value) => sum + value, 0) / own.length;
    });
    const traces = [
      { x: all.times, y: values, mode: "markers", name: "replicate", marker: { color: GREY, size: 5, opacity: 0.6 }, hovertemplate: "%{x}: %{y:.2f}<extra>replicate</extra>" },
      { x: times, y: mean, mode: "lines", name: "mean", line: { color: DARK, width: 1.5 }, hovertemplate: "%{x}: %{y:.2f}<extra>mean</extra>" },
    ];
    const symbols = ["x-thin", "circle-open", "square-open", "diamond-open", "triangle-up-open"], colours = [ORANGE, BLUE, GREEN, DARK, GREY];
    Object.entries(all.forecasts).filter(([name]) => name === all.forecast || !name.includes(" on ") || name.endsWith(` on ${graph.value}`)).reverse().forEach(([name, rows], k) => traces.push({
      x: all.targets, y: rows[index], mode: "markers", name, marker: { symbol: symbols[k % 5], size: 8, color: colours[k % 5], line: { width: 2, color: colours[k % 5] } }, hovertemplate: `%{x}: %{y:.2f}<extra>${name}</extra>`,
    }));
    const future = all.future[gene.value] || [], last = times[times.length - 1], shapes = [];
    if (future.length) {
      shapes.push({ type: "line", x0: last, x1: last, yref: "paper", y0: 0, y1: 1, line: { color: GREY, dash: "dot", width: 1 } });
      traces.push({
        x: future.map((row) => row[0]), y: future.map((row) => row[1]), mode: "markers", name: "beyond the data", marker: { symbol: "star", size: 11, color: BLUE },
        error_y: { type: "data", symmetric: false, array: future.map((row) => (row[3] === null ? 0 : row[3] - row[1])), arrayminus: future.map((row) => (row[2] === null ? 0 : row[1] - row[2])), color: BLUE },
        hovertemplate: "%{x}: %{y:.2f}<extra>beyond the data</extra>",
      });
    }
    const narrow = window.innerWidth < 600;
    Plotly.react("gene-time-course", traces, {
      margin: { l: 48, r: 12, t: 8, b: 48 }, shapes, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { family: "system-ui, sans-serif", size: 13, color: DARK },
      xaxis: { title: { text: `time (${all.unit})` }, gridcolor: "#e7e9ee", zeroline: false }, yaxis: { title: { text: narrow ? "" : "expression (log2)" }, gridcolor: "#e7e9ee", zeroline: false },
      legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0, font: { size: narrow ? 10 : 13 } }, hovermode: "closest",
    }, options);
    const own = all.scores.find((row) => row.name === all.forecast);
    byId("gene-time-course").setAttribute("aria-label", `Time course of ${gene.value} at ${times.length} times from ${times[0]} to ${last} (${all.unit}), between ${shown(Math.min(...values), 1)} and ${shown(Math.max(...values), 1)} (log2)${own ? `; skill of ${own.name} ${shown(own.skill[index])}` : ""}.`);
    fill("gene-scores", all.scores.map((row) => [row.name, shown(row.skill[index]), shown(row.mse[index]), shown(row.r[index], 2)]));
    const near = all.neighbours[graph.value][gene.value] || [];
    fill("gene-neighbours", near.length ? near.map(([name, weight, bp, one, two]) => [asLink(name), shown(weight), distance(bp), `${one} – ${two}`]) : [["no neighbours in this graph", "", "", ""]]);
  };
  const choose = (name) => { gene.value = name; show(); };
  const open = () => {
    const all = data[dataset.value];
    byId("gene-names").replaceChildren(...all.genes.map((name, k) => { const option = document.createElement("option"); option.value = name; if (all.symbols[k]) option.label = all.symbols[k]; return option; }));
    graph.replaceChildren(...Object.keys(all.neighbours).map((name) => { const option = document.createElement("option"); option.textContent = name; return option; }));
    const skill = (all.scores.find((row) => row.name.includes(" on ")) || all.scores[0]).skill;
    choose(all.genes[skill.indexOf(Math.max(...skill))]);
  };
  const step = (by) => { const all = data[dataset.value].genes; choose(all[(Math.max(all.indexOf(gene.value), 0) + by + all.length) % all.length]); };
  dataset.addEventListener("change", open);
  graph.addEventListener("change", show);
  gene.addEventListener("change", show);
  gene.addEventListener("focus", () => gene.select());
  byId("pick-before").addEventListener("click", () => step(-1));
  byId("pick-after").addEventListener("click", () => step(1));
  document.querySelectorAll('[id^="table-"] tbody').forEach((body) => body.addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (!row) return;
    dataset.value = row.closest("table").id.slice("table-".length);
    open(); choose(row.cells[0].textContent);
    byId("genes").scrollIntoView();
  }));
  open();
})();
