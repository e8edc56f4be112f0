//! Which permission an operation needs, by the permissions tables of Microsoft's reference pages
//! (delegated, work or school account). Any one of a list is enough.

const READ_MAIL: &[&str] = &["Mail.Read", "Mail.ReadWrite"];
const WRITE_MAIL: &[&str] = &["Mail.ReadWrite"];
const SEND_MAIL: &[&str] = &["Mail.Send"];
const READ_CHATS: &[&str] = &["Chat.Read", "Chat.ReadWrite"];
const WRITE_CHATS: &[&str] = &["Chat.ReadWrite"];
const SEND_CHAT: &[&str] = &["ChatMessage.Send", "Chat.ReadWrite"];
const READ_NOTES: &[&str] = &["Notes.Read", "Notes.ReadWrite", "Notes.Read.All", "Notes.ReadWrite.All"];
const WRITE_NOTES: &[&str] = &["Notes.ReadWrite", "Notes.ReadWrite.All"];
const CREATE_NOTES: &[&str] = &["Notes.Create", "Notes.ReadWrite", "Notes.ReadWrite.All"];

/// The permissions of an operation; empty when a valid token is enough.
pub(crate) fn needed(method: &str, template: &str) -> &'static [&'static str] {
    let reads = method == "GET";
    let ends = |act: &str| template.ends_with(act);
    match template {
        "/$batch" => &[],
        "/me" => &["User.Read", "User.ReadWrite", "User.Read.All"],
        "/me/sendMail" => SEND_MAIL,
        "/me/translateExchangeIds" => &["User.Read", "Mail.Read", "Mail.ReadWrite"],
        "/me/joinedTeams" => &["Team.ReadBasic.All", "TeamSettings.Read.All", "Directory.Read.All"],
        "/me/chats" | "/chats" | "/chats/{chat-id}" if reads => &["Chat.ReadBasic", "Chat.Read", "Chat.ReadWrite"],
        "/me/chats" | "/chats" => &["Chat.Create", "Chat.ReadWrite"],
        _ if template.starts_with("/me/outlook/") && reads => &["MailboxSettings.Read", "MailboxSettings.ReadWrite"],
        _ if template.starts_with("/me/outlook/") => &["MailboxSettings.ReadWrite"],
        _ if template.starts_with("/me/events/") && reads => &["Calendars.Read", "Calendars.ReadWrite"],
        _ if template.starts_with("/me/events/") => &["Calendars.ReadWrite"],
        _ if template.starts_with("/me/onenote/") && reads => READ_NOTES,
        _ if template.starts_with("/me/onenote/") && method == "POST" => CREATE_NOTES,
        _ if template.starts_with("/me/onenote/") => WRITE_NOTES,
        _ if template.starts_with("/teams/") && template.contains("/messages") => match reads {
            true => &["ChannelMessage.Read.All"],
            false => &["ChannelMessage.Send", "ChannelMessage.ReadWrite"],
        },
        _ if template.starts_with("/teams/") => &["Channel.ReadBasic.All", "ChannelSettings.Read.All"],
        _ if template.contains("chats/") && reads => READ_CHATS,
        _ if template.contains("chats/") && method == "POST" && (ends("/messages") || ends("etReaction")) => SEND_CHAT,
        _ if template.contains("chats/") => WRITE_CHATS,
        _ if ends("/send") || ends("/reply") || ends("/replyAll") || ends("/forward") => SEND_MAIL,
        _ if reads => READ_MAIL,
        _ => WRITE_MAIL,
    }
}
