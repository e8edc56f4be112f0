//! GitHub and Jira: events about me become messages of their issue, everything else is counted. The payloads are
//! cut down to what is read, in the shape of those that GitHub and Atlassian document; no schema of theirs is at
//! hand to check against.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;
use inlet_connectors::{inbound::sign, open};
use inlet_model::{
    Account, AccountConfig, AccountId, AnySource, Change, EventSink, HookConfig, MessageSource, OpKey, Page, Scope,
    SecretName, Secrets, Service, UnifiedMessage,
};
use inlet_testkit::{Fixture, MemoryQueue, ports::free_address};
use secrecy::SecretString;
use serde_json::{Value, json};

const SECRET: &str = "It's a Secret to Everybody";
const AT: &str = "2026-03-11T12:00:00Z";
const ME: &str = "5b10a2844c20165700ede21g";
const ANA: &str = "5b10ac8d82e05b22cc7d4ef5";

struct Shared;

#[async_trait]
impl Secrets for Shared {
    fn get(&self, _: AccountId, name: SecretName) -> inlet_model::Result<Option<SecretString>> {
        Ok((name == SecretName::AppSecret).then(|| SECRET.into()))
    }

    async fn put(&self, _: AccountId, _: SecretName, _: SecretString) -> inlet_model::Result<()> {
        Ok(())
    }
}

type Messages = Arc<dyn MessageSource>;

struct World {
    queue: Arc<MemoryQueue>,
    service: Service,
    listen: String,
}

impl World {
    fn new(service: Service) -> Self {
        Self { queue: Arc::new(MemoryQueue::default()), service, listen: "127.0.0.1:0".into() }
    }

    fn source(&self) -> Messages {
        let me = if self.service == Service::GitHub { "octocat" } else { ME };
        let config = HookConfig {
            service: self.service,
            me: me.into(),
            listen: self.listen.clone(),
            public_url: None,
            relay: None,
        };
        let account = Account { id: AccountId(1), name: "work".into(), config: AccountConfig::Hook(config) };
        match open(&account, Arc::new(Shared), self.queue.clone()).unwrap().pop() {
            Some(AnySource::Message(source)) => source,
            _ => panic!("a hook is a source of messages"),
        }
    }

    async fn send(&self, body: &Value) {
        self.queue.append(body.to_string().as_bytes(), None).await.unwrap();
    }

    async fn page(&self) -> Page<UnifiedMessage> {
        let source = self.source();
        source.pull(&scope(&source).await, None).await.unwrap()
    }

    /// What a single event comes to.
    async fn of(service: Service, body: &Value) -> Page<UnifiedMessage> {
        let world = Self::new(service);
        world.send(body).await;
        world.page().await
    }
}

async fn scope(source: &Messages) -> Scope {
    source.scopes().await.unwrap().remove(0)
}

fn user(login: &str) -> Value {
    json!({ "login": login, "id": 21_031_067, "type": "User" })
}

/// An event of GitHub by somebody about a pull request of somebody.
fn github(action: &str, by: &str, of: &str, more: Value) -> Value {
    let mut event = json!({
        "action": action,
        "pull_request": {
            "number": 2, "title": "Update the README", "html_url": "https://github.com/Codertocat/Hello-World/pull/2",
            "user": user(of), "body": null, "assignees": [], "updated_at": AT, "milestone": null,
        },
        "repository": { "full_name": "Codertocat/Hello-World", "private": false, "description": null },
        "sender": user(by),
    });
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

fn issue(body: &str, of: &str) -> Value {
    json!({
        "number": 1, "title": "Spelling error", "html_url": "https://github.com/Codertocat/Hello-World/issues/1",
        "user": user(of), "body": body, "assignees": [], "updated_at": AT,
    })
}

fn comment(id: u64, body: &str) -> Value {
    let link = format!("https://github.com/Codertocat/Hello-World/issues/1#issuecomment-{id}");
    json!({ "id": id, "html_url": link, "body": body, "user": user("Codertocat"), "created_at": AT, "updated_at": AT })
}

fn review(state: &str, body: Option<&str>) -> Value {
    json!({
        "id": 237_895_671, "state": state, "body": body, "submitted_at": AT,
        "html_url": "https://github.com/Codertocat/Hello-World/pull/2#pullrequestreview-237895671",
    })
}

#[tokio::test]
async fn what_is_about_me_on_github_is_told_with_its_link() {
    let about = |body: &str| json!({ "pull_request": null, "issue": issue(body, "Codertocat") });
    let commented =
        |body: &str, of: &str| json!({ "pull_request": null, "issue": issue("", of), "comment": comment(9, body) });
    let cases = [
        (
            github("review_requested", "Codertocat", "Codertocat", json!({ "requested_reviewer": user("Octocat") })),
            "asked you to review this.",
        ),
        (
            github("assigned", "Codertocat", "Codertocat", json!({ "assignee": user("octocat") })),
            "assigned this to you.",
        ),
        (
            github("submitted", "Codertocat", "octocat", json!({ "review": review("approved", None) })),
            "approved your pull request.",
        ),
        (
            github("submitted", "Codertocat", "octocat", json!({ "review": review("changes_requested", Some("No.")) })),
            "asked for changes to your pull request.",
        ),
        (
            github("submitted", "Codertocat", "octocat", json!({ "review": review("commented", Some("Hm.")) })),
            "reviewed your pull request.",
        ),
        (
            github(
                "submitted",
                "Codertocat",
                "Codertocat",
                json!({ "review": review("commented", Some("ask @octocat")) }),
            ),
            "mentioned you in a review.",
        ),
        (github("opened", "Codertocat", "Codertocat", about("Hello @octocat, look")), "mentioned you."),
        (github("created", "Codertocat", "Codertocat", commented("(@OctoCat?)", "Codertocat")), "mentioned you."),
        (github("created", "Codertocat", "Codertocat", commented("Thanks", "octocat")), "commented on this."),
    ];
    for (event, deed) in cases {
        let page = World::of(Service::GitHub, &event).await;
        let [told] = &page.upserts[..] else { panic!("{event}: {page:?}") };
        assert_eq!(told.text.lines().next(), Some(format!("Codertocat {deed}").as_str()));
        assert!(told.text.lines().last().is_some_and(|link| link.starts_with("https://github.com/Codertocat/")));
        assert!(told.title.as_ref().is_some_and(|title| title.starts_with("Codertocat/Hello-World#")));
        assert_eq!((told.sender.handle.as_str(), told.sent_at.to_string().as_str()), ("Codertocat", AT));
    }
    // The same in a form, which is how GitHub sends unless it is told to send JSON.
    let event = github("assigned", "Codertocat", "Codertocat", json!({ "assignee": user("octocat") }));
    let form = url::form_urlencoded::Serializer::new(String::new()).append_pair("payload", &event.to_string()).finish();
    let world = World::new(Service::GitHub);
    world.queue.append(form.as_bytes(), None).await.unwrap();
    assert_eq!(world.page().await.upserts.len(), 1);
}

#[tokio::test]
async fn a_comment_on_a_commit_is_a_conversation_about_the_commit() {
    let commit = "6113728f27ae82c7b1a177c8d03f9e96e0adf246";
    let event = |action: &str, body: &str| {
        let mut event = github(action, "Codertocat", "Codertocat", json!({ "comment": comment(33_548_674, body) }));
        event.as_object_mut().unwrap().remove("pull_request");
        event["comment"]["commit_id"] = json!(commit);
        event
    };
    let page = World::of(Service::GitHub, &event("created", "Was this you, @octocat?")).await;
    let [told] = &page.upserts[..] else { panic!("{page:?}") };
    assert!(
        told.text.starts_with("Codertocat mentioned you.\n") && told.text.contains("Was this you"),
        "{}",
        told.text
    );
    assert_eq!(told.conversation, format!("Codertocat/Hello-World@{commit}"));
    assert_eq!(told.title.as_deref(), Some("Codertocat/Hello-World@6113728"));
    let id = &told.remote_id;
    let gone = World::of(Service::GitHub, &event("deleted", "")).await;
    assert_eq!(gone.changes, [(id.clone(), Change::Retracted)]);
    let others = World::of(Service::GitHub, &event("created", "Fine.")).await;
    assert!(others.upserts.is_empty() && others.poison.is_empty(), "{others:?}");
}

#[tokio::test]
async fn what_is_not_about_me_is_counted_and_what_is_not_known_is_kept() {
    let world = World::new(Service::GitHub);
    let others = [
        github("review_requested", "Codertocat", "Codertocat", json!({ "requested_reviewer": user("hubot") })),
        github("review_requested", "Codertocat", "Codertocat", json!({ "requested_team": { "name": "octocat" } })),
        github("assigned", "Codertocat", "octocat", json!({ "assignee": user("hubot") })),
        github("labeled", "Codertocat", "octocat", json!({ "label": { "name": "bug" } })),
        github("submitted", "Codertocat", "octocat", json!({ "review": review("commented", None) })),
        github(
            "created",
            "Codertocat",
            "hubot",
            json!({ "comment": comment(1, "me@octocat.test @octocat-bot x@octocat") }),
        ),
        // My own doing.
        github("assigned", "octocat", "octocat", json!({ "assignee": user("octocat") })),
    ];
    for event in &others {
        world.send(event).await;
    }
    world.send(&json!({ "zen": "Design for failure.", "hook_id": 1, "hook": {}, "repository": {} })).await;
    world.send(&json!({ "action": "started", "workflow_run": {}, "repository": { "full_name": "a/b" } })).await;
    world.queue.append(b"no json", None).await.unwrap();
    let source = world.source();
    let page = source.pull(&scope(&source).await, None).await.unwrap();
    assert!(page.upserts.is_empty(), "{:?}", page.upserts);
    let poison: Vec<&str> = page.poison.iter().map(|(_, reason)| reason.as_str()).collect();
    assert_eq!(
        poison,
        [
            "GitHub told of \"workflow_run\", which Inlet keeps and does not show.",
            "An event of GitHub cannot be read; it is kept.",
        ]
    );
    let report = source.check().await.unwrap();
    assert!(report.ok(), "{:?}", report.steps);
    let counted = &report.steps.last().unwrap().detail;
    assert_eq!(counted, "0 about you, 7 about others, 2 of kinds Inlet does not know");
    // What was counted is known to the next run.
    let again = world.source();
    again.pull(&scope(&again).await, Some(&page.next)).await.unwrap();
    assert_eq!(&again.check().await.unwrap().steps.last().unwrap().detail, counted);
}

#[tokio::test]
async fn comments_are_changed_and_taken_back() {
    let about = |action: &str, body: &str, before: &str| {
        github(
            action,
            "Codertocat",
            "Codertocat",
            json!({
                "pull_request": null, "issue": issue("", "octocat"), "comment": comment(9, body),
                "changes": { "body": { "from": before } },
            }),
        )
    };
    let world = World::new(Service::GitHub);
    world.send(&about("created", "Thnaks", "")).await;
    world.send(&about("edited", "Thanks", "Thnaks")).await;
    world.send(&about("deleted", "Thanks", "")).await;
    let page = world.page().await;
    let id = page.upserts[0].remote_id.clone();
    let [(edited, Change::Edited { text, .. }), (gone, Change::Retracted)] = &page.changes[..] else {
        panic!("{:?}", page.changes)
    };
    assert_eq!((edited, gone), (&id, &id));
    assert!(text.contains("\n\nThanks\n\n"), "{text}");
    // Somebody who is mentioned only afterwards hears of it then.
    let late = github(
        "edited",
        "Codertocat",
        "Codertocat",
        json!({ "comment": comment(9, "@octocat?"), "changes": { "body": { "from": "?" } } }),
    );
    assert_eq!(World::of(Service::GitHub, &late).await.upserts.len(), 1);
}

fn jira(event: &str, by: &str, fields: Value, more: Value) -> Value {
    let mut event = json!({
        "timestamp": 1_773_230_400_000_i64,
        "webhookEvent": event,
        "user": { "accountId": by, "displayName": "Ana Ferreira" },
        "issue": {
            "id": "10002", "key": "ED-1", "self": "https://your-domain.atlassian.net/rest/api/2/issue/10002",
            "fields": { "summary": "Main order flow broken", "description": null, "assignee": null },
        },
    });
    for (name, value) in fields.as_object().unwrap() {
        event["issue"]["fields"][name] = value.clone();
    }
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

fn jira_comment(body: Value) -> Value {
    json!({ "comment": { "id": "10000", "body": body, "author": { "accountId": ANA, "displayName": "Ana Ferreira" } } })
}

#[tokio::test]
async fn what_is_about_me_on_jira_is_told_with_its_link() {
    let assigned = json!({ "changelog": { "items": [{ "field": "assignee", "from": null, "to": ME }] } });
    let document = json!({ "type": "doc", "version": 1, "content": [{ "type": "paragraph", "content": [
        { "type": "mention", "attrs": { "id": ME, "text": "@Me" } }, { "type": "text", "text": " please look" },
    ] }] });
    let wiki = format!("[~accountid:{ME}] please look");
    let cases = [
        (
            jira("jira:issue_created", ANA, json!({ "assignee": { "accountId": ME } }), json!({})),
            "assigned this to you.",
            "",
        ),
        (jira("jira:issue_updated", ANA, json!({}), assigned.clone()), "assigned this to you.", ""),
        (
            jira("jira:issue_created", ANA, json!({ "description": wiki }), json!({})),
            "mentioned you.",
            "@you please look",
        ),
        (jira("comment_created", ANA, json!({}), jira_comment(json!(wiki))), "mentioned you.", "@you please look"),
        (jira("comment_created", ANA, json!({}), jira_comment(document)), "mentioned you.", "@you please look"),
        (
            jira("comment_created", ANA, json!({ "reporter": { "accountId": ME } }), jira_comment(json!("Done."))),
            "commented on this.",
            "Done.",
        ),
    ];
    for (event, deed, text) in cases {
        let page = World::of(Service::Jira, &event).await;
        let [told] = &page.upserts[..] else { panic!("{event}: {page:?}") };
        assert_eq!(told.text.lines().next(), Some(format!("Ana Ferreira {deed}").as_str()));
        assert!(told.text.contains(text) && told.text.ends_with("https://your-domain.atlassian.net/browse/ED-1"));
        assert_eq!(told.title.as_deref(), Some("ED-1: Main order flow broken"));
        assert_eq!((told.conversation.as_str(), told.sent_at.as_second()), ("ED-1", 1_773_230_400));
    }
    // A server of one's own names people by a key where something changed, and by name elsewhere.
    let mut given = jira(
        "jira:issue_updated",
        "",
        json!({ "assignee": { "name": ME, "key": "JIRAUSER10100" } }),
        json!({ "changelog": { "items": [{ "field": "assignee", "to": "JIRAUSER10100" }] } }),
    );
    given["user"] = json!({ "name": "ana", "key": "JIRAUSER10101", "displayName": "Ana Ferreira" });
    let page = World::of(Service::Jira, &given).await;
    assert!(page.upserts[0].text.starts_with("Ana Ferreira assigned this to you."), "{page:?}");
    let nothing = [
        jira("jira:issue_updated", ME, json!({}), assigned),
        jira(
            "jira:issue_updated",
            ANA,
            json!({}),
            json!({ "changelog": { "items": [{ "field": "status", "to": "3" }] } }),
        ),
        jira(
            "comment_created",
            ANA,
            json!({ "assignee": { "accountId": ANA } }),
            jira_comment(json!("[~accountid:other]")),
        ),
        jira("jira:issue_deleted", ANA, json!({ "assignee": { "accountId": ME } }), json!({})),
    ];
    for event in nothing {
        let page = World::of(Service::Jira, &event).await;
        assert!(page.upserts.is_empty() && page.poison.is_empty(), "{event}: {page:?}");
    }
    let page = World::of(Service::Jira, &json!({ "webhookEvent": "sprint_started", "sprint": {} })).await;
    assert_eq!(page.poison[0].1, "Jira told of \"sprint_started\", which Inlet keeps and does not show.");
    // Written anew it is the same comment; taken back it is gone.
    let world = World::new(Service::Jira);
    world.send(&jira("comment_created", ANA, json!({}), jira_comment(json!(wiki)))).await;
    world.send(&jira("comment_updated", ANA, json!({}), jira_comment(json!(format!("{wiki}!"))))).await;
    world.send(&jira("comment_deleted", ANA, json!({}), jira_comment(json!("")))).await;
    let page = world.page().await;
    assert_eq!(page.upserts[0].remote_id, page.upserts[1].remote_id);
    assert_eq!(page.changes[0].1, Change::Retracted);
}

#[tokio::test]
async fn only_what_the_secret_signed_comes_in_by_the_header_of_the_platform() {
    for (service, header, path) in [
        (Service::GitHub, "X-Hub-Signature-256", "/github/octocat".to_owned()),
        (Service::Jira, "X-Hub-Signature", format!("/jira/{ME}")),
    ] {
        let free = free_address();
        let world = World { listen: free.to_string(), ..World::new(service) };
        let source = world.source();
        let report = source.check().await.unwrap();
        assert!(report.ok(), "it listens and has knocked: {:?}", report.steps);
        let body = json!({ "zen": "x", "webhookEvent": "x" }).to_string();
        let post = async |name: &str, signature: &str| {
            inlet_testkit::inbound::post(free, &path, &[(name, signature)], &body).await.status
        };
        let good = sign(&SECRET.into(), body.as_bytes());
        assert_eq!(post(header, &good).await, 200);
        assert_eq!(post(header, &sign(&"another".into(), body.as_bytes())).await, 401);
        let other = if service == Service::GitHub { "X-Hub-Signature" } else { "X-Hub-Signature-256" };
        assert_eq!(post(other, &good).await, 401, "the header of another platform");
    }
}

struct Contract {
    world: World,
    count: AtomicU32,
}

impl Contract {
    async fn new(service: Service) -> Self {
        let contract = Self { world: World::new(service), count: AtomicU32::new(0) };
        for _ in 0..24 {
            contract.arrive().await;
        }
        contract
    }
}

#[async_trait]
impl Fixture for Contract {
    fn source(&self) -> AnySource {
        AnySource::Message(self.world.source())
    }

    async fn scope(&self) -> Scope {
        scope(&self.world.source()).await
    }

    async fn effects(&self, _key: &OpKey) -> Option<usize> {
        None
    }

    async fn arrive(&self) -> Option<String> {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let event = match self.world.service {
            Service::GitHub => github(
                "created",
                "Codertocat",
                "octocat",
                json!({ "comment": comment(number.into(), &format!("Comment {number}")) }),
            ),
            Service::Jira => jira(
                "comment_created",
                ANA,
                json!({ "reporter": { "accountId": ME } }),
                json!({ "comment": {
                "id": number.to_string(), "body": format!("Comment {number}"), "author": { "accountId": ANA },
            } }),
            ),
        };
        self.world.send(&event).await;
        Some(format!("Comment {number}"))
    }
}

inlet_testkit::source_contract!(github_contract, Contract::new(Service::GitHub).await);
inlet_testkit::source_contract!(jira_contract, Contract::new(Service::Jira).await);
