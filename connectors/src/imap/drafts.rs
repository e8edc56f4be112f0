//! Drafts on the server: each version is a mail of its own, and takes the place of the one before.
//!
//! IMAP has no change of a message, so a version is appended and the old one expunged, in this order.
//! A version has a Message-ID of its own, not one for the draft: then what is on the server says how far
//! an attempt came, and what another program has put there under the old id is not ours to remove.

use inlet_model::{Draft, OpKey, RemoteId, Result, ScopeRole, Target};

use super::{
    ImapSource, compose,
    folders::Folders,
    ops::{destination, find, remote_id, remove},
    session::Session,
};

impl ImapSource {
    /// The new version first, and then the old one away: a connection lost between the two leaves one
    /// draft too many, never one too few, and the next attempt finds the new one by its Message-ID.
    pub(super) async fn save_draft(
        &self,
        session: &mut Session,
        folders: &Folders,
        key: &OpKey,
        draft: &Draft,
    ) -> Result<Option<RemoteId>> {
        let drafts = destination(folders, "", ScopeRole::Drafts);
        let there = match folders.of_role(ScopeRole::Drafts) {
            Some(_) => find_in(session, &drafts, key).await?,
            None => None,
        };
        let made = match there {
            Some(id) => Some(id),
            None => {
                let raw = compose::draft(&self.config, key, &draft.message)?;
                let id = self.append(session, &drafts, "\\Draft \\Seen", &raw, "keep the draft").await?;
                match id {
                    Some(id) => Some(id),
                    // Without UIDPLUS nobody tells the number of the new one.
                    None => find_in(session, &drafts, key).await?,
                }
            }
        };
        if let Some(old) = &draft.replaces {
            drop(session, folders, std::slice::from_ref(old)).await?;
        }
        Ok(made)
    }
}

/// Takes drafts away; those without a mailbox are in the one for drafts.
pub(super) async fn drop(session: &mut Session, folders: &Folders, targets: &[Target]) -> Result<()> {
    let drafts = folders.of_role(ScopeRole::Drafts).map(|folder| folder.remote.clone());
    let scope = |target: &Target| if target.scope.is_empty() { drafts.clone() } else { Some(target.scope.clone()) };
    let placed = |target: &Target| Some(Target { scope: scope(target)?, ..target.clone() });
    remove(session, folders, &targets.iter().filter_map(placed).collect::<Vec<_>>()).await
}

/// The message with this key in a mailbox.
async fn find_in(session: &mut Session, mailbox: &str, key: &OpKey) -> Result<Option<RemoteId>> {
    session.select(mailbox, false, None).await?;
    Ok(find(session, &key.0).await?.pop().map(|uid| remote_id(session, uid)))
}
