//! Sending, and saying what was read.
//!
//! Teams takes no key with a message, so a lost answer is looked for: among my own messages, one with
//! these words that is newer than anything there was before. What there was is noted first, by the
//! platform's own clock, for mine may be wrong by more than lies between two messages.

use inlet_model::{Applied, Intent, MessageOp, RemoteId, Result, SourceError, Target, Timestamp};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    Teams,
    address::{Address, Place},
    pull::{ENUMS, TOP, gone},
    rich::{self, escape, paragraphs},
    wire::{self, From, Message},
};
use crate::{graph::client::Collection, imap::mime_text::html_to_text};

/// Pages of newer messages that are looked through for one of mine.
const PAGES: usize = 20;
/// Characters of a quoted message that stand above the answer.
const QUOTED: usize = 200;

/// The operation an intent becomes.
pub(super) fn plan(intent: &Intent) -> Result<Option<MessageOp>> {
    match intent {
        Intent::Send(outgoing) => {
            let Some(conversation) = outgoing.conversation.clone() else {
                return Err(SourceError::Permanent("Choose a chat to send this to.".to_owned()));
            };
            if !outgoing.attachments.is_empty() {
                return Err(SourceError::Permanent(
                    "Teams keeps files in OneDrive, which Inlet may not write to: send this file by mail, or a link to it."
                        .to_owned(),
                ));
            }
            Ok(Some(MessageOp::send(conversation, outgoing)))
        }
        other => Ok(MessageOp::besides(other)),
    }
}

impl Teams {
    /// The same operation, with the newest there is before it.
    pub(super) async fn prepared(&self, op: &MessageOp) -> Result<Option<MessageOp>> {
        let MessageOp::Send { conversation, reply_to, .. } = op else { return Ok(None) };
        let (messages, _) = self.recent(&thread(conversation, reply_to.as_ref()), None).await?;
        let newest = messages.iter().map(Message::created).max().unwrap_or(Timestamp::UNIX_EPOCH);
        let mut prepared = op.clone();
        if let MessageOp::Send { since, .. } = &mut prepared {
            *since = Some(newest);
        }
        Ok(Some(prepared))
    }

    /// Does it.
    pub(super) async fn done(&self, op: &MessageOp) -> Result<Applied> {
        match op {
            MessageOp::Send { conversation, text, reply_to, .. } => {
                self.send(&thread(conversation, reply_to.as_ref()), text, reply_to.as_ref()).await
            }
            MessageOp::MarkRead { targets, read } => {
                let mut places: Vec<&Target> = Vec::new();
                for target in targets {
                    // What is unread begins with the first of them.
                    match places.iter_mut().find(|known| known.scope == target.scope) {
                        Some(known) if target.remote_id < known.remote_id => *known = target,
                        Some(_) => {}
                        None => places.push(target),
                    }
                }
                for target in places {
                    self.mark(target, *read).await?;
                }
                Ok(Applied::default())
            }
            MessageOp::React { target, emoji, on, .. } => self.react(target, emoji, *on).await,
        }
    }

    async fn react(&self, target: &Target, emoji: &str, on: bool) -> Result<Applied> {
        let address = Address::parse(&target.remote_id.0)?;
        let mut path = address.path();
        path.push(if on { "setReaction" } else { "unsetReaction" });
        let call = self.graph.call(Method::POST, &path).json(&json!({ "reactionType": emoji }))?;
        call.send_if_there().await?.ok_or_else(gone)?;
        Ok(Applied { remote_id: None, detail: Some("accepted by Teams".to_owned()), ..Applied::default() })
    }

    async fn send(&self, to: &Thread, text: &str, reply_to: Option<&RemoteId>) -> Result<Applied> {
        let quoted = match (&to.place, reply_to.and_then(|id| Address::parse(&id.0).ok())) {
            (Place::Chat(_), Some(address)) if address.place == to.place => self.quotable(&address).await?,
            _ => None,
        };
        let answer =
            self.graph.call(Method::POST, &to.path()).json(&body(text, quoted.as_ref()))?.once().send().await?;
        let sent: Message = answer.json().await?;
        if sent.id.is_empty() {
            return Err(SourceError::Unknown("Microsoft did not say under which id it keeps the message.".to_owned()));
        }
        let id = to.place.item(to.root.as_deref(), &sent.id);
        Ok(Applied {
            remote_id: Some(RemoteId(id)),
            detail: Some("accepted by Teams".to_owned()),
            ..Applied::default()
        })
    }

    /// The message that is answered, if it is still there.
    async fn quotable(&self, address: &Address) -> Result<Option<Message>> {
        match self.graph.get(&address.path()).send_if_there().await? {
            Some(answer) => Ok(Some(answer.json::<Message>().await?).filter(|message| !message.deleted())),
            None => Ok(None),
        }
    }

    /// A message of mine with these words that is newer than what there was.
    pub(super) async fn found(&self, op: &MessageOp) -> Result<Option<Applied>> {
        let MessageOp::Send { conversation, text, reply_to, since, .. } = op else { return Ok(None) };
        let to = thread(conversation, reply_to.as_ref());
        let me = self.me().await?;
        let wanted = words(&html_to_text(&paragraphs(text), usize::MAX));
        let mut link = None;
        for _ in 0..PAGES {
            let (messages, next) = self.recent(&to, link).await?;
            let mine = messages.iter().find(|message| {
                let author = message.from.as_ref().and_then(From::who).and_then(|who| who.id.as_deref());
                let new = since.is_none_or(|since| message.created() > since);
                author == Some(&me.id) && new && !message.is_event() && words(&rich::read(message).text) == wanted
            });
            if let Some(mine) = mine {
                let id = to.place.item(to.root.as_deref(), &mine.id);
                return Ok(Some(Applied {
                    remote_id: Some(RemoteId(id)),
                    detail: Some("found in Teams".to_owned()),
                    ..Applied::default()
                }));
            }
            let lowest = messages.iter().map(Message::created).min();
            match next.filter(|_| since.is_some_and(|since| lowest.is_some_and(|lowest| lowest > since))) {
                Some(next) => link = Some(next),
                None => break,
            }
        }
        Ok(None)
    }

    /// The newest messages where something is sent to, and where there are more.
    async fn recent(&self, to: &Thread, link: Option<String>) -> Result<(Vec<Message>, Option<String>)> {
        let path = to.path();
        let call = match &link {
            Some(link) => self.graph.link(link)?,
            None => match &to.place {
                Place::Chat(_) => self.graph.get(&path).query(&[("$top", TOP), ("$orderby", "createdDateTime desc")]),
                Place::Channel { .. } => self.graph.get(&path).query(&[("$top", TOP)]),
            },
        };
        let answer = call.prefer(ENUMS).send_if_there().await?;
        let found: Collection<Value> = answer.ok_or_else(gone)?.json().await?;
        Ok((wire::rows(found.value).0, found.next))
    }

    async fn mark(&self, target: &Target, read: bool) -> Result<()> {
        let place = Place::parse(&target.scope);
        let written = match read {
            true => None,
            false => {
                let address = Address::parse(&target.remote_id.0)?;
                let answer = self.graph.get(&address.path()).send().await?;
                let written = answer.json::<Message>().await?.created();
                Some(written.checked_sub(SignedDuration::from_millis(1)).unwrap_or(Timestamp::MIN))
            }
        };
        if let Place::Chat(chat) = &place {
            let me = self.me().await?;
            // A chat of another organisation knows me by my own.
            self.visit(&target.scope, "", &place).await?;
            let known = self.known(&target.scope, "", &place).await?;
            let tenant = known.tenant.or_else(|| self.rooms().tenant());
            let user = json!({ "id": me.id, "tenantId": tenant });
            let (action, body) = match written {
                None => ("markChatReadForUser", json!({ "user": user })),
                Some(until) => {
                    ("markChatUnreadForUser", json!({ "user": user, "lastMessageReadDateTime": format!("{until:.3}") }))
                }
            };
            self.graph.call(Method::POST, &["chats", chat, action]).json(&body)?.send().await?;
        }
        let until = written.or_else(|| self.rooms().newest(&target.scope));
        if let Some(until) = until {
            self.rooms().mark(&target.scope, until);
        }
        Ok(())
    }
}

/// Where a message goes: a chat, a channel, or the answers to a post.
struct Thread {
    place: Place,
    root: Option<String>,
}

impl Thread {
    fn path(&self) -> Vec<&str> {
        let mut path = self.place.messages();
        if let Some(root) = &self.root {
            path.extend([root.as_str(), "replies"]);
        }
        path
    }
}

fn thread(conversation: &str, reply_to: Option<&RemoteId>) -> Thread {
    let place = Place::parse(conversation);
    let answered = reply_to.and_then(|id| Address::parse(&id.0).ok()).filter(|address| address.place == place);
    let root = match &place {
        Place::Chat(_) => None,
        Place::Channel { .. } => answered.map(|address| address.root.unwrap_or(address.id)),
    };
    Thread { place, root }
}

/// Segments of the path a message is sent to.
#[cfg(test)]
pub(super) fn path(conversation: &str, reply_to: Option<&RemoteId>) -> Vec<String> {
    thread(conversation, reply_to).path().into_iter().map(str::to_owned).collect()
}

/// The message as Graph takes it.
pub(super) fn body(text: &str, quoted: Option<&Message>) -> Value {
    let html = paragraphs(text);
    let Some(quoted) = quoted else {
        return json!({ "body": { "contentType": "html", "content": html } });
    };
    let user = quoted.from.as_ref().and_then(|from| from.user.as_ref());
    let preview: String = rich::read(quoted).text.chars().take(QUOTED).collect();
    let reference = json!({
        "messageId": quoted.id,
        "messagePreview": preview,
        "messageSender": { "user": user.map(|user| json!({ "id": user.id, "displayName": user.display_name })) },
    });
    json!({
        "body": {
            "contentType": "html",
            "content": format!("<attachment id=\"{}\"></attachment>{html}", escape(&quoted.id)),
        },
        "attachments": [{ "id": quoted.id, "contentType": "messageReference", "content": reference.to_string() }],
    })
}

/// Words alone: what Teams does to spaces and lines does not make it another message.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
