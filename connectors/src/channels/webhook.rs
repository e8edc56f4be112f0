//! Any web address, signed as Standard Webhooks say
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).
//!
//! Three headers: `webhook-id`, the same at every attempt, by which a receiver knows a repetition;
//! `webhook-timestamp`, the second of this attempt; and `webhook-signature`, `v1,` and the base64 of the
//! HMAC-SHA256 of `id.timestamp.body` over the bytes as they are sent. The key is what stands behind `whsec_`,
//! in base64.
//!
//! The address is judged as a stranger's is: none inside a private network, no redirect. A server on this
//! computer may be named as such, which nobody does by accident.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::Mac;
use inlet_model::{CheckReport, CheckStep, OpKey, Result, SourceError};
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use url::Url;

use super::{Message, pause};
use crate::{http, inbound::keyed, outward::Outward};

/// What a key begins with.
const PREFIX: &str = "whsec_";
/// Bytes of a key, as the specification wants them.
const KEY: std::ops::RangeInclusive<usize> = 24..=64;
/// The sentence for an address that is not written to.
const REFUSAL: &str = "Webhooks go to public addresses that begin with https://, or to a server on this computer \
                       (http://127.0.0.1:…); give another one.";

fn address(url: &str) -> Result<(Outward, Url)> {
    let outward = Outward::new(REFUSAL)?;
    let url = http::trusted(url.trim()).map_err(|_| outward.refused())?;
    Ok((if http::is_loopback(&url) { outward.allow_loopback() } else { outward }, url))
}

fn key(secret: &SecretString) -> Result<Vec<u8>> {
    let encoded = secret.expose_secret().trim().strip_prefix(PREFIX);
    encoded.and_then(|encoded| STANDARD.decode(encoded).ok()).filter(|key| KEY.contains(&key.len())).ok_or_else(|| {
        SourceError::AuthNeeded(
            "The signing secret is whsec_ and 24 to 64 bytes in base64: connect the channel again with one.".to_owned(),
        )
    })
}

pub(super) async fn check(url: &str, secret: &SecretString) -> CheckReport {
    let mut report = CheckReport::default();
    report.steps.push(match key(secret) {
        Ok(_) => CheckStep::passed("Read the signing secret", "it can be signed with"),
        Err(error) => CheckStep::failed("Read the signing secret", error.to_string(), "Let Inlet make one."),
    });
    let found = async {
        let (outward, url) = address(url)?;
        outward.client(&url).await?;
        Ok(url.host_str().unwrap_or_default().to_owned())
    };
    let name = "Find the server";
    report.steps.push(match found.await {
        Ok(host) => CheckStep::passed(name, host),
        Err(error @ SourceError::Permanent(_)) => CheckStep::failed(name, error.to_string(), "Correct the address."),
        Err(error) => CheckStep::failed(name, error.to_string(), "Check the address and the network connection."),
    });
    report
}

pub(super) async fn send(url: &str, secret: &SecretString, id: &OpKey, message: &Message<'_>) -> Result<String> {
    let (outward, url) = address(url)?;
    let key = key(secret)?;
    let body = json!({
        "type": "inlet.message",
        "timestamp": message.told.at,
        "data": { "title": message.told.title, "text": message.text, "link": message.told.link },
    })
    .to_string();
    let seconds = attempted();
    let request = outward
        .client(&url)
        .await?
        .post(url)
        .header(CONTENT_TYPE, "application/json")
        .header("webhook-id", &id.0)
        .header("webhook-timestamp", seconds)
        .header("webhook-signature", signature(&key, &id.0, seconds, body.as_bytes()))
        .body(body);
    // Whoever receives this can tell a repetition: a lost answer is asked for by sending again.
    let response = request.send().await.map_err(|error| http::failure(&error))?;
    let status = response.status();
    match status.as_u16() {
        200..=299 => Ok(format!("taken by the receiver ({})", status.as_u16())),
        300..=399 => Err(SourceError::Permanent(
            "The address leads on to another one, which is not followed: connect the channel with that.".to_owned(),
        )),
        401 | 403 => Err(SourceError::AuthNeeded(
            "The receiver does not accept the signature: give it the same signing secret as this channel has."
                .to_owned(),
        )),
        410 => Err(SourceError::AuthNeeded(
            "The receiver says that it wants nothing more: remove this channel, or give it another address.".to_owned(),
        )),
        429 | 503 => Err(SourceError::Throttled { retry_after: pause(&response) }),
        408 | 425 | 500.. => Err(SourceError::Transient("The receiver is busy; Inlet tries again later.".to_owned())),
        code => Err(SourceError::Permanent(format!("The receiver refused this ({code}): look at what it says there."))),
    }
}

fn signature(key: &[u8], id: &str, seconds: u64, body: &[u8]) -> String {
    let Some(mac) = keyed(key, &[format!("{id}.{seconds}.").as_bytes(), body]) else { return String::new() };
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// The second of this attempt. A receiver compares it with its own clock, so that it cannot be the time at which the
/// message was queued.
#[expect(clippy::disallowed_methods, reason = "the receiver's clock is compared with it, and no decision of ours")]
fn attempted() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's reference libraries.
    #[test]
    fn it_is_signed_as_the_specification_signs() {
        let key = key(&"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into()).unwrap_or_default();
        let signed = signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b"{\"test\": 2432232314}");
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn what_is_no_key_is_said() {
        for wrong in ["", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_not base64"] {
            assert!(matches!(key(&wrong.into()), Err(SourceError::AuthNeeded(_))), "{wrong:?}");
        }
    }

    #[test]
    fn only_public_addresses_and_servers_named_as_of_this_computer_are_written_to() {
        for wrong in ["", "example.org", "http://example.org/", "https://me:pw@example.org/", "ftp://example.org/"] {
            assert!(address(wrong).is_err(), "{wrong:?}");
        }
        assert!(address("https://example.org/hook").is_ok());
        assert!(address("http://127.0.0.1:9/hook").is_ok());
    }

    #[tokio::test]
    async fn private_networks_are_not_written_to() {
        let message = inlet_model::Told {
            title: "t".into(),
            link: None,
            at: inlet_model::Timestamp::UNIX_EPOCH,
            passed: Vec::new(),
        };
        let message = Message { told: &message, text: "x" };
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into();
        for inside in ["https://10.0.0.1/", "https://192.168.1.2/", "https://169.254.169.254/", "https://[fd00::1]/"] {
            let sent = send(inside, &secret, &OpKey("msg_1".into()), &message).await;
            assert_eq!(sent, Err(SourceError::Permanent(REFUSAL.to_owned())), "{inside}");
        }
    }
}
