//! What is in the world.

use std::collections::{BTreeMap, HashMap, HashSet};

use inlet_model::{Kind, PartRef, Receipt, Record, Timestamp, account::DemoConfig};

use super::{NOW, everything, sources, world};

#[tokio::test]
async fn the_same_seed_gives_the_same_world_and_another_seed_another_one() {
    let mut texts = Vec::new();
    for seed in [1, 1, 2] {
        let mut text = String::new();
        for (name, source) in world(seed) {
            for (scope, record) in everything(&*source).await {
                text.push_str(&format!("{name} {scope} {record:?}\n"));
            }
        }
        texts.push(text);
    }
    assert!(texts[0] == texts[1], "two worlds of one seed differ");
    assert!(texts[0] != texts[2], "two seeds give one world");
}

#[tokio::test]
async fn there_is_enough_of_everything_and_every_id_is_its_own() {
    let expected = BTreeMap::from([
        ("Gmail", 330..=480),
        ("Outlook", 330..=480),
        ("WhatsApp", 270..=450),
        ("Teams", 120..=260),
        ("Slack (Northwind)", 170..=300),
        ("OneNote", 40..=70),
        ("Slack (Harbour Makers)", 8..=16),
    ]);
    let mut total = 0;
    for seed in [1, 2, 99] {
        total = 0;
        for (name, source) in world(seed) {
            let records = everything(&*source).await;
            let (_, bounds) = expected.iter().rev().find(|(start, _)| name.starts_with(*start)).unwrap();
            assert!(bounds.contains(&records.len()), "{name}: {}", records.len());
            total += records.len();
            let stable: HashSet<_> = records.iter().map(|(_, record)| record.stable_id.as_str()).collect();
            let remote: HashSet<_> = records.iter().map(|(_, record)| record.remote_id.clone().unwrap()).collect();
            assert_eq!((stable.len(), remote.len()), (records.len(), records.len()), "{name}");
        }
        assert!((1_300..=1_700).contains(&total), "{total}");
    }
    assert!(total > 0);
}

#[tokio::test]
async fn dates_are_past_pages_newest_first_and_references_known() {
    let now: Timestamp = NOW.parse().unwrap();
    let mut newest = Timestamp::UNIX_EPOCH;
    for (name, source) in world(1) {
        let records = everything(&*source).await;
        let known: HashMap<&str, Timestamp> = records
            .iter()
            .flat_map(|(_, record)| {
                let ids = [record.message_id.as_deref(), record.remote_id.as_ref().map(|id| id.0.as_str())];
                ids.into_iter().flatten().map(|id| (id, record.at))
            })
            .collect();
        let mut before: Option<(&String, Timestamp)> = None;
        for (scope, record) in &records {
            assert!(record.at < now, "{name}: {} is in the future", record.title);
            assert!(
                record.at > now - jiff::SignedDuration::from_hours(24 * 130),
                "{name}: {} is too old",
                record.title
            );
            if let Some((last, at)) = before
                && last == scope
            {
                assert!(at >= record.at, "{name}: not newest first");
            }
            before = Some((scope, record.at));
            newest = newest.max(record.at);
            for reference in &record.references {
                let parent = known.get(reference.as_str()).unwrap_or_else(|| panic!("{name}: {reference} is unknown"));
                assert!(*parent <= record.at, "{name}: an answer before its question in {}", record.title);
            }
        }
    }
    assert!(now.as_second() - newest.as_second() < 15 * 60, "the newest item is {newest}");
}

#[tokio::test]
async fn nobody_real_is_addressed_and_no_template_is_left_open() {
    for (name, source) in world(1) {
        for (_, record) in everything(&*source).await {
            let text = format!("{record:?}");
            for (at, _) in text.match_indices("://").chain(text.match_indices('@')) {
                let rest: String = text[at..]
                    .trim_start_matches(['@', ':', '/'])
                    .chars()
                    .take_while(|ch| ch.is_ascii_alphanumeric() || matches!(ch, '.' | '-'))
                    .collect();
                let host = rest.trim_end_matches('.');
                let platform = ["g.us", "thread.v2"].contains(&host);
                let reserved = host.ends_with(".example") || host.ends_with("example.com");
                assert!(!host.contains('.') || platform || reserved, "{name}: {host}");
            }
            for text in [&record.title, &record.text] {
                assert!(!text.contains(['{', '}']) && !text.contains("<<"), "{name}: {text}");
            }
        }
    }
}

#[tokio::test]
async fn it_holds_what_a_mail_program_stumbles_over() {
    let mut records = Vec::new();
    for (_, source) in world(1) {
        records.extend(everything(&*source).await.into_iter().map(|(_, record)| record));
    }
    let has = |what: &str, test: &dyn Fn(&Record) -> bool| {
        assert!(records.iter().any(test), "there is no {what}");
    };
    let contains = |record: &Record, low: char, high: char| record.text.chars().any(|ch| (low..=high).contains(&ch));
    has("Arabic", &|record| contains(record, '\u{600}', '\u{6ff}'));
    has("Hebrew", &|record| contains(record, '\u{590}', '\u{5ff}'));
    has("Japanese", &|record| contains(record, '\u{3040}', '\u{30ff}'));
    has("Chinese", &|record| record.text.contains("框架协议"));
    has("Korean", &|record| contains(record, '\u{ac00}', '\u{d7a3}'));
    has("Devanagari", &|record| contains(record, '\u{900}', '\u{97f}'));
    has("emoji in a subject", &|record| record.title.contains('😭'));
    has("empty subject", &|record| record.title.is_empty());
    has("very long subject", &|record| record.title.chars().count() >= 400);
    has("newsletter", &|record| record.meta.list_unsubscribe.is_some() && record.meta.list_id.is_some());
    has("one-click unsubscribe", &|record| record.meta.one_click_unsubscribe);
    has("tracking pixel", &|record| record.html.as_ref().is_some_and(|html| html.contains("width=\"1\" height=\"1\"")));
    has("invitation", &|record| record.meta.calendar.iter().any(|event| event.contains("METHOD:REQUEST")));
    has("picture in a body", &|record| {
        record.attachments.iter().any(|part| {
            let id = part.content_id.as_deref().unwrap_or("-");
            part.inline && record.html.as_ref().is_some_and(|html| html.contains(&format!("cid:{id}")))
        })
    });
    has("reaction", &|record| !record.reactions.is_empty());
    has("answer in a chat", &|record| record.kind == Kind::Chat && !record.references.is_empty());
    has("starred chat message", &|record| record.kind == Kind::Chat && record.flags.starred);
    has("edited message", &|record| record.edited_at.is_some());
    has("message that was read", &|record| record.receipt == Receipt::Read && record.from_me);
    has("message taken back", &|record| record.retracted && record.text.is_empty());
    has("starred mail", &|record| record.flags.starred);
    has("answered mail", &|record| record.flags.answered);
    has("quote", &|record| record.text.contains("\n> "));
    has("to-do", &|record| record.html.as_ref().is_some_and(|html| html.contains("data-tag=\"to-do\"")));
    let unread = records.iter().filter(|record| !record.flags.read && !record.from_me).count();
    assert!((40..=220).contains(&unread), "{unread} unread");
    let kinds: HashSet<&str> =
        records.iter().flat_map(|record| &record.attachments).map(|part| part.mime.as_str()).collect();
    for mime in ["image/png", "application/pdf", "text/csv", "text/calendar", "text/plain"] {
        assert!(kinds.contains(mime), "{mime}");
    }
    let mut threads: HashMap<&str, usize> = HashMap::new();
    for record in records.iter().filter(|record| record.title.contains("bicycle shed")) {
        *threads.entry(record.thread_key.as_deref().unwrap()).or_default() += 1;
    }
    assert!(threads.values().any(|count| *count > 100), "{threads:?}");
}

#[tokio::test]
async fn every_attachment_can_be_fetched_in_the_size_it_was_announced_with() {
    let (mut seen, mut linked) = (0, 0);
    for (name, source) in world(1) {
        for (scope, record) in everything(&*source).await {
            for part in &record.attachments {
                assert!(part.data.is_none());
                if let Some(link) = &part.link {
                    assert!(link.starts_with("https://") && part.size == 0 && name.contains("Teams"), "{name}: {link}");
                    linked += 1;
                    continue;
                }
                let wanted = PartRef {
                    scope: scope.clone(),
                    remote_id: record.remote_id.clone().unwrap(),
                    part: part.part.clone(),
                };
                let mut bytes = Vec::new();
                let fetched = source.fetch(&wanted, &mut bytes).await;
                if name.contains("Makers") {
                    continue;
                }
                fetched.unwrap();
                assert_eq!(bytes.len() as u64, part.size, "{}", part.name);
                seen += 1;
            }
        }
    }
    assert!(seen > 30 && linked > 0, "{seen}, {linked}");
}

#[tokio::test]
async fn a_world_made_at_any_hour_lies_in_the_past_and_in_known_places() {
    for now in ["2024-02-29T00:00:30Z", "2025-12-31T23:59:59Z", "2026-03-01T06:20:00Z", "2026-05-04T07:00:00Z"] {
        let now: Timestamp = now.parse().unwrap();
        for (name, source) in sources(&DemoConfig { seed: 5, now, copies: 1 }, &[]) {
            let source = source.into_dyn();
            let places: HashSet<String> =
                source.scopes().await.unwrap().into_iter().map(|scope| scope.remote).collect();
            let mut threads: HashMap<String, Timestamp> = HashMap::new();
            for (_, record) in everything(&*source).await.iter().rev() {
                assert!(record.at < now, "{name}: {} at {}", record.title, record.at);
                for label in record.also_in.iter().flatten() {
                    assert!(places.contains(label), "{name}: {label}");
                }
                if let (Some(thread), false) = (&record.thread_key, record.references.is_empty()) {
                    let before = threads.insert(thread.clone(), record.at);
                    assert!(before.is_none_or(|before| before <= record.at), "{name}: {}", record.title);
                }
            }
        }
    }
}
