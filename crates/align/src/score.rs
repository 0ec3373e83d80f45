//! What is already paired: how sure each row of a bitext is, from the same evidence and weights as an alignment.

use qostil_bitext::Bead;
use qostil_text::{Document, Lang, Sentence, Span};

use crate::features::Meter;
use crate::lattice::{USUAL_ALONE, habit_of};
use crate::parameters::Feature;
use crate::scorer::Scorer;
use crate::{HABIT_ROUNDS, Resources, evidence};

/// One bead a row, in order: row `i` is the bead `i..i + 1` on both sides, its confidence the probability (0–1) that the two texts are
/// translations, against both standing alone. How common wrong rows are is estimated from the rows themselves, so give thousands at a time.
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
        bead
    };
    scores.iter().enumerate().map(bead).collect()
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
