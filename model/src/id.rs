//! Identifiers of rows in the store.
//!
//! Outside the engine an id is an opaque string such as `t42`: the letter tells the
//! noun, so that a command which takes "a thread or an item" needs no flag.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The text was not an id of the expected kind.
#[derive(Debug, thiserror::Error)]
#[error("\"{text}\" is not {noun} id (expected {prefix}… with a number)")]
pub struct ParseIdError {
    text: String,
    noun: &'static str,
    prefix: char,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal $noun:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                text.strip_prefix($prefix)
                    .and_then(|digits| digits.parse().ok())
                    .filter(|n| *n > 0)
                    .map(Self)
                    .ok_or_else(|| ParseIdError { text: text.chars().take(40).collect(), noun: $noun, prefix: $prefix })
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
        impl ts_rs::TS for $name {
            type WithoutGenerics = Self;
            type OptionInnerType = Self;
            fn name(_: &ts_rs::Config) -> String { "string".to_owned() }
            fn inline(_: &ts_rs::Config) -> String { "string".to_owned() }
        }
    )*};
}

ids! {
    /// One sign-in.
    AccountId 'a' "an account";
    /// One kind of thing an account yields.
    SourceId 's' "a source";
    /// A folder, chat or notebook section of a source.
    ScopeId 'c' "a scope";
    /// A conversation.
    ThreadId 't' "a thread";
    /// A message, mail or note page.
    ItemId 'i' "an item";
    /// An entry of the outbox.
    OpId 'o' "an outbox";
    /// An attachment of an item.
    AttachmentId 'f' "an attachment";
    /// A message being written.
    DraftId 'd' "a draft";
    /// Something written once to be used again.
    KeptId 'k' "a kept";
    /// What another program proposes.
    ProposalId 'p' "a proposal";
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_the_trip_through_text() {
        let id = ThreadId(42);
        assert_eq!(id.to_string(), "t42");
        assert_eq!("t42".parse::<ThreadId>().unwrap(), id);
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"t42\"");
        assert_eq!(serde_json::from_str::<ThreadId>("\"t42\"").unwrap(), id);
    }

    #[test]
    fn the_wrong_noun_zero_and_garbage_are_refused() {
        for text in ["i42", "t", "t0", "t-1", "42", "", "tt", "t99999999999999999999"] {
            assert!(text.parse::<ThreadId>().is_err(), "{text}");
        }
    }
}
