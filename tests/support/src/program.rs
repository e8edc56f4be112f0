//! A fake as a program of its own, for the browser's tests.
//!
//! It prints one line of JSON, what the fake tells of itself and where it is steered (`admin`), and runs
//! until its standard input ends, so that it never outlives the test that started it. `POST` a command to
//! `admin` and read `{"result": …}` or `{"error": "…"}`. It ends with 1 when a request was not one the vendor
//! documents.

use std::{io::Read, net::TcpListener, process::ExitCode, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming};
use serde_json::{Value, json};

use crate::wire;

/// A fake that is steered from outside.
#[async_trait]
pub trait Steered: Send + Sync + 'static {
    /// What is told of it at the start: an object.
    fn told(&self) -> Value;

    /// Carries out a command in JSON.
    ///
    /// # Errors
    /// One sentence.
    async fn act(&self, command: &[u8]) -> Result<Value, String>;

    /// Called ten times a second.
    fn tick(&self) {}

    /// Requests that nobody documents.
    fn complaints(&self) -> Vec<String>;
}

/// Runs it, inside a runtime, until standard input ends.
///
/// # Panics
/// When there is no free port.
pub async fn run(fake: impl Steered) -> ExitCode {
    let fake = Arc::new(fake);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let mut told = fake.told();
    told["admin"] = json!(format!("http://{}/", listener.local_addr().expect("an address")));
    println!("{told}");
    let end = tokio::task::spawn_blocking(|| {
        // Nothing is ever written to it: it ends with the one who started this.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
    });
    let ticks = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(100));
        loop {
            ticks.tick().await;
            fake.tick();
        }
    };
    let steered = Arc::clone(&fake);
    tokio::select! {
        () = wire::serve(listener, move |request| answer(Arc::clone(&steered), request)) => {}
        () = ticks => {}
        _ = end => {}
    }
    let complaints = fake.complaints();
    for complaint in &complaints {
        eprintln!("{complaint}");
    }
    if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn answer(fake: Arc<impl Steered>, request: Request<Incoming>) -> std::io::Result<Response<Full<Bytes>>> {
    let body = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let (status, body) = match fake.act(&body).await {
        Ok(result) => (200, json!({ "result": result })),
        Err(error) => (400, json!({ "error": error })),
    };
    let response = Response::builder().status(status).header("content-type", "application/json");
    Ok(response.body(Full::new(Bytes::from(body.to_string()))).expect("an answer"))
}
