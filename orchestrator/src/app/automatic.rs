//! Messages that no person writes: what a rule sends on, and what it answers with.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use inlet_model::{Automatic, Kind, Party};

use super::{App, writing::ReadyToSend};
use crate::{
    api::{
        ApiError,
        types::{Compose, ComposeAttachment, ComposeMode, KeptKind, SendParams, SourceView},
    },
    clock::Clock,
    compose, mime,
    rules::{Address, loops::mark, view::View},
    store::{attachment, body, item, kept, suggestion},
};

/// Bytes of files that go along at most: with their encoding a mail of them is still taken by most servers.
const MOST_FILES: usize = 15_000_000;

impl App {
    /// A message sent on, with its text and the files that are here.
    pub(super) async fn forwarded(&self, view: &View, to: &[Address]) -> Result<ReadyToSend, ApiError> {
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
        let mut passed = view.trail.passed.clone();
        passed.push(mark(source.identity.as_deref().unwrap_or_default()));
        let automatic = Automatic { reply: false, passed };
        self.ready_to_send(SendParams { message, ..SendParams::default() }, Some(automatic)).await
    }

    /// The files of a message that are here, and the names of those that are not, or are too large.
    async fn files_of(&self, view: &View) -> Result<(Vec<ComposeAttachment>, Vec<String>), ApiError> {
        let id = view.item;
        Ok(self
            .store
            .read(move |reader| {
                let Some(row) = item::get(&reader.main, id)?.filter(|row| row.has_attachment) else {
                    return Ok((Vec::new(), Vec::new()));
                };
                let raw = body::raw(&reader.bodies, row.body)?.unwrap_or_default();
                let (mut along, mut left_out, mut size) = (Vec::new(), Vec::new(), 0);
                for file in attachment::of_item(&reader.main, id)?.into_iter().filter(|file| !file.info.inline) {
                    let part = Some(file.info.part.as_str()).filter(|part| !part.is_empty());
                    let bytes = part.and_then(|part| mime::part(&raw, part)).map(|part| part.bytes);
                    match bytes.filter(|bytes| size + bytes.len() <= MOST_FILES) {
                        Some(bytes) => {
                            size += bytes.len();
                            along.push(ComposeAttachment {
                                name: file.info.name,
                                mime: file.info.mime,
                                base64: STANDARD.encode(bytes),
                                content_id: None,
                            });
                        }
                        None => left_out.push(file.info.name),
                    }
                }
                Ok((along, left_out))
            })
            .await?)
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
