//! Answers to choose from: as buttons below a message, or as a list that a button opens
//! (<https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-list-messages>,
//! <https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-reply-buttons-messages>).
//!
//! All limits are looked at before anything is queued: Meta refuses the whole message with a code that does not
//! say which of them was broken.

use std::collections::HashSet;

use inlet_model::{Choice, Choices, Result, SourceError};
use serde_json::{Value, json};

/// Characters of the text above the choices.
const TEXT: usize = 1024;
/// Choices that are buttons, and characters on one.
const BUTTONS: usize = 3;
const BUTTON: usize = 20;
/// Choices of a list in all its sections, characters of one, of the line below it and of a section's heading.
const ROWS: usize = 10;
const ROW: usize = 24;
const ABOUT: usize = 72;
const SECTION: usize = 24;

/// Whether a message with these choices is taken.
///
/// # Errors
/// [`SourceError::Permanent`] with what to change.
pub(super) fn checked(choices: &Choices, text: &str) -> Result<()> {
    let refuse = |text: &str| Err(SourceError::Permanent(text.to_owned()));
    let length = |text: &Option<String>| text.as_deref().unwrap_or_default().chars().count();
    let offered = &choices.offered;
    if text.trim().is_empty() {
        return refuse("Write the question above the choices.");
    }
    if text.chars().count() > TEXT {
        return refuse("Above choices WhatsApp takes up to 1024 characters: shorten the text.");
    }
    if offered.iter().any(|choice| choice.title.trim().is_empty()) {
        return refuse("Give every choice its words.");
    }
    let distinct: HashSet<&str> = offered.iter().map(|choice| choice.title.trim()).collect();
    if distinct.len() < offered.len() {
        return refuse("Two choices say the same: change one of them.");
    }
    let Some(button) = &choices.list else {
        return match offered.len() {
            0 => refuse("Add a choice first."),
            1..=BUTTONS if offered.iter().any(|choice| choice.title.chars().count() > BUTTON) => {
                refuse("WhatsApp takes up to 20 characters on a button: shorten the choices.")
            }
            1..=BUTTONS if offered.iter().any(|choice| choice.about.is_some() || choice.section.is_some()) => {
                refuse("Only a list has headings and lines below its choices: name the button that opens it.")
            }
            1..=BUTTONS => Ok(()),
            _ => {
                refuse("WhatsApp shows up to 3 choices as buttons: for more, name a button that opens a list of them.")
            }
        };
    };
    let sections = sections(choices);
    if button.trim().is_empty() || button.chars().count() > BUTTON {
        return refuse("The button that opens the list takes 1 to 20 characters: change its words.");
    }
    if offered.is_empty() || offered.len() > ROWS {
        return refuse("WhatsApp takes a list of 1 to 10 choices: leave the others for another message.");
    }
    if offered.iter().any(|choice| choice.title.chars().count() > ROW) {
        return refuse("WhatsApp takes up to 24 characters for a choice of a list: shorten the choices.");
    }
    if offered.iter().any(|choice| length(&choice.about) > ABOUT) {
        return refuse("WhatsApp takes up to 72 characters below a choice: shorten those lines.");
    }
    if offered.iter().any(|choice| length(&choice.section) > SECTION) {
        return refuse("WhatsApp takes up to 24 characters for a heading of a list: shorten the headings.");
    }
    if sections.len() > 1 && sections.iter().any(|(title, _)| title.trim().is_empty()) {
        return refuse("Put every choice of the list under a heading, or none.");
    }
    Ok(())
}

/// Choices with the same heading, one behind the other; each with its place.
fn sections(choices: &Choices) -> Vec<(&str, Vec<(usize, &Choice)>)> {
    let mut sections: Vec<(&str, Vec<(usize, &Choice)>)> = Vec::new();
    for (place, choice) in choices.offered.iter().enumerate() {
        let title = choice.section.as_deref().unwrap_or_default();
        match sections.last_mut().filter(|(last, _)| *last == title) {
            Some((_, rows)) => rows.push((place, choice)),
            None => sections.push((title, vec![(place, choice)])),
        }
    }
    sections
}

/// The message as it is sent. Its choices are known by their place: what comes back names the words too.
pub(super) fn written(choices: &Choices, text: &str) -> Value {
    let id = |place: usize| format!("choice-{}", place + 1);
    let Some(button) = &choices.list else {
        let button = |(place, choice): (usize, &Choice)| json!({ "type": "reply", "reply": { "id": id(place), "title": choice.title } });
        let buttons: Vec<Value> = choices.offered.iter().enumerate().map(button).collect();
        return json!({ "type": "button", "body": { "text": text }, "action": { "buttons": buttons } });
    };
    let row = |(place, choice): (usize, &Choice)| {
        let mut row = json!({ "id": id(place), "title": choice.title });
        if let (Some(row), Some(about)) = (row.as_object_mut(), &choice.about) {
            row.insert("description".to_owned(), about.clone().into());
        }
        row
    };
    let section = |(title, rows): (&str, Vec<(usize, &Choice)>)| {
        let mut section = json!({ "rows": rows.into_iter().map(row).collect::<Vec<_>>() });
        if let Some(section) = section.as_object_mut().filter(|_| !title.is_empty()) {
            section.insert("title".to_owned(), title.into());
        }
        section
    };
    let sections: Vec<Value> = sections(choices).into_iter().map(section).collect();
    json!({ "type": "list", "body": { "text": text }, "action": { "button": button, "sections": sections } })
}
