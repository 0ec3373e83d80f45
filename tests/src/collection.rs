//! Collections made up from templates: translations, documents without a partner, and reports of the same events with
//! other figures, which are no translations though they share every name.

use std::fs;
use std::io;
use std::path::Path;

const TEMPLATES: &str = include_str!("../cases/corpus/templates.tsv");

/// Languages of the templates, in the order of their columns.
const LANGS: [&str; 3] = ["kk", "en", "ru"];

const NAMES: [[&str; 3]; 16] = [
    ["Асан Үсенов", "Asan Usenov", "Асан Усенов"],
    ["Бейбіт Исаев", "Beibit Issayev", "Бейбит Исаев"],
    ["Гүлнар Сәрсенова", "Gulnar Sarsenova", "Гульнар Сарсенова"],
    ["Дәурен Қасымов", "Dauren Kassymov", "Даурен Касымов"],
    ["Ержан Жұмабаев", "Yerzhan Zhumabayev", "Ержан Жумабаев"],
    ["Жанар Төлегенова", "Zhanar Tolegenova", "Жанар Тулегенова"],
    ["Зарина Омарова", "Zarina Omarova", "Зарина Омарова"],
    ["Қайрат Нұрланов", "Kairat Nurlanov", "Кайрат Нурланов"],
    ["Ләззат Бекова", "Lyazzat Bekova", "Ляззат Бекова"],
    ["Марат Сүлейменов", "Marat Suleimenov", "Марат Сулейменов"],
    ["Нұрлан Әбдіров", "Nurlan Abdirov", "Нурлан Абдиров"],
    ["Олжас Смағұлов", "Olzhas Smagulov", "Олжас Смагулов"],
    ["Роза Тілеуова", "Roza Tileuova", "Роза Тлеуова"],
    ["Серік Оразов", "Serik Orazov", "Серик Оразов"],
    ["Талғат Есімов", "Talgat Yessimov", "Талгат Есимов"],
    ["Шолпан Мұратова", "Sholpan Muratova", "Шолпан Муратова"],
];

const PLACES: [[&str; 3]; 14] = [
    ["Алматы", "Almaty", "Алматы"],
    ["Қарағанды", "Karaganda", "Караганда"],
    ["Шымкент", "Shymkent", "Шымкент"],
    ["Ақтөбе", "Aktobe", "Актобе"],
    ["Тараз", "Taraz", "Тараз"],
    ["Павлодар", "Pavlodar", "Павлодар"],
    ["Семей", "Semey", "Семей"],
    ["Атырау", "Atyrau", "Атырау"],
    ["Қостанай", "Kostanay", "Костанай"],
    ["Талдықорған", "Taldykorgan", "Талдыкорган"],
    ["Балқаш", "Balkhash", "Балхаш"],
    ["Текелі", "Tekeli", "Текели"],
    ["Зайсан", "Zaisan", "Зайсан"],
    ["Маңғыстау", "Mangystau", "Мангистау"],
];

/// A small generator of random numbers, the same on every machine (SplitMix64).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Begins at `seed`.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of `0..bound`; 0 when `bound` is 0.
    pub const fn below(&mut self, bound: usize) -> usize {
        if bound == 0 {
            0
        } else {
            (self.next() % bound as u64) as usize
        }
    }

    /// True in so many of a hundred cases.
    pub const fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }
}

/// What a collection is made of.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// Pairs of translations.
    pub pairs: usize,
    /// Documents of each language that tell of the same event as some pair, with other figures.
    pub same_event: usize,
    /// Documents of each language without any partner.
    pub alone: usize,
    /// Sentences a document has on average.
    pub sentences: usize,
    /// Facts that a sentence tells: with one it has some 57 bytes, with three it is as long as in the news.
    pub facts: usize,
    /// Sentences of a hundred that one side lacks.
    pub dropped: usize,
    /// Where the random numbers begin.
    pub seed: u64,
}

impl Recipe {
    /// What is usual: two thirds of the documents of each side are pairs, a quarter tell of the same events with other figures,
    /// the rest stand alone.
    pub const fn usual(documents: usize, sentences: usize, seed: u64) -> Self {
        Self {
            pairs: documents * 2 / 3,
            same_event: documents / 4,
            alone: documents - documents * 2 / 3 - documents / 4,
            sentences,
            facts: 1,
            dropped: 8,
            seed,
        }
    }
}

/// A document of a made-up collection.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its file name, which tells nothing.
    pub name: String,
    /// `kk`, `en` or `ru`.
    pub lang: &'static str,
    /// Its text.
    pub text: String,
}

/// A made-up collection.
#[derive(Clone, Debug, Default)]
pub struct Collection {
    /// All documents, in no order that tells anything.
    pub documents: Vec<Document>,
    /// Names of the documents of each pair, in the order of their languages.
    pub pairs: Vec<(String, String)>,
}

/// A sentence with its figures: the number of its template, and a seed for what fills the slots.
#[derive(Clone, Copy)]
pub(crate) struct Fact {
    template: usize,
    figures: u64,
    names: u64,
}

impl Collection {
    /// Makes a Kazakh and English collection; the same recipe makes the same one.
    pub fn new(recipe: Recipe) -> Self {
        let mut random = Random::new(recipe.seed);
        let mut out = Self::default();
        let mut events = Vec::new();
        for _ in 0..recipe.pairs {
            let event = event(&mut random, recipe.sentences * recipe.facts);
            let [kk, en] =
                ["kk", "en"].map(|lang| out.push(lang, &told(&event, recipe, &mut random), &mut random));
            out.pairs.push((kk, en));
            events.push(event);
        }
        for number in 0..recipe.same_event {
            for lang in ["kk", "en"] {
                let Some(event) = events.get(number % events.len().max(1)) else {
                    break;
                };
                let other: Vec<Fact> = event
                    .iter()
                    .map(|fact| fact.with_figures(random.next()))
                    .collect();
                out.push(lang, &told(&other, recipe, &mut random), &mut random);
            }
        }
        for _ in 0..recipe.alone {
            for lang in ["kk", "en"] {
                let event = event(&mut random, recipe.sentences * recipe.facts);
                out.push(lang, &sentences(&event, recipe.facts), &mut random);
            }
        }
        out.documents.sort_by(|a, b| a.name.cmp(&b.name));
        out
    }

    fn push(&mut self, lang: &'static str, sentences: &[&[Fact]], random: &mut Random) -> String {
        let name = format!("{:016x}.txt", random.next());
        let mut text = String::new();
        for (number, facts) in sentences.iter().enumerate() {
            if number > 0 {
                text.push(if number % 4 == 0 { '\n' } else { ' ' });
            }
            for (at, fact) in facts.iter().enumerate() {
                if at > 0 {
                    text.truncate(text.trim_end_matches('.').len());
                    text.push_str(" – ");
                }
                text.push_str(&fact.say(lang));
            }
        }
        text.push('\n');
        self.add(lang, name, text)
    }

    /// Adds a document under the name `name`, which it returns.
    pub(crate) fn add(&mut self, lang: &'static str, name: String, text: String) -> String {
        self.documents.push(Document {
            name: name.clone(),
            lang,
            text,
        });
        name
    }

    /// Writes each document as a file into `folder`.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        self.documents
            .iter()
            .try_for_each(|document| fs::write(folder.join(&document.name), &document.text))
    }
}

fn templates() -> Vec<[&'static str; 3]> {
    TEMPLATES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split('\t').collect::<Vec<_>>().try_into().ok())
        .collect()
}

pub(crate) fn event(random: &mut Random, sentences: usize) -> Vec<Fact> {
    let count = sentences / 2 + random.below(sentences + 1);
    let (templates, names) = (templates().len(), random.next());
    (0..count.max(2))
        .map(|_| Fact {
            template: random.below(templates),
            figures: random.next(),
            names,
        })
        .collect()
}

/// An event sentence by sentence.
fn sentences(event: &[Fact], facts: usize) -> Vec<&[Fact]> {
    event.chunks(facts.max(1)).collect()
}

/// What one side tells of an event.
fn told<'e>(event: &'e [Fact], recipe: Recipe, random: &mut Random) -> Vec<&'e [Fact]> {
    let all = sentences(event, recipe.facts);
    let mut kept = all.clone();
    kept.retain(|_| !random.percent(recipe.dropped));
    if kept.is_empty() { all } else { kept }
}

impl Fact {
    pub(crate) const fn with_figures(self, figures: u64) -> Self {
        Self { figures, ..self }
    }

    pub(crate) fn say(self, lang: &str) -> String {
        let templates = templates();
        let column = LANGS.iter().position(|one| *one == lang).unwrap_or(0);
        let (mut figures, mut names) = (
            Random::new(self.figures),
            Random::new(self.names ^ (self.template as u64 % 3)),
        );
        let whole = [9, 90, 900, 9000, 90_000][figures.below(5)];
        let number = 2 + figures.below(whole);
        let decimal = (1 + figures.below(60), 1 + figures.below(9));
        let (percent, year) = (3 + figures.below(90), 1970 + figures.below(58));
        let (name, place) = (NAMES[names.below(NAMES.len())], PLACES[names.below(PLACES.len())]);
        let (thousands, point) = if lang == "en" { (",", ".") } else { (" ", ",") };
        templates[self.template % templates.len()][column]
            .replace("{n}", &grouped(number, thousands))
            .replace("{d}", &format!("{}{point}{}", decimal.0, decimal.1))
            .replace("{p}", &percent.to_string())
            .replace("{y}", &year.to_string())
            .replace("{name}", name[column])
            .replace("{place}", place[column])
    }
}

/// A number with a separator between thousands, from 10 000 on.
fn grouped(number: usize, separator: &str) -> String {
    if number < 10_000 {
        number.to_string()
    } else {
        format!("{}{separator}{:03}", number / 1000, number % 1000)
    }
}
