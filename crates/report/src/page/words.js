"use strict";
// What the page says, in its two languages.

const WORDS = {
  en: {
    overview: "Overview", language: "Language of the page", documents: "Documents", pairs: "Pairs", search: "Search",
    document: "Document", partner: "Partner, or why none", sentences: "Sentences", beads: "Beads", confidence: "Confidence", mean: "mean confidence",
    agree: "agree", contradict: "contradict", none: "nothing to compare", contradictions: "Contradictions", corrected: "Corrected",
    beadsByType: "Beads by type", confidenceChart: "Confidence of two-sided beads", figuresChart: "Figures in two-sided beads",
    dotPlot: "Path through the two documents, with anchors", nothing: "Nothing here.", source: "Source", target: "Target",
    verdict: "Figures", all: "all", type: "Type", from: "from", to: "to", state: "State", judgedRight: "right", judgedWrong: "wrong",
    changed: "changed", untouched: "untouched", shown: (n, all) => `${n} of ${all} beads`, right: "Right", wrong: "Wrong", merge: "Merge with next",
    split: "Split", moveUp: "Sentence up", moveDown: "Sentence down", part: "Unpair", undo: "Undo", vecalign: "Gold (Vecalign form)", tsv: "Gold (TSV)",
    anchors: "Checked beads", help: "Keys", close: "Close", filters: "Filters", correct: "Correct", download: "Download",
    why: "Why", byHand: "corrected by hand", oneSided: "no partner", notStored: "This browser keeps no local storage: corrections are lost on reload.",
    stale: "The stored corrections do not fit this alignment and were left alone.", unit: "bead", noSentences: "This bead cannot be split: it is one sentence on each side.",
    kinds: { figure: "figure", contradiction: "contradiction", name: "name", token: "same token", word: "word", length: "length", punctuation: "punctuation", position: "position", shape: "shape", missing: "words without a partner", fixed: "fixed by hand" },
    keys: [["j ↓ / k ↑", "next, previous bead"], ["n / p", "next, previous contradiction"], ["r / w", "right, wrong"], ["m", "merge with the next bead"],
      ["s", "split before the chosen sentence"], ["Tab, Enter", "choose a sentence (or click it)"], ["[ / ]", "move the chosen sentence to the bead before, after"], ["x", "unpair: all sentences of the bead stand alone"],
      ["u", "undo"], ["/", "search"], ["Esc", "back to the overview"], ["?", "this list"]],
  },
  kk: {
    overview: "Жалпы көрініс", language: "Бет тілі", documents: "Құжаттар", pairs: "Жұптар", search: "Іздеу",
    document: "Құжат", partner: "Жұбы немесе жоқ болу себебі", sentences: "Сөйлем", beads: "Байлам", confidence: "Сенімділік", mean: "орташа сенімділік",
    agree: "сәйкес", contradict: "қайшы", none: "салыстыратын ештеңе жоқ", contradictions: "Қайшылық", corrected: "Түзетілген",
    beadsByType: "Байлам түрлері", confidenceChart: "Екіжақты байламдардың сенімділігі", figuresChart: "Екіжақты байламдардағы сандар",
    dotPlot: "Екі құжат бойымен жүрген жол мен тірек нүктелер", nothing: "Мұнда ештеңе жоқ.", source: "Түпнұсқа", target: "Аударма",
    verdict: "Сандар", all: "барлығы", type: "Түрі", from: "бастап", to: "дейін", state: "Күйі", judgedRight: "дұрыс", judgedWrong: "қате",
    changed: "өзгертілген", untouched: "қаралмаған", shown: (n, all) => `${all} байламның ${n}-і`, right: "Дұрыс", wrong: "Қате", merge: "Келесісімен біріктіру",
    split: "Бөлу", moveUp: "Сөйлемді жоғары", moveDown: "Сөйлемді төмен", part: "Ажырату", undo: "Қайтару", vecalign: "Алтын үлгі (Vecalign)", tsv: "Алтын үлгі (TSV)",
    anchors: "Тексерілген байламдар", help: "Пернелер", close: "Жабу", filters: "Сүзгі", correct: "Түзету", download: "Жүктеп алу",
    why: "Неге", byHand: "қолмен түзетілген", oneSided: "жұбы жоқ", notStored: "Бұл браузер жергілікті сақтауға рұқсат бермейді: бет жаңарса, түзетулер жоғалады.",
    stale: "Сақталған түзетулер бұл туралауға сай келмеді, сондықтан қолданылмады.", unit: "байлам", noSentences: "Бұл байлам бөлінбейді: екі жағында да бір ғана сөйлем бар.",
    kinds: { figure: "сан", contradiction: "қайшылық", name: "есім", token: "бірдей таңба", word: "сөз", length: "ұзындық", punctuation: "тыныс белгісі", position: "орны", shape: "құрылымы", missing: "сыңары жоқ сөздер", fixed: "қолмен бекітілген" },
    keys: [["j ↓ / k ↑", "келесі, алдыңғы байлам"], ["n / p", "келесі, алдыңғы қайшылық"], ["r / w", "дұрыс, қате"], ["m", "келесі байламмен біріктіру"],
      ["s", "таңдалған сөйлемнің алдынан бөлу"], ["Tab, Enter", "сөйлемді таңдау (не басу)"], ["[ / ]", "таңдалған сөйлемді алдыңғы, келесі байламға көшіру"], ["x", "ажырату: байламның әр сөйлемі жеке тұрады"],
      ["u", "қайтару"], ["/", "іздеу"], ["Esc", "жалпы көрініске оралу"], ["?", "осы тізім"]],
  },
};

/** What one browser remembers of this page; without local storage nothing, and the page says so. */
const store = {
  prefix: "",
  works: true,
  get(key) {
    try { return localStorage.getItem(this.prefix + key); } catch { this.works = false; return null; }
  },
  set(key, value) {
    try { localStorage.setItem(this.prefix + key, value); } catch { this.works = false; }
  },
};

let language = "en";
const say = (key) => WORDS[language][key];

/** An element with properties and children; strings become text nodes, so text can never become markup. */
function el(name, properties, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (key === "class") node.className = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value != null) node.setAttribute(key, value);
  }
  node.append(...children.flat().filter((child) => child != null));
  return node;
}
