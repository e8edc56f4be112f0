//! Block Kit as HTML: what apps build messages of, and what Slack's own editor writes.
//!
//! Only what can be read is taken over (<https://docs.slack.dev/reference/block-kit/blocks>): a button is
//! its label, with its address where it has one; a field to fill in is its name. What is unknown is left
//! out, unless it has a text that can be shown. Pictures from other servers are links, as nothing is
//! loaded from strangers unasked.

use serde_json::Value;

use super::{
    emoji,
    message::Names,
    mrkdwn::{self, escape, may_be_followed},
};

/// Lists within lists, and elements within elements.
const DEEPEST: usize = 8;

/// The blocks of a message.
pub(super) fn html(blocks: &[Value], names: &Names<'_>) -> String {
    join(blocks.iter().map(|block| one(block, names, 0)))
}

/// Pieces below each other.
fn join(pieces: impl Iterator<Item = String>) -> String {
    let mut out = String::new();
    for piece in pieces.filter(|piece| !piece.is_empty()) {
        if !out.is_empty() && !ends_block(&out) && !begins_block(&piece) {
            out.push_str("<br>");
        }
        out.push_str(&piece);
    }
    out
}

const BLOCKS: [&str; 7] = ["ul", "ol", "pre", "blockquote", "h3", "hr", "table"];

fn begins_block(html: &str) -> bool {
    BLOCKS.iter().any(|tag| html.strip_prefix('<').is_some_and(|rest| rest.starts_with(tag)))
}

fn ends_block(html: &str) -> bool {
    html.ends_with("<hr>") || BLOCKS.iter().any(|tag| html.ends_with(&format!("</{tag}>")))
}

fn one(block: &Value, names: &Names<'_>, depth: usize) -> String {
    let elements = || list(block, "elements").iter();
    match kind(block) {
        "rich_text" => join(elements().map(|element| rich(element, names, 0))),
        "section" => {
            let text = block.get("text").map(|text| object(text, names)).unwrap_or_default();
            let fields = list(block, "fields").iter().map(|field| object(field, names));
            let accessory = block.get("accessory").map(|accessory| control(accessory, names)).unwrap_or_default();
            join(std::iter::once(text).chain(fields).chain(std::iter::once(accessory)))
        }
        "header" => match block.get("text").map(|text| object(text, names)).unwrap_or_default() {
            text if text.is_empty() => text,
            text => format!("<h3>{text}</h3>"),
        },
        "context" => {
            let parts: Vec<String> = elements()
                .map(|element| if kind(element) == "image" { picture(element) } else { object(element, names) })
                .filter(|part| !part.is_empty())
                .collect();
            parts.join(" ")
        }
        "actions" => {
            let parts: Vec<String> =
                elements().map(|element| control(element, names)).filter(|part| !part.is_empty()).collect();
            parts.join(" ")
        }
        "input" => block.get("label").map(|label| object(label, names)).unwrap_or_default(),
        "divider" => "<hr>".to_owned(),
        "image" => picture(block),
        "video" => {
            let title = block.get("title").map(|title| object(title, names)).unwrap_or_default();
            anchor(string(block, "title_url").or_else(|| string(block, "video_url")), &title)
        }
        "markdown" => mrkdwn::html(&mrkdwn::written(string(block, "text").unwrap_or_default()), names),
        "table" | "data_table" => table(block, names),
        _ => unknown(block, names, depth),
    }
}

/// Rows of cells; each is a text of its own.
fn table(block: &Value, names: &Names<'_>) -> String {
    let cell = |cell: &Value| match kind(cell) {
        "rich_text" => one(cell, names, DEEPEST),
        _ => string(cell, "text").map(mrkdwn::plain).unwrap_or_default(),
    };
    let row = |row: &Value| {
        let cells = row.as_array().map(Vec::as_slice).unwrap_or_default().iter();
        format!("<tr>{}</tr>", cells.map(|one| format!("<td>{}</td>", cell(one))).collect::<String>())
    };
    let rows: String = list(block, "rows").iter().map(row).collect();
    if rows.is_empty() { rows } else { format!("<table>{rows}</table>") }
}

/// What can be read of a block that Slack made up later: its texts, and those of the blocks in it.
fn unknown(block: &Value, names: &Names<'_>, depth: usize) -> String {
    if depth >= DEEPEST {
        return String::new();
    }
    let texts = ["title", "subtitle", "text", "body"].into_iter().filter_map(|field| block.get(field));
    let inside = ["elements", "blocks"].into_iter().flat_map(|field| list(block, field));
    let buttons = list(block, "actions").iter().map(|button| control(button, names));
    join(texts.map(|text| object(text, names)).chain(inside.map(|inner| one(inner, names, depth + 1))).chain(buttons))
}

/// A text object: marked, or plain.
fn object(text: &Value, names: &Names<'_>) -> String {
    let content = text.as_str().or_else(|| string(text, "text")).unwrap_or_default();
    if kind(text) == "plain_text" { mrkdwn::plain(content) } else { mrkdwn::html(content, names) }
}

/// What can be pressed or chosen.
fn control(element: &Value, names: &Names<'_>) -> String {
    match kind(element) {
        "image" => picture(element),
        "button" | "workflow_button" => {
            let label = element.get("text").map(|text| object(text, names)).unwrap_or_default();
            match string(element, "url") {
                Some(address) => anchor(Some(address), &label),
                None if label.is_empty() => label,
                None => format!("[{label}]"),
            }
        }
        _ => match element.get("placeholder").map(|text| object(text, names)).unwrap_or_default() {
            text if text.is_empty() => text,
            text => format!("[{text}]"),
        },
    }
}

fn picture(element: &Value) -> String {
    let title = element.get("title").and_then(|title| string(title, "text"));
    let name = title.or_else(|| string(element, "alt_text")).filter(|name| !name.is_empty()).unwrap_or("Image");
    anchor(string(element, "image_url"), &escape(name))
}

/// A link around HTML, where the address is one a person may be led to.
fn anchor(address: Option<&str>, html: &str) -> String {
    match address.filter(|address| may_be_followed(address)) {
        Some(address) if html.is_empty() => format!("<a href=\"{0}\">{0}</a>", escape(address)),
        Some(address) => format!("<a href=\"{}\">{html}</a>", escape(address)),
        None => html.to_owned(),
    }
}

/// A part of a text of Slack's own editor.
fn rich(element: &Value, names: &Names<'_>, depth: usize) -> String {
    if depth > DEEPEST {
        return String::new();
    }
    let inside = || list(element, "elements").iter().map(|part| rich(part, names, depth + 1));
    match kind(element) {
        "rich_text_section" => inside().collect(),
        "rich_text_list" => {
            let tag = if string(element, "style") == Some("ordered") { "ol" } else { "ul" };
            let entries: String = inside().map(|entry| format!("<li>{entry}</li>")).collect();
            let indent = element.get("indent").and_then(Value::as_u64).unwrap_or_default().min(DEEPEST as u64);
            (0..=indent).fold(entries, |inner, _| format!("<{tag}>{inner}</{tag}>"))
        }
        "rich_text_quote" => format!("<blockquote>{}</blockquote>", inside().collect::<String>()),
        "rich_text_preformatted" => format!("<pre>{}</pre>", inside().collect::<String>()),
        _ => styled(element, leaf(element, names)),
    }
}

fn leaf(element: &Value, names: &Names<'_>) -> String {
    let text = |field| string(element, field).unwrap_or_default();
    match kind(element) {
        "text" => escape(text("text")).replace('\n', "<br>"),
        "link" => {
            let address = text("url");
            let shown = string(element, "text").filter(|text| !text.is_empty()).unwrap_or(address);
            anchor(Some(address), &escape(shown))
        }
        "user" => format!("<b>@{}</b>", escape(&names.person(text("user_id"), None))),
        "channel" => format!("<b>#{}</b>", escape(&names.channel(text("channel_id"), None))),
        "usergroup" => "<b>@group</b>".to_owned(),
        "broadcast" => format!("<b>@{}</b>", escape(text("range"))),
        "emoji" => emoji::of(text("name")).unwrap_or_else(|| escape(&format!(":{}:", text("name")))),
        "date" | "color" => {
            escape(string(element, "fallback").or_else(|| string(element, "value")).unwrap_or_default())
        }
        _ => escape(text("text")),
    }
}

fn styled(element: &Value, html: String) -> String {
    let on = |style: &str| element.get("style").and_then(|styles| styles.get(style)).is_some_and(|on| on == true);
    [("code", "code"), ("strike", "s"), ("italic", "i"), ("bold", "b")]
        .into_iter()
        .filter(|(style, _)| on(style))
        .fold(html, |html, (_, tag)| format!("<{tag}>{html}</{tag}>"))
}

/// What an older app puts below its text, and what Slack shows of a link.
pub(super) fn attachment(attachment: &Value, names: &Names<'_>) -> String {
    let marked = |field| string(attachment, field).map(|text| mrkdwn::html(text, names)).unwrap_or_default();
    let plain = |field| string(attachment, field).map(escape).unwrap_or_default();
    let title = anchor(string(attachment, "title_link"), &marked("title"));
    let bold = |html: String| if html.is_empty() { html } else { format!("<b>{html}</b>") };
    let fields = list(attachment, "fields").iter().map(|field| {
        let part = |name| string(field, name).map(|text| mrkdwn::html(text, names)).unwrap_or_default();
        join([bold(part("title")), part("value")].into_iter())
    });
    let own = html(list(attachment, "blocks"), names);
    let image = anchor(string(attachment, "image_url"), "Image");
    let mut inside = join(
        [bold(plain("author_name")), bold(title), if own.is_empty() { marked("text") } else { own }]
            .into_iter()
            .chain(fields)
            .chain([if string(attachment, "image_url").is_some() { image } else { String::new() }, plain("footer")]),
    );
    if inside.is_empty() {
        inside = marked("fallback");
    }
    let quoted = if inside.is_empty() { inside } else { format!("<blockquote>{inside}</blockquote>") };
    join([marked("pretext"), quoted].into_iter())
}

fn kind(value: &Value) -> &str {
    string(value, "type").unwrap_or_default()
}

fn string<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    value.get(field)?.as_str()
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
