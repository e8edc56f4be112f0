//! Large worlds are cheap.

use super::wire::{IMMUTABLE, Wire};
use inlet_testkit::graph::Resource;

#[tokio::test]
async fn a_hundred_thousand_messages_and_five_thousand_chats_are_cheap() {
    let Some(wire) = Wire::start("a_hundred_thousand_messages_and_five_thousand_chats_are_cheap") else { return };
    wire.fake.mail().add_many("inbox", 100_000);
    let inbox = wire.get("/me/mailFolders/inbox").await;
    assert_eq!((&inbox.json["totalItemCount"], &inbox.json["unreadItemCount"]), (&100_000.into(), &33_334.into()));
    let first = wire
        .get_with(
            "/me/mailFolders/inbox/messages/delta?$select=subject",
            &[IMMUTABLE, ("prefer", "odata.maxpagesize=500")],
        )
        .await;
    assert_eq!(first.each("subject").len(), 500);
    assert_eq!(first.each("subject")[0], "Message 99999");
    wire.fake.teams().add_many(5_000, 2);
    let target =
        "/me/chats?$expand=members,lastMessagePreview&$orderby=lastMessagePreview/createdDateTime desc&$top=50";
    let first = wire.get(target).await;
    assert_eq!(first.each("id").len(), 50);
    let second = wire.get(first.json["@odata.nextLink"].as_str().unwrap()).await;
    assert_eq!(second.json["value"][0]["lastMessagePreview"]["body"]["content"], "Message 1");
    assert_eq!(wire.fake.requests(Resource::Mail) + wire.fake.requests(Resource::Teams), 4);
}
