//! Connecting, testing and removing accounts from a terminal.

use std::io::{BufRead, IsTerminal};

use inlet_model::{HookConfig, ImapConfig, Service, SourceType, Tls};
use inlet_orchestrator::{
    App,
    api::{
        ApiError, ErrorCode,
        types::{AccountView, CheckView, Suggested},
    },
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::{
    args::{Accounts, Add, Hook, Imap, Slack},
    channels,
    print::{self, Out},
    relay,
    run::{Exit, Failure, ask},
    signin, whatsapp,
};

pub(crate) async fn run(app: &App, out: Out, command: &Accounts) -> Result<Exit, Failure> {
    match command {
        Accounts::Add(Add::Imap(imap)) => {
            let config = config(app, imap).await?;
            let password = password(imap.password_stdin, &config.address)?;
            return Ok(add(app, out, config, password, imap.name.clone()).await?.told(out));
        }
        Accounts::Add(Add::Google(google)) => return signin::google(app, out, google).await,
        Accounts::Add(Add::Microsoft(microsoft)) => return signin::microsoft(app, out, microsoft).await,
        Accounts::Add(Add::Slack(slack)) => return add_slack(app, out, slack).await,
        Accounts::Add(Add::Whatsapp(number)) => return whatsapp::add(app, out, number).await,
        Accounts::Add(Add::Github(hook)) => return add_hook(app, out, Service::GitHub, hook).await,
        Accounts::Add(Add::Jira(hook)) => return add_hook(app, out, Service::Jira, hook).await,
        Accounts::Add(Add::SlackWebhook { url_stdin, common }) => {
            return channels::slack(app, out, common, *url_stdin).await;
        }
        Accounts::Add(Add::Telegram(telegram)) => return channels::telegram(app, out, telegram).await,
        Accounts::Add(Add::Webhook(webhook)) => return channels::webhook(app, out, webhook).await,
        Accounts::Add(Add::Smtp(smtp)) => return channels::smtp(app, out, smtp).await,
        Accounts::Log { id, limit } => channels::log(app, out, *id, *limit).await?,
        Accounts::Templates { id } => whatsapp::templates(app, out, *id).await?,
        Accounts::SignIn { id, app: flags } => return signin::again(app, out, *id, flags).await,
        Accounts::List => {
            let views: Vec<AccountView> = ask(app, "accounts.list", json!({})).await?;
            out.value(&json!({ "accounts": views }), || list(&views));
        }
        Accounts::Check { id } => {
            let check: CheckView = ask(app, "accounts.check", json!({ "id": id })).await?;
            out.value(&check, || steps(&check));
            return Ok(if check.ok { Exit::Done } else { exit_of(&check) });
        }
        Accounts::Pause { id } => {
            let view: AccountView = ask(app, "accounts.pause", json!({ "id": id })).await?;
            out.done(&view, || format!("{} is paused.", view.name));
        }
        Accounts::Resume { id } => {
            let view: AccountView = ask(app, "accounts.resume", json!({ "id": id })).await?;
            out.done(&view, || format!("{} goes on.", view.name));
        }
        Accounts::Remove { id, yes } => {
            if !yes && !confirmed("Remove this account and everything of it from this computer? [y/N] ")? {
                return Err(ApiError::new(ErrorCode::Refused, "Nothing was removed; add --yes to go ahead.").into());
            }
            let value: Value = ask(app, "accounts.remove", json!({ "id": id })).await?;
            out.done(&value, || "Removed from this computer; the server keeps its copy.".into());
        }
        Accounts::SwitchOn(on) => return signin::switch_on(app, out, on).await,
        Accounts::SwitchOff { id, source, keep, channels, yes } => {
            let question = "Remove everything this source has brought from this computer? [y/N] ";
            if !keep && !yes && !confirmed(question)? {
                let refusal =
                    "Nothing was switched off; add --keep to keep what it has brought, or --yes to remove it.";
                return Err(ApiError::new(ErrorCode::Refused, refusal).into());
            }
            let source = SourceType::from(*source);
            let params = json!({ "id": id, "source": source, "keep": keep, "channels": channels });
            let view: AccountView = ask(app, "accounts.switch_off", params).await?;
            out.done(&view, || match channels {
                true => format!("The channels of {} are switched off.", view.name),
                false => format!("{} of {} is switched off.", source.as_str(), view.name),
            });
        }
        Accounts::Relay(relayed) => return relay::account(app, out, relayed).await,
        Accounts::ImportEnv => return import_env(app, out).await,
    }
    Ok(Exit::Done)
}

/// An account that was connected, and what there is to say about it.
pub(crate) struct Connected {
    pub(crate) view: AccountView,
    pub(crate) text: String,
    pub(crate) exit: Exit,
}

impl Connected {
    pub(crate) fn told(self, out: Out) -> Exit {
        out.value(&self.view, || self.text.clone());
        self.exit
    }
}

async fn config(app: &App, imap: &Imap) -> Result<ImapConfig, Failure> {
    let suggested: Suggested = ask(app, "accounts.suggest", json!({ "address": imap.address })).await?;
    Ok(ImapConfig {
        user: imap.user.clone(),
        tls: imap.link.tls.into(),
        auth: imap.auth.into(),
        ca: imap.link.ca.as_deref().map(std::path::absolute).transpose()?,
        // A server that was named does not come with the guessed one's submission server.
        smtp: match (&imap.smtp, &imap.imap) {
            (Some(smtp), _) => Some(smtp.clone()),
            (None, Some(_)) => None,
            (None, None) => suggested.config.smtp.clone(),
        },
        imap: imap.imap.clone().unwrap_or_else(|| suggested.config.imap.clone()),
        ..suggested.config
    })
}

async fn add(
    app: &App,
    out: Out,
    config: ImapConfig,
    password: SecretString,
    name: Option<String>,
) -> Result<Connected, Failure> {
    let params = json!({ "config": config, "password": password.expose_secret(), "name": name });
    let check: CheckView = ask(app, "accounts.test_imap", params.clone()).await?;
    if !check.ok {
        return Err(failed(out, &check));
    }
    let view: AccountView = ask(app, "accounts.add_imap", params).await?;
    let text = format!("{} is connected as {}.", view.name, view.id);
    Ok(Connected { view, text, exit: Exit::Done })
}

async fn add_slack(app: &App, out: Out, slack: &Slack) -> Result<Exit, Failure> {
    if slack.sign_in {
        return signin::slack(app, out, slack).await;
    }
    let token = secret(slack.token_stdin, "User token (xoxp-…)", "--token-stdin")?;
    let app_token = match slack.app_token_stdin {
        true => Some(line_from_stdin()?.expose_secret().to_owned()),
        false => None,
    };
    let params = json!({
        "token": token.expose_secret(),
        "app_token": app_token,
        "api_root": slack.api_root,
        "name": slack.name,
    });
    let check: CheckView = ask(app, "accounts.test_slack", params.clone()).await?;
    if !check.ok {
        return Err(failed(out, &check));
    }
    let view: AccountView = ask(app, "accounts.add_slack", params).await?;
    out.value(&view, || format!("{} is connected as {}.", view.name, view.id));
    Ok(Exit::Done)
}

async fn add_hook(app: &App, out: Out, service: Service, hook: &Hook) -> Result<Exit, Failure> {
    let secret = secret(hook.secret_stdin, "Secret of the webhook", "--secret-stdin")?;
    let config = HookConfig {
        service,
        me: hook.me.clone(),
        listen: hook.listen.to_string(),
        public_url: hook.public_url.clone(),
        relay: None,
    };
    let params = json!({ "config": config, "secret": secret.expose_secret(), "name": hook.name });
    let view: AccountView = ask(app, "accounts.add_hook", params).await?;
    // Whether events arrive is another matter: until they do the account is of no use, but it is connected.
    let events: CheckView = ask(app, "accounts.check", json!({ "id": view.id })).await?;
    let path = config.path();
    out.value(&view, || {
        format!("{}{} is connected as {}; events are received at {path}.", steps(&events), view.name, view.id)
    });
    Ok(Exit::Done)
}

/// Why an account was not connected: the step of the test that failed, and what to do.
pub(crate) fn failed(out: Out, check: &CheckView) -> Failure {
    let told = check.steps.iter().find(|step| !step.ok);
    let sentence = told.map_or_else(
        || "The connection failed.".to_owned(),
        |step| match (step.detail.as_str(), &step.fix) {
            (detail, Some(fix)) if detail.ends_with(['.', '!', '?']) => format!("{detail} {fix}"),
            (detail, Some(fix)) => format!("{detail}; {fix}"),
            (detail, None) => detail.to_owned(),
        },
    );
    if !out.json {
        out.line(&steps(check));
    }
    let code = if exit_of(check) == Exit::SignIn { ErrorCode::AuthNeeded } else { ErrorCode::Failed };
    ApiError::new(code, format!("Not connected: {sentence}")).into()
}

/// A variable of the environment, when it says something.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

/// Whether the environment switches something on.
pub(crate) fn switched(name: &str, usual: bool) -> bool {
    variable(name).map_or(usual, |value| matches!(value.trim().to_lowercase().as_str(), "true" | "1" | "yes" | "on"))
}

/// The variables that other programs of this kind read: an account for each platform they name. One that
/// cannot be connected does not keep the others from it.
async fn import_env(app: &App, out: Out) -> Result<Exit, Failure> {
    let mut outcomes: Vec<Result<Connected, Failure>> = Vec::new();
    let mut ended = |outcome: Result<Connected, Failure>| {
        if let (Ok(connected), false) = (&outcome, out.json) {
            out.line(&connected.text);
        }
        outcomes.push(outcome);
    };
    if let (Some(user), Some(password)) = (variable("EMAIL_IMAP_USERNAME"), variable("EMAIL_IMAP_PASSWORD")) {
        ended(mailbox_of_env(app, out, &user, SecretString::from(password)).await);
    }
    if variable("WHATSAPP_API_TOKEN").is_some() && switched("ENABLE_WHATSAPP", true) {
        ended(whatsapp::from_environment(app, out).await);
    }
    if variable("MS_CLIENT_ID").is_some() {
        ended(signin::from_environment(app, out).await);
    }
    if outcomes.is_empty() {
        return Err(ApiError::invalid(
            "Set EMAIL_IMAP_USERNAME and EMAIL_IMAP_PASSWORD (and EMAIL_IMAP_SERVER, EMAIL_IMAP_PORT), \
             WHATSAPP_API_TOKEN (and WHATSAPP_PHONE_NUMBER_ID, WHATSAPP_BUSINESS_ACCOUNT_ID, WHATSAPP_APP_SECRET), \
             or MS_CLIENT_ID (and MS_TENANT_ID, ENABLE_OUTLOOK, ENABLE_TEAMS, ENABLE_ONENOTE).",
        )
        .into());
    }
    let (mut connected, mut failures) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        match outcome {
            Ok(one) => connected.push(one),
            Err(failure) => failures.push(failure),
        }
    }
    let last = if connected.is_empty() { failures.pop() } else { None };
    failures.iter().for_each(|failure| print::failure(failure, out.json));
    if let Some(last) = last {
        return Err(last);
    }
    if out.json {
        let views: Vec<&AccountView> = connected.iter().map(|one| &one.view).collect();
        out.value(&json!({ "accounts": views }), String::new);
    }
    Ok(match (connected.as_slice(), failures.is_empty()) {
        ([one], true) => one.exit,
        (all, true) if all.iter().all(|one| one.exit == Exit::Done) => Exit::Done,
        _ => Exit::Partly,
    })
}

async fn mailbox_of_env(app: &App, out: Out, user: &str, password: SecretString) -> Result<Connected, Failure> {
    let suggested: Suggested = ask(app, "accounts.suggest", json!({ "address": user })).await?;
    let mut config = suggested.config;
    if let Some(server) = variable("EMAIL_IMAP_SERVER") {
        if server != config.imap.host {
            config.smtp = None;
        }
        config.imap.host = server;
    }
    if let Some(port) = variable("EMAIL_IMAP_PORT") {
        config.imap.port =
            port.parse().map_err(|_| ApiError::invalid("EMAIL_IMAP_PORT is a number from 1 to 65535."))?;
        if config.imap.port == 143 {
            config.tls = Tls::Starttls;
        }
    }
    add(app, out, config, password, None).await
}

fn password(from_stdin: bool, address: &str) -> Result<SecretString, Failure> {
    secret(from_stdin, &format!("Password of {address}"), "--password-stdin")
}

/// A secret from standard input, or typed at a terminal.
pub(crate) fn secret(from_stdin: bool, what: &str, flag: &str) -> Result<SecretString, Failure> {
    if from_stdin {
        return line_from_stdin();
    }
    if !std::io::stdin().is_terminal() {
        return Err(
            ApiError::invalid(format!("Give it on standard input with {flag}; a secret is never a flag.")).into()
        );
    }
    Ok(SecretString::from(rpassword::prompt_password(format!("{what}: "))?))
}

pub(crate) fn line_from_stdin() -> Result<SecretString, Failure> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n']).to_owned()))
}

fn confirmed(question: &str) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    eprint!("{question}");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(matches!(line.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// A refused sign-in has an exit code of its own.
pub(crate) fn exit_of(check: &CheckView) -> Exit {
    let sign_in = check.steps.iter().any(|step| !step.ok && step.name.to_lowercase().contains("sign in"));
    if sign_in { Exit::SignIn } else { Exit::Failed }
}

pub(crate) fn steps(check: &CheckView) -> String {
    let mut text = String::new();
    for step in &check.steps {
        text.push_str(&format!("{} {}: {}\n", if step.ok { '✓' } else { '✗' }, step.name, step.detail));
        if let Some(fix) = &step.fix {
            text.push_str(&format!("  → {fix}\n"));
        }
    }
    text
}

fn list(views: &[AccountView]) -> String {
    if views.is_empty() {
        return "No account is connected; try \"inlet accounts add imap\".".into();
    }
    let mut text = String::new();
    for view in views {
        text.push_str(&format!("{:<5} {}\n", view.id.to_string(), view.name));
        for source in &view.sources {
            let state = serde_json::to_value(source.state).unwrap_or_default();
            text.push_str(&format!(
                "      {:<5} {:<9} {} ({} items)\n",
                source.id.to_string(),
                source.source_type.as_str(),
                state.as_str().unwrap_or_default(),
                source.items
            ));
        }
    }
    text
}
