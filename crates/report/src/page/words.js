"use strict";
// What the page says, in its two languages.

const WORDS = {
  en: {
    overview: "Overview", language: "Language of the page", documents: "Documents", pairs: "Pairs", search: "Search",
    document: "Document", documentLanguage: "Language", partner: "Partner, or why none", sentences: "Sentences", beads: "Beads", twoSided: "two-sided beads", confidence: "Confidence", mean: "Mean confidence",
    agree: "agree", contradict: "contradict", agreeing: "Figures agree", none: "nothing to compare", contradictions: "Contradictions", doubtful: "Doubtful", corrected: "Corrected",
    about: "A bead is a run of sentences and its translation; its confidence is the probability that it is right. Doubtful: below 0.80.",
    beadsByType: "Beads by type", confidenceChart: "Confidence of two-sided beads", figuresChart: "Figures in two-sided beads",
    dotPlot: "Path and anchors", nothing: "Nothing here.", more: (n) => `… and ${n} more: search for them.`, source: "Source", target: "Target",
    verdict: "Figures", all: "all", type: "Type", from: "from", to: "to", state: "State", judgedRight: "right", judgedWrong: "wrong",
    changed: "changed", untouched: "untouched", shown: (n, all) => `${n} of ${all} beads`, right: "Right", wrong: "Wrong", merge: "Merge with next",
    split: "Split", moveUp: "Sentence up", moveDown: "Sentence down", part: "Unpair", undo: "Undo", nextDoubt: "Next doubtful", map: "Charts",
    vecalign: "Gold (Vecalign)", tsv: "Gold (TSV)", anchors: "Checked beads",
    vecalignHint: "The corrected alignment as sentence numbers, for qostil eval", tsvHint: "The corrected alignment with texts and spans, for qostil eval and qostil convert",
    anchorsHint: "Only beads that were judged right or changed, for qostil align --anchors", nats: "Numbers: how much it speaks for the bead (+) or against it (−), in nats",
    help: "Help", close: "Close", filters: "Filters", correct: "Correct", byHand: "corrected by hand", oneSided: "no partner",
    notStored: "This browser keeps no local storage: corrections are lost on reload.", stale: "The stored corrections do not fit this alignment and were left alone.",
    kinds: { figure: "figure", contradiction: "contradiction", name: "name", token: "same token", word: "word" },
    speaks: {
      length: ["lengths fit", "lengths do not fit"], punctuation: ["punctuation alike", "punctuation differs"], position: ["in the same place", "in another place"],
      shape: ["one to one", "sentences joined or left alone"], missing: ["hardly a word without a partner", "words without a partner"], fixed: ["fixed by hand", "fixed by hand"],
      moved: ["partner elsewhere", "partner elsewhere"], cohesion: ["words its document uses again", "words its document does not use again"],
      language: ["in another language", "in another language"],
    },
    reasons: { "not-a-translation": "the likeliest partner is no translation", "no-candidate": "no document is like it", "partner-taken": "its likeliest partner belongs to another", "partner-unusable": "the given partner cannot be used", empty: "empty", other: (code) => `another language: ${code}` },
    keys: [["j ↓ / k ↑", "next, previous bead"], ["d / e", "next, previous doubtful bead that was not judged"], ["n / p", "next, previous contradiction"], ["r / w", "right, wrong"], ["m", "merge with the next bead"],
      ["s", "split before the chosen sentence"], ["Tab, Enter", "choose a sentence (or click it)"], ["[ / ]", "move the chosen sentence to the bead before, after"], ["x", "unpair: all sentences of the bead stand alone"],
      ["u", "undo"], ["c", "charts of this pair"], ["/", "search"], ["Home / End", "first, last bead"], ["Esc", "back to the overview"], ["?", "this list"]],
  },
  kk: {
    overview: "Жалпы көрініс", language: "Бет тілі", documents: "Құжаттар", pairs: "Жұптар", search: "Іздеу",
    document: "Құжат", documentLanguage: "Тілі", partner: "Сыңары немесе оның болмау себебі", sentences: "Сөйлем", beads: "Байлам", twoSided: "екіжақты байлам", confidence: "Сенімділік", mean: "Орташа сенімділік",
    agree: "сәйкес", contradict: "қайшы", agreeing: "Сандары сәйкес", none: "салыстыратын сан жоқ", contradictions: "Қайшылық", doubtful: "Күмәнді", corrected: "Түзетілген",
    about: "Байлам – қатар тұрған сөйлемдер мен олардың аудармасы; сенімділік – оның дұрыс болу ықтималдығы. Күмәнді: 0,80-ден төмен.",
    beadsByType: "Байлам түрлері", confidenceChart: "Екіжақты байламдар сенімділігі", figuresChart: "Екіжақты байламдардағы сандар",
    dotPlot: "Сәйкестік жолы мен тіректер", nothing: "Мұнда ештеңе жоқ.", more: (n) => `… тағы ${n}: іздеу арқылы табыңыз.`, source: "Түпнұсқа", target: "Аударма",
    verdict: "Сандар", all: "барлығы", type: "Түрі", from: "ең азы", to: "ең көбі", state: "Күйі", judgedRight: "дұрыс", judgedWrong: "қате",
    changed: "өзгертілген", untouched: "қаралмаған", shown: (n, all) => `Байлам: ${n} / ${all}`, right: "Дұрыс", wrong: "Қате", merge: "Келесісімен біріктіру",
    split: "Бөлу", moveUp: "Сөйлемді жоғары", moveDown: "Сөйлемді төмен", part: "Ажырату", undo: "Болдырмау", nextDoubt: "Келесі күмәнді", map: "Диаграммалар",
    vecalign: "Эталон (Vecalign)", tsv: "Эталон (TSV)", anchors: "Тексерілгендер",
    vecalignHint: "Түзетілген туралау, сөйлем нөмірлерімен: qostil eval үшін", tsvHint: "Түзетілген туралау, мәтіндері және орындарымен: qostil eval мен qostil convert үшін",
    anchorsHint: "Тек дұрыс деп белгіленген не өзгертілген байламдар: qostil align --anchors үшін", nats: "Сандар: байламды қаншалықты қуаттайды (+) не жоққа шығарады (−), натпен",
    help: "Анықтама", close: "Жабу", filters: "Сүзгі", correct: "Түзету", byHand: "қолмен түзетілген", oneSided: "сыңары жоқ",
    notStored: "Бұл браузер жергілікті сақтауға рұқсат бермейді: бет жаңарса, түзетулер жоғалады.", stale: "Сақталған түзетулер бұл туралауға сай келмеді, сондықтан қолданылмады.",
    kinds: { figure: "сан", contradiction: "қайшылық", name: "есім", token: "бірдей жазылған", word: "сөз" },
    speaks: {
      length: ["ұзындығы сай", "ұзындығы сай емес"], punctuation: ["тыныс белгілері ұқсас", "тыныс белгілері басқаша"], position: ["орны сәйкес", "орны басқа"],
      shape: ["бірге-бір", "сөйлемдер біріккен не жалғыз қалған"], missing: ["сыңарсыз сөз жоққа жуық", "сыңары жоқ сөздер"], fixed: ["қолмен бекітілген", "қолмен бекітілген"],
      moved: ["сыңары басқа жерде", "сыңары басқа жерде"], cohesion: ["құжатта қайталанатын сөздер", "құжатта қайталанбайтын сөздер"],
      language: ["басқа тілде", "басқа тілде"],
    },
    reasons: { "not-a-translation": "ең ұқсас құжат аудармасы емес", "no-candidate": "ұқсас құжат жоқ", "partner-taken": "ең ұқсас құжат басқасының сыңары", "partner-unusable": "көрсетілген сыңары жарамсыз", empty: "бос", other: (code) => `басқа тіл: ${code}` },
    keys: [["j ↓ / k ↑", "келесі, алдыңғы байлам"], ["d / e", "келесі, алдыңғы қаралмаған күмәнді байлам"], ["n / p", "келесі, алдыңғы қайшылық"], ["r / w", "дұрыс, қате"], ["m", "келесі байламмен біріктіру"],
      ["s", "таңдалған сөйлемнің алдынан бөлу"], ["Tab, Enter", "сөйлемді таңдау (не басу)"], ["[ / ]", "таңдалған сөйлемді алдыңғы, келесі байламға көшіру"], ["x", "ажырату: байламның әр сөйлемі жеке тұрады"],
      ["u", "болдырмау"], ["c", "осы жұптың диаграммалары"], ["/", "іздеу"], ["Home / End", "бірінші, соңғы байлам"], ["Esc", "жалпы көрініске оралу"], ["?", "осы тізім"]],
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
