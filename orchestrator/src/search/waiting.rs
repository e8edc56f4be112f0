//! What waits for the indexer: a few megabytes, and no more.
//!
//! tantivy lets ten thousand documents wait for its thread, however large they are; a mailbox that is
//! synced faster than it is indexed would lie there in memory. So each document counts from when it is
//! handed over until the indexer takes it up, and whoever hands over waits for room. An indexer that
//! ends drops what waited, which makes room as well: then the next one that is handed over is refused.

use std::sync::Arc;

use parking_lot::{Condvar, Mutex};
use tantivy::{TantivyDocument, schema::document::Document};

/// Bytes of text that may wait: some tenths of a second's work.
const MOST: usize = 4 << 20;
/// Counted for each document beside its text.
const EACH: usize = 1 << 10;

/// Room for documents.
#[derive(Clone, Debug, Default)]
pub(super) struct Room(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    taken: Mutex<usize>,
    left: Condvar,
}

impl Room {
    /// Waits until there is room for a document with so many bytes of text. One that is larger than the
    /// whole room has it for itself.
    pub(super) fn take(&self, text: usize) -> Place {
        let bytes = text.saturating_add(EACH);
        let mut taken = self.0.taken.lock();
        while *taken > 0 && taken.saturating_add(bytes) > MOST {
            self.0.left.wait(&mut taken);
        }
        *taken += bytes;
        Place { room: self.clone(), bytes }
    }
}

/// The room of one document, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    room: Room,
    bytes: usize,
}

impl Drop for Place {
    fn drop(&mut self) {
        *self.room.0.taken.lock() -= self.bytes;
        self.room.0.left.notify_one();
    }
}

/// A document that waits.
pub(super) struct Waiting {
    pub(super) document: TantivyDocument,
    pub(super) _place: Place,
}

impl Document for Waiting {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.document.iter_fields_and_values()
    }

    // The indexer takes it up: the room is another's.
    fn into_tantivy_document(self) -> TantivyDocument {
        self.document
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn what_does_not_fit_waits_for_room() {
        let room = Room::default();
        let large = room.take(10 * MOST);
        let (told, heard) = mpsc::channel();
        let waiting = std::thread::spawn({
            let room = room.clone();
            move || {
                let first = room.take(MOST / 2);
                let second = room.take(MOST / 3);
                let _ = told.send(*room.0.taken.lock());
                drop((first, second));
            }
        });
        assert_eq!(heard.try_recv(), Err(mpsc::TryRecvError::Empty), "nothing fits beside it");
        drop(large);
        assert_eq!(heard.recv(), Ok(MOST / 2 + MOST / 3 + 2 * EACH));
        assert!(waiting.join().is_ok());
        assert_eq!(*room.0.taken.lock(), 0);
    }
}
