//! Who signed in, from the ID token that comes with the tokens (OpenID Connect Core §2).
//!
//! Its signature is not looked at: it came from the token endpoint itself, over TLS, which is proof
//! enough (§3.1.3.7, 6). Nor is its time: it was made a moment ago, and this computer's clock may be
//! wrong. That it is for this app, and for this sign-in, is checked.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use inlet_model::{Result, SourceError};
use oauth2::ExtraTokenFields;
use serde::{Deserialize, Serialize};

/// The ID token in an answer of the token endpoint.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct IdToken {
    #[serde(default)]
    pub(super) id_token: Option<String>,
    /// Slack names the person and the workspace instead (see [`super::slackish`]).
    #[serde(default)]
    pub(super) slack_person: Option<String>,
}

impl ExtraTokenFields for IdToken {}

/// A person, as the provider names them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) subject: Option<String>,
    pub(super) address: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    aud: Audience,
    nonce: Option<String>,
    email: Option<String>,
    /// Microsoft's name for the login, mostly an address.
    preferred_username: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Reads an ID token.
///
/// # Errors
/// [`SourceError::Permanent`] when it is for another app or another sign-in, or is none.
pub(super) fn read(token: &str, client_id: &str, nonce: Option<&str>) -> Result<Person> {
    let claims = token
        .split('.')
        .nth(1)
        .and_then(|payload| URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok())
        .and_then(|json| serde_json::from_slice::<Claims>(&json).ok());
    let claims = claims.ok_or_else(stranger)?;
    let ours = match &claims.aud {
        Audience::One(one) => one == client_id,
        Audience::Several(all) => all.iter().any(|one| one == client_id),
    };
    // An answer to another sign-in names another nonce (§3.1.2.1); a device code has none.
    if !ours || nonce.is_some_and(|nonce| claims.nonce.as_deref() != Some(nonce)) {
        return Err(stranger());
    }
    let address = claims.email.or(claims.preferred_username).filter(|address| address.contains('@'));
    Ok(Person { subject: Some(claims.sub), address })
}

fn stranger() -> SourceError {
    SourceError::Permanent(
        "The provider's answer does not belong to this sign-in, so nothing was connected: sign in again.".to_owned(),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn token(claims: &serde_json::Value) -> String {
        format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(claims.to_string()))
    }

    #[test]
    fn a_person_is_read_from_what_is_meant_for_this_app_and_sign_in() {
        let maya = token(&serde_json::json!({ "sub": "1", "aud": "inlet", "nonce": "n", "email": "maya@inlet.test" }));
        let person = read(&maya, "inlet", Some("n")).unwrap();
        assert_eq!((person.subject.as_deref(), person.address.as_deref()), (Some("1"), Some("maya@inlet.test")));
        assert!(read(&maya, "other", Some("n")).is_err());
        assert!(read(&maya, "inlet", Some("m")).is_err());
        assert!(read(&maya, "inlet", None).is_ok());
        let several = token(&serde_json::json!({ "sub": "2", "aud": ["x", "inlet"], "preferred_username": "+49 30" }));
        assert_eq!(read(&several, "inlet", None).unwrap(), Person { subject: Some("2".into()), address: None });
        assert!(read(&several, "inlet", Some("n")).is_err());
        for nonsense in ["", "a", "a.b.c", "..", &token(&serde_json::json!({ "aud": "inlet" }))] {
            assert!(read(nonsense, "inlet", None).is_err(), "{nonsense}");
        }
    }
}
