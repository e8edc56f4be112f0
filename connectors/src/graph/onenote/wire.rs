//! What Graph says about notebooks, as far as it is used; everything is optional.

use inlet_model::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::graph::lenient::{or_default, time};

/// A section or a section group.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Entry {
    #[serde(deserialize_with = "or_default")]
    pub(super) id: String,
    pub(super) display_name: Option<String>,
    #[serde(deserialize_with = "time")]
    pub(super) last_modified_date_time: Option<Timestamp>,
    pub(super) parent_notebook: Option<Parent>,
    pub(super) parent_section_group: Option<Parent>,
}

/// What a section or a section group is in.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Parent {
    #[serde(deserialize_with = "or_default")]
    pub(super) id: String,
    pub(super) display_name: Option<String>,
}

/// A page of a listing. Its rows are read one by one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Listing {
    pub(super) value: Vec<Value>,
    #[serde(rename = "@odata.count")]
    pub(super) count: Option<usize>,
    #[serde(rename = "@odata.nextLink")]
    pub(super) next: Option<String>,
}

/// A page of a section, without its content.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Listed {
    #[serde(deserialize_with = "or_default")]
    pub(super) id: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) title: String,
    #[serde(deserialize_with = "time")]
    created_date_time: Option<Timestamp>,
    #[serde(deserialize_with = "time")]
    last_modified_date_time: Option<Timestamp>,
    links: Option<Links>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Links {
    one_note_web_url: Option<Link>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Link {
    href: Option<String>,
}

impl Listed {
    /// When it was changed.
    pub(super) fn changed(&self) -> Timestamp {
        self.last_modified_date_time.or(self.created_date_time).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// When it was made.
    pub(super) fn created(&self) -> Timestamp {
        self.created_date_time.unwrap_or_else(|| self.changed())
    }

    /// Where a browser opens it.
    pub(super) fn url(&self) -> Option<String> {
        let href = self.links.as_ref()?.one_note_web_url.as_ref()?.href.clone();
        href.filter(|href| href.starts_with("https://"))
    }
}
