// Small charts as SVG, each with its numbers as text.

function svg(name, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function figure(caption, label, drawing) {
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", `${caption}: ${label}`);
  return el("figure", {}, el("figcaption", {}, caption), drawing);
}

/** Lying bars: `[label, count, class]`. */
function bars(caption, rows) {
  const most = Math.max(1, ...rows.map((row) => row[1]));
  const labels = Math.min(175, 10 + 6.9 * Math.max(0, ...rows.map((row) => row[0].length)));
  const drawing = svg("svg", { viewBox: `0 0 320 ${rows.length * 20 + 4}` });
  rows.forEach(([label, count, kind], at) => {
    const y = at * 20 + 3, width = ((270 - labels) * count) / most;
    drawing.append(
      svg("text", { x: labels - 6, y: y + 12, "text-anchor": "end" }, label),
      svg("rect", { x: labels, y, width: Math.max(width, count ? 1 : 0), height: 15, class: kind ?? "bar" }),
      svg("text", { x: labels + 5 + width, y: y + 12 }, String(count)),
    );
  });
  return figure(caption, rows.map(([label, count]) => `${label} ${count}`).join(", "), drawing);
}

/** Standing bars of ten equal steps of confidence. */
function histogram(caption, values) {
  const counts = Array(10).fill(0);
  for (const value of values) counts[Math.min(9, Math.floor(value * 10))] += 1;
  const most = Math.max(1, ...counts);
  const drawing = svg("svg", { viewBox: "0 0 320 130" });
  counts.forEach((count, at) => {
    const height = (95 * count) / most, x = 8 + at * 31;
    drawing.append(
      svg("rect", { x, y: 108 - height, width: 26, height, class: "bar" }),
      svg("text", { x: x + 13, y: 104 - height, "text-anchor": "middle" }, count ? String(count) : ""),
      svg("text", { x, y: 123, "text-anchor": "middle" }, (at / 10).toFixed(1)),
    );
  });
  drawing.append(svg("text", { x: 316, y: 123, "text-anchor": "middle" }, "1"));
  return figure(caption, counts.map((count, at) => `${(at / 10).toFixed(1)}: ${count}`).join(", "), drawing);
}

const MOST_DOTS = 3000;
const DOTS = new Set(["figure", "name", "token", "contradiction"]);

/**
 * Where the alignment runs: source sentences to the right, target sentences down. The path is coloured by confidence, dots are figures, names
 * and same tokens. `open(bead)` is called for the place that is clicked.
 */
function dotPlot(caption, langs, alignment, open) {
  const { src, tgt } = alignment.data;
  const left = 18, top = 16, width = 298, height = 150;
  const x = (i) => (left + (width * i) / Math.max(1, src.length)).toFixed(1), y = (j) => (top + (height * j) / Math.max(1, tgt.length)).toFixed(1);
  const drawing = svg("svg", { viewBox: `0 0 320 ${top + height + 4}`, class: "plot" }, svg("rect", { x: left, y: top, width, height, class: "frame" }),
    svg("text", { x: left, y: top - 5 }, `${langs[0]}: ${src.length} →`), svg("text", { x: -top, y: left - 6, transform: "rotate(-90)", "text-anchor": "end" }, `← ${langs[1]}: ${tgt.length}`));
  const step = Math.max(1, Math.floor(alignment.beads.length / MOST_DOTS));
  let line = null;
  alignment.beads.forEach((bead, at) => {
    if (at % step) return;
    const next = alignment.beads[at + step] ?? { src: src.length, tgt: tgt.length };
    const confidence = alignment.confidence(bead), kind = alignment.isPair(bead) ? (confidence == null ? "" : sureness(confidence)) : "alone";
    if (line?.kind !== kind) {
      if (line) drawing.append(svg("polyline", { points: line.points.join(" "), class: `path ${line.kind}` }));
      line = { kind, points: [`${x(bead.src)},${y(bead.tgt)}`] };
    }
    line.points.push(`${x(next.src)},${y(next.tgt)}`);
  });
  if (line) drawing.append(svg("polyline", { points: line.points.join(" "), class: `path ${line.kind}` }));
  const dots = [];
  let i = 0, j = 0;
  for (const bead of alignment.data.beads) {
    for (const [kind, weight, su, , , tu] of bead.marks) {
      if (su != null && DOTS.has(KINDS[kind])) dots.push([i + su + 0.5, j + tu + 0.5, weight, KINDS[kind]]);
    }
    i += bead.n;
    j += bead.m;
  }
  const every = Math.ceil(dots.length / MOST_DOTS);
  dots.filter((_, at) => at % every === 0).forEach(([i, j, weight, kind]) => {
    drawing.append(svg("circle", { cx: x(i), cy: y(j), r: Math.min(4.5, 1.6 + Math.abs(weight) / 3).toFixed(1), class: `dot ${kind}` }));
  });
  drawing.addEventListener("click", (event) => {
    const box = drawing.getBoundingClientRect();
    const clicked = (((event.clientX - box.left) / box.width) * 320 - left) / width * src.length;
    const at = alignment.beads.findIndex((bead) => bead.src + bead.n > clicked);
    if (at >= 0) open(alignment.beads[at]);
  });
  const node = figure(caption, `${src.length} × ${tgt.length}`, drawing);
  node.append(el("div", { class: "legend soft" }, [...DOTS].map((kind) => el("span", { class: `key ${kind}` }, say("kinds")[kind]))));
  return node;
}

/** The charts of one alignment or of many. */
function charts(alignments) {
  const types = new Map(), verdicts = { agree: 0, contradict: 0, none: 0 }, confidences = [];
  for (const alignment of alignments) {
    for (const bead of alignment.beads) {
      const type = alignment.type(bead);
      types.set(type, (types.get(type) ?? 0) + 1);
      if (!alignment.isPair(bead)) continue;
      const verdict = alignment.verdict(bead), confidence = alignment.confidence(bead);
      if (verdict) verdicts[verdict] += 1;
      if (confidence != null) confidences.push(confidence);
    }
  }
  const byCount = [...types].sort((a, b) => b[1] - a[1]).slice(0, 10);
  return [
    bars(say("beadsByType"), byCount),
    confidences.length ? histogram(say("confidenceChart"), confidences) : null,
    bars(say("figuresChart"), [[say("agree"), verdicts.agree, "good"], [say("contradict"), verdicts.contradict, "bad"], [say("none"), verdicts.none, "none"]]),
  ];
}
