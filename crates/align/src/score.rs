//! What is already paired: how sure each row of a bitext is, from the same evidence and weights as an alignment.

use qostil_bitext::Bead;
use qostil_split::{identify, is_in_other_script};
use qostil_text::{Document, Lang, Sentence, Span, fold};

use crate::features::Meter;
use crate::lattice::{USUAL_ALONE, habit_of};
use crate::parameters::Feature;
use crate::scorer::Scorer;
use crate::{HABIT_ROUNDS, Resources, evidence};

/// One bead a row, in order: row `i` is the bead `i..i + 1` on both sides, its confidence the probability (0–1) that the two texts are
/// translations, against both standing alone, and that each is in the language of its side: a text copied in place of a translation has all that it says on
/// both. How common wrong rows are is estimated from the rows themselves, so give thousands at a time.
/// Spans in the evidence are bytes of the row's own texts. Linear in the rows.
///
/// ```
/// use qostil_align::{Parameters, Resources, score_rows};
/// use qostil_lexicon::Lexicon;
/// use qostil_text::Lang;
///
/// let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
/// let resources = Resources { parameters: &Parameters::default(), lexicon: &lexicon };
/// let rows = [("Биыл 23 мектеп салынды.", "This year 23 schools were built."), ("Биыл 23 мектеп салынды.", "He went home.")];
/// let beads = score_rows(&rows, (Lang::Kazakh, Lang::English), &resources);
/// assert!(beads[0].confidence > beads[1].confidence);
/// ```
pub fn score_rows(rows: &[(&str, &str)], (src, tgt): (Lang, Lang), resources: &Resources<'_>) -> Vec<Bead> {
    let documents = (
        document(src, rows.iter().map(|row| row.0)),
        document(tgt, rows.iter().map(|row| row.1)),
    );
    let parameters = resources.parameters;
    let meter = Meter::of_rows(&documents.0, &documents.1, resources);
    let mut scores = vec![f64::NEG_INFINITY; rows.len()];
    Scorer::new(&meter, &parameters.weights).each(1, |(i, j), _, _, score| {
        if i == j {
            scores[i - 1] = f64::from(score); // a grid point of the band, and so a row
        }
    });
    let weight = |feature: Feature| f64::from(parameters.weights[feature as usize]);
    let alone = weight(Feature::NullOpen) + weight(Feature::NullCross) + weight(Feature::NullExtend);
    let mut usual = 0.0;
    let confidence = |score: f64, usual: f64| 1.0 / (1.0 + (alone + usual - score).exp());
    for _ in 0..HABIT_ROUNDS {
        let wrong: f64 = scores.iter().map(|&score| 1.0 - confidence(score, usual)).sum();
        usual =
            2.0 * weight(Feature::NullHabit) * habit_of(2.0 * wrong, 2.0 * rows.len() as f64, USUAL_ALONE);
    }
    let foreign = Foreign::of(rows, src, tgt);
    let bead = |(row, &score): (usize, &f64)| {
        let mut bead = evidence::bead(
            &meter,
            (&documents.0, &documents.1),
            row..row + 1,
            row..row + 1,
            confidence(score, usual),
            parameters,
        );
        let starts = [&documents.0, &documents.1].map(|d| d.sentences[row].span.start);
        for item in &mut bead.evidence {
            let own = |span: Span, start: usize| Span::new(span.start - start, span.end - start);
            item.src = item.src.map(|span| own(span, starts[0]));
            item.tgt = item.tgt.map(|span| own(span, starts[1]));
        }
        for side in 0..2 {
            let Some((other, nats)) = foreign.nats(side, row) else {
                continue;
            };
            bead.confidence *= nats.exp();
            evidence::add_language(&mut bead, side, other, nats);
        }
        bead
    };
    scores.iter().enumerate().map(bead).collect()
}

/// Texts that may be in another language than that of their side.
struct Foreign {
    /// By side, of each row: the language that it rather is in, and the odds of that before any text is seen.
    found: [Vec<Option<(Lang, f64)>>; 2],
    /// What share of the texts are.
    share: f64,
}

/// Before any is seen one text in a hundred is in another language, and that is worth as many texts.
const FOREIGN: f64 = 0.01;
const FOREIGN_KNOWN_FROM: f64 = 100.0;
/// However sure the language of a text looks, it is not surer; nor where it has fewer letters than tell a language, as names and titles have.
const SUREST_ODDS: f64 = 1e6;
const SUREST_ODDS_OF_FEW: f64 = 20.0;
const TELLING_LETTERS: usize = 40;

impl Foreign {
    fn of(rows: &[(&str, &str)], src: Lang, tgt: Lang) -> Self {
        let is_kazakh = |lang| matches!(lang, Lang::Kazakh | Lang::KazakhLatin);
        let other = |text: &str, said: Lang| {
            let found = identify(text);
            let other = found.other_than(said, 0.5)?;
            let letters = text.chars().filter(|&c| fold::is_letter(c)).take(TELLING_LETTERS);
            let surest = if letters.count() < TELLING_LETTERS {
                SUREST_ODDS_OF_FEW
            } else {
                SUREST_ODDS
            };
            let odds = if is_in_other_script(text, said) {
                SUREST_ODDS
            } else {
                (found.confidence / (1.0 - found.confidence)).min(surest)
            };
            (!is_kazakh(other) || !is_kazakh(said)).then_some((other, odds))
        };
        let mut found = [Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len())];
        for &(of_src, of_tgt) in rows {
            let sides = match src != tgt && fold::bare(of_src).eq(fold::bare(of_tgt)) {
                true if fold::is_copy(of_src, of_tgt) => copied(of_src, src),
                true => [None, None], // names and addresses are in no language
                false => [other(of_src, src), other(of_tgt, tgt)],
            };
            for (found, side) in found.iter_mut().zip(sides) {
                found.push(side);
            }
        }
        let mut foreign = Self {
            found,
            share: FOREIGN,
        };
        for _ in 0..HABIT_ROUNDS {
            let all = foreign.found.iter().flatten().flatten();
            let expected: f64 = all.map(|(_, odds)| 1.0 - foreign.own(*odds)).sum();
            let texts = 2.0 * rows.len() as f64;
            foreign.share = (expected + FOREIGN * FOREIGN_KNOWN_FROM) / (texts + FOREIGN_KNOWN_FROM);
        }
        foreign
    }

    /// The probability that a text with such odds is in the language of its side all the same.
    fn own(&self, odds: f64) -> f64 {
        (1.0 - self.share) / (1.0 - self.share + odds * self.share)
    }

    /// The language that the text of a row's side is in instead, and the log-probability (nats, below 0) that it is in its own.
    fn nats(&self, side: usize, row: usize) -> Option<(Lang, f64)> {
        let (lang, odds) = self.found[side][row]?;
        Some((lang, self.own(odds).ln()))
    }
}

/// Of a text that stands on both sides, on which side it is foreign.
fn copied(text: &str, src: Lang) -> [Option<(Lang, f64)>; 2] {
    match identify(text).lang {
        lang if lang == src => [None, Some((src, SUREST_ODDS))],
        lang => [Some((lang, SUREST_ODDS)), None],
    }
}

/// The texts of one side as sentences of a document.
fn document<'t>(lang: Lang, texts: impl Iterator<Item = &'t str>) -> Document {
    let mut out = Document {
        lang,
        ..Document::default()
    };
    for text in texts {
        let start = out.text.len();
        out.text.push_str(text);
        out.sentences
            .push(Sentence::new(Span::new(start, out.text.len()), 0));
        out.text.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use qostil_bitext::describe;
    use qostil_lexicon::Lexicon;
    use qostil_text::Lang;

    use super::score_rows;
    use crate::{Parameters, Resources};

    #[test]
    fn a_copy_is_no_translation_and_a_name_no_copy() {
        let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
        let resources = Resources {
            parameters: &Parameters::default(),
            lexicon: &lexicon,
        };
        let rows = [
            (
                "Биыл ауылда 23 мектеп салынды.",
                "This year 23 schools were built in the villages.",
            ),
            (
                "This year 23 schools were built in the villages.",
                "This year 23 schools were built in the villages.",
            ),
            ("Биыл ауылда 23 мектеп салынды.", "Биыл ауылда 23 мектеп салынды."),
            ("HBO Max", "HBO Max"),
            (
                "https://www.example.kz/kz/article/1234",
                "https://www.example.kz/kz/article/1234",
            ),
            ("Windows 11 Home Edition", "Windows 11 Home Edition"),
            (
                "Apple Inc. және Google LLC мәмілеге қол қойды.",
                "Apple Inc. және Google LLC мәмілеге қол қойды!",
            ),
            (
                "Университет ректоры профессор Иванов",
                "University rector Professor Ivanov",
            ),
        ];
        let beads = score_rows(&rows, (Lang::Kazakh, Lang::English), &resources);
        let said = |row: usize| describe(&beads[row].evidence, 20);
        for row in [1, 2, 6] {
            assert!(
                beads[row].confidence < 0.05,
                "{}: {}",
                beads[row].confidence,
                said(row)
            );
        }
        assert!(said(1).contains("language en"), "{}", said(1));
        assert!(said(2).contains("language kk"), "{}", said(2));
        for row in [0, 3, 4, 5, 7] {
            assert!(
                beads[row].confidence > 0.5,
                "{}: {}",
                beads[row].confidence,
                said(row)
            );
        }
    }
}
