//! From what came in to rows: messages, what happened to them, how far mine have come.
//!
//! Nothing is asked back here, so that a queue of ten thousand events is read in a moment and without a
//! network. What Inlet does not know is counted and kept, and never in the way of the rest; what is wrong with
//! the account itself is told of the account.

use std::collections::HashMap;

use inlet_model::{
    Change, FlagChange, Flags, Inbound, InboundEvent, Moved, OpKey, Page, Party, Receipt, RemoteId, Timestamp,
    UnifiedMessage, Warning,
};
use serde::Deserialize;
use serde_json::Value;

use super::{
    errors::{NO_HISTORY, Problem, of_account, undelivered},
    message::{attachments, text},
    wire::{Message, Payload, Said, Seconds, Status, System},
};

/// Where what is said about the account itself stands.
const ACCOUNT: &str = "account";

/// Reads events onto a page.
pub(super) struct Reading<'a> {
    /// Meta's id of my number: an account may have others, which are accounts of their own here.
    pub(super) number_id: &'a str,
    /// Names by number, as contacts were named last.
    pub(super) names: &'a mut HashMap<String, String>,
    pub(super) page: Page<UnifiedMessage>,
}

impl Reading<'_> {
    /// The next event.
    pub(super) fn take(&mut self, event: &InboundEvent) {
        let body = match &event.what {
            Inbound::Gap { since } => return self.gap(event, *since),
            Inbound::Body(body) => body,
        };
        let Ok(payload) = serde_json::from_slice::<Payload>(body) else {
            return self.poison(event, "An event of WhatsApp cannot be read; it is kept.".to_owned());
        };
        if let Some(note) = payload.inlet {
            for id in note.messages {
                let flags = Flags { read: note.read, ..Flags::default() };
                self.page.flags.push(FlagChange { remote_id: RemoteId(id), flags, also_in: None });
            }
        }
        for change in payload.entry.into_iter().flat_map(|entry| entry.changes) {
            let theirs = &change.value.metadata.phone_number_id;
            if theirs.is_empty() || theirs == self.number_id {
                self.said(event, &change.field, change.value);
            }
        }
    }

    fn said(&mut self, event: &InboundEvent, field: &str, said: Said) {
        let known = ["messages", "smb_message_echoes", "history", "smb_app_state_sync"];
        if !known.contains(&field) {
            let field: String = field.chars().take(60).collect();
            return self.poison(event, format!("WhatsApp told of \"{field}\", which Inlet keeps and does not show."));
        }
        let me = digits(&said.metadata.display_phone_number);
        let named = said.contacts.into_iter().map(|contact| (contact.wa_id, contact.profile.name));
        let synced =
            said.state_sync.into_iter().map(|sync| (digits(&sync.contact.phone_number), sync.contact.full_name));
        for (number, name) in named.chain(synced).filter(|(_, name)| !name.trim().is_empty()) {
            self.names.insert(number, name);
        }
        for message in &said.messages {
            self.message(event, message, &me, None);
        }
        for message in &said.message_echoes {
            self.message(event, message, &me, None);
        }
        for history in said.history {
            for thread in history.threads {
                for message in &thread.messages {
                    self.message(event, message, &me, Some(&thread.id));
                }
            }
            for problem in &history.errors {
                self.warning(event, problem, NO_HISTORY.to_owned());
            }
        }
        for status in &said.statuses {
            self.status(event, status);
        }
        for problem in &said.errors {
            self.warning(event, problem, of_account(problem));
        }
    }

    /// A message of somebody else's, or one of mine from the app on my phone. `past` is the conversation
    /// where it is part of the app's history.
    fn message(&mut self, event: &InboundEvent, value: &Value, me: &str, past: Option<&str>) {
        let message = match Message::deserialize(value) {
            Ok(message) if !message.id.is_empty() => message,
            _ => return self.poison(event, "A message of WhatsApp cannot be read; it is kept.".to_owned()),
        };
        let from = digits(&message.from);
        let from_me = !me.is_empty() && from == me;
        let at = at(message.timestamp, event);
        match message.r#type.as_str() {
            "reaction" => {
                let emoji = Some(message.reaction.emoji).filter(|emoji| !emoji.is_empty());
                let change = Change::Reacted { by: self.party(&from), mine: from_me, emoji };
                return self.change(message.reaction.message_id, change);
            }
            "edit" => {
                let edited = message.edit.message.as_ref().and_then(|edited| Message::deserialize(edited).ok());
                let text = edited.map(|edited| text(&edited)).unwrap_or_default();
                return self.change(message.edit.original_message_id, Change::Edited { text, at });
            }
            "revoke" => return self.change(message.revoke.original_message_id, Change::Retracted),
            _ => {}
        }
        let system = message.r#type == "system";
        if system {
            self.moved(&message.system, &from, at);
        }
        let conversation = match (&message.group_id, past) {
            (Some(group), _) => group.clone(),
            (None, Some(thread)) => digits(thread),
            (None, None) if from_me => digits(&message.to),
            (None, None) => from.clone(),
        };
        let members = if message.group_id.is_some() { Vec::new() } else { vec![self.party(&conversation)] };
        self.page.upserts.push(UnifiedMessage {
            remote_id: RemoteId(message.id.clone()),
            title: message.group_id.as_ref().map(|_| "WhatsApp group".to_owned()),
            conversation,
            members,
            sender: if system { Party::named("WhatsApp", "") } else { self.party(&from) },
            from_me,
            sent_at: at,
            edited_at: None,
            deleted: false,
            event: false,
            text: text(&message),
            html: None,
            reply_to: message.context.id.clone().map(RemoteId),
            reactions: Vec::new(),
            attachments: attachments(&message),
            // What was read or not on the phone is not told of the past; nobody wants all of it unread.
            read: system || from_me || past.is_some(),
            starred: false,
            receipt: if from_me { receipt(&message.history_context.status).max(Receipt::Sent) } else { Receipt::None },
            client_key: None,
        });
    }

    /// Somebody has changed their number
    /// (<https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components#system-object>).
    fn moved(&mut self, system: &System, from: &str, at: Timestamp) {
        let said = |numbers: [&str; 2]| numbers.map(digits).into_iter().find(|number| !number.is_empty());
        let old = said([&system.customer, from]).unwrap_or_default();
        let new = said([&system.wa_id, &system.new_wa_id]).unwrap_or_default();
        let changed = ["user_changed_number", "customer_changed_number"].contains(&system.r#type.as_str());
        if !changed || old.is_empty() || new.is_empty() || old == new {
            return;
        }
        if let Some(name) = self.names.get(&old).cloned() {
            self.names.entry(new.clone()).or_insert(name);
        }
        let (from, to) = (self.party(&old), self.party(&new));
        self.page.moved.push(Moved { conversation: old, into: new, from, to, at });
    }

    /// How far a message of mine has come.
    fn status(&mut self, event: &InboundEvent, value: &Value) {
        let status = match Status::deserialize(value) {
            Ok(status) if !status.id.is_empty() => status,
            _ => return self.poison(event, "A status of WhatsApp cannot be read; it is kept.".to_owned()),
        };
        // Before anything else: until then nobody may know which message is meant.
        if let Some(key) = status.biz_opaque_callback_data.filter(|key| !key.is_empty()) {
            self.change(status.id.clone(), Change::Mine { key: OpKey(key) });
        }
        match receipt(&status.status) {
            Receipt::Failed => self.change(status.id, Change::Failed { reason: undelivered(&status.errors) }),
            Receipt::None => {
                let word: String = status.status.chars().take(60).collect();
                self.poison(
                    event,
                    format!("WhatsApp told of a message that it is \"{word}\", which Inlet does not know."),
                );
            }
            receipt => self.page.receipts.push((RemoteId(status.id), receipt)),
        }
    }

    fn gap(&mut self, event: &InboundEvent, since: Timestamp) {
        let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
        self.page.upserts.push(UnifiedMessage {
            remote_id: RemoteId(format!("gap/{}", event.seq)),
            conversation: ACCOUNT.to_owned(),
            title: Some("WhatsApp".to_owned()),
            members: Vec::new(),
            sender: Party::named("WhatsApp", ""),
            from_me: false,
            sent_at: event.at,
            edited_at: None,
            deleted: false,
            event: false,
            text: format!(
                "What WhatsApp sent from {} to {} (UTC) was not kept until Inlet could read it, so messages of that \
                 time may be missing here: look for them on your phone.",
                day(since),
                day(event.at)
            ),
            html: None,
            reply_to: None,
            reactions: Vec::new(),
            attachments: Vec::new(),
            read: false,
            starred: false,
            receipt: Receipt::None,
            client_key: None,
        });
    }

    fn change(&mut self, id: String, change: Change) {
        if !id.is_empty() {
            self.page.changes.push((RemoteId(id), change));
        }
    }

    /// Errors have no time of their own.
    fn warning(&mut self, event: &InboundEvent, problem: &Problem, reason: String) {
        self.page.warnings.push(Warning { code: problem.code.to_string(), reason, at: event.at });
    }

    fn poison(&mut self, event: &InboundEvent, reason: String) {
        self.page.poison.push((RemoteId(format!("event {}", event.seq)), reason));
    }

    fn party(&self, number: &str) -> Party {
        Party { name: self.names.get(number).cloned(), handle: format!("+{number}") }
    }
}

/// The time an event itself names: the newest of a message or a status in it. What is told of the past
/// names none.
pub(crate) fn said_at(body: &[u8]) -> Option<Timestamp> {
    let payload: Payload = serde_json::from_slice(body).ok()?;
    let said = payload.entry.into_iter().flat_map(|entry| entry.changes).map(|change| change.value);
    said.flat_map(|said| {
        let time = |value: &Value| Seconds::from(value.get("timestamp").cloned().unwrap_or_default()).0;
        let all = said.messages.iter().chain(&said.message_echoes).chain(&said.statuses);
        all.filter_map(time).collect::<Vec<_>>()
    })
    .max()
}

fn at(said: Seconds, event: &InboundEvent) -> Timestamp {
    said.0.unwrap_or(event.at)
}

fn receipt(status: &str) -> Receipt {
    match status.to_ascii_lowercase().as_str() {
        "sent" | "accepted" | "held_for_quality_assessment" | "pending" => Receipt::Sent,
        "delivered" => Receipt::Delivered,
        "read" | "played" => Receipt::Read,
        "failed" | "error" => Receipt::Failed,
        _ => Receipt::None,
    }
}

/// A number as ids write it.
pub(super) fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}
