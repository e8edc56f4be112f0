//! What the engine takes out of a raw message it has kept: the HTML to show, and single parts.
//!
//! Parts are named by IMAP section numbers, as the connector named them in
//! [`inlet_model::AttachmentInfo::part`]; both sides number by [`inlet_model::mime`].

use inlet_model::mime::{self, Part as MimePart, Tree};

pub(crate) use inlet_model::mime::Found as Part;

/// Longest HTML handed to the sanitiser, in bytes.
const MAX_HTML: usize = 8 << 20;

/// The part with this section number; the whole message for an empty one.
pub(crate) fn part(raw: &[u8], section: &str) -> Option<Part> {
    if section.is_empty() {
        return Some(Part { mime: "message/rfc822".to_owned(), name: None, bytes: raw.to_vec() });
    }
    mime::section(raw, section)
}

/// The part with this `Content-ID`, angle brackets or not: an image the HTML refers to by `cid:`.
pub(crate) fn cid(raw: &[u8], content_id: &str) -> Option<Part> {
    let id = content_id.trim_start_matches('<').trim_end_matches('>');
    Tree::parse(raw).by_content_id(id).map(Part::from)
}

/// The HTML of the body, unsanitised; text parts that stand between HTML parts, such as the footer
/// of a mailing list, are in it too. `None`: the body has no HTML.
pub(crate) fn html(raw: &[u8]) -> Option<String> {
    let tree = Tree::parse(raw);
    let parts: Vec<&MimePart<'_>> = tree.body().html.iter().filter_map(|index| tree.parts.get(*index)).collect();
    if !parts.iter().any(|part| part.mime == "text/html") {
        return None;
    }
    let mut html = String::new();
    for part in parts {
        match part.mime.as_str() {
            "text/html" => html.push_str(&part.text()),
            _ => {
                html.push_str("<pre>");
                html.push_str(&part.text().replace('&', "&amp;").replace('<', "&lt;"));
                html.push_str("</pre>");
            }
        }
        if html.len() > MAX_HTML {
            let end = (0..=MAX_HTML).rev().find(|end| html.is_char_boundary(*end)).unwrap_or_default();
            html.truncate(end);
            break;
        }
    }
    Some(html)
}

/// How the sender's clock differs from UTC, as the `Date` header says (RFC 5322 §3.3).
pub(crate) fn offset(head: &[u8]) -> Option<jiff::tz::Offset> {
    let message = mail_parser::MessageParser::default().parse_headers(head)?;
    let date = message.date()?;
    let seconds = i32::from(date.tz_hour) * 3600 + i32::from(date.tz_minute) * 60;
    jiff::tz::Offset::from_seconds(if date.tz_before_gmt { -seconds } else { seconds }).ok()
}

/// The fields of a header by their names, unfolded.
pub(crate) fn header(head: &[u8]) -> Vec<(String, String)> {
    let Some(message) = mail_parser::MessageParser::default().parse_headers(head) else { return Vec::new() };
    let raw = message.headers_raw();
    raw.map(|(name, value)| (name.to_owned(), value.split_whitespace().collect::<Vec<_>>().join(" "))).collect()
}

/// The text of the body, for a mail that has no HTML.
pub(crate) fn text(raw: &[u8]) -> String {
    let tree = Tree::parse(raw);
    let parts = tree.body().text.into_iter().filter_map(|index| tree.parts.get(index).map(MimePart::text));
    parts.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    const RAW: &[u8] = b"Subject: x\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\
Content-Type: multipart/related; boundary=r\r\n\r\n--r\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<p>gr\xfc\xdf</p>\r\n\
--r\r\nContent-Type: image/gif; name=dot.gif\r\nContent-ID: <dot@x>\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lG\r\n--r--\r\n\
--m\r\nContent-Type: text/plain\r\n\r\n-- list <footer> & co\r\n--m\r\nContent-Type: text/plain; name=notes.txt\r\n\
Content-Disposition: attachment\r\n\r\nnotes\r\n--m--\r\n";

    #[test]
    fn html_is_decoded_and_footers_come_along() {
        assert_eq!(html(RAW).unwrap(), "<p>grüß</p><pre>-- list &lt;footer> &amp; co</pre>");
    }

    #[test]
    fn a_mail_of_text_has_no_html() {
        for raw in [b"Subject: x\r\n\r\n<p>not html</p>".as_slice(), b"", b"Content-Type: image/png\r\n\r\nx"] {
            assert_eq!(html(raw), None);
        }
    }

    #[test]
    fn an_attached_page_is_no_body() {
        let raw =
            b"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\ntext\r\n--m\r\nContent-Type: text/html\r\n\
Content-Disposition: attachment; filename=evil.html\r\n\r\n<script>\r\n--m--\r\n";
        assert_eq!(html(raw), None);
        assert_eq!(part(raw, "2").unwrap().name.as_deref(), Some("evil.html"));
    }

    #[test]
    fn parts_and_images_are_found() {
        assert_eq!(
            part(RAW, "3").unwrap(),
            Part { mime: "text/plain".into(), name: Some("notes.txt".into()), bytes: b"notes".to_vec() }
        );
        assert_eq!(part(RAW, "1.2").unwrap().bytes, b"GIF");
        assert_eq!(cid(RAW, "<dot@x>").unwrap().mime, "image/gif");
        assert_eq!(cid(RAW, "dot@x").unwrap().name.as_deref(), Some("dot.gif"));
        assert_eq!(part(RAW, "").unwrap().bytes, RAW);
        assert!(part(RAW, "4").is_none() && cid(RAW, "").is_none() && cid(RAW, "other").is_none());
    }

    #[test]
    fn huge_html_is_cut_at_a_character() {
        let raw = format!("Content-Type: text/html; charset=utf-8\r\n\r\n{}", "я".repeat(5 << 20));
        let html = html(raw.as_bytes()).unwrap();
        assert!(html.len() <= MAX_HTML && html.len() > MAX_HTML - 2);
    }
}
