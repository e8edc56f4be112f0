//! Passwords and tokens: sealed in the database with one key, which the system's keyring keeps.
//!
//! One 32-byte key in the keyring instead of a keyring entry per token: some keyrings hold only
//! 2.5 KB an entry, and one prompt is enough. Where there is no keyring the key comes from a
//! passphrase (Argon2id). Nothing is ever written in clear.
//!
//! This guards a stolen disk or backup, not against a program that runs as the same user.

use std::sync::Arc;

use argon2::Argon2;
use async_trait::async_trait;
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use inlet_model::{AccountId, SecretName, Secrets, SourceError};
use parking_lot::Mutex;
use secrecy::{ExposeSecret, SecretBox, SecretString};

use crate::{
    api::sentence,
    store::{Store, StoreError, WriteTx, meta, secret},
};

const SERVICE: &str = "org.inlet.Inlet";
const SALT: &str = "passphrase_salt";
const CHECK: &str = "passphrase_check";
const NONCE_LEN: usize = 24;

/// Why a secret could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// There is no keyring and no passphrase was given yet.
    #[error(
        "this system has no keyring; give a passphrase to protect your passwords (in a terminal: set INLET_PASSPHRASE)"
    )]
    Locked,
    /// The passphrase is not the one the secrets were sealed with.
    #[error("that passphrase does not open the stored passwords; try again")]
    WrongPassphrase,
    /// The key that sealed the secrets is gone from the keyring.
    #[error("the stored password cannot be opened any more; please type it again")]
    KeyLost,
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Key = SecretBox<[u8; 32]>;

/// The secret store of one data directory; a copy is the same one.
#[derive(Clone)]
pub struct SecretStore {
    store: Store,
    /// Name of the key in the keyring: every data directory has its own.
    entry: Arc<str>,
    key: Arc<Mutex<Option<Arc<Key>>>>,
    use_keyring: bool,
}

impl SecretStore {
    /// The secret store of a data directory. Without `use_keyring` only a passphrase opens it.
    pub(crate) fn new(store: Store, data_dir: &std::path::Path, use_keyring: bool) -> Self {
        Self { store, entry: format!("data key of {}", data_dir.display()).into(), key: Arc::default(), use_keyring }
    }

    /// Opens the store with a passphrase; the first one given becomes the one.
    ///
    /// # Errors
    /// [`SecretError::WrongPassphrase`], or what the database says.
    pub(crate) async fn unlock(&self, passphrase: SecretString) -> Result<(), SecretError> {
        let (salt, check) = self
            .store
            .read(|reader| Ok((meta::get::<Vec<u8>>(&reader.main, SALT)?, meta::get::<Vec<u8>>(&reader.main, CHECK)?)))
            .await?;
        let fresh = salt.is_none();
        let salt = salt.map_or_else(random::<16>, |salt| salt.try_into().map_err(|_| SecretError::KeyLost))?;
        // Argon2id takes tens of milliseconds by design.
        let key = tokio::task::spawn_blocking(move || derive(&passphrase, &salt))
            .await
            .map_err(|_| SecretError::Locked)??;
        if let Some(check) = check {
            open(&key, b"check", &check).map_err(|_| SecretError::WrongPassphrase)?;
        } else if fresh {
            let check = seal(&key, b"check", b"inlet")?;
            self.store
                .write_durable(move |tx| {
                    meta::set(tx, SALT, salt)?;
                    meta::set(tx, CHECK, check)
                })
                .await?;
        }
        *self.key.lock() = Some(Arc::new(key));
        Ok(())
    }

    /// Seals a secret of an account; it is on the disk when this returns.
    ///
    /// # Errors
    /// [`SecretError::Locked`] where there is neither keyring nor passphrase.
    pub(crate) async fn keep(
        &self,
        account: AccountId,
        name: SecretName,
        secret: SecretString,
    ) -> Result<(), SecretError> {
        let sealer = self.sealer().await?;
        Ok(self.store.write_durable(move |tx| sealer.put(tx, account, &[(name, secret)])).await?)
    }

    /// What seals secrets in a transaction that has begun; it also tells, before anybody types one, that there
    /// is a place to keep it.
    ///
    /// # Errors
    /// [`SecretError::Locked`] where there is neither keyring nor passphrase.
    pub(crate) async fn sealer(&self) -> Result<Sealer, SecretError> {
        let this = self.clone();
        Ok(Sealer(tokio::task::spawn_blocking(move || this.key(true)).await.map_err(|_| SecretError::Locked)??))
    }

    fn read(&self, account: AccountId, name: SecretName) -> Result<Option<SecretString>, SecretError> {
        let Some(sealed) = self.store.read_now(|reader| secret::get(&reader.main, account, name.as_str()))? else {
            return Ok(None);
        };
        let clear = open(&*self.key(false)?, &aad(account, name), &sealed)?;
        String::from_utf8(clear).map(|text| Some(SecretString::from(text))).map_err(|_| SecretError::KeyLost)
    }

    fn key(&self, make: bool) -> Result<Arc<Key>, SecretError> {
        let mut held = self.key.lock();
        if let Some(key) = held.as_ref() {
            return Ok(key.clone());
        }
        let passphrase_rules = self.store.read_now(|reader| meta::get::<Vec<u8>>(&reader.main, CHECK))?.is_some();
        if passphrase_rules || !self.use_keyring {
            return Err(SecretError::Locked);
        }
        let key = Arc::new(keyring_key(&self.entry, make)?);
        *held = Some(key.clone());
        Ok(key)
    }
}

#[async_trait]
impl Secrets for SecretStore {
    fn get(&self, account: AccountId, name: SecretName) -> inlet_model::Result<Option<SecretString>> {
        self.read(account, name).map_err(|error| SourceError::AuthNeeded(sentence(&error)))
    }

    async fn put(&self, account: AccountId, name: SecretName, secret: SecretString) -> inlet_model::Result<()> {
        self.keep(account, name, secret).await.map_err(|error| SourceError::AuthNeeded(sentence(&error)))
    }
}

/// Takes the secrets out of a copy of the database, and with them what a passphrase could be guessed by: a copy goes to
/// places the key in the keyring does not.
pub(crate) fn take_out(copy: &rusqlite::Connection) -> Result<(), StoreError> {
    secret::take_out(copy)?;
    [SALT, CHECK].into_iter().try_for_each(|key| meta::take_out(copy, key))
}

/// Seals secrets.
pub(crate) struct Sealer(Arc<Key>);

impl Sealer {
    /// Seals secrets of an account as part of a transaction.
    ///
    /// # Errors
    /// What the database says; [`StoreError::Refused`] when the system gives no randomness.
    pub(crate) fn put(
        &self,
        tx: &WriteTx<'_>,
        account: AccountId,
        secrets: &[(SecretName, SecretString)],
    ) -> Result<(), StoreError> {
        for (name, clear) in secrets {
            let sealed = seal(&self.0, &aad(account, *name), clear.expose_secret().as_bytes())
                .map_err(|_| StoreError::Refused)?;
            secret::put(tx, account, name.as_str(), &sealed)?;
        }
        Ok(())
    }
}

/// Secrets of an account that is not there yet, in memory: it is tested before it is kept.
#[derive(Default)]
pub(crate) struct Passing(Mutex<Vec<(SecretName, SecretString)>>);

impl Passing {
    /// These.
    pub(crate) fn new(secrets: Vec<(SecretName, SecretString)>) -> Self {
        Self(Mutex::new(secrets))
    }

    /// A password somebody just typed.
    pub(crate) fn password(password: Option<SecretString>) -> Self {
        Self::new(password.into_iter().map(|password| (SecretName::Password, password)).collect())
    }

    /// As they are now.
    pub(crate) fn all(&self) -> Vec<(SecretName, SecretString)> {
        self.0.lock().clone()
    }
}

#[async_trait]
impl Secrets for Passing {
    fn get(&self, _: AccountId, name: SecretName) -> inlet_model::Result<Option<SecretString>> {
        Ok(self.0.lock().iter().find(|(have, _)| *have == name).map(|(_, secret)| secret.clone()))
    }

    async fn put(&self, _: AccountId, name: SecretName, secret: SecretString) -> inlet_model::Result<()> {
        let mut secrets = self.0.lock();
        secrets.retain(|(have, _)| *have != name);
        secrets.push((name, secret));
        Ok(())
    }
}

/// The key kept in the system's keyring. A locked keyring says that there is no entry, so only a write
/// that reads back proves it usable; any other error must never lead to a new key.
fn keyring_key(entry: &str, make: bool) -> Result<Key, SecretError> {
    let entry = keyring::v1::Entry::new(SERVICE, entry).map_err(|_| SecretError::Locked)?;
    match entry.get_secret() {
        Ok(bytes) => bytes.try_into().map(|key| Key::new(Box::new(key))).map_err(|_| SecretError::KeyLost),
        Err(keyring::v1::Error::NoEntry) if make => {
            let key = random::<32>()?;
            entry.set_secret(&key).map_err(|_| SecretError::Locked)?;
            match entry.get_secret() {
                Ok(bytes) if bytes == key => Ok(Key::new(Box::new(key))),
                _ => Err(SecretError::Locked),
            }
        }
        Err(keyring::v1::Error::NoEntry) => Err(SecretError::KeyLost),
        Err(_) => Err(SecretError::Locked),
    }
}

fn derive(passphrase: &SecretString, salt: &[u8]) -> Result<Key, SecretError> {
    let mut key = Box::new([0_u8; 32]);
    Argon2::default()
        .hash_password_into(passphrase.expose_secret().as_bytes(), salt, key.as_mut())
        .map_err(|_| SecretError::Locked)?;
    Ok(Key::new(key))
}

/// A sealed secret cannot be moved to another account or purpose.
fn aad(account: AccountId, name: SecretName) -> Vec<u8> {
    format!("{}/{}", account.0, name.as_str()).into_bytes()
}

fn seal(key: &Key, aad: &[u8], clear: &[u8]) -> Result<Vec<u8>, SecretError> {
    let nonce = random::<NONCE_LEN>()?;
    let cipher = XChaCha20Poly1305::new(key.expose_secret().into());
    let sealed = cipher.encrypt(&XNonce::from(nonce), Payload { msg: clear, aad }).map_err(|_| SecretError::KeyLost)?;
    Ok([&nonce[..], &sealed].concat())
}

fn open(key: &Key, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SecretError> {
    let (nonce, msg) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(SecretError::KeyLost)?;
    XChaCha20Poly1305::new(key.expose_secret().into())
        .decrypt(&XNonce::from(*nonce), Payload { msg, aad })
        .map_err(|_| SecretError::KeyLost)
}

/// Random bytes from the system.
fn random<const N: usize>() -> Result<[u8; N], SecretError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| SecretError::Locked)?;
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn store(dir: &std::path::Path) -> Arc<SecretStore> {
        let store = Store::open(dir, |_| {}).unwrap();
        Arc::new(SecretStore::new(store, dir, false))
    }

    #[tokio::test]
    async fn a_passphrase_opens_what_it_sealed_and_nothing_is_in_clear() {
        let dir = tempfile::tempdir().unwrap();
        let account = AccountId(1);
        {
            let secrets = store(dir.path());
            assert!(matches!(
                secrets.keep(account, SecretName::Password, "hunter2-canary".into()).await,
                Err(SecretError::Locked)
            ));
            secrets.unlock("correct horse".into()).await.unwrap();
            secrets
                .store
                .write(|tx| {
                    tx.main.execute("INSERT INTO account VALUES (1, 'a', '{}', 0, 0)", [])?;
                    Ok(())
                })
                .await
                .unwrap();
            secrets.keep(account, SecretName::Password, "hunter2-canary".into()).await.unwrap();
            secrets.store.close().await;
        }
        let secrets = store(dir.path());
        assert!(secrets.read(account, SecretName::Password).is_err(), "locked after a restart");
        assert!(matches!(secrets.unlock("wrong".into()).await, Err(SecretError::WrongPassphrase)));
        secrets.unlock("correct horse".into()).await.unwrap();
        assert_eq!(secrets.read(account, SecretName::Password).unwrap().unwrap().expose_secret(), "hunter2-canary");
        assert!(secrets.read(AccountId(2), SecretName::Password).unwrap().is_none());
        secrets.store.close().await;
        for entry in std::fs::read_dir(dir.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            assert!(!bytes.windows(14).any(|window| window == b"hunter2-canary"));
        }
    }

    #[test]
    fn a_sealed_secret_belongs_to_its_account() {
        let key = Key::new(Box::new([7; 32]));
        let sealed = seal(&key, &aad(AccountId(1), SecretName::Password), b"x").unwrap();
        assert!(open(&key, &aad(AccountId(1), SecretName::Password), &sealed).is_ok());
        assert!(open(&key, &aad(AccountId(2), SecretName::Password), &sealed).is_err());
        assert!(open(&key, &aad(AccountId(1), SecretName::Password), sealed.get(..10).unwrap()).is_err());
    }
}
