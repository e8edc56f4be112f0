//! The only HTTP client of Inlet.
//!
//! It keeps no cookies, sends no referrer, follows no redirect by itself and asks no proxy of the
//! environment. Whoever calls decides about each redirect, for a redirect is where a harmless
//! address turns into one inside the network.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use inlet_model::{Result, SourceError};
use reqwest::{Client, ClientBuilder, Method, RequestBuilder, redirect::Policy};
use rustls::ClientConfig;
use url::{Host, Url};

use crate::tls;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest silence while reading.
const READ: Duration = Duration::from_secs(15);
/// Longest wait for a platform's word.
const SILENT: Duration = Duration::from_secs(30);
/// Bytes in a second that a line upwards brings along at least.
const SLOWEST: u64 = 8_000;
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
pub(crate) fn api(root: &Url) -> Result<Client> {
    made(platform(root).read_timeout(SILENT))
}

/// A client for bodies that take their time. The limit on silence of [`api`] counts from the request to the head of the
/// answer, so that a line that is slow upwards would never bring a file there; here each request has a limit that grows
/// with its size.
pub(crate) struct Bulk(Client);

impl Bulk {
    /// # Errors
    /// [`SourceError::Permanent`] when no client can be made.
    pub(crate) fn new(root: &Url) -> Result<Self> {
        Ok(Self(made(platform(root))?))
    }

    /// A request with this body.
    pub(crate) fn request(&self, method: Method, url: Url, body: Bytes) -> RequestBuilder {
        let seconds = u64::try_from(body.len()).unwrap_or(u64::MAX) / SLOWEST;
        self.0.request(method, url).timeout(SILENT + Duration::from_secs(seconds)).body(body)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that makes clients")]
fn platform(root: &Url) -> ClientBuilder {
    let builder = Client::builder()
        .redirect(Policy::none())
        .referer(false)
        .connect_timeout(CONNECT)
        .user_agent(concat!("Inlet/", env!("CARGO_PKG_VERSION")));
    if is_loopback(root) { builder.no_proxy() } else { builder }
}

fn made(builder: ClientBuilder) -> Result<Client> {
    builder
        .tls_backend_preconfigured(tls()?.as_ref().clone())
        .build()
        .map_err(|_| SourceError::Permanent("This build of Inlet cannot make web requests.".to_owned()))
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

    matches!(
        tls::problem(error),
        Some(Error::InvalidCertificate(
            CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. }
        ))
    )
}
