//! Notebooks, sections and pages: writing.

use super::{
    super::{
        exchange::{Answer, Call, Outcome, Payload, Refusal},
        world::World,
    },
    Kind, api, default_div, html, multipart, not_found,
};

fn misuse(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "BadRequest", message).misuse()
}

/// `POST …/notebooks`, `…/sections`, `…/sectionGroups`
pub(crate) fn create_shelf(world: &mut World, call: &Call<'_>) -> Outcome {
    let kind = api::kind(call);
    let parent = call.ids.first().map(String::as_str);
    if parent.is_some_and(|id| !world.notes.shelves.contains_key(id)) {
        return Err(not_found());
    }
    let name = call.json()["displayName"].as_str().unwrap_or_default();
    let siblings = world.notes.below(kind, parent);
    if siblings.iter().any(|shelf| shelf.name.eq_ignore_ascii_case(name) && shelf.parent.as_deref() == parent) {
        return Err(Refusal::new(409, "20117", "An item with this name already exists in this location."));
    }
    let now = world.clock.tick();
    let id = world.notes.add_shelf(kind, name, parent, now);
    Ok(Answer::json(201, world.shelf(&world.notes.shelves[&id], None, &[])))
}

/// `POST /me/onenote/sections/{id}/pages`: HTML, or parts of which `Presentation` is the HTML.
pub(crate) fn create_page(world: &mut World, call: &Call<'_>) -> Outcome {
    world.notes.shelf(call.id(0), Kind::Section)?;
    let Payload::Other(media, bytes) = &call.body else {
        return Err(misuse("A page is made of text/html or multipart/form-data."));
    };
    let (page, files) = if media.starts_with("multipart/") {
        let mut parts = multipart::parts(media, bytes).map_err(misuse)?;
        let place = parts.iter().position(|part| part.name.eq_ignore_ascii_case("Presentation"));
        let page = parts.remove(place.ok_or_else(|| misuse("There is no part Presentation."))?);
        (page.bytes, parts)
    } else {
        (bytes.clone(), Vec::new())
    };
    let text = String::from_utf8(page.to_vec()).map_err(|_| misuse("The page is not UTF-8."))?;
    let tokens = html::tokens(&text).map_err(misuse)?;
    let title = html::inside(&tokens, "title").map_or_else(String::new, |title| html::write(title, false));
    let body = html::inside(&tokens, "body").ok_or_else(|| misuse("The page has no body."))?.to_vec();
    let body = filed(world, body, &files)?;
    let now = world.clock.tick();
    let id = world.notes.add_page(call.id(0), title.trim(), default_div(body), now);
    let url = format!("{}/me/onenote/pages/{id}", world.root);
    Ok(Answer::json(201, world.page_value(&world.notes.pages[&id], None, &[], false)).header("Location", url))
}

/// Files the parts that the HTML names (`src="name:part"`).
fn filed(
    world: &mut World,
    mut body: Vec<html::Token>,
    files: &[multipart::Part],
) -> Result<Vec<html::Token>, Refusal> {
    for token in &mut body {
        let html::Token::Start(name, attributes, _) = token else { continue };
        let source = match name.as_str() {
            "img" => "src",
            "object" => "data",
            _ => continue,
        };
        for (attribute, value) in attributes.iter_mut().filter(|(attribute, _)| attribute == source) {
            let Some(part) = value.strip_prefix("name:") else { continue };
            let file = files.iter().find(|file| file.name == part);
            let file = file.ok_or_else(|| misuse(format!("{attribute} names a part that is not there.")))?;
            let id = world.notes.add_resource(&file.media, file.bytes.clone());
            *value = world.resource_url(&id);
        }
    }
    Ok(body)
}

/// `PATCH /me/onenote/pages/{id}/content`
pub(crate) fn patch_content(world: &mut World, call: &Call<'_>) -> Outcome {
    if !world.notes.pages.contains_key(call.id(0)) {
        return Err(not_found());
    }
    let (commands, files) = match &call.body {
        Payload::Other(media, bytes) => {
            let mut parts = multipart::parts(media, bytes).map_err(misuse)?;
            let place = parts.iter().position(|part| part.name.eq_ignore_ascii_case("Commands"));
            let commands = parts.remove(place.ok_or_else(|| misuse("There is no part Commands."))?);
            let commands = serde_json::from_slice(&commands.bytes).map_err(|_| misuse("The commands are not JSON."))?;
            let check = call.operation.bodies.iter().find_map(|(_, check)| check.as_ref());
            let wrong = check.map_or(Vec::new(), |check| check.complaints(&commands));
            if !wrong.is_empty() {
                return Err(misuse(wrong.join("; ")));
            }
            (commands, parts)
        }
        _ => (call.json().clone(), Vec::new()),
    };
    let mut changes = Vec::new();
    for command in commands.as_array().into_iter().flatten() {
        let tokens = html::tokens(command["content"].as_str().unwrap_or_default()).map_err(misuse)?;
        changes.push((command, filed(world, tokens, &files)?));
    }
    let now = world.clock.tick();
    let done = world.notes.change(call.id(0), now, |page| {
        let mut body = page.body.clone();
        for (command, content) in changes {
            let text = |name: &str| command[name].as_str().unwrap_or_default();
            if text("target") == "title" {
                if !text("action").eq_ignore_ascii_case("replace") {
                    return Err("a title is replaced".to_owned());
                }
                page.title = html::write(&content, false);
                continue;
            }
            let change = html::Change {
                target: text("target"),
                action: &text("action").to_lowercase(),
                before: text("position").eq_ignore_ascii_case("before"),
                content,
            };
            html::apply(&mut body, change)?;
        }
        page.body = body;
        Ok(())
    });
    done.map_err(misuse)?;
    Ok(Answer::empty(204))
}

/// `DELETE /me/onenote/pages/{id}`
pub(crate) fn delete_page(world: &mut World, call: &Call<'_>) -> Outcome {
    let page = world.notes.pages.remove(call.id(0)).ok_or_else(not_found)?;
    let now = world.clock.tick();
    if let Some(section) = world.notes.shelves.get_mut(&page.section) {
        section.modified_ms = now;
    }
    Ok(Answer::empty(204))
}
