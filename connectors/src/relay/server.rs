//! The relay itself: hooks, health and metrics at one address, and an end that leaves nothing half done.

use std::{
    collections::{HashMap, HashSet},
    future::Future,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use async_nats::{Client, connection::State as Connection};
use axum::{
    Json, Router,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use inlet_model::{Result, SourceError};
use serde_json::json;
use tokio::{net::TcpListener, sync::Notify};

use super::{
    config::File,
    metrics::{Metrics, word},
    nats::{self, Link},
    stream::{Now, Stream},
};
use crate::inbound::{Hook, LARGEST, Platform};

/// How much more than its event a message may be: the seal, and the headers.
const AROUND: usize = 64 << 10;
/// How long requests that have begun may take when the relay is told to stop.
const GRACE: Duration = Duration::from_secs(20);

/// How a relay is started.
pub struct Options {
    /// Where it listens. TLS is the matter of what stands before it.
    pub listen: SocketAddr,
    /// Addresses of NATS.
    pub nats: String,
    /// Its file.
    pub file: File,
    /// The time.
    pub now: Now,
}

/// A relay that has begun to listen.
pub struct Relay {
    listener: TcpListener,
    address: SocketAddr,
    house: Arc<House>,
}

struct House {
    hooks: HashMap<String, (Platform, Hook)>,
    link: Link,
    metrics: Metrics,
}

impl Relay {
    /// Reads the secrets, reaches NATS, makes the streams and listens.
    ///
    /// # Errors
    /// One sentence about what is missing or wrong.
    pub async fn start(options: Options) -> Result<Self> {
        let Options { listen, nats, file, now } = options;
        let wrong = |text: String| SourceError::Permanent(text);
        if file.hook.is_empty() {
            return Err(wrong(
                "The relay's file names no [[hook]]: put what \"inlet accounts relay ID\" prints into it.".to_owned(),
            ));
        }
        let login = file.nats_login.as_ref().map(|login| login.read()).transpose()?;
        let secrets = file.hook.iter().map(|account| account.secret.read()).collect::<Result<Vec<_>>>()?;
        let mut paths = HashSet::new();
        if let Some(twice) = file.hook.iter().find(|account| !paths.insert(account.path.as_str())) {
            return Err(wrong(format!(
                "The relay's file has {} twice: name all desktops in one [[hook]].",
                twice.path
            )));
        }
        let link = nats::connect(&nats, login.as_ref(), file.nats_ca.as_deref()).await?;
        let most = link.client().server_info().max_payload;
        if most < LARGEST + AROUND {
            return Err(wrong(format!(
                "NATS takes messages of up to {most} bytes, and an event may have {LARGEST}: set max_payload to 8MB \
                 in its configuration."
            )));
        }
        let mut hooks = HashMap::new();
        for (account, secret) in file.hook.iter().zip(secrets) {
            let stream = Stream::open(link.clone(), &file, account, secret.clone(), now.clone()).await?;
            let hook = account.platform.hook(account.path.clone(), secret, Arc::new(stream));
            hooks.insert(account.path.clone(), (account.platform, hook));
        }
        let listener = TcpListener::bind(listen).await.map_err(|_| {
            wrong(format!("The relay cannot listen at {listen}: end what does, or name another address."))
        })?;
        let address = listener.local_addr().unwrap_or(listen);
        Ok(Self { listener, address, house: Arc::new(House { hooks, link, metrics: Metrics::new() }) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop`; then takes nothing more, finishes what has begun, and says goodbye to NATS.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when the system no longer lets it listen.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let routes = Router::new()
            .route("/healthz", get(health))
            .route("/metrics", get(metrics))
            .fallback(answer)
            .with_state(self.house.clone());
        let stopping = Arc::new(Notify::new());
        let told = stopping.clone();
        let serving = axum::serve(self.listener, routes).with_graceful_shutdown(async move {
            stop.await;
            tracing::info!("the relay stops");
            told.notify_one();
        });
        let too_long = async {
            stopping.notified().await;
            tokio::time::sleep(GRACE).await;
        };
        let ended = tokio::select! {
            ended = serving.into_future() => ended,
            () = too_long => Ok(()),
        };
        let _ = self.house.link.client().drain().await;
        ended.map_err(|error| SourceError::Permanent(format!("The relay can no longer listen ({error}).")))
    }
}

async fn health(State(house): State<Arc<House>>) -> Response {
    let nats = connected(house.link.client());
    let status = if nats { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ok": nats, "nats": if nats { "connected" } else { "away" } }))).into_response()
}

async fn metrics(State(house): State<Arc<House>>) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")];
    (kind, house.metrics.text(connected(house.link.client()))).into_response()
}

fn connected(client: &Client) -> bool {
    client.connection_state() == Connection::Connected
}

async fn answer(State(house): State<Arc<House>>, request: Request) -> Response {
    let Some((platform, hook)) = house.hooks.get(request.uri().path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let began = Instant::now();
    let (outcome, response) = hook.answer(request).await;
    let took = began.elapsed();
    house.metrics.count(*platform, outcome, took);
    let (status, ms) = (response.status().as_u16(), u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
    tracing::info!(platform = platform.as_str(), outcome = word(outcome), status, ms, "a request");
    response
}
