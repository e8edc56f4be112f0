//! A page of a folder: what is there, newest first, then what changed.
//!
//! A folder is read by `messages/delta` from its first page on. `$orderby=receivedDateTime desc` is the
//! one order a delta allows, so that one round of pages is both the newest mail at once and the
//! beginning of all later changes; a separate list of the newest before it would fetch them twice. Each
//! page's link is the cursor, so that a sync goes on where it was interrupted. The links are opaque.
//!
//! **Changes are partial.** A row of a later round holds the properties that changed. It is never
//! merged into something half known: marks (read, flag, labels) are asked for again in `$batch` and
//! become a change of flags, anything else is fetched whole. What is gone by then is told by a later row.
//!
//! **A move is a removal there and an arrival here**, in two folders that are read one after the
//! other. Removals are therefore held back for one page, which the engine asks for after it has looked
//! at the first page of every other folder: a mail that was moved is in its new place before it leaves
//! the old one. Ids are immutable, so it is the same mail.
//!
//! **An expired delta** is reported; the rescan that follows ends with a list of all ids (a thousand a
//! request), for what went meanwhile has no row to tell it. A first sync needs no such list.
//!
//! Requests per thousand messages: ten pages, and one `$batch` for every twenty with files and every
//! twenty about meetings, and one for what is attached to a mail and is no file.

use std::sync::PoisonError;

use inlet_model::{Cursor, Page, Progress, RemoteId, Result, Scope, ScopeRole, SourceError, Timestamp};
use inlet_model::{FlagChange, UnifiedEmail};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Outlook, drafts, meetings,
    message::{Attachment, MARKS, Message, Row, WHOLE},
};
use crate::graph::client::{Call, Collection};

/// The first page of a folder, so that the window fills at once.
const FIRST: &str = "odata.maxpagesize=25";
/// Every other one.
const PAGE: &str = "odata.maxpagesize=100";
/// What is asked of the files of a message: not their content.
const FILES: &str = "id,name,contentType,size,isInline,microsoft.graph.fileAttachment/contentId";

/// Where a folder's sync is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Position {
    /// The next page, or the next round.
    link: String,
    /// It is the next page: the round goes on.
    open: bool,
    /// Messages of the first round so far; what came and went since is in the total.
    done: u64,
    /// Messages there were when it began.
    total: Option<u64>,
    /// Everything newer has been seen; absent when all has.
    #[serde(default)]
    since: Option<Timestamp>,
    /// The first round is over.
    complete: bool,
    /// It began because the last position had expired.
    #[serde(default)]
    rescan: bool,
    /// Removals that are told with the next page.
    #[serde(default)]
    gone: Vec<String>,
}

impl Position {
    fn progress(&self) -> Progress {
        Progress {
            done: self.done,
            total: self.total.map(|total| total.max(self.done)),
            since: self.since.filter(|_| !self.complete),
            complete: self.complete,
        }
    }
}

/// What a page of rows comes to.
#[derive(Default)]
struct Found {
    upserts: Vec<UnifiedEmail>,
    flags: Vec<FlagChange>,
    removed: Vec<String>,
    poison: Vec<(RemoteId, String)>,
}

impl Outlook {
    /// The next page of a folder.
    pub(super) async fn page(&self, scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedEmail>> {
        let result = self.next_page(scope, since).await;
        if matches!(result, Err(SourceError::CursorExpired)) {
            self.expired.lock().unwrap_or_else(PoisonError::into_inner).insert(scope.remote.clone());
        }
        result
    }

    async fn next_page(&self, scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedEmail>> {
        let known = since.map(Cursor::read::<Position>).transpose()?;
        let (mut position, call) = match known {
            Some(mut position) if !position.gone.is_empty() => {
                let removed = std::mem::take(&mut position.gone).into_iter().map(RemoteId).collect();
                let (more, progress) = (position.open, Some(position.progress()));
                return Ok(Page { removed, more, progress, ..Page::empty(Cursor::of(&position)) });
            }
            Some(position) => {
                let call = self.graph.link(&position.link)?.prefer(super::IMMUTABLE).prefer(PAGE);
                (position, call)
            }
            None => {
                let rescan = self.expired.lock().unwrap_or_else(PoisonError::into_inner).remove(&scope.remote);
                let call = self
                    .get(&["me", "mailFolders", &scope.remote, "messages", "delta"])
                    .query(&[("$select", WHOLE), ("$orderby", "receivedDateTime desc")])
                    .prefer(FIRST);
                (Position { rescan, total: self.total(&scope.remote).await?, ..Position::default() }, call)
            }
        };
        let Some(answer) = call.send_if_there().await? else {
            // The folder is gone; the next list of folders says so.
            return Err(SourceError::Permanent("This folder is no longer there at Microsoft.".to_owned()));
        };
        let rows: Collection<Value> = answer.json().await?;
        let found = self.found(rows.value, scope).await?;

        let first_round = !position.complete;
        position.open = rows.next.is_some();
        match (rows.next, rows.delta) {
            (Some(next), _) => position.link = next,
            (None, Some(delta)) => {
                position.link = delta;
                position.complete = true;
            }
            (None, None) => {
                return Err(SourceError::Transient(
                    "Microsoft's answer ends without saying how to go on; Inlet tries again later.".to_owned(),
                ));
            }
        }
        if first_round {
            position.done += found.upserts.len() as u64;
            let oldest = found.upserts.iter().filter_map(|mail| mail.received_at).min();
            position.since = oldest.or(position.since).filter(|_| !position.complete);
        } else if let Some(total) = self.folders.lock().await.total(&scope.remote) {
            (position.done, position.total) = (total, Some(total));
        }
        let present = if position.complete && position.rescan {
            position.rescan = false;
            Some(self.ids(&scope.remote).await?)
        } else {
            None
        };
        position.gone = found.removed;
        Ok(Page {
            upserts: found.upserts,
            flags: found.flags,
            changes: Vec::new(),
            receipts: Vec::new(),
            removed: Vec::new(),
            present,
            poison: found.poison,
            warnings: Vec::new(),
            moved: Vec::new(),
            more: position.open || !position.gone.is_empty(),
            progress: Some(position.progress()),
            next: Cursor::of(&position),
        })
    }

    async fn total(&self, folder: &str) -> Result<Option<u64>> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Count {
            total_item_count: Option<u64>,
        }
        if let Some(total) = self.folders.lock().await.total(folder) {
            return Ok(Some(total));
        }
        let call = self.get(&["me", "mailFolders", folder]).query(&[("$select", "totalItemCount")]);
        match call.send_if_there().await? {
            Some(answer) => Ok(answer.json::<Count>().await?.total_item_count),
            None => Ok(None),
        }
    }

    /// The ids of all messages in a folder.
    async fn ids(&self, folder: &str) -> Result<Vec<RemoteId>> {
        #[derive(Deserialize)]
        struct Id {
            id: String,
        }
        let mut call =
            self.get(&["me", "mailFolders", folder, "messages"]).query(&[("$select", "id"), ("$top", "1000")]);
        let mut ids = Vec::new();
        loop {
            let page: Collection<Id> = call.send().await?.json().await?;
            ids.extend(page.value.into_iter().map(|row| RemoteId(row.id)));
            match page.next {
                Some(next) => call = self.graph.link(&next)?.prefer(super::IMMUTABLE),
                None => return Ok(ids),
            }
        }
    }

    /// One message with all there is to it; `None`: it is there no longer.
    pub(super) async fn whole(&self, scope: &str, id: &RemoteId) -> Result<Option<UnifiedEmail>> {
        let mut found = Found::default();
        let whole = self.again(std::slice::from_ref(&id.0), WHOLE, &mut found).await?;
        if let Some((_, reason)) = found.poison.pop() {
            return Err(SourceError::Permanent(reason));
        }
        let role = self.folders.lock().await.role(scope);
        Ok(self.mails(whole, role).await?.pop())
    }

    /// What rows say, with what has to be asked beside them.
    async fn found(&self, rows: Vec<Value>, scope: &Scope) -> Result<Found> {
        let mut found = Found::default();
        let (mut whole, mut marks, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            match Row::read(row) {
                Row::Whole(message) => whole.push(*message),
                Row::Marks(id) => marks.push(id),
                Row::Part(id) => parts.push(id),
                Row::Removed(id) => found.removed.push(id),
                Row::Unreadable(id) => found.poison.push((RemoteId(id), UNREADABLE.to_owned())),
            }
        }
        for message in self.again(&marks, MARKS, &mut found).await? {
            found.flags.push(message.change());
        }
        whole.extend(self.again(&parts, WHOLE, &mut found).await?);
        found.upserts = self.mails(whole, Some(scope.role)).await?;
        Ok(found)
    }

    /// Messages asked for again; one that has gone meanwhile is left out.
    async fn again(&self, ids: &[String], select: &str, found: &mut Found) -> Result<Vec<Message>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ask = |id: &String| self.get(&["me", "messages", id]).query(&[("$select", select)]);
        let mut messages = Vec::with_capacity(ids.len());
        for (id, part) in ids.iter().zip(self.graph.batch(ids.iter().map(ask).collect()).await?) {
            match part {
                Ok(None) => {}
                Ok(Some(body)) => match Message::read(body) {
                    Ok(mut message) => {
                        message.id.clone_from(id);
                        messages.push(message);
                    }
                    Err(_) => found.poison.push((RemoteId(id.clone()), UNREADABLE.to_owned())),
                },
                Err(SourceError::Permanent(reason)) => found.poison.push((RemoteId(id.clone()), reason)),
                Err(error) => return Err(error),
            }
        }
        Ok(messages)
    }

    /// Mails out of messages, with the lists of their files and what they say of meetings.
    async fn mails(&self, messages: Vec<Message>, role: Option<ScopeRole>) -> Result<Vec<UnifiedEmail>> {
        let own = self.own().await?;
        let mine = matches!(role, Some(ScopeRole::Sent | ScopeRole::Drafts));
        let carriers: Vec<&Message> = messages.iter().filter(|message| message.carries()).collect();
        let ask = |message: &&Message| self.files_of(&message.id);
        let mut lists =
            if carriers.is_empty() { Vec::new() } else { self.graph.batch(carriers.iter().map(ask).collect()).await? }
                .into_iter();
        let invitations: Vec<Call<'_>> = messages
            .iter()
            .filter(|message| message.is_meeting())
            .map(|message| self.invitation(&message.id))
            .collect();
        let mut invitations =
            if invitations.is_empty() { Vec::new() } else { self.graph.batch(invitations).await? }.into_iter();
        let mut mails = Vec::with_capacity(messages.len());
        for mut message in messages {
            let mut files = Vec::new();
            let mut note = None;
            if message.carries() {
                match lists.next().unwrap_or(Ok(None)) {
                    Ok(list) => files = self.files(&message.id, list).await?,
                    // The message is readable all the same.
                    Err(SourceError::Permanent(_)) => note = Some(NO_FILES.to_owned()),
                    Err(error) => return Err(error),
                }
            }
            let told = if message.is_meeting() {
                match invitations.next().unwrap_or(Ok(None)) {
                    Ok(told) => told.and_then(meetings::told),
                    // The message is readable all the same.
                    Err(SourceError::Permanent(_)) => None,
                    Err(error) => return Err(error),
                }
            } else {
                None
            };
            let marks = files.iter().map(Attachment::mark).collect();
            let version = message.words.take().map(|words| drafts::version(words, marks));
            let files = files.into_iter().enumerate().map(|(number, file)| file.info(number + 1)).collect();
            let mut mail = message.email(files, &own, mine);
            mail.meta.version = version;
            mail.meta.note = mail.meta.note.or(note);
            if let Some(told) = told {
                mail.meta.calendar = vec![told.calendar];
                (mail.meta.answer, mail.meta.outdated) = (told.answer, told.outdated);
            }
            mails.push(mail);
        }
        Ok(mails)
    }

    pub(super) fn files_of(&self, id: &str) -> Call<'_> {
        self.get(&["me", "messages", id, "attachments"]).query(&[("$select", FILES)])
    }

    async fn files(&self, message: &str, list: Option<Value>) -> Result<Vec<Attachment>> {
        let mut all = self.attachments(list).await?;
        let items: Vec<&mut Attachment> = all.iter_mut().filter(|file| file.is_item()).collect();
        if !items.is_empty() {
            let expand = [("$expand", "microsoft.graph.itemAttachment/item")];
            let ask =
                |item: &&mut Attachment| self.get(&["me", "messages", message, "attachments", &item.id]).query(&expand);
            let told = self.graph.batch(items.iter().map(ask).collect()).await?;
            for (item, told) in items.into_iter().zip(told) {
                match told {
                    Ok(told) => item.learn(told),
                    // It is called a message, as most are.
                    Err(SourceError::Permanent(_)) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(all)
    }

    /// The files of a message, beginning with a page of their list.
    pub(super) async fn attachments(&self, list: Option<Value>) -> Result<Vec<Attachment>> {
        let Some(list) = list else { return Ok(Vec::new()) };
        let unreadable = |_| SourceError::Transient("A list of files cannot be read; Inlet tries again.".to_owned());
        let mut page: Collection<Attachment> = serde_json::from_value(list).map_err(unreadable)?;
        let mut all = std::mem::take(&mut page.value);
        while let Some(next) = page.next.take() {
            page = self.graph.link(&next)?.prefer(super::IMMUTABLE).send().await?.json().await?;
            all.append(&mut page.value);
        }
        Ok(all)
    }
}

const UNREADABLE: &str = "Microsoft describes this message in a way Inlet cannot read; open it in Outlook.";
const NO_FILES: &str = "The list of this message's files could not be read; open it in Outlook to see them.";
