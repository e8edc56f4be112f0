//! The index as a whole: everything that is put in is found, in order, page by page.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]

use std::{path::Path, sync::Arc};

use inlet_model::{Kind, SourceType, Timestamp};
use jiff::{ToSpan, tz::TimeZone};
use roaring::RoaringTreemap;

use super::*;

mod keeping;
mod language;
mod paging;

fn now() -> Timestamp {
    "2026-03-18T15:30:00Z".parse().unwrap()
}

fn query(text: &str) -> Query {
    parse(text, now(), &TimeZone::UTC, false)
}

fn doc(item: i64, title: &str, body: &str) -> IndexDoc {
    IndexDoc {
        item,
        thread: item * 10,
        at: now() - item.hours(),
        source: 1,
        source_type: SourceType::Imap,
        kind: Kind::Mail,
        account: 1,
        from: String::new(),
        to: String::new(),
        cc: String::new(),
        title: title.to_owned(),
        body: body.to_owned(),
        filenames: Vec::new(),
        list: None,
        size: body.len() as u64,
        has_attachment: false,
        has_link: false,
        message_id: None,
    }
}

/// Item 1, 3, 5 … are unread; items below 4 are in the inbox.
struct States;

impl StateLookup for States {
    fn items(&self, filter: &StateFilter) -> Arc<RoaringTreemap> {
        Arc::new(match filter {
            StateFilter::Is(IsState::Unread) => (1..10_000).step_by(2).collect(),
            StateFilter::In(place) if place == "inbox" => (1..4).collect(),
            _ => RoaringTreemap::new(),
        })
    }
}

fn upserts(docs: impl IntoIterator<Item = IndexDoc>) -> Vec<IndexChange> {
    docs.into_iter().map(|doc| IndexChange::Upsert(Box::new(doc))).collect()
}

fn filled(dir: &Path, docs: impl IntoIterator<Item = IndexDoc>) -> Index {
    let index = Index::open(dir).unwrap();
    index.apply(upserts(docs), 1).unwrap();
    index.flush().unwrap();
    index
}

fn request(cancel: &CancelToken) -> SearchRequest<'_> {
    SearchRequest { limit: 100, after: None, sort: Sort::Newest, states: &States, cancel }
}

fn search(index: &Index, query: &Query) -> Hits {
    index.search(query, request(&CancelToken::default())).unwrap()
}

/// The items found, newest first; a forgiven typo is a failure here.
fn items(index: &Index, text: &str) -> Vec<i64> {
    let hits = search(index, &query(text));
    assert_eq!(hits.corrected, None, "{text}");
    assert_eq!(hits.total, Total { count: hits.hits.len() as u64, exact: true }, "{text}");
    hits.hits.iter().map(|hit| hit.item).collect()
}

fn some() -> Vec<IndexDoc> {
    vec![
        IndexDoc {
            from: "Ana López ana@mail.example.org".into(),
            to: "Bob bob@example.net".into(),
            cc: "Zoë zoe@example.com".into(),
            message_id: Some("<First@Example.org>".into()),
            has_attachment: true,
            filenames: vec!["Plan-2026.pdf".into()],
            size: 6 << 20,
            ..doc(1, "Quarterly budget", "Please send the deck by Friday, the café is booked.")
        },
        IndexDoc {
            from: "Bob bob@example.net".into(),
            to: "Ana López ana@mail.example.org".into(),
            list: Some("rust-users.lists.example.org".into()),
            ..doc(2, "Re: deck", "The budget deck is done. Grüße aus der Straße")
        },
        IndexDoc {
            kind: Kind::Chat,
            source_type: SourceType::WhatsApp,
            from: "Chen 陳".into(),
            has_link: true,
            ..doc(3, "Family", "明日、東京都庁で会議があります 🎉 https://example.org/plan")
        },
        IndexDoc {
            kind: Kind::Note,
            source_type: SourceType::OneNote,
            ..doc(4, "Ideas", "don't forget O'Brien's e-mail; مُحَمَّد said: deck the big hall")
        },
        doc(5, "Nothing", "A friday without decks"),
    ]
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }

    fn word(&mut self) -> String {
        let alphabets: [&[char]; 6] = [
            &['a', 'b', 'E', 'é', 'ß', 'O', 't'],
            &['я', 'Ж', 'й', 'ё', 'к'],
            &['م', 'ح', 'د', 'ل', '\u{64E}'],
            &['東', '京', '都', '大', '阪'],
            &['한', '국', '어', '말'],
            &['1', '2', '9', 'x', '-', '\'', '.', '@'],
        ];
        let alphabet = alphabets[self.below(6)];
        (0..=self.below(7)).map(|_| alphabet[self.below(alphabet.len())]).collect()
    }
}
