//! A mailbox with a submission server for tests that are not written in Rust.
//!
//! `mailbox USER` starts both, prints the account's settings and its password as JSON, and answers orders, a line of JSON
//! each: `{"deliver": RAW}` puts a mail into the inbox, `{"accepted": N}` waits until so many mails were submitted and
//! gives them, `{"flags": ID}` gives the flags of the mail with this Message-ID. It ends with its standard input.
#![allow(clippy::expect_used, reason = "a test harness fails by panicking")]

use inlet_model::ImapConfig;
use inlet_testkit::{Dovecot, DovecotOptions, SmtpOptions, SmtpServer};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};

#[tokio::main]
async fn main() {
    let user = std::env::args().nth(1).expect("USER");
    let dovecot = Dovecot::start(DovecotOptions::users(&[&user])).await;
    let smtp = SmtpServer::start(SmtpOptions::delivering_to(&dovecot)).await;
    let config = ImapConfig { smtp: Some(smtp.plain_endpoint()), ..dovecot.plain_config(&user) };
    println!("{}", json!({ "config": config, "password": dovecot.password(&user) }));
    let mut orders = BufReader::new(tokio::io::stdin()).lines();
    while let Ok(Some(line)) = orders.next_line().await {
        let order: Value = serde_json::from_str(&line).expect("an order");
        let answer = if let Some(raw) = order.get("deliver").and_then(Value::as_str) {
            json!(dovecot.deliver(&user, "INBOX", raw.as_bytes()))
        } else if let Some(count) = order.get("accepted").and_then(Value::as_u64) {
            let mails = smtp.wait_for(usize::try_from(count).expect("a number")).await;
            json!(mails.iter().map(inlet_testkit::smtp::Accepted::text).collect::<Vec<_>>())
        } else {
            let id = order.get("flags").and_then(Value::as_str).expect("an order that is known");
            let found = dovecot.find(&user, "INBOX", id).await.first().copied().expect("a mail");
            json!(dovecot.flags(&user, "INBOX", found).await)
        };
        println!("{answer}");
    }
}
