//! Webhooks as Meta writes them
//! (<https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components>).
//!
//! Everything may be missing: a field Meta adds or leaves out must not cost a message. What stands in
//! lists is read one by one, so that one broken message does not take its neighbours along.

use inlet_model::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::errors::Problem;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Payload {
    pub(super) entry: Vec<Entry>,
    /// A note of our own.
    pub(super) inlet: Option<Note>,
}

/// What this source writes into its queue itself, because the platform does not keep it.
#[derive(Debug, Deserialize, serde::Serialize)]
pub(super) struct Note {
    /// The operation.
    pub(super) key: String,
    /// Messages that were marked.
    pub(super) messages: Vec<String>,
    /// Read or unread.
    pub(super) read: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Entry {
    pub(super) changes: Vec<Changed>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Changed {
    pub(super) field: String,
    pub(super) value: Said,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    pub(super) metadata: Metadata,
    pub(super) contacts: Vec<Contact>,
    pub(super) messages: Vec<Value>,
    /// What I sent from the app on my phone.
    pub(super) message_echoes: Vec<Value>,
    pub(super) statuses: Vec<Value>,
    pub(super) history: Vec<History>,
    pub(super) state_sync: Vec<StateSync>,
    pub(super) errors: Vec<Problem>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Metadata {
    pub(super) display_phone_number: String,
    pub(super) phone_number_id: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Contact {
    pub(super) wa_id: String,
    pub(super) profile: Profile,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Profile {
    pub(super) name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct History {
    pub(super) threads: Vec<Thread>,
    pub(super) errors: Vec<Problem>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Thread {
    pub(super) id: String,
    pub(super) messages: Vec<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StateSync {
    pub(super) contact: SyncedContact,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SyncedContact {
    pub(super) full_name: String,
    pub(super) phone_number: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Message {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) id: String,
    pub(super) timestamp: Seconds,
    pub(super) r#type: String,
    pub(super) group_id: Option<String>,
    pub(super) context: Context,
    pub(super) referral: Referral,
    pub(super) text: Text,
    pub(super) image: Option<Media>,
    pub(super) video: Option<Media>,
    pub(super) audio: Option<Media>,
    pub(super) voice: Option<Media>,
    pub(super) document: Option<Media>,
    pub(super) sticker: Option<Media>,
    pub(super) location: Location,
    pub(super) contacts: Vec<Card>,
    pub(super) interactive: Interactive,
    pub(super) button: Button,
    pub(super) reaction: Reaction,
    pub(super) order: Order,
    pub(super) system: System,
    pub(super) edit: Edit,
    pub(super) revoke: Original,
    pub(super) errors: Vec<Problem>,
    pub(super) history_context: HistoryContext,
}

impl Message {
    /// The file it is, if it is one.
    pub(super) fn media(&self) -> Option<&Media> {
        [&self.image, &self.video, &self.audio, &self.voice, &self.document, &self.sticker]
            .into_iter()
            .find_map(Option::as_ref)
    }
}

/// Where a list goes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Paging {
    cursors: Cursors,
    next: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Cursors {
    after: Option<String>,
}

impl Paging {
    /// What to ask for next; `None` at the end.
    pub(super) fn next(self) -> Option<String> {
        self.cursors.after.filter(|_| self.next.is_some())
    }
}

/// Seconds since 1970, as text or as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Value")]
pub(super) struct Seconds(pub(super) Option<Timestamp>);

impl From<Value> for Seconds {
    fn from(value: Value) -> Self {
        let seconds = value.as_i64().or_else(|| value.as_str()?.parse().ok());
        Self(seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Context {
    pub(super) id: Option<String>,
    pub(super) referred_product: Referred,
}

/// The product of a catalogue that a message asks about.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Referred {
    pub(super) product_retailer_id: String,
}

/// The advertisement or post that somebody came from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Referral {
    pub(super) source_url: String,
    pub(super) headline: String,
    pub(super) body: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Text {
    pub(super) body: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Media {
    pub(super) id: String,
    pub(super) mime_type: String,
    pub(super) caption: String,
    pub(super) filename: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Location {
    pub(super) latitude: Value,
    pub(super) longitude: Value,
    pub(super) name: String,
    pub(super) address: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Card {
    pub(super) name: CardName,
    pub(super) org: CardOrganisation,
    pub(super) phones: Vec<CardPhone>,
    pub(super) emails: Vec<CardEmail>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CardName {
    pub(super) formatted_name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CardOrganisation {
    pub(super) company: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CardPhone {
    pub(super) phone: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CardEmail {
    pub(super) email: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Interactive {
    pub(super) button_reply: Option<Choice>,
    pub(super) list_reply: Option<Choice>,
    pub(super) nfm_reply: Option<Form>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Choice {
    pub(super) title: String,
    pub(super) description: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Form {
    pub(super) body: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Button {
    pub(super) text: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reaction {
    pub(super) message_id: String,
    pub(super) emoji: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Order {
    pub(super) text: String,
    pub(super) product_items: Vec<Product>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Product {
    pub(super) product_retailer_id: String,
    pub(super) quantity: Value,
    pub(super) item_price: Value,
    pub(super) currency: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct System {
    pub(super) body: String,
    pub(super) r#type: String,
    /// The number they have now.
    pub(super) wa_id: String,
    /// The same, as older versions of the API call it.
    pub(super) new_wa_id: String,
    /// The number they had, where that is said.
    pub(super) customer: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Edit {
    pub(super) original_message_id: String,
    pub(super) message: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Original {
    pub(super) original_message_id: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct HistoryContext {
    pub(super) status: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Status {
    pub(super) id: String,
    pub(super) status: String,
    pub(super) timestamp: Seconds,
    /// The key that was sent along.
    pub(super) biz_opaque_callback_data: Option<String>,
    pub(super) errors: Vec<Problem>,
}
