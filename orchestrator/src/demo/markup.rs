//! The bodies of the sheets, as text and as HTML.
//!
//! One body gives both, so they never disagree: `# heading`, `- item`, `- [ ] to do`, `| a | b` rows,
//! `! url alt` remote pictures, `=> words | url` links; everything else is paragraphs.

use std::fmt::Write as _;

use inlet_model::Todo;

/// The plain text of a body.
pub(super) fn text(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    for line in body.trim().lines() {
        let line = line.trim_end();
        if let Some(heading) = line.strip_prefix("# ") {
            out.push_str(heading);
        } else if let Some(row) = line.strip_prefix("| ") {
            out.push_str(&row.split('|').map(str::trim).collect::<Vec<_>>().join("   "));
        } else if line.starts_with("! ") {
            continue;
        } else if let Some(link) = line.strip_prefix("=> ") {
            let (words, url) = link.split_once('|').unwrap_or((link, ""));
            let _ = write!(out, "{}: {}", words.trim(), url.trim());
        } else {
            out.push_str(line);
        }
        out.push('\n');
    }
    out.trim_end().to_owned()
}

/// The blocks of a body as HTML, without a document around them.
pub(super) fn html(body: &str) -> String {
    let mut out = String::new();
    let mut open = "";
    for line in body.trim().lines() {
        let line = line.trim_end();
        let (block, content) = if line.is_empty() {
            ("", String::new())
        } else if let Some(heading) = line.strip_prefix("# ") {
            ("", format!("<h2>{}</h2>", escape(heading)))
        } else if let Some(item) = line.strip_prefix("- [ ] ") {
            ("", format!("<p data-tag=\"to-do\">{}</p>", escape(item)))
        } else if let Some(item) = line.strip_prefix("- [x] ") {
            ("", format!("<p data-tag=\"to-do:completed\">{}</p>", escape(item)))
        } else if let Some(item) = line.strip_prefix("- ") {
            ("ul", format!("<li>{}</li>", escape(item)))
        } else if let Some(row) = line.strip_prefix("| ") {
            let cells: String = row
                .split('|')
                .map(|cell| format!("<td style=\"padding:4px 12px 4px 0\">{}</td>", escape(cell.trim())))
                .collect();
            ("table", format!("<tr>{cells}</tr>"))
        } else if let Some(image) = line.strip_prefix("! ") {
            let (url, alt) = image.split_once(' ').unwrap_or((image, ""));
            ("", format!("<p><img src=\"{}\" alt=\"{}\" width=\"560\"></p>", escape(url), escape(alt)))
        } else if let Some(link) = line.strip_prefix("=> ") {
            let (words, url) = link.split_once('|').unwrap_or((link, ""));
            ("", format!("<p><a href=\"{}\">{}</a></p>", escape(url.trim()), escape(words.trim())))
        } else if open == "p" {
            ("p", format!("<br>{}", escape(line)))
        } else {
            ("p", escape(line))
        };
        if block != open {
            if !open.is_empty() {
                let _ = writeln!(out, "</{open}>");
            }
            if !block.is_empty() {
                let _ = write!(out, "<{block}>");
            }
            open = block;
        }
        out.push_str(&content);
    }
    if !open.is_empty() {
        let _ = write!(out, "</{open}>");
    }
    out
}

/// Where the box of a line begins, if it has one, and whether it is ticked.
fn boxed(line: &str) -> Option<bool> {
    let rest = line.trim_end().strip_prefix("- [")?;
    if rest.starts_with(" ] ") { Some(false) } else { rest.starts_with("x] ").then_some(true) }
}

/// The to-dos of a body, named by their place on a page that has `before` of them already.
pub(super) fn todos(body: &str, before: usize) -> Vec<Todo> {
    let lines = body.lines().filter_map(|line| Some((line.trim_end().get("- [ ] ".len()..)?, boxed(line)?)));
    lines
        .zip(before..)
        .map(|((text, done), place)| Todo { id: format!("p:{place}"), text: text.to_owned(), done })
        .collect()
}

/// A text after the box at `place` was ticked, or the tick taken away.
pub(super) fn tick_text(text: &str, place: usize, done: bool) -> String {
    let mut boxes = 0..;
    let line = |line: &str| match boxed(line).and_then(|_| boxes.next()) {
        Some(number) if number == place => {
            let rest = line.get("- [ ] ".len()..).unwrap_or_default();
            format!("- [{}] {rest}", if done { 'x' } else { ' ' })
        }
        _ => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The same for what [`html`] made.
pub(super) fn tick_html(html: &str, place: usize, done: bool) -> String {
    const TAG: &str = "<p data-tag=\"";
    let mut out = String::with_capacity(html.len() + 16);
    for (number, piece) in html.split(TAG).enumerate() {
        match number.checked_sub(1) {
            None => out.push_str(piece),
            Some(number) => {
                let (tags, rest) = piece.split_once('"').unwrap_or((piece, ""));
                let tags = if number == place { Todo::tick(tags, done) } else { tags.to_owned() };
                let _ = write!(out, "{TAG}{tags}\"{rest}");
            }
        }
    }
    out
}

/// A newsletter as they are: a table inside a table, a remote banner, a pixel that counts readers.
pub(super) fn newsletter(body: &str, sender: &str, domain: &str, id: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><style>.card{{background:#fff}} a{{color:#0a6}}</style></head>\
         <body style=\"margin:0;background:#eef1f4\"><table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\"><tr>\
         <td align=\"center\"><table class=\"card\" width=\"600\" style=\"max-width:600px;font-family:Georgia,serif\">\
         <tr><td><img src=\"https://img.{domain}/banner.png?w=1200\" width=\"600\" alt=\"{sender}\"></td></tr>\
         <tr><td style=\"padding:24px\">{body}</td></tr>\
         <tr><td style=\"padding:16px;font-size:12px;color:#777\">You get this because you asked {sender} for it. \
         <a href=\"https://news.{domain}/u/{id}\">Unsubscribe</a></td></tr></table></td></tr></table>\
         <img src=\"https://track.{domain}/open/{id}.gif\" width=\"1\" height=\"1\" alt=\"\"></body></html>",
        body = html(body),
        sender = escape(sender),
    )
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "# Plan\nOne <b>\ntwo\n\n- milk\n- eggs\n| Tiles | 12 m²\n! https://img.example.org/a.png A\n=> Open | https://example.org/?a=1&b=2\n- [x] done";

    #[test]
    fn text_reads_without_the_marks() {
        assert_eq!(
            text(BODY),
            "Plan\nOne <b>\ntwo\n\n- milk\n- eggs\nTiles   12 m²\nOpen: https://example.org/?a=1&b=2\n- [x] done"
        );
        assert_eq!(text(""), "");
    }

    #[test]
    fn a_box_is_ticked_in_both_forms() {
        let body = "- [ ] milk\n- eggs\n- [x] tickets\n- [ ] passport";
        let found = todos(body, 2);
        assert_eq!(
            found.iter().map(|todo| (todo.id.as_str(), todo.done)).collect::<Vec<_>>(),
            [("p:2", false), ("p:3", true), ("p:4", false)]
        );
        assert_eq!(tick_text(body, 1, false), "- [ ] milk\n- eggs\n- [ ] tickets\n- [ ] passport");
        assert_eq!(tick_html(&super::html(body), 2, true), super::html(&tick_text(body, 2, true)));
    }

    #[test]
    fn every_block_is_closed_and_nothing_written_is_markup() {
        let html = html(BODY);
        for (open, close) in [("<p>", "</p>"), ("<ul>", "</ul>"), ("<table>", "</table>")] {
            let opened = html.matches(open).count() + if open == "<p>" { html.matches("<p ").count() } else { 0 };
            assert_eq!(opened, html.matches(close).count(), "{open} in {html}");
        }
        assert!(html.contains("One &lt;b&gt;<br>two"), "{html}");
        assert!(html.contains("?a=1&amp;b=2"), "{html}");
        assert_eq!(super::html(""), "");
    }
}
