//! The fake as a program, as the browser's tests use it.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::{Value, json};

struct Program {
    child: Child,
    told: Value,
}

impl Program {
    fn start(test: &str) -> Option<Self> {
        inlet_testkit::shared(test)?;
        let mut child = Command::new(env!("CARGO_BIN_EXE_inlet-fake-graph"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Some(Self { child, told: serde_json::from_str(&line).expect("a line of JSON") })
    }

    async fn send(&self, method: &str, url: &str, token: &str, body: String) -> (u16, Value) {
        let request = Request::builder().method(method).uri(url).header("authorization", format!("Bearer {token}"));
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        let client = Client::builder(TokioExecutor::new()).build_http();
        let response = client.request(request).await.expect("an answer");
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    async fn act(&self, command: Value) -> Value {
        let (status, answer) = self.send("POST", self.told["admin"].as_str().unwrap(), "", command.to_string()).await;
        assert_eq!(status, 200, "{answer}");
        answer["result"].clone()
    }

    async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        self.send("GET", &format!("{}{path}", self.told["url"].as_str().unwrap()), token, String::new()).await
    }

    /// Closes its standard input, and waits.
    fn end(mut self) -> i32 {
        drop(self.child.stdin.take());
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn the_program_is_steered_by_commands() {
    let Some(program) = Program::start("the_program_is_steered_by_commands") else { return };
    let ann = json!({ "name": "Ann", "address": "ann@contoso.example" });
    program
        .act(json!({ "do": "accept", "token": "t", "scopes": ["Mail.Read", "Chat.Read", "Notes.Read", "User.Read"] }))
        .await;
    program.act(json!({ "do": "be", "name": "Kim Lee", "address": "kim@contoso.example" })).await;
    let id = program.act(json!({ "do": "addMail", "message": { "subject": "Hello", "isRead": true } })).await;
    let chat = program.act(json!({ "do": "addChat", "kind": "oneOnOne", "members": [ann] })).await;
    program.act(json!({ "do": "say", "chat": chat, "from": ann, "html": "<p>Hi</p>" })).await;
    let book = program.act(json!({ "do": "addNotebook", "name": "Work" })).await;
    let section = program.act(json!({ "do": "addSection", "parent": book, "name": "Notes" })).await;
    program.act(json!({ "do": "addPage", "section": section, "title": "Plan", "html": "<p>One</p>" })).await;
    assert_eq!(program.get("/me", "t").await.1["displayName"], "Kim Lee");
    assert_eq!(program.get("/me/messages", "t").await.1["value"][0]["subject"], "Hello");
    assert_eq!(program.get("/me/chats", "t").await.1["value"][0]["id"], chat);
    assert_eq!(program.get("/me/onenote/pages", "t").await.1["value"][0]["title"], "Plan");
    assert_eq!(program.get("/me/messages", "other").await.0, 401);
    program.act(json!({ "do": "fail", "kind": "throttled", "resource": "mail", "retryAfter": 3 })).await;
    assert_eq!(program.get("/me/messages", "t").await.0, 429);
    program.act(json!({ "do": "moveMail", "id": id, "folder": "archive" })).await;
    assert_eq!(program.act(json!({ "do": "mails", "folder": "archive" })).await[0]["subject"], "Hello");
    assert_eq!(program.act(json!({ "do": "requests" })).await["mail"], 3);
    let wrong = json!({ "do": "moveMail", "id": "nothing", "folder": "archive" }).to_string();
    let (status, answer) = program.send("POST", program.told["admin"].as_str().unwrap(), "", wrong).await;
    assert_eq!((status, answer["error"].as_str()), (400, Some("there is no such message")));
    assert_eq!(program.end(), 0);
}

#[tokio::test]
async fn the_program_fails_when_a_request_was_wrong() {
    let Some(program) = Program::start("the_program_fails_when_a_request_was_wrong") else { return };
    assert_eq!(program.get("/me/nothing", "t").await.0, 404);
    assert_eq!(program.end(), 1);
}

#[tokio::test]
async fn tokens_are_asked_for_at_an_authorization_server() {
    let Some(program) = Program::start("tokens_are_asked_for_at_an_authorization_server") else { return };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://client:secret@{}/introspect", listener.local_addr().unwrap());
    let asked = tokio::spawn(async move {
        let mut questions = Vec::new();
        for answer in [json!({ "active": true, "scope": "openid User.Read" }), json!({ "active": false })] {
            let (socket, _) = listener.accept().await.unwrap();
            let (said, answer) = (std::sync::Mutex::new(String::new()), answer.to_string());
            let service = hyper::service::service_fn(async |request: Request<hyper::body::Incoming>| {
                let authorization = request.headers()["authorization"].to_str().unwrap().to_owned();
                let body = request.into_body().collect().await.unwrap().to_bytes();
                *said.lock().unwrap() = format!("{authorization} {}", String::from_utf8_lossy(&body));
                let response = hyper::Response::builder().header("connection", "close");
                Ok::<_, std::convert::Infallible>(response.body(Full::new(Bytes::from(answer.clone()))).unwrap())
            });
            let io = hyper_util::rt::TokioIo::new(socket);
            hyper::server::conn::http1::Builder::new().serve_connection(io, service).await.unwrap();
            questions.push(said.into_inner().unwrap());
        }
        questions
    });
    program.act(json!({ "do": "introspect", "url": url })).await;
    assert_eq!(program.get("/me", "good").await.0, 200);
    assert_eq!(program.get("/me", "bad").await.0, 401);
    assert_eq!(asked.await.unwrap(), ["Basic Y2xpZW50OnNlY3JldA== token=good", "Basic Y2xpZW50OnNlY3JldA== token=bad"]);
    assert_eq!(program.end(), 0);
}
