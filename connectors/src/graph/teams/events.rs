//! What the platform writes into a chat, as sentences.
//!
//! The kind of an event is the type of its `eventDetail`; there are some thirty, and new ones come
//! without a word. An unknown one is still a line, made of the words of its type: what happened is
//! never left out.

use serde_json::Value;

use super::people::People;

/// Names of people who took part in a call.
const MOST: usize = 8;

/// The sentence for an event.
pub(super) fn sentence(detail: &Value, people: &People) -> String {
    let kind = detail.get("@odata.type").and_then(Value::as_str).unwrap_or_default();
    let kind = kind.rsplit('.').next().unwrap_or_default();
    let kind = kind.strip_suffix("EventMessageDetail").unwrap_or(kind);
    let who = initiator(detail).map_or_else(|| "Somebody".to_owned(), |one| identity(one, people));
    let text = |field: &str| detail.get(field).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let truth = |field: &str| detail.get(field).and_then(Value::as_bool);
    let members = names(detail.get("members"), people);
    let itself = members == who;
    match kind {
        "membersAdded" if itself => format!("{who} joined"),
        "membersAdded" => format!("{who} added {members}"),
        "membersJoined" => format!("{members} joined"),
        "membersDeleted" if itself => format!("{who} left"),
        "membersDeleted" => format!("{who} removed {members}"),
        "membersLeft" => format!("{members} left"),
        "conversationMemberRoleUpdated" => match detail.get("conversationMemberUser").filter(|user| !user.is_null()) {
            Some(user) => role(detail, &who, &identity(user, people)),
            None => format!("{who} changed somebody's role"),
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
        "channelSetAsFavoriteByDefault" => format!("{who} shows this channel to the whole team"),
        "channelUnsetAsFavoriteByDefault" => format!("{who} no longer shows this channel to the whole team"),
        "teamDescriptionUpdated" => match text("teamDescription") {
            Some(about) => format!("{who} described the team: {about}"),
            None => format!("{who} took the team's description away"),
        },
        "teamJoiningEnabled" => format!("{who} lets people ask to join the team"),
        "teamJoiningDisabled" => format!("{who} no longer lets people ask to join the team"),
        "meetingPolicyUpdated" if truth("meetingChatEnabled") == Some(true) => {
            format!("{who} opened the chat of the meeting")
        }
        "meetingPolicyUpdated" if truth("meetingChatEnabled") == Some(false) => {
            format!("{who} closed the chat of the meeting")
        }
        "teamRenamed" => format!("{who} renamed the team to {}", text("teamDisplayName").unwrap_or("nothing")),
        "teamCreated" => match (text("teamDisplayName"), text("teamDescription")) {
            (Some(name), Some(about)) => format!("{who} created the team “{name}”: {about}"),
            (Some(name), None) => format!("{who} created the team “{name}”"),
            (None, Some(about)) => format!("{who} created the team: {about}"),
            (None, None) => format!("{who} created the team"),
        },
        "teamArchived" => format!("{who} archived the team"),
        "teamUnarchived" => format!("{who} brought the team back from the archive"),
        "callStarted" => format!("{who} started a {}", call(detail)),
        "callEnded" => {
            let guests = participants(detail, people);
            match (text("callDuration").and_then(duration), guests) {
                (Some(lasted), Some(guests)) => format!("The {} ended after {lasted}, with {guests}", call(detail)),
                (Some(lasted), None) => format!("The {} ended after {lasted}", call(detail)),
                (None, Some(guests)) => format!("The {} ended, with {guests}", call(detail)),
                (None, None) => format!("The {} ended", call(detail)),
            }
        }
        "callRecording" => recording(detail, &who),
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
    set(detail.get("initiator")?)
}

/// The person, else the app, else the device of an `identitySet`.
fn set(set: &Value) -> Option<&Value> {
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

/// What somebody is from now on.
fn role(detail: &Value, who: &str, whose: &str) -> String {
    let Some(roles) = detail.get("conversationMemberRoles").and_then(Value::as_array) else {
        return format!("{who} changed the role of {whose}");
    };
    match roles.iter().find_map(Value::as_str) {
        Some("owner") => format!("{who} made {whose} an owner"),
        Some("guest") => format!("{who} made {whose} a guest"),
        // A member has no role.
        None => format!("{who} made {whose} a member"),
        Some(_) => format!("{who} changed the role of {whose}"),
    }
}

/// How far the recording of a call has come, and where it is.
fn recording(detail: &Value, who: &str) -> String {
    let text = |field: &str| detail.get(field).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let url = text("callRecordingUrl").filter(|url| url.starts_with("https://"));
    let (name, lasted) = (text("callRecordingDisplayName"), text("callRecordingDuration").and_then(duration));
    match (url, name, lasted) {
        (Some(url), Some(name), Some(lasted)) => format!("The recording “{name}” of {lasted} is here: {url}"),
        (Some(url), Some(name), None) => format!("The recording “{name}” is here: {url}"),
        (Some(url), None, Some(lasted)) => format!("The recording of {lasted} is here: {url}"),
        (Some(url), None, None) => format!("The recording is here: {url}"),
        (None, ..) => match text("callRecordingStatus") {
            Some("initial") => format!("{who} began to record"),
            Some("failure") => "The call could not be recorded".to_owned(),
            Some("chunkFinished") => "A part of the recording is ready".to_owned(),
            status => format!("The recording is {}", status.unwrap_or("being made")),
        },
    }
}

/// Who took part in a call, as far as they have names.
fn participants(detail: &Value, people: &People) -> Option<String> {
    let all = detail.get("callParticipants").and_then(Value::as_array)?;
    let named = all.iter().filter_map(|one| {
        let one = set(one.get("participant")?)?;
        let text = |field: &str| one.get(field).and_then(Value::as_str);
        people.party(text("id"), text("displayName")).name
    });
    let named: Vec<String> = named.collect();
    let first = named.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    match named.len().saturating_sub(MOST) {
        _ if named.is_empty() => None,
        0 => Some(first),
        more => Some(format!("{first} +{more}")),
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
