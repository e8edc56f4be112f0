//! Who is who in a chat.
//!
//! A message names its author by an id and a display name, a member by id, name and address. The
//! address is what makes somebody the same person in a chat and in a mail, so it is looked up among
//! the members wherever there is one.

use std::sync::Arc;

use inlet_model::Party;

use super::wire::{Member, User};

/// Me, as every chat is read by.
#[derive(Clone, Debug)]
pub(super) struct Me {
    pub(super) id: String,
    pub(super) party: Party,
}

impl Me {
    /// Graph's `user` of this account.
    pub(super) fn new(user: User) -> Self {
        let address = user.mail.or(user.user_principal_name);
        let handle = address.filter(|address| !address.is_empty()).unwrap_or_else(|| user.id.clone());
        Self { party: Party { name: user.display_name, handle }, id: user.id }
    }

    /// Microsoft 365 names people by a GUID; personal accounts have sixteen hexadecimal digits.
    pub(super) fn is_personal(&self) -> bool {
        self.id.len() == 16 && self.id.bytes().all(|byte| byte.is_ascii_hexdigit())
    }
}

/// Me and the other members of a chat. Most are of two: who I am is held once, and a list of few is searched as fast as a
/// table.
#[derive(Clone, Debug)]
pub(super) struct People {
    me: Arc<Me>,
    /// By their ids, in the order of those.
    others: Box<[(Box<str>, Party)]>,
}

impl People {
    /// Members as a chat lists them.
    pub(super) fn new(members: &[Member], me: &Arc<Me>) -> Self {
        let others = members.iter().filter_map(|member| {
            let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
            // Guests by telephone have a name and nothing else.
            let id = given(&member.user_id).or_else(|| given(&member.display_name))?;
            let handle = given(&member.email).unwrap_or_else(|| id.clone());
            (id != me.id).then(|| (id.into_boxed_str(), Party { name: given(&member.display_name), handle }))
        });
        let mut others: Vec<_> = others.collect();
        others.sort_by(|(a, _), (b, _)| a.cmp(b));
        others.dedup_by(|(a, _), (b, _)| a == b);
        Self { me: me.clone(), others: others.into() }
    }

    /// The others in the order of their names.
    pub(super) fn others(&self) -> Vec<Party> {
        let mut list: Vec<Party> = self.others.iter().map(|(_, party)| party.clone()).collect();
        list.sort_by(|a, b| a.label().cmp(b.label()).then_with(|| a.handle.cmp(&b.handle)));
        list
    }

    /// This is me.
    pub(super) fn is_me(&self, id: Option<&str>) -> bool {
        id == Some(&self.me.id)
    }

    /// Somebody a message names.
    pub(super) fn party(&self, id: Option<&str>, name: Option<&str>) -> Party {
        let name = name.filter(|name| !name.trim().is_empty()).map(str::to_owned);
        if self.is_me(id) {
            return self.me.party.clone();
        }
        let known = |id: &str| self.others.binary_search_by(|(known, _)| known.as_ref().cmp(id)).ok();
        match id.and_then(known).and_then(|at| self.others.get(at)) {
            Some((_, member)) => Party { name: name.or_else(|| member.name.clone()), handle: member.handle.clone() },
            None => Party { handle: id.or(name.as_deref()).unwrap_or("teams").to_owned(), name },
        }
    }

    /// The name of somebody, where only an id may be given.
    pub(super) fn name(&self, id: Option<&str>, name: Option<&str>) -> String {
        self.party(id, name).name.unwrap_or_else(|| "Somebody".to_owned())
    }
}
