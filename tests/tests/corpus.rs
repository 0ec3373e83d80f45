//! Runs over collections: nothing is lost, nothing depends on threads, the seeds come out as they should.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use qostil_align::{Parameters, Resources};
use qostil_corpus::{
    Boilerplate, Content, Event, Filter, FilterSettings, PairSummary, Profile, ROWS_TOLD, ReadingSettings,
    Rule, RunError, RunSettings, Summary, Watch, clean, decode, pair, read_file, run, sources,
};
use qostil_export::TsvReader;
use qostil_lexicon::Lexicon;
use qostil_tests::{Collection, Recipe, Story};
use qostil_text::mend::mend;
use qostil_text::{Lang, Span};

fn seeds() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds")
}

fn run_into(input: &Path, out: &Path) -> Summary {
    run_with(input, out, &RunSettings::default())
}

fn run_with(input: &Path, out: &Path, settings: &RunSettings) -> Summary {
    try_run(input, out, settings).unwrap()
}

fn try_run(input: &Path, out: &Path, settings: &RunSettings) -> Result<Summary, RunError> {
    let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
    let resources = Resources {
        parameters: &Parameters::default(),
        lexicon: &lexicon,
    };
    run(&[input.to_owned()], out, settings, &resources, &())
}

/// Every span of every output row, by document.
fn accounted(out: &Path) -> BTreeMap<String, Vec<Span>> {
    let mut spans: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    for name in ["bitext.tsv", "unaligned.tsv"] {
        let file = fs::File::open(out.join(name)).unwrap();
        for row in TsvReader::new(std::io::BufReader::new(file)).unwrap() {
            let record = row.unwrap().record;
            spans.entry(record.src_doc).or_default().extend(record.src_spans);
            spans.entry(record.tgt_doc).or_default().extend(record.tgt_spans);
        }
    }
    for line in fs::read_to_string(out.join("left-out.tsv"))
        .unwrap()
        .lines()
        .skip(1)
    {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells.len(), 6, "{line}");
        let found = cells[4]
            .split(',')
            .filter(|s| !s.is_empty())
            .map(|s| s.parse::<Span>().unwrap());
        spans.entry(cells[2].to_owned()).or_default().extend(found);
    }
    spans
}

/// Every character but white space of every document of `input` stands in exactly one row of the output.
fn assert_nothing_lost(input: &Path, out: &Path) {
    let mut spans = accounted(out);
    for source in sources(&[input.to_owned()], None, &RunSettings::default(), &()).map(Result::unwrap) {
        let Content::File(path) = &source.content else {
            panic!("a file")
        };
        let bytes = fs::read(path).unwrap();
        let text = decode(&bytes).unwrap().0;
        let mut found = spans.remove(&source.id).unwrap_or_default();
        found.sort_unstable();
        let mut at = 0;
        for span in found {
            assert!(span.start >= at, "{}: bytes {span} stand in two rows", source.id);
            let gap = &text[at..span.start];
            assert!(gap.trim().is_empty(), "{}: `{gap}` stands in no row", source.id);
            at = span.end;
        }
        assert!(
            text[at..].trim().is_empty(),
            "{}: `{}` stands in no row",
            source.id,
            &text[at..]
        );
    }
    assert!(
        spans.values().all(Vec::is_empty),
        "rows of documents that are not there: {:?}",
        spans.keys()
    );
}

#[test]
fn the_seeds_come_out_as_two_partners_and_three_alone() {
    let out = tempfile::tempdir().unwrap();
    let summary = run_into(&seeds(), out.path());
    let found: Vec<_> = summary
        .documents
        .iter()
        .map(|d| {
            (
                &d.id[..3],
                d.lang.as_str(),
                d.partner.as_deref().map(|p| &p[..3]),
                d.reason.as_deref(),
            )
        })
        .collect();
    let expected = [
        ("000", "kk", None, Some("not-a-translation")),
        ("001", "kk", None, Some("not-a-translation")),
        ("002", "ru", None, Some("language-ru")),
        ("003", "kk", Some("004"), None),
        ("004", "en", Some("003"), None),
    ];
    assert_eq!(found, expected);
    assert!(summary.total.bitext > 100);
    assert_nothing_lost(&seeds(), out.path());
}

#[test]
fn threads_make_no_difference() {
    let with = |threads: usize| {
        let out = tempfile::tempdir().unwrap();
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| run_into(&seeds(), out.path()));
        let mut files: Vec<_> = fs::read_dir(out.path())
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.is_file())
            .collect();
        files.sort();
        files
            .into_iter()
            .map(|path| (path.file_name().unwrap().to_owned(), fs::read(&path).unwrap()))
            .collect::<Vec<_>>()
    };
    let (one, three) = (with(1), with(3));
    for (a, b) in one.iter().zip(&three) {
        assert!(a == b, "{:?} differs between one thread and three", a.0);
    }
    assert_eq!(one.len(), three.len());
}

#[test]
fn what_filters_leave_out_is_counted_and_kept() {
    let out = tempfile::tempdir().unwrap();
    let all = run_with(&seeds(), out.path(), &with(Profile::Everything.filters()));
    let everything = fs::read_to_string(out.path().join("alignments.jsonl")).unwrap();
    let sure = FilterSettings {
        on: Filter::ALL.to_vec(),
        min_confidence: 0.99,
        max_length_ratio: 2.0,
    };
    let some = run_with(&seeds(), out.path(), &with(sure));
    assert_nothing_lost(&seeds(), out.path());
    let filtered: usize = some.total.filtered.values().sum();
    assert!(filtered > 10, "{:?}", some.total.filtered);
    assert_eq!(some.total.bitext + filtered, all.total.bitext);
    assert_eq!(
        some.total.left_out["filter"].values().sum::<usize>(),
        2 * filtered
    );
    let bitext = fs::read_to_string(out.path().join("bitext.tsv")).unwrap();
    assert_eq!(bitext.lines().count(), 1 + some.total.bitext);
    assert!(
        fs::read_to_string(out.path().join("alignments.jsonl")).unwrap() == everything,
        "filters change the full record"
    );
}

#[test]
fn pair_finds_the_pairs_of_a_run() {
    let stories = Story::made_up(["kk", "en"], 40, 6, 1);
    let (input, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    // What stands on every page is cut out before documents are compared.
    Collection::translations(&stories, 1)
        .with_furniture()
        .write(input.path())
        .unwrap();
    let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
    let resources = Resources {
        parameters: &Parameters::default(),
        lexicon: &lexicon,
    };
    let settings = RunSettings::default();
    let paired = pair(&[input.path().to_owned()], &settings, &resources, &()).unwrap();
    let summary = run_into(input.path(), out.path());
    let pairs = |summary: &Summary| -> Vec<_> {
        let each = summary.pairs.iter();
        each.map(|pair| (pair.src.clone(), pair.tgt.clone(), pair.evidence.clone()))
            .collect()
    };
    assert!(!paired.boilerplate.is_empty());
    assert_eq!(paired.boilerplate, summary.boilerplate);
    assert_eq!(pairs(&paired), pairs(&summary));
    assert_eq!(paired.pairs.len(), 30);
}

#[test]
fn manifests_come_out_of_spreadsheets() {
    let folder = tempfile::tempdir().unwrap();
    let (manifest, out) = (folder.path().join("m.csv"), folder.path().join("out"));
    // Where the comma is a decimal point, cells are divided by semicolons.
    let rows = "id;language;text\r\nA;kk;\"Биыл 312 үй; 18,5 км жол салынды.\"\r\nB;en;This year 312 houses and 18.5 km of road were built.\r\n";
    fs::write(&manifest, format!("\u{feff}{rows}")).unwrap();
    let summary = run_into(&manifest, &out);
    let found: Vec<_> = summary.documents.iter().map(|d| (&*d.id, &*d.lang)).collect();
    assert_eq!(found, [("A", "kk"), ("B", "en")]);
    assert_eq!(summary.pairs.len(), 1);
}

fn with(filters: FilterSettings) -> RunSettings {
    RunSettings {
        filters,
        ..RunSettings::default()
    }
}

/// A crawl with something of everything: pages with furniture, copies, two languages too many, files that cannot be read, manifests with bad
/// rows, a given pair of which one is missing, sentence pairs with rows that every filter means.
fn messy_crawl(folder: &Path) {
    Collection::translations(&Story::made_up(["kk", "en"], 24, 6, 7), 1)
        .with_furniture()
        .write(folder)
        .unwrap();
    let mut written: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    written.sort();
    for (number, path) in written.iter().take(6).enumerate() {
        let text = fs::read_to_string(path).unwrap();
        fs::write(folder.join(format!("copy{number}.txt")), &text).unwrap();
        fs::write(folder.join(format!("near{number}.txt")), text + "…\n").unwrap();
    }
    let ready = "kk\ten\nБиыл 23 мектеп салынды.\tThis year 23 schools were built.\n\
        Биыл 23 мектеп салынды.\tThis year 23 schools were built.\n\
        биыл 23 мектеп салынды!\tThis year 23 schools were built\n\
        Биыл 24 мектеп <b>салынды</b>.\tThis year 25 schools were built.\n\
        The road was closed at night again\tThe road was closed at night again!\n\
        В этом году в области построили двадцать три новые школы и больницу.\tThis year 23 schools were built.\n\
        Ол үй мен ат.\tОл үй мен ат!\nҚыста қар көп жауды.\tThe bank raised its rate.\n\
        Бiлiм.\tEducation is what everybody in the whole world needs most of all.\n\
        \tOnly one side is here.\n<br>\t&nbsp;\n";
    let files: [(&str, &[u8]); 11] = [
        ("ready.tsv", ready.as_bytes()),
        (
            "given.csv",
            "kk,en\ng/k.txt,g/e.txt\ng/k2.txt,g/none.txt\n../x.txt,g/e.txt\n".as_bytes(),
        ),
        ("g/k.txt", "Биыл eлде 312 үй салынды.\n".as_bytes()),
        ("g/e.txt", b"This year 312 houses were built in the country.\n"),
        ("g/k2.txt", "Бiлiм жəне ғылым туралы мәтін.\n".as_bytes()),
        (
            "rows.jsonl",
            "{\"text\":\"Сәлем, бұл мәтін.\",\"lang\":\"kk\"}\n{broken\n{\"x\":1}\n".as_bytes(),
        ),
        (
            "ru.txt",
            "В этом году в области построили двадцать три новые школы и больницу.\n".as_bytes(),
        ),
        ("binary.txt", &[0, 1, 2, 3]),
        ("empty.txt", b""),
        ("picture.jpg", &[0xff, 0xd8]),
        ("README", b"Read me."),
    ];
    for (name, content) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

/// Rows of `left-out.tsv` by stage and reason.
fn reasons_of_rows(out: &Path) -> BTreeMap<String, BTreeMap<String, usize>> {
    let mut counts: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let rows = fs::read_to_string(out.join("left-out.tsv")).unwrap();
    for row in rows.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        *counts
            .entry(cells[0].to_owned())
            .or_default()
            .entry(cells[1].to_owned())
            .or_default() += 1;
    }
    counts
}

/// Every number of a summary is what one counts in the files beside it.
fn assert_adds_up(out: &Path, summary: &Summary) {
    let total = &summary.total;
    let rows = |name: &str| fs::read_to_string(out.join(name)).unwrap().lines().count();
    assert_eq!(rows("bitext.tsv"), 1 + total.bitext);
    assert_eq!(rows("unaligned.tsv"), 1 + total.unaligned);
    assert_eq!(
        rows("alignments.jsonl"),
        total.beads.beads.values().sum::<usize>()
    );
    assert_eq!(reasons_of_rows(out), total.left_out);
    // A row that a filter refused stands there twice.
    let filtered: usize = total.filtered.values().sum();
    assert_eq!(total.beads.two_sided(), total.bitext + filtered);
    for (reason, count) in &total.filtered {
        assert_eq!(total.left_out["filter"][reason], 2 * count, "{reason}");
    }
    let mut sum = PairSummary::default();
    summary.pairs.iter().for_each(|pair| sum.add(&pair.beads));
    summary.bitexts.iter().for_each(|bitext| sum.add(&bitext.beads));
    assert_eq!(
        (&sum.beads, sum.verdicts),
        (&total.beads.beads, total.beads.verdicts)
    );
    // A document has a partner or a reason, and a reason that is a row of its own or of each of its sentences.
    assert_eq!(total.documents, summary.documents.len());
    let paired = summary.documents.iter().filter(|d| d.partner.is_some());
    assert_eq!(paired.count(), 2 * summary.pairs.len());
    assert!(
        summary
            .documents
            .iter()
            .all(|d| d.partner.is_some() != d.reason.is_some())
    );
    assert_eq!(total.pairs, summary.pairs.len());
    assert_eq!(
        total.sentences,
        summary.documents.iter().map(|d| d.sentences).sum::<usize>()
    );
    let beads: usize = total.beads.beads.iter().fold(0, |sum, (kind, count)| {
        let (src, tgt) = kind.split_once('-').unwrap();
        sum + count * (src.parse::<usize>().unwrap() + tgt.parse::<usize>().unwrap())
    });
    let in_pairs = summary
        .documents
        .iter()
        .filter(|d| d.partner.is_some())
        .map(|d| d.sentences);
    let ready = summary.bitexts.iter().flat_map(|bitext| &bitext.beads.beads);
    let ready: usize = ready
        .map(|(kind, count)| count * if kind.contains('0') { 1 } else { 2 })
        .sum();
    assert_eq!(beads, in_pairs.sum::<usize>() + ready);
    // Each input that failed is a row, and each file that was passed over.
    assert_eq!(total.left_out["read"]["unreadable"], total.failed);
    let not_read: usize = total.left_out["read"].values().sum();
    let bare = total.left_out["read"].get("empty").copied().unwrap_or_default();
    assert_eq!(
        not_read,
        total.failed + summary.passed_over.values().sum::<usize>() + bare
    );
    // What cleaning cut out of documents; out of sentence pairs only pieces of tags.
    let mut cleaned: BTreeMap<String, usize> = BTreeMap::new();
    for (rule, count) in summary.documents.iter().flat_map(|d| &d.cleaned) {
        *cleaned.entry(rule.clone()).or_default() += count;
    }
    for (rule, count) in &total.left_out["clean"] {
        let of_rows = if rule == "tag-debris" { 4 } else { 0 };
        assert_eq!(
            cleaned.remove(rule).unwrap_or_default() + of_rows,
            *count,
            "{rule}"
        );
    }
    assert!(cleaned.is_empty(), "{cleaned:?}");
}

#[test]
fn the_report_adds_up_with_the_rows_whatever_is_left_out() {
    let (input, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    messy_crawl(input.path());
    let all = FilterSettings {
        on: Filter::ALL.to_vec(),
        min_confidence: 0.9,
        max_length_ratio: 2.0,
    };
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (filters, mend_letters) in [
        (Profile::Everything.filters(), false),
        (Profile::Balanced.filters(), true),
        (Profile::Strict.filters(), false),
        (all, true),
    ] {
        let settings = RunSettings {
            mend_letters,
            ..with(filters)
        };
        let summary = run_with(input.path(), out.path(), &settings);
        assert_adds_up(out.path(), &summary);
        assert_eq!(summary.total.mended > 0, mend_letters);
        let fresh = tempfile::tempdir().unwrap();
        assert_eq!(run_with(input.path(), fresh.path(), &settings), summary);
        for (reason, count) in summary.total.left_out.values().flatten() {
            *seen.entry(reason.clone()).or_default() += count;
        }
    }
    for reason in [
        "boilerplate",
        "tag-debris",
        "copy",
        "wrong-script",
        "wrong-language",
        "contradiction",
        "duplicate",
        "near-duplicate",
        "duplicate-document",
        "near-duplicate-document",
        "low-confidence",
        "length-ratio",
        "language-ru",
        "empty",
        "unreadable",
        "readme",
        "other-format",
        "no-candidate",
    ] {
        assert!(seen.contains_key(reason), "{reason} is not tried: {seen:?}");
    }
}

#[test]
fn mended_letters_are_in_the_texts_alone() {
    let (input, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let text = "Биыл елде 312 жаңа үй салынды, оның iшiнде 57 мектеп бар.\nБұл – жүз\u{ad}деген адамның ең\u{200b}бегi.\n";
    fs::write(input.path().join("k.txt"), text).unwrap();
    let other = "This year 312 new houses were built in the Сountry, 57 schools among them.\n";
    fs::write(input.path().join("e.txt"), other).unwrap();
    let settings = RunSettings {
        mend_letters: true,
        ..RunSettings::default()
    };
    let plain = run_into(input.path(), out.path());
    let alignments = fs::read(out.path().join("alignments.jsonl")).unwrap();
    let rows = |name: &str| fs::read_to_string(out.path().join(name)).unwrap();
    let before = rows("bitext.tsv");
    assert!(
        before.contains("iшiнде") && before.contains("Сountry"),
        "{before}"
    );
    let summary = run_with(input.path(), out.path(), &settings);
    assert_eq!((plain.total.mended, summary.total.mended), (0, 2));
    let after = rows("bitext.tsv");
    assert!(
        after.contains("оның ішінде 57") && after.contains("the Country"),
        "{after}"
    );
    assert!(rows("unaligned.tsv").contains("Бұл – жүздеген адамның еңбегі."));
    assert!(fs::read(out.path().join("alignments.jsonl")).unwrap() == alignments);
    assert_nothing_lost(input.path(), out.path());
}

#[test]
fn copied_documents_are_left_out_when_asked() {
    let (input, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (name, seed) in [("a", "004"), ("b", "004"), ("c", "003")] {
        let mut all = fs::read_dir(seeds()).unwrap().map(|entry| entry.unwrap());
        let found = all.find(|entry| entry.file_name().to_string_lossy().starts_with(seed));
        fs::copy(found.unwrap().path(), input.path().join(format!("{name}.txt"))).unwrap();
    }
    let summary = run_with(input.path(), out.path(), &with(Profile::Strict.filters()));
    let reasons: Vec<_> = summary.documents.iter().map(|d| d.reason.as_deref()).collect();
    assert_eq!(reasons, [None, Some("duplicate-document"), None]);
    assert_nothing_lost(input.path(), out.path());
}

/// A document in each form in which documents come.
fn forms(id: &str, lines: &[&str]) -> Vec<(String, Vec<u8>)> {
    let escaped: Vec<String> = lines
        .iter()
        .map(|line| line.replace('&', "&amp;").replace('<', "&lt;"))
        .collect();
    let joined = |before: &str, after: &str| {
        escaped
            .iter()
            .map(|line| format!("{before}{line}{after}"))
            .collect::<String>()
    };
    let page = format!(
        "<!DOCTYPE html><html><head><title>Site</title></head><body><nav><a href='/'>Home</a></nav>\
         <div class='post'>{}</div><footer>Footer</footer></body></html>",
        joined("<p>", "</p>\n")
    );
    let word = format!(
        "<?xml version='1.0' encoding='UTF-8'?><w:document xmlns:w='w'><w:body>{}</w:body></w:document>",
        joined("<w:p><w:r><w:t>", "</w:t></w:r></w:p>")
    );
    let package = "<package><manifest><item id='c' href='text/c%201.xhtml' media-type='application/xhtml+xml'/></manifest>\
                   <spine><itemref idref='c'/></spine></package>";
    let chapter = format!(
        "<html><head><title/></head><body>{}</body></html>",
        joined("<p>", "</p>")
    );
    let cues: String = lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let halves = line.split_at(line.find(", ").map_or(line.len(), |at| at + 1));
            format!(
                "{0}\r\n00:00:{0:02},000 --> 00:00:{0:02},900\r\n{1}\r\n<i>{2}</i>\r\n\r\n",
                at + 1,
                halves.0,
                halves.1
            )
        })
        .collect();
    let json = serde_json::json!({"id": format!("{id}.json"), "text": lines.join("\n")}).to_string();
    let named = |ending: &str, bytes: Vec<u8>| (format!("{id}.{ending}"), bytes);
    vec![
        named("txt", lines.join("\n").into_bytes()),
        named("html", page.into_bytes()),
        named(
            "docx",
            archive(&[("_rels/.rels", "<Relationships/>"), ("word/document.xml", &word)]),
        ),
        named(
            "epub",
            archive(&[
                (
                    "META-INF/container.xml",
                    "<container><rootfile full-path='OPS/p.opf'/></container>",
                ),
                ("OPS/p.opf", package),
                ("OPS/text/c 1.xhtml", &chapter),
            ]),
        ),
        named("srt", cues.into_bytes()),
        named("jsonl", json.into_bytes()),
    ]
}

fn archive(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The texts of a run's bitext.
fn texts(out: &Path) -> Vec<(String, String)> {
    let file = fs::File::open(out.join("bitext.tsv")).unwrap();
    let rows = TsvReader::new(std::io::BufReader::new(file)).unwrap();
    rows.map(|row| row.unwrap().record)
        .map(|record| (record.src, record.tgt))
        .collect()
}

#[test]
fn a_document_is_the_same_in_every_form() {
    let kk = [
        "Қасым-Жомарт Тоқаев Талдықорғанға келді, сосын Үшаралға барды.",
        "Биыл облыста 23 мектеп салынды, оған 2,6 млрд теңге жұмсалды.",
        "Келесі жылы тағы 41 мектеп пен 17 балабақша ашылады, деді ол.",
        "«Жер – халықтың байлығы», – деді Президент < & > туралы.",
    ];
    let en = [
        "Kassym-Jomart Tokayev came to Taldykorgan, then went to Usharal.",
        "This year 23 schools were built in the region, 2.6 billion tenge was spent.",
        "Next year another 41 schools and 17 kindergartens will open, he said.",
        "\"Land is the wealth of the people\", the President said about < & >.",
    ];
    let mut expected = None;
    for ((kk_name, kk_bytes), (en_name, en_bytes)) in forms("a-kk", &kk).into_iter().zip(forms("a-en", &en)) {
        let (input, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(input.path().join(&kk_name), kk_bytes).unwrap();
        fs::write(input.path().join(&en_name), en_bytes).unwrap();
        let summary = run_into(input.path(), out.path());
        assert_eq!(summary.pairs.len(), 1, "{kk_name}");
        let found = texts(out.path());
        assert_eq!(found.len(), 4, "{kk_name}");
        assert_eq!(&found, expected.get_or_insert_with(|| found.clone()), "{kk_name}");
        // Spans are of the text that is kept.
        let file = fs::File::open(out.path().join("bitext.tsv")).unwrap();
        for row in TsvReader::new(std::io::BufReader::new(file)).unwrap() {
            let record = row.unwrap().record;
            let document = summary.documents.iter().find(|d| d.id == record.src_doc).unwrap();
            let text = match &document.text {
                Some(kept) => fs::read_to_string(out.path().join(kept)).unwrap(),
                None => fs::read_to_string(input.path().join(&document.id)).unwrap(),
            };
            assert_eq!(record.src_spans[0].of(&text), record.src, "{kk_name}");
        }
    }
}

#[test]
fn sentence_pairs_are_checked_and_filtered_like_others() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = folder.path().join("b.tsv");
    let rows = "en\tkk\tconfidence\nOver 100 schools.\t100-ден астам мектеп.  width=\t0.75\nOver 100 schools.\t200 мектеп.\t0.9\n";
    fs::write(&path, rows).unwrap();
    let summary = run_into(&path, out.path());
    let bitext = fs::read_to_string(out.path().join("bitext.tsv")).unwrap();
    let lines: Vec<Vec<&str>> = bitext
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect())
        .collect();
    let expected = [
        "100-ден астам мектеп.",
        "Over 100 schools.",
        "1-1",
        "agree",
        "b.tsv",
        "b.tsv",
        "",
        "",
    ];
    assert_eq!(
        [&lines[0][..2], &lines[0][3..5], &lines[0][6..]].concat(),
        expected
    );
    assert!(lines[0][5].contains("100-ден = 100"), "{}", lines[0][5]);
    assert_eq!(lines[1][4], "contradict");
    // The figures count, not what the file says.
    let confidence = |line: &[&str]| line[2].parse::<f64>().unwrap();
    assert!(confidence(&lines[0]) > confidence(&lines[1]), "{lines:?}");
    assert_eq!(summary.bitexts[0].beads.verdicts.contradict, 1);
    assert_eq!(
        (
            summary.total.bitext,
            summary.total.left_out["clean"]["tag-debris"]
        ),
        (2, 1)
    );
    let strict = run_with(&path, out.path(), &with(Profile::Strict.filters()));
    assert_eq!(
        (strict.total.bitext, strict.total.filtered["contradiction"]),
        (1, 1)
    );
}

/// Every row of a broken table was in the summary, however many there were.
#[test]
fn a_summary_tells_of_so_many_failures_and_counts_all() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let broken = ROWS_TOLD + 5;
    // Those of the first table left no room for those of others, nor for files.
    for name in ["a.tsv", "b.tsv"] {
        let rows = format!("kk\ten\n100 мектеп\t100 schools\n{}", "alone\n".repeat(broken));
        fs::write(folder.path().join(name), rows).unwrap();
    }
    let gone = format!("path\n{}", "gone.txt\n".repeat(broken));
    fs::write(folder.path().join("m.tsv"), gone).unwrap();
    for number in 0..=ROWS_TOLD {
        fs::write(folder.path().join(format!("{number}.txt")), b"\xff\x01\xfe").unwrap();
    }
    for _ in 0..2 {
        let summary = run_into(folder.path(), out.path());
        let told = |name: &str| {
            let ours = summary
                .failed
                .iter()
                .filter(|failure| failure.input.ends_with(name));
            let lines: Vec<Option<u64>> = ours.map(|failure| failure.line).collect();
            (lines.len(), lines.last().copied().flatten())
        };
        for (name, last) in [("a.tsv", 2), ("b.tsv", 2), ("m.tsv", 1)] {
            assert_eq!(told(name), (ROWS_TOLD, Some(ROWS_TOLD as u64 + last)), "{name}");
        }
        assert_eq!(told(".txt"), (ROWS_TOLD + 1, None));
        let all = 3 * broken + ROWS_TOLD + 1;
        assert_eq!(summary.total.failed, all);
        assert_eq!(summary.total.left_out["read"]["unreadable"], all);
        assert_eq!(reasons_of_rows(out.path())["read"]["unreadable"], all);
    }
}

#[test]
fn datelines_are_told_from_sentences_with_dashes() {
    let cases = include_str!("../cases/corpus/datelines.tsv");
    for line in cases.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [name, marked, place] = cells[..] else {
            panic!("three cells wanted: {line}")
        };
        let before = match place {
            "top" => "Тақырыбы осындай мәтін\n".to_owned(),
            _ => "Бірінші сөйлем осында тұр.\n".repeat(8),
        };
        let text = format!("{before}{}\nСоңғы сөйлем осы.", marked.replace('‖', ""));
        let expected: Vec<_> = marked
            .split_once('‖')
            .map(|(head, _)| ("dateline", head))
            .into_iter()
            .collect();
        let cuts = clean(&text, &Rule::ALL, &Boilerplate::default());
        let found: Vec<_> = cuts
            .iter()
            .map(|cut| (cut.rule.name(), cut.span.of(&text)))
            .collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn letters_come_out_as_they_were_meant() {
    let cases = include_str!("../cases/corpus/letters.tsv");
    for line in cases.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [name, lang, written, meant] = cells.as_slice() else {
            panic!("four cells wanted: {line}")
        };
        let [written, meant] = [written, meant].map(|text| with_characters(text));
        assert_eq!(mend(&written, lang.parse().unwrap()), meant, "{name}");
        assert_eq!(
            mend(&meant, lang.parse().unwrap()),
            meant,
            "{name}: once is enough"
        );
    }
}

/// A text in which `<04D9>` stands for the character of that number.
fn with_characters(text: &str) -> String {
    let mut parts = text.split(['<', '>']);
    let mut out = parts.next().unwrap().to_owned();
    while let (Some(number), Some(rest)) = (parts.next(), parts.next()) {
        out.push(char::from_u32(u32::from_str_radix(number, 16).unwrap()).unwrap());
        out.push_str(rest);
    }
    out
}

/// Counts what a run does.
#[derive(Debug, Default)]
struct Counts {
    read: AtomicUsize,
    aligned: AtomicUsize,
    checked: AtomicUsize,
}

impl Counts {
    /// Documents read, bytes aligned, bytes of sentence pairs looked through.
    fn all(self) -> [usize; 3] {
        [self.read, self.aligned, self.checked].map(AtomicUsize::into_inner)
    }
}

impl Watch for Counts {
    fn event(&self, event: Event<'_>) {
        let (count, more) = match event {
            Event::Read(_) => (&self.read, 1),
            Event::Aligned(bytes) => (&self.aligned, bytes),
            Event::Checked(bytes) => (&self.checked, bytes),
            _ => return,
        };
        count.fetch_add(more, Ordering::Relaxed);
    }
}

/// Changes a file once, when documents that were read are about to be paired.
struct Changes<F: Fn() + Sync> {
    change: F,
    is_changed: AtomicUsize,
}

impl<F: Fn() + Sync> Watch for Changes<F> {
    fn event(&self, event: Event<'_>) {
        if matches!(event, Event::Pairing) && self.is_changed.fetch_add(1, Ordering::Relaxed) == 0 {
            (self.change)();
        }
    }
}

/// What was there no more was remembered as unreadable for good, what was there for a moment as the text of the document, and its partner was lost.
#[test]
fn documents_that_change_while_they_are_worked_on_are_looked_at_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join("in").join(name);
    fs::create_dir(folder.path().join("in")).unwrap();
    let texts = [
        (
            "a.kk.txt",
            "Биыл 283 мектеп салынды. Оған 17,5 млрд теңге кетті.\n",
        ),
        (
            "a.en.txt",
            "This year 283 schools were built. They cost 17.5 billion tenge.\n",
        ),
        ("b.kk.txt", "Ауданда 4671 отбасы тұрады. Оның 912-сі жас.\n"),
        (
            "b.en.txt",
            "The district has 4,671 families. Of them 912 are young.\n",
        ),
    ];
    let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
    let resources = Resources {
        parameters: &Parameters::default(),
        lexicon: &lexicon,
    };
    let settings = RunSettings::default();
    let inputs = [folder.path().join("in")];
    let bitext = |out: &str, watch: &dyn Watch| {
        let out = folder.path().join(out);
        let summary = run(&inputs, &out, &settings, &resources, watch).unwrap();
        (
            summary.total.pairs,
            fs::read_to_string(out.join("bitext.tsv")).unwrap(),
        )
    };
    let write = || texts.iter().for_each(|(name, text)| write_old(&path(name), text));
    write();
    let (pairs, right) = bitext("right", &());
    assert_eq!(pairs, 2);
    let gone = Changes {
        change: || fs::remove_file(path("a.en.txt")).unwrap(),
        is_changed: AtomicUsize::new(0),
    };
    let (pairs, found) = bitext("gone", &gone);
    assert_eq!(pairs, 1);
    assert!(!found.contains("283") && found.contains("912"), "{found}");
    write();
    let (_, found) = bitext("gone", &());
    assert_eq!(found, right);
    let other = Changes {
        change: || fs::write(path("b.en.txt"), "Nothing of the kind was said by anybody here.").unwrap(),
        is_changed: AtomicUsize::new(0),
    };
    let (_, found) = bitext("other", &other);
    assert!(!found.contains("912"), "{found}");
    write();
    let (_, found) = bitext("other", &());
    assert_eq!(found, right);
}

/// Writes a file that looks as if it had been there for an hour.
fn write_old(path: &Path, content: &str) {
    fs::write(path, content).unwrap();
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(3600))
        .unwrap();
}

#[test]
fn nothing_is_done_twice() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = |name: &str| folder.path().join(name);
    let collection = Collection::new(Recipe {
        pairs: 30,
        same_event: 5,
        alone: 5,
        sentences: 14,
        facts: 1,
        dropped: 5,
        seed: 41,
    });
    for (number, document) in collection.documents.iter().enumerate() {
        write_old(&path(&format!("№{number} – жаңалық, 新聞 é.txt")), &document.text);
    }
    write_old(&path("ready.tsv"), "kk\ten\n23 мектеп.\t23 schools.\n");
    let inputs = [folder.path().to_owned(), path("ready.tsv")];
    let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
    let resources = Resources {
        parameters: &Parameters::default(),
        lexicon: &lexicon,
    };
    let run = || {
        let counts = Counts::default();
        let summary = run(&inputs, out.path(), &RunSettings::default(), &resources, &counts).unwrap();
        let compared = fs::metadata(out.path().join(".qostil/compared")).unwrap().len();
        (summary.total.pairs, counts.all(), compared)
    };
    let (pairs, [read, aligned, checked], compared) = run();
    assert_eq!((read, pairs), (collection.documents.len(), 30));
    assert!(aligned > 0 && checked > 0);
    assert_eq!(run(), (pairs, [0; 3], compared));

    write_old(
        &path("тағы.txt"),
        "Бұл құжаттың жұбы жоқ. Оны ешкім аудармаған.\n",
    );
    let (pairs, [read, aligned, _], compared_since) = run();
    assert_eq!((read, aligned, pairs), (1, 0, 30));
    // Keeping a comparison takes 40 bytes at least.
    assert!(compared_since < compared + 5 * 300, "{compared} {compared_since}");

    write_old(&path("ready.tsv"), "kk\ten\n24 мектеп.\t24 schools.\n");
    let (_, [read, aligned, checked], _) = run();
    assert!((read, aligned) == (0, 0) && checked > 0);
}

/// A text with a digit changed after each quarter of it.
fn with_other_figures(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for quarter in 1..4 {
        let from = quarter * bytes.len() / 4;
        if let Some(digit) = bytes[from..].iter_mut().find(|byte| byte.is_ascii_digit()) {
            *digit = b'1' + (*digit - b'0') % 9;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn pairs_with_figures_that_contradict_are_aligned_once() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let collection = Collection::new(Recipe {
        pairs: 12,
        same_event: 0,
        alone: 0,
        sentences: 30,
        facts: 1,
        dropped: 0,
        seed: 43,
    });
    for (number, document) in collection.documents.iter().enumerate() {
        let text = match document.lang {
            "en" => with_other_figures(&document.text),
            _ => document.text.clone(),
        };
        fs::write(folder.path().join(format!("{number}.txt")), text).unwrap();
    }
    let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
    let resources = Resources {
        parameters: &Parameters::default(),
        lexicon: &lexicon,
    };
    let settings = RunSettings {
        learn: false,
        ..RunSettings::default()
    };
    let counts = Counts::default();
    let summary = run(
        &[folder.path().to_owned()],
        out.path(),
        &settings,
        &resources,
        &counts,
    );
    let summary = summary.unwrap();
    let contradictions = summary.pairs.iter().map(|pair| pair.beads.verdicts.contradict);
    assert_eq!(contradictions.min(), Some(3));
    assert!(summary.pairs.len() > 6, "{}", summary.pairs.len());
    assert_eq!(counts.all()[1], 0);
}

#[test]
fn the_output_of_a_run_is_the_input_of_another() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    run_into(&seeds(), first.path());
    for name in ["bitext.tsv", "alignments.jsonl"] {
        run_into(&first.path().join(name), second.path());
        let read = |folder: &tempfile::TempDir| fs::read_to_string(folder.path().join("bitext.tsv")).unwrap();
        let columns = |text: &str| -> Vec<String> {
            let line = |line: &str| {
                let cells: Vec<&str> = line.split('\t').collect();
                // A row is scored for itself, without its neighbours.
                [&cells[..2], &cells[3..4], &cells[6..]].concat().join("\t")
            };
            text.lines().map(line).collect()
        };
        assert_eq!(columns(&read(&second)), columns(&read(&first)), "{name}");
    }
}

/// Two translations of one document, one of which a manifest of documents names as well; and a pair whose columns are swapped.
#[test]
fn a_document_of_two_given_pairs_is_one_document() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("a.txt", &format!("{}\n{}\n50153\n", LINES[0], LINES[2]));
    write("b.txt", &format!("{}\n{}\n", LINES[1], LINES[3]));
    write("c.txt", &format!("{} It was long ago.\n", LINES[1]));
    write("d.txt", &format!("{}\n", LINES[4]));
    write("e.txt", &format!("{}\n", LINES[5]));
    write("f.tsv", "path\turl\na.txt\thttps://example.org/a\n");
    write("g.tsv", "kk\ten\na.txt\tb.txt\na.txt\tc.txt\ne.txt\td.txt\n");
    let summary = run_into(folder.path(), out.path());
    assert_nothing_lost(folder.path(), out.path());
    let partners: Vec<(&str, Option<&str>, Option<&str>)> = summary
        .documents
        .iter()
        .map(|d| (d.id.as_str(), d.partner.as_deref(), d.reason.as_deref()))
        .collect();
    assert_eq!(
        partners,
        [
            ("a.txt", Some("b.txt"), None),
            ("b.txt", Some("a.txt"), None),
            ("c.txt", None, Some("partner-in-another-pair")),
            ("e.txt", Some("d.txt"), None),
            ("d.txt", Some("e.txt"), None),
        ]
    );
    assert_eq!(summary.documents[0].url.as_deref(), Some("https://example.org/a"));
    assert_eq!(summary.total.left_out["read"]["partner-in-another-pair"], 1);
    assert_eq!(summary.total.left_out["pair"]["partner-in-another-pair"], 3);
    assert!(summary.failed.is_empty(), "{:?}", summary.failed);
    let turned = &summary.pairs[1];
    assert_eq!((turned.src.as_str(), turned.tgt.as_str()), ("d.txt", "e.txt"));
    assert!(
        summary.warnings.iter().any(|said| said.contains("turned round")),
        "{:?}",
        summary.warnings
    );
    // With nothing changed the same is said again, from what was read before.
    let again = run_into(folder.path(), out.path());
    assert_eq!(again.documents, summary.documents);
    assert_eq!(again.warnings, summary.warnings);
}

/// Lines that documents are put together from.
const LINES: [&str; 21] = [
    "Биыл облыста 23 мектеп салынды. Оған 2,6 млрд теңге жұмсалды.",
    "This year 23 schools were built in the region. 2.6 billion tenge was spent.",
    "Қасым-Жомарт Тоқаев Талдықорғанға келді.",
    "Kassym-Jomart Tokayev came to Taldykorgan.",
    "«Жер – халықтың байлығы. Оны қорғау керек», – деді Президент.",
    "\"Land is the wealth of the people. It must be protected,\" the President said.",
    "В этом году в области построили двадцать три школы, на это ушло два с половиной миллиарда тенге.",
    "50153",
    "By Asan Usenov",
    "Facebook Twitter Telegram",
    " date 2025-08-14 Мектеп ашылды",
    "Жол жөнделді.  width=",
    "The <b>road</b> was&nbsp;repaired.",
    "Жол жөнделді. <img src=\"a.png\"> Көпір салынды.",
    "",
    "\u{a0}\u{2003}",
    "…",
    "\u{200b}ə\u{ad}\u{301} 🙂 \u{2028} ①",
    "Бүгін жаңа мектеп ашылды\u{7}, оған алты жүз бала барады. \u{1} Ертең жол жөнделеді.",
    "A new school was opened\0 today, and six hundred children will go there.",
    "x",
];

fn document() -> impl Strategy<Value = String> {
    let line = prop_oneof![4 => prop::sample::select(&LINES[..]).prop_map(str::to_owned), 1 => "\\PC{0,30}"];
    prop::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_is_lost_of_any_collection(
        documents in prop::collection::vec(document(), 1..6),
        profile in prop::sample::select(&Profile::ALL[..]),
    ) {
        let (input, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for (number, text) in documents.iter().enumerate() {
            fs::write(input.path().join(format!("{number}.txt")), text).unwrap();
        }
        let settings = RunSettings { filters: profile.filters(), ..RunSettings::default() };
        run_with(input.path(), out.path(), &settings);
        assert_nothing_lost(input.path(), out.path());
    }
}

/// Pieces that broken files are put together from.
const PIECES: [&str; 44] = [
    "<div>",
    "</div>",
    "<p",
    ">",
    "</p>",
    "<td>",
    "</table>",
    "<a href='",
    "'",
    "\"",
    "</a>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<![CDATA[",
    "&nbsp;",
    "&#x110000;",
    "&#0;",
    "&am",
    "<h1>",
    "<article class=\"comments\">",
    "<body",
    "</body></html>",
    "<svg>",
    "<title>",
    "мәтін",
    "Бүгін жаңа мектеп ашылды. ",
    "text",
    "\n",
    "\r\n\r\n",
    "1",
    "00:00:01,000 --> 00:00:02,000",
    "<i>",
    "{\\an8}",
    "- ",
    "<w:p>",
    "<w:t>",
    "</w:t>",
    "</w:p>",
    "</w:document>",
    "\u{feff}",
    "\t",
    "{\"text\":",
];

fn broken_file() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_file_makes_a_reader_panic(content in broken_file(), ending in prop::sample::select(&["html", "srt", "docx", "epub", "txt"][..])) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("a.{ending}"));
        let bytes = match ending {
            "docx" => archive(&[("_rels/.rels", "<Relationships/>"), ("word/document.xml", &format!("<w:document>{content}"))]),
            "epub" => archive(&[
                ("META-INF/container.xml", "<container><rootfile full-path='p.opf'/></container>"),
                ("p.opf", "<item id='c' href='c' media-type='text/html'/><itemref idref='c'/>"),
                ("c", &content),
            ]),
            _ => content.into_bytes(),
        };
        fs::write(&path, bytes).unwrap();
        if let Ok(reading) = read_file(&path, "a", None, &ReadingSettings::default()) {
            for sentence in &reading.document.sentences {
                prop_assert!(!sentence.span.of(&reading.document.text).is_empty());
            }
        }
    }

    #[test]
    fn no_table_makes_a_run_panic(
        lines in prop::collection::vec((prop::sample::select(&["path", "text", "id", "kk", "en", "lang", "a.txt", "../a", "{\"text\":\"мәтін\"}", "{}", "\"", "x"][..]), 0..3_usize), 0..12),
        ending in prop::sample::select(&["tsv", "csv", "jsonl", "tmx"][..]),
    ) {
        let (input, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(input.path().join("a.txt"), "Бүгін жаңа мектеп ашылды.").unwrap();
        let text: String = lines.iter().map(|(cell, join)| format!("{cell}{}", ["\t", ",", "\n"][*join])).collect();
        fs::write(input.path().join(format!("m.{ending}")), text).unwrap();
        run_into(input.path(), out.path());
        let _ = try_run(&input.path().join(format!("m.{ending}")), out.path(), &RunSettings::default());
    }
}
