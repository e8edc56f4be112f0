//! What each kind of trouble does to a source, and that it does nothing to the others.

use std::{collections::HashMap, time::Duration};

use inlet_model::{ScopeRole, SourceError, SourceId};
use inlet_orchestrator::api::types::{AccountView, SourceState};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    harness::{Engine, LIMIT, Setup, account_of},
    scripted::{Call, Script, mail},
};

pub(crate) async fn engine(scripts: &[(&str, &Script)]) -> Engine {
    let scripts: HashMap<String, Script> =
        scripts.iter().map(|(host, script)| ((*host).to_owned(), (*script).clone())).collect();
    Engine::with(Setup { scripts, ..Setup::default() }).await
}

/// A source that has just been connected and is well.
pub(crate) async fn live(engine: &Engine, host: &str) -> SourceId {
    let id = engine.connect(host).await;
    engine.state_of(id, SourceState::Live).await;
    id
}

pub(crate) async fn arrives(engine: &Engine, subject: &str) -> inlet_orchestrator::api::types::ThreadRow {
    engine.until(&format!("\"{subject}\""), async || engine.titled(subject).await).await
}

fn rounds(script: &Script) -> Vec<Instant> {
    script.calls().into_iter().filter(|(_, call)| *call == Call::Scopes).map(|(at, _)| at).collect()
}

fn pulls(script: &Script) -> usize {
    script.count(|call| matches!(call, Call::Pull(_)))
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_pauses_one_source_and_not_a_moment_too_short() {
    let (slow, other) = (Script::new("slow"), Script::new("other"));
    let engine = engine(&[("slow", &slow), ("other", &other)]).await;
    let wait = Duration::from_millis(1_500);
    slow.fail_pull("INBOX", SourceError::Throttled { retry_after: wait });
    slow.deliver("INBOX", mail("patience"));
    let slow_id = engine.connect("slow").await;
    let source = engine.state_of(slow_id, SourceState::Throttled).await;
    let told = Instant::now();
    assert!(source.message.unwrap().contains("asked to wait"));
    assert!(source.next_try.is_some());
    live(&engine, "other").await;
    other.deliver("INBOX", mail("meanwhile"));
    arrives(&engine, "meanwhile").await;
    // Not even somebody who asks makes it earlier.
    let _: Value = engine.call("sync.now", Value::Null).await;
    if told.elapsed() < wait / 2 {
        assert_eq!(engine.source(slow_id).await.state, SourceState::Throttled);
    }
    arrives(&engine, "patience").await;
    let rounds = rounds(&slow);
    assert!(rounds[1] - rounds[0] >= wait, "{:?}", rounds[1] - rounds[0]);
    engine.state_of(slow_id, SourceState::Live).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn passing_trouble_is_tried_again_later_and_later() {
    let script = Script::new("shaky");
    for _ in 0..3 {
        script.fail_pull("INBOX", SourceError::Transient("The server hung up; Inlet tries again.".into()));
    }
    script.deliver("INBOX", mail("at last"));
    let engine = engine(&[("shaky", &script)]).await;
    let id = engine.connect("shaky").await;
    let source = engine.state_of(id, SourceState::Failing).await;
    assert_eq!(source.message.as_deref(), Some("The server hung up; Inlet tries again."));
    arrives(&engine, "at last").await;
    let source = engine.state_of(id, SourceState::Live).await;
    assert_eq!((source.message, source.next_try), (None, None));
    let rounds = rounds(&script);
    for (pair, least) in rounds.windows(2).zip([1, 2, 4]) {
        let gap = pair[1] - pair[0];
        assert!(gap >= Duration::from_secs(least) && gap < Duration::from_secs(3 * least), "{gap:?} after {least}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_try_survives_a_restart() {
    let script = Script::new("shaky");
    script.fail_scopes(SourceError::Throttled { retry_after: Duration::from_secs(3_600) });
    let engine = engine(&[("shaky", &script)]).await;
    let id = engine.connect("shaky").await;
    let before = engine.state_of(id, SourceState::Throttled).await.next_try;
    let engine = engine.restart().await;
    let after = engine.source(id).await;
    assert_eq!((after.state, after.next_try), (SourceState::Throttled, before));
    assert_eq!(rounds(&script).len(), 1, "a restart is no reason to ask again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_sign_in_waits_for_the_person() {
    let (locked, other) = (Script::new("locked"), Script::new("other"));
    let engine = engine(&[("locked", &locked), ("other", &other)]).await;
    let sentence = "The server refused the password; type it again.";
    locked.fail_pull("INBOX", SourceError::AuthNeeded(sentence.into()));
    locked.deliver("INBOX", mail("behind the door"));
    let id = engine.connect("locked").await;
    let source = engine.state_of(id, SourceState::AuthNeeded).await;
    assert_eq!(source.message.as_deref(), Some(sentence));
    assert_eq!(source.next_try, None);
    live(&engine, "other").await;
    for number in 0..3 {
        let subject = format!("news {number}");
        other.deliver("INBOX", mail(&subject));
        arrives(&engine, &subject).await;
    }
    assert_eq!(pulls(&locked), 1, "nobody knocks by himself");
    let account = account_of(&engine.sources().await, id);
    let _: Value = engine.call("accounts.resume", json!({ "id": account })).await;
    arrives(&engine, "behind the door").await;
    engine.state_of(id, SourceState::Live).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_cursor_is_a_rescan_that_keeps_rows_and_sweeps_the_rest() {
    let script = Script::new("renumbered");
    let uids: Vec<u32> = ["one", "two", "three", "four"].map(|id| script.deliver("INBOX", mail(id))).to_vec();
    let engine = engine(&[("renumbered", &script)]).await;
    let id = live(&engine, "renumbered").await;
    let mut before = Vec::new();
    for title in ["one", "three"] {
        let row = engine.titled(title).await.unwrap();
        before.push((row.id, engine.thread(row.id).await.items[0].id));
    }
    script.remove("INBOX", uids[1]);
    script.remove("INBOX", uids[3]);
    script.renumber();
    script.deliver("INBOX", mail("five"));
    arrives(&engine, "five").await;
    engine.resync(id).await;
    let mut after = Vec::new();
    for title in ["one", "three"] {
        let row = engine.titled(title).await.unwrap();
        after.push((row.id, engine.thread(row.id).await.items[0].id));
    }
    assert_eq!(before, after, "the same rows under other numbers");
    assert_eq!(engine.titled("two").await.map(|row| row.id), None);
    assert_eq!(engine.titled("four").await.map(|row| row.id), None);
    assert_eq!(engine.items().await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_or_mail_that_cannot_be_read_is_noted_and_the_rest_goes_on() {
    let script = Script::new("broken");
    script.add_folder("Broken", ScopeRole::Other);
    script.add_folder("Last", ScopeRole::Other);
    script.fail_pull("Broken", SourceError::Permanent("This folder may not be read.".into()));
    script.poison("INBOX", "1:99", "The mail has no end.");
    script.deliver("INBOX", mail("first"));
    script.deliver("Last", mail("last"));
    let engine = engine(&[("broken", &script)]).await;
    let id = live(&engine, "broken").await;
    assert!(engine.titled("first").await.is_some() && engine.titled("last").await.is_some());
    engine.resync(id).await;
    assert_eq!(engine.items().await.len(), 2);
    let notes = sql(&engine, "SELECT name || ': ' || error FROM scope WHERE error IS NOT NULL");
    assert_eq!(notes, ["Broken: This folder may not be read."]);
    assert_eq!(sql(&engine, "SELECT remote_id || ': ' || reason FROM poison"), ["1:99: The mail has no end."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_at_which_the_source_breaks_off_every_time_does_not_hide_those_behind_it() {
    let script = Script::new("tripping");
    script.add_folder("Broken", ScopeRole::Other);
    script.add_folder("Last", ScopeRole::Other);
    let sentence = "The server hung up; Inlet tries again.";
    for _ in 0..50 {
        script.fail_pull("Broken", SourceError::Transient(sentence.into()));
    }
    script.deliver("INBOX", mail("first"));
    script.deliver("Last", mail("last"));
    let engine = engine(&[("tripping", &script)]).await;
    let id = engine.connect("tripping").await;
    arrives(&engine, "first").await;
    assert_eq!(engine.state_of(id, SourceState::Failing).await.message.as_deref(), Some(sentence));
    arrives(&engine, "last").await;
    assert_eq!(engine.state_of(id, SourceState::Failing).await.message.as_deref(), Some(sentence), "and it is told on");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_such_folders_the_one_that_is_mended_is_read() {
    let script = Script::new("tripping");
    let trips = SourceError::Transient("The server hung up; Inlet tries again.".into());
    for (folder, times) in [("Mended", 2), ("Broken", 200)] {
        script.add_folder(folder, ScopeRole::Other);
        (0..times).for_each(|_| script.fail_pull(folder, trips.clone()));
    }
    script.deliver("Mended", mail("behind"));
    let engine = engine(&[("tripping", &script)]).await;
    engine.connect("tripping").await;
    let asked = async || {
        // Nobody waits for the pauses between the tries.
        let _: Value = engine.call("sync.now", Value::Null).await;
        engine.titled("behind").await
    };
    engine.until("what is in the one that is mended", asked).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_told_at_its_source_until_somebody_has_seen_it() {
    let script = Script::new("broken");
    script.poison("INBOX", "1:98", "The mail has no end.");
    let engine = engine(&[("broken", &script)]).await;
    let id = live(&engine, "broken").await;
    let told = engine.source(id).await.unreadable.unwrap();
    assert_eq!((told.count, told.reason.as_str()), (1, "The mail has no end."));
    script.poison("INBOX", "1:99", "The mail has no beginning.");
    engine.resync(id).await;
    assert_eq!(engine.source(id).await.unreadable.unwrap().count, 2);
    let account = account_of(&engine.sources().await, id);
    let view: AccountView = engine.call("accounts.seen_unreadable", json!({ "id": account })).await;
    assert_eq!(view.sources[0].unreadable, None);
    let engine = engine.restart().await;
    engine.resync(id).await;
    assert_eq!(engine.source(id).await.unreadable, None, "seen is seen");
}

pub(crate) fn sql(engine: &Engine, query: &str) -> Vec<String> {
    let connection = rusqlite::Connection::open(engine.data().join("inlet.db")).unwrap();
    let mut statement = connection.prepare(query).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hanging_source_holds_up_nobody_not_even_the_end() {
    let (stuck, other) = (Script::new("stuck"), Script::new("other"));
    stuck.hang();
    let engine = engine(&[("stuck", &stuck), ("other", &other)]).await;
    let id = engine.connect("stuck").await;
    other.deliver("INBOX", mail("quick"));
    live(&engine, "other").await;
    let row = engine.titled("quick").await.unwrap();
    let op = engine.reply(row.id, "Quick too.").await;
    engine.op_in(op.id, inlet_orchestrator::api::types::OpState::Done).await;
    other.deliver("INBOX", mail("quicker"));
    arrives(&engine, "quicker").await;
    assert_eq!(engine.source(id).await.state, SourceState::Syncing);
    let account = account_of(&engine.sources().await, id);
    let _: Value = engine.call("accounts.remove", json!({ "id": account })).await;
    inlet_testkit::timeout(LIMIT, engine.app.shutdown()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_for_one_account_leaves_the_others_alone() {
    let (one, other) = (Script::new("one"), Script::new("other"));
    let engine = engine(&[("one", &one), ("other", &other)]).await;
    let id = live(&engine, "one").await;
    live(&engine, "other").await;
    let only = account_of(&engine.sources().await, id);
    let engine = engine.restart_for(Some(only)).await;
    let asked = other.calls().len();
    other.deliver("INBOX", mail("left"));
    one.deliver("INBOX", mail("fetched"));
    arrives(&engine, "fetched").await;
    assert_eq!(other.calls().len(), asked);
}
