//! Events sealed for desktops, in the format of age (<https://age-encryption.org/v1>): any number of them may read
//! one, and nobody else. Inside, an HMAC with the account's secret stands before the event, for a public key alone
//! would let anybody who knows it make events up. One format that many tools read was preferred to one of our own.

use std::{
    io::{Read, Write},
    iter,
};

use age::{
    Decryptor, Encryptor, Identity,
    x25519::{self, Recipient},
};
use hmac::Mac;
use inlet_model::{Result, SecretName, Secrets, SourceError};
use secrecy::{ExposeSecret, SecretString};

use crate::inbound::{LARGEST, keyed};

/// Bytes of the HMAC.
const MARK: usize = 32;
/// What the HMAC is over, before the event.
const PURPOSE: &[u8] = b"inlet relayed event\0";

/// What a sealed event turned out to be.
pub(super) enum Opened {
    /// What the platform sent.
    Body(Vec<u8>),
    /// It is sealed for others.
    Elses,
    /// It is sealed for this desktop, by somebody who has another secret of the account.
    Foreign,
}

/// Seals an event.
pub(super) fn seal(desktops: &[Recipient], secret: &SecretString, body: &[u8]) -> Result<Vec<u8>> {
    let broken = || SourceError::Transient("The event cannot be sealed.".to_owned());
    let mark = keyed(secret.expose_secret().as_bytes(), &[PURPOSE, body]).ok_or_else(broken)?.finalize().into_bytes();
    let recipients = desktops.iter().map(|desktop| desktop as &dyn age::Recipient);
    let mut sealed = Vec::with_capacity(body.len() + 1024);
    let sealing = Encryptor::with_recipients(recipients).map_err(|_| broken())?;
    let mut writer = sealing.wrap_output(&mut sealed).map_err(|_| broken())?;
    writer.write_all(&mark).and_then(|()| writer.write_all(body)).map_err(|_| broken())?;
    writer.finish().map_err(|_| broken())?;
    Ok(sealed)
}

/// Opens one.
pub(super) fn open(key: &x25519::Identity, secret: &SecretString, sealed: &[u8]) -> Opened {
    let opened = || {
        let decryptor = Decryptor::new_buffered(sealed).ok()?;
        let mut clear = Vec::new();
        let reader = decryptor.decrypt(iter::once(key as &dyn Identity)).ok()?;
        // Nothing longer was ever sealed by a relay.
        reader.take((MARK + LARGEST + 1) as u64).read_to_end(&mut clear).ok()?;
        Some(clear)
    };
    let Some(clear) = opened() else { return Opened::Elses };
    let right = clear.split_first_chunk::<MARK>().filter(|(mark, body)| {
        keyed(secret.expose_secret().as_bytes(), &[PURPOSE, body])
            .is_some_and(|expected| expected.verify_slice(mark.as_slice()).is_ok())
    });
    right.map_or(Opened::Foreign, |(_, body)| Opened::Body(body.to_vec()))
}

/// The key of this desktop.
///
/// # Errors
/// [`SourceError::AuthNeeded`] when it is not there.
pub(super) fn key(account: inlet_model::AccountId, secrets: &dyn Secrets) -> Result<x25519::Identity> {
    let text = secrets.get(account, SecretName::RelayKey)?;
    text.and_then(|text| text.expose_secret().parse().ok()).ok_or_else(|| {
        SourceError::AuthNeeded(
            "The key that opens what the relay kept is missing: set the relay of this account up again.".to_owned(),
        )
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn body(opened: Opened) -> Option<Vec<u8>> {
        match opened {
            Opened::Body(body) => Some(body),
            Opened::Elses | Opened::Foreign => None,
        }
    }

    #[test]
    fn each_desktop_opens_it_and_nobody_else() {
        let (first, second, other) =
            (x25519::Identity::generate(), x25519::Identity::generate(), x25519::Identity::generate());
        let secret = SecretString::from("app secret");
        for event in [b"".as_slice(), b"canary: the words of a message", &vec![7; LARGEST]] {
            let sealed = seal(&[first.to_public(), second.to_public()], &secret, event).unwrap();
            assert!(event.is_empty() || !sealed.windows(event.len()).any(|window| window == event));
            assert_eq!(body(open(&first, &secret, &sealed)).as_deref(), Some(event));
            assert_eq!(body(open(&second, &secret, &sealed)).as_deref(), Some(event));
            assert!(matches!(open(&other, &secret, &sealed), Opened::Elses));
        }
    }

    #[test]
    fn what_was_changed_or_made_up_is_not_opened() {
        let key = x25519::Identity::generate();
        let secret = SecretString::from("app secret");
        let sealed = seal(&[key.to_public()], &secret, b"an event").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(body(open(&key, &secret, &changed)).is_none(), "byte {at}");
            assert!(body(open(&key, &secret, &sealed[..at])).is_none(), "cut at {at}");
        }
        let forged = seal(&[key.to_public()], &SecretString::from("another"), b"an event").unwrap();
        assert!(matches!(open(&key, &secret, &forged), Opened::Foreign));
        let unmarked = age::encrypt(&key.to_public(), b"an event").unwrap();
        assert!(matches!(open(&key, &secret, &unmarked), Opened::Foreign));
    }
}
