//! One Microsoft account, whose sources are switched on and off: a real provider that knows what was
//! consented to, and a Graph that refuses what was not.

use inlet_model::{AccountConfig, AccountId, MicrosoftConfig, Prompt, SourceType};
use inlet_orchestrator::api::{
    ErrorCode,
    types::{AccountView, AdministratorView, Authority, ProviderView, SearchView, SignInView, SignedIn, SourceState},
};
use inlet_testkit::{
    Oidc, OidcOptions, Visitor,
    graph::{FakeGraph, Fault, Letter, Person, Resource, Said},
};
use serde_json::{Value, json};

use crate::harness::{Engine, Setup, holding};

const ANNA: &str = "anna@inlet.test";
const CANARY: &str = "zq7xcanary4kv";
const SCOPES: [&str; 11] = [
    "User.Read",
    "Mail.ReadWrite",
    "Mail.Send",
    "Calendars.ReadWrite",
    "MailboxSettings.ReadWrite",
    "Chat.ReadWrite",
    "ChatMessage.Send",
    "Team.ReadBasic.All",
    "Channel.ReadBasic.All",
    "ChannelMessage.Read.All",
    "ChannelMessage.Send",
];

struct World {
    engine: Engine,
    oidc: Oidc,
    fake: FakeGraph,
    config: MicrosoftConfig,
    ben: Person,
}

impl World {
    async fn new(test: &str) -> Option<Self> {
        if !Oidc::available() {
            println!("skipped: signing in at a provider: Node.js is not installed");
            return None;
        }
        let fake = FakeGraph::start(test)?;
        fake.be(&Person::new("Anna", ANNA));
        let scopes = SCOPES.map(str::to_owned).to_vec();
        let oidc = Oidc::start(OidcOptions { scopes, tenant: Some("common".into()), ..OidcOptions::default() }).await;
        fake.introspect(&oidc.introspection());
        let engine = Engine::with(Setup { connectors: true, ..Setup::default() }).await;
        let params = json!({ "provider": "microsoft", "authority": oidc.issuer() });
        let view: ProviderView = engine.call("accounts.provider", params).await;
        assert_eq!(view.authority, Some(Authority { host: oidc.issuer(), tenant: "common".into() }));
        assert!(view.sources.starts_with(&[SourceType::Outlook, SourceType::Teams]), "{:?}", view.sources);
        let AccountConfig::Microsoft(mut config) = view.config else { panic!("{:?}", view.config) };
        config.oauth.client_id = "inlet".into();
        config.api_root = fake.api_root().to_owned();
        Some(Self { engine, oidc, fake, config, ben: Person::new("Ben", "ben@fabrikam.example") })
    }

    /// Signs in and connects; what was asked for.
    async fn sign_in(&self, id: Option<AccountId>, sources: &[SourceType]) -> (AccountView, String) {
        let config = MicrosoftConfig { sources: sources.to_vec(), ..self.config.clone() };
        let params = json!({ "id": id, "config": AccountConfig::Microsoft(config) });
        let begun: SignInView = self.engine.call("signin.begin", params).await;
        let Prompt::Browser { url } = begun.prompt else { panic!("{begun:?}") };
        Visitor::default().sign_in(&url, ANNA).await;
        let done: SignedIn = self.engine.call("signin.wait", json!({ "ticket": begun.ticket })).await;
        assert!(done.check.ok, "{:#?}", done.check.steps);
        let asked = url::Url::parse(&url).unwrap();
        let asked = asked.query_pairs().find(|(key, _)| key == "scope").unwrap().1.into_owned();
        (done.account.unwrap(), asked)
    }

    /// What a sign-in with the settings the account has would ask for.
    async fn asked(&self, id: AccountId) -> String {
        let begun: SignInView = self.engine.call("signin.begin", json!({ "id": id })).await;
        let Prompt::Browser { url } = begun.prompt else { panic!("{begun:?}") };
        let asked = url::Url::parse(&url).unwrap();
        let asked = asked.query_pairs().find(|(key, _)| key == "scope").unwrap().1.into_owned();
        let _: Value = self.engine.call("signin.cancel", json!({ "ticket": begun.ticket })).await;
        asked
    }

    async fn off(&self, id: AccountId, source: SourceType, keep: bool) -> AccountView {
        self.engine.call("accounts.switch_off", json!({ "id": id, "source": source, "keep": keep })).await
    }

    async fn hits(&self) -> u64 {
        let found: SearchView = self.engine.call("search", json!({ "query": CANARY })).await;
        found.total
    }

    async fn found(&self, count: u64) {
        self.engine.until(&format!("{count} hits"), async || (self.hits().await == count).then_some(())).await;
    }
}

fn of(view: &AccountView, source: SourceType) -> Option<SourceState> {
    view.sources.iter().find(|one| one.source_type == source).map(|one| one.state)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_is_consented_to_when_it_is_switched_on_and_goes_without_a_trace() {
    let Some(world) = World::new("switching").await else { return };
    world.fake.mail().add(Letter::new("Still here").to("Anna", ANNA).text("A mail that stays."));
    let chat = world.fake.teams().one_on_one(&world.ben);
    world.fake.teams().say(&chat, Said::text(&format!("The {CANARY} sings.")).from(&world.ben));

    let (account, asked) = world.sign_in(None, &[SourceType::Outlook]).await;
    assert!(asked.contains("Mail.ReadWrite") && !asked.contains("Chat") && !asked.contains("Notes"), "{asked}");
    let mail = account.sources[0].id;
    world.engine.state_of(mail, SourceState::Live).await;
    assert_eq!(world.hits().await, 0);

    // On: the same person, one consent more.
    let both = [SourceType::Outlook, SourceType::Teams];
    let (account, asked) = world.sign_in(Some(account.id), &both).await;
    assert!(asked.contains("Mail.ReadWrite") && asked.contains("Chat.ReadWrite"), "{asked}");
    assert!(!asked.contains("Channel"), "{asked}");
    assert_eq!(account.sources.len(), 2);
    let teams = account.sources[1].id;
    world.engine.state_of(teams, SourceState::Live).await;
    world.found(1).await;

    // A message that still has to go out is not left behind.
    let thread = world.engine.list(json!({ "in": "all", "source": teams })).await.remove(0);
    let message: Value = world.engine.call("compose.prepare", json!({ "mode": "reply", "thread": thread.id })).await;
    let mut message = message;
    message["text"] = "Later.".into();
    let op: Value = world.engine.call("send", json!({ "message": message, "undo_seconds": 30 })).await;
    let keep = json!({ "id": account.id, "source": "teams", "keep": true });
    let refusal = world.engine.ask("accounts.switch_off", keep).await.unwrap_err();
    assert!(refusal.code == ErrorCode::Refused && refusal.message.contains("on its way"), "{refusal}");
    let _: Value = world.engine.call("outbox.cancel", json!({ "id": op["id"] })).await;

    // Off, and kept: it can be read and found, and nothing is asked or offered.
    let view = world.off(account.id, SourceType::Teams, true).await;
    assert_eq!(
        (of(&view, SourceType::Outlook).is_some(), of(&view, SourceType::Teams)),
        (true, Some(SourceState::Off))
    );
    let AccountConfig::Microsoft(config) = &view.config else { panic!() };
    assert_eq!(config.sources, [SourceType::Outlook]);
    assert!(!view.sources[1].capabilities.send);
    world.found(1).await;
    world.engine.state_of(mail, SourceState::Live).await;
    let asked = world.fake.requests(Resource::Teams);
    let _: Value = world.engine.call("sync.attend", json!({})).await;
    world.engine.resync(mail).await;
    assert_eq!(world.fake.requests(Resource::Teams), asked);

    // On again: what was kept goes on from where it was.
    let (view, _) = world.sign_in(Some(account.id), &both).await;
    assert_eq!(view.sources[1].id, teams);
    world.engine.state_of(teams, SourceState::Live).await;
    world.found(1).await;

    // Off for good.
    let view = world.off(account.id, SourceType::Teams, false).await;
    assert_eq!((view.sources.len(), of(&view, SourceType::Teams)), (1, None));
    assert_eq!(world.hits().await, 0);
    assert_eq!(holding(&world.engine.data(), CANARY), Vec::<std::path::PathBuf>::new());
    assert!(world.engine.titled("Still here").await.is_some());
    world.engine.state_of(mail, SourceState::Live).await;
    let last = json!({ "id": account.id, "source": "outlook", "keep": false });
    let refusal = world.engine.ask("accounts.switch_off", last).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Refused);
    assert!(world.engine.titled("Still here").await.is_some());
    world.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_who_can_help() {
    let Some(world) = World::new("refusals").await else { return };
    let config = json!({ "config": AccountConfig::Microsoft(world.config.clone()) });
    for (number, code) in [
        (90_094, ErrorCode::Administrator),
        (50_020, ErrorCode::Tenant),
        (700_016, ErrorCode::Registration),
        (65_004, ErrorCode::AuthNeeded),
    ] {
        let body = json!({ "error": "invalid_grant", "error_description": format!("AADSTS{number}: {ANNA}") });
        world.oidc.faults("token", json!([{ "status": 400, "body": body }])).await;
        let begun: SignInView = world.engine.call("signin.begin", config.clone()).await;
        let Prompt::Browser { url } = begun.prompt else { panic!("{begun:?}") };
        Visitor::default().sign_in(&url, ANNA).await;
        let refusal = world.engine.ask("signin.wait", json!({ "ticket": begun.ticket })).await.unwrap_err();
        assert_eq!(refusal.code, code, "{refusal}");
        assert!(!refusal.message.contains(ANNA), "{refusal}");
    }
    assert!(world.engine.accounts().await.is_empty());
    let page: AdministratorView = world.engine.call("signin.administrator", config).await;
    assert!(page.url.starts_with(&format!("{}/organizations/v2.0/adminconsent?", world.oidc.issuer())), "{}", page.url);
    let wrong = json!({ "provider": "microsoft", "authority": "contoso" });
    assert_eq!(world.engine.ask("accounts.provider", wrong).await.unwrap_err().code, ErrorCode::Invalid);
}

/// An account with a chat and a channel that says the canary, both here; and what the sign-in asked for.
async fn with_channels(test: &str) -> Option<(World, AccountView, String)> {
    let mut world = World::new(test).await?;
    world.config.channels = true;
    let teams = world.fake.teams();
    let chat = teams.one_on_one(&world.ben);
    teams.say(&chat, Said::text("A chat that stays.").from(&world.ben));
    let (team, channels) = teams.team("Harbour", &["General"]);
    teams.post(&team, &channels[0], Said::text(&format!("The {CANARY} sings.")).from(&world.ben));
    let (account, asked) = world.sign_in(None, &[SourceType::Outlook, SourceType::Teams]).await;
    world.engine.state_of(account.sources[1].id, SourceState::Live).await;
    world.found(1).await;
    Some((world, account, asked))
}

#[tokio::test(flavor = "multi_thread")]
async fn channels_are_switched_off_alone_and_the_chats_stay() {
    let Some((world, account, asked)) = with_channels("channels_off").await else { return };
    assert!(asked.contains("ChannelMessage.Read.All"), "{asked}");
    let source = account.sources[1].id;

    let off = json!({ "id": account.id, "source": "teams", "keep": false, "channels": true });
    let view: AccountView = world.engine.call("accounts.switch_off", off.clone()).await;
    let AccountConfig::Microsoft(config) = &view.config else { panic!() };
    assert_eq!((config.channels, config.sources.len()), (false, 2));
    world.found(0).await;
    world.engine.state_of(source, SourceState::Live).await;
    let rows = world.engine.list(json!({ "in": "all", "source": source })).await;
    assert_eq!(rows.len(), 1, "the chat is there");
    world.fake.forget();
    world.engine.resync(source).await;
    let seen = world.fake.seen();
    assert!(seen.iter().any(|seen| seen.path.contains("/chats")), "the chats are asked for");
    assert!(seen.iter().all(|seen| !seen.path.contains("joinedTeams")), "nobody asks for teams any more");
    let again = world.engine.ask("accounts.switch_off", off).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::Invalid);
    let asked = world.asked(account.id).await;
    assert!(!asked.contains("Channel"), "{asked}");
    world.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn channels_that_are_switched_off_can_be_kept_and_forgotten_later() {
    let Some((world, account, _)) = with_channels("channels_kept").await else { return };
    let source = account.sources[1].id;
    let thread = world.engine.titled("Harbour › General").await.unwrap().id;
    let kept = async || world.engine.thread(thread).await.scopes.iter().map(|scope| scope.kept).collect::<Vec<_>>();
    assert_eq!(kept().await, [false]);

    let off = |keep: bool| json!({ "id": account.id, "source": "teams", "keep": keep, "channels": true });
    let view: AccountView = world.engine.call("accounts.switch_off", off(true)).await;
    let AccountConfig::Microsoft(config) = &view.config else { panic!() };
    assert!(!config.channels);
    world.engine.state_of(source, SourceState::Live).await;
    world.engine.resync(source).await;
    assert_eq!((world.hits().await, kept().await), (1, vec![true]), "it is read and found as before");
    let message: Value = world.engine.call("compose.prepare", json!({ "mode": "reply", "thread": thread })).await;
    let mut message = message;
    message["text"] = "Later.".into();
    let refusal = world.engine.ask("send", json!({ "message": message })).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Refused);
    let react = json!({ "verb": "react", "threads": [thread], "emoji": "👍" });
    assert_eq!(world.engine.ask("act", react).await.unwrap_err().code, ErrorCode::Refused);
    world.engine.act("read", thread).await;
    assert!(world.engine.ops().await.is_empty(), "nothing is owed to what is off");

    // On again: it goes on as if it had never been off.
    world.sign_in(Some(account.id), &[SourceType::Outlook, SourceType::Teams]).await;
    world.engine.state_of(source, SourceState::Live).await;
    world.engine.resync(source).await;
    assert_eq!((world.hits().await, kept().await), (1, vec![false]));

    let _: AccountView = world.engine.call("accounts.switch_off", off(true)).await;
    assert_eq!(world.engine.ask("accounts.switch_off", off(true)).await.unwrap_err().code, ErrorCode::Invalid);
    let _: AccountView = world.engine.call("accounts.switch_off", off(false)).await;
    world.found(0).await;
    assert_eq!(world.engine.ask("accounts.switch_off", off(false)).await.unwrap_err().code, ErrorCode::Invalid);
    assert!(world.engine.list(json!({ "in": "all", "source": source })).await.len() == 1, "the chat is there");
    world.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_service_wants_proved_is_kept_until_the_person_has_proved_it() {
    let Some(world) = World::new("claims").await else { return };
    let (account, _) = world.sign_in(None, &[SourceType::Outlook]).await;
    let source = account.sources[0].id;
    world.engine.state_of(source, SourceState::Live).await;

    // A new token alone is not enough.
    world.fake.fail(Fault::claims().on(Resource::Mail).always());
    let _: Value = world.engine.call("sync.now", json!({})).await;
    world.engine.state_of(source, SourceState::AuthNeeded).await;
    world.fake.heal();
    let demanded = async || {
        let begun: SignInView = world.engine.call("signin.begin", json!({ "id": account.id })).await;
        let Prompt::Browser { url } = begun.prompt else { panic!("{begun:?}") };
        let asked = url::Url::parse(&url).unwrap();
        let claims = asked.query_pairs().find(|(key, _)| key == "claims").map(|(_, value)| value.into_owned());
        (begun.ticket, url, claims)
    };
    // It outlives a sign-in that was given up.
    let (ticket, ..) = demanded().await;
    let _: Value = world.engine.call("signin.cancel", json!({ "ticket": ticket })).await;
    let (ticket, url, claims) = demanded().await;
    assert_eq!(claims.as_deref(), Some(r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#));
    Visitor::default().sign_in(&url, ANNA).await;
    let done: SignedIn = world.engine.call("signin.wait", json!({ "ticket": ticket })).await;
    assert!(done.check.ok && done.account.is_some());
    world.engine.state_of(source, SourceState::Live).await;
    let (ticket, _, claims) = demanded().await;
    assert_eq!(claims, None, "what is proved is not asked for again");
    let _: Value = world.engine.call("signin.cancel", json!({ "ticket": ticket })).await;
}
