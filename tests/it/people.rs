//! Somebody, as the inspector tells of them.

use inlet_orchestrator::api::types::{Joined, Likeness, Nothing, PeoplePage, PersonView};
use serde_json::json;

use crate::harness::{Engine, Setup};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_what_every_source_holds_of_one_handle() {
    let engine = Engine::demo().await;
    let row = engine.titled("Gale 2: the launch plan, as decided today").await.unwrap();
    let items = engine.items().await;
    let handle = "dara.oneill@northwind.example";
    let theirs: Vec<_> = items
        .iter()
        .filter(|item| !item.from_me && item.from.as_ref().is_some_and(|from| from.handle == handle))
        .collect();
    assert!(theirs.len() > 20);
    let params = json!({ "source": row.source, "handle": "Dara.ONeill@northwind.example", "name": "Dara O'Neill" });
    let person: PersonView = engine.call("person.get", params).await;
    assert_eq!(person.party.handle, handle);
    assert_eq!(person.received as usize, theirs.len());
    assert!(person.sent > 0);
    assert!(person.first.unwrap() <= theirs.iter().map(|item| item.at).min().unwrap());
    assert!(person.last.unwrap() >= theirs.iter().map(|item| item.at).max().unwrap());

    let kinds: Vec<_> = person.identities.iter().map(|one| (one.source_type.as_str(), one.likeness)).collect();
    assert!(
        kinds.contains(&("outlook", Likeness::Handle)) && kinds.contains(&("teams", Likeness::Handle)),
        "{kinds:?}"
    );
    assert!(kinds.contains(&("slack", Likeness::Name)), "another handle of the same name is only a maybe: {kinds:?}");

    assert!(person.threads.len() > 5 && person.threads.len() <= 20);
    assert!(person.threads.is_sorted_by_key(|row| std::cmp::Reverse(row.at)));
    for thread in &person.threads {
        let view = engine.thread(thread.id).await;
        let named = view
            .items
            .iter()
            .any(|item| item.from.iter().chain(&item.to).chain(&item.cc).any(|party| party.handle == handle));
        assert!(named, "{} has nothing of them", thread.title);
    }
    assert!(person.files.iter().any(|shared| !shared.file.name.is_empty()));
    assert!(person.files.is_sorted_by_key(|shared| std::cmp::Reverse(shared.at)));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_named_in_notes_and_how_soon_one_answers_is_told_of_a_person() {
    let engine = Engine::demo().await;
    let person = async |handle: &str, name: &str| -> PersonView {
        engine.call("person.get", json!({ "handle": handle, "name": name })).await
    };
    let items = engine.items().await;
    let candidate = person("elif.demir@example.com", "Elif Demir").await;
    assert!(!candidate.notes.is_empty());
    for note in &candidate.notes {
        let item = items.iter().find(|item| item.id == note.item).unwrap();
        assert_eq!(item.kind, inlet_model::Kind::Note);
        assert!(format!("{} {}", item.subject, item.text).contains("Elif Demir"), "{}", item.text);
    }
    assert!(candidate.answers.is_none() && candidate.answered.is_none(), "a message or two are no habit");

    let colleague = person("priya.raman@northwind.example", "Priya Raman").await;
    let (theirs, mine) = (colleague.answers.unwrap(), colleague.answered.unwrap());
    assert!(theirs.answers > 2 && u64::from(theirs.answers) <= colleague.received, "{theirs:?}");
    assert!(mine.answers > 2 && u64::from(mine.answers) <= colleague.sent, "{mine:?}");
    assert_ne!(theirs.minutes, mine.minutes, "each side has its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_nobody_knows_is_told_as_nobody() {
    let engine = Engine::demo().await;
    let source = engine.sources().await[0].id;
    for name in [None, Some("%"), Some("\"\" OR type:mail"), Some("\u{202e}")] {
        let params = json!({ "source": source, "handle": "nobody@nowhere.example", "name": name });
        let person: PersonView = engine.call("person.get", params).await;
        assert!(person.threads.is_empty() && person.files.is_empty() && person.notes.is_empty(), "{name:?}");
        assert_eq!((person.received, person.sent, person.first), (0, 0, None));
    }
    let empty = engine.ask("person.get", json!({ "source": source, "handle": " " })).await.unwrap_err();
    assert!(empty.message.contains("handle"));
}

#[tokio::test(flavor = "multi_thread")]
async fn handles_are_joined_and_parted_only_by_the_person() {
    let engine = Engine::demo().await;
    let list = async |query: &str| -> PeoplePage { engine.call("people.list", json!({ "query": query })).await };
    let everybody = list("").await;
    assert_eq!(everybody.total as usize, everybody.people.len());
    let mine: Vec<String> = engine.sources().await.into_iter().filter_map(|source| source.identity).collect();
    assert!(everybody.people.iter().all(|row| !mine.iter().any(|me| me.eq_ignore_ascii_case(&row.party.handle))));
    for query in ["%", "_", "\\", "' OR 1=1"] {
        assert_eq!(list(query).await.total, 0, "{query:?}");
    }

    let dara = list("dara").await.people;
    let (one, other) = (&dara[0], &dara[1]);
    let person = async || -> PersonView {
        let params = json!({ "source": one.source, "handle": one.party.handle, "name": one.party.name });
        engine.call("person.get", params).await
    };
    let likeness = |view: &PersonView| {
        view.identities.iter().find(|found| found.party.handle == other.party.handle).map(|found| found.likeness)
    };
    let before = person().await;
    assert!(matches!(
        likeness(&before),
        Some(Likeness::Name | Likeness::Company | Likeness::Signature | Likeness::Phone)
    ));

    let pair = json!({ "one": one.party.handle.to_uppercase(), "other": other.party.handle });
    let _: Nothing = engine.call("people.join", pair.clone()).await;
    let joined = person().await;
    assert_eq!(likeness(&joined), Some(Likeness::Joined));
    assert!(joined.received > before.received, "what the other handle wrote counts too");
    let rows = list("dara").await.people;
    assert_eq!(rows.len(), dara.len() - 1);
    assert!(rows[0].handles >= 2 && rows[0].platforms.len() >= 2);

    let _: Nothing = engine.call("people.split", json!({ "handle": other.party.handle })).await;
    assert_eq!(list("dara").await.people, dara);
    assert_eq!(person().await.received, before.received);

    let _: Nothing = engine.call("people.apart", pair.clone()).await;
    assert_eq!(likeness(&person().await), None, "what is kept apart is not offered");
    let _: Nothing = engine.call("people.unapart", pair).await;
    assert_eq!(likeness(&person().await), likeness(&before));
    let refused = engine.ask("people.join", json!({ "one": "a", "other": "A " })).await.unwrap_err();
    assert!(refused.message.contains("two different"), "{}", refused.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn joining_people_of_several_handles_is_taken_back_as_it_was() {
    let engine = Engine::demo().await;
    let everybody: PeoplePage = engine.call("people.list", json!({ "query": "" })).await;
    let handles: Vec<String> = everybody.people.iter().take(5).map(|row| row.party.handle.clone()).collect();
    let [a, b, c, d, e] = handles.try_into().unwrap();
    let join = async |one: &str, other: &str| -> Joined {
        engine.call("people.join", json!({ "one": one, "other": other })).await
    };
    let list = async || -> PeoplePage { engine.call("people.list", json!({ "query": "" })).await };
    let alone = join(&a, &b).await;
    assert_eq!(alone.groups, [vec![a.clone()], vec![b.clone()]]);
    join(&c, &d).await;
    let _: Nothing = engine.call("people.apart", json!({ "one": c, "other": a })).await;
    let two = list().await.people;
    let joined = join(&a, &c).await;
    assert_eq!(joined.groups, [vec![a.clone(), b.clone()], vec![c.clone(), d.clone()]]);
    assert!(joined.apart);
    assert_eq!(list().await.people.iter().map(|row| row.handles).max(), Some(4));
    // Whoever came to them since stays, and is alone.
    join(&e, &d).await;
    let _: Nothing = engine.call("people.part", serde_json::to_value(&joined).unwrap()).await;
    assert_eq!(list().await.people, two);
    assert!(join(&c, &a).await.apart, "that they are two people is known again");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_be_the_same_is_offered_with_the_evidence_and_joined_by_nobody() {
    let engine = Engine::with(Setup { connectors: true, ..Default::default() }).await;
    let folder = tempfile::tempdir().unwrap();
    let senders = [
        ("Rita Okafor", "rita@okafor.example", "Rita Okafor\nprivately Rita.Home@post.example\nTel. (0151) 234-567-89"),
        ("R.", "rita.home@post.example", "R."),
        ("Rita Okafor", "r.okafor@okafor.example", "Rita"),
        ("Rita Okafor", "rita@elsewhere.example", "Rita"),
        ("Tom", "tom@okafor.example", "Tom"),
    ];
    for (number, (name, address, signature)) in senders.iter().enumerate() {
        let mail = format!(
            "From: {name} <{address}>\nTo: anna@inlet.test\nSubject: Hello {number}\nMessage-ID: <{number}@okafor.example>\n\
             Date: Mon, 02 Mar 2026 10:0{number}:00 +0000\n\nHello Anna.\n\n-- \n{signature}\n"
        );
        std::fs::write(folder.path().join(format!("{number}.eml")), mail).unwrap();
    }
    let mut params = json!({ "paths": [folder.path()] });
    let _: serde_json::Value = engine.call("import", params).await;
    let chat = "24.12.23, 10:00 - +49 151 23456789: Kommst du?\n24.12.23, 10:01 - Anna: Ja\n";
    let chats = tempfile::tempdir().unwrap();
    std::fs::write(chats.path().join("WhatsApp-Chat mit +49 151 23456789.txt"), chat).unwrap();
    params = json!({ "paths": [chats.path()], "zone": "Europe/Berlin", "me": "Anna" });
    let _: serde_json::Value = engine.call("import", params).await;
    let params = json!({ "handle": "rita@okafor.example", "name": "Rita Okafor" });
    let whole = async || {
        let person: PersonView = engine.call("person.get", params.clone()).await;
        (person.identities.len() == 5).then_some(person)
    };
    let person = engine.until("five handles", whole).await;
    let mut found: Vec<(&str, Likeness)> =
        person.identities.iter().map(|one| (one.party.handle.as_str(), one.likeness)).collect();
    found.sort_by_key(|(handle, _)| *handle);
    assert_eq!(
        found,
        [
            ("+4915123456789", Likeness::Phone),
            ("r.okafor@okafor.example", Likeness::Company),
            ("rita.home@post.example", Likeness::Signature),
            ("rita@elsewhere.example", Likeness::Name),
            ("rita@okafor.example", Likeness::Handle),
        ]
    );
    let people: PeoplePage = engine.call("people.list", json!({ "query": "" })).await;
    assert!(people.total >= 6 && people.people.iter().all(|row| row.handles == 1), "nobody was joined");
}

/// Mails as they come in, one each: name, address, signature.
async fn hears_from(engine: &Engine, senders: &[(&str, &str, &str)]) {
    let folder = engine.folder.path().join("mails");
    std::fs::create_dir(&folder).unwrap();
    for (number, (name, address, signature)) in senders.iter().enumerate() {
        let mail = format!(
            "From: \"{name}\" <{address}>\nTo: anna@inlet.test\nSubject: Hello {number}\nMessage-ID: <{number}@okafor.example>\n\
             MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\
             Date: Mon, 02 Mar 2026 10:0{number}:00 +0000\n\nHello Anna.\n\n-- \n{signature}\n"
        );
        std::fs::write(folder.join(format!("{number}.eml")), mail).unwrap();
    }
    let _: serde_json::Value = engine.call("import", json!({ "paths": [folder] })).await;
    engine
        .until("everybody", async || {
            let people: PeoplePage = engine.call("people.list", json!({})).await;
            (people.total as usize >= senders.len()).then_some(())
        })
        .await;
}

/// Waits until these are offered as perhaps the same person, and nothing else is.
async fn offers(engine: &Engine, handle: &str, expected: &[(&str, Likeness)]) {
    engine
        .until(&format!("{expected:?} for {handle}"), async || {
            let person: PersonView = engine.call("person.get", json!({ "handle": handle })).await;
            let theirs = |likeness: Likeness| matches!(likeness, Likeness::Handle | Likeness::Joined);
            let maybe = person.identities.iter().filter(|one| !theirs(one.likeness));
            let mut found: Vec<_> = maybe.map(|one| (one.party.handle.as_str(), one.likeness)).collect();
            found.sort_by_key(|(handle, _)| *handle);
            (found == expected).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_signature_names_somebody_is_found_as_well() {
    let engine = Engine::with(Setup { connectors: true, ..Default::default() }).await;
    // Two numbers in one line, of which the second is Rita's.
    let numbers = "Tel. 030 1234567 / Mobil (0151) 234-567-89";
    hears_from(
        &engine,
        &[
            ("R. at home", "rita.home@post.example", "R."),
            (
                "Rita Okafor",
                "rita@okafor.example",
                &format!("Rita\nrita.home@post.example\n{numbers}\ninfo@okafor.example"),
            ),
            ("Tom Lee", "tom@okafor.example", "Tom Lee\ninfo@okafor.example"),
            ("Uma Roy", "uma@okafor.example", "Uma Roy\ninfo@okafor.example"),
            ("Okafor", "info@okafor.example", "Okafor"),
        ],
    )
    .await;
    let chats = tempfile::tempdir().unwrap();
    let chat = "24.12.23, 10:00 - +49 151 23456789: Kommst du?\n24.12.23, 10:01 - Anna: Ja\n";
    std::fs::write(chats.path().join("WhatsApp-Chat mit +49 151 23456789.txt"), chat).unwrap();
    let params = json!({ "paths": [chats.path()], "zone": "Europe/Berlin", "me": "Anna" });
    let _: serde_json::Value = engine.call("import", params).await;

    let both = [("+4915123456789", Likeness::Phone), ("rita.home@post.example", Likeness::Signature)];
    offers(&engine, "rita@okafor.example", &both).await;
    for other in ["+4915123456789", "rita.home@post.example"] {
        offers(&engine, other, &[("rita@okafor.example", Likeness::Signs)]).await;
    }
    // What everybody there signs with is nobody's.
    offers(&engine, "info@okafor.example", &[]).await;

    // What was said to be two people stays so, also with whatever belongs to either.
    let (rita, home, number) = ("rita@okafor.example", "rita.home@post.example", "+4915123456789");
    let _: Joined = engine.call("people.join", json!({ "one": rita, "other": home })).await;
    offers(&engine, number, &[(rita, Likeness::Signs)]).await;
    let _: Nothing = engine.call("people.apart", json!({ "one": home, "other": number })).await;
    for handle in [number, rita, home] {
        offers(&engine, handle, &[]).await;
    }
    let people: PeoplePage = engine.call("people.list", json!({ "query": "rita" })).await;
    assert_eq!(people.people[0].handles, 2, "and nobody was joined or parted by it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_the_same_however_it_is_written_and_free_mail_is_no_company() {
    let engine = Engine::with(Setup { connectors: true, ..Default::default() }).await;
    hears_from(
        &engine,
        &[
            ("Leila Novák", "leila@novak.example", "L"),
            ("Novak, Leila (Sales)", "l.novak@novak.example", "L"),
            ("LEILA NOVAK", "leila.novak@gmail.com", "L"),
            ("Leila Novák", "leila.n@gmail.com", "L"),
            ("Leila Novotná", "leila@novotna.example", "L"),
            ("Leila", "leila@elsewhere.example", "L"),
        ],
    )
    .await;
    let (company, name) = (Likeness::Company, Likeness::Name);
    let home = "leila.n@gmail.com";
    let found = [("l.novak@novak.example", company), (home, name), ("leila.novak@gmail.com", name)];
    offers(&engine, "leila@novak.example", &found).await;
    // Anybody gets an address at the other's.
    let found = [("l.novak@novak.example", name), ("leila.novak@gmail.com", name), ("leila@novak.example", name)];
    offers(&engine, home, &found).await;

    // What an address book says is a company, wherever the address is.
    let book = engine.folder.path().join("book.vcf");
    let cards = [("1", "leila.n@gmail.com", "Novák & Co;Sales"), ("2", "leila@novak.example", "NOVAK & CO;Research")];
    let text: String = cards
        .iter()
        .map(|(uid, address, firm)| {
            format!("BEGIN:VCARD\nVERSION:3.0\nUID:{uid}\nFN:Leila Novák\nORG:{firm}\nEMAIL:{address}\nEND:VCARD\n")
        })
        .collect();
    std::fs::write(&book, text).unwrap();
    let _: serde_json::Value = engine.call("contacts.import", json!({ "paths": [book] })).await;
    let found = [("l.novak@novak.example", name), ("leila.novak@gmail.com", name), ("leila@novak.example", company)];
    offers(&engine, home, &found).await;
    let people: PeoplePage = engine.call("people.list", json!({})).await;
    assert!(people.people.iter().all(|row| row.handles == 1), "nobody was joined");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_with_the_same_number_may_be_the_same() {
    let engine = Engine::with(Setup { connectors: true, ..Default::default() }).await;
    hears_from(
        &engine,
        &[
            ("R. Okafor", "ro@post.example", "R. Okafor\nMobil +49 151 23456789"),
            ("Rita Okafor", "rita@okafor.example", "Rita Okafor\nMobil (0151) 234-567-89\nTel. 030 1234567"),
            ("Tom Lee", "tom@okafor.example", "Tom Lee\nTel. 030 1234567"),
        ],
    )
    .await;
    offers(&engine, "rita@okafor.example", &[("ro@post.example", Likeness::Phone)]).await;
    offers(&engine, "ro@post.example", &[("rita@okafor.example", Likeness::Phone)]).await;
    // A number of two who are called otherwise is that of their office.
    offers(&engine, "tom@okafor.example", &[]).await;
}
