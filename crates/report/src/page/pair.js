// A pair side by side: beads as rows, filters, keys, corrections.

const WORDS_SHOWN = 8;

class PairView {
  constructor(page, alignment) {
    this.page = page;
    this.alignment = alignment;
    this.selected = null;
    this.chosen = null; // [side, sentence]
    this.filter = { verdict: "", type: "", state: "", low: 0, high: 1, text: "" };
    this.texts = new Map();
  }

  show(main) {
    this.scroller = el("div", { class: "scroller", role: "table", "aria-label": `${this.alignment.data.srcDoc} – ${this.alignment.data.tgtDoc}` });
    this.status = el("span", { role: "status", class: "soft" });
    main.append(this.filters(), this.editing(), this.scroller);
    this.rows = new Rows(this.scroller, (bead) => this.row(bead), (bead) => this.guess(bead));
    this.scroller.addEventListener("mouseover", (event) => this.light(event.target.closest?.("mark")));
    this.scroller.addEventListener("mouseleave", () => this.light(null));
    this.refilter();
    this.select(this.rows.items[0] ?? null, false);
  }

  // Filters

  filters() {
    const set = (key, read) => (event) => { this.filter[key] = read(event.target.value); this.refilter(); };
    const choice = (name, key, options) => el("label", {}, say(name),
      el("select", { name: key, onchange: set(key, String) }, options.map(([value, label]) => el("option", { value }, label))));
    const bound = (name, key, initial) => el("label", {}, say(name),
      el("input", { type: "number", name: key, min: 0, max: 1, step: 0.05, value: initial, oninput: set(key, (value) => (value === "" ? initial : Number(value))) }));
    this.search = el("input", { type: "search", name: "text", oninput: set("text", (value) => value.trim().toLowerCase()) });
    const fold = el("button", { type: "button", "aria-expanded": "false" }, say("filters"));
    const bar = el("div", { class: "tools filters folded", role: "search" },
      el("label", { class: "always" }, say("search"), this.search), fold,
      choice("verdict", "verdict", [["", say("all")], ...VERDICTS.map((v) => [v, say(v)])]),
      el("span", { class: "range", role: "group", "aria-label": say("confidence") }, say("confidence"), bound("from", "low", 0), bound("to", "high", 1)),
      choice("type", "type", [["", say("all")], ...this.types().map((type) => [type, type])]),
      choice("state", "state", [["", say("all")], ["untouched", say("untouched")], ["changed", say("changed")], ["right", say("judgedRight")], ["wrong", say("judgedWrong")]]),
      this.status);
    fold.addEventListener("click", () => {
      const folded = bar.classList.toggle("folded");
      fold.setAttribute("aria-expanded", String(!folded));
    });
    if (!matchMedia("(max-width: 44rem)").matches) fold.hidden = true;
    return bar;
  }

  types() {
    return [...new Set(this.alignment.beads.map((bead) => this.alignment.type(bead)))].sort();
  }

  textOf(bead) {
    let text = this.texts.get(bead);
    if (text == null) {
      text = `${this.alignment.text(bead, 0)}\n${this.alignment.text(bead, 1)}`.toLowerCase();
      this.texts.set(bead, text);
    }
    return text;
  }

  refilter() {
    const { verdict, type, state, low, high, text } = this.filter;
    const { alignment } = this;
    const items = alignment.beads.filter((bead) => {
      if (verdict && (!alignment.isPair(bead) || alignment.verdict(bead) !== verdict)) return false;
      if (type && alignment.type(bead) !== type) return false;
      if (state === "changed" && bead.from != null) return false;
      if (state === "untouched" && alignment.isTouched(bead)) return false;
      if ((state === "right" || state === "wrong") && bead.judged !== state) return false;
      if (low > 0 || high < 1) {
        const confidence = alignment.confidence(bead);
        if (confidence == null || confidence < low || confidence > high) return false;
      }
      return !text || this.textOf(bead).includes(text);
    });
    this.rows.set(items, 0);
    this.scroller.setAttribute("aria-rowcount", items.length);
    this.tell();
    if (!items.includes(this.selected)) this.select(items[0] ?? null, false);
  }

  // Rows

  guess(bead) {
    const width = Math.max(12, ((this.rows?.width || 900) - 120) / 2 / 8.2);
    const lines = (side) => Math.ceil(this.alignment.length(bead, side) / width);
    return Math.max(2, lines(0), lines(1)) * 23 + 13 + 26;
  }

  row(bead) {
    const { alignment } = this;
    const isSelected = bead === this.selected, verdict = alignment.isPair(bead) ? alignment.verdict(bead) : null;
    const row = el("div", {
      class: `row${isSelected ? " selected" : ""}${verdict === "contradict" ? " clash" : ""}`, role: "row", tabindex: isSelected ? 0 : -1, "aria-selected": String(isSelected),
      onclick: () => this.select(bead, true),
    }, this.facts(bead, verdict), this.side(bead, 0), this.side(bead, 1), this.why(bead));
    return row;
  }

  facts(bead, verdict) {
    const confidence = this.alignment.confidence(bead);
    const judged = bead.judged === "right" ? `✓ ${say("judgedRight")}` : bead.judged === "wrong" ? `✗ ${say("judgedWrong")}` : bead.from == null ? `✎ ${say("changed")}` : null;
    return el("div", { class: "facts", role: "rowheader" },
      el("span", { class: "soft" }, `${this.alignment.type(bead)} `),
      confidence == null ? null : badge(confidence, 2),
      verdict && verdict !== "none" ? el("div", { class: `verdict-${verdict}` }, verdict === "contradict" ? `⚠ ${say(verdict)}` : `= ${say(verdict)}`) : null,
      judged ? el("div", { class: "judged" }, judged) : null);
  }

  side(bead, side) {
    const units = this.alignment.units(bead, side), first = side === 0 ? bead.src : bead.tgt;
    const several = units.length > 1;
    const cell = el("div", { class: "text", role: "cell", lang: this.page.langs[side], dir: "auto" });
    if (units.length === 0) cell.append(el("span", { class: "soft" }, `– ${say("oneSided")}`));
    units.forEach((unit, at) => {
      const number = first + at, chosen = this.chosen?.[0] === side && this.chosen[1] === number;
      const choose = (event) => { event.stopPropagation(); this.choose(bead, side, number); };
      cell.append(el("span", {
        class: `sentence${chosen ? " chosen" : ""}`, tabindex: several && bead === this.selected ? 0 : false, role: several ? "button" : false, "aria-pressed": several ? String(chosen) : false,
        onclick: choose, onkeydown: (event) => { if (several && event.key === "Enter") choose(event); },
      }, this.marked(unit.text, this.alignment.marks(side, number))));
    });
    return cell;
  }

  /** A text with its marks, one in another where a phrase holds a figure. */
  marked(text, marks) {
    const left = [...marks];
    const until = (end, from) => {
      const parts = [];
      let at = from;
      while (left.length && left[0][0] < end) {
        const [start, to, kind, number] = left.shift();
        if (start < at || to > end) continue;
        parts.push(text.slice(at, start), el("mark", { class: KINDS[kind], "data-evidence": number, title: say("kinds")[KINDS[kind]] }, until(to, start)));
        at = to;
      }
      parts.push(text.slice(at, end));
      return parts.filter((part) => part !== "");
    };
    return until(text.length, 0);
  }

  /** What was found on both sides first, then what speaks of the bead as a whole; of the selected bead all, of others the most. */
  why(bead) {
    const { found, whole } = this.alignment.evidence(bead), came = this.alignment.came(bead);
    const cell = el("div", { class: "why", role: "cell" });
    if (!came) cell.append(say("byHand"), found.length ? ": " : "");
    else if (found.length + whole.length === 0) cell.append(came.words);
    const shown = bead === this.selected ? found : found.slice(0, WORDS_SHOWN);
    shown.forEach(([kind, src, tgt], at) => {
      const text = kind === "contradiction" ? el("strong", { class: "verdict-contradict" }, `${src} ≠ ${tgt}`) : `${src} = ${tgt}`;
      cell.append(at ? "; " : "", text);
    });
    if (shown.length < found.length) cell.append(`; … +${found.length - shown.length}`);
    const words = whole.map(([kind, weight]) => {
      const [good, bad] = say("speaks")[kind] ?? [say("kinds")[kind], say("kinds")[kind]];
      return weight === 0 && NO_WEIGHT.includes(kind) ? good : `${weight < 0 ? bad : good} ${weight < 0 ? "−" : "+"}${Math.abs(weight).toFixed(1)}`;
    });
    if (words.length) cell.append(found.length ? " · " : "", el("span", { title: say("nats") }, words.join("; ")));
    for (const [kind, , place] of whole) {
      const found = kind === "moved" && place != null ? this.alignment.standing(bead.n > 0 ? 1 : 0, place) : null;
      if (found) cell.append(": ", el("button", { type: "button", class: "elsewhere", onclick: (event) => { event.stopPropagation(); this.select(found.bead, true, true); } }, found.text));
    }
    return cell;
  }

  light(mark) {
    const number = mark?.dataset.evidence;
    if (number === this.lit) return;
    this.lit = number;
    for (const other of this.scroller.querySelectorAll("mark")) other.classList.toggle("lit", number != null && other.dataset.evidence === number);
  }

  // Moving about

  select(bead, focus, middle = false) {
    const before = this.selected;
    this.selected = bead;
    if (before !== bead) {
      this.chosen = null;
      if (before) this.rows.redraw(before);
      if (bead) this.rows.redraw(bead);
    }
    if (bead && focus) this.rows.reveal(bead, middle)?.focus({ preventScroll: true });
    this.enable();
  }

  choose(bead, side, number) {
    this.select(bead, true);
    this.chosen = [side, number];
    this.rows.redraw(bead);
    this.rows.reveal(bead, false)?.focus({ preventScroll: true });
    this.enable();
  }

  /** To the next bead (1) or the one before (-1), of those that are wanted. */
  step(by, wanted = null) {
    const { items } = this.rows;
    let at = items.indexOf(this.selected) + by;
    while (wanted && at >= 0 && at < items.length && !wanted(items[at])) at += by;
    if (items[at]) this.select(items[at], true, wanted != null);
  }

  // Correcting

  editing() {
    const button = (name, key, action) => {
      const node = el("button", { type: "button", name, "aria-keyshortcuts": key, title: `${say(name)} (${key})`, onclick: action }, say(name));
      return node;
    };
    this.buttons = {
      right: button("right", "r", () => this.judge("right")), wrong: button("wrong", "w", () => this.judge("wrong")),
      merge: button("merge", "m", () => this.merge()), split: button("split", "s", () => this.split()),
      moveUp: button("moveUp", "[", () => this.move(-1)), moveDown: button("moveDown", "]", () => this.move(1)),
      part: button("part", "x", () => this.part()), undo: button("undo", "u", () => this.undo()),
      nextDoubt: button("nextDoubt", "d", () => this.step(1, doubtful(this.alignment))),
    };
    const download = (name, action) => el("button", { type: "button", name, title: say(`${name}Hint`), onclick: action }, `⤓ ${say(name)}`);
    const stem = `${fileStem(this.alignment.data.srcDoc || "src")}-${fileStem(this.alignment.data.tgtDoc || "tgt")}`;
    return el("div", { class: "tools edit", role: "toolbar", "aria-label": say("correct") }, Object.values(this.buttons),
      download("vecalign", () => save(`${stem}.gold.txt`, this.alignment.vecalign(false))),
      download("tsv", () => save(`${stem}.gold.tsv`, this.alignment.tsv(this.page.langs, false))),
      // Sentence numbers are those of the page; places hold in the documents themselves, which a run has cleaned.
      download("anchors", () => (this.alignment.hasPlaces() ? save(`${stem}.anchors.tsv`, this.alignment.tsv(this.page.langs, true)) : save(`${stem}.anchors.txt`, this.alignment.vecalign(true)))),
      button("map", "c", () => this.map()),
      el("button", { type: "button", name: "help", "aria-keyshortcuts": "?", onclick: () => this.page.help() }, `? ${say("help")}`),
      el("span", { class: "legend soft" }, Object.entries(say("kinds")).map(([kind, name]) => el("mark", { class: kind }, name))),
      store.works ? null : el("span", { class: "soft", role: "alert" }, say("notStored")),
      this.alignment.stale ? el("span", { class: "soft", role: "alert" }, say("stale")) : null);
  }

  enable() {
    const bead = this.selected, { alignment } = this;
    const last = alignment.beads[alignment.beads.length - 1];
    this.buttons.merge.disabled = !bead || bead === last;
    this.buttons.split.disabled = !bead || (bead.n < 2 && bead.m < 2);
    this.buttons.part.disabled = !bead || !alignment.isPair(bead);
    this.buttons.moveUp.disabled = this.buttons.moveDown.disabled = !bead;
    this.buttons.right.disabled = this.buttons.wrong.disabled = !bead;
    this.buttons.undo.disabled = alignment.operations.length === 0;
  }

  /** The charts of this pair; a click on the path goes there. */
  map() {
    const close = this.page.dialog(say("map"), el("div", { class: "charts" }, dotPlot(say("dotPlot"), this.page.langs, this.alignment, (bead) => { close(); this.goTo(bead); }), charts([this.alignment])));
  }

  /** Selects a bead, in the middle of what is in sight; filters that hide it are lifted. */
  goTo(bead) {
    if (!this.rows.items.includes(bead)) { this.rows.set(this.alignment.beads.slice(), 0); this.tell(); }
    this.select(bead, true, true);
  }

  tell() { this.status.textContent = say("shown")(this.rows.items.length, this.alignment.beads.length); }

  place() { return this.alignment.beads.indexOf(this.selected); }

  judge(value) {
    const at = this.place();
    if (at < 0) return;
    this.alignment.do(["judge", at, this.selected.judged === value ? null : value]);
    this.rows.redraw(this.selected);
    this.rows.reveal(this.selected, false)?.focus({ preventScroll: true });
    this.enable();
  }

  /** After beads changed: the list anew, where it was, with the bead at `at` selected. */
  changed(at) {
    const { alignment } = this;
    const top = this.scroller.scrollTop;
    const known = new Set(this.rows.items), before = new Set(alignment.beads);
    // What was shown stays shown; new beads stand where they came about.
    const fits = (bead) => known.has(bead) || bead.from == null;
    const filtered = this.rows.items.length !== this.count;
    const items = filtered ? alignment.beads.filter(fits) : alignment.beads.slice();
    this.count = alignment.beads.length;
    for (const bead of this.texts.keys()) if (!before.has(bead)) this.texts.delete(bead);
    this.chosen = null;
    this.rows.set(items, top);
    this.tell();
    this.selected = null;
    this.select(alignment.beads[Math.max(0, Math.min(at, alignment.beads.length - 1))] ?? null, true);
  }

  correct(operation, at) {
    this.count = this.alignment.beads.length;
    if (this.alignment.do(operation)) this.changed(at);
  }

  merge() {
    const at = this.place();
    if (at >= 0) this.correct(["merge", at], at);
  }

  /** Before the chosen sentence, or after the first; the other side is cut where its text is as far along. */
  split() {
    const at = this.place(), bead = this.selected;
    if (at < 0 || (bead.n < 2 && bead.m < 2)) return;
    const side = this.chosen ? this.chosen[0] : bead.n >= 2 ? 0 : 1;
    const [count, others] = side === 0 ? [bead.n, bead.m] : [bead.m, bead.n];
    const first = side === 0 ? bead.src : bead.tgt;
    const cut = Math.min(Math.max(1, this.chosen ? this.chosen[1] - first : 1), Math.max(1, count - 1));
    const lengths = (which) => this.alignment.units(bead, which).map((unit) => unit.text.length);
    const sum = (list) => list.reduce((a, b) => a + b, 0);
    const share = sum(lengths(side).slice(0, cut)) / Math.max(1, sum(lengths(side)));
    const other = lengths(1 - side);
    let taken = 0, best = Infinity;
    for (let k = 0; k <= others; k += 1) {
      const away = Math.abs(sum(other.slice(0, k)) / Math.max(1, sum(other)) - share);
      if (away < best) { best = away; taken = k; }
    }
    this.correct(["split", at, ...(side === 0 ? [cut, taken] : [taken, cut])], at);
  }

  /** The chosen sentence, with those on its way, to the bead before or after. */
  move(direction) {
    const at = this.place(), bead = this.selected;
    if (at < 0) return;
    const side = this.chosen ? this.chosen[0] : bead.n >= bead.m ? 0 : 1;
    const [first, count] = side === 0 ? [bead.src, bead.n] : [bead.tgt, bead.m];
    const number = this.chosen ? this.chosen[1] : direction > 0 ? first + count - 1 : first;
    this.correct(["move", at, side, direction, direction > 0 ? first + count - number : number - first + 1], at);
  }

  part() {
    const at = this.place();
    if (at >= 0) this.correct(["part", at], at);
  }

  undo() {
    this.count = this.alignment.beads.length;
    const last = this.alignment.undo();
    if (!last) return;
    const isFiltered = this.rows.items.length !== this.count;
    this.texts.clear();
    if (isFiltered) this.refilter();
    else { this.rows.items = []; this.count = 0; this.changed(last[1]); return; }
    this.select(this.alignment.beads[last[1]] ?? null, true);
  }

  key(event) {
    const { alignment } = this;
    const contradicts = (bead) => alignment.isPair(bead) && alignment.verdict(bead) === "contradict";
    const actions = {
      j: () => this.step(1), ArrowDown: () => this.step(1), k: () => this.step(-1), ArrowUp: () => this.step(-1),
      n: () => this.step(1, contradicts), p: () => this.step(-1, contradicts), d: () => this.step(1, doubtful(alignment)), e: () => this.step(-1, doubtful(alignment)),
      r: () => this.judge("right"), w: () => this.judge("wrong"),
      m: () => this.merge(), s: () => this.split(), "[": () => this.move(-1), "]": () => this.move(1), x: () => this.part(), u: () => this.undo(), c: () => this.map(),
      "/": () => this.search.focus(), Home: () => this.select(this.rows.items[0] ?? null, true), End: () => this.select(this.rows.items.at(-1) ?? null, true),
      "?": () => this.page.help(), Escape: () => { location.hash = ""; },
    };
    const name = [event.key, keyOf(event)].find((key) => Object.hasOwn(actions, key));
    if (!name) return;
    event.preventDefault();
    actions[name]();
  }
}

/** Evidence that is said and not weighed. */
const NO_WEIGHT = ["fixed", "moved"];
const doubtful = (alignment) => (bead) => alignment.isDoubtful(bead);

/** What a key gives on a Latin keyboard: reviewers type on a Kazakh or Russian one. */
function keyOf({ code, shiftKey }) {
  const letter = /^Key([A-Z])$/.exec(code)?.[1].toLowerCase();
  return letter ?? { BracketLeft: "[", BracketRight: "]", Slash: shiftKey ? "?" : "/" }[code];
}

/** A name that any file system takes. */
const fileStem = (id) => id.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N}_.-]+/gu, "_").slice(0, 60) || "pair";

/** Hands a text to the browser as a download. */
function save(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
