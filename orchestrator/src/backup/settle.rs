//! What changes in a copy before it is put into its place: the world has gone on since it was made.

use std::{collections::HashSet, path::Path};

use inlet_model::Timestamp;

use super::manifest::ATTACHMENTS;
use crate::{
    api::types::OpKind,
    files::Attachments,
    store::{Store, StoreError, account, attachment, integrity, outbox},
};

/// Brings a restored copy to this program's schema and into the present. How many operations wait for the person now.
///
/// Whatever was on its way may have arrived, sent by the Inlet the backup was taken from. So it waits for the person, as
/// anything does that may have been sent and of which there is no trace. Accounts begin anew: mail that came between the
/// backup and now is past for rules and notices, which may have answered and told of it already.
///
/// # Errors
/// [`StoreError::Newer`], [`StoreError::Corrupt`], and whatever else the database says.
pub(super) async fn settle(dir: &Path, now: Timestamp) -> Result<u64, StoreError> {
    let folder = dir.to_owned();
    let failed = |error: std::io::Error| StoreError::Io { path: ATTACHMENTS.into(), error };
    let opening = tokio::task::spawn_blocking(move || -> Result<_, StoreError> {
        let here: HashSet<String> = Attachments::open(folder.join(ATTACHMENTS))
            .and_then(|attachments| attachments.hashes())
            .map_err(failed)?
            .into_iter()
            .collect();
        let store = Store::open(&folder, |_| {})?;
        let sound =
            store.read_now(|reader| Ok(integrity::is_sound(&reader.main)? && integrity::is_sound(&reader.bodies)?));
        Ok((store, here, sound))
    });
    let (store, here, sound) = opening.await.map_err(|_| StoreError::Closed)??;
    if !matches!(sound, Ok(true)) {
        store.close().await;
        return Err(sound.err().unwrap_or(StoreError::Corrupt));
    }
    let parked = store
        .write_durable(move |tx| {
            let missing = attachment::hashes(tx.main)?.into_iter().filter(|hash| !here.contains(hash));
            for hash in missing {
                attachment::forget_hash(tx, &hash)?;
            }
            account::begin_anew(tx, now)?;
            outbox::park_open(tx, now, reason)
        })
        .await;
    store.close().await;
    parked
}

/// What is said of an operation that a backup has brought back.
fn reason(kind: OpKind) -> &'static str {
    match kind {
        OpKind::Send => {
            "This was on its way when the backup was made and may already have been sent. Look in Sent or in the \
             conversation, then retry or discard it."
        }
        OpKind::Rsvp => {
            "This answer was on its way when the backup was made and may already have been sent. Look in the calendar \
             or ask the organizer, then retry or discard it."
        }
        OpKind::Flags
        | OpKind::Move
        | OpKind::Label
        | OpKind::Expunge
        | OpKind::Draft
        | OpKind::Tick
        | OpKind::React => {
            "This was waiting when the backup was made and may have been done since. Retry it, or discard it to keep \
             what the server has."
        }
    }
}
