//! Whether what is asked is what Microsoft documents for the same act ([`super::examples`]).
//!
//! Every request is held against the schema as it comes in. That says what may be asked, and not that it is what
//! one asks for this: so the requests of an act are compared with the documented one as well, by their shape.

use serde_json::Value;

use super::record::{Resource, Seen};

/// The same with every id between slashes left out, so that two paths can be compared.
fn shape(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let known = |part: &str| {
        matches!(
            part,
            "" | "me"
                | "messages"
                | "mailFolders"
                | "attachments"
                | "send"
                | "move"
                | "createReply"
                | "delta"
                | "createUploadSession"
                | "events"
                | "chats"
                | "teams"
                | "channels"
                | "replies"
                | "onenote"
                | "pages"
                | "content"
        )
    };
    path.split('/').map(|part| if known(part) { part } else { "{id}" }).collect::<Vec<_>>().join("/")
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// Whether ours says all that is documented, in the same shape; it may say more, which the schema checks.
fn says(documented: &Value, ours: &Value, unsaid: &[&str], place: &str) -> Result<(), String> {
    if kind(documented) != kind(ours) {
        return Err(format!("{place} is {} and not {}", kind(ours), kind(documented)));
    }
    match (documented, ours) {
        (Value::Object(documented), Value::Object(ours)) => {
            for (name, value) in documented.iter().filter(|(name, _)| !unsaid.contains(&name.as_str())) {
                let place = format!("{place}/{name}");
                let ours = ours.get(name).ok_or_else(|| format!("{place} is missing"))?;
                says(value, ours, unsaid, &place)?;
            }
            Ok(())
        }
        (Value::Array(documented), Value::Array(ours)) => match (documented.first(), ours.first()) {
            (Some(documented), Some(ours)) => says(documented, ours, unsaid, &format!("{place}/0")),
            (Some(_), None) => Err(format!("{place} is empty")),
            (None, _) => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Whether one request is the documented one: method, path, preferences, type and shape of the body. `unsaid` is what of
/// the documented body is left out; more may be said, which the schema checks.
///
/// # Errors
/// With what differs; empty when it is about something else altogether.
pub fn agrees(method: &str, target: &str, body: &str, unsaid: &[&str], ours: &Seen) -> Result<(), String> {
    if ours.method != method || shape(&ours.path) != shape(target) {
        return Err(String::new());
    }
    if method != "GET" && !ours.query.is_empty() {
        return Err(format!("it asks for {}", ours.query));
    }
    if ours.resource == Resource::Mail
        && !ours.prefer.as_deref().is_some_and(|prefer| prefer.contains("IdType=\"ImmutableId\""))
    {
        return Err("its ids would change".to_owned());
    }
    let media = ours.content_type.as_deref();
    match (body.is_empty(), media) {
        (true, None) => Ok(()),
        // An answer may be given as MIME, as "createForward" shows.
        (true, Some("text/plain")) if target.ends_with("/createReply") => Ok(()),
        (true, Some(media)) => Err(format!("a body of {media}")),
        (false, Some("application/json")) => {
            let documented = serde_json::from_str(body).map_err(|error| error.to_string())?;
            let ours = serde_json::from_slice(&ours.body).map_err(|error| error.to_string())?;
            says(&documented, &ours, unsaid, "")
        }
        (false, media) => Err(format!("a body of {media:?}")),
    }
}
