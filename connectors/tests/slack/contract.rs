//! The contract of every source, with a socket and without one.

use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use inlet_model::{AnySource, OpKey, Outgoing, RemoteId, Scope};
use inlet_testkit::{Fixture, slack::TOKEN};

use super::{Chats, Place, outgoing, scope};

const SENT: &str = "Sent by the contract, <once> & for all";

struct Contract {
    place: Option<Place>,
    live: bool,
    source: Option<Chats>,
    channel: String,
    count: AtomicU32,
}

impl Contract {
    fn new(test: &str, live: bool) -> Self {
        let place = Place::start(test);
        let (mut channel, mut source) = (String::new(), None);
        if let Some(place) = &place {
            channel = place.channel(24);
            let root = place.newest(&channel);
            for number in 1..=3 {
                place.fake.answer(&channel, &root, &place.ana, &format!("Answer {number}"));
            }
            place.fake.answer_to_all(&channel, &root, &place.ana, "and all may know");
            for _ in 0..4 {
                place.fake.send_file(&channel, &place.ben, "chart.png", "image/png", "pixels".repeat(500).as_bytes());
            }
            source = Some(if live { place.live() } else { place.source() });
        }
        Self { place, live, source, channel, count: AtomicU32::new(100) }
    }

    fn place(&self) -> &Place {
        self.place.as_ref().expect("the specifications")
    }

    fn chats(&self) -> Chats {
        self.source.clone().expect("the specifications")
    }
}

#[async_trait]
impl Fixture for Contract {
    fn source(&self) -> AnySource {
        AnySource::Message(self.chats())
    }

    async fn scope(&self) -> Scope {
        scope(&self.chats(), &self.channel).await
    }

    fn outgoing(&self) -> Option<Outgoing> {
        Some(outgoing(&self.channel, SENT))
    }

    async fn effects(&self, _: &OpKey) -> Option<usize> {
        let messages = self.place().fake.messages(&self.channel);
        Some(messages.iter().filter(|message| message["text"].as_str().unwrap().contains("&lt;once&gt;")).count())
    }

    async fn arrive(&self) -> Option<String> {
        let text = format!("News {}", self.count.fetch_add(1, Ordering::Relaxed));
        self.place().fake.say(&self.channel, &self.place().ben, &text);
        Some(text)
    }

    async fn vanish(&self, item: &RemoteId) -> bool {
        // Without a socket an answer in a thread that is taken away is not noticed.
        let ts = item.0.rsplit('/').next().unwrap();
        let answer = item.0.matches('/').count() > 1;
        self.place().fake.delete(&self.channel, ts);
        self.live || !answer
    }

    async fn revoke(&self) -> bool {
        self.place().fake.revoke(TOKEN);
        true
    }
}

inlet_testkit::source_contract!(asking, Contract::new("slack_contract", false));
inlet_testkit::source_contract!(told, Contract::new("slack_contract_live", true));
