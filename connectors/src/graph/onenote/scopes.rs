//! Notebooks, section groups and sections as a list of scopes.
//!
//! Two requests tell all of it: sections with their parents, and section groups with theirs, which may
//! lie in each other. A list is whole or it is an error: what is missing from it counts as gone.

use std::collections::HashMap;

use inlet_model::{Result, Scope, ScopeRole, SourceError, Timestamp};

use super::{
    OneNote,
    budget::Purpose,
    wire::{Entry, Listing},
};
use crate::graph::lenient::rows;

/// Entries asked for at once: the most OneNote gives (code 20129).
pub(super) const PAGE: usize = 100;
/// Sections and groups, at most; more is an answer that never ends.
const MOST: usize = 20_000;
/// Groups in groups, at most; more is a circle.
const DEEPEST: usize = 20;
/// Between the levels of a path, as people see it.
const BETWEEN: &str = " › ";

/// A section.
#[derive(Clone, Debug)]
pub(super) struct Section {
    pub(super) scope: Scope,
    /// When OneNote says it was changed: a hint that it is worth asking.
    pub(super) modified: Option<Timestamp>,
}

impl OneNote {
    /// All sections.
    pub(super) async fn sections(&self) -> Result<Vec<Section>> {
        let sections = self.all("sections").await?;
        let grouped = sections.iter().any(|section| section.parent_section_group.is_some());
        let groups = if grouped { self.all("sectionGroups").await? } else { Vec::new() };
        Ok(named(sections, &groups))
    }

    /// A whole collection. OneNote gives no link to the next page when it is told how long a page is.
    async fn all(&self, collection: &str) -> Result<Vec<Entry>> {
        let (mut all, mut seen) = (Vec::new(), 0);
        loop {
            let (top, skip) = (PAGE.to_string(), seen.to_string());
            let options = [("$top", top.as_str()), ("$skip", &skip), ("$expand", "parentNotebook,parentSectionGroup")];
            self.budget.take(Purpose::Listing)?;
            let call = self.graph.get(&["me", "onenote", collection]).query(&options);
            let page: Listing = call.send().await?.json().await?;
            let count = page.value.len();
            seen += count;
            let (read, unread) = rows::<Entry>(page.value);
            if !unread.is_empty() {
                return Err(SourceError::Transient(
                    "Microsoft gave a list of sections that cannot be read; Inlet tries again later.".to_owned(),
                ));
            }
            // Nothing can be asked of what has no id.
            all.extend(read.into_iter().filter(|entry| !entry.id.is_empty()));
            if count == 0 || (count < PAGE && page.next.is_none()) {
                return Ok(all);
            }
            if seen > MOST {
                return Err(SourceError::Permanent(
                    "There are more sections in these notebooks than OneNote can list: move some notebooks away."
                        .to_owned(),
                ));
            }
        }
    }
}

/// Sections by the path people know them by; those of one name are told apart.
pub(super) fn named(mut sections: Vec<Entry>, groups: &[Entry]) -> Vec<Section> {
    let groups: HashMap<&str, &Entry> = groups.iter().map(|group| (group.id.as_str(), group)).collect();
    sections.sort_by(|a, b| a.id.cmp(&b.id));
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut named: Vec<Section> = sections
        .into_iter()
        .map(|section| {
            let path = path(&section, &groups);
            let count = seen.entry(path.to_lowercase()).and_modify(|count| *count += 1).or_insert(1);
            let name = if *count == 1 { path } else { format!("{path} ({count})") };
            Section {
                scope: Scope { remote: section.id, name, role: ScopeRole::Notes, pulled: true, live: false },
                modified: section.last_modified_date_time,
            }
        })
        .collect();
    // What was changed last is pulled first.
    named.sort_by(|a, b| b.modified.cmp(&a.modified).then_with(|| a.scope.name.cmp(&b.scope.name)));
    named
}

fn path(section: &Entry, groups: &HashMap<&str, &Entry>) -> String {
    let mut levels = vec![section.display_name.as_deref()];
    let mut notebook = section.parent_notebook.as_ref();
    let mut above = section.parent_section_group.as_ref();
    while let Some(parent) = above.filter(|_| levels.len() < DEEPEST) {
        let group = groups.get(parent.id.as_str());
        levels.push(parent.display_name.as_deref().or_else(|| group?.display_name.as_deref()));
        notebook = notebook.or_else(|| group.and_then(|group| group.parent_notebook.as_ref()));
        above = group.and_then(|group| group.parent_section_group.as_ref());
    }
    levels.push(notebook.and_then(|notebook| notebook.display_name.as_deref()));
    let levels: Vec<&str> =
        levels.into_iter().rev().flatten().map(str::trim).filter(|level| !level.is_empty()).collect();
    levels.join(BETWEEN)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entries(value: serde_json::Value) -> Vec<Entry> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn sections_are_named_by_their_path_and_told_apart() {
        let groups = entries(json!([
            { "id": "g2", "displayName": "2026", "parentSectionGroup": { "id": "g1", "displayName": "Archive" } },
            { "id": "g1", "displayName": "Archive", "parentNotebook": { "id": "n1", "displayName": "Work" } },
        ]));
        let sections = entries(json!([
            { "id": "s1", "displayName": "Meetings", "parentNotebook": { "id": "n1", "displayName": "Work" },
              "lastModifiedDateTime": "2026-01-01T00:00:00Z" },
            { "id": "s2", "displayName": "Meetings", "parentSectionGroup": { "id": "g2", "displayName": "2026" },
              "parentNotebook": null, "lastModifiedDateTime": "2026-02-01T00:00:00Z" },
            { "id": "s3", "displayName": "meetings", "parentNotebook": { "id": "n1", "displayName": "Work" } },
        ]));
        let named: Vec<String> = named(sections, &groups).into_iter().map(|section| section.scope.name).collect();
        assert_eq!(named, ["Work › Archive › 2026 › Meetings", "Work › Meetings", "Work › meetings (2)"]);
    }

    #[test]
    fn groups_in_a_circle_have_an_end() {
        let groups = entries(
            json!([{ "id": "g", "displayName": "G", "parentSectionGroup": { "id": "g", "displayName": "G" } }]),
        );
        let sections = entries(json!([{ "id": "s", "displayName": "S", "parentSectionGroup": { "id": "g" } }]));
        assert!(named(sections, &groups)[0].scope.name.ends_with("G › S"));
    }
}
