//! What the platform writes into a chat, as sentences.
//!
//! The kind of an event is the type of its `eventDetail`; there are some thirty, and new ones come
//! without a word. An unknown one is still a line, made of the words of its type: what happened is
//! never left out.

use serde_json::Value;

use super::people::People;

/// The sentence for an event.
pub(super) fn sentence(detail: &Value, people: &People) -> String {
    let kind = detail.get("@odata.type").and_then(Value::as_str).unwrap_or_default();
    let kind = kind.rsplit('.').next().unwrap_or_default();
    let kind = kind.strip_suffix("EventMessageDetail").unwrap_or(kind);
    let who = initiator(detail).map_or_else(|| "Somebody".to_owned(), |one| identity(one, people));
    let text = |field: &str| detail.get(field).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let members = names(detail.get("members"), people);
    let itself = members == who;
    match kind {
        "membersAdded" if itself => format!("{who} joined"),
        "membersAdded" => format!("{who} added {members}"),
        "membersJoined" => format!("{members} joined"),
        "membersDeleted" if itself => format!("{who} left"),
        "membersDeleted" => format!("{who} removed {members}"),
        "membersLeft" => format!("{members} left"),
        "conversationMemberRoleUpdated" => match detail.get("conversationMemberUser") {
            Some(user) if !user.is_null() => format!("{who} changed the role of {}", identity(user, people)),
            _ => format!("{who} changed somebody's role"),
        },
        "chatRenamed" => match text("chatDisplayName") {
            Some(title) => format!("{who} renamed the chat to “{title}”"),
            None => format!("{who} took the name of the chat away"),
        },
        "channelAdded" => format!("{who} added the channel {}", text("channelDisplayName").unwrap_or("here")),
        "channelDeleted" => format!("{who} deleted the channel {}", text("channelDisplayName").unwrap_or("here")),
        "channelRenamed" => format!("{who} renamed the channel to {}", text("channelDisplayName").unwrap_or("nothing")),
        "channelDescriptionUpdated" => match text("channelDescription") {
            Some(about) => format!("{who} described the channel: {about}"),
            None => format!("{who} took the channel's description away"),
        },
        "teamRenamed" => format!("{who} renamed the team to {}", text("teamDisplayName").unwrap_or("nothing")),
        "teamCreated" => format!("{who} created the team"),
        "teamArchived" => format!("{who} archived the team"),
        "teamUnarchived" => format!("{who} brought the team back from the archive"),
        "callStarted" => format!("{who} started a {}", call(detail)),
        "callEnded" => match text("callDuration").and_then(duration) {
            Some(lasted) => format!("The {} ended after {lasted}", call(detail)),
            None => format!("The {} ended", call(detail)),
        },
        "callRecording" => match text("callRecordingUrl").filter(|url| url.starts_with("https://")) {
            Some(url) => format!("The recording is here: {url}"),
            None => format!("The recording is {}", text("callRecordingStatus").unwrap_or("being made")),
        },
        "callTranscript" => "A transcript of the call was made".to_owned(),
        "messagePinned" => format!("{who} pinned a message"),
        "messageUnpinned" => format!("{who} took a pinned message down"),
        "tabUpdated" => format!("{who} changed the tab {}", text("tabId").unwrap_or("here")),
        "teamsAppInstalled" => format!("{who} added the app {}", text("teamsAppDisplayName").unwrap_or("here")),
        "teamsAppRemoved" => format!("{who} removed the app {}", text("teamsAppDisplayName").unwrap_or("here")),
        "teamsAppUpgraded" => format!("{who} updated the app {}", text("teamsAppDisplayName").unwrap_or("here")),
        "" => "Something changed in this chat".to_owned(),
        other => format!("{who}: {}", words(other)),
    }
}

/// Who did it.
pub(super) fn initiator(detail: &Value) -> Option<&Value> {
    let set = detail.get("initiator")?;
    ["user", "application", "device"].into_iter().find_map(|part| set.get(part).filter(|one| !one.is_null()))
}

fn identity(one: &Value, people: &People) -> String {
    let text = |field: &str| one.get(field).and_then(Value::as_str);
    people.name(text("id"), text("displayName"))
}

fn names(list: Option<&Value>, people: &People) -> String {
    let names: Vec<String> =
        list.and_then(Value::as_array).into_iter().flatten().map(|one| identity(one, people)).collect();
    match names.split_last() {
        None => "somebody".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

fn call(detail: &Value) -> &'static str {
    match detail.get("callEventType").and_then(Value::as_str) {
        Some("meeting") => "meeting",
        Some("screenShare") => "screen sharing",
        _ => "call",
    }
}

/// An ISO 8601 duration as people say it.
fn duration(text: &str) -> Option<String> {
    let minutes = text.parse::<jiff::SignedDuration>().ok()?.as_mins();
    Some(match (minutes / 60, minutes % 60) {
        (0, 0) => "less than a minute".to_owned(),
        (0, 1) => "a minute".to_owned(),
        (0, minutes) => format!("{minutes} minutes"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    })
}

/// `meetingPolicyUpdated` as words.
fn words(camel: &str) -> String {
    let mut out = String::new();
    for c in camel.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
    }
    out
}
