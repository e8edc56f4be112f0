//! Changes on the server: flags, moves, removal for good, and the copy of what was sent.
//!
//! All but the submission itself can be done twice: a message that is gone counts as dealt with, and
//! one whose UID changed with the mailbox is found by its Message-ID.

use std::collections::BTreeMap;

use inlet_model::{Applied, MailOp, OpKey, RemoteId, Result, ScopeRole, SourceError, Submission, Target};

use super::{
    ImapSource,
    answer::{Attributes, Status},
    drafts, errors,
    folders::{Folders, encode_utf7},
    gmail,
    session::{Piece, Reply, Session, quoted},
    sets::{sequence_set, to_sequence_set},
    submit, uid_of,
};

/// UIDs in one command: a line stays well under what servers take (RFC 7162 §4 asks for 8192 bytes).
const BATCH: usize = 500;

/// The keyword of a mail whose sender was told that it was read (RFC 3503).
pub(super) const MDN_SENT: &str = "$MDNSent";

/// The flags to add and to take away.
struct FlagEdit {
    add: Vec<&'static str>,
    remove: Vec<&'static str>,
}

impl FlagEdit {
    fn new(read: Option<bool>, starred: Option<bool>, answered: Option<bool>) -> Self {
        let (mut add, mut remove) = (Vec::new(), Vec::new());
        for (name, wanted) in [("\\Seen", read), ("\\Flagged", starred), ("\\Answered", answered)] {
            match wanted {
                Some(true) => add.push(name),
                Some(false) => remove.push(name),
                None => {}
            }
        }
        Self { add, remove }
    }
}

impl ImapSource {
    /// Does an operation.
    pub(super) async fn do_apply(&self, key: &OpKey, op: &MailOp) -> Result<Applied> {
        if let MailOp::Submit(submission) = op {
            return self.send(key, submission).await;
        }
        let mut slot = self.writing.lock().await;
        let mut session = self.ready(slot.take()).await?;
        let result = self.change(&mut session, key, op).await;
        if session.usable() {
            *slot = Some(session);
        }
        result
    }

    /// Looks whether an operation has taken effect.
    pub(super) async fn do_find(&self, key: &OpKey, op: &MailOp) -> Result<Option<Applied>> {
        let mut slot = self.writing.lock().await;
        let mut session = self.ready(slot.take()).await?;
        let result = self.look(&mut session, key, op).await;
        if session.usable() {
            *slot = Some(session);
        }
        result
    }

    async fn change(&self, session: &mut Session, key: &OpKey, op: &MailOp) -> Result<Applied> {
        let folders = self.folders(session).await?;
        let mut applied = Applied::default();
        match op {
            // The one is sent elsewhere, the other is never planned: here an answer is a mail.
            MailOp::Submit(_) | MailOp::Rsvp { .. } => {}
            MailOp::SetFlags { targets, read, starred, answered } => {
                let edit = FlagEdit::new(*read, *starred, *answered);
                for (scope, targets) in by_scope(targets) {
                    let uids = open_and_resolve(session, scope, &targets).await?;
                    for uids in uids.chunks(BATCH) {
                        store(session, uids, "+FLAGS.SILENT", &edit.add).await?;
                        store(session, uids, "-FLAGS.SILENT", &edit.remove).await?;
                    }
                }
            }
            MailOp::Move { targets, to, role } => {
                let to = destination(&folders, to, *role);
                for (scope, targets) in by_scope(targets) {
                    if *scope == to {
                        continue;
                    }
                    if !session.can("MOVE") {
                        finish_copies(session, scope, &targets, &to).await?;
                    }
                    let uids = open_and_resolve(session, scope, &targets).await?;
                    for uids in uids.chunks(BATCH) {
                        if folders.gmail && gmail::relabel(session, &folders, scope, &to, *role, uids).await? {
                            continue;
                        }
                        let reply = move_to(session, uids, &to).await?;
                        if let [_] = uids {
                            applied.remote_id = copied(&reply.status).and_then(|mut ids| ids.pop());
                        }
                    }
                }
                // A folder may have been made on the way.
                if folders.all.iter().all(|folder| folder.remote != to) {
                    self.forget_folders();
                }
            }
            MailOp::Label { targets, label, role, on } => {
                let label = if *role == ScopeRole::Other { folders.written(label) } else { label.clone() };
                for (scope, targets) in by_scope(targets) {
                    let uids = open_and_resolve(session, scope, &targets).await?;
                    for uids in uids.chunks(BATCH) {
                        gmail::label(session, &label, *role, *on, uids).await?;
                    }
                }
            }
            MailOp::Expunge { targets } => {
                remove(session, &folders, targets).await?;
            }
            MailOp::SaveDraft(draft) => {
                applied.remote_id = self.save_draft(session, &folders, key, draft).await?;
            }
            MailOp::DropDraft { targets } => drafts::drop(session, &folders, targets).await?,
        }
        Ok(applied)
    }

    /// Writes a message into a mailbox, which is made where it is missing; its id, where the server tells
    /// it.
    pub(super) async fn append(
        &self,
        session: &mut Session,
        mailbox: &str,
        flags: &str,
        raw: &[u8],
        what: &str,
    ) -> Result<Option<RemoteId>> {
        let command = format!("APPEND {} ({flags}) ", quoted(mailbox)?);
        let pieces = [Piece::Text(&command), Piece::Literal(raw)];
        let mut reply = session.run_pieces(&pieces).await?;
        if !reply.is_ok() && make(session, mailbox, &reply.status).await? {
            self.forget_folders();
            reply = session.run_pieces(&pieces).await?;
        }
        let reply = reply.ok(what)?;
        Ok(reply.status.code_arguments("APPENDUID").and_then(|arguments| {
            let (uidvalidity, uid) = arguments.split_once(' ')?;
            Some(RemoteId(format!("{uidvalidity}:{}", uid.trim())))
        }))
    }

    async fn look(&self, session: &mut Session, key: &OpKey, op: &MailOp) -> Result<Option<Applied>> {
        match op {
            MailOp::Submit(_) => {
                let folders = self.folders(session).await?;
                let places = [ScopeRole::Sent, ScopeRole::All];
                let places = places.into_iter().filter(|role| *role == ScopeRole::Sent || folders.gmail);
                for folder in places.filter_map(|role| folders.of_role(role)) {
                    session.select(&folder.remote, false, None).await?;
                    if let Some(id) = find(session, &key.0).await?.pop() {
                        let remote_id = Some(remote_id(session, id));
                        return Ok(Some(Applied {
                            remote_id,
                            detail: Some(format!("found in {}", folder.name)),
                            ..Applied::default()
                        }));
                    }
                }
                Ok(None)
            }
            MailOp::SetFlags { targets, read, starred, answered } => {
                for (scope, targets) in by_scope(targets) {
                    let uids = open_and_resolve(session, scope, &targets).await?;
                    if uids.is_empty() {
                        continue;
                    }
                    let reply = session.run(&format!("UID FETCH {} (UID FLAGS)", to_sequence_set(&uids))).await?;
                    let as_wanted = |attributes: &Attributes| {
                        let flags = super::bodies::flags(attributes);
                        read.is_none_or(|read| read == flags.read)
                            && starred.is_none_or(|starred| starred == flags.starred)
                            && answered.is_none_or(|answered| answered == flags.answered)
                    };
                    if !reply.ok("tell the flags of its messages")?.fetched.iter().all(as_wanted) {
                        return Ok(None);
                    }
                }
                Ok(Some(Applied::default()))
            }
            // Putting a label on twice is putting it on once; a draft is looked for before it is made.
            MailOp::Label { .. } | MailOp::Rsvp { .. } | MailOp::SaveDraft(_) | MailOp::DropDraft { .. } => Ok(None),
            MailOp::Move { targets, .. } | MailOp::Expunge { targets } => {
                for (scope, targets) in by_scope(targets) {
                    let uids = open_and_resolve(session, scope, &targets).await?;
                    if uids.is_empty() {
                        continue;
                    }
                    let reply = session.run(&format!("UID FETCH {} (UID)", to_sequence_set(&uids))).await?;
                    if reply.ok("list its messages")?.fetched.iter().any(|fetched| fetched.uid.is_some()) {
                        return Ok(None);
                    }
                }
                Ok(Some(Applied::default()))
            }
        }
    }

    /// Submits, then sees to the copy. The mail is out once it is submitted: nothing that goes wrong
    /// with the copy makes the sending fail.
    async fn send(&self, key: &OpKey, submission: &Submission) -> Result<Applied> {
        let secret = self.secret().await?;
        let said = match submit::submit(&self.config, &secret, submission).await {
            Ok(said) => said,
            // A refused sign-in comes before the first byte of the mail.
            Err(error) => {
                let secret = self.another(&secret, error).await?;
                submit::submit(&self.config, &secret, submission).await?
            }
        };
        if let Some(tells) = &submission.tells {
            // That something was read is nothing to keep among what was written.
            let marked = match &tells.of {
                Some(target) => self.mark_told(target).await,
                None => Ok(()),
            };
            let note = marked.err().map(|error| format!("; the mail was not marked: {error}")).unwrap_or_default();
            return Ok(Applied { remote_id: None, detail: Some(format!("{said}{note}")), ..Applied::default() });
        }
        if files_sent_mail(&self.config.imap.host) {
            return Ok(Applied { remote_id: None, detail: Some(said), ..Applied::default() });
        }
        match self.file_copy(key, submission).await {
            Ok((remote_id, note)) => {
                Ok(Applied { remote_id, detail: Some(format!("{said}; {note}")), ..Applied::default() })
            }
            Err(error) => Ok(Applied {
                remote_id: None,
                detail: Some(format!("{said}; no copy in Sent: {error}")),
                ..Applied::default()
            }),
        }
    }

    /// Marks a mail so that no other program tells its sender once more.
    async fn mark_told(&self, target: &Target) -> Result<()> {
        let mut slot = self.writing.lock().await;
        let mut session = self.ready(slot.take()).await?;
        let result = async {
            let uids = open_and_resolve(&mut session, &target.scope, &[target]).await?;
            store(&mut session, &uids, "+FLAGS.SILENT", &[MDN_SENT]).await
        };
        let result = result.await;
        if session.usable() {
            *slot = Some(session);
        }
        result
    }

    async fn file_copy(&self, key: &OpKey, submission: &Submission) -> Result<(Option<RemoteId>, String)> {
        let mut slot = self.writing.lock().await;
        let mut session = self.ready(slot.take()).await?;
        let result = self.append_copy(&mut session, key, submission).await;
        if session.usable() {
            *slot = Some(session);
        }
        result
    }

    async fn append_copy(
        &self,
        session: &mut Session,
        key: &OpKey,
        submission: &Submission,
    ) -> Result<(Option<RemoteId>, String)> {
        let folders = self.folders(session).await?;
        let sent = destination(&folders, "", ScopeRole::Sent);
        if folders.of_role(ScopeRole::Sent).is_some() {
            session.select(&sent, false, None).await?;
            if let Some(uid) = find(session, &key.0).await?.pop() {
                return Ok((Some(remote_id(session, uid)), "the server filed the copy in Sent".to_owned()));
            }
        }
        let id = self.append(session, &sent, "\\Seen", &submission.raw, "keep the copy in Sent").await?;
        Ok((id, "copy filed in Sent".to_owned()))
    }
}

/// Providers that file what is submitted themselves; a copy of ours would be the second.
fn files_sent_mail(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let microsoft = ["outlook.com", "office365.com", "office365.us", "hotmail.com", "live.com", "partner.outlook.cn"];
    errors::is_google(&host)
        || microsoft
            .iter()
            .any(|domain| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

/// Targets by the mailbox they are in.
fn by_scope(targets: &[Target]) -> BTreeMap<&String, Vec<&Target>> {
    let mut scopes: BTreeMap<&String, Vec<&Target>> = BTreeMap::new();
    for target in targets {
        scopes.entry(&target.scope).or_default().push(target);
    }
    scopes
}

/// Removes for good what is still there.
pub(super) async fn remove(session: &mut Session, folders: &Folders, targets: &[Target]) -> Result<()> {
    for (scope, targets) in by_scope(targets) {
        let uids = open_and_resolve(session, scope, &targets).await?;
        for uids in uids.chunks(BATCH) {
            gmail::remove(session, folders, scope, uids).await?;
        }
    }
    Ok(())
}

/// Opens a mailbox for writing and finds the UIDs of targets in it, ascending.
async fn open_and_resolve(session: &mut Session, scope: &str, targets: &[&Target]) -> Result<Vec<u32>> {
    let uidvalidity = session.select(scope, true, None).await?.uidvalidity;
    let mut uids = Vec::with_capacity(targets.len());
    for target in targets {
        match (uid_of(&target.remote_id), &target.message_id) {
            (Some((validity, uid)), _) if uidvalidity == validity => uids.push(uid),
            (_, Some(message_id)) => uids.extend(find(session, message_id).await?),
            _ => {}
        }
    }
    uids.sort_unstable();
    uids.dedup();
    Ok(uids)
}

/// UIDs of the messages with this Message-ID in the open mailbox.
pub(super) async fn find(session: &mut Session, message_id: &str) -> Result<Vec<u32>> {
    let id = message_id.trim_start_matches('<').trim_end_matches('>');
    let criterion = quoted(&format!("<{id}>"))?;
    Ok(session
        .run(&format!("UID SEARCH HEADER Message-ID {criterion}"))
        .await?
        .ok("search its messages")?
        .whole()?
        .found)
}

pub(super) fn remote_id(session: &Session, uid: u32) -> RemoteId {
    let uidvalidity = session.selected.as_ref().map_or(0, |selected| selected.uidvalidity);
    RemoteId(format!("{uidvalidity}:{uid}"))
}

pub(super) async fn store(session: &mut Session, uids: &[u32], verb: &str, flags: &[&str]) -> Result<()> {
    if flags.is_empty() || uids.is_empty() {
        return Ok(());
    }
    let command = format!("UID STORE {} {verb} ({})", to_sequence_set(uids), flags.join(" "));
    session.run(&command).await?.ok("change these messages")?;
    Ok(())
}

/// Where a move goes: the mailbox named, else the one of the role, else one to be made.
pub(super) fn destination(folders: &Folders, to: &str, role: ScopeRole) -> String {
    if role == ScopeRole::Other && !to.is_empty() {
        return folders.written(to);
    }
    // A mailbox to be made has a plain name until it is known where this server makes mailboxes.
    let plain = !folders.prefix.is_empty()
        && !to.starts_with(&folders.prefix)
        && folders.all.iter().all(|folder| folder.remote != to);
    if !to.is_empty() && !plain {
        return to.to_owned();
    }
    folders.of_role(role).map(|folder| folder.remote.clone()).unwrap_or_else(|| {
        let name = match role {
            ScopeRole::Inbox => "INBOX",
            ScopeRole::Sent => "Sent",
            ScopeRole::Drafts => "Drafts",
            ScopeRole::Junk => "Junk",
            ScopeRole::Trash => "Trash",
            _ => "Archive",
        };
        if role == ScopeRole::Inbox { name.to_owned() } else { format!("{}{name}", folders.prefix) }
    })
}

/// Makes a mailbox that a refusal says is missing; true when it is there now.
async fn make(session: &mut Session, name: &str, refusal: &Status) -> Result<bool> {
    let missing = ["TRYCREATE", "NONEXISTENT"].iter().any(|code| refusal.code_arguments(code).is_some());
    if !missing && (refusal.code.is_some() || errors::common(refusal).is_some()) {
        return Ok(false);
    }
    // A name from elsewhere may not be in the encoding of mailbox names yet.
    let name = if name.is_ascii() { quoted(name)? } else { quoted(&encode_utf7(name))? };
    if !session.run(&format!("CREATE {name}")).await?.is_ok() {
        return Ok(false);
    }
    // Some clients show subscribed mailboxes only; without it this one is merely hidden there.
    session.run(&format!("SUBSCRIBE {name}")).await?;
    Ok(true)
}

/// Without MOVE a connection may have been lost between the copy and the removal: what has a copy in
/// `to` already is only removed, or it would be there twice.
async fn finish_copies(session: &mut Session, scope: &str, targets: &[&Target], to: &str) -> Result<()> {
    if session.select(to, false, None).await.is_err() {
        // It is made when something is moved there.
        return Ok(());
    }
    let mut copied = Vec::new();
    for target in targets {
        if let Some(message_id) = &target.message_id
            && !find(session, message_id).await?.is_empty()
        {
            copied.push(*target);
        }
    }
    if copied.is_empty() {
        return Ok(());
    }
    let uids = open_and_resolve(session, scope, &copied).await?;
    for uids in uids.chunks(BATCH) {
        expunge(session, uids).await?;
    }
    Ok(())
}

/// Moves messages of the open mailbox (RFC 6851), or copies and removes them where MOVE is not known.
pub(super) async fn move_to(session: &mut Session, uids: &[u32], to: &str) -> Result<Reply> {
    let atomic = session.can("MOVE");
    let verb = if atomic { "MOVE" } else { "COPY" };
    let command = format!("UID {verb} {} {}", to_sequence_set(uids), quoted(to)?);
    let mut reply = session.run(&command).await?;
    if !reply.is_ok() && make(session, to, &reply.status).await? {
        reply = session.run(&command).await?;
    }
    let reply = reply.ok("move these messages there")?;
    if !atomic {
        expunge(session, uids).await?;
    }
    Ok(reply)
}

/// Removes messages of the open mailbox and no others.
pub(super) async fn expunge(session: &mut Session, uids: &[u32]) -> Result<()> {
    store(session, uids, "+FLAGS.SILENT", &["\\Deleted"]).await?;
    if session.can("UIDPLUS") {
        session.run(&format!("UID EXPUNGE {}", to_sequence_set(uids))).await?.ok("remove these messages")?;
        return Ok(());
    }
    // A plain EXPUNGE takes all that are marked: those of others lose their mark for the moment.
    let mut others = session.run("UID SEARCH DELETED").await?.ok("search its messages")?.whole()?.found;
    others.sort_unstable();
    others.retain(|uid| uids.binary_search(uid).is_err());
    store(session, &others, "-FLAGS.SILENT", &["\\Deleted"]).await?;
    let expunged = session.run("EXPUNGE").await?;
    store(session, &others, "+FLAGS.SILENT", &["\\Deleted"]).await?;
    expunged.ok("remove these messages")?;
    Ok(())
}

/// The ids of the copies COPYUID tells of (RFC 4315 §3).
pub(super) fn copied(status: &Status) -> Option<Vec<RemoteId>> {
    let mut arguments = status.code_arguments("COPYUID")?.split(' ');
    let (uidvalidity, set) = (arguments.next()?, arguments.nth(1)?);
    let uids = sequence_set(set).into_iter().flatten().take(BATCH);
    Some(uids.map(|uid| RemoteId(format!("{uidvalidity}:{uid}"))).collect())
}

/// The sentence for a server of folders.
pub(super) fn no_labels() -> SourceError {
    SourceError::Permanent("This server keeps folders, not labels: move the conversation instead.".to_owned())
}

/// The sentence for an account that only reads.
pub(super) fn cannot_send() -> SourceError {
    SourceError::Permanent("This account has no server to send with: add one (SMTP) in its settings.".to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use crate::imap::answer::Kind;

    #[test]
    fn providers_that_file_sent_mail_are_known_by_their_hosts() {
        for host in ["imap.gmail.com", "outlook.office365.com", "imap-mail.outlook.com", "OUTLOOK.COM"] {
            assert!(files_sent_mail(host), "{host}");
        }
        for host in ["mail.example.org", "myoutlook.com", "office365.com.example.org"] {
            assert!(!files_sent_mail(host), "{host}");
        }
    }

    #[test]
    fn the_ids_of_copies_are_read() {
        let status = |code: &str| Status { kind: Kind::Ok, code: Some(code.to_owned()), text: String::new() };
        let ids = |code| copied(&status(code)).map(|ids| ids.into_iter().map(|id| id.0).collect::<Vec<_>>());
        assert_eq!(ids("COPYUID 38505 304,319:320 3956:3958").unwrap(), ["38505:3956", "38505:3957", "38505:3958"]);
        assert_eq!(ids("COPYUID 38505 304"), None);
        assert_eq!(ids("TRYCREATE"), None);
        assert_eq!(ids("COPYUID 1 1 1:4294967295").unwrap().len(), BATCH);
    }

    #[test]
    fn a_move_without_a_mailbox_goes_to_the_one_of_its_role() {
        assert_eq!(destination(&Folders::default(), "", ScopeRole::Archive), "Archive");
        assert_eq!(destination(&Folders::default(), "Done", ScopeRole::Archive), "Done");
        let below = Folders { prefix: "INBOX.".to_owned(), ..Folders::default() };
        assert_eq!(destination(&below, "", ScopeRole::Archive), "INBOX.Archive");
        assert_eq!(destination(&below, "", ScopeRole::Inbox), "INBOX");
        assert_eq!(destination(&below, "Archive", ScopeRole::Archive), "INBOX.Archive");
        assert_eq!(destination(&below, "INBOX.Old", ScopeRole::Archive), "INBOX.Old");
        assert_eq!(destination(&below, "Done", ScopeRole::Other), "INBOX.Done");
    }
}
