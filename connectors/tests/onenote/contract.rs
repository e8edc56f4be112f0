//! The contract of every source.

use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use inlet_model::{AnySource, OpKey, Outgoing, RemoteId, Scope};
use inlet_testkit::Fixture;

use super::{Place, TOKEN, scope};

struct Contract {
    place: Option<(Place, String)>,
    count: AtomicU32,
}

impl Contract {
    async fn new() -> Self {
        let place = Place::with_pages("onenote_contract", 18);
        if let Some((place, section)) = &place {
            let notes = place.fake.notes();
            for number in 0..2 {
                let image = notes.resource("image/png", "a picture".repeat(40));
                let file = notes.resource("application/pdf", "a file".repeat(400));
                let html = format!(
                    "<p data-tag=\"to-do\">Water {number}</p><img src=\"{image}\" data-src-type=\"image/png\" \
                     alt=\"A pond\" /><object data-attachment=\"list.pdf\" data=\"{file}\" type=\"application/pdf\"></object>"
                );
                notes.page(section, &format!("Contract {number}"), &html);
            }
        }
        Self { place, count: AtomicU32::new(100) }
    }

    fn place(&self) -> (&Place, &str) {
        let (place, section) = self.place.as_ref().expect("the specifications");
        (place, section)
    }
}

#[async_trait]
impl Fixture for Contract {
    fn source(&self) -> AnySource {
        AnySource::Note(self.place().0.source())
    }

    async fn scope(&self) -> Scope {
        let (place, section) = self.place();
        scope(&place.source(), section).await
    }

    fn outgoing(&self) -> Option<Outgoing> {
        let (place, section) = self.place();
        let page = place.fake.notes().pages(section)[3].clone();
        Some(Outgoing { conversation: Some(page), text: "Written by the contract".into(), ..Outgoing::default() })
    }

    async fn effects(&self, _: &OpKey) -> Option<usize> {
        let (place, section) = self.place();
        let pages = place.fake.notes().pages(section);
        Some(pages.iter().map(|page| place.fake.notes().html(page).matches("Written by the contract").count()).sum())
    }

    async fn arrive(&self) -> Option<String> {
        let (place, section) = self.place();
        let title = format!("Page that came {}", self.count.fetch_add(1, Ordering::Relaxed));
        place.fake.notes().page(section, &title, "<p>it came</p>");
        Some(title)
    }

    async fn vanish(&self, item: &RemoteId) -> bool {
        self.place().0.fake.notes().delete_page(&item.0);
        true
    }

    async fn revoke(&self) -> bool {
        let (place, _) = self.place();
        place.fake.revoke(TOKEN);
        place.issuer.give(None);
        true
    }
}

inlet_testkit::source_contract!(contract, Contract::new().await);
