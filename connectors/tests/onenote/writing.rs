//! What is written, and that it is written once.

use inlet_model::{Intent, NoteOp, OpKey, Outgoing, RemoteId, SourceError, Target};
use inlet_testkit::graph::{Fault, Resource};

use super::{Held, Notes, Place, planned, scope};

const LIST: &str = "<p data-tag=\"to-do\" data-id=\"one\">Plant <b>peas</b></p><p data-tag=\"important, to-do\">Buy seeds</p>\
                    <ul><li><span data-tag=\"to-do\">Dig</span></li></ul>";

pub(super) fn append(page: &str, text: &str) -> Outgoing {
    Outgoing { conversation: Some(page.into()), text: text.into(), ..Outgoing::default() }
}

fn new_page(section: &str) -> Outgoing {
    Outgoing {
        section: Some(section.into()),
        subject: "Packing list".into(),
        text: "- [ ] passport\n\nand <so> on".into(),
        date: "2026-03-02T10:00:00Z".parse().unwrap(),
        ..Outgoing::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_appended_and_pages_made() {
    let Some((place, section)) = Place::with_pages("words_are_appended_and_pages_made", 2) else { return };
    let source = place.source();
    let scope = scope(&source, &section).await;
    let mut held = Held::default();
    held.drain(&source, &scope).await;
    let page = place.fake.notes().pages(&section)[0].clone();
    let key = OpKey("k1".into());
    let applied = source.apply(&key, &planned(&source, &key, append(&page, "- [ ] water\nHello <you>"))).await.unwrap();
    assert_eq!(applied.remote_id, Some(RemoteId(page.clone())));
    let html = place.fake.notes().html(&page);
    assert!(html.contains("<p data-tag=\"to-do\">water</p><p>Hello &lt;you&gt;</p>"), "{html}");
    assert!(html.find("This is page 0.") < html.find("water"), "behind what is there: {html}");

    let key = OpKey("k2".into());
    let made = source.apply(&key, &planned(&source, &key, new_page(&section))).await.unwrap().remote_id.unwrap().0;
    assert_eq!(place.fake.notes().title(&made), "Packing list");
    held.drain(&source, &scope).await;
    assert_eq!(held.notes[&made].title, "Packing list");
    assert_eq!(held.notes[&made].meta.todos[0].text, "passport");
    assert!(held.notes[&page].text.contains("- [ ] water"), "{}", held.notes[&page].text);
}

/// Applies with an answer that is lost, and looks as the engine does.
async fn lost(place: &Place, source: &Notes, key: &str, outgoing: Outgoing, fault: Fault) -> (bool, NoteOp) {
    let key = OpKey(key.into());
    let op = planned(source, &key, outgoing);
    place.fake.fail(fault);
    let error = source.apply(&key, &op).await.unwrap_err();
    assert!(matches!(error, SourceError::Unknown(_)), "{error:?}");
    (source.find_applied(&key, &op).await.unwrap().is_some(), op)
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_lost_answer_what_was_written_is_found_and_not_written_again() {
    let name = "after_a_lost_answer_what_was_written_is_found_and_not_written_again";
    let Some((place, section)) = Place::with_pages(name, 2) else { return };
    let source = place.source();
    let page = place.fake.notes().pages(&section)[1].clone();
    let writes = |method| Fault::lost().on(Resource::OneNote).method(method);
    assert!(lost(&place, &source, "a1", append(&page, "once only"), writes("PATCH")).await.0, "appended and found");
    assert_eq!(place.fake.notes().html(&page).matches("once only").count(), 1);
    assert!(lost(&place, &source, "a2", new_page(&section), writes("POST")).await.0, "made and found");
    assert_eq!(place.fake.notes().pages(&section).len(), 3);
    // Cut before anything happened: there is no trace, and a person decides.
    let cut = |method| Fault::dropped().on(Resource::OneNote).method(method);
    assert!(!lost(&place, &source, "a3", append(&page, "never"), cut("PATCH")).await.0);
    assert!(!lost(&place, &source, "a4", new_page(&section), cut("POST")).await.0, "the same title is not enough");
    assert_eq!(place.fake.notes().html(&page).matches("never").count(), 0);
    // The same words under another key are other words.
    assert!(!lost(&place, &source, "a5", append(&page, "once only"), cut("PATCH")).await.0);
}

/// Every way in which the answer to a writing can fail to come, and whether it had its effect all the same.
fn cuts() -> Vec<(Fault, bool)> {
    vec![
        (Fault::lost(), true),
        (Fault::dropped(), false),
        (Fault::error(500, "19999"), false),
        (Fault::error(502, "19999"), false),
        (Fault::error(504, "30103"), false),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_wherever_it_may_be_nothing_is_lost_and_nothing_comes_twice() {
    let name = "cut_wherever_it_may_be_nothing_is_lost_and_nothing_comes_twice";
    let Some((place, section)) = Place::with_pages(name, 3) else { return };
    let source = place.source();
    let page = place.fake.notes().pages(&section)[1].clone();
    for (number, (fault, done)) in cuts().into_iter().enumerate() {
        let words = format!("words {number}.");
        let fault = fault.on(Resource::OneNote).method("PATCH");
        let (found, op) = lost(&place, &source, &format!("p{number}"), append(&page, &words), fault).await;
        assert_eq!(found, done, "{words}");
        if !found {
            // The person has looked, and says: once more.
            source.apply(&OpKey(format!("p{number}")), &op).await.unwrap();
        }
        assert_eq!(place.fake.notes().html(&page).matches(&words).count(), 1, "{words}");
    }
    // The answer to a new page has a body, which may break off.
    let cuts = cuts().into_iter().chain([(Fault::torn(), true)]);
    for (number, (fault, done)) in cuts.enumerate() {
        let title = format!("Page of {number}");
        let outgoing = Outgoing { subject: title.clone(), ..new_page(&section) };
        let fault = fault.on(Resource::OneNote).method("POST");
        let (found, op) = lost(&place, &source, &format!("n{number}"), outgoing, fault).await;
        assert_eq!(found, done, "{title}");
        if !found {
            source.apply(&OpKey(format!("n{number}")), &op).await.unwrap();
        }
        let titles = place.fake.notes().pages(&section).into_iter().map(|page| place.fake.notes().title(&page));
        assert_eq!(titles.filter(|made| *made == title).count(), 1, "{title}");
    }
    // What was refused before anything happened is tried again by itself.
    for (fault, words) in [(Fault::throttled(), "wait"), (Fault::error(503, "10007"), "busy")] {
        let key = OpKey(words.into());
        let op = planned(&source, &key, append(&page, words));
        place.fake.fail(fault.on(Resource::OneNote).method("PATCH"));
        let error = source.apply(&key, &op).await.unwrap_err();
        assert!(matches!(error, SourceError::Throttled { .. } | SourceError::Transient(_)), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_refused_and_a_page_or_a_section_has_to_be_named() {
    let Some((place, section)) = Place::with_pages("files_are_refused", 1) else { return };
    let source = place.source();
    let file = inlet_model::OutgoingAttachment {
        name: "a.txt".into(),
        mime: "text/plain".into(),
        data: vec![1],
        content_id: None,
    };
    for outgoing in
        [Outgoing { attachments: vec![file], ..new_page(&section) }, Outgoing { section: None, ..new_page(&section) }]
    {
        let plan = source.plan(&OpKey("k".into()), &Intent::Send(Box::new(outgoing)));
        assert!(matches!(&plan, Err(SourceError::Permanent(words)) if words.ends_with('.')), "{plan:?}");
    }
}

async fn tick(source: &Notes, page: &str, todo: &str, text: &str, done: bool) -> inlet_model::Result<()> {
    let target = Target { scope: String::new(), remote_id: page.into(), message_id: None, version: None };
    let intent = Intent::Tick { target, todo: todo.into(), text: text.into(), done };
    let key = OpKey("tick".into());
    let op = source.plan(&key, &intent).unwrap().unwrap();
    source.apply(&key, &op).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_to_do_is_ticked_and_opened_again_and_nothing_else_changes() {
    let name = "a_to_do_is_ticked_and_opened_again_and_nothing_else_changes";
    let Some((place, section)) = Place::with_pages(name, 0) else { return };
    let page = place.fake.notes().page(&section, "List", LIST);
    let source = place.source();
    let scope = scope(&source, &section).await;
    let mut held = Held::default();
    held.drain(&source, &scope).await;
    let todos = held.notes[&page].meta.todos.clone();
    let before = place.fake.notes().html(&page);
    tick(&source, &page, &todos[0].id, &todos[0].text, true).await.unwrap();
    let ticked = place.fake.notes().html(&page);
    assert_eq!(
        ticked,
        before.replace("<p data-tag=\"to-do\" data-id=\"one\">", "<p data-tag=\"to-do:completed\" data-id=\"one\">")
    );
    // Its ids are new by now, and the words still tell it.
    tick(&source, &page, &todos[1].id, &todos[1].text, true).await.unwrap();
    assert!(place.fake.notes().html(&page).contains("<p data-tag=\"important, to-do:completed\">Buy seeds</p>"));
    tick(&source, &page, &todos[2].id, &todos[2].text, true).await.unwrap();
    assert!(place.fake.notes().html(&page).contains("<li data-tag=\"to-do:completed\">"));
    tick(&source, &page, &todos[0].id, &todos[0].text, false).await.unwrap();
    tick(&source, &page, &todos[1].id, &todos[1].text, false).await.unwrap();
    held.drain(&source, &scope).await;
    let now: Vec<bool> = held.notes[&page].meta.todos.iter().map(|todo| todo.done).collect();
    assert_eq!(now, [false, false, true]);
    // Twice is once.
    place.fake.forget();
    tick(&source, &page, &todos[2].id, &todos[2].text, true).await.unwrap();
    let seen = place.fake.seen();
    assert!(!seen.is_empty() && seen.iter().all(|seen| seen.method == "GET"), "it was so already");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_to_do_that_cannot_be_ticked_is_refused_in_words() {
    let Some((place, section)) = Place::with_pages("a_to_do_that_cannot_be_ticked_is_refused_in_words", 0) else {
        return;
    };
    let image = place.fake.notes().resource("image/png", "pixels");
    let html = format!("<p data-tag=\"to-do\">Hang <img src=\"{image}\" /></p>");
    let page = place.fake.notes().page(&section, "List", &html);
    let source = place.source();
    for (page, text) in [(page.as_str(), "Hang"), (&page, "Something else"), ("1-none!x", "Hang")] {
        let error = tick(&source, page, "p:{0}{1}", text, true).await.unwrap_err();
        assert!(matches!(&error, SourceError::Permanent(words) if words.contains(": ")), "{error:?}");
    }
    assert!(place.fake.notes().html(&page).contains("<img"), "nothing was lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tick_whose_answer_is_lost_is_repeated_without_harm() {
    let Some((place, section)) = Place::with_pages("a_tick_whose_answer_is_lost_is_repeated_without_harm", 0) else {
        return;
    };
    let page = place.fake.notes().page(&section, "List", LIST);
    let source = place.source();
    place.fake.fail(Fault::lost().on(Resource::OneNote).method("PATCH"));
    assert!(matches!(tick(&source, &page, "p:{0}{1}", "Buy seeds", true).await, Err(SourceError::Unknown(_))));
    tick(&source, &page, "p:{0}{1}", "Buy seeds", true).await.unwrap();
    assert_eq!(place.fake.notes().html(&page).matches("Buy seeds").count(), 1);
}
