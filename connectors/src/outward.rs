//! Requests to an address that a stranger chose.
//!
//! It may be one inside the person's own network. The name is resolved here, private addresses are
//! refused after resolving, and the connection is pinned to the address that was judged: asking the
//! resolver again could give another. Whoever follows a redirect judges its target anew.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use inlet_model::{Result, SourceError};
use reqwest::Client;
use rustls::ClientConfig;
use url::{Host, Url};

use crate::http;

/// Talks to public addresses.
pub(crate) struct Outward {
    tls: Arc<ClientConfig>,
    allow_loopback: bool,
    /// The sentence for an address that is not talked to.
    refusal: &'static str,
}

impl Outward {
    /// Refuses every address of this machine and of private networks, with this sentence.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when this build has no usable TLS.
    pub(crate) fn new(refusal: &'static str) -> Result<Self> {
        Ok(Self { tls: http::tls()?, allow_loopback: false, refusal })
    }

    /// The same for tests: it may also talk to a server on this machine.
    pub(crate) fn allow_loopback(self) -> Self {
        Self { allow_loopback: true, ..self }
    }

    /// A client that talks to the judged address of this URL and nowhere else.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] for what is no public web address, [`SourceError::Offline`] when the
    /// name cannot be resolved.
    pub(crate) async fn client(&self, url: &Url) -> Result<Client> {
        let (host, address) = self.judge(url).await?;
        http::pinned(&self.tls, &host, address)
    }

    /// The refusal.
    pub(crate) fn refused(&self) -> SourceError {
        SourceError::Permanent(self.refusal.to_owned())
    }

    /// The host of an address and the one IP address that may be talked to.
    async fn judge(&self, url: &Url) -> Result<(String, SocketAddr)> {
        let refused = || self.refused();
        if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
            return Err(refused());
        }
        let host = url.host_str().ok_or_else(refused)?.to_owned();
        let port = url.port_or_known_default().ok_or_else(refused)?;
        let addresses: Vec<SocketAddr> = match url.host().ok_or_else(refused)? {
            Host::Ipv4(address) => vec![(address, port).into()],
            Host::Ipv6(address) => vec![(address, port).into()],
            Host::Domain(name) => tokio::net::lookup_host((name, port))
                .await
                .map_err(|_| {
                    SourceError::Offline("The server cannot be found; check the network connection.".to_owned())
                })?
                .collect(),
        };
        // One private address among public ones is how a name is made to point inside later.
        if addresses.iter().any(|address| !self.may_talk_to(address.ip())) {
            return Err(refused());
        }
        addresses.first().map(|address| (host, *address)).ok_or_else(refused)
    }

    fn may_talk_to(&self, address: IpAddr) -> bool {
        is_public(address) || (self.allow_loopback && address.is_loopback())
    }
}

/// The address is one of the public internet (RFC 6890 and the registries behind it).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    !(v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19)))
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    let [a, b, ..] = v6.segments();
    let octets = v6.octets();
    let inner = |at: usize| match octets.get(at..at + 4) {
        Some(&[a, b, c, d]) => is_public_v4(Ipv4Addr::new(a, b, c, d)),
        _ => false,
    };
    match (a, b) {
        // NAT64 and 6to4 carry an IPv4 address that has to be public itself.
        (0x64, 0xff9b) => octets.get(4..12).is_some_and(|zeros| zeros.iter().all(|byte| *byte == 0)) && inner(12),
        (0x2002, _) => inner(2),
        // Teredo, benchmarking, ORCHID, documentation.
        (0x2001, 0..=0x1ff) | (0x2001, 0xdb8) | (0x3fff, 0..=0xfff) => false,
        // Global unicast is 2000::/3; all else is loopback, mapped, local, multicast or nobody's.
        _ => a & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_public() {
        for address in ["8.8.8.8", "1.1.1.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "127.0.0.1",
            "10.0.0.1",
            "172.31.0.1",
            "192.168.0.1",
            "169.254.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::1",
            "2001:db8::1",
            "2001::1",
            "::127.0.0.1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }
}
