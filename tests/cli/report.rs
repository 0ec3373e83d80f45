//! `qostil report`: one file, the same every time, with nothing of a document outside its data. What people do with it is tried in
//! a real browser by `tests/browser/run`.

use std::fs;

use crate::{qostil, seed_folder, text};

#[test]
fn a_page_is_one_file_without_addresses() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = qostil(
        folder.path(),
        &["run", "-q", "-o", "run", &seed_folder().to_string_lossy()],
    );
    assert!(run.status.success());
    for name in ["a.html", "b.html"] {
        let made = qostil(folder.path(), &["report", "run", "-o", name]);
        assert!(made.status.success(), "{}", text(&made.stderr));
    }
    let page = fs::read_to_string(folder.path().join("a.html")).expect("a page");
    assert_eq!(
        page,
        fs::read_to_string(folder.path().join("b.html")).expect("a page")
    );
    for outside in [
        "src=",
        "href=\"http",
        "@import",
        "url(",
        "fetch(",
        "XMLHttpRequest",
        "innerHTML",
    ] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("003_9a5133ad0e34a6fe.txt"));
}

#[test]
fn hostile_text_is_data_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let row = "kk\ten\n</script><script>alert(1)</script>\t<img src=x onerror=alert(1)>&amp;\u{2028}\n";
    fs::write(folder.path().join("bad.tsv"), row).expect("a file");
    let made = qostil(folder.path(), &["report", "bad.tsv"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let page = text(&made.stdout);
    assert!(!page.contains("<script>alert") && !page.contains("<img"));
    assert_eq!(page.matches("</script>").count(), 2);
}

#[test]
fn what_is_no_run_is_wrong_use() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("empty")).expect("a folder");
    assert_eq!(qostil(folder.path(), &["report", "empty"]).status.code(), Some(2));
    assert_eq!(
        qostil(folder.path(), &["report", "nothing.tsv"]).status.code(),
        Some(3)
    );
}
