//! Documents with known faults, made of any 1–1 bitext, so that an aligner can be tried on the texts it is meant for.

use qostil_bitext::IndexBead;

use crate::random::Random;

/// How much of each fault; rates are probabilities (0–1) per sentence and side unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoiseSettings {
    /// Neighbours joined into one line, on one side: 2-1 or 1-2, sometimes 3-1 or 1-3. Per sentence.
    pub merge: f64,
    /// Lines cut in two, on one side, at a comma or between words. Per sentence.
    pub split: f64,
    /// Sentences left out.
    pub delete: f64,
    /// Sentences put in that come from elsewhere in the bitext.
    pub insert: f64,
    /// Sections of 3 to 8 sentences that stand elsewhere on the target side. Per sentence.
    pub moved: f64,
    /// The same seed gives the same documents.
    pub seed: u64,
}

impl NoiseSettings {
    /// About what news sites do to each other's texts, with the sections in their places.
    pub const USUAL: Self = Self {
        merge: 0.08,
        split: 0.03,
        delete: 0.1,
        insert: 0.08,
        moved: 0.0,
        seed: 1,
    };
}

impl Default for NoiseSettings {
    fn default() -> Self {
        Self::USUAL
    }
}

/// Two documents, one sentence a line, and which lines belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noisy {
    /// Source lines.
    pub src: Vec<String>,
    /// Target lines.
    pub tgt: Vec<String>,
    /// Gold: every line in exactly one bead. Monotone unless sections were moved.
    pub beads: Vec<IndexBead>,
}

/// Lines of both sides that belong together.
type Piece = [Vec<String>; 2];

/// Makes noisy documents of the pairs of one document; `foreign` is where inserted sentences come from.
///
/// ```
/// use qostil_eval::{NoiseSettings, noise};
/// let pairs: Vec<_> = (0..50).map(|n| (format!("Сөйлем {n}."), format!("Sentence {n}."))).collect();
/// let noisy = noise(&pairs, &pairs, &NoiseSettings::default());
/// let placed: usize = noisy.beads.iter().map(|bead| bead.src.len()).sum();
/// assert_eq!(placed, noisy.src.len());
/// ```
pub fn noise(pairs: &[(String, String)], foreign: &[(String, String)], settings: &NoiseSettings) -> Noisy {
    let mut random = Random::new(settings.seed);
    let mut pieces = merged(pairs, settings, &mut random);
    for piece in &mut pieces {
        if piece.iter().all(|side| side.len() == 1) {
            worn(piece, settings, &mut random);
        }
    }
    pieces.retain(|piece| piece.iter().any(|side| !side.is_empty()));
    let pieces = with_foreign(pieces, foreign, settings, &mut random);
    let order = moved(pieces.len(), settings, &mut random);
    laid_out(pieces, &order)
}

/// Joins neighbours on one side.
fn merged(pairs: &[(String, String)], settings: &NoiseSettings, random: &mut Random) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(pairs.len());
    let mut rest = pairs;
    while let Some((first, others)) = rest.split_first() {
        let wanted = if random.chance(settings.merge) {
            1 + usize::from(random.chance(0.2))
        } else {
            0
        };
        let (joined, after) = others.split_at(wanted.min(others.len()));
        rest = after;
        let run = || std::iter::once(first).chain(joined);
        let mut piece: Piece = [
            run().map(|p| p.0.clone()).collect(),
            run().map(|p| p.1.clone()).collect(),
        ];
        if !joined.is_empty() {
            let side = &mut piece[random.below(2)];
            *side = vec![side.join(" ")];
        }
        pieces.push(piece);
    }
    pieces
}

/// Leaves out or cuts a side of a 1–1 piece.
fn worn(piece: &mut Piece, settings: &NoiseSettings, random: &mut Random) {
    for side in piece.iter_mut() {
        if random.chance(settings.delete) {
            side.clear();
        }
    }
    if piece.iter().all(|side| side.len() == 1) && random.chance(settings.split) {
        let side = &mut piece[random.below(2)];
        if let Some((head, tail)) = side.first().and_then(|line| cut(line)) {
            *side = vec![head, tail];
        }
    }
}

/// A line in two, at the comma, semicolon, colon or dash nearest to its middle, else at a space.
fn cut(line: &str) -> Option<(String, String)> {
    let middle = line.len() / 2;
    let spaces = || line.match_indices(' ').map(|(at, _)| at);
    let is_clause = |at: &usize| {
        line.get(..*at)
            .is_some_and(|head| head.ends_with([',', ';', ':', '–', '—']))
    };
    let nearest = |at: &usize| at.abs_diff(middle);
    let at = spaces()
        .filter(is_clause)
        .min_by_key(nearest)
        .or_else(|| spaces().min_by_key(nearest))?;
    let (head, tail) = line.split_at(at);
    let (head, tail) = (head.trim(), tail.trim());
    (!head.is_empty() && !tail.is_empty()).then(|| (head.to_owned(), tail.to_owned()))
}

/// Puts sentences without a partner between the pieces.
fn with_foreign(
    pieces: Vec<Piece>,
    foreign: &[(String, String)],
    settings: &NoiseSettings,
    random: &mut Random,
) -> Vec<Piece> {
    let mut out = Vec::with_capacity(pieces.len());
    for piece in pieces {
        for side in 0..2 {
            if random.chance(settings.insert)
                && let Some((src, tgt)) = foreign.get(random.below(foreign.len()))
            {
                let mut alone: Piece = Default::default();
                alone[side].push(if side == 0 { src.clone() } else { tgt.clone() });
                out.push(alone);
            }
        }
        out.push(piece);
    }
    out
}

/// The order of the target side: runs of 3 to 8 pieces change places with what follows them.
fn moved(count: usize, settings: &NoiseSettings, random: &mut Random) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut at = 0;
    while at < count {
        if random.chance(settings.moved) {
            let (length, distance) = (3 + random.below(6), 3 + random.below(20));
            let end = (at + length + distance).min(count);
            if let Some(part) = order.get_mut(at..end).filter(|part| part.len() > length) {
                part.rotate_left(length);
            }
            at = end;
        } else {
            at += 1;
        }
    }
    order
}

/// Numbers the lines: source lines in the order of the pieces, target lines in `order`.
fn laid_out(pieces: Vec<Piece>, order: &[usize]) -> Noisy {
    let mut first = vec![0; pieces.len()];
    let mut noisy = Noisy::default();
    for &piece in order {
        first[piece] = noisy.tgt.len();
        noisy.tgt.extend(pieces[piece][1].iter().cloned());
    }
    for (piece, at) in pieces.into_iter().zip(first) {
        let [src, tgt] = piece;
        let src_numbers: Vec<usize> = (noisy.src.len()..noisy.src.len() + src.len()).collect();
        let tgt_numbers: Vec<usize> = (at..at + tgt.len()).collect();
        noisy.src.extend(src);
        noisy.beads.push(IndexBead {
            src: src_numbers,
            tgt: tgt_numbers,
        });
    }
    noisy
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(count: usize) -> Vec<(String, String)> {
        (0..count)
            .map(|n| {
                (
                    format!("Бірінші {n}, екінші бөлік."),
                    format!("First {n}, second part."),
                )
            })
            .collect()
    }

    #[test]
    fn nothing_asked_is_nothing_changed() {
        let none = NoiseSettings {
            merge: 0.0,
            split: 0.0,
            delete: 0.0,
            insert: 0.0,
            moved: 0.0,
            seed: 7,
        };
        let noisy = noise(&pairs(20), &pairs(20), &none);
        assert!(
            noisy
                .beads
                .iter()
                .enumerate()
                .all(|(at, b)| b.src == [at] && b.tgt == [at])
        );
    }

    #[test]
    fn gold_holds_every_line_once_and_its_pairs_belong_together() {
        let settings = NoiseSettings {
            moved: 0.02,
            ..NoiseSettings::default()
        };
        let noisy = noise(&pairs(500), &pairs(500), &settings);
        let mut seen = [vec![0; noisy.src.len()], vec![0; noisy.tgt.len()]];
        let numbers = |text: &str| {
            text.split(|c: char| !c.is_ascii_digit())
                .filter(|n| !n.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let mut kinds = std::collections::BTreeSet::new();
        for bead in &noisy.beads {
            bead.src.iter().for_each(|i| seen[0][*i] += 1);
            bead.tgt.iter().for_each(|j| seen[1][*j] += 1);
            kinds.insert(bead.kind().to_string());
            if bead.is_pair() {
                let src: Vec<_> = bead.src.iter().flat_map(|i| numbers(&noisy.src[*i])).collect();
                let tgt: Vec<_> = bead.tgt.iter().flat_map(|j| numbers(&noisy.tgt[*j])).collect();
                assert_eq!(src, tgt);
            }
        }
        assert!(seen.iter().flatten().all(|count| *count == 1));
        for kind in ["1-1", "2-1", "1-2", "1-0", "0-1", "3-1"] {
            assert!(kinds.contains(kind), "{kind} is not among {kinds:?}");
        }
        let firsts: Vec<usize> = noisy
            .beads
            .iter()
            .filter_map(|b| b.tgt.first().copied())
            .collect();
        assert!(!firsts.is_sorted(), "sections were moved");
    }
}
