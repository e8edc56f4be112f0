//! A connection of ours as lettre wants it.

use std::{
    fmt, io,
    net::SocketAddr,
    pin::Pin,
    sync::Mutex,
    task::{Context, Poll},
};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::super::guard::Stream;

/// A stream that begins with bytes of our own.
///
/// lettre asks for `Sync`, which the TLS stream of a session need not be; only one task ever uses
/// it, so the lock is never waited for.
pub(super) struct Greeted {
    first: Vec<u8>,
    stream: Mutex<Pin<Box<dyn Stream>>>,
}

impl Greeted {
    pub(super) fn new(stream: impl Stream + 'static, first: &[u8]) -> Self {
        Self { first: first.to_vec(), stream: Mutex::new(Box::pin(stream)) }
    }

    fn stream(&mut self) -> Pin<&mut (dyn Stream + 'static)> {
        self.stream.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner).as_mut()
    }
}

impl fmt::Debug for Greeted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Greeted").finish_non_exhaustive()
    }
}

impl AsyncRead for Greeted {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.first.is_empty() {
            return self.stream().poll_read(context, into);
        }
        let length = self.first.len().min(into.remaining());
        let rest = self.first.split_off(length);
        into.put_slice(&self.first);
        self.first = rest;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Greeted {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.stream().poll_write(context, bytes)
    }
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_flush(context)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(context)
    }
}

impl AsyncTokioStream for Greeted {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
