//! A Dovecot for tests that are not written in Rust.
//!
//! `dovecot USER INTROSPECTION SUBJECT` starts one that takes the access tokens of a provider, delivers
//! one mail with that subject, prints where it is as JSON, and ends with its standard input.
#![allow(clippy::expect_used, reason = "a test harness fails by panicking")]

use std::io::Read;

use inlet_testkit::{Dovecot, DovecotOptions};

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let mut next = || args.next().expect("USER INTROSPECTION SUBJECT");
    let (user, introspection, subject) = (next(), next(), next());
    let options = DovecotOptions { introspection: Some(introspection), ..DovecotOptions::users(&[&user]) };
    let dovecot = Dovecot::start(options).await;
    let mail = format!(
        "Message-ID: <one@inlet.test>\r\nDate: Mon, 1 Jun 2026 10:00:00 +0000\r\nFrom: Bob <bob@inlet.test>\r\n\
         To: {user}\r\nSubject: {subject}\r\n\r\nHello.\r\n"
    );
    dovecot.deliver(&user, "INBOX", mail.as_bytes());
    println!("{}", serde_json::json!({ "host": "localhost", "port": dovecot.tls_port, "ca": dovecot.ca() }));
    let _ = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await;
}
