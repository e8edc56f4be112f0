//! Files of a draft: a small one in one request, a large one piece by piece.
//!
//! An upload session (<https://learn.microsoft.com/graph/outlook-large-attachments>) has an address that
//! is its own secret, on a server of Exchange; no token goes there. Pieces go in order, and what the
//! server says it expects next decides what is sent next: after a broken connection it is asked and the
//! upload goes on there. An upload that has to wait longer, for it was too fast or there is no network,
//! is remembered by its address as long as Inlet runs, and goes on in the same way.

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

    /// A file of this draft was begun and has to be gone on with.
    pub(super) fn has_begun(&self, draft: &str) -> bool {
        self.uploads().keys().any(|(begun, ..)| begun == draft)
    }

    async fn upload(&self, draft: &str, file: &File) -> Result<()> {
        let begun = (draft.to_owned(), file.name.clone(), file.bytes.len());
        let remembered = self.uploads().get(&begun).cloned();
        let known = match remembered {
            Some(url) => self.expected(&url).await?.map(|next| (url, next)),
            None => None,
        };
        let (url, at) = match known {
            Some(known) => known,
            None => (self.session(draft, file).await?, 0),
        };
        self.uploads().insert(begun.clone(), url.clone());
        let done = self.pieces(&url, &file.bytes, at).await;
        if matches!(done, Ok(()) | Err(SourceError::Permanent(_))) {
            self.uploads().remove(&begun);
        }
        done
    }

    /// Begins a session; its address.
    async fn session(&self, draft: &str, file: &File) -> Result<String> {
        let item = json!({ "AttachmentItem": {
            "attachmentType": "file",
            "name": file.name,
            "contentType": file.mime,
            "size": file.bytes.len(),
            "isInline": file.inline,
            "contentId": file.content_id,
        } });
        let call = self.message(Method::POST, draft, &["attachments", "createUploadSession"]).json(&item)?;
        Ok(call.send().await?.json::<Session>().await?.upload_url)
    }

    /// Where a session wants to go on; `None`: it is there no longer.
    async fn expected(&self, url: &str) -> Result<Option<usize>> {
        match self.graph.anonymous(Method::GET, url)?.send_if_there().await? {
            Some(answer) => Ok(answer.json::<State>().await?.next()),
            None => Ok(None),
        }
    }

    async fn pieces(&self, url: &str, bytes: &[u8], from: usize) -> Result<()> {
        let size = bytes.len();
        let (mut at, mut broken) = (from, 0);
        while at < size {
            let end = (at + PIECE).min(size);
            let Some(piece) = bytes.get(at..end) else { break };
            let range = HeaderValue::try_from(format!("bytes {at}-{}/{size}", end - 1)).map_err(|_| confused())?;
            let put = self
                .graph
                .anonymous(Method::PUT, url)?
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
                    match self.expected(url).await? {
                        Some(next) => next,
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
