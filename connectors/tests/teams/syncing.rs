//! What comes between two pulls, and what is asked for it.

use std::time::Duration;

use inlet_testkit::graph::{Fault, Resource, Said};
use serde_json::json;

use super::{All, Held, Tenant, ana, ben, later, look, mark, scope, send};

#[tokio::test]
async fn edits_deletions_and_reactions_between_pulls_are_seen() {
    let Some(tenant) = Tenant::start("teams_changes") else { return };
    let (chat, teams) = (tenant.chat(30), tenant.fake.teams());
    let ids: Vec<String> = teams.messages(&chat).iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    let source = tenant.source();
    let scope = scope(&source, &chat).await;
    let mut held = Held::all(&source, &scope).await;
    assert_eq!(held.messages.len(), 30);

    teams.edit(&chat, &ids[3], "<p>Message <b>four</b></p>");
    teams.delete(&chat, &ids[4]);
    teams.react(&chat, &ids[5], &ana(), "like");
    teams.react(&chat, &ids[5], &ben(), "👍");
    teams.say(&chat, Said::members_added(&ana(), &[ben()]));
    let mention = Said::html(r#"<p>Ask <at id="0">Ana Ferreira</at></p>"#).mention(&ana()).from(&ben());
    let said = teams.say(&chat, mention.with("importance", "urgent"));
    held.drain(&source, &scope).await.unwrap();

    assert_eq!((held.came, held.messages.len()), (5, 32), "what did not change did not come");
    let edited = held.get(&ids[3]);
    assert!(edited.text == "Message four" && edited.edited_at.is_some());
    assert!(held.get(&ids[4]).deleted && held.get(&ids[4]).text.is_empty());
    let reaction = &held.get(&ids[5]).reactions;
    assert_eq!((reaction.len(), reaction[0].emoji.as_str(), reaction[0].by.len()), (1, "👍", 2));
    assert!(held.texts().contains(&"Ana Ferreira added Ben Ito"), "{:?}", held.texts());
    assert_eq!(held.get(&said).text, "Urgent!\n\nAsk @Ana Ferreira");
    assert_eq!(held.get(&said).sender.handle, "ben@contoso.example");
}

#[tokio::test]
async fn the_past_and_much_news_come_whole() {
    let Some(tenant) = Tenant::start("teams_pages") else { return };
    let (chat, teams) = (tenant.chat(120), tenant.fake.teams());
    let source = tenant.source();
    let scope = scope(&source, &chat).await;
    let mut held = Held::all(&source, &scope).await;
    assert_eq!(held.messages.len(), 50, "the newest");
    for number in 121..=250 {
        teams.say(&chat, Said::text(&format!("Message {number}")).from(&ben()));
    }
    held.drain(&source, &scope).await.unwrap();
    assert_eq!((held.messages.len(), held.came >= 130), (180, true));
    assert!(!held.older(&source, &scope).await, "there is more");
    while !held.older(&source, &scope).await {}
    let mut expected: Vec<String> = (1..=250).map(|number| format!("Message {number}")).collect();
    let mut texts: Vec<String> = held.texts().into_iter().map(str::to_owned).collect();
    expected.sort();
    texts.sort();
    assert_eq!(texts, expected, "each once");
    // What is old and changes is news as well.
    let first = teams.messages(&chat)[0]["id"].as_str().unwrap().to_owned();
    teams.edit(&chat, &first, "<p>changed</p>");
    held.drain(&source, &scope).await.unwrap();
    assert_eq!((held.came, held.get(&first).text.as_str()), (1, "changed"));
}

#[tokio::test]
async fn chats_that_stand_still_cost_nothing() {
    let Some(tenant) = Tenant::start("teams_still") else { return };
    let chats = tenant.fake.teams().add_many(120, 2);
    let source = tenant.source();
    let mut all = All::default();
    all.round(&source).await;
    assert_eq!(tenant.requests(), 3 + 100, "fifty to a page; of all but a hundred the list has the last message");
    assert_eq!((all.0.len(), all.count()), (120, 100 * 2 + 20));

    assert_eq!(all.round(&source).await, 0);
    assert_eq!(tenant.requests(), 1, "the list, and not to its end");

    // One has news, another changes further up.
    tenant.fake.teams().say(&chats[0], Said::text("News").from(&ben()));
    let above = tenant.fake.teams().messages(&chats[1])[0]["id"].as_str().unwrap().to_owned();
    tenant.fake.teams().react(&chats[1], &above, &ben(), "like");
    assert_eq!(all.round(&source).await, 3, "the news, and what stood before it, of which only the last was here");
    assert_eq!(tenant.requests(), 3, "two pages of the list, and the chat");

    // Whoever opens the other one looks closer.
    let (scope, held) = all.0.get_mut(&chats[1]).unwrap();
    held.drain(&source, scope).await.unwrap();
    assert_eq!(held.get(&above).reactions.len(), 1);
}

#[tokio::test]
async fn a_list_that_breaks_off_is_made_good_by_the_next_one() {
    let Some(tenant) = Tenant::start("teams_broken_list") else { return };
    let chats = tenant.fake.teams().add_many(170, 1);
    let source = tenant.source();
    let mut all = All::default();
    all.round(&source).await;
    // So many have news that they fill the first page, and one is on the second.
    for chat in &chats[..60] {
        tenant.fake.teams().say(chat, Said::text("News").from(&ben()));
    }
    let first = source.list(None).await.unwrap();
    tenant.fake.fail(Fault::unavailable().on(Resource::Teams));
    assert!(source.list(first.next.as_ref()).await.is_err());
    all.round(&source).await;
    for chat in &chats[..60] {
        assert!(all.0[chat].1.texts().contains(&"News"), "{chat}");
    }
}

#[tokio::test]
async fn what_was_read_elsewhere_is_read_here_and_back() {
    let Some(tenant) = Tenant::start("teams_read") else { return };
    let chat = tenant.chat(5);
    let (source, phone) = (tenant.source(), tenant.source());
    let scope = scope(&source, &chat).await;
    let mut held = Held::all(&source, &scope).await;
    assert!(held.messages.values().all(|message| !message.read), "nobody has looked yet");
    let last = held.messages.keys().next_back().unwrap().clone();
    mark(&phone, &scope, &last, true).await;
    look(&source).await;
    tenant.requests();
    held.drain(&source, &scope).await.unwrap();
    assert!(held.messages.values().all(|message| message.read));
    assert_eq!(tenant.requests(), 0, "the list said so");

    let third = held.messages.keys().nth(2).unwrap().clone();
    mark(&phone, &scope, &third, false).await;
    look(&source).await;
    held.drain(&source, &scope).await.unwrap();
    let read: Vec<bool> = held.messages.values().map(|message| message.read).collect();
    assert_eq!(read, [true, true, false, false, false]);

    // What I write I have read, and what was said before it.
    send(&source, super::outgoing(&chat, "Mine")).await.unwrap();
    look(&source).await;
    held.drain(&source, &scope).await.unwrap();
    assert!(held.messages.values().all(|message| message.read) && held.messages.len() == 6);
    let mine = held.messages.values().last().unwrap();
    assert!(mine.from_me && mine.sender.handle == tenant.fake.me().address);
}

#[tokio::test]
async fn what_was_read_elsewhere_far_down_the_list_is_read_here_before_long() {
    let Some(tenant) = Tenant::start("teams_read_below") else { return };
    let chats = tenant.fake.teams().add_many(170, 1);
    let (source, phone) = (tenant.source(), tenant.source());
    let scopes = source.scopes().await.unwrap();
    assert_eq!(tenant.requests(), 4, "fifty to a page");
    let mut held = Vec::new();
    for scope in &scopes {
        held.push(Held::all(&source, scope).await);
    }
    let at = 120;
    assert!(chats.contains(&scopes[at].remote));
    let message = held[at].messages.keys().next().unwrap().clone();
    mark(&phone, &scopes[at], &message, true).await;
    let read = async |held: &mut Held| {
        look(&source).await;
        let requests = tenant.requests();
        held.drain(&source, &scopes[at]).await.unwrap();
        (requests, held.messages[&message].read)
    };
    tenant.requests();
    assert_eq!(read(&mut held[at]).await, (1, false), "not each time the list is looked at");
    tenant.requests();
    later(Duration::from_secs(600)).await;
    assert_eq!(read(&mut held[at]).await, (4, true), "to the end: the last chat is unread as well");
    tenant.requests();
    assert_eq!(read(&mut held[at]).await, (1, true));
}

#[tokio::test]
async fn names_and_members_are_told_and_renames_are_noticed() {
    let Some(tenant) = Tenant::start("teams_names") else { return };
    let teams = tenant.fake.teams();
    let (pair, group) = (teams.one_on_one(&ana()), teams.meeting("Standup", &[ana(), ben()]));
    teams.say(&pair, Said::text("Hi").from(&ana()));
    teams.say(&group, Said::text("Hi").from(&ben()));
    let source = tenant.source();
    let pair_scope = scope(&source, &pair).await;
    assert_eq!(pair_scope.name, "Ana Ferreira");
    let message = Held::all(&source, &pair_scope).await.messages.into_values().next().unwrap();
    assert_eq!((message.title, message.members.len()), (None, 1));
    let message = Held::all(&source, &scope(&source, &group).await).await.messages.into_values().next().unwrap();
    assert_eq!((message.title.as_deref(), message.members.len()), (Some("Standup"), 2));
    assert_eq!(message.conversation, group);
    teams.rename(&group, "Daily");
    assert_eq!(scope(&source, &group).await.name, "Daily");
}

#[tokio::test]
async fn files_lie_elsewhere_and_pictures_are_fetched() {
    let Some(tenant) = Tenant::start("teams_files") else { return };
    let chat = tenant.chat(0);
    let file = json!([{ "id": "f1", "contentType": "reference", "name": "Budget.xlsx", "content": null,
        "contentUrl": "https://contoso.sharepoint.com/Budget.xlsx", "thumbnailUrl": null, "teamsAppId": null }]);
    let said = Said::html(r#"See <attachment id="f1"></attachment><img src="{hosted:0}">"#).from(&ben());
    tenant.fake.teams().say(&chat, said.with("attachments", file).picture("image/png", "pixels"));
    let source = tenant.source();
    let scope = scope(&source, &chat).await;
    let message = Held::all(&source, &scope).await.messages.into_values().next().unwrap();
    assert_eq!(message.text, "See");
    let [part, shared] = message.attachments.as_slice() else { panic!("{:?}", message.attachments) };
    assert_eq!(shared.name, "Budget.xlsx");
    assert_eq!(shared.link.as_deref(), Some("https://contoso.sharepoint.com/Budget.xlsx"));
    assert!(message.html.unwrap().contains(&format!("cid:{}", part.content_id.as_ref().unwrap())));
    let reference = inlet_model::PartRef { scope: chat, remote_id: message.remote_id, part: part.part.clone() };
    let mut bytes = Vec::new();
    source.fetch(&reference, &mut bytes).await.unwrap();
    assert_eq!(bytes, b"pixels");
}
