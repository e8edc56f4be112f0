//! Providers whose addresses are known: servers for a mail address, pages to sign in at.
//!
//! Everything here is a start, and all of it can be changed: other clouds, an organisation's own
//! registration, a server of one's own.

use inlet_model::{AccountConfig, Auth, Endpoint, ImapConfig, MicrosoftConfig, OAuthConfig, SourceType, Tls};

use super::App;
use crate::api::{
    ApiError,
    types::{Provider, ProviderParams, ProviderView, SuggestParams, Suggested},
};

/// Where the guides to registering Inlet are.
const GUIDES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/");

/// Microsoft's clouds: host of the sign-in, root of Graph
/// (<https://learn.microsoft.com/graph/deployments>). GCC is in the first. DoD signs in where GCC High
/// does, so its root has to be named.
const CLOUDS: &[(&str, &str)] = &[
    ("login.microsoftonline.com", "https://graph.microsoft.com/v1.0"),
    ("login.microsoftonline.us", "https://graph.microsoft.us/v1.0"),
    ("login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn/v1.0"),
];

impl App {
    /// `accounts.suggest`.
    pub(crate) async fn suggest_account(&self, params: SuggestParams) -> Result<Suggested, ApiError> {
        suggest(params.address.trim())
    }

    /// `accounts.provider`.
    pub(crate) async fn provider(&self, params: ProviderParams) -> Result<ProviderView, ApiError> {
        let word = |key: &str| self.config.lock().word(key);
        let address = params.address.map(|address| address.trim().to_owned()).filter(|address| !address.is_empty());
        Ok(match params.provider {
            Provider::Google => ProviderView {
                config: AccountConfig::Imap(google(address.unwrap_or_default(), word("oauth.google_client_id"))),
                guide: format!("{GUIDES}connecting-google.md"),
            },
            Provider::Microsoft => {
                let authority = params.authority.unwrap_or_else(|| "https://login.microsoftonline.com".to_owned());
                let (tenant, client_id) = (word("oauth.microsoft_tenant"), word("oauth.microsoft_client_id"));
                ProviderView {
                    config: AccountConfig::Microsoft(microsoft(&authority, &tenant, client_id, address)),
                    guide: format!("{GUIDES}connecting-microsoft.md"),
                }
            }
        })
    }
}

/// Gmail, signed in to at Google's page
/// (<https://developers.google.com/workspace/gmail/imap/xoauth2-protocol>). Google has no codes for other
/// devices that may read mail.
fn google(address: String, client_id: String) -> ImapConfig {
    ImapConfig {
        auth: Auth::Xoauth2,
        oauth: Some(OAuthConfig {
            authorize_url: "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
            token_url: "https://oauth2.googleapis.com/token".to_owned(),
            client_id,
            scopes: vec!["https://mail.google.com/".to_owned()],
            ..OAuthConfig::default()
        }),
        ..mailbox(address, "imap.gmail.com".to_owned(), "smtp.gmail.com".to_owned(), 465)
    }
}

/// An account of Microsoft's at this authority: a login host, or one with a tenant behind it.
fn microsoft(authority: &str, tenant: &str, client_id: String, address: Option<String>) -> MicrosoftConfig {
    let authority = authority.trim().trim_end_matches('/');
    let host = authority.split_once("://").map_or(authority, |(_, rest)| rest);
    let (host, has_tenant) = host.split_once('/').map_or((host, false), |(host, _)| (host, true));
    let base = if has_tenant { authority.to_owned() } else { format!("{authority}/{tenant}") };
    let root = CLOUDS.iter().find(|(login, _)| *login == host).or(CLOUDS.first()).map_or("", |(_, root)| root);
    MicrosoftConfig {
        oauth: OAuthConfig {
            authorize_url: format!("{base}/oauth2/v2.0/authorize"),
            token_url: format!("{base}/oauth2/v2.0/token"),
            device_url: Some(format!("{base}/oauth2/v2.0/devicecode")),
            client_id,
            ..OAuthConfig::default()
        },
        api_root: root.to_owned(),
        address,
        sources: vec![SourceType::Outlook],
        channels: false,
    }
}

fn mailbox(address: String, imap: String, smtp: String, port: u16) -> ImapConfig {
    ImapConfig {
        address,
        display_name: None,
        user: None,
        imap: Endpoint { host: imap, port: 993 },
        smtp: Some(Endpoint { host: smtp, port }),
        tls: Tls::Implicit,
        auth: Auth::Password,
        oauth: None,
        ca: None,
    }
}

/// A provider whose servers are known: domains, IMAP, SMTP, name, advice, help.
type Known = (&'static [&'static str], &'static str, (&'static str, u16), &'static str, &'static str, &'static str);

const PROVIDERS: &[Known] = &[
    (
        &["gmail.com", "googlemail.com"],
        "imap.gmail.com",
        ("smtp.gmail.com", 465),
        "Gmail",
        "Gmail wants an app password here, not your own: turn on 2-Step Verification, then make one at the page below.",
        "https://myaccount.google.com/apppasswords",
    ),
    (
        &["icloud.com", "me.com", "mac.com"],
        "imap.mail.me.com",
        ("smtp.mail.me.com", 587),
        "iCloud",
        "iCloud wants an app-specific password here: make one at the page below.",
        "https://account.apple.com",
    ),
    (
        &["yahoo.com", "yahoo.de", "yahoo.co.uk", "yahoo.fr", "ymail.com"],
        "imap.mail.yahoo.com",
        ("smtp.mail.yahoo.com", 465),
        "Yahoo",
        "Yahoo wants an app password here: make one in your account's security settings.",
        "https://login.yahoo.com/account/security",
    ),
    (
        &["fastmail.com", "fastmail.fm"],
        "imap.fastmail.com",
        ("smtp.fastmail.com", 465),
        "Fastmail",
        "Fastmail wants an app password here: make one in its settings, under Privacy & Security.",
        "https://app.fastmail.com/settings/security/devicekeys",
    ),
    (
        &["outlook.com", "hotmail.com", "live.com", "msn.com"],
        "outlook.office365.com",
        ("smtp-mail.outlook.com", 587),
        "Outlook",
        "Microsoft no longer takes passwords here: it needs an access token (XOAUTH2).",
        "https://support.microsoft.com/office/pop-imap-and-smtp-settings-8361e398-8af4-4e97-b147-6c6c4ac95353",
    ),
    (
        &["gmx.de", "gmx.net", "gmx.at", "gmx.ch"],
        "imap.gmx.net",
        ("mail.gmx.net", 465),
        "GMX",
        "Switch on IMAP in GMX's settings first.",
        "https://hilfe.gmx.net/pop-imap/",
    ),
    (
        &["web.de"],
        "imap.web.de",
        ("smtp.web.de", 587),
        "WEB.DE",
        "Switch on IMAP in WEB.DE's settings first.",
        "https://hilfe.web.de/pop-imap/",
    ),
];

/// Settings for an address: a known provider's, else the names most servers answer to.
fn suggest(address: &str) -> Result<Suggested, ApiError> {
    let (_, domain) = address
        .rsplit_once('@')
        .filter(|(local, domain)| !local.is_empty() && !domain.is_empty() && !address.contains(char::is_whitespace))
        .ok_or_else(|| ApiError::invalid("Give the whole mail address, such as name@example.org."))?;
    let domain = domain.to_lowercase();
    let config = |imap: String, smtp: String, port| mailbox(address.to_owned(), imap, smtp, port);
    Ok(match PROVIDERS.iter().find(|provider| provider.0.contains(&domain.as_str())) {
        Some((_, imap, (smtp, port), name, advice, help)) => Suggested {
            config: config((*imap).into(), (*smtp).into(), *port),
            provider: Some((*name).into()),
            advice: Some((*advice).into()),
            help_url: Some((*help).into()),
        },
        None => Suggested {
            config: config(format!("imap.{domain}"), format!("smtp.{domain}"), 465),
            provider: None,
            advice: None,
            help_url: None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(authority: &str) -> MicrosoftConfig {
        microsoft(authority, "common", "app".to_owned(), None)
    }

    #[test]
    fn a_cloud_has_its_own_graph_and_a_tenant_stands_in_the_authority() {
        for (authority, token, root) in [
            ("https://login.microsoftonline.com", "/common/", "https://graph.microsoft.com/v1.0"),
            ("https://login.microsoftonline.com/contoso.com/", "/contoso.com/", "https://graph.microsoft.com/v1.0"),
            ("https://login.microsoftonline.us/x", "/x/", "https://graph.microsoft.us/v1.0"),
            ("https://login.chinacloudapi.cn", "/common/", "https://microsoftgraph.chinacloudapi.cn/v1.0"),
        ] {
            let config = of(authority);
            assert!(config.oauth.token_url.ends_with(&format!("{token}oauth2/v2.0/token")), "{authority}");
            assert_eq!(config.api_root, root, "{authority}");
        }
    }
}
