"""What qostil writes, read by the programs that will read it; what they write, read by qostil.

usage: check.py QOSTIL [PROGRAM THAT IS NOT THERE…]
"""

import csv
import gzip
import json
import subprocess
import sys
import tempfile
from pathlib import Path

QOSTIL = sys.argv[1]
MISSING = sys.argv[2:]
HERE = Path(__file__).parent
HEADER = "kk en confidence bead verdict evidence kk_doc en_doc kk_span en_span".split()

# Texts that a format or reader has tripped over somewhere; the JSONL they start from holds all of them.
AWKWARD = [
    ("Бірінші сөйлем.", "First sentence."),
    ("«Қос тіл» – \"екі\" тіл, 'солай'.", "\"Two\" tongues, 'so'."),
    ("2 < 3 & 4 > 3 ]]> &lt;", "<b>&amp;</b>"),
    ("=1+2", "+1"),
    ("@SUM(1)", "-x"),
    ("1.50", "007"),
    ("  бос орын  ", " x "),
    ("табуляция\tжәне\nжол\r\nсоңы", "tab\tand\u2028line\u0085end\x0b!"),
    ("a\x01b\x1fc", "\ufffe control"),
    ("😀 e\u0301 \u200b\ufeff", "emoji 😀"),
    ("_x0041_ \\n \\t", "NULL"),
    ("", "one-sided"),
]


def python_line_ends(text):
    return " ".join(text.splitlines()).replace("\t", " ") if text.splitlines() else text


def qostil(*arguments):
    done = subprocess.run([QOSTIL, "convert", *map(str, arguments)], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise SystemExit(f"qostil convert {arguments}: {done.stderr}")
    return done.stderr


def xml_text(text):
    return "".join(c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff")


def rows():
    for number, (kk, en) in enumerate(AWKWARD):
        yield {
            "kk": kk,
            "en": en,
            "confidence": round(0.9 + number / 1000, 4),
            "bead": "1-1",
            "verdict": "none",
            "kk_doc": "a.kk",
            "en_doc": "a.en",
            "kk_span": f"{number}-{number + 1}",
            "en_span": f"{number}-{number + 2}",
        }


def tsv(path):
    lines = path.read_text(encoding="utf-8").split("\n")
    assert lines[-1] == "", "the last line ends"
    table = [line.split("\t") for line in lines[:-1]]
    assert all(len(row) == len(table[0]) for row in table), "as many cells in every row"
    return [dict(zip(table[0], row)) for row in table[1:]]


def check_tsv(folder, source):
    said = qostil(source, folder / "a.tsv")
    assert "made spaces" in said, said
    read = tsv(folder / "a.tsv")
    assert list(read[0]) == HEADER
    with open(folder / "a.tsv", encoding="utf-8") as file:
        assert len(file.read().splitlines()) == len(AWKWARD) + 1
    with open(folder / "a.tsv", encoding="utf-8", newline="") as file:
        again = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert [row[0] for row in again[1:]] == [row["kk"] for row in read]


def check_moses(folder, source):
    qostil(source, folder / "a.kk-en")
    for side in ("kk", "en"):
        path = folder / f"a.kk-en.{side}"
        counted = int(subprocess.run(["wc", "-l", path], capture_output=True, text=True).stdout.split()[0])
        assert counted == len(path.read_text(encoding="utf-8").splitlines()) == len(AWKWARD)


def check_jsonl(folder, source):
    qostil("--to", "translation", source, folder / "t.jsonl")
    with open(folder / "t.jsonl", encoding="utf-8") as file:
        read = [json.loads(line) for line in file]
    assert [(row["translation"]["kk"], row["translation"]["en"]) for row in read] == AWKWARD
    qostil(folder / "t.jsonl", folder / "back.jsonl")
    assert (folder / "back.jsonl").read_bytes() == source.read_bytes()


def check_csv(folder, source):
    qostil(source, folder / "a.csv")
    with open(folder / "a.csv", encoding="utf-8", newline="") as file:
        assert [(row["kk"], row["en"]) for row in csv.DictReader(file)] == AWKWARD


def check_tmx(folder, source):
    from lxml import etree
    from translate.storage.tmx import tmxfile

    qostil(source, folder / "a.tmx")
    tree = etree.parse(str(folder / "a.tmx"))
    with open(HERE / "tmx14.dtd", encoding="utf-8") as file:
        dtd = etree.DTD(file)
    assert dtd.validate(tree), dtd.error_log
    wanted = [(xml_text(kk), xml_text(en)) for kk, en in AWKWARD]
    segments = [tuple(seg.text or "" for seg in unit.iter("seg")) for unit in tree.iter("tu")]
    assert segments == wanted, segments
    with open(folder / "a.tmx", "rb") as file:
        units = tmxfile(file, "kk", "en").units
    assert len(units) == len(AWKWARD)
    assert (units[0].source, units[0].target) == AWKWARD[0]

    made = tmxfile(inputfile=None, sourcelanguage="en", targetlanguage="kk")
    made.addtranslation("First & <b>", "en", "Бірінші", "kk", comment="a note")
    made.savefile(str(folder / "toolkit.tmx"))
    qostil(folder / "toolkit.tmx", folder / "toolkit.tsv")
    row = tsv(folder / "toolkit.tsv")[0]
    assert (row["kk"], row["en"]) == ("Бірінші", "First & <b>"), row


def check_parquet(folder, source):
    import duckdb
    import pyarrow
    import pyarrow.parquet as parquet

    qostil(source, folder / "a.parquet")
    table = parquet.read_table(folder / "a.parquet")
    assert list(zip(table["kk"].to_pylist(), table["en"].to_pylist())) == AWKWARD
    assert table.schema.field("kk").type == pyarrow.string() and table.schema.field("confidence").type == pyarrow.float64()
    found = duckdb.sql(f"select count(*), max(confidence) from '{folder / 'a.parquet'}'").fetchall()[0]
    assert found[0] == len(AWKWARD), found
    nested = pyarrow.table({"id": [1, 2], "translation": [{"kk": "бір", "en": "one"}, {"kk": "екі", "en": None}]})
    for codec in ("snappy", "zstd"):
        parquet.write_table(nested, folder / "nested.parquet", compression=codec)
        qostil(folder / "nested.parquet", folder / "nested.tsv")
        assert [(row["kk"], row["en"], row["id"]) for row in tsv(folder / "nested.tsv")] == [("бір", "one", "1"), ("екі", "", "2")]


def check_xlsx(folder, source):
    import openpyxl

    qostil(source, folder / "a.xlsx")
    sheet = openpyxl.load_workbook(folder / "a.xlsx").active
    # `_x005F_` is how a sheet writes the underscore of a literal `_x0041_`; openpyxl leaves it in inline strings, Excel does not.
    read = [tuple((cell or "").replace("_x005F_", "_") for cell in row[:2]) for row in sheet.iter_rows(min_row=2, values_only=True)]
    wanted = [tuple(xml_text(text).replace("\r\n", "\n") for text in pair) for pair in AWKWARD]
    assert read == wanted, [pair for pair in zip(read, wanted) if pair[0] != pair[1]]
    cell = sheet["A5"]
    assert cell.value == "=1+2" and cell.data_type == "s" and cell.quotePrefix, "text, not a formula"

    book = openpyxl.Workbook()
    book.active.append(["kk", "en", "comment"])
    book.active.append(["бір", "one", "good"])
    book.save(folder / "reviewed.xlsx")
    qostil(folder / "reviewed.xlsx", folder / "reviewed.tsv")
    assert tsv(folder / "reviewed.tsv")[0]["comment"] == "good"


def check_xces(folder, source):
    from opustools.parse.alignment_parser import AlignmentParser

    (folder / "s.kk").write_text("бір\nекі\nүш\n", encoding="utf-8")
    (folder / "s.en").write_text("one\ntwo three\n", encoding="utf-8")
    (folder / "links.vecalign").write_text("[0]:[0]:0.1\n[1, 2]:[1]:0.2\n", encoding="utf-8")
    texts = ["--src", folder / "s.kk", "--tgt", folder / "s.en"]
    qostil(folder / "links.vecalign", folder / "links.tsv", *texts)
    qostil(folder / "links.tsv", folder / "links.xces", *texts)
    with open(folder / "links.xces", "rb") as file:
        links, _, _, _, src_doc, tgt_doc, _ = AlignmentParser(file).collect_links()
    assert (src_doc, tgt_doc) == ("s.kk", "s.en"), (src_doc, tgt_doc)
    assert links == [("1", "1"), ("2 3", "2")], links


# Pairs that the filters are sure about: good ones, and what each must reject.
FILTERED = [
    ("Президент бүгін облыс орталығында жаңа зауытты ашты.", "The president opened a new plant in the regional centre today."),
    ("Зауытта екі жүзге жуық адам тұрақты жұмыс істейді.", "About two hundred people have permanent jobs at the plant."),
    ("Өңірде «тоқсан» деген сөздің екі мағынасы бар.", "In this region the word \"toqsan\" has two meanings."),
    ("Қысқа.", "A far longer sentence that says many things which the short one on the other side never said at all, not even once."),
    ("12 34 56 78 90 12 34 56", "!!! ??? ... ;;; ::: ### $$$ %%%"),
]


def filtered(folder):
    """The bitext as JSONL."""
    path = folder / "filtered.jsonl"
    with open(path, "w", encoding="utf-8") as file:
        for kk, en in FILTERED:
            file.write(json.dumps({"kk": kk, "en": en}, ensure_ascii=False) + "\n")
    return path


def check_opusfilter(folder, _):
    source = filtered(folder)
    qostil(source, folder / "of.kk-en")
    steps = {
        "common": {"output_directory": str(folder)},
        "steps": [
            {
                "type": "filter",
                "parameters": {
                    "inputs": ["of.kk-en.kk", "of.kk-en.en"],
                    "outputs": ["kept.kk", "kept.en"],
                    "filters": [
                        {"LengthFilter": {"unit": "word", "min_length": 1, "max_length": 100}},
                        {"LengthRatioFilter": {"unit": "word", "threshold": 4}},
                        {"AlphabetRatioFilter": {"threshold": 0.6}},
                    ],
                },
            },
            {"type": "score", "parameters": {"inputs": ["of.kk-en.kk", "of.kk-en.en"], "output": "scores.jsonl", "filters": [{"LengthRatioFilter": {}}]}},
        ],
    }
    with open(folder / "opusfilter.yaml", "w", encoding="utf-8") as file:
        json.dump(steps, file, ensure_ascii=False)
    program = Path(sys.executable).with_name("opusfilter")
    done = subprocess.run([program, folder / "opusfilter.yaml"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert len((folder / "scores.jsonl").read_text(encoding="utf-8").splitlines()) == len(FILTERED)
    # What OpusFilter wrote is read again.
    qostil(folder / "kept.kk", folder / "kept.tsv")
    kept = [(row["kk"], row["en"]) for row in tsv(folder / "kept.tsv")]
    assert kept == FILTERED[:3], kept


def check_hardrules(folder, _):
    source = filtered(folder)
    qostil(source, folder / "hr.sent")
    qostil(source, folder / "hr.tsv")
    # The language models are no part of the rules, and cannot be had from PyPI.
    without_models = (
        "import sys, types\n"
        "for name in ('fastspell', 'fasttext', 'kenlm'):\n"
        "    module = types.ModuleType(name)\n"
        "    module.FastSpell = module.Model = None\n"
        "    module.FastText = types.SimpleNamespace()\n"
        "    sys.modules[name] = module\n"
        "from hardrules.bicleaner_hardrules import main\n"
        "main()\n"
    )
    options = "-s kk -t en --disable_lang_ident --disable_lm_filter --disable_porn_removal --annotated_output -p 1 -q".split()
    for name, columns in (("hr.sent", ("3", "4")), ("hr.tsv", ("1", "2"))):
        lines = (folder / name).read_text(encoding="utf-8").split("\n")
        (folder / "body").write_text("\n".join(lines[1:]), encoding="utf-8")
        command = [sys.executable, "-c", without_models, folder / "body", folder / "judged", *options, "--scol", columns[0], "--tcol", columns[1]]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        judged = (folder / "judged").read_text(encoding="utf-8").splitlines() if (folder / "judged").is_file() else []
        assert len(judged) == len(FILTERED), done.stderr
        verdicts = [line.split("\t")[-1] for line in judged]
        assert verdicts[:3] == ["keep"] * 3 and "keep" not in verdicts[3:], verdicts
        # Its output, the input's columns and its own two, is read again.
        (folder / "judged.sent").write_text(lines[0] + "\tkeep\treason\n" + "\n".join(judged) + "\n", encoding="utf-8")
        qostil(folder / "judged.sent", folder / "judged.tsv")
        read = tsv(folder / "judged.tsv")
        assert [(row["kk"] if "kk" in row else row["src"]) for row in read] == [kk for kk, _ in FILTERED]
        assert [row["reason"] for row in read] == verdicts


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "source.jsonl"
        with open(source, "w", encoding="utf-8") as file:
            for row in rows():
                ordered = {key: row[key] for key in ("kk", "en", "confidence", "bead", "verdict", "kk_doc", "kk_span", "en_doc", "en_span")}
                file.write(json.dumps(ordered, ensure_ascii=False, separators=(",", ":")) + "\n")
        # The bytes that qostil itself writes, since escapes may be written in two ways.
        qostil(source, folder / "own.jsonl")
        with open(folder / "own.jsonl", encoding="utf-8") as file:
            assert [(row["kk"], row["en"]) for row in map(json.loads, file)] == AWKWARD
        source = folder / "own.jsonl"
        checks = (check_tsv, check_moses, check_jsonl, check_csv, check_tmx, check_parquet, check_xlsx, check_xces, check_opusfilter, check_hardrules)
        for check in checks:
            name = check.__name__.removeprefix("check_")
            if name in MISSING:
                print(f"skipped {name}: it is not installed")
                continue
            check(folder, source)
            print(f"ok {name}", flush=True)
        qostil(folder / "a.tsv", folder / "a.tsv.gz")
        assert gzip.open(folder / "a.tsv.gz").read() == (folder / "a.tsv").read_bytes()
        print("ok gzip")


main()
