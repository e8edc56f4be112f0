//! How long things are kept on this computer, and what they take.
//!
//! Only two kinds ever go: files that their server hands out again, and logs. A file goes when nobody has opened it for
//! as long as is set and everything that names its bytes can be had again ([`Held`]): mails of a mailbox and pages of a
//! notebook, while they are there. Files of chats stay: platforms take those away by rules of their own. So do imports
//! and the demo, whose only copy may be here.
//!
//! The row forgets its file first, in small transactions; files that no row names are swept afterwards. A kill in between
//! leaves a file too many, which the next run finds, and never a row whose file is gone. Fetching a file and sweeping
//! exclude each other, so that bytes that came a moment ago are not taken for nobody's.

use std::time::Duration;

use inlet_model::{AccountConfig, SourceId, SourceType, Timestamp};
use rusqlite::Connection;

use super::{App, blocking, diagnosing};
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{DataUsage, Freed, Nothing, SourceState, Usage, WorkKind},
    },
    clock::DAY,
    config::Config,
    event::Event,
    feed::heard,
    store::{
        Result as StoreResult, account,
        attachment::{self, Held},
        meta, notice, outbox, rule, source,
    },
    sync::before,
};

/// What a finished operation would send again is kept for so long; its log may be kept longer.
const PAYLOAD: Duration = DAY.saturating_mul(30);
/// Rows in one transaction.
const BATCH: usize = 200;
/// How many files make it worth telling that they go.
const MANY: usize = 2 * BATCH;
/// What the work is called.
const TITLE: &str = "What is kept no longer";
const FILES: &str = "data.keep_files";
const LOGS: &str = "data.keep_logs";
/// When it was last seen to that nothing is kept too long.
const TIDIED: &str = "tidied";
/// What can be chosen, beside for ever.
pub(crate) const DAYS: [u32; 3] = [365, 90, 30];

/// How long is wanted; nothing means for ever.
#[derive(Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct Wish {
    files: Option<u32>,
    logs: Option<u32>,
}

impl Wish {
    fn of(config: &Config) -> Self {
        let days = |key| config.word(key).parse().ok();
        Self { files: days(FILES), logs: days(LOGS) }
    }
}

/// When it was last seen to, and as what was wanted then.
#[derive(serde::Serialize, serde::Deserialize)]
struct Done {
    at: Timestamp,
    wish: Wish,
}

fn days(number: u32) -> Duration {
    DAY.saturating_mul(number)
}

/// How many files, and their bytes.
fn sum<'a>(files: impl Iterator<Item = &'a Held>) -> (u64, u64) {
    files.fold((0, 0), |(count, bytes), file| (count + 1, bytes + file.size))
}

/// The sources that hand a file out again as long as they have its message.
fn giving_again(conn: &Connection) -> StoreResult<Vec<SourceId>> {
    let accounts = account::all(conn)?;
    let serves = |config: &AccountConfig| match config {
        AccountConfig::Imap(_) | AccountConfig::Microsoft(_) => true,
        AccountConfig::Slack(_)
        | AccountConfig::WhatsApp(_)
        | AccountConfig::Hook(_)
        | AccountConfig::Channel(_)
        | AccountConfig::Files(_)
        | AccountConfig::Demo(_) => false,
    };
    Ok(source::all(conn)?
        .into_iter()
        .filter(|source| source.state != SourceState::Off && source.source_type != SourceType::Teams)
        .filter(|source| accounts.iter().any(|row| row.account.id == source.account && serves(&row.account.config)))
        .map(|source| source.id)
        .collect())
}

impl App {
    /// Sees to it once in a day, and whenever something else is wanted.
    pub(super) async fn follow_retention(&self) {
        /// The clock may be set, the computer may sleep: it is looked at least this often.
        const LOOK: Duration = Duration::from_secs(3600);
        let mut events = self.feed.listen();
        loop {
            match self.tidy_when_due().await {
                Ok(()) => {}
                Err(error) if error.code == ErrorCode::Cancelled => {}
                Err(error) => tracing::error!(error = %error.message, "what is kept no longer could not be taken away"),
            }
            let changed = heard(&mut events, |event| matches!(event, Event::Settings));
            let _ = tokio::time::timeout(LOOK, changed).await;
        }
    }

    async fn tidy_when_due(&self) -> Result<(), ApiError> {
        let (wish, now) = (Wish::of(&self.config.lock()), self.clock.now());
        let last: Option<Done> = self.store.read(|reader| meta::json(&reader.main, TIDIED)).await?;
        // One that lies ahead was written before the clock was set back.
        if last.is_some_and(|last| last.wish == wish && (before(now, DAY)..=now).contains(&last.at)) {
            return Ok(());
        }
        let outcome = self.tidy(wish).await;
        // What was ended goes on tomorrow.
        if outcome.as_ref().map_or_else(|error| error.code == ErrorCode::Cancelled, |()| true) {
            self.store.write(move |tx| meta::set_json(tx, TIDIED, &Done { at: now, wish })).await?;
            self.feed.send(Event::Progress);
        }
        outcome
    }

    async fn tidy(&self, wish: Wish) -> Result<(), ApiError> {
        self.tidy_logs(wish.logs).await?;
        if let Some(number) = wish.files {
            self.tidy_files(before(self.clock.now(), days(number))).await?;
        }
        self.sweep_attachments().await
    }

    async fn tidy_logs(&self, wish: Option<u32>) -> Result<(), ApiError> {
        let payload = before(self.clock.now(), PAYLOAD);
        while self.store.write(move |tx| outbox::forget_payload(tx, payload, BATCH)).await? > 0 {}
        let Some(until) = wish.map(|number| before(self.clock.now(), days(number))) else { return Ok(()) };
        while self.store.write(move |tx| outbox::forget_finished(tx, until, BATCH)).await? > 0 {}
        self.store
            .write(move |tx| {
                notice::forget_before(tx, until)?;
                rule::forget_before(tx, until)
            })
            .await?;
        Ok(())
    }

    async fn tidy_files(&self, until: Timestamp) -> Result<(), ApiError> {
        let total = self.store.read(move |reader| {
            let held = attachment::held(&reader.main, &giving_again(&reader.main)?)?;
            Ok(held.iter().filter(|file| file.goes(until)).count())
        });
        let total = total.await?;
        let mut work = (total > MANY).then(|| self.works.begin(WorkKind::Tidy, TITLE, u64::try_from(total).ok()));
        let mut done = 0;
        loop {
            // Asked each time, and in the same breath: an account may have gone meanwhile, or come to rest.
            let dropped = self.store.write_durable(move |tx| {
                let again = giving_again(tx.main)?;
                attachment::forget_files(tx, &again, until, BATCH)
            });
            let dropped = dropped.await?;
            if dropped == 0 {
                return Ok(());
            }
            done += dropped as u64;
            match &mut work {
                Some(work) => work.step(done).await?,
                None => tokio::task::yield_now().await,
            }
        }
    }

    /// Takes away every file that no row names.
    pub(super) async fn sweep_attachments(&self) -> Result<(), ApiError> {
        let _alone = self.sweeping.write().await;
        let named = self.store.read(|reader| attachment::hashes(&reader.main)).await?;
        let attachments = self.attachments.clone();
        blocking(move || {
            for hash in attachments.hashes().unwrap_or_default().into_iter().filter(|hash| !named.contains(hash)) {
                if let Err(error) = attachments.remove(&hash) {
                    tracing::warn!(%error, "a file that nothing names could not be deleted");
                }
            }
        })
        .await
    }

    /// `data.usage`.
    pub(crate) async fn data_usage(&self, _: Nothing) -> Result<DataUsage, ApiError> {
        let untils = DAYS.map(|number| (number.to_string(), before(self.clock.now(), days(number))));
        let usage = self
            .store
            .read(move |reader| {
                let held = attachment::held(&reader.main, &giving_again(&reader.main)?)?;
                let logs = |until| -> StoreResult<(u64, u64)> {
                    let sizes = [
                        outbox::size_before(&reader.main, until)?,
                        notice::size_before(&reader.main, until)?,
                        rule::size_before(&reader.main, until)?,
                    ];
                    Ok(sizes.into_iter().fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1)))
                };
                let (mut frees_files, mut frees_logs) = (Vec::new(), Vec::new());
                for (choice, until) in untils {
                    let (count, bytes) = sum(held.iter().filter(|file| file.goes(until)));
                    frees_files.push(Freed { choice: choice.clone(), count, bytes });
                    let (count, bytes) = logs(until)?;
                    frees_logs.push(Freed { choice, count, bytes });
                }
                let (count, bytes) = sum(held.iter());
                let stays = sum(held.iter().filter(|file| file.opened.is_none())).1;
                let files = Usage { count, bytes, stays, frees: frees_files };
                let (count, bytes) = logs(Timestamp::MAX)?;
                Ok((files, Usage { count, bytes, stays: 0, frees: frees_logs }))
            })
            .await?;
        let dir = self.data_dir.clone();
        let stored = blocking(move || diagnosing::stored(&dir)).await?;
        Ok(DataUsage { stored, files: usage.0, logs: usage.1 })
    }
}
