//! Which threads are thought about, in batches, and what is written of it.

use inlet_actions::{Me, Terms};
use inlet_model::Timestamp;

use super::think::{Thinker, Thought};
use crate::store::{
    Reader, Result, Store, WriteTx, lesson, people, signed,
    suggestion::{self, premise, set_premise},
};

/// Threads of one batch: others want to write too.
const BATCH: usize = 100;

/// What one batch did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// There is more to think about.
    pub(crate) more: bool,
}

/// What was found to be written.
enum Plan {
    Nothing,
    /// I am somebody else now, or what reads is, or my clock: what was read for another is worth nothing.
    Anew {
        me: String,
        reader: String,
    },
    /// The terms have changed.
    Again(String),
    Thoughts(Batch),
}

/// What was thought.
struct Batch {
    thoughts: Vec<Thought>,
    /// The turn it was thought in.
    turn: i64,
    /// The watermark reached.
    reached: i64,
    /// Those whose habits may have changed.
    people: Vec<String>,
    /// They were of threads that changed; what is old without that comes after them.
    fresh: bool,
    /// There was no room for all.
    more: bool,
}

/// Thinks about one batch. `terms` are those of the settings; what was taught is added here.
pub(crate) async fn step(store: &Store, terms: &Terms, now: Timestamp) -> Result<Step> {
    let mut terms = terms.clone();
    let plan = store.read(move |reader| plan(reader, &mut terms, now)).await?;
    if matches!(plan, Plan::Nothing) {
        return Ok(Step { more: false });
    }
    store.write(move |tx| carry_out(tx, plan, now)).await
}

fn carry_out(tx: &WriteTx<'_>, plan: Plan, now: Timestamp) -> Result<Step> {
    let mut more = true;
    match plan {
        Plan::Nothing => more = false,
        Plan::Anew { me, reader } => {
            suggestion::clear(tx)?;
            set_premise(tx, "me", &me)?;
            set_premise(tx, "reader", &reader)?;
        }
        Plan::Again(terms) => {
            suggestion::stale(tx)?;
            set_premise(tx, "terms", &terms)?;
        }
        // Meanwhile all was thrown away, or something was taught: what was thought before that is worth nothing.
        Plan::Thoughts(batch) if batch.turn != suggestion::turn(tx.main)? => {}
        Plan::Thoughts(batch) => {
            write(tx, &batch)?;
            more = batch.more || (batch.fresh && !suggestion::due(tx.main, now, 1)?.is_empty());
        }
    }
    Ok(Step { more })
}

fn plan(reader: &Reader, terms: &mut Terms, now: Timestamp) -> Result<Plan> {
    // One snapshot: what is concluded belongs to the watermark it is written with.
    let _snapshot = reader.main.unchecked_transaction()?;
    let conn = &reader.main;
    let (me, written) = myself(reader)?;
    let reads = reads(terms);
    if premise(conn, "me")?.as_deref() != Some(&written) || premise(conn, "reader")?.as_deref() != Some(&reads) {
        return Ok(Plan::Anew { me: written, reader: reads });
    }
    terms.patterns = lesson::of_patterns(conn)?;
    let stands = standing(terms);
    if premise(conn, "terms")?.as_deref() != Some(&stands) {
        return Ok(Plan::Again(stands));
    }
    let from = suggestion::watermark(conn)?;
    let changed = suggestion::changed_after(conn, from, BATCH)?;
    let mut thinker = Thinker::new(reader, &me, terms, now);
    thinker.hurried = changed.len() == BATCH;
    let mut thoughts = Vec::with_capacity(changed.len());
    for (thread, _) in &changed {
        thoughts.push(thinker.think(*thread)?);
    }
    let mut people: Vec<String> = Vec::new();
    for handle in thoughts.iter().flat_map(|thought| &thought.people) {
        if !people.contains(handle) {
            people.extend(people::handles(conn, handle)?);
        }
    }
    let mut more = thinker.hurried;
    if changed.is_empty() {
        let due = suggestion::due(conn, now, BATCH)?;
        more = due.len() == BATCH;
        for thread in due {
            thoughts.push(thinker.think(thread)?);
        }
    }
    if thoughts.is_empty() {
        return Ok(Plan::Nothing);
    }
    let reached = changed.last().map_or(from, |(_, rev)| *rev);
    Ok(Plan::Thoughts(Batch {
        thoughts,
        turn: suggestion::turn(conn)?,
        reached,
        people,
        fresh: !changed.is_empty(),
        more,
    }))
}

fn write(tx: &WriteTx<'_>, Batch { thoughts, reached, people, .. }: &Batch) -> Result<()> {
    // Before the new ones are put: those have just been concluded.
    if !people.is_empty() {
        suggestion::stale_of(tx, people)?;
    }
    for thought in thoughts {
        for (item, text_rev, reading) in &thought.read {
            suggestion::keep_reading(tx, *item, *text_rev, reading)?;
        }
        for (item, handle, says) in &thought.signed {
            signed::note(tx, *item, handle, says)?;
        }
        if suggestion::put(tx, thought.thread, thought.suggestion.as_ref())? {
            tx.touch_suggestions();
        }
    }
    if suggestion::watermark(tx.main)? != *reached {
        suggestion::set_watermark(tx, *reached)?;
    }
    Ok(())
}

/// Who I am: by my accounts, and by the names under which I write. A name that I once had stays mine, so that a
/// mail with another spelling does not have everything read again and again.
pub(crate) fn myself(reader: &Reader) -> Result<(Me, String)> {
    let conn = &reader.main;
    let (handles, written) = suggestion::myself(conn)?;
    let mut names: Vec<String> = Vec::new();
    if let Some((known, called)) = suggestion::former_self(conn)?
        && known == handles
    {
        names = called;
    }
    for name in written.iter().flat_map(|name| name.split_whitespace()) {
        let name = name.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if name.chars().count() > 1 && !names.contains(&name) {
            names.push(name);
        }
    }
    names.sort();
    let text = serde_json::to_string(&(&handles, &names))?;
    Ok((Me { handles, names }, text))
}

/// What reads, as one text: the reader, what looks at signatures, and the clock by which it understands what tells none
/// ("tomorrow" in a chat).
fn reads(terms: &Terms) -> String {
    format!("{} {:?} signed:{}", inlet_actions::reader(), terms.calendar.zone, crate::people::signed::VERSION)
}

/// The terms as one text, to see whether they are still the same.
fn standing(terms: &Terms) -> String {
    let calendar = &terms.calendar;
    format!(
        "{:?} {:?} {:?} {:?} {:?}",
        calendar.zone.iana_name(),
        calendar.weekend,
        calendar.holidays,
        terms.weights,
        terms.patterns
    )
}

/// Throws everything away that was thought, so that it is thought anew.
pub(crate) async fn forget(store: &Store) -> Result<()> {
    store.write(suggestion::clear).await
}

/// When there is something to think about again though nothing happens.
pub(crate) async fn next(store: &Store) -> Result<Option<Timestamp>> {
    store.read(|reader| suggestion::next_due(&reader.main)).await
}

/// How many threads wait to be thought about, or thought about again.
pub(crate) fn behind(reader: &Reader, now: Timestamp) -> Result<u64> {
    let conn = &reader.main;
    suggestion::count_behind(conn, suggestion::watermark(conn)?, now)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use inlet_actions::Calendar;
    use jiff::tz::TimeZone;

    use super::*;

    async fn planned(store: &Store, zone: &str) -> Plan {
        let calendar = Calendar { zone: TimeZone::get(zone).unwrap(), ..Calendar::default() };
        let mut terms = Terms { calendar, ..Terms::default() };
        store.read(move |reader| plan(reader, &mut terms, Timestamp::UNIX_EPOCH)).await.unwrap()
    }

    /// A chat's dates are told by my clock when it is read: another clock reads them anew.
    #[tokio::test]
    async fn another_time_zone_and_another_reader_read_anew() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), |_| {}).unwrap();
        let settle = async |zone: &str| {
            let calendar = Calendar { zone: TimeZone::get(zone).unwrap(), ..Calendar::default() };
            let terms = Terms { calendar, ..Terms::default() };
            while step(&store, &terms, Timestamp::UNIX_EPOCH).await.unwrap().more {}
        };
        settle("Europe/Berlin").await;
        assert!(matches!(planned(&store, "Europe/Berlin").await, Plan::Nothing));
        assert!(matches!(planned(&store, "Asia/Tokyo").await, Plan::Anew { .. }));
        settle("Asia/Tokyo").await;
        assert!(matches!(planned(&store, "Asia/Tokyo").await, Plan::Nothing));
        store.write(|tx| set_premise(tx, "reader", "0 of another version")).await.unwrap();
        assert!(matches!(planned(&store, "Asia/Tokyo").await, Plan::Anew { .. }));
    }

    /// Whoever has all thought anew, or teaches, while a batch is being thought about loses nothing by it.
    #[tokio::test]
    async fn what_was_thought_before_all_was_thrown_away_is_not_written() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), |_| {}).unwrap();
        let batch =
            |turn| Batch { thoughts: Vec::new(), turn, reached: 7, people: Vec::new(), fresh: true, more: false };
        let carried = async |turn| {
            store.write(move |tx| carry_out(tx, Plan::Thoughts(batch(turn)), Timestamp::UNIX_EPOCH)).await.unwrap().more
        };
        let reached = async || store.read(|reader| suggestion::watermark(&reader.main)).await.unwrap();
        let turn = async || store.read(|reader| suggestion::turn(&reader.main)).await.unwrap();
        for between in [suggestion::clear, suggestion::stale, |tx: &WriteTx<'_>| suggestion::stale_of(tx, &[])] {
            let before = turn().await;
            store.write(between).await.unwrap();
            assert!(carried(before).await, "it is thought about once more");
            assert_eq!(reached().await, 0);
        }
        assert!(!carried(turn().await).await);
        assert_eq!(reached().await, 7);
    }
}
