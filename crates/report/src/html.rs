//! From data to one HTML file.

use crate::Page;

const TEMPLATE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/style.css");
/// In the order in which they build on each other.
const SCRIPTS: [&str; 6] = [
    include_str!("page/words.js"),
    include_str!("page/alignment.js"),
    include_str!("page/charts.js"),
    include_str!("page/rows.js"),
    include_str!("page/pair.js"),
    include_str!("page/page.js"),
];

impl Page {
    /// The whole page. The same content gives the same bytes.
    pub fn to_html(&self) -> String {
        let data = self.to_json();
        let mut html = String::with_capacity(data.len() + data.len() / 16 + 100_000);
        let mut rest = TEMPLATE;
        for (mark, insert) in [
            ("{{style}}", Part::Style),
            ("{{data}}", Part::Data),
            ("{{script}}", Part::Script),
        ] {
            let (before, after) = rest.split_once(mark).unwrap_or((rest, ""));
            html.push_str(before);
            match insert {
                Part::Style => html.push_str(STYLE),
                Part::Data => escape_into(&mut html, &data),
                Part::Script => html.extend(SCRIPTS),
            }
            rest = after;
        }
        html.push_str(rest);
        html
    }
}

enum Part {
    Style,
    Data,
    Script,
}

/// Puts JSON where a script element holds it. `<`, `>` and `&` stand only inside JSON's strings, so an escape says the same to
/// the reader of JSON and nothing to the reader of HTML; U+2028 and U+2029 end lines for some readers of scripts.
fn escape_into(html: &mut String, json: &str) {
    let mut rest = json;
    while let Some(at) = rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        let (plain, from) = rest.split_at(at);
        html.push_str(plain);
        let mut characters = from.chars();
        html.push_str(match characters.next() {
            Some('<') => "\\u003c",
            Some('>') => "\\u003e",
            Some('&') => "\\u0026",
            Some('\u{2028}') => "\\u2028",
            _ => "\\u2029",
        });
        rest = characters.as_str();
    }
    html.push_str(rest);
}

/// FNV-1a: tells pages apart in a browser's storage, no more.
pub(crate) fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_end_the_element_is_escaped_and_reads_the_same() {
        let nasty = "</script><!-- & \u{2028}\u{2029}\u{0}\u{7f}\u{202e}\"'\\ {{data}}";
        let json = serde_json::to_string(nasty).unwrap();
        let mut html = String::new();
        escape_into(&mut html, &json);
        assert!(!html.contains(['<', '>', '&', '\u{2028}', '\u{2029}']));
        assert_eq!(serde_json::from_str::<String>(&html).unwrap(), nasty);
    }

    #[test]
    fn the_template_has_its_three_places() {
        for mark in ["{{style}}", "{{data}}", "{{script}}"] {
            assert_eq!(TEMPLATE.matches(mark).count(), 1, "{mark}");
        }
        assert!(
            SCRIPTS
                .iter()
                .all(|script| !script.contains("</script") && !script.contains("innerHTML"))
        );
    }
}
