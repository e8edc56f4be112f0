//! What the person did here is not undone by what the platform said before it knew.

use inlet_orchestrator::api::types::Place;

use crate::{
    harness::Engine,
    scripted::{Call, New, Script, mail},
    taxonomy::{arrives, engine, live},
};

async fn world(ids: &[&str]) -> (Engine, Script, inlet_model::SourceId, Vec<u32>) {
    let script = Script::new("post");
    let uids = ids.iter().map(|id| script.deliver("INBOX", mail(id))).collect();
    let engine = engine(&[("post", &script)]).await;
    let id = live(&engine, "post").await;
    (engine, script, id, uids)
}

/// A page of the inbox is read now, with this change in it, and handed over when the gate opens.
async fn page_on_its_way(script: &Script, touch: impl FnOnce()) {
    let inbox = |call: &Call| *call == Call::Pull("INBOX".into());
    let before = script.count(inbox);
    script.close_gate("INBOX");
    touch();
    script.called(before + 1, inbox).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_read_before_an_archive_does_not_bring_the_mail_back() {
    let (engine, script, id, uids) = world(&["kept", "other"]).await;
    let thread = engine.titled("kept").await.unwrap().id;
    page_on_its_way(&script, || script.flag("INBOX", uids[0], |flags| flags.answered = true)).await;
    engine.act("archive", thread).await;
    engine.outbox_empty().await;
    assert_eq!(script.find("kept")[0].0, "Archive", "the platform has done it");
    script.open_gate("INBOX");
    engine.resync(id).await;
    assert_eq!(engine.titled("kept").await.unwrap().place, Place::Archive);
    assert_eq!(engine.thread(thread).await.items.len(), 1);
    assert_eq!(engine.view("inbox").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_read_before_a_change_of_flags_does_not_turn_them_back() {
    let (engine, script, id, uids) = world(&["kept"]).await;
    let thread = engine.titled("kept").await.unwrap().id;
    page_on_its_way(&script, || script.flag("INBOX", uids[0], |flags| flags.answered = true)).await;
    engine.act("read", thread).await;
    engine.act("star", thread).await;
    engine.outbox_empty().await;
    // The stale page says unread and not starred; whoever looks while it is taken in sees neither.
    let mut events = engine.app.events();
    script.open_gate("INBOX");
    engine.resync(id).await;
    while events.try_recv().is_ok() {}
    let row = engine.titled("kept").await.unwrap();
    assert!(row.unread == 0 && row.starred);
    let flags = script.find("kept")[0].1;
    assert!(flags.read && flags.starred && flags.answered, "{flags:?}");
    assert!(engine.thread(thread).await.items[0].flags.answered, "and what the platform alone knew is here");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rescan_in_the_middle_of_an_archive_changes_nothing_for_the_person() {
    let (engine, script, id, _) = world(&["kept", "other"]).await;
    let row = engine.titled("kept").await.unwrap();
    let item = engine.thread(row.id).await.items[0].id;
    page_on_its_way(&script, || script.renumber()).await;
    engine.act("archive", row.id).await;
    assert_eq!(engine.titled("kept").await.unwrap().place, Place::Archive);
    script.open_gate("INBOX");
    engine.outbox_empty().await;
    engine.resync(id).await;
    assert_eq!(engine.titled("kept").await.unwrap().place, Place::Archive);
    assert_eq!(script.find("kept").len(), 1);
    assert_eq!(script.find("kept")[0].0, "Archive");
    assert_eq!(engine.thread(row.id).await.items[0].id, item, "it is the same row");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_another_client_moved_keeps_its_row_under_its_new_id() {
    let (engine, script, id, uids) = world(&["wanderer", "other"]).await;
    let row = engine.titled("wanderer").await.unwrap();
    let item = engine.thread(row.id).await.items[0].id;
    let mut uid = uids[0];
    let mut home = "INBOX";
    for (to, place) in
        [("Projects", Place::Archive), ("Archive", Place::Archive), ("Trash", Place::Trash), ("INBOX", Place::Inbox)]
    {
        uid = script.relocate(home, uid, to);
        home = to;
        engine.resync(id).await;
        let now = engine.titled("wanderer").await.unwrap();
        assert_eq!((now.id, now.place), (row.id, place), "in {to}");
        let items = engine.thread(row.id).await.items;
        assert_eq!((items.len(), items[0].id), (1, item), "in {to}");
    }
    assert_eq!(engine.items().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_client_does_is_seen() {
    let (engine, script, id, uids) = world(&["watched", "doomed"]).await;
    script.flag("INBOX", uids[0], |flags| {
        flags.read = true;
        flags.starred = true;
    });
    engine
        .until("the flags", async || {
            engine.titled("watched").await.filter(|row| row.unread == 0 && row.starred).map(|_| ())
        })
        .await;
    script.remove("INBOX", uids[1]);
    engine.until("the removal", async || engine.titled("doomed").await.is_none().then_some(())).await;
    engine.resync(id).await;
    assert_eq!(engine.items().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_join_their_thread_whatever_order_they_come_in() {
    let (engine, script, id, _) = world(&[]).await;
    let talk = |id, parent, minute| New { id, subject: "Re: Talk", parent, minute };
    script.deliver("INBOX", talk("c", Some("b"), 3));
    arrives(&engine, "Re: Talk").await;
    script.deliver("INBOX", talk("a", None, 1));
    script.deliver("INBOX", talk("b", Some("a"), 2));
    engine
        .until("one thread of three", async || {
            let rows = engine.view("inbox").await;
            (rows.len() == 1 && rows[0].total == 3).then_some(())
        })
        .await;
    engine.resync(id).await;
    let rows = engine.view("inbox").await;
    let ids: Vec<_> = engine.thread(rows[0].id).await.items.into_iter().filter_map(|item| item.message_id).collect();
    assert_eq!(ids, ["a@sender.test", "b@sender.test", "c@sender.test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archived_thread_comes_back_with_a_new_mail_and_a_muted_one_does_not() {
    let (engine, script, id, _) = world(&["loud", "quiet"]).await;
    let (loud, quiet) = (engine.titled("loud").await.unwrap().id, engine.titled("quiet").await.unwrap().id);
    engine.act("archive", loud).await;
    engine.act("mute", quiet).await;
    engine.outbox_empty().await;
    engine.resync(id).await;
    script.deliver("INBOX", New { id: "loud again", subject: "Re: loud", parent: Some("loud"), minute: 5 });
    script.deliver("INBOX", New { id: "quiet again", subject: "Re: quiet", parent: Some("quiet"), minute: 5 });
    engine.until("both mails", async || (engine.items().await.len() == 4).then_some(())).await;
    engine.resync(id).await;
    assert_eq!(engine.thread(loud).await.thread.place, Place::Inbox);
    assert_eq!(engine.thread(quiet).await.thread.place, Place::Archive);
}
