//! What stands between a server and `async-imap`: whole responses that can be read, and nothing else.
//!
//! `async-imap` trusts its server. One response its parser cannot read ends the connection, an
//! announced literal is given up to 512 MiB, a parenthesis costs stack for as long as more of them
//! come, and INTERNALDATE NIL panics. So bytes are cut into responses here, each is read once on
//! trial, and only those that can be read are passed on, one at a time. The others are counted: an
//! answer with holes must not pass for the whole. Being fed one response at a time, `async-imap`
//! holds nothing that came before TLS when it is asked to give the stream back.
//!
//! The last status of a command and the server's goodbye are kept, because `async-imap` makes a text
//! of the one and drops the other while it signs in.
//!
//! `async-imap` hands everything it writes and reads to the `log` crate at trace level, credentials
//! among it. Whoever installs a logger must not take that crate's traces; the logs of this project
//! take only the warnings of libraries, of which it has none.

use std::{
    fmt, io,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use async_imap::imap_proto::{Response, Status as Word};
use bytes::{Buf as _, BytesMut};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

use super::{
    answer::{Answer, Status},
    tame::{announced_literal, bearable, carries_literals, matters, tame},
};

/// Silence after which the server counts as gone.
pub(super) const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// Longest response: four times what is fetched whole would do, but a list of all numbers is longer.
const MAX_RESPONSE: usize = 24 * 1024 * 1024;
/// What one command may answer, in bytes.
const MAX_ANSWER: usize = 96 * 1024 * 1024;
/// Responses of one command that make no sense before the server counts as something else.
const MAX_NONSENSE: usize = 1_000;

/// What can carry a connection.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send {}
impl<S: AsyncRead + AsyncWrite + Send> Stream for S {}

/// A connection as `async-imap` gets to see it.
pub(super) struct Guarded {
    stream: Pin<Box<dyn Stream>>,
    /// What came and is not a whole response yet.
    raw: BytesMut,
    /// Where the line being looked at begins, and how far it has been searched for its end.
    line: usize,
    searched: usize,
    /// Where its lines end without CR.
    bare: Vec<usize>,
    /// Of the response so far: bytes that are not literals, and literals.
    text: usize,
    literals: usize,
    /// What may be passed on.
    checked: BytesMut,
    /// Nothing was understood yet: whoever begins with nonsense speaks another protocol.
    greeting: bool,
    silence: Duration,
    alarm: Option<Pin<Box<Sleep>>>,
    size: usize,
    nonsense: usize,
    done: Option<Status>,
    farewell: Option<Status>,
}

impl Guarded {
    pub(super) fn new(stream: impl Stream + 'static) -> Self {
        Self {
            stream: Box::pin(stream),
            raw: BytesMut::with_capacity(16 * 1024),
            line: 0,
            searched: 0,
            bare: Vec::new(),
            text: 0,
            literals: 0,
            checked: BytesMut::new(),
            greeting: true,
            silence: READ_TIMEOUT,
            alarm: None,
            size: 0,
            nonsense: 0,
            done: None,
            farewell: None,
        }
    }

    /// The stream alone: what had been read ahead is thrown away (RFC 3501 §6.2.1, STARTTLS).
    pub(super) fn into_stream(self) -> Pin<Box<dyn Stream>> {
        self.stream
    }

    /// A command begins: its answer is measured from here.
    pub(super) fn begin(&mut self) {
        (self.size, self.nonsense, self.done) = (0, 0, None);
        self.patience(READ_TIMEOUT);
    }

    /// How long the server may be silent from now on.
    pub(super) fn patience(&mut self, silence: Duration) {
        (self.silence, self.alarm) = (silence, None);
    }

    /// Responses since the command began that made no sense.
    pub(super) fn nonsense(&self) -> usize {
        self.nonsense
    }

    /// How the command ended, once it has.
    pub(super) fn take_done(&mut self) -> Option<Status> {
        self.done.take()
    }

    /// A connection whose greeting has been read.
    #[cfg(test)]
    pub(super) fn greeted(stream: impl Stream + 'static) -> Self {
        Self { greeting: false, ..Self::new(stream) }
    }

    /// What the server said when it left.
    pub(super) fn farewell(&self) -> Option<&Status> {
        self.farewell.as_ref()
    }

    /// Cuts the next response out of what came; its lines end with CRLF.
    fn cut(&mut self) -> io::Result<Option<BytesMut>> {
        loop {
            let fresh = self.raw.get(self.searched..).unwrap_or_default();
            let Some(offset) = fresh.iter().position(|byte| *byte == b'\n') else {
                // A literal that is announced may end beyond what came so far.
                self.searched = self.searched.max(self.raw.len());
                return if self.raw.len() > MAX_RESPONSE { Err(hostile()) } else { Ok(None) };
            };
            let end = self.searched + offset;
            let line = self.raw.get(self.line..end).unwrap_or_default();
            let text = line.strip_suffix(b"\r").unwrap_or(line);
            let literal = if self.line > 0 || carries_literals(text) { announced_literal(text) } else { None };
            self.text += text.len();
            if text.len() == line.len() {
                self.bare.push(end);
            }
            let after = end + 1;
            let Some(literal) = literal else {
                (self.line, self.searched) = (0, 0);
                let response = self.raw.split_to(after);
                return Ok(Some(with_returns(response, &std::mem::take(&mut self.bare))));
            };
            self.literals += 1;
            let literal = usize::try_from(literal).ok().filter(|literal| *literal <= MAX_RESPONSE);
            let after = literal.map(|literal| after + literal).filter(|after| *after <= MAX_RESPONSE);
            match after {
                Some(after) if bearable(self.text, self.literals) => (self.line, self.searched) = (after, after),
                _ => return Err(hostile()),
            }
        }
    }

    /// Reads a response on trial and passes it on, or counts it.
    fn check(&mut self, response: BytesMut) -> io::Result<()> {
        let (text, literals) = (std::mem::take(&mut self.text), std::mem::take(&mut self.literals));
        let matters = matters(&response);
        self.size += response.len() + 64;
        if self.size > MAX_ANSWER {
            return Err(hostile());
        }
        if let Some(tame) = tame(response, text, literals)
            && self.readable(&tame)
        {
            self.greeting = false;
            self.checked = tame;
        } else if self.greeting {
            return Err(hostile());
        } else if matters {
            self.nonsense += 1;
            if self.nonsense > MAX_NONSENSE {
                return Err(hostile());
            }
        }
        Ok(())
    }

    /// The parser understands all of it; how a command ended is kept.
    fn readable(&mut self, bytes: &[u8]) -> bool {
        // A panic of the parser is one more way of not being understood.
        let read = catch_unwind(AssertUnwindSafe(|| {
            let (mut rest, mut last) = (bytes, None);
            while !rest.is_empty() {
                let (tail, response) = Response::parse(rest).ok()?;
                let kept = matches!(response, Response::Done { .. } | Response::Data { status: Word::Bye, .. });
                last = kept.then(|| Answer::from(&response));
                rest = tail;
            }
            Some(last)
        }));
        match read {
            Ok(Some(last)) => {
                match last {
                    Some(Answer::Done(_, status)) => self.done = Some(status),
                    Some(Answer::Status(status)) => self.farewell = Some(status),
                    _ => {}
                }
                true
            }
            Ok(None) | Err(_) => false,
        }
    }

    /// Waits for the server, but not for ever.
    fn watch(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        let silence = self.silence;
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep(silence)));
        ready!(alarm.as_mut().poll(context));
        self.alarm = None;
        Poll::Ready(io::ErrorKind::TimedOut.into())
    }
}

impl AsyncRead for Guarded {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            if !this.checked.is_empty() {
                let length = this.checked.len().min(into.remaining());
                into.put_slice(this.checked.get(..length).unwrap_or_default());
                this.checked.advance(length);
                return Poll::Ready(Ok(()));
            }
            if let Some(response) = this.cut()? {
                this.check(response)?;
                continue;
            }
            // The buffer grows with what arrives, never with what is announced.
            let mut chunk = [0; 16 * 1024];
            let mut chunk = ReadBuf::new(&mut chunk);
            match this.stream.as_mut().poll_read(context, &mut chunk) {
                Poll::Pending => return this.watch(context).map(Err),
                Poll::Ready(result) => {
                    this.alarm = None;
                    // A peer that leaves without a TLS goodbye has left all the same.
                    match result {
                        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => return Poll::Ready(Err(error)),
                        Ok(()) if !chunk.filled().is_empty() => this.raw.extend_from_slice(chunk.filled()),
                        _ if this.raw.is_empty() => return Poll::Ready(Ok(())),
                        _ => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
                    }
                }
            }
        }
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.stream.as_mut().poll_write(context, bytes) {
            Poll::Pending => self.watch(context).map(Err),
            written => {
                self.alarm = None;
                written
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.stream.as_mut().poll_flush(context) {
            Poll::Pending => self.watch(context).map(Err),
            flushed => {
                self.alarm = None;
                flushed
            }
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_shutdown(context)
    }
}

impl fmt::Debug for Guarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guarded").finish_non_exhaustive()
    }
}

/// The response with a CR before each of these line feeds: the parser takes no other line ends.
fn with_returns(response: BytesMut, bare: &[usize]) -> BytesMut {
    if bare.is_empty() {
        return response;
    }
    let mut whole = BytesMut::with_capacity(response.len() + bare.len());
    let mut from = 0;
    for at in bare {
        whole.extend_from_slice(response.get(from..*at).unwrap_or_default());
        whole.extend_from_slice(b"\r");
        from = *at;
    }
    whole.extend_from_slice(response.get(from..).unwrap_or_default());
    whole
}

fn hostile() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
#[path = "guard_tests.rs"]
mod tests;
