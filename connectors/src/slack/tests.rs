//! What messages say, Slack's own examples, and what somebody could make of marks.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use inlet_model::{AccountId, Result, SecretName, Secrets};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{
    Slack, blocks,
    message::{Names, Room, body, named, unified},
    mrkdwn,
    people::{Me, People},
    wire::{Channel, Channels, Message, Messages, OneChannel, OneFile, OneUser, User, UserPage, Who},
};

fn people() -> People {
    let mut people = People::default();
    for (id, name) in [("U024BE7LH", "Ben Ito"), ("U061F7AUR", "Ana Ferreira")] {
        people.take(serde_json::from_value::<User>(json!({ "id": id, "real_name": name })).unwrap());
    }
    people
}

fn html(text: &str) -> String {
    let (people, channels) = (people(), HashMap::from([("C024BE7LR".to_owned(), "general".to_owned())]));
    mrkdwn::html(text, &Names { people: &people, channels: &channels })
}

fn said(message: &Value) -> (String, Option<String>) {
    let people = people();
    let message: Message = serde_json::from_value(message.clone()).unwrap();
    let body = body(&message, &Names { people: &people, channels: &HashMap::new() });
    (body.text, body.html)
}

#[test]
fn marks_count_where_words_begin_and_end() {
    for (text, wanted) in [
        ("*bold* _italic_ ~gone~", "<b>bold</b> <i>italic</i> <s>gone</s>"),
        ("*bold _and italic_*", "<b>bold <i>and italic</i></b>"),
        ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
        ("* not bold *", "* not bold *"),
        ("*open", "*open"),
        ("(*bold*)", "(<b>bold</b>)"),
        ("`a *b* &lt;c&gt;`", "<code>a *b* &lt;c&gt;</code>"),
        ("``", "``"),
        ("```\nlet a = 1;\n```", "<pre>let a = 1;</pre>"),
        ("see\n```code```\nbelow", "see<pre>code</pre>below"),
        ("```open", "```open"),
        ("&gt; quoted\nanswer", "<blockquote>quoted</blockquote>answer"),
        ("&gt;&gt;&gt; all\nof it", "<blockquote>all<br>of it</blockquote>"),
        ("one\ntwo", "one<br>two"),
        ("10:30:15 is no emoji", "10:30:15 is no emoji"),
        (":tada::thumbsup::skin-tone-4: :own:", "🎉👍🏽 :own:"),
        ("AT&amp;T & \"us\"", "AT&amp;T &amp; &quot;us&quot;"),
    ] {
        assert_eq!(html(text), wanted, "{text}");
    }
}

#[test]
fn mentions_and_links_are_named() {
    for (text, wanted) in [
        ("<@U024BE7LH>", "<b>@Ben Ito</b>"),
        ("<@U0STRANGER|ann>", "<b>@ann</b>"),
        ("<@U0STRANGER>", "<b>@somebody</b>"),
        ("<#C024BE7LR>", "<b>#general</b>"),
        ("<#C024BE7LR|launch>", "<b>#launch</b>"),
        ("<!here>", "<b>@here</b>"),
        ("<!subteam^SAZ94GDB8|@ops>", "<b>@ops</b>"),
        ("<!date^1392734382^{date}|18 Feb>", "18 Feb"),
        (
            "<https://a.example/?x=1&amp;y=2>",
            "<a href=\"https://a.example/?x=1&amp;y=2\">https://a.example/?x=1&amp;y=2</a>",
        ),
        ("<mailto:ben@a.example|Ben>", "<a href=\"mailto:ben@a.example\">Ben</a>"),
        ("`<https://a.example|a>`", "<code><a href=\"https://a.example\">a</a></code>"),
    ] {
        assert_eq!(html(text), wanted, "{text}");
    }
}

#[test]
fn nothing_hostile_gets_through_marks() {
    for text in [
        "<javascript:alert(1)|click>",
        "<data:text/html,x|click>",
        "<https://a.example/\" onmouseover=\"alert(1)|x>",
        "<https://a.example|<img src=x onerror=alert(1)>>",
        "<script>alert(1)</script>",
        "<@U1\"><img src=x>",
        "```<script>alert(1)</script>```",
        "`\"><svg onload=alert(1)>`",
        "*<b onclick=x>*",
    ] {
        let out = html(text);
        let mut rest = out.as_str();
        while let Some((_, tail)) = rest.split_once('<') {
            let (tag, after) = tail.split_once('>').unwrap();
            let plain = ["b", "i", "s", "code", "pre", "blockquote", "br", "a"];
            let name = tag.trim_start_matches('/').split(' ').next().unwrap();
            assert!(plain.contains(&name), "{text}: {out}");
            match tag.split_once(' ') {
                Some((_, attributes)) => {
                    let value = attributes.strip_prefix("href=\"").and_then(|rest| rest.strip_suffix('"')).unwrap();
                    assert!(value.starts_with("https://") && !value.contains('"'), "{text}: {out}");
                }
                None => assert!(!tag.contains('"')),
            }
            rest = after;
        }
    }
}

#[test]
fn many_marks_are_read_once() {
    // Quadratic, this would take minutes.
    for text in
        ["*a".repeat(100_000), "<".repeat(200_000), "`".repeat(200_001), ":a".repeat(100_000), "~_*".repeat(60_000)]
    {
        assert!(!html(&text).is_empty());
    }
}

#[test]
fn what_the_editor_writes_and_what_apps_build_is_read() {
    let text = |text: &str| json!({ "type": "text", "text": text });
    let section = |elements: Value| json!({ "type": "rich_text_section", "elements": elements });
    let message = json!({ "text": "fallback", "blocks": [{ "type": "rich_text", "elements": [
        section(json!([
            text("Hello "), { "type": "user", "user_id": "U024BE7LH" }, text(" <b>"),
            { "type": "emoji", "name": "wave" }, { "type": "text", "text": "now", "style": { "bold": true, "strike": true } },
            { "type": "link", "url": "https://a.example/", "text": "here" }, { "type": "broadcast", "range": "here" },
        ])),
        { "type": "rich_text_list", "style": "ordered", "indent": 0, "elements": [section(json!([text("one")])), section(json!([text("two")]))] },
        { "type": "rich_text_quote", "elements": [text("said")] },
        { "type": "rich_text_preformatted", "elements": [text("let a;\nlet b;")] },
    ]}]});
    let (plain, html) = said(&message);
    let html = html.unwrap();
    assert!(
        html.starts_with("Hello <b>@Ben Ito</b> &lt;b&gt;👋<b><s>now</s></b><a href=\"https://a.example/\">here</a>"),
        "{html}"
    );
    assert!(
        html.contains("<ol><li>one</li><li>two</li></ol><blockquote>said</blockquote><pre>let a;<br>let b;</pre>"),
        "{html}"
    );
    assert!(plain.contains("Hello @Ben Ito <b>") && plain.contains("one") && !plain.contains("fallback"), "{plain}");

    let message = json!({ "text": "", "blocks": [
        { "type": "header", "text": { "type": "plain_text", "text": "Deploy :rocket: at 10:30" } },
        { "type": "section", "text": { "type": "mrkdwn", "text": "*Build* <https://ci.example|42>" },
          "fields": [{ "type": "mrkdwn", "text": "_by_ Ben" }] },
        { "type": "divider" },
        { "type": "actions", "elements": [
            { "type": "button", "text": { "type": "plain_text", "text": "Approve" } },
            { "type": "button", "text": { "type": "plain_text", "text": "Look" }, "url": "https://ci.example/42" },
            { "type": "button", "text": { "type": "plain_text", "text": "Bad" }, "url": "javascript:alert(1)" }] },
        { "type": "image", "image_url": "https://a.example/x.png", "alt_text": "A chart" },
        { "type": "context", "elements": [{ "type": "plain_text", "text": "in 3 s" }] },
        { "type": "table", "rows": [
            [{ "type": "raw_text", "text": "Build" }, { "type": "raw_text", "text": "<State>" }],
            [{ "type": "raw_text", "text": "42" }, { "type": "rich_text", "elements": [section(json!([text("passed")]))] }] ] },
        { "type": "not known yet", "text": { "type": "mrkdwn", "text": "still read" } },
        { "type": "carousel", "elements": [{ "type": "card", "title": { "type": "mrkdwn", "text": "First" },
            "body": { "type": "plain_text", "text": "of two" },
            "actions": [{ "type": "button", "text": { "type": "plain_text", "text": "Open" }, "url": "https://a.example/1" }] }] },
    ]});
    let (plain, html) = said(&message);
    let html = html.unwrap();
    assert!(
        html.starts_with("<h3>Deploy 🚀 at 10:30</h3><b>Build</b> <a href=\"https://ci.example\">42</a>"),
        "{html}"
    );
    assert!(
        html.contains(
            "<table><tr><td>Build</td><td>&lt;State&gt;</td></tr><tr><td>42</td><td>passed</td></tr></table>"
        ),
        "{html}"
    );
    assert!(html.contains("First<br>of two<br><a href=\"https://a.example/1\">Open</a>"), "{html}");
    assert!(html.contains("[Approve] <a href=\"https://ci.example/42\">Look</a> Bad"), "{html}");
    assert!(html.contains("<a href=\"https://a.example/x.png\">A chart</a>") && !html.contains("javascript"), "{html}");
    for part in ["Deploy", "Build 42", "by Ben", "A chart", "in 3 s", "still read", "<State>", "passed", "of two"] {
        assert!(plain.contains(part), "{part}: {plain}");
    }
}

#[test]
fn an_older_attachment_is_a_quotation_below_the_text() {
    let message = json!({ "text": "Look", "attachments": [{
        "pretext": "*New*", "author_name": "CI", "title": "Build", "title_link": "https://ci.example",
        "text": "failed & lost", "fields": [{ "title": "Branch", "value": "main" }], "footer": "now", "fallback": "x" }] });
    let (plain, html) = said(&message);
    let html = html.unwrap();
    assert!(
        html.contains("<blockquote><b>CI</b><br><b><a href=\"https://ci.example\">Build</a></b><br>failed &amp; lost"),
        "{html}"
    );
    for part in ["Look", "New", "Build", "Branch", "main", "now"] {
        assert!(plain.contains(part), "{part}: {plain}");
    }
    assert_eq!(said(&json!({ "text": "plain" })), ("plain".to_owned(), None));
    assert_eq!(
        blocks::html(
            &[json!(null), json!([]), json!({ "type": 7 })],
            &Names { people: &people(), channels: &HashMap::new() }
        ),
        ""
    );
}

#[test]
fn apps_events_and_stones_are_told_apart() {
    let (people, me) = (people(), Me { id: "U061F7AUR".into(), bot: None, team: "Initech".into() });
    let (channels, sent) = (HashMap::new(), HashMap::new());
    let names = || Names { people: &people, channels: &channels };
    let room = Room { channel: "C1", title: None, members: &[], names: names(), me: &me, read: Some("0"), sent: &sent };
    let row = |message: Value| unified(&serde_json::from_value(message).unwrap(), &room);
    let app = row(
        json!({ "ts": "1700000000.000100", "subtype": "bot_message", "bot_id": "B1", "username": "CI", "text": "x" }),
    );
    assert_eq!((app.sender.name.as_deref(), app.sender.handle.as_str(), app.read), (Some("CI"), "B1", false));
    let event = row(json!({ "ts": "1700000000.000200", "subtype": "channel_join", "user": "U061F7AUR",
                            "text": "<@U061F7AUR> has joined the channel" }));
    assert_eq!((event.text.as_str(), event.read, event.from_me), ("@Ana Ferreira has joined the channel", true, false));
    let stone = row(
        json!({ "ts": "1700000000.000300", "subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted." }),
    );
    assert!(stone.deleted && stone.read && stone.text.is_empty());
    let mine = row(json!({ "ts": "1700000000.000400", "user": "U061F7AUR", "text": "x" }));
    assert!(mine.from_me && mine.read);
    let gone = row(json!({ "ts": "1700000000.000500", "user": "U1", "text": "x", "files": [
        { "id": "F1", "mode": "tombstone" }, { "id": "F2", "is_external": true, "title": "Plan", "url_private": "https://docs.example/1" },
        { "id": "F3", "name": "a.pdf", "mimetype": "Application/PDF", "size": 7 },
        { "id": "F4", "mode": "external", "title": "Old plan", "url_private": "http://docs.example/4" },
        { "id": "F5", "mode": "tombstone", "is_external": true, "title": "Away", "url_private": "https://docs.example/5" }] }));
    let files: Vec<_> =
        gone.attachments.iter().map(|file| (file.part.as_str(), file.name.as_str(), file.link.as_deref())).collect();
    assert_eq!(files, [("F2", "Plan", Some("https://docs.example/1")), ("F3", "a.pdf", None)]);
    let html = gone.html.unwrap();
    assert!(!html.contains("https://docs.example/1"), "{html}");
    assert!(html.contains("<a href=\"http://docs.example/4\">Old plan</a>"), "not everything is linked: {html}");
}

#[test]
fn everybody_a_message_names_is_found() {
    let raw = json!({ "ts": "1.0", "user": "U1", "text": "<@U2> and <@U3|x>", "reactions": [{ "name": "a", "users": ["U4"] }],
                      "blocks": [{ "elements": [{ "type": "user", "user_id": "U5" }] }] });
    let message: Message = serde_json::from_value(raw.clone()).unwrap();
    let mut ids = named(&message, &raw);
    ids.sort_unstable();
    assert_eq!(ids, ["U1", "U2", "U3", "U4", "U5"]);
}

struct Nothing;

#[async_trait]
impl Secrets for Nothing {
    fn get(&self, _: AccountId, _: SecretName) -> Result<Option<SecretString>> {
        Ok(None)
    }

    async fn put(&self, _: AccountId, _: SecretName, _: SecretString) -> Result<()> {
        Ok(())
    }
}

fn examples(test: &str) -> Vec<(String, Value)> {
    let Some(shared) = inlet_testkit::shared(test) else { return Vec::new() };
    let mut found: Vec<(String, Value)> = std::fs::read_dir(shared.join("specs/slack-examples"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap())
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// Everything in a JSON that is a message.
fn messages<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    if value.get("ts").is_some_and(Value::is_string) && value.get("text").is_some() {
        found.push(value);
    }
    match value {
        Value::Array(all) => all.iter().for_each(|one| messages(one, found)),
        Value::Object(all) => all.values().for_each(|one| messages(one, found)),
        _ => {}
    }
}

#[test]
fn every_message_in_slacks_examples_is_read() {
    let (people, me) = (people(), Me { id: "U1".into(), bot: None, team: String::new() });
    let (channels, sent) = (HashMap::new(), HashMap::new());
    let mut count = 0;
    let examples = examples("slack_replay");
    for (name, example) in &examples {
        let mut found = Vec::new();
        messages(example, &mut found);
        for raw in found {
            let names = Names { people: &people, channels: &channels };
            let room = Room { channel: "C1", title: None, members: &[], names, me: &me, read: None, sent: &sent };
            let message: Message =
                serde_json::from_value(raw.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
            let row = unified(&message, &room);
            assert_eq!(row.remote_id.0.rsplit('/').next(), raw["ts"].as_str(), "{name}");
            let text = raw["text"].as_str().unwrap();
            assert!(text.is_empty() || text.contains('<') || row.text.contains(text.trim()), "{name}: {:?}", row.text);
            count += 1;
        }
    }
    assert!(examples.is_empty() || count > 10, "{count} messages");
}

#[test]
fn slacks_answers_are_read_whole() {
    let examples = examples("slack_answers");
    if examples.is_empty() {
        return;
    }
    let of =
        |name: &str| examples.iter().find(|(known, _)| known == name).map(|(_, value)| value["body"].clone()).unwrap();
    let who: Who = serde_json::from_value(of("spec.auth.test.200.json")).unwrap();
    assert_eq!((who.user_id.as_str(), who.team.as_str()), ("W12345678", "Subarachnoid Workspace"));
    let history: Messages = serde_json::from_value(of("spec.conversations.history.200.json")).unwrap();
    assert!(history.has_more && history.messages.len() == 2);
    let listed: Channels = serde_json::from_value(of("spec.users.conversations.200.json")).unwrap();
    let names: Vec<_> = listed
        .channels
        .into_iter()
        .map(|channel| serde_json::from_value::<Channel>(channel).unwrap().name.unwrap())
        .collect();
    assert_eq!(names, ["general", "random"]);
    let info: OneChannel = serde_json::from_value(of("spec.conversations.info.200.json")).unwrap();
    assert_eq!(info.channel.last_read.as_deref(), Some("1502126650.228446"));
    let everybody: UserPage = serde_json::from_value(of("spec.users.list.200.json")).unwrap();
    let mut people = People::default();
    for member in everybody.members {
        people.take(serde_json::from_value(member).unwrap());
    }
    let glinda = people.party("W07QCRPA4", None);
    assert_eq!(
        (glinda.name.as_deref(), glinda.handle.as_str()),
        (Some("Glinda the Fairly Good"), "glenda@south.oz.coven")
    );
    let file: OneFile = serde_json::from_value(of("spec.files.info.200.json")).unwrap();
    assert_eq!((file.file.id.as_str(), file.file.size), ("F0S43PZDF", 137_531));
    for (name, example) in &examples {
        if name.ends_with(".default.json") {
            assert_eq!(example["body"]["ok"], false, "{name}");
        }
        // The placeholders of the others: nothing of them is out of shape.
        let value = example.get("body").unwrap_or(example).clone();
        serde_json::from_value::<Messages>(value.clone()).unwrap();
        serde_json::from_value::<OneUser>(value.clone()).unwrap();
        serde_json::from_value::<OneChannel>(value).unwrap();
    }
}

/// A workspace whose interface is there.
fn at(root: &str) -> inlet_model::SlackConfig {
    inlet_model::SlackConfig { api_root: root.to_owned(), address: None, workspace: None, oauth: None }
}

#[tokio::test]
async fn slacks_events_mark_what_they_are_about() {
    let slack = Slack::new(AccountId(1), &at("https://slack.com/api"), Arc::new(Nothing)).unwrap();
    let workspace = &slack.workspace;
    let said = json!({ "channel": "D0PNCRP9N", "channel_type": "app_home", "event_ts": "1525215129.000001",
                       "text": "How many cats did we herd yesterday?", "ts": "1525215129.000001", "type": "message",
                       "user": "U061F7AUR" });
    let reaction = json!({ "event_ts": "1360782804.083113", "item": { "channel": "C0G9QF9GZ", "ts": "1360782400.498405",
                           "type": "message" }, "item_user": "U0G9QF9C6", "reaction": "thumbsup",
                           "type": "reaction_added", "user": "U024BE7LH" });
    for event in [
        &said,
        &said,
        &reaction,
        &json!({ "type": "message" }),
        &json!({}),
        &json!(null),
        &json!({ "type": "message", "channel": 7 }),
    ] {
        workspace.heard(event);
    }
    assert_eq!(workspace.rooms().touched("D0PNCRP9N").keys().collect::<Vec<_>>(), ["1525215129.000001"]);
    assert_eq!(workspace.rooms().touched("C0G9QF9GZ").keys().collect::<Vec<_>>(), ["1360782400.498405"]);
    assert!(workspace.rooms().take_news("D0PNCRP9N") && !workspace.rooms().take_news("D0PNCRP9N"));
}

#[test]
fn only_slacks_own_hosts_are_asked() {
    let slack = Slack::new(AccountId(1), &at("https://slack.com/api"), Arc::new(Nothing)).unwrap();
    let client = &slack.workspace.client;
    for host in ["slack.com", "files.slack.com", "wss-primary.slack.com"] {
        assert!(client.is_ours(host), "{host}");
    }
    for host in ["slack.com.evil.example", "evilslack.com", "com", "", "files.slack.com."] {
        assert!(!client.is_ours(host), "{host}");
    }
    for root in ["http://slack.com/api", "ftp://127.0.0.1", "slack.com", "https://user@slack.com/api"] {
        assert!(Slack::new(AccountId(1), &at(root), Arc::new(Nothing)).is_err(), "{root}");
    }
}
