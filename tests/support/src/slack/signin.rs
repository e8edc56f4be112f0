//! The page where a person signs in, and the desk where codes become tokens, of an app that has PKCE switched on.
//!
//! As Slack documents it (<https://docs.slack.dev/authentication/using-pkce>,
//! <https://docs.slack.dev/reference/methods/oauth.v2.access>): a desktop app asks for scopes of the person only, comes
//! back to the address its registration names, proves by the verifier that it is the one that began, has no secret, and
//! gets tokens that rotate: a refresh token that was used is worth nothing any more.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Shared;

/// The client id of the app.
pub const CLIENT: &str = "1234567890.1234567890";

/// What the desk remembers.
#[derive(Default)]
pub(crate) struct Desk {
    /// Codes that were given, with the challenge and the address they belong to.
    codes: HashMap<String, (String, String)>,
    /// The refresh token that is good now.
    refresh: Option<String>,
    given: u32,
}

/// Where the browser is sent after the page.
pub(crate) fn authorize(shared: &Shared, query: &str) -> Option<String> {
    let asked: HashMap<String, String> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let said = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    let redirect = said("redirect_uri").to_owned();
    let wrong = [
        (said("client_id") != CLIENT, "another app"),
        (!said("scope").is_empty(), "scopes of a bot, which a desktop app may not ask for"),
        (said("user_scope").is_empty(), "no scopes of the person"),
        (said("state").is_empty(), "no state"),
        (said("code_challenge_method") != "S256" || said("code_challenge").len() != 43, "no challenge"),
        (!redirect.starts_with("http://localhost:"), "an address no desktop app comes back to"),
    ];
    if let Some((_, what)) = wrong.into_iter().find(|(is, _)| *is) {
        shared.complain(format!("oauth/v2/authorize: {what}"));
        return None;
    }
    let mut desk = shared.desk.lock();
    desk.given += 1;
    let code = format!("code-{}", desk.given);
    desk.codes.insert(code.clone(), (said("code_challenge").to_owned(), redirect.clone()));
    let back = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("code", code.as_str()), ("state", said("state"))])
        .finish();
    Some(format!("{redirect}/?{back}"))
}

/// `oauth.v2.access`.
pub(crate) fn access(shared: &Shared, body: &[u8]) -> Value {
    let asked: HashMap<String, String> = url::form_urlencoded::parse(body).into_owned().collect();
    let said = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    if asked.contains_key("client_secret") {
        shared.complain("oauth.v2.access: an app with PKCE has no secret to send".to_owned());
    }
    let refused = |word: &str| json!({ "ok": false, "error": word });
    if said("client_id") != CLIENT {
        return refused("invalid_client_id");
    }
    let mut desk = shared.desk.lock();
    let first = match said("grant_type") {
        "" | "authorization_code" => {
            // A code is good once, whatever comes of it.
            let Some((challenge, redirect)) = desk.codes.remove(said("code")) else { return refused("invalid_code") };
            let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(said("code_verifier")));
            if proof != challenge {
                return refused("invalid_grant");
            }
            if said("redirect_uri") != redirect {
                return refused("bad_redirect_uri");
            }
            true
        }
        "refresh_token" if desk.refresh.as_deref() == Some(said("refresh_token")) => false,
        "refresh_token" => return refused("invalid_refresh_token"),
        _ => return refused("invalid_grant_type"),
    };
    desk.given += 1;
    let (token, refresh) = (format!("xoxe.xoxp-1-{}", desk.given), format!("xoxe-1-{}", desk.given));
    desk.refresh = Some(refresh.clone());
    let mut world = shared.world.lock();
    world.tokens.push(token.clone());
    let own = json!({
        "token_type": "user", "access_token": token, "refresh_token": refresh, "expires_in": 43_200,
    });
    let about = json!({ "ok": true, "app_id": "A00000001", "team": { "id": "T00000001", "name": "Initech" },
        "enterprise": null, "is_enterprise_install": false });
    let mut answer = about;
    let mut person = json!({ "id": world.me });
    // A person's own tokens stand beside their name the first time, and at the top when they are refreshed.
    let into = if first { &mut person } else { &mut answer };
    if let (Some(into), Some(own)) = (into.as_object_mut(), own.as_object()) {
        into.extend(own.clone());
    }
    answer["authed_user"] = person;
    answer
}
