//! A scripted IMAP server on loopback, for what no real server here does: Gmail's extension, refusals
//! and lies.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use inlet_model::{Auth, Endpoint, ImapConfig, Tls};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// What a script answers to one command: untagged lines (each with its line end), then the end of the
/// tagged line, such as `OK done`, or one of [`HANG_UP`], [`HANG`] and [`IDLE`].
pub type Answer = (String, String);

/// The connection is closed where the tagged line would stand.
pub const HANG_UP: &str = "HANGUP";
/// The connection stays open, and nothing more comes.
pub const HANG: &str = "HANG";
/// The tagged line follows the client's DONE (RFC 2177).
pub const IDLE: &str = "IDLE";

/// Answers a command, given without its tag.
pub trait Script: Send + 'static {
    /// What is said to it.
    fn answer(&mut self, command: &str) -> Answer;

    /// What is said first.
    fn greeting(&self) -> String {
        "* OK ready\r\n".into()
    }
}

struct Shared {
    heard: watch::Sender<Vec<String>>,
    cut: watch::Sender<()>,
}

/// A server that goes by a script; it ends when dropped.
pub struct FakeImap {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl FakeImap {
    /// A server whose connections share one script.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start<S: Script>(script: Arc<Mutex<S>>) -> Self {
        Self::listen(move || Arc::clone(&script)).await
    }

    /// A server whose connections each have a script of their own.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn each<S: Script>(mut script: impl FnMut() -> S + Send + 'static) -> Self {
        Self::listen(move || Arc::new(Mutex::new(script()))).await
    }

    async fn listen<S: Script>(mut script: impl FnMut() -> Arc<Mutex<S>> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared { heard: watch::Sender::default(), cut: watch::Sender::default() });
        let all = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, shared) = (script(), Arc::clone(&all));
                let mut cut = shared.cut.subscribe();
                tokio::spawn(async move {
                    tokio::select! {
                        () = serve(stream, script, &shared) => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        Self { address, shared, task }
    }

    /// An account on it.
    pub fn config(&self) -> ImapConfig {
        ImapConfig {
            address: "anna@inlet.test".into(),
            display_name: None,
            user: None,
            imap: Endpoint { host: self.address.ip().to_string(), port: self.address.port() },
            smtp: None,
            tls: Tls::LoopbackPlain,
            auth: Auth::Password,
            oauth: None,
            ca: None,
        }
    }

    /// Commands heard so far, without their tags.
    pub fn heard(&self) -> Vec<String> {
        self.shared.heard.borrow().clone()
    }

    /// Waits until this command was heard so many times.
    pub async fn hears(&self, command: &str, times: usize) {
        let count = |heard: &Vec<String>| heard.iter().filter(|one| *one == command).count() >= times;
        let _ = self.shared.heard.subscribe().wait_for(count).await;
    }

    /// Cuts every open connection now.
    pub fn cut_all(&self) {
        self.shared.cut.send_replace(());
    }
}

impl Drop for FakeImap {
    fn drop(&mut self) {
        self.task.abort();
        self.cut_all();
    }
}

async fn serve<S: Script>(stream: TcpStream, script: Arc<Mutex<S>>, shared: &Shared) {
    let mut stream = BufReader::new(stream);
    let greeting = script.lock().unwrap().greeting();
    let _ = stream.write_all(greeting.as_bytes()).await;
    let mut line = String::new();
    while stream.read_line(&mut line).await.is_ok_and(|length| length > 0) {
        let (tag, command) = line.trim_end().split_once(' ').unwrap_or((line.trim_end(), ""));
        let (untagged, end) = script.lock().unwrap().answer(command);
        shared.heard.send_modify(|heard| heard.push(command.to_owned()));
        let answer = match end.as_str() {
            HANG_UP | HANG | IDLE => untagged,
            end => format!("{untagged}{tag} {end}\r\n"),
        };
        if stream.write_all(answer.as_bytes()).await.is_err() || end == HANG_UP {
            return;
        }
        if end == HANG {
            std::future::pending::<()>().await;
        }
        if end == IDLE {
            let mut done = String::new();
            if !stream.read_line(&mut done).await.is_ok_and(|length| length > 0) {
                return;
            }
            if stream.write_all(format!("{tag} OK done\r\n").as_bytes()).await.is_err() {
                return;
            }
        }
        line.clear();
    }
}
