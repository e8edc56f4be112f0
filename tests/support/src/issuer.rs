//! A token endpoint for tests that are not about signing in: it turns the refresh token of
//! [`SignedIn`] into whatever access token the test says, until the test says no.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
};

use async_trait::async_trait;
use inlet_model::{
    AccountId, Grant, MicrosoftConfig, OAuthConfig, Prompt, Refusal, SecretName, Secrets, SignIn, SourceType,
};
use parking_lot::Mutex;
use secrecy::SecretString;

use crate::graph::FakeGraph;

const REFRESH: &str = "refresh-of-the-test";

/// A running token endpoint; it ends when it is dropped.
pub struct TokenIssuer {
    root: String,
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

struct State {
    token: Mutex<Option<String>>,
    issued: AtomicUsize,
    stopped: AtomicBool,
}

impl TokenIssuer {
    /// Starts one that gives out this access token.
    ///
    /// # Panics
    /// When there is no free port.
    pub fn start(token: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let root = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(State {
            token: Mutex::new(Some(token.to_owned())),
            issued: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        });
        let shared = Arc::clone(&state);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.stopped.load(Ordering::SeqCst) {
                    break;
                }
                if let Ok(stream) = stream {
                    let _ = answer(stream, &shared);
                }
            }
        });
        Self { root, state, thread: Some(thread) }
    }

    /// The provider as an account is set up with it.
    pub fn config(&self) -> OAuthConfig {
        OAuthConfig {
            authorize_url: format!("{}/authorize", self.root),
            token_url: format!("{}/token", self.root),
            device_url: None,
            client_id: "inlet-test".to_owned(),
            ..OAuthConfig::default()
        }
    }

    /// The account of a fake tenant with one source switched on, signed in here.
    pub fn microsoft(&self, fake: &FakeGraph, source: SourceType, channels: bool) -> MicrosoftConfig {
        MicrosoftConfig {
            oauth: self.config(),
            api_root: fake.api_root().to_owned(),
            address: Some(fake.me().address),
            sources: vec![source],
            channels,
        }
    }

    /// Gives out another access token from now on; `None`: the sign-in was withdrawn.
    pub fn give(&self, token: Option<&str>) {
        *self.state.token.lock() = token.map(str::to_owned);
    }

    /// How many tokens were given out.
    pub fn issued(&self) -> usize {
        self.state.issued.load(Ordering::SeqCst)
    }
}

impl Drop for TokenIssuer {
    fn drop(&mut self) {
        self.state.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.root.trim_start_matches("http://"));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(mut stream: TcpStream, state: &State) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = |line: &str| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok();
            if body.len() >= head.lines().find_map(length).unwrap_or(0) {
                break;
            }
        }
        match stream.read(&mut buffer)? {
            0 => break,
            count => request.extend(buffer.iter().take(count)),
        }
    }
    let known = String::from_utf8_lossy(&request).contains(&format!("refresh_token={REFRESH}"));
    let (status, body) = match state.token.lock().clone().filter(|_| known) {
        Some(token) => {
            state.issued.fetch_add(1, Ordering::SeqCst);
            ("200 OK", format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":3600}}"#))
        }
        None => ("400 Bad Request", r#"{"error":"invalid_grant"}"#.to_owned()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// The secrets of an account that has signed in at a [`TokenIssuer`].
#[derive(Clone, Copy, Debug)]
pub struct SignedIn;

#[async_trait]
impl Secrets for SignedIn {
    fn get(&self, _: AccountId, name: SecretName) -> inlet_model::Result<Option<SecretString>> {
        Ok((name == SecretName::RefreshToken).then(|| REFRESH.into()))
    }

    async fn put(&self, _: AccountId, _: SecretName, _: SecretString) -> inlet_model::Result<()> {
        Ok(())
    }
}

/// As a sign-in, it has happened before anybody asks.
#[async_trait]
impl SignIn for SignedIn {
    fn prompt(&self) -> Prompt {
        Prompt::Browser { url: String::new() }
    }

    async fn finish(self: Box<Self>) -> Result<Grant, Refusal> {
        Ok(Grant { refresh_token: REFRESH.into(), subject: None, address: None })
    }
}
