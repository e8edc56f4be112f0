//! The way to a server: its name, a connection, TLS on it.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use inlet_model::{Result, SourceError};
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use socket2::{SockRef, TcpKeepalive};
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::{errors, guard::Stream};

/// Time for the name, the connection and the TLS handshake, each.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// Addresses of a host.
pub(super) async fn look_up(host: &str, port: u16) -> Result<Vec<SocketAddr>> {
    let unknown = || {
        SourceError::Transient(format!(
            "No server is called {host}: check its name, or whether this computer has a network."
        ))
    };
    match timeout(CONNECT_TIMEOUT, lookup_host((host, port))).await {
        Ok(Ok(addresses)) => {
            let addresses: Vec<_> = addresses.collect();
            if addresses.is_empty() { Err(unknown()) } else { Ok(addresses) }
        }
        Ok(Err(_)) | Err(_) if !has_route() => Err(errors::offline()),
        Ok(Err(_)) | Err(_) => Err(unknown()),
    }
}

/// Whether there is a way out of this computer; no packet is sent.
fn has_route() -> bool {
    [("0.0.0.0:0", "192.0.2.1:9"), ("[::]:0", "[2001:db8::1]:9")]
        .into_iter()
        .any(|(from, to)| std::net::UdpSocket::bind(from).and_then(|socket| socket.connect(to)).is_ok())
}

/// Connects to the first address that takes the connection.
pub(super) async fn dial(host: &str, port: u16) -> Result<TcpStream> {
    let mut failure = None;
    for address in look_up(host, port).await? {
        match timeout(CONNECT_TIMEOUT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Small commands must not wait for the answer to the last one; without it they do.
                let _ = stream.set_nodelay(true);
                let _ = SockRef::from(&stream).set_tcp_keepalive(&keepalive());
                return Ok(stream);
            }
            Ok(Err(error)) => failure = Some(error),
            Err(_) => failure = Some(std::io::ErrorKind::TimedOut.into()),
        }
    }
    let failure = failure.unwrap_or_else(|| std::io::ErrorKind::TimedOut.into());
    Err(errors::connect(host, port, &failure))
}

/// A connection that nobody ends properly (a laptop that slept, a router that forgot) is noticed
/// within two minutes, also in IDLE, where either side may say nothing for half an hour.
fn keepalive() -> TcpKeepalive {
    let every = TcpKeepalive::new().with_time(Duration::from_secs(60)).with_interval(Duration::from_secs(15));
    #[cfg(not(windows))]
    let every = every.with_retries(4);
    every
}

/// Puts TLS on a connection.
pub(super) async fn secure(
    stream: impl Stream + Unpin + 'static,
    host: &str,
    config: &Arc<ClientConfig>,
) -> Result<impl Stream + 'static> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| {
        SourceError::Permanent(format!("\"{host}\" is not the name of a server: check the account's settings."))
    })?;
    match timeout(CONNECT_TIMEOUT, TlsConnector::from(Arc::clone(config)).connect(name, stream)).await {
        Ok(result) => result.map_err(|error| errors::tls(host, &error)),
        Err(_) => Err(SourceError::Transient(format!(
            "{host} does not answer the TLS handshake: check that the port expects TLS; Inlet tries again by itself."
        ))),
    }
}
