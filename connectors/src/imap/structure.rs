//! BODYSTRUCTURE (RFC 9051 §7.5.2): the parts of a message without its bytes.

use async_imap::imap_proto::{BodyContentCommon, BodyContentSinglePart, BodyParams, BodyStructure, ContentEncoding};

use super::answer::{plain, unescaped};

/// A part that holds bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Leaf {
    /// IMAP section, such as `2.1`.
    pub(super) section: String,
    /// Media type, lower case.
    pub(super) mime: String,
    /// Charset parameter.
    pub(super) charset: Option<String>,
    /// `format=flowed` (RFC 3676), and whether `delsp=yes`.
    pub(super) flowed: Option<bool>,
    /// File name as far as the structure tells it, undecoded.
    pub(super) name: Option<String>,
    /// Content-Transfer-Encoding, lower case.
    pub(super) encoding: String,
    /// Encoded size in bytes.
    pub(super) octets: u64,
    /// Content-ID without angle brackets.
    pub(super) content_id: Option<String>,
    /// Content-Disposition, lower case.
    pub(super) disposition: Option<String>,
}

impl Leaf {
    /// It is text for the reader, not a file.
    pub(super) fn is_body(&self) -> bool {
        matches!(self.mime.as_str(), "text/plain" | "text/html" | "text/calendar")
            && self.disposition.as_deref() != Some("attachment")
            && (self.name.is_none() || self.mime == "text/calendar")
    }

    /// Decoded size in bytes, near enough: base64 has lines of 76 with two for their ends.
    pub(super) fn decoded_size(&self) -> u64 {
        match self.encoding.as_str() {
            "base64" => self.octets.saturating_mul(57) / 78,
            _ => self.octets,
        }
    }
}

/// The leaves of a structure, in the order of the message.
pub(super) fn leaves(structure: &BodyStructure<'_>) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    match structure {
        BodyStructure::Multipart { bodies, .. } => multipart(bodies, "", &mut leaves),
        single => part(single, "1".to_owned(), &mut leaves),
    }
    leaves
}

fn multipart(parts: &[BodyStructure<'_>], prefix: &str, leaves: &mut Vec<Leaf>) {
    for (index, body) in parts.iter().enumerate() {
        let number = index + 1;
        part(body, if prefix.is_empty() { number.to_string() } else { format!("{prefix}.{number}") }, leaves);
    }
}

fn part(body: &BodyStructure<'_>, section: String, leaves: &mut Vec<Leaf>) {
    match body {
        BodyStructure::Multipart { bodies, .. } => multipart(bodies, &section, leaves),
        // A message inside the message is one file to the reader.
        BodyStructure::Basic { common, other, .. }
        | BodyStructure::Text { common, other, .. }
        | BodyStructure::Message { common, other, .. } => leaves.push(leaf(common, other, section)),
    }
}

fn leaf(common: &BodyContentCommon<'_>, other: &BodyContentSinglePart<'_>, section: String) -> Leaf {
    let disposition = common.disposition.as_ref();
    let parameters = &common.ty.params;
    Leaf {
        section,
        mime: unescaped(&format!("{}/{}", common.ty.ty, common.ty.subtype)).to_ascii_lowercase(),
        charset: parameter(parameters, "charset"),
        flowed: parameter(parameters, "format")
            .filter(|format| format.eq_ignore_ascii_case("flowed"))
            .map(|_| parameter(parameters, "delsp").is_some_and(|delsp| delsp.eq_ignore_ascii_case("yes"))),
        name: disposition
            .and_then(|disposition| parameter(&disposition.params, "filename"))
            .or_else(|| parameter(parameters, "name")),
        encoding: match &other.transfer_encoding {
            ContentEncoding::SevenBit => "7bit".to_owned(),
            ContentEncoding::EightBit => "8bit".to_owned(),
            ContentEncoding::Binary => "binary".to_owned(),
            ContentEncoding::Base64 => "base64".to_owned(),
            ContentEncoding::QuotedPrintable => "quoted-printable".to_owned(),
            ContentEncoding::Other(other) => other.to_ascii_lowercase(),
        },
        octets: u64::from(other.octets),
        content_id: plain(other.id.as_ref())
            .map(|id| id.trim().trim_start_matches('<').trim_end_matches('>').to_owned())
            .filter(|id| !id.is_empty()),
        disposition: disposition.map(|disposition| disposition.ty.to_ascii_lowercase()),
    }
}

/// A parameter; of an encoded or split one (RFC 2231) that it is there counts, not what it says.
fn parameter(parameters: &BodyParams<'_>, name: &str) -> Option<String> {
    parameters.iter().flatten().find_map(|(key, value)| {
        let key = key.split('*').next().unwrap_or_default();
        key.eq_ignore_ascii_case(name).then(|| unescaped(value))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
mod tests {
    use super::*;
    use crate::imap::answer::tests::fetched;

    fn read(structure: &str) -> Vec<Leaf> {
        fetched(&format!("* 1 FETCH (UID 1 BODYSTRUCTURE {structure})")).structure.unwrap_or_default()
    }

    #[test]
    fn sections_are_numbered_as_imap_numbers_them() {
        let found = read(
            r#"((("TEXT" "PLAIN" ("CHARSET" "UTF-8") NIL NIL "QUOTED-PRINTABLE" 120 4 NIL NIL NIL NIL)("TEXT" "HTML" ("CHARSET" "UTF-8") NIL NIL "BASE64" 780 10 NIL NIL NIL) "ALTERNATIVE" ("BOUNDARY" "x") NIL NIL)("IMAGE" "PNG" ("NAME" "logo.png") "<logo@x>" NIL "BASE64" 7800 NIL ("INLINE" ("FILENAME" "logo.png")) NIL)("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 900 ("d" "s" NIL NIL NIL NIL NIL NIL NIL "m") ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 1) 20 NIL ("ATTACHMENT" ("FILENAME*0*" "utf-8''a")) NIL) "MIXED" ("BOUNDARY" "y") NIL NIL)"#,
        );
        let sections: Vec<_> = found.iter().map(|leaf| (leaf.section.as_str(), leaf.mime.as_str())).collect();
        assert_eq!(
            sections,
            [("1.1", "text/plain"), ("1.2", "text/html"), ("2", "image/png"), ("3", "message/rfc822")]
        );
        assert!(found[0].is_body() && found[1].is_body() && !found[2].is_body() && !found[3].is_body());
        assert_eq!(found[0].charset.as_deref(), Some("UTF-8"));
        assert_eq!(
            read(r#"("TEXT" "PLAIN" ("FORMAT" "Flowed" "DELSP" "yes") NIL NIL "7BIT" 1 1)"#)[0].flowed,
            Some(true)
        );
        assert_eq!(found[2].content_id.as_deref(), Some("logo@x"));
        assert_eq!(found[2].disposition.as_deref(), Some("inline"));
        assert_eq!(found[2].decoded_size(), 5700);
        assert_eq!(found[3].name.as_deref(), Some("utf-8''a"));
    }

    #[test]
    fn a_single_part_is_section_one_and_an_attached_text_is_a_file() {
        let found = read(r#"("TEXT" "PLAIN" ("CHARSET" "us-ascii") NIL NIL NIL 3028 92)"#);
        assert_eq!((found[0].section.as_str(), found[0].encoding.as_str()), ("1", "7bit"));
        let found = read(r#"("TEXT" "PLAIN" ("NAME" "a.txt") NIL NIL "7BIT" 1 1 NIL ("ATTACHMENT" NIL) NIL)"#);
        assert!(!found[0].is_body());
    }

    #[test]
    fn names_come_without_the_escapes_of_their_quotes() {
        let found = read(r#"("APPLICATION" "PDF" ("NAME" "a \"b\" \\ c.pdf") NIL NIL "BASE64" 78 NIL NIL NIL)"#);
        assert_eq!(found[0].name.as_deref(), Some(r#"a "b" \ c.pdf"#));
        let found = read("(\"APPLICATION\" \"PDF\" (\"NAME\" {7}\r\na\\b.pdf) NIL NIL NIL 78)");
        assert_eq!((found[0].name.as_deref(), found[0].encoding.as_str()), (Some("a\\b.pdf"), "7bit"));
    }

    #[test]
    fn nonsense_has_no_parts() {
        for structure in ["NIL", "()", "\"x\"", "(NIL NIL)", "(\"TEXT\" \"PLAIN\")"] {
            assert_eq!(read(structure), [], "{structure}");
        }
    }
}
