//! Asks a mailing list's server to let the person go: one request, no questions (RFC 8058).
//!
//! The request carries no cookie and nothing about the person but what the address itself holds. A
//! redirect is followed on the same host alone, and only one that keeps the request what it is: any other
//! leads to a page that asks something, and that is for a browser.

use std::time::Duration;

use inlet_model::{Result, SourceError};
use reqwest::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use url::Url;

use crate::{http, outward::Outward};

/// The body of the request (RFC 8058 §3.1).
const BODY: &str = "List-Unsubscribe=One-Click";
/// The sentence for an address that is not asked.
const REFUSAL: &str = "Lists are only asked at public and secure web addresses.";
/// Redirects followed.
const MAX_REDIRECTS: usize = 3;

/// Asks lists to let somebody go.
pub struct Unsubscriber {
    outward: Outward,
    /// Plain HTTP will do, for a server of a test.
    plain: bool,
}

impl Unsubscriber {
    /// Asks by HTTPS, and never a private address.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when this build has no usable TLS.
    pub fn new() -> Result<Self> {
        Ok(Self { outward: Outward::new(REFUSAL)?, plain: false })
    }

    /// For tests: may also talk to a server on this machine, without TLS.
    ///
    /// # Errors
    /// As [`Self::new`].
    #[doc(hidden)]
    pub fn allow_loopback() -> Result<Self> {
        Ok(Self { outward: Outward::new(REFUSAL)?.allow_loopback(), plain: true })
    }

    /// Asks. When this returns well the list's server has said that it understood.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when the server refuses, sends on to a page or must not be asked;
    /// [`SourceError::Throttled`], [`SourceError::Offline`] and [`SourceError::Transient`] as the network has it.
    pub async fn ask(&self, url: &str) -> Result<()> {
        let mut url = Url::parse(url).map_err(|_| self.outward.refused())?;
        for _ in 0..=MAX_REDIRECTS {
            if url.scheme() != "https" && !self.plain {
                return Err(self.outward.refused());
            }
            let client = self.outward.client(&url).await?;
            let response = client
                .post(url.clone())
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(BODY)
                .send()
                .await
                .map_err(|error| http::failure(&error))?;
            let status = response.status();
            if matches!(status.as_u16(), 307 | 308) {
                let target = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
                let target = target.and_then(|target| url.join(target).ok()).ok_or_else(elsewhere)?;
                if target.origin() != url.origin() {
                    return Err(elsewhere());
                }
                url = target;
                continue;
            }
            if status.as_u16() == 429 {
                let seconds = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
                return Err(SourceError::Throttled { retry_after: Duration::from_secs(seconds.unwrap_or(60)) });
            }
            return match status {
                status if status.is_success() => Ok(()),
                status if status.is_redirection() => Err(elsewhere()),
                status if status.is_server_error() => {
                    Err(SourceError::Transient("The list's server is busy; try again later.".to_owned()))
                }
                _ => Err(SourceError::Permanent("The list's server refused; open its page instead.".to_owned())),
            };
        }
        Err(elsewhere())
    }
}

/// As [`Unsubscriber::ask`], with one of its own.
///
/// # Errors
/// As [`Unsubscriber::ask`].
pub async fn one_click(url: &str) -> Result<()> {
    Unsubscriber::new()?.ask(url).await
}

fn elsewhere() -> SourceError {
    SourceError::Permanent("The list's server sends you on to another page; open it in the browser.".to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    /// Answers each connection with the next of these, and returns what was asked.
    async fn server(answers: Vec<String>) -> (String, tokio::task::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move {
            let mut asked = Vec::new();
            for answer in answers {
                let (mut socket, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                let mut chunk = [0; 4096];
                while !String::from_utf8_lossy(&request).ends_with(BODY) {
                    let length = socket.read(&mut chunk).await.unwrap();
                    assert!(length > 0, "{}", String::from_utf8_lossy(&request));
                    request.extend_from_slice(&chunk[..length]);
                }
                asked.push(String::from_utf8_lossy(&request).into_owned());
                let _ = socket.write_all(answer.as_bytes()).await;
            }
            asked
        });
        (format!("http://{address}/u"), task)
    }

    fn answer(status: &str, headers: &str) -> String {
        format!("HTTP/1.1 {status}\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n")
    }

    #[tokio::test]
    async fn the_list_hears_one_request_that_says_nothing_else() {
        let answers = vec![answer("307 On", "Location: /v?x=1\r\nSet-Cookie: a=b\r\n"), answer("202 Accepted", "")];
        let (url, task) = server(answers).await;
        Unsubscriber::allow_loopback().unwrap().ask(&url).await.unwrap();
        let asked = task.await.unwrap();
        assert!(asked[0].starts_with("POST /u ") && asked[1].starts_with("POST /v?x=1 "), "{asked:?}");
        for request in asked.iter().map(|request| request.to_ascii_lowercase()) {
            assert!(request.contains("content-type: application/x-www-form-urlencoded"), "{request}");
            for word in ["cookie:", "referer:", "authorization:", "inlet"] {
                assert!(!request.contains(word), "{request}");
            }
        }
    }

    #[tokio::test]
    async fn what_leads_elsewhere_or_is_refused_is_not_called_done() {
        for (status, headers) in [
            ("302 Found", "Location: /done\r\n"),
            ("307 On", "Location: http://127.0.0.1:9/\r\n"),
            ("308 On", "Location: https://other.example/\r\n"),
            ("404 Gone", ""),
        ] {
            let (url, task) = server(vec![answer(status, headers)]).await;
            let result = Unsubscriber::allow_loopback().unwrap().ask(&url).await;
            assert!(matches!(result, Err(SourceError::Permanent(_))), "{status}: {result:?}");
            task.await.unwrap();
        }
        let (url, task) = server(vec![answer("429 Wait", "Retry-After: 7\r\n")]).await;
        let result = Unsubscriber::allow_loopback().unwrap().ask(&url).await;
        assert!(matches!(result, Err(SourceError::Throttled { retry_after }) if retry_after.as_secs() == 7));
        task.await.unwrap();
    }

    #[tokio::test]
    async fn private_and_insecure_addresses_are_never_asked() {
        let unsubscriber = Unsubscriber::new().unwrap();
        for url in ["http://8.8.8.8/", "https://127.0.0.1:9/", "https://10.0.0.1/", "https://a:b@8.8.8.8/", "nonsense"]
        {
            let refused = Err(SourceError::Permanent(REFUSAL.to_owned()));
            assert_eq!(unsubscriber.ask(url).await, refused, "{url}");
        }
    }
}
