// One pair of documents: its sentences, its beads, and the corrections made to them.

const KINDS = ["figure", "contradiction", "name", "token", "word", "length", "punctuation", "position", "shape", "missing", "fixed", "moved", "cohesion", "language"];
const VERDICTS = ["agree", "contradict", "none"];

/**
 * Corrections are a list of operations on the beads as they came; the present state is the outcome of them all, and undoing is leaving out
 * the last. Beads stay monotone and hold every sentence once, whatever is done.
 *
 * A bead: `src`, `tgt` (first sentence of each side), `n`, `m` (how many), and either `from`, the bead that it came as,
 * or `changed`. `judged` is "right", "wrong" or nothing.
 */
class Alignment {
  constructor(data, number) {
    this.data = data;
    this.number = number;
    this.operations = [];
    this.stale = false;
    this.restore();
  }

  get key() { return `pair-${this.number}`; }

  restore() {
    const kept = store.get(this.key);
    if (kept) {
      try {
        this.operations = JSON.parse(kept);
        this.replay();
        return;
      } catch { this.stale = true; this.operations = []; }
    }
    this.replay();
  }

  replay() {
    let src = 0, tgt = 0;
    this.beads = this.data.beads.map((from, at) => {
      const bead = { src, tgt, n: from.n, m: from.m, from: at, judged: null };
      src += from.n;
      tgt += from.m;
      return bead;
    });
    for (const operation of this.operations) {
      if (!this.apply(operation)) throw new Error("does not fit");
    }
  }

  /** Does an operation for good: it is remembered. False when there is nothing to do. */
  do(operation) {
    if (!this.apply(operation)) return false;
    this.operations.push(operation);
    store.set(this.key, JSON.stringify(this.operations));
    return true;
  }

  undo() {
    const last = this.operations.pop();
    if (!last) return null;
    store.set(this.key, JSON.stringify(this.operations));
    this.replay();
    return last;
  }

  apply([what, at, ...more]) {
    const bead = this.beads[at];
    if (!bead) return false;
    const next = this.beads[at + 1];
    switch (what) {
      case "judge":
        bead.judged = more[0];
        return true;
      case "merge":
        if (!next) return false;
        this.put(at, 2, [[bead.n + next.n, bead.m + next.m]]);
        return true;
      case "split": {
        const [n, m] = more;
        if (n > bead.n || m > bead.m || n + m === 0 || n + m === bead.n + bead.m) return false;
        this.put(at, 1, [[n, m], [bead.n - n, bead.m - m]]);
        return true;
      }
      case "move": { // the last sentences of a side to the next bead (1), or the first to the one before (-1)
        const [side, direction, count] = more;
        const other = this.beads[at + direction];
        const has = side === 0 ? bead.n : bead.m;
        if (!other || count < 1 || count > has) return false;
        const change = side === 0 ? [count, 0] : [0, count];
        const less = [bead.n - change[0], bead.m - change[1]], grown = [other.n + change[0], other.m + change[1]];
        const sizes = (direction > 0 ? [less, grown] : [grown, less]).filter(([n, m]) => n + m > 0);
        this.put(direction > 0 ? at : at - 1, 2, sizes);
        return true;
      }
      case "part": {
        if (bead.n === 0 || bead.m === 0) return false;
        this.put(at, 1, [...Array(bead.n).fill([1, 0]), ...Array(bead.m).fill([0, 1])]);
        return true;
      }
      default:
        return false;
    }
  }

  /** Beads of these sizes in place of `count` beads from `at`. */
  put(at, count, sizes) {
    let { src, tgt } = this.beads[at];
    const made = sizes.map(([n, m]) => {
      const bead = { src, tgt, n, m, from: null, judged: null };
      src += n;
      tgt += m;
      return bead;
    });
    this.beads.splice(at, count, ...made);
  }

  units(bead, side) {
    return side === 0 ? this.data.src.slice(bead.src, bead.src + bead.n) : this.data.tgt.slice(bead.tgt, bead.tgt + bead.m);
  }

  /** The sentence of a side that begins at this byte of its document, and its bead. */
  standing(side, place) {
    const unit = (side === 0 ? this.data.src : this.data.tgt).findIndex((found) => found.spans.startsWith(`${place}-`));
    const holds = (bead) => (side === 0 ? bead.src <= unit && unit < bead.src + bead.n : bead.tgt <= unit && unit < bead.tgt + bead.m);
    return unit < 0 ? null : { text: (side === 0 ? this.data.src : this.data.tgt)[unit].text, bead: this.beads.find(holds) };
  }

  text(bead, side) { return this.units(bead, side).map((unit) => unit.text).join(" "); }

  /** Characters of a side; asked often, so kept with the bead. */
  length(bead, side) {
    bead.lengths ??= [0, 1].map((which) => this.units(bead, which).reduce((sum, unit) => sum + unit.text.length, 0));
    return bead.lengths[side];
  }

  type(bead) { return `${this.count(bead, 0)}-${this.count(bead, 1)}`; }

  /** How many sentences; a unit whose sentences could not be told apart may stand for several. */
  count(bead, side) { return this.units(bead, side).reduce((sum, unit) => sum + unit.count, 0); }

  came(bead) { return bead.from == null ? null : this.data.beads[bead.from]; }

  verdict(bead) { return this.came(bead)?.verdict ?? null; }

  confidence(bead) {
    if (bead.judged === "right") return 1;
    if (bead.judged === "wrong") return 0;
    return this.came(bead)?.confidence ?? null;
  }

  isPair(bead) { return bead.n > 0 && bead.m > 0; }

  /** Worth a look, and not looked at yet. */
  isDoubtful(bead) {
    const confidence = this.confidence(bead);
    return !this.isTouched(bead) && confidence != null && confidence < DOUBTFUL;
  }

  isTouched(bead) { return bead.from == null || bead.judged != null; }

  touched() { return this.beads.filter((bead) => this.isTouched(bead)).length; }

  /** What the evidence marks in one sentence: `[start, end, kind, number of the evidence]`, in order. */
  marks(side, unit) {
    this.collectMarks();
    return this.marked[side].get(unit) ?? [];
  }

  /**
   * What speaks of a bead: `found` on both sides, as `[kind, source words, target words]`, and `whole`, as `[kind, weight, place]`, of the bead as it
   * came, with the place of a partner that stands elsewhere. A bead made by hand has what was found between its sentences before.
   */
  evidence(bead) {
    this.collectMarks();
    const came = this.came(bead), numbers = new Set();
    for (let unit = bead.src; unit < bead.src + bead.n; unit += 1) for (const [, , , number] of this.marks(0, unit)) numbers.add(number);
    const own = [...numbers].map((number) => this.found[number]).filter(([, , , , tgt]) => tgt >= bead.tgt && tgt < bead.tgt + bead.m);
    const { src, tgt } = this.data;
    own.sort((a, b) => Math.abs(b[7]) - Math.abs(a[7]));
    return {
      found: own.map(([kind, s, s0, s1, t, t0, t1]) => [KINDS[kind], src[s].text.slice(s0, s1), tgt[t].text.slice(t0, t1)]),
      whole: (came?.marks ?? []).filter(([, , unit]) => unit == null).map(([kind, weight, , place]) => [KINDS[kind], weight, place]),
    };
  }

  collectMarks() {
    if (this.marked) return;
    this.marked = [new Map(), new Map()];
    this.found = [];
    let src = 0, tgt = 0;
    for (const bead of this.data.beads) {
      for (const [kind, weight, su, s0, s1, tu, t0, t1] of bead.marks) {
        if (su == null) continue;
        for (const [side, unit, start, end] of [[0, src + su, s0, s1], [1, tgt + tu, t0, t1]]) {
          if (!this.marked[side].has(unit)) this.marked[side].set(unit, []);
          this.marked[side].get(unit).push([start, end, kind, this.found.length]);
        }
        this.found.push([kind, src + su, s0, s1, tgt + tu, t0, t1, weight]);
      }
      src += bead.n;
      tgt += bead.m;
    }
    for (const all of this.marked) for (const list of all.values()) list.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  }

  /** The corrected beads as gold: beads judged wrong are taken apart. */
  gold(onlyChecked) {
    const out = [];
    for (const bead of this.beads) {
      if (onlyChecked && (bead.judged === "wrong" || !this.isTouched(bead) || !this.isPair(bead))) continue;
      if (this.isPair(bead) && bead.judged !== "wrong") out.push(bead);
      else {
        for (let i = 0; i < bead.n; i += 1) out.push({ ...bead, src: bead.src + i, n: 1, m: 0 });
        for (let j = 0; j < bead.m; j += 1) out.push({ ...bead, tgt: bead.tgt + j, n: 0, m: 1 });
      }
    }
    return out;
  }

  /** Vecalign's form, zero-based. */
  vecalign(onlyChecked) {
    const first = [[], []];
    for (const [side, units] of [[0, this.data.src], [1, this.data.tgt]]) {
      let at = 0;
      for (const unit of units) { first[side].push(at); at += unit.count; }
      first[side].push(at);
    }
    const numbers = (side, from, count) => {
      const start = first[side][from], end = first[side][from + count];
      return `[${Array.from({ length: end - start }, (_, i) => start + i).join(", ")}]`;
    };
    const lines = this.gold(onlyChecked).map((bead) => `${numbers(0, bead.src, bead.n)}:${numbers(1, bead.tgt, bead.m)}\n`);
    return lines.join("");
  }

  /** The columns of Qostil's bitext; all beads of the gold with those of one side, so that nothing of the documents is missing from it. */
  tsv(langs, onlyChecked) {
    const cell = (text) => text.replace(/[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+/g, " ");
    const [a, b] = langs;
    const lines = [[a, b, "confidence", "bead", "verdict", "evidence", `${a}_doc`, `${b}_doc`, `${a}_span`, `${b}_span`]];
    for (const bead of this.gold(onlyChecked)) {
      const came = this.isTouched(bead) ? null : this.came(bead);
      const spans = (side) => this.units(bead, side).map((unit) => unit.spans).filter(Boolean).join(",");
      const confidence = came ? came.confidence : 1;
      lines.push([
        this.text(bead, 0), this.text(bead, 1), confidence == null ? "" : confidence.toFixed(4), this.type(bead), came?.verdict ?? this.verdict(bead) ?? "",
        came ? came.words : "corrected by hand", this.data.srcDoc, this.data.tgtDoc, spans(0), spans(1),
      ]);
    }
    return lines.map((cells) => `${cells.map(cell).join("\t")}\n`).join("");
  }

  /** Whether every sentence says where in its document it stands. */
  hasPlaces() { return [...this.data.src, ...this.data.tgt].every((unit) => unit.spans); }
}

/** Confidence below which a bead is worth a look. */
const DOUBTFUL = 0.8;
/** How sure, in four steps that colour and chart share. */
const sureness = (confidence) => (confidence >= 0.95 ? "sure" : confidence >= DOUBTFUL ? "likely" : confidence >= 0.5 ? "open" : "doubt");
/** Confidence as a badge; cut, not rounded, so that 1 means certain. */
const badge = (confidence, places) => el("span", { class: `sureness ${sureness(confidence)}`, title: say("confidence") }, (Math.floor(confidence * 10 ** places + 1e-9) / 10 ** places).toFixed(places));
