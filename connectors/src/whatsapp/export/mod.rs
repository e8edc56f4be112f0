//! Chats that were exported from WhatsApp on a phone: a text, or an archive of it with its files.
//!
//! | room | what |
//! |---|---|
//! | [`find`] | which exports lie below a path |
//! | [`archive`] | the text and the files of one, out of a folder or a zip archive |
//! | [`head`], [`order`] | date and time in front of a message, in any language |
//! | [`read`], [`words`] | messages, and what stands in them for files, deletions and edits |
//! | [`survey`] | what has to be known of the whole before it is read: who I am, which number is the day |
//! | [`names`] | of files and of people |
//! | [`source`] | all of them as a source: an import is a sync |
//!
//! Exports have no ids. A message is known by its chat, its minute, its author, its words, and how many like
//! it came before in that minute: so the same export, a longer one, and one with files bring the same
//! messages. What is edited between two exports is in both of them, each as it says.

mod archive;
mod find;
mod head;
mod names;
mod order;
mod read;
mod source;
mod survey;
mod words;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests;

pub(crate) use find::{below, is_export};
pub(crate) use source::open;

/// The first bytes as text.
fn hex(bytes: &[u8], count: usize) -> String {
    bytes.iter().take(count).map(|byte| format!("{byte:02x}")).collect()
}
