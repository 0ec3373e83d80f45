//! The seed lexicon: that its files are in order, and that every entry can match.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use qostil_lexicon::{
    Lexicon, Lines, Reading, SeedEntry, Side, TableBuilder, learn, parse_dictionary, seed_entries,
};
use qostil_text::Lang;
use qostil_text::stem::{english, russian};

const README: &str = include_str!("../../data/lexicon/README.md");
const ENGLISH_STEMS: &str = include_str!("../cases/lexicon/en-stems.tsv");
const RUSSIAN_STEMS: &str = include_str!("../cases/lexicon/ru-stems.tsv");
const FORMS: &str = include_str!("../cases/lexicon/forms.tsv");
const HEADER: &str = "kk\tpos\ten\tru\tdomain";
const PARTS_OF_SPEECH: [&str; 12] = [
    "n", "v", "adj", "adv", "pron", "post", "conj", "part", "intj", "prop", "abbr", "phr",
];

/// Names every entry that `wrong` has something to say about, and fails if there is one.
fn every_entry(mut wrong: impl FnMut(&SeedEntry<'static>) -> Option<String>) {
    let mut list = String::new();
    for entry in seed_entries() {
        if let Some(cause) = wrong(&entry) {
            let _ = writeln!(list, "{}.tsv:{}: {}: {cause}", entry.file, entry.line, entry.kk);
        }
    }
    assert!(list.is_empty(), "\n{list}");
}

#[test]
fn files_have_their_header_five_columns_and_a_place_in_the_description() {
    let mut last = "";
    for &(file, text) in qostil_data::lexicon::FILES {
        assert!(last < file, "{file} comes after {last}");
        last = file;
        assert_eq!(text.lines().next(), Some(HEADER), "{file}.tsv");
        assert!(text.ends_with('\n'), "{file}.tsv ends inside a line");
        for (index, line) in text.lines().enumerate() {
            assert_eq!(line.split('\t').count(), 5, "{file}.tsv:{}", index + 1);
        }
        let row = format!("| `{file}.tsv` | {} |", text.lines().count() - 1);
        assert!(
            README.contains(&row),
            "README.md should have a row that begins: {row}"
        );
    }
    assert!(
        README.contains(&format!(", {} entries, ", seed_entries().count())),
        "README.md: entries in all"
    );
    let headwords: HashSet<&str> = seed_entries().map(|entry| entry.kk).collect();
    assert!(
        README.contains(&format!(" {} Kazakh headwords", headwords.len())),
        "README.md: {} headwords",
        headwords.len()
    );
}

#[test]
fn every_column_keeps_to_its_alphabet() {
    let kazakh = |c: char| matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё') || "әғқңөұүһіӘҒҚҢӨҰҮҺІ".contains(c);
    let mark = |c: char| matches!(c, ' ' | '-' | '\'' | '.');
    let spaced = |cell: &str| cell.split(' ').all(|word| !word.is_empty());
    every_entry(|entry| {
        if !spaced(entry.kk)
            || !entry
                .kk
                .chars()
                .all(|c| kazakh(c) || mark(c) || c.is_ascii_alphanumeric())
        {
            return Some("not written in the Kazakh alphabet".to_owned());
        }
        let mixed = |word: &str| word.chars().any(kazakh) && word.chars().any(|c| c.is_ascii_alphabetic());
        if entry.kk.split([' ', '-']).any(mixed) {
            return Some("a word in two scripts".to_owned());
        }
        if !PARTS_OF_SPEECH.contains(&entry.pos) {
            return Some(format!("no such part of speech: {}", entry.pos));
        }
        let english: Vec<&str> = entry.en.split("; ").collect();
        let russian: Vec<&str> = entry.ru.split("; ").collect();
        if english.len() > 7 || russian.len() > 4 {
            return Some("too many equivalents".to_owned());
        }
        for word in english {
            if !spaced(word)
                || !word
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || mark(c) || matches!(c, '&' | '/'))
            {
                return Some(format!("not written in English letters: `{word}`"));
            }
            if ["to ", "a ", "an ", "the "]
                .iter()
                .any(|article| word.starts_with(article))
            {
                return Some(format!("not a lemma: `{word}`"));
            }
        }
        for word in russian {
            if !spaced(word)
                || !word.chars().all(|c| {
                    matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё') || mark(c) || c.is_ascii_alphanumeric()
                })
            {
                return Some(format!("not written in Russian letters: `{word}`"));
            }
        }
        let tag =
            entry.domain.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !entry.domain.is_empty();
        (!tag).then(|| format!("no domain tag: `{}`", entry.domain))
    });
}

#[test]
fn entries_are_sorted_and_stand_once() {
    let mut last: HashMap<&str, (&str, &str)> = HashMap::new();
    let mut seen: HashMap<(&str, &str), (&str, usize)> = HashMap::new();
    every_entry(|entry| {
        let key = (entry.kk, entry.pos);
        let before = last.insert(entry.file, key);
        if let Some((file, line)) = seen.insert(key, (entry.file, entry.line)) {
            return Some(format!("{} is also in {file}.tsv:{line}", entry.pos));
        }
        before
            .filter(|&before| before >= key)
            .map(|(kk, _)| format!("should stand before {kk}"))
    });
}

#[test]
fn equivalents_do_not_repeat() {
    every_entry(|entry| {
        [entry.en, entry.ru].iter().find_map(|cell| {
            let mut seen = HashSet::new();
            cell.split("; ")
                .find(|word| !seen.insert(word.to_lowercase()))
                .map(|word| format!("`{word}` twice"))
        })
    });
}

#[test]
fn verbs_are_infinitives_and_capitals_are_names() {
    every_entry(|entry| {
        let shouted = |word: &str| word.chars().all(char::is_uppercase);
        let words = entry.kk.split([' ', '-']).filter(|word| !shouted(word));
        let capital = words.flat_map(str::chars).any(char::is_uppercase);
        match entry.pos {
            "v" if !entry.kk.ends_with(['у', 'ю']) => Some("no infinitive in -у or -ю".to_owned()),
            "prop" if !entry.kk.contains(char::is_uppercase) => Some("a name without a capital".to_owned()),
            "prop" | "abbr" => None,
            _ if capital && !entry.en.contains(char::is_uppercase) => {
                Some("a capital that English does not have".to_owned())
            }
            _ => None,
        }
    });
}

/// Whether every word of a text stands for something, or for nothing anywhere: the article of a phrase that is read word by word.
fn all_read(lexicon: &Lexicon, side: Side, text: &str, lang: Lang) -> bool {
    let readings = lexicon.read(side, text, lang);
    let is_read = |word: &Reading| !word.headwords.is_empty() || readings.len() > 1 && word.is_function;
    !readings.is_empty() && readings.iter().all(is_read)
}

#[test]
fn every_entry_matches_as_written_and_inflected() {
    let lexicons = [Lang::English, Lang::Russian].map(|lang| (lang, Lexicon::seed(Lang::Kazakh, lang)));
    every_entry(|entry| {
        // -да after a voiced sound and -та after a voiceless one, in the vowel of the last syllable; verbs as their verbal noun
        let last = entry.kk.chars().next_back()?;
        let front = entry
            .kk
            .chars()
            .rev()
            .find_map(|c| match c.to_lowercase().next()? {
                'а' | 'о' | 'ұ' | 'ы' | 'я' | 'қ' | 'ғ' | 'ю' => Some(false),
                'ә' | 'е' | 'ө' | 'ү' | 'і' | 'э' | 'и' => Some(true),
                _ => None,
            });
        let ending = match ("бвгғдпфкқтсшщчцхһ".contains(last), front == Some(true)) {
            (true, true) => "те",
            (true, false) => "та",
            (false, true) => "де",
            (false, false) => "да",
        };
        // Latin letters and digits take their endings after a hyphen, as a word of its own; adverbs and set phrases take none
        let takes_none = matches!(entry.pos, "adv" | "intj" | "phr") || last.is_ascii();
        let inflected = (!takes_none).then(|| format!("{}{ending}", entry.kk));
        for form in inflected.into_iter().chain([entry.kk.to_owned()]) {
            for (lang, lexicon) in &lexicons {
                if !all_read(lexicon, Side::Source, &form, Lang::Kazakh) {
                    return Some(format!("`{form}` is not found (Kazakh–{lang})"));
                }
                let own = entry
                    .words(*lang)
                    .find(|word| !all_read(lexicon, Side::Target, word, *lang));
                if let Some(word) = own {
                    return Some(format!("its equivalent `{word}` is not found"));
                }
            }
        }
        None
    });
}

#[test]
fn forms_find_their_lemmas() {
    let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
    let mut wrong = String::new();
    for (index, line) in FORMS
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
    {
        let columns: Vec<&str> = line.split('\t').collect();
        let [form, english, _why] = columns[..] else {
            panic!("forms.tsv:{}: three columns", index + 1)
        };
        let words = lexicon.read(Side::Source, form, Lang::Kazakh);
        let lines = Lines::read(&lexicon, Side::Target, english, Lang::English);
        let matched = lexicon.matches(&words, &lines, 0);
        if matched.iter().any(Vec::is_empty) {
            let _ = writeln!(wrong, "forms.tsv:{}: {form} should match {english}", index + 1);
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Fails with every line of a table `word<TAB>other<TAB>same|apart<TAB>why` whose words do not have one stem, or have, against what it says.
fn stems_are_as_listed(file: &str, table: &str, stem: impl Fn(&str) -> String) {
    let mut wrong = String::new();
    for (index, line) in table
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.starts_with('#'))
    {
        let columns: Vec<&str> = line.split('\t').collect();
        let [word, other, relation, why] = columns[..] else {
            panic!("{file}:{}: four columns", index + 1)
        };
        let stems = [stem(word), stem(other)];
        if (stems[0] == stems[1]) != (relation == "same") {
            let _ = writeln!(
                wrong,
                "{file}:{}: {word}, {other}: {relation} ({why}) but {stems:?}",
                index + 1
            );
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn russian_forms_have_the_stem_of_their_dictionary_form() {
    stems_are_as_listed("ru-stems.tsv", RUSSIAN_STEMS, russian);
}

#[test]
fn english_words_of_different_meaning_have_different_stems() {
    stems_are_as_listed("en-stems.tsv", ENGLISH_STEMS, english);
}

/// Every form of both English tables has its head's stem, and stands in its table once.
#[test]
fn every_english_exception_fires() {
    let mut wrong = String::new();
    for (table, stem) in [
        (
            qostil_data::stem::EN_APART,
            (|head: &str| head.to_owned()) as fn(&str) -> String,
        ),
        (qostil_data::stem::EN_IRREGULAR, |head| english(head)),
    ] {
        let mut seen = HashSet::new();
        let lines = table.lines().filter(|line| !line.starts_with('#'));
        for (head, forms) in lines.map(|line| line.split_once('\t').expect("a stem and forms")) {
            for form in forms.split(' ') {
                if english(form) != stem(head) || !seen.insert(form) {
                    let _ = writeln!(wrong, "{head}: {form} gives {} or stands twice", english(form));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Every noun that looks like another word's form has one stem in its cases, and stands in the table once.
#[test]
fn every_listed_russian_noun_fires() {
    let lines = qostil_data::stem::RU_NOUNS
        .lines()
        .filter(|line| !line.starts_with('#'));
    let stems: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    let mut seen = HashSet::new();
    let mut wrong = String::new();
    for stem in stems {
        let cases = ["е", "ам", "ами"].map(|ending| russian(&format!("{stem}{ending}")));
        if cases.iter().any(|case| case != stem) || !seen.insert(stem) {
            let _ = writeln!(wrong, "{stem} gives {cases:?} or stands twice");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Every whole form and, of a base with a class of endings, some form of it has the lemma as its stem.
#[test]
fn every_irregular_russian_word_fires() {
    let lines = || {
        let table = qostil_data::stem::RU_IRREGULAR.lines();
        table.filter_map(|line| line.split_once('\t'))
    };
    let classes: HashMap<&str, &str> = lines().filter(|(head, _)| head.starts_with('-')).collect();
    let mut wrong = String::new();
    for (head, forms) in lines().filter(|(head, _)| !head.starts_with(['-', '#'])) {
        let lemma = head.trim_start_matches(['+', '*']);
        let fires = |form: &str| {
            let prefixes: &[&str] = if head.starts_with('*') {
                &["по", "при", "за", "вы"]
            } else {
                &[""]
            };
            let has_it = |prefix: &&str| russian(&format!("{prefix}{form}")) == format!("{prefix}{lemma}");
            prefixes.iter().any(has_it)
        };
        for form in forms.split(' ') {
            let one = match form.split_once('-') {
                None => fires(form),
                Some((base, class)) => classes.get(format!("-{class}").as_str()).is_some_and(|endings| {
                    endings.split(' ').any(|ending| fires(&format!("{base}{ending}")))
                }),
            };
            if !one {
                let _ = writeln!(wrong, "{head}: {form} gives something else");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_other_direction_is_the_same_table() {
    let there = Lexicon::seed(Lang::Kazakh, Lang::English);
    let back = Lexicon::seed(Lang::English, Lang::Kazakh);
    let (kk, en) = ("тәуелсіздік", "independence");
    let matches = |lexicon: &Lexicon, src, src_lang, tgt, tgt_lang| {
        let lines = Lines::read(lexicon, Side::Target, tgt, tgt_lang);
        lexicon.matches(&lexicon.read(Side::Source, src, src_lang), &lines, 0)
    };
    assert_eq!(matches(&there, kk, Lang::Kazakh, en, Lang::English), [[0]]);
    assert_eq!(matches(&back, en, Lang::English, kk, Lang::Kazakh), [[0]]);
}

#[test]
fn names_that_are_common_words_match_by_their_capital() {
    let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
    let found = |kk: &str, en: &str| {
        let lines = Lines::read(&lexicon, Side::Target, en, Lang::English);
        !lexicon
            .matches(&lexicon.read(Side::Source, kk, Lang::Kazakh), &lines, 0)
            .concat()
            .is_empty()
    };
    assert!(found("мамыр", "in May"));
    assert!(!found("мамыр", "it may"));
    assert!(found("Қазанға", "Kazan"));
    assert!(!found("қазанға", "Kazan"));
}

#[test]
fn a_dictionary_is_read_in_both_forms_and_by_script() {
    for text in [
        "well @ құдық\n",
        "құдық\twell\n",
        "well\tқұдық\n",
        "# wells\n\nwell | pit @ құдық\n",
    ] {
        let mut builder = TableBuilder::default();
        let pairs = parse_dictionary(text, Lang::Kazakh, Lang::English, &mut builder).expect(text);
        assert!(pairs >= 1, "{text}");
        let lexicon = Lexicon::new(vec![std::sync::Arc::new(builder.finish())]);
        let words = lexicon.read(Side::Source, "құдықтарының", Lang::Kazakh);
        let lines = Lines::read(&lexicon, Side::Target, "wells", Lang::English);
        assert_eq!(lexicon.matches(&words, &lines, 0), [[0]], "{text}");
    }
    let error = parse_dictionary(
        "a @ b\nnothing\n",
        Lang::Kazakh,
        Lang::English,
        &mut TableBuilder::default(),
    );
    assert_eq!(error.expect_err("no pair in line 2").line, 2);
}

/// In the other order its words matched nothing but those that both languages write alike.
#[test]
fn a_dictionary_of_kazakh_and_russian_is_told_by_letters() {
    let (kk, ru) = (Lang::Kazakh, Lang::Russian);
    for text in [
        "мектеп\tшкола\nауыл шаруашылығы\tсельское хозяйство\nқұдық\tколодец\n",
        "школа\tмектеп\nсельское хозяйство\tауыл шаруашылығы\nколодец\tқұдық\n",
        "школа @ мектеп\nколодец @ құдық\n",
        "мектеп @ школа\nқұдық @ колодец\n",
        "ru\tkk\nшкола\tмектеп\n",
    ] {
        for (src, tgt, word, other) in [(kk, ru, "мектепте", "в школе"), (ru, kk, "в школе", "мектепте")]
        {
            let mut builder = TableBuilder::default();
            parse_dictionary(text, src, tgt, &mut builder).expect(text);
            let lexicon = Lexicon::new(vec![std::sync::Arc::new(builder.finish())]);
            let words = lexicon.read(Side::Source, word, src);
            let lines = Lines::read(&lexicon, Side::Target, other, tgt);
            let matched = lexicon.matches(&words, &lines, 0).concat();
            assert_eq!(matched.len(), 1, "{src}-{tgt}: {text}");
        }
    }
}

#[test]
fn a_dictionary_of_one_script_may_name_its_columns() {
    let german = "de".parse().expect("a code");
    for text in [
        "en\tde\nroof\tDach\n",
        "de\ten\nDach\troof\n",
        "de @ en\nDach @ roof\n",
    ] {
        let mut builder = TableBuilder::default();
        let pairs = parse_dictionary(text, german, Lang::English, &mut builder).expect(text);
        assert_eq!(pairs, 1, "{text}");
        let lexicon = Lexicon::new(vec![std::sync::Arc::new(builder.finish())]);
        let words = lexicon.read(Side::Source, "Dach", german);
        let lines = Lines::read(&lexicon, Side::Target, "roofs", Lang::English);
        assert_eq!(lexicon.matches(&words, &lines, 0), [[0]], "{text}");
    }
}

#[test]
fn the_seed_lexicon_costs_no_time_to_load() {
    // the best of three runs, since the machine may be busy; what is made on first use (endings, irregular forms) falls in the first
    let load_and_match = || {
        let start = std::time::Instant::now();
        let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
        let words = lexicon.read(Side::Source, "балаларымыздың мектебі", Lang::Kazakh);
        let lines = Lines::read(&lexicon, Side::Target, "our children's school", Lang::English);
        assert!(
            lexicon
                .matches(&words, &lines, 0)
                .iter()
                .all(|found| !found.is_empty())
        );
        start.elapsed()
    };
    let first = load_and_match();
    let best = first.min(load_and_match()).min(load_and_match());
    println!("first use {first:?}, then {best:?}");
    assert!(best.as_millis() < 5, "{best:?}");
}

#[test]
fn common_words_are_headwords() {
    let kk_en = Lexicon::seed(Lang::Kazakh, Lang::English);
    let kk_ru = Lexicon::seed(Lang::Kazakh, Lang::Russian);
    let listed = qostil_data::stem::COMMON_WORDS
        .lines()
        .filter(|line| !line.starts_with('#'));
    for (code, words) in listed.map(|line| line.split_once('\t').expect("a code and words")) {
        let (lexicon, side, lang) = match code {
            "en" => (&kk_en, Side::Target, Lang::English),
            "ru" => (&kk_ru, Side::Target, Lang::Russian),
            "kk" => (&kk_en, Side::Source, Lang::Kazakh),
            other => panic!("no language: {other}"),
        };
        for word in words.split(' ') {
            assert!(
                all_read(lexicon, side, word, lang),
                "{code} {word} is no headword"
            );
        }
    }
}

#[test]
fn what_stands_in_every_other_line_proves_nothing() {
    let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
    let found = |english: &str, kazakh: &str, line: usize| {
        let lines = Lines::read(&lexicon, Side::Target, english, Lang::English);
        let words = lexicon.read(Side::Source, kazakh, Lang::Kazakh);
        !lexicon.matches(&words, &lines, line).concat().is_empty()
    };
    let others = "rain\ntea\nwind\nsnow\n";
    assert!(found(&format!("school\n{others}"), "мектеп", 0));
    assert!(!found(&format!("school\n{others}school\nschool\n"), "мектеп", 0));
    assert!(found(
        &format!("school\n{others}{others}{others}school\nschool\n"),
        "мектеп",
        0
    ));
    // what every text keeps coming back to proves less
    assert!(found(&format!("school\n{others}school\n"), "мектеп", 0));
    assert!(!found(&format!("year\n{others}year\n"), "жыл", 0));
    assert!(found(&format!("year\n{others}"), "жыл", 0));
    // three lines tell nothing
    assert!(found("year\nyear\nyear\n", "жыл", 0));
}

#[test]
fn learnt_words_are_headwords_or_were_met() {
    let bitext = [
        ("Жаңбыр жауды", "Rain fell"),
        ("Жаңбырдың суы", "Rain water"),
        ("Күшті жаңбырлар", "Heavy rain"),
        ("Зырқылдатқыш бар", "A whirligig"),
        ("Зырқылдатқыштар мен су", "Whirligig and water"),
        ("Зырқылдатқышты көрді", "He saw the whirligig"),
    ];
    let learnt = learn(bitext.map(|(kk, en)| (kk, en, 1.0)), Lang::Kazakh, Lang::English);
    let found = |kk: &str, en: &str| {
        learnt
            .iter()
            .any(|pair| (pair.src.as_str(), pair.tgt.as_str()) == (kk, en))
    };
    assert!(found("жаңбыр", "rain"), "{learnt:?}");
    assert!(learnt.iter().any(|pair| pair.tgt == "whirligig"), "{learnt:?}");
    let headwords: HashSet<&str> = seed_entries().map(|entry| entry.kk).collect();
    let met: HashSet<String> = bitext
        .iter()
        .flat_map(|(kk, _)| kk.split(' '))
        .map(str::to_lowercase)
        .collect();
    let invented = learnt
        .iter()
        .find(|pair| !headwords.contains(pair.src.as_str()) && !met.contains(&pair.src));
    assert_eq!(invented, None);
}

/// Forms whose stems differ were words of their own, and both were written as the headword.
#[test]
fn every_learnt_pair_is_listed_once() {
    let bitext = [
        ("Президент келді", "The president came"),
        ("Президентпен отырды", "Sat with president"),
        ("Президент жазды", "President wrote"),
        ("Президенті айтты", "The president said"),
        ("Президентінің үйі", "House of the president"),
        ("Президентінің сөзі", "Word of the president"),
        ("Президенттік сайлау", "President election"),
        ("Президенттік ұйым", "President organisation"),
    ];
    let learnt = learn(bitext.map(|(kk, en)| (kk, en, 1.0)), Lang::Kazakh, Lang::English);
    let pairs: Vec<(&str, &str)> = learnt
        .iter()
        .map(|pair| (pair.src.as_str(), pair.tgt.as_str()))
        .collect();
    assert_eq!(pairs, [("президент", "president")]);
}
