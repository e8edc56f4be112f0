//! HTML on its way out: what I wrote or quote, through the same rules as what comes in.

use std::cell::RefCell;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{RenderOptions, render};

/// HTML that can be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sendable {
    /// The body; its pictures are named by `cid:`.
    pub html: String,
    /// Content-IDs of the pictures it shows, each once.
    pub pictures: Vec<String>,
    /// It was too large or too tangled and its end is missing.
    pub cut: bool,
}

/// Cleans HTML to be sent. `has` tells which Content-IDs there are pictures for.
///
/// Nothing remote stays in it: whoever reads it must not be reported to whoever I quote.
pub fn sendable(html: &str, has: &dyn Fn(&str) -> bool) -> Sendable {
    let pictures: RefCell<Vec<String>> = RefCell::default();
    let inline = |content_id: &str| {
        if !is_plain(content_id) || !has(content_id) {
            return None;
        }
        let mut pictures = pictures.borrow_mut();
        let index = pictures.iter().position(|known| known == content_id).unwrap_or_else(|| {
            pictures.push(content_id.to_owned());
            pictures.len() - 1
        });
        Some(stand_in(index))
    };
    let rendered = render(html, &RenderOptions { inline: &inline, fold: false, ..RenderOptions::default() });
    let pictures = pictures.into_inner();
    let mut html = rendered.html;
    for (index, content_id) in pictures.iter().enumerate() {
        // The sanitiser has the last word over everything but this: one whole attribute for another.
        html = html.replace(&format!("src=\"{}\"", stand_in(index)), &format!("src=\"cid:{content_id}\""));
    }
    Sendable { html, pictures, cut: rendered.cut }
}

/// Plain text as HTML that looks the same.
pub fn text_as_html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    escaped.lines().collect::<Vec<_>>().join("<br>")
}

/// What stands for a picture while the HTML is cleaned: the sanitiser knows pictures by their bytes.
fn stand_in(index: usize) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(format!("inlet picture {index};")))
}

/// A Content-ID that means the same in an address and between angle brackets.
fn is_plain(content_id: &str) -> bool {
    !content_id.is_empty() && content_id.chars().all(|c| c.is_ascii_alphanumeric() || "@.-_$+=".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_named_and_what_is_dangerous_is_gone() {
        let written = "<p onclick=x()>Hi <b>Ana</b> <img src='cid:a@b' alt=Plan><img src=cid:a@b><img src=cid:none>\
                       <script>x()</script><img src='https://track.example/o.gif?u=1'>\
                       <a href='javascript:x()'>here</a></p>";
        let sent = sendable(written, &|id| id == "a@b");
        assert_eq!(sent.pictures, ["a@b"]);
        assert_eq!(sent.html.matches("src=\"cid:a@b\"").count(), 2, "{}", sent.html);
        assert!(sent.html.contains("<b>Ana</b>"), "{}", sent.html);
        for gone in ["script", "onclick", "x()", "track.example", "data:"] {
            assert!(!sent.html.contains(gone), "{gone}: {}", sent.html);
        }
    }

    #[test]
    fn a_quotation_stays_a_quotation() {
        let sent = sendable("<p>Yes</p><blockquote type=cite>Shall we?</blockquote>", &|_| false);
        assert!(sent.html.contains("<blockquote>Shall we?</blockquote>"), "{}", sent.html);
        assert!(!sent.html.contains("details"), "{}", sent.html);
    }

    #[test]
    fn a_content_id_cannot_leave_its_attribute() {
        let sent = sendable("<img src='cid:a%22 onerror=x()'>", &|_| true);
        assert_eq!(sent.pictures, Vec::<String>::new());
        assert!(!sent.html.contains("onerror"), "{}", sent.html);
    }
}
