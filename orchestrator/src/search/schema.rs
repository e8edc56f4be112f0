//! What the index holds of an item.
//!
//! Everything readable goes into one field, so that a word is one lookup, and the parts that can be
//! asked for by name go into a small field each. The body is not among them, it would double the
//! index: it comes last in the common field, and `head` says at which position it begins. Nothing is
//! stored; the fast fields are what a result list is ordered and paged by.

use inlet_model::{Kind, SourceType, Timestamp};
use tantivy::{
    IndexSettings, IndexSortByField, Order, TantivyDocument,
    schema::{FAST, Field, INDEXED, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{Token as IndexToken, TokenStream, Tokenizer},
};

use super::{
    ast::{Has, TextField, message_id},
    fold::{BREAK, Token, Tokens},
};

/// Counted up with every change of this file or of the folding: an older index is built again.
pub(super) const VERSION: u32 = 1;

/// The tokenizer's name in the index.
pub(super) const TOKENIZER: &str = "inlet";

/// The field segments are ordered by, newest first; milliseconds since 1970.
pub(super) const AT: &str = "at";
/// Row id of the item.
pub(super) const ITEM: &str = "item";
/// Row id of the thread.
pub(super) const THREAD: &str = "thread";
/// Position in the common field at which the body begins.
pub(super) const HEAD: &str = "head";

/// An item as the index takes it.
#[derive(Clone, Debug)]
pub(crate) struct IndexDoc {
    /// Row id.
    pub(crate) item: i64,
    /// Row id of its conversation.
    pub(crate) thread: i64,
    /// The time it is sorted by; the index keeps milliseconds.
    pub(crate) at: Timestamp,
    /// Row id of its source.
    pub(crate) source: i64,
    /// Platform.
    pub(crate) source_type: SourceType,
    /// Family.
    pub(crate) kind: Kind,
    /// Row id of its account.
    pub(crate) account: i64,
    /// Author, name and handle.
    pub(crate) from: String,
    /// Recipients or members, names and handles.
    pub(crate) to: String,
    /// Copies.
    pub(crate) cc: String,
    /// Subject, chat title or page title.
    pub(crate) title: String,
    /// Plain text.
    pub(crate) body: String,
    /// Names of its files.
    pub(crate) filenames: Vec<String>,
    /// `List-Id`.
    pub(crate) list: Option<String>,
    /// Bytes.
    pub(crate) size: u64,
    /// It carries files.
    pub(crate) has_attachment: bool,
    /// Its text holds a link, or a file of it is one.
    pub(crate) has_link: bool,
    /// Message-ID.
    pub(crate) message_id: Option<String>,
}

/// The fields of the index.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    pub(super) item: Field,
    pub(super) thread: Field,
    at: Field,
    source: Field,
    account: Field,
    pub(super) size: Field,
    head: Field,
    pub(super) all: Field,
    pub(super) title: Field,
    pub(super) from: Field,
    pub(super) to: Field,
    pub(super) cc: Field,
    pub(super) filename: Field,
    pub(super) list: Field,
    pub(super) kind: Field,
    pub(super) source_type: Field,
    pub(super) has: Field,
    pub(super) message_id: Field,
}

/// The schema and its fields.
pub(super) fn schema() -> (Schema, Fields) {
    let words = |norms: bool| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(TOKENIZER)
                .set_index_option(IndexRecordOption::WithFreqsAndPositions)
                .set_fieldnorms(norms),
        )
    };
    let exact = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    );
    let fast = NumericOptions::default() | FAST;
    let mut schema = Schema::builder();
    let fields = Fields {
        item: schema.add_i64_field(ITEM, INDEXED | FAST),
        thread: schema.add_i64_field(THREAD, INDEXED | FAST),
        at: schema.add_i64_field(AT, fast.clone()),
        source: schema.add_i64_field("source", fast.clone()),
        account: schema.add_i64_field("account", fast.clone()),
        size: schema.add_u64_field("size", fast.clone()),
        head: schema.add_u64_field(HEAD, fast),
        all: schema.add_text_field("all", words(true)),
        title: schema.add_text_field("title", words(true)),
        from: schema.add_text_field("from", words(true)),
        to: schema.add_text_field("to", words(false)),
        cc: schema.add_text_field("cc", words(false)),
        filename: schema.add_text_field("filename", words(false)),
        list: schema.add_text_field("list", words(false)),
        kind: schema.add_text_field("kind", exact.clone()),
        source_type: schema.add_text_field("source_type", exact.clone()),
        has: schema.add_text_field("has", exact.clone()),
        message_id: schema.add_text_field("message_id", exact),
    };
    (schema.build(), fields)
}

/// Segments are ordered by time, newest first: a page of the newest is the beginning of each.
pub(super) fn settings() -> IndexSettings {
    IndexSettings {
        sort_by_field: Some(IndexSortByField { field: AT.to_owned(), order: Order::Desc }),
        ..IndexSettings::default()
    }
}

impl Fields {
    /// The fields a text is looked for in; either may hold it.
    pub(super) fn of(&self, field: TextField) -> (Field, Option<Field>) {
        match field {
            TextField::Any | TextField::Body => (self.all, None),
            TextField::Subject => (self.title, None),
            TextField::From => (self.from, None),
            TextField::To => (self.to, Some(self.cc)),
            TextField::Cc => (self.cc, None),
            TextField::Filename => (self.filename, None),
            TextField::List => (self.list, None),
        }
    }

    /// The document of an item.
    pub(super) fn document(&self, doc: &IndexDoc) -> TantivyDocument {
        let mut out = TantivyDocument::new();
        out.add_i64(self.item, doc.item);
        out.add_i64(self.thread, doc.thread);
        out.add_i64(self.at, doc.at.as_millisecond());
        out.add_i64(self.source, doc.source);
        out.add_i64(self.account, doc.account);
        out.add_u64(self.size, doc.size);
        let files = doc.filenames.join("\u{1F}");
        let list = doc.list.as_deref().unwrap_or_default();
        let mut all = String::with_capacity(doc.body.len() + 256);
        for (field, text) in [
            (self.title, doc.title.as_str()),
            (self.from, &doc.from),
            (self.to, &doc.to),
            (self.cc, &doc.cc),
            (self.filename, &files),
            (self.list, list),
        ] {
            if !text.trim().is_empty() {
                out.add_text(field, text);
                all.push_str(text);
                all.push(BREAK);
            }
        }
        out.add_u64(self.head, u64::from(words_end(&all)));
        all.push_str(&doc.body);
        out.add_text(self.all, all);
        out.add_text(self.kind, doc.kind.as_str());
        out.add_text(self.source_type, doc.source_type.as_str());
        for (has, word) in [(doc.has_attachment, Has::Attachment), (doc.has_link, Has::Link)] {
            if has {
                out.add_text(self.has, word.term());
            }
        }
        if let Some(id) = &doc.message_id {
            out.add_text(self.message_id, message_id(id));
        }
        out
    }
}

impl Has {
    /// The term it is indexed as.
    pub(super) fn term(self) -> &'static str {
        match self {
            Self::Attachment => "attachment",
            Self::Link => "link",
        }
    }
}

/// The position after the last word.
fn words_end(text: &str) -> u32 {
    let (mut tokens, mut token) = (Tokens::new(text), Token::default());
    while tokens.next_into(&mut token) {}
    tokens.position()
}

/// The index's way to [`Tokens`].
#[derive(Clone, Debug, Default)]
pub(super) struct Folding {
    token: IndexToken,
}

impl Tokenizer for Folding {
    type TokenStream<'a> = FoldedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> FoldedStream<'a> {
        self.token.reset();
        FoldedStream { tokens: Tokens::new(text), folded: Token::default(), token: &mut self.token }
    }
}

/// The words of one value.
pub(super) struct FoldedStream<'a> {
    tokens: Tokens<'a>,
    folded: Token,
    token: &'a mut IndexToken,
}

impl TokenStream for FoldedStream<'_> {
    fn advance(&mut self) -> bool {
        if !self.tokens.next_into(&mut self.folded) {
            return false;
        }
        std::mem::swap(&mut self.token.text, &mut self.folded.text);
        self.token.offset_from = self.folded.from;
        self.token.offset_to = self.folded.to;
        self.token.position = self.folded.position as usize;
        true
    }

    fn token(&self) -> &IndexToken {
        self.token
    }

    fn token_mut(&mut self) -> &mut IndexToken {
        self.token
    }
}
