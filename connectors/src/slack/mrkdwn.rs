//! `mrkdwn`, the marks people write between their words, as HTML.
//!
//! Slack escapes `&`, `<` and `>` in what people write and puts mentions and links between `<` and `>`
//! (<https://docs.slack.dev/messaging/formatting-message-text>); stars, underlines and tildes count where
//! a word begins and ends. What comes out is escaped anew wherever it is text; that it is harmless is the
//! engine's work on a real parse.

use super::{emoji, message::Names};

/// A mark is closed within so many characters, or it is none: a hostile text is read once and not once
/// per star.
const LONGEST_SPAN: usize = 1000;
/// Marks within marks.
const DEEPEST: usize = 4;

/// A text as HTML.
pub(super) fn html(text: &str, names: &Names<'_>) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut code = false;
    let mut parts = text.split("```").peekable();
    while let Some(part) = parts.next() {
        // An opening mark without its end is three ticks.
        if code && parts.peek().is_none() {
            out.push_str("```");
            lines(part, names, &mut out);
        } else if code {
            out.push_str("<pre>");
            verbatim(part.trim_matches('\n'), names, &mut out);
            out.push_str("</pre>");
        } else {
            let part = if out.is_empty() { part } else { part.strip_prefix('\n').unwrap_or(part) };
            let part = if parts.peek().is_some() { part.strip_suffix('\n').unwrap_or(part) } else { part };
            lines(part, names, &mut out);
        }
        code = !code;
    }
    out
}

/// A text without marks, whose emoji may still be names between colons.
pub(super) fn plain(content: &str) -> String {
    let mut out = String::new();
    let mut rest = content;
    while let Some(c) = rest.chars().next() {
        let tail = rest.get(c.len_utf8()..).unwrap_or_default();
        let taken = if c == ':' { named_emoji(tail, &mut out) } else { None };
        match (taken, c) {
            (Some(after), _) => rest = after,
            (None, '\n') => {
                out.push_str("<br>");
                rest = tail;
            }
            (None, c) => {
                push(c, tail, &mut out);
                rest = tail;
            }
        }
    }
    out
}

/// Lines, of which those behind `>` are a quotation.
fn lines(text: &str, names: &Names<'_>, out: &mut String) {
    let (mut quoted, mut rest_quoted, mut first) = (false, false, true);
    for line in text.split('\n') {
        let three = ["&gt;&gt;&gt;", ">>>"].iter().find_map(|mark| line.strip_prefix(mark));
        let one = ["&gt;", ">"].iter().find_map(|mark| line.strip_prefix(mark));
        rest_quoted |= three.is_some();
        let content = match (three.or(one), rest_quoted) {
            (Some(content), _) => Some(content.strip_prefix(' ').unwrap_or(content)),
            (None, true) => Some(line),
            (None, false) => None,
        };
        match (quoted, content.is_some()) {
            (false, true) => out.push_str("<blockquote>"),
            (true, false) => out.push_str("</blockquote>"),
            _ if !first => out.push_str("<br>"),
            _ => {}
        }
        (quoted, first) = (content.is_some(), false);
        inline(content.unwrap_or(line), names, 0, out);
    }
    if quoted {
        out.push_str("</blockquote>");
    }
}

/// One line.
fn inline(line: &str, names: &Names<'_>, depth: usize, out: &mut String) {
    let mut rest = line;
    let mut before = None;
    while let Some(c) = rest.chars().next() {
        let tail = rest.get(c.len_utf8()..).unwrap_or_default();
        let taken = match c {
            '`' => code(tail, names, out),
            '<' => entity(tail, names, out),
            ':' => named_emoji(tail, out),
            '*' | '_' | '~' if depth < DEEPEST && begins(before, tail) => span(c, tail, names, depth, out),
            _ => None,
        };
        match taken {
            Some(after) => rest = after,
            None => {
                push(c, tail, out);
                rest = tail;
            }
        }
        before = Some(c);
    }
}

/// A character as text. What Slack escaped stays escaped.
fn push(c: char, tail: &str, out: &mut String) {
    match c {
        '&' if ["amp;", "lt;", "gt;"].iter().any(|name| tail.starts_with(name)) => out.push('&'),
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        c => out.push(c),
    }
}

/// Text that Slack has escaped, as text of HTML.
fn text(escaped: &str, out: &mut String) {
    let mut rest = escaped;
    while let Some(c) = rest.chars().next() {
        let tail = rest.get(c.len_utf8()..).unwrap_or_default();
        push(c, tail, out);
        rest = tail;
    }
}

/// Text in which marks are characters; mentions and links are still between angle brackets.
fn verbatim(content: &str, names: &Names<'_>, out: &mut String) {
    let mut rest = content;
    while let Some((before, tail)) = rest.split_once('<') {
        text(before, out);
        match entity(tail, names, out) {
            Some(after) => rest = after,
            None => {
                out.push_str("&lt;");
                rest = tail;
            }
        }
    }
    text(rest, out);
}

fn code<'a>(tail: &'a str, names: &Names<'_>, out: &mut String) -> Option<&'a str> {
    let (inside, after) = tail.split_once('`').filter(|(inside, _)| !inside.is_empty())?;
    out.push_str("<code>");
    verbatim(inside, names, out);
    out.push_str("</code>");
    Some(after)
}

/// A mark may open here: in front of it ends a word, behind it begins one.
fn begins(before: Option<char>, tail: &str) -> bool {
    before.is_none_or(|c| !c.is_alphanumeric()) && tail.chars().next().is_some_and(|c| !c.is_whitespace())
}

fn span<'a>(mark: char, tail: &'a str, names: &Names<'_>, depth: usize, out: &mut String) -> Option<&'a str> {
    let mut before = None;
    let mut end = None;
    for (at, c) in tail.char_indices().take(LONGEST_SPAN) {
        let word_ends = || {
            let next = tail.get(at + c.len_utf8()..).and_then(|rest| rest.chars().next());
            next.is_none_or(|next| !next.is_alphanumeric())
        };
        if c == mark && before.is_some_and(|before: char| !before.is_whitespace()) && word_ends() {
            end = Some(at);
            break;
        }
        before = Some(c);
    }
    let (inside, after) = (tail.get(..end?)?, tail.get(end? + mark.len_utf8()..)?);
    let tag = match mark {
        '*' => "b",
        '_' => "i",
        _ => "s",
    };
    out.push_str(&format!("<{tag}>"));
    inline(inside, names, depth + 1, out);
    out.push_str(&format!("</{tag}>"));
    Some(after)
}

fn named_emoji<'a>(tail: &'a str, out: &mut String) -> Option<&'a str> {
    let end = tail.char_indices().take(60).find(|(_, c)| *c == ':')?.0;
    let (name, mut after) = (tail.get(..end)?, tail.get(end + 1..)?);
    let mut name = name.to_owned();
    if let Some((tone, rest)) = after.strip_prefix(":skin-tone-").and_then(|rest| rest.split_once(':')) {
        name.push_str("::skin-tone-");
        name.push_str(tone);
        after = rest;
    }
    out.push_str(&emoji::of(&name)?);
    Some(after)
}

/// What stands between angle brackets.
fn entity<'a>(tail: &'a str, names: &Names<'_>, out: &mut String) -> Option<&'a str> {
    let end = tail.find(['<', '>']).filter(|end| *end > 0)?;
    let (inside, after) = (tail.get(..end)?, tail.get(end..)?.strip_prefix('>')?);
    let (what, label) = match inside.split_once('|') {
        Some((what, label)) => (what, Some(label).filter(|label| !label.is_empty())),
        None => (inside, None),
    };
    if let Some(user) = what.strip_prefix('@') {
        out.push_str(&format!("<b>@{}</b>", escape(&names.person(user, label))));
    } else if let Some(channel) = what.strip_prefix('#') {
        out.push_str(&format!("<b>#{}</b>", escape(&names.channel(channel, label))));
    } else if let Some(word) = what.strip_prefix('!') {
        special(word, label, out);
    } else {
        link(what, label, out);
    }
    Some(after)
}

fn special(word: &str, label: Option<&str>, out: &mut String) {
    let (kind, _) = word.split_once('^').unwrap_or((word, ""));
    match (kind, label) {
        ("date", label) => text(label.unwrap_or_default(), out),
        ("subteam", label) => {
            out.push_str("<b>@");
            text(label.unwrap_or("group").trim_start_matches('@'), out);
            out.push_str("</b>");
        }
        (kind, label) => {
            out.push_str("<b>@");
            text(label.unwrap_or(kind).trim_start_matches('@'), out);
            out.push_str("</b>");
        }
    }
}

fn link(address: &str, label: Option<&str>, out: &mut String) {
    let shown = label.unwrap_or_else(|| address.strip_prefix("mailto:").unwrap_or(address));
    if !may_be_followed(address) {
        return text(shown, out);
    }
    out.push_str("<a href=\"");
    text(address, out);
    out.push_str("\">");
    text(shown, out);
    out.push_str("</a>");
}

/// An address a person may be led to.
pub(super) fn may_be_followed(address: &str) -> bool {
    let lower: String = address.chars().take(8).collect::<String>().to_ascii_lowercase();
    ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| lower.starts_with(scheme))
}

/// Plain text as the content of an element or a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Plain text as Slack takes it: what would be a mention or a link is text.
pub(super) fn written(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
