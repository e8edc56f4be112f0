//! What Meta's error codes mean here.
//!
//! Decisions are made by the code, never by the message, which is translated and reworded
//! (<https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes>). The same codes come
//! with an answer at once, and in a status when a message that was accepted could not be delivered.

use std::time::Duration;

use inlet_model::SourceError;
use reqwest::StatusCode;
use serde::Deserialize;

/// The number sends more at once than it may.
const BURST: Duration = Duration::from_secs(2);
/// The app or the account asks too often: such limits are counted by the hour.
const LIMITED: Duration = Duration::from_secs(60);

/// The business app on the phone keeps its past to itself.
pub(super) const NO_HISTORY: &str = "The history of the app on the phone was not shared with this number.";

/// The token is not good any more.
const TOKEN: &str = "WhatsApp no longer takes the access token: make a new one for a system user in Meta's Business \
                     Settings, and connect the number again.";

/// An error as Meta writes it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Problem {
    pub(super) code: i64,
    pub(super) is_transient: bool,
}

/// The body of an answer that is an error.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Refusal {
    pub(super) error: Problem,
}

/// What an answer that is no success means; `once` for what must not happen twice.
pub(super) fn refusal(status: StatusCode, problem: &Problem, asked: Option<Duration>, once: bool) -> SourceError {
    let throttled = |usual| SourceError::Throttled { retry_after: asked.unwrap_or(usual) };
    match problem.code {
        0 | 102 | 104 | 190 if problem.code != 0 || status == StatusCode::UNAUTHORIZED => {
            SourceError::AuthNeeded(TOKEN.to_owned())
        }
        4 | 17 | 32 | 613 | 80007 => throttled(LIMITED),
        130_429 => throttled(BURST),
        // Only this person has to wait for it, and nobody else.
        131_056 => SourceError::Transient(
            "WhatsApp takes about one message in six seconds for the same person; this one goes a little later."
                .to_owned(),
        ),
        0 if status == StatusCode::TOO_MANY_REQUESTS => throttled(LIMITED),
        code if sentence(code).is_some() => SourceError::Permanent(sentence(code).unwrap_or_default().to_owned()),
        // Without an error of Meta's nobody can say how far it came.
        0 if status.is_server_error() && once => {
            SourceError::Unknown("WhatsApp failed in the middle of it.".to_owned())
        }
        1 | 2 | 131_000 | 131_016 | 133_004 => busy(),
        _ if problem.is_transient || status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => busy(),
        code => SourceError::Permanent(format!("WhatsApp refused this ({}, {code}).", status.as_u16())),
    }
}

fn busy() -> SourceError {
    SourceError::Transient("WhatsApp is busy; Inlet tries again later.".to_owned())
}

/// What a person has to know about a code, and can do.
fn sentence(code: i64) -> Option<&'static str> {
    Some(match code {
        3 | 10 | 200..=299 => {
            "The access token may not do that: give its system user the number, with the permissions \
             whatsapp_business_messaging and whatsapp_business_management."
        }
        368 | 131_031 => "Meta has locked this WhatsApp account: see its Business Manager for the reason.",
        803 => "Meta knows no such number or account: compare the ids with those in its WhatsApp Manager.",
        130_403 | 130_472 | 131_048 | 131_049 | 131_050 => {
            "WhatsApp holds this message back, because people would take too much of this kind for spam: write to \
             them another way, or later."
        }
        131_021 => "A number cannot write to itself.",
        131_026 => {
            "WhatsApp cannot deliver this: the number has no WhatsApp, or an old one, or has not agreed to its terms."
        }
        131_042 => "WhatsApp wants a valid way to pay for this account: add one in Meta's Business Manager.",
        131_045 | 133_010 => "This number is not registered for the Cloud API: register it in Meta's WhatsApp Manager.",
        131_047 => {
            "More than 24 hours have passed since they wrote last, so WhatsApp takes only an approved template now: \
             choose one and send that."
        }
        131_051 => "WhatsApp does not take messages of this kind.",
        131_052 => "WhatsApp no longer has this file.",
        131_053 => "WhatsApp does not take this file: its kind or its size is not supported.",
        132_000 | 132_012 | 132_018 => {
            "The template has other blanks than were filled: open it again and fill all of them."
        }
        132_001 => "This template does not exist in this language, or is not approved yet.",
        132_005 | 132_007 => "The template came out too long or breaks WhatsApp's rules: shorten what was filled in.",
        132_015 | 132_016 => "WhatsApp has paused or stopped this template for its quality: choose another one.",
        _ => return None,
    })
}

/// Why a message that was accepted did not arrive.
pub(super) fn undelivered(problems: &[Problem]) -> String {
    match problems.first() {
        Some(problem) => match sentence(problem.code) {
            Some(sentence) => sentence.to_owned(),
            None => format!("WhatsApp could not deliver this ({}).", problem.code),
        },
        None => "WhatsApp could not deliver this.".to_owned(),
    }
}

/// What is wrong with the account itself, which Meta says in an event of its own, without a message
/// (<https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components#errors-object>).
pub(super) fn of_account(problem: &Problem) -> String {
    match problem.code {
        102 | 104 | 190 => TOKEN.to_owned(),
        4 | 17 | 32 | 613 | 80007 | 130_429 => {
            "WhatsApp takes less from this number for a while, because more was asked of it than it may: what waits in \
             the outbox goes later by itself."
                .to_owned()
        }
        1 | 2 | 131_000 | 131_016 | 133_004 => {
            "WhatsApp itself had a failure; what was lost by it, it sends again.".to_owned()
        }
        2_593_109 => NO_HISTORY.to_owned(),
        code => sentence(code).map_or_else(
            || {
                format!(
                    "WhatsApp has a problem with this account ({code}): see Meta's WhatsApp Manager for the reason."
                )
            },
            str::to_owned,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_of_the_account_says_what_to_do() {
        for (code, words) in [
            (190, "make a new one"),
            (80007, "goes later by itself"),
            (130_429, "goes later by itself"),
            (131_016, "sends again"),
            (368, "has locked"),
            (131_031, "has locked"),
            (131_042, "valid way to pay"),
            (131_045, "register it"),
            (200, "system user the number"),
            (2_593_109, "was not shared"),
            (987_654, "(987654)"),
        ] {
            let said = of_account(&Problem { code, is_transient: false });
            assert!(said.contains(words) && said.ends_with('.'), "{code}: {said}");
        }
    }

    fn of(status: u16, code: i64) -> SourceError {
        let status = StatusCode::from_u16(status).unwrap_or_default();
        refusal(status, &Problem { code, is_transient: false }, None, true)
    }

    #[test]
    fn codes_become_decisions() {
        for (status, code, expected) in [
            (401, 190, "auth_needed"),
            (401, 104, "auth_needed"),
            (401, 0, "auth_needed"),
            (403, 200, "permanent"),
            (403, 10, "permanent"),
            (404, 803, "permanent"),
            (429, 4, "throttled"),
            (400, 17, "throttled"),
            (400, 80007, "throttled"),
            (400, 130_429, "throttled"),
            (400, 131_056, "transient"),
            (429, 0, "throttled"),
            (400, 131_047, "permanent"),
            (400, 131_026, "permanent"),
            (400, 131_048, "permanent"),
            (400, 131_053, "permanent"),
            (400, 132_001, "permanent"),
            (500, 131_000, "transient"),
            (500, 2, "transient"),
            (502, 0, "unknown"),
            (400, 100, "permanent"),
        ] {
            assert_eq!(of(status, code).code(), expected, "{status} {code}");
        }
    }
}
