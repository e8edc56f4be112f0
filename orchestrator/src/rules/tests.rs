#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use inlet_actions::State;
use inlet_model::{AccountId, Endpoint, ItemId, Kind, Party, SmtpConfig, SourceId, ThreadId, Timestamp, Tls, Via};
use jiff::{civil::Time, tz::TimeZone};
use proptest::prelude::*;

use super::{
    file,
    loops::{Mine, mark},
    matching::{self, RuleCondition, Verdict},
    plan::{Hours, Never, Past, RuleEffect, RuleOutcome, RuleRefusal, RuleStep, Terms},
    rule::UserRule,
    values::{RuleLanguage, Urgency},
    view::{self, Thought, Trail, View},
};
use crate::{
    api::types::Place,
    store::{Result, rule::Channel},
};

const NOW: &str = "2026-03-05T10:30:00Z";
const ME: &str = "me@inlet.test";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// A mail from Ana Novák to me and Bo, with a file.
fn view() -> View {
    let strings = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    View {
        item: ItemId(7),
        thread: ThreadId(3),
        source: SourceId(2),
        kind: Kind::Mail,
        at: now(),
        from: Some(Party::named("Ana Novák", "Ana@Shop.Example.org")),
        title: "Your Receipt".into(),
        sources: strings(&["imap", "work", "s2"]),
        author: strings(&["ana@shop.example.org", "ana novak", "+49170"]),
        to: strings(&[ME, "bo@inlet.test", "bo"]),
        domain: "shop.example.org".into(),
        list: None,
        subject: "your receipt".into(),
        text: "thank you. the total is 12 euro. muller".into(),
        files: vec![("receipt 12.pdf".into(), "application/pdf".into())],
        language: RuleLanguage::En,
        mentioned: true,
        thought: Thought { state: State::Reply, score: 62, urgency: Urgency::Today, confidence: Some(0.8) },
        meta: BTreeMap::from([
            ("important".into(), strings(&["true"])),
            ("automatic".into(), Vec::new()),
            ("header:x-tracker".into(), strings(&["ticket-41"])),
            ("label".into(), Vec::new()),
            ("size".into(), strings(&["2000000"])),
            ("recipients".into(), strings(&["2"])),
            ("hour".into(), strings(&["9"])),
            ("weekday".into(), strings(&["thu"])),
        ]),
        place: Place::Inbox,
        labels: strings(&["Shops"]),
        starred: false,
        read: false,
        muted: false,
        trail: Trail {
            to: strings(&[ME, "bo@inlet.test"]),
            reply_to: vec![Party::named("Ana Novák", "ana@shop.example.org")],
            ..Trail::default()
        },
    }
}

fn rules(text: &str) -> Vec<UserRule> {
    file::read(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn ready(text: &str) -> Vec<matching::Ready> {
    matching::ready(rules(text).into_iter().map(|rule| (rule, 0)))
}

fn verdict(when: &str, view: &View) -> Verdict {
    let rules = ready(&format!("name = \"x\"\nwhen = {{ {when} }}\nthen = {{ star = true }}"));
    matching::verdicts(&rules, view, 1).remove(0)
}

#[test]
fn each_condition_holds_and_fails() {
    let cases = [
        ("source", "source = 'IMAP'", "source = 'gmail'"),
        ("source", "source = ['gmail', 'Work']", "source = ['wor']"),
        ("source", "source = 's2'", "source = 's3'"),
        ("kind", "kind = 'mail'", "kind = ['chat', 'note']"),
        ("person", "person = 'ana@shop.EXAMPLE.org'", "person = 'ana@example.org'"),
        ("person", "person = 'Ana Novak'", "person = 'Ana'"),
        ("person", "person = '+49170'", "person = '+491'"),
        ("person", "person = 'ana@*'", "person = 'bo@*'"),
        ("to", "to = 'BO'", "to = 'carl'"),
        ("domain", "domain = 'example.org'", "domain = 'ample.org'"),
        ("domain", "domain = ['x.test', 'shop.example.org']", "domain = 'other.example.org'"),
        ("domain", "domain = '*.example.org'", "domain = '*.test'"),
        ("list", "list = false", "list = true"),
        ("list", "list = 'none'", "list = '*.lists.test'"),
        ("subject", "subject = 'RECEIPT'", "subject = 'total'"),
        ("text", "text = 'Total is 12'", "text = 'invoice'"),
        ("text", "text = 'Müller'", "text = 'Mueller'"),
        ("text", "text = ['invoice', 'receipt']", "text = ['invoice', 'bill']"),
        ("attachment", "attachment = true", "attachment = false"),
        ("attachment", "attachment = '*.PDF'", "attachment = '*.doc'"),
        ("attachment", "attachment = 'application/*'", "attachment = 'image/*'"),
        ("language", "language = 'en'", "language = 'other'"),
        ("language", "language = ['de', 'en']", "language = ['de', 'none']"),
        ("mentioned", "mentioned = true", "mentioned = false"),
        ("mentioned", "mentioned = [false, true]", "mentioned = [false]"),
        ("urgency", "urgency = ['overdue', 'today']", "urgency = 'none'"),
        ("score", "score = 60", "score = 63"),
        ("score", "score = '35..62'", "score = '..61'"),
        ("score", "score = ['..10', '62..62']", "score = ['..10', '70..']"),
        ("state", "state = 'reply'", "state = ['todo', 'waiting']"),
        ("confidence", "confidence = 0.75", "confidence = '..0.5'"),
        ("meta", "meta = { important = true }", "meta = { important = false }"),
        ("meta", "meta = { automatic = false }", "meta = { automatic = true }"),
        ("meta", "meta = { 'header:X-Tracker' = 'TICKET-*' }", "meta = { 'header:X-Other' = '*' }"),
        ("meta", "meta = { label = 'none' }", "meta = { label = '*' }"),
        ("meta", "meta = { size = '1000000..' }", "meta = { size = '..1000000' }"),
        ("meta", "meta = { recipients = ['1', '2'] }", "meta = { recipients = '3..' }"),
        ("meta", "meta = { hour = '9..17', weekday = ['thu', 'fri'] }", "meta = { hour = ['..8', '18..'] }"),
        ("meta", "meta = { recipients = 2 }", "meta = { recipients = 1 }"),
        ("meta", "meta = { 'header:X-Tracker' = 'ticket*' }", "meta = { 'header:X-Tracker' = '1..9' }"),
    ];
    let view = view();
    for (name, holds, fails) in cases {
        let condition: RuleCondition = serde_json::from_value(name.into()).unwrap();
        assert_eq!(verdict(holds, &view), Verdict::Holds(BTreeSet::from([condition])), "{holds}");
        assert_eq!(verdict(fails, &view), Verdict::Fails(condition), "{fails}");
    }
}

/// A list without values says no more than no list.
#[test]
fn an_empty_condition_holds_for_everything() {
    let names = [
        "source",
        "kind",
        "person",
        "to",
        "domain",
        "list",
        "subject",
        "text",
        "attachment",
        "language",
        "mentioned",
        "urgency",
        "score",
        "state",
        "confidence",
    ];
    let each = names.map(|name| format!("{name} = []"));
    let all = format!("{}, meta = {{ important = [], 'header:x' = [] }}", each.join(", "));
    assert_eq!(verdict(&all, &view()), Verdict::Holds(BTreeSet::new()));
    let known = serde_json::to_value(UserRule::default().when).unwrap();
    assert_eq!(known, serde_json::json!({}), "what says nothing is not written");
}

#[test]
fn lists_are_known_by_their_id_and_by_having_a_way_out() {
    let mut view = view();
    view.list = Some("dev.lists.example.org".into());
    view.trail.list = true;
    for (when, holds) in [
        ("list = true", true),
        ("list = 'dev.*'", true),
        ("list = ['a', '*.example.org']", true),
        ("list = 'dev'", false),
        ("list = false", false),
    ] {
        assert_eq!(matches!(verdict(when, &view), Verdict::Holds(_)), holds, "{when}");
    }
    view.list = None;
    assert!(matches!(verdict("list = true", &view), Verdict::Holds(_)), "a newsletter without an id");
}

#[test]
fn all_conditions_have_to_hold_and_the_first_that_fails_is_named() {
    let view = view();
    let all = "kind = 'mail', domain = 'example.org', text = 'total'";
    let named = BTreeSet::from([RuleCondition::Kind, RuleCondition::Domain, RuleCondition::Text]);
    assert_eq!(verdict(all, &view), Verdict::Holds(named));
    assert_eq!(verdict("kind = 'chat', domain = 'x', text = 'y'", &view), Verdict::Fails(RuleCondition::Kind));
    assert_eq!(verdict("", &view), Verdict::Holds(BTreeSet::new()), "no condition holds always");
}

#[test]
fn rules_are_looked_at_in_their_order_until_one_stops() {
    let text = "
        [[rule]]
        id = 'late'
        name = 'late'
        priority = 30
        then = { star = true }
        [[rule]]
        id = 'b'
        name = 'b'
        priority = 20
        stop = true
        when = { kind = 'mail' }
        [[rule]]
        id = 'a'
        name = 'a'
        priority = 20
        stop = true
        when = { kind = 'chat' }
    ";
    let rules = ready(text);
    let order: Vec<&str> = rules.iter().map(|ready| ready.rule.id.as_str()).collect();
    assert_eq!(order, ["a", "b", "late"]);
    let verdicts = matching::verdicts(&rules, &view(), 1);
    assert!(matches!(verdicts[..], [Verdict::Fails(_), Verdict::Holds(_), Verdict::Kept(1)]), "{verdicts:?}");
}

#[test]
fn a_rule_looks_at_nothing_that_came_before_it() {
    let rules = matching::ready(rules("name = 'x'\nthen = { star = true }").into_iter().map(|rule| (rule, 40)));
    assert_eq!(matching::verdicts(&rules, &view(), 40), [Verdict::Later]);
    assert!(matches!(matching::verdicts(&rules, &view(), 41)[..], [Verdict::Holds(_)]));
}

fn steps(text: &str, view: &View, past: &dyn Past) -> Vec<RuleStep> {
    let rules = ready(text);
    let templates = BTreeSet::from(["Away".to_owned()]);
    let mut terms = Terms::new(past, Mine::new([ME.to_owned()]), templates, now(), TimeZone::UTC);
    let verdicts = matching::verdicts(&rules, view, 1);
    let outcomes = terms.plan(&rules, &verdicts, view).unwrap();
    outcomes.into_iter().flat_map(|outcome| outcome.steps).map(|planned| planned.step).collect()
}

fn then(effects: &str, view: &View) -> Vec<RuleStep> {
    steps(&format!("name = \"x\"\nthen = {{ {effects} }}"), view, &Never)
}

#[test]
fn what_is_so_already_changes_nothing() {
    let fresh = view();
    let settled = View { place: Place::Archive, starred: true, read: true, muted: true, ..view() };
    for effect in ["archive = true", "star = true", "read = true", "mute = true"] {
        assert_eq!(then(effect, &fresh)[0].outcome, RuleOutcome::Would, "{effect}");
        assert_eq!(then(effect, &settled)[0].outcome, RuleOutcome::Already, "{effect}");
    }
    assert_eq!(
        then("label = ['shops', 'Money']", &fresh).iter().map(|step| step.outcome).collect::<Vec<_>>(),
        [RuleOutcome::Already, RuleOutcome::Would]
    );
    assert_eq!(then("place = 'inbox'", &fresh)[0].outcome, RuleOutcome::Already);
}

#[test]
fn what_takes_a_conversation_away_comes_last() {
    let done = then("archive = true, forward = 'bo@x.test', label = 'A', star = true", &view());
    let order: Vec<RuleEffect> = done.into_iter().map(|step| step.effect).collect();
    assert!(matches!(
        order[..],
        [RuleEffect::Label { .. }, RuleEffect::Star, RuleEffect::Forward { .. }, RuleEffect::Archive]
    ));
}

fn refusal(effect: &str, view: &View) -> Option<RuleRefusal> {
    then(effect, view)[0].refusal
}

#[test]
fn nothing_is_answered_that_could_answer_back() {
    const REPLY: &str = "reply = 'Away'";
    assert_eq!(then(REPLY, &view())[0].outcome, RuleOutcome::Would);
    let with = |change: fn(&mut View)| {
        let mut view = view();
        change(&mut view);
        refusal(REPLY, &view)
    };
    fn from(view: &mut View, handle: &str) {
        view.from = Some(Party { name: None, handle: handle.to_owned() });
        view.trail.reply_to = view.from.iter().cloned().collect();
    }
    let cases: Vec<(Option<RuleRefusal>, RuleRefusal)> = vec![
        (with(|view| view.trail.automatic = true), RuleRefusal::Automatic),
        (with(|view| view.trail.list = true), RuleRefusal::List),
        (with(|view| view.trail.passed = vec!["0123".into()]), RuleRefusal::Passed),
        (with(|view| from(view, "Me@Inlet.test")), RuleRefusal::Own),
        (with(|view| view.trail.reply_to = vec![Party::named("x", ME)]), RuleRefusal::Own),
        (with(|view| from(view, "no-reply@x.test")), RuleRefusal::NoReply),
        (with(|view| from(view, "MAILER-DAEMON@x.test")), RuleRefusal::NoReply),
        (with(|view| from(view, "owner-dev@x.test")), RuleRefusal::NoReply),
        (with(|view| from(view, "dev-request@x.test")), RuleRefusal::NoReply),
        (with(|view| from(view, "@x.test")), RuleRefusal::NoReply),
        (with(|view| view.trail.to = vec!["bo@inlet.test".into()]), RuleRefusal::NotToMe),
        (with(|view| view.at = "2026-03-01T10:30:00Z".parse().unwrap()), RuleRefusal::Old),
        (with(|view| view.kind = Kind::Note), RuleRefusal::Note),
        (with(|view| view.kind = Kind::Chat), RuleRefusal::Group),
    ];
    for (number, (got, expected)) in cases.into_iter().enumerate() {
        assert_eq!(got, Some(expected), "case {number}");
    }
    assert_eq!(refusal("reply = 'Nothing'", &view()), Some(RuleRefusal::Template));
    let mut alone = View { kind: Kind::Chat, ..view() };
    alone.trail.alone = true;
    assert_eq!(refusal(REPLY, &alone), None, "a chat with one person");
}

#[test]
fn nothing_is_sent_on_in_a_circle() {
    let mut view = view();
    assert_eq!(refusal("forward = 'me@INLET.test'", &view), Some(RuleRefusal::Own));
    assert_eq!(refusal("forward = 'ana@shop.example.org'", &view), Some(RuleRefusal::Author));
    view.trail.automatic = true;
    assert_eq!(refusal("forward = 'bo@x.test'", &view), None, "receipts may be sent on");
    view.trail.passed = vec![mark("Me@inlet.test")];
    assert_eq!(refusal("forward = 'bo@x.test'", &view), Some(RuleRefusal::Passed));
    view.trail.passed = vec![mark("a@x.test"), mark("b@x.test")];
    assert_eq!(refusal("forward = 'bo@x.test'", &view), None);
    view.trail.passed.push(mark("c@x.test"));
    assert_eq!(refusal("forward = 'bo@x.test'", &view), Some(RuleRefusal::Passed));
    assert!(!mark(ME).contains("me"), "a mark tells nothing");
}

#[test]
fn everybody_gets_it_once() {
    let text = "
        [[rule]]
        name = 'a'
        then = { forward = ['bo@x.test', 'BO@x.test', 'me@inlet.test', 'carl@x.test'] }
        [[rule]]
        name = 'b'
        then = { forward = ['Carl@x.test', 'dora@x.test'] }
        [[rule]]
        name = 'c'
        then = { forward = 'bo@x.test' }
    ";
    let done = steps(text, &view(), &Never);
    let to: Vec<(Vec<&str>, Option<RuleRefusal>)> = done
        .iter()
        .map(|step| match &step.effect {
            RuleEffect::Forward { to } => (to.iter().map(|one| one.0.as_str()).collect(), step.refusal),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        to,
        [
            (vec!["bo@x.test", "carl@x.test"], None),
            (vec!["me@inlet.test"], Some(RuleRefusal::Own)),
            (vec!["dora@x.test"], None),
            (vec!["bo@x.test"], Some(RuleRefusal::Twice)),
        ]
    );
}

/// Channels "Team" and "Phone", two of the name "Both", one that writes to Ana and one to me, and two to a mailbox.
fn channels() -> Vec<Channel> {
    let mail = |to: &str| {
        Via::Smtp(SmtpConfig {
            from: "robot@x.test".into(),
            to: to.into(),
            user: None,
            server: Endpoint { host: "smtp.x.test".into(), port: 465 },
            tls: Tls::default(),
            ca: None,
        })
    };
    let bot = |chat: &str| Via::Telegram { chat: chat.into(), api_root: Via::TELEGRAM.into() };
    let ways = [
        ("Team", Via::SlackWebhook),
        ("Phone", bot("-100200")),
        ("Both", Via::SlackWebhook),
        ("both", Via::SlackWebhook),
        ("Ana", mail("ANA@shop.example.org")),
        ("Me", mail("Me@INLET.test")),
        ("Post", mail("books@MÜLLER.example")),
        ("Post again", mail("Books@xn--mller-kva.example")),
        ("Phone again", bot(" -100200")),
    ];
    (1..).zip(ways).map(|(id, (name, via))| Channel::new(AccountId(id), name, via)).collect()
}

fn told(text: &str, view: &View, hours: Hours, past: &dyn Past) -> Vec<RuleStep> {
    let rules = ready(text);
    let mut terms = Terms::new(past, Mine::new([ME.to_owned()]), BTreeSet::new(), now(), TimeZone::UTC);
    (terms.channels, terms.hours) = (channels(), hours);
    let verdicts = matching::verdicts(&rules, view, 1);
    let outcomes = terms.plan(&rules, &verdicts, view).unwrap();
    outcomes.into_iter().flat_map(|outcome| outcome.steps).map(|planned| planned.step).collect()
}

#[test]
fn a_channel_is_told_once_and_of_nothing_that_goes_round() {
    let refusals = |forward: &str, view: &View| {
        let text = format!("name = 'x'\nthen = {{ forward = [{forward}] }}");
        told(&text, view, Hours::default(), &Never).iter().map(|step| step.refusal).collect::<Vec<_>>()
    };
    let fresh = view();
    assert_eq!(refusals("'channel:team', 'bo@x.test'", &fresh), [None, None], "each is a step of its own");
    let id = AccountId(1);
    assert_eq!(refusals(&format!("'channel:Team', 'channel:{id}'"), &fresh), [None, Some(RuleRefusal::Twice)]);
    assert_eq!(refusals("'channel:Nobody'", &fresh), [Some(RuleRefusal::Channel)]);
    assert_eq!(refusals("'channel:Both'", &fresh), [Some(RuleRefusal::Channel)], "nobody knows which");
    assert_eq!(refusals("'channel:Ana'", &fresh), [Some(RuleRefusal::Author)]);
    let mut round = view();
    round.trail.told = true;
    assert_eq!(refusals("'channel:Team', 'bo@x.test'", &round), [None, Some(RuleRefusal::Passed)]);
    round.trail = Trail { passed: vec![mark(ME)], ..view().trail };
    assert_eq!(refusals("'channel:Team'", &round), [Some(RuleRefusal::Passed)]);
    // A limit counts each channel for itself.
    let limited = "id = 'r'\nname = 'x'\nlimit = { most = 1, minutes = 60 }\nthen = { forward = ['channel:Team', 'channel:Phone'] }";
    let before: &[(&str, &str, &str)] = &[("r", "channel a1 ", "2026-03-05T10:00:00Z")];
    let steps = told(limited, &fresh, Hours::default(), &Before(before));
    assert_eq!(steps.iter().map(|step| step.refusal).collect::<Vec<_>>(), [Some(RuleRefusal::Limit), None]);
    // What is critical is told even so; a mail keeps to the limit.
    let critical = "id = 'r'\nname = 'x'\nlimit = { most = 1, minutes = 60 }\nthen = { forward = ['channel:Team', 'bo@x.test'], \
                    notify = 'critical' }";
    let before: &[(&str, &str, &str)] = &[
        ("r", "channel a1 ", "2026-03-05T10:00:00Z"),
        ("r", "forward ", "2026-03-05T10:00:00Z"),
        ("r", "notify ", "2026-03-05T10:00:00Z"),
    ];
    let refused = told(critical, &fresh, Hours::default(), &Before(before));
    let refused: Vec<_> = refused.iter().filter(|step| step.refusal.is_some()).map(|step| &step.effect).collect();
    assert!(matches!(refused.as_slice(), [RuleEffect::Forward { .. }]), "{refused:?}");
}

#[test]
fn a_recipient_is_where_it_really_goes() {
    let each = |forward: &str| {
        let text = format!("name = 'x'\nthen = {{ forward = [{forward}] }}");
        let steps = told(&text, &view(), Hours::default(), &Never);
        steps.into_iter().map(|step| step.refusal).collect::<Vec<_>>()
    };
    const TWICE: Option<RuleRefusal> = Some(RuleRefusal::Twice);
    assert_eq!(each("'books@müller.example', 'channel:Post'"), [None, TWICE]);
    assert_eq!(each("'channel:Post', 'BOOKS@xn--mller-kva.EXAMPLE'"), [None, TWICE], "the address is the first step");
    assert_eq!(each("'channel:Post', 'channel:Post again'"), [None, TWICE]);
    assert_eq!(each("'channel:Phone', 'channel:Phone again'"), [None, TWICE], "one chat");
    assert_eq!(each("'channel:Team', 'channel:Both', 'channel:Phone'"), [None, Some(RuleRefusal::Channel), None]);
    assert_eq!(each("'books@muller.example', 'channel:Post'"), [None, None], "another mailbox");
    let to = then("forward = ['Bo@x.TEST', 'bo@X.test', 'bo@x.test.']", &view());
    assert!(matches!(&to[0].effect, RuleEffect::Forward { to } if to.len() == 1), "{to:?}");

    // From one rule to the next as well.
    let text = "
        [[rule]]
        name = 'a'
        then = { forward = 'channel:Post' }
        [[rule]]
        name = 'b'
        then = { forward = ['Books@Müller.example', 'bo@x.test'] }
    ";
    let steps = told(text, &view(), Hours::default(), &Never);
    assert!(matches!(&steps[1].effect, RuleEffect::Forward { to } if to[0].0 == "bo@x.test" && to.len() == 1));
    let text = "
        [[rule]]
        name = 'a'
        then = { forward = 'Books@Müller.example' }
        [[rule]]
        name = 'b'
        then = { forward = 'channel:Post again' }
    ";
    let steps = told(text, &view(), Hours::default(), &Never);
    assert_eq!(steps.iter().map(|step| step.refusal).collect::<Vec<_>>(), [None, TWICE]);
}

#[test]
fn what_would_come_in_here_again_is_refused_in_a_sentence() {
    let text = "name = 'x'\nthen = { forward = ['ME@inlet.TEST', 'bo@x.test', 'channel:Me', 'channel:Team'] }";
    let steps = told(text, &view(), Hours::default(), &Never);
    let said: Vec<_> = steps.iter().map(|step| (step.refusal, step.detail.as_deref())).collect();
    let own = |to: &str| format!("What is sent to {to} comes in here again: choose an address that is not yours.");
    assert_eq!(
        said,
        [
            (None, None),
            (Some(RuleRefusal::Own), Some(own("ME@inlet.TEST").as_str())),
            (Some(RuleRefusal::Own), Some(own("Me@INLET.test").as_str())),
            (None, None),
        ]
    );
    assert!(matches!(&steps[0].effect, RuleEffect::Forward { to } if to.len() == 1), "the other one gets it");
    let mut passed = view();
    passed.trail.passed = vec![mark(ME)];
    let steps = told(text, &passed, Hours::default(), &Never);
    assert!(steps.iter().all(|step| step.refusal == Some(RuleRefusal::Passed) && step.detail.is_none()));
}

#[test]
fn a_channel_is_told_when_it_is_time() {
    let hours = Hours {
        quiet: Some((Time::constant(10, 0, 0, 0), Time::constant(12, 0, 0, 0))),
        digest_at: Some(Time::constant(8, 0, 0, 0)),
    };
    let until = |then: &str, hours: Hours| {
        let text = format!("name = 'x'\nthen = {{ forward = 'channel:Team', {then} }}");
        let step = told(&text, &view(), hours, &Never)
            .into_iter()
            .find(|step| matches!(step.effect, RuleEffect::Channel { .. }));
        step.unwrap().waits_until.map(|at| at.to_string())
    };
    assert_eq!(until("star = true", Hours::default()), None);
    assert_eq!(until("star = true", hours).as_deref(), Some("2026-03-05T12:00:00Z"), "it is quiet");
    assert_eq!(until("digest = true", hours).as_deref(), Some("2026-03-06T08:00:00Z"));
    assert_eq!(until("digest = true, notify = 'critical'", hours), None, "what is critical waits for nothing");
    assert_eq!(until("notify = 'normal'", hours).as_deref(), Some("2026-03-05T12:00:00Z"));
    let mail = told("name = 'x'\nthen = { forward = 'bo@x.test' }", &view(), hours, &Never);
    assert_eq!(mail[0].waits_until, None, "a mailbox does not ring");
}

struct Before(&'static [(&'static str, &'static str, &'static str)]);

impl Past for Before {
    fn count(&self, rule: &str, key: &str, since: Timestamp) -> Result<u64> {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let same = |one: &&(&str, &str, &str)| one.0 == rule && one.1 == key && at(one.2) >= since;
        Ok(self.0.iter().filter(same).count() as u64)
    }
}

#[test]
fn a_conversation_is_answered_once_and_a_person_once_a_day() {
    let reply = |past: Before| steps("id = 'r'\nname = 'x'\nthen = { reply = 'Away' }", &view(), &past)[0].refusal;
    assert_eq!(reply(Before(&[("", "answered t3", "2020-01-01T00:00:00Z")])), Some(RuleRefusal::Again));
    assert_eq!(reply(Before(&[("", "answered t4", "2020-01-01T00:00:00Z")])), None);
    const ANA: &str = "answered ana@shop.example.org";
    assert_eq!(reply(Before(&[("r", ANA, "2026-03-04T10:30:00Z")])), Some(RuleRefusal::Lately));
    assert_eq!(reply(Before(&[("r", ANA, "2026-03-04T10:29:59Z")])), None);
}

#[test]
fn a_limit_is_counted_by_what_it_says() {
    let limited = |per: &str, past: Before| {
        let text = format!(
            "id = 'r'\nname = 'x'\nlimit = {{ most = 2, minutes = 60, per = '{per}' }}\nthen = {{ forward = 'bo@x.test', star = true }}"
        );
        steps(&text, &view(), &past).iter().map(|step| step.refusal).collect::<Vec<_>>()
    };
    const TWICE: &[(&str, &str, &str)] =
        &[("r", "forward ", "2026-03-05T09:30:00Z"), ("r", "forward ", "2026-03-05T10:00:00Z")];
    assert_eq!(limited("rule", Before(TWICE)), [None, Some(RuleRefusal::Limit)], "a star has no limit");
    assert_eq!(limited("rule", Before(&TWICE[1..])), [None, None]);
    assert_eq!(limited("person", Before(TWICE)), [None, None]);
    const THREAD: &[(&str, &str, &str)] =
        &[("r", "forward t3", "2026-03-05T10:00:00Z"), ("r", "forward t3", "2026-03-05T10:00:00Z")];
    assert_eq!(limited("thread", Before(THREAD)), [None, Some(RuleRefusal::Limit)]);
    // Within a batch as well, before anything is written.
    let rules = ready("name = 'x'\nlimit = { most = 2, minutes = 60 }\nthen = { notify = 'silent' }");
    let mut terms = Terms::new(&Never, Mine::default(), BTreeSet::new(), now(), TimeZone::UTC);
    let verdicts = matching::verdicts(&rules, &view(), 1);
    let mut outcome = || terms.plan(&rules, &verdicts, &view()).unwrap()[0].steps[0].step.outcome;
    assert_eq!([outcome(), outcome(), outcome()], [RuleOutcome::Would, RuleOutcome::Would, RuleOutcome::Refused]);
}

#[test]
fn a_file_says_where_it_is_wrong() {
    let cases = [
        ("name = 'x'\n[when]\nkind = 'mail'\ndomian = 'x'\n[then]\nstar = true", "Line 4: ", "\"domain\""),
        ("name = 'x'\n[then]\nstar = true\nrun = 'rm'", "Line 4: ", "\"forward\""),
        ("name = 'x'\n[when]\nkind = 'mial'\n[then]\nstar = true", "Line 3: ", "\"note\""),
        ("name = 'x'\n[when]\nstate = ['reply', 'bogus']\n[then]\nstar = true", "Line 3: ", "bogus"),
        ("name = 'x'\n[when]\nlanguage = 'german'\n[then]\nstar = true", "Line 3: ", "\"de\""),
        ("name = 'x'\n[when]\nmentioned = 'yes'\n[then]\nstar = true", "Line 3: ", "boolean"),
        ("name = 'x'\n[when]\nscore = 'high'\n[then]\nstar = true", "Line 3: ", "35..59"),
        ("name = 'x'\n[when]\ntext = ''\n[then]\nstar = true", "Line 3: ", "says something"),
        ("name = 'x'\n\n[then]\nforward = ['a@b.c', 'nobody']", "Line 4: ", "neither a mail address nor a channel"),
        ("name = 'x'\n[then]\nforward = 'channel: '", "Line 3: ", "channel:Team"),
        ("name = 'x'\n[then]\nlabel = true", "Line 3: ", "string"),
        ("name = 'x'\n[when]\nsubject = false\n[then]\nstar = true", "Line 3: ", "string"),
        ("name = 'x'\n[then]\nforward = 'a@b.c'\ndigest = true", "Line 1: ", "gathers nothing"),
        ("name = 'x'\n[then]\nsnooze = 'whenever'", "Line 3: ", "tomorrow 9:00"),
        ("name = 'x'\n[then]\nstar = 'yes'", "Line 3: ", "boolean"),
        ("name = 'x'\nnot toml", "Line 2: ", ""),
        ("name = 'x'\nwhen = { meta = { colour = 'red' } }\nthen = { star = true }", "Line 1: ", "\"important\""),
        ("name = 'x'", "Line 1: ", "does nothing"),
        ("[then]\nstar = true", "Line 1: ", "name"),
        ("name = 'x'\n[then]\narchive = true\nplace = 'A'", "Line 1: ", "two places"),
        (
            "[[rule]]\nname = 'x'\nthen = { star = true }\n\n[[rule]]\nname = 'X'\nthen = { star = true }",
            "Line 5: ",
            "the id \"x\"",
        ),
        ("[[rule]]\nname = 'x'\nthen = { star = true }\n[[rule]]\nname = 'y'\n", "Line 4: ", "does nothing"),
        ("[[rule]]\nname = 'x'\nthen = { star = true }\n[[rule]]\nnmae = 'y'\n", "Line 5: ", "\"name\""),
    ];
    for (text, line, says) in cases {
        let error = file::read(text).unwrap_err();
        assert!(error.starts_with(line) && error.contains(says) && error.ends_with('.'), "{text}\n→ {error}");
    }
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["ana", "bo", "receipt", "total", "example.org", "mail", "zzz"]).prop_map(str::to_owned)
}

prop_compose! {
    fn a_rule()(
        id in "[a-z]{1,6}",
        priority in 0_u32..4,
        stop in any::<bool>(),
        text in prop::collection::vec(word(), 0..3),
        domain in prop::collection::vec(word(), 0..2),
        to in prop::collection::vec(word(), 0..3),
        star in any::<bool>(),
    ) -> UserRule {
        let list = |words: &[String], end: &str| {
            format!("[{}]", words.iter().map(|word| format!("'{word}{end}'")).collect::<Vec<_>>().join(", "))
        };
        let text = format!(
            "id = '{id}'\nname = '{id}'\npriority = {priority}\nstop = {stop}\n[when]\ntext = {}\ndomain = {}\n[then]\n\
             star = {star}\nread = true\nforward = {}",
            list(&text, ""), list(&domain, ""), list(&to, "@x.test"),
        );
        rules(&text).remove(0)
    }
}

proptest! {
    /// Whatever order rules are stored in, the same is done in the same order.
    #[test]
    fn priority_alone_gives_the_order(rules in prop::collection::vec(a_rule(), 0..8), turn in 0_usize..8) {
        let mut by_id: BTreeMap<String, UserRule> = BTreeMap::new();
        for rule in rules {
            by_id.insert(rule.id.clone(), rule);
        }
        let one: Vec<UserRule> = by_id.into_values().collect();
        let mut other = one.clone();
        other.reverse();
        let turn = turn % other.len().max(1);
        other.rotate_left(turn);
        let planned = |rules: Vec<UserRule>| {
            let rules = matching::ready(rules.into_iter().map(|rule| (rule, 0)));
            let verdicts = matching::verdicts(&rules, &view(), 1);
            let mut terms = Terms::new(&Never, Mine::default(), BTreeSet::new(), now(), TimeZone::UTC);
            let outcomes = terms.plan(&rules, &verdicts, &view()).unwrap();
            let steps = outcomes.into_iter().flat_map(|outcome| outcome.steps).map(|planned| planned.step);
            (verdicts, steps.collect::<Vec<_>>())
        };
        let (one, other) = (planned(one), planned(other));
        prop_assert_eq!(&one, &other);
        // And nobody gets it twice.
        let mut told = BTreeSet::new();
        for step in one.1.iter().filter(|step| step.outcome == RuleOutcome::Would) {
            if let RuleEffect::Forward { to } = &step.effect {
                for address in to {
                    prop_assert!(told.insert(address.0.clone()), "{} twice", address.0);
                }
            }
        }
    }

    /// A rule that says nothing holds for everything.
    #[test]
    fn no_condition_holds_for_everything(title in ".{0,20}", domain in "[a-z.]{0,12}", score in -50_i32..150) {
        let thought = Thought { score, ..Thought::default() };
        let view = View { subject: title.to_lowercase(), domain, thought, files: Vec::new(), author: Vec::new(), ..view() };
        prop_assert_eq!(verdict("", &view), Verdict::Holds(BTreeSet::new()));
    }

    /// The file of a rule is the rule.
    #[test]
    fn a_rule_survives_its_file(rule in a_rule()) {
        let again = file::read(&file::write(&rule)).unwrap();
        prop_assert_eq!(&again, std::slice::from_ref(&rule));
        let both = file::read(&file::write_all(std::slice::from_ref(&rule))).unwrap();
        prop_assert_eq!(both, [rule]);
    }

    /// No text is an error that cannot be told in a line, and none brings the reader down.
    #[test]
    fn any_text_is_rules_or_one_sentence(text in "(name|when|then|=|\\[|\\]|'x'|\\n| |star|true|[0-9]|\\{|\\}|kind|,){0,24}") {
        if let Err(error) = file::read(&text) {
            prop_assert!(error.ends_with('.') && !error.contains('\n'), "{}", error);
        }
    }
}

/// Thousands of rules cost a look each, and a text is gone through only where all else holds.
#[test]
fn a_rule_that_fails_early_looks_at_no_text() {
    let rules: Vec<UserRule> = (0..1000)
        .map(|n| {
            rules(&format!(
                "id = 'r{n}'\nname = 'x'\nwhen = {{ text = 'zebra', domain = 'd{n}.test' }}\nthen = {{ star = true }}"
            ))
            .remove(0)
        })
        .collect();
    let rules = matching::ready(rules.into_iter().map(|rule| (rule, 0)));
    let view = view();
    let mut looked = 0;
    for _ in 0..1000 {
        let verdicts = matching::verdicts(&rules, &view, 1);
        looked += verdicts.iter().filter(|verdict| **verdict == Verdict::Fails(RuleCondition::Domain)).count();
    }
    assert_eq!(looked, 1_000_000, "the domain ends each of them");
}

#[test]
fn thanks_make_nothing_surer() {
    use inlet_actions::acts::{Act, Label};
    let label = |act, probability| Label { act, probability, by: "model".into() };
    let labels = [label(Act::Request, 0.4), label(Act::Commitment, 0.3), label(Act::Thanks, 0.85)];
    assert_eq!(view::confidence(&labels), Some(0.4));
    assert_eq!(view::confidence(&labels[2..]), None);
}
