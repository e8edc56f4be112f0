//! What a test does in OneNote behind the client's back, and what it looks at.

use bytes::Bytes;
use parking_lot::Mutex;

use super::{super::world::World, Kind, default_div, html};

/// Hands on the notebooks; see [`super::super::FakeGraph::notes`].
///
/// What is named and not there panics.
pub struct NotesHands<'a>(pub(crate) &'a Mutex<World>);

impl NotesHands<'_> {
    fn shelf(&self, kind: Kind, name: &str, parent: Option<&str>) -> String {
        let mut world = self.0.lock();
        let now = world.clock.tick();
        world.notes.add_shelf(kind, name, parent, now)
    }

    /// Makes a notebook; its id.
    pub fn notebook(&self, name: &str) -> String {
        self.shelf(Kind::Notebook, name, None)
    }

    /// Makes a section group in a notebook or a group; its id.
    pub fn group(&self, parent: &str, name: &str) -> String {
        self.shelf(Kind::Group, name, Some(parent))
    }

    /// Makes a section in a notebook or a group; its id.
    pub fn section(&self, parent: &str, name: &str) -> String {
        self.shelf(Kind::Section, name, Some(parent))
    }

    /// Makes a page; its id. `html` is the inside of its body, well-formed.
    pub fn page(&self, section: &str, title: &str, html: &str) -> String {
        let mut world = self.0.lock();
        let now = world.clock.tick();
        let body = default_div(html::tokens(html).expect("well-formed HTML"));
        world.notes.add_page(section, title, body, now)
    }

    /// Makes many small pages; their ids.
    pub fn add_many(&self, section: &str, count: usize) -> Vec<String> {
        (0..count).map(|n| self.page(section, &format!("Page {n}"), &format!("<p>This is page {n}.</p>"))).collect()
    }

    /// Adds a picture or file; the address for `src` of an `img` or `data` of an `object`.
    pub fn resource(&self, media: &str, bytes: impl Into<Bytes>) -> String {
        let mut world = self.0.lock();
        let id = world.notes.add_resource(media, bytes.into());
        world.resource_url(&id)
    }

    /// Writes a page anew.
    pub fn edit(&self, page: &str, html: &str) {
        let mut world = self.0.lock();
        let now = world.clock.tick();
        let body = default_div(html::tokens(html).expect("well-formed HTML"));
        let done = world.notes.change(page, now, |page| {
            page.body = body;
            Ok(())
        });
        done.expect("a page");
    }

    /// Gives a page another title.
    pub fn retitle(&self, page: &str, title: &str) {
        let mut world = self.0.lock();
        let now = world.clock.tick();
        let done = world.notes.change(page, now, |page| {
            title.clone_into(&mut page.title);
            Ok(())
        });
        done.expect("a page");
    }

    /// Makes a page a subpage.
    pub fn indent(&self, page: &str, level: u32) {
        self.0.lock().notes.pages.get_mut(page).expect("a page").level = level;
    }

    /// Takes a page away.
    pub fn delete_page(&self, page: &str) {
        self.0.lock().notes.pages.remove(page).expect("a page");
    }

    /// Moves a page to another section, where it has another id.
    pub fn move_page(&self, page: &str, section: &str) -> String {
        let mut world = self.0.lock();
        let now = world.clock.tick();
        let page = world.notes.pages.remove(page).expect("a page");
        world.notes.add_page(section, &page.title, page.body, now)
    }

    /// Takes a section away, with its pages.
    pub fn delete_section(&self, section: &str) {
        let mut world = self.0.lock();
        world.notes.pages.retain(|_, page| page.section != section);
        world.notes.shelves.remove(section).expect("a section");
    }

    /// A page's HTML, without generated ids.
    pub fn html(&self, page: &str) -> String {
        let world = self.0.lock();
        world.page_html(world.notes.pages.get(page).expect("a page"), false)
    }

    /// The ids of a section's pages, in the order they were made.
    pub fn pages(&self, section: &str) -> Vec<String> {
        let world = self.0.lock();
        let mut pages: Vec<_> = world.notes.pages.values().filter(|page| page.section == section).collect();
        pages.sort_by_key(|page| page.number);
        pages.into_iter().map(|page| page.id.clone()).collect()
    }

    /// The title of a page.
    pub fn title(&self, page: &str) -> String {
        self.0.lock().notes.pages.get(page).expect("a page").title.clone()
    }
}
