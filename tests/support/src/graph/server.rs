//! The fake on two ports, the API's and the upload sessions'.

use std::{convert::Infallible, io, net::TcpListener, sync::Arc};

use bytes::Bytes;
use futures::{StreamExt, stream};
use http_body_util::{BodyExt, Empty, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    Request, Response,
    body::{Frame, Incoming as Body},
};

use super::{
    exchange::Incoming,
    fault::Kind,
    record::Resource,
    tenant::{Reply, Tenant, bytes_of},
};
use crate::wire::{self, Hosted};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    Api,
    Uploads,
}

/// Starts it; it ends when what comes back is dropped.
pub(crate) fn start(tenant: Arc<Tenant>, api: TcpListener, uploads: TcpListener) -> Hosted {
    let door = |listener, tenant: Arc<Tenant>, door| {
        wire::serve(listener, move |request| answer(Arc::clone(&tenant), door, request))
    };
    Hosted::run(move || async move {
        tokio::select! {
            () = door(api, Arc::clone(&tenant), Door::Api) => {}
            () = door(uploads, tenant, Door::Uploads) => {}
        }
    })
}

type Wire = UnsyncBoxBody<Bytes, io::Error>;

/// A request under way; it is one until its last piece is handed over.
struct Open(Arc<Tenant>, Resource);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.record.leave(self.1);
    }
}

async fn answer(tenant: Arc<Tenant>, door: Door, request: Request<Body>) -> io::Result<Response<Wire>> {
    let (head, body) = request.into_parts();
    let (path, versioned) = match (door, head.uri.path().strip_prefix("/v1.0")) {
        (Door::Uploads, _) => (head.uri.path(), true),
        (Door::Api, Some(path)) => (path, true),
        (Door::Api, None) => (head.uri.path(), false),
    };
    let method = head.method.as_str().to_owned();
    let resource = if door == Door::Uploads { Resource::Upload } else { tenant.resource(&method, path) };
    let count = tenant.record.enter(resource);
    let open = Open(Arc::clone(&tenant), resource);
    let headers = head
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_lowercase(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let request = Incoming {
        path: if versioned { path.to_owned() } else { format!("(no version){path}") },
        method,
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers,
        body: body.collect().await.map_err(io::Error::other)?.to_bytes(),
    };
    let reply = if door == Door::Uploads {
        tenant.upload(&request)
    } else {
        let scopes = tenant.auth.scopes(request.header("authorization")).await;
        tenant.reply(&request, &scopes, count)
    };
    send(reply, open)
}

fn send(reply: Reply, open: Open) -> io::Result<Response<Wire>> {
    if matches!(reply.fate, Some(Kind::Dropped | Kind::Lost)) {
        return Err(io::Error::other("nobody is told"));
    }
    // By the fake's clock, so that a `Retry-After` with a date means what it says.
    let date = open.0.clock.http_date(0);
    let mut response =
        Response::builder().status(reply.answer.status).header("request-id", "a0f1d2c3-7b6a-4e5d").header("date", date);
    for (name, value) in reply.answer.headers {
        response = response.header(name, value);
    }
    let body = match bytes_of(reply.answer.body) {
        None => {
            drop(open);
            Empty::new().map_err(|never: Infallible| match never {}).boxed_unsync()
        }
        Some((media, bytes)) => {
            response = response.header("content-type", media).header("content-length", bytes.len());
            pieces(bytes, reply.fate, open)
        }
    };
    response.body(body).map_err(io::Error::other)
}

/// The body as it is sent: whole, slowly, late, or only half.
fn pieces(bytes: Bytes, fate: Option<Kind>, open: Open) -> Wire {
    let torn = matches!(fate, Some(Kind::Torn));
    let count = if matches!(fate, Some(Kind::Slow(_) | Kind::Torn)) { 10 } else { 1 };
    let size = bytes.len().div_ceil(count).max(1);
    let mut parts: Vec<Bytes> = bytes.chunks(size).map(Bytes::copy_from_slice).collect();
    if torn {
        parts.truncate(parts.len() / 2);
    }
    let end = parts.len();
    let stream = stream::unfold((parts.into_iter().enumerate(), Some(open), fate, torn), move |state| async move {
        let (mut parts, mut open, fate, torn) = state;
        match parts.next() {
            Some((place, part)) => {
                match &fate {
                    Some(Kind::Slow(pause)) => tokio::time::sleep(*pause).await,
                    Some(Kind::Held(gate)) => gate.opened().await,
                    _ => {}
                }
                if place + 1 == end {
                    // Before the client has it all and asks for more.
                    open = None;
                }
                Some((Ok(Frame::data(part)), (parts, open, fate, torn)))
            }
            None if torn => Some((Err(io::Error::other("torn")), (parts, open, fate, false))),
            None => None,
        }
    });
    StreamBody::new(stream.fuse()).boxed_unsync()
}
