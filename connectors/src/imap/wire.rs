//! Bytes in, frames out: the part of the connection that a hostile server talks to.
//!
//! `async-imap` was tried first and left out: it writes credentials and bodies to the `log` crate,
//! lets a server fill 512 MiB with one announced literal, drops unsolicited responses beyond a
//! hundred and gives up the connection at the first response it cannot parse. What is left of its
//! work once those are mended is this file.

use std::{io, pin::Pin, time::Duration};

use bytes::{Bytes, BytesMut};
use inlet_model::{Result, SourceError};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::timeout,
};

use super::{errors, syntax::announced_literal};

/// Silence after which the server counts as gone.
pub(super) const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// Longest frame: a SEARCH answer for some two million messages, or a message four times larger
/// than what is fetched whole.
const MAX_FRAME: usize = 24 * 1024 * 1024;

/// What can carry a connection.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send {}
impl<S: AsyncRead + AsyncWrite + Send> Stream for S {}

/// A connection that yields frames.
pub(super) struct Wire {
    stream: Pin<Box<dyn Stream>>,
    buffer: BytesMut,
}

impl Wire {
    pub(super) fn new(stream: impl Stream + 'static) -> Self {
        Self { stream: Box::pin(stream), buffer: BytesMut::with_capacity(16 * 1024) }
    }

    /// The stream alone: what had been read ahead is thrown away (RFC 3501 §6.2.1, STARTTLS).
    pub(super) fn into_stream(self) -> Pin<Box<dyn Stream>> {
        self.stream
    }

    /// The next frame without its final line end; `None` at the end of the connection.
    pub(super) async fn frame(&mut self, silence: Duration) -> Result<Option<Bytes>> {
        // Where the line being looked at begins, and how far it has been searched for its end.
        let (mut line, mut searched) = (0, 0);
        loop {
            let fresh = self.buffer.get(searched..).unwrap_or_default();
            if let Some(offset) = fresh.iter().position(|byte| *byte == b'\n') {
                let end = searched + offset;
                let text = self.buffer.get(line..end).unwrap_or_default();
                let text = text.strip_suffix(b"\r").unwrap_or(text);
                let literal = if line > 0 || carries_literals(text) { announced_literal(text) } else { None };
                let Some(length) = literal else {
                    let taken = line + text.len();
                    let mut frame = self.buffer.split_to(end + 1);
                    frame.truncate(taken);
                    return Ok(Some(frame.freeze()));
                };
                let length = usize::try_from(length).ok().filter(|length| *length <= MAX_FRAME);
                let Some(after) = length.map(|length| end + 1 + length).filter(|after| *after <= MAX_FRAME) else {
                    return Err(errors::not_imap());
                };
                while self.buffer.len() < after {
                    if !self.read(silence).await? {
                        return Err(errors::closed());
                    }
                }
                (line, searched) = (after, after);
                continue;
            }
            searched = self.buffer.len();
            if searched > MAX_FRAME {
                return Err(errors::not_imap());
            }
            if !self.read(silence).await? {
                return if self.buffer.is_empty() { Ok(None) } else { Err(errors::closed()) };
            }
        }
    }

    /// Reads what there is; false at the end of the connection. The buffer grows with what arrives,
    /// never with what is announced.
    async fn read(&mut self, silence: Duration) -> Result<bool> {
        if self.buffer.capacity() - self.buffer.len() < 4096 {
            self.buffer.reserve((self.buffer.len() / 2).clamp(16 * 1024, 1024 * 1024));
        }
        match timeout(silence, self.stream.read_buf(&mut self.buffer)).await {
            Ok(Ok(count)) => Ok(count > 0),
            // A peer that leaves without a TLS goodbye has left all the same.
            Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
            Ok(Err(error)) => Err(errors::lost(&error)),
            Err(_) => Err(SourceError::Transient(
                "The mail server stopped answering; Inlet tries again by itself.".to_owned(),
            )),
        }
    }

    /// Sends bytes.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let sent = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        match timeout(READ_TIMEOUT, sent).await {
            Ok(result) => result.map_err(|error| errors::lost(&error)),
            Err(_) => Err(SourceError::Transient(
                "The mail server takes no more data; Inlet tries again by itself.".to_owned(),
            )),
        }
    }
}

/// Status responses and continuations are free text, in which a `{5}` at the end means nothing.
fn carries_literals(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"* ") else {
        return false;
    };
    let word = rest.split(|byte| *byte == b' ').next().unwrap_or_default();
    ![&b"OK"[..], b"NO", b"BAD", b"BYE", b"PREAUTH"].iter().any(|status| word.eq_ignore_ascii_case(status))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    async fn frames(bytes: &[u8], chunk: usize) -> Vec<Result<Option<Bytes>>> {
        let (client, mut server) = tokio::io::duplex(chunk);
        let bytes = bytes.to_vec();
        let feed = tokio::spawn(async move {
            let _ = server.write_all(&bytes).await;
        });
        let mut wire = Wire::new(client);
        let mut frames = Vec::new();
        loop {
            let frame = wire.frame(READ_TIMEOUT).await;
            let more = matches!(frame, Ok(Some(_)));
            frames.push(frame);
            if !more {
                break;
            }
        }
        drop(wire);
        feed.await.unwrap();
        frames
    }

    #[tokio::test]
    async fn frames_are_the_same_however_the_bytes_arrive() {
        let bytes = b"* OK ready {5}\r\n* 1 FETCH (BODY[] {7}\r\na\r\nb\r\n) X {0}\r\n)\r\nA1 OK done\n+ go\r\n";
        for chunk in [1, 2, 3, 7, 4096] {
            let frames: Vec<_> =
                frames(bytes, chunk).await.into_iter().map_while(|frame| frame.unwrap().map(|f| f.to_vec())).collect();
            let expected: [&[u8]; 4] =
                [b"* OK ready {5}", b"* 1 FETCH (BODY[] {7}\r\na\r\nb\r\n) X {0}\r\n)", b"A1 OK done", b"+ go"];
            assert_eq!(frames, expected, "in chunks of {chunk}");
        }
    }

    #[tokio::test]
    async fn lying_and_unfinished_literals_are_errors() {
        for bytes in [
            &b"* 1 FETCH (BODY[] {4000000000}\r\nabc"[..],
            b"* 1 FETCH (BODY[] {99999999999999999999999999}\r\nabc",
            b"* 1 FETCH (BODY[] {10}\r\nabc",
            b"* 1 FETCH (BODY[] {20000000}\r\n",
            b"* half a line",
        ] {
            let frames = frames(bytes, 4096).await;
            assert!(matches!(frames.as_slice(), [Err(SourceError::Transient(_))]), "{frames:?}");
        }
    }

    #[tokio::test]
    async fn a_line_without_end_is_cut_off() {
        let (client, mut server) = tokio::io::duplex(1 << 20);
        let feed = tokio::spawn(async move { while server.write_all(&[b'x'; 1 << 16]).await.is_ok() {} });
        let mut wire = Wire::new(client);
        assert_eq!(wire.frame(READ_TIMEOUT).await, Err(errors::not_imap()));
        assert!(wire.buffer.capacity() < 3 * MAX_FRAME);
        drop(wire);
        feed.await.unwrap();
    }

    #[tokio::test]
    async fn silence_is_an_error_that_passes() {
        let (client, _server) = tokio::io::duplex(64);
        let mut wire = Wire::new(client);
        let frame = wire.frame(Duration::from_millis(5)).await;
        assert!(matches!(frame, Err(SourceError::Transient(_))), "{frame:?}");
    }
}
