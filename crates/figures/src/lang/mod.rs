//! One file per language: its word table and its conventions.

mod en;
mod kk;
mod neutral;
mod ru;

use std::sync::LazyLock;

use qostil_text::Lang;

use crate::grammar::Grammar;

/// What a language brings: a table of words, and how it writes and orders its numbers. `docs/adding-a-language.md` shows
/// how to write one.
pub trait Language: Send + Sync {
    /// The word table, in the form of the files in `data/figures`; see `docs/adding-a-language.md` for its roles.
    fn table(&self) -> &str;

    /// How numbers are written.
    fn conventions(&self) -> Conventions {
        Conventions::default()
    }
}

/// How a language writes and orders its numbers. The default is the practice of most of the continent: a decimal comma,
/// thousands by space, `он бес`.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools)] // Each is an independent fact about a language.
pub struct Conventions {
    /// The decimal mark, `,` or `.`; absent where both are met equally often.
    pub decimal: Option<char>,
    /// Whether ones follow ten (`он бес`, 15) or teens have words of their own.
    pub ones_after_ten: bool,
    /// Whether a hyphen joins tens and ones (`twenty-five`); elsewhere it makes a range (`үш-төрт`).
    pub hyphen_joins: bool,
    /// Whether hundreds may count beyond nine (`fifteen hundred`).
    pub teen_hundreds: bool,
    /// Whether the denominator comes first, in the ablative (`үштен бірі`).
    pub denominator_first: bool,
    /// Whether a denominator is an ordinal after the numerator (`одна пятая`).
    pub ordinal_denominators: bool,
    /// Whether a bare number of four digits is read as a year when nothing says otherwise.
    pub bare_years: bool,
    /// Whether months are written with a capital, as names.
    pub capital_months: bool,
    /// Whether day and month may change places in `03/04/2025`.
    pub month_first: bool,
    /// Whether a word after digits and a hyphen makes an ordinal (`5-сынып`).
    pub hyphen_ordinals: bool,
}

impl Default for Conventions {
    fn default() -> Self {
        Self {
            decimal: Some(','),
            ones_after_ten: true,
            hyphen_joins: false,
            teen_hundreds: false,
            denominator_first: false,
            ordinal_denominators: false,
            bare_years: false,
            capital_months: false,
            month_first: false,
            hyphen_ordinals: false,
        }
    }
}

/// The grammar of a language; languages without one of their own share the neutral one.
pub(crate) fn grammar(lang: Lang) -> &'static Grammar {
    static KK: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(&kk::Kazakh));
    static EN: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(&en::English));
    static RU: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(&ru::Russian));
    static NEUTRAL: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(&neutral::Neutral));
    match lang {
        Lang::Kazakh => &KK,
        Lang::English => &EN,
        Lang::Russian => &RU,
        Lang::KazakhLatin | Lang::Other(_) => &NEUTRAL,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Language, en, kk, neutral, ru};
    use crate::{Grammar, scan_with};

    /// Texts with a gap that some entry of the table fills, all languages together.
    const PROBES: &str = include_str!("probes.txt");

    fn probes(form: &str) -> Vec<String> {
        let lines = PROBES.lines().filter(|probe| !probe.starts_with('#'));
        let filled = |probe: &str| {
            let probe = probe.replace("{^}", &form.to_uppercase());
            ["", "ый", "ий", "ы"].map(|ending| probe.replace("{}", &format!("{form}{ending}")))
        };
        lines.flat_map(filled).collect()
    }

    /// A form as a text has it.
    fn plain(entry: &str) -> String {
        let entry = entry.trim_start_matches(['~', '?']).trim_end_matches(['+', '*']);
        entry.replace('_', " ")
    }

    /// The lines of a table: what stands before the forms, and the forms.
    fn lines(table: &str) -> impl Iterator<Item = (&str, &str)> {
        let lines = table.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.rsplit_once('\t').expect("three cells"))
    }

    /// What a grammar makes of the probes for a form.
    fn read(grammar: &Grammar, probes: &[String]) -> Vec<String> {
        let mut found = Vec::new();
        let mut out = Vec::new();
        for probe in probes {
            scan_with(probe, grammar, &mut found);
            out.push(found.iter().fold(String::new(), |all, f| {
                format!(
                    "{all};{} {} {} {} {} {} {}",
                    f.span,
                    f.value_text(),
                    f.unit,
                    f.kind,
                    f.exactness,
                    f.weak,
                    f.alternatives_text()
                )
            }));
        }
        out
    }

    /// The entries of a table without which no probe is read otherwise.
    fn dead_entries(name: &str, table: &str, grammar: impl Fn(&str) -> Grammar) -> String {
        let mut dead = String::new();
        let whole = grammar(table);
        for (head, forms) in lines(table) {
            for (at, entry) in forms.split(' ').enumerate() {
                let others = forms.split(' ').enumerate().filter(|(n, _)| *n != at);
                let others: Vec<&str> = others.map(|(_, form)| form).collect();
                let line = format!("{head}\t{forms}\n");
                let without = grammar(&table.replace(&line, &format!("{head}\t{}\n", others.join(" "))));
                let probes = probes(&plain(entry));
                if read(&whole, &probes) == read(&without, &probes) {
                    dead.push_str(&format!("{name}: {head} {entry}\n"));
                }
            }
        }
        dead
    }

    #[test]
    fn every_entry_of_every_table_fires() {
        let common = qostil_data::figures::COMMON;
        let mut dead = dead_entries("common", common, |table| {
            Grammar::from_tables(neutral::Neutral.conventions(), ["", table])
        });
        for (name, language) in [
            ("kk", &kk::Kazakh as &dyn Language),
            ("en", &en::English),
            ("ru", &ru::Russian),
            ("other", &neutral::Neutral),
        ] {
            let grammar = |table: &str| Grammar::from_tables(language.conventions(), [table, common]);
            dead.push_str(&dead_entries(name, language.table(), grammar));
        }
        assert!(dead.is_empty(), "entries that change nothing:\n{dead}");
    }

    #[test]
    fn every_unit_is_the_unit_of_some_text() {
        let mut said = BTreeSet::new();
        let mut found = Vec::new();
        for language in [&kk::Kazakh as &dyn Language, &en::English, &ru::Russian] {
            let grammar = Grammar::new(language);
            for table in [language.table(), qostil_data::figures::COMMON] {
                for (_, forms) in lines(table) {
                    for probe in forms.split(' ').flat_map(|entry| probes(&plain(entry))) {
                        scan_with(&probe, &grammar, &mut found);
                        said.extend(found.iter().map(|f| f.unit.code()));
                    }
                }
            }
        }
        let units = qostil_data::figures::UNITS
            .lines()
            .filter(|line| !line.starts_with('#'));
        let codes = units.filter_map(|line| line.split('\t').next());
        let unsaid: Vec<&str> = codes.filter(|code| !said.contains(code)).collect();
        assert!(unsaid.is_empty(), "no text has these units: {}", unsaid.join(" "));
    }
}
