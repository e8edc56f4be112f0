//! An incoming webhook of Slack: its address is all it takes to write into one channel, so it is the secret
//! (<https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>).
//!
//! What is told stands in blocks of plain text, so that nothing in it mentions a whole channel or poses as a link.

use inlet_model::{CheckReport, CheckStep, Result, SourceError, Told};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use url::Url;

use super::{Message, asked, cut};
use crate::http;

/// Where Slack's webhooks are, the one of its government cloud included.
const HOSTS: [&str; 2] = ["hooks.slack.com", "hooks.slack-gov.com"];
/// Characters of a header block (<https://docs.slack.dev/reference/block-kit/blocks/header-block>).
const TITLE: usize = 150;
/// Characters of the text of a section (<https://docs.slack.dev/reference/block-kit/blocks/section-block>).
const TEXT: usize = 3000;

pub(super) fn check(secret: &SecretString) -> CheckReport {
    let name = "Look at the address";
    let step = match address(secret) {
        Ok(url) => CheckStep::passed(name, format!("a webhook at {}", url.host_str().unwrap_or_default())),
        Err(error) => {
            CheckStep::failed(name, error.to_string(), "Copy the Webhook URL from your app at api.slack.com/apps.")
        }
    };
    CheckReport { steps: vec![step], ..CheckReport::default() }
}

fn address(secret: &SecretString) -> Result<Url> {
    let url = http::trusted(secret.expose_secret().trim()).ok();
    url.filter(|url| url.scheme() == "http" || url.host_str().is_some_and(|host| HOSTS.contains(&host))).ok_or_else(
        || {
            SourceError::AuthNeeded(
                "This is not the address of a webhook of Slack: it begins with https://hooks.slack.com/services/."
                    .to_owned(),
            )
        },
    )
}

pub(super) async fn send(secret: &SecretString, message: &Message<'_>) -> Result<String> {
    let url = address(secret)?;
    let request = http::api(&url)?.post(url).json(&body(message));
    let (status, pause, answer) = asked(request, "Slack").await?;
    if status.is_success() {
        return Ok("accepted by Slack".to_owned());
    }
    // A word of a fixed list, not a sentence (see the page above, "Handling errors").
    let word = String::from_utf8_lossy(&answer);
    Err(match (status.as_u16(), word.trim()) {
        (429, _) => SourceError::Throttled { retry_after: pause },
        (_, "no_service" | "no_service_id" | "no_team" | "team_disabled" | "invalid_token" | "user_not_found") => {
            SourceError::AuthNeeded(
                "Slack no longer knows this webhook: make a new one at api.slack.com/apps, and connect it again.".to_owned(),
            )
        }
        (_, "channel_not_found" | "channel_is_archived") => SourceError::AuthNeeded(
            "The channel of this webhook is gone or archived: make a webhook for another one, and connect that.".to_owned(),
        ),
        (_, "action_prohibited" | "posting_to_general_channel_denied") => SourceError::AuthNeeded(
            "An administrator of this workspace does not allow this webhook to write there: ask for it, or choose another \
             channel."
                .to_owned(),
        ),
        // Slack's own word that it failed; anything else of this kind comes from in between.
        (_, "rollup_error") | (503, _) => {
            SourceError::Transient("Slack is busy; Inlet tries again later.".to_owned())
        }
        (500.., _) => SourceError::Unknown("Slack failed in the middle of it.".to_owned()),
        (code, _) => SourceError::Permanent(format!("Slack refused this message ({code}).")),
    })
}

fn body(message: &Message<'_>) -> Value {
    let one = |_: char| 1;
    let title = cut(&message.told.title.replace(['\r', '\n'], " "), TITLE, one);
    let text = cut(message.text.trim(), TEXT, one);
    let plain = |text: &str| json!({ "type": "plain_text", "text": text, "emoji": false });
    let mut blocks = Vec::new();
    if !title.trim().is_empty() {
        blocks.push(json!({ "type": "header", "text": plain(&title) }));
    }
    if !text.is_empty() {
        blocks.push(json!({ "type": "section", "text": plain(&text) }));
    }
    if let Some(link) = message.told.link.as_deref().filter(|link| link.len() <= TEXT - 2) {
        // Percent-encoding what would end the link.
        let link = link.replace('<', "%3C").replace('>', "%3E").replace('|', "%7C").replace('&', "&amp;");
        blocks.push(json!({ "type": "section", "text": { "type": "mrkdwn", "text": format!("<{link}>") } }));
    }
    blocks.push(json!({ "type": "context", "elements": [plain(Told::SIGNATURE)] }));
    // What a notification shows, where marks have a meaning.
    let shown = if title.trim().is_empty() { &text } else { &title };
    let shown = shown.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    json!({ "text": shown, "blocks": blocks, "unfurl_links": false, "unfurl_media": false })
}
