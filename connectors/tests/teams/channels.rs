//! Channels, where an administrator consented.

use inlet_testkit::graph::Said;

use super::{Held, Tenant, ana, answer, ben, outgoing, scope, send};

#[tokio::test]
async fn posts_and_their_answers_are_one_conversation() {
    let Some(tenant) = Tenant::start("teams_channels") else { return };
    let teams = tenant.fake.teams();
    let (team, channels) = teams.team("Harbour", &["General", "Boats"]);
    let channel = &channels[0];
    let root = teams.post(&team, channel, Said::text("Who sails?").from(&ana()).with("subject", "Saturday"));
    teams.reply(&team, channel, &root, Said::text("Me").from(&ben()));
    assert!(tenant.source().scopes().await.unwrap().is_empty(), "not without being asked for");

    let source = tenant.open(true);
    let remote = format!("{team}/{channel}");
    let place = scope(&source, &remote).await;
    assert_eq!(place.name, "Harbour › General");
    let mut held = Held::all(&source, &place).await;
    let post = held.get(&root);
    assert_eq!((post.text.as_str(), post.read), ("Saturday\n\nWho sails?", true));
    let (post, answers) = (post.remote_id.clone(), held.messages.values().filter(|one| one.reply_to.is_some()).count());
    assert_eq!((held.messages.len(), answers), (2, 1));

    // An answer to the answer stands under the post; what answers nothing is a post.
    let first = held.messages.values().find(|one| one.reply_to.is_some()).unwrap().remote_id.0.clone();
    let sent = send(&source, answer(&remote, &first, "I do as well")).await.unwrap();
    assert_eq!(teams.channel_messages(&team, channel, Some(&root)).len(), 2);
    send(&source, outgoing(&remote, "Another thing")).await.unwrap();
    assert_eq!(teams.channel_messages(&team, channel, None).len(), 2);
    teams.reply(&team, channel, &root, Said::text("Too late").from(&ana()));

    held.drain(&source, &place).await.unwrap();
    assert_eq!((held.came, held.messages.len()), (3, 5), "{:?}", held.texts());
    assert_eq!(held.messages[&sent.remote_id.unwrap().0].reply_to, Some(post));
    let unread: Vec<&str> = held.messages.values().filter(|one| !one.read).map(|one| one.text.as_str()).collect();
    assert_eq!(unread, ["Too late"], "what came since, and is not mine");
    let last = held.messages.values().find(|one| !one.read).unwrap().remote_id.0.clone();
    super::mark(&source, &place, &last, true).await;
    held.drain(&source, &place).await.unwrap();
    assert!(held.messages.values().all(|one| one.read));
}

#[tokio::test]
async fn a_lost_answer_in_a_channel_is_found_under_its_post() {
    use inlet_model::{OpKey, SourceError};
    use inlet_testkit::graph::Fault;

    let Some(tenant) = Tenant::start("teams_channel_lost") else { return };
    let teams = tenant.fake.teams();
    let (team, channels) = teams.team("Harbour", &["General"]);
    let root = teams.post(&team, &channels[0], Said::text("Who sails?").from(&ana()));
    let source = tenant.open(true);
    let remote = format!("{team}/{}", channels[0]);
    let (key, asked) = (OpKey("one".into()), format!("{remote}/{root}"));
    for (fault, lands) in [(Fault::dropped(), false), (Fault::lost(), true)] {
        let op = super::planned(&source, answer(&remote, &asked, "Me")).await.unwrap();
        tenant.fake.fail(fault.method("POST").path("/replies"));
        assert!(matches!(source.apply(&key, &op).await, Err(SourceError::Unknown(_))));
        assert_eq!(source.find_applied(&key, &op).await.unwrap().is_some(), lands);
    }
    assert_eq!(teams.channel_messages(&team, &channels[0], Some(&root)).len(), 1);
}

#[tokio::test]
async fn a_channel_has_a_past_too() {
    let Some(tenant) = Tenant::start("teams_channel_past") else { return };
    let teams = tenant.fake.teams();
    let (team, channels) = teams.team("Harbour", &["General"]);
    for number in 0..120 {
        teams.post(&team, &channels[0], Said::text(&format!("Post {number}")).from(&ana()));
    }
    let source = tenant.open(true);
    let place = scope(&source, &format!("{team}/{}", channels[0])).await;
    let mut held = Held::all(&source, &place).await;
    assert_eq!(held.messages.len(), 50);
    for number in 120..190 {
        teams.post(&team, &channels[0], Said::text(&format!("Post {number}")).from(&ana()));
    }
    held.drain(&source, &place).await.unwrap();
    assert_eq!(held.messages.len(), 120);
    while !held.older(&source, &place).await {}
    assert_eq!(held.messages.len(), 190);
}
