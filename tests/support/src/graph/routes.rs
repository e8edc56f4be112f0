//! Every operation the fake plays: the list the specifications are compiled for.

use super::{
    chats::{api as teams, write},
    exchange::{Call, Outcome},
    mail::{api, delta, drafts, files, meetings, upload},
    user,
    world::World,
};

pub(crate) type Handler = fn(&mut World, &Call<'_>) -> Outcome;

const ROUTES: &[(&str, &str, Handler)] = &[
    ("GET", "/me", user::me),
    ("GET", "/me/mailFolders", api::list_folders),
    ("POST", "/me/mailFolders", api::create_folder),
    ("GET", "/me/mailFolders/delta", delta::folders),
    ("GET", "/me/mailFolders/{mailFolder-id}", api::get_folder),
    ("PATCH", "/me/mailFolders/{mailFolder-id}", api::update_folder),
    ("DELETE", "/me/mailFolders/{mailFolder-id}", api::delete_folder),
    ("GET", "/me/mailFolders/{mailFolder-id}/childFolders", api::list_folders),
    ("POST", "/me/mailFolders/{mailFolder-id}/childFolders", api::create_folder),
    ("GET", "/me/mailFolders/{mailFolder-id}/messages", api::list_messages),
    ("POST", "/me/mailFolders/{mailFolder-id}/messages", drafts::create),
    ("GET", "/me/mailFolders/{mailFolder-id}/messages/delta", delta::messages),
    ("GET", "/me/mailFolders/{mailFolder-id}/messages/{message-id}", api::get_message),
    ("PATCH", "/me/mailFolders/{mailFolder-id}/messages/{message-id}", api::update_message),
    ("DELETE", "/me/mailFolders/{mailFolder-id}/messages/{message-id}", api::delete_message),
    ("GET", "/me/messages", api::list_messages),
    ("POST", "/me/messages", drafts::create),
    ("GET", "/me/messages/{message-id}", api::get_message),
    ("PATCH", "/me/messages/{message-id}", api::update_message),
    ("DELETE", "/me/messages/{message-id}", api::delete_message),
    ("GET", "/me/messages/{message-id}/$value", api::source),
    ("POST", "/me/messages/{message-id}/move", api::move_message),
    ("POST", "/me/messages/{message-id}/copy", api::copy_message),
    ("POST", "/me/messages/{message-id}/createReply", drafts::create_answer),
    ("POST", "/me/messages/{message-id}/createReplyAll", drafts::create_answer),
    ("POST", "/me/messages/{message-id}/createForward", drafts::create_answer),
    ("POST", "/me/messages/{message-id}/reply", drafts::answer),
    ("POST", "/me/messages/{message-id}/replyAll", drafts::answer),
    ("POST", "/me/messages/{message-id}/forward", drafts::answer),
    ("POST", "/me/messages/{message-id}/send", drafts::send),
    ("POST", "/me/sendMail", drafts::send_mail),
    ("GET", "/me/messages/{message-id}/attachments", files::list),
    ("POST", "/me/messages/{message-id}/attachments", files::add),
    ("POST", "/me/messages/{message-id}/attachments/createUploadSession", upload::create),
    ("GET", "/me/messages/{message-id}/attachments/{attachment-id}", files::get),
    ("GET", "/me/messages/{message-id}/attachments/{attachment-id}/$value", files::content),
    ("DELETE", "/me/messages/{message-id}/attachments/{attachment-id}", files::remove),
    ("POST", "/me/translateExchangeIds", api::translate_ids),
    ("GET", "/me/outlook/masterCategories", meetings::categories),
    ("POST", "/me/outlook/masterCategories", meetings::create_category),
    ("PATCH", "/me/outlook/masterCategories/{outlookCategory-id}", meetings::update_category),
    ("DELETE", "/me/outlook/masterCategories/{outlookCategory-id}", meetings::delete_category),
    ("GET", "/me/events/{event-id}", meetings::get),
    ("POST", "/me/events/{event-id}/accept", meetings::respond),
    ("POST", "/me/events/{event-id}/tentativelyAccept", meetings::respond),
    ("POST", "/me/events/{event-id}/decline", meetings::respond),
    ("GET", "/me/chats", teams::list_chats),
    ("POST", "/me/chats", write::create_chat),
    ("GET", "/me/chats/{chat-id}", teams::get_chat),
    ("GET", "/me/chats/{chat-id}/members", teams::list_members),
    ("GET", "/me/chats/{chat-id}/messages", teams::list_messages),
    ("POST", "/me/chats/{chat-id}/messages", write::create),
    ("GET", "/me/chats/{chat-id}/messages/{chatMessage-id}", teams::get_message),
    ("PATCH", "/me/chats/{chat-id}/messages/{chatMessage-id}", write::update),
    ("POST", "/me/chats/{chat-id}/markChatReadForUser", write::mark),
    ("GET", "/chats", teams::list_chats),
    ("POST", "/chats", write::create_chat),
    ("GET", "/chats/{chat-id}", teams::get_chat),
    ("GET", "/chats/{chat-id}/members", teams::list_members),
    ("GET", "/chats/{chat-id}/messages", teams::list_messages),
    ("POST", "/chats/{chat-id}/messages", write::create),
    ("GET", "/chats/{chat-id}/messages/{chatMessage-id}", teams::get_message),
    ("PATCH", "/chats/{chat-id}/messages/{chatMessage-id}", write::update),
    ("POST", "/chats/{chat-id}/markChatReadForUser", write::mark),
    ("POST", "/chats/{chat-id}/markChatUnreadForUser", write::mark),
    ("POST", "/chats/{chat-id}/messages/{chatMessage-id}/softDelete", write::soft_delete),
    ("POST", "/chats/{chat-id}/messages/{chatMessage-id}/undoSoftDelete", write::undo_delete),
    ("POST", "/chats/{chat-id}/messages/{chatMessage-id}/setReaction", write::react),
    ("POST", "/chats/{chat-id}/messages/{chatMessage-id}/unsetReaction", write::react),
    ("GET", "/chats/{chat-id}/messages/{chatMessage-id}/hostedContents", teams::list_hosted),
    (
        "GET",
        "/chats/{chat-id}/messages/{chatMessage-id}/hostedContents/{chatMessageHostedContent-id}/$value",
        teams::hosted,
    ),
    ("GET", "/me/joinedTeams", teams::joined_teams),
    ("GET", "/teams/{team-id}/channels", teams::list_channels),
    ("GET", "/teams/{team-id}/channels/{channel-id}", teams::get_channel),
    ("GET", "/teams/{team-id}/channels/{channel-id}/messages", teams::list_messages),
    ("POST", "/teams/{team-id}/channels/{channel-id}/messages", write::create),
    ("GET", "/teams/{team-id}/channels/{channel-id}/messages/{chatMessage-id}", teams::get_message),
    ("PATCH", "/teams/{team-id}/channels/{channel-id}/messages/{chatMessage-id}", write::update),
    ("POST", "/teams/{team-id}/channels/{channel-id}/messages/{chatMessage-id}/setReaction", write::react),
    ("POST", "/teams/{team-id}/channels/{channel-id}/messages/{chatMessage-id}/unsetReaction", write::react),
    ("GET", "/teams/{team-id}/channels/{channel-id}/messages/{chatMessage-id}/replies", teams::list_messages),
    ("POST", "/teams/{team-id}/channels/{channel-id}/messages/{chatMessage-id}/replies", write::create),
    (
        "GET",
        "/teams/{team-id}/channels/{channel-id}/messages/{chatMessage-id}/replies/{chatMessage-id1}",
        teams::get_message,
    ),
    (
        "PATCH",
        "/teams/{team-id}/channels/{channel-id}/messages/{chatMessage-id}/replies/{chatMessage-id1}",
        write::update,
    ),
    ("GET", "/teams/{team-id}/channels/{channel-id}/messages/{chatMessage-id}/hostedContents", teams::list_hosted),
    (
        "GET",
        "/teams/{team-id}/channels/{channel-id}/messages/{chatMessage-id}/hostedContents/{chatMessageHostedContent-id}/$value",
        teams::hosted,
    ),
    (
        "GET",
        "/teams/{team-id}/channels/{channel-id}/messages/{chatMessage-id}/replies/{chatMessage-id1}/hostedContents/{chatMessageHostedContent-id}/$value",
        teams::hosted,
    ),
];

/// What is played: the routes, and batches, which the service runs itself.
pub(crate) fn played() -> Vec<(&'static str, &'static str)> {
    let mut played: Vec<_> = ROUTES.iter().map(|(method, template, _)| (*method, *template)).collect();
    played.push(("POST", "/$batch"));
    played
}

/// Who plays an operation.
pub(crate) fn handler(method: &str, template: &str) -> Handler {
    ROUTES
        .iter()
        .find(|(known, at, _)| *known == method && *at == template)
        .map(|(.., handler)| *handler)
        .expect("an operation that is played")
}
