//! An account's events on their way into JetStream: sealed, published under a name that follows from their bytes,
//! so that a repetition is told, and done with only when JetStream has them.

use std::{sync::Arc, time::Duration};

use age::x25519::Recipient;
use async_nats::jetstream::{
    Context,
    message::PublishMessage,
    stream::{Config, DiscardPolicy, RetentionPolicy, StorageType},
};
use async_trait::async_trait;
use inlet_model::{EventSink, Fate, Result, SourceError, Timestamp, inbound::is_stale};
use secrecy::SecretString;

use super::{
    config::{Account, File},
    nats::{Link, Names},
    seal::seal,
};
use crate::inbound::keyed_hex;

const DAY: u64 = 86_400;
/// For so long JetStream itself knows a repetition. What comes again later the desktop knows.
const REPEATED_WITHIN: Duration = Duration::from_secs(DAY);
/// What the name of an event is an HMAC of, before its bytes: a mere digest would tell whoever reads the stream
/// whether a guess about an event is right.
const PURPOSE: &[u8] = b"inlet relayed event name\0";

/// The clock, which is the host's.
pub(super) type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The stream of one account.
pub(super) struct Stream {
    link: Link,
    jetstream: Context,
    names: Names,
    secret: SecretString,
    desktops: Vec<Recipient>,
    now: Now,
}

impl Stream {
    /// Makes the stream, or gives it the settings of the file.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when JetStream refuses.
    pub(super) async fn open(
        link: Link,
        file: &File,
        account: &Account,
        secret: SecretString,
        now: Now,
    ) -> Result<Self> {
        let names = Names::of(&account.path)?;
        let max_age = Duration::from_secs(file.keep_days.max(1).saturating_mul(DAY));
        let config = Config {
            name: names.stream.clone(),
            subjects: vec![names.subject.clone()],
            retention: RetentionPolicy::Limits,
            discard: DiscardPolicy::Old,
            storage: StorageType::File,
            max_age,
            max_bytes: file.keep_bytes.and_then(|bytes| i64::try_from(bytes).ok()).unwrap_or(-1),
            num_replicas: file.replicas,
            duplicate_window: REPEATED_WITHIN.min(max_age),
            ..Config::default()
        };
        let jetstream = link.jetstream();
        link.ask(jetstream.create_or_update_stream(config)).await?.map_err(|error| {
            SourceError::Permanent(format!(
                "JetStream does not take the stream of an account ({error}): see that it is switched on, and that the \
                 login may make streams."
            ))
        })?;
        Ok(Self { link, jetstream, names, secret, desktops: account.desktops.clone(), now })
    }
}

#[async_trait]
impl EventSink for Stream {
    async fn append(&self, body: &[u8], said_at: Option<Timestamp>) -> Result<Fate> {
        if is_stale(said_at, (self.now)()) {
            return Ok(Fate::Stale);
        }
        let lost = |_| SourceError::Transient("JetStream does not answer.".to_owned());
        let message = PublishMessage::build()
            .payload(seal(&self.desktops, &self.secret, body)?.into())
            .message_id(keyed_hex(&self.secret, &[PURPOSE, body]));
        let published = async { self.jetstream.send_publish(self.names.subject.clone(), message).await?.await };
        let kept = self.link.ask(published).await?.map_err(lost)?;
        Ok(if kept.duplicate { Fate::Known } else { Fate::Stored })
    }
}
