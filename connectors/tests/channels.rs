//! Channels that only send, against receivers that refuse what the vendors do not describe: what is sent, at
//! most once, what goes wrong, and testing the connection.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use std::sync::Arc;

use inlet_connectors::open;
use inlet_model::{
    Account, AccountConfig, AccountId, AnySource, Applied, ChannelConfig, DynSource, Intent, OpKey, Outgoing,
    OutgoingAttachment, Result, SmtpConfig, SourceError, Tls, Via,
};
use inlet_testkit::{
    FixedSecret, MemoryQueue, SmtpOptions, SmtpServer,
    channels::{BOT_TOKEN, CHAT, FakeChannels, Mishap, SIGNING},
    smtp::{AfterDot, SmtpFaults},
};

const AT: &str = "2026-03-11T12:00:00Z";

fn channel(via: Via, secret: &str) -> Arc<dyn DynSource> {
    let config = AccountConfig::Channel(ChannelConfig { via, per_minute: None });
    let account = Account { id: AccountId(1), name: "watch".into(), config };
    let opened = open(&account, Arc::new(FixedSecret::new(secret)), Arc::new(MemoryQueue::default())).unwrap();
    opened.into_iter().next().map(AnySource::into_dyn).unwrap()
}

fn slack(fake: &FakeChannels) -> Arc<dyn DynSource> {
    channel(Via::SlackWebhook, &fake.slack())
}

fn telegram(fake: &FakeChannels) -> Arc<dyn DynSource> {
    channel(Via::Telegram { chat: CHAT.to_string(), api_root: fake.telegram() }, BOT_TOKEN)
}

fn webhook(fake: &FakeChannels) -> Arc<dyn DynSource> {
    channel(Via::Webhook { url: fake.receiver() }, SIGNING)
}

fn told(title: &str, text: &str, link: Option<&str>) -> Intent {
    Intent::Send(Box::new(Outgoing {
        subject: title.into(),
        text: text.into(),
        link: link.map(Into::into),
        date: AT.parse().unwrap(),
        ..Outgoing::default()
    }))
}

async fn send(source: &Arc<dyn DynSource>, key: &str, intent: &Intent) -> Result<Applied> {
    let key = OpKey(key.into());
    let op = source.plan(&key, intent)?.unwrap();
    assert_eq!(source.prepare(&key, &op).await?, None);
    source.apply(&key, &op).await
}

fn seconds(error: SourceError) -> u64 {
    let SourceError::Throttled { retry_after } = error else { panic!("{error:?}") };
    retry_after.as_secs()
}

#[tokio::test]
async fn each_way_is_tested_and_nothing_is_sent_by_that() {
    let fake = FakeChannels::start();
    for (source, who) in [(slack(&fake), None), (telegram(&fake), Some("@inlet_bot")), (webhook(&fake), None)] {
        let report = source.check().await.unwrap();
        assert!(report.ok(), "{:?}", report.steps);
        assert_eq!(report.identity.as_deref(), who);
        let capabilities = source.capabilities();
        assert!(capabilities.send && capabilities.send_only && source.scopes().await.unwrap().is_empty());
    }
    assert!(fake.taken().is_empty());
    let stranger = Via::Telegram { chat: "12".into(), api_root: fake.telegram() };
    let wrong = [
        channel(Via::SlackWebhook, "https://example.org/services/T/B/X"),
        channel(stranger.clone(), BOT_TOKEN),
        channel(stranger, "1:wrong"),
        channel(Via::Webhook { url: "https://10.0.0.1/".into() }, SIGNING),
        channel(Via::Webhook { url: fake.receiver() }, "secret"),
    ];
    for source in wrong {
        let report = source.check().await.unwrap();
        let failed = report.steps.iter().find(|step| !step.ok).unwrap();
        assert!(failed.fix.is_some(), "{failed:?}");
    }
    assert!(fake.complaints().is_empty(), "{:?}", fake.complaints());
}

#[tokio::test]
async fn what_is_told_arrives_as_text_and_nothing_of_it_is_markup() {
    let fake = FakeChannels::start();
    let intent = told(
        "Deploy <!channel> & *all*",
        "It <b>failed</b> & <https://evil.test|is fine>",
        Some("https://ci.test/1?a=1&b=2"),
    );
    for source in [slack(&fake), telegram(&fake), webhook(&fake)] {
        let applied = send(&source, "msg_1", &intent).await.unwrap();
        assert!(applied.detail.is_some_and(|detail| !detail.contains("1000")), "ids are masked");
    }
    let taken = fake.taken();
    let slack = &taken[0].2;
    assert_eq!(slack["text"], "Deploy &lt;!channel&gt; &amp; *all*");
    let blocks = slack["blocks"].as_array().unwrap();
    assert_eq!(blocks[0]["text"]["text"], "Deploy <!channel> & *all*");
    assert_eq!(blocks[1]["text"]["type"], "plain_text");
    assert_eq!(blocks[2]["text"]["text"], "<https://ci.test/1?a=1&amp;b=2>");
    assert_eq!(blocks[3]["elements"][0]["text"], "via Inlet");
    let telegram = &taken[1].2;
    assert_eq!(
        telegram["text"],
        "Deploy <!channel> & *all*\n\nIt <b>failed</b> & <https://evil.test|is fine>\n\nhttps://ci.test/1?a=1&b=2\n\nvia Inlet"
    );
    assert!(telegram.get("parse_mode").is_none());
    let (_, id, hook) = &taken[2];
    assert_eq!((id.as_str(), &hook["type"], &hook["timestamp"]), ("msg_1", &"inlet.message".into(), &AT.into()));
    assert_eq!(hook["data"]["link"], "https://ci.test/1?a=1&b=2");
    assert!(fake.complaints().is_empty(), "{:?}", fake.complaints());
}

#[tokio::test]
async fn what_is_too_long_is_cut_and_what_is_empty_is_left_out() {
    let fake = FakeChannels::start();
    let long = told(&"Title ".repeat(100), &"🌍 words ".repeat(2000), None);
    for source in [slack(&fake), telegram(&fake)] {
        send(&source, "msg_1", &long).await.unwrap();
        send(&source, "msg_2", &told("Only a title", "", None)).await.unwrap();
        send(&source, "msg_3", &told("", "Only text", None)).await.unwrap();
    }
    assert!(fake.complaints().is_empty(), "{:?}", fake.complaints());
    let text = fake.taken()[3].2["text"].as_str().unwrap().to_owned();
    assert!(text.ends_with("…\n\nvia Inlet"), "it says where it comes from, however long it is: {text}");
}

#[tokio::test]
async fn files_are_refused_and_nothing_but_telling_is_planned() {
    let fake = FakeChannels::start();
    let file = OutgoingAttachment { name: "a".into(), mime: "text/plain".into(), data: vec![1], content_id: None };
    let with_file = Intent::Send(Box::new(Outgoing { attachments: vec![file], ..Outgoing::default() }));
    let read = Intent::SetFlags { targets: Vec::new(), read: Some(true), starred: None, answered: None };
    let key = OpKey("msg_1".into());
    for source in [slack(&fake), telegram(&fake), webhook(&fake)] {
        assert!(matches!(source.plan(&key, &with_file), Err(SourceError::Permanent(_))));
        assert_eq!(source.plan(&key, &read).unwrap(), None);
    }
}

#[tokio::test]
async fn refusals_are_decisions() {
    let fake = FakeChannels::start();
    let json = |code: u16, more: &str| format!("{{\"ok\":false,\"error_code\":{code},\"description\":\"x\"{more}}}");
    let cases: [(Arc<dyn DynSource>, u16, String, &str); 22] = [
        (slack(&fake), 404, "no_service".into(), "auth_needed"),
        (slack(&fake), 403, "invalid_token".into(), "auth_needed"),
        (slack(&fake), 404, "channel_not_found".into(), "auth_needed"),
        (slack(&fake), 410, "channel_is_archived".into(), "auth_needed"),
        (slack(&fake), 403, "action_prohibited".into(), "auth_needed"),
        (slack(&fake), 400, "invalid_payload".into(), "permanent"),
        (slack(&fake), 500, "rollup_error".into(), "transient"),
        (slack(&fake), 503, String::new(), "transient"),
        (slack(&fake), 502, "<html>".into(), "unknown"),
        (telegram(&fake), 401, json(401, ""), "auth_needed"),
        (telegram(&fake), 403, json(403, ""), "auth_needed"),
        (telegram(&fake), 400, json(400, ""), "permanent"),
        (telegram(&fake), 400, json(400, ",\"parameters\":{\"migrate_to_chat_id\":-1001}"), "auth_needed"),
        (telegram(&fake), 500, json(500, ""), "transient"),
        (telegram(&fake), 502, "<html>".into(), "unknown"),
        (webhook(&fake), 401, String::new(), "auth_needed"),
        (webhook(&fake), 410, String::new(), "auth_needed"),
        (webhook(&fake), 404, String::new(), "permanent"),
        (webhook(&fake), 302, String::new(), "permanent"),
        (webhook(&fake), 408, String::new(), "transient"),
        (webhook(&fake), 500, String::new(), "transient"),
        (webhook(&fake), 502, String::new(), "transient"),
    ];
    for (number, (source, status, body, code)) in cases.into_iter().enumerate() {
        fake.mishap(Mishap::Answers(status, None, body.clone()));
        let error = send(&source, &format!("msg_{number}"), &told("t", "x", None)).await.unwrap_err();
        assert_eq!(error.code(), code, "{status} {body}: {error}");
        assert!(!error.to_string().contains("ABC-DEF"), "no token in {error}");
    }
    assert!(fake.taken().is_empty());
}

#[tokio::test]
async fn who_asks_for_patience_gets_it() {
    let fake = FakeChannels::start();
    let body = "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests: retry after 7\",\"parameters\":{\"retry_after\":7}}";
    fake.mishap(Mishap::Answers(429, Some(12), String::new()));
    fake.mishap(Mishap::Answers(429, None, body.into()));
    fake.mishap(Mishap::Answers(503, Some(90), String::new()));
    for (source, wanted) in [(slack(&fake), 12), (telegram(&fake), 7), (webhook(&fake), 90)] {
        let intent = told("t", "x", None);
        assert_eq!(seconds(send(&source, "msg_1", &intent).await.unwrap_err()), wanted);
        // Nothing is asked before the time is over.
        let left = seconds(send(&source, "msg_2", &intent).await.unwrap_err());
        assert!((1..=wanted).contains(&left), "{left}");
    }
    assert!(fake.taken().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_channel_is_given_so_many_a_minute() {
    let config = ChannelConfig { via: Via::Webhook { url: "http://127.0.0.1:9/".into() }, per_minute: Some(2) };
    let account = Account { id: AccountId(1), name: "watch".into(), config: AccountConfig::Channel(config) };
    let opened = open(&account, Arc::new(FixedSecret::new(SIGNING)), Arc::new(MemoryQueue::default())).unwrap();
    let source = opened.into_iter().next().map(AnySource::into_dyn).unwrap();
    let key = OpKey("msg_1".into());
    let op = source.plan(&key, &told("t", "x", None)).unwrap().unwrap();
    let begun = tokio::time::Instant::now();
    for _ in 0..4 {
        source.prepare(&key, &op).await.unwrap();
    }
    assert_eq!(begun.elapsed().as_secs(), 60, "two at once, and then one in half a minute");
}

#[tokio::test]
async fn a_lost_answer_is_in_doubt_unless_the_receiver_knows_a_repetition() {
    let fake = FakeChannels::start();
    let intent = told("t", "x", None);
    for source in [slack(&fake), telegram(&fake)] {
        fake.mishap(Mishap::Lost);
        let error = send(&source, "msg_1", &intent).await.unwrap_err();
        assert_eq!(error.code(), "unknown");
        assert!(!source.capabilities().idempotent_send);
        let op = source.plan(&OpKey("msg_1".into()), &intent).unwrap().unwrap();
        assert_eq!(source.find_applied(&OpKey("msg_1".into()), &op).await.unwrap(), None);
    }
    let source = webhook(&fake);
    assert!(source.capabilities().idempotent_send);
    fake.mishap(Mishap::Lost);
    assert_eq!(send(&source, "msg_9", &intent).await.unwrap_err().code(), "transient");
    send(&source, "msg_9", &intent).await.unwrap();
    let hooks = fake.taken().into_iter().filter(|(way, ..)| *way == "webhook").count();
    assert_eq!(hooks, 1, "the receiver has it once");
}

fn smtp(server: &SmtpServer, secret: &str) -> Arc<dyn DynSource> {
    let config = SmtpConfig {
        from: "anna@inlet.test".into(),
        to: "watch@inlet.test".into(),
        user: None,
        server: server.plain_endpoint(),
        tls: Tls::LoopbackPlain,
        ca: None,
    };
    channel(Via::Smtp(config), secret)
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_is_submitted_the_same_at_every_attempt() {
    if !SmtpServer::available() {
        return;
    }
    let server = SmtpServer::start(SmtpOptions::default()).await;
    let source = smtp(&server, "secret");
    let report = source.check().await.unwrap();
    assert!(report.ok(), "{:?}", report.steps);
    assert!(server.mails().is_empty());
    let intent = told("Grüße", "It works.", Some("https://ci.test/1"));
    send(&source, "msg_1", &intent).await.unwrap();
    send(&source, "msg_1", &intent).await.unwrap();
    let mails = server.wait_for(2).await;
    let raw = String::from_utf8_lossy(&mails[0].raw).into_owned();
    assert_eq!(mails[0].raw, mails[1].raw);
    for line in ["Message-ID: <msg_1@inlet.test>", "Auto-Submitted: auto-generated", "https://ci.test/1", "via Inlet"] {
        assert!(raw.contains(line), "{line} in {raw}");
    }
    let wrong = smtp(&server, "wrong");
    assert!(!wrong.check().await.unwrap().ok());
    assert_eq!(send(&wrong, "msg_2", &intent).await.unwrap_err().code(), "auth_needed");
    server.faults(SmtpFaults { after_dot: Some(AfterDot::Keep), ..SmtpFaults::default() }).await;
    assert_eq!(send(&source, "msg_3", &intent).await.unwrap_err().code(), "unknown");
}
