//! Signing in at a provider's own page, from a terminal.
//!
//! The page's address is printed, and opened where somebody sits at a terminal. What is printed about
//! it goes to standard error, so that the one document on standard output stays the account.

use std::io::IsTerminal;

use inlet_model::{AccountConfig, AccountId, Prompt, SourceType};
use inlet_orchestrator::{
    App,
    api::{
        ApiError, ErrorCode,
        types::{AccountView, ProviderView, SignInView, SignedIn},
    },
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::{
    accounts::{Connected, exit_of, failed, line_from_stdin, steps, switched, variable},
    args::{App as Registered, Google, Microsoft, Slack, SourceWord, SwitchOn},
    print::Out,
    run::{Exit, Failure, ask},
};

/// `accounts add google`.
pub(crate) async fn google(app: &App, out: Out, flags: &Google) -> Result<Exit, Failure> {
    let params = json!({ "provider": "google", "address": flags.address });
    let view: ProviderView = ask(app, "accounts.provider", params).await?;
    let AccountConfig::Imap(mut config) = view.config else { return Err(unexpected()) };
    let Some(oauth) = &mut config.oauth else { return Err(unexpected()) };
    if let Some(authority) = &flags.app.authority {
        oauth.authorize_url.clone_from(authority);
    }
    registered(oauth, &flags.app, &view.guide)?;
    // A server that was named does not come with Google's for sending.
    if let Some(imap) = &flags.imap {
        config.imap = imap.clone();
        config.smtp = None;
    }
    if flags.smtp.is_some() {
        config.smtp.clone_from(&flags.smtp);
    }
    config.tls = flags.link.tls.into();
    config.ca = flags.link.ca.as_deref().map(std::path::absolute).transpose()?;
    let params = json!({ "config": AccountConfig::Imap(config), "name": flags.name });
    sign_in(app, out, params, &flags.app).await
}

/// `accounts add microsoft`.
pub(crate) async fn microsoft(app: &App, out: Out, flags: &Microsoft) -> Result<Exit, Failure> {
    let config = graph(app, flags).await?;
    sign_in(app, out, json!({ "config": config, "name": flags.name }), &flags.app).await
}

/// `accounts add slack --sign-in`.
pub(crate) async fn slack(app: &App, out: Out, flags: &Slack) -> Result<Exit, Failure> {
    let params = json!({ "provider": "slack", "authority": flags.authority });
    let view: ProviderView = ask(app, "accounts.provider", params).await?;
    let AccountConfig::Slack(mut config) = view.config else { return Err(unexpected()) };
    let Some(oauth) = &mut config.oauth else { return Err(unexpected()) };
    let registration = Registered { client_id: flags.client_id.clone(), ..Registered::default() };
    registered(oauth, &registration, &view.guide)?;
    oauth.port = flags.port.or(oauth.port);
    if let Some(root) = &flags.api_root {
        config.api_root.clone_from(root);
    }
    let params = json!({ "config": AccountConfig::Slack(config), "name": flags.name });
    sign_in(app, out, params, &registration).await
}

/// `accounts import-env`, for what the environment says of Microsoft.
pub(crate) async fn from_environment(app: &App, out: Out) -> Result<Connected, Failure> {
    let wanted = [("ENABLE_OUTLOOK", true), ("ENABLE_TEAMS", false), ("ENABLE_ONENOTE", false)]
        .into_iter()
        .zip([SourceWord::Outlook, SourceWord::Teams, SourceWord::OneNote])
        .filter(|((name, usual), _)| switched(name, *usual));
    let sources = wanted.map(|(_, source)| source).collect();
    let flags = Microsoft { app: Registered::default(), api_root: None, sources, channels: false, name: None };
    // Client id and tenant are settings, which the environment has set.
    let config = graph(app, &flags).await?;
    let params = json!({ "config": config, "client_secret": variable("MS_CLIENT_SECRET") });
    signed_in(app, out, params, &flags.app).await
}

async fn graph(app: &App, flags: &Microsoft) -> Result<AccountConfig, Failure> {
    let params = json!({ "provider": "microsoft", "authority": flags.app.authority });
    let view: ProviderView = ask(app, "accounts.provider", params).await?;
    let AccountConfig::Microsoft(mut config) = view.config else { return Err(unexpected()) };
    registered(&mut config.oauth, &flags.app, &view.guide)?;
    if let Some(root) = &flags.api_root {
        config.api_root.clone_from(root);
    }
    config.sources = flags.sources.iter().map(|source| (*source).into()).collect();
    config.channels = flags.channels;
    Ok(AccountConfig::Microsoft(config))
}

/// `accounts sign-in`.
pub(crate) async fn again(app: &App, out: Out, id: AccountId, flags: &Registered) -> Result<Exit, Failure> {
    let config = changed(app, id, flags).await?;
    sign_in(app, out, json!({ "id": id, "config": config }), flags).await
}

/// `accounts switch-on`.
pub(crate) async fn switch_on(app: &App, out: Out, on: &SwitchOn) -> Result<Exit, Failure> {
    let AccountConfig::Microsoft(mut config) = changed(app, on.id, &on.app).await? else {
        return Err(ApiError::invalid("This account has one source only, which is on.").into());
    };
    let source = SourceType::from(on.source);
    if !config.sources.contains(&source) {
        config.sources.push(source);
    }
    config.channels |= on.channels;
    sign_in(app, out, json!({ "id": on.id, "config": AccountConfig::Microsoft(config) }), &on.app).await
}

/// The settings of an account, with what the flags say about the provider and the app.
async fn changed(app: &App, id: AccountId, flags: &Registered) -> Result<AccountConfig, Failure> {
    let views: Vec<AccountView> = ask(app, "accounts.list", json!({})).await?;
    let view = views.into_iter().find(|view| view.id == id);
    let mut config = view.ok_or_else(|| ApiError::not_found(format!("The account {id}")))?.config;
    let oauth = match &mut config {
        AccountConfig::Microsoft(config) => {
            if let Some(authority) = &flags.authority {
                let params = json!({ "provider": "microsoft", "authority": authority });
                let view: ProviderView = ask(app, "accounts.provider", params).await?;
                let AccountConfig::Microsoft(there) = view.config else { return Err(unexpected()) };
                config.oauth.authorize_url = there.oauth.authorize_url;
                config.oauth.token_url = there.oauth.token_url;
                config.oauth.device_url = there.oauth.device_url;
            }
            Some(&mut config.oauth)
        }
        AccountConfig::Imap(config) => {
            if let (Some(oauth), Some(authority)) = (&mut config.oauth, &flags.authority) {
                oauth.authorize_url.clone_from(authority);
            }
            config.oauth.as_mut()
        }
        AccountConfig::Slack(config) => config.oauth.as_mut(),
        AccountConfig::WhatsApp(_)
        | AccountConfig::Hook(_)
        | AccountConfig::Channel(_)
        | AccountConfig::Files(_)
        | AccountConfig::Demo(_) => None,
    };
    if let Some(oauth) = oauth {
        take_over(oauth, flags);
    }
    Ok(config)
}

/// Takes over what was said about the app that is registered.
fn take_over(oauth: &mut inlet_model::OAuthConfig, flags: &Registered) {
    if let Some(id) = &flags.client_id {
        oauth.client_id.clone_from(id);
    }
    if let Some(url) = &flags.token_url {
        oauth.token_url.clone_from(url);
    }
    if flags.device_url.is_some() {
        oauth.device_url.clone_from(&flags.device_url);
    }
}

/// Takes over what was said, and wants a registration.
fn registered(oauth: &mut inlet_model::OAuthConfig, flags: &Registered, guide: &str) -> Result<(), Failure> {
    take_over(oauth, flags);
    if oauth.client_id.is_empty() {
        return Err(ApiError::invalid(format!(
            "Inlet comes without a registration at this provider: make one as {guide} says, and give its id with \
             --client-id."
        ))
        .into());
    }
    Ok(())
}

async fn sign_in(app: &App, out: Out, params: Value, flags: &Registered) -> Result<Exit, Failure> {
    Ok(signed_in(app, out, params, flags).await?.told(out))
}

async fn signed_in(app: &App, out: Out, mut params: Value, flags: &Registered) -> Result<Connected, Failure> {
    if let Some(params) = params.as_object_mut() {
        if flags.client_secret_stdin {
            let secret: SecretString = line_from_stdin()?;
            params.insert("client_secret".into(), secret.expose_secret().into());
        }
        params.insert("device".into(), flags.device_code.into());
    }
    let begun: SignInView = ask(app, "signin.begin", params).await?;
    show(&begun.prompt, out.json);
    let done: SignedIn = ask(app, "signin.wait", json!({ "ticket": begun.ticket })).await?;
    let Some(view) = done.account else { return Err(failed(out, &done.check)) };
    let text = format!("{}{} is connected as {}.", steps(&done.check), view.name, view.id);
    Ok(Connected { view, text, exit: if done.check.ok { Exit::Done } else { exit_of(&done.check) } })
}

fn show(prompt: &Prompt, as_json: bool) {
    if as_json {
        eprintln!("{}", json!({ "sign_in": prompt }));
        return;
    }
    match prompt {
        Prompt::Browser { url } => {
            eprintln!("Sign in on this page; Inlet goes on when you have:\n\n  {url}\n");
            // Where there is no browser, the line above is what counts.
            if std::io::stderr().is_terminal() {
                let _ = open::that_detached(url);
            }
        }
        Prompt::Device { url, code, minutes, .. } => {
            eprintln!("On any device, open {url} and type {code} within {minutes} minutes; Inlet waits.");
        }
    }
}

fn unexpected() -> Failure {
    ApiError::new(ErrorCode::Failed, "The engine has no settings for this provider.").into()
}
