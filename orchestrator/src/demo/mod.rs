//! The demo world: a person with a job and a life, so that Inlet can be seen whole without an account.
//!
//! Maya Lindqvist looks after a product at Northwind, a maker of wind sensors, renovates a kitchen,
//! and has a family, a school, a football club and a trip ahead of her. What happens to her crosses
//! channels: a mail asks, a chat answers, a note records. The sheets in `content/` are written by hand
//! (`sheet.rs` says how); a seed spreads them over the last months before a given instant. The same
//! seed and instant give the same world, which is why screenshots and tests can rely on it.
//!
//! Every demo source keeps the contract of a real one: pages, cursors, flags, moves, sends that are
//! echoed and answered. Recorded fixtures were refused: they age, and nobody dares to edit them.
//!
//! Only names reserved for examples appear (RFC 2606, RFC 6761), and only telephone numbers set
//! aside for fiction.

mod answers;
mod chat;
mod copies;
mod files;
mod filing;
mod invite;
mod mail;
mod markup;
mod notes;
mod phrase;
mod post;
mod rng;
mod sheet;
mod shelf;
mod source_chat;
mod source_mail;
mod source_note;
mod stage;
#[cfg(test)]
mod tests;
mod when;

use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock},
};

use inlet_model::{AnySource, PartSink, Result, SourceType, account::DemoConfig};

use parking_lot::Mutex;

use answers::Answers;
use copies::{Copied, multiply, named};
use sheet::Sheet;
use shelf::{Held, Shelf};
use source_chat::DemoChat;
use source_mail::DemoMail;
use source_note::DemoNotes;
use stage::Stage;

/// The sources of the demo world, each with the name its account is shown by, in the order they are
/// listed. The last one has been signed out: it yields a few old messages and then asks for a sign-in.
///
/// About 1,500 items in all, none newer than `config.now`; the same configuration gives the same items.
/// Each call makes a world of its own: what is sent to one is not seen by another. Of a world that ran
/// before, `filed` names the folders and labels, so that those a person made are still there.
pub fn sources(config: &DemoConfig, filed: &[(SourceType, String)]) -> Vec<(String, AnySource)> {
    let world = Arc::new(World {
        stage: Stage::new(config.seed, config.now, sheet::cast()),
        sheets: LazyLock::new(sheet::all),
        copies: config.copies,
    });
    let answers = Arc::new(Answers::new(&world.stage));
    let mail = |kind: SourceType| {
        let on = kind.as_str();
        let made = filed.iter().filter(|(of, _)| *of == kind).map(|(_, name)| name.clone()).collect::<BTreeSet<_>>();
        AnySource::Mail(Arc::new(DemoMail {
            kind,
            me: world.stage.me(on),
            shelf: world.shelf(move |stage, sheets| mail::build(stage, sheets, on)),
            answers: Arc::clone(&answers),
            made: Mutex::new(made),
        }))
    };
    let chat = |kind, on| world.chat(kind, on, &answers);
    vec![
        (format!("Gmail ({})", world.stage.me("gmail").handle), mail(SourceType::Gmail)),
        (format!("Outlook ({})", world.stage.me("outlook").handle), mail(SourceType::Outlook)),
        ("WhatsApp".to_owned(), chat(SourceType::WhatsApp, "whatsapp")),
        ("Teams (Northwind)".to_owned(), chat(SourceType::Teams, "teams")),
        ("Slack (Northwind)".to_owned(), chat(SourceType::Slack, "slack")),
        ("OneNote".to_owned(), world.notebooks()),
        ("Slack (Harbour Makers)".to_owned(), chat(SourceType::Slack, "guild")),
    ]
}

/// What the platforms are made from.
struct World {
    stage: Stage,
    sheets: LazyLock<Vec<(&'static str, Sheet)>>,
    copies: u32,
}

impl World {
    /// A platform's items, made when the first of them is asked for.
    fn shelf<T: Copied + Send>(
        self: &Arc<Self>,
        build: impl FnOnce(&Stage, &[(&str, Sheet)]) -> Vec<Held<T>> + Send + 'static,
    ) -> Shelf<T> {
        let world = Arc::clone(self);
        Shelf::new(move || multiply(build(&world.stage, &world.sheets), world.copies))
    }

    fn chat(self: &Arc<Self>, kind: SourceType, on: &'static str, answers: &Arc<Answers>) -> AnySource {
        let stage = &self.stage;
        let chats = stage.cast.chat.iter().filter(|chat| chat.on == on);
        let chats = (0..self.copies).flat_map(|copy| chats.clone().map(move |chat| (copy, chat)));
        AnySource::Message(Arc::new(DemoChat {
            kind,
            me: stage.me(on),
            chats: chats
                .map(|(copy, chat)| {
                    let members = chat.members.iter().map(|key| stage.party(key, on)).collect();
                    (named(&chat::conversation(stage, chat), copy), chat.title.clone(), members)
                })
                .collect(),
            shelf: self.shelf(move |stage, sheets| chat::build(stage, sheets, on)),
            answers: Arc::clone(answers),
            signed_out: on == "guild",
        }))
    }

    fn notebooks(self: &Arc<Self>) -> AnySource {
        let sections = self.stage.cast.section.iter();
        AnySource::Note(Arc::new(DemoNotes {
            me: self.stage.me("onenote"),
            sections: sections.map(|section| (notes::section_id(&section.key), section.name.clone())).collect(),
            shelf: self.shelf(notes::build),
        }))
    }
}

/// Hands bytes over in pieces, as they come over a network.
async fn stream(bytes: &[u8], into: &mut dyn PartSink) -> Result<()> {
    for piece in bytes.chunks(16 * 1024) {
        into.write(piece).await?;
    }
    Ok(())
}
