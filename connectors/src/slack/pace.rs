//! What Slack counts.
//!
//! It counts requests per method, in tiers of so many a minute, and answers the one too many with 429
//! (<https://docs.slack.dev/apis/web-api/rate-limits>). A workspace of two hundred conversations is listed by
//! one request and read by hundreds; [`crate::pace`] lets them wait for their turn.

pub(super) use crate::pace::{Method, Pace};

const fn tier(name: &'static str, per_minute: u32) -> Method {
    Method { name, per_minute }
}

/// Who a token belongs to. Hundreds a minute.
pub(super) const AUTH_TEST: Method = tier("auth.test", 100);
/// Conversations somebody is in: tier 3.
pub(super) const USERS_CONVERSATIONS: Method = tier("users.conversations", 50);
/// One conversation: tier 3.
pub(super) const CONVERSATIONS_INFO: Method = tier("conversations.info", 50);
/// Who is in a conversation: tier 4.
pub(super) const CONVERSATIONS_MEMBERS: Method = tier("conversations.members", 100);
/// Messages of a conversation: tier 3, for an app that a workspace made for itself.
pub(super) const CONVERSATIONS_HISTORY: Method = tier("conversations.history", 50);
/// A thread: tier 3, as the history.
pub(super) const CONVERSATIONS_REPLIES: Method = tier("conversations.replies", 50);
/// What was read: tier 3.
pub(super) const CONVERSATIONS_MARK: Method = tier("conversations.mark", 50);
/// Everybody in a workspace: tier 2.
pub(super) const USERS_LIST: Method = tier("users.list", 20);
/// One person: tier 4.
pub(super) const USERS_INFO: Method = tier("users.info", 100);
/// A message: one a second.
pub(super) const CHAT_POST: Method = tier("chat.postMessage", 60);
/// A reaction is given: tier 3.
pub(super) const REACTIONS_ADD: Method = tier("reactions.add", 50);
/// A reaction is taken back: tier 2.
pub(super) const REACTIONS_REMOVE: Method = tier("reactions.remove", 20);
/// A file: tier 4.
pub(super) const FILES_INFO: Method = tier("files.info", 100);
/// Where a file may be put: tier 4.
pub(super) const FILES_UPLOAD_URL: Method = tier("files.getUploadURLExternal", 100);
/// A file that was put there goes to a conversation: tier 4.
pub(super) const FILES_COMPLETE: Method = tier("files.completeUploadExternal", 100);
/// The bytes of a file, which no tier counts.
pub(super) const FILE_BYTES: Method = tier("files", 100);
/// A socket for events: tier 1, of which a few at once are allowed for; after a break the next is wanted soon.
pub(super) const CONNECTIONS_OPEN: Method = tier("apps.connections.open", 20);
