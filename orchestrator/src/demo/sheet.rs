//! The shape of what is written by hand: sheets of TOML in `content/`, compiled in.
//!
//! Prose reads and corrects better in a text file than between Rust's quotes, and a story that
//! crosses channels stays together in one sheet. The sheets are part of the program: one that
//! cannot be read is a mistake of ours, found by the first test that builds the world.

use serde::Deserialize;

use super::phrase::Words;

/// Mails, chat passages and notes: a story, or a set of templates.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Sheet {
    pub(super) mail: Vec<MailSpec>,
    pub(super) thread: Vec<ThreadSpec>,
    pub(super) chat: Vec<ChatSpec>,
    pub(super) note: Vec<NoteSpec>,
}

/// How the body of a mail is dressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Style {
    /// Text only.
    #[default]
    Plain,
    /// Simple HTML beside the text.
    Rich,
    /// Tables, remote images, a tracking pixel, list headers.
    Newsletter,
    /// A sheet of figures sent by a machine.
    Receipt,
}

/// A mail, or a template of mails.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MailSpec {
    /// `gmail` or `outlook`.
    pub(super) on: String,
    /// When; a random moment without.
    pub(super) at: Option<String>,
    /// How many are made of this template.
    pub(super) times: Option<u64>,
    /// Days between them, the newest at `at`; random moments without.
    pub(super) every: Option<i64>,
    /// A key of the cast, or `Name <address>`.
    pub(super) from: String,
    /// The same; me without.
    pub(super) to: Vec<String>,
    pub(super) cc: Vec<String>,
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) style: Style,
    /// Mails of one name are one conversation.
    pub(super) thread: Option<String>,
    pub(super) files: Vec<String>,
    /// A picture shown inside the body.
    pub(super) inline: Option<String>,
    pub(super) invite: Option<Invite>,
    /// Gmail's labels, or Outlook's folder.
    pub(super) labels: Vec<String>,
    /// `archive`, `trash` or `junk`, or `drafts` (Outlook); else by age.
    pub(super) folder: Option<String>,
    pub(super) unread: Option<bool>,
    pub(super) starred: bool,
    /// Quotes the mail before it.
    pub(super) quote: bool,
}

/// A meeting that comes with a mail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Invite {
    pub(super) at: String,
    pub(super) minutes: i64,
    pub(super) place: String,
}

/// A conversation by mail, written as a transcript.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ThreadSpec {
    pub(super) on: String,
    pub(super) at: Option<String>,
    pub(super) times: Option<u64>,
    pub(super) subject: String,
    /// Who is in it, beside me.
    pub(super) people: Vec<String>,
    /// Name of the mailing list it runs over.
    pub(super) list: Option<String>,
    pub(super) labels: Vec<String>,
    /// Minutes between two mails, at least and at most.
    pub(super) gap: Option<(u64, u64)>,
    pub(super) lines: String,
    /// More mails after the written ones, each made of one of `pool`.
    pub(super) more: u64,
    pub(super) pool: Vec<String>,
    pub(super) unread: u64,
}

/// A passage of a chat.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ChatSpec {
    /// Key of the chat.
    pub(super) chat: String,
    pub(super) at: Option<String>,
    pub(super) times: Option<u64>,
    pub(super) lines: String,
}

/// A page of notes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct NoteSpec {
    /// Section it is in.
    pub(super) section: String,
    pub(super) at: Option<String>,
    pub(super) times: Option<u64>,
    pub(super) title: String,
    pub(super) author: Option<String>,
    pub(super) body: String,
    pub(super) files: Vec<String>,
}

/// The people, the chats, the words and what is answered.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Cast {
    pub(super) person: Vec<Person>,
    pub(super) chat: Vec<Chat>,
    pub(super) section: Vec<Section>,
    pub(super) words: Words,
    pub(super) files: std::collections::HashMap<String, String>,
    /// Scripted answers: by key of a person, else `mail`, `work` or `chat`.
    pub(super) replies: Words,
}

/// Somebody.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) mail: String,
    pub(super) phone: Option<String>,
}

/// A chat, group or channel.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chat {
    pub(super) key: String,
    /// `whatsapp`, `teams`, `slack` or `guild`.
    pub(super) on: String,
    pub(super) title: String,
    pub(super) members: Vec<String>,
    /// How many messages at its end are unread.
    #[serde(default)]
    pub(super) unread: usize,
}

/// A section of a notebook.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    pub(super) key: String,
    pub(super) name: String,
}

/// Who says something in a transcript, and what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) who: String,
    pub(super) text: String,
    /// What stands behind `<<`: `reply 2; react 👍 erik; file a.png; link https://x.example/1 a.docx; edited; deleted;
    /// starred`.
    pub(super) marks: Vec<(String, String)>,
}

impl Line {
    /// What the marks of this name say.
    pub(super) fn marks<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.marks.iter().filter(move |(mark, _)| mark == name).map(|(_, rest)| rest.as_str())
    }
}

/// Reads a transcript: `who: text <<marks>>`; a line that starts with two spaces goes on with the
/// one before.
pub(super) fn transcript(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for raw in text.lines() {
        if let Some(more) = raw.strip_prefix("  ") {
            if let Some(line) = lines.last_mut() {
                line.text.push('\n');
                line.text.push_str(more.trim_end());
            }
        } else if let Some((who, said)) = raw.split_once(':') {
            lines.push(Line { who: who.trim().to_owned(), text: said.trim().to_owned(), marks: Vec::new() });
        }
    }
    for line in &mut lines {
        let Some((said, marks)) = line.text.split_once("<<") else {
            continue;
        };
        line.marks = marks
            .trim_end_matches(">>")
            .split(';')
            .map(|mark| {
                let (name, rest) = mark.trim().split_once(' ').unwrap_or((mark.trim(), ""));
                (name.to_owned(), rest.trim().to_owned())
            })
            .collect();
        line.text = said.trim_end().to_owned();
    }
    lines
}

macro_rules! sheets {
    ($($name:literal),* $(,)?) => {
        /// Every sheet with its name.
        pub(super) fn all() -> Vec<(&'static str, Sheet)> {
            vec![$(($name, read(include_str!(concat!("content/", $name, ".toml"))))),*]
        }
    };
}

sheets!(
    "stories_home",
    "stories_work",
    "stories_world",
    "latest",
    "gmail",
    "outlook",
    "whatsapp",
    "teams",
    "slack",
    "notes",
);

/// The people and the places.
pub(super) fn cast() -> Cast {
    read(include_str!("content/cast.toml"))
}

#[expect(clippy::expect_used, reason = "the sheets are compiled in, and every test of the world reads them all")]
fn read<T: serde::de::DeserializeOwned>(text: &str) -> T {
    toml::from_str(text).expect("a sheet of the demo world can be read")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_name_a_sheet_uses_is_known() {
        let cast = cast();
        let people: HashSet<&str> = cast.person.iter().map(|person| person.key.as_str()).collect();
        let chats: HashSet<&str> = cast.chat.iter().map(|chat| chat.key.as_str()).collect();
        let sections: HashSet<&str> = cast.section.iter().map(|section| section.key.as_str()).collect();
        let person = |key: &str| assert!(people.contains(key) || key.contains('<'), "nobody is called {key}");
        let file = |name: &str| assert!(name.ends_with(".png") || cast.files.contains_key(name), "{name}");
        cast.chat.iter().flat_map(|chat| &chat.members).for_each(|key| person(key));
        for (name, sheet) in all() {
            for mail in &sheet.mail {
                assert!(["gmail", "outlook"].contains(&mail.on.as_str()), "{name}: {}", mail.subject);
                [&mail.to, &mail.cc].into_iter().flatten().chain([&mail.from]).for_each(|key| person(key));
                mail.files.iter().for_each(|name| file(name));
            }
            for thread in &sheet.thread {
                thread.people.iter().for_each(|key| person(key));
                transcript(&thread.lines).iter().for_each(|line| person(&line.who));
            }
            for chat in &sheet.chat {
                assert!(chats.contains(chat.chat.as_str()), "{name}: {}", chat.chat);
                for line in transcript(&chat.lines) {
                    person(&line.who);
                    line.marks("file").for_each(file);
                    for (mark, _) in &line.marks {
                        let known = ["reply", "react", "file", "link", "edited", "deleted", "starred"];
                        assert!(known.contains(&mark.as_str()), "{name}: {mark}");
                    }
                }
            }
            for note in &sheet.note {
                assert!(sections.contains(note.section.as_str()), "{name}: {}", note.section);
            }
        }
    }

    #[test]
    fn a_transcript_keeps_speakers_continuations_and_marks() {
        let lines =
            transcript("ana: Olá: tudo bem?\n  second line\nme: 👍 <<reply 1; react ❤️ ana; deleted>>\n\nno speaker");
        assert_eq!(lines.len(), 2);
        let ana = lines.first().unwrap();
        assert_eq!((ana.who.as_str(), ana.text.as_str()), ("ana", "Olá: tudo bem?\nsecond line"));
        let me = lines.get(1).unwrap();
        assert_eq!(me.text, "👍");
        let marks: Vec<_> = me.marks.iter().map(|(name, rest)| (name.as_str(), rest.as_str())).collect();
        assert_eq!(marks, [("reply", "1"), ("react", "❤️ ana"), ("deleted", "")]);
    }
}
