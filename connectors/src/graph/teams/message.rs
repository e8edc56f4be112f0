//! From Graph's message to a row.

use inlet_model::{Reaction, Receipt, RemoteId, Timestamp, UnifiedMessage};

use super::{
    address::Place,
    events,
    people::People,
    rich::{self, Rich},
    wire::{From, Message, Reaction as OneReaction},
};

/// Where messages are: what their rows share.
pub(super) struct Room<'a> {
    pub(super) place: &'a Place,
    /// Remote name of its scope, which is its conversation.
    pub(super) remote: &'a str,
    pub(super) title: Option<&'a str>,
    pub(super) people: &'a People,
    /// What was written until then has been read.
    pub(super) read: Option<Timestamp>,
}

/// The row of a message; `root` is the post it stands under, where it is a reply in a channel.
pub(super) fn unified(message: &Message, root: Option<&str>, room: &Room<'_>) -> UnifiedMessage {
    let who = message.from.as_ref().and_then(From::who);
    let event = message.is_event();
    let detail = message.event_detail.as_ref();
    let named = |field: &str| detail.and_then(events::initiator)?.get(field)?.as_str();
    let (id, name) = match who {
        Some(who) => (who.id.as_deref(), who.display_name.as_deref()),
        None => (named("id"), named("displayName").or(Some("Teams"))),
    };
    let from_me = !event && room.people.is_me(id);
    let deleted = message.deleted();
    let body = match detail {
        _ if deleted => Rich::default(),
        Some(detail) => Rich { text: events::sentence(detail, room.people), ..Rich::default() },
        None if event => Rich { text: "Something changed in this chat".to_owned(), ..Rich::default() },
        None => rich::read(message),
    };
    let created = message.created();
    let item = |root, id: &str| RemoteId(room.place.item(root, id));
    UnifiedMessage {
        remote_id: item(root, &message.id),
        conversation: room.remote.to_owned(),
        title: room.title.map(str::to_owned),
        members: room.people.others(),
        sender: room.people.party(id, name),
        from_me,
        sent_at: created,
        edited_at: message.last_edited_date_time.filter(|_| !deleted),
        deleted,
        event,
        text: body.text,
        html: body.html,
        reply_to: match (root, body.quotes) {
            (_, Some(quoted)) => Some(item(root.filter(|root| *root != quoted), &quoted)),
            (Some(root), None) => Some(item(None, root)),
            (None, None) => None,
        },
        reactions: if deleted { Vec::new() } else { reactions(&message.reactions, room.people) },
        attachments: body.files,
        // What nobody wrote asks for nobody's attention, and without a word about reading all is read.
        read: event || from_me || deleted || room.read.is_none_or(|read| created <= read),
        starred: false,
        // Teams has what comes from it, and does not tell an app who has seen it.
        receipt: if from_me && !event { Receipt::Sent } else { Receipt::None },
        client_key: None,
    }
}

/// Reactions by their emoji, in the order they came.
fn reactions(given: &[OneReaction], people: &People) -> Vec<Reaction> {
    let mut out: Vec<Reaction> = Vec::new();
    for one in given {
        let emoji = match one.reaction_type.as_str() {
            "like" => "👍",
            "heart" => "❤️",
            "laugh" => "😆",
            "surprised" => "😮",
            "sad" => "😢",
            "angry" => "😠",
            // An organisation's own picture: its name is all that can be shown.
            "custom" | "" => one.display_name.as_deref().unwrap_or("🙂"),
            other => other,
        };
        let who = one.user.as_ref().and_then(From::who);
        let id = who.and_then(|who| who.id.as_deref());
        if out.iter().all(|reaction| reaction.emoji != emoji) {
            out.push(Reaction { emoji: emoji.to_owned(), by: Vec::new(), mine: false });
        }
        let Some(reaction) = out.iter_mut().find(|reaction| reaction.emoji == emoji) else { continue };
        if people.is_me(id) {
            reaction.mine = true;
        } else {
            reaction.by.push(people.party(id, who.and_then(|who| who.display_name.as_deref())));
        }
    }
    out
}
