//! Messages that no person writes: what a rule sends on, and what it answers with.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use inlet_model::{AttachmentInfo, Automatic, Kind, OpId, Party};

use super::{App, writing::ReadyToSend};
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{Compose, ComposeAttachment, ComposeMode, KeptKind, SendParams, SourceView},
    },
    clock::Clock,
    compose,
    outbox::telling::{self, Planned, Telling, When},
    rules::{Recipient, loops::mark, view::View},
    store::{Result as StoreResult, WriteTx, attachment, body, item, kept, notice, rule::Channel, source, suggestion},
};

/// Bytes of files that go along at most: with their encoding a mail of them is still taken by most servers.
const MOST_FILES: usize = 15_000_000;
/// Letters of a message that a channel is told at most: whoever wants all of it opens it here.
const MOST_TOLD: usize = 3_000;

/// What a rule sends, made ready.
pub(super) enum ReadyToGo {
    Message(Box<ReadyToSend>),
    Told(Planned),
}

impl ReadyToGo {
    /// Queues it in the caller's transaction; a sentence says why it was not.
    pub(super) fn queue(self, tx: &WriteTx<'_>, now: inlet_model::Timestamp) -> StoreResult<Result<OpId, String>> {
        match self {
            Self::Message(ready) => ready.queue(tx, now).map(Ok),
            Self::Told(planned) => {
                Ok(telling::queue(tx, &planned, now)?
                    .ok_or_else(|| "This is what a channel was told already.".to_owned()))
            }
        }
    }
}

impl App {
    /// A message sent on, with its text and the files that are here.
    pub(super) async fn forwarded(&self, view: &View, to: &[Recipient]) -> Result<ReadyToSend, ApiError> {
        let sources = self.sources().await?;
        let able = |source: &&SourceView| {
            source.kind == Kind::Mail && source.capabilities.send && !source.capabilities.send_only
        };
        let own = sources.iter().filter(able).find(|source| source.id == view.source);
        let source = own.or_else(|| sources.iter().find(able));
        let source =
            source.ok_or_else(|| ApiError::invalid("There is no mail account it could be sent from; connect one."))?;
        let (attachments, left_out) = self.files_of(view).await?;
        let message = Compose {
            mode: ComposeMode::Forward,
            source: Some(source.id),
            item: Some(view.item),
            to: to.iter().map(|address| Party { name: None, handle: address.0.clone() }).collect(),
            subject: compose::subject(&view.title, ComposeMode::Forward),
            text: match left_out.is_empty() {
                true => String::new(),
                false => format!("Files not sent along: {}.", left_out.join(", ")),
            },
            quote: true,
            attachments,
            ..Compose::default()
        };
        let automatic = Automatic { reply: false, passed: passed(view, source.identity.as_deref()) };
        self.ready_to_send(SendParams { message, ..SendParams::default() }, Some(automatic)).await
    }

    /// What a channel is told of a message: who wrote where, the beginning of it, and the names of its files.
    pub(super) async fn told(&self, view: &View, channel: &str, when: When) -> Result<Planned, ApiError> {
        let (id, came_to, name) = (view.item, view.source, channel.to_owned());
        let (channel, words, text, files, me) = self
            .store
            .read(move |reader| {
                let channels = Channel::all(&reader.main)?;
                let channel = Channel::named(&channels, &name).map(|channel| channel.id);
                let row = item::get(&reader.main, id)?;
                let text = row.map(|row| body::text(&reader.bodies, row.body)).transpose()?;
                let files: Vec<AttachmentInfo> =
                    attachment::of_item(&reader.main, id)?.into_iter().map(|file| file.info).collect();
                let me = source::identity(&reader.main, came_to)?;
                Ok((channel, notice::words(&reader.main, id, true)?, text, files, me))
            })
            .await?;
        let channel = channel.ok_or_else(|| ApiError::not_found("The channel"))?;
        let (title, _) = words.ok_or_else(|| ApiError::not_found("The message"))?;
        let named = |file: &AttachmentInfo| match &file.link {
            Some(link) => format!("{} {link}", file.name),
            None => file.name.clone(),
        };
        let names: Vec<String> = files.iter().filter(|file| !file.inline).map(named).collect();
        let heading = Some(view.title.trim()).filter(|heading| !heading.is_empty() && view.kind != Kind::Chat);
        let parts = [
            heading.map(str::to_owned),
            text.as_deref().map(beginning).filter(|text| !text.is_empty()),
            (!names.is_empty()).then(|| format!("Files: {}.", names.join(", "))),
        ];
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
        let passed = passed(view, me.as_deref());
        let what = Telling { title, text, link: None, about: Some(id), passed, when };
        let planned = self.plan_telling(channel, &telling::item_key(id), what);
        let (_, planned) = planned.map_err(|error| match error.code {
            ErrorCode::NotFound => ApiError::new(ErrorCode::Refused, "This channel is paused; resume its account."),
            _ => error,
        })?;
        Ok(planned)
    }

    /// The files of a message, fetched where they are not here yet, and the names of those that cannot be had or are
    /// too large. Those that lie elsewhere are named in what is quoted.
    async fn files_of(&self, view: &View) -> Result<(Vec<ComposeAttachment>, Vec<String>), ApiError> {
        let id = view.item;
        let files = self.store.read(move |reader| attachment::of_item(&reader.main, id)).await?;
        let (mut along, mut left_out, mut room) = (Vec::new(), Vec::new(), MOST_FILES);
        for file in files.into_iter().filter(|file| !file.info.inline && file.info.link.is_none()) {
            let said = usize::try_from(file.info.size).unwrap_or(usize::MAX);
            let bytes = if said <= room { self.local_bytes(&file).await } else { None };
            match bytes.filter(|bytes| bytes.len() <= room) {
                Some(bytes) => {
                    room -= bytes.len();
                    along.push(ComposeAttachment {
                        name: file.info.name,
                        mime: file.info.mime,
                        base64: STANDARD.encode(bytes),
                        content_id: None,
                        held: None,
                    });
                }
                None => left_out.push(file.info.name),
            }
        }
        Ok((along, left_out))
    }

    /// A message answered with a template.
    pub(super) async fn answered(&self, view: &View, template: &str) -> Result<ReadyToSend, ApiError> {
        let sources = self.sources().await?;
        let source = sources.into_iter().find(|source| source.id == view.source);
        let source = source.ok_or_else(|| ApiError::not_found("The account it came to"))?;
        let name = template.to_owned();
        let (kept, names) = self
            .store
            .read(move |reader| {
                let kept = kept::named(&reader.main, KeptKind::Template, &name)?;
                Ok((kept, suggestion::myself(&reader.main)?.1))
            })
            .await?;
        let kept = kept.ok_or_else(|| ApiError::not_found(format!("The template \"{template}\"")))?;
        let values = values(view, source.identity.as_deref(), names.first().map(String::as_str), self.clock.now());
        let written = |key: &str| kept.data.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
        let (text, subject) = (filled(written("text"), &values)?, filled(written("subject"), &values)?);
        let mail = view.kind == Kind::Mail;
        let html = Some(written("html")).filter(|html| mail && !html.is_empty());
        let escaped: HashMap<_, _> =
            values.iter().map(|(name, value)| (*name, crate::html::text_as_html(value))).collect();
        let message = Compose {
            mode: ComposeMode::Reply,
            source: Some(view.source),
            thread: Some(view.thread),
            item: Some(view.item),
            to: if mail { view.trail.reply_to.clone() } else { Vec::new() },
            subject: match (mail, subject.trim().is_empty()) {
                (false, _) => String::new(),
                (true, true) => compose::subject(&view.title, ComposeMode::Reply),
                (true, false) => subject,
            },
            text,
            html: html.map(|html| filled(html, &escaped)).transpose()?,
            signature: self.signature(Some(view.source).filter(|_| mail)).await?,
            ..Compose::default()
        };
        let own = mark(source.identity.as_deref().unwrap_or_default());
        let automatic = Automatic { reply: true, passed: vec![own] };
        self.ready_to_send(SendParams { message, ..SendParams::default() }, Some(automatic)).await
    }
}

/// Marks of everybody a message has passed, mine the last.
fn passed(view: &View, me: Option<&str>) -> Vec<String> {
    let mut passed = view.trail.passed.clone();
    passed.push(mark(me.unwrap_or_default()));
    passed
}

/// As much of a text as a channel is told.
fn beginning(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(MOST_TOLD) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text).trim_end()),
        None => text.to_owned(),
    }
}

/// What stands for the variables of a template, as far as it is known without a person.
fn values(
    view: &View,
    me: Option<&str>,
    my_name: Option<&str>,
    now: inlet_model::Timestamp,
) -> HashMap<&'static str, String> {
    let mut values = HashMap::from([("date", now.to_zoned(Clock::zone()).strftime("%Y-%m-%d").to_string())]);
    let mut put = |name, value: Option<&str>| {
        if let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) {
            values.insert(name, value.to_owned());
        }
    };
    let name = view.from.as_ref().and_then(|from| from.name.as_deref());
    put("name", name);
    // "Novak, Leila" is called Leila.
    let first = name.map(|name| name.split_once(',').map_or(name, |(_, first)| first));
    put("first_name", first.and_then(|first| first.split_whitespace().next()));
    put("my_address", me);
    put("my_name", my_name);
    values
}

/// The text with its variables filled in.
///
/// # Errors
/// A sentence that names one that is not known: a stranger shall not read it.
fn filled<V: AsRef<str>>(text: &str, values: &HashMap<&'static str, V>) -> Result<String, ApiError> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let name = after.split_once('}').filter(|(name, _)| {
            name.chars().all(|c| c.is_alphanumeric() || c == '_') && name.starts_with(char::is_alphabetic)
        });
        match name {
            Some((name, behind)) => {
                let value = values.get(name).ok_or_else(|| {
                    ApiError::invalid(format!("Nothing is known to put in for {{{name}}} of the template."))
                })?;
                out.push_str(value.as_ref());
                rest = behind;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_filled_or_not_sent() {
        let values = HashMap::from([("name", "Ana"), ("date", "2026-03-05")]);
        assert_eq!(filled("Dear {name}, {date} {} {a b} {", &values).unwrap(), "Dear Ana, 2026-03-05 {} {a b} {");
        assert_eq!(
            filled("{weekday}", &values).unwrap_err().message,
            "Nothing is known to put in for {weekday} of the template."
        );
    }
}
