//! Numbers of WhatsApp Business accounts, and the approved messages they may send at any time.

use inlet_model::{AccountId, Choice, Choices, FileKind, SourceId, Template, TemplateUse, WhatsAppConfig};
use inlet_orchestrator::{
    App,
    api::{
        ApiError,
        types::{AccountView, CheckView},
    },
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::{
    accounts::{Connected, failed, secret, steps, variable},
    args::{Approved, Offered, Whatsapp},
    print::Out,
    run::{Exit, Failure, ask},
};

pub(crate) async fn add(app: &App, out: Out, number: &Whatsapp) -> Result<Exit, Failure> {
    let token = secret(number.token_stdin, "Access token", "--token-stdin")?;
    let app_secret = secret(number.app_secret_stdin, "App secret", "--app-secret-stdin")?;
    let config = WhatsAppConfig {
        phone_number_id: number.phone_number_id.clone(),
        business_account_id: number.business_account_id.clone(),
        api_root: number.api_root.clone(),
        listen: number.listen.to_string(),
        public_url: number.public_url.clone(),
        number: None,
        relay: None,
    };
    Ok(connect(app, out, config, number.name.as_deref(), &token, &app_secret).await?.told(out))
}

/// `accounts import-env`, for what the environment says of WhatsApp.
pub(crate) async fn from_environment(app: &App, out: Out) -> Result<Connected, Failure> {
    let given = |name: &str, what: &str| {
        variable(name).ok_or_else(|| Failure::from(ApiError::invalid(format!("Set {name} to {what}."))))
    };
    let token = given("WHATSAPP_API_TOKEN", "the access token of the system user")?;
    let config = WhatsAppConfig {
        phone_number_id: given("WHATSAPP_PHONE_NUMBER_ID", "Meta's id of the phone number")?,
        business_account_id: given("WHATSAPP_BUSINESS_ACCOUNT_ID", "Meta's id of the WhatsApp Business account")?,
        api_root: variable("WHATSAPP_API_ROOT").unwrap_or_else(|| WhatsAppConfig::API_ROOT.to_owned()),
        listen: variable("WHATSAPP_LISTEN").unwrap_or_else(|| WhatsAppConfig::LISTEN.to_owned()),
        public_url: variable("WHATSAPP_PUBLIC_URL"),
        number: None,
        relay: None,
    };
    let app_secret = given("WHATSAPP_APP_SECRET", "the secret of your app at Meta, which its events are signed with")?;
    connect(app, out, config, None, &SecretString::from(token), &SecretString::from(app_secret)).await
}

/// Tests a number and connects it.
async fn connect(
    app: &App,
    out: Out,
    mut config: WhatsAppConfig,
    name: Option<&str>,
    token: &SecretString,
    app_secret: &SecretString,
) -> Result<Connected, Failure> {
    let params = |config: &WhatsAppConfig| -> Value {
        json!({
            "config": config, "name": name,
            "token": token.expose_secret(), "app_secret": app_secret.expose_secret(),
        })
    };
    let check: CheckView = ask(app, "accounts.test_whatsapp", params(&config)).await?;
    if !check.ok {
        return Err(failed(out, &check));
    }
    config.number = check.identity;
    let view: AccountView = ask(app, "accounts.add_whatsapp", params(&config)).await?;
    // Whether events arrive is another matter: until they do the account is of no use, but it is connected.
    let events: CheckView = ask(app, "accounts.check", json!({ "id": view.id })).await?;
    let text = format!("{}{} is connected as {}.", steps(&events), view.name, view.id);
    Ok(Connected { view, text, exit: Exit::Done })
}

pub(crate) async fn templates(app: &App, out: Out, id: AccountId) -> Result<(), Failure> {
    let accounts: Vec<AccountView> = ask(app, "accounts.list", json!({})).await?;
    let account = accounts.iter().find(|account| account.id == id);
    let source = account.and_then(|account| account.sources.first());
    let source = source.ok_or_else(|| ApiError::not_found(format!("The account {id}")))?;
    let templates: Vec<Template> = ask(app, "compose.templates", json!({ "source": source.id })).await?;
    out.value(&json!({ "templates": templates }), || {
        let shown = |template: &Template| {
            let text = template.text.replace('\n', "\n    ");
            let file = match template.file {
                None => "",
                Some(FileKind::Image) => ", with a picture (--attach)",
                Some(FileKind::Video) => ", with a film (--attach)",
                Some(FileKind::Document) => ", with a document (--attach)",
            };
            format!("{} ({}){file}\n    {text}\n", template.name, template.language)
        };
        match templates.is_empty() {
            true => "There is no approved template that could be sent from here.".to_owned(),
            false => templates.iter().map(shown).collect(),
        }
    });
    Ok(())
}

/// The answers that are offered with a message.
pub(crate) fn choices(offered: &Offered) -> Option<Choices> {
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let choice = |written: &String| {
        let (said, about) = written.split_once('|').unwrap_or((written, ""));
        let (section, title) = said.split_once('>').unwrap_or(("", said));
        Choice { title: title.trim().to_owned(), about: filled(about), section: filled(section) }
    };
    let all: Vec<Choice> = offered.choice.iter().map(choice).collect();
    (!all.is_empty()).then(|| Choices { list: offered.list.clone(), offered: all })
}

/// A template by its name, filled: what it says, and what is sent.
pub(crate) async fn filled(
    app: &App,
    source: SourceId,
    name: &str,
    approved: &Approved,
) -> Result<(String, TemplateUse), Failure> {
    let templates: Vec<Template> = ask(app, "compose.templates", json!({ "source": source })).await?;
    let fits = |template: &&Template| {
        template.name == name && approved.language.as_ref().is_none_or(|language| *language == template.language)
    };
    let template =
        templates.iter().find(fits).ok_or_else(|| ApiError::not_found(format!("The template \"{name}\"")))?;
    template.filled(&approved.fill).ok_or_else(|| {
        let blanks: Vec<String> =
            template.blanks.iter().map(|blank| format!("{} ({})", blank.name, blank.part)).collect();
        ApiError::invalid(match blanks.is_empty() {
            true => "This template has no blanks; leave --fill out.".to_owned(),
            false => format!("This template wants {} values, each with --fill: {}.", blanks.len(), blanks.join(", ")),
        })
        .into()
    })
}
