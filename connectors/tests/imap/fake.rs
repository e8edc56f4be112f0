//! A scripted IMAP server on loopback, for what no real server here does: Gmail's extension, refusals
//! and lies.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use inlet_model::{Auth, Endpoint, ImapConfig, Tls};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::TcpListener,
};

/// What a script answers to one command: untagged lines (each with its line end), then the end of the
/// tagged line, such as `OK done`.
pub(crate) type Answer = (String, String);

/// Answers a command, given without its tag.
pub(crate) trait Script: Send + 'static {
    fn answer(&mut self, command: &str) -> Answer;

    fn greeting(&self) -> String {
        "* OK ready\r\n".into()
    }
}

/// A server that goes by a script; all connections share it.
pub(crate) struct Fake {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    pub(crate) async fn start<S: Script>(script: Arc<Mutex<S>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&script), Arc::clone(&log)));
            }
        });
        Self { address, heard }
    }

    pub(crate) fn config(&self) -> ImapConfig {
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
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

async fn serve<S: Script>(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    script: Arc<Mutex<S>>,
    heard: Arc<Mutex<Vec<String>>>,
) {
    let mut stream = BufReader::new(stream);
    let greeting = script.lock().unwrap().greeting();
    let _ = stream.write_all(greeting.as_bytes()).await;
    let mut line = String::new();
    while stream.read_line(&mut line).await.is_ok_and(|length| length > 0) {
        let (tag, command) = line.trim_end().split_once(' ').unwrap_or((line.trim_end(), ""));
        heard.lock().unwrap().push(command.to_owned());
        let (untagged, end) = script.lock().unwrap().answer(command);
        // "HANGUP" closes the connection where the tagged line would stand.
        let answer = if end == "HANGUP" { untagged } else { format!("{untagged}{tag} {end}\r\n") };
        if stream.write_all(answer.as_bytes()).await.is_err() || end == "HANGUP" {
            return;
        }
        line.clear();
    }
}
