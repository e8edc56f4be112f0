//! The fake Slack as a program, for the browser's tests.
//!
//! It prints one line of JSON, `{"url", "admin"}`, and runs until its standard input ends, so that it
//! never outlives the test that started it. `POST` to `admin` steers it (`inlet_testkit::slack::admin`).
//! Its clock begins at the machine's: a window shows how long ago things were. It ends with 1 when a
//! request was not one Slack documents.
#![allow(clippy::expect_used, reason = "a test harness fails by panicking")]

use std::{convert::Infallible, io::Read, process::ExitCode, sync::Arc};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use inlet_testkit::slack::{FakeSlack, admin};
use serde_json::json;
use tokio::net::TcpListener;

#[expect(clippy::disallowed_methods, reason = "the clock of the fake is set by the machine's")]
fn tell_the_time(fake: &FakeSlack) {
    fake.set_clock(jiff::Timestamp::now().as_second() - 600);
}

fn main() -> ExitCode {
    let Some(fake) = FakeSlack::start("inlet-fake-slack") else { return ExitCode::from(2) };
    let fake = Arc::new(fake);
    tell_the_time(&fake);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let admin = format!("http://{}/", listener.local_addr().expect("an address"));
        println!("{}", json!({ "url": fake.api_root(), "admin": admin }));
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
    });
    let complaints = fake.take_complaints();
    for complaint in &complaints {
        eprintln!("{complaint}");
    }
    if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn answer(fake: Arc<FakeSlack>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let (status, body) = match admin::run(&fake, &body) {
        Ok(result) => (200, json!({ "result": result })),
        Err(error) => (400, json!({ "error": error })),
    };
    let response = Response::builder().status(status).header("content-type", "application/json");
    Ok(response.body(Full::new(Bytes::from(body.to_string()))).expect("an answer"))
}
