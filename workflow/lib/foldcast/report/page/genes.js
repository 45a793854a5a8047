// Genes: found by any name, all of them in a table, and one at a time in its card.
(() => {
  const byId = (id) => document.getElementById(id);
  const packed = [...document.querySelectorAll("script[data-genes]")];
  if (!packed.length) return;
  const options = { displaylogo: false, responsive: true, displayModeBar: false };
  const BLUE = "#0072B2", DARK = "#262626", GREY = "#6b7280", GREEN = "#007a5a", RUST = "#a63c00", LIGHT = "#e7e9ee";
  const ROWS = 100;
  const dataset = byId("pick-dataset"), field = byId("pick-gene"), graph = byId("pick-graph"), note = byId("pick-note");
  const data = window.foldcast.genes, found = {};
  let chosen = -1, order = [], shownRows = ROWS, sorted = null, columns = [];

  const minus = (text) => text.replace("-", "−");
  const none = (value) => value === null || value === undefined;
  const shown = (value, digits = 3) => (none(value) ? "–" : minus((value / 1000).toFixed(digits)));
  const share = (value) => (none(value) ? "–" : `${Math.round(value / 10)} %`);
  const all = () => data[dataset.value];
  const label = (k) => all().labels[k];
  const idOf = (k) => [all().genes[k], all().symbols[k], all().ids[k]].filter((one, i, both) => one && one !== label(k) && both.indexOf(one) === i).join(", ");
  const megabases = (bp) => (bp / 1e6).toFixed(bp < 1e7 ? 2 : 1);
  const place = (k) => (all().chrom[k] < 0 || none(all().tss[k]) ? "" : `${all().chroms[all().chrom[k]]}:${all().tss[k].toLocaleString("en")} (${all().strand[k]})`);
  const map = () => all().graphs[graph.value] || null;
  const tad = (k) => { const of = map(), at = of && of.tad ? of.tad[k] : null; return none(at) ? null : of.tads[at]; };
  const near = (k) => { const of = map(), pairs = []; if (of) for (let i = 0; i < of.near[k].length; i += 2) pairs.push([of.near[k][i], of.near[k][i + 1]]); return pairs; };
  const element = (name, attributes = {}, ...inside) => {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...inside);
    return made;
  };
  const link = (k) => {
    const button = element("button", { type: "button", class: "link" }, label(k));
    button.addEventListener("click", () => { choose(k); byId("genes").scrollIntoView(); });
    return button;
  };

  // Names: as the table has them, then symbols, ids with and without a version, then aliases.
  const plain = (text) => text.trim().toLowerCase();
  const unversioned = (text) => text.replace(/\.\d+$/, "");
  const names = () => {
    const of = all();
    if (found[dataset.value]) return found[dataset.value];
    const index = new Map(), add = (text, k) => { const key = plain(text); if (key && !index.has(key)) index.set(key, k); };
    of.labels.forEach(add);
    of.genes.forEach(add);
    of.symbols.forEach(add);
    of.ids.forEach(add);
    [of.genes, of.ids].forEach((texts) => texts.forEach((text, k) => { if (/^[A-Za-z]{3,}.*\d{6,}\.\d+$/.test(text)) add(unversioned(text), k); }));
    of.aliases.forEach((text, k) => text.split("|").forEach((one) => { add(one, k); if (/\d{6,}\.\d+$/.test(one)) add(unversioned(one), k); }));
    return (found[dataset.value] = index);
  };
  const find = (text) => {
    const index = names(), key = plain(text);
    return index.has(key) ? index.get(key) : index.has(unversioned(key)) && /\d{6,}\.\d+$/.test(key) ? index.get(unversioned(key)) : -1;
  };
  const suggest = () => {
    const key = plain(field.value), hits = [];
    if (key) for (const [name, k] of names()) {
      if (name.startsWith(key) && !hits.includes(k)) hits.push(k);
      if (hits.length >= 20) break;
    }
    byId("gene-names").replaceChildren(...hits.map((k) => element("option", { value: label(k), label: [idOf(k), all().aliases[k].replaceAll("|", ", ")].filter(Boolean).join("; ") || label(k) })));
  };

  const drawCourse = (k) => {
    const of = all(), level = of.level[k], plain = (value) => (none(value) ? null : (level + value) / 100);
    const values = of.values[k].map(plain);
    const times = [...new Set(of.times)].sort((a, b) => a - b);
    const mean = times.map((time) => {
      const own = values.filter((value, at) => of.times[at] === time && value !== null);
      return own.length ? own.reduce((sum, value) => sum + value, 0) / own.length : null;
    });
    const traces = [
      { x: of.times, y: values, mode: "markers", name: "replicate", marker: { color: GREY, size: 5, opacity: 0.6 }, hovertemplate: "%{x}: %{y:.2f}<extra>replicate</extra>" },
      { x: times, y: mean, mode: "lines", name: "mean", line: { color: DARK, width: 1.5 }, hovertemplate: "%{x}: %{y:.2f}<extra>mean</extra>" },
    ];
    const symbols = ["circle-open", "square-open", "diamond-open", "triangle-up-open", "x-thin"], colours = [BLUE, GREY, GREEN, DARK, RUST];
    Object.entries(of.forecasts || {}).filter(([name]) => name === of.forecast || !name.includes(" on ") || name.endsWith(` on ${graph.value}`)).forEach(([name, rows], at) => traces.push({
      x: of.targets, y: rows[k].map(plain), mode: "markers", name, marker: { symbol: symbols[at % 5], size: 8, color: colours[at % 5], line: { width: 2, color: colours[at % 5] } }, hovertemplate: `%{x}: %{y:.2f}<extra>${name}</extra>`,
    }));
    const last = times[times.length - 1], shapes = [], next = of.ahead.genes ? of.ahead.genes[k] : [];
    if (next.length) {
      shapes.push({ type: "line", x0: last, x1: last, yref: "paper", y0: 0, y1: 1, line: { color: GREY, dash: "dot", width: 1 } });
      traces.push({
        x: of.ahead.times, y: next.map((row) => row[0] / 1000), mode: "markers", name: "beyond the data", marker: { symbol: "star", size: 11, color: BLUE },
        error_y: { type: "data", symmetric: false, array: next.map((row) => (none(row[2]) ? 0 : (row[2] - row[0]) / 1000)), arrayminus: next.map((row) => (none(row[1]) ? 0 : (row[0] - row[1]) / 1000)), color: BLUE },
        hovertemplate: "%{x}: %{y:.2f}<extra>beyond the data</extra>",
      });
    }
    const narrow = window.innerWidth < 600;
    Plotly.react("gene-time-course", traces, {
      margin: { l: 48, r: 12, t: 8, b: 48 }, shapes, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { family: "system-ui, sans-serif", size: 13, color: DARK },
      xaxis: { title: { text: `time (${of.unit})` }, gridcolor: LIGHT, zeroline: false }, yaxis: { title: { text: narrow ? "" : "expression (log2)" }, gridcolor: LIGHT, zeroline: false },
      legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0, font: { size: narrow ? 10 : 13 } }, hovermode: "closest",
    }, options);
    const known = values.filter((value) => value !== null), step = next[0];
    const way = step ? { 1: "forecast to rise", "-1": "forecast to fall", 0: "not forecast to change" }[step[3]] : "";
    byId("gene-time-course").setAttribute("aria-label", `Time course of ${label(k)} at ${times.length} times from ${times[0]} to ${last} (${of.unit}), between ${minus(Math.min(...known).toFixed(1))} and ${minus(Math.max(...known).toFixed(1))} (log2)${step ? `; ${way}: ${shown(step[0], 2)} by time ${of.ahead.times[0]}` : ""}${of.over_level ? `; skill over its own level ${shown(of.over_level[k])}` : ""}.`);
  };

  // The stretch of chromosome that holds a gene and its contacts.
  const drawPlace = (k) => {
    const of = map(), box = byId("gene-place"), tss = all().tss[k], at = all().chrom[k];
    byId("gene-around").hidden = !of || at < 0 || none(tss);
    if (byId("gene-around").hidden) return;
    const pairs = near(k).filter(([other]) => all().chrom[other] === at);
    const ends = [tss, ...pairs.map(([other]) => all().tss[other])], own = tad(k);
    if (own) ends.push(...own);
    let low = Math.min(...ends), high = Math.max(...ends);
    const pad = Math.max(0.08 * (high - low), 5e4);
    low = Math.max(0, low - pad); high += pad;
    const wide = Math.max(300, box.clientWidth || 700), base = 132, e1 = 206, tall = 250;
    const x = (bp) => 8 + ((wide - 16) * (bp - low)) / (high - low);
    const parts = [], most = Math.max(...pairs.map(([, weight]) => weight), 1), far = Math.max(...pairs.map(([other]) => Math.abs(all().tss[other] - tss)), 1);
    const text = (content) => content.replace(/&/g, "&amp;").replace(/</g, "&lt;");
    const walls = of.boundaries ? of.boundaries[at].filter((bp) => bp >= low && bp <= high) : [];
    const foot = walls.length > wide / 20 ? 30 : e1 + 28;
    walls.forEach((bp) => parts.push(`<line x1="${x(bp)}" x2="${x(bp)}" y1="22" y2="${foot}" stroke="${GREY}" stroke-dasharray="4 4"/>`));
    pairs.forEach(([other, weight]) => {
      const a = x(tss), b = x(all().tss[other]), up = base - 12 - 92 * Math.sqrt(Math.abs(all().tss[other] - tss) / far);
      parts.push(`<path d="M${a} ${base} Q${(a + b) / 2} ${2 * up - base} ${b} ${base}" fill="none" stroke="${BLUE}" stroke-opacity=".75" stroke-width="${(1 + (3.5 * weight) / most).toFixed(1)}"/>`);
    });
    parts.push(`<line x1="0" x2="${wide}" y1="${base}" y2="${base}" stroke="${DARK}"/>`);
    const tied = new Set(pairs.map(([other]) => other)), rows = [[], []];
    const here = all().tss.map((bp, other) => [bp, other]).filter(([bp, other]) => all().chrom[other] === at && !none(bp) && bp >= low && bp <= high);
    here.sort(([, one], [, two]) => (two === k) - (one === k) || tied.has(two) - tied.has(one));
    here.forEach(([bp, other]) => {
      const strong = other === k, tick = strong ? 9 : tied.has(other) ? 6 : 3;
      parts.push(`<line x1="${x(bp)}" x2="${x(bp)}" y1="${base - tick}" y2="${base + tick}" stroke="${strong ? RUST : DARK}" stroke-width="${strong ? 3 : 1.2}"/>`);
      if (!strong && !tied.has(other)) return;
      const half = 3.9 * label(other).length + 4, centre = Math.min(Math.max(x(bp), half), wide - half);
      const row = rows.findIndex((taken) => taken.every(([from, to]) => centre + half < from || centre - half > to));
      if (row < 0) return;
      rows[row].push([centre - half, centre + half]);
      parts.push(`<text x="${centre}" y="${base + 22 + 15 * row}" text-anchor="middle" font-size="12" fill="${strong ? RUST : DARK}" ${strong ? 'font-weight="700"' : ""}>${text(label(other))}</text>`);
    });
    if (of.e1 && of.e1_bin) {
      const bins = of.e1[at], first = Math.floor(low / of.e1_bin), end = Math.min(bins.length, Math.ceil(high / of.e1_bin)), top = Math.max(...bins.slice(first, end).map((one) => Math.abs(one || 0)), 1);
      for (let bin = first; bin < end; bin++) if (bins[bin]) {
        const height = (24 * Math.abs(bins[bin])) / top, from = Math.max(0, x(bin * of.e1_bin)), to = Math.min(wide, x((bin + 1) * of.e1_bin));
        parts.push(`<rect x="${from}" y="${bins[bin] > 0 ? e1 - height : e1}" width="${Math.max(to - from, 0.5)}" height="${height}" fill="${bins[bin] > 0 ? GREEN : "#b08968"}"/>`);
      }
      parts.push(`<line x1="0" x2="${wide}" y1="${e1}" y2="${e1}" stroke="${DARK}" stroke-width=".7"/><text x="2" y="${e1 - 27}" font-size="11" fill="${DARK}">A</text><text x="2" y="${e1 + 34}" font-size="11" fill="${DARK}">B</text>`);
    }
    const scale = [low, high].map((bp) => `${megabases(bp)} Mb`), chrom = all().chroms[at];
    parts.push(`<text x="2" y="14" font-size="12" fill="${DARK}">${text(chrom)}:${scale[0]}</text><text x="${wide - 2}" y="14" font-size="12" text-anchor="end" fill="${DARK}">${scale[1]}</text>`);
    const said = `${label(k)} on ${chrom}, ${scale[0]} to ${scale[1]}: ${pairs.length} of its strongest contacts${pairs.length ? ` (${pairs.slice(0, 3).map(([other]) => label(other)).join(", ")})` : ""}, ${walls.length} boundaries of TADs${of.compartment && of.compartment[k] !== " " ? `, compartment ${of.compartment[k]}` : ""}.`;
    box.innerHTML = `<svg role="img" viewBox="0 0 ${wide} ${tall}">${parts.join("")}</svg>`;
    box.firstChild.setAttribute("aria-label", said);
  };

  const fill = (table, rows) => byId(table).tBodies[0].replaceChildren(...rows.map((cells) => element("tr", {}, ...cells.map((cell, index) => element(index ? "td" : "th", index ? {} : { scope: "row" }, cell)))));
  const distance = (bp) => (bp === null ? "other chromosome" : bp >= 1e6 ? `${(bp / 1e6).toFixed(1)} Mb` : `${Math.round(bp / 1e3)} kb`);
  const facts = (k) => columns.filter((column) => column.fact !== false).map((column) => {
    const made = element("div");
    made.append(element("dt", {}, column.head), element("dd", {}, column.text(k)));
    return made;
  });

  const choose = (k) => {
    chosen = k;
    byId("gene-card").hidden = k < 0;
    if (k < 0) return;
    field.value = label(k);
    const aliases = all().aliases[k].replaceAll("|", ", ");
    note.textContent = `${label(k)}: ${[idOf(k), place(k) || "no place on the genome, so no neighbours", aliases && `also called ${aliases}`].filter(Boolean).join("; ")}`;
    byId("gene-facts").replaceChildren(...facts(k));
    drawCourse(k);
    drawPlace(k);
    byId("gene-scored").hidden = !all().scores;
    if (all().scores) fill("gene-scores", all().scores.map((row) => [row.name, shown(row.skill[k]), shown(row.mse[k]), shown(row.r[k], 2)]));
    byId("gene-tied").hidden = !map();
    const kind = (other) => (map().compartment ? map().compartment[other].trim() || "?" : "?");
    const rows = near(k).map(([other, weight]) => [link(other), shown(weight), distance(all().chrom[other] === all().chrom[k] ? Math.abs(all().tss[other] - all().tss[k]) : null), kind(other)]);
    fill("gene-neighbours", rows.length ? rows : [["no neighbours in this graph", "", "", ""]]);
  };
  const search = () => {
    if (!data[dataset.value]) return;
    const k = find(field.value);
    if (k >= 0) { choose(k); return; }
    const typed = field.value;
    choose(-1);
    Plotly.purge("gene-time-course");
    byId("gene-place").replaceChildren();
    note.textContent = `No gene “${typed}” in ${dataset.value}, by symbol, alias or id. Nothing is shown.`;
  };

  // The table of all genes: its rows are made as they are asked for.
  const makeColumns = () => {
    const of = all(), made = [{ head: "gene", key: (k) => label(k).toLowerCase(), text: label, fact: false }];
    made.push({ head: "now (log2)", key: (k) => of.now[k], text: (k) => shown(of.now[k], 2) });
    (of.ahead.times || []).forEach((time, at) => {
      const row = (k) => of.ahead.genes[k][at], sign = (k) => ({ 1: " ▲", "-1": " ▼" }[row(k)[3]] || "");
      made.push({ head: `forecast, time ${time}`, key: (k) => row(k)[0], text: (k) => `${shown(row(k)[0], 2)} (${shown(row(k)[1], 2)} to ${shown(row(k)[2], 2)})${at ? sign(k) : ""}` });
      if (!at) made.push({ head: "a change?", key: (k) => -Math.abs(row(k)[3]) * 1e6 - Math.abs(row(k)[0] - of.now[k]), text: (k) => ({ 1: "▲ up", "-1": "▼ down" }[row(k)[3]] || "no") });
    });
    if (of.over_level) {
      made.push({ head: "direction right", key: (k) => of.direction[k], text: (k) => share(of.direction[k]) });
      made.push({ head: "… by its own level", key: (k) => of.direction_of_level[k], text: (k) => share(of.direction_of_level[k]) });
      made.push({ head: "skill over its own level", key: (k) => of.over_level[k], text: (k) => shown(of.over_level[k]) });
    }
    const on = map();
    if (on) {
      made.push({ head: "neighbours in contact", key: (k) => on.degree[k], text: (k) => `${on.degree[k]}` });
      if (on.tad) {
        made.push({ head: "compartment", key: (k) => on.compartment[k], text: (k) => on.compartment[k].trim() || "–" });
        made.push({ head: "TAD (Mb)", key: (k) => on.tad[k], text: (k) => { const of_k = tad(k); return of_k ? `${all().chroms[all().chrom[k]]}:${megabases(of_k[0])}–${megabases(of_k[1])}` : "–"; } });
      }
    }
    if (of.changes.length) made.push({ head: "surest change seen", key: (k) => (of.changes[k] ? of.changes[k][3] : null), text: (k) => (of.changes[k] ? `${of.changes[k][0]} → ${of.changes[k][1]}: ${shown(of.changes[k][2], 2)} (q ${of.changes[k][3]})` : "–") });
    return made;
  };
  const arrange = () => {
    const words = plain(byId("gene-filter").value).split(/\s+/).filter(Boolean), of = all();
    const hay = (k) => [of.genes[k], of.symbols[k], of.ids[k], of.aliases[k], place(k)].join(" ").toLowerCase();
    order = of.genes.map((_, k) => k).filter((k) => !words.length || (() => { const text = hay(k); return words.every((word) => text.includes(word) || (/\d{6,}\.\d+$/.test(word) && text.includes(unversioned(word)))); })());
    const column = columns[sorted.column];
    const keys = of.genes.map((_, k) => column.key(k)), way = sorted.down ? -1 : 1;
    order.sort((a, b) => {
      const [one, two] = [keys[a], keys[b]];
      if (none(one) !== none(two)) return none(one) ? 1 : -1;
      return none(one) ? a - b : way * (typeof one === "string" ? one.localeCompare(two) : one - two) || a - b;
    });
    shownRows = ROWS;
    rows();
  };
  const rows = () => {
    const body = byId("gene-table").tBodies[0];
    body.replaceChildren(...order.slice(0, shownRows).map((k) => {
      const row = element("tr", {}, ...columns.map((column, at) => (at ? element("td", {}, column.text(k)) : element("th", { scope: "row" }, link(k), element("span", { class: "id" }, idOf(k))))));
      row.dataset.gene = all().genes[k];
      return row;
    }));
    byId("gene-more").hidden = order.length <= shownRows;
    byId("gene-table-note").textContent = order.length ? `${Math.min(shownRows, order.length).toLocaleString("en")} of ${order.length.toLocaleString("en")} genes shown${order.length < all().genes.length ? ` (of ${all().genes.length.toLocaleString("en")})` : ""}.` : "No gene is found: the filter looks for symbols, aliases, ids and places.";
  };
  const head = () => {
    columns = makeColumns();
    const start = columns.findIndex((column) => column.head.startsWith("skill over") || column.head.startsWith("surest"));
    sorted = { column: Math.max(columns.findIndex((column) => column.head.startsWith("skill over")), start, 0), down: Boolean(all().over_level) };
    byId("gene-table").tHead.replaceChildren(element("tr", {}, ...columns.map((column, at) => {
      const button = element("button", { type: "button" }, column.head), cell = element("th", { scope: "col" }, button);
      if (at === sorted.column) cell.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
      button.addEventListener("click", () => {
        sorted = { column: at, down: sorted.column === at ? !sorted.down : false };
        [...byId("gene-table").tHead.rows[0].cells].forEach((one) => one.removeAttribute("aria-sort"));
        cell.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
        arrange();
      });
      return cell;
    })));
  };
  const open = () => {
    const of = all(), graphs = Object.keys(of.graphs);
    graph.replaceChildren(...graphs.map((name) => element("option", {}, name)));
    graph.closest("label").hidden = graphs.length < 2;
    byId("gene-paths").replaceChildren(...of.tables.flatMap((path, k) => [k ? ", " : "", element("code", {}, path)]));
    head();
    arrange();
    choose(order[0] ?? -1);
  };
  const step = (by) => choose((Math.max(chosen, 0) + by + all().genes.length) % all().genes.length);

  dataset.addEventListener("change", open);
  graph.addEventListener("change", () => { head(); arrange(); choose(chosen); });
  field.addEventListener("input", suggest);
  field.addEventListener("change", search);
  field.addEventListener("focus", () => field.select());
  byId("gene-filter").addEventListener("input", arrange);
  byId("gene-more").addEventListener("click", () => { shownRows += 5 * ROWS; rows(); });
  byId("pick-before").addEventListener("click", () => step(-1));
  byId("pick-after").addEventListener("click", () => step(1));
  let width = window.innerWidth;
  window.addEventListener("resize", () => { if (window.innerWidth !== width && chosen >= 0) { width = window.innerWidth; drawPlace(chosen); } });
  document.querySelectorAll("button[data-gene]").forEach((button) => button.addEventListener("click", () => {
    if (!data[button.dataset.dataset]) return;
    if (dataset.value !== button.dataset.dataset) { dataset.value = button.dataset.dataset; open(); }
    choose(all().genes.indexOf(button.dataset.gene));
    byId("genes").scrollIntoView();
  }));

  const start = async () => {
    try {
      await window.foldcast.plotly;
      for (const script of packed) data[script.dataset.genes] = await (await window.foldcast.unpack(script)).json();
      open();
      document.body.dataset.genes = "ready";
    } catch (error) {
      note.textContent = `The genes could not be unpacked (${error.message}): a browser from 2023 on is needed.`;
    }
  };
  start();
})();
