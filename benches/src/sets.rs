//! Documents with gold beads: the development sets in `../shared/bench` and those of `tests/cases/align`.

use std::collections::BTreeSet;
use std::ops::{AddAssign, Range};
use std::path::Path;

use qostil_align::{Parameters, Resources, align_documents};
use qostil_bitext::IndexBead;
use qostil_eval::{Counts, Judgement, NoiseSettings, noise};
use qostil_lexicon::Lexicon;
use qostil_text::{Document, Lang};

/// The names of the sets: those in `../shared/bench`, `mixed` which is made of `clean`, and `cases` of the project itself.
pub const SETS: [&str; 6] = ["clean", "noisy", "heavy", "long", "mixed", "cases"];

/// Noise as in `noisy` and `heavy`, drawn six times each.
pub const DRAWN: [&str; 2] = ["noisy drawn", "heavy drawn"];

/// Documents are held out in so many turns.
pub const FOLDS: usize = 5;

/// A set of documents; empty where it is not there.
pub fn set(bench: &Path, name: &str) -> Vec<Pair> {
    let drawn = |merge, split, delete, insert, seeds| {
        let rates = Rates {
            merge,
            split,
            delete,
            insert,
        };
        drawn(&load(&bench.join("clean")), &rates, seeds)
    };
    match name {
        "mixed" => drawn(0.15, 0.03, 0.2, 0.15, 1..4),
        "noisy drawn" => drawn(0.08, 0.0, 0.1, 0.08, 4..10),
        "heavy drawn" => drawn(0.0, 0.0, 0.3, 0.2, 10..16),
        "cases" => cases(),
        _ => load(&bench.join(name)),
    }
}

/// Two documents with their gold.
pub struct Pair {
    /// Of both.
    pub name: String,
    /// The turn in which it is held out.
    pub fold: usize,
    /// The source.
    pub src: Document,
    /// The target.
    pub tgt: Document,
    /// Beads with two sides; every other sentence stands alone.
    pub gold: Vec<(Range<usize>, Range<usize>)>,
}

impl Pair {
    /// The gold with the sentences that stand alone.
    pub fn whole_gold(&self) -> Vec<IndexBead> {
        let pairs = self.gold.iter().map(|(s, t)| IndexBead {
            src: s.clone().collect(),
            tgt: t.clone().collect(),
        });
        let mut beads: Vec<IndexBead> = pairs.collect();
        let alone = |count: usize, side: fn(&IndexBead) -> &Vec<usize>| -> Vec<usize> {
            let paired: BTreeSet<usize> = beads.iter().flat_map(side).copied().collect();
            (0..count).filter(|number| !paired.contains(number)).collect()
        };
        let src = alone(self.src.sentences.len(), |bead| &bead.src);
        let tgt = alone(self.tgt.sentences.len(), |bead| &bead.tgt);
        beads.extend(src.into_iter().map(|number| IndexBead {
            src: vec![number],
            tgt: Vec::new(),
        }));
        beads.extend(tgt.into_iter().map(|number| IndexBead {
            src: Vec::new(),
            tgt: vec![number],
        }));
        beads
    }
}

/// Languages that files may be named by; the source's stands before the target's.
const LANGUAGES: [&str; 4] = ["kk", "ru", "en", "de"];

/// Every `NAME.gold.txt` of a folder with the two documents beside it, `NAME.LANG.txt`.
fn load(folder: &Path) -> Vec<Pair> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let files = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = files
        .filter_map(|file| Some(file.strip_suffix(".gold.txt")?.to_owned()))
        .collect();
    names.sort();
    let pair = |(at, name): (usize, String)| {
        let mut sides = LANGUAGES.iter().filter_map(|lang| {
            let text = std::fs::read_to_string(folder.join(format!("{name}.{lang}.txt"))).ok()?;
            Some(Document::from_lines(*lang, lang.parse().ok()?, text))
        });
        let gold = std::fs::read_to_string(folder.join(format!("{name}.gold.txt"))).ok()?;
        Some(Pair {
            fold: at % FOLDS,
            src: sides.next()?,
            tgt: sides.next()?,
            gold: gold.lines().filter_map(parse).collect(),
            name,
        })
    };
    names.into_iter().enumerate().filter_map(pair).collect()
}

/// The project's own documents of many domains and several pairs of languages, with the beads of their translators.
fn cases() -> Vec<Pair> {
    load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases/align"))
}

/// The seed lexicons of the pairs of languages met.
#[derive(Default)]
pub struct Lexicons(Vec<(Lang, Lang, Lexicon)>);

impl Lexicons {
    /// Of these documents.
    pub fn of(&mut self, pair: &Pair) -> &Lexicon {
        let langs = (pair.src.lang, pair.tgt.lang);
        let at = self.0.iter().position(|(src, tgt, _)| (*src, *tgt) == langs);
        let at = at.unwrap_or_else(|| {
            self.0.push((langs.0, langs.1, Lexicon::seed(langs.0, langs.1)));
            self.0.len() - 1
        });
        &self.0[at].2
    }
}

/// A bead of Vecalign's form when it has two sides.
fn parse(line: &str) -> Option<(Range<usize>, Range<usize>)> {
    let mut sides = line.split("]:").map(|side| {
        let numbers: Vec<usize> = side
            .trim_matches(['[', ']', ' '])
            .split(',')
            .filter_map(|n| n.trim().parse().ok())
            .collect();
        Some(*numbers.first()?..numbers.last()? + 1)
    });
    Some((sides.next()??, sides.next()??))
}

/// Shares of places at which the noise generator joins lines, cuts one, leaves one out and puts a foreign one in.
struct Rates {
    merge: f64,
    split: f64,
    delete: f64,
    insert: f64,
}

/// Documents made of clean ones, each once a seed. [`DRAWN`] sets have the rates that `../shared/bench` names for `noisy` and `heavy`, in many draws, since
/// errors of one draw are few; nothing is learnt from them. `mixed` has much deleted, foreign lines inserted, *and* lines merged, so that forbidding merges
/// cannot win.
fn drawn(clean: &[Pair], rates: &Rates, seeds: Range<u64>) -> Vec<Pair> {
    let settings = |seed| NoiseSettings {
        merge: rates.merge,
        split: rates.split,
        delete: rates.delete,
        insert: rates.insert,
        moved: 0.0,
        seed,
    };
    let line = |document: &Document, at: usize| document.sentence_text(at).into_owned();
    let draw = |seed| {
        clean.iter().enumerate().map(move |(index, pair)| {
            let pairs: Vec<(String, String)> = pair
                .gold
                .iter()
                .map(|(s, t)| (line(&pair.src, s.start), line(&pair.tgt, t.start)))
                .collect();
            // lines of two other documents, so that no pair is put in
            let foreign = [
                &clean[(index + 7) % clean.len()].src,
                &clean[(index + 19) % clean.len()].tgt,
            ];
            let lines = foreign.map(|document| (0..document.sentences.len()).map(|at| line(document, at)));
            let [kk, en] = lines;
            let foreign: Vec<(String, String)> = kk.zip(en).collect();
            let noisy = noise(&pairs, &foreign, &settings(seed * 1000 + index as u64));
            let range = |numbers: &[usize]| Some(*numbers.first()?..*numbers.last()? + 1);
            Pair {
                name: format!("{} {seed}", pair.name),
                fold: pair.fold,
                src: Document::from_lines("kk", Lang::Kazakh, noisy.src.join("\n")),
                tgt: Document::from_lines("en", Lang::English, noisy.tgt.join("\n")),
                gold: noisy
                    .beads
                    .iter()
                    .filter_map(|bead| Some((range(&bead.src)?, range(&bead.tgt)?)))
                    .collect(),
            }
        })
    };
    seeds.flat_map(draw).collect()
}

/// What a set came to: counts of its documents together, and the confidence of two-sided beads with whether they are right.
#[derive(Default)]
pub struct Scored {
    /// Of its documents together.
    pub counts: Counts,
    /// Of beads with two sides.
    pub judged: Vec<Judgement>,
}

impl AddAssign for Scored {
    fn add_assign(&mut self, other: Self) {
        self.counts += &other.counts;
        self.judged.extend(other.judged);
    }
}

/// Aligns a set, each pair of documents with the parameters it is given, and counts.
pub fn score<'p>(pairs: &'p [Pair], parameters: impl Fn(&'p Pair) -> Parameters) -> Scored {
    let mut lexicons = Lexicons::default();
    let mut scored = Scored::default();
    for pair in pairs {
        let resources = Resources {
            parameters: &parameters(pair),
            lexicon: lexicons.of(pair),
        };
        let beads = align_documents(&pair.src, &pair.tgt, &resources).beads;
        let predicted: Vec<IndexBead> = beads.iter().map(IndexBead::from).collect();
        let gold = pair.whole_gold();
        scored.counts += &Counts::new(&predicted, &gold);
        let right: BTreeSet<&IndexBead> = gold.iter().collect();
        let sure = beads.iter().zip(&predicted).filter(|(_, index)| index.is_pair());
        scored
            .judged
            .extend(sure.map(|(bead, index)| (bead.confidence, right.contains(index))));
    }
    scored
}
