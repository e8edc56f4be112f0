//! Outlook, Teams and OneNote of one Microsoft account, through Microsoft Graph.

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
mod accounting_tests;
mod batch;
mod client;
mod lenient;
mod onenote;
mod outlook;
mod teams;

use std::sync::Arc;

use inlet_model::{AccountId, AnySource, MicrosoftConfig, Result, Secrets, SourceType};

use self::{client::Graph, onenote::OneNote, outlook::Outlook, teams::Teams};
use crate::oauth::Tokens;

/// The sources that are switched on.
///
/// # Errors
/// [`inlet_model::SourceError::Permanent`] when an address of the account is neither HTTPS nor on this machine.
pub(crate) fn open(account: AccountId, config: &MicrosoftConfig, secrets: Arc<dyn Secrets>) -> Result<Vec<AnySource>> {
    let tokens = Arc::new(Tokens::new(account, config.oauth.clone(), scopes(config), secrets)?);
    let mut sources = Vec::new();
    for source in &config.sources {
        let graph = || Graph::new(&config.api_root, tokens.clone());
        match source {
            SourceType::Outlook => {
                sources.push(AnySource::Mail(Arc::new(Outlook::new(graph()?, config.address.clone()))));
            }
            SourceType::Teams => sources.push(AnySource::Message(Arc::new(Teams::new(graph()?, config.channels)))),
            SourceType::OneNote => sources.push(AnySource::Note(Arc::new(OneNote::new(graph()?)))),
            // A newer Inlet may have switched on what this one cannot read.
            _ => {}
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
    scopes.into_iter().map(|scope| qualified(scope, &config.api_root)).collect()
}

/// A scope without an address means the worldwide Graph; that of another cloud is named in full
/// (<https://learn.microsoft.com/entra/msal/national-cloud>).
fn qualified(scope: &str, api_root: &str) -> String {
    const CLOUDS: [&str; 3] =
        ["https://graph.microsoft.us", "https://dod-graph.microsoft.us", "https://microsoftgraph.chinacloudapi.cn"];
    match CLOUDS.iter().find(|cloud| api_root.starts_with(**cloud)) {
        Some(cloud) if scope != "offline_access" => format!("{cloud}/{scope}"),
        _ => scope.to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn scopes_of_another_cloud_name_it_and_that_of_tokens_names_none() {
        for (root, before) in [
            ("https://graph.microsoft.com/v1.0", ""),
            ("https://graph.microsoft.us/v1.0", "https://graph.microsoft.us/"),
            ("https://dod-graph.microsoft.us/v1.0", "https://dod-graph.microsoft.us/"),
            ("https://microsoftgraph.chinacloudapi.cn/v1.0", "https://microsoftgraph.chinacloudapi.cn/"),
        ] {
            let config = MicrosoftConfig {
                oauth: inlet_model::OAuthConfig::default(),
                api_root: root.to_owned(),
                address: None,
                sources: vec![SourceType::OneNote],
                channels: false,
            };
            let named = |scope: &str| format!("{before}{scope}");
            assert_eq!(scopes(&config), ["offline_access".to_owned(), named("User.Read"), named("Notes.ReadWrite")]);
        }
    }
}
