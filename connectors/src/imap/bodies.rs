//! Messages by UID: small ones whole and many at once, large ones by their text parts.
//!
//! A message the server cannot hand out, or one that breaks the answer it comes in, costs itself
//! and no other.

use std::collections::HashMap;

use inlet_model::{
    AttachmentInfo, FlagChange, Flags, RemoteId, Result, ScopeRole, SourceError, Timestamp, UnifiedEmail,
    mime::{Encoding, Tree},
    report,
};

use super::{
    answer::Attributes,
    errors,
    folders::Folders,
    gmail,
    mime::{self, TextPart},
    ops,
    session::Session,
    sets::to_sequence_set,
    structure::Leaf,
};

/// Messages up to this size come whole, with their attachments.
pub(super) const WHOLE: u64 = 256 * 1024;
/// Of a text part of a larger message, this much.
const TEXT_LIMIT: u64 = 1024 * 1024;
/// Text parts of one message; further ones are listed as files.
const TEXT_PARTS: usize = 16;

const NOT_HANDED_OUT: &str = "The server does not hand out this message.";
const NO_STRUCTURE: &str = "The parts of this message cannot be told apart; save it whole to see what is in it.";

/// What a message is read with.
pub(super) struct Context<'a> {
    /// The mailbox.
    pub(super) scope: &'a str,
    /// Its UIDVALIDITY.
    pub(super) uidvalidity: u32,
    /// All mailboxes.
    pub(super) folders: &'a Folders,
    /// My addresses.
    pub(super) own: &'a [String],
}

/// Messages, and those that could not be had with the reason.
pub(super) type Fetched = (Vec<UnifiedEmail>, Vec<(RemoteId, String)>);

impl Context<'_> {
    /// The id of a message in this mailbox.
    pub(super) fn remote_id(&self, uid: u32) -> RemoteId {
        RemoteId(format!("{}:{uid}", self.uidvalidity))
    }

    /// The change a FETCH response tells of.
    pub(super) fn change(&self, uid: u32, attributes: &Attributes) -> FlagChange {
        FlagChange { remote_id: self.remote_id(uid), flags: self.flags(attributes), also_in: self.also_in(attributes) }
    }

    /// The flags of a message here. What lies among the drafts is one, whether its program said so or not.
    fn flags(&self, attributes: &Attributes) -> Flags {
        let told = flags(attributes);
        Flags { draft: told.draft || self.is_drafts(), ..told }
    }

    fn is_drafts(&self) -> bool {
        self.folders.of_role(ScopeRole::Drafts).is_some_and(|folder| folder.remote == self.scope)
    }

    fn also_in(&self, attributes: &Attributes) -> Option<Vec<String>> {
        self.folders.gmail.then(|| gmail::also_in(attributes, self.folders, self.scope)).flatten()
    }

    /// Fetches messages, each given with its size, in one page.
    pub(super) async fn fetch(&self, session: &mut Session, batch: &[(u32, u64)]) -> Result<Fetched> {
        let (mut small, mut large): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        for (uid, size) in batch {
            if *size <= WHOLE { small.push(*uid) } else { large.push(*uid) }
        }
        small.sort_unstable();
        large.sort_unstable();
        let mut emails = Vec::with_capacity(batch.len());
        let mut poison = Vec::new();
        self.fetch_small(session, &small, &mut emails, &mut poison).await?;
        self.fetch_large(session, &large, &mut emails, &mut poison).await?;
        // Newest first, as they were asked for.
        let order: HashMap<RemoteId, usize> =
            batch.iter().enumerate().map(|(index, (uid, _))| (self.remote_id(*uid), index)).collect();
        emails.sort_by_key(|email| email.remote_id.as_ref().and_then(|id| order.get(id)).copied());
        Ok((emails, poison))
    }

    fn items(&self, session: &Session) -> String {
        let object = if session.can("OBJECTID") && !self.folders.gmail { " EMAILID" } else { "" };
        let labels = if self.folders.gmail { gmail::ATTRIBUTES } else { "" };
        format!("UID FLAGS INTERNALDATE RFC822.SIZE{object}{labels}")
    }

    async fn fetch_small(
        &self,
        session: &mut Session,
        uids: &[u32],
        emails: &mut Vec<UnifiedEmail>,
        poison: &mut Vec<(RemoteId, String)>,
    ) -> Result<()> {
        if uids.is_empty() {
            return Ok(());
        }
        let items = self.items(session);
        let mut answers = self.ask(session, uids, &format!("{items} BODY.PEEK[]")).await?;
        let missing: Vec<u32> = uids.iter().copied().filter(|uid| !answers.contains_key(uid)).collect();
        if !missing.is_empty() {
            // Gone in the meantime, or in the way of the answer: those still there get another chance alone.
            let there = session.run(&format!("UID FETCH {} (UID)", to_sequence_set(&missing))).await?;
            let there: Vec<u32> = there.fetched.iter().filter_map(|told| told.uid).collect();
            for uid in missing.into_iter().filter(|uid| there.contains(uid)) {
                let alone = self.ask(session, &[uid], &format!("{items} BODY.PEEK[]")).await?;
                if !alone.contains_key(&uid) {
                    poison.push((self.remote_id(uid), NOT_HANDED_OUT.to_owned()));
                }
                answers.extend(alone);
            }
        }
        let mut whole = Vec::with_capacity(answers.len());
        for (uid, mut attributes) in answers {
            match attributes.take_section("") {
                Some(raw) => whole.push((uid, raw, attributes)),
                None => poison.push((self.remote_id(uid), "The server has no content for this message.".to_owned())),
            }
        }
        let own = self.own.to_vec();
        // Parsing a page takes longer than a connection should go unattended by its runtime.
        let parsed = tokio::task::spawn_blocking(move || {
            let parse =
                |(uid, raw, attributes): (u32, Vec<u8>, Attributes)| (uid, mime::parse_whole(raw, &own), attributes);
            whole.into_iter().map(parse).collect::<Vec<_>>()
        });
        let parsed = parsed.await.map_err(|_| {
            SourceError::Permanent("A message of this folder cannot be read: please report this as a fault.".to_owned())
        })?;
        emails.extend(parsed.into_iter().map(|(uid, email, attributes)| self.complete(uid, email, &attributes)));
        Ok(())
    }

    async fn fetch_large(
        &self,
        session: &mut Session,
        uids: &[u32],
        emails: &mut Vec<UnifiedEmail>,
        poison: &mut Vec<(RemoteId, String)>,
    ) -> Result<()> {
        if uids.is_empty() {
            return Ok(());
        }
        let items = format!("{} BODY.PEEK[HEADER]", self.items(session));
        let mut answers = self.ask(session, uids, &format!("{items} BODYSTRUCTURE")).await?;
        for uid in uids {
            if !answers.contains_key(uid) {
                // A structure nobody can read must not cost the message: then its header has to do.
                answers.extend(self.ask(session, &[*uid], &items).await?);
            }
            let Some(mut attributes) = answers.remove(uid) else {
                let there = session.run(&format!("UID FETCH {uid} (UID)")).await?;
                if there.fetched.iter().any(|fetched| fetched.uid == Some(*uid)) {
                    poison.push((self.remote_id(*uid), NOT_HANDED_OUT.to_owned()));
                }
                continue;
            };
            let header = attributes.take_section("HEADER").unwrap_or_default();
            let leaves = attributes.structure.take().unwrap_or_default();
            let unclear = leaves.is_empty();
            let mut email = self.by_parts(session, *uid, &header, leaves).await?;
            if unclear {
                email.meta.note.get_or_insert_with(|| NO_STRUCTURE.to_owned());
            }
            emails.push(self.complete(*uid, email, &attributes));
        }
        Ok(())
    }

    /// The message from its header and its text parts.
    async fn by_parts(
        &self,
        session: &mut Session,
        uid: u32,
        header: &[u8],
        leaves: Vec<Leaf>,
    ) -> Result<UnifiedEmail> {
        let single = leaves.len() == 1;
        let (mut bodies, mut files): (Vec<Leaf>, Vec<Leaf>) = leaves.into_iter().partition(Leaf::is_body);
        files.extend(bodies.split_off(bodies.len().min(TEXT_PARTS)));
        let mut wanted = vec!["UID".to_owned()];
        wanted.extend(bodies.iter().map(|leaf| format!("BODY.PEEK[{}]<0.{TEXT_LIMIT}>", leaf.section)));
        // The names of files stand whole and encoded in the headers of their parts only.
        wanted.extend(files.iter().filter(|_| !single).map(|leaf| format!("BODY.PEEK[{}.MIME]", leaf.section)));
        // What a report says is in files, and of the mail it returns its header is enough.
        let told = match files.iter().any(|leaf| report::is_told_in(&leaf.mime)) {
            true => files.iter().filter_map(told_in).collect(),
            false => Vec::new(),
        };
        wanted.extend(told.iter().map(|(section, _)| match section.ends_with("HEADER") {
            true => format!("BODY.PEEK[{section}]"),
            false => format!("BODY.PEEK[{section}]<0.{}>", report::MAX_PART),
        }));
        let reply = session.run(&format!("UID FETCH {uid} ({})", wanted.join(" "))).await?;
        if let Some(error) = errors::common(&reply.status).filter(|_| !reply.is_ok()) {
            return Err(error);
        }
        let answer = reply.fetched.into_iter().find(|told| told.uid == Some(uid)).unwrap_or_default();
        let texts: Vec<TextPart> = bodies
            .into_iter()
            .filter_map(|leaf| {
                Some(TextPart {
                    bytes: answer.section(&leaf.section)?.to_vec(),
                    mime: leaf.mime,
                    charset: leaf.charset,
                    flowed: leaf.flowed,
                    encoding: Encoding::from_name(&leaf.encoding),
                    complete: leaf.octets <= TEXT_LIMIT,
                })
            })
            .collect();
        let attachments = files
            .iter()
            .map(|leaf| {
                let own = answer.section(&format!("{}.MIME", leaf.section));
                attachment(leaf, own.unwrap_or(header))
            })
            .collect();
        let mut email = mime::parse_partial(header, &texts, attachments, self.own);
        let parts = told.iter().filter_map(|(section, leaf)| {
            let bytes = answer.section(section)?;
            Some((leaf.mime.as_str(), Encoding::from_name(&leaf.encoding).decode(bytes)))
        });
        email.meta.report = mime::reported(header, parts);
        Ok(email)
    }

    /// One UID FETCH, by UID. What the server says beside it is left to the session.
    async fn ask(&self, session: &mut Session, uids: &[u32], items: &str) -> Result<HashMap<u32, Attributes>> {
        let reply = session.run(&format!("UID FETCH {} ({items})", to_sequence_set(uids))).await?;
        if !reply.is_ok()
            && let Some(error) = errors::common(&reply.status)
        {
            return Err(error);
        }
        Ok(reply
            .fetched
            .into_iter()
            .filter(|fetched| fetched.internal_date.is_some())
            .filter_map(|fetched| fetched.uid.map(|uid| (uid, fetched)))
            .filter(|(uid, _)| uids.binary_search(uid).is_ok())
            .collect())
    }

    /// Adds what the server knows about a message to what its bytes say.
    fn complete(&self, uid: u32, mut email: UnifiedEmail, attributes: &Attributes) -> UnifiedEmail {
        email.size = attributes.size.unwrap_or(email.size);
        let gmail = |number: Option<u64>| number.filter(|_| self.folders.gmail).map(|number| number.to_string());
        email.stable_id = gmail(attributes.gmail_message)
            .or_else(|| attributes.email_id.clone())
            .unwrap_or_else(|| mime::digest_id(&email));
        email.thread_id = gmail(attributes.gmail_thread);
        email.also_in = self.also_in(attributes);
        email.remote_id = Some(self.remote_id(uid));
        email.received_at = attributes.internal_date.as_deref().and_then(internal_date);
        email.flags = self.flags(attributes);
        if attributes.flags.iter().flatten().any(|flag| flag.eq_ignore_ascii_case(ops::MDN_SENT)) {
            email.meta.read_request = None;
        }
        // Nobody else writes there, and a draft may not say yet who it is from.
        email.from_me |= self.is_drafts();
        email
    }
}

/// Where a part of a report is read: a mail that is returned by its header.
fn told_in(leaf: &Leaf) -> Option<(String, &Leaf)> {
    if matches!(leaf.mime.as_str(), "message/rfc822" | "message/global") {
        return Some((format!("{}.HEADER", leaf.section), leaf));
    }
    let told = report::is_told_in(&leaf.mime) || report::is_returned(&leaf.mime);
    told.then(|| (leaf.section.clone(), leaf))
}

/// A file of a large message; its header, where there is one, knows its name best.
fn attachment(leaf: &Leaf, header: &[u8]) -> AttachmentInfo {
    let header = [header, b"\r\n\r\n"].concat();
    let name = Tree::parse(&header).parts.first().and_then(|part| part.name.clone());
    let name = name.or_else(|| leaf.name.clone()).unwrap_or_else(|| mime::name_for(&leaf.section, &leaf.mime));
    AttachmentInfo {
        part: leaf.section.clone(),
        name,
        mime: leaf.mime.clone(),
        size: leaf.decoded_size(),
        content_id: leaf.content_id.clone(),
        inline: leaf.disposition.as_deref() == Some("inline")
            || (leaf.disposition.is_none() && leaf.content_id.is_some()),
        link: None,
        data: None,
    }
}

/// The flags of a FETCH response.
pub(super) fn flags(attributes: &Attributes) -> Flags {
    let mut flags = Flags::default();
    for flag in attributes.flags.iter().flatten() {
        match flag.to_ascii_lowercase().as_str() {
            "\\seen" => flags.read = true,
            "\\flagged" => flags.starred = true,
            "\\answered" => flags.answered = true,
            "\\draft" => flags.draft = true,
            _ => {}
        }
    }
    flags
}

/// `17-Jul-1996 02:44:25 -0700` (RFC 9051 §9, date-time).
fn internal_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?.to_timestamp().ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn internal_dates_with_one_digit_and_any_zone_are_read() {
        for (text, expected) in [
            ("17-Jul-1996 02:44:25 -0700", "1996-07-17T09:44:25Z"),
            (" 7-Jul-1996 02:44:25 +0000", "1996-07-07T02:44:25Z"),
            ("07-jul-1996 02:44:25 +0530", "1996-07-06T21:14:25Z"),
        ] {
            assert_eq!(internal_date(text).map(|date| date.to_string()).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "yesterday", "31-Feb-2020 00:00:00 +0000", "17-Jul-1996"] {
            assert_eq!(internal_date(text), None, "{text}");
        }
    }

    #[test]
    fn the_name_of_a_file_comes_decoded_from_its_header() {
        let leaf = Leaf { section: "2".to_owned(), mime: "application/pdf".to_owned(), ..Leaf::default() };
        let header = b"Content-Type: application/pdf\r\nContent-Disposition: attachment;\r\n filename*0*=UTF-8''na%C3%AFve;\r\n filename*1=\" report.pdf\"\r\n";
        assert_eq!(attachment(&leaf, header).name, "naïve report.pdf");
        let named = Leaf { name: Some("plain.pdf".to_owned()), ..leaf };
        assert_eq!(attachment(&named, b"Subject: x").name, "plain.pdf");
    }
}
