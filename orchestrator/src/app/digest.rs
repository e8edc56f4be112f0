//! The day in one notice: when it is told, and what it says.

use std::time::Duration;

use inlet_actions::State;
use jiff::civil::Time;

use super::{App, actions, meetings};
use crate::{
    actions::{CARDS, SOON, TODAY},
    api::types::{Digest, DigestCard},
    clock::Clock,
    event::Event,
    feed::heard,
    invitation::standing::Between,
    notices::{
        decide::{lies_in, quiet_until, time_of_day},
        digest::due,
    },
    store::{StoreError, notice, suggestion},
};

/// Cards that a digest names.
const NAMED: usize = 3;
/// Meetings that are counted.
const MEETINGS: usize = 20;

impl App {
    /// Tells of the day at the time that was set, as long as the engine runs.
    pub(super) async fn follow_digest(&self) {
        /// The clock may be set and the computer sleep: nobody waits longer than this.
        const LONGEST: Duration = Duration::from_secs(60);
        let mut events = self.feed.listen();
        loop {
            if let Err(error) = self.tell_digest().await {
                tracing::error!(%error, "the digest could not be told");
            }
            if let Err(error) = self.tell_gathered().await {
                tracing::error!(error = %error.message, "what was gathered for channels could not be told");
            }
            let wake = heard(&mut events, |event| matches!(event, Event::Settings));
            let _ = tokio::time::timeout(LONGEST, wake).await;
        }
    }

    /// When it is to be told, where it is.
    fn digest_time(&self) -> Option<Time> {
        let config = self.config.lock();
        let wanted = config.is_on("notifications.enabled") && config.is_on("notifications.digest");
        time_of_day(&config.word("notifications.digest_at")).filter(|_| wanted)
    }

    /// Tells the digest where its time has come.
    pub(super) async fn tell_digest(&self) -> Result<(), StoreError> {
        let mut was_on = self.notices.digest_was_on.lock().await;
        let (now, zone) = (self.clock.now(), Clock::zone());
        let today = now.to_zoned(zone.clone()).date();
        if self.notices.board.lock().end_digest(today) {
            self.feed.send(Event::Notices);
        }
        let quiet = self.hours().quiet;
        // Where its time lies in the quiet hours, it is told at their end.
        let at = self.digest_time().map(|at| quiet.filter(|hours| lies_in(*hours, at)).map_or(at, |(_, end)| end));
        // Whoever switches it on in the afternoon means tomorrow morning.
        let late = at.is_some() && *was_on == Some(false);
        *was_on = Some(at.is_some());
        let Some(at) = at else { return Ok(()) };
        let (last, paused) = self
            .store
            .read(|reader| Ok((notice::digested(&reader.main)?, notice::paused_until(&reader.main)?)))
            .await?;
        let Some(day) = due(now, &zone, at, last) else { return Ok(()) };
        if paused.is_some_and(|until| now < until)
            || quiet.is_some_and(|hours| quiet_until(hours, now, &zone).is_some())
        {
            return Ok(());
        }
        let digest = if late { Digest::default() } else { self.digest().await? };
        // First it counts as told: better not at all than twice.
        if !self.store.write(move |tx| notice::set_digested(tx, day)).await? {
            return Ok(());
        }
        if digest != Digest::default() {
            self.notices.board.lock().put_digest(day, digest);
            self.feed.send(Event::Notices);
        }
        Ok(())
    }

    /// What there is to do.
    async fn digest(&self) -> Result<Digest, StoreError> {
        self.think(usize::MAX).await?;
        let now = self.clock.now();
        let soon = [State::Reply, State::Todo, State::Waiting].map(|state| self.wanted(SOON, Some(state)));
        let today = self.wanted(TODAY, None);
        self.store
            .read(move |reader| {
                let [reply, todo, waiting] = soon.map(|wanted| suggestion::count(&reader.main, &wanted));
                let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
                let between = Between { from: now, until: meetings::end_of_day(now) };
                let coming = meetings::meetings(reader, between, MEETINGS, |view| !view.meeting.cancelled)?;
                let mut cards = Vec::new();
                for one in suggestion::list(&reader.main, &today, CARDS)?.into_iter().take(NAMED) {
                    cards.extend(
                        actions::view(reader, one)?
                            .map(|view| DigestCard { who: view.person, sentence: view.sentence }),
                    );
                }
                Ok(Digest {
                    reply: count(reply?),
                    todo: count(todo?),
                    waiting: count(waiting?),
                    meetings: u32::try_from(coming.len()).unwrap_or(u32::MAX),
                    cards,
                })
            })
            .await
    }
}
