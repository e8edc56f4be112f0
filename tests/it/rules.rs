//! Rules: what comes in is filed, told, sent on and answered by itself, once, and can be taken back.

use std::{path::Path, process::Stdio, sync::Arc};

use inlet_model::{ImapConfig, Party, SourceError, SourceId, Timestamp, UnifiedEmail};
use inlet_orchestrator::{
    App, AppOptions, Clock,
    api::types::{
        AccountView, ActionList, Compose, Lesson, NoticeBoard, NoticeEntry, NoticeReason, OpKind, OpState, Place,
        RuleCondition, RuleEntry, RuleLogEntry, RuleOutcome, RuleRefusal, RuleRun, RuleTest, RuleVerdict, SourceState,
        ThreadRow, UserRule,
    },
};
use inlet_testkit::{Dovecot, DovecotOptions, SmtpOptions, SmtpServer};
use serde_json::{Value, json};

use crate::{
    harness::{Engine, LIMIT, Setup},
    scripted::{Fault, New, Script, mail},
    taxonomy::{arrives, engine, live},
};

/// A mail that is sent in this moment.
fn now(id: &str) -> New<'_> {
    let noon: Timestamp = "2026-06-01T12:00:00Z".parse().unwrap();
    New { minute: Timestamp::now().duration_since(noon).as_mins() + 1, ..mail(id) }
}

async fn world() -> (Engine, Script, SourceId) {
    let script = Script::new("post");
    script.deliver("INBOX", mail("old"));
    let engine = engine(&[("post", &script)]).await;
    let id = live(&engine, "post").await;
    arrives(&engine, "old").await;
    (engine, script, id)
}

async fn add(engine: &Engine, toml: &str) -> Vec<UserRule> {
    engine.call("rules.add", json!({ "toml": toml })).await
}

async fn log(engine: &Engine, rule: Option<&str>) -> Vec<RuleLogEntry> {
    engine.call("rules.log", json!({ "rule": rule, "limit": 1000 })).await
}

/// What this rule made of the item of that title, once it has looked at it.
async fn verdict(engine: &Engine, rule: &str, title: &str) -> RuleVerdict {
    let what = format!("{rule} about {title}");
    let found =
        engine.until(&what, async || log(engine, Some(rule)).await.into_iter().find(|entry| entry.title == title));
    found.await.rules.remove(0)
}

fn outcomes(verdict: &RuleVerdict) -> Vec<RuleOutcome> {
    verdict.steps.iter().map(|step| step.outcome).collect()
}

async fn row(engine: &Engine, title: &str) -> ThreadRow {
    engine.titled(title).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_is_filed_logged_and_taken_back() {
    let (engine, script, id) = world().await;
    add(
        &engine,
        "[[rule]]\nid = 'bob'\nname = 'From Bob'\npriority = 10\nwhen = { domain = 'sender.test', subject = ['news', 'more'] }\n\
         then = { star = true, read = true, archive = true }\n\
         [[rule]]\nid = 'other'\nname = 'Else'\npriority = 20\nwhen = { subject = 'nothing' }\nthen = { mute = true }",
    )
    .await;
    // What I did myself is what Z takes back, whatever a rule has done since.
    let old = row(&engine, "old").await;
    engine.act("star", old.id).await;

    script.deliver("INBOX", now("news"));
    script.deliver("INBOX", now("quiet"));
    let held = verdict(&engine, "bob", "news").await;
    assert!(held.held && held.undo.is_some() && !held.undone);
    assert_eq!(held.conditions, [RuleCondition::Domain, RuleCondition::Subject]);
    assert_eq!(outcomes(&held), [RuleOutcome::Done; 3]);
    let news = row(&engine, "news").await;
    assert_eq!((news.place, news.starred, news.unread), (Place::Archive, true, 0));
    let missed = verdict(&engine, "other", "news").await;
    assert_eq!((missed.held, missed.missed), (false, Some(RuleCondition::Subject)));
    assert_eq!(verdict(&engine, "bob", "quiet").await.missed, Some(RuleCondition::Subject));
    engine.outbox_empty().await;
    assert!(script.find("news").iter().any(|(folder, flags)| folder == "Archive" && flags.starred && flags.read));
    assert!(!log(&engine, None).await.iter().any(|entry| entry.title == "old"), "what was there before is left alone");
    let list: Vec<RuleEntry> = engine.call("rules.list", Value::Null).await;
    assert_eq!(
        list.iter().map(|entry| (entry.rule.id.as_str(), entry.held)).collect::<Vec<_>>(),
        [("bob", 1), ("other", 0)]
    );

    engine.undo(None).await;
    assert!(!row(&engine, "old").await.starred && row(&engine, "news").await.starred);
    engine.undo(held.undo).await;
    let news = row(&engine, "news").await;
    assert_eq!((news.place, news.starred, news.unread), (Place::Inbox, false, 1));
    assert!(verdict(&engine, "bob", "news").await.undone);
    engine.resync(id).await;
    assert_eq!(row(&engine, "news").await.place, Place::Inbox, "a rule looks at nothing twice");
    let engine = engine.restart().await;
    script.deliver("INBOX", now("more"));
    verdict(&engine, "bob", "more").await;
    assert_eq!(log(&engine, Some("bob")).await.iter().filter(|entry| entry.title == "news").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_is_off_or_removed_does_nothing_and_the_past_is_asked_for() {
    let (engine, script, _) = world().await;
    add(&engine, "id = 'star'\nname = 'Star'\nthen = { star = true, forward = 'ana@elsewhere.test' }").await;
    let _: UserRule = engine.call("rules.switch", json!({ "id": "star", "enabled": false })).await;
    script.deliver("INBOX", now("while off"));
    arrives(&engine, "while off").await;
    let _: UserRule = engine.call("rules.switch", json!({ "id": "star", "enabled": true })).await;
    script.deliver("INBOX", now("while on"));
    verdict(&engine, "star", "while on").await;
    assert!(!row(&engine, "while off").await.starred);

    // The past is filed when somebody asks for it, and nothing is sent about it.
    let run: RuleRun = engine.call("rules.run", json!({ "id": "star", "last": 100 })).await;
    assert_eq!((run.looked_at, run.held, run.changed), (3, 3, 2));
    assert!(row(&engine, "while off").await.starred && row(&engine, "old").await.starred);
    let sends = engine.ops().await.into_iter().filter(|op| op.kind == OpKind::Send).count();
    assert_eq!(sends, 1, "what came while it was on");
    let past = verdict(&engine, "star", "old").await;
    assert_eq!(past.steps[1].refusal, Some(RuleRefusal::Past));
    engine.undo(past.undo).await;
    assert!(!row(&engine, "old").await.starred);

    let _: Value = engine.call("rules.remove", json!({ "id": "star" })).await;
    script.deliver("INBOX", now("afterwards"));
    assert!(!arrives(&engine, "afterwards").await.starred);
    assert_eq!(
        engine.ask("rules.remove", json!({ "id": "star" })).await.unwrap_err().message,
        "The rule \"star\" was not found."
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_stops_neither_the_rule_nor_the_next_item() {
    let (engine, script, _) = world().await;
    // A mailbox of IMAP has no labels.
    add(&engine, "id = 'both'\nname = 'Both'\nthen = { label = 'Money', star = true, place = 'Projects' }").await;
    script.deliver("INBOX", now("first"));
    script.deliver("INBOX", now("second"));
    for title in ["first", "second"] {
        let held = verdict(&engine, "both", title).await;
        assert_eq!(outcomes(&held), [RuleOutcome::Refused, RuleOutcome::Done, RuleOutcome::Done]);
        assert!(held.steps[0].detail.as_ref().unwrap().ends_with('.'));
        let row = row(&engine, title).await;
        assert!(row.starred && row.labels.contains(&"Projects".to_owned()), "{row:?}");
    }
    let _: Value = engine
        .call(
            "rules.put",
            json!({ "rule": { "name": "Both", "priority": 5, "enabled": true, "when": {}, "then": { "read": true } } }),
        )
        .await;
    let list: Vec<RuleEntry> = engine.call("rules.list", Value::Null).await;
    assert_eq!(
        list.iter().map(|entry| entry.rule.id.as_str()).collect::<Vec<_>>(),
        ["both-2", "both"],
        "a new rule takes no other's place"
    );
    let list: Vec<RuleEntry> = engine.call("rules.order", json!({ "ids": ["both", "both-2"] })).await;
    assert_eq!(
        list.iter().map(|entry| (entry.rule.id.as_str(), entry.rule.priority)).collect::<Vec<_>>(),
        [("both", 10), ("both-2", 20)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_on_what_is_thought_waits_until_it_is() {
    let (engine, script, _) = world().await;
    add(&engine, "id = 'asked'\nname = 'Asked'\nwhen = { state = 'reply', score = 35 }\nthen = { star = true }").await;
    script.deliver_text("INBOX", now("ask"), "Could you please send me the signed contract by tomorrow?");
    script.deliver_text("INBOX", now("thanks"), "Thanks, got it.");
    assert!(verdict(&engine, "asked", "ask").await.held);
    assert_eq!(verdict(&engine, "asked", "thanks").await.missed, Some(RuleCondition::State));
    assert!(row(&engine, "ask").await.starred);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_asks_for_the_language_and_whether_i_am_called() {
    let (engine, script, _) = world().await;
    // What I am called is what I write under.
    let from = vec![Party::named("Robin Vale", "me@post.test")];
    let mine = UnifiedEmail { from, from_me: true, ..script.written(now("mine")) };
    script.put("Sent", mine);
    arrives(&engine, "mine").await;
    let toml =
        "id = 'called'\nname = 'Called'\nwhen = { language = ['de', 'nl'], mentioned = true }\nthen = { star = true }";
    add(&engine, toml).await;
    for (id, text) in [
        ("called", "Robin, kannst du mir bitte den Vertrag schicken? Dann ist er morgen da."),
        (
            "quoted",
            "Robin, please have a look at that.\n\nAm 1.6.2026 schrieb Ben:\n> Kannst du mir das bitte schicken?",
        ),
        ("nobody", "Kannst du mir bitte den Vertrag schicken? Dann ist er morgen da."),
        ("short", "Robin: ok"),
    ] {
        script.deliver_text("INBOX", now(id), text);
    }
    let held = verdict(&engine, "called", "called").await;
    assert_eq!(held.conditions, [RuleCondition::Language, RuleCondition::Mentioned]);
    assert!(row(&engine, "called").await.starred);
    assert_eq!(
        verdict(&engine, "called", "quoted").await.missed,
        Some(RuleCondition::Language),
        "a quote is no language"
    );
    assert_eq!(verdict(&engine, "called", "nobody").await.missed, Some(RuleCondition::Mentioned));
    assert_eq!(verdict(&engine, "called", "short").await.missed, Some(RuleCondition::Language));
    let test: RuleTest = engine.call("rules.test", json!({ "toml": toml, "last": 500 })).await;
    assert_eq!(test.items.iter().map(|hit| hit.title.as_str()).collect::<Vec<_>>(), ["called"]);
    assert!(test.missed.contains(&(RuleCondition::Mentioned, 1)), "{:?}", test.missed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_says_how_something_is_told() {
    let (engine, script, _) = world().await;
    // Quiet for twenty-three hours around now, wherever the machine is.
    let hour = Timestamp::now().to_zoned(jiff::tz::TimeZone::system()).hour();
    let quiet = (format!("{:02}:00", (hour + 12) % 24), format!("{:02}:00", (hour + 11) % 24));
    for (key, value) in [
        ("notifications.direct", "off"),
        ("notifications.quiet_from", &quiet.0),
        ("notifications.quiet_until", &quiet.1),
    ] {
        let _: Value = engine.call("config.set", json!({ "key": key, "value": value })).await;
    }
    add(
        &engine,
        "[[rule]]\nname = 'Alarm'\nwhen = { subject = 'alarm' }\nthen = { notify = 'critical', archive = true }\n\
         [[rule]]\nname = 'Hush'\nwhen = { subject = 'hush' }\nthen = { notify = 'off' }",
    )
    .await;
    script.deliver("INBOX", now("hush"));
    script.deliver("INBOX", now("alarm"));
    let told = async |title: &str| {
        let found = engine.until(title, async || {
            let log: Vec<NoticeEntry> = engine.call("notices.list", json!({ "limit": 1000 })).await;
            log.into_iter().find(|entry| entry.title == title)
        });
        found.await.reason
    };
    assert_eq!(told("alarm").await, NoticeReason::Rule);
    assert_eq!(told("hush").await, NoticeReason::Quiet, "quiet comes before what a rule says");
    // Outside of the quiet hours it is the rule that keeps it, and nothing else would.
    for (key, value) in [("notifications.direct", "normal"), ("notifications.quiet_from", "")] {
        let _: Value = engine.call("config.set", json!({ "key": key, "value": value })).await;
    }
    script.deliver("INBOX", now("hush again"));
    assert_eq!(told("hush again").await, NoticeReason::RuleOff);
    script.deliver("INBOX", now("plain"));
    assert_eq!(told("plain").await, NoticeReason::Direct);
    let board: NoticeBoard = engine.call("notices.standing", Value::Null).await;
    assert!(board.notices.iter().any(|notice| notice.title == "plain"), "{board:?}");
    assert!(board.notices.iter().all(|notice| notice.title == "alarm" || notice.title == "plain"), "{board:?}");
}

/// Every row of every table.
fn dump(data: &Path) -> Vec<String> {
    let conn = rusqlite::Connection::open(data.join("inlet.db")).unwrap();
    let mut tables = conn.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").unwrap();
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut rows = Vec::new();
    for table in tables {
        let mut statement = conn.prepare(&format!("SELECT * FROM {table} ORDER BY 1")).unwrap();
        let columns = statement.column_count();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let values: Vec<rusqlite::types::Value> = (0..columns).map(|column| row.get(column).unwrap()).collect();
            rows.push(format!("{table} {values:?}"));
        }
    }
    rows.sort();
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_what_would_change_and_changes_nothing() {
    let engine = Engine::demo().await;
    let _: Value = engine.call("actions.list", json!({ "which": "all" })).await;
    inlet_testkit::timeout(LIMIT, engine.app.shutdown()).await;
    let data = engine.data();
    let folder = engine.folder.clone();
    drop(engine);
    let mut options = AppOptions::new(data.clone(), Arc::new(|_, _, _| Ok(Vec::new())));
    (options.background, options.use_keyring) = (false, false);
    // It stands still, so that nothing that was thought grows old between two looks.
    let still = Timestamp::now();
    options.clock = Clock::from_fn(move || still);
    let app = inlet_testkit::timeout(LIMIT, App::start(options)).await.unwrap();
    let test = async |toml: &str| -> RuleTest {
        serde_json::from_value(app.rpc("rules.test", json!({ "toml": toml, "last": 500 })).await.unwrap()).unwrap()
    };
    // What was thought is thought; from here on nothing is written.
    test("name = 'warm'\nwhen = { state = 'reply' }\nthen = { star = true }").await;
    let before = dump(&data);
    let all = test("name = 'x'\nthen = { star = true }").await;
    assert_eq!((all.looked_at, all.held, all.items.len()), (500, 500, 500), "no condition holds for everything");
    assert!(all.changes < all.held, "some have a star already");
    let asked = test("name = 'x'\nwhen = { state = 'reply', kind = 'mail' }\nthen = { archive = true, reply = 'Away', forward = 'boss@x.test' }").await;
    assert!(asked.held > 3 && asked.held < 300, "{}", asked.held);
    assert_eq!(asked.missed.iter().map(|(_, times)| times).sum::<u64>() + asked.held, 500);
    assert!(asked.items.iter().all(|hit| hit.rules.len() == 1 && hit.rules[0].steps.len() == 3));
    assert!(asked.items.windows(2).all(|two| two[0].at >= two[1].at), "the newest first");
    assert_eq!(dump(&data), before, "nothing was written");
    let wrong = app.rpc("rules.test", json!({ "toml": "name = 'x'\n[when]\nkind = 'letter'" })).await.unwrap_err();
    assert!(wrong.message.starts_with("Line 3: "), "{wrong}");
    app.shutdown().await;
    drop(folder);
}

// Two people with rules that answer, and a real server between them.

const ANNA: &str = "anna@inlet.test";
const BOB: &str = "bob@inlet.test";

async fn person(address: &str, dovecot: &Dovecot, smtp: &SmtpServer) -> (Engine, SourceId) {
    let engine = Engine::with(Setup { connectors: true, ..Setup::default() }).await;
    let ca = engine.folder.path().join("ca.pem");
    let both = [dovecot.ca(), smtp.ca()].map(|path| std::fs::read_to_string(path).unwrap()).join("\n");
    std::fs::write(&ca, both).unwrap();
    let config = ImapConfig { smtp: Some(smtp.tls_endpoint()), ca: Some(ca), ..dovecot.config(address) };
    let view: AccountView = engine.call("accounts.add_imap", json!({ "config": config, "password": "secret" })).await;
    let id = view.sources[0].id;
    engine.state_of(id, SourceState::Live).await;
    let template =
        json!({ "kind": "template", "name": "Away", "data": { "text": "I am away, {name}.", "subject": "" } });
    let _: Value = engine.call("kept.put", template).await;
    (engine, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_that_answer_each_other_end_after_one() {
    if !Dovecot::available() || !SmtpServer::available() {
        println!("skipped: two that answer each other: Dovecot or Node.js is not installed");
        return;
    }
    let dovecot = Dovecot::start(DovecotOptions::users(&[ANNA, BOB])).await;
    let smtp = SmtpServer::start(SmtpOptions::delivering_to(&dovecot)).await;
    let (anna, _) = person(ANNA, &dovecot, &smtp).await;
    let (bob, from_bob) = person(BOB, &dovecot, &smtp).await;
    for engine in [&anna, &bob] {
        add(engine, "id = 'away'\nname = 'Away'\nthen = { reply = 'Away' }").await;
    }
    let message = Compose {
        source: Some(from_bob),
        to: vec![inlet_model::Party { name: None, handle: ANNA.into() }],
        subject: "Lunch?".into(),
        text: "Shall we?".into(),
        ..Compose::default()
    };
    let op: Value = bob.call("send", json!({ "message": message, "undo_seconds": 0 })).await;
    let answered = verdict(&anna, "away", "Lunch?").await;
    assert_eq!(answered.steps[0].outcome, RuleOutcome::Refused, "Bob wrote no name, and a template has one");
    assert_eq!(answered.steps[0].refusal, Some(RuleRefusal::Platform));
    drop(op);

    // With a template that can be filled in.
    for engine in [&anna, &bob] {
        let template = json!({ "kind": "template", "name": "Back soon", "data": { "text": "Away until Monday." } });
        let _: Value = engine.call("kept.put", template).await;
        add(engine, "id = 'away'\nname = 'Away'\nthen = { reply = 'Back soon' }").await;
    }
    let message = Compose { subject: "Dinner?".into(), ..message };
    let _: Value = bob.call("send", json!({ "message": message, "undo_seconds": 0 })).await;
    let answered = verdict(&anna, "away", "Dinner?").await;
    assert_eq!(outcomes(&answered), [RuleOutcome::Done]);
    let mails = smtp.wait_for(3).await;
    let answer = mails[2].text();
    for header in
        ["Auto-Submitted: auto-replied", "X-Inlet-Passed: ", "X-Auto-Response-Suppress: All", "Subject: Re: Dinner?"]
    {
        assert!(answer.contains(header), "{header} in\n{answer}");
    }
    assert!(!answer.contains("X-Inlet-Passed: anna"), "a mark tells no address");

    // Bob's rule sees it, and says nothing.
    let heard = verdict(&bob, "away", "Dinner?").await;
    assert_eq!(heard.steps[0].refusal, Some(RuleRefusal::Automatic));
    // When Bob himself goes on, he is not answered again.
    let thread = row(&bob, "Dinner?").await;
    bob.reply(thread.id, "Monday, then.").await;
    let again = anna.until("the second mail of the thread", async || {
        let log = log(&anna, Some("away")).await;
        log.into_iter().find(|entry| entry.rules[0].steps[0].refusal == Some(RuleRefusal::Again))
    });
    again.await;
    anna.outbox_empty().await;
    bob.outbox_empty().await;
    assert_eq!(smtp.mails().len(), 4, "two letters of Bob, one answer of Anna's rule, and Bob's");

    // Undone in time it never leaves; what has left stays, and the undo says so.
    let undone: Value = anna.call("undo", json!({ "undo": answered.undo })).await;
    assert!(undone["message"].as_str().unwrap().ends_with("what was sent stays sent"), "{undone}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_on_says_so_and_takes_its_files_along() {
    if !Dovecot::available() || !SmtpServer::available() {
        println!("skipped: what is sent on: Dovecot or Node.js is not installed");
        return;
    }
    let dovecot = Dovecot::start(DovecotOptions::users(&[ANNA, BOB])).await;
    let smtp = SmtpServer::start(SmtpOptions::delivering_to(&dovecot)).await;
    let (anna, _) = person(ANNA, &dovecot, &smtp).await;
    add(&anna, "id = 'on'\nname = 'On'\nwhen = { attachment = '*.csv' }\nthen = { forward = ['bob@inlet.test', 'Bob@inlet.test', 'anna@inlet.test'] }").await;
    let date = jiff::fmt::rfc2822::to_string(&Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC)).unwrap();
    let letter = |id: &str, more: &str| {
        format!(
            "Message-ID: <{id}@shop.test>\r\nDate: {date}\r\nFrom: Shop <orders@shop.test>\r\nTo: {ANNA}\r\nSubject: {id}\r\n{more}\
             MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nYour order.\r\n--b\r\n\
             Content-Type: text/csv; name=order.csv\r\nContent-Disposition: attachment; filename=order.csv\r\n\r\na,b,c\r\n--b--\r\n"
        )
    };
    dovecot.deliver(ANNA, "INBOX", letter("order", "Auto-Submitted: auto-generated\r\n").as_bytes());
    let held = verdict(&anna, "on", "order").await;
    assert_eq!(outcomes(&held), [RuleOutcome::Done, RuleOutcome::Refused]);
    assert_eq!(held.steps[1].refusal, Some(RuleRefusal::Own));
    let mails = smtp.wait_for(1).await;
    assert_eq!(mails[0].to, [BOB], "once, and not to myself");
    let text = mails[0].text();
    for part in ["Auto-Submitted: auto-generated", "Subject: Fwd: order", "Your order.", "order.csv"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    let mark = text.lines().find_map(|line| line.strip_prefix("X-Inlet-Passed: ")).unwrap().trim().to_owned();

    // What has passed here already goes no further.
    dovecot.deliver(ANNA, "INBOX", letter("circle", &format!("X-Inlet-Passed: {mark}\r\n")).as_bytes());
    assert_eq!(verdict(&anna, "on", "circle").await.steps[0].refusal, Some(RuleRefusal::Passed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_and_the_mailbox_it_writes_to_are_one_recipient() {
    if !Dovecot::available() || !SmtpServer::available() {
        println!("skipped: a channel and its mailbox: Dovecot or Node.js is not installed");
        return;
    }
    let dovecot = Dovecot::start(DovecotOptions::users(&[ANNA, BOB])).await;
    let smtp = SmtpServer::start(SmtpOptions::delivering_to(&dovecot)).await;
    let (anna, _) = person(ANNA, &dovecot, &smtp).await;
    for (name, to) in [("Bob by mail", "Bob@INLET.test"), ("Me by mail", "Anna@Inlet.TEST")] {
        let via = json!({ "kind": "smtp", "from": ANNA, "to": to, "server": smtp.tls_endpoint(), "ca": smtp.ca() });
        let params = json!({ "config": { "via": via }, "secret": "secret", "name": name });
        let _: AccountView = anna.call("accounts.add_channel", params).await;
    }
    add(
        &anna,
        "[[rule]]\nid = 'a'\nname = 'a'\npriority = 1\n\
         then = { forward = ['bob@inlet.test', 'ANNA@inlet.test', 'channel:Bob by mail', 'channel:Me by mail'] }\n\
         [[rule]]\nid = 'b'\nname = 'b'\npriority = 2\nthen = { forward = ['channel:Bob by mail', 'BOB@inlet.test'] }",
    )
    .await;
    let date = jiff::fmt::rfc2822::to_string(&Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC)).unwrap();
    let letter = format!(
        "Message-ID: <1@shop.test>\r\nDate: {date}\r\nFrom: Shop <orders@shop.test>\r\nTo: {ANNA}\r\nSubject: order\r\n\r\nYour order.\r\n"
    );
    dovecot.deliver(ANNA, "INBOX", letter.as_bytes());
    let held = verdict(&anna, "a", "order").await;
    let refusals = |verdict: &RuleVerdict| verdict.steps.iter().map(|step| step.refusal).collect::<Vec<_>>();
    let (own, twice) = (Some(RuleRefusal::Own), Some(RuleRefusal::Twice));
    assert_eq!(refusals(&held), [None, own, twice, own]);
    for (step, address) in [(1, "ANNA@inlet.test"), (3, "Anna@Inlet.TEST")] {
        let said = held.steps[step].detail.as_ref().unwrap();
        assert!(said.contains(&format!("What is sent to {address} comes in here again")), "{said}");
    }
    let also = log(&anna, Some("b")).await.into_iter().find(|entry| entry.title == "order").unwrap();
    assert_eq!(refusals(&also.rules[0]), [twice, twice]);
    anna.outbox_empty().await;
    let mails = smtp.wait_for(1).await;
    assert_eq!(mails.iter().map(|mail| mail.to.as_slice()).collect::<Vec<_>>(), [[BOB]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_not_left_yet_is_taken_back_with_the_rest() {
    let (engine, script, _) = world().await;
    add(&engine, "id = 'on'\nname = 'On'\nthen = { star = true, forward = 'ana@elsewhere.test' }").await;
    for _ in 0..50 {
        script.fail_apply("send", Fault::Fails(SourceError::Offline("There is no network.".into())));
    }
    script.deliver("INBOX", now("regret"));
    let held = verdict(&engine, "on", "regret").await;
    let tried = engine.until("a message that waits for the network", async || {
        engine
            .ops()
            .await
            .into_iter()
            .find(|op| op.kind == OpKind::Send && op.state == OpState::Queued && op.attempts > 0)
    });
    let op = tried.await;
    engine.undo(held.undo).await;
    assert_eq!(engine.op(op.id).await.state, OpState::Cancelled);
    assert!(!row(&engine, "regret").await.starred && script.submitted().is_empty());
}

// The command line.

async fn inlet(data: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_inlet"));
    command.args(["--json", "--data-dir"]).arg(data).args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    let output = inlet_testkit::timeout(LIMIT, command.output()).await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_adds_tries_lists_and_removes_rules() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    assert_eq!(inlet(&data, &["demo", "--seed", "7"]).await.0, 0);
    let good = file("good.toml", "name = 'Everything'\nthen = { star = true }\n");
    let wrong = file("wrong.toml", "name = 'x'\n[when]\ndomian = 'x'\n[then]\nstar = true\n");
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    for command in ["add", "test"] {
        let (code, _, error) = inlet(&data, &["rules", command, &wrong]).await;
        let message = json(&error)["error"]["message"].as_str().unwrap().to_owned();
        assert_eq!(code, 2, "{message}");
        assert!(message.contains("wrong.toml: Line 3: ") && message.contains("\"domain\""), "{message}");
    }
    let (code, out, _) = inlet(&data, &["rules", "test", &good, "--last", "20"]).await;
    assert_eq!((code, json(&out)["looked_at"].as_u64(), json(&out)["held"].as_u64()), (0, Some(20), Some(20)));
    assert_eq!(json(&inlet(&data, &["rules", "list"]).await.1), json!({ "rules": [] }), "a test keeps nothing");
    let (code, out, _) = inlet(&data, &["rules", "add", &good]).await;
    assert_eq!((code, json(&out)["rules"][0]["id"].as_str()), (0, Some("everything")));
    let listed = json(&inlet(&data, &["rules"]).await.1);
    assert_eq!(listed["rules"][0]["rule"]["name"], "Everything");
    let exported = json(&inlet(&data, &["rules", "export"]).await.1);
    let again = file("again.toml", exported["toml"].as_str().unwrap());
    assert_eq!(inlet(&data, &["rules", "add", &again]).await.0, 0);
    assert_eq!(json(&inlet(&data, &["rules", "list"]).await.1)["rules"].as_array().unwrap().len(), 1);
    assert_eq!(json(&inlet(&data, &["rules", "disable", "everything"]).await.1)["enabled"], false);
    assert_eq!(json(&inlet(&data, &["rules", "log"]).await.1), json!({ "entries": [] }));
    assert_eq!(inlet(&data, &["rules", "remove", "everything"]).await.0, 0);
    assert_eq!(inlet(&data, &["rules", "remove", "everything"]).await.0, 4);
    assert_eq!(inlet(&data, &["rules", "add", "/nowhere.toml"]).await.0, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_a_chat_go_along_when_it_is_sent_on_by_mail() {
    use inlet_testkit::slack::{FakeSlack, TOKEN};
    if !Dovecot::available() || !SmtpServer::available() {
        println!("skipped: files of a chat: Dovecot or Node.js is not installed");
        return;
    }
    let Some(fake) = FakeSlack::start("the_files_of_a_chat_go_along_when_it_is_sent_on_by_mail") else { return };
    let ben = fake.person("Ben Ito", "ben@initech.example");
    let room = fake.direct(&ben);
    let dovecot = Dovecot::start(DovecotOptions::users(&[ANNA, BOB])).await;
    let smtp = SmtpServer::start(SmtpOptions::delivering_to(&dovecot)).await;
    let (anna, _) = person(ANNA, &dovecot, &smtp).await;
    let slack: AccountView =
        anna.call("accounts.add_slack", json!({ "token": TOKEN, "api_root": fake.api_root() })).await;
    anna.state_of(slack.sources[0].id, SourceState::Live).await;
    add(&anna, "id = 'on'\nname = 'On'\nwhen = { kind = 'chat' }\nthen = { forward = 'bob@inlet.test' }").await;
    // It is sent now, not when the fake was built.
    fake.set_clock(Timestamp::now().as_second() + 5);
    fake.send_file(&room, &ben, "plan.csv", "text/csv", b"a,b,c");
    anna.resync(slack.sources[0].id).await;
    let mails = smtp.wait_for(1).await;
    let text = mails[0].text();
    assert_eq!(mails[0].to, [BOB]);
    assert!(text.contains("plan.csv") && text.contains("YSxiLGM="), "the file itself: {text}");
    assert!(!text.contains("Files not sent along"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_over_the_past_is_tried_and_taken_back_as_one() {
    let (engine, script, _) = world().await;
    for title in ["one", "two", "three"] {
        script.deliver("INBOX", now(title));
        arrives(&engine, title).await;
    }
    add(&engine, "id = 'tidy'\nname = 'Tidy'\nthen = { star = true, archive = true, forward = 'ana@elsewhere.test' }")
        .await;
    let test: RuleTest = engine
        .call("rules.test", json!({ "toml": "name = 'x'\nthen = { star = true, forward = 'ana@elsewhere.test' }", "last": 100, "past": true }))
        .await;
    assert_eq!((test.held, test.changes), (4, 4));
    assert!(test.items.iter().all(|hit| hit.rules[0].steps[1].refusal == Some(RuleRefusal::Past)));
    // What I do afterwards is mine, and stays.
    let run: RuleRun = engine.call("rules.run", json!({ "id": "tidy", "last": 100 })).await;
    assert_eq!(run.changed, 4);
    let done = async |title: &str| {
        let row = row(&engine, title).await;
        (row.starred, row.place)
    };
    assert_eq!(done("two").await, (true, Place::Archive));
    // One of them alone, as ever.
    engine.undo(verdict(&engine, "tidy", "two").await.undo).await;
    assert_eq!(done("two").await, (false, Place::Inbox));
    assert_eq!(done("one").await, (true, Place::Archive), "the others stay");
    engine.undo(run.undo).await;
    for title in ["old", "one", "two", "three"] {
        assert_eq!(done(title).await, (false, Place::Inbox), "{title}");
    }
    let again: RuleRun = engine.call("rules.run", json!({ "id": "tidy", "last": 0 })).await;
    assert_eq!((again.changed, again.undo), (0, None), "nothing to take back");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_rule_does_teaches_nothing() {
    let (engine, script, _) = world().await;
    let lessons = async || -> Vec<Lesson> { engine.call("actions.lessons", Value::Null).await };
    add(&engine, "id = 'later'\nname = 'Later'\nwhen = { state = 'reply' }\nthen = { snooze = 'in 3 days' }").await;
    let asks = "Could you please send me the signed contract by tomorrow?";
    script.deliver_text("INBOX", now("ask"), asks);
    assert_eq!(outcomes(&verdict(&engine, "later", "ask").await), [RuleOutcome::Done]);
    assert!(engine.view("snoozed").await.iter().any(|row| row.title == "ask"));
    assert!(lessons().await.is_empty(), "a rule says nothing of a person");
    // The same by hand says something.
    let _: UserRule = engine.call("rules.switch", json!({ "id": "later", "enabled": false })).await;
    script.deliver_text("INBOX", now("again"), asks);
    let thread = arrives(&engine, "again").await.id;
    let _: ActionList = engine.call("actions.list", json!({ "which": "all" })).await;
    let until = Timestamp::now() + jiff::SignedDuration::from_hours(24);
    engine.act_with("snooze", json!({ "threads": [thread], "until": until })).await;
    assert_eq!(lessons().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_a_rule_leaves_the_question_open() {
    let (engine, script, id) = world().await;
    let template =
        json!({ "kind": "template", "name": "Away", "data": { "text": "I am away this week.", "subject": "" } });
    let _: Value = engine.call("kept.put", template).await;
    add(&engine, "id = 'away'\nname = 'Away'\nwhen = { subject = 'ask' }\nthen = { reply = 'Away' }").await;
    // Before the answer, and not before the account was connected.
    let at = Some(Timestamp::now());
    let text = "Could you please send me the signed contract by tomorrow?".to_owned();
    script.put("INBOX", UnifiedEmail { date: at, received_at: at, text, ..script.written(mail("ask")) });
    // Its answer gives the conversation another name.
    let answered = engine
        .until("an answer", async || log(&engine, Some("away")).await.into_iter().find(|entry| entry.rules[0].held));
    let answered = answered.await;
    assert_eq!(outcomes(&answered.rules[0]), [RuleOutcome::Done]);
    engine.outbox_empty().await;
    let thread = answered.thread.unwrap();
    // As it was queued, and as the platform has it: this one has no word for a machine.
    for _ in 0..2 {
        assert_eq!(engine.thread(thread).await.items.len(), 2);
        let list: ActionList = engine.call("actions.list", json!({ "which": "all" })).await;
        let card = list.actions.iter().find(|card| card.thread.id == thread).expect("it is still asked");
        assert_eq!(card.state, inlet_actions::State::Reply);
        assert!(card.score >= 60, "{:?}", card.signals);
        engine.resync(id).await;
    }
    engine.reply(thread, "Here it is.").await;
    let list: ActionList = engine.call("actions.list", json!({ "which": "all" })).await;
    assert!(list.actions.iter().all(|card| card.thread.id != thread), "the person's own answer settles it");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_states_in_which_nobody_has_anything_to_do_are_told_apart() {
    let (engine, script, _) = world().await;
    add(
        &engine,
        "[[rule]]\nid = 'fyi'\nname = 'Fyi'\nwhen = { state = 'fyi' }\nthen = { star = true }\n\
         [[rule]]\nid = 'done'\nname = 'Done'\nwhen = { state = 'done' }\nthen = { read = true }",
    )
    .await;
    let both =
        async |title: &str| (verdict(&engine, "fyi", title).await.held, verdict(&engine, "done", title).await.held);
    script.deliver_text("INBOX", now("news"), "The new bridge was opened in the morning.");
    assert_eq!(both("news").await, (true, false));
    script.deliver_text("INBOX", now("thanks"), "Thanks!");
    assert_eq!(both("thanks").await, (false, true), "thanks and nothing else");
    // What was settled is: not what comes later.
    engine.act("settle", row(&engine, "news").await.id).await;
    let thread = row(&engine, "news").await.id;
    let later = New { parent: Some("news"), minute: now("").minute + 5, ..mail("news again") };
    script.deliver_text("INBOX", later, "The old bridge was taken down in the afternoon.");
    let of_thread = async || {
        let entries = log(&engine, None).await.into_iter().filter(|entry| entry.thread == Some(thread));
        let entries: Vec<RuleLogEntry> = entries.collect();
        (entries.len() == 2).then_some(entries)
    };
    for entry in engine.until("what came later", of_thread).await {
        let held = entry.rules.iter().filter(|verdict| verdict.held).map(|verdict| verdict.rule.as_str());
        assert_eq!(held.collect::<Vec<_>>(), ["fyi"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_counts_each_message_at_its_own_time() {
    let (engine, script, _) = world().await;
    for (id, minute) in [("first", 2_000), ("second", 4_000), ("third", 4_030), ("fourth", 4_061)] {
        script.deliver("INBOX", New { minute, ..mail(id) });
        arrives(&engine, id).await;
    }
    let toml =
        "name = 'x'\nthen = { forward = 'ana@elsewhere.test' }\nlimit = { most = 1, minutes = 60, per = 'rule' }";
    let test: RuleTest = engine.call("rules.test", json!({ "toml": toml, "last": 500 })).await;
    let refusals: Vec<_> =
        test.items.iter().rev().map(|hit| (hit.title.as_str(), hit.rules[0].steps[0].refusal)).collect();
    let limit = Some(RuleRefusal::Limit);
    assert_eq!(
        refusals,
        [("old", None), ("first", None), ("second", None), ("third", limit), ("fourth", None)],
        "one in an hour, whenever that was"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_mutes_one_conversation_and_puts_others_where_they_belong() {
    let (engine, script, id) = world().await;
    add(
        &engine,
        "[[rule]]\nid = 'hush'\nname = 'Hush'\nwhen = { subject = 'noise' }\nthen = { mute = true }\n\
         [[rule]]\nid = 'file'\nname = 'File'\nwhen = { subject = 'plans' }\nthen = { place = 'Projects' }\n\
         [[rule]]\nid = 'throw'\nname = 'Throw'\nwhen = { subject = 'offer' }\nthen = { place = 'trash' }",
    )
    .await;
    for title in ["noise", "plans", "offer"] {
        script.deliver("INBOX", now(title));
    }
    let hushed = verdict(&engine, "hush", "noise").await;
    assert_eq!(outcomes(&hushed), [RuleOutcome::Done]);
    let (filed, thrown) = (verdict(&engine, "file", "plans").await, verdict(&engine, "throw", "offer").await);
    assert_eq!((outcomes(&filed), outcomes(&thrown)), (vec![RuleOutcome::Done], vec![RuleOutcome::Done]));
    engine.outbox_empty().await;
    let folders = |title: &str| script.find(title).into_iter().map(|(folder, _)| folder).collect::<Vec<_>>();
    assert_eq!((folders("plans"), folders("offer")), (vec!["Projects".to_owned()], vec!["Trash".to_owned()]));
    assert_eq!(row(&engine, "offer").await.place, Place::Trash);

    // What comes later in a muted conversation stays out of the inbox; in another it does not.
    let (noise, plans) = (row(&engine, "noise").await.id, row(&engine, "plans").await.id);
    for (parent, id) in [("noise", "louder"), ("plans", "further")] {
        script.deliver("INBOX", New { parent: Some(parent), minute: now("").minute + 5, ..mail(id) });
    }
    engine.until("both mails", async || (engine.items().await.len() == 6).then_some(())).await;
    engine.resync(id).await;
    let both = async |thread| {
        let row = engine.thread(thread).await.thread;
        (row.muted, engine.view("inbox").await.iter().any(|one| one.id == thread))
    };
    assert_eq!((both(noise).await, both(plans).await), ((true, false), (false, true)));
    engine.undo(hushed.undo).await;
    assert_eq!(both(noise).await, (false, true), "and is heard again when that is taken back");
    engine.undo(thrown.undo).await;
    engine.outbox_empty().await;
    assert_eq!(folders("offer"), ["INBOX"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_does_not_wait_for_the_end_of_the_quiet_hours() {
    let (engine, script, _) = world().await;
    // Quiet for twenty-three hours around now, wherever the machine is.
    let hour = Timestamp::now().to_zoned(jiff::tz::TimeZone::system()).hour();
    let quiet = [("quiet_from", (hour + 12) % 24), ("quiet_until", (hour + 11) % 24)];
    for (key, hour) in quiet {
        let value = json!({ "key": format!("notifications.{key}"), "value": format!("{hour:02}:00") });
        let _: Value = engine.call("config.set", value).await;
    }
    let template = json!({ "kind": "template", "name": "Away", "data": { "text": "I am away.", "subject": "" } });
    let _: Value = engine.call("kept.put", template).await;
    add(&engine, "id = 'away'\nname = 'Away'\nthen = { reply = 'Away', forward = 'ana@elsewhere.test' }").await;
    let at = Some(Timestamp::now());
    script.put("INBOX", UnifiedEmail { date: at, received_at: at, ..script.written(mail("ask")) });
    let held = engine
        .until("an answer", async || log(&engine, Some("away")).await.into_iter().find(|entry| entry.rules[0].held));
    let held = held.await.rules.remove(0);
    assert_eq!(outcomes(&held), [RuleOutcome::Done; 2]);
    assert!(held.steps.iter().all(|step| step.waits_until.is_none()), "nobody's telephone rings: {held:?}");
    engine.outbox_empty().await;
    let sent = script.submitted();
    assert_eq!(sent.len(), 2, "{sent:?}");
    assert!(sent.iter().any(|(_, text)| text.contains("I am away.")));
}
