//! Keeping what is written once and used again.

use serde_json::{Map, Value};

use super::App;
use crate::{
    api::{
        ApiError,
        types::{Kept, KeptIdParams, KeptKind, KeptParams, Nothing},
    },
    compose::is_address,
    html,
    store::kept,
};

/// Longest name, in characters.
const LONGEST_NAME: usize = 200;
/// Most bytes one may have: a signature with a picture, not an archive.
const MOST_DATA: usize = 2_000_000;

impl App {
    /// `kept.list`.
    pub(crate) async fn list_kept(&self, params: KeptParams) -> Result<Vec<Kept>, ApiError> {
        Ok(self.store.read(move |reader| kept::list(&reader.main, params.kind)).await?)
    }

    /// `kept.put`.
    pub(crate) async fn put_kept(&self, mut kept: Kept) -> Result<Kept, ApiError> {
        kept.name = kept.name.trim().to_owned();
        if kept.name.is_empty() {
            return Err(ApiError::invalid("Give it a name."));
        }
        if kept.name.chars().count() > LONGEST_NAME {
            return Err(ApiError::invalid(format!("The name is too long; {LONGEST_NAME} characters are the most.")));
        }
        if kept.kind == KeptKind::Images {
            return self.put_images_sender(kept).await;
        }
        if kept.kind == KeptKind::Signature {
            clean_signature(&mut kept)?;
        }
        if serde_json::to_string(&kept.data).map_or(0, |data| data.len()) > MOST_DATA {
            return Err(ApiError::invalid(format!(
                "\"{}\" is too large to keep; make its pictures smaller or leave them out.",
                kept.name
            )));
        }
        self.store
            .write(move |tx| kept::put(tx, &kept))
            .await?
            .ok_or_else(|| ApiError::not_found("What you wanted to change"))
    }

    /// A sender stands once, by the address as mails are compared with it.
    async fn put_images_sender(&self, kept: Kept) -> Result<Kept, ApiError> {
        let address = kept.name.to_lowercase();
        if !is_address(&address) {
            return Err(ApiError::invalid("Give the address of a sender, such as news@example.org."));
        }
        let kept = Kept { id: None, name: address, data: Map::new(), ..kept };
        let put = self
            .store
            .write(move |tx| match kept::named(tx.main, kept.kind, &kept.name)? {
                Some(same) => Ok(Some(same)),
                None => kept::put(tx, &kept),
            })
            .await?;
        put.ok_or_else(|| ApiError::not_found("What you wanted to change"))
    }

    /// `kept.remove`.
    pub(crate) async fn remove_kept(&self, params: KeptIdParams) -> Result<Nothing, ApiError> {
        self.store.write(move |tx| kept::remove(tx, params.id)).await?;
        Ok(Nothing {})
    }
}

/// A signature with formatting is kept as it will be sent, and its text form is made from that, so
/// that a plain mail names the addresses its links lead to.
fn clean_signature(kept: &mut Kept) -> Result<(), ApiError> {
    let Some(own) = kept.data.get("html").and_then(Value::as_str) else { return Ok(()) };
    let sendable = html::sendable(own, &|_| false);
    if sendable.cut {
        return Err(ApiError::invalid(format!("\"{}\" is too large to keep; shorten it.", kept.name)));
    }
    kept.data.insert("text".into(), html::text(&sendable.html).trim_end().into());
    kept.data.insert("html".into(), sendable.html.into());
    Ok(())
}
