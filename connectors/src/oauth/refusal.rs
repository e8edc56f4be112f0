//! What a provider's "no" means, as one sentence that says what to do.
//!
//! Decided by codes: those of the protocol (RFC 6749 §4.1.2.1 and §5.2, RFC 8628 §3.5, OpenID Connect
//! Core §3.1.2.6), Google's, and the numbers Microsoft puts before its words (`AADSTS65004: …`). The
//! provider's own words stay out of it: they may name the person, and are translated.

use inlet_model::{Refusal, Remedy, SourceError};

/// The meaning of an error; `description` is only looked at for Microsoft's number.
pub(super) fn meaning(code: &str, description: &str) -> Refusal {
    if matches!(code, "temporarily_unavailable" | "server_error" | "slow_down") {
        return SourceError::Transient("The sign-in service is busy; Inlet tries again later.".to_owned()).into();
    }
    let (remedy, sentence) = number(description).and_then(microsoft).unwrap_or_else(|| protocol(code));
    Refusal { error: SourceError::AuthNeeded(sentence.to_owned()), remedy }
}

/// What a code of the protocol means.
fn protocol(code: &str) -> (Remedy, &'static str) {
    match code {
        "access_denied" => (Remedy::Again, DECLINED),
        "invalid_client" | "unauthorized_client" | "deleted_client" | "disabled_client" => (
            Remedy::Registration,
            "The provider does not accept the app this account signs in with: check its client id.",
        ),
        "consent_required" => (
            Remedy::Again,
            "The provider wants you, or your administrator, to consent to what Inlet does: sign in again.",
        ),
        "admin_policy_enforced" => (Remedy::Administrator, ADMINISTRATOR),
        "org_internal" => {
            (Remedy::Again, "This app is only for the people of one organisation: sign in with an account of it.")
        }
        "expired_token" => (Remedy::Again, "The code has run out before it was used: sign in again for a new one."),
        "invalid_scope" => (
            Remedy::Registration,
            "The provider does not know, or does not allow, what Inlet asks for: check the app's registration, then \
             sign in again.",
        ),
        "unsupported_grant_type" | "unsupported_response_type" => (
            Remedy::Registration,
            "The provider does not allow this way of signing in: choose the other one, or allow it in the app's \
             registration.",
        ),
        "interaction_required" | "login_required" | "account_selection_required" => {
            (Remedy::Again, "The provider wants to see you again: sign in again.")
        }
        _ => (Remedy::Again, ENDED),
    }
}

const DECLINED: &str =
    "The sign-in was declined at the provider, so nothing was connected: sign in again if you want to.";
const ADMINISTRATOR: &str =
    "Your organisation lets only an administrator consent to this app: ask yours to, then sign in again.";
const ENDED: &str = "The sign-in has ended or was withdrawn: sign in again.";

/// The sign-in that was kept is worth nothing any more.
pub(super) fn ended() -> SourceError {
    SourceError::AuthNeeded(ENDED.to_owned())
}

/// An answer that is none.
pub(super) fn unreadable() -> SourceError {
    SourceError::Transient(
        "The sign-in service gave an answer that cannot be read; Inlet tries again later.".to_owned(),
    )
}

/// The number in front of Microsoft's words.
fn number(description: &str) -> Option<u32> {
    let digits = description.strip_prefix("AADSTS")?;
    digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Microsoft's numbers that need more than signing in again
/// (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>).
fn microsoft(number: u32) -> Option<(Remedy, &'static str)> {
    Some(match number {
        65_004 => (Remedy::Again, DECLINED),
        65_001 => {
            (Remedy::Again, "Microsoft wants you, or your administrator, to consent to what Inlet does: sign in again.")
        }
        90_094 | 90_095 | 90_097 => (Remedy::Administrator, ADMINISTRATOR),
        50_020 | 50_034 | 90_072 | 50_178 | 50_128 => (
            Remedy::Tenant,
            "This person does not belong to the organisation that is set: sign in as somebody else, or correct the \
             tenant.",
        ),
        90_002 | 900_023 | 50_059 => {
            (Remedy::Tenant, "Microsoft knows no organisation of that name: correct the tenant.")
        }
        700_016 | 700_038 => (
            Remedy::Registration,
            "Microsoft does not know this app in that organisation: check the client id and the tenant.",
        ),
        7_000_218 => (
            Remedy::Registration,
            "This app is registered as one with a secret: allow public client flows in its registration, or give the \
             secret.",
        ),
        700_025 => {
            (Remedy::Registration, "This app is registered as one without a secret: take the client secret out.")
        }
        7_000_215 | 7_000_222 => (
            Remedy::Registration,
            "The client secret of this app is wrong or has run out: make a new one and give that.",
        ),
        50_011 => (
            Remedy::Registration,
            "The app's registration lacks the address Inlet comes back to: add http://localhost to it.",
        ),
        9_002_331 | 9_002_346 => (
            Remedy::Tenant,
            "This app is not for accounts of that kind: choose the right tenant (organizations, consumers or common).",
        ),
        53_000..=53_011 => {
            (Remedy::Again, "Your organisation does not let you sign in from here: ask your administrator.")
        }
        _ => return None,
    })
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_one_sentence_without_the_providers_words() {
        for (code, description) in [
            ("access_denied", ""),
            ("access_denied", "AADSTS65004: User maya@example.org declined to consent."),
            ("invalid_grant", "AADSTS50020: User account 'maya@example.org' does not exist in tenant."),
            ("interaction_required", "AADSTS50079: maya@example.org must use multi-factor authentication."),
            ("admin_policy_enforced", "maya@example.org"),
            ("made_up", "maya@example.org"),
        ] {
            let SourceError::AuthNeeded(sentence) = meaning(code, description).error else { panic!("{code}") };
            assert!(!sentence.contains("maya") && !sentence.contains("AADSTS"), "{sentence}");
            assert!(sentence.ends_with('.') && sentence.contains(':'), "{sentence}");
        }
        assert!(matches!(meaning("temporarily_unavailable", "").error, SourceError::Transient(_)));
    }

    #[test]
    fn microsofts_number_decides_before_the_code() {
        let of = |code, description| meaning(code, description).to_string();
        assert!(of("invalid_grant", "AADSTS50020: x").contains("tenant"));
        assert!(of("invalid_client", "AADSTS7000218: x").contains("public client"));
        assert!(of("access_denied", "AADSTS90094: x").contains("administrator"));
        assert!(of("invalid_grant", "AADSTS53003: x").contains("administrator"));
        let remedy = |description| meaning("invalid_grant", description).remedy;
        assert_eq!(remedy("AADSTS50020: x"), Remedy::Tenant);
        assert_eq!(remedy("AADSTS700016: x"), Remedy::Registration);
        assert_eq!(remedy("AADSTS90094: x"), Remedy::Administrator);
        assert_eq!(remedy("AADSTS65004: x"), Remedy::Again);
        assert_eq!(remedy(""), Remedy::Again);
        // Numbers that mean no more than the code, and what only looks like one.
        assert_eq!(of("invalid_grant", "AADSTS700082: x"), of("invalid_grant", ""));
        assert_eq!(of("invalid_grant", "see AADSTS50020"), of("invalid_grant", ""));
        assert_eq!(of("invalid_grant", "AADSTS99999999999999999999"), of("invalid_grant", ""));
    }
}
