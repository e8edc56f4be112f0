//! Being told at once: Socket Mode.
//!
//! An app-level token opens a WebSocket over which Slack sends what happened, so that no address of this
//! computer has to be reachable (<https://docs.slack.dev/apis/events-api/using-socket-mode>). What an
//! event says is not believed but looked at: it marks a message as changed, and the next pull fetches
//! that message as it is. So events that come twice, late or out of order do no harm, and one that is
//! lost is made good by the next round.
//!
//! Every envelope is acknowledged at once. Slack ends a socket after some hours and says so before: a new
//! one is opened while the old one still listens. When it breaks, the next is opened after a pause that
//! grows, and until then rounds ask more often. This is a task of its own, for all conversations wait for
//! one socket; it ends with the source.

use std::{sync::Arc, time::Duration};

use futures::{SinkExt, StreamExt};
use inlet_model::{Result, SourceError};
use rustls_pki_types::ServerName;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    task::JoinHandle,
    time::{Instant, timeout},
};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message as Frame};
use url::Url;

use super::{Workspace, client::change, pace::CONNECTIONS_OPEN, wire::SocketUrl};
use crate::http;

/// Time for the connection and its handshakes, each.
const CONNECT: Duration = Duration::from_secs(20);
/// Slack asks after us every few seconds: after this much silence the socket is dead.
const SILENCE: Duration = Duration::from_secs(60);
/// The longest pause before the next socket.
const LONGEST: Duration = Duration::from_secs(300);

/// What a socket runs over.
trait Line: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Line for T {}

type Socket = WebSocketStream<Box<dyn Line>>;

/// How a socket ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Slack will close it soon.
    Refresh,
    /// It broke; it had been in use.
    Broken { used: bool },
    /// There are too many for this app.
    TooMany,
    /// Socket Mode is off for this app.
    Off,
}

/// The task, which ends with whoever holds this.
#[derive(Debug)]
pub(super) struct Keeper(JoinHandle<()>);

impl Keeper {
    /// Keeps a socket open from now on.
    pub(super) fn start(workspace: Arc<Workspace>) -> Self {
        Self(tokio::spawn(async move { workspace.keep().await }))
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Workspace {
    async fn keep(&self) {
        let mut failures = 0_u32;
        loop {
            let end = match self.open().await {
                Ok(socket) => self.follow(socket).await,
                // The token is not good: whoever tests the account is told.
                Err(SourceError::AuthNeeded(_) | SourceError::Permanent(_)) => End::Off,
                Err(SourceError::Throttled { retry_after }) => {
                    tokio::time::sleep(retry_after).await;
                    continue;
                }
                Err(_) => End::Broken { used: false },
            };
            self.rooms().disconnected();
            tracing::info!(?end, "the socket for events ended");
            match end {
                End::Off => return,
                End::TooMany => tokio::time::sleep(LONGEST).await,
                End::Refresh | End::Broken { used: true } => failures = 0,
                End::Broken { used: false } => {
                    failures = failures.saturating_add(1);
                    tokio::time::sleep(pause(failures)).await;
                }
            }
        }
    }

    /// Listens until the socket ends for another reason than that Slack wants to change it.
    async fn follow(&self, mut socket: Socket) -> End {
        let mut lone = true;
        loop {
            let end = self.serve(&mut socket, lone).await;
            if end != End::Refresh {
                return end;
            }
            // The old one may still say something while the new one is opened.
            let opened = tokio::select! {
                opened = self.open() => opened,
                () = async { self.serve(&mut socket, false).await; std::future::pending().await } => return end,
            };
            match opened {
                Ok(fresh) => socket = fresh,
                Err(_) => return End::Broken { used: true },
            }
            // Slack counts the old one, which is closed only now.
            lone = false;
        }
    }

    /// Takes what comes until the socket ends. May be given up at any time: what was not acknowledged
    /// comes again. `counted`: how many sockets Slack says there are is to be believed.
    async fn serve(&self, socket: &mut Socket, counted: bool) -> End {
        let mut used = false;
        loop {
            let frame = match timeout(SILENCE, socket.next()).await {
                Ok(Some(Ok(frame))) => frame,
                _ => return End::Broken { used },
            };
            let Frame::Text(text) = frame else { continue };
            let Ok(envelope) = serde_json::from_str::<Value>(&text) else { continue };
            match string(&envelope, "type") {
                "hello" => {
                    used = true;
                    let others = envelope.get("num_connections").and_then(Value::as_u64).unwrap_or(1);
                    // Events are shared out among the sockets of an app: of those another one gets we hear nothing.
                    match counted && others > 1 {
                        true => self.rooms().disconnected(),
                        false => self.rooms().connected(Instant::now()),
                    }
                    self.told.notify_waiters();
                }
                "disconnect" => match string(&envelope, "reason") {
                    "too_many_websockets" => return End::TooMany,
                    "link_disabled" => return End::Off,
                    _ => return End::Refresh,
                },
                _ => {
                    // Noted first: what is acknowledged does not come again.
                    if let Some(event) = envelope.pointer("/payload/event") {
                        self.heard(event);
                    }
                    let id = string(&envelope, "envelope_id");
                    let acknowledged = json!({ "envelope_id": id }).to_string();
                    if !id.is_empty() && socket.send(Frame::text(acknowledged)).await.is_err() {
                        return End::Broken { used };
                    }
                }
            }
        }
    }

    /// Something happened.
    pub(super) fn heard(&self, event: &Value) {
        match string(event, "type") {
            "message" => {
                let channel = string(event, "channel");
                match string(event, "subtype") {
                    "message_changed" => {
                        let message = event.get("message").unwrap_or(&Value::Null);
                        self.touch(channel, string(message, "ts"), string(message, "thread_ts"));
                    }
                    "message_deleted" => {
                        let before = event.get("previous_message").unwrap_or(&Value::Null);
                        self.touch(channel, string(event, "deleted_ts"), string(before, "thread_ts"));
                    }
                    _ => self.touch(channel, string(event, "ts"), string(event, "thread_ts")),
                }
            }
            "reaction_added" | "reaction_removed" => {
                let item = event.get("item").unwrap_or(&Value::Null);
                self.touch(string(item, "channel"), string(item, "ts"), "");
            }
            "user_change" => {
                let user = event.get("user").unwrap_or(&Value::Null);
                self.people().forget(string(user, "id"));
            }
            _ => return,
        }
        self.told.notify_waiters();
    }

    fn touch(&self, channel: &str, ts: &str, root: &str) {
        if !channel.is_empty() && !ts.is_empty() {
            self.rooms().touch(channel, ts, Some(root).filter(|root| !root.is_empty()));
        }
    }

    /// A socket, as Slack gives one.
    async fn open(&self) -> Result<Socket> {
        let place: SocketUrl = self.client.send(change(CONNECTIONS_OPEN, &[]).as_app()).await?;
        let url = Url::parse(&place.url).map_err(|_| elsewhere())?;
        let host = url.host_str().filter(|host| self.client.is_ours(host)).ok_or_else(elsewhere)?.to_owned();
        let secure = match url.scheme() {
            "wss" => true,
            // Only where the root is on this machine does the host count as ours and the address pass.
            "ws" => http::trusted(&place.url.replacen("ws", "http", 1)).map(|_| false)?,
            _ => return Err(elsewhere()),
        };
        let port = url.port_or_known_default().ok_or_else(elsewhere)?;
        let tcp = in_time(TcpStream::connect((host.as_str(), port))).await?;
        let line: Box<dyn Line> = if secure {
            let name = ServerName::try_from(host).map_err(|_| elsewhere())?;
            Box::new(in_time(TlsConnector::from(http::tls()?).connect(name, tcp)).await?)
        } else {
            Box::new(tcp)
        };
        let (socket, _) = in_time(client_async(place.url.as_str(), line)).await?;
        Ok(socket)
    }
}

async fn in_time<T, E>(step: impl Future<Output = std::result::Result<T, E>>) -> Result<T> {
    match timeout(CONNECT, step).await {
        Ok(Ok(done)) => Ok(done),
        _ => Err(SourceError::Transient("The socket to Slack could not be opened; Inlet tries again.".to_owned())),
    }
}

fn elsewhere() -> SourceError {
    SourceError::Permanent("Slack's answer points to another server; it was not followed.".to_owned())
}

/// 2 s, 4 s, 8 s … and a random part of it, so that not everybody comes back at once.
fn pause(failures: u32) -> Duration {
    let ceiling = Duration::from_secs(2_u64.saturating_pow(failures.min(16))).min(LONGEST);
    let mut random = [0_u8; 1];
    let share = getrandom::fill(&mut random).map_or(1.0, |()| f64::from(random[0]) / 255.0);
    ceiling.mul_f64(0.5 + share / 2.0)
}

fn string<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}
