//! Channels that only send, and what became of what they were told.

use inlet_model::{AccountId, ChannelConfig, SmtpConfig, Via};
use inlet_orchestrator::{
    App,
    api::types::{AccountView, ChannelEntry, CheckView, MintedSecret},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::{
    accounts::{failed, secret},
    args::{ChannelCommon, Smtp, Telegram, Webhook},
    print::{Out, clean, when},
    run::{Exit, Failure, ask},
};

pub(crate) async fn slack(app: &App, out: Out, common: &ChannelCommon, from_stdin: bool) -> Result<Exit, Failure> {
    let address = secret(from_stdin, "Webhook URL", "--url-stdin")?;
    connect(app, out, Via::SlackWebhook, &address, common).await
}

pub(crate) async fn telegram(app: &App, out: Out, telegram: &Telegram) -> Result<Exit, Failure> {
    let token = secret(telegram.token_stdin, "Token of the bot", "--token-stdin")?;
    let via = Via::Telegram { chat: telegram.chat.clone(), api_root: telegram.api_root.clone() };
    connect(app, out, via, &token, &telegram.common).await
}

pub(crate) async fn smtp(app: &App, out: Out, smtp: &Smtp) -> Result<Exit, Failure> {
    let password = secret(smtp.password_stdin, "Password for the server", "--password-stdin")?;
    let via = Via::Smtp(SmtpConfig {
        from: smtp.from.clone(),
        to: smtp.to.clone(),
        user: smtp.user.clone(),
        server: smtp.server.clone(),
        tls: smtp.link.tls.into(),
        ca: smtp.link.ca.as_deref().map(std::path::absolute).transpose()?,
    });
    connect(app, out, via, &password, &smtp.common).await
}

/// The receiver has to know the secret before anything arrives: one that is made here is told, and the test is left
/// to `accounts check`.
pub(crate) async fn webhook(app: &App, out: Out, webhook: &Webhook) -> Result<Exit, Failure> {
    let via = Via::Webhook { url: webhook.url.clone() };
    if webhook.secret_stdin {
        let key = secret(true, "Signing secret", "--secret-stdin")?;
        return connect(app, out, via, &key, &webhook.common).await;
    }
    let minted: MintedSecret = ask(app, "channels.secret", json!({})).await?;
    let params = params(via, &minted.secret, &webhook.common);
    let view: AccountView = ask(app, "accounts.add_channel", params).await?;
    out.value(&json!({ "account": view, "signing_secret": minted.secret }), || {
        format!(
            "{name} is connected as {id}. Give its receiver this signing secret, then run \"inlet accounts check {id}\":\n{secret}",
            name = view.name,
            id = view.id,
            secret = minted.secret
        )
    });
    Ok(Exit::Done)
}

async fn connect(
    app: &App,
    out: Out,
    via: Via,
    secret: &SecretString,
    common: &ChannelCommon,
) -> Result<Exit, Failure> {
    let params = params(via, secret.expose_secret(), common);
    let check: CheckView = ask(app, "accounts.test_channel", params.clone()).await?;
    if !check.ok {
        return Err(failed(out, &check));
    }
    let view: AccountView = ask(app, "accounts.add_channel", params).await?;
    out.value(&view, || format!("{} is connected as {}, and was sent a test message.", view.name, view.id));
    Ok(Exit::Done)
}

fn params(via: Via, secret: &str, common: &ChannelCommon) -> serde_json::Value {
    let config = ChannelConfig { via, per_minute: common.per_minute };
    json!({ "config": config, "secret": secret, "name": common.name })
}

pub(crate) async fn log(app: &App, out: Out, id: AccountId, limit: u32) -> Result<(), Failure> {
    let entries: Vec<ChannelEntry> = ask(app, "channels.log", json!({ "id": id, "limit": limit })).await?;
    out.value(&json!({ "entries": entries }), || {
        let shown = |entry: &ChannelEntry| {
            let state = serde_json::to_value(entry.state).unwrap_or_default();
            let reason = entry.reason.as_deref().map(|reason| format!("\n    {}", clean(reason))).unwrap_or_default();
            let state = state.as_str().unwrap_or_default();
            format!("{}  {state:<9} {}  {}{reason}\n", when(entry.at), clean(&entry.key), clean(&entry.title))
        };
        match entries.is_empty() {
            true => "Nothing has been told through it yet.".to_owned(),
            false => entries.iter().map(shown).collect(),
        }
    });
    Ok(())
}
