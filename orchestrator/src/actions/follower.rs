//! Which threads are thought about, in batches, and what is written of it.

use inlet_actions::{Me, Terms};
use inlet_model::Timestamp;

use super::think::{Thinker, Thought};
use crate::store::{
    Reader, Result, Store, WriteTx,
    body::Packer,
    lesson, people,
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
    /// I am somebody else now: what was read for another is worth nothing.
    Anew(String),
    /// The terms have changed.
    Again(String),
    Thoughts {
        thoughts: Vec<Thought>,
        /// The watermark reached.
        reached: i64,
        /// Those whose habits may have changed.
        people: Vec<String>,
        more: bool,
    },
}

/// Thinks about one batch. `terms` are those of the settings; what was taught is added here.
pub(crate) async fn step(store: &Store, terms: &Terms, now: Timestamp) -> Result<Step> {
    let mut terms = terms.clone();
    let plan = store.read(move |reader| plan(reader, &mut terms, now)).await?;
    if matches!(plan, Plan::Nothing) {
        return Ok(Step { more: false });
    }
    store
        .write(move |tx| {
            match plan {
                Plan::Nothing => {}
                Plan::Anew(me) => {
                    suggestion::clear(tx)?;
                    set_premise(tx, "me", &me)?;
                }
                Plan::Again(terms) => {
                    suggestion::stale(tx)?;
                    set_premise(tx, "terms", &terms)?;
                }
                Plan::Thoughts { thoughts, reached, people, more } => {
                    write(tx, &thoughts, reached, &people)?;
                    return Ok(Step { more });
                }
            }
            Ok(Step { more: true })
        })
        .await
}

fn plan(reader: &Reader, terms: &mut Terms, now: Timestamp) -> Result<Plan> {
    // One snapshot: what is concluded belongs to the watermark it is written with.
    let _snapshot = reader.main.unchecked_transaction()?;
    let conn = &reader.main;
    let (me, written) = myself(reader)?;
    if premise(conn, "me")?.as_deref() != Some(&written) {
        return Ok(Plan::Anew(written));
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
    let mut more = thinker.hurried || !changed.is_empty();
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
    Ok(Plan::Thoughts { thoughts, reached: changed.last().map_or(from, |(_, rev)| *rev), people, more })
}

fn write(tx: &WriteTx<'_>, thoughts: &[Thought], reached: i64, people: &[String]) -> Result<()> {
    let mut packer = Packer::new()?;
    // Before the new ones are put: those have just been concluded.
    if !people.is_empty() {
        suggestion::stale_of(tx, people)?;
    }
    for thought in thoughts {
        for (item, text_rev, reading) in &thought.read {
            let packed = packer.bytes(&serde_json::to_vec(reading)?)?;
            suggestion::keep_reading(tx, *item, *text_rev, &packed)?;
        }
        if suggestion::put(tx, thought.thread, thought.suggestion.as_ref())? {
            tx.touch_suggestions();
        }
    }
    if suggestion::watermark(tx.main)? != reached {
        suggestion::set_watermark(tx, reached)?;
    }
    Ok(())
}

/// Who I am: by my accounts, and by the names under which I write. A name that I once had stays mine, so that a
/// mail with another spelling does not have everything read again and again.
fn myself(reader: &Reader) -> Result<(Me, String)> {
    let conn = &reader.main;
    let (handles, written) = suggestion::myself(conn)?;
    let mut names: Vec<String> = Vec::new();
    if let Some(before) = premise(conn, "me")?
        && let Ok((known, called)) = serde_json::from_str::<(Vec<String>, Vec<String>)>(&before)
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

/// When there is something to think about again though nothing happens; and how many threads wait now.
pub(crate) async fn next(store: &Store) -> Result<(Option<Timestamp>, u64)> {
    store
        .read(|reader| {
            let behind = suggestion::count_after(&reader.main, suggestion::watermark(&reader.main)?)?;
            Ok((suggestion::next_due(&reader.main)?, behind))
        })
        .await
}
