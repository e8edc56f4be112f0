//! The fake Cloud API as a program, for the browser's tests.
//!
//! It prints one line of JSON, `{"url", "admin", …}`, and runs until its standard input ends, so that it
//! never outlives the test that started it. `POST` to `admin` steers it, one command as JSON. It ends with
//! 1 when a request was not one Meta documents.
#![allow(clippy::expect_used, reason = "a test harness fails by panicking")]

use std::{convert::Infallible, io::Read, process::ExitCode, sync::Arc};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use inlet_testkit::whatsapp::{ACCOUNT_ID, APP_SECRET, Events, FakeWhatsApp, NUMBER_ID, TOKEN};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What a test can ask for.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Act {
    /// Events are posted to this address.
    Events { to: std::net::SocketAddr },
    /// Somebody writes, at this time in seconds since 1970.
    Say { from: String, name: String, text: String, at: u64 },
    /// A status of a message that was sent.
    Status { id: String, to: String, status: String, key: String, at: u64 },
    /// A template was approved.
    Template { template: Value },
    /// What was sent so far.
    Sent,
}

async fn act(fake: &FakeWhatsApp, act: Act) -> Value {
    match act {
        Act::Events { to } => {
            fake.events(Events::PostedTo(to));
            Value::Null
        }
        Act::Say { from, name, text, at } => {
            fake.set_clock(at);
            fake.say(&from, &name, &text).await.into()
        }
        Act::Status { id, to, status, key, at } => {
            fake.set_clock(at);
            fake.status(&id, &to, &status, Some(&key), None).await;
            Value::Null
        }
        Act::Template { template } => {
            fake.template(template);
            Value::Null
        }
        Act::Sent => fake.sent().into(),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(fake) = FakeWhatsApp::start("inlet-fake-whatsapp") else { return ExitCode::from(2) };
    let fake = Arc::new(fake);
    // The test says when something is told of a message.
    fake.tells(&[]);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let admin = format!("http://{}/", listener.local_addr().expect("an address"));
    println!(
        "{}",
        json!({
            "url": format!("http://{}/v23.0", fake.address()), "admin": admin, "token": TOKEN, "secret": APP_SECRET,
            "number": NUMBER_ID, "account": ACCOUNT_ID,
        })
    );
    let mut end = tokio::task::spawn_blocking(|| {
        // Nothing is ever written to it: it ends with the one who started this.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
    });
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((socket, _)) = accepted else { continue };
                let fake = Arc::clone(&fake);
                let service = service_fn(move |request| answer(Arc::clone(&fake), request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(socket), service));
            }
            _ = &mut end => break,
        }
    }
    let complaints = fake.complaints();
    for complaint in &complaints {
        eprintln!("{complaint}");
    }
    if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn answer(fake: Arc<FakeWhatsApp>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let (status, body) = match serde_json::from_slice(&body) {
        Ok(asked) => (200, json!({ "result": act(&fake, asked).await })),
        Err(error) => (400, json!({ "error": error.to_string() })),
    };
    let response = Response::builder().status(status).header("content-type", "application/json");
    Ok(response.body(Full::new(Bytes::from(body.to_string()))).expect("an answer"))
}
