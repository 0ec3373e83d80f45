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
  const drawing = svg("svg", { viewBox: `0 0 320 ${rows.length * 20 + 4}` });
  rows.forEach(([label, count, kind], at) => {
    const y = at * 20 + 3, width = (150 * count) / most;
    drawing.append(
      svg("text", { x: 108, y: y + 12, "text-anchor": "end" }, label),
      svg("rect", { x: 114, y, width: Math.max(width, count ? 1 : 0), height: 15, class: kind ?? "bar" }),
      svg("text", { x: 119 + width, y: y + 12 }, String(count)),
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

/** Where the alignment runs: source sentences to the right, target sentences down; dots are figures, names and same tokens. */
function dotPlot(caption, alignment) {
  const { src, tgt } = alignment.data;
  const x = (i) => (4 + (312 * i) / Math.max(1, src.length)).toFixed(1), y = (j) => (4 + (192 * j) / Math.max(1, tgt.length)).toFixed(1);
  const points = [];
  const step = Math.max(1, Math.floor(alignment.beads.length / MOST_DOTS));
  alignment.beads.forEach((bead, at) => { if (at % step === 0) points.push(`${x(bead.src)},${y(bead.tgt)}`); });
  points.push(`${x(src.length)},${y(tgt.length)}`);
  const drawing = svg("svg", { viewBox: "0 0 320 200" }, svg("rect", { x: 4, y: 4, width: 312, height: 192, class: "frame" }));
  let dots = 0, i = 0, j = 0, seen = 0;
  for (const bead of alignment.data.beads) {
    for (const [kind, weight, su, , , tu] of bead.marks) {
      if (su == null || KINDS[kind] === "word") continue;
      seen += 1;
      if (dots < MOST_DOTS && seen % step === 0) {
        drawing.append(svg("circle", { cx: x(i + su + 0.5), cy: y(j + tu + 0.5), r: Math.min(4, 1 + Math.abs(weight) / 4), class: KINDS[kind] === "contradiction" ? "bad" : "dot" }));
        dots += 1;
      }
    }
    i += bead.n;
    j += bead.m;
  }
  drawing.append(svg("polyline", { points: points.join(" "), class: "path" }));
  return figure(caption, `${src.length} × ${tgt.length}`, drawing);
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
