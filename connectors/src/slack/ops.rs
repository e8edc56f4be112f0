//! Sending, and saying what was read.
//!
//! Slack takes no key with a message that would keep it from being posted twice, but it takes metadata
//! (<https://docs.slack.dev/messaging/message-metadata>): the key travels in it, so a lost answer is
//! looked for among what was written since, and cannot be mistaken. A message with files has no metadata;
//! it is known by the files, which are put to Slack first and whose ids are kept before anything is
//! posted.

use inlet_model::{Applied, Intent, MessageOp, OpKey, OutgoingAttachment, RemoteId, Result, SourceError, Target};
use serde_json::{Value, json};

use super::{
    Workspace,
    address::{self, Address, BEGINNING, item},
    client::{ask, change},
    emoji,
    message::{EVENT, key},
    mrkdwn::written,
    pace::{
        CHAT_POST, CONVERSATIONS_HISTORY, CONVERSATIONS_MARK, CONVERSATIONS_REPLIES, FILES_COMPLETE, FILES_UPLOAD_URL,
        REACTIONS_ADD, REACTIONS_REMOVE,
    },
    pull::gone,
    wire::{Done, Message, Messages, Paged, Sent, Upload},
};

/// Pages of newer messages that are looked through for one of mine.
const PAGES: usize = 20;
/// The longest message Slack takes.
const LONGEST: usize = 40_000;

/// The operation an intent becomes.
pub(super) fn plan(intent: &Intent) -> Result<Option<MessageOp>> {
    match intent {
        Intent::Send(outgoing) => {
            let Some(conversation) = outgoing.conversation.clone() else {
                return Err(SourceError::Permanent("Choose a conversation to send this to.".to_owned()));
            };
            if outgoing.text.chars().count() > LONGEST {
                return Err(SourceError::Permanent(
                    "Slack takes messages of up to 40,000 characters: send it in parts, or as a file.".to_owned(),
                ));
            }
            Ok(Some(MessageOp::send(conversation, outgoing)))
        }
        other => Ok(MessageOp::besides(other)),
    }
}

/// Where a message goes.
struct To<'a> {
    channel: &'a str,
    /// The thread it is an answer in.
    thread: Option<String>,
}

fn to<'a>(conversation: &'a str, reply_to: Option<&RemoteId>) -> To<'a> {
    let answered = reply_to.and_then(|id| Address::parse(id).ok()).filter(|address| address.channel == conversation);
    To { channel: conversation, thread: answered.map(|address| address.thread().to_owned()) }
}

impl Workspace {
    /// The same operation, with the newest there is before it, and with its files at Slack. Files are put
    /// there anew each time: Slack forgets those that nothing was done with.
    pub(super) async fn prepared(&self, op: &MessageOp) -> Result<Option<MessageOp>> {
        let MessageOp::Send { conversation, attachments, .. } = op else { return Ok(None) };
        let found = self.page(&To { channel: conversation, thread: None }, &[("limit", "1")]).await?;
        let newest = found.messages.iter().filter_map(|message| message.get("ts")?.as_str()).max();
        let mut prepared = op.clone();
        if let MessageOp::Send { since, uploaded, .. } = &mut prepared {
            *since = newest.and_then(address::time).or(Some(inlet_model::Timestamp::UNIX_EPOCH));
            uploaded.clear();
            for file in attachments {
                uploaded.push(self.put(file).await?);
            }
        }
        Ok(Some(prepared))
    }

    /// Puts a file to Slack, where nobody sees it yet; its id.
    async fn put(&self, file: &OutgoingAttachment) -> Result<String> {
        let length = file.data.len().to_string();
        let options = [("filename", file.name.as_str()), ("length", &length)];
        let place: Upload = self.client.send(ask(FILES_UPLOAD_URL, &options)).await?;
        if place.file_id.is_empty() {
            return Err(SourceError::Transient("Slack gave no place for the file; try again later.".to_owned()));
        }
        self.client.upload(&place.upload_url, file.data.clone()).await?;
        Ok(place.file_id)
    }

    /// Does it.
    pub(super) async fn done(&self, key: &OpKey, op: &MessageOp) -> Result<Applied> {
        match op {
            MessageOp::Send { conversation, text, reply_to, attachments, uploaded, .. } => {
                let to = to(conversation, reply_to.as_ref());
                match attachments.is_empty() {
                    true => self.post(key, &to, text).await,
                    false => self.share(key, &to, text, attachments, uploaded, op).await,
                }
            }
            MessageOp::MarkRead { targets, read } => {
                for target in outermost(targets, *read) {
                    self.mark(target, *read).await?;
                }
                Ok(Applied::default())
            }
            MessageOp::React { target, emoji, on, .. } => self.react(target, emoji, *on).await,
        }
    }

    async fn react(&self, target: &Target, emoji: &str, on: bool) -> Result<Applied> {
        let name = emoji::name(emoji)
            .ok_or_else(|| SourceError::Permanent("Slack has no name for this emoji: choose another.".to_owned()))?;
        let address = Address::parse(&target.remote_id)?;
        let options = [("channel", address.channel.as_str()), ("timestamp", &address.ts), ("name", &name)];
        let method = if on { REACTIONS_ADD } else { REACTIONS_REMOVE };
        // It may be so already, or the message may be gone: nothing is left to do then.
        let _: Option<Done> = self.client.send_if_there(change(method, &options)).await?;
        Ok(Applied { remote_id: None, detail: Some("accepted by Slack".to_owned()), ..Applied::default() })
    }

    async fn post(&self, key: &OpKey, to: &To<'_>, text: &str) -> Result<Applied> {
        let metadata = json!({ "event_type": EVENT, "event_payload": { "key": key.0 } }).to_string();
        let text = written(text);
        let mut options = vec![("channel", to.channel), ("text", &text), ("metadata", &metadata)];
        options.extend(to.thread.as_deref().map(|thread| ("thread_ts", thread)));
        let sent: Option<Sent> = self.client.send_if_there(change(CHAT_POST, &options).once()).await?;
        let sent = sent.ok_or_else(gone)?;
        if sent.ts.is_empty() {
            return Err(SourceError::Unknown("Slack did not say under which id it keeps the message.".to_owned()));
        }
        let id = item(to.channel, to.thread.as_deref(), &sent.ts);
        Ok(Applied { remote_id: Some(id), detail: Some("accepted by Slack".to_owned()), ..Applied::default() })
    }

    /// Sends files that are at Slack, with the text above them.
    async fn share(
        &self,
        key: &OpKey,
        to: &To<'_>,
        text: &str,
        attachments: &[OutgoingAttachment],
        uploaded: &[String],
        op: &MessageOp,
    ) -> Result<Applied> {
        let named = uploaded.iter().zip(attachments);
        let files: Vec<Value> = named.map(|(id, file)| json!({ "id": id, "title": file.name })).collect();
        if files.len() != attachments.len() {
            return Err(SourceError::Transient("The files are not at Slack yet; Inlet tries again.".to_owned()));
        }
        let (files, text) = (json!(files).to_string(), written(text));
        let mut options = vec![("files", files.as_str()), ("channel_id", to.channel)];
        options.extend(Some(("initial_comment", text.as_str())).filter(|(_, text)| !text.trim().is_empty()));
        options.extend(to.thread.as_deref().map(|thread| ("thread_ts", thread)));
        let done: Option<Done> = self.client.send_if_there(change(FILES_COMPLETE, &options).once()).await?;
        done.ok_or_else(gone)?;
        // Its message comes a moment later, and is known by the files then.
        self.sent().extend(uploaded.iter().map(|id| (id.clone(), key.0.clone())));
        let found = self.found(key, op).await.ok().flatten();
        let remote_id = found.and_then(|found| found.remote_id);
        Ok(Applied { remote_id, detail: Some("accepted by Slack".to_owned()), ..Applied::default() })
    }

    /// A message of mine with this key, or with these files.
    pub(super) async fn found(&self, wanted: &OpKey, op: &MessageOp) -> Result<Option<Applied>> {
        let MessageOp::Send { conversation, reply_to, since, uploaded, .. } = op else { return Ok(None) };
        let to = to(conversation, reply_to.as_ref());
        let since = since.map_or_else(|| BEGINNING.to_owned(), address::stamp);
        let mut cursor = None;
        for _ in 0..PAGES {
            let mut options = vec![("oldest", since.as_str()), ("limit", "200")];
            options.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let found = self.page(&to, &options).await?;
            let next = found.next().map(str::to_owned);
            let messages = found.messages.into_iter().filter_map(|raw| serde_json::from_value::<Message>(raw).ok());
            let mine = messages.filter(|message| message.ts > since).find(|message| {
                let files = || message.files.iter().any(|file| uploaded.contains(&file.id));
                key(message).as_deref() == Some(&wanted.0) || (self.is_me(message) && files())
            });
            if let Some(mine) = mine {
                self.sent().extend(uploaded.iter().map(|id| (id.clone(), wanted.0.clone())));
                let id = item(to.channel, mine.root(), &mine.ts);
                return Ok(Some(Applied {
                    remote_id: Some(id),
                    detail: Some("found in Slack".to_owned()),
                    ..Applied::default()
                }));
            }
            match next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        Ok(None)
    }

    /// A page of where something is sent to.
    async fn page(&self, to: &To<'_>, options: &[(&str, &str)]) -> Result<Messages> {
        let mut all = vec![("channel", to.channel), ("include_all_metadata", "true")];
        all.extend(options);
        all.extend(to.thread.as_deref().map(|thread| ("ts", thread)));
        let method = if to.thread.is_some() { CONVERSATIONS_REPLIES } else { CONVERSATIONS_HISTORY };
        self.client.send_if_there(ask(method, &all)).await?.ok_or_else(gone)
    }

    async fn mark(&self, target: &Target, read: bool) -> Result<()> {
        let address = Address::parse(&target.remote_id)?;
        let ts = if read { address.ts } else { self.before(&address).await? };
        let options = [("channel", address.channel.as_str()), ("ts", &ts)];
        // A conversation I am no longer in has nothing to be read.
        let _: Option<Done> = self.client.send_if_there(change(CONVERSATIONS_MARK, &options)).await?;
        Ok(())
    }

    /// The message before one: what is unread begins behind it.
    async fn before(&self, address: &Address) -> Result<String> {
        let place = To { channel: &address.channel, thread: None };
        let found = self.page(&place, &[("latest", address.ts.as_str()), ("limit", "1")]).await?;
        let before = found.messages.iter().find_map(|message| message.get("ts")?.as_str());
        Ok(before.unwrap_or(BEGINNING).to_owned())
    }
}

/// Of each conversation the one that counts: what is read ends with the last of them, what is unread
/// begins with the first.
fn outermost(targets: &[Target], read: bool) -> Vec<&Target> {
    let mut places: Vec<&Target> = Vec::new();
    for target in targets {
        let ts = |target: &Target| address::ts(&target.remote_id.0).to_owned();
        match places.iter_mut().find(|known| known.scope == target.scope) {
            Some(known) if (ts(target) > ts(known)) == read => *known = target,
            Some(_) => {}
            None => places.push(target),
        }
    }
    places
}
