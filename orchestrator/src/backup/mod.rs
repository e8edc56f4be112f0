//! Everything in one file, and the way back.
//!
//! A backup is a zip archive that any program opens: both databases as they were at one moment, the settings, the files
//! of messages under the hashes of their bytes, and a manifest that says how large each is and what its bytes hash to. A
//! form of our own was refused: somebody who has nothing but this file some day shall get at what is in it.
//!
//! Not in it are the secrets, which only the system's keyring opens, or a passphrase that could be guessed at in peace by
//! whoever finds the file; the search index, which is built anew; logs; and files that were imported from where they lie.
//!
//! It is written in a folder of its own beside its place ([`pack`]) and gets its name when it is on the disk, so that a
//! kill leaves no half of one. [`unpack`] believes nothing: names are looked up and never used as paths, sizes are held
//! to what the manifest says, every hash is compared, and only then anything is put into its place.
//!
//! The world has gone on since a backup was made ([`settle`]): what was about to be sent may have been sent, by the
//! Inlet it was taken from, which may still be at work. So nothing is sent by a copy that a person does not send again.

mod manifest;
mod pack;
mod settle;
mod unpack;

pub use self::{manifest::Restored, unpack::restore};
pub(crate) use self::{
    pack::{Material, write},
    unpack::STAGE,
};

/// Bytes that are read and written at once.
const BLOCK: usize = 256 << 10;
