//! A desktop reads what a relay kept for it.
//!
//! A task fetches from the durable consumer of this desktop, and hands what it fetched to the account's own queue
//! together with the place in the stream that is reached by it: that is one transaction, and its place is the only
//! one that counts. JetStream's is told afterwards, so that who runs the relay sees how far each desktop is. When
//! the two differ, after a crash or with a backup brought back, the consumer is made anew where the desktop is; so
//! the order is kept, nothing is lost, and nothing comes twice.
//!
//! A stream's numbers have no holes. One that is skipped was dropped by the stream's limits, which the queue is
//! told, unless deliveries went astray: those are numbered too.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use age::x25519::Identity;
use async_nats::jetstream::{
    self, AckKind, Context,
    consumer::{AckPolicy, DeliverPolicy, PullConsumer, pull},
    context::GetStreamErrorKind,
    stream::Stream,
};
use futures::StreamExt;
use inlet_model::{AccountId, Arrival, EventQueue, Place, RelayConfig, Result, SecretName, Secrets, SourceError};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use tokio::{sync::watch, task::JoinHandle};

use super::{
    nats::{self, Link, Names},
    seal::{self, Opened},
};

/// Events that are taken over at once.
const BATCH: usize = 64;
/// Whoever has not said within this time that it has an event is sent it again.
const ACK_WAIT: Duration = Duration::from_secs(30);
/// How often JetStream says that it is there while there is nothing.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// How long a request for events holds.
const EXPIRES: Duration = Duration::from_secs(60);
/// So often in a row deliveries may go astray before it is said.
const ASTRAY: u32 = 3;

/// Reads the stream of one account.
pub(crate) struct Reader {
    work: Arc<Work>,
    task: Mutex<Option<Task>>,
}

struct Work {
    account: AccountId,
    config: RelayConfig,
    names: Names,
    secrets: Arc<dyn Secrets>,
    queue: Arc<dyn EventQueue>,
}

struct Task {
    handle: JoinHandle<()>,
    state: watch::Receiver<State>,
}

impl Drop for Task {
    fn drop(&mut self) {
        self.handle.abort();
    }
}

#[derive(Clone)]
enum State {
    /// There may be something that is not here.
    Behind,
    /// All there was when somebody looked last is here.
    Even,
    Failed(SourceError),
}

impl Reader {
    /// A reader of the stream whose events are received at `path`.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] for a path that is none of ours.
    pub(crate) fn new(
        account: AccountId,
        config: &RelayConfig,
        path: &str,
        secrets: Arc<dyn Secrets>,
        queue: Arc<dyn EventQueue>,
    ) -> Result<Self> {
        let work = Work { account, config: config.clone(), names: Names::of(path)?, secrets, queue };
        Ok(Self { work: Arc::new(work), task: Mutex::default() })
    }

    /// Reads from now on; returns when all there is now is in the queue.
    ///
    /// # Errors
    /// What keeps it from reading.
    pub(crate) async fn even(&self) -> Result<()> {
        let mut state = self.state();
        match &*state.wait_for(|state| !matches!(state, State::Behind)).await.map_err(|_| ended())? {
            State::Failed(error) => Err(error.clone()),
            State::Even | State::Behind => Ok(()),
        }
    }

    /// Returns when it reads no longer, with why.
    pub(crate) async fn failure(&self) -> SourceError {
        let mut state = self.state();
        match state.wait_for(|state| matches!(state, State::Failed(_))).await.as_deref() {
            Ok(State::Failed(error)) => error.clone(),
            _ => ended(),
        }
    }

    /// What the task does; one that has failed is begun again.
    fn state(&self) -> watch::Receiver<State> {
        let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(task) = task.as_ref().filter(|task| !task.handle.is_finished()) {
            return task.state.clone();
        }
        let (say, state) = watch::channel(State::Behind);
        let work = self.work.clone();
        let handle = tokio::spawn(async move {
            let Err(error) = work.read(&say).await;
            say.send_replace(State::Failed(error));
        });
        *task = Some(Task { handle, state: state.clone() });
        state
    }

    /// Reaches the stream, and says how many events in it are not here yet.
    ///
    /// # Errors
    /// What keeps it from doing so.
    pub(crate) async fn look(&self) -> Result<u64> {
        let link = self.work.connect().await?;
        let stream = link.ask(self.work.stream(&link.jetstream())).await??;
        let here = self.work.queue.taken_over().await?.filter(|place| place.stream == named(&stream));
        let state = &stream.cached_info().state;
        let read = here.map_or(state.first_sequence.saturating_sub(1), |place| place.seq);
        Ok(state.last_sequence.saturating_sub(read))
    }

    /// This event is among the newest of the stream.
    ///
    /// # Errors
    /// What keeps it from looking.
    pub(crate) async fn has(&self, body: &[u8]) -> Result<bool> {
        let (key, secret) = self.work.keys()?;
        let link = self.work.connect().await?;
        let stream = link.ask(self.work.stream(&link.jetstream())).await??;
        let last = stream.cached_info().state.last_sequence;
        for seq in (last.saturating_sub(BATCH as u64)..=last).rev() {
            let Ok(message) = link.ask(stream.get_raw_message(seq)).await? else { continue };
            match seal::open(&key, &secret, &message.payload) {
                Opened::Body(kept) if kept == body => return Ok(true),
                Opened::Foreign => return Err(foreign()),
                Opened::Body(_) | Opened::Elses => {}
            }
        }
        Ok(false)
    }
}

/// Where a consumer stands.
struct At {
    consumer: PullConsumer,
    /// Of which stream.
    stream: String,
    /// What is in the queue.
    here: Option<Place>,
    /// The last number of the stream that was seen.
    seq: u64,
    /// The number of the last delivery.
    delivered: u64,
}

/// How reading a batch ended.
enum Taken {
    /// With so many left.
    Left(u64),
    /// Deliveries went astray.
    Astray,
}

impl Work {
    async fn connect(&self) -> Result<Link> {
        let login = self.secrets.get(self.account, SecretName::RelayLogin)?;
        nats::connect(&self.config.nats, login.as_ref(), self.config.ca.as_deref()).await
    }

    async fn stream(&self, jetstream: &Context) -> Result<Stream> {
        jetstream.get_stream(&self.names.stream).await.map_err(|error| match error.kind() {
            GetStreamErrorKind::JetStream(_) => SourceError::Permanent(
                "The relay has no stream for this account: put its piece into the relay's file, and start the relay."
                    .to_owned(),
            ),
            _ => broken(error),
        })
    }

    fn keys(&self) -> Result<(Identity, SecretString)> {
        let secret = self.secrets.get(self.account, SecretName::AppSecret)?.ok_or_else(|| {
            SourceError::AuthNeeded("A secret of this account is missing: connect it again.".to_owned())
        })?;
        Ok((seal::key(self.account, &*self.secrets)?, secret))
    }

    /// Reads until something keeps it from going on.
    async fn read(&self, say: &watch::Sender<State>) -> Result<std::convert::Infallible> {
        let keys = self.keys()?;
        let link = self.connect().await?;
        link.ask(self.follow(&link.jetstream(), &keys, say)).await?
    }

    async fn follow(
        &self,
        jetstream: &Context,
        (key, secret): &(Identity, SecretString),
        say: &watch::Sender<State>,
    ) -> Result<std::convert::Infallible> {
        let mut astray = 0;
        loop {
            let mut at = self.begin(jetstream, key).await?;
            let messages = at.consumer.stream().max_messages_per_batch(BATCH).heartbeat(HEARTBEAT).expires(EXPIRES);
            // What has arrived together is taken over together.
            let mut batches = messages.messages().await.map_err(broken)?.ready_chunks(BATCH);
            if at.consumer.cached_info().num_pending == 0 {
                say.send_replace(State::Even);
            }
            while let Some(batch) = batches.next().await {
                match self.take(batch, &mut at, key, secret).await? {
                    Taken::Left(left) => {
                        astray = 0;
                        if left == 0 {
                            say.send_replace(State::Even);
                        }
                    }
                    Taken::Astray => break,
                }
            }
            say.send_replace(State::Behind);
            astray += 1;
            if astray == ASTRAY {
                return Err(SourceError::Transient(
                    "The relay's stream breaks off each time; is another Inlet reading with a copy of this one's data?"
                        .to_owned(),
                ));
            }
        }
    }

    /// Stands the consumer of this desktop where its queue is.
    async fn begin(&self, jetstream: &Context, key: &Identity) -> Result<At> {
        let stream = self.stream(jetstream).await?;
        let name = named(&stream);
        let mut here = self.queue.taken_over().await?;
        let before_first = stream.cached_info().state.first_sequence.saturating_sub(1);
        let seq = match &here {
            // A desktop that is new here has missed nothing.
            None => before_first,
            Some(place) if place.stream == name && place.seq >= before_first => place.seq,
            Some(_) => {
                let reached = Place { stream: name.clone(), seq: before_first };
                self.queue.take_over(here.as_ref(), &[Arrival::Missing], &reached).await?;
                here = Some(reached);
                before_first
            }
        };
        let durable = durable(key);
        let known = stream.get_consumer::<pull::Config>(&durable).await.ok();
        let fits = known.filter(|consumer| {
            let info = consumer.cached_info();
            info.ack_floor.stream_sequence == seq && info.num_ack_pending == 0
        });
        let consumer = match fits {
            Some(consumer) => consumer,
            None => {
                // Most often it is not there.
                let _ = stream.delete_consumer(&durable).await;
                let config = pull::Config {
                    durable_name: Some(durable),
                    deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: seq + 1 },
                    ack_policy: AckPolicy::All,
                    ack_wait: ACK_WAIT,
                    ..pull::Config::default()
                };
                stream.create_consumer(config).await.map_err(broken)?
            }
        };
        let delivered = consumer.cached_info().delivered.consumer_sequence;
        Ok(At { consumer, stream: name, here, seq, delivered })
    }

    /// Takes over what has arrived.
    async fn take<E>(
        &self,
        batch: Vec<std::result::Result<jetstream::Message, E>>,
        at: &mut At,
        key: &Identity,
        secret: &SecretString,
    ) -> Result<Taken> {
        let mut arrivals = Vec::new();
        let mut last = None;
        let mut end = Ok(Taken::Left(0));
        for message in batch {
            let Ok(message) = message else {
                end = Ok(Taken::Astray);
                break;
            };
            let info = message.info().map_err(broken)?;
            if info.consumer_sequence != at.delivered + 1 {
                end = Ok(Taken::Astray);
                break;
            }
            let (seq, left) = (info.stream_sequence, info.pending);
            // What is not ahead came again because it took long; it is here.
            if seq > at.seq {
                let opened = seal::open(key, secret, &message.payload);
                if matches!(opened, Opened::Foreign) {
                    end = Err(foreign());
                    break;
                }
                // Until something was read, what others were meant to read is not missing.
                let begun = at.here.is_some() || !arrivals.is_empty();
                let missing = seq > at.seq + 1 || matches!(opened, Opened::Elses);
                if missing && begun && arrivals.last() != Some(&Arrival::Missing) {
                    arrivals.push(Arrival::Missing);
                }
                if let Opened::Body(body) = opened {
                    arrivals.push(Arrival::Body(body));
                }
                at.seq = seq;
            }
            at.delivered += 1;
            end = Ok(Taken::Left(left));
            last = Some(message);
        }
        let Some(last) = last else { return end };
        if !arrivals.is_empty() || at.here.as_ref().is_some_and(|here| here.seq < at.seq) {
            let reached = Place { stream: at.stream.clone(), seq: at.seq };
            self.queue.take_over(at.here.as_ref(), &arrivals, &reached).await?;
            at.here = Some(reached);
        }
        // It stands for those before it. Only who runs the relay looks at it.
        match last.double_ack_with(AckKind::Ack).await {
            Ok(()) => end,
            Err(_) => end.map(|_| Taken::Astray),
        }
    }
}

/// A stream, so that one of the same name made anew is another.
fn named(stream: &Stream) -> String {
    let info = stream.cached_info();
    format!("{} {}", info.config.name, info.created.unix_timestamp_nanos())
}

/// What the consumer of a desktop is called: the desktops of one account have different keys.
fn durable(key: &Identity) -> String {
    let digest = Sha256::digest(key.to_public().to_string());
    digest.iter().take(8).fold("desktop_".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

fn broken<E>(_: E) -> SourceError {
    SourceError::Offline("The relay's NATS does not answer; check that it runs, and the network connection.".to_owned())
}

fn foreign() -> SourceError {
    SourceError::Permanent(
        "The relay has another secret of this account than Inlet: give both the one the platform signs with."
            .to_owned(),
    )
}

fn ended() -> SourceError {
    SourceError::Transient("Reading from the relay has ended; it begins again.".to_owned())
}
