//! One request of a platform: verified, kept, and only then acknowledged.
//!
//! What cannot be kept is refused, so that the platform sends it again. Refused: a queue in memory that
//! answers first and stores later, which loses what came in the second before a crash.

use std::{sync::Arc, time::Duration};

use axum::{
    body::to_bytes,
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use hmac::{Hmac, Mac};
use inlet_model::{EventSink, Fate, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use url::form_urlencoded;

/// The largest event that is read; Meta sends up to 3 MB.
pub(crate) const LARGEST: usize = 4 << 20;
/// How long a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest challenge that is sent back.
const CHALLENGE: usize = 1024;

/// What comes in at one path. [`super::Platform::hook`] makes one.
pub struct Hook {
    /// Path, such as `/whatsapp/106540352242922`.
    pub path: String,
    /// The header that holds the signature, `sha256=` and the HMAC-SHA256 over the raw body in hex.
    pub header: &'static str,
    /// What the platform signs with.
    pub secret: SecretString,
    /// What it says when it asks whether this is the right door (`hub.verify_token`), where it does ask.
    pub verify_token: Option<SecretString>,
    /// The time an event itself names.
    pub said_at: fn(&[u8]) -> Option<Timestamp>,
    /// Where it is kept.
    pub sink: Arc<dyn EventSink>,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The platform asked whether this is the right door, and it is.
    Introduced,
    /// Somebody asked who is not who was expected.
    Stranger,
    /// Verified, and handed on.
    Kept(Fate),
    /// Not signed, or wrongly.
    Unsigned,
    /// It is larger than any event, or was never sent to its end.
    Unread,
    /// It cannot be kept now; the platform has to send it again.
    Unkept,
    /// Neither asked nor posted.
    Odd,
}

impl Outcome {
    /// Somebody tried what only the platform may.
    pub(super) fn turned_away(self) -> bool {
        matches!(self, Self::Unsigned | Self::Kept(Fate::Stale))
    }
}

impl Hook {
    /// Answers a request to this path.
    pub(crate) async fn answer(&self, request: Request) -> (Outcome, Response) {
        match *request.method() {
            Method::GET => match self.introduce(request.uri().query().unwrap_or_default()) {
                Some(response) => (Outcome::Introduced, response),
                None => (Outcome::Stranger, StatusCode::FORBIDDEN.into_response()),
            },
            Method::POST => {
                let (outcome, status) = self.receive(request).await;
                (outcome, status.into_response())
            }
            _ => (Outcome::Odd, StatusCode::METHOD_NOT_ALLOWED.into_response()),
        }
    }

    /// The platform asks whether this is the door it was told of
    /// (<https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests>).
    fn introduce(&self, query: &str) -> Option<Response> {
        let value =
            |name: &str| form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value);
        let token = value("hub.verify_token").unwrap_or_default();
        let expected = self.verify_token.as_ref()?.expose_secret().as_bytes();
        let right = bool::from(token.as_bytes().ct_eq(expected));
        let challenge = value("hub.challenge").filter(|challenge| challenge.len() <= CHALLENGE)?;
        if !right || value("hub.mode").as_deref() != Some("subscribe") {
            return None;
        }
        let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
        Some((plain, challenge.into_owned()).into_response())
    }

    async fn receive(&self, request: Request) -> (Outcome, StatusCode) {
        let unsigned = (Outcome::Unsigned, StatusCode::UNAUTHORIZED);
        let Some(signature) = signature(request.headers(), self.header) else { return unsigned };
        let body = match tokio::time::timeout(PATIENCE, to_bytes(request.into_body(), LARGEST)).await {
            Ok(Ok(body)) => body,
            Ok(Err(_)) => return (Outcome::Unread, StatusCode::PAYLOAD_TOO_LARGE),
            Err(_) => return (Outcome::Unread, StatusCode::REQUEST_TIMEOUT),
        };
        if !verify(&self.secret, &body, &signature) {
            return unsigned;
        }
        match self.sink.append(&body, (self.said_at)(&body)).await {
            // A platform that lost our answer sends the same once more, and has to hear that it is here.
            Ok(fate @ (Fate::Stored | Fate::Known)) => (Outcome::Kept(fate), StatusCode::OK),
            Ok(fate @ Fate::Stale) => (Outcome::Kept(fate), StatusCode::FORBIDDEN),
            Err(_) => (Outcome::Unkept, StatusCode::SERVICE_UNAVAILABLE),
        }
    }
}

/// The signature a request carries, where it carries exactly one.
fn signature(headers: &HeaderMap, name: &str) -> Option<[u8; 32]> {
    let mut given = headers.get_all(name).iter();
    let (value, None) = (given.next()?, given.next()) else { return None };
    let digits = value.to_str().ok()?.strip_prefix("sha256=")?.as_bytes();
    let mut bytes = [0; 32];
    if digits.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        let digit = |digit: &u8| char::from(*digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
        *byte = digit(high)? << 4 | digit(low)?;
    }
    Some(bytes)
}

/// Compared in a time that does not depend on where the difference is.
fn verify(secret: &SecretString, body: &[u8], signature: &[u8; 32]) -> bool {
    keyed(secret.expose_secret().as_bytes(), &[body]).is_some_and(|mac| mac.verify_slice(signature).is_ok())
}

/// The HMAC-SHA256 over these bytes, one after the other.
pub(crate) fn keyed(key: &[u8], parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    parts.iter().for_each(|part| mac.update(part));
    Some(mac)
}

/// What stands in the header of a [`Hook`] for this body.
pub fn sign(secret: &SecretString, body: &[u8]) -> String {
    "sha256=".to_owned() + &keyed_hex(secret, &[body])
}

/// The same as [`keyed`], as text.
pub(crate) fn keyed_hex(secret: &SecretString, parts: &[&[u8]]) -> String {
    let digest =
        keyed(secret.expose_secret().as_bytes(), parts).map(|mac| mac.finalize().into_bytes()).unwrap_or_default();
    digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
