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
    const find = el("input", { type: "search", name: "find", oninput: () => this.lists(lists, find.value) });
    const lists = el("div", {});
    const open = (bead) => { location.hash = `#pair-0-${alignments[0].beads.indexOf(bead)}`; };
    main.append(this.summary(),
      el("section", { class: "charts", "aria-label": say("overview") }, charts(alignments), alignments.length === 1 ? dotPlot(say("dotPlot"), this.langs, alignments[0], open) : null),
      el("p", {}, el("label", {}, `${say("search")} `, find)), lists);
    this.lists(lists, "");
  }

  /** The run in a few numbers. */
  summary() {
    const rows = this.pairs.map((pair, number) => this.pairFacts(pair, number));
    const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
    const known = rows.filter((row) => row.mean != null);
    const mean = known.reduce((total, row) => total + row.mean * row.sure, 0) / Math.max(1, known.reduce((total, row) => total + row.sure, 0));
    const facts = [["pairs", rows.length], ["twoSided", sum("both")], ["mean", known.length ? badge(mean, 3) : "–"], ["doubtful", sum("doubtful")], ["contradictions", sum("contradict")], ["corrected", sum("touched")]];
    return el("section", {}, el("dl", { class: "facts-of-run" }, facts.map(([key, value]) => el("div", {}, el("dt", {}, say(key)), el("dd", {}, value instanceof Node ? value : String(value))))), el("p", { class: "soft" }, say("about")));
  }

  lists(place, wanted) {
    const needle = wanted.trim().toLowerCase();
    const pairs = this.pairs.map((pair, number) => this.pairFacts(pair, number)).filter((row) => row.text.includes(needle));
    const columns = [["srcDoc", this.langs[0]], ["tgtDoc", this.langs[1]], ["beads", say("beads")], ["mean", say("mean")], ["agree", say("agreeing")], ["contradict", say("contradictions")], ["doubtful", say("doubtful")], ["touched", say("corrected")]];
    const { key, down } = this.sorting;
    if (key) pairs.sort((a, b) => (typeof a[key] === "string" ? a[key].localeCompare(b[key]) : (a[key] ?? -1) - (b[key] ?? -1)) * (down ? -1 : 1));
    const head = columns.map(([name, label], at) => el("th", { scope: "col", class: at > 1 ? "number" : "", "aria-sort": key === name ? (down ? "descending" : "ascending") : false },
      el("button", { type: "button", name: `sort-${name}`, onclick: () => { this.sorting = { key: name, down: key === name && !down }; this.lists(place, wanted); } }, `${label}${key === name ? (down ? " ▼" : " ▲") : ""}`)));
    const cell = (at, content, kind = "number") => el("td", { class: kind, "data-label": columns[at][1] }, content);
    const body = pairs.slice(0, MOST_LISTED).map((row) => el("tr", {},
      cell(0, el("a", { href: `#pair-${row.number}` }, row.srcDoc || say("source")), "name"), cell(1, row.tgtDoc || say("target"), "name"), cell(2, String(row.beads)), cell(3, row.mean == null ? "" : badge(row.mean, 3)),
      cell(4, String(row.agree)), cell(5, String(row.contradict), `number${row.contradict ? " verdict-contradict" : ""}`), cell(6, String(row.doubtful)), cell(7, String(row.touched))));
    const documents = this.documents.filter((document) => Object.values(document).join("\n").toLowerCase().includes(needle));
    const list = (name, head, body, count) => (count === 0 ? [el("p", { class: "soft" }, say("nothing"))]
      : [el("div", { class: "wide" }, el("table", { class: `list ${name}` }, el("thead", {}, el("tr", {}, head)), el("tbody", {}, body))), count > MOST_LISTED ? el("p", { class: "soft" }, say("more")(count - MOST_LISTED)) : null]);
    const [documentHead, documentBody] = this.documentRows(documents);
    place.replaceChildren(...[
      el("h2", {}, `${say("pairs")} (${pairs.length})`), ...list("pairs", head, body, pairs.length),
      ...(this.documents.length ? [el("h2", {}, `${say("documents")} (${documents.length})`), ...list("documents", documentHead, documentBody, documents.length)] : []),
    ].filter(Boolean));
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

  documentRows(documents) {
    const columns = ["document", "documentLanguage", "sentences", "partner"];
    const reason = (name) => {
      const [, code] = /^language-(.+)$/.exec(name) ?? [];
      return code ? say("reasons").language(code) : Object.hasOwn(say("reasons"), name) && name !== "language" ? say("reasons")[name] : name;
    };
    const head = columns.map((key) => el("th", { scope: "col", class: key === "sentences" ? "number" : "" }, say(key)));
    const body = documents.slice(0, MOST_LISTED).map((document) => el("tr", {},
      [document.id, document.lang, String(document.sentences), document.partner ?? (document.reason ? el("span", { class: "soft", title: document.reason }, reason(document.reason)) : "")]
        .map((content, at) => el("td", { class: at === 2 ? "number" : at === 0 ? "name" : "", "data-label": say(columns[at]) }, content))));
    return [head, body];
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
