"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const options = { displaylogo: false, responsive: true, displayModeBar: false };

  // What is too long to be read before the page is painted: gzip, in base64.
  const unpack = async (script) => {
    const bytes = Uint8Array.from(atob(script.textContent), (letter) => letter.charCodeAt(0));
    script.textContent = "";
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
  };
  const painted = new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  const plotly = painted.then(() => unpack(byId("plotly"))).then((answer) => answer.text()).then((code) => {
    const script = document.createElement("script");
    script.textContent = code;
    document.head.append(script);
  });
  window.foldcast = { unpack, painted, plotly, genes: {} };

  // Charts are drawn when they come into view, so that the first page is there at once.
  const wrapped = (name, most) => name.split(" ").reduce((lines, word) => {
    const last = lines[lines.length - 1];
    if (last !== undefined && `${last} ${word}`.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
    return lines;
  }, []).join("<br>");
  const draw = async (script) => {
    await plotly;
    seen.unobserve(byId(script.dataset.chart));
    if (byId(script.dataset.chart).querySelector(".main-svg")) return;
    const chart = JSON.parse(script.textContent), names = (chart.layout.yaxis || {}).categoryarray;
    if (byId(script.dataset.chart).clientWidth < 500 && names) {  // a phone: names on lines of their own
      Object.assign(chart.layout.yaxis, { tickvals: names, ticktext: names.map((name) => wrapped(name, 20)), tickfont: { size: 10 } });
      chart.layout.xaxis.title.font = { size: 11 };
      chart.layout.xaxis.nticks = 4;
      chart.layout.legend.font = { size: 10 };
      chart.layout.height = Math.round(1.15 * chart.layout.height);
      byId(script.dataset.chart).style.height = `${chart.layout.height}px`;
    }
    Plotly.newPlot(script.dataset.chart, chart.data, chart.layout, options);
  };
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) {
      seen.unobserve(entry.target);
      draw(document.querySelector(`script[data-chart="${entry.target.id}"]`));
    }
  }, { rootMargin: "600px" });
  document.querySelectorAll("script[data-chart]").forEach((script) => seen.observe(byId(script.dataset.chart)));

  // On paper every chart is drawn, as wide as the paper, and the evidence is unfolded.
  const WIDE_PAPER = 660;
  const charts = () => [...document.querySelectorAll(".chart")].filter((chart) => chart.querySelector(".main-svg"));
  const drawAll = () => Promise.all([...document.querySelectorAll("script[data-chart]")].filter((script) => !byId(script.dataset.chart).querySelector(".main-svg")).map(draw));
  painted.then(() => (window.requestIdleCallback || setTimeout)(drawAll, { timeout: 4000 }));
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details.evidence:not([open])")];
    unfolded.forEach((part) => { part.open = true; });
    charts().forEach((chart) => Plotly.relayout(chart, { width: WIDE_PAPER, autosize: false }));
  });
  window.addEventListener("afterprint", () => {
    unfolded.forEach((part) => { part.open = false; });
    charts().forEach((chart) => Plotly.relayout(chart, { width: null, autosize: true }));
  });

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
})();
