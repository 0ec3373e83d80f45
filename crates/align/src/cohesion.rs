//! Whether a sentence belongs to its document, as its words tell: what a text speaks of it speaks of again, and a line that came in from elsewhere does not.

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::analysis::Analysis;
use crate::links::{NEAR, TOO_COMMON};
use crate::lists::Lists;

/// How many times the odds of a word to come again are those of a word in a text that is not its own: of the words of the development set's lines, function
/// words apart, 0.47 do, of those of lines that were put in 0.17. Odds, not shares, since where nearly all words come again, as in forms and lists, those of
/// other lines do as well: one that does not is never more than this ratio against its line.
const AT_HOME: f32 = 4.3;
/// Words of a sentence come again together, so that each says less than alone: the slope of a logistic regression over those lines.
const TOGETHER: f32 = 0.65;
/// Odds of a line from elsewhere before its words are looked at.
const ELSEWHERE: f32 = 0.15;
/// Before a document is seen one word of three comes again.
const BEFORE: (f32, f32) = (1.0, 3.0);

/// Of every sentence the log-probability (nats, at most 0) that it belongs to its document, by how many of its words, function words apart, stand in
/// another sentence near it. Linear in the tokens.
pub(crate) fn cohesion(document: &Analysis) -> Vec<f32> {
    let (words, distinct) = words(document);
    let of = |sentence: usize| words.of(sentence as u32);
    // in how many of the sentences near each word stands
    let mut counts = vec![0_u32; distinct];
    let mut near = 0..0;
    let again: Vec<(f32, f32)> = (0..document.len())
        .map(|sentence| {
            for entering in near.end..(sentence + NEAR + 1).min(document.len()) {
                of(entering).iter().for_each(|&word| counts[word as usize] += 1);
                near.end = entering + 1;
            }
            for leaving in near.start..sentence.saturating_sub(NEAR) {
                of(leaving).iter().for_each(|&word| counts[word as usize] -= 1); // it entered before
                near.start = leaving + 1;
            }
            let most = (TOO_COMMON * near.len() as f32).max(2.0) as u32;
            let counts = of(sentence).iter().map(|&word| counts[word as usize]);
            let telling = counts.filter(|&count| count <= most);
            telling.fold((0.0, 0.0), |(again, all), count| {
                (again + f32::from(u8::from(count > 1)), all + 1.0)
            })
        })
        .collect();
    let (met, all) = again
        .iter()
        .fold(BEFORE, |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let share = met / all;
    let elsewhere = share / (share + AT_HOME * (1.0 - share));
    let (when_met, when_not) = ((share / elsewhere).ln(), ((1.0 - share) / (1.0 - elsewhere)).ln());
    let belongs = |(met, all): &(f32, f32)| {
        let says = TOGETHER * (met * when_met + (all - met) * when_not);
        -(ELSEWHERE * (-says).exp()).ln_1p()
    };
    again.iter().map(belongs).collect()
}

/// The words of each sentence, each once, numbered so that forms of one word share a number; and how many there are.
fn words(document: &Analysis) -> (Lists<u32>, usize) {
    let mut numbers = FxHashMap::with_capacity_and_hasher(document.types.len(), FxBuildHasher);
    let of_type: Vec<Option<u32>> = (document.types.iter())
        .map(|token| {
            let next = numbers.len() as u32;
            token.stem().map(|stem| *numbers.entry(stem).or_insert(next))
        })
        .collect();
    let (mut words, mut here) = (Lists::default(), Vec::new());
    // of each word, the last sentence in which it was met, counted from one
    let mut last = vec![0; numbers.len()];
    for sentence in 0..document.len() {
        here.clear();
        for token in document.tokens_of(sentence) {
            if let Some(word) = of_type[token.kind as usize]
                && last[word as usize] <= sentence
            {
                last[word as usize] = sentence + 1;
                here.push(word);
            }
        }
        words.push(&here);
    }
    (words, numbers.len())
}

#[cfg(test)]
mod tests {
    use qostil_lexicon::Lexicon;
    use qostil_text::{Document, Lang};

    use super::cohesion;
    use crate::analysis::Analysis;
    use crate::figures::read;

    #[test]
    fn a_line_from_elsewhere_belongs_least() {
        let en = "The mine in Karaganda was closed after the fire.\nThe fire broke out in the mine at night.\nMiners of Karaganda asked why the mine had no alarm.\nGrandmaster Ivanchuk offered a draw on move thirty.\nThe alarm of the mine had been silent during the fire.";
        let en = Document::from_lines("en", Lang::English, en.into());
        let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
        let (_, analysis) = Analysis::of_pair(read(&en), read(&en), &lexicon);
        let belongs = cohesion(&analysis);
        assert!(belongs.iter().all(|&nats| nats < 0.0), "{belongs:?}");
        let least = (0..belongs.len()).min_by(|&a, &b| belongs[a].total_cmp(&belongs[b]));
        assert_eq!(least, Some(3), "{belongs:?}");
    }

    #[test]
    fn where_all_words_come_again_a_line_of_new_ones_is_not_ruled_out() {
        let mut lines: Vec<String> = ["teacher", "farmer", "doctor", "soldier"]
            .iter()
            .flat_map(|who| ["horse", "window", "letter", "boat", "clock"].map(|what| (who, what)))
            .map(|(who, what)| format!("Yesterday the {who} sold the {what} near the village market."))
            .collect();
        lines.push("Perhaps because everything here may be touched.".into());
        let en = Document::from_lines("en", Lang::English, lines.join("\n"));
        let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
        let (_, analysis) = Analysis::of_pair(read(&en), read(&en), &lexicon);
        let belongs = cohesion(&analysis);
        let new = belongs[lines.len() - 1];
        assert!((-2.5..-0.5).contains(&new), "{belongs:?}");
    }

    #[test]
    fn a_document_without_words_says_nothing_odd() {
        let empty = Document::from_lines("en", Lang::English, "\n\n12\n".into());
        let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
        let (analysis, _) = Analysis::of_pair(read(&empty), read(&empty), &lexicon);
        let belongs = cohesion(&analysis);
        assert!(belongs.windows(2).all(|two| two[0] == two[1]), "{belongs:?}");
    }
}
