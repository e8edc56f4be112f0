//! Upload sessions ("Attach large files to Outlook messages or events").
//!
//! The address is on another origin and carries its own authorization: a request with a bearer
//! token is a leak, and is refused. Pieces come in order, none larger than 4 MB, each saying in
//! `Content-Range` where it belongs; the answer says what is expected next, and the last one where
//! the attachment is.

use bytes::Bytes;
use serde_json::json;

use super::{
    super::{
        clock::seconds,
        exchange::{Answer, Call, Incoming, Outcome, Refusal},
        world::World,
    },
    api::misuse,
    files::{self, File},
};

pub(crate) struct Session {
    mail: u64,
    name: String,
    media: String,
    inline: bool,
    content_id: Option<String>,
    size: usize,
    bytes: Vec<u8>,
}

const PIECE: usize = 4 * 1024 * 1024;
const SMALLEST: i64 = 3 * 1024 * 1024;
const LARGEST: i64 = 150 * 1024 * 1024;

/// `POST /me/messages/{id}/attachments/createUploadSession`
pub(crate) fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    let mail = world.mail.mail(call.id(0))?;
    let item = &call.json()["AttachmentItem"];
    let size = item["size"].as_i64().unwrap_or_default();
    if !(SMALLEST..=LARGEST).contains(&size) {
        return Err(misuse("ErrorInvalidRequest", "An upload session is for 3 to 150 MB."));
    }
    let text = |name: &str| item[name].as_str().map(str::to_owned);
    let session = Session {
        mail,
        name: text("name").unwrap_or_default(),
        media: text("contentType").unwrap_or_else(|| "application/octet-stream".to_owned()),
        inline: item["isInline"].as_bool().unwrap_or(false),
        content_id: text("contentId"),
        size: usize::try_from(size).expect("it is not negative"),
        bytes: Vec::new(),
    };
    let token = super::encode(super::Kind::File, world.mail.key(), 9);
    world.mail.uploads.insert(token.clone(), session);
    let expires = seconds(world.clock.millis() + 24 * 3_600_000);
    Ok(Answer::json(
        201,
        json!({ "@odata.context": world.context("microsoft.graph.uploadSession"),
            "uploadUrl": format!("{}/api/v2.0/AttachmentSessions('a')?authtoken={token}", world.uploads),
            "expirationDateTime": expires, "nextExpectedRanges": ["0-"] }),
    ))
}

/// A request to the address of a session; `PUT` a piece, `GET` the state, `DELETE` to give up.
pub(crate) fn piece(world: &mut World, request: &Incoming) -> Outcome {
    if request.header("authorization").is_some() {
        return Err(misuse("ErrorInvalidRequest", "An upload session takes no Authorization header."));
    }
    let token = request.query.strip_prefix("authtoken=").unwrap_or_default().to_owned();
    let Some(session) = world.mail.uploads.get_mut(&token) else {
        return Err(Refusal::new(404, "ErrorItemNotFound", "The upload session was not found."));
    };
    match request.method.as_str() {
        "PUT" => {}
        "GET" => return Ok(state(world, &token, 200)),
        "DELETE" => {
            world.mail.uploads.remove(&token);
            return Ok(Answer::empty(204));
        }
        _ => return Err(misuse("ErrorInvalidRequest", "An upload session takes PUT, GET and DELETE.")),
    }
    let Some((start, end, total)) = request.header("content-range").and_then(range) else {
        return Err(misuse("ErrorInvalidRequest", "Content-Range: bytes start-end/total is required."));
    };
    if total != session.size || end >= total || start > end || end - start + 1 != request.body.len() {
        return Err(misuse("ErrorInvalidRequest", "Content-Range does not fit the body or the session."));
    }
    if request.body.len() > PIECE {
        return Err(misuse("ErrorInvalidRequest", "A piece is no larger than 4 MB."));
    }
    if start != session.bytes.len() {
        // A client that lost an answer may be here; it asks for the state and goes on.
        return Err(Refusal::new(416, "ErrorInvalidRange", "The range is not the next one expected."));
    }
    session.bytes.extend_from_slice(&request.body);
    if session.bytes.len() < session.size {
        return Ok(state(world, &token, 200));
    }
    let session = world.mail.uploads.remove(&token).expect("it was just there");
    let file = File {
        key: world.mail.key(),
        name: session.name,
        media: session.media,
        inline: session.inline,
        content_id: session.content_id,
        bytes: Bytes::from(session.bytes),
        item: None,
        at_ms: 0,
    };
    let id = file.id();
    files::attach(world, session.mail, file)?;
    let place = format!("{}/api/v2.0/Messages('m')/Attachments('{id}')", world.uploads);
    Ok(Answer::empty(201).header("Location", place))
}

fn state(world: &World, token: &str, status: u16) -> Answer {
    let have = world.mail.uploads.get(token).map_or(0, |session| session.bytes.len());
    Answer::json(
        status,
        json!({ "expirationDateTime": seconds(world.clock.millis() + 24 * 3_600_000),
            "nextExpectedRanges": [format!("{have}-")] }),
    )
}

fn range(header: &str) -> Option<(usize, usize, usize)> {
    let (range, total) = header.strip_prefix("bytes ")?.split_once('/')?;
    let (start, end) = range.split_once('-')?;
    Some((start.parse().ok()?, end.parse().ok()?, total.parse().ok()?))
}
