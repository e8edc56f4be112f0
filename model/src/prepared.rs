//! What is more than words in a message for a chat: what its platform approved beforehand, and answers to
//! choose from.
//!
//! Both are plain data here, so that a message is planned, kept as a draft and shown the same way on every
//! platform; what each platform allows of them is checked where it is planned.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Answers offered with a message, of which whoever gets it picks one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Choices {
    /// The words on the button that opens them as a list; `None`: each is a button of its own.
    pub list: Option<String>,
    /// The answers, in the order they are shown.
    pub offered: Vec<Choice>,
}

impl Choices {
    /// A text with what it offers below it, as it is kept, quoted and found here.
    pub fn below(&self, text: &str) -> String {
        let mut lines = vec![text.to_owned(), String::new()];
        let mut under = None;
        for choice in &self.offered {
            if choice.section.is_some() && choice.section != under {
                lines.extend(choice.section.clone());
                under.clone_from(&choice.section);
            }
            let about = choice.about.as_deref().map(|about| format!(" {about}")).unwrap_or_default();
            lines.push(format!("[{}]{about}", choice.title));
        }
        lines.join("\n")
    }
}

/// An answer that is offered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Choice {
    /// What it says.
    pub title: String,
    /// A line below it, in a list.
    pub about: Option<String>,
    /// The heading it stands under, in a list.
    pub section: Option<String>,
}

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// Any other file.
    Document,
}

/// A message that a platform approved beforehand, to be sent where no other may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Template {
    /// The platform's name of it.
    pub name: String,
    /// Its language, as the platform writes it (`en_US`).
    pub language: String,
    /// What it says, header and footer included, with its blanks as `{{1}}`.
    pub text: String,
    /// Its blanks, in the order they stand there.
    pub blanks: Vec<Blank>,
    /// The file that stands above it and goes along with it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub file: Option<FileKind>,
}

impl Template {
    /// The text with these values in its blanks, in their order, and what is to be sent; `None` when there
    /// are more or fewer values than blanks, or one is empty.
    pub fn filled(&self, values: &[String]) -> Option<(String, TemplateUse)> {
        if values.len() != self.blanks.len() || values.iter().any(|value| value.trim().is_empty()) {
            return None;
        }
        let (mut text, mut rest) = (String::new(), self.text.as_str());
        let mut filled = Vec::new();
        for (blank, value) in self.blanks.iter().zip(values) {
            // In the order they stand there, so that nothing is filled within what was filled in.
            if let Some((before, behind)) = rest.split_once(&format!("{{{{{}}}}}", blank.name)) {
                text.extend([before, value]);
                rest = behind;
            }
            filled.push(Filled { part: blank.part.clone(), name: blank.name.clone(), value: value.clone() });
        }
        text.push_str(rest);
        let (name, language) = (self.name.clone(), self.language.clone());
        Some((text, TemplateUse { name, language, values: filled, file: self.file }))
    }
}

/// A blank of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Blank {
    /// The part of the message it is in: `header`, `body`, or `button 0`.
    pub part: String,
    /// Its name, without the braces.
    pub name: String,
    /// What could stand there.
    pub example: Option<String>,
}

/// A template with its blanks filled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateUse {
    /// [`Template::name`].
    pub name: String,
    /// [`Template::language`].
    pub language: String,
    /// What stands in each blank.
    pub values: Vec<Filled>,
    /// [`Template::file`].
    #[serde(default)]
    #[ts(optional = nullable)]
    pub file: Option<FileKind>,
}

/// A filled blank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Filled {
    /// [`Blank::part`].
    pub part: String,
    /// [`Blank::name`].
    pub name: String,
    /// What stands there.
    pub value: String,
}
