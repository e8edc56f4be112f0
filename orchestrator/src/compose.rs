//! From a thread to an answer, and from what was written to what is sent.

use base64::{Engine, engine::general_purpose::STANDARD};
use inlet_model::{
    AttachmentInfo, Flags, Kind, MailMeta, Outgoing, OutgoingAttachment, Party, Record, ReplyTo, Timestamp,
};

use crate::{
    api::{
        ApiError,
        types::{Compose, ComposeMode, SourceView},
    },
    store::item::ItemRow,
    text,
};

/// Who an answer goes to.
pub(crate) fn recipients(item: &ItemRow, mode: ComposeMode, me: Option<&str>) -> (Vec<Party>, Vec<Party>) {
    if matches!(mode, ComposeMode::New | ComposeMode::Forward) || item.kind != Kind::Mail {
        return (Vec::new(), Vec::new());
    }
    let is_me = |party: &Party| me.is_some_and(|me| party.handle.eq_ignore_ascii_case(me));
    let mut to: Vec<Party> = if item.from_me {
        // To go on where I had the last word is to write to the same people again.
        item.people.to.clone()
    } else if item.extra.mail.reply_to.is_empty() {
        item.from.iter().cloned().collect()
    } else {
        item.extra.mail.reply_to.clone()
    };
    let mut cc = Vec::new();
    if mode == ComposeMode::ReplyAll {
        if !item.from_me {
            to.extend(item.people.to.iter().filter(|party| !is_me(party)).cloned());
        }
        cc.extend(item.people.cc.iter().filter(|party| !is_me(party)).cloned());
    }
    let mut seen = Vec::new();
    let mut first = |party: &Party| {
        let handle = party.handle.to_lowercase();
        let new = !handle.is_empty() && !seen.contains(&handle);
        seen.push(handle);
        new
    };
    to.retain(&mut first);
    cc.retain(&mut first);
    (to, cc)
}

/// The subject of an answer or a forward.
pub(crate) fn subject(title: &str, mode: ComposeMode) -> String {
    let base = text::base_subject(title);
    match mode {
        ComposeMode::New => String::new(),
        ComposeMode::Reply | ComposeMode::ReplyAll if base.is_reply => title.to_owned(),
        ComposeMode::Reply | ComposeMode::ReplyAll => format!("Re: {title}"),
        ComposeMode::Forward => format!("Fwd: {title}"),
    }
}

/// Where something other than mail goes: remote ids.
#[derive(Default)]
pub(crate) struct Destination {
    /// A chat, channel or page.
    pub(crate) conversation: Option<String>,
    /// The section of a new page.
    pub(crate) section: Option<String>,
}

/// What a message has to be sent: checked, with its files decoded.
///
/// # Errors
/// One sentence about what is missing or wrong.
pub(crate) fn outgoing(
    compose: &Compose,
    source: &SourceView,
    answered: Option<&(ItemRow, String)>,
    place: Destination,
    now: Timestamp,
) -> Result<Outgoing, ApiError> {
    let Destination { conversation, section } = place;
    if source.kind == Kind::Mail {
        let everybody = || compose.to.iter().chain(&compose.cc).chain(&compose.bcc);
        if everybody().next().is_none() {
            return Err(ApiError::invalid("Say who it goes to."));
        }
        if let Some(wrong) = everybody().find(|party| !is_address(&party.handle)) {
            let shown: String = wrong.handle.chars().take(60).collect();
            return Err(ApiError::invalid(format!("\"{shown}\" is not a mail address; correct or remove it.")));
        }
    } else if conversation.is_none() && section.is_none() {
        return Err(ApiError::invalid("Choose the conversation it goes to."));
    }
    let titled = section.is_some() && !compose.subject.trim().is_empty();
    let blank = compose.text.trim().is_empty() && compose.attachments.is_empty() && !titled;
    if blank && compose.mode != ComposeMode::Forward {
        return Err(ApiError::invalid("There is nothing to send yet; write something first."));
    }
    let attachments = compose
        .attachments
        .iter()
        .map(|file| {
            let data = STANDARD.decode(&file.base64).map_err(|_| {
                ApiError::invalid(format!("The file \"{}\" did not arrive whole; attach it again.", file.name))
            })?;
            match source.capabilities.max_attachment {
                Some(most) if data.len() as u64 <= most => {
                    Ok(OutgoingAttachment { name: file.name.clone(), mime: file.mime.clone(), data, content_id: None })
                }
                Some(most) => Err(ApiError::invalid(format!(
                    "\"{}\" is too large: {} takes files up to {} MB.",
                    file.name,
                    source.name,
                    most / 1_000_000
                ))),
                None => Err(ApiError::invalid(format!("{} takes no files.", source.name))),
            }
        })
        .collect::<Result<_, _>>()?;
    let quote = compose.quote || compose.mode == ComposeMode::Forward;
    let reply_to = answered.map(|(row, body)| ReplyTo {
        remote_id: Some(inlet_model::RemoteId(row.stable_id.clone())),
        message_id: row.message_id.clone().filter(|_| compose.mode != ComposeMode::Forward),
        references: row.references.clone(),
        author: row.from.clone(),
        at: Some(row.at),
        quote_text: quote.then(|| body.clone()),
        quote_html: None,
    });
    Ok(Outgoing {
        from: source.identity.clone().map(|handle| Party { name: None, handle }),
        to: compose.to.clone(),
        cc: compose.cc.clone(),
        bcc: compose.bcc.clone(),
        subject: compose.subject.clone(),
        text: compose.text.clone(),
        html: compose.html.clone(),
        reply_to,
        conversation,
        section,
        attachments,
        date: now,
    })
}

/// The row that stands for a message of mine until the platform shows its own.
pub(crate) fn echo(
    outgoing: &Outgoing,
    source: &SourceView,
    key: &str,
    answered: Option<&ItemRow>,
    title: &str,
) -> Record {
    let mut references = answered.map(|row| row.references.clone()).unwrap_or_default();
    references.extend(answered.and_then(|row| row.message_id.clone()));
    Record {
        kind: source.kind,
        remote_id: None,
        stable_id: format!("outbox/{key}"),
        thread_key: None,
        also_in: None,
        message_id: Some(key.to_owned()),
        references,
        from: outgoing.from.clone(),
        from_me: true,
        to: outgoing.to.clone(),
        cc: outgoing.cc.clone(),
        bcc: outgoing.bcc.clone(),
        title: title.to_owned(),
        text: outgoing.text.clone(),
        html: outgoing.html.clone(),
        has_html: outgoing.html.is_some(),
        raw: None,
        at: outgoing.date,
        edited_at: None,
        retracted: false,
        size: outgoing.text.len() as u64,
        flags: Flags { read: true, ..Flags::default() },
        attachments: outgoing
            .attachments
            .iter()
            .map(|file| AttachmentInfo {
                part: String::new(),
                name: file.name.clone(),
                mime: file.mime.clone(),
                size: file.data.len() as u64,
                content_id: file.content_id.clone(),
                inline: false,
                data: None,
            })
            .collect(),
        reactions: Vec::new(),
        meta: MailMeta::default(),
    }
}

/// What an entry of the outbox is about, in words.
pub(crate) fn title(compose: &Compose, conversation: &str) -> String {
    let names: Vec<&str> = compose.to.iter().chain(&compose.cc).map(Party::label).take(3).collect();
    match (names.is_empty(), compose.subject.is_empty()) {
        (true, true) => conversation.to_owned(),
        (true, false) => compose.subject.clone(),
        (false, true) => format!("To {}", names.join(", ")),
        (false, false) => format!("To {}: {}", names.join(", "), compose.subject),
    }
}

/// Plausible, not valid: only the server knows that. What is refused here cannot be delivered at all.
fn is_address(handle: &str) -> bool {
    handle.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !handle.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_get_one_prefix() {
        assert_eq!(subject("Lunch", ComposeMode::Reply), "Re: Lunch");
        assert_eq!(subject("Re: Lunch", ComposeMode::ReplyAll), "Re: Lunch");
        assert_eq!(subject("AW: Lunch", ComposeMode::Reply), "AW: Lunch");
        assert_eq!(subject("Re: Lunch", ComposeMode::Forward), "Fwd: Re: Lunch");
    }

    #[test]
    fn an_address_needs_two_sides_and_no_spaces() {
        assert!(is_address("a@b"));
        assert!(is_address("ä@müller.example"));
        for wrong in ["", "@", "a@", "@b", "a b@c", "a@b\r\nBcc: x@y"] {
            assert!(!is_address(wrong), "{wrong:?}");
        }
    }
}
