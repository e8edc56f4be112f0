//! NATS, as the relay and the desktops reach it: with TLS, except on this computer.

use std::{net::IpAddr, path::Path};

use async_nats::{Client, ConnectErrorKind, ConnectOptions, ServerAddr};
use inlet_model::{Result, SourceError};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::tls;

/// Connects once; a connection that breaks later is made again by itself.
///
/// # Errors
/// [`SourceError::Permanent`] for an address that is not one, [`SourceError::AuthNeeded`] for a login that is
/// refused, else [`SourceError::Offline`].
pub(super) async fn connect(addresses: &str, login: Option<&SecretString>, ca: Option<&Path>) -> Result<Client> {
    let servers = addresses.split(',').map(|address| server(address.trim())).collect::<Result<Vec<_>>>()?;
    let options = ConnectOptions::new()
        .name("Inlet")
        .tls_client_config(tls::client_config(ca)?.as_ref().clone())
        .require_tls(servers.iter().any(ServerAddr::tls_required));
    let options = match login {
        Some(login) => sign_in(options, login.expose_secret().trim())?,
        None => options,
    };
    options.connect(servers).await.map_err(|error| match error.kind() {
        ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation => refused(),
        ConnectErrorKind::Tls => SourceError::Permanent(
            "The certificate of the relay's NATS is not trusted: give the authority that signed it.".to_owned(),
        ),
        _ => SourceError::Offline(
            "The relay's NATS cannot be reached; check that it runs, its address, and the network connection."
                .to_owned(),
        ),
    })
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
    if login.contains("-----BEGIN NATS USER JWT-----") {
        return options.credentials(login).map_err(|_| refused());
    }
    if login.len() == 58 && login.starts_with("SU") {
        return Ok(options.nkey(login.to_owned()));
    }
    Ok(match login.split_once(':') {
        Some((user, password)) => options.user_and_password(user.to_owned(), password.to_owned()),
        None => options.token(login.to_owned()),
    })
}

fn refused() -> SourceError {
    SourceError::AuthNeeded("The relay's NATS refuses the login: give the right one.".to_owned())
}

/// What the stream of an account is called, and the subject its events have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) stream: String,
    pub(super) subject: String,
}

impl Names {
    /// The names that follow from the path events are received at.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] for a path that is none of ours.
    pub(super) fn of(path: &str) -> Result<Self> {
        let words: Vec<&str> = path.strip_prefix('/').unwrap_or_default().split('/').collect();
        let plain =
            |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !words.iter().all(plain) {
            return Err(SourceError::Permanent(format!(
                "\"{path}\" is not the path of a hook: copy it from what the account says about its relay."
            )));
        }
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
        for bad in ["", "/", "whatsapp", "/a//b", "/a/*", "/a/>", "/a.b", "/a/b c", "/a_b"] {
            assert!(Names::of(bad).is_err(), "{bad}");
        }
    }
}
