//! The allow-list: elements, their attributes, and what each attribute may say.
//!
//! It is used twice, when the tree is written and by the sanitiser behind it, so that both keep
//! the same rules.

use std::borrow::Cow;

use inlet_model::Todo;

use super::{css, images, links};

/// Elements a mail may use, each with the attributes that only it has.
pub(super) const TAGS: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("abbr", &[]),
    ("address", &[]),
    ("article", &[]),
    ("aside", &[]),
    ("b", &[]),
    ("bdi", &[]),
    ("bdo", &[]),
    ("big", &[]),
    ("blockquote", &[]),
    ("br", &["clear"]),
    ("caption", &["align"]),
    ("center", &[]),
    ("cite", &[]),
    ("code", &[]),
    ("col", &["align", "valign", "width", "span"]),
    ("colgroup", &["align", "valign", "width", "span"]),
    ("dd", &[]),
    ("del", &[]),
    ("details", &["open"]),
    ("dfn", &[]),
    ("div", &["align"]),
    ("dl", &[]),
    ("dt", &[]),
    ("em", &[]),
    ("figcaption", &[]),
    ("figure", &[]),
    ("font", &["color", "face", "size"]),
    ("footer", &[]),
    ("h1", &["align", "data-tag"]),
    ("h2", &["align", "data-tag"]),
    ("h3", &["align", "data-tag"]),
    ("h4", &["align", "data-tag"]),
    ("h5", &["align", "data-tag"]),
    ("h6", &["align", "data-tag"]),
    ("header", &[]),
    ("hr", &["align", "width", "size", "color"]),
    ("i", &[]),
    ("img", &["src", "alt", "width", "height", "align", "border", "hspace", "vspace"]),
    ("ins", &[]),
    ("kbd", &[]),
    ("li", &["type", "value", "data-tag"]),
    ("main", &[]),
    ("mark", &[]),
    ("nav", &[]),
    ("ol", &["type", "start"]),
    ("p", &["align", "data-tag"]),
    ("pre", &[]),
    ("q", &[]),
    ("rp", &[]),
    ("rt", &[]),
    ("ruby", &[]),
    ("s", &[]),
    ("samp", &[]),
    ("section", &[]),
    ("small", &[]),
    ("span", &["data-tag"]),
    ("strike", &[]),
    ("strong", &[]),
    ("sub", &[]),
    ("summary", &[]),
    ("sup", &[]),
    ("table", &["align", "bgcolor", "border", "cellpadding", "cellspacing", "width", "height"]),
    ("tbody", &["align", "valign"]),
    ("td", &["align", "valign", "bgcolor", "width", "height", "colspan", "rowspan", "nowrap"]),
    ("tfoot", &["align", "valign"]),
    ("th", &["align", "valign", "bgcolor", "width", "height", "colspan", "rowspan", "nowrap"]),
    ("thead", &["align", "valign"]),
    ("time", &[]),
    ("tr", &["align", "valign", "bgcolor", "height"]),
    ("tt", &[]),
    ("u", &[]),
    ("ul", &["type"]),
    ("var", &[]),
    ("wbr", &[]),
];

/// Attributes every element may have.
pub(super) const COMMON: &[&str] = &["style", "dir", "lang", "title", "class"];

/// Classes of ours; the sender's are never passed on.
pub(super) const CLASSES: &[&str] = &["quote", "blocked", "missing", "mail"];

/// Elements that go together with all they hold.
pub(super) const DROPPED: &[&str] = &[
    "applet",
    "audio",
    "canvas",
    "embed",
    "frame",
    "frameset",
    "head",
    "iframe",
    "link",
    "meta",
    "noembed",
    "noframes",
    "object",
    "param",
    "script",
    "select",
    "datalist",
    "source",
    "style",
    "template",
    "title",
    "track",
    "video",
    "base",
    "basefont",
    "bgsound",
    "input",
    "keygen",
    "area",
    "svg",
    "math",
    "portal",
    "fencedframe",
];

/// Elements without content.
pub(super) const VOID: &[&str] = &["br", "col", "hr", "img", "wbr"];

/// The element is on the list; the answer is its name as the list spells it.
pub(super) fn tag(name: &str) -> Option<&'static str> {
    TAGS.iter().map(|(tag, _)| *tag).find(|tag| *tag == name)
}

/// What is kept of an attribute, if anything.
pub(super) fn value<'v>(tag: &str, name: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let own = TAGS.iter().find(|(name, _)| *name == tag)?.1;
    if !own.contains(&name) && !COMMON.contains(&name) {
        return None;
    }
    let trimmed = value.trim();
    match name {
        "style" => Some(css::write(&css::declarations(value))).filter(|style| !style.is_empty()).map(Cow::Owned),
        "href" => links::target(value).map(|url| Cow::Owned(url.into())),
        "src" => images::is_raster_data(trimmed).then_some(Cow::Borrowed(trimmed)),
        "class" => CLASSES.iter().find(|class| **class == trimmed).map(|class| Cow::Borrowed(*class)),
        "dir" => one_of(trimmed, &["ltr", "rtl", "auto"]),
        "align" => one_of(trimmed, &["left", "right", "center", "justify", "middle", "top", "bottom", "absmiddle"]),
        "valign" => one_of(trimmed, &["top", "middle", "bottom", "baseline"]),
        "clear" => one_of(trimmed, &["left", "right", "all", "none"]),
        "type" => one_of(trimmed, &["1", "a", "i", "disc", "circle", "square"]),
        "bgcolor" | "color" => css::colour(value).map(Cow::Owned),
        "width" | "height" => {
            let digits = trimmed.strip_suffix('%').or_else(|| trimmed.strip_suffix("px")).unwrap_or(trimmed);
            let most = if trimmed.ends_with('%') { 100 } else { 3_000 };
            let kept = digits.parse::<u32>().ok().filter(|number| *number <= most)?;
            Some(Cow::Owned(if trimmed.ends_with('%') { format!("{kept}%") } else { kept.to_string() }))
        }
        "colspan" | "rowspan" | "span" => at_most(trimmed, 200),
        "border" | "cellpadding" | "cellspacing" | "hspace" | "vspace" => at_most(trimmed, 100),
        "start" | "value" => at_most(trimmed, 1_000_000),
        "size" => {
            let plain =
                trimmed.len() <= 3 && trimmed.bytes().all(|byte| byte.is_ascii_digit() || byte == b'+' || byte == b'-');
            (plain && !trimmed.is_empty()).then_some(Cow::Borrowed(trimmed))
        }
        "nowrap" | "open" => Some(Cow::Borrowed("")),
        // OneNote's to-dos; a paragraph may bear several tags.
        "data-tag" => {
            // The second reading sees what the first one wrote.
            let done = if trimmed == "done" { Some(true) } else { Todo::ticked(trimmed) };
            done.map(|done| Cow::Borrowed(if done { "done" } else { "to-do" }))
        }
        "lang" => {
            let plain = trimmed.len() <= 20 && trimmed.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            (plain && !trimmed.is_empty()).then_some(Cow::Borrowed(trimmed))
        }
        "face" => {
            let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | ',' | '-' | '_');
            (trimmed.len() <= 200 && trimmed.chars().all(plain)).then_some(Cow::Borrowed(trimmed))
        }
        "alt" | "title" => {
            if value.len() <= 1_000 {
                Some(Cow::Borrowed(value))
            } else {
                Some(Cow::Owned(value.chars().take(250).collect()))
            }
        }
        _ => None,
    }
}

fn one_of<'v>(value: &str, words: &[&'static str]) -> Option<Cow<'v, str>> {
    words.iter().find(|word| word.eq_ignore_ascii_case(value)).map(|word| Cow::Borrowed(*word))
}

fn at_most<'v>(value: &str, most: u32) -> Option<Cow<'v, str>> {
    value.parse::<u32>().ok().filter(|number| *number <= most).map(|number| Cow::Owned(number.to_string()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn values_are_judged_one_by_one() {
        for (tag, name, given, kept) in [
            ("td", "width", "50%", Some("50%")),
            ("td", "width", "9999999", None),
            ("td", "width", "1e3", None),
            ("td", "colspan", "100000", None),
            ("td", "href", "https://a.example/", None),
            ("a", "href", "https://a.example/", Some("https://a.example/")),
            ("a", "href", " java\nscript:alert(1)", None),
            ("img", "src", "https://a.example/x.png", None),
            ("img", "src", "data:image/svg+xml;base64,AAAA", None),
            ("img", "src", "data:image/png;base64,AAAA", Some("data:image/png;base64,AAAA")),
            ("img", "onerror", "x", None),
            ("img", "srcset", "x", None),
            ("p", "id", "x", None),
            ("p", "class", "theirs", None),
            ("script", "title", "x", None),
            ("p", "dir", "RTL", Some("rtl")),
            ("font", "face", "Arial;x:url(y)", None),
            ("p", "data-tag", "important, to-do", Some("to-do")),
            ("p", "data-tag", "to-do:completed", Some("done")),
            ("p", "data-tag", "done", Some("done")),
            ("p", "data-tag", "x\"onclick=y", None),
            ("div", "data-tag", "to-do", None),
        ] {
            assert_eq!(value(tag, name, given).as_deref(), kept, "{tag} {name} {given}");
        }
    }

    #[test]
    fn nothing_is_both_kept_and_dropped() {
        assert!(TAGS.iter().all(|(tag, _)| !DROPPED.contains(tag)));
    }
}
