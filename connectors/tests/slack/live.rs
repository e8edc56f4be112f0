//! Being told at once.

use std::{sync::Arc, time::Duration};

use inlet_model::{Result, Scope};
use inlet_testkit::timeout;
use tokio::task::JoinHandle;

use super::{Chats, Held, Place, scope};

const LIMIT: Duration = Duration::from_secs(30);

fn waiting(source: &Chats, scope: &Scope) -> JoinHandle<Result<()>> {
    let (source, scope) = (Arc::clone(source), scope.clone());
    tokio::spawn(async move { source.wait(&scope).await })
}

async fn told(waiting: JoinHandle<Result<()>>) {
    timeout(LIMIT, waiting).await.unwrap().unwrap();
}

/// Pulls whenever there is news until the conversation is as it should be; how many messages came.
async fn until(source: &Chats, scope: &Scope, held: &mut Held, wanted: impl Fn(&Held) -> bool) -> usize {
    let mut came = 0;
    loop {
        held.drain(source, scope).await.unwrap();
        came += held.came;
        if wanted(held) {
            return came;
        }
        told(waiting(source, scope)).await;
    }
}

/// A source whose socket is up, and what a conversation holds: one message more, which was told.
async fn connected(place: &Place, channel: &str) -> (Chats, Scope, Held) {
    place.fake.socket().give_up();
    let source = place.live();
    let scope = scope(&source, channel).await;
    assert!(scope.live);
    let first = waiting(&source, &scope);
    let mut held = Held::all(&source, &scope).await;
    timeout(LIMIT, place.fake.socket().connected(1)).await;
    place.fake.say(channel, &place.ben, "Ready");
    told(first).await;
    until(&source, &scope, &mut held, |held| held.texts().contains(&"Ready")).await;
    timeout(LIMIT, place.fake.socket().all_acknowledged()).await;
    held.drain(&source, &scope).await.unwrap();
    (source, scope, held)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_to_old_messages_and_in_old_threads_is_told() {
    let Some(place) = Place::start("slack_live_old") else { return };
    let channel = place.channel(1);
    let old = place.newest(&channel);
    let reply = place.fake.answer(&channel, &old, &place.ben, "An answer");
    let gone = place.fake.answer(&channel, &old, &place.ben, "A wrong answer");
    for number in 2..=90 {
        place.fake.say(&channel, &place.ben, &format!("Message {number}"));
    }
    let (source, scope, mut held) = connected(&place, &channel).await;
    assert_eq!(held.messages.len(), 93);
    place.fake.edit(&channel, &old, "Other words");
    let came = until(&source, &scope, &mut held, |held| held.get(&old).text == "Other words").await;
    assert_eq!(came, 1);
    place.fake.answer(&channel, &old, &place.ana, "A late answer");
    let came = until(&source, &scope, &mut held, |held| held.texts().contains(&"A late answer")).await;
    assert_eq!(came, 1);
    place.fake.edit(&channel, &reply, "Another answer");
    until(&source, &scope, &mut held, |held| held.get(&reply).text == "Another answer").await;
    place.fake.react(&channel, &reply, &place.ana, "heart");
    until(&source, &scope, &mut held, |held| !held.get(&reply).reactions.is_empty()).await;
    assert_eq!(held.get(&reply).reactions[0].emoji, "❤️");
    place.fake.delete(&channel, &gone);
    let came = until(&source, &scope, &mut held, |held| !held.texts().contains(&"A wrong answer")).await;
    assert_eq!(came, 0);
    assert_eq!(held.messages.len(), 93);
    timeout(LIMIT, place.fake.socket().all_acknowledged()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn envelopes_that_come_twice_do_no_harm() {
    let Some(place) = Place::start("slack_live_twice") else { return };
    let channel = place.channel(3);
    let (source, scope, mut held) = connected(&place, &channel).await;
    place.fake.socket().send_twice();
    for number in 4..=8 {
        let text = format!("Message {number}");
        place.fake.say(&channel, &place.ben, &text);
        let came = until(&source, &scope, &mut held, |held| held.texts().contains(&text.as_str())).await;
        assert_eq!(came, 1);
    }
    held.drain(&source, &scope).await.unwrap();
    assert_eq!(held.came, 0);
    assert_eq!(held.messages.len(), 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_is_changed_or_breaks_loses_nothing() {
    let Some(place) = Place::start("slack_live_change") else { return };
    let channel = place.channel(3);
    let (source, scope, mut held) = connected(&place, &channel).await;
    let socket = place.fake.socket();
    for (number, end) in ["refresh_requested", "warning", "cut"].into_iter().enumerate() {
        let ever = socket.ever();
        match end {
            "cut" => socket.cut(),
            reason => socket.disconnect(reason),
        }
        timeout(LIMIT, socket.connected(ever + 1)).await;
        let text = format!("After {number}");
        place.fake.say(&channel, &place.ben, &text);
        until(&source, &scope, &mut held, |held| held.texts().contains(&text.as_str())).await;
    }
    assert_eq!(held.messages.len(), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_acknowledged_comes_with_the_next_socket() {
    let Some(place) = Place::start("slack_live_retry") else { return };
    let channel = place.channel(3);
    let source = place.live();
    let scope = scope(&source, &channel).await;
    let mut held = Held::all(&source, &scope).await;
    // Nobody listens yet.
    place.fake.say(&channel, &place.ben, "While nobody listened");
    assert_eq!(place.fake.socket().waiting(), 4);
    told(waiting(&source, &scope)).await;
    held.drain(&source, &scope).await.unwrap();
    assert!(held.texts().contains(&"While nobody listened"));
    timeout(LIMIT, place.fake.socket().all_acknowledged()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_a_reaction_and_a_deletion_may_be_told_before_their_message() {
    let Some(place) = Place::start("slack_live_order") else { return };
    let channel = place.channel(3);
    let source = place.live();
    let scope = scope(&source, &channel).await;
    let mut held = Held::all(&source, &scope).await;
    // Nobody listens yet, and then all of it comes backwards.
    let kept = place.fake.say(&channel, &place.ben, "Befor");
    place.fake.edit(&channel, &kept, "Before");
    place.fake.react(&channel, &kept, &place.ana, "heart");
    let gone = place.fake.say(&channel, &place.ben, "A wrong message");
    place.fake.delete(&channel, &gone);
    place.fake.socket().reverse();
    told(waiting(&source, &scope)).await;
    until(&source, &scope, &mut held, |held| held.texts().contains(&"Before")).await;
    timeout(LIMIT, place.fake.socket().all_acknowledged()).await;
    held.drain(&source, &scope).await.unwrap();
    assert_eq!(held.get(&kept).reactions[0].emoji, "❤️");
    assert!(!held.texts().contains(&"Befor") && !held.texts().contains(&"A wrong message"));
    assert_eq!(held.messages.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_sockets_and_a_refused_token_leave_asking() {
    let Some(place) = Place::start("slack_live_many") else { return };
    let channel = place.channel(3);
    place.fake.socket().refuse_as_too_many(1);
    let source = place.live();
    let scope = scope(&source, &channel).await;
    let mut held = Held::all(&source, &scope).await;
    let wait = waiting(&source, &scope);
    timeout(LIMIT, place.fake.socket().connected(1)).await;
    assert_eq!(place.fake.socket().open(), 0);
    place.fake.say(&channel, &place.ben, "News");
    held.drain(&source, &scope).await.unwrap();
    assert_eq!(held.came, 1);
    assert!(!wait.is_finished(), "nobody was told");
    wait.abort();
    // The task ends with its source.
    drop(source);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_socket_is_up_a_round_asks_nobody_who_is_silent() {
    let Some(place) = Place::start("slack_live_rounds") else { return };
    let channel = place.channel(3);
    let other = place.fake.direct(&place.ben);
    let (source, scope, mut held) = connected(&place, &channel).await;
    let second = super::scope(&source, &other).await;
    let mut silent = Held::all(&source, &second).await;
    for _ in 0..3 {
        source.scopes().await.unwrap();
        place.fake.forget();
        held.drain(&source, &scope).await.unwrap();
        silent.drain(&source, &second).await.unwrap();
        assert_eq!(place.fake.all_requests(), 0);
    }
    // Another socket of the same app would get a share of the events.
    let ever = place.fake.socket().ever();
    place.fake.socket().others(1);
    place.fake.socket().cut();
    timeout(LIMIT, place.fake.socket().connected(ever + 1)).await;
    let wait = waiting(&source, &scope);
    place.fake.say(&channel, &place.ben, "Heard all the same");
    told(wait).await;
    source.scopes().await.unwrap();
    place.fake.forget();
    silent.drain(&source, &second).await.unwrap();
    assert!(place.fake.requests("conversations.history") == 1, "asked again, as one may not have heard");
}
