//! Invitations, their events, what others say of those, and the categories of the mailbox.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    super::{
        exchange::{Answer, Call, Outcome, Refusal},
        odata::project,
        world::World,
    },
    Kind, decode, encode, not_found,
};

#[derive(Default)]
pub(crate) struct Meetings {
    events: BTreeMap<u64, Event>,
    /// Id, name, colour.
    pub(crate) categories: Vec<(String, String, String)>,
}

struct Event {
    said: Map<String, Value>,
    response: &'static str,
    /// What was sent to the organizer.
    told: Vec<Told>,
}

/// An answer that was sent to an organizer.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// `accepted`, `tentativelyAccepted` or `declined`.
    pub response: String,
    /// In words.
    pub comment: String,
    /// Another time, `null` where none was proposed.
    pub proposed: Value,
}

impl Meetings {
    pub(crate) fn add(&mut self, key: u64, said: Map<String, Value>) {
        self.events.insert(key, Event { said, response: "notResponded", told: Vec::new() });
    }

    /// An event as it is given.
    pub(crate) fn event(&self, key: u64) -> Option<Value> {
        let event = self.events.get(&key)?;
        let mut object = event.said.clone();
        object.insert("@odata.type".to_owned(), "#microsoft.graph.event".into());
        object.insert("id".to_owned(), encode(Kind::File, key, 1).into());
        object
            .insert("responseStatus".to_owned(), json!({ "response": event.response, "time": "0001-01-01T00:00:00Z" }));
        Some(Value::Object(object))
    }

    pub(crate) fn response(&self, key: u64) -> Option<(&'static str, Vec<Told>)> {
        self.events.get(&key).map(|event| (event.response, event.told.clone()))
    }

    /// Its organizer calls it off.
    pub(crate) fn cancel(&mut self, key: u64) {
        if let Some(event) = self.events.get_mut(&key) {
            event.said.insert("isCancelled".to_owned(), true.into());
        }
    }

    /// One of those who are invited answers.
    pub(crate) fn answered(&mut self, key: u64, address: &str, response: &str, proposed: &Value) {
        let attendees = self.events.get_mut(&key).and_then(|event| event.said.get_mut("attendees")?.as_array_mut());
        for one in attendees.into_iter().flatten().filter(|one| one["emailAddress"]["address"] == address) {
            one["status"] = json!({ "response": response, "time": "2026-06-01T12:00:00Z" });
            one["proposedNewTime"] = proposed.clone();
        }
    }
}

fn event(world: &World, id: &str) -> Result<u64, Refusal> {
    decode(id)
        .filter(|id| id.kind == Kind::File && id.number == 1 && world.mail.meetings.events.contains_key(&id.key))
        .map(|id| id.key)
        .ok_or_else(not_found)
}

/// `GET /me/events/{id}`
pub(crate) fn get(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = event(world, call.id(0))?;
    let Some(Value::Object(object)) = world.mail.meetings.event(key) else { return Err(not_found()) };
    Ok(Answer::json(200, Value::Object(project(object, call.query.select.as_deref()))))
}

/// `POST /me/events/{id}/accept`, `tentativelyAccept`, `decline`. As in Outlook the invitation goes
/// to the deleted items.
pub(crate) fn respond(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = event(world, call.id(0))?;
    let response = match call.operation.template.rsplit('/').next() {
        Some("accept") => "accepted",
        Some("decline") => "declined",
        _ => "tentativelyAccepted",
    };
    let body = call.json();
    let tell = body["sendResponse"].as_bool().unwrap_or(true);
    if !tell && !body["proposedNewTime"].is_null() {
        return Err(super::api::misuse("ErrorInvalidRequest", "A proposal needs a response."));
    }
    if let Some(event) = world.mail.meetings.events.get_mut(&key) {
        event.response = response;
        if tell {
            event.told.push(Told {
                response: response.to_owned(),
                comment: body["comment"].as_str().unwrap_or_default().to_owned(),
                proposed: body["proposedNewTime"].clone(),
            });
        }
    }
    let bin = world.mail.well_known("deleteditems").expect("a bin");
    let invitations: Vec<u64> = world
        .mail
        .mails
        .iter()
        .filter(|(_, mail)| mail.meeting == Some(key) && mail.folder != bin)
        .map(|(mail, _)| *mail)
        .collect();
    for mail in invitations {
        world.mail.relocate(mail, bin);
    }
    Ok(Answer::empty(202))
}

fn category(of: &(String, String, String)) -> Value {
    json!({ "id": of.0, "displayName": of.1, "color": of.2 })
}

/// `GET /me/outlook/masterCategories`
pub(crate) fn categories(world: &mut World, _: &Call<'_>) -> Outcome {
    let all: Vec<Value> = world.mail.meetings.categories.iter().map(category).collect();
    let context = world.context("users('me')/outlook/masterCategories");
    Ok(Answer::json(200, json!({ "@odata.context": context, "value": all })))
}

/// `POST /me/outlook/masterCategories`
pub(crate) fn create_category(world: &mut World, call: &Call<'_>) -> Outcome {
    let body = call.json();
    let name = body["displayName"].as_str().unwrap_or_default().to_owned();
    if world.mail.meetings.categories.iter().any(|(_, known, _)| known.eq_ignore_ascii_case(&name)) {
        return Err(Refusal::new(409, "CategoryNameExists", "A category with that name exists."));
    }
    let color = body["color"].as_str().unwrap_or("none").to_lowercase();
    let made = (format!("category-{}", world.mail.key()), name, color);
    let value = category(&made);
    world.mail.meetings.categories.push(made);
    Ok(Answer::json(201, value))
}

/// `PATCH /me/outlook/masterCategories/{id}`: only the colour can be changed.
pub(crate) fn update_category(world: &mut World, call: &Call<'_>) -> Outcome {
    let body = call.json();
    if !body["displayName"].is_null() {
        return Err(super::api::misuse("ErrorInvalidRequest", "The name of a category cannot be changed."));
    }
    let found = world.mail.meetings.categories.iter_mut().find(|(id, ..)| id == call.id(0)).ok_or_else(not_found)?;
    if let Some(color) = body["color"].as_str() {
        found.2 = color.to_lowercase();
    }
    Ok(Answer::json(200, category(found)))
}

/// `DELETE /me/outlook/masterCategories/{id}`
pub(crate) fn delete_category(world: &mut World, call: &Call<'_>) -> Outcome {
    let place = world.mail.meetings.categories.iter().position(|(id, ..)| id == call.id(0)).ok_or_else(not_found)?;
    world.mail.meetings.categories.remove(place);
    Ok(Answer::empty(204))
}
