//! NATS, as the relay and the desktops reach it: with TLS, except on this computer.

use std::{future::Future, net::IpAddr, path::Path};

use async_nats::{Client, ConnectError, ConnectErrorKind, ConnectOptions, Event, ServerAddr, ServerError, jetstream};
use inlet_model::{Result, SourceError};
use rustls::{CertificateError, Error as TlsError};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::watch;
use url::Url;

use crate::tls;

/// A connection. One that breaks is made again by itself.
#[derive(Clone)]
pub(super) struct Link {
    client: Client,
    /// How often NATS has not permitted something.
    denials: watch::Receiver<u64>,
}

impl Link {
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn jetstream(&self) -> jetstream::Context {
        jetstream::new(self.client.clone())
    }

    /// Does something that asks NATS. What a login may not do NATS says beside the answers, and an answer to that
    /// never comes: nobody has to wait for it.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when NATS does not permit it.
    pub(super) async fn ask<T>(&self, work: impl Future<Output = T>) -> Result<T> {
        let mut denials = self.denials.clone();
        denials.mark_unchanged();
        tokio::select! {
            done = work => Ok(done),
            Ok(()) = denials.changed() => Err(SourceError::Permanent(
                "The relay's NATS does not permit this login what it needs: give it the permissions that docs/relay.md \
                 lists."
                    .to_owned(),
            )),
        }
    }
}

/// Connects once.
///
/// # Errors
/// [`SourceError::Permanent`] for an address that is not one and a certificate that is not trusted,
/// [`SourceError::AuthNeeded`] for a login that is refused, else [`SourceError::Offline`].
pub(super) async fn connect(addresses: &str, login: Option<&SecretString>, ca: Option<&Path>) -> Result<Link> {
    let servers = addresses.split(',').map(|address| server(address.trim())).collect::<Result<Vec<_>>>()?;
    let (say, denials) = watch::channel(0_u64);
    let options = ConnectOptions::new()
        .name("Inlet")
        .tls_client_config(tls::client_config(ca)?.as_ref().clone())
        .require_tls(servers.iter().any(ServerAddr::tls_required))
        // What a server tells of others was not named by anybody here, and may lie outside of this computer.
        .ignore_discovered_servers()
        .event_callback(move |event| {
            if is_denial(&event) {
                tracing::warn!("NATS does not permit the login something; docs/relay.md lists what it needs");
                say.send_modify(|count| *count += 1);
            }
            std::future::ready(())
        });
    let options = match login {
        Some(login) => sign_in(options, login.expose_secret().trim())?,
        None => options,
    };
    let client = options.connect(servers).await.map_err(|error| failure(&error))?;
    Ok(Link { client, denials })
}

/// NATS has no code for it.
fn is_denial(event: &Event) -> bool {
    matches!(event, Event::ServerError(ServerError::Other(text)) if text.to_lowercase().starts_with("permissions violation"))
}

fn failure(error: &ConnectError) -> SourceError {
    let said = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<ServerError>());
    // A login that has run out, or was taken away, is told in words.
    let refused_in_words = matches!(said, Some(ServerError::Other(text)) if text.to_lowercase().contains("auth"));
    match error.kind() {
        ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation => refused(),
        _ if refused_in_words => refused(),
        _ => match tls::problem(error) {
            Some(problem) => untrusted(problem),
            None => SourceError::Offline(
                "The relay's NATS cannot be reached; check that it runs, its address, and the network connection."
                    .to_owned(),
            ),
        },
    }
}

fn untrusted(problem: &TlsError) -> SourceError {
    let text = match problem {
        TlsError::InvalidCertificate(problem) => match problem {
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "The certificate of the relay's NATS is for another name: reach it by the name that stands in it."
            }
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => {
                "The certificate of the relay's NATS is not valid today: renew it there, or set this computer's date."
            }
            _ => "The certificate of the relay's NATS is not trusted: give the authority that signed it.",
        },
        TlsError::InvalidMessage(_) => {
            "The relay's NATS has no TLS at this address: switch it on there, or correct the address."
        }
        _ => {
            "The relay's NATS does not take Inlet's TLS: see that it asks for no client certificate, and takes TLS 1.2 or 1.3."
        }
    };
    SourceError::Permanent(text.to_owned())
}

fn server(address: &str) -> Result<ServerAddr> {
    let said = |text: &str| SourceError::Permanent(text.to_owned());
    let url = Url::parse(address)
        .ok()
        .filter(|url| url.has_host() && matches!(url.scheme(), "nats" | "tls"))
        .ok_or_else(|| said("The address of NATS begins with tls:// or, on this computer, nats://; correct it."))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(said("The address of NATS holds a login: leave it out, and give it as a secret of its own."));
    }
    if url.scheme() == "nats" && !url.host_str().is_some_and(here) {
        return Err(said("NATS on another computer is reached with TLS alone: begin its address with tls://."));
    }
    ServerAddr::from_url(url).map_err(|_| said("The address of NATS is not one; correct it."))
}

/// The host of an address is this computer.
fn here(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// A login is told by what it looks like.
fn sign_in(options: ConnectOptions, login: &str) -> Result<ConnectOptions> {
    if login.contains("BEGIN NATS USER JWT") {
        return options.credentials(credentials(login).ok_or_else(cut)?.expose_secret()).map_err(|_| cut());
    }
    if login.len() == 58 && login.starts_with("SU") {
        return Ok(options.nkey(login.to_owned()));
    }
    Ok(match login.split_once(':') {
        Some((user, password)) => options.user_and_password(user.to_owned(), password.to_owned()),
        None => options.token(login.to_owned()),
    })
}

/// A credentials file in its lines, which a field of a form puts into one.
fn credentials(text: &str) -> Option<SecretString> {
    let part = |name: &str| {
        let (_, rest) = text.split_once(&format!("BEGIN {name}-----"))?;
        let (inside, _) = rest.split_once(&format!("END {name}"))?;
        Some(inside.trim_end_matches('-').trim())
    };
    let (jwt, seed) = (part("NATS USER JWT")?, part("USER NKEY SEED")?);
    Some(SecretString::from(format!(
        "-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n\
         -----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
    )))
}

fn refused() -> SourceError {
    SourceError::AuthNeeded("The relay's NATS refuses the login: give the right one.".to_owned())
}

fn cut() -> SourceError {
    SourceError::AuthNeeded(
        "The credentials file for the relay's NATS is not whole: give all of it, from the first line to the last."
            .to_owned(),
    )
}

/// What the stream of an account is called, and the subject its events have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) stream: String,
    pub(super) subject: String,
}

impl Names {
    /// The names that follow from the path events are received at. Points and underscores mean something in them:
    /// in a path they are letters, and written as their number.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] for a path that is none of ours.
    pub(super) fn of(path: &str) -> Result<Self> {
        let word = |word: &str| {
            let letters = word.bytes().map(|byte| match byte {
                b'-' => Some("-".to_owned()),
                b'.' | b'_' => Some(format!("={byte:02x}")),
                byte if byte.is_ascii_alphanumeric() => Some(char::from(byte).to_string()),
                _ => None,
            });
            letters.collect::<Option<String>>().filter(|word| !word.is_empty())
        };
        let words = path.strip_prefix('/').unwrap_or_default().split('/').map(word).collect::<Option<Vec<String>>>();
        let words = words.ok_or_else(|| {
            SourceError::Permanent(format!(
                "\"{path}\" is not the path of a hook: copy it from what the account says about its relay."
            ))
        })?;
        Ok(Self { stream: format!("inlet_{}", words.join("_")), subject: format!("inlet.{}", words.join(".")) })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_tls_leaves_this_computer_and_no_login_stands_in_an_address() {
        for good in ["nats://127.0.0.1:4222", "nats://localhost", "nats://[::1]:4222", "tls://relay.example.org:4222"] {
            assert!(server(good).is_ok(), "{good}");
        }
        for bad in ["nats://relay.example.org", "tls://me:secret@relay.example.org", "http://127.0.0.1", "relay", ""] {
            let error = server(bad).err().unwrap();
            assert!(matches!(&error, SourceError::Permanent(text) if !text.contains("secret@")), "{bad}: {error}");
        }
    }

    #[test]
    fn a_path_gives_names_without_wildcards() {
        let names = Names::of("/whatsapp/106540352242922").unwrap();
        assert_eq!(names.stream, "inlet_whatsapp_106540352242922");
        assert_eq!(names.subject, "inlet.whatsapp.106540352242922");
        let names = Names::of("/jira/anna.b_c-d").unwrap();
        assert_eq!(names.stream, "inlet_jira_anna=2eb=5fc-d");
        assert_eq!(names.subject, "inlet.jira.anna=2eb=5fc-d");
        for bad in ["", "/", "whatsapp", "/a//b", "/a/*", "/a/>", "/a/=2e", "/a/b c", "/a/ä"] {
            assert!(Names::of(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_credentials_file_is_read_in_lines_and_in_one() {
        let text = "-----BEGIN NATS USER JWT-----\nabc.d-f.g_h\n------END NATS USER JWT------\n\nimportant\n\
                    -----BEGIN USER NKEY SEED-----\r\nSUABC\r\n------END USER NKEY SEED------\n";
        let lines = |text: &str| credentials(text).unwrap().expose_secret().to_owned();
        let whole = lines(text);
        assert!(whole.contains("-----\nabc.d-f.g_h\n---") && whole.contains("-----\nSUABC\n---"), "{whole}");
        assert_eq!(lines(&text.replace(['\r', '\n'], "")), whole);
        let (half, _) = text.split_once("important").unwrap();
        let error = sign_in(ConnectOptions::new(), half).err().unwrap();
        assert!(matches!(&error, SourceError::AuthNeeded(said) if !said.contains("abc")), "{error}");
    }
}
