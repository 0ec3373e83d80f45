//! The settings of `run` and `pair`: what a profile says, changed by a TOML file, changed by the command line.

use std::path::{Path, PathBuf};

use anyhow::Context;
use qostil_corpus::{BoilerplateSettings, FilterSettings, Profile, ReadingSettings, Rule, RunSettings};
use qostil_lexicon::Lexicon;
use qostil_text::Lang;
use serde::{Deserialize, Serialize};

use crate::commands::LexiconArgs;
use crate::exit::Usage;
use crate::lang::two_langs;

/// Everything that decides what comes of the same inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct Config {
    /// The pair of languages, `kk-en`.
    pub(crate) pair: String,
    /// What `filters` are before any of them is changed.
    pub(crate) profile: Profile,
    /// Whether the first input that fails ends the run.
    pub(crate) fail_fast: bool,
    /// Whether manifests may name files outside the folder they lie in, and links in folders lead out of them.
    pub(crate) allow_outside: bool,
    /// The largest document in MiB, once unpacked.
    pub(crate) max_size: u32,
    /// Whether look-alike letters and invisible characters are undone in the texts that are written.
    pub(crate) mend_letters: bool,
    pub(crate) cleaning: Cleaning,
    pub(crate) lexicon: LexiconConfig,
    pub(crate) filters: FilterSettings,
}

/// What is cut out of documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct Cleaning {
    /// Rules that are on.
    pub(crate) rules: Vec<Rule>,
    /// When a line that documents share is boilerplate.
    pub(crate) boilerplate: BoilerplateSettings,
}

/// Lexicons beside the one that a run learns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct LexiconConfig {
    /// The user's dictionaries.
    pub(crate) dictionaries: Vec<PathBuf>,
    /// Lexicons learnt before.
    pub(crate) learnt: Vec<PathBuf>,
    /// Whether Qostil's own lexicon is used.
    pub(crate) seed: bool,
    /// Whether another one is learnt from the collection.
    pub(crate) learn: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            pair: "kk-en".to_owned(),
            profile: Profile::default(),
            fail_fast: false,
            allow_outside: false,
            max_size: 256,
            mend_letters: false,
            cleaning: Cleaning::default(),
            lexicon: LexiconConfig::default(),
            filters: FilterSettings::default(),
        }
    }
}

impl Default for Cleaning {
    fn default() -> Self {
        Self {
            rules: ReadingSettings::default().rules,
            boilerplate: BoilerplateSettings::default(),
        }
    }
}

impl Default for LexiconConfig {
    fn default() -> Self {
        Self {
            dictionaries: Vec::new(),
            learnt: Vec::new(),
            seed: true,
            learn: true,
        }
    }
}

impl Config {
    /// The settings of a file; a `profile` given besides comes in place of the file's profile and filters.
    pub(crate) fn load(file: Option<&Path>, profile: Option<Profile>) -> anyhow::Result<Self> {
        let mut given = match file {
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("cannot read {}", path.display()))?;
                Self::check(&text).map_err(|what| Usage::error(format!("{}{what}", path.display())))?;
                toml::from_str::<toml::Table>(&text).context("a table of settings")?
            }
            None => toml::Table::new(),
        };
        if let Some(profile) = profile {
            given.insert("profile".to_owned(), profile.name().into());
            given.remove("filters");
        }
        let profile: Profile = given
            .get("profile")
            .and_then(toml::Value::as_str)
            .and_then(|name| name.parse().ok())
            .unwrap_or_default();
        let start = Self {
            profile,
            filters: profile.filters(),
            ..Self::default()
        };
        let mut table = toml::Table::try_from(start).context("settings as a table")?;
        overlay(&mut table, given);
        table.try_into().context("settings from a table")
    }

    /// What is wrong with a file of settings: `:LINE: what it is`.
    fn check(text: &str) -> Result<(), String> {
        let error = match toml::from_str::<Self>(text) {
            Ok(config) => return config.check_values().map_err(|what| format!(": {what}")),
            Err(error) => error,
        };
        let at = error.span().map_or(0, |span| span.start);
        let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        Err(format!(":{line}: {}", with_nearest(error.message())))
    }

    /// What types cannot say.
    fn check_values(&self) -> Result<(), String> {
        told_apart(&self.pair)?;
        if self.max_size == 0 {
            return Err("max-size: expected 1 or more".to_owned());
        }
        if !(0.0..=1.0).contains(&self.filters.min_confidence) {
            return Err("min-confidence: expected a probability from 0 to 1".to_owned());
        }
        let ratio = self.filters.max_length_ratio;
        if ratio.is_nan() || (ratio != 0.0 && ratio < 1.0) {
            return Err("max-length-ratio: expected 1 or more, or 0 for any".to_owned());
        }
        if !(0.0..=1.0).contains(&self.cleaning.boilerplate.share) {
            return Err("boilerplate.share: expected a share from 0 to 1".to_owned());
        }
        Ok(())
    }

    /// The settings as a file that gives them again.
    pub(crate) fn to_toml(&self) -> anyhow::Result<String> {
        toml::to_string(self).context("settings as TOML")
    }

    /// The settings of a run.
    pub(crate) fn settings(&self) -> anyhow::Result<RunSettings> {
        self.check_values().map_err(Usage::error)?;
        let pair = two_langs(&self.pair).map_err(Usage::error)?;
        Ok(RunSettings {
            pair,
            reading: ReadingSettings {
                rules: self.cleaning.rules.clone(),
                limit: u64::from(self.max_size) << 20,
                ..ReadingSettings::default()
            },
            boilerplate: self.cleaning.boilerplate,
            // Words of one language that meet are no translations.
            learn: self.lexicon.learn && pair.0 != pair.1,
            relearn: false,
            filters: self.filters.clone(),
            mend_letters: self.mend_letters,
            fail_fast: self.fail_fast,
            allow_outside: self.allow_outside,
            written: Vec::new(),
        })
    }

    /// The lexicon of the pair, source side first.
    pub(crate) fn load_lexicon(&self) -> anyhow::Result<Lexicon> {
        let [src, tgt] = self.langs()?;
        self.lexicons().load(src, tgt)
    }

    /// The lexicons it names.
    pub(crate) fn lexicons(&self) -> LexiconArgs {
        LexiconArgs {
            dict: self.lexicon.dictionaries.clone(),
            lexicon: self.lexicon.learnt.clone(),
            no_seed_lexicon: !self.lexicon.seed,
        }
    }

    /// The languages of the pair in the order of their columns.
    pub(crate) fn langs(&self) -> anyhow::Result<[Lang; 2]> {
        let (a, b) = two_langs(&self.pair).map_err(Usage::error)?;
        let is_turned = b.column_order() < a.column_order();
        Ok(if is_turned { [b, a] } else { [a, b] })
    }
}

/// Two languages that documents can be told by; of one language given pairs can be read.
pub(crate) fn told_apart(text: &str) -> Result<(Lang, Lang), String> {
    let (a, b) = two_langs(text)?;
    if let Some(lang) = [a, b].into_iter().find(|lang| !lang.is_known()) {
        return Err(format!(
            "--pair {a}-{b}: documents in {lang} cannot be told from others: expected two of kk, ru, en"
        ));
    }
    Ok((a, b))
}

/// Puts the values of `over` in place of those of `under`, table by table.
fn overlay(under: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(value)) => overlay(inner, value),
            (_, value) => _ = under.insert(key, value),
        }
    }
}

/// An unknown name with the nearest right one: serde's message names all that would be right.
fn with_nearest(message: &str) -> String {
    let mut names = message.split('`').skip(1).step_by(2);
    let what = match message.split(' ').next() {
        Some("unknown") if message.starts_with("unknown field") => "key",
        Some("unknown") => "name",
        _ => return message.trim().to_owned(),
    };
    let Some(wrong) = names.next() else {
        return message.trim().to_owned();
    };
    let right: Vec<&str> = names.collect();
    format!("unknown {what} `{wrong}`{}", nearest(wrong, &right))
}

/// `; did you mean …?`, or what there is to choose from.
pub(crate) fn nearest(wrong: &str, right: &[&str]) -> String {
    let close = right
        .iter()
        .map(|name| (strsim::normalized_damerau_levenshtein(wrong, name), *name))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match close {
        Some((_, name)) => format!("; did you mean `{name}`?"),
        None => format!("; expected {}", right.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(text: &str) -> String {
        Config::check(text).unwrap_err()
    }

    #[test]
    fn unknown_names_are_refused_with_line_and_nearest_name() {
        assert_eq!(
            complaint("pair = \"kk-en\"\nfitlers = 1\n"),
            ":2: unknown key `fitlers`; did you mean `filters`?"
        );
        assert_eq!(
            complaint("\n[filters]\nmin-confidense = 0.5\n"),
            ":3: unknown key `min-confidense`; did you mean `min-confidence`?"
        );
        assert_eq!(
            complaint("[filters]\non = [\"copy\",\n  \"duplicates\"]\n"),
            ":3: unknown name `duplicates`; did you mean `duplicate`?"
        );
        assert!(complaint("xyz = 1").starts_with(":1: unknown key `xyz`; expected pair, profile"));
        assert!(complaint("[filters]\nmin-confidence = \"much\"\n").starts_with(":2: invalid type"));
        assert!(complaint("[filters]\nmin-confidence = 1.5\n").contains("from 0 to 1"));
        assert!(complaint("pair = kk-en").starts_with(":1:"));
        // What options refuse.
        assert_eq!(complaint("max-size = 0"), ": max-size: expected 1 or more");
        assert!(complaint("max-size = -1").starts_with(":1:"));
    }

    #[test]
    fn what_is_printed_gives_the_same_settings() {
        for profile in Profile::ALL {
            let config = Config::load(None, Some(profile)).unwrap();
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("run.toml");
            std::fs::write(&path, config.to_toml().unwrap()).unwrap();
            assert_eq!(Config::load(Some(&path), None).unwrap(), config);
            assert_eq!(config.filters, profile.filters());
        }
    }

    #[test]
    fn a_file_changes_what_it_names_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.toml");
        std::fs::write(&path, "profile = \"strict\"\n[filters]\nmin-confidence = 0.7\n").unwrap();
        let config = Config::load(Some(&path), None).unwrap();
        assert_eq!(
            config.filters,
            FilterSettings {
                min_confidence: 0.7,
                ..Profile::Strict.filters()
            }
        );
        let config = Config::load(Some(&path), Some(Profile::Everything)).unwrap();
        assert_eq!(config.filters, Profile::Everything.filters());
    }
}
