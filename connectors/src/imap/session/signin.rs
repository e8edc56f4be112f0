//! From a name to a signed-in session.
//!
//! Nothing is believed that came before TLS: capabilities are asked again, bytes read ahead are
//! thrown away, and credentials leave only once the connection is protected (RFC 8314, RFC 9051
//! §11.1).
//!
//! Signing in is left to `async-imap`; only a password that cannot be quoted is sent by hand, in a
//! literal.

use std::sync::Arc;

use async_imap::{Authenticator, error::Error};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use inlet_model::{Auth, ImapConfig, Result, SourceError, Tls};
use rustls::ClientConfig;
use secrecy::{ExposeSecret as _, SecretString};

use super::{Peer, Piece, Session, broken, quoted, unbroken};
use crate::imap::{
    answer::{Answer, Kind, Status, words},
    dial::{dial, secure},
    errors,
    guard::{Guarded, Stream},
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
                let Peer::Client(client) = plain.peer else { return Err(errors::closed()) };
                let stream = secure(client.into_inner().into_stream(), host, tls).await?;
                let mut session = Self::new(Guarded::new(stream));
                session.learn_capabilities().await?;
                Ok(session)
            }
        }
    }

    /// Reads the greeting. `protected`: what it says may be believed.
    async fn greeted(stream: impl Stream + 'static, protected: bool) -> Result<Self> {
        let mut session = Self::new(Guarded::new(stream));
        match session.read().await?.ok_or_else(errors::closed)? {
            Answer::Status(status) if status.kind == Kind::Ok => {
                if protected && let Some(offered) = status.code_arguments("CAPABILITY") {
                    session.capabilities = words(offered).into_iter().collect();
                }
                Ok(session)
            }
            Answer::Status(status) if status.kind == Kind::PreAuth => Err(SourceError::Permanent(
                "The server claims that Inlet is signed in already, which is how connections are hijacked: nothing was \
                 sent to it. Check the server's name and the network you are in."
                    .to_owned(),
            )),
            Answer::Status(status) => Err(errors::common(&status).unwrap_or_else(errors::closed)),
            _ => Err(errors::not_imap()),
        }
    }

    /// Signs in and sets up what the server offers.
    pub(in crate::imap) async fn sign_in(&mut self, config: &ImapConfig, secret: &SecretString) -> Result<()> {
        if self.capabilities.is_empty() {
            self.learn_capabilities().await?;
        }
        let status = match config.auth {
            Auth::Password if self.can("AUTH=PLAIN") => {
                let response = format!("\0{}\0{}", config.login(), secret.expose_secret());
                self.authenticate("PLAIN", response).await?
            }
            Auth::Password if self.can("LOGINDISABLED") => {
                return Err(SourceError::AuthNeeded(
                    "This server takes no password: sign in through the provider (OAuth) instead.".to_owned(),
                ));
            }
            Auth::Password => self.log_in(config.login(), secret.expose_secret()).await?,
            Auth::Xoauth2 => {
                let response = format!("user={}\x01auth=Bearer {}\x01\x01", config.login(), secret.expose_secret());
                self.authenticate("XOAUTH2", response).await?
            }
        };
        if status.kind != Kind::Ok {
            return Err(match errors::common(&status) {
                Some(error @ (SourceError::Throttled { .. } | SourceError::Transient(_))) => error,
                _ if config.auth == Auth::Xoauth2 => {
                    SourceError::AuthNeeded("The sign-in with the mail provider has run out: sign in again.".to_owned())
                }
                _ => errors::credentials(&config.imap.host),
            });
        }
        // Capabilities may grow with the sign-in; most servers say so in the answer.
        match status.code_arguments("CAPABILITY") {
            Some(offered) => self.capabilities = words(offered).into_iter().collect(),
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

    async fn authenticate(&mut self, mechanism: &str, response: String) -> Result<Status> {
        let (mechanism, answers) = if self.can("SASL-IR") {
            (format!("{mechanism} {}", STANDARD.encode(response)), Answers(None))
        } else {
            (mechanism.to_owned(), Answers(Some(response)))
        };
        self.begin()?;
        let Peer::Client(client) = std::mem::replace(&mut self.peer, Peer::Nobody) else {
            return Err(errors::closed());
        };
        let outcome = unbroken(client.authenticate(mechanism, answers)).await?;
        self.signed_in(outcome)
    }

    async fn log_in(&mut self, user: &str, password: &str) -> Result<Status> {
        let (mut first, mut second) = (String::new(), String::new());
        let (user_piece, password_piece) = (argument(user, &mut first), argument(password, &mut second));
        if [&user_piece, &password_piece].iter().any(|piece| matches!(piece, Piece::Literal(_))) {
            let pieces = [Piece::Text("LOGIN "), user_piece, Piece::Text(" "), password_piece];
            return Ok(self.run_pieces(&pieces).await?.status);
        }
        self.begin()?;
        let Peer::Client(client) = std::mem::replace(&mut self.peer, Peer::Nobody) else {
            return Err(errors::closed());
        };
        let outcome = unbroken(client.login(user, password)).await?;
        self.signed_in(outcome)
    }

    /// Takes the connection back; tells what the server said, which `async-imap` has only as a text.
    fn signed_in(
        &mut self,
        outcome: std::result::Result<async_imap::Session<Guarded>, (Error, async_imap::Client<Guarded>)>,
    ) -> Result<Status> {
        let failure = match outcome {
            Ok(session) => {
                self.peer = Peer::Session(session);
                None
            }
            Err((error, client)) => {
                self.peer = Peer::Client(client);
                Some(error)
            }
        };
        match (self.guard()?.take_done(), failure) {
            (Some(status), None | Some(Error::No(_) | Error::Bad(_))) => {
                self.end();
                Ok(status)
            }
            (_, Some(Error::Io(error))) => Err(match broken(&error) {
                closed if closed == errors::closed() => self.left(),
                other => other,
            }),
            (_, Some(Error::ConnectionLost)) => Err(self.left()),
            _ => Err(errors::not_imap()),
        }
    }
}

/// The response, then empty lines: a challenge after it is XOAUTH2's error message, and the empty
/// line lets the server go on to NO.
struct Answers(Option<String>);

impl Authenticator for Answers {
    type Response = String;

    fn process(&mut self, _: &[u8]) -> String {
        self.0.take().unwrap_or_default()
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
