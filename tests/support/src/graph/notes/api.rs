//! Notebooks, sections and pages: reading.

use serde_json::Value;

use super::{
    super::{
        exchange::{Answer, Call, Outcome},
        odata::{Query, at, sort},
        world::World,
    },
    Kind, not_found,
};

/// The kind of what a path ends in: `…/sections`, `…/sections/{id}`.
pub(super) fn kind(call: &Call<'_>) -> Kind {
    let words = call.operation.template.rsplit('/').find(|word| !word.starts_with('{'));
    match words {
        Some("notebooks") => Kind::Notebook,
        Some("sectionGroups") => Kind::Group,
        _ => Kind::Section,
    }
}

/// `GET /me/onenote/notebooks`, `…/sectionGroups`, `…/sections`, and those of a parent
pub(crate) fn list_shelves(world: &mut World, call: &Call<'_>) -> Outcome {
    let kind = kind(call);
    let parent = call.ids.first().cloned();
    if parent.as_ref().is_some_and(|id| !world.notes.shelves.contains_key(id)) {
        return Err(not_found());
    }
    world.page(
        call,
        "onenote",
        20,
        |world, query| {
            let value = |id: &String| world.shelf(&world.notes.shelves[id], None, &[]);
            let mut ids: Vec<String> =
                world.notes.below(kind, parent.as_deref()).into_iter().map(|shelf| shelf.id.clone()).collect();
            if let Some(filter) = &query.filter {
                ids.retain(|id| filter.holds(&|path| at(&value(id), path)));
            }
            sort(&mut ids, &query.orderby, |id, path| at(&value(id), path));
            ids
        },
        |world, id, query| world.shelf(&world.notes.shelves[id], query.select.as_deref(), &query.expand),
    )
}

/// `GET /me/onenote/notebooks/{id}` and its like
pub(crate) fn get_shelf(world: &mut World, call: &Call<'_>) -> Outcome {
    let shelf = world.notes.shelf(call.id(0), kind(call))?;
    Ok(Answer::json(200, world.shelf(shelf, call.query.select.as_deref(), &call.query.expand)))
}

/// `GET /me/onenote/sections/{id}/pages`, `GET /me/onenote/pages`; newest change first
pub(crate) fn list_pages(world: &mut World, call: &Call<'_>) -> Outcome {
    let section = call.ids.first().cloned();
    if let Some(id) = &section {
        world.notes.shelf(id, Kind::Section)?;
    }
    world.page(
        call,
        "onenote/pages",
        20,
        |world, query| {
            let fits = |page: &&super::Page| section.as_ref().is_none_or(|id| page.section == *id);
            let mut pages: Vec<&super::Page> = world.notes.pages.values().filter(fits).collect();
            pages.sort_by_key(|page| std::cmp::Reverse((page.modified_ms, page.number)));
            let value = |page: &super::Page| world.page_value(page, None, &[], true);
            if let Some(filter) = &query.filter {
                pages.retain(|page| filter.holds(&|path| at(&value(page), path)));
            }
            sort(&mut pages, &query.orderby, |page, path| at(&value(page), path));
            pages.into_iter().map(|page| page.id.clone()).collect()
        },
        |world, id: &String, query| match world.notes.pages.get(id) {
            Some(page) => world.page_value(page, query.select.as_deref(), &query.expand, leveled(query)),
            None => Value::Null,
        },
    )
}

fn leveled(query: &Query) -> bool {
    query.flag("pagelevel")
}

/// `GET /me/onenote/pages/{id}`
pub(crate) fn get_page(world: &mut World, call: &Call<'_>) -> Outcome {
    let page = world.notes.pages.get(call.id(0)).ok_or_else(not_found)?;
    let value = world.page_value(page, call.query.select.as_deref(), &call.query.expand, leveled(&call.query));
    Ok(Answer::json(200, value))
}

/// `GET /me/onenote/pages/{id}/content`
pub(crate) fn content(world: &mut World, call: &Call<'_>) -> Outcome {
    let page = world.notes.pages.get(call.id(0)).ok_or_else(not_found)?;
    Ok(Answer::bytes("text/html", world.page_html(page, call.query.flag("includeIDs"))))
}

/// `GET /me/onenote/resources/{id}/content`, `…/$value`
pub(crate) fn resource(world: &mut World, call: &Call<'_>) -> Outcome {
    let (media, bytes) = world.notes.resources.get(call.id(0)).ok_or_else(not_found)?;
    Ok(Answer::bytes(media, bytes.clone()))
}
