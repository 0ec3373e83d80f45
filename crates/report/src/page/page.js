// The page as a whole: the overview, and which pair is open.

class Page {
  constructor(data) {
    this.langs = data.langs;
    this.documents = data.documents;
    this.pairs = data.pairs;
    store.prefix = `qostil-${data.id}-`;
    this.alignments = [];
    this.sorting = { key: null, down: false };
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
    const number = Number(/^#pair-(\d+)$/.exec(location.hash)?.[1] ?? NaN);
    const isPair = Number.isInteger(number) && number < this.pairs.length;
    document.documentElement.lang = language;
    document.body.classList.toggle("reading", isPair);
    const main = el("main", {});
    this.view = isPair ? new PairView(this, this.alignment(number)) : null;
    this.app.replaceChildren(this.top(isPair ? this.pairs[number] : null), main);
    if (isPair) this.view.show(main);
    else this.overview(main);
  }

  top(pair) {
    const choice = el("select", {
      name: "language", "aria-label": say("language"),
      onchange: (event) => { language = event.target.value; store.set("language", language); this.show(); },
    }, Object.entries({ en: "English", kk: "Қазақша" }).map(([code, name]) => el("option", { value: code, lang: code, selected: code === language }, name)));
    return el("header", { class: "top" }, pair ? el("a", { href: "#" }, `← ${say("overview")}`) : null,
      el("h1", {}, pair ? `${pair.srcDoc || say("source")} – ${pair.tgtDoc || say("target")}` : "Qostil"), el("span", { class: "grow" }), choice);
  }

  overview(main) {
    const alignments = this.pairs.map((_, number) => this.alignment(number));
    const find = el("input", { type: "search", name: "find", oninput: () => this.lists(lists, find.value) });
    const lists = el("div", {});
    main.append(el("section", { class: "charts", "aria-label": say("overview") }, charts(alignments), alignments.length === 1 ? dotPlot(say("dotPlot"), alignments[0]) : null),
      el("p", {}, el("label", {}, `${say("search")} `, find)), lists);
    this.lists(lists, "");
  }

  lists(place, wanted) {
    const needle = wanted.trim().toLowerCase();
    const pairs = this.pairs.map((pair, number) => this.pairFacts(pair, number)).filter((row) => row.text.includes(needle));
    const columns = [["srcDoc", this.langs[0]], ["tgtDoc", this.langs[1]], ["beads", say("beads")], ["mean", say("mean")], ["agree", say("agree")], ["contradict", say("contradictions")], ["touched", say("corrected")]];
    const { key, down } = this.sorting;
    if (key) pairs.sort((a, b) => (typeof a[key] === "string" ? a[key].localeCompare(b[key]) : (a[key] ?? -1) - (b[key] ?? -1)) * (down ? -1 : 1));
    const head = columns.map(([name, label]) => el("th", { scope: "col", "aria-sort": key === name ? (down ? "descending" : "ascending") : false },
      el("button", { type: "button", name: `sort-${name}`, onclick: () => { this.sorting = { key: name, down: key === name && !down }; this.lists(place, wanted); } }, `${label}${key === name ? (down ? " ▼" : " ▲") : ""}`)));
    const number = (value) => el("td", { class: "number" }, String(value));
    const body = pairs.slice(0, MOST_LISTED).map((row) => el("tr", {}, el("td", {}, el("a", { href: `#pair-${row.number}` }, row.srcDoc || say("source"))), el("td", {}, row.tgtDoc || say("target")), number(row.beads),
      el("td", { class: "number" }, row.mean == null ? "" : el("span", { class: `sureness ${sureness(row.mean)}` }, row.mean.toFixed(3))), number(row.agree),
      el("td", { class: `number${row.contradict ? " verdict-contradict" : ""}` }, String(row.contradict)), number(row.touched)));
    const documents = this.documents.filter((document) => Object.values(document).join("\n").toLowerCase().includes(needle));
    place.replaceChildren(
      el("h2", {}, `${say("pairs")} (${pairs.length})`),
      pairs.length ? el("div", { class: "wide" }, el("table", { class: "list pairs" }, el("thead", {}, el("tr", {}, head)), el("tbody", {}, body))) : el("p", { class: "soft" }, say("nothing")),
      ...(this.documents.length ? [el("h2", {}, `${say("documents")} (${documents.length})`), this.documentList(documents)] : []));
  }

  pairFacts(pair, number) {
    const alignment = this.alignment(number);
    const both = alignment.beads.filter((bead) => alignment.isPair(bead));
    const sure = both.map((bead) => alignment.confidence(bead)).filter((confidence) => confidence != null);
    const count = (verdict) => both.filter((bead) => alignment.verdict(bead) === verdict).length;
    return {
      number, srcDoc: pair.srcDoc, tgtDoc: pair.tgtDoc, beads: alignment.beads.length, mean: sure.length ? sure.reduce((a, b) => a + b, 0) / sure.length : null,
      agree: count("agree"), contradict: count("contradict"), touched: alignment.touched(), text: `${pair.srcDoc}\n${pair.tgtDoc}`.toLowerCase(),
    };
  }

  documentList(documents) {
    const head = ["document", "language", "sentences", "partner"].map((key) => el("th", { scope: "col" }, key === "language" ? "" : say(key)));
    const body = documents.slice(0, MOST_LISTED).map((document) => el("tr", {}, el("td", {}, document.id), el("td", {}, document.lang), el("td", { class: "number" }, String(document.sentences)), el("td", {}, document.partner ?? document.reason ?? "")));
    return el("div", { class: "wide" }, el("table", { class: "list documents" }, el("thead", {}, el("tr", {}, head)), el("tbody", {}, body)));
  }

  help() {
    const dialog = el("dialog", { "aria-label": say("help") }, el("dl", {}, say("keys").flatMap(([keys, what]) => [el("dt", {}, el("kbd", {}, keys)), el("dd", {}, what)])),
      el("button", { type: "button", onclick: () => dialog.close() }, say("close")));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }
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
