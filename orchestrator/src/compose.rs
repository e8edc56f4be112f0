//! From a thread to an answer, and from what was written to what is sent.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use inlet_model::{
    AttachmentId, AttachmentInfo, Choice, Choices, Flags, Kind, MailMeta, NoteMeta, Outgoing, OutgoingAttachment,
    Party, Receipt, Record, ReplyTo, Timestamp,
};
use unicode_normalization::UnicodeNormalization;

use crate::{
    api::{
        ApiError,
        types::{Compose, ComposeMode, SourceView},
    },
    files::safe_name,
    html,
    store::{attachment::AttachmentRow, item::ItemRow},
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

/// The item a message answers or forwards, as it is quoted.
pub(crate) struct Quoted {
    pub(crate) row: ItemRow,
    pub(crate) text: String,
    /// Its HTML, and the pictures in it.
    pub(crate) html: Option<(String, Vec<OutgoingAttachment>)>,
}

impl Quoted {
    /// With its files that lie elsewhere below its words: there are no bytes that could go along.
    pub(crate) fn naming(mut self, files: &[AttachmentRow]) -> Self {
        for (info, link) in files.iter().filter_map(|file| Some((&file.info, file.info.link.as_ref()?))) {
            let name = safe_name(&info.name);
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            self.text.push_str(&format!("📎 {name} {link}"));
            if let Some((html, _)) = &mut self.html {
                let (name, link) = (html::text_as_html(&name), html::text_as_html(link).replace('"', "&quot;"));
                html.push_str(&format!("<div>📎 {name} <a href=\"{link}\">{link}</a></div>"));
            }
        }
        self
    }
}

/// The HTML of a mail as it can be quoted; `images` are its own, as `data:` URIs by Content-ID.
pub(crate) fn quotable(html: &str, images: &HashMap<String, String>) -> (String, Vec<OutgoingAttachment>) {
    let sendable = html::sendable(html, &|id| images.contains_key(id));
    let pictures = sendable
        .pictures
        .into_iter()
        .filter_map(|id| {
            let (head, data) = images.get(&id)?.split_once(',')?;
            let mime = head.strip_prefix("data:")?.strip_suffix(";base64")?.to_owned();
            let name = format!("picture.{}", mime.rsplit('/').next().unwrap_or("png"));
            Some(OutgoingAttachment { name, mime, data: STANDARD.decode(data).ok()?, content_id: Some(id) })
        })
        .collect();
    (sendable.html, pictures)
}

/// What I wrote, with my signature, as text and as HTML where it was written so.
struct Written {
    text: String,
    html: Option<String>,
    /// Content-IDs of the pictures in the HTML.
    pictures: Vec<String>,
}

fn written(compose: &Compose, kind: Kind) -> Result<Written, ApiError> {
    let mut text = compose.text.clone();
    let mut pictures = Vec::new();
    let mut html = None;
    if let Some(own) = compose.html.as_deref().filter(|_| kind == Kind::Mail) {
        let has = |id: &str| compose.attachments.iter().any(|file| file.content_id.as_deref() == Some(id));
        let sendable = html::sendable(own, &has);
        if sendable.cut {
            return Err(ApiError::invalid(
                "This text is too long to be sent with formatting; write it plain, or attach it as a file.",
            ));
        }
        text = html::text(&sendable.html);
        pictures = sendable.pictures;
        html = Some(sendable.html);
    }
    if let Some(signature) = compose.signature.as_ref().filter(|signature| !signature.text.trim().is_empty()) {
        // RFC 3676 §4.3: the space behind the dashes belongs to the line.
        text = format!("{}\n\n-- \n{}", text.trim_end(), signature.text.trim_end());
        if let Some(html) = &mut html {
            let below = match &signature.html {
                Some(own) => html::sendable(own, &|_| false).html,
                None => html::text_as_html(signature.text.trim_end()),
            };
            html.push_str(&format!("<br><div>-- <br>{below}</div>"));
        }
    }
    Ok(Written { text, html, pictures })
}

/// Reads a file of a message that goes along with another; nothing when it has more than so many bytes.
pub(crate) type Held<'a> = dyn Fn(AttachmentId, u64) -> Result<Option<Vec<u8>>, ApiError> + 'a;

/// What a message has to be sent: checked, with its files decoded.
///
/// # Errors
/// One sentence about what is missing or wrong.
pub(crate) fn outgoing(
    compose: &Compose,
    source: &SourceView,
    held: &Held<'_>,
    quoted: Option<Quoted>,
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
    Ok(Outgoing { conversation, section, ..draft(compose, source, held, quoted, now)? })
}

/// A message as it is written so far: nothing is asked of it but that its text and its files can go along.
///
/// # Errors
/// One sentence about what is wrong.
pub(crate) fn draft(
    compose: &Compose,
    source: &SourceView,
    held: &Held<'_>,
    quoted: Option<Quoted>,
    now: Timestamp,
) -> Result<Outgoing, ApiError> {
    let Written { text, html, pictures } = written(compose, source.kind)?;
    let mut attachments = attachments(compose, source, held, html.is_some(), &pictures)?;
    let quote = compose.quote || compose.mode == ComposeMode::Forward;
    let reply_to = quoted.map(|quoted| {
        let row = quoted.row;
        let quote_html = quoted.html.map(|(html, pictures)| {
            attachments.extend(pictures);
            html
        });
        ReplyTo {
            remote_id: Some(inlet_model::RemoteId(row.stable_id)),
            message_id: row.message_id.filter(|_| compose.mode != ComposeMode::Forward),
            references: row.references,
            author: row.from,
            at: Some(row.at),
            quote_text: quote.then_some(quoted.text),
            quote_html,
        }
    });
    Ok(Outgoing {
        from: source.identity.clone().map(|handle| Party { name: None, handle }),
        to: compose.to.clone(),
        cc: compose.cc.clone(),
        bcc: compose.bcc.clone(),
        subject: compose.subject.clone(),
        text,
        html,
        reply_to,
        conversation: None,
        section: None,
        attachments,
        calendar: None,
        automatic: None,
        receipt: compose.receipt && source.capabilities.receipts,
        displayed: None,
        template: compose.template.clone(),
        choices: compose.choices.as_ref().and_then(offered),
        link: None,
        date: now,
    })
}

/// The choices that say something.
fn offered(choices: &Choices) -> Option<Choices> {
    let said = |choice: &&Choice| !choice.title.trim().is_empty();
    let offered: Vec<Choice> = choices.offered.iter().filter(said).cloned().collect();
    (!offered.is_empty()).then(|| Choices { list: choices.list.clone(), offered })
}

/// The files of a message. A picture that was taken out of the HTML again stays behind; in a
/// message without HTML it is a file as any other.
fn attachments(
    compose: &Compose,
    source: &SourceView,
    held: &Held<'_>,
    rich: bool,
    pictures: &[String],
) -> Result<Vec<OutgoingAttachment>, ApiError> {
    let shown = |id: &str| pictures.iter().any(|picture| picture == id);
    let files: Vec<OutgoingAttachment> = compose
        .attachments
        .iter()
        .filter(|file| !rich || file.content_id.as_deref().is_none_or(shown))
        .map(|file| {
            let Some(most) = source.capabilities.max_attachment else {
                return Err(ApiError::invalid(format!("{} takes no files.", source.name)));
            };
            let data = match &file.held {
                Some(kept) => held(kept.id, most)?,
                None => Some(STANDARD.decode(&file.base64).map_err(|_| {
                    ApiError::invalid(format!("The file \"{}\" did not arrive whole; attach it again.", file.name))
                })?),
            };
            let data = data.filter(|data| data.len() as u64 <= most).ok_or_else(|| {
                ApiError::invalid(format!(
                    "\"{}\" is too large: {} takes files up to {} MB.",
                    file.name,
                    source.name,
                    most / 1_000_000
                ))
            })?;
            Ok(OutgoingAttachment {
                name: file.name.clone(),
                mime: file.mime.clone(),
                data,
                content_id: file.content_id.clone().filter(|_| rich),
            })
        })
        .collect::<Result<_, ApiError>>()?;
    // A mail carries all of them at once; in a chat each goes by itself.
    if let Some(most) = source.capabilities.max_attachment.filter(|_| source.kind == Kind::Mail) {
        together(&files, &source.name, most)?;
    }
    Ok(files)
}

fn together(files: &[OutgoingAttachment], name: &str, most: u64) -> Result<(), ApiError> {
    let size: u64 = files.iter().map(|file| file.data.len() as u64).sum();
    if size <= most {
        return Ok(());
    }
    Err(ApiError::invalid(format!(
        "Together the files are too large: {name} takes up to {} MB in a mail; send them in several.",
        most / 1_000_000
    )))
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
    // What is offered is a part of what was said.
    let text = match &outgoing.choices {
        Some(choices) => choices.below(&outgoing.text),
        None => outgoing.text.clone(),
    };
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
        size: text.len() as u64,
        text,
        html: outgoing.html.clone(),
        has_html: outgoing.html.is_some(),
        raw: None,
        head: None,
        at: outgoing.date,
        edited_at: None,
        retracted: false,
        event: false,
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
                inline: file.content_id.is_some(),
                link: None,
                data: None,
            })
            .collect(),
        reactions: Vec::new(),
        receipt: Receipt::None,
        // What a rule wrote is not my word.
        meta: MailMeta { automatic: outgoing.automatic.is_some(), ..MailMeta::default() },
        note: NoteMeta::default(),
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

/// A telephone number with its country, as digits alone; `None` for what is none (ITU-T E.164).
pub(crate) fn number(handle: &str) -> Option<String> {
    let rest = handle.trim().strip_prefix('+')?;
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let plain = rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '\u{a0}' | '-' | '(' | ')' | '.' | '/'));
    (plain && (7..=15).contains(&digits.len())).then_some(digits)
}

/// Plausible, not valid: only the server knows that. What is refused here cannot be delivered at all.
pub(crate) fn is_address(handle: &str) -> bool {
    handle.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !handle.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}

/// An address as addresses are compared: two that read the same here reach the same mailbox. The case of a domain means
/// nothing (RFC 5321 §2.4) and one in other letters is the one in ASCII that stands for it (RFC 5890 §2.3.2.1). The case of
/// what stands before it could mean something and does so nowhere; its accents do. What is no address is compared as it is.
pub(crate) fn mailbox(address: &str) -> String {
    let folded = |text: &str| text.nfc().collect::<String>().to_lowercase();
    let address = address.trim();
    let Some((local, domain)) = address.rsplit_once('@') else { return folded(address) };
    let domain = domain.trim_end_matches('.');
    let ascii = idna::domain_to_ascii(domain).unwrap_or_else(|_| folded(domain));
    format!("{}@{ascii}", folded(local))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_as_mail_is_delivered() {
        for (one, other) in [
            ("Bo@Example.ORG", "bo@example.org"),
            (" bo@example.org ", "bo@example.org."),
            ("bo@müller.example", "bo@XN--mller-kva.example"),
            ("bo@MU\u{308}LLER.example", "bo@müller.example"),
            ("Jose\u{301}@x.test", "josé@x.test"),
        ] {
            assert_eq!(mailbox(one), mailbox(other), "{one} and {other}");
        }
        for (one, other) in [
            ("jose@x.test", "josé@x.test"),
            ("bo@x.test", "bo@mail.x.test"),
            ("bo@x.test", "bo+list@x.test"),
            ("bo@muller.example", "bo@müller.example"),
        ] {
            assert_ne!(mailbox(one), mailbox(other), "{one} and {other}");
        }
        assert_eq!(mailbox("+49 151"), "+49 151");
        assert_eq!(mailbox("a@b@X.test"), "a@b@x.test");
    }

    #[test]
    fn subjects_get_one_prefix() {
        assert_eq!(subject("Lunch", ComposeMode::Reply), "Re: Lunch");
        assert_eq!(subject("Re: Lunch", ComposeMode::ReplyAll), "Re: Lunch");
        assert_eq!(subject("AW: Lunch", ComposeMode::Reply), "AW: Lunch");
        assert_eq!(subject("Re: Lunch", ComposeMode::Forward), "Fwd: Re: Lunch");
    }

    fn mail(text: &str, html: Option<&str>) -> Compose {
        Compose { text: text.into(), html: html.map(str::to_owned), ..Compose::default() }
    }

    #[test]
    fn a_signature_stands_below_in_both_forms() {
        let mut message = mail("Hi", Some("<p>Hi <b>there</b></p>"));
        message.signature = Some(crate::api::types::Signature { text: "Ana & Co\n+49 1\n".into(), html: None });
        let sent = written(&message, Kind::Mail).unwrap();
        assert_eq!(sent.text, "Hi there\n\n-- \nAna & Co\n+49 1");
        assert_eq!(sent.html.unwrap(), "<p>Hi <b>there</b></p><br><div>-- <br>Ana &amp; Co<br>+49 1</div>");
        message.html = None;
        assert_eq!(written(&message, Kind::Mail).unwrap().text, "Hi\n\n-- \nAna & Co\n+49 1");
    }

    #[test]
    fn a_text_too_long_to_be_cleaned_is_refused_and_not_cut() {
        let long = format!("<p>{}</p>", "x".repeat(3_000_000));
        assert!(written(&mail("x", Some(&long)), Kind::Mail).is_err());
    }

    #[test]
    fn files_that_fit_one_by_one_and_not_together_are_refused() {
        let file = |name: &str, size: usize| OutgoingAttachment {
            name: name.into(),
            mime: "x/y".into(),
            data: vec![0; size],
            content_id: None,
        };
        let files = [file("a", 1_500_000), file("b", 1_500_000)];
        assert!(together(&files, "Lumen", 3_000_000).is_ok());
        let refused = together(&files, "Lumen", 2_999_999).unwrap_err();
        assert!(refused.message.contains("Lumen takes up to 2 MB"), "{}", refused.message);
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
