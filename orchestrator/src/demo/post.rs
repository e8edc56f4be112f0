//! Mail as bytes: what is written for a submission, and what is read back from it.

use inlet_model::{
    AttachmentInfo, Flags, Intent, OpKey, Outgoing, Party, Result, SourceError, Submission, Timestamp, UnifiedEmail,
};
use mail_builder::{MessageBuilder, headers::address::Address};
use mail_parser::{MessageParser, MimeHeaders, PartType};

use super::markup::escape;

fn addresses(parties: &[Party]) -> Address<'_> {
    let list = parties.iter().map(|party| Address::new_address(party.name.as_deref(), party.handle.as_str()));
    Address::new_list(list.collect())
}

/// The message of a send intent; `None` for any other intent.
pub(super) fn submission(key: &OpKey, intent: &Intent, me: &Party) -> Result<Option<Submission>> {
    let Intent::Send(outgoing) = intent else {
        return Ok(None);
    };
    let submission = written(key, outgoing, me)?;
    if submission.to.is_empty() {
        return Err(SourceError::Permanent("Add somebody to send this to.".to_owned()));
    }
    Ok(Some(submission))
}

/// A message as it is written so far, to whomever it would go.
pub(super) fn written(key: &OpKey, outgoing: &Outgoing, me: &Party) -> Result<Submission> {
    let from = outgoing.from.as_ref().unwrap_or(me);
    let to =
        [&outgoing.to, &outgoing.cc, &outgoing.bcc].into_iter().flatten().map(|party| party.handle.clone()).collect();
    let raw = compose(key, outgoing, from).write_to_vec().map_err(|_| {
        SourceError::Permanent("This mail cannot be written; take its attachments out and try again.".to_owned())
    })?;
    Ok(Submission { from: from.handle.clone(), to, raw, answers: None, draft: None, notify: None, tells: None })
}

fn compose<'a>(key: &'a OpKey, outgoing: &'a Outgoing, from: &'a Party) -> MessageBuilder<'a> {
    let mut builder = MessageBuilder::new()
        .message_id(key.0.as_str())
        .date(outgoing.date.as_second())
        .from(addresses(std::slice::from_ref(from)))
        .subject(outgoing.subject.as_str());
    if !outgoing.to.is_empty() {
        builder = builder.to(addresses(&outgoing.to));
    }
    if !outgoing.cc.is_empty() {
        builder = builder.cc(addresses(&outgoing.cc));
    }
    let mut text = outgoing.text.clone();
    let mut html = outgoing.html.clone();
    if let Some(reply) = &outgoing.reply_to {
        if let Some(parent) = &reply.message_id {
            let references: Vec<&str> =
                reply.references.iter().filter(|id| *id != parent).chain([parent]).map(String::as_str).collect();
            builder = builder.in_reply_to(parent.as_str()).references(references);
        }
        let head = match (&reply.author, reply.at) {
            (Some(author), Some(at)) => format!("On {}, {} wrote:", at.strftime("%-d %b %Y at %H:%M"), author.label()),
            _ => String::new(),
        };
        if let Some(quote) = &reply.quote_text {
            let quoted: Vec<String> = quote.lines().map(|line| format!("> {line}")).collect();
            text = format!("{text}\n\n{head}\n{}", quoted.join("\n"));
        }
        if let (Some(html), Some(quote)) = (&mut html, &reply.quote_html) {
            html.push_str(&format!("<p>{}</p><blockquote>{quote}</blockquote>", escape(&head)));
        }
    }
    builder = builder.text_body(text);
    if let Some(html) = html {
        builder = builder.html_body(html);
    }
    for file in &outgoing.attachments {
        builder = match &file.content_id {
            Some(id) => builder.inline(file.mime.as_str(), id.as_str(), file.data.as_slice()),
            None => builder.attachment(file.mime.as_str(), file.name.as_str(), file.data.as_slice()),
        };
    }
    builder
}

/// A mail of the world as a message, for those who ask for its source.
pub(super) fn raw(mail: &UnifiedEmail) -> Option<Vec<u8>> {
    let mut builder = MessageBuilder::new()
        .from(addresses(&mail.from))
        .to(addresses(&mail.to))
        .subject(mail.subject.as_str())
        .text_body(mail.text.as_str());
    if let Some(id) = &mail.message_id {
        builder = builder.message_id(id.as_str());
    }
    if let Some(date) = mail.date {
        builder = builder.date(date.as_second());
    }
    if !mail.cc.is_empty() {
        builder = builder.cc(addresses(&mail.cc));
    }
    if !mail.references.is_empty() {
        builder = builder.references(mail.references.as_slice());
    }
    if let Some(parent) = mail.in_reply_to.first() {
        builder = builder.in_reply_to(parent.as_str());
    }
    if let Some(html) = &mail.html {
        builder = builder.html_body(html.as_str());
    }
    for part in &mail.attachments {
        let bytes = part.data.as_deref().unwrap_or_default();
        builder = match &part.content_id {
            Some(id) => builder.inline(part.mime.as_str(), id.as_str(), bytes),
            None => builder.attachment(part.mime.as_str(), part.name.as_str(), bytes),
        };
    }
    builder.write_to_vec().ok()
}

fn parties(address: Option<&mail_parser::Address<'_>>) -> Vec<Party> {
    address
        .into_iter()
        .flat_map(|address| address.iter())
        .filter_map(|one| Some(Party { name: one.name().map(str::to_owned), handle: one.address()?.to_owned() }))
        .collect()
}

/// Reads a submitted message back, as the copy in the sent folder.
pub(super) fn sent(submission: &Submission) -> Option<UnifiedEmail> {
    let message = MessageParser::default().parse(&submission.raw)?;
    let ids = |value: &mail_parser::HeaderValue<'_>| -> Vec<String> {
        value.as_text_list().into_iter().flatten().map(ToString::to_string).collect()
    };
    let to = parties(message.to());
    let cc = parties(message.cc());
    let open: Vec<&str> = to.iter().chain(&cc).map(|party| party.handle.as_str()).collect();
    let bcc = submission
        .to
        .iter()
        .filter(|handle| !open.contains(&handle.as_str()))
        .map(|handle| Party { name: None, handle: handle.clone() })
        .collect();
    let html = message.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) => Some(html.to_string()),
        _ => None,
    });
    let attachments = message
        .attachments()
        .zip(2_u32..)
        .map(|(part, number)| AttachmentInfo {
            part: number.to_string(),
            name: part.attachment_name().unwrap_or("file").to_owned(),
            mime: part
                .content_type()
                .map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("octet-stream")))
                .unwrap_or_default(),
            size: part.contents().len() as u64,
            content_id: part.content_id().map(str::to_owned),
            inline: part.content_id().is_some(),
            link: None,
            data: Some(part.contents().to_vec()),
        })
        .collect();
    let date = message.date().and_then(|date| Timestamp::from_second(date.to_timestamp()).ok());
    Some(UnifiedEmail {
        message_id: message.message_id().map(str::to_owned),
        in_reply_to: ids(message.in_reply_to()),
        references: ids(message.references()),
        from: parties(message.from()),
        to,
        cc,
        bcc,
        subject: message.subject().unwrap_or_default().to_owned(),
        date,
        received_at: date,
        size: submission.raw.len() as u64,
        from_me: true,
        text: message.body_text(0).map(|text| text.trim_end().to_owned()).unwrap_or_default(),
        has_html: html.is_some(),
        html,
        attachments,
        flags: Flags { read: true, ..Flags::default() },
        ..UnifiedEmail::default()
    })
}
