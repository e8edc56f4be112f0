//! Looking for a message among those Meta says this number has sent
//! (`GET /{phone-number-id}/message_history`).
//!
//! The history gives ids with the times of what happened to each message, and neither the key nor the words. A
//! message is recognised by what is left: it was sent after it was written here, to this person (whose number is
//! inside of the id), and is none that is known for another one. Two that fit are none: then the person decides.
//! Many accounts may not ask for a history, which means no more than that it does not help.

use base64::{Engine, engine::general_purpose::STANDARD};
use inlet_model::{MessageOp, RemoteId, Result, SourceError};
use serde::Deserialize;

use super::{WhatsApp, wire::Paging};

/// Pages that are read, of so many messages.
const PAGES: usize = 5;
const PAGE: &str = "100";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Listed {
    data: Vec<Entry>,
    paging: Paging,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry {
    message_id: String,
    events: Events,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Events {
    data: Vec<Event>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Event {
    timestamp: i64,
}

impl WhatsApp {
    /// The message an operation made, if it is the only one it can be.
    ///
    /// # Errors
    /// What keeps Meta from being asked now; that it gives no history is no error.
    pub(super) async fn in_history(&self, op: &MessageOp) -> Result<Option<RemoteId>> {
        let MessageOp::Send { conversation, since: Some(since), .. } = op else { return Ok(None) };
        let mut fit: Vec<String> = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..PAGES {
            let mut query = vec![("fields", "message_id,events{delivery_status,timestamp}"), ("limit", PAGE)];
            query.extend(after.as_deref().map(|after| ("after", after)));
            let listed: Listed = match self.client.get(&[&self.config.phone_number_id, "message_history"], &query).await
            {
                Ok(listed) => listed,
                Err(SourceError::Permanent(_)) => return Ok(None),
                Err(error) => return Err(error),
            };
            let memory = self.memory();
            fit.extend(listed.data.into_iter().filter_map(|entry| {
                let at = entry.events.data.iter().map(|event| event.timestamp).min()?;
                let fits = at >= since.as_second()
                    && is_to(&entry.message_id, conversation)
                    && !memory.mine.contains(&entry.message_id);
                fits.then_some(entry.message_id)
            }));
            drop(memory);
            after = listed.paging.next();
            if after.is_none() {
                break;
            }
        }
        Ok(match fit.as_slice() {
            [only] => Some(RemoteId(only.clone())),
            _ => None,
        })
    }
}

/// The id of a message names whom it was sent to: behind `wamid.` stands base64 with the number in digits.
fn is_to(id: &str, number: &str) -> bool {
    let bytes = id.strip_prefix("wamid.").and_then(|rest| STANDARD.decode(rest).ok()).unwrap_or_default();
    bytes.split(|byte| !byte.is_ascii_digit()).any(|digits| !number.is_empty() && digits == number.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_whom_it_was_sent_to() {
        let id = "wamid.HBgLMTY0NzM3Nzc3NzUVAgARGBI5QTNEQTA2RjdGMEY4RTRGAA==";
        assert!(is_to(id, "16473777775"));
        for other in ["1647377777", "6473777775", "", "group"] {
            assert!(!is_to(id, other), "{other}");
        }
        assert!(!is_to("wamid.no base64", "16473777775"));
    }
}
