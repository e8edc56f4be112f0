//! Answers of Slack's token endpoint as those of the protocol.
//!
//! Slack answers everything with 200 and says in the body whether it went well; what belongs to the person stands in
//! `authed_user` when they sign in, and at the top when a token is refreshed
//! (<https://docs.slack.dev/reference/methods/oauth.v2.access>,
//! <https://docs.slack.dev/authentication/using-token-rotation>). An answer of Slack's is known by its `ok`, which no
//! answer of the protocol has (RFC 6749 §5).

use oauth2::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Answer {
    ok: bool,
    #[serde(default)]
    error: String,
    #[serde(flatten)]
    top: Tokens,
    authed_user: Option<Person>,
    team: Option<Named>,
}

#[derive(Default, Deserialize)]
struct Tokens {
    access_token: Option<String>,
    refresh_token: Option<String>,
    expires_in: Option<u64>,
}

#[derive(Deserialize)]
struct Person {
    #[serde(default)]
    id: String,
    #[serde(flatten)]
    tokens: Tokens,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    id: String,
}

/// The answer in the protocol's words; nothing where it is not Slack's.
pub(super) fn translated(body: &[u8]) -> Option<(StatusCode, Vec<u8>)> {
    let Answer { ok, error, top, authed_user, team } = serde_json::from_slice(body).ok()?;
    if !ok {
        let body = json!({ "error": protocol(&error) });
        return Some((StatusCode::BAD_REQUEST, body.to_string().into_bytes()));
    }
    let person = authed_user.as_ref().map(|person| person.id.as_str()).filter(|id| !id.is_empty());
    let team = team.as_ref().map(|team| team.id.as_str()).filter(|id| !id.is_empty());
    let name = person.zip(team).map(|(person, team)| format!("{team}/{person}"));
    // What is at the top beside a person's own is a bot's.
    let own = authed_user.map(|person| person.tokens).filter(|tokens| tokens.access_token.is_some());
    let tokens = own.unwrap_or(top);
    let mut said = json!({ "access_token": tokens.access_token?, "token_type": "bearer", "slack_person": name });
    if let Some(object) = said.as_object_mut() {
        object.extend(tokens.refresh_token.map(|token| ("refresh_token".to_owned(), Value::from(token))));
        object.extend(tokens.expires_in.map(|seconds| ("expires_in".to_owned(), Value::from(seconds))));
    }
    Some((StatusCode::OK, said.to_string().into_bytes()))
}

/// Slack's word for an error, in the protocol's (RFC 6749 §5.2).
fn protocol(error: &str) -> &'static str {
    match error {
        "invalid_client_id" | "bad_client_secret" | "invalid_client" | "bad_redirect_uri" | "invalid_redirect_uri" => {
            "invalid_client"
        }
        "invalid_scope" | "invalid_user_scopes" | "scope_not_allowed_on_enterprise" | "bad_user_scopes" => {
            "invalid_scope"
        }
        "invalid_grant_type" | "invalid_pkce_configuration" | "pkce_not_allowed" => "unsupported_grant_type",
        "access_denied" | "org_login_required" => "access_denied",
        "internal_error" | "fatal_error" | "request_timeout" | "service_unavailable" | "ratelimited" => {
            "temporarily_unavailable"
        }
        _ => "invalid_grant",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn said(answer: &Value) -> (u16, Value) {
        let (status, body) = translated(answer.to_string().as_bytes()).unwrap();
        (status.as_u16(), serde_json::from_slice(&body).unwrap())
    }

    #[test]
    fn a_persons_tokens_are_found_wherever_slack_puts_them() {
        let first = json!({
            "ok": true, "app_id": "A1", "team": { "id": "T1", "name": "Inlet" },
            "authed_user": { "id": "U1", "scope": "chat:write", "token_type": "user", "access_token": "xoxe.xoxp-1",
                "refresh_token": "xoxe-1", "expires_in": 43_200 },
        });
        let (status, answer) = said(&first);
        assert_eq!(status, 200);
        assert_eq!(
            answer,
            json!({ "access_token": "xoxe.xoxp-1", "token_type": "bearer", "slack_person": "T1/U1",
                "refresh_token": "xoxe-1", "expires_in": 43_200 })
        );
        let refreshed = json!({
            "ok": true, "access_token": "xoxe.xoxp-2", "refresh_token": "xoxe-2", "expires_in": 43_200,
            "token_type": "user", "team": { "id": "T1" }, "authed_user": { "id": "U1" },
        });
        assert_eq!(said(&refreshed).1.get("access_token"), Some(&json!("xoxe.xoxp-2")));
    }

    #[test]
    fn a_no_is_one_of_the_protocols_and_other_answers_are_left_alone() {
        for (error, word) in [
            ("invalid_code", "invalid_grant"),
            ("invalid_refresh_token", "invalid_grant"),
            ("invalid_client_id", "invalid_client"),
            ("ratelimited", "temporarily_unavailable"),
        ] {
            assert_eq!(said(&json!({ "ok": false, "error": error })), (400, json!({ "error": word })));
        }
        for other in
            ["{\"access_token\":\"x\",\"token_type\":\"bearer\"}", "{\"error\":\"invalid_grant\"}", "<html>", ""]
        {
            assert!(translated(other.as_bytes()).is_none(), "{other}");
        }
    }
}
