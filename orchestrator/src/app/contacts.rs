//! Address books that are read in from files.

use super::App;
use crate::{
    api::{
        ApiError,
        types::{ContactFiles, ContactsForgotten, ContactsRead, Nothing, SkippedCard},
    },
    store::contact::{self, Put},
    vcard,
};

/// Largest file that is read, in bytes: cards have pictures.
const LARGEST: u64 = 256 << 20;
/// Cards that are told of one by one when they were skipped.
const TOLD: usize = 50;

impl App {
    /// `contacts.import`.
    pub(crate) async fn import_contacts(&self, params: ContactFiles) -> Result<ContactsRead, ApiError> {
        if params.paths.is_empty() {
            return Err(ApiError::invalid("Name the address books to read."));
        }
        let mut read = ContactsRead::default();
        let mut cards = Vec::new();
        for path in &params.paths {
            let unreadable = |why: &dyn std::fmt::Display| ApiError::invalid(format!("{path} cannot be read: {why}."));
            let size = std::fs::metadata(path).map_err(|error| unreadable(&error))?.len();
            if size > LARGEST {
                return Err(ApiError::invalid(format!("{path} is too large for an address book; export it in parts.")));
            }
            let bytes = tokio::fs::read(path).await.map_err(|error| unreadable(&error))?;
            let found = tokio::task::spawn_blocking(move || vcard::cards(&bytes)).await;
            let found = found.map_err(|error| unreadable(&error))?;
            if found.is_empty() {
                return Err(ApiError::invalid(format!("{path} holds no vCards; export the address book as vCard.")));
            }
            for card in found {
                match card {
                    Ok(card) => cards.push(card),
                    Err(why) => {
                        read.left_out += 1;
                        if read.skipped.len() < TOLD {
                            read.skipped.push(SkippedCard { file: path.clone(), why });
                        }
                    }
                }
            }
        }
        let (added, changed, known) = self
            .store
            .write(move |tx| {
                let (mut added, mut changed, mut known) = (0, 0, 0);
                for card in &cards {
                    match contact::put(tx, card)? {
                        Put::Added => added += 1,
                        Put::Changed => changed += 1,
                        Put::Known => known += 1,
                    }
                }
                Ok((added, changed, known))
            })
            .await?;
        (read.added, read.changed, read.known) = (added, changed, known);
        Ok(read)
    }

    /// `contacts.forget`.
    pub(crate) async fn forget_contacts(&self, _: Nothing) -> Result<ContactsForgotten, ApiError> {
        Ok(ContactsForgotten { cards: self.store.write(contact::clear).await? })
    }
}
