//! Names of places and messages.
//!
//! A message's id is unique in its chat only, while an item's has to be in its source: so the id of an
//! item says where it is, too. The segments are those of Graph's path, in its order, which need not be
//! looked up again when a picture is fetched or a message answered.

use inlet_model::{Result, SourceError};

/// A chat, or a channel of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Chat(String),
    Channel { team: String, channel: String },
}

impl Place {
    /// The place a scope or conversation names.
    pub(super) fn parse(remote: &str) -> Self {
        match remote.split_once('/') {
            Some((team, channel)) => Self::Channel { team: team.to_owned(), channel: channel.to_owned() },
            None => Self::Chat(remote.to_owned()),
        }
    }

    /// Segments of the path of its messages.
    pub(super) fn messages(&self) -> Vec<&str> {
        match self {
            Self::Chat(chat) => vec!["chats", chat, "messages"],
            Self::Channel { team, channel } => vec!["teams", team, "channels", channel, "messages"],
        }
    }

    /// The id of an item here; `root` is the post that a reply in a channel stands under.
    pub(super) fn item(&self, root: Option<&str>, id: &str) -> String {
        match (self, root) {
            (Self::Chat(chat), _) => format!("{chat}/{id}"),
            (Self::Channel { team, channel }, None) => format!("{team}/{channel}/{id}"),
            (Self::Channel { team, channel }, Some(root)) => format!("{team}/{channel}/{root}/{id}"),
        }
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) place: Place,
    /// The post it stands under, where it is a reply in a channel.
    pub(super) root: Option<String>,
    pub(super) id: String,
}

impl Address {
    /// The message an item's id names.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] for what never was an id of ours.
    pub(super) fn parse(remote: &str) -> Result<Self> {
        let segments: Vec<&str> = remote.split('/').collect();
        let channel = |team: &str, channel: &str| Place::Channel { team: team.to_owned(), channel: channel.to_owned() };
        let (place, root, id) = match segments.as_slice() {
            [chat, id] => (Place::Chat((*chat).to_owned()), None, *id),
            [team, ch, id] => (channel(team, ch), None, *id),
            [team, ch, root, id] => (channel(team, ch), Some((*root).to_owned()), *id),
            _ => return Err(SourceError::Permanent("This is no message of Teams.".to_owned())),
        };
        Ok(Self { place, root, id: id.to_owned() })
    }

    /// Segments of its path.
    pub(super) fn path(&self) -> Vec<&str> {
        let mut path = self.place.messages();
        match &self.root {
            Some(root) => path.extend([root.as_str(), "replies", self.id.as_str()]),
            None => path.push(&self.id),
        }
        path
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn ids_lead_back_to_their_place() {
        let chat = Place::parse("19:2da4@thread.v2");
        let channel = Place::parse("fbe2bf47/19:4a95@thread.tacv2");
        for (id, path) in [
            (chat.item(None, "7"), "chats/19:2da4@thread.v2/messages/7"),
            (channel.item(None, "7"), "teams/fbe2bf47/channels/19:4a95@thread.tacv2/messages/7"),
            (channel.item(Some("6"), "7"), "teams/fbe2bf47/channels/19:4a95@thread.tacv2/messages/6/replies/7"),
        ] {
            assert_eq!(Address::parse(&id).unwrap().path().join("/"), path, "{id}");
        }
        for nonsense in ["", "outbox", "a/b/c/d/e"] {
            assert!(matches!(Address::parse(nonsense), Err(SourceError::Permanent(_))), "{nonsense}");
        }
    }
}
