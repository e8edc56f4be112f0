//! The fake's sockets: what an app in Socket Mode connects to.
//!
//! As Slack does it (<https://docs.slack.dev/apis/events-api/using-socket-mode>): an address is good for
//! one connection; a new socket says `hello` with the number there are; an event goes to one of them, in an
//! envelope that comes again to the next socket when nobody acknowledged it; a socket that is about to be
//! closed is told so with the reason.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::TcpListener,
    sync::Arc,
};

use futures::{SinkExt, StreamExt};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    sync::{mpsc, watch},
};
use tokio_tungstenite::{
    accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{ErrorResponse, Request, Response},
    },
};

/// What a socket is told to do.
enum Order {
    Say(Value),
    /// The connection ends without a word.
    Cut,
}

#[derive(Default)]
struct State {
    tickets: BTreeSet<String>,
    count: u64,
    open: BTreeMap<u64, mpsc::UnboundedSender<Order>>,
    /// Envelopes that nobody has acknowledged, in their order.
    waiting: VecDeque<Value>,
    twice: bool,
    /// The next so many sockets are told that they are too many.
    too_many: usize,
    /// Sockets of others of the same app.
    others: u64,
}

/// All of them.
pub struct Sockets {
    origin: String,
    state: Mutex<State>,
    changed: watch::Sender<u64>,
}

impl Sockets {
    pub(crate) fn new(origin: String) -> Self {
        Self { origin, state: Mutex::default(), changed: watch::Sender::new(0) }
    }

    /// An address for one connection.
    pub(crate) fn ticket(&self) -> String {
        let mut state = self.state.lock();
        state.count += 1;
        let ticket = format!("{:06}", state.count);
        state.tickets.insert(ticket.clone());
        format!("{}/link/?ticket={ticket}", self.origin)
    }

    /// Sends an envelope to one of the sockets; without any it waits for the next.
    pub(crate) fn tell(&self, envelope: Value) {
        let mut state = self.state.lock();
        let copies = if state.twice { 2 } else { 1 };
        if let Some(socket) = state.open.values().next_back() {
            for _ in 0..copies {
                let _ = socket.send(Order::Say(envelope.clone()));
            }
        }
        state.waiting.push_back(envelope);
    }

    /// What nobody has acknowledged is not sent again: Slack tries for some minutes.
    pub fn give_up(&self) {
        self.state.lock().waiting.clear();
    }

    /// What waits for the next socket comes the newest first.
    pub fn reverse(&self) {
        self.state.lock().waiting.make_contiguous().reverse();
    }

    /// Every envelope comes twice from now on.
    pub fn send_twice(&self) {
        self.state.lock().twice = true;
    }

    /// The next so many sockets are told that there are too many.
    pub fn refuse_as_too_many(&self, times: usize) {
        self.state.lock().too_many = times;
    }

    /// So many sockets of the same app are open elsewhere.
    pub fn others(&self, count: u64) {
        self.state.lock().others = count;
    }

    /// Tells every socket that it will be closed soon.
    pub fn disconnect(&self, reason: &str) {
        let state = self.state.lock();
        for socket in state.open.values() {
            let _ = socket.send(Order::Say(json!({
                "type": "disconnect", "reason": reason, "debug_info": { "host": "wss-111.slack.com" },
            })));
        }
    }

    /// Ends every connection without a word.
    pub fn cut(&self) {
        let state = self.state.lock();
        for socket in state.open.values() {
            let _ = socket.send(Order::Cut);
        }
    }

    /// How many there are.
    pub fn open(&self) -> usize {
        self.state.lock().open.len()
    }

    /// How many there have been.
    pub fn ever(&self) -> u64 {
        *self.changed.borrow()
    }

    /// How many envelopes nobody has acknowledged.
    pub fn waiting(&self) -> usize {
        self.state.lock().waiting.len()
    }

    /// Waits until there have been so many sockets.
    pub async fn connected(&self, ever: u64) {
        let mut changed = self.changed.subscribe();
        // The sender is here, so that the channel cannot be closed.
        let _ = changed.wait_for(|count| *count >= ever).await;
    }

    /// Waits until nothing waits to be acknowledged.
    pub async fn all_acknowledged(&self) {
        let mut changed = self.changed.subscribe();
        while !self.state.lock().waiting.is_empty() {
            // The sender is here, so that the channel cannot be closed.
            let _ = changed.changed().await;
        }
    }

    /// Takes a socket in; its number, and what has to be said at once.
    fn enter(&self, socket: mpsc::UnboundedSender<Order>) -> (u64, Vec<Value>) {
        let mut state = self.state.lock();
        if state.too_many > 0 {
            state.too_many -= 1;
            return (0, vec![json!({ "type": "disconnect", "reason": "too_many_websockets" })]);
        }
        state.count += 1;
        let number = state.count;
        state.open.insert(number, socket);
        let connections = state.open.len() as u64 + state.others;
        let mut first = vec![json!({
            "type": "hello", "num_connections": connections, "connection_info": { "app_id": "A00000001" },
            "debug_info": { "host": "wss-111.slack.com", "approximate_connection_time": 18_060 },
        })];
        // What nobody acknowledged comes again.
        first.extend(state.waiting.iter().map(|envelope| {
            let mut again = envelope.clone();
            again["retry_attempt"] = json!(1);
            again["retry_reason"] = json!("timeout");
            again
        }));
        (number, first)
    }

    fn leave(&self, number: u64) {
        self.state.lock().open.remove(&number);
        self.changed.send_modify(|_| {});
    }

    fn acknowledge(&self, text: &str) {
        let Ok(answer) = serde_json::from_str::<Value>(text) else { return };
        let Some(id) = answer["envelope_id"].as_str() else { return };
        let mut state = self.state.lock();
        state.waiting.retain(|envelope| envelope["envelope_id"] != id);
        drop(state);
        self.changed.send_modify(|_| {});
    }
}

pub(crate) async fn listen(listener: TcpListener, sockets: Arc<Sockets>) {
    listener.set_nonblocking(true).expect("a socket");
    let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        tokio::spawn(serve(stream, Arc::clone(&sockets)));
    }
}

async fn serve(stream: TcpStream, sockets: Arc<Sockets>) {
    #[allow(clippy::result_large_err, reason = "the type is the library's")]
    let admit = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        let ticket = request.uri().query().and_then(|query| query.strip_prefix("ticket=")).unwrap_or_default();
        if sockets.state.lock().tickets.remove(ticket) {
            return Ok(response);
        }
        let mut refusal = ErrorResponse::new(Some("link_not_found".to_owned()));
        *refusal.status_mut() = hyper::StatusCode::NOT_FOUND;
        Err(refusal)
    };
    let Ok(mut socket) = accept_hdr_async(stream, admit).await else { return };
    let (orders, mut ordered) = mpsc::unbounded_channel();
    let (number, first) = sockets.enter(orders);
    for message in first {
        if socket.send(Message::text(message.to_string())).await.is_err() {
            break;
        }
    }
    sockets.changed.send_modify(|count| *count += 1);
    if number == 0 {
        let _ = socket.close(None).await;
        return;
    }
    loop {
        tokio::select! {
            order = ordered.recv() => match order {
                Some(Order::Say(message)) => {
                    if socket.send(Message::text(message.to_string())).await.is_err() {
                        break;
                    }
                }
                Some(Order::Cut) | None => break,
            },
            frame = socket.next() => match frame {
                Some(Ok(Message::Text(text))) => sockets.acknowledge(&text),
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {}
            },
        }
    }
    sockets.leave(number);
}
