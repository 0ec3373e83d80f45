// The page as a whole: the overview, and which pair is open.

class Page {
  constructor(data) {
    this.langs = data.langs;
    this.documents = data.documents;
    this.pairs = data.pairs;
    store.prefix = `qostil-${data.id}-`;
    this.alignments = [];
    this.sorting = {};
    this.app = document.getElementById("app");
    const kept = store.get("language");
    language = kept && Object.hasOwn(WORDS, kept) ? kept : navigator.language?.startsWith("kk") ? "kk" : "en";
    window.addEventListener("hashchange", () => this.show());
    document.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("beforeprint", () => this.view?.rows.print(true));
    window.addEventListener("afterprint", () => this.view?.rows.print(false));
    this.show();
  }

  alignment(number) {
    return (this.alignments[number] ??= new Alignment(this.pairs[number], number));
  }

  key(event) {
    const typing = event.target.closest?.("input, select, textarea, dialog");
    if (typing && event.key === "Escape" && !event.target.closest("dialog")) { event.target.blur(); event.preventDefault(); return; }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    this.view?.key(event);
  }

  show() {
    const [, place, bead] = /^#pair-(\d+)(?:-(\d+))?$/.exec(location.hash) ?? [];
    const number = Number(place ?? NaN);
    const isPair = Number.isInteger(number) && number < this.pairs.length;
    document.documentElement.lang = language;
    document.body.classList.toggle("reading", isPair);
    const main = el("main", {});
    this.view = isPair ? new PairView(this, this.alignment(number)) : null;
    this.app.replaceChildren(this.top(isPair ? this.pairs[number] : null), main);
    if (!isPair) { this.overview(main); return; }
    this.view.show(main);
    const wanted = this.view.alignment.beads[bead ?? NaN];
    if (wanted) this.view.goTo(wanted);
  }

  top(pair) {
    const choice = el("select", {
      name: "language", "aria-label": say("language"),
      onchange: (event) => { language = event.target.value; store.set("language", language); this.show(); },
    }, Object.entries({ en: "English", kk: "Қазақша" }).map(([code, name]) => el("option", { value: code, lang: code, selected: code === language }, name)));
    return el("header", { class: "top" }, pair ? el("a", { href: "#" }, `← ${say("overview")}`) : null,
      el("h1", { title: pair ? `${pair.srcDoc} – ${pair.tgtDoc}` : false }, pair ? `${pair.srcDoc || say("source")} – ${pair.tgtDoc || say("target")}` : "Qostil"), el("span", { class: "grow" }), choice);
  }

  overview(main) {
    const alignments = this.pairs.map((_, number) => this.alignment(number));
    const facts = this.pairs.map((pair, number) => this.pairFacts(pair, number));
    const find = el("input", { type: "search", name: "find", oninput: () => this.lists(lists, facts, find.value) });
    const lists = el("div", {});
    const open = (bead) => { location.hash = `#pair-0-${alignments[0].beads.indexOf(bead)}`; };
    main.append(this.summary(facts),
      el("section", { class: "charts", "aria-label": say("overview") }, charts(alignments), alignments.length === 1 ? dotPlot(say("dotPlot"), this.langs, alignments[0], open) : null),
      el("p", {}, el("label", {}, `${say("search")} `, find)), lists);
    this.lists(lists, facts, "");
  }

  /** The run in a few numbers. */
  summary(facts) {
    const sum = (key) => facts.reduce((total, row) => total + row[key], 0);
    const known = facts.filter((row) => row.mean != null);
    const mean = known.reduce((total, row) => total + row.mean * row.sure, 0) / Math.max(1, known.reduce((total, row) => total + row.sure, 0));
    const numbers = [["pairs", facts.length], ["twoSided", sum("both")], ["mean", known.length ? badge(mean, 3) : "–"], ["doubtful", sum("doubtful")], ["contradictions", sum("contradict")], ["corrected", sum("touched")]];
    return el("section", {}, el("dl", { class: "facts-of-run" }, numbers.map(([key, value]) => el("div", {}, el("dt", {}, say(key)), el("dd", {}, value instanceof Node ? value : String(value))))), el("p", { class: "soft" }, say("about")));
  }

  /** Pairs and documents whose names hold what is looked for. */
  lists(place, facts, wanted) {
    const needle = wanted.trim().toLowerCase();
    const again = () => this.lists(place, facts, wanted);
    const pairs = facts.filter((row) => row.text.includes(needle));
    const pairColumns = [
      { key: "srcDoc", label: this.langs[0], kind: "name", show: (row) => el("a", { href: `#pair-${row.number}` }, row.srcDoc || say("source")) },
      { key: "tgtDoc", label: this.langs[1], kind: "name", show: (row) => row.tgtDoc || say("target") },
      { key: "beads", label: say("beads") }, { key: "mean", label: say("mean"), show: (row) => (row.mean == null ? "" : badge(row.mean, 3)) }, { key: "agree", label: say("agreeing") },
      { key: "contradict", label: say("contradictions"), show: (row) => el("span", { class: row.contradict ? "verdict-contradict" : "" }, String(row.contradict)) },
      { key: "doubtful", label: say("doubtful") }, { key: "touched", label: say("corrected") },
    ];
    const documents = this.documents.filter((document) => Object.values(document).join("\n").toLowerCase().includes(needle));
    const documentColumns = [
      { key: "id", label: say("document"), kind: "name" }, { key: "lang", label: say("documentLanguage"), kind: "" }, { key: "sentences", label: say("sentences") },
      { key: "partner", label: say("partner"), kind: "", show: ({ partner, reason }) => partner ?? (reason ? el("span", { class: "soft", title: reason }, inWords(reason)) : "") },
    ];
    place.replaceChildren(
      el("h2", {}, `${say("pairs")} (${pairs.length})`), this.list("pairs", pairColumns, pairs, again),
      ...(this.documents.length ? [el("h2", {}, `${say("documents")} (${documents.length})`), this.list("documents", documentColumns, documents, again)] : []));
  }

  /** A table of rows, sorted by the column whose head was clicked last; columns of numbers unless `kind` says otherwise. */
  list(name, columns, rows, again) {
    if (rows.length === 0) return el("p", { class: "soft" }, say("nothing"));
    const { key, down } = this.sorting[name] ?? {};
    const order = (a, b) => (typeof (a[key] ?? b[key]) === "string" ? (a[key] ?? "").localeCompare(b[key] ?? "") : (a[key] ?? -1) - (b[key] ?? -1)) * (down ? -1 : 1);
    const sorted = key ? [...rows].sort(order) : rows;
    const head = columns.map((column) => {
      const isKey = column.key === key;
      const sort = () => { this.sorting[name] = { key: column.key, down: isKey && !down }; again(); };
      return el("th", { scope: "col", class: column.kind ?? "number", "aria-sort": isKey ? (down ? "descending" : "ascending") : false },
        el("button", { type: "button", name: `sort-${column.key}`, onclick: sort }, `${column.label}${isKey ? (down ? " ▼" : " ▲") : ""}`));
    });
    const cell = (row) => ({ key, label, kind, show }) => el("td", { class: kind ?? "number", "data-label": label }, show ? show(row) : String(row[key] ?? ""));
    const body = sorted.slice(0, MOST_LISTED).map((row) => el("tr", {}, columns.map(cell(row))));
    return el("div", { class: "wide" }, el("table", { class: `list ${name}` }, el("thead", {}, el("tr", {}, head)), el("tbody", {}, body)),
      rows.length > MOST_LISTED ? el("p", { class: "soft" }, say("more")(rows.length - MOST_LISTED)) : null);
  }

  pairFacts(pair, number) {
    const alignment = this.alignment(number);
    const both = alignment.beads.filter((bead) => alignment.isPair(bead));
    const sure = both.map((bead) => alignment.confidence(bead)).filter((confidence) => confidence != null);
    const count = (verdict) => both.filter((bead) => alignment.verdict(bead) === verdict).length;
    return {
      number, srcDoc: pair.srcDoc, tgtDoc: pair.tgtDoc, beads: alignment.beads.length, both: both.length, sure: sure.length, mean: sure.length ? sure.reduce((a, b) => a + b, 0) / sure.length : null,
      agree: count("agree"), contradict: count("contradict"), doubtful: alignment.beads.filter((bead) => alignment.isDoubtful(bead)).length, touched: alignment.touched(), text: `${pair.srcDoc}\n${pair.tgtDoc}`.toLowerCase(),
    };
  }

  /** A dialog with a button that closes it; hands out how to close it. */
  dialog(label, ...content) {
    const dialog = el("dialog", { "aria-label": label }, ...content, el("button", { type: "button", name: "close", onclick: () => dialog.close() }, say("close")));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    return () => dialog.close();
  }

  help() {
    this.dialog(say("help"), el("p", { class: "soft" }, say("about")), el("p", { class: "legend" }, Object.entries(say("kinds")).map(([kind, name]) => el("mark", { class: kind }, name))),
      el("dl", { class: "keys" }, say("keys").flatMap(([keys, what]) => [el("dt", {}, el("kbd", {}, keys)), el("dd", {}, what)])));
  }
}

/** Why a document has no partner; what the page has no words for as it is. */
function inWords(reason) {
  const [, code] = /^language-(.+)$/.exec(reason) ?? [];
  return code ? say("reasons").other(code) : typeof say("reasons")[reason] === "string" ? say("reasons")[reason] : reason;
}

/** Rows of a list at once; searching finds the others. */
const MOST_LISTED = 2000;

/** The data as written (short rows of numbers and texts) as objects with names. */
function unpack(data) {
  const unit = ([text, spans, count]) => ({ text, spans, count });
  const bead = ([n, m, confidence, verdict, words, marks]) => ({ n, m, confidence, verdict: verdict == null ? null : VERDICTS[verdict], words, marks });
  const pair = ({ src_doc: srcDoc, tgt_doc: tgtDoc, src, tgt, beads }) => ({ srcDoc, tgtDoc, src: src.map(unit), tgt: tgt.map(unit), beads: beads.map(bead) });
  return { ...data, pairs: data.pairs.map(pair) };
}

const page = new Page(unpack(JSON.parse(document.getElementById("data").textContent)));
