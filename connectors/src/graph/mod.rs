//! Outlook, Teams and OneNote of one Microsoft account, through Microsoft Graph.

mod batch;
mod client;
mod outlook;
mod teams;

use std::sync::Arc;

use inlet_model::{AccountId, AnySource, MicrosoftConfig, Result, Secrets, SourceType};

use self::{client::Graph, outlook::Outlook, teams::Teams};
use crate::oauth::Tokens;

/// The sources that are switched on.
///
/// # Errors
/// [`inlet_model::SourceError::Permanent`] when an address of the account is neither HTTPS nor on this machine.
pub(crate) fn open(account: AccountId, config: &MicrosoftConfig, secrets: Arc<dyn Secrets>) -> Result<Vec<AnySource>> {
    let tokens = Arc::new(Tokens::new(account, config.oauth.clone(), scopes(config), secrets)?);
    let mut sources = Vec::new();
    for source in &config.sources {
        let graph = Graph::new(&config.api_root, tokens.clone())?;
        match source {
            SourceType::Outlook => {
                sources.push(AnySource::Mail(Arc::new(Outlook::new(graph, config.address.clone()))));
            }
            SourceType::Teams => sources.push(AnySource::Message(Arc::new(Teams::new(graph, config.channels)))),
            // OneNote is added here, as its module is written.
            _ => drop(graph),
        }
    }
    Ok(sources)
}

/// What is consented to: nothing that is not switched on.
pub(crate) fn scopes(config: &MicrosoftConfig) -> Vec<String> {
    let mut scopes = vec!["offline_access", "User.Read"];
    for source in &config.sources {
        match source {
            SourceType::Outlook => {
                scopes.extend(["Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite", "MailboxSettings.ReadWrite"])
            }
            SourceType::Teams => scopes.extend(["Chat.ReadWrite", "ChatMessage.Send"]),
            SourceType::OneNote => scopes.push("Notes.ReadWrite"),
            _ => {}
        }
    }
    if config.channels && config.sources.contains(&SourceType::Teams) {
        scopes.extend([
            "Team.ReadBasic.All",
            "Channel.ReadBasic.All",
            "ChannelMessage.Read.All",
            "ChannelMessage.Send",
        ]);
    }
    scopes.into_iter().map(str::to_owned).collect()
}
