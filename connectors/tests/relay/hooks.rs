//! What GitHub and Jira tell, through a relay: by the same stream as WhatsApp's, sealed, in order, and once, whichever
//! way it came.

use inlet_model::{HookConfig, Service, UnifiedMessage};
use inlet_testkit::ports::free_address;
use serde_json::json;

use super::*;

/// A name on a server of one's own, of letters that mean something to NATS.
const ME: &str = "anna.b_c";
const JIRA: &str = "/jira/anna.b_c";
const GITHUB: &str = "/github/octocat";

fn hook(service: Service, listen: &str, nats: Option<&Nats>) -> AccountConfig {
    AccountConfig::Hook(HookConfig {
        service,
        me: if service == Service::GitHub { "octocat" } else { ME }.into(),
        listen: listen.into(),
        public_url: None,
        relay: nats.map(|nats| RelayConfig { nats: nats.url(), ca: nats.ca() }),
    })
}

/// A comment on an issue of mine.
fn comment(service: Service, issue: usize, number: usize) -> String {
    let by = json!({ "login": "Codertocat", "name": "codertocat", "displayName": "Codertocat" });
    let event = match service {
        Service::GitHub => json!({
            "action": "created",
            "issue": { "number": issue, "title": "Spelling error", "user": { "login": "octocat" }, "html_url": "https://github.com/a/b/issues/1" },
            "comment": { "id": number, "body": format!("words-canary {number}"), "html_url": "https://github.com/a/b/issues/1#c" },
            "repository": { "full_name": "a/b" },
            "sender": by,
        }),
        Service::Jira => json!({
            "webhookEvent": "comment_created",
            "timestamp": NOW * 1000,
            "issue": { "key": format!("ED-{issue}"), "self": "https://jira.example.org/rest/api/2/issue/1",
                "fields": { "summary": "Spelling error", "reporter": { "name": ME } } },
            "comment": { "id": number.to_string(), "body": format!("words-canary {number}"), "author": by },
        }),
    };
    event.to_string()
}

async fn deliver(at: SocketAddr, service: Service, body: &str) -> u16 {
    let (path, header) = match service {
        Service::GitHub => (GITHUB, "X-Hub-Signature-256"),
        Service::Jira => (JIRA, "X-Hub-Signature"),
    };
    post(at, path, &[(header, &signature(SECRET, body.as_bytes()))], body).await.status
}

/// The relay's file for both services.
fn file(folder: &Path, desktops: &[&Desktop]) -> String {
    let secret = folder.join("secret");
    std::fs::write(&secret, SECRET).unwrap();
    let keys: Vec<String> = desktops.iter().map(|desktop| desktop.key.to_public().to_string()).collect();
    let hook = |platform: &str, path: &str| {
        let secret = secret.display();
        format!(
            "[[hook]]\nplatform = \"{platform}\"\npath = \"{path}\"\nsecret = \"file:{secret}\"\ndesktops = {keys:?}\n"
        )
    };
    hook("github", GITHUB) + &hook("jira", JIRA)
}

/// All messages there are, in the order they came, and what else was said.
async fn messages(source: &Arc<dyn MessageSource>) -> (Vec<UnifiedMessage>, Vec<String>) {
    let (mut all, mut said, mut since) = (Vec::new(), Vec::new(), None);
    let scope = source.scopes().await.unwrap().remove(0);
    loop {
        let page = source.pull(&scope, since.as_ref()).await.unwrap();
        all.extend(page.upserts);
        said.extend(page.poison.into_iter().map(|(_, reason)| reason));
        if !page.more {
            return (all, said);
        }
        since = Some(page.next);
    }
}

/// The numbers of the comments, which have to be in order in each issue.
fn numbers(messages: &[UnifiedMessage]) -> Vec<usize> {
    let mut last = BTreeMap::new();
    let mut all = Vec::new();
    for message in messages {
        let number: usize = message.remote_id.0.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap();
        assert!(last.insert(message.conversation.clone(), number).is_none_or(|before| before < number));
        all.push(number);
    }
    all.sort_unstable();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn two_desktops_read_all_that_github_and_jira_told_while_they_were_away_and_nats_was_killed() {
    const EACH: usize = 300;
    let Some(mut nats) = Nats::start("hooks through a relay", None) else { return };
    let folder = tempfile::tempdir().unwrap();
    let services = [Service::GitHub, Service::Jira];
    // An account is a queue: each desktop has two.
    let desktops: Vec<[Desktop; 2]> = (0..2).map(|_| [Desktop::new(), Desktop::new()]).collect();
    let all: Vec<&Desktop> = desktops.iter().flatten().collect();
    let relay = Arc::new(run(&nats, &file(folder.path(), &all)).await.unwrap());
    let forged = comment(Service::GitHub, 1, 0);
    let other = post(relay.at, GITHUB, &[("X-Hub-Signature", &signature(SECRET, forged.as_bytes()))], &forged).await;
    assert_eq!(other.status, 401, "the header of another platform");
    assert_eq!(relay.get(GITHUB).await.status, 403, "nobody asks there whether it is the right door");

    let (half, halfway) = oneshot::channel();
    let mut half = Some(half);
    let posters: Vec<_> = services
        .into_iter()
        .flat_map(|service| [(service, 1), (service, 2)])
        .map(|(service, issue)| {
            let (relay, mut half) = (relay.clone(), half.take());
            tokio::spawn(async move {
                for number in (issue..=EACH).step_by(2) {
                    let body = comment(service, issue, number);
                    // GitHub sends nothing again by itself; whoever looks at its list of deliveries does.
                    while deliver(relay.at, service, &body).await != 200 {}
                    if number > EACH / 2
                        && let Some(half) = half.take()
                    {
                        half.send(()).unwrap();
                    }
                }
            })
        })
        .collect();
    kill_halfway(&mut nats, &relay, halfway, posters).await;
    for desktop in &desktops {
        for (service, account) in services.into_iter().zip(desktop) {
            let source = account.opened(hook(service, "127.0.0.1:0", Some(&nats)), SECRET, None);
            all_read(&source).await;
            let (messages, said) = messages(&source).await;
            assert_eq!(numbers(&messages), (1..=EACH).collect::<Vec<_>>(), "{service:?}");
            assert_eq!(said, [""; 0]);
        }
    }
    let metrics = relay.get("/metrics").await.body;
    assert!(metrics.contains(r#"inlet_relay_requests_total{platform="jira",outcome="stored"}"#), "{metrics}");
    assert!(!metrics.contains("anna") && !metrics.contains("octocat"), "{metrics}");
    for (path, content) in contents(&nats.store()) {
        assert!(!content.windows(12).any(|window| window == b"words-canary"), "{} can be read", path.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stream_of_github_dropped_is_said() {
    let Some(nats) = Nats::start("a gap in what GitHub told", None) else { return };
    let folder = tempfile::tempdir().unwrap();
    let desktop = Desktop::new();
    let relay = run(&nats, &file(folder.path(), &[&desktop])).await.unwrap();
    let source = || desktop.opened(hook(Service::GitHub, "127.0.0.1:0", Some(&nats)), SECRET, None);
    let tell = async |number: usize| {
        assert_eq!(deliver(relay.at, Service::GitHub, &comment(Service::GitHub, 1, number)).await, 200);
    };
    tell(1).await;
    all_read(&source()).await;
    for number in 2..=5 {
        tell(number).await;
    }
    let jetstream = jetstream::new(async_nats::connect(nats.url()).await.unwrap());
    jetstream.get_stream("inlet_github_octocat").await.unwrap().purge().sequence(4).await.unwrap();
    let source = source();
    all_read(&source).await;
    let (messages, said) = messages(&source).await;
    assert_eq!(numbers(&messages), [1, 4, 5]);
    // The queue tells of it where the source stands; no message does.
    assert_eq!((said, desktop.queue.gaps()), (Vec::new(), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_moves_to_a_relay_and_back_and_loses_nothing() {
    let Some(nats) = Nats::start("moving to a relay", None) else { return };
    let folder = tempfile::tempdir().unwrap();
    for service in [Service::GitHub, Service::Jira] {
        let desktop = Desktop::new();
        let relay = run(&nats, &file(folder.path(), &[&desktop])).await.unwrap();
        let door = free_address();
        let account = |relay: Option<&Nats>| desktop.opened(hook(service, &door.to_string(), relay), SECRET, None);
        let tell = async |at: SocketAddr, number: usize| {
            assert_eq!(deliver(at, service, &comment(service, 1, number)).await, 200);
        };
        // A tunnel leads here.
        let before = account(None);
        assert!(before.check().await.unwrap().ok());
        tell(door, 1).await;
        // The relay is read; what the tunnel still brings comes in too, and what comes both ways comes once.
        let source = account(Some(&nats));
        let report = source.check().await.unwrap();
        drop(before);
        assert!(report.ok() && report.steps.iter().any(|step| step.name == "Reach the relay"), "{:?}", report.steps);
        for (at, number) in [(door, 2), (relay.at, 2), (relay.at, 3)] {
            tell(at, number).await;
        }
        all_read(&source).await;
        // The rest is taken before the relay is left, and what it had already may come by the tunnel again.
        tell(relay.at, 4).await;
        all_read(&source).await;
        let after = account(None);
        assert!(after.check().await.unwrap().ok());
        drop(source);
        for number in [4, 5] {
            tell(door, number).await;
        }
        let (messages, said) = messages(&after).await;
        assert_eq!(numbers(&messages), [1, 2, 3, 4, 5], "{service:?}");
        assert_eq!((said, desktop.queue.gaps()), (Vec::new(), 0));
        relay.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_test_of_the_connection_goes_through_the_relay() {
    let Some(nats) = Nats::start("testing a relay", None) else { return };
    let folder = tempfile::tempdir().unwrap();
    let desktop = Desktop::new();
    let account = |url: Option<String>| {
        let AccountConfig::Hook(config) = hook(Service::GitHub, "127.0.0.1:0", Some(&nats)) else { unreachable!() };
        desktop.opened(AccountConfig::Hook(HookConfig { public_url: url, ..config }), SECRET, None)
    };
    let last = async |source: &Arc<dyn MessageSource>, name: &str| {
        let report = source.check().await.unwrap();
        report.steps.into_iter().find(|step| step.name == name).unwrap()
    };
    let missing = last(&account(None), "Reach the relay").await;
    assert!(!missing.ok && missing.detail.contains("no stream") && missing.fix.is_some(), "{missing:?}");
    let relay = run(&nats, &file(folder.path(), &[&desktop])).await.unwrap();
    let there = account(Some(format!("http://{}/", relay.at)));
    let arrived = last(&there, "Receive a signed event").await;
    assert_eq!((arrived.ok, arrived.detail.as_str()), (true, "it arrived through the relay"));
    let unknown = last(&account(None), "Receive a signed event").await;
    assert!(unknown.ok && unknown.detail.contains("the address of the relay is not given"), "{unknown:?}");
    // What was sent to try it is nothing for anybody.
    all_read(&there).await;
    assert_eq!(messages(&there).await, (Vec::new(), Vec::new()));
    let elsewhere = last(&account(Some("http://127.0.0.1:9".into())), "Receive a signed event").await;
    assert!(!elsewhere.ok && elsewhere.fix.unwrap().contains("docs/relay.md"));
}
