//! Listing, contents, deletions, and the budget.

use std::collections::BTreeSet;

use inlet_model::RemoteId;
use inlet_testkit::graph::Resource;

use super::{Held, Place, scope};

#[tokio::test(flavor = "multi_thread")]
async fn sections_have_their_path_and_pages_all_they_hold() {
    let Some(place) = Place::start("sections_have_their_path_and_pages_all_they_hold") else { return };
    let notes = place.fake.notes();
    let book = notes.notebook("Work");
    let group = notes.group(&book, "2026");
    let section = notes.section(&group, "Meetings");
    notes.section(&book, "Meetings");
    let image = notes.resource("image/jpeg", "pixels");
    let html = format!(
        "<h1>Agenda</h1><p data-tag=\"to-do:completed\">Book a room</p><ul><li><span data-tag=\"to-do\">Invite Ann &amp; \
         Bob</span></li></ul><img src=\"{image}\" data-src-type=\"image/jpeg\" alt=\"Plan\" />"
    );
    let page = notes.page(&section, "Kick-off", &html);
    let source = place.source();
    let names: Vec<String> = source.scopes().await.unwrap().into_iter().map(|scope| scope.name).collect();
    assert_eq!(BTreeSet::from_iter(names), BTreeSet::from(["Work › 2026 › Meetings".into(), "Work › Meetings".into()]));

    let mut held = Held::default();
    let scope = scope(&source, &section).await;
    held.drain(&source, &scope).await;
    let note = &held.notes[&page];
    assert_eq!(note.title, "Kick-off");
    assert!(note.text.contains("Agenda") && note.text.contains("- [ ] Invite Ann & Bob"), "{}", note.text);
    let todos: Vec<(&str, bool)> = note.meta.todos.iter().map(|todo| (todo.text.as_str(), todo.done)).collect();
    assert_eq!(todos, [("Book a room", true), ("Invite Ann & Bob", false)]);
    assert!(note.meta.todos[1].id.starts_with("li:{"), "{:?}", note.meta.todos);
    assert!(note.meta.url.as_deref().is_some_and(|url| url.starts_with("https://")));
    let html = note.html.as_deref().unwrap();
    let image = &note.attachments[0];
    assert!(image.inline && html.contains(&format!("cid:{}", image.content_id.as_deref().unwrap())), "{html}");
    assert!(!html.contains(place.fake.api_root()), "no address that needs a token is kept: {html}");
    assert!(held.complete);
}

#[tokio::test(flavor = "multi_thread")]
async fn contents_come_newest_first_within_the_budget_and_an_opened_page_at_once() {
    let name = "contents_come_newest_first_within_the_budget_and_an_opened_page_at_once";
    let Some((place, section)) = Place::with_pages(name, 350) else { return };
    let source = place.source();
    let scope = scope(&source, &section).await;
    let mut held = Held::default();
    held.drain(&source, &scope).await;
    assert_eq!(held.notes.len(), 350, "all are there to be seen");
    assert!(!held.complete && held.pending() > 200, "{} wait for their content", held.pending());
    let made = place.fake.requests(Resource::OneNote);
    assert!(made <= 110, "{made} requests in one minute");
    let newest: Vec<String> = place.fake.notes().pages(&section).into_iter().rev().take(held.order.len()).collect();
    assert_eq!(held.order, newest, "the newest first");

    // The budget of the background is used up, and a person's is not.
    let oldest = place.fake.notes().pages(&section)[0].clone();
    assert!(held.notes[&oldest].meta.pending);
    let opened = source.complete(&section, &RemoteId(oldest.clone())).await.unwrap().unwrap();
    assert!(!opened.meta.pending && opened.text.contains("This is page 0."), "{}", opened.text);
    assert_eq!(place.fake.requests(Resource::OneNote), made + 2);
    assert_eq!(source.complete(&section, &RemoteId("1-none!x".into())).await.unwrap(), None);
    // Without room for contents a pull looks for what is new, and ends.
    let page = source.pull(&scope, held.cursor.as_ref()).await.unwrap();
    assert!(!page.more && page.upserts.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_is_no_second_budget() {
    let Some((place, section)) = Place::with_pages("a_restart_is_no_second_budget", 350) else { return };
    let mut held = Held::default();
    for _ in 0..3 {
        let source = place.source();
        let scope = scope(&source, &section).await;
        held.drain(&source, &scope).await;
    }
    let made = place.fake.requests(Resource::OneNote);
    assert!(held.pending() > 200 && made <= 110, "{made} requests in one minute, {} wait", held.pending());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_of_all_sections_come_before_the_old_of_one() {
    let name = "the_newest_of_all_sections_come_before_the_old_of_one";
    let Some((place, first)) = Place::with_pages(name, 150) else { return };
    let second = place.fake.notes().section(&place.fake.notes().notebook("Kitchen"), "Recipes");
    place.fake.notes().add_many(&second, 60);
    let source = place.source();
    let (first, second) = (scope(&source, &first).await, scope(&source, &second).await);
    let (mut one, mut two) = (Held::default(), Held::default());
    // As the engine does: a page of each, then the rest of each.
    one.take(source.pull(&first, None).await.unwrap());
    two.take(source.pull(&second, None).await.unwrap());
    one.drain(&source, &first).await;
    two.drain(&source, &second).await;
    assert_eq!(two.pending(), 0, "all of these are newer");
    assert!(one.order.len() <= 30, "{} old ones", one.order.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_costs_one_request_and_finds_edits_titles_and_deletions() {
    let name = "a_listing_costs_one_request_and_finds_edits_titles_and_deletions";
    let Some((place, section)) = Place::with_pages(name, 30) else { return };
    let source = place.source();
    let scope = scope(&source, &section).await;
    let mut held = Held::default();
    held.drain(&source, &scope).await;
    assert!(held.complete);
    place.fake.forget();
    held.drain(&source, &scope).await;
    assert_eq!(place.fake.requests(Resource::OneNote), 1, "nothing is new");

    let pages = place.fake.notes().pages(&section);
    place.fake.notes().edit(&pages[3], "<p>Edited words</p>");
    place.fake.notes().retitle(&pages[4], "Another title");
    place.fake.notes().delete_page(&pages[5]);
    held.order.clear();
    held.drain(&source, &scope).await;
    assert_eq!(held.order, [pages[4].clone(), pages[3].clone()]);
    assert!(held.notes[&pages[3]].text.contains("Edited words"));
    assert_eq!(held.notes[&pages[4]].title, "Another title");
    assert_eq!(held.removed, [pages[5].clone()]);
    assert_eq!(place.fake.requests(Resource::OneNote), 4, "one listing and two contents");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_pages_a_deletion_is_found_by_their_number() {
    let name = "of_many_pages_a_deletion_is_found_by_their_number";
    let Some((place, section)) = Place::with_pages(name, 205) else { return };
    let source = place.source();
    let scope = scope(&source, &section).await;
    let mut held = Held::default();
    held.drain(&source, &scope).await;
    let pages = place.fake.notes().pages(&section);
    place.fake.forget();
    source.pull(&scope, held.cursor.as_ref()).await.map(|page| held.take(page)).unwrap();
    let listings = |place: &Place| place.fake.seen().iter().filter(|seen| seen.path.ends_with("/pages")).count();
    assert_eq!(listings(&place), 1, "not turned over when nothing is missing");
    place.fake.notes().delete_page(&pages[7]);
    place.fake.notes().delete_page(&pages[150]);
    held.drain(&source, &scope).await;
    let mut removed = held.removed.clone();
    removed.sort();
    let mut expected = vec![pages[7].clone(), pages[150].clone()];
    expected.sort();
    assert_eq!(removed, expected);
    assert_eq!(held.notes.len(), 203);
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_and_deletions_in_the_middle_of_a_listing_lose_nothing() {
    let name = "edits_and_deletions_in_the_middle_of_a_listing_lose_nothing";
    let Some((place, section)) = Place::with_pages(name, 260) else { return };
    let source = place.source();
    let scope = scope(&source, &section).await;
    let pages = place.fake.notes().pages(&section);
    let mut held = Held::default();
    assert!(held.take(source.pull(&scope, None).await.unwrap()));
    assert_eq!(held.notes.len(), 100);
    // One that was listed goes, so that all behind it move up; one that was not is edited, and moves to the front.
    place.fake.notes().delete_page(&pages[259]);
    place.fake.notes().edit(&pages[10], "<p>Edited meanwhile</p>");
    place.fake.notes().page(&section, "Written meanwhile", "<p>x</p>");
    held.drain(&source, &scope).await;
    held.drain(&source, &scope).await;
    let there: BTreeSet<String> = place.fake.notes().pages(&section).into_iter().collect();
    let known: BTreeSet<String> = held.notes.keys().cloned().collect();
    assert_eq!(known, there, "neither one too many nor one too few");
    assert!(held.titles().contains(&"Written meanwhile"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_section_that_is_gone_and_one_that_cannot_be_read_leave_the_others() {
    let name = "a_section_that_is_gone_and_one_that_cannot_be_read_leave_the_others";
    let Some((place, section)) = Place::with_pages(name, 3) else { return };
    let other = place.fake.notes().section(&place.fake.notes().notebook("Kitchen"), "Recipes");
    let source = place.source();
    let (gone, stays) = (scope(&source, &other).await, scope(&source, &section).await);
    place.fake.notes().delete_section(&other);
    let error = source.pull(&gone, None).await.unwrap_err();
    assert!(matches!(error, inlet_model::SourceError::Permanent(_)), "{error:?}");
    let mut held = Held::default();
    held.drain(&source, &stays).await;
    assert_eq!(held.notes.len(), 3);
    assert_eq!(source.scopes().await.unwrap().len(), 1);
}
