//! Address books: the cards of a vCard file (RFC 6350, and RFC 2426 before it), as address books export them.
//!
//! A file holds many cards, and one that is broken is one card less: the file is cut at its cards first, and each is
//! read by calcard for itself. Read is who it is and by which handles: names, addresses and telephone numbers. Birthdays,
//! pictures and streets are left where they are.

use std::borrow::Cow;

use calcard::vcard::{VCard, VCardEntry, VCardProperty, VCardValue};

use crate::{compose::is_address, text::fold};

/// Longest name that is kept, in characters.
const LONGEST: usize = 200;
/// Handles of one card at most.
const MANY: usize = 50;
/// Largest card that is read without its pictures, in bytes.
const LARGEST: usize = 8 << 20;
/// Digits that make a telephone number: fewer are extensions and service numbers.
const DIGITS: usize = 6;

/// Somebody, as a card has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Card {
    /// What tells it from others, the same in the next export.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) organisation: String,
    /// Addresses in lower case, and telephone numbers as digits, with the `+` they were written with.
    pub(crate) handles: Vec<String>,
}

/// The cards of a file, or for each that is none a sentence why.
pub(crate) fn cards(bytes: &[u8]) -> Vec<Result<Card, String>> {
    pieces(&decoded(bytes))
        .into_iter()
        .enumerate()
        .map(|(at, piece)| read(&piece).map_err(|why| format!("Card {} {why}", at + 1)))
        .collect()
}

/// Text is UTF-8 (RFC 6350 §3.1); address books of old wrote what their system had.
fn decoded(bytes: &[u8]) -> String {
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
            // Every byte of Latin-1 is the character of that number.
            Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
        },
    }
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes
        .chunks_exact(2)
        .map(|pair| unit([pair.first().copied().unwrap_or_default(), pair.get(1).copied().unwrap_or_default()]));
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// A file cut where cards begin. What is before the first is no card.
fn pieces(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.trim().eq_ignore_ascii_case("BEGIN:VCARD") {
            found.push(String::new());
        }
        if let Some(piece) = found.last_mut() {
            piece.push_str(line);
            piece.push_str("\r\n");
        }
    }
    found
}

/// Version 2.1 may name an encoding without saying that it is one: `FN;QUOTED-PRINTABLE:` is
/// `FN;ENCODING=QUOTED-PRINTABLE:`.
fn spelled_out(piece: &str) -> Cow<'_, str> {
    const BARE: &str = ";QUOTED-PRINTABLE";
    if !piece.to_ascii_uppercase().contains(BARE) {
        return Cow::Borrowed(piece);
    }
    let line = |line: &str| {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let at = name.to_ascii_uppercase().find(BARE);
        match at.and_then(|at| name.split_at_checked(at)) {
            Some((before, after)) => {
                format!("{before};ENCODING=QUOTED-PRINTABLE{}:{value}\r\n", after.get(BARE.len()..).unwrap_or_default())
            }
            None => format!("{line}\r\n"),
        }
    };
    Cow::Owned(piece.lines().map(line).collect())
}

fn read(piece: &str) -> Result<Card, String> {
    if piece.len() > LARGEST {
        return Err("is too large to be one person's.".to_owned());
    }
    if !piece.lines().any(|line| line.trim().eq_ignore_ascii_case("END:VCARD")) {
        return Err("has no end; it was torn off.".to_owned());
    }
    let card = VCard::parse(spelled_out(piece))
        .map_err(|_| "cannot be read; export it again from where it came.".to_owned())?;
    let mut handles: Vec<String> = Vec::new();
    let emails = card.properties(&VCardProperty::Email).filter_map(|entry| address(&first(entry)?));
    let phones = card.properties(&VCardProperty::Tel).filter_map(|entry| number(&first(entry)?));
    for handle in emails.chain(phones) {
        if !handles.contains(&handle) && handles.len() < MANY {
            handles.push(handle);
        }
    }
    // The company; which part of it follows (RFC 6350 §6.6.4), and differs between colleagues.
    let organisation = card.property(&VCardProperty::Org).and_then(first).map(|name| line(&name)).unwrap_or_default();
    let name = name_of(&card).unwrap_or_default();
    let Some(by) = handles.first() else {
        let who = if name.is_empty() { String::new() } else { format!(" ({name})") };
        return Err(format!("{who} has no address and no telephone number.").trim_start().to_owned());
    };
    let id = match card.uid().map(line).filter(|uid| !uid.is_empty()) {
        Some(uid) => uid,
        None => format!("{by} {}", fold(&name)),
    };
    let name = if name.is_empty() { organisation.clone() } else { name };
    Ok(Card { id, name, organisation, handles })
}

/// The name as it is to be shown, else the parts of it in the order people say them.
fn name_of(card: &VCard) -> Option<String> {
    let shown =
        card.property(&VCardProperty::Fn).and_then(first).map(|name| line(&name)).filter(|name| !name.is_empty());
    shown.or_else(|| {
        let parts = texts(card.property(&VCardProperty::N)?);
        // Family, given, additional, before, after (RFC 6350 §6.2.2).
        let said = [3, 1, 2, 0, 4].into_iter().filter_map(|at: usize| parts.get(at));
        Some(line(&said.filter(|part| !part.trim().is_empty()).cloned().collect::<Vec<_>>().join(" ")))
            .filter(|name| !name.is_empty())
    })
}

/// The texts of a property, a structured one part by part.
fn texts(entry: &VCardEntry) -> Vec<String> {
    entry
        .values
        .iter()
        .map(|value| match value {
            VCardValue::Component(parts) => parts.join(" "),
            other => other.as_text().unwrap_or_default().to_owned(),
        })
        .collect()
}

fn first(entry: &VCardEntry) -> Option<String> {
    texts(entry).into_iter().find(|text| !text.trim().is_empty())
}

fn address(text: &str) -> Option<String> {
    let address = text.trim().trim_start_matches("mailto:").to_lowercase();
    is_address(&address).then_some(address)
}

/// A telephone number without what makes it readable.
fn number(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("tel:");
    let text = text.split([';', 'x', 'X']).next().unwrap_or_default();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let international = text.trim_start().starts_with('+');
    let (digits, international) = match digits.strip_prefix("00") {
        Some(rest) if !international => (rest.to_owned(), true),
        _ => (digits, international),
    };
    (digits.len() >= DIGITS).then(|| if international { format!("+{digits}") } else { digits })
}

fn line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn one(text: &str) -> Card {
        let mut all = cards(text.as_bytes());
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0).unwrap()
    }

    /// As Apple exports: groups before the names, and labels of its own.
    const APPLE: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//macOS 14.4//EN\r\nN:Sørensen;Åse;;;\r\n\
        FN:Åse Sørensen\r\nORG:Fjord & Sønner;Salg\r\nitem1.EMAIL;type=INTERNET;type=pref:Aase@Fjord.example\r\n\
        item1.X-ABLabel:_$!<Work>!$_\r\nEMAIL;type=INTERNET;type=HOME:aase@home.example\r\n\
        TEL;type=CELL;type=VOICE;type=pref:+47 912 34 567\r\nUID:A1B2-C3:ABPerson\r\nEND:VCARD\r\n";

    #[test]
    fn a_card_of_apple() {
        let card = one(APPLE);
        assert_eq!((card.name.as_str(), card.organisation.as_str()), ("Åse Sørensen", "Fjord & Sønner"));
        assert_eq!(card.handles, ["aase@fjord.example", "aase@home.example", "+4791234567"]);
        assert_eq!(card.id, "A1B2-C3:ABPerson");
    }

    #[test]
    fn a_card_of_google_and_one_of_version_four() {
        let google = one("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Lima\r\nN:Lima;Ana;Maria;Dr.;\r\n\
             EMAIL;TYPE=INTERNET;TYPE=HOME:ana@lima.example\r\nitem1.TEL:(0151) 234-567-89\r\nitem1.X-ABLabel:Mobil\r\n\
             PHOTO:https://pictures.example/1\r\nCATEGORIES:myContacts\r\nEND:VCARD\r\n");
        assert_eq!(google.handles, ["ana@lima.example", "015123456789"]);
        assert_eq!(google.id, "ana@lima.example ana lima", "it has no name of its own among cards");
        let four =
            one("BEGIN:VCARD\nVERSION:4.0\nUID:urn:uuid:4fbe8971\nKIND:individual\nN:Lima;Ana;Maria;Dr.;\nFN:\n\
             TEL;VALUE=uri;TYPE=\"voice,home\":tel:+351-21-123-4567;ext=5\nEMAIL;TYPE=work:ANA@lima.example\n\
             NOTE:A long note that is fol\n ded\nEND:VCARD\n");
        assert_eq!((four.name.as_str(), four.id.as_str()), ("Dr. Ana Maria Lima", "urn:uuid:4fbe8971"));
        assert_eq!(four.handles, ["ana@lima.example", "+351211234567"]);
    }

    #[test]
    fn a_card_of_outlook_in_the_encoding_of_its_system() {
        let text = "BEGIN:VCARD\r\nVERSION:2.1\r\nN;LANGUAGE=de;CHARSET=Windows-1252:Müller;Jörg\r\nFN;CHARSET=Windows-1252:Jörg Müller\r\n\
            EMAIL;PREF;INTERNET:joerg@mueller.example\r\nTEL;WORK;VOICE:0049 30 1234567\r\nREV:20260101T000000Z\r\nEND:VCARD\r\n";
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for bytes in [latin, wide] {
            let card = cards(&bytes).remove(0).unwrap();
            assert_eq!(card.name, "Jörg Müller");
            assert_eq!(card.handles, ["joerg@mueller.example", "+49301234567"]);
        }
    }

    /// As telephones of old export: everything beyond ASCII in quoted-printable, over several lines where it is long.
    #[test]
    fn a_card_in_quoted_printable() {
        let card = one(
            "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;;\r\n\
             FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg M=\r\n=C3=BCller=20=\r\n(privat)\r\n\
             TEL;CELL:+49 151 23456789\r\nORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:B=C3=A4ckerei;Verkauf\r\n\
             EMAIL;INTERNET:joerg@mueller.example\r\nNOTE;ENCODING=QUOTED-PRINTABLE:END:VCARD=0D=0AFN:Nobody\r\nEND:VCARD\r\n",
        );
        assert_eq!((card.name.as_str(), card.organisation.as_str()), ("Jörg Müller (privat)", "Bäckerei"));
        assert_eq!(card.handles, ["joerg@mueller.example", "+4915123456789"]);
        let parts =
            one("BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;;\r\n\
             TEL:030 1234567\r\nEND:VCARD\r\n");
        assert_eq!(parts.name, "Jörg Müller");
        let bare = one("BEGIN:VCARD\r\nVERSION:2.1\r\nFN;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:J=F6rg M=FCller\r\n\
             EMAIL:joerg@mueller.example\r\nEND:VCARD\r\n");
        assert_eq!(bare.name, "Jörg Müller");
        let plain = one("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:1 = 1\r\nEMAIL:a@b.example\r\nEND:VCARD\r\n");
        assert_eq!(plain.name, "1 = 1", "what is not encoded is not decoded");
    }

    #[test]
    fn a_broken_card_is_one_card_less_and_is_told() {
        let file = format!(
            "rubbish before\r\n{APPLE}BEGIN:VCARD\r\nFN:Torn\r\n{APPLE}BEGIN:VCARD\r\nFN:Nobody\r\nEND:VCARD\r\n"
        );
        let all = cards(file.as_bytes());
        assert_eq!(all.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true, false]);
        assert!(all[1].as_ref().unwrap_err().starts_with("Card 2 "), "{all:?}");
        assert!(all[3].as_ref().unwrap_err().contains("Nobody"), "{all:?}");
        assert!(cards(b"").is_empty() && cards(b"no cards").is_empty());
        // Torn anywhere it is read as far as it goes, and never more than is there.
        for end in (0..APPLE.len()).filter(|end| APPLE.is_char_boundary(*end)) {
            assert!(cards(&APPLE.as_bytes()[..end]).len() <= 1);
        }
        // Nobody's card holds the text of two people in one line.
        let odd = one(
            "BEGIN:VCARD\r\nFN:A\\nB\u{7}\r\nEMAIL:a@b.example\r\nEMAIL:not an address\r\nTEL:110\r\nEND:VCARD\r\n",
        );
        assert_eq!((odd.name.as_str(), odd.handles.len()), ("A B", 1));
    }
}
