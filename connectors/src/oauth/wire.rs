//! How requests of the protocol travel: by the one HTTP client.

use std::{future::Future, pin::Pin};

use inlet_model::{Result, SourceError};
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::Client;

use super::{refusal, slackish};
use crate::http;

/// The way to a provider.
pub(super) struct Wire(Client);

impl Wire {
    /// # Errors
    /// [`SourceError::Permanent`] when the address is neither HTTPS nor on this machine.
    pub(super) fn to(address: &str) -> Result<Self> {
        Ok(Self(http::api(&http::trusted(address)?)?))
    }
}

impl<'c> AsyncHttpClient<'c> for Wire {
    type Error = SourceError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(exchange(self.0.clone(), request))
    }
}

async fn exchange(http: Client, request: HttpRequest) -> Result<HttpResponse> {
    let request = reqwest::Request::try_from(request).map_err(|error| http::failure(&error))?;
    let answer = http.execute(request).await.map_err(|error| http::failure(&error))?;
    let mut response = oauth2::http::Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        headers.extend(answer.headers().clone());
    }
    let body = answer.bytes().await.map_err(|error| http::failure(&error))?.to_vec();
    if let Some((status, body)) = slackish::translated(&body) {
        return response.status(status).body(body).map_err(|_| refusal::unreadable());
    }
    response.body(body).map_err(|_| refusal::unreadable())
}
