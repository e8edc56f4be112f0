//! The only HTTP client of Inlet.
//!
//! It keeps no cookies, sends no referrer, follows no redirect by itself and asks no proxy of the
//! environment. Whoever calls decides about each redirect, for a redirect is where a harmless
//! address turns into one inside the network.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use inlet_model::{Result, SourceError};
use reqwest::{Client, redirect::Policy};
use rustls::ClientConfig;
use url::{Host, Url};

use crate::tls;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest silence while reading.
const READ: Duration = Duration::from_secs(15);
/// Longest request, from the first byte to the last.
const TOTAL: Duration = Duration::from_secs(60);

/// The client's side of TLS, read once: the system's certificates are a hundred files.
///
/// # Errors
/// [`SourceError::Permanent`] when this build has no usable TLS.
pub(crate) fn tls() -> Result<Arc<ClientConfig>> {
    tls::client_config(None)
}

/// A client that talks to `address` and nowhere else, whatever name is asked for: the address was
/// judged, and asking the resolver again could give another.
///
/// # Errors
/// [`SourceError::Permanent`] when no client can be made.
#[expect(clippy::disallowed_methods, reason = "this is the one place that makes clients")]
pub(crate) fn pinned(tls: &Arc<ClientConfig>, host: &str, address: SocketAddr) -> Result<Client> {
    Client::builder()
        .tls_backend_preconfigured(tls.as_ref().clone())
        .resolve(host, address)
        .redirect(Policy::none())
        .referer(false)
        .no_proxy()
        .connect_timeout(CONNECT)
        .read_timeout(READ)
        .timeout(TOTAL)
        .pool_max_idle_per_host(0)
        .user_agent("Mozilla/5.0")
        .build()
        .map_err(|_| SourceError::Permanent("This build of Inlet cannot make web requests.".to_owned()))
}

/// A client for the interfaces of a platform, whose address the person or we chose: it keeps its
/// connections, and uses the system's proxy except for servers on this machine.
///
/// # Errors
/// [`SourceError::Permanent`] when no client can be made.
#[expect(clippy::disallowed_methods, reason = "this is the one place that makes clients")]
pub(crate) fn api(root: &Url) -> Result<Client> {
    let builder = Client::builder()
        .tls_backend_preconfigured(tls()?.as_ref().clone())
        .redirect(Policy::none())
        .referer(false)
        .connect_timeout(CONNECT)
        .read_timeout(2 * READ)
        .user_agent(concat!("Inlet/", env!("CARGO_PKG_VERSION")));
    let builder = if is_loopback(root) { builder.no_proxy() } else { builder };
    builder.build().map_err(|_| SourceError::Permanent("This build of Inlet cannot make web requests.".to_owned()))
}

/// An address that may be asked with a token: HTTPS, or a server on this machine.
///
/// # Errors
/// [`SourceError::Permanent`] for anything else.
pub(crate) fn trusted(address: &str) -> Result<Url> {
    Url::parse(address)
        .ok()
        .filter(|url| url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url)))
        .filter(|url| url.username().is_empty() && url.password().is_none())
        .ok_or_else(|| {
            SourceError::Permanent("An address of this account does not begin with https://; correct it.".to_owned())
        })
}

/// The address names this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// What a failed request means to the engine. The address is not part of the text.
pub(crate) fn failure(error: &reqwest::Error) -> SourceError {
    if error.is_timeout() {
        SourceError::Transient("The server took too long to answer; try again later.".to_owned())
    } else if certificate_out_of_time(error) {
        SourceError::Permanent(
            "The server's certificate is not valid at this computer's time: set date and time, then try again."
                .to_owned(),
        )
    } else if error.is_connect() {
        SourceError::Offline("The server cannot be reached; check the network connection.".to_owned())
    } else {
        SourceError::Transient("The connection broke off; try again later.".to_owned())
    }
}

/// The server's certificate is not valid yet, or no longer: mostly it is the clock that is wrong.
fn certificate_out_of_time(error: &reqwest::Error) -> bool {
    use rustls::{CertificateError, Error};

    let mut cause: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    while let Some(this) = cause {
        let inner = this.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let tls = this.downcast_ref::<Error>().or_else(|| inner.and_then(|inner| inner.downcast_ref::<Error>()));
        if let Some(Error::InvalidCertificate(problem)) = tls {
            return matches!(
                problem,
                CertificateError::Expired
                    | CertificateError::ExpiredContext { .. }
                    | CertificateError::NotValidYet
                    | CertificateError::NotValidYetContext { .. }
            );
        }
        cause = this.source();
    }
    false
}
