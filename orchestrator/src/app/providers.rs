//! Providers whose addresses are known: servers for a mail address, pages to sign in at.
//!
//! Everything here is a start, and all of it can be changed: other clouds, an organisation's own
//! registration, a server of one's own.

use std::sync::Arc;

use inlet_model::{
    Account, AccountConfig, AccountId, Auth, Endpoint, ImapConfig, MicrosoftConfig, OAuthConfig, SlackConfig,
    SourceType, Tls,
};
use url::Url;

use super::App;
use crate::{
    api::{
        ApiError,
        types::{
            AdministratorParams, AdministratorView, Authority, Provider, ProviderParams, ProviderView, SuggestParams,
            Suggested,
        },
    },
    secrets::Passing,
};

/// Where the guides to registering Inlet are.
const GUIDES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/");

/// The port the manifest of docs/connecting-slack.md names.
const SLACK_PORT: u16 = 47_113;

/// What one sign-in at Microsoft can give.
const MICROSOFT: [SourceType; 3] = [SourceType::Outlook, SourceType::Teams, SourceType::OneNote];

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
                authority: None,
                sources: vec![SourceType::Gmail],
            },
            Provider::Slack => ProviderView {
                config: AccountConfig::Slack(slack(params.authority.as_deref(), word("oauth.slack_client_id"))?),
                guide: format!("{GUIDES}connecting-slack.md"),
                authority: None,
                sources: vec![SourceType::Slack],
            },
            Provider::Microsoft => {
                let tenant = params.tenant.map(|tenant| tenant.trim().to_owned()).filter(|tenant| !tenant.is_empty());
                let usual = || word("oauth.microsoft_tenant");
                let authority = authority(params.authority.as_deref(), tenant, usual)?;
                let config = microsoft(&authority, word("oauth.microsoft_client_id"), address);
                ProviderView {
                    sources: self.readable(&config)?,
                    config: AccountConfig::Microsoft(config),
                    guide: format!("{GUIDES}connecting-microsoft.md"),
                    authority: Some(authority),
                }
            }
        })
    }

    /// What of an account at Microsoft this Inlet can open: the connectors know.
    fn readable(&self, config: &MicrosoftConfig) -> Result<Vec<SourceType>, ApiError> {
        let config = MicrosoftConfig { sources: MICROSOFT.to_vec(), ..config.clone() };
        let account = Account { id: AccountId(0), name: String::new(), config: AccountConfig::Microsoft(config) };
        let sources = (self.open)(&account, Arc::new(Passing::default()), self.queue(&account))?;
        Ok(sources.into_iter().map(|source| source.into_dyn().source_type()).collect())
    }

    /// `signin.administrator`.
    pub(crate) async fn administrator_page(&self, params: AdministratorParams) -> Result<AdministratorView, ApiError> {
        match &params.config {
            AccountConfig::Microsoft(config) => Ok(AdministratorView { url: administrator_page(config)?.to_string() }),
            _ => Err(ApiError::invalid("Only Microsoft has a page where an administrator consents for everybody.")),
        }
    }
}

/// Where an administrator consents for everybody of an organisation to what the registration of the app
/// names (<https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>).
fn administrator_page(config: &MicrosoftConfig) -> Result<Url, ApiError> {
    let oauth = &config.oauth;
    let wrong = || ApiError::invalid("The page to sign in at is no address.");
    let base = oauth.authorize_url.strip_suffix("/oauth2/v2.0/authorize").ok_or_else(wrong)?;
    // Administrators belong to an organisation, which a personal account has none of.
    let base = base.strip_suffix("/common").map_or_else(|| base.to_owned(), |host| format!("{host}/organizations"));
    let resource = Url::parse(&config.api_root).map_err(|_| wrong())?.origin().ascii_serialization();
    let query = [
        ("client_id", oauth.client_id.as_str()),
        ("scope", &format!("{resource}/.default")),
        ("redirect_uri", "http://localhost"),
    ];
    Url::parse_with_params(&format!("{base}/v2.0/adminconsent"), query).map_err(|_| wrong())
}

/// Where to sign in: a login host, with a tenant or with the usual one.
fn authority(
    given: Option<&str>,
    tenant: Option<String>,
    usual: impl FnOnce() -> String,
) -> Result<Authority, ApiError> {
    let given = given.map(|given| given.trim().trim_end_matches('/')).filter(|given| !given.is_empty());
    let given = given.unwrap_or("https://login.microsoftonline.com");
    let url = Url::parse(given).ok().filter(|url| url.has_host()).ok_or_else(|| {
        ApiError::invalid("Give the address people sign in at, such as https://login.microsoftonline.com.")
    })?;
    let named = Some(url.path().trim_matches('/').to_owned()).filter(|path| !path.is_empty());
    Ok(Authority { host: url.origin().ascii_serialization(), tenant: tenant.or(named).unwrap_or_else(usual) })
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

/// A workspace of Slack, signed in to at Slack's page by PKCE (<https://docs.slack.dev/authentication/using-pkce>).
/// Where it comes back to stands in the registration with its port.
fn slack(given: Option<&str>, client_id: String) -> Result<SlackConfig, ApiError> {
    let given = given.map(|given| given.trim().trim_end_matches('/')).filter(|given| !given.is_empty());
    let base = given.unwrap_or("https://slack.com");
    if !Url::parse(base).is_ok_and(|url| url.has_host()) {
        return Err(ApiError::invalid("Give the address people sign in at, such as https://slack.com."));
    }
    Ok(SlackConfig {
        api_root: format!("{base}/api"),
        oauth: Some(OAuthConfig {
            authorize_url: format!("{base}/oauth/v2/authorize"),
            token_url: format!("{base}/api/oauth.v2.access"),
            client_id,
            port: Some(SLACK_PORT),
            ..OAuthConfig::default()
        }),
        address: None,
        workspace: None,
    })
}

/// An account of Microsoft's at this authority.
fn microsoft(authority: &Authority, client_id: String, address: Option<String>) -> MicrosoftConfig {
    let base = format!("{}/{}", authority.host, authority.tenant);
    let host = authority.host.split_once("://").map_or("", |(_, host)| host);
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
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(given: &str) -> MicrosoftConfig {
        microsoft(&authority(Some(given), None, || "common".to_owned()).unwrap(), "app".to_owned(), None)
    }

    #[test]
    fn a_cloud_has_its_own_graph_and_a_tenant_stands_in_the_authority() {
        for (authority, token, root) in [
            ("https://login.microsoftonline.com", "/common/", "https://graph.microsoft.com/v1.0"),
            ("https://login.microsoftonline.com/contoso.com/", "/contoso.com/", "https://graph.microsoft.com/v1.0"),
            ("https://login.microsoftonline.us/x", "/x/", "https://graph.microsoft.us/v1.0"),
            ("https://login.chinacloudapi.cn", "/common/", "https://microsoftgraph.chinacloudapi.cn/v1.0"),
            ("", "/common/", "https://graph.microsoft.com/v1.0"),
        ] {
            let config = of(authority);
            assert!(config.oauth.token_url.ends_with(&format!("{token}oauth2/v2.0/token")), "{authority}");
            assert_eq!(config.api_root, root, "{authority}");
        }
        for wrong in ["login.microsoftonline.com", "contoso", "mailto:x"] {
            assert!(authority(Some(wrong), None, String::new).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_administrator_consents_to_what_the_registration_names() {
        let page = administrator_page(&of("https://login.microsoftonline.us")).unwrap();
        assert_eq!(
            page.as_str().split_once('?').unwrap().0,
            "https://login.microsoftonline.us/organizations/v2.0/adminconsent"
        );
        let asked: Vec<(String, String)> = page.query_pairs().into_owned().collect();
        assert!(asked.contains(&("scope".to_owned(), "https://graph.microsoft.us/.default".to_owned())));
        assert!(asked.contains(&("client_id".to_owned(), "app".to_owned())));
        let page = administrator_page(&of("https://login.microsoftonline.com/contoso.com")).unwrap();
        assert!(page.path().starts_with("/contoso.com/"));
    }
}
