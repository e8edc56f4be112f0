//! What comes between two pulls.

use super::{Held, Place, mark, scope};

#[tokio::test]
async fn conversations_have_the_names_people_know_them_by() {
    let Some(place) = Place::start("slack_names") else { return };
    let (ben, ana) = (place.ben.as_str(), place.ana.as_str());
    let channel = place.fake.channel("launch", &[ben]);
    let private = place.fake.private("secrets", &[ben]);
    let direct = place.fake.direct(ben);
    let group = place.fake.group(&[ben, ana]);
    let scopes = place.source().scopes().await.unwrap();
    let name = |id: &str| scopes.iter().find(|scope| scope.remote == id).unwrap().name.clone();
    assert_eq!(name(&channel), "#launch");
    assert_eq!(name(&private), "#secrets");
    assert_eq!(name(&direct), "Ben Ito");
    assert_eq!(name(&group), "Ana Ferreira, Ben Ito");
    assert!(scopes.iter().all(|scope| scope.pulled && !scope.live));
    assert!(scopes[0].name.starts_with(char::is_alphabetic), "people come first: {scopes:?}");
}

#[tokio::test]
async fn a_message_is_whole() {
    let Some(place) = Place::start("slack_whole") else { return };
    let direct = place.fake.direct(&place.ben);
    let me = place.fake.me();
    let text = format!("*Hi* <@{me}>, see <https://example.org/a?b=1&amp;c=2|the plan> :tada:");
    let ts = place.fake.say(&direct, &place.ben, &text);
    place.fake.react(&direct, &ts, &me, "thumbsup");
    place.fake.react(&direct, &ts, &place.ben, "thumbsup");
    place.fake.edit(&direct, &ts, &format!("{text} soon"));
    let root = place.fake.say(&direct, &me, "Lunch?");
    place.fake.answer(&direct, &root, &place.ben, "At noon.");
    let source = place.source();
    let held = Held::all(&source, &scope(&source, &direct).await).await;
    let message = held.get(&ts);
    assert_eq!(message.text, "Hi @Maya Lindqvist, see the plan 🎉 soon");
    let html = message.html.as_deref().unwrap();
    assert!(html.contains("<b>Hi</b>") && html.contains("href=\"https://example.org/a?b=1&amp;c=2\""), "{html}");
    assert_eq!(message.sender.handle, "ben@initech.example");
    assert_eq!(message.sender.name.as_deref(), Some("Ben Ito"));
    assert!(!message.from_me && !message.read && message.edited_at.is_some());
    let given = &message.reactions[0];
    assert_eq!((given.emoji.as_str(), given.by.len(), given.mine), ("👍", 1, true));
    let mine = held.get(&root);
    assert!(mine.from_me && mine.read);
    let answer = held.messages.values().find(|message| message.text == "At noon.").unwrap();
    assert_eq!(answer.reply_to.as_ref(), Some(&mine.remote_id));
    assert_eq!(answer.conversation, direct);
}

#[tokio::test]
async fn edits_reactions_deletions_and_answers_are_seen_without_a_socket() {
    let Some(place) = Place::start("slack_changes") else { return };
    let channel = place.channel(40);
    let source = place.source();
    let scope = scope(&source, &channel).await;
    let mut held = Held::all(&source, &scope).await;
    assert_eq!(held.messages.len(), 40);
    let all: Vec<String> =
        place.fake.messages(&channel).iter().map(|message| message["ts"].as_str().unwrap().to_owned()).collect();
    place.fake.edit(&channel, &all[20], "Other words");
    place.fake.react(&channel, &all[25], &place.ana, "eyes");
    place.fake.delete(&channel, &all[30]);
    place.fake.answer(&channel, &all[35], &place.ana, "An answer");
    held.drain(&source, &scope).await.unwrap();
    assert_eq!(held.came, 3, "two that changed, one that is new");
    assert_eq!(held.get(&all[20]).text, "Other words");
    assert_eq!(held.get(&all[25]).reactions[0].emoji, "👀");
    assert!(!held.texts().contains(&"Message 31"));
    assert!(held.texts().contains(&"An answer"));
    place.fake.answer(&channel, &all[35], &place.ben, "A second one");
    held.drain(&source, &scope).await.unwrap();
    assert_eq!(held.came, 1);
    // The root of a thread leaves a stone.
    place.fake.delete(&channel, &all[35]);
    held.drain(&source, &scope).await.unwrap();
    assert!(held.get(&all[35]).deleted && held.get(&all[35]).text.is_empty());
    assert!(held.texts().contains(&"A second one"));
}

#[tokio::test]
async fn more_news_than_a_page_leaves_no_gap() {
    let Some(place) = Place::start("slack_gap") else { return };
    let channel = place.channel(10);
    let source = place.source();
    let scope = scope(&source, &channel).await;
    let mut held = Held::all(&source, &scope).await;
    for number in 11..=420 {
        place.fake.say(&channel, &place.ben, &format!("Message {number}"));
    }
    held.drain(&source, &scope).await.unwrap();
    assert_eq!(held.came, 410);
    let wanted: Vec<String> = (1..=420).map(|number| format!("Message {number}")).collect();
    assert_eq!(held.texts(), wanted);
}

#[tokio::test]
async fn the_past_comes_in_pages_as_far_as_one_scrolls() {
    let Some(place) = Place::start("slack_past") else { return };
    let channel = place.channel(730);
    let source = place.source();
    let scope = scope(&source, &channel).await;
    let mut held = Held::all(&source, &scope).await;
    assert_eq!(held.messages.len(), 500, "so many come unasked");
    for _ in 0..2 {
        let page = source.older(&scope, held.cursor.as_ref().unwrap()).await.unwrap();
        assert!(!page.progress.unwrap().complete);
        held.take(page);
    }
    let page = source.older(&scope, held.cursor.as_ref().unwrap()).await.unwrap();
    assert!(page.progress.unwrap().complete);
    held.take(page);
    assert_eq!(held.messages.len(), 730);
    place.fake.say(&channel, &place.ben, "and on");
    held.drain(&source, &scope).await.unwrap();
    assert_eq!(held.came, 1);
    let page = source.older(&scope, held.cursor.as_ref().unwrap()).await.unwrap();
    assert!(page.upserts.is_empty());
}

#[tokio::test]
async fn what_was_read_elsewhere_is_read_and_back_again() {
    let Some(place) = Place::start("slack_read") else { return };
    let channel = place.channel(5);
    let all: Vec<String> =
        place.fake.messages(&channel).iter().map(|message| message["ts"].as_str().unwrap().to_owned()).collect();
    place.fake.read(&channel, &all[1]);
    let source = place.source();
    let scope = scope(&source, &channel).await;
    let mut held = Held::all(&source, &scope).await;
    let read = |held: &Held| all.iter().map(|ts| held.get(ts).read).collect::<Vec<_>>();
    assert_eq!(read(&held), [true, true, false, false, false]);
    place.fake.read(&channel, &all[3]);
    held.drain(&source, &scope).await.unwrap();
    assert_eq!((held.came, read(&held)), (0, vec![true, true, true, true, false]));
    place.fake.read(&channel, &all[0]);
    held.drain(&source, &scope).await.unwrap();
    assert_eq!(read(&held), [true, false, false, false, false]);
    let ids: Vec<String> = all.iter().map(|ts| held.get(ts).remote_id.0.clone()).collect();
    mark(&source, &scope, &[&ids[2], &ids[4], &ids[3]], true).await;
    assert_eq!(place.fake.last_read(&channel), all[4]);
    mark(&source, &scope, &[&ids[3], &ids[2]], false).await;
    assert_eq!(place.fake.last_read(&channel), all[1]);
    held.drain(&source, &scope).await.unwrap();
    assert_eq!(read(&held), [true, true, false, false, false]);
}

#[tokio::test]
async fn a_round_asks_the_lively_and_lets_the_others_rest() {
    let Some(place) = Place::start("slack_rounds") else { return };
    let rooms: Vec<String> = (0..24)
        .map(|number| {
            let room = place.fake.channel(&format!("room-{number}"), &[&place.ben]);
            place.fake.say(&room, &place.ben, "Hello");
            room
        })
        .collect();
    let source = place.source();
    let mut cursors = std::collections::BTreeMap::new();
    for round in 0..2 {
        place.fake.forget();
        for scope in source.scopes().await.unwrap() {
            let page = source.pull(&scope, cursors.get(&scope.remote)).await.unwrap();
            assert_eq!(page.upserts.len(), usize::from(round == 0));
            cursors.insert(scope.remote, page.next);
        }
        let asked = place.fake.requests("conversations.history");
        assert_eq!(asked, if round == 0 { 24 } else { 20 }, "round {round}");
    }
    // Whoever looks at one is answered by Slack.
    place.fake.say(&rooms[0], &place.ben, "News");
    let scope = scope(&source, &rooms[0]).await;
    let first = source.pull(&scope, cursors.get(&scope.remote)).await.unwrap();
    let again = source.pull(&scope, cursors.get(&scope.remote)).await.unwrap();
    assert!(first.upserts.len() + again.upserts.len() >= 1);
    assert_eq!(again.upserts.len(), 1);
}
