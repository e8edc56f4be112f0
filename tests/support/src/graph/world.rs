//! Everything the fake tenant is, behind one lock.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    chats::Teams,
    clock::Clock,
    exchange::{Answer, Call, Outcome, Refusal},
    mail::{Mailbox, delta},
    notes::Notes,
    odata::Query,
};

/// The tenant every id belongs to.
pub(crate) const TENANT: &str = "2432b57b-0abd-43db-aa7b-16eadd115d34";

/// A person of the tenant's directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Object id.
    pub id: String,
    /// As shown.
    pub name: String,
    /// Mail address and principal name.
    pub address: String,
}

impl Person {
    /// Somebody whose id follows from the address.
    pub fn new(name: &str, address: &str) -> Self {
        let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in address.bytes() {
            sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        let id = format!(
            "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
            sum >> 32,
            sum >> 16 & 0xffff,
            sum >> 4 & 0xfff,
            sum & 0xfff,
            sum & 0xffff_ffff_ffff
        );
        Self { id, name: name.to_owned(), address: address.to_owned() }
    }

    pub(crate) fn recipient(&self) -> Value {
        json!({ "emailAddress": { "name": self.name, "address": self.address } })
    }
}

pub(crate) struct World {
    pub(crate) clock: Clock,
    /// Where the API is: `http://127.0.0.1:port/v1.0`.
    pub(crate) root: String,
    /// Where upload sessions are; another origin, as with Microsoft.
    pub(crate) uploads: String,
    /// Where the links to further pages lead, when not there.
    pub(crate) elsewhere: Option<String>,
    pub(crate) me: Person,
    pub(crate) mail: Mailbox,
    pub(crate) teams: Teams,
    pub(crate) notes: Notes,
    pub(crate) tokens: Tokens,
}

/// What a token in a link stands for.
#[derive(Clone)]
pub(crate) enum Token {
    /// The rest of a list, from this place.
    List(Box<Query>, usize),
    Messages(Box<delta::Messages>),
    Folders(delta::Folders),
}

/// The tokens that were given out, by their text.
#[derive(Default)]
pub(crate) struct Tokens {
    given: BTreeMap<String, (u64, String, Token)>,
    next: u64,
    /// Delta tokens before this one have expired.
    expired: u64,
}

impl Tokens {
    fn give(&mut self, path: &str, token: Token) -> String {
        self.next += 1;
        // Opaque, and with letters that a careless client would spoil.
        let text = base64::Engine::encode(
            &base64::engine::general_purpose::STANDARD,
            [&self.next.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[..], &[0xfb, 0xff]].concat(),
        );
        self.given.insert(text.clone(), (self.next, path.to_lowercase(), token));
        text
    }

    pub(crate) fn expire_deltas(&mut self) {
        self.expired = self.next;
    }

    fn find(&self, path: &str, text: &str) -> Result<Token, Refusal> {
        match self.given.get(text) {
            Some((number, place, token)) if *place == path.to_lowercase() => match token {
                Token::Messages(_) | Token::Folders(_) if *number <= self.expired => Err(Refusal::new(
                    410,
                    "SyncStateNotFound",
                    "The sync state generation is not found; please resync.",
                )),
                token => Ok(token.clone()),
            },
            _ => Err(Refusal::new(400, "SyncStateInvalid", "The sync state token is not valid here.")),
        }
    }
}

impl World {
    pub(crate) fn new(clock: Clock, root: String, uploads: String) -> Self {
        let me = Person::new("Megan Bowen", "meganb@contoso.example");
        let mail = Mailbox::new(&clock);
        Self {
            clock,
            root,
            uploads,
            elsewhere: None,
            me,
            mail,
            teams: Teams::default(),
            notes: Notes::default(),
            tokens: Tokens::default(),
        }
    }

    /// The link to the rest of what `call` asked.
    pub(crate) fn link(&mut self, call: &Call<'_>, option: &str, token: Token) -> String {
        let text = self.tokens.give(&call.path, token);
        let text = percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC);
        format!("{}{}?{option}={text}", self.elsewhere.as_ref().unwrap_or(&self.root), call.path)
    }

    /// What the token of a call stands for.
    pub(crate) fn resume(&self, call: &Call<'_>) -> Result<Option<Token>, Refusal> {
        call.query.token.as_deref().map(|text| self.tokens.find(&call.path, text)).transpose()
    }

    pub(crate) fn context(&self, rest: &str) -> String {
        format!("{}/$metadata#{rest}", self.root)
    }

    /// A page of a list: `total` items fit the query, `render` makes those asked for.
    pub(crate) fn page<T>(
        &mut self,
        call: &Call<'_>,
        context: &str,
        default: usize,
        items: impl FnOnce(&Self, &Query) -> Vec<T>,
        render: impl Fn(&Self, &T, &Query) -> Value,
    ) -> Outcome {
        let (query, from) = match self.resume(call)? {
            Some(Token::List(query, from)) => (*query, from),
            Some(_) => return Err(Refusal::new(400, "BadRequest", "The token is not one of a list.")),
            None => (call.query.clone(), call.query.skip),
        };
        let items = items(self, &query);
        let size = call.prefer.page.unwrap_or(usize::MAX).min(query.top.unwrap_or(default));
        let value: Vec<Value> = items.iter().skip(from).take(size).map(|item| render(self, item, &query)).collect();
        let mut body = json!({ "@odata.context": self.context(context) });
        if query.count {
            body["@odata.count"] = items.len().into();
        }
        let next = from + value.len();
        body["value"] = value.into();
        if next < items.len() {
            body["@odata.nextLink"] = self.link(call, "$skiptoken", Token::List(Box::new(query), next)).into();
        }
        Ok(Answer::json(200, body))
    }
}
