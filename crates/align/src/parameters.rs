//! What the aligner believes before it sees the documents: few numbers, each named, with its origin in `data/align/parameters.toml`.

use qostil_text::Lang;
use serde::{Deserialize, Serialize};

use crate::links::Tie;

/// How often a token of each kind finds a partner in the right sentence (probability, 0–1).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reliability {
    /// A word that a lexicon knows.
    pub word: f32,
    /// A verb that a lexicon knows.
    pub verb: f32,
    /// A function word that a lexicon knows.
    pub function: f32,
    /// A name.
    pub name: f32,
    /// A token in Latin letters on both sides.
    pub latin: f32,
    /// A figure.
    pub figure: f32,
}

impl Reliability {
    pub(crate) const fn of(&self, tie: Tie) -> f32 {
        match tie {
            Tie::Word => self.word,
            Tie::Verb => self.verb,
            Tie::Function => self.function,
            Tie::Name => self.name,
            Tie::Latin => self.latin,
            Tie::Figure => self.figure,
        }
    }
}

/// Lengths of translations: `ln(target characters / source characters)` is near a normal distribution whose variance is `spread² + per_char / characters`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Length {
    /// Standard deviation that does not shrink with length.
    pub spread: f32,
    /// Variance times characters of the shorter side.
    pub per_char: f32,
    /// `ln` of the length of a Russian text beside its Kazakh translation.
    pub russian: f32,
    /// `ln` of the length of an English text beside its Kazakh translation.
    pub english: f32,
    /// Standard deviation of the mean from document to document.
    pub between: f32,
}

impl Length {
    /// Mean of `ln(target / source)` for a pair of languages, before the documents are seen.
    pub(crate) fn usual(&self, src: Lang, tgt: Lang) -> f32 {
        let relative = |lang| match lang {
            Lang::Russian => self.russian,
            Lang::English => self.english,
            _ => 0.0,
        };
        relative(tgt) - relative(src)
    }
}

macro_rules! features {
    ($($(#[doc = $doc:literal])* $name:ident),* $(,)?) => {
        /// What is measured of a bead; the score of a bead is the sum of its features times their weights.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(usize)]
        pub enum Feature { $($(#[doc = $doc])* $name),* }

        impl Feature {
            /// All features, in order.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name in the parameter file.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }
        }
    };
}

features! {
    /// 1 for every bead with two sides.
    Pair,
    /// 1 for 1-2 and 2-1.
    Merge2,
    /// 1 for 1-3 and 3-1.
    Merge3,
    /// 1 for 1-4 and 4-1.
    Merge4,
    /// 1 for 2-2.
    Cross,
    /// 1 for 2-3 and 3-2.
    Cross3,
    /// Log-likelihood ratio of matched words, nats, mean of the two sides.
    Word,
    /// The same of names and Latin tokens, which are mostly names.
    Name,
    /// The same of figures.
    Figure,
    /// Log-likelihood ratio of words whose partners stand near but not here, nats (at most 0), mean of the two sides.
    WordAbsent,
    /// The same of words that have no partner near.
    WordLacking,
    /// The same of all names and Latin tokens without a partner.
    NameAbsent,
    /// The same of figures.
    FigureAbsent,
    /// Log-probability that the sentences belong to their documents, by their words that stand there again, nats (at most 0), sum of both sides.
    Cohesion,
    /// Log-likelihood ratio of the lengths, nats.
    Length,
    /// How many more sentences one side holds than the other by the splitter's count, at most 3, times how much such counts tell in these
    /// documents (0–1): a line given may hold several, but where none does, all that a translator joined is odd.
    SentencesOdd,
    /// 1 when both sides ask.
    Question,
    /// 1 when one side asks.
    QuestionOdd,
    /// 1 when both sides hold quotation marks.
    Quotes,
    /// 1 when one side holds quotation marks.
    QuotesOdd,
    /// 1 when both sides open or both close with a quotation mark.
    QuoteEdges,
    /// 1 when both sides hold brackets, a colon or an exclamation mark: the number of these three.
    OtherMarks,
    /// The number of these three that only one side holds.
    OtherMarksOdd,
    /// Log-likelihood ratio of the ends of the sides: a headline, which nothing ends, is one in translation too, nats.
    Ending,
    /// 1 when a paragraph ends inside a side.
    Break,
    /// 1 when nothing matches.
    Unmatched,
    /// Sentences of a side with several that match nothing.
    Idle,
    /// 1 for a one-sided run.
    NullOpen,
    /// 1 for every further sentence of a one-sided run.
    NullExtend,
    /// 1 where a one-sided run of the source meets one of the target.
    NullCross,
    /// For every bead of several sentences on a side: how much commoner such beads are in these documents than usual, as a difference of log-odds.
    MergeHabit,
    /// For every sentence alone: how much commoner such sentences are in these documents than usual, as a difference of log-odds.
    NullHabit,
}

impl Feature {
    /// Its weight before any document is seen: that of a log-likelihood ratio is 1 by its meaning; the more sentences a
    /// bead joins, the rarer it is, and a paragraph seldom ends inside one.
    pub const fn prior(self) -> f32 {
        match self {
            Self::Word
            | Self::Name
            | Self::Figure
            | Self::WordAbsent
            | Self::NameAbsent
            | Self::FigureAbsent
            | Self::WordLacking
            | Self::Length
            | Self::Ending
            | Self::Cohesion
            | Self::MergeHabit
            | Self::NullHabit => 1.0,
            Self::Break => -1.0,
            Self::Merge2 => -1.0,
            Self::Merge3 => -1.5,
            Self::Merge4 | Self::Cross => -3.0,
            Self::Cross3 => -4.0,
            _ => 0.0,
        }
    }
}

/// The number of features.
pub const FEATURES: usize = Feature::ALL.len();

/// A weight per feature.
pub type Weights = [f32; FEATURES];

/// All that the aligner believes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameters {
    /// Reliability of each kind of token.
    pub reliability: Reliability,
    /// The length model.
    pub length: Length,
    /// Weights of the features.
    pub weights: Weights,
}

/// The head of the parameter file: where the numbers are from.
const ORIGIN: &str = "\
# What the aligner believes before it sees documents; read by qostil-align (crates/align/src/parameters.rs says what each name means).
# Reliabilities: rounded shares of tokens in gold beads that found a partner, as the command below prints them.
# Length: variance of ln(target / source) over one-to-one lines against their length, and its mean, on the clean development set.
# Weights: conditional maximum likelihood with a normal prior around `Feature::prior`, on the noisy (also joined to longer documents), heavy and mixed
# development sets and on the project's own documents of other domains (tests/cases/align), made by
#   cargo run --release -p qostil-benches --bin fit -- fit ../shared/bench > data/align/parameters.toml
# which also prints what a five-fold cross-validation over documents says. `Break` is the prior's: those documents have no paragraphs.

";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    reliability: Reliability,
    length: Length,
    weights: std::collections::BTreeMap<String, f32>,
}

impl Parameters {
    /// Reads the form of `data/align/parameters.toml`.
    ///
    /// # Errors
    /// What the TOML reader says, or a missing or unknown weight.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
        let mut weights = [0.0; FEATURES];
        for (at, feature) in Feature::ALL.iter().enumerate() {
            weights[at] = *file
                .weights
                .get(feature.name())
                .ok_or_else(|| format!("weight `{}` is missing", feature.name()))?;
        }
        if let Some(unknown) = file
            .weights
            .keys()
            .find(|name| Feature::ALL.iter().all(|f| f.name() != name.as_str()))
        {
            return Err(format!("`{unknown}` is no feature"));
        }
        Ok(Self {
            reliability: file.reliability,
            length: file.length,
            weights,
        })
    }

    /// Writes the form of `data/align/parameters.toml`, features in order.
    pub fn to_toml(&self) -> String {
        use std::fmt::Write;
        let mut out = String::from(ORIGIN);
        let (r, l) = (&self.reliability, &self.length);
        let _ = writeln!(
            out,
            "[reliability]\nword = {}\nverb = {}\nfunction = {}\nname = {}\nlatin = {}\nfigure = {}\n",
            r.word, r.verb, r.function, r.name, r.latin, r.figure
        );
        let _ = writeln!(
            out,
            "[length]\nspread = {}\nper_char = {}\nrussian = {}\nenglish = {}\nbetween = {}\n\n[weights]",
            l.spread, l.per_char, l.russian, l.english, l.between
        );
        for (feature, weight) in Feature::ALL.iter().zip(self.weights) {
            let _ = writeln!(out, "{} = {weight:.4}", feature.name());
        }
        out
    }
}

impl Default for Parameters {
    /// The shipped parameters.
    fn default() -> Self {
        static SHIPPED: std::sync::LazyLock<Parameters> = std::sync::LazyLock::new(|| {
            // cannot fail: a test reads the shipped file
            Parameters::from_toml(qostil_data::align::PARAMETERS)
                .unwrap_or_else(|cause| unreachable!("{cause}"))
        });
        *SHIPPED
    }
}
