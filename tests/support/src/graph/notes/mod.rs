//! OneNote: notebooks, section groups, sections, and pages of HTML with their resources.
//!
//! There is no delta: a client lists pages by the time they changed and finds deletions by the set
//! of ids. The ids of a page's elements are generated anew with each change, so that one that is
//! not fetched again does not fit.

pub(crate) mod api;
pub(crate) mod hands;
pub(crate) mod html;
pub(crate) mod multipart;
pub(crate) mod write;

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{
    clock::milliseconds,
    exchange::Refusal,
    odata::{Expand, project},
    world::World,
};

#[derive(Default)]
pub(crate) struct Notes {
    pub(crate) shelves: BTreeMap<String, Shelf>,
    pub(crate) pages: BTreeMap<String, Page>,
    pub(crate) resources: BTreeMap<String, (String, Bytes)>,
    next: u64,
}

/// What holds pages, or what holds it.
pub(crate) struct Shelf {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) name: String,
    /// A notebook or a section group.
    pub(crate) parent: Option<String>,
    pub(crate) created_ms: i64,
    pub(crate) modified_ms: i64,
    /// In the order they were made.
    pub(crate) number: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Notebook,
    Group,
    Section,
}

pub(crate) struct Page {
    pub(crate) id: String,
    pub(crate) section: String,
    pub(crate) title: String,
    pub(crate) number: u64,
    pub(crate) level: u32,
    pub(crate) created_ms: i64,
    pub(crate) modified_ms: i64,
    pub(crate) revision: u64,
    /// What is between the tags of the body.
    pub(crate) body: Vec<html::Token>,
}

pub(crate) fn not_found() -> Refusal {
    Refusal::new(404, "20102", "The specified resource ID does not exist.")
}

impl Notes {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub(crate) fn add_shelf(&mut self, kind: Kind, name: &str, parent: Option<&str>, now: i64) -> String {
        let number = self.number();
        let id = format!("1-{number:08x}-70dc-4449-b92a-3015225f800d");
        let shelf = Shelf {
            id: id.clone(),
            kind,
            name: name.to_owned(),
            parent: parent.map(str::to_owned),
            created_ms: now,
            modified_ms: now,
            number,
        };
        self.shelves.insert(id.clone(), shelf);
        id
    }

    pub(crate) fn shelf(&self, id: &str, kind: Kind) -> Result<&Shelf, Refusal> {
        self.shelves.get(id).filter(|shelf| shelf.kind == kind).ok_or_else(not_found)
    }

    /// The shelves of a kind below a parent, or all, as they were made.
    pub(crate) fn below(&self, kind: Kind, parent: Option<&str>) -> Vec<&Shelf> {
        let fits = |shelf: &&Shelf| shelf.kind == kind && parent.is_none_or(|id| shelf.parent.as_deref() == Some(id));
        let mut shelves: Vec<&Shelf> = self.shelves.values().filter(fits).collect();
        shelves.sort_by_key(|shelf| shelf.number);
        shelves
    }

    /// The notebook something is in.
    fn notebook<'a>(&'a self, shelf: &'a Shelf) -> Option<&'a Shelf> {
        let mut at = shelf;
        while at.kind != Kind::Notebook {
            at = self.shelves.get(at.parent.as_deref()?)?;
        }
        Some(at)
    }

    pub(crate) fn add_page(&mut self, section: &str, title: &str, mut body: Vec<html::Token>, now: i64) -> String {
        let number = self.number();
        html::stamp(&mut body, number, 0);
        let id = format!("1-{number:032x}!{section}");
        let page = Page {
            id: id.clone(),
            section: section.to_owned(),
            title: title.to_owned(),
            number,
            level: 0,
            created_ms: now,
            modified_ms: now,
            revision: 0,
            body,
        };
        self.pages.insert(id.clone(), page);
        self.touch(section, now);
        id
    }

    fn touch(&mut self, section: &str, now: i64) {
        if let Some(section) = self.shelves.get_mut(section) {
            section.modified_ms = now;
        }
    }

    /// Changes a page; its ids are new then.
    pub(crate) fn change<R>(
        &mut self,
        id: &str,
        now: i64,
        change: impl FnOnce(&mut Page) -> Result<R, String>,
    ) -> Result<R, String> {
        let page = self.pages.get_mut(id).ok_or("there is no such page")?;
        let result = change(page)?;
        page.revision += 1;
        page.modified_ms = now;
        html::stamp(&mut page.body, page.number, page.revision);
        let section = page.section.clone();
        self.touch(&section, now);
        Ok(result)
    }

    pub(crate) fn add_resource(&mut self, media: &str, bytes: Bytes) -> String {
        let id = format!("0-{:032x}!1-7a8f", self.number());
        self.resources.insert(id.clone(), (media.to_owned(), bytes));
        id
    }
}

/// Body text in the div that every page has.
pub(crate) fn default_div(inner: Vec<html::Token>) -> Vec<html::Token> {
    let attributes = vec![
        ("data-id".to_owned(), "_default".to_owned()),
        ("style".to_owned(), "position:absolute;left:48px;top:120px;width:624px".to_owned()),
    ];
    let mut body = vec![html::Token::Start("div".to_owned(), attributes, false)];
    body.extend(inner);
    body.push(html::Token::End("div".to_owned()));
    body
}

impl World {
    pub(crate) fn resource_url(&self, id: &str) -> String {
        format!("{}/me/onenote/resources/{id}/$value", self.root)
    }

    /// The page as HTML.
    pub(crate) fn page_html(&self, page: &Page, ids: bool) -> String {
        format!(
            "<html lang=\"en-US\">\r\n\t<head>\r\n\t\t<title>{}</title>\r\n\t\t<meta http-equiv=\"Content-Type\" \
             content=\"text/html; charset=utf-8\" />\r\n\t\t<meta name=\"created\" content=\"{}\" />\r\n\t</head>\r\n\t\
             <body data-absolute-enabled=\"true\" style=\"font-family:Calibri;font-size:11pt\">{}</body>\r\n</html>\r\n",
            page.title,
            milliseconds(page.created_ms),
            html::write(&page.body, ids)
        )
    }

    /// A notebook, section group or section as it is given.
    pub(crate) fn shelf(&self, shelf: &Shelf, select: Option<&[String]>, expand: &[Expand]) -> Value {
        let by = json!({ "user": { "id": self.me.id, "displayName": self.me.name } });
        let (plural, base) = match shelf.kind {
            Kind::Notebook => ("notebooks", true),
            Kind::Group => ("sectionGroups", true),
            Kind::Section => ("sections", false),
        };
        let url = format!("{}/me/onenote/{plural}/{}", self.root, shelf.id);
        let mut object = Map::new();
        let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
        put("id", shelf.id.clone().into());
        put("self", url.clone().into());
        put("displayName", shelf.name.clone().into());
        put("createdDateTime", milliseconds(shelf.created_ms).into());
        put("lastModifiedDateTime", milliseconds(shelf.modified_ms).into());
        put("createdBy", by.clone());
        put("lastModifiedBy", by);
        if base {
            put("sectionsUrl", format!("{url}/sections").into());
            put("sectionGroupsUrl", format!("{url}/sectionGroups").into());
        } else {
            put("pagesUrl", format!("{url}/pages").into());
            put("isDefault", false.into());
        }
        let links = json!({ "oneNoteClientUrl": { "href": format!("onenote:https://contoso.example/{}", shelf.id) },
            "oneNoteWebUrl": { "href": format!("https://contoso.example/{}", shelf.id) } });
        match shelf.kind {
            Kind::Notebook => {
                put("isDefault", false.into());
                put("isShared", false.into());
                put("userRole", "Owner".into());
                put("links", links);
            }
            Kind::Section => {
                put("links", links);
            }
            Kind::Group => {}
        }
        let mut object = project(object, select);
        for expand in expand {
            let (inner, deeper) = (expand.select.as_deref(), expand.expand.as_slice());
            let below = |kind: Kind| {
                self.notes
                    .below(kind, Some(&shelf.id))
                    .into_iter()
                    .map(|child| self.shelf(child, inner, deeper))
                    .collect()
            };
            let value = match expand.name.as_str() {
                "sections" => Value::Array(below(Kind::Section)),
                "sectionGroups" => Value::Array(below(Kind::Group)),
                "parentNotebook" => self.notes.notebook(shelf).map_or(Value::Null, |book| self.shelf(book, inner, &[])),
                "parentSectionGroup" => shelf
                    .parent
                    .as_deref()
                    .and_then(|id| self.notes.shelf(id, Kind::Group).ok())
                    .map_or(Value::Null, |group| self.shelf(group, inner, &[])),
                _ => continue,
            };
            object.insert(expand.name.clone(), value);
        }
        Value::Object(object)
    }

    /// A page's metadata; level and order only where they are asked for.
    pub(crate) fn page_value(&self, page: &Page, select: Option<&[String]>, expand: &[Expand], level: bool) -> Value {
        let url = format!("{}/me/onenote/pages/{}", self.root, page.id);
        let mut object = Map::new();
        let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
        put("id", page.id.clone().into());
        put("self", url.clone().into());
        put("createdDateTime", milliseconds(page.created_ms).into());
        put("title", page.title.clone().into());
        put("createdByAppId", "WLID-0000000048118631".into());
        put("contentUrl", format!("{url}/content").into());
        put("lastModifiedDateTime", milliseconds(page.modified_ms).into());
        put(
            "links",
            json!({ "oneNoteClientUrl": { "href": format!("onenote:https://contoso.example/{}", page.id) },
                "oneNoteWebUrl": { "href": format!("https://contoso.example/{}", page.id) } }),
        );
        put("userTags", json!([]));
        if level {
            put("level", page.level.into());
            put("order", page.number.into());
        }
        let mut object = project(object, select);
        let section = self.notes.shelves.get(&page.section);
        for expand in expand {
            let inner = expand.select.as_deref();
            let parent = match expand.name.as_str() {
                "parentSection" => section,
                "parentNotebook" => section.and_then(|section| self.notes.notebook(section)),
                _ => continue,
            };
            object.insert(expand.name.clone(), parent.map_or(Value::Null, |parent| self.shelf(parent, inner, &[])));
        }
        Value::Object(object)
    }
}
