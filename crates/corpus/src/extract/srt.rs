//! Subtitles (SubRip): cues joined into running text.

/// The text of the cues. A sentence that runs over several cues becomes one line; a speaker's dash and a finished sentence begin
/// a new one.
///
/// # Errors
/// When there is no cue.
pub(super) fn text(file: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut cues = 0;
    let mut lines = qostil_text::lines(file).map(str::trim).peekable();
    let mut in_cue = false;
    while let Some(line) = lines.next() {
        if is_timing(line) {
            cues += 1;
            in_cue = true;
        } else if line.is_empty() {
            in_cue = false;
        } else if in_cue && !(is_number(line) && lines.peek().is_some_and(|next| is_timing(next))) {
            push(&mut out, &without_tags(line));
        }
    }
    if cues == 0 {
        return Err("no line names the time of a cue (00:00:01,000 --> 00:00:04,000)".to_owned());
    }
    Ok(out)
}

fn is_number(line: &str) -> bool {
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_timing(line: &str) -> bool {
    let is_time = |text: &str| {
        let mut bytes = text.trim().bytes();
        bytes.next().is_some_and(|byte| byte.is_ascii_digit()) && text.contains(':')
    };
    line.split_once("-->")
        .is_some_and(|(from, to)| is_time(from) && is_time(to))
}

/// Adds a line of a cue to the running text.
fn push(out: &mut String, line: &str) {
    let line = line.trim();
    if line.is_empty() {
        return;
    }
    let is_over = out
        .trim_end_matches(['"', '\'', '»', '”', '’', ')', ']'])
        .ends_with(['.', '!', '?', '…', ':', '♪']);
    let said = line.strip_prefix(['-', '–', '—']).map(str::trim_start);
    // A dash inside a sentence goes on in small letters.
    let speaks = said.filter(|said| is_over || out.is_empty() || !said.starts_with(char::is_lowercase));
    if !out.is_empty() {
        let goes_on = line
            .trim_start_matches(['.', '…', ' '])
            .starts_with(char::is_lowercase);
        out.push(if speaks.is_some() || (is_over && !goes_on) {
            '\n'
        } else {
            ' '
        });
    }
    out.push_str(speaks.filter(|said| !said.is_empty()).unwrap_or(line));
}

/// A line without `<i>`, `</font>`, `{\an8}`.
fn without_tags(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(['<', '{']) {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let is_tag = match tag.as_bytes() {
            [b'<', b'/' | b'a'..=b'z' | b'A'..=b'Z', ..] => tag.find('>'),
            [b'{', b'\\', ..] => tag.find('}'),
            _ => None,
        };
        let end = is_tag.map_or(1, |end| end + 1);
        if is_tag.is_none() {
            out.push_str(&tag[..end]);
        }
        rest = &tag[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_are_joined_into_sentences() {
        let file = "1\r\n00:00:01,000 --> 00:00:04,000\r\n<i>Президент келді,</i>\r\nсосын кетті.\r\n\r\n\
                    2\n00:00:05,000 --> 00:00:06,000 X1:10\n{\\an8}Ол 5 < 6\n– деп\n\n3\n00:00:07,000 --> 00:00:08,500\nайтты.\n\n\
                    4\n00:00:09,000 --> 00:00:10,000\n- Келдің бе?\n- Иә.\n5\n00:00:11,000 --> 00:00:12,000\n2024\n";
        assert_eq!(
            text(file).unwrap(),
            "Президент келді, сосын кетті.\nОл 5 < 6 – деп айтты.\nКелдің бе?\nИә.\n2024"
        );
    }

    #[test]
    fn what_has_no_cue_is_refused() {
        assert!(text("Жай мәтін.").is_err());
        assert!(text("1\nбүгін --> ертең\nмәтін").is_err());
    }
}
