//! The person signed in.

use serde_json::{Map, Value};

use super::{
    exchange::{Answer, Call, Outcome},
    odata::project,
    world::World,
};

/// `GET /me`
pub(crate) fn me(world: &mut World, call: &Call<'_>) -> Outcome {
    let mut object = Map::new();
    object.insert("@odata.context".to_owned(), world.context("users/$entity").into());
    let (given, surname) = world.me.name.split_once(' ').unwrap_or((&world.me.name, ""));
    for (name, value) in [
        ("displayName", Value::from(world.me.name.clone())),
        ("givenName", given.into()),
        ("surname", surname.into()),
        ("mail", world.me.address.clone().into()),
        ("userPrincipalName", world.me.address.clone().into()),
        ("id", world.me.id.clone().into()),
        ("jobTitle", Value::Null),
        ("mobilePhone", Value::Null),
        ("officeLocation", Value::Null),
        ("preferredLanguage", "en-US".into()),
        ("businessPhones", Value::Array(Vec::new())),
    ] {
        object.insert(name.to_owned(), value);
    }
    Ok(Answer::json(200, Value::Object(project(object, call.query.select.as_deref()))))
}
