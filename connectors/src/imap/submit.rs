//! Submission (RFC 6409): handing a finished mail to the provider's server.
//!
//! What matters is knowing how far it came. Until the final dot has been written nothing has
//! happened, whatever goes wrong; after the server's answer everything is known; a connection lost
//! between the two leaves [`SourceError::Unknown`] (RFC 1047), and nobody may simply try again. So
//! the dialogue is led step by step over lettre's connection instead of by its transport.
//!
//! STARTTLS is done here and not by lettre, which keeps what it has read ahead: a man in the middle
//! could put answers there before TLS that would be believed after it (CVE-2011-0411). Here a
//! single byte too many ends the connection.

use std::{future::Future, time::Duration};

use inlet_model::{Auth, CheckStep, Endpoint, ImapConfig, Result, SourceError, Submission, Tls};
use lettre::{
    Address,
    transport::smtp::{
        authentication::{Credentials, Mechanism},
        client::AsyncSmtpConnection,
        commands::{Data, Ehlo, Mail, Rcpt},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter, RcptParameter},
        response::Response,
    },
};
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};

use super::{
    errors,
    session::{dial, secure},
};
use crate::tls;

mod stream;

use stream::Greeted;

/// Longest line of a server before TLS.
const MAX_LINE: u64 = 4096;
/// Bytes of the message written at a time.
const CHUNK: usize = 64 * 1024;

/// How long to wait for the server (RFC 5321 §4.5.3.2 allows for more; people do not).
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// One command.
    command: Duration,
    /// Sixty-four kilobytes of the message.
    chunk: Duration,
    /// The answer to the final dot.
    dot: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { command: Duration::from_secs(60), chunk: Duration::from_secs(180), dot: Duration::from_secs(600) }
    }
}

/// Submits a mail; returns what the server said, for the delivery log.
///
/// # Errors
/// `AuthNeeded`, `Offline`, `Throttled`, `Transient` and `Permanent`: it was not sent, to nobody.
/// `Unknown`: the connection ended after the last byte and before the answer.
pub(crate) async fn submit(config: &ImapConfig, secret: &SecretString, submission: &Submission) -> Result<String> {
    submit_within(config, secret, submission, Limits::default()).await
}

/// Tests the submission server: connects and signs in, and sends nothing.
pub(crate) async fn check(config: &ImapConfig, secret: &SecretString) -> Vec<CheckStep> {
    let limits = Limits::default();
    let Some(endpoint) = &config.smtp else {
        return Vec::new();
    };
    let step = |name: String, outcome: &Result<String>| match outcome {
        Ok(detail) => CheckStep::passed(name, detail),
        Err(error) => CheckStep::failed(name, error.code().replace('_', " "), error.to_string()),
    };
    let protection = protection(config.tls, endpoint.port);
    let (connection, outcome) = match connect(config, limits).await {
        Ok(connection) => (Some(connection), Ok(protection.describe().to_owned())),
        Err(error) => (None, Err(error)),
    };
    let mut steps = vec![step(format!("Connect to {}:{} to send", endpoint.host, endpoint.port), &outcome)];
    if let Some(mut connection) = connection {
        let outcome = sign_in(&mut connection, config, secret, limits).await.map(|()| "accepted".to_owned());
        steps.push(step("Sign in to send".to_owned(), &outcome));
        let _ = timeout(Duration::from_secs(2), connection.quit()).await;
    }
    steps
}

async fn submit_within(
    config: &ImapConfig,
    secret: &SecretString,
    submission: &Submission,
    limits: Limits,
) -> Result<String> {
    let mut connection = connect(config, limits).await?;
    sign_in(&mut connection, config, secret, limits).await?;
    let reports = submission.notify.is_some() && offers_reports(&mut connection, limits).await?;
    envelope(&mut connection, submission, reports, limits).await?;
    let response = message(&mut connection, &submission.raw, limits).await?;
    // The mail is out; how the connection ends does not matter any more.
    let _ = timeout(Duration::from_secs(2), connection.quit()).await;
    Ok(spoken(&response))
}

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protection {
    Implicit,
    Starttls,
    None,
}

impl Protection {
    fn describe(self) -> &'static str {
        match self {
            Self::Implicit => "TLS, certificate accepted",
            Self::Starttls => "STARTTLS, certificate accepted",
            Self::None => "not encrypted: the server is on this computer",
        }
    }
}

/// The account says how IMAP is protected; the well-known ports of submission say it themselves
/// (RFC 8314 §3.3). None of it ever means less protection.
fn protection(tls: Tls, port: u16) -> Protection {
    match (tls, port) {
        (Tls::LoopbackPlain, _) => Protection::None,
        (_, 465) => Protection::Implicit,
        (_, 587 | 25) | (Tls::Starttls, _) => Protection::Starttls,
        (Tls::Implicit, _) => Protection::Implicit,
    }
}

/// The name Inlet greets with: nobody's business is the name of this computer.
fn client_id() -> ClientId {
    ClientId::Ipv4(std::net::Ipv4Addr::LOCALHOST)
}

async fn connect(config: &ImapConfig, limits: Limits) -> Result<AsyncSmtpConnection> {
    let endpoint = config.smtp.as_ref().ok_or_else(|| {
        SourceError::Permanent("This account has no server to send with: add one in its settings.".to_owned())
    })?;
    let host = &endpoint.host;
    let stream = dial(host, endpoint.port).await?;
    match protection(config.tls, endpoint.port) {
        Protection::None => {
            if !stream.peer_addr().is_ok_and(|peer| peer.ip().is_loopback()) {
                return Err(SourceError::Permanent(format!(
                    "{host} is not this computer, so Inlet does not send through it without TLS: choose TLS or STARTTLS."
                )));
            }
            greet(Greeted::new(stream, b""), limits).await
        }
        Protection::Implicit => {
            let stream = secure(stream, host, &tls::client_config(config.ca.as_deref())?).await?;
            greet(Greeted::new(stream, b""), limits).await
        }
        Protection::Starttls => {
            let plain = starttls(stream, endpoint, limits).await?;
            let stream = secure(plain, host, &tls::client_config(config.ca.as_deref())?).await?;
            // After STARTTLS the server waits for EHLO; lettre wants a greeting first.
            greet(Greeted::new(stream, b"220 ready\r\n"), limits).await
        }
    }
}

async fn greet(stream: Greeted, limits: Limits) -> Result<AsyncSmtpConnection> {
    let name = client_id();
    within(limits.command, AsyncSmtpConnection::connect_with_transport(Box::new(stream), &name)).await
}

/// Leads a plain connection up to where TLS begins (RFC 3207 §4).
async fn starttls(stream: TcpStream, endpoint: &Endpoint, limits: Limits) -> Result<TcpStream> {
    let mut stream = BufReader::new(stream);
    let closed =
        || SourceError::Transient("The mail server closed the connection; Inlet tries again by itself.".to_owned());
    let dialogue = async {
        let (code, _) = reply(&mut stream).await?;
        if code != 220 {
            return Err(SourceError::Transient(format!(
                "The server for sending is not ready (code {code}); Inlet tries again by itself."
            )));
        }
        let hello = format!("EHLO {}\r\n", client_id());
        stream.get_mut().write_all(hello.as_bytes()).await.map_err(|_| closed())?;
        let (_, lines) = reply(&mut stream).await?;
        if !lines.iter().any(|line| line.trim().eq_ignore_ascii_case("STARTTLS")) {
            return Err(SourceError::Permanent(format!(
                "{} does not offer STARTTLS, so nothing was sent to it: choose TLS (port 465), and beware of the network \
                 you are in.",
                endpoint.host
            )));
        }
        stream.get_mut().write_all(b"STARTTLS\r\n").await.map_err(|_| closed())?;
        let (code, _) = reply(&mut stream).await?;
        if code != 220 {
            return Err(SourceError::Transient(format!(
                "{} cannot protect the connection now (code {code}); Inlet tries again by itself.",
                endpoint.host
            )));
        }
        if !stream.buffer().is_empty() {
            return Err(SourceError::Permanent(format!(
                "{} sent something between STARTTLS and TLS, which is how connections are tampered with: nothing was sent \
                 to it. Use another network, or choose TLS (port 465).",
                endpoint.host
            )));
        }
        Ok(())
    };
    timeout(limits.command, dialogue).await.map_err(|_| slow())??;
    Ok(stream.into_inner())
}

/// One reply of a server before TLS: its code, and the text of each line.
async fn reply(stream: &mut BufReader<TcpStream>) -> Result<(u16, Vec<String>)> {
    let mut lines = Vec::new();
    loop {
        let mut bytes = Vec::new();
        let read = (&mut *stream).take(MAX_LINE).read_until(b'\n', &mut bytes).await;
        let line = String::from_utf8_lossy(&bytes);
        let code = line.get(..3).and_then(|digits| digits.parse().ok());
        match (read, code) {
            (Ok(_), Some(code)) if line.ends_with('\n') && lines.len() < 100 => {
                lines.push(line.get(4..).unwrap_or_default().to_owned());
                if line.as_bytes().get(3) != Some(&b'-') {
                    return Ok((code, lines));
                }
            }
            _ => {
                return Err(SourceError::Transient(
                    "The server for sending said something that is not SMTP; check its name and port.".to_owned(),
                ));
            }
        }
    }
}

async fn sign_in(
    connection: &mut AsyncSmtpConnection,
    config: &ImapConfig,
    secret: &SecretString,
    limits: Limits,
) -> Result<()> {
    let (mechanisms, known): (&[Mechanism], _) = match config.auth {
        Auth::Password => (&[Mechanism::Plain, Mechanism::Login], "a password"),
        Auth::Xoauth2 => (&[Mechanism::Xoauth2], "an access token"),
    };
    if connection.server_info().get_auth_mechanism(mechanisms).is_none() {
        // A server on this computer may know its users without.
        if config.tls == Tls::LoopbackPlain {
            return Ok(());
        }
        return Err(SourceError::Permanent(format!(
            "The server for sending does not take {known}: check its name and port, or sign in another way."
        )));
    }
    let credentials = Credentials::new(config.login().to_owned(), secret.expose_secret().to_owned());
    let host = config.smtp.as_ref().map(|endpoint| endpoint.host.as_str()).unwrap_or_default();
    match timeout(limits.command, connection.auth(mechanisms, &credentials)).await {
        Err(_) => Err(slow()),
        Ok(Ok(_)) => Ok(()),
        // A refused token is answered with a challenge that says why; lettre takes that for a fault of
        // its own.
        Ok(Err(error)) if error.is_client() => Err(refused_sign_in(config, host)),
        Ok(Err(error)) => Err(match code(&error) {
            Some(534 | 535 | 530 | 432) => refused_sign_in(config, host),
            Some(code) if (500..600).contains(&code) && code != 538 => refused_sign_in(config, host),
            _ => failure(&error, "sign in to send"),
        }),
    }
}

fn refused_sign_in(config: &ImapConfig, host: &str) -> SourceError {
    match config.auth {
        Auth::Password => errors::credentials(host),
        Auth::Xoauth2 => {
            SourceError::AuthNeeded("The mail server no longer accepts this sign-in: sign in again.".to_owned())
        }
    }
}

/// Whether the server reports on what it is given (RFC 3461). lettre keeps of the greeting what it knows itself, so the
/// server is greeted once more, which begins nothing anew but an envelope (RFC 5321 §4.1.4).
async fn offers_reports(connection: &mut AsyncSmtpConnection, limits: Limits) -> Result<bool> {
    let told = within(limits.command, connection.command(Ehlo::new(client_id()))).await?;
    Ok(told.message().any(|line| line.trim().eq_ignore_ascii_case("DSN")))
}

/// Sender and recipients. A mail goes to all of them or to none: to send again to those who were
/// refused would make two mails of one.
async fn envelope(
    connection: &mut AsyncSmtpConnection,
    submission: &Submission,
    reports: bool,
    limits: Limits,
) -> Result<()> {
    let mut parameters = Vec::new();
    if !submission.raw.is_ascii() {
        if !connection.server_info().supports_feature(Extension::EightBitMime) {
            return Err(SourceError::Permanent(
                "The server for sending takes plain ASCII only, and this message is not: write it again.".to_owned(),
            ));
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    if let Some(id) = submission.notify.as_deref().filter(|_| reports) {
        parameters.push(other("RET", "HDRS"));
        parameters.push(other("ENVID", id));
    }
    let from = Some(address(&submission.from)?);
    // Nobody answers that something was read: it has no sender (RFC 8098 §3), where the server lets it.
    let nobody = submission.tells.is_some()
        && matches!(timeout(limits.command, connection.command(Mail::new(None, parameters.clone()))).await, Ok(Ok(_)));
    let named = async {
        match nobody {
            true => Ok(()),
            false => connection.command(Mail::new(from, parameters)).await.map(drop),
        }
    };
    match timeout(limits.command, named).await {
        Err(_) => return Err(slow()),
        Ok(Err(error)) => {
            return Err(match code(&error) {
                Some(530 | 535) => {
                    SourceError::AuthNeeded("The server for sending wants a sign-in: sign in again.".to_owned())
                }
                Some(code) if code >= 500 => SourceError::Permanent(format!(
                    "The server does not let you send from this address (code {code}): choose another sender."
                )),
                _ => failure(&error, "name the sender"),
            });
        }
        Ok(Ok(_)) => {}
    }
    let mut refused: Vec<(&str, u16)> = Vec::new();
    for recipient in &submission.to {
        let wanted = if reports { notify(recipient) } else { Vec::new() };
        match timeout(limits.command, connection.command(Rcpt::new(address(recipient)?, wanted))).await {
            Err(_) => return Err(slow()),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => match code(&error) {
                Some(421) | None => return Err(failure(&error, "name the recipients")),
                Some(code) => refused.push((recipient, code)),
            },
        }
    }
    if refused.is_empty() {
        return Ok(());
    }
    let _ = timeout(Duration::from_secs(2), connection.quit()).await;
    Err(refusal(&refused, submission.to.len()))
}

fn other(keyword: &str, value: &str) -> MailParameter {
    MailParameter::Other { keyword: keyword.to_owned(), value: Some(value.to_owned()) }
}

/// What is to be reported of a recipient (RFC 3461 §4.1, §4.2).
fn notify(recipient: &str) -> Vec<RcptParameter> {
    let other = |keyword: &str, value: String| RcptParameter::Other { keyword: keyword.to_owned(), value: Some(value) };
    vec![other("NOTIFY", "SUCCESS,FAILURE,DELAY".to_owned()), other("ORCPT", format!("rfc822;{recipient}"))]
}

fn refusal(refused: &[(&str, u16)], of: usize) -> SourceError {
    let named = |refused: &[&(&str, u16)]| {
        let shown: Vec<String> =
            refused.iter().take(3).map(|(address, code)| format!("{} (code {code})", mask(address))).collect();
        let more = if refused.len() > 3 { ", …" } else { "" };
        format!("{} of {of}: {}{more}", refused.len(), shown.join(", "))
    };
    let (for_good, for_now): (Vec<_>, Vec<_>) = refused.iter().partition(|(_, code)| *code >= 500);
    if for_good.is_empty() {
        SourceError::Transient(format!(
            "The server takes no mail for some recipients right now ({}); nothing was sent, Inlet tries again by itself.",
            named(&for_now)
        ))
    } else {
        SourceError::Permanent(format!(
            "The server refused recipients ({}); nothing was sent to anybody: correct the addresses and send again.",
            named(&for_good)
        ))
    }
}

/// An address for a log: enough to recognise one's own correspondent, too little for anybody else.
fn mask(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let some = |text: &str| text.chars().take(2).collect::<String>();
    format!("{}****@{}****", some(local), some(domain))
}

async fn message(connection: &mut AsyncSmtpConnection, raw: &[u8], limits: Limits) -> Result<Response> {
    match timeout(limits.command, connection.command(Data)).await {
        Err(_) => return Err(slow()),
        Ok(Err(error)) => return Err(failure(&error, "begin the message")),
        Ok(Ok(_)) => {}
    }
    // The line end before the dot is the dot's own.
    let raw = raw.strip_suffix(b"\r\n").unwrap_or(raw);
    // lettre asks for the next piece when it has written the last one, and writes the dot when there
    // is none: that moment divides what is certain from what is not.
    let mut at_dot = false;
    let mut pieces = raw.chunks(CHUNK);
    let count = u32::try_from(pieces.len()).unwrap_or(u32::MAX);
    let sending = connection.message_iter(std::iter::from_fn(|| {
        let next = pieces.next();
        at_dot |= next.is_none();
        next
    }));
    let outcome = timeout(limits.dot + limits.chunk.saturating_mul(count), sending).await;
    match outcome {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) if code(&error).is_some() => Err(match code(&error) {
            Some(code) if code >= 500 => SourceError::Permanent(format!(
                "The server refused the message (code {code}), perhaps for its size or content: change it and send again."
            )),
            _ => failure(&error, "send the message"),
        }),
        _ if at_dot => Err(SourceError::Unknown(
            "The connection broke just when the message was handed over; look into Sent before you send it again."
                .to_owned(),
        )),
        Ok(Err(error)) => Err(failure(&error, "send the message")),
        Err(_) => Err(slow()),
    }
}

async fn within<T>(
    limit: Duration,
    future: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
) -> Result<T> {
    match timeout(limit, future).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(failure(&error, "greet the server")),
        Err(_) => Err(slow()),
    }
}

fn slow() -> SourceError {
    SourceError::Transient("The server for sending does not answer; Inlet tries again by itself.".to_owned())
}

/// An address as lettre wants it. What was composed is valid; what was queued by an older version
/// may not be.
fn address(text: &str) -> Result<Address> {
    text.parse().map_err(|_| {
        SourceError::Permanent("One of the addresses is not a mail address: correct it and send again.".to_owned())
    })
}

fn code(error: &lettre::transport::smtp::Error) -> Option<u16> {
    error.status().map(u16::from)
}

/// A failure before the final dot: nothing has happened.
fn failure(error: &lettre::transport::smtp::Error, what: &str) -> SourceError {
    match code(error) {
        Some(code) if code >= 500 => SourceError::Permanent(format!(
            "The server for sending refused to {what} (code {code}): check the account's settings."
        )),
        Some(code) => SourceError::Transient(format!(
            "The server for sending could not {what} right now (code {code}); Inlet tries again by itself."
        )),
        None => SourceError::Transient(
            "The connection to the server for sending broke; nothing was sent, Inlet tries again by itself.".to_owned(),
        ),
    }
}

/// What the server said when it took the mail, without addresses.
fn spoken(response: &Response) -> String {
    let text = response.message().collect::<Vec<_>>().join(" ");
    let words = text.split_whitespace().map(|word| if word.contains('@') { "…" } else { word });
    let line = format!("{} {}", response.code(), words.collect::<Vec<_>>().join(" "));
    line.trim_end().chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
#[path = "submit_tests.rs"]
mod tests;
