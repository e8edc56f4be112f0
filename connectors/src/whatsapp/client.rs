//! Requests to the Cloud API.
//!
//! The token goes to the configured root, and to the one host Meta keeps files at; nowhere else, whatever
//! an answer says. Nothing is retried here.

use std::{sync::Arc, time::Duration};

use futures::StreamExt;
use inlet_model::{AccountId, PartSink, Result, SecretName, Secrets, SourceError};
use reqwest::{
    Client as Http, Method, RequestBuilder, Response,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER},
};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::errors::{Refusal, refusal};
use crate::http::{self, Bulk};

/// Where Meta keeps files.
const FILES: &str = "lookaside.fbsbx.com";

/// The Cloud API for one account.
pub(super) struct Client {
    http: Http,
    bulk: Bulk,
    root: Url,
    account: AccountId,
    secrets: Arc<dyn Secrets>,
}

impl Client {
    /// # Errors
    /// [`SourceError::Permanent`] when the root is neither HTTPS nor on this machine.
    pub(super) fn new(root: &str, account: AccountId, secrets: Arc<dyn Secrets>) -> Result<Self> {
        let root = http::trusted(&format!("{}/", root.trim_end_matches('/')))?;
        Ok(Self { http: http::api(&root)?, bulk: Bulk::new(&root)?, root, account, secrets })
    }

    /// A secret of the account.
    ///
    /// # Errors
    /// [`SourceError::AuthNeeded`] when it is not there.
    pub(super) fn secret(&self, name: SecretName) -> Result<SecretString> {
        self.secrets.get(self.account, name)?.ok_or_else(|| {
            SourceError::AuthNeeded("A secret of this number is missing: connect it again with its token.".to_owned())
        })
    }

    fn bearer(&self) -> Result<HeaderValue> {
        let token = self.secret(SecretName::Password)?;
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose_secret().trim()))
            .map_err(|_| SourceError::AuthNeeded("The access token cannot be used: give it again.".to_owned()))?;
        bearer.set_sensitive(true);
        Ok(bearer)
    }

    fn request(&self, method: Method, url: Url) -> Result<RequestBuilder> {
        Ok(self.http.request(method, url).header(AUTHORIZATION, self.bearer()?))
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.root.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }

    /// Data.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &[&str], query: &[(&str, &str)]) -> Result<T> {
        let mut url = self.url(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        json(answered(self.request(Method::GET, url)?, false).await?, false).await
    }

    /// Does something; `once` for what must not happen twice.
    pub(super) async fn post<T: DeserializeOwned>(&self, path: &[&str], body: &Value, once: bool) -> Result<T> {
        let request = self.request(Method::POST, self.url(path))?.json(body);
        json(answered(request, once).await?, once).await
    }

    /// Brings a file there (RFC 7578).
    pub(super) async fn upload<T: DeserializeOwned>(
        &self,
        path: &[&str],
        name: &str,
        mime: &str,
        data: &[u8],
    ) -> Result<T> {
        let mut mark = [0_u8; 16];
        getrandom::fill(&mut mark)
            .map_err(|_| SourceError::Transient("This computer gives no random numbers; try again.".to_owned()))?;
        let mark: String = mark.iter().map(|byte| format!("{byte:02x}")).collect();
        let field = |name: &str, value: &str| {
            format!("--{mark}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        // A name is for people and may be anything; what would end the header is left out.
        let name: String = name.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\')).collect();
        let mut body = field("messaging_product", "whatsapp").into_bytes();
        body.extend(field("type", mime).into_bytes());
        body.extend(
            format!(
                "--{mark}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 Content-Type: {mime}\r\n\r\n"
            )
            .into_bytes(),
        );
        body.extend(data);
        body.extend(format!("\r\n--{mark}--\r\n").into_bytes());
        let request = self
            .bulk
            .request(Method::POST, self.url(path), body.into())
            .header(AUTHORIZATION, self.bearer()?)
            .header(CONTENT_TYPE, format!("multipart/form-data; boundary={mark}"));
        json(answered(request, false).await?, false).await
    }

    /// The bytes behind an address Meta gave.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when it points to a server that is not Meta's.
    pub(super) async fn download(&self, address: &str, into: &mut dyn PartSink) -> Result<()> {
        let url = Url::parse(address)
            .ok()
            .filter(|url| {
                url.origin() == self.root.origin() || (url.scheme() == "https" && url.host_str() == Some(FILES))
            })
            .ok_or_else(|| {
                SourceError::Permanent("WhatsApp's answer points to another server; it was not followed.".to_owned())
            })?;
        let mut chunks = answered(self.request(Method::GET, url)?, false).await?.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            into.write(&chunk.map_err(|error| http::failure(&error))?).await?;
        }
        Ok(())
    }
}

async fn answered(request: RequestBuilder, once: bool) -> Result<Response> {
    let response = request.send().await.map_err(|error| {
        if once && !error.is_connect() {
            SourceError::Unknown("The connection to WhatsApp broke before it answered.".to_owned())
        } else {
            http::failure(&error)
        }
    })?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let asked = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let body = response.bytes().await.unwrap_or_default();
    let problem = serde_json::from_slice::<Refusal>(&body).unwrap_or_default().error;
    tracing::debug!(status = status.as_u16(), code = problem.code, "WhatsApp refused a request");
    Err(refusal(status, &problem, asked.map(Duration::from_secs), once))
}

async fn json<T: DeserializeOwned>(response: Response, once: bool) -> Result<T> {
    let unknown = |text: &str| {
        if once { SourceError::Unknown(text.to_owned()) } else { SourceError::Transient(text.to_owned()) }
    };
    let bytes = response.bytes().await.map_err(|_| unknown("The connection to WhatsApp broke off."))?;
    serde_json::from_slice(&bytes).map_err(|_| unknown("WhatsApp gave an answer that cannot be read."))
}
