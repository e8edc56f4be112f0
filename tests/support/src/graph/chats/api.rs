//! Chats, channels and their messages: reading.

use serde_json::{Map, Value, json};

use super::{
    super::{
        clock::milliseconds,
        exchange::{Answer, Call, Outcome, Refusal},
        odata::{Query, at, project, sort},
        world::{TENANT, Token, World},
    },
    Place, Post, not_found, post,
};

/// The place of the messages a path names, and the message, when it names one.
pub(super) fn place(call: &Call<'_>) -> Result<(Place, Option<i64>), Refusal> {
    let time = |at: usize| call.ids.get(at).map(|id| id.parse::<i64>().map_err(|_| not_found())).transpose();
    let template = call.operation.template;
    if !template.starts_with("/teams") {
        return Ok((Place::Chat(call.id(0).to_owned()), time(1)?));
    }
    let (team, channel) = (call.id(0).to_owned(), call.id(1).to_owned());
    match (template.contains("/replies"), time(2)?) {
        (true, Some(to)) => Ok((Place::Replies(team, channel, to), time(3)?)),
        (_, message) => Ok((Place::Channel(team, channel), message)),
    }
}

/// `GET /me/chats`, `GET /chats`
pub(crate) fn list_chats(world: &mut World, call: &Call<'_>) -> Outcome {
    let prefer = call.prefer;
    world.page(
        call,
        "chats",
        20,
        |world, query| {
            let mut ids: Vec<(String, i64)> = world
                .teams
                .chats
                .values()
                .filter(|chat| {
                    query.filter.as_ref().is_none_or(|filter| {
                        let value = world.chat(chat, &Query::default(), prefer, true);
                        filter.holds(&|path| at(&value, path))
                    })
                })
                .map(|chat| (chat.id.clone(), chat.posts.keys().next_back().copied().unwrap_or(chat.created_ms)))
                .collect();
            match query.orderby.first() {
                Some((path, _)) if path.starts_with("lastMessagePreview/") => {
                    ids.sort_by_key(|(_, last)| std::cmp::Reverse(*last));
                }
                _ => sort(&mut ids, &query.orderby, |(id, _), path| {
                    let chat = world.teams.chat(id).expect("a chat");
                    at(&world.chat(chat, &Query::default(), prefer, true), path)
                }),
            }
            ids
        },
        |world, (id, _), query| world.teams.chat(id).map_or(Value::Null, |chat| world.chat(chat, query, prefer, true)),
    )
}

/// `GET /me/chats/{id}`, `GET /chats/{id}`
pub(crate) fn get_chat(world: &mut World, call: &Call<'_>) -> Outcome {
    let chat = world.teams.chat(call.id(0))?;
    Ok(Answer::json(200, world.chat(chat, &call.query, call.prefer, false)))
}

/// `GET /me/chats/{id}/members`, `GET /chats/{id}/members`
pub(crate) fn list_members(world: &mut World, call: &Call<'_>) -> Outcome {
    let chat = world.teams.chat(call.id(0))?;
    let members: Vec<Value> = chat.members.iter().map(|person| super::member(chat, person)).collect();
    let context = world.context("chats/members");
    Ok(Answer::json(200, json!({ "@odata.context": context, "@odata.count": members.len(), "value": members })))
}

/// `GET …/messages`, `GET …/replies`
pub(crate) fn list_messages(world: &mut World, call: &Call<'_>) -> Outcome {
    let (place, _) = place(call)?;
    world.teams.posts(&place)?;
    let (query, from) = match world.resume(call)? {
        Some(Token::List(query, from)) => (*query, from),
        Some(_) => return Err(Refusal::new(400, "BadRequest", "The token is not one of a list.")),
        None => (call.query.clone(), call.query.skip),
    };
    let posts = world.teams.posts(&place)?;
    let modified = query.orderby.first().is_some_and(|(path, _)| path == "lastModifiedDateTime");
    // The condition is silently ignored unless the order names the same property.
    let filter = query.filter.as_ref().filter(|filter| {
        query.orderby.first().is_some_and(|(path, _)| filter.paths().iter().all(|named| named == path))
    });
    let key = |post: &Post| if modified { post.modified_ms } else { post.at_ms };
    let mut fitting: Vec<&Post> = posts
        .values()
        .filter(|post| filter.is_none_or(|filter| filter.holds(&|_| milliseconds(key(post)).into())))
        .collect();
    fitting.sort_by_key(|post| std::cmp::Reverse(key(post)));
    let size = query.top.unwrap_or(20);
    let replies = query.expands("replies");
    let mut value: Vec<Value> =
        fitting.iter().skip(from).take(size).map(|post| post::value(&place, post, call.prefer, replies)).collect();
    if query.select.is_some() {
        for item in &mut value {
            if let Value::Object(object) = item.take() {
                *item = Value::Object(project(object, query.select.as_deref()));
            }
        }
    }
    let (total, next) = (fitting.len(), from + value.len());
    let mut body = json!({ "@odata.context": world.context("messages"), "@odata.count": value.len(), "value": value });
    if next < total {
        body["@odata.nextLink"] = world.link(call, "$skiptoken", Token::List(Box::new(query), next)).into();
    }
    Ok(Answer::json(200, body))
}

/// `GET …/messages/{id}`, `GET …/replies/{id}`
pub(crate) fn get_message(world: &mut World, call: &Call<'_>) -> Outcome {
    let (place, id) = place(call)?;
    let post = world.teams.posts(&place)?.get(&id.ok_or_else(not_found)?).ok_or_else(not_found)?;
    let Value::Object(object) = post::value(&place, post, call.prefer, call.query.expands("replies")) else {
        return Err(not_found());
    };
    Ok(Answer::json(200, Value::Object(project(object, call.query.select.as_deref()))))
}

/// `GET …/hostedContents`
pub(crate) fn list_hosted(world: &mut World, call: &Call<'_>) -> Outcome {
    let (place, id) = place(call)?;
    let post = world.teams.posts(&place)?.get(&id.ok_or_else(not_found)?).ok_or_else(not_found)?;
    let value: Vec<Value> = post
        .hosted
        .iter()
        .map(|hosted| json!({ "id": hosted.id, "contentBytes": null, "contentType": null }))
        .collect();
    Ok(Answer::json(200, json!({ "@odata.context": world.context("hostedContents"), "value": value })))
}

/// `GET …/hostedContents/{id}/$value`
pub(crate) fn hosted(world: &mut World, call: &Call<'_>) -> Outcome {
    let (place, id) = place(call)?;
    let post = world.teams.posts(&place)?.get(&id.ok_or_else(not_found)?).ok_or_else(not_found)?;
    let wanted = call.ids.last().ok_or_else(not_found)?;
    let hosted = post.hosted.iter().find(|hosted| hosted.id == *wanted).ok_or_else(not_found)?;
    Ok(Answer::bytes(&hosted.media, hosted.bytes.clone()))
}

/// `GET /me/joinedTeams`
pub(crate) fn joined_teams(world: &mut World, _: &Call<'_>) -> Outcome {
    let teams: Vec<Value> = world
        .teams
        .teams
        .iter()
        .map(|team| {
            json!({ "id": team.id, "displayName": team.name, "description": team.name, "isArchived": false,
                "tenantId": TENANT })
        })
        .collect();
    Ok(Answer::json(200, json!({ "@odata.context": world.context("teams"), "value": teams })))
}

fn channel_value(channel: &super::Channel) -> Map<String, Value> {
    let mut object = Map::new();
    for (name, value) in [
        ("id", Value::from(channel.id.clone())),
        ("createdDateTime", milliseconds(channel.created_ms).into()),
        ("displayName", channel.name.clone().into()),
        ("description", Value::Null),
        ("email", "".into()),
        ("tenantId", TENANT.into()),
        ("webUrl", format!("https://teams.microsoft.com/l/channel/{}", channel.id).into()),
        ("membershipType", "standard".into()),
        ("isArchived", false.into()),
    ] {
        object.insert(name.to_owned(), value);
    }
    object
}

/// `GET /teams/{id}/channels`
pub(crate) fn list_channels(world: &mut World, call: &Call<'_>) -> Outcome {
    let team = world.teams.teams.iter().find(|team| team.id == call.id(0)).ok_or_else(not_found)?;
    let channels: Vec<Value> = team
        .channels
        .iter()
        .map(|channel| Value::Object(project(channel_value(channel), call.query.select.as_deref())))
        .collect();
    Ok(Answer::json(200, json!({ "@odata.context": world.context("channels"), "value": channels })))
}

/// `GET /teams/{id}/channels/{id}`
pub(crate) fn get_channel(world: &mut World, call: &Call<'_>) -> Outcome {
    let channel = world.teams.channel(call.id(0), call.id(1))?;
    Ok(Answer::json(200, Value::Object(project(channel_value(channel), call.query.select.as_deref()))))
}
