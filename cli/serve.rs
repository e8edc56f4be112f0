//! The engine over HTTP and WebSocket on this computer, for a browser instead of the window.
//!
//! Only loopback, only with the token that is printed, and only for a `Host` that is this computer:
//! a page of the web cannot reach it, not even by pointing a name of its own at 127.0.0.1.

use std::{net::SocketAddr, path::Path, sync::Arc};

use axum::{
    Json, Router,
    extract::{
        DefaultBodyLimit, Path as UrlPath, Query, Request, State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use inlet_orchestrator::{
    App, WindowEvents,
    api::{ApiError, ErrorCode},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tower_http::{
    services::{ServeDir, ServeFile},
    set_header::SetResponseHeaderLayer,
};

use crate::{
    print::Out,
    run::{Exit, Failure},
};

/// The policy of the page; a mail's frame inherits it and adds its own.
const POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'";
/// A message with its attachments as base64.
const LARGEST_REQUEST: usize = 48 << 20;

struct Served {
    app: Arc<App>,
    token: String,
}

pub(crate) async fn run(app: &Arc<App>, out: Out, listen: SocketAddr, ui: Option<&Path>) -> Result<Exit, Failure> {
    if !listen.ip().is_loopback() {
        return Err(ApiError::new(
            ErrorCode::Refused,
            "Inlet serves this computer only; listen at 127.0.0.1 or [::1].",
        )
        .into());
    }
    let mut bytes = [0_u8; 24];
    getrandom::fill(&mut bytes).map_err(|error| ApiError::new(ErrorCode::Failed, format!("{error}.")))?;
    let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let served = Arc::new(Served { app: app.clone(), token: token.clone() });
    let mut routes = Router::new()
        .route("/rpc/{method}", post(rpc))
        .route("/events", get(events))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .with_state(served);
    if let Some(ui) = ui {
        let index = ui.join("index.html");
        if !index.is_file() {
            return Err(ApiError::not_found(format!("A built front end in {}", ui.display())).into());
        }
        routes = routes.fallback_service(ServeDir::new(ui).fallback(ServeFile::new(index)));
    }
    let header = |name, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    let routes = routes
        .layer(middleware::from_fn(only_here))
        .layer(header(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "no-referrer"))
        .layer(header(header::X_FRAME_OPTIONS, "DENY"));
    let listener = tokio::net::TcpListener::bind(listen).await?;
    let url = format!("http://{}/?token={token}", listener.local_addr()?);
    // Whoever reads where it listens may end it at once.
    let stopped = stopped();
    out.value(&json!({ "url": url }), || url.clone());
    axum::serve(listener, routes).with_graceful_shutdown(stopped).await?;
    Ok(Exit::Done)
}

/// Listens from now on; returns when the system or a person says so.
#[cfg(unix)]
pub(crate) fn stopped() -> impl Future<Output = ()> + Send + 'static {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    async move {
        if let (Ok(mut interrupt), Ok(mut terminate)) = signals {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        } else {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

/// Returns when a person says so.
#[cfg(not(unix))]
pub(crate) async fn stopped() {
    let _ = tokio::signal::ctrl_c().await;
}

/// Refuses a request whose `Host` is not this computer (DNS rebinding).
async fn only_here(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, port)| if port.contains(']') { host } else { name });
    if matches!(name, "127.0.0.1" | "localhost" | "[::1]") {
        next.run(request).await
    } else {
        StatusCode::MISDIRECTED_REQUEST.into_response()
    }
}

/// Compares in a time that does not depend on where the difference is.
fn same(given: &str, token: &str) -> bool {
    given.len() == token.len() && given.bytes().zip(token.bytes()).fold(0, |diff, (a, b)| diff | (a ^ b)) == 0
}

async fn rpc(
    State(served): State<Arc<Served>>,
    UrlPath(method): UrlPath<String>,
    headers: axum::http::HeaderMap,
    Json(params): Json<Value>,
) -> Response {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !same(given.strip_prefix("Bearer ").unwrap_or_default(), &served.token) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match served.app.window_rpc(&method, params).await {
        Ok(value) => Json(value).into_response(),
        Err(error) => {
            let status = match error.code {
                ErrorCode::Invalid => StatusCode::BAD_REQUEST,
                ErrorCode::NotFound => StatusCode::NOT_FOUND,
                ErrorCode::AuthNeeded
                | ErrorCode::Tenant
                | ErrorCode::Registration
                | ErrorCode::Administrator
                | ErrorCode::Locked
                | ErrorCode::Refused => StatusCode::FORBIDDEN,
                ErrorCode::AppLocked => StatusCode::LOCKED,
                ErrorCode::Cancelled => StatusCode::CONFLICT,
                ErrorCode::Offline | ErrorCode::Failed => StatusCode::INTERNAL_SERVER_ERROR,
            };
            (status, Json(json!({ "error": error }))).into_response()
        }
    }
}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    token: String,
}

async fn events(State(served): State<Arc<Served>>, Query(given): Query<Token>, upgrade: WebSocketUpgrade) -> Response {
    if !same(&given.token, &served.token) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    // Heard from before the page knows that the line stands: what it asks then misses nothing.
    let events = served.app.window_events();
    upgrade.on_upgrade(move |socket| forward(events, socket))
}

async fn forward(mut events: WindowEvents, mut socket: WebSocket) {
    while let Some(event) = events.recv().await {
        let Ok(text) = serde_json::to_string(&event) else { return };
        if socket.send(Message::text(text)).await.is_err() {
            return;
        }
    }
}
