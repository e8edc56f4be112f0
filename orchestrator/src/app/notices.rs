//! Notices: the follower that decides what is worth telling, and the commands about it.

use std::collections::HashSet;

use inlet_model::{AccountId, ItemId, ThreadId, Timestamp};
use jiff::SignedDuration;
use parking_lot::Mutex;

use super::App;
use crate::{
    api::{
        ApiError,
        types::{
            Nothing, NoticeBoard, NoticeDecision, NoticeEntry, NoticeLogParams, NoticeReason, PauseParams,
            SourceNotifyParams, WatchParams,
        },
    },
    clock::Clock,
    event::Event,
    feed::heard,
    notices::{
        Board, Rules, decide,
        decide::{Severity, time_of_day},
    },
    outbox::telling::{self, Telling},
    rules::RuleNotify,
    store::{StoreError, notice, source},
};

/// Items read at once.
const BATCH: usize = 500;
/// The longest pause: a week.
const LONGEST_PAUSE: u32 = 7 * 24 * 60;

/// What is told at the moment, and what somebody looks at.
#[derive(Default)]
pub(super) struct Notices {
    pub(super) board: Mutex<Board>,
    /// The digest was wanted when it was last looked; nothing before the first time.
    pub(super) digest_was_on: tokio::sync::Mutex<Option<bool>>,
    watched: Mutex<Option<ThreadId>>,
}

impl Notices {
    /// The window was locked, or opened again: what stands on the desktop goes, and nobody looks at a conversation.
    pub(super) fn hide(&self) {
        self.board.lock().hide();
        *self.watched.lock() = None;
    }
}

/// Where the follower is.
struct Follower {
    rev: i64,
    started: Timestamp,
    /// Items of this run that were decided about.
    decided: HashSet<ItemId>,
}

impl App {
    /// Decides about everything that changes after `rev`, as long as the engine runs.
    pub(super) async fn follow_notices(&self, rev: i64, started: Timestamp) {
        let mut follower = Follower { rev, started, decided: HashSet::new() };
        let mut events = self.feed.listen();
        loop {
            match self.notice_news(&mut follower).await {
                Ok(true) => self.feed.send(Event::Notices),
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "notices stand still"),
            }
            heard(&mut events, |event| matches!(event, Event::Changed { .. })).await;
        }
    }

    /// True when the board or the log changed.
    async fn notice_news(&self, follower: &mut Follower) -> Result<bool, StoreError> {
        let mut changed = false;
        loop {
            let rev = follower.rev;
            let reached = self.store.read(move |reader| notice::reach(&reader.main, rev, BATCH)).await?;
            let Some(reached) = reached else { break };
            // Rules come first: they may say how something is told, and put away what then is not told at all.
            if let Err(error) = self.run_rules().await {
                tracing::error!(error = %error.message, "the rules stand still");
            }
            // What came meanwhile has its turn with its own rules.
            let news = self.store.read(move |reader| notice::news(&reader.main, rev, reached)).await?;
            let (rules, per_minute, now) =
                (self.notice_rules(follower.started).await?, self.per_minute(), self.clock.now());
            let (mut decided, mut forwarded) = (Vec::new(), Vec::new());
            for mut arrival in news {
                let new =
                    if arrival.at < follower.started { arrival.fresh } else { follower.decided.insert(arrival.item) };
                // What was decided already is not news again because its text was edited.
                if !new {
                    continue;
                }
                arrival.by_rule = self.loudness.take(arrival.item);
                let (mut decision, mut reason) = decide(&arrival, &rules, now);
                if decision != NoticeDecision::Kept {
                    let silent = decision == NoticeDecision::Silent;
                    let critical = arrival.by_rule == Some(RuleNotify::Critical);
                    let per_minute = if critical { usize::MAX } else { per_minute };
                    if !self.notices.board.lock().tell(&arrival, silent, now, per_minute) {
                        (decision, reason) = (NoticeDecision::Silent, NoticeReason::Busy);
                    } else {
                        forwarded.push((arrival.item, silent));
                    }
                }
                decided.push((arrival, decision, reason));
            }
            if !decided.is_empty() {
                self.store.write(move |tx| notice::log(tx, &decided, now)).await?;
                changed = true;
            }
            self.forward_notices(&forwarded).await;
            follower.rev = reached;
        }
        let threads = self.notices.board.lock().threads();
        if threads.is_empty() {
            return Ok(changed);
        }
        let still = self.store.read(move |reader| notice::still_new(&reader.main, &threads)).await?;
        Ok(self.notices.board.lock().keep(|thread| still.contains(&thread)) || changed)
    }

    /// Tells what was told here through the channel of the settings too, if there is one.
    async fn forward_notices(&self, told: &[(ItemId, bool)]) {
        let (channel, all, preview) = {
            let config = self.config.lock();
            let all = config.word("notifications.channel_for") == "all";
            let Ok(channel) = config.word("notifications.channel").parse::<AccountId>() else { return };
            (channel, all, config.word("notifications.preview") == "full")
        };
        for item in told.iter().filter(|(_, silent)| all || !silent).map(|(item, _)| *item) {
            let read = self.store.read(move |reader| notice::words(&reader.main, item, preview)).await;
            let outcome = match read {
                Ok(Some((title, text))) => {
                    let what = Telling { title, text, about: Some(item), ..Telling::default() };
                    self.forward(channel, &telling::item_key(item), what).await.map(drop)
                }
                Ok(None) => Ok(()),
                Err(error) => Err(error.into()),
            };
            if let Err(error) = outcome {
                tracing::warn!(code = ?error.code, "a notification could not be given to its channel");
            }
        }
    }

    async fn notice_rules(&self, started: Timestamp) -> Result<Rules, StoreError> {
        let paused_until = self.store.read(|reader| notice::paused_until(&reader.main)).await?;
        let config = self.config.lock();
        let severity = |key| Severity::from_word(&config.word(key));
        let time = |key| time_of_day(&config.word(key));
        Ok(Rules {
            enabled: config.is_on("notifications.enabled"),
            direct: severity("notifications.direct"),
            group: severity("notifications.group"),
            list: severity("notifications.list"),
            quiet: time("notifications.quiet_from").zip(time("notifications.quiet_until")),
            zone: Clock::zone(),
            paused_until,
            started,
            watched: *self.notices.watched.lock(),
        })
    }

    fn per_minute(&self) -> usize {
        usize::try_from(self.config.lock().number("notifications.per_minute")).unwrap_or(usize::MAX)
    }

    /// `notices.standing`.
    pub(crate) async fn standing_notices(&self, _: Nothing) -> Result<NoticeBoard, ApiError> {
        if self.background {
            self.tell_digest().await?;
        }
        let preview = self.config.lock().word("notifications.preview") == "full";
        let (standing, summary, digest) = {
            let board = self.notices.board.lock();
            let digest = board.digest().map(|told| notice::digest(told, preview));
            (board.standing().to_vec(), board.summary().map(notice::summary), digest)
        };
        let now = self.clock.now();
        let board = self
            .store
            .read(move |reader| {
                let mut notices = Vec::new();
                for standing in &standing {
                    notices.extend(notice::view(&reader.main, standing, preview)?);
                }
                notices.extend(summary);
                notices.extend(digest);
                let paused_until = notice::paused_until(&reader.main)?.filter(|until| now < *until);
                Ok(NoticeBoard { notices, paused_until })
            })
            .await?;
        Ok(board)
    }

    /// `notices.list`.
    pub(crate) async fn list_notices(&self, params: NoticeLogParams) -> Result<Vec<NoticeEntry>, ApiError> {
        let limit = params.limit.unwrap_or(100).clamp(1, 1000);
        Ok(self.store.read(move |reader| notice::entries(&reader.main, limit)).await?)
    }

    /// `notices.pause`.
    pub(crate) async fn pause_notices(&self, params: PauseParams) -> Result<NoticeBoard, ApiError> {
        let minutes = params.minutes.min(LONGEST_PAUSE);
        let until = (minutes > 0).then(|| self.clock.now() + SignedDuration::from_mins(minutes.into()));
        self.store.write(move |tx| notice::pause_until(tx, until)).await?;
        self.feed.send(Event::Notices);
        self.standing_notices(Nothing {}).await
    }

    /// `notices.watch`.
    pub(crate) async fn watch_thread(&self, params: WatchParams) -> Result<Nothing, ApiError> {
        *self.notices.watched.lock() = params.thread;
        Ok(Nothing {})
    }

    /// `sources.notify`.
    pub(crate) async fn set_source_notify(&self, params: SourceNotifyParams) -> Result<Nothing, ApiError> {
        let known = self.store.write(move |tx| source::set_notify(tx, params.source, params.notify)).await?;
        if !known {
            return Err(ApiError::not_found(format!("The source {}", params.source)));
        }
        Ok(Nothing {})
    }
}
