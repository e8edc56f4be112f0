//! From a name to a signed-in session.
//!
//! Nothing is believed that came before TLS: capabilities are asked again, bytes read ahead are
//! thrown away, and credentials leave only once the connection is protected (RFC 8314, RFC 9051
//! §11.1).

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use inlet_model::{Auth, ImapConfig, Result, SourceError, Tls};
use rustls::ClientConfig;
use secrecy::{ExposeSecret as _, SecretString};

use super::{Piece, Reply, Session, quoted};
use crate::imap::{
    dial::{dial, secure},
    errors,
    syntax::{self, Kind, Response},
    wire::{READ_TIMEOUT, Stream},
};

impl Session {
    /// Connects, protects the connection and signs in.
    pub(in crate::imap) async fn open(
        config: &ImapConfig,
        tls: &Arc<ClientConfig>,
        secret: &SecretString,
    ) -> Result<Self> {
        let mut session = Self::connect(config, tls).await?;
        session.sign_in(config, secret).await?;
        Ok(session)
    }

    /// A protected connection, not signed in yet.
    pub(in crate::imap) async fn connect(config: &ImapConfig, tls: &Arc<ClientConfig>) -> Result<Self> {
        let host = &config.imap.host;
        let stream = dial(host, config.imap.port).await?;
        match config.tls {
            Tls::Implicit => Self::greeted(secure(stream, host, tls).await?, true).await,
            Tls::LoopbackPlain => {
                if !stream.peer_addr().is_ok_and(|peer| peer.ip().is_loopback()) {
                    return Err(SourceError::Permanent(format!(
                        "{host} is not this computer, so Inlet does not speak to it without TLS: choose TLS or STARTTLS."
                    )));
                }
                Self::greeted(stream, true).await
            }
            Tls::Starttls => {
                let mut plain = Self::greeted(stream, false).await?;
                plain.learn_capabilities().await?;
                if !plain.can("STARTTLS") {
                    return Err(SourceError::Permanent(format!(
                        "{host} does not offer STARTTLS, so nothing was sent to it: choose TLS (port 993), and beware of \
                         the network you are in."
                    )));
                }
                plain.run("STARTTLS").await?.ok("protect the connection")?;
                let stream = secure(plain.wire.into_stream(), host, tls).await?;
                let mut session = Self::new(stream);
                session.learn_capabilities().await?;
                Ok(session)
            }
        }
    }

    /// Reads the greeting. `protected`: what it says may be believed.
    async fn greeted(stream: impl Stream + 'static, protected: bool) -> Result<Self> {
        let mut session = Self::new(stream);
        let frame = session.wire.frame(READ_TIMEOUT).await?.ok_or_else(errors::closed)?;
        match syntax::parse(&frame).map_err(|_| errors::not_imap())? {
            Response::Status(status) if status.kind == Kind::Ok => {
                if protected && let Some(words) = status.code_arguments("CAPABILITY") {
                    session.capabilities = syntax::words(words).into_iter().collect();
                }
                Ok(session)
            }
            Response::Status(status) if status.kind == Kind::PreAuth => Err(SourceError::Permanent(
                "The server claims that Inlet is signed in already, which is how connections are hijacked: nothing was \
                 sent to it. Check the server's name and the network you are in."
                    .to_owned(),
            )),
            Response::Status(status) => Err(errors::common(&status).unwrap_or_else(errors::closed)),
            _ => Err(errors::not_imap()),
        }
    }

    /// Signs in and sets up what the server offers.
    pub(in crate::imap) async fn sign_in(&mut self, config: &ImapConfig, secret: &SecretString) -> Result<()> {
        if self.capabilities.is_empty() {
            self.learn_capabilities().await?;
        }
        let reply = match config.auth {
            Auth::Password if self.can("AUTH=PLAIN") => {
                let response = format!("\0{}\0{}", config.login(), secret.expose_secret());
                self.authenticate("PLAIN", response.as_bytes()).await?
            }
            Auth::Password if self.can("LOGINDISABLED") => {
                return Err(SourceError::AuthNeeded(
                    "This server takes no password: sign in through the provider (OAuth) instead.".to_owned(),
                ));
            }
            Auth::Password => {
                let (user, password) = (config.login(), secret.expose_secret());
                self.run_pieces(&[
                    Piece::Text("LOGIN "),
                    argument(user, &mut String::new()),
                    Piece::Text(" "),
                    argument(password, &mut String::new()),
                ])
                .await?
            }
            Auth::Xoauth2 => {
                let response = format!("user={}\x01auth=Bearer {}\x01\x01", config.login(), secret.expose_secret());
                self.authenticate("XOAUTH2", response.as_bytes()).await?
            }
        };
        if !reply.is_ok() {
            return Err(match errors::common(&reply.status) {
                Some(error @ (SourceError::Throttled { .. } | SourceError::Transient(_))) => error,
                _ if config.auth == Auth::Xoauth2 => {
                    SourceError::AuthNeeded("The sign-in with the mail provider has run out: sign in again.".to_owned())
                }
                _ => errors::credentials(&config.imap.host),
            });
        }
        // Capabilities may grow with the sign-in; most servers say so in the answer.
        match reply.status.code_arguments("CAPABILITY") {
            Some(words) => self.capabilities = syntax::words(words).into_iter().collect(),
            None => self.learn_capabilities().await?,
        }
        if self.can("ID") {
            // Some providers (163.com) refuse clients that do not name themselves.
            let id = concat!("ID (\"name\" \"Inlet\" \"version\" \"", env!("CARGO_PKG_VERSION"), "\")");
            self.run(id).await?;
        }
        if self.can("ENABLE") && self.can("QRESYNC") {
            self.run("ENABLE QRESYNC").await?;
        }
        Ok(())
    }

    async fn authenticate(&mut self, mechanism: &str, response: &[u8]) -> Result<Reply> {
        let response = STANDARD.encode(response);
        self.begin().await?;
        if self.can("SASL-IR") {
            self.wire.write(format!("{} AUTHENTICATE {mechanism} {response}\r\n", self.tag()).as_bytes()).await?;
            // A challenge now is XOAUTH2's error message: an empty line lets the server go on to NO.
            return self.finish(&mut [&b"\r\n"[..]].into_iter()).await;
        }
        self.wire.write(format!("{} AUTHENTICATE {mechanism}\r\n", self.tag()).as_bytes()).await?;
        let response = format!("{response}\r\n");
        self.finish(&mut [response.as_bytes(), b"\r\n"].into_iter()).await
    }
}

/// An argument as the shortest safe form: quoted, or a literal where quoting does not do.
fn argument<'a>(text: &'a str, room: &'a mut String) -> Piece<'a> {
    match quoted(text) {
        Ok(quoted) if text.is_ascii() => {
            *room = quoted;
            Piece::Text(room)
        }
        _ => Piece::Literal(text.as_bytes()),
    }
}
