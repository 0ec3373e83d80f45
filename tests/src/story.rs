//! Collections of documents made out of stories that are told in two languages: translations, and documents that are none
//! though they come near one.

use crate::collection::{Collection, Fact, Random, event};

/// What a pair of documents says, line by line in both languages; a line that one side lacks is empty there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story {
    /// Its languages.
    pub langs: [&'static str; 2],
    /// Its lines.
    pub lines: Vec<[String; 2]>,
}

/// What makes a document that is no translation out of one that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Every number in digits is another.
    Figures,
    /// Every other line with numbers has other ones.
    SomeFigures,
    /// The numbers are the same, and stand elsewhere.
    MovedFigures,
    /// Every name is another.
    Names,
    /// Only the even lines, and in the document beside it only the odd ones: one event from another angle.
    OtherHalf,
}

impl Story {
    /// So many stories of about so many sentences each, out of templates.
    pub fn made_up(langs: [&'static str; 2], count: usize, sentences: usize, seed: u64) -> Vec<Self> {
        let mut random = Random::new(seed);
        (0..count)
            .map(|_| Self::told(langs, &event(&mut random, sentences)))
            .collect()
    }

    /// One report that comes out so many times, each time with other figures.
    pub fn reports(langs: [&'static str; 2], count: usize, sentences: usize, seed: u64) -> Vec<Self> {
        let mut random = Random::new(seed);
        let first = event(&mut random, sentences);
        (0..count)
            .map(|_| {
                let facts: Vec<Fact> = first
                    .iter()
                    .map(|fact| fact.with_figures(random.next()))
                    .collect();
                Self::told(langs, &facts)
            })
            .collect()
    }

    fn told(langs: [&'static str; 2], facts: &[Fact]) -> Self {
        let say = |fact: &Fact| langs.map(|lang| fact.say(lang));
        Self {
            langs,
            lines: facts.iter().map(say).collect(),
        }
    }

    /// Passages of so many lines out of `stories`, each with figures of its own, the same on both sides: any two of one place
    /// differ in nothing else. Only passages with numbers in three lines or more are taken.
    pub fn passages(stories: &[Self], count: usize, lines: usize, seed: u64) -> Vec<Self> {
        let mut random = Random::new(seed);
        let has_figures = |lines: &[[String; 2]]| lines.iter().filter(|line| has_digit(&line[1])).count() > 2;
        let places: Vec<(usize, usize)> = stories
            .iter()
            .enumerate()
            .flat_map(|(number, story)| {
                let starts = 0..=story.lines.len().saturating_sub(lines);
                starts.map(move |start| (number, start))
            })
            .filter(|&(number, start)| {
                let end = stories[number].lines.len().min(start + lines);
                has_figures(&stories[number].lines[start..end])
            })
            .collect();
        if places.is_empty() {
            return Vec::new();
        }
        (0..count)
            .map(|_| {
                let (number, start) = places[random.below(places.len())];
                let (story, seed) = (&stories[number], random.next());
                let passage = story.lines.iter().skip(start).take(lines);
                let other = |line: &[String; 2]| line.each_ref().map(|text| other_figures(text, seed));
                Self {
                    langs: story.langs,
                    lines: passage.map(other).collect(),
                }
            })
            .collect()
    }

    /// At most `most` pieces of `lines` lines out of each story.
    pub fn pieces(stories: &[Self], lines: usize, most: usize) -> Vec<Self> {
        let of_one = |story: &Self| -> Vec<Self> {
            let chunks: Vec<_> = story.lines.chunks_exact(lines).collect();
            let step = chunks.len().div_ceil(most).max(1);
            let piece = |chunk: &&[[String; 2]]| Self {
                langs: story.langs,
                lines: chunk.to_vec(),
            };
            chunks.iter().step_by(step).map(piece).collect()
        };
        stories.iter().flat_map(of_one).collect()
    }

    /// Stories one after the other, so many in each.
    pub fn joined(stories: &[Self], count: usize) -> Vec<Self> {
        let join = |group: &[Self]| Self {
            langs: group[0].langs,
            lines: group.iter().flat_map(|story| story.lines.clone()).collect(),
        };
        stories.chunks(count.max(1)).map(join).collect()
    }

    /// Takes lines away from each side, so many of a hundred, and puts three of another story's in.
    #[must_use]
    pub fn worn(&self, lost: usize, other: &Self, random: &mut Random) -> Self {
        let mut lines = self.lines.clone();
        for line in &mut lines {
            for text in line {
                if random.percent(lost) {
                    text.clear();
                }
            }
        }
        for side in [0, 0, 0, 1, 1, 1] {
            let foreign = &other.lines[random.below(other.lines.len())][side];
            let mut line = [String::new(), String::new()];
            line[side].clone_from(foreign);
            lines.insert(random.below(lines.len() + 1), line);
        }
        Self { lines, ..*self }
    }

    /// The text of a side, one line of it a line.
    pub fn side(&self, side: usize) -> String {
        let lines = self.lines.iter().map(|line| line[side].as_str());
        let mut text = lines
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join("\n");
        text.push('\n');
        text
    }

    /// The text of a side with something about it changed, so that it is no translation of the other side any more; `None`
    /// where there is too little of it to change.
    fn changed(&self, side: usize, change: Change, random: &mut Random) -> Option<String> {
        let (text, seed) = (self.side(side), random.next());
        let with_figures = text.lines().filter(|line| has_digit(line)).count();
        let changed = match change {
            Change::Figures => other_figures(&text, seed),
            Change::SomeFigures => {
                let mut nth = 0;
                let lines = text.lines().map(|line| {
                    nth += usize::from(has_digit(line));
                    if nth % 2 == 1 {
                        other_figures(line, seed)
                    } else {
                        line.to_owned()
                    }
                });
                lines.collect::<Vec<_>>().join("\n")
            }
            Change::MovedFigures => moved_figures(&text),
            Change::Names => other_names(&text, seed, self.langs[side] == "en")?,
            Change::OtherHalf => {
                let lines = self.lines.iter().skip(1).step_by(2);
                lines
                    .map(|line| line[side].as_str())
                    .collect::<Vec<_>>()
                    .join("\n")
            }
        };
        (matches!(change, Change::Names | Change::OtherHalf) || with_figures > 3).then_some(changed)
    }
}

impl Collection {
    /// Both documents of each story, under names that tell nothing, but of every eighth the one and of every eighth the other.
    pub fn translations(stories: &[Story], seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut out = Self::default();
        for (number, story) in stories.iter().enumerate() {
            let names = [0, 1].map(|side| {
                let name = any_name(&mut random);
                let is_kept = number % 8 != [3, 6][side];
                is_kept.then(|| out.add(story.langs[side], name, story.side(side)))
            });
            if let [Some(src), Some(tgt)] = names {
                out.pairs.push((src, tgt));
            }
        }
        out.sorted()
    }

    /// As [`Self::translations`], with a changed document beside each story. Every second story has it on one side besides its own two documents;
    /// of the others it stands in the place of one of these, so that nothing there is a translation.
    pub fn beside(stories: &[Story], change: Change, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut out = Self::default();
        for (number, story) in stories.iter().enumerate() {
            let side = number / 2 % 2;
            let Some(changed) = story.changed(side, change, &mut random) else {
                continue;
            };
            let whole = match change {
                Change::OtherHalf => Story {
                    lines: story.lines.iter().step_by(2).cloned().collect(),
                    ..*story
                },
                _ => story.clone(),
            };
            let name = any_name(&mut random);
            out.add(story.langs[side], name, changed);
            let mut add = |side: usize| {
                let name = any_name(&mut random);
                out.add(story.langs[side], name, whole.side(side))
            };
            let other = add(1 - side);
            if number % 2 == 0 {
                let own = add(side);
                out.pairs
                    .push(if side == 0 { (own, other) } else { (other, own) });
            }
        }
        out.sorted()
    }

    /// Each story with two versions of one side, one of them with the two lines at its end that the other lacks. Every second time the other side
    /// has them too.
    pub fn versions(stories: &[Story], seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut out = Self::default();
        for (number, story) in stories.iter().enumerate() {
            let short = Story {
                lines: story.lines[..story.lines.len().saturating_sub(2)].to_vec(),
                ..*story
            };
            let (side, is_long) = (number / 2 % 2, number % 2 == 0);
            let mut add = |side: usize, story: &Story| {
                let name = any_name(&mut random);
                out.add(story.langs[side], name, story.side(side))
            };
            let versions = [add(side, &short), add(side, story)];
            let other = add(1 - side, if is_long { story } else { &short });
            let own = versions[usize::from(is_long)].clone();
            out.pairs
                .push(if side == 0 { (own, other) } else { (other, own) });
        }
        out.sorted()
    }

    /// Puts lines before and after every document: what the site says on every page, in each language.
    #[must_use]
    pub fn with_furniture(mut self) -> Self {
        for document in &mut self.documents {
            let (head, foot) = match document.lang {
                "kk" => (KAZAKH_HEAD, KAZAKH_FOOT),
                "ru" => (RUSSIAN_HEAD, RUSSIAN_FOOT),
                _ => (ENGLISH_HEAD, ENGLISH_FOOT),
            };
            document.text = format!("{head}\n{}{foot}\n", document.text);
        }
        self
    }

    fn sorted(mut self) -> Self {
        self.documents.sort_by(|a, b| a.name.cmp(&b.name));
        self
    }
}

const KAZAKH_HEAD: &str = "Жетісу шұғыласы газеті 1931 жылдан бері шығады\nТаралымы 14 250 дана, аптасына 3 рет жарық көреді\nБас редактор Қуаныш Серікұлы Бектенов";
const KAZAKH_FOOT: &str = "Редакция мекенжайы: Талдықорған қаласы, Абай көшесі, 287-үй, 4-қабат\nЖарнама бөлімінің телефоны 8 7282 24 17 36, дүйсенбіден жұмаға дейін сағат 9-дан 18-ге дейін\nМатериалдарды көшіріп басу үшін редакцияның жазбаша рұқсаты керек";
const ENGLISH_HEAD: &str = "The Morning Herald of the eastern counties has been printed since 1874\nDaily circulation of 61,300 copies, 6 days a week\nEdited by Margaret Holloway";
const ENGLISH_FOOT: &str = "Our office is at 45 Quay Street, second floor, next to the old corn exchange\nTo place an advertisement call 01632 960 871 between 8.30 and 17.30 on working days\nNothing on these pages may be copied without written permission of the publisher";
const RUSSIAN_HEAD: &str = "Газета «Степной курьер» выходит с 1952 года\nТираж 9 800 экземпляров, 2 раза в неделю\nГлавный редактор Виталий Громов";
const RUSSIAN_FOOT: &str = "Адрес редакции: проспект Мира, 112, офис 305\nТелефон отдела рекламы 8 7232 55 43 19, с 10 до 19 часов\nПерепечатка материалов только с письменного согласия редакции";

fn any_name(random: &mut Random) -> String {
    format!("{:016x}.txt", random.next())
}

fn has_digit(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

/// A text with every run of digits replaced by what `number` makes of it.
fn with_numbers(text: &str, mut number: impl FnMut(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
        out.push_str(before);
        out.push_str(&number(&from[..end]));
        rest = &from[end..];
    }
    out.push_str(rest);
    out
}

/// A text with another number for every number, of as many digits; the same for the same number and seed, years for years.
fn other_figures(text: &str, seed: u64) -> String {
    with_numbers(text, |run| {
        let hash = run.bytes().fold(seed, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut random = Random::new(hash);
        let is_year = run.len() == 4 && (run.starts_with("19") || run.starts_with("20"));
        let kept = if is_year { 2 } else { 0 };
        let digits = run.bytes().enumerate().map(|(at, digit)| {
            let other = (digit - b'0') as usize + 1 + random.below(9);
            match at {
                _ if at < kept => digit,
                0 => b'1' + ((digit.max(b'1') - b'1') as usize + 1 + random.below(8)) as u8 % 9,
                _ => b'0' + (other % 10) as u8,
            }
        });
        digits.map(char::from).collect()
    })
}

/// A text in which every number stands where another stood.
fn moved_figures(text: &str) -> String {
    let mut runs = Vec::new();
    with_numbers(text, |run| {
        runs.push(run.to_owned());
        String::new()
    });
    let mut at = runs.len() / 2;
    with_numbers(text, |_| {
        at += 1;
        runs[at % runs.len()].clone()
    })
}

/// A text with another name for every word that is written with a capital inside a sentence; `None` when there are fewer than three.
/// What a name ends in is not kept.
fn other_names(text: &str, seed: u64, latin: bool) -> Option<String> {
    let is_letter = |c: char| c.is_alphabetic() || c == '-' || c == '’';
    let mut names = Vec::new();
    let mut out = String::with_capacity(text.len());
    let mut before = '\n';
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphabetic) {
        let (gap, from) = rest.split_at(start);
        let end = from.find(|c| !is_letter(c)).unwrap_or(from.len());
        let word = &from[..end];
        before = gap
            .trim_end_matches([' ', '"', '«', '“', '('])
            .chars()
            .last()
            .unwrap_or(if gap.is_empty() { before } else { 'a' });
        let is_inside = before.is_alphanumeric() || before == ',';
        out.push_str(gap);
        if is_inside && word.chars().count() > 2 && word.starts_with(char::is_uppercase) {
            out.push_str(&name(word, seed, latin));
            if !names.contains(&word) {
                names.push(word);
            }
        } else {
            out.push_str(word);
        }
        before = 'a';
        rest = &from[end..];
    }
    out.push_str(rest);
    (names.len() > 2).then_some(out)
}

/// A name that stands for another: the same for words that begin alike.
fn name(word: &str, seed: u64, latin: bool) -> String {
    const LATIN: [&str; 16] = [
        "ba", "do", "ri", "ke", "mu", "sha", "ven", "tor", "lin", "gar", "po", "zel", "hu", "fi", "nor",
        "das",
    ];
    const CYRILLIC: [&str; 16] = [
        "ба", "до", "ри", "ке", "му", "ша", "вен", "тор", "лин", "гар", "по", "зел", "ху", "фи", "нор", "дас",
    ];
    let syllables = if latin { LATIN } else { CYRILLIC };
    let hash = word.chars().take(4).fold(seed, |hash, c| {
        (hash ^ u64::from(c)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut random = Random::new(hash);
    let mut name = String::new();
    for _ in 0..2 + random.below(2) {
        name.push_str(syllables[random.below(syllables.len())]);
    }
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_others_and_the_same_on_both_sides() {
        let text = "2,6 трлн теңге, 2018 жылы 105-ке, 2,6";
        let other = other_figures(text, 3);
        assert_ne!(other, text);
        assert!(other.contains(" 20"), "{other}");
        assert_eq!(
            other_figures("2.6 trillion", 3).split(' ').next(),
            Some(&*other[..3].replace(',', "."))
        );
        assert_eq!(moved_figures("1 a 2 b 3 c"), "3 a 1 b 2 c");
    }

    #[test]
    fn names_inside_sentences_are_others() {
        let other = other_names("Today Anna met Boris in Paris. Then he left.", 1, true).unwrap();
        let words: Vec<&str> = other.split(' ').collect();
        assert_eq!([words[0], words[2], words[4]], ["Today", "met", "in"]);
        assert!(
            !other.contains("Anna") && !other.contains("Boris") && other.ends_with("Then he left."),
            "{other}"
        );
        assert_eq!(other_names("Nobody came.", 1, true), None);
    }
}
