//! Token introspection (RFC 7662), which Dovecot asks about XOAUTH2 and OAUTHBEARER sign-ins.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

/// The endpoint Dovecot asks whether an access token is good (RFC 7662).
pub(crate) struct Introspection {
    port: u16,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Introspection {
    pub(crate) fn start(tokens: Vec<(String, String)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().unwrap().port();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            for socket in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                if let Ok(socket) = socket {
                    let tokens = tokens.clone();
                    std::thread::spawn(move || answer(socket, &tokens));
                }
            }
        });
        Self { port, stop, thread: Some(thread) }
    }

    pub(crate) fn configuration(&self) -> String {
        configuration(&format!("http://127.0.0.1:{}/", self.port), "username")
    }
}

/// What Dovecot is told about where to ask, and which member of the answer names the user.
pub(crate) fn configuration(url: &str, user: &str) -> String {
    format!(
        "introspection_mode = post\nintrospection_url = {url}\nusername_attribute = {user}\n\
         active_attribute = active\nactive_value = true\nforce_introspection = yes\nuse_grant_password = no\n"
    )
}

impl Drop for Introspection {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(mut socket: TcpStream, tokens: &[(String, String)]) {
    let _ = socket.set_read_timeout(Some(Duration::from_secs(5)));
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    let body = loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .and_then(|(_, value)| value.trim().parse::<usize>().ok())
                .unwrap_or(0);
            if body.len() >= length {
                break body.to_owned();
            }
        }
        match socket.read(&mut chunk) {
            Ok(n) if n > 0 => bytes.extend_from_slice(&chunk[..n]),
            _ => return,
        }
    };
    let token = body.split('&').find_map(|pair| pair.strip_prefix("token=")).unwrap_or_default();
    let json = match tokens.iter().find(|(known, _)| known == token) {
        Some((_, user)) => serde_json::json!({ "active": true, "username": user }),
        None => serde_json::json!({ "active": false }),
    }
    .to_string();
    let _ = write!(
        socket,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{json}",
        json.len()
    );
}
