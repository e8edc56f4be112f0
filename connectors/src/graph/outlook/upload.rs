//! Files of a draft: a small one in one request, a large one piece by piece.
//!
//! An upload session (<https://learn.microsoft.com/graph/outlook-large-attachments>) has an address that
//! is its own secret, on a server of Exchange; no token goes there. Pieces go in order, and what the
//! server says it expects next decides what is sent next: after a broken connection it is asked and the
//! upload goes on there.

use base64::{Engine, engine::general_purpose::STANDARD};
use inlet_model::{Result, SourceError};
use reqwest::{
    Method,
    header::{CONTENT_RANGE, HeaderValue},
};
use serde::Deserialize;
use serde_json::json;

use super::{Outlook, draft::File};

/// From this size on a file needs a session.
const LARGE: usize = 3 * 1024 * 1024;
/// Bytes of a piece: a multiple of 320 KiB, and below the 4 MB that are allowed.
const PIECE: usize = 12 * 320 * 1024;
/// Broken connections during one file after which the whole is tried again later.
const PATIENCE: u32 = 5;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    upload_url: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct State {
    next_expected_ranges: Vec<String>,
}

impl State {
    /// Where the next piece begins.
    fn next(&self) -> Option<usize> {
        self.next_expected_ranges.first()?.split('-').next()?.trim().parse().ok()
    }
}

impl Outlook {
    /// Puts a file on a draft.
    pub(super) async fn attach(&self, draft: &str, file: File) -> Result<()> {
        if file.bytes.len() >= LARGE {
            return self.upload(draft, &file).await;
        }
        let body = json!({
            "@odata.type": "#microsoft.graph.fileAttachment",
            "name": file.name,
            "contentType": file.mime,
            "isInline": file.inline,
            "contentId": file.content_id,
            "contentBytes": STANDARD.encode(&file.bytes),
        });
        self.message(Method::POST, draft, &["attachments"]).json(&body)?.send().await?;
        Ok(())
    }

    async fn upload(&self, draft: &str, file: &File) -> Result<()> {
        let size = file.bytes.len();
        let item = json!({ "AttachmentItem": {
            "attachmentType": "file",
            "name": file.name,
            "contentType": file.mime,
            "size": size,
            "isInline": file.inline,
            "contentId": file.content_id,
        } });
        let call = self.message(Method::POST, draft, &["attachments", "createUploadSession"]).json(&item)?;
        let session: Session = call.send().await?.json().await?;
        let (mut at, mut broken) = (0, 0);
        while at < size {
            let end = (at + PIECE).min(size);
            let Some(piece) = file.bytes.get(at..end) else { break };
            let range = HeaderValue::try_from(format!("bytes {at}-{}/{size}", end - 1)).map_err(|_| confused())?;
            let put = self
                .graph
                .anonymous(Method::PUT, &session.upload_url)?
                .header(CONTENT_RANGE, range)
                .body("application/octet-stream", piece.to_vec());
            let told = match put.send().await {
                Ok(answer) if end == size => {
                    drop(answer);
                    return Ok(());
                }
                Ok(answer) => answer.json::<State>().await,
                Err(error) => Err(error),
            };
            at = match told {
                Ok(state) => state.next().unwrap_or(end),
                Err(SourceError::Transient(_) | SourceError::Offline(_)) if broken < PATIENCE => {
                    broken += 1;
                    let look = self.graph.anonymous(Method::GET, &session.upload_url)?;
                    match look.send_if_there().await? {
                        Some(answer) => answer.json::<State>().await?.next().unwrap_or(at),
                        // Closed: the last piece had arrived.
                        None if end == size => return Ok(()),
                        None => return Err(confused()),
                    }
                }
                Err(error) => return Err(error),
            };
        }
        Ok(())
    }
}

fn confused() -> SourceError {
    SourceError::Transient("The upload of a file broke off; Inlet tries it again.".to_owned())
}
