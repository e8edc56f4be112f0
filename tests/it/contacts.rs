//! Address books, and what a person's page holds of everything else.

use inlet_model::Party;
use inlet_orchestrator::api::types::{
    ActionList, ContactsForgotten, ContactsRead, Likeness, Nothing, PeoplePage, PersonView,
};
use serde_json::{Value, json};

use crate::harness::Engine;

async fn people(engine: &Engine, query: &str) -> PeoplePage {
    engine.call("people.list", json!({ "query": query })).await
}

async fn read(engine: &Engine, text: &str) -> ContactsRead {
    let path = engine.folder.path().join("book.vcf");
    std::fs::write(&path, text).unwrap();
    engine.call("contacts.import", json!({ "paths": [path] })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_book_names_people_and_joins_nobody() {
    let engine = Engine::demo().await;
    let all = people(&engine, "").await;
    let phone = all.people.iter().find(|row| row.party.handle.starts_with('+')).expect("somebody by telephone").clone();
    let mail = all.people.iter().find(|row| row.party.handle.contains('@')).unwrap().clone();
    let (number, address) = (phone.party.handle.clone(), mail.party.handle.clone());
    let spaced = format!("{} {} {}", &number[..3], &number[3..6], &number[6..]);
    let book = format!(
        "BEGIN:VCARD\nVERSION:3.0\nUID:1\nFN:Whoever It Is\nTEL:{spaced}\nEMAIL:{address}\nEMAIL:new@nowhere.example\nEND:VCARD\n\
         BEGIN:VCARD\nVERSION:3.0\nFN:Torn\n\
         BEGIN:VCARD\nVERSION:4.0\nUID:2\nFN:Zoë Unheard\nORG:Quiet Ltd\nEMAIL:zoe@quiet.example\nEND:VCARD\n"
    );
    let first = read(&engine, &book).await;
    assert_eq!((first.added, first.changed, first.known, first.left_out), (2, 0, 0, 1));
    assert!(first.skipped[0].why.starts_with("Card 2 "), "{:?}", first.skipped);
    let again = read(&engine, &book).await;
    assert_eq!((again.added, again.changed, again.known), (0, 0, 2), "the second time nothing is new");

    // Somebody nobody has written to is in the list, and is offered where a mail is addressed.
    let zoe = people(&engine, "zoe").await.people;
    assert_eq!((zoe.len(), zoe[0].source, zoe[0].last), (1, None, None));
    let offered: Vec<Party> = engine.call("people.suggest", json!({ "prefix": "unheard" })).await;
    assert_eq!(offered, [Party::named("Zoë Unheard", "zoe@quiet.example")]);
    let view: PersonView = engine.call("person.get", json!({ "handle": "zoe@quiet.example" })).await;
    assert_eq!(view.party.name.as_deref(), Some("Zoë Unheard"));
    assert!(view.threads.is_empty() && view.identities.is_empty() && view.open.is_empty());

    // One card is evidence that two handles are one person's, and no more than that.
    let params = json!({ "source": mail.source, "handle": address, "name": mail.party.name });
    let view: PersonView = engine.call("person.get", params.clone()).await;
    let other = view.identities.iter().find(|one| one.party.handle == number).expect("the number is offered");
    assert_eq!(other.likeness, Likeness::Card);
    assert_eq!(
        view.beside,
        ["new@nowhere.example", &spaced.replace(' ', "")]
            .into_iter()
            .filter(|handle| *handle != number)
            .collect::<Vec<_>>()
    );
    assert_eq!(people(&engine, &address).await.people[0].handles, mail.handles, "nobody was joined");
    let _: Nothing = engine.call("people.apart", json!({ "one": address, "other": number })).await;
    let view: PersonView = engine.call("person.get", params).await;
    assert!(view.identities.iter().all(|one| one.party.handle != number));

    let changed = read(&engine, &book.replace("Zoë Unheard", "Zoë Heard")).await;
    assert_eq!((changed.added, changed.changed, changed.known), (0, 1, 1));
    let gone: ContactsForgotten = engine.call("contacts.forget", json!({})).await;
    assert_eq!(gone.cards, 2);
    assert_eq!(people(&engine, "").await.total, all.total);
    for wrong in [json!({ "paths": [] }), json!({ "paths": ["/nowhere/book.vcf"] })] {
        assert!(engine.ask("contacts.import", wrong).await.is_err());
    }
    let path = engine.folder.path().join("empty.vcf");
    std::fs::write(&path, "nothing").unwrap();
    let error = engine.ask("contacts.import", json!({ "paths": [path] })).await.unwrap_err();
    assert!(error.message.contains("no vCards"), "{}", error.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_matters_weighs_more_and_what_is_open_is_on_their_page() {
    let engine = Engine::demo().await;
    let list = async || -> ActionList { engine.call("actions.list", json!({ "which": "all" })).await };
    let one = list().await.actions.into_iter().find(|one| one.score > 0 && one.person.is_some()).unwrap();
    let handle = one.person.clone().unwrap().handle;
    let page = async || -> PersonView {
        engine.call("person.get", json!({ "source": one.thread.source, "handle": handle })).await
    };
    let open = page().await.open;
    assert!(open.iter().any(|open| open.thread == one.thread.id && open.sentence == one.sentence));
    let score = async || list().await.actions.into_iter().find(|other| other.thread.id == one.thread.id).unwrap().score;
    let _: Value = engine.call("people.vip", json!({ "handle": handle.to_uppercase(), "vip": true })).await;
    assert!(page().await.vip);
    assert_eq!(score().await, one.score + 15);
    let row = people(&engine, &handle).await.people.remove(0);
    assert!(row.vip);
    let _: Value = engine.call("people.vip", json!({ "handle": handle, "vip": false })).await;
    assert_eq!((score().await, page().await.vip), (one.score, false));
    assert!(engine.ask("people.vip", json!({ "handle": " ", "vip": true })).await.is_err());
}
