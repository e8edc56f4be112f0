//! What went wrong, as the decision the engine has to take.
//!
//! The sentences say what to do and never quote the server: what it says may hold an address.

use std::{io, time::Duration};

use inlet_model::SourceError;

use super::answer::{Kind, Status};

/// Pause where the server asks for one and does not say how long.
const PAUSE: Duration = Duration::from_secs(60);
/// Pause when the bandwidth of the day is used up: Gmail gives it back in hours, not minutes.
const LONG_PAUSE: Duration = Duration::from_secs(30 * 60);

pub(super) fn not_imap() -> SourceError {
    SourceError::Transient("The server said something that is not IMAP; Inlet tries again by itself.".to_owned())
}

pub(super) fn closed() -> SourceError {
    SourceError::Transient("The mail server closed the connection; Inlet tries again by itself.".to_owned())
}

/// An established connection failed.
pub(super) fn lost(error: &io::Error) -> SourceError {
    if is_offline(error) { offline() } else { closed() }
}

pub(super) fn offline() -> SourceError {
    SourceError::Offline("There is no network; Inlet goes on when it is back.".to_owned())
}

pub(super) fn is_offline(error: &io::Error) -> bool {
    use io::ErrorKind::{HostUnreachable, NetworkDown, NetworkUnreachable};

    matches!(error.kind(), NetworkUnreachable | HostUnreachable | NetworkDown)
}

/// A connection could not be made.
pub(super) fn connect(host: &str, port: u16, error: &io::Error) -> SourceError {
    match error.kind() {
        _ if is_offline(error) => offline(),
        io::ErrorKind::ConnectionRefused => SourceError::Transient(format!(
            "{host} refuses connections on port {port}: check the server's name and port, or wait until it is up."
        )),
        _ => SourceError::Transient(format!(
            "{host} does not answer on port {port}: check the server's name and port, or wait until it is up."
        )),
    }
}

/// TLS could not be set up.
pub(super) fn tls(host: &str, error: &io::Error) -> SourceError {
    use rustls::{CertificateError, Error};

    let Some(cause) = error.get_ref().and_then(|cause| cause.downcast_ref::<Error>()) else {
        return if is_offline(error) {
            offline()
        } else {
            SourceError::Transient(format!(
                "{host} broke off while the connection was being secured: check that the port expects TLS."
            ))
        };
    };
    SourceError::Permanent(match cause {
        Error::InvalidCertificate(problem) => match problem {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => format!(
                "The certificate of {host} has expired: ask its operator to renew it, and check this computer's date."
            ),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                format!("The certificate of {host} is not valid yet: check this computer's date.")
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                format!(
                    "The certificate of {host} was made for another name: check the server's name, as somebody may be in \
                 between."
                )
            }
            CertificateError::Revoked => {
                format!("The certificate of {host} was revoked: ask its operator.")
            }
            CertificateError::UnknownIssuer => format!(
                "The certificate of {host} was issued by nobody this computer knows: if the server is yours, give the \
                 file of its certificate authority (in a terminal --ca)."
            ),
            _ => format!(
                "The certificate of {host} is not acceptable: ask its operator, or give the file of its certificate \
                 authority (in a terminal --ca) if the server is yours."
            ),
        },
        Error::InvalidMessage(_) => {
            format!("{host} does not speak TLS on this port: check the port, or choose STARTTLS.")
        }
        _ => format!("{host} and Inlet found no common way to secure the connection: ask the server's operator."),
    })
}

/// The password or token was refused.
pub(super) fn credentials(host: &str) -> SourceError {
    let host = host.to_ascii_lowercase();
    SourceError::AuthNeeded(if is_google(&host) {
        "Google refuses the password: make an app password (it needs two-step verification) and sign in with that."
            .to_owned()
    } else {
        "The mail server refuses the user name or password: sign in again; some providers want an app password."
            .to_owned()
    })
}

/// Google's own hosts.
pub(super) fn is_google(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    ["gmail.com", "googlemail.com", "google.com"]
        .iter()
        .any(|domain| host == *domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
}

/// A refusal whose meaning does not depend on the command, where it is one.
pub(super) fn common(status: &Status) -> Option<SourceError> {
    let code = status.code.as_deref().unwrap_or_default().to_ascii_uppercase();
    let word = code.split(' ').next().unwrap_or_default();
    let text = status.text.to_ascii_lowercase();
    let throttled = |retry_after| Some(SourceError::Throttled { retry_after });

    if let Some(wait) = suggested_backoff(&text) {
        return throttled(wait);
    }
    if text.contains("command or bandwidth limits") || (word == "OVERQUOTA" && status.kind == Kind::Bye) {
        return throttled(LONG_PAUSE);
    }
    if matches!(word, "THROTTLED" | "LIMIT")
        || text.contains("too many simultaneous connections")
        || text.contains("maximum number of connections")
        || text.contains("request is throttled")
    {
        return throttled(PAUSE);
    }
    match word {
        "UNAVAILABLE" | "INUSE" | "SERVERBUG" | "CONTACTADMIN" => Some(SourceError::Transient(
            "The mail server cannot do this at the moment; Inlet tries again by itself.".to_owned(),
        )),
        "OVERQUOTA" => {
            Some(SourceError::Permanent("The mailbox is full: delete something or ask for more room.".to_owned()))
        }
        "AUTHENTICATIONFAILED" | "AUTHORIZATIONFAILED" | "EXPIRED" => {
            Some(SourceError::AuthNeeded("The mail server no longer accepts this sign-in: sign in again.".to_owned()))
        }
        "CLIENTBUG" if status.kind == Kind::Bye => Some(closed()),
        _ if status.kind == Kind::Bye => Some(closed()),
        _ => None,
    }
}

/// "Suggested Backoff Time: 92415 milliseconds", as Exchange says it.
fn suggested_backoff(lower: &str) -> Option<Duration> {
    let (_, rest) = lower.split_once("backoff time:")?;
    let mut words = rest.split_ascii_whitespace();
    let number: u64 = words.next()?.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().ok()?;
    let wait = match words.next() {
        Some(unit) if unit.starts_with("second") => Duration::from_secs(number),
        _ => Duration::from_millis(number),
    };
    // A server may ask for silence, not for silence for ever.
    Some(wait.min(Duration::from_secs(24 * 3600)))
}

/// A folder was refused.
pub(super) fn folder(status: &Status) -> SourceError {
    common(status).unwrap_or_else(|| {
        SourceError::Permanent(
            "The mail server does not open this folder: it may be gone or you may not be allowed to read it."
                .to_owned(),
        )
    })
}

/// Anything else was refused.
pub(super) fn refused(status: &Status, what: &str) -> SourceError {
    common(status).unwrap_or_else(|| SourceError::Permanent(format!("The mail server refuses to {what}.")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn status(kind: Kind, code: Option<&str>, text: &str) -> Option<SourceError> {
        common(&Status { kind, code: code.map(str::to_owned), text: text.to_owned() })
    }

    fn throttled(seconds: u64) -> Option<SourceError> {
        Some(SourceError::Throttled { retry_after: Duration::from_secs(seconds) })
    }

    #[test]
    fn throttling_is_recognised_as_it_is_said_in_the_wild() {
        assert_eq!(status(Kind::No, Some("ALERT"), "Too many simultaneous connections. (Failure)"), throttled(60));
        assert_eq!(
            status(Kind::Bye, Some("OVERQUOTA"), "Account exceeded command or bandwidth limits. abc123"),
            throttled(1800)
        );
        assert_eq!(status(Kind::No, Some("THROTTLED"), "Slow down"), throttled(60));
        assert_eq!(
            status(Kind::Bad, None, "Request is throttled. Suggested Backoff Time: 92415 milliseconds"),
            Some(SourceError::Throttled { retry_after: Duration::from_millis(92_415) })
        );
        assert_eq!(
            status(Kind::Bad, None, "Suggested Backoff Time: 99999999999999 milliseconds"),
            throttled(24 * 3600)
        );
        assert_eq!(status(Kind::Bad, None, "Backoff Time: soon"), None);
    }

    #[test]
    fn codes_decide_and_a_full_mailbox_is_no_throttling() {
        assert!(matches!(status(Kind::No, Some("UNAVAILABLE"), "x"), Some(SourceError::Transient(_))));
        assert!(matches!(status(Kind::No, Some("AUTHENTICATIONFAILED"), "x"), Some(SourceError::AuthNeeded(_))));
        assert!(matches!(status(Kind::No, Some("OVERQUOTA"), "Quota exceeded"), Some(SourceError::Permanent(_))));
        assert!(matches!(status(Kind::Bye, None, "Logging out"), Some(SourceError::Transient(_))));
        assert_eq!(status(Kind::No, None, "Nope"), None);
        assert_eq!(status(Kind::No, Some("NONEXISTENT"), "Nope"), None);
    }

    #[test]
    fn google_is_known_by_its_whole_name() {
        for host in ["imap.gmail.com", "IMAP.GMAIL.COM", "imap.googlemail.com", "gmail.com"] {
            assert!(is_google(host), "{host}");
        }
        for host in ["notgmail.com", "gmail.com.example.org", "imap.example.org"] {
            assert!(!is_google(host), "{host}");
        }
        assert!(credentials("imap.gmail.com").to_string().contains("app password"));
    }
}
