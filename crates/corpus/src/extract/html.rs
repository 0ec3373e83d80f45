//! Web pages and chapters of books: the blocks of text, and which of them are what the page is about.
//!
//! Tags are read by `html5gum`, which knows HTML's tokens and references; no tree is built. What remains of structure is enough
//! for one rule: the main text is the smallest element that holds most of the page's *running* text (long blocks that are
//! no links), less menus, comments and whatever else `page-debris.tsv` names, less blocks that are mostly links.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use html5gum::{DefaultEmitter, EndTag, StartTag, Token, Tokenizer};
use rustc_hash::{FxHashMap, FxHashSet};

/// The main text of a page, one block a line, headline first.
pub(super) fn main_text(page: &str) -> String {
    let mut builder = Builder::default();
    builder.read(page, false);
    builder.choose()
}

/// All text of an XHTML file, one block a line.
pub(super) fn whole_text(chapter: &str) -> String {
    let mut builder = Builder::default();
    builder.read(chapter, true);
    let mut out = String::new();
    builder
        .blocks
        .iter()
        .for_each(|block| push(&mut out, &block.text));
    out
}

fn push(out: &mut String, line: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(line);
}

/// How an element stands to what the page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Nothing says.
    Any,
    /// It is marked as the page's article.
    Article,
    /// It is marked as what is no menu, header or footer.
    Main,
    /// It stands beside the main text by its kind.
    Beside,
    /// It is called as parts beside the main text are.
    CalledBeside,
    /// Its text is never shown.
    Hidden,
}

/// What the table says of names.
struct Debris {
    elements: FxHashMap<&'static str, Part>,
    classes: FxHashSet<&'static str>,
}

static DEBRIS: LazyLock<Debris> = LazyLock::new(|| {
    let mut debris = Debris {
        elements: FxHashMap::default(),
        classes: FxHashSet::default(),
    };
    for (kind, name) in entries() {
        match kind {
            "hidden" => drop(debris.elements.insert(name, Part::Hidden)),
            "element" => drop(debris.elements.insert(name, Part::Beside)),
            _ => drop(debris.classes.insert(name)),
        }
    }
    debris
});

fn entries() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = qostil_data::corpus::PAGE_DEBRIS.lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
}

/// Elements that hold blocks: from these the main text is chosen.
fn holds_blocks(name: &str) -> bool {
    matches!(
        name,
        "html"
            | "body"
            | "main"
            | "article"
            | "section"
            | "div"
            | "header"
            | "td"
            | "th"
            | "center"
            | "blockquote"
            | "figure"
            | "ul"
            | "ol"
    )
}

/// Elements that begin and end a line.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "li"
            | "dl"
            | "dt"
            | "dd"
            | "tr"
            | "table"
            | "tbody"
            | "thead"
            | "caption"
            | "figcaption"
            | "pre"
            | "br"
            | "hr"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "address"
            | "summary"
            | "details"
            | "fieldset"
            | "legend"
            | "option"
    )
}

/// Elements that have no end tag.
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "hr"
            | "img"
            | "input"
            | "meta"
            | "link"
            | "area"
            | "base"
            | "col"
            | "embed"
            | "source"
            | "track"
            | "wbr"
    )
}

struct Element {
    name: String,
    parent: Option<usize>,
    part: Part,
}

struct Block {
    element: usize,
    text: String,
    /// How many of its bytes stand in links.
    linked: usize,
    is_headline: bool,
}

impl Block {
    fn is_link(&self) -> bool {
        self.linked * 2 > self.text.len()
    }

    /// Bytes of running text.
    fn running(&self) -> usize {
        if self.text.len() >= LONG && self.linked * 3 < self.text.len() {
            self.text.len()
        } else {
            0
        }
    }
}

/// Fewest bytes of a block that is taken for running text.
const LONG: usize = 80;

/// Reads tags and keeps what is needed of them. Time and memory are linear in the page.
#[derive(Default)]
struct Builder {
    elements: Vec<Element>,
    open: Vec<usize>,
    /// How many elements of each name are open, so that an end tag without a beginning costs nothing.
    counts: BTreeMap<String, usize>,
    hidden: usize,
    blocks: Vec<Block>,
    text: String,
    linked: usize,
    /// How many elements were open where the link began that is open.
    link: Option<usize>,
    is_headline: bool,
}

impl Builder {
    fn read(&mut self, page: &str, is_xml: bool) {
        self.begin("html", Part::Any);
        let mut emitter = DefaultEmitter::default();
        // In XHTML a `<script/>` is over at once, and text in it is text to the tokenizer.
        emitter.naively_switch_states(!is_xml);
        for Ok(token) in Tokenizer::new_with_emitter(page, emitter) {
            match token {
                Token::StartTag(tag) => self.start(&tag, is_xml),
                Token::EndTag(EndTag { name, .. }) => self.end(&String::from_utf8_lossy(&name)),
                Token::String(text) => self.add(&String::from_utf8_lossy(&text)),
                _ => {}
            }
        }
        // What stands before something hidden that was never closed is shown.
        while self.hidden > 0 {
            self.close();
        }
        self.flush();
    }

    fn begin(&mut self, name: &str, part: Part) {
        let parent = self.open.last().copied();
        self.open.push(self.elements.len());
        *self.counts.entry(name.to_owned()).or_default() += 1;
        self.hidden += usize::from(part == Part::Hidden);
        self.elements.push(Element {
            name: name.to_owned(),
            parent,
            part,
        });
    }

    fn start(&mut self, tag: &StartTag<()>, is_xml: bool) {
        let name = String::from_utf8_lossy(&tag.name);
        let name = name.as_ref();
        if name == "a" {
            self.link = Some(self.open.len());
            return;
        }
        let known = DEBRIS.elements.get(name).copied();
        if known.is_none() && !holds_blocks(name) && !is_block(name) {
            return;
        }
        let part = known.unwrap_or_else(|| part_of(name, tag));
        // What is never shown may stand inside a line.
        if self.hidden == 0 && part != Part::Hidden {
            self.flush();
            self.is_headline = name == "h1";
        }
        match name {
            // What stands open before the body was left open by mistake, a `<head>` above all.
            "body" => {
                while self.open.len() > 1 {
                    self.close();
                }
            }
            "td" | "th" => {
                let is_cell = |at: &usize| matches!(self.elements[*at].name.as_str(), "td" | "th");
                if self.open.last().is_some_and(is_cell) {
                    self.close();
                }
            }
            _ => {}
        }
        let is_over = is_void(name) || (is_xml && tag.self_closing);
        if !is_over && (known.is_some() || holds_blocks(name)) {
            self.begin(name, part);
        }
    }

    fn end(&mut self, name: &str) {
        if name == "a" {
            self.link = None;
        } else if self.counts.get(name).is_some_and(|&count| count > 0) {
            if self.hidden == 0 {
                self.flush();
            }
            while let Some(&last) = self.open.last() {
                let is_it = self.elements[last].name == name;
                self.close();
                if is_it {
                    break;
                }
            }
            // Nothing is shown after the end of all.
            if self.open.is_empty() {
                self.begin("html", Part::Any);
            }
        } else if is_block(name) && self.hidden == 0 {
            self.flush();
            self.is_headline = false;
        }
    }

    fn close(&mut self) {
        let Some(last) = self.open.pop() else { return };
        let element = &self.elements[last];
        self.hidden -= usize::from(element.part == Part::Hidden);
        if let Some(count) = self.counts.get_mut(&element.name) {
            *count -= 1;
        }
        // A link that was never closed ends with the element it began in.
        if self.link.is_some_and(|depth| depth > self.open.len()) {
            self.link = None;
        }
    }

    /// Adds text to the open block; white space is made even.
    fn add(&mut self, text: &str) {
        if self.hidden > 0 {
            return;
        }
        let before = self.text.len();
        for c in text.chars() {
            if c.is_ascii_whitespace() {
                if !self.text.is_empty() && !self.text.ends_with(' ') {
                    self.text.push(' ');
                }
            } else if !c.is_control() {
                self.text.push(c);
            }
        }
        if self.link.is_some() {
            self.linked += self.text.len() - before;
        }
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        let linked = std::mem::take(&mut self.linked);
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        self.blocks.push(Block {
            element: self.open.last().copied().unwrap_or(0),
            text: text.to_owned(),
            linked,
            is_headline: self.is_headline,
        });
    }

    /// Running text of each element with all that is in it, of blocks that `counts` lets in.
    fn running(&self, counts: impl Fn(&Block) -> usize) -> Vec<usize> {
        let mut running = vec![0; self.elements.len()];
        for block in &self.blocks {
            running[block.element] += counts(block);
        }
        // Elements stand after those they are in.
        for at in (0..self.elements.len()).rev() {
            if let Some(parent) = self.elements[at].parent {
                running[parent] += running[at];
            }
        }
        running
    }

    /// For each element whether `is` holds of it or of one it is in.
    fn within(&self, is: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut found: Vec<bool> = Vec::with_capacity(self.elements.len());
        for (at, element) in self.elements.iter().enumerate() {
            found.push(is(at) || element.parent.is_some_and(|parent| found[parent]));
        }
        found
    }

    /// The main text.
    fn choose(&self) -> String {
        let all = self.running(Block::running);
        let total: usize = self.blocks.iter().map(Block::running).sum();
        let beside = self.within(|at| match self.elements[at].part {
            Part::Beside | Part::Hidden => true,
            // Who holds nearly all there is to read is misnamed.
            Part::CalledBeside => all[at] * 5 < total * 4 || total == 0,
            Part::Any | Part::Article | Part::Main => false,
        });
        let running = self.running(|block| if beside[block.element] { 0 } else { block.running() });
        let total: usize = self
            .blocks
            .iter()
            .filter(|b| !beside[b.element])
            .map(Block::running)
            .sum();
        // What is marked as the article goes before the rest of the page, if it is a good part of it.
        let marked = |part: Part| {
            let is_it = |&at: &usize| self.elements[at].part == part && running[at] * 5 >= total * 2;
            (0..self.elements.len())
                .filter(is_it)
                .max_by_key(|&at| (running[at], std::cmp::Reverse(at)))
        };
        let article = marked(Part::Article).or_else(|| marked(Part::Main));
        let inside = self.within(|at| article.is_none_or(|article| at == article));
        let most = article.map_or(total, |article| running[article]);
        // Elements with so much of it lie one in the other, so the last is the innermost.
        let main =
            (0..self.elements.len()).rfind(|&at| inside[at] && most > 0 && running[at] * 10 >= most * 7);
        let in_main = self.within(|at| main.is_none_or(|main| at == main));
        let is_kept = |block: &Block| {
            in_main[block.element] && !beside[block.element] && (block.is_headline || !block.is_link())
        };
        let mut out = String::new();
        let first = self.blocks.iter().position(is_kept).unwrap_or(self.blocks.len());
        if !self
            .blocks
            .iter()
            .any(|block| block.is_headline && is_kept(block))
        {
            let headline = |block: &&Block| block.is_headline && !beside[block.element];
            if let Some(headline) = self.blocks[..first].iter().rfind(headline) {
                push(&mut out, &headline.text);
            }
        }
        self.blocks
            .iter()
            .filter(|block| is_kept(block))
            .for_each(|block| push(&mut out, &block.text));
        out
    }
}

/// What name and attributes say of an element that holds blocks.
fn part_of(name: &str, tag: &StartTag<()>) -> Part {
    let attribute = |name: &[u8]| {
        tag.attributes
            .get(name)
            .map(|value| String::from_utf8_lossy(value).into_owned())
    };
    let is_styled_away =
        attribute(b"style").is_some_and(|style| style.replace(' ', "").contains("display:none"));
    if attribute(b"hidden").is_some() || is_styled_away {
        return Part::Hidden;
    }
    if name == "article"
        || attribute(b"itemprop").is_some_and(|what| what.eq_ignore_ascii_case("articleBody"))
    {
        return Part::Article;
    }
    if name == "main" || attribute(b"role").is_some_and(|role| role == "main") {
        return Part::Main;
    }
    let names = [attribute(b"class"), attribute(b"id")];
    let is_called = names
        .iter()
        .flatten()
        .any(|names| words(names).any(|word| DEBRIS.classes.contains(word.as_str())));
    if is_called && !matches!(name, "html" | "body") {
        Part::CalledBeside
    } else {
        Part::Any
    }
}

/// The words that names such as `post-comments`, `post_comments` and `postComments` are made of, in lower case.
fn words(names: &str) -> impl Iterator<Item = String> {
    let mut parted = String::with_capacity(names.len() + 8);
    let mut was_lower = false;
    for c in names.chars() {
        if was_lower && c.is_ascii_uppercase() {
            parted.push(' ');
        }
        was_lower = c.is_ascii_lowercase();
        parted.push(if c.is_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            ' '
        });
    }
    let words: Vec<String> = parted
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str = "<p>Биыл облыста жиырма үш жаңа мектеп салынды, оған екі миллиардтан астам теңге жұмсалды.</p>\
                         <p>Тағы он мектептің құрылысы келесі жылдың қыркүйек айында аяқталады деп күтілуде.</p>";

    #[test]
    fn a_page_of_news_gives_its_story() {
        let page = format!(
            "<!DOCTYPE html><html><head><title>Сайт</title><style>p {{}}</style></head><body class='has-sidebar'>\
             <header><a href='/'>Басты бет</a></header><nav><ul><li><a href='/a'>Саясат</a><li><a href='/b'>Спорт</a></ul></nav>\
             <h1>Мектептер&nbsp;салынды</h1><div class=row><div id=content><div class=news__body>{STORY}<p>Соңы.<br>Бәрі.</p>\
             <ul class='post-share'><li>Бөлісу</ul><script>var x = '<p>no</p>';</script></div></div>\
             <div class=\"relatedNews\">{STORY}</div></div><footer>© 2025 Барлық құқықтар қорғалған</footer>"
        );
        let text = main_text(&page);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 5, "{text}");
        assert_eq!(
            (lines[0], lines[3], lines[4]),
            ("Мектептер\u{a0}салынды", "Соңы.", "Бәрі.")
        );
    }

    #[test]
    fn a_page_of_few_words_is_kept_whole() {
        let page = "<h1>Бір</h1><p>Екі <b>үш</b>\n төрт &amp; бес.</p><table><tr><td>алты<td>жеті</table>";
        assert_eq!(main_text(page), "Бір\nЕкі үш төрт & бес.\nалты\nжеті");
        assert_eq!(main_text("<html><body><img src=a.png></body></html>"), "");
    }

    #[test]
    fn the_article_goes_before_long_comments() {
        let page = format!("<body><article><h1>Тақырып</h1>{STORY}</article><div class=below>{STORY}</div>");
        assert_eq!(main_text(&page).lines().count(), 3);
        let nested = format!("<main><article>{STORY}</article><div>{STORY}</div></main>");
        assert_eq!(main_text(&nested).lines().count(), 2);
    }

    #[test]
    fn each_name_fires() {
        for (kind, name) in entries() {
            let part = match kind {
                "hidden" | "element" => format!("<{name}>Артық мәтін</{name}>"),
                "class" => format!(
                    "<div class='x {name}-list'>Артық мәтін</div><div id='the_{name}'>Артық мәтін</div>"
                ),
                other => panic!("{other} is no kind"),
            };
            let page = format!("<html><body>{part}<div>{STORY}</div></body></html>");
            assert_eq!(main_text(&page).lines().count(), 2, "{kind} {name}");
            let wrapped = format!("<html><body><div>{part}{STORY}</div></body></html>");
            assert!(!main_text(&wrapped).contains("Артық"), "{kind} {name}");
        }
    }

    #[test]
    fn a_misnamed_element_is_believed_to_be_the_story() {
        let page = format!("<body><div class='widget'>{STORY}</div></body>");
        assert_eq!(main_text(&page).lines().count(), 2);
    }

    #[test]
    fn soup_costs_no_more_than_its_length() {
        let deep = "<div>".repeat(100_000) + "мәтін" + &"</section>".repeat(100_000);
        assert_eq!(main_text(&deep), "мәтін");
        assert_eq!(
            main_text(&"</div></body></html>б ".repeat(50_000))
                .lines()
                .count(),
            50_000
        );
    }

    /// The line in which a script began that was never closed was lost, and with it a page of one line.
    #[test]
    fn a_script_without_end_hides_what_follows_and_nothing_before() {
        assert_eq!(
            main_text("<body><p>Бірінші жол.</p><p>Екінші жол.<script>var x = 1;"),
            "Бірінші жол.\nЕкінші жол."
        );
    }

    #[test]
    fn a_chapter_is_taken_whole() {
        let chapter = "<html><head><title/><script src='a.js'/></head><body><div/><nav><p>Бір</p></nav><p>Екі</p></body></html>";
        assert_eq!(whole_text(chapter), "Бір\nЕкі");
    }
}
