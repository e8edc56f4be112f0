//! Who is who in a workspace.
//!
//! Messages name people by ids. Small workspaces are learnt whole; of large ones those who appear,
//! one by one. The address makes somebody the same person here and in a mail, where the token may see
//! it (`users:read.email`); else the id is the handle.

use std::collections::{HashMap, HashSet};

use inlet_model::Party;
use tokio::time::Instant;

use super::{pull::HOURS, wire::User};

/// Somebody, or an app.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Person {
    name: Option<String>,
    handle: String,
}

/// Me, as every conversation is read by.
#[derive(Clone, Debug)]
pub(super) struct Me {
    pub(super) id: String,
    /// The id I write under, where the token is an app's.
    pub(super) bot: Option<String>,
    pub(super) team: String,
}

impl Me {
    /// Whether this is me.
    pub(super) fn is(&self, user: Option<&str>, bot: Option<&str>) -> bool {
        user == Some(&self.id) || (user.is_none() && bot.is_some() && bot == self.bot.as_deref())
    }
}

/// Everybody who is known.
#[derive(Debug, Default)]
pub(super) struct People {
    known: HashMap<String, Person>,
    /// Asked for and not there.
    strangers: HashSet<String>,
    listed: Option<Instant>,
}

impl People {
    /// The list is missing, or old enough that names may have changed.
    pub(super) fn stale(&self) -> bool {
        self.listed.is_none_or(|at| at.elapsed() >= HOURS)
    }

    /// The list was read.
    pub(super) fn listed(&mut self) {
        self.listed = Some(Instant::now());
        self.strangers.clear();
    }

    /// Takes somebody in.
    pub(super) fn take(&mut self, user: User) {
        if user.id.is_empty() {
            return;
        }
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let profile = &user.profile;
        let name = given(&profile.display_name)
            .or_else(|| given(&profile.real_name))
            .or_else(|| given(&user.real_name))
            .or_else(|| given(&user.name));
        let person = Person { name, handle: given(&profile.email).unwrap_or_else(|| user.id.clone()) };
        if let Some(bot) = given(&profile.bot_id) {
            self.known.insert(bot, person.clone());
        }
        self.known.insert(user.id, person);
    }

    /// Somebody who cannot be had.
    pub(super) fn stranger(&mut self, id: &str) {
        self.strangers.insert(id.to_owned());
    }

    /// Somebody changed their name.
    pub(super) fn forget(&mut self, id: &str) {
        self.known.remove(id);
        self.strangers.remove(id);
    }

    /// Those of these who have to be asked for. Apps are named by their messages.
    pub(super) fn missing<'a>(&self, ids: impl Iterator<Item = &'a str>) -> Vec<String> {
        let unknown: HashSet<&str> = ids
            .filter(|id| id.starts_with(['U', 'W']) && !self.known.contains_key(*id) && !self.strangers.contains(*id))
            .collect();
        let mut unknown: Vec<String> = unknown.into_iter().map(str::to_owned).collect();
        unknown.sort();
        unknown
    }

    /// Somebody a message names.
    pub(super) fn party(&self, id: &str, name: Option<&str>) -> Party {
        let name = name.filter(|name| !name.trim().is_empty()).map(str::to_owned);
        match self.known.get(id) {
            Some(person) => Party { name: name.or_else(|| person.name.clone()), handle: person.handle.clone() },
            None => Party { name, handle: id.to_owned() },
        }
    }

    /// What somebody is called.
    pub(super) fn name(&self, id: &str) -> Option<&str> {
        self.known.get(id)?.name.as_deref()
    }
}
