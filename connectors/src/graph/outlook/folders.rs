//! The folders of a mailbox, by delta: once whole, then what changed, one request a round.
//!
//! Ids of folders are constant by themselves. Which of them is the inbox or the archive is asked once
//! by their well-known names, whatever language the mailbox speaks. Left out are folders that hold no
//! mail of their own (search folders), hidden ones, and the outbox, through which a mail passes in a
//! second. Not every mailbox has an archive: a folder of that name is one then, and is made when
//! something is to go there.

use std::collections::BTreeMap;

use inlet_model::{Result, Scope, ScopeRole, SourceError};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Outlook, labels};
use crate::graph::client::Collection;

/// Well-known names and the roles they play; without one it is left out.
const WELL_KNOWN: [(&str, Option<ScopeRole>); 8] = [
    ("inbox", Some(ScopeRole::Inbox)),
    ("sentitems", Some(ScopeRole::Sent)),
    ("drafts", Some(ScopeRole::Drafts)),
    ("archive", Some(ScopeRole::Archive)),
    ("junkemail", Some(ScopeRole::Junk)),
    ("deleteditems", Some(ScopeRole::Trash)),
    ("outbox", None),
    ("msgfolderroot", None),
];
/// What an archive is called in a mailbox that has none of its own.
const ARCHIVE: &str = "Archive";
/// Folders on one page.
const PAGE: &str = "odata.maxpagesize=250";

/// The well-known name of the folder of a role.
pub(super) fn well_known(role: ScopeRole) -> Option<&'static str> {
    WELL_KNOWN.iter().find(|(_, known)| *known == Some(role)).map(|(name, _)| *name)
}

/// A folder, or the part of it that changed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Row {
    id: String,
    #[serde(rename = "@removed")]
    removed: Option<Value>,
    #[serde(rename = "@odata.type")]
    kind: Option<String>,
    display_name: Option<String>,
    parent_folder_id: Option<String>,
    total_item_count: Option<u64>,
    unread_item_count: Option<u64>,
    is_hidden: Option<bool>,
}

/// The folders as they are known.
#[derive(Debug, Default)]
pub(super) struct Folders {
    all: BTreeMap<String, Row>,
    /// Ids of the well-known ones.
    roles: BTreeMap<String, Option<ScopeRole>>,
    /// Where their changes are.
    changes: Option<String>,
    categories: Vec<String>,
}

impl Folders {
    fn take(&mut self, row: Row) {
        if row.removed.is_some() {
            self.all.remove(&row.id);
            return;
        }
        let known = self.all.entry(row.id.clone()).or_default();
        known.id = row.id;
        known.kind = row.kind.or(known.kind.take());
        known.display_name = row.display_name.or(known.display_name.take());
        known.parent_folder_id = row.parent_folder_id.or(known.parent_folder_id.take());
        known.total_item_count = row.total_item_count.or(known.total_item_count);
        known.unread_item_count = row.unread_item_count.or(known.unread_item_count);
        known.is_hidden = row.is_hidden.or(known.is_hidden);
    }

    pub(super) fn role(&self, id: &str) -> Option<ScopeRole> {
        self.roles.get(id).copied().unwrap_or(Some(ScopeRole::Other))
    }

    /// Its name with those of the folders above it.
    fn path(&self, row: &Row) -> String {
        /// Exchange nests 300 deep at most.
        const DEEPEST: usize = 300;
        let mut names = Vec::new();
        let mut at = Some(row);
        while let Some(row) = at.filter(|_| names.len() < DEEPEST) {
            names.push(row.display_name.as_deref().unwrap_or("?"));
            let parent = row.parent_folder_id.as_ref().and_then(|parent| self.all.get(parent));
            at = parent.filter(|parent| self.role(&parent.id).is_some());
        }
        names.reverse();
        names.join("/")
    }

    fn shown(&self, row: &Row) -> bool {
        row.kind.as_deref().is_none_or(|kind| !kind.ends_with("mailSearchFolder")) && row.is_hidden != Some(true)
    }

    /// A folder by its path, whatever its case.
    fn at(&self, path: &str) -> Option<&Row> {
        let wanted = path.to_lowercase();
        self.all.values().find(|row| self.path(row).to_lowercase() == wanted)
    }

    /// Where Exchange knows of no archive, a folder of that name is one.
    fn find_archive(&mut self) {
        if self.roles.values().any(|role| *role == Some(ScopeRole::Archive)) {
            return;
        }
        if let Some(id) = self.at(ARCHIVE).map(|row| row.id.clone()) {
            self.roles.insert(id, Some(ScopeRole::Archive));
        }
    }

    /// As the engine wants them.
    fn scopes(&self) -> Vec<Scope> {
        let mut scopes: Vec<Scope> = self
            .all
            .values()
            .filter(|row| self.shown(row))
            .filter_map(|row| {
                let role = self.role(&row.id)?;
                Some(Scope {
                    remote: row.id.clone(),
                    name: self.path(row),
                    role,
                    pulled: true,
                    live: role == ScopeRole::Inbox,
                })
            })
            .collect();
        let rank = |role: ScopeRole| match role {
            ScopeRole::Inbox => 0,
            ScopeRole::Sent => 1,
            ScopeRole::Drafts => 2,
            ScopeRole::Archive => 3,
            ScopeRole::Junk => 5,
            ScopeRole::Trash => 6,
            _ => 4,
        };
        scopes.sort_by(|a, b| (rank(a.role), &a.name).cmp(&(rank(b.role), &b.name)));
        scopes.extend(labels::scopes(&self.categories));
        scopes
    }

    /// The number of messages in a folder, as last told.
    pub(super) fn total(&self, id: &str) -> Option<u64> {
        self.all.get(id)?.total_item_count
    }

    /// All and unread messages in a folder, as last told.
    pub(super) fn counts(&self, id: &str) -> Option<(Option<u64>, Option<u64>)> {
        self.all.get(id).map(|row| (row.total_item_count, row.unread_item_count))
    }
}

impl Outlook {
    /// Folders and labels as they are now.
    pub(super) async fn list(&self) -> Result<Vec<Scope>> {
        let mut folders = self.folders.lock().await;
        match self.refresh(&mut folders).await {
            Err(SourceError::CursorExpired) => {
                *folders = Folders::default();
                self.refresh(&mut folders).await?;
            }
            result => result?,
        }
        if folders.roles.is_empty() {
            folders.roles = self.roles().await?;
        }
        folders.find_archive();
        folders.categories = self.categories().await?;
        Ok(folders.scopes())
    }

    async fn refresh(&self, folders: &mut Folders) -> Result<()> {
        let mut call = match &folders.changes {
            Some(changes) => self.graph.link(changes)?,
            None => self.get(&["me", "mailFolders", "delta"]),
        };
        loop {
            let page: Collection<Row> = call.prefer(PAGE).send().await?.json().await?;
            for row in page.value {
                folders.take(row);
            }
            let Some(next) = page.next else {
                folders.changes = page.delta;
                return Ok(());
            };
            call = self.graph.link(&next)?;
        }
    }

    async fn roles(&self) -> Result<BTreeMap<String, Option<ScopeRole>>> {
        let ask = |(name, _): &(&str, _)| self.get(&["me", "mailFolders", name]).query(&[("$select", "id")]);
        let parts = self.graph.batch(WELL_KNOWN.iter().map(ask).collect()).await?;
        let mut roles = BTreeMap::new();
        for ((_, role), part) in WELL_KNOWN.iter().zip(parts) {
            // Not every mailbox has an archive.
            if let Some(id) = part?.as_ref().and_then(|folder| folder.get("id")).and_then(Value::as_str) {
                roles.insert(id.to_owned(), *role);
            }
        }
        Ok(roles)
    }

    /// The categories of the mailbox; none where reading them was not consented to.
    async fn categories(&self) -> Result<Vec<String>> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Category {
            display_name: String,
        }
        match self.get(&["me", "outlook", "masterCategories"]).send_if_there().await {
            Ok(Some(answer)) => {
                let list: Collection<Category> = answer.json().await?;
                Ok(list.value.into_iter().map(|category| category.display_name).collect())
            }
            Ok(None) | Err(SourceError::Permanent(_)) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// The id of the archive of a mailbox that has none of its own; it is made where it is missing.
    pub(super) async fn archive(&self) -> Result<String> {
        let id = self.named(ARCHIVE).await?;
        self.folders.lock().await.find_archive();
        Ok(id)
    }

    /// The id of the folder that a person names by its path, made level by level where it is missing.
    pub(super) async fn named(&self, path: &str) -> Result<String> {
        let mut folders = self.folders.lock().await;
        if folders.all.contains_key(path) {
            return Ok(path.to_owned());
        }
        self.refresh(&mut folders).await?;
        if folders.all.contains_key(path) {
            return Ok(path.to_owned());
        }
        let mut at: Option<String> = None;
        let mut so_far = String::new();
        for level in path.split('/') {
            if !so_far.is_empty() {
                so_far.push('/');
            }
            so_far.push_str(level);
            if let Some(known) = folders.at(&so_far) {
                at = Some(known.id.clone());
                continue;
            }
            let segments: Vec<&str> = match &at {
                Some(parent) => vec!["me", "mailFolders", parent, "childFolders"],
                None => vec!["me", "mailFolders"],
            };
            let call = self.call(Method::POST, &segments).json(&json!({ "displayName": level }))?;
            let mut made: Row = call.send().await?.json().await?;
            // At the top its parent is the root, which is no part of a name.
            made.parent_folder_id = at;
            at = Some(made.id.clone());
            folders.take(made);
        }
        at.ok_or_else(|| SourceError::Permanent("Give the folder a name.".to_owned()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use std::collections::BTreeSet;

    use inlet_testkit::graph::{Shown, examples};

    use super::*;

    /// What Graph says of a folder and no folder is made of here, each with the reason.
    const LEFT_OUT: &[(&str, &str)] = &[
        ("childFolderCount", "they come in the same list"),
        ("filterQuery", "search folders are left out"),
        ("includeNestedFolders", "search folders are left out"),
        ("isSupported", "search folders are left out"),
        ("sourceFolderIds", "search folders are left out"),
    ];

    #[test]
    fn documented_folders_lose_nothing() {
        let files = ["mailfolder-get", "mailfolder-delta", "mailfolder-list-childfolders", "user-list-mailfolders"];
        let Some(all) = examples("documented_folders_lose_nothing") else { return };
        let (mut kept, mut told) = (BTreeSet::new(), BTreeSet::new());
        for example in all.into_iter().filter(|example| files.contains(&example.name.as_str())) {
            for shown in example.shown {
                let Shown::Answer { body, .. } = shown else { continue };
                let Ok(body) = serde_json::from_str::<Value>(&body) else { continue };
                for json in body.get("value").and_then(Value::as_array).cloned().unwrap_or_else(|| vec![body]) {
                    let name = &example.name;
                    let row = Row::deserialize(&json).unwrap_or_else(|error| panic!("{name}: {error}"));
                    told.extend(json.as_object().unwrap().keys().filter(|key| *key != "value").cloned());
                    let mut same = |name: &'static str, there: bool| {
                        assert!(there || json.get(name).is_none(), "{name} of {json} is not in {row:?}");
                        if json.get(name).is_some() {
                            kept.insert(name);
                        }
                    };
                    let text = |name: &str| json[name].as_str();
                    same("id", text("id") == Some(&row.id));
                    same("@odata.type", text("@odata.type") == row.kind.as_deref());
                    same("displayName", text("displayName") == row.display_name.as_deref());
                    same("parentFolderId", text("parentFolderId") == row.parent_folder_id.as_deref());
                    same("totalItemCount", json["totalItemCount"].as_u64() == row.total_item_count);
                    same("unreadItemCount", json["unreadItemCount"].as_u64() == row.unread_item_count);
                    same("isHidden", json["isHidden"].as_bool() == row.is_hidden);
                    let search = text("@odata.type").is_some_and(|kind| kind.contains("SearchFolder"));
                    assert_eq!(
                        Folders::default().shown(&row),
                        !search && row.is_hidden != Some(true),
                        "{name}: {json}"
                    );
                }
            }
        }
        for name in &told {
            let left_out = LEFT_OUT.iter().any(|(left, _)| left == name);
            assert!(kept.contains(name.as_str()) != left_out, "{name} is either kept or left out for a reason");
        }
        assert!(kept.len() >= 6, "{kept:?}");
    }
}
