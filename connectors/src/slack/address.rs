//! Names of messages, and the times they are made of.
//!
//! Slack names a message by its channel and its time in microseconds (`ts`), which is a name and never
//! a number: read as one it loses its last digits. An item's id has to be unique in its source and to
//! say where the message can be asked for, so it is the channel, the message its thread hangs on where
//! it is an answer, and its own time.

use inlet_model::{RemoteId, Result, SourceError, Timestamp};

/// Before every message there is.
pub(super) const BEGINNING: &str = "0000000000.000000";

/// Where a message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) channel: String,
    /// The message its thread hangs on, where it is an answer.
    pub(super) root: Option<String>,
    pub(super) ts: String,
}

impl Address {
    /// The address in an item's id.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] for the id of something else.
    pub(super) fn parse(id: &RemoteId) -> Result<Self> {
        let mut parts = id.0.split('/');
        let (channel, second, third) = (parts.next(), parts.next(), parts.next());
        let there = |text: &&str| !text.is_empty();
        match (channel.filter(there), second.filter(there), third, parts.next()) {
            (Some(channel), Some(ts), None, None) => {
                Ok(Self { channel: channel.to_owned(), root: None, ts: ts.to_owned() })
            }
            (Some(channel), Some(root), Some(ts), None) if !ts.is_empty() => {
                Ok(Self { channel: channel.to_owned(), root: Some(root.to_owned()), ts: ts.to_owned() })
            }
            _ => Err(SourceError::Permanent("This is not a message of Slack.".to_owned())),
        }
    }

    /// The message a thread with this one in it hangs on.
    pub(super) fn thread(&self) -> &str {
        self.root.as_deref().unwrap_or(&self.ts)
    }
}

/// The id of an item.
pub(super) fn item(channel: &str, root: Option<&str>, ts: &str) -> RemoteId {
    RemoteId(match root.filter(|root| *root != ts) {
        Some(root) => format!("{channel}/{root}/{ts}"),
        None => format!("{channel}/{ts}"),
    })
}

/// The time in an item's id.
pub(super) fn ts(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or_default()
}

/// When that was.
pub(super) fn time(ts: &str) -> Option<Timestamp> {
    let (seconds, micros) = ts.split_once('.').unwrap_or((ts, "0"));
    let digits = format!("{micros:0<6}");
    let micros: i64 = digits.get(..6)?.parse().ok()?;
    let seconds: i64 = seconds.parse().ok()?;
    Timestamp::from_microsecond(seconds.checked_mul(1_000_000)?.checked_add(micros)?).ok()
}

/// A time as Slack writes it.
pub(super) fn stamp(at: Timestamp) -> String {
    let micros = at.as_microsecond().max(0);
    format!("{:010}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_every_digit() {
        for ts in ["1700000000.000200", "1360782400.498405", "0000000000.000000", "1503435956.000247"] {
            assert_eq!(stamp(time(ts).unwrap()), ts);
        }
        assert_eq!(time("1700000000"), time("1700000000.000000"));
        assert_eq!(time("yesterday"), None);
        assert_eq!(time(""), None);
    }

    #[test]
    fn an_id_says_where_a_message_is() {
        let answer = item("C1", Some("1.000001"), "2.000001");
        let address = Address::parse(&answer).unwrap();
        assert_eq!((address.thread(), address.ts.as_str()), ("1.000001", "2.000001"));
        let root = item("C1", Some("1.000001"), "1.000001");
        assert_eq!(root.0, "C1/1.000001");
        assert_eq!(Address::parse(&root).unwrap().thread(), "1.000001");
        assert_eq!(ts(&answer.0), "2.000001");
        for wrong in ["", "C1", "C1/", "/1.0", "C1/1/2/3", "C1/1/"] {
            assert!(Address::parse(&wrong.into()).is_err(), "{wrong}");
        }
    }
}
