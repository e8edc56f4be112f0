//! How long it takes to think about mail: to read a message, to conclude from what was read of a conversation, and to
//! keep that up with a store.
//!
//! Mail is parsed beforehand and the first figures are of one thread, so that they are the thinking's own. The corpus is
//! ordinary mail and spam of two decades ago: long, quoted, broken, which is what counts here. The follower is measured
//! as a person would wait for it: from the question what to do next to the answer, with one new mail in between.

use std::fs;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use inlet_actions::{Habits, Me, Message, Reading, Terms, conclude, read};
use inlet_model::{AccountId, ItemId, Kind, Party, Timestamp};
use inlet_orchestrator::{
    App,
    api::types::{AccountView, ActionList},
};
use inlet_testkit::{Dovecot, DovecotOptions, ImapClient};
use jiff::SignedDuration;
use jiff::tz::{Offset, TimeZone};
use mail_parser::MessageParser;
use serde_json::{Value, json};

use crate::Bench;
use crate::engine;
use crate::large::Large;
use crate::measure::{at_share, middle};
use crate::syncing::{USER, fill};
use crate::table::{Aim, Report, Table};

/// A long conversation.
const LONG: usize = 200;
/// Messages that are broken on purpose.
const BROKEN: usize = 10_000;

/// Measures reading each mail of the set, and one new message in a long conversation.
///
/// # Errors
/// When the set cannot be read.
pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let messages = messages(bench)?;
    let me = Me { handles: vec!["anna@inlet.test".into()], names: vec!["Anna".into()] };
    eprintln!("thinking: {} mails", messages.len());
    for message in messages.iter().take(50) {
        black_box(read(message, &me));
    }
    let mut each = Vec::with_capacity(messages.len());
    let mut readings: Vec<Reading> = Vec::with_capacity(messages.len());
    let started = Instant::now();
    for message in &messages {
        let begun = Instant::now();
        readings.push(read(message, &me));
        each.push(milliseconds(begun.elapsed()));
    }
    let mean = milliseconds(started.elapsed()) / f64::from(u32::try_from(messages.len().max(1))?);

    let conversation = readings.get(..LONG.min(readings.len())).unwrap_or_default();
    let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 365);
    let mut whole = Vec::new();
    for message in messages.iter().take(LONG) {
        let begun = Instant::now();
        black_box(read(message, &me));
        black_box(conclude(conversation, &[], &Habits::default(), &Terms::default(), now));
        whole.push(milliseconds(begun.elapsed()));
    }
    let mut broken = Vec::with_capacity(BROKEN);
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..BROKEN {
        let message = fuzzed(&messages, &mut random)?;
        let begun = Instant::now();
        black_box(read(&message, &me));
        broken.push(milliseconds(begun.elapsed()));
    }
    let most = each.iter().chain(&broken).copied().fold(0.0, f64::max);
    let mut table = Table::new(
        "Thinking about mail",
        "One thread, mail parsed beforehand. The second row reads a new message of a conversation of two hundred and \
         concludes from all of it.",
        &["", "messages", "median ms", "p99 ms", "most ms", "s for 100000"],
    );
    for (name, times, anew) in [
        ("reading a message", &each, format!("{:.1}", mean * 100.0)),
        ("a new message of a long conversation", &whole, String::new()),
        ("reading a message cut up and spliced at random", &broken, String::new()),
    ] {
        table.row(&[
            name.into(),
            times.len().to_string(),
            format!("{:.3}", middle(times.clone())),
            format!("{:.3}", at_share(times.clone(), 0.99)),
            format!("{:.3}", times.iter().copied().fold(0.0, f64::max)),
            anew,
        ]);
    }
    report.aim(Aim::below("thinking about 100000 messages, s", mean * 100.0, 60.0));
    report.aim(Aim::below("the slowest message, ms", most, 50.0));
    report.aim(Aim::below("a new message of a long conversation, p99 ms", at_share(whole.clone(), 0.99), 5.0));
    report.add(table);
    Ok(())
}

/// Mails that come in one by one.
const ARRIVING: usize = 50;
/// When the first of them was written.
const FIRST: &str = "2026-03-02T10:00:00Z";

/// Measures the follower: everything anew, and one new mail beside all that is there.
///
/// # Errors
/// When the engine does not start or a command fails.
pub(crate) async fn follow(large: &Large, bench: &Bench, report: &mut Report) -> Result<()> {
    eprintln!("thinking: {} mails in a store", large.set.count);
    let app = engine::start(&large.data, false).await?;
    let (_, anew) = engine::timed::<Value>(&app, "actions.rebuild", json!({})).await?;
    let list = json!({ "which": "soon" });
    let mut again = Vec::new();
    for _ in 0..ARRIVING {
        let (_, took) = engine::timed::<ActionList>(&app, "actions.list", list.clone()).await?;
        again.push(milliseconds(took));
    }
    app.shutdown().await;

    // A mailbox of its own: in the archive, where imports lie, nothing is to be done any more.
    let dovecot = Dovecot::start(DovecotOptions::default()).await;
    fill(bench, &dovecot).await?;
    let app = engine::start(&bench.fresh("inlet-thinking")?, false).await?;
    let params = json!({ "config": dovecot.plain_config(USER), "password": dovecot.password(USER) });
    let account: AccountView = engine::ask(&app, "accounts.add_imap", params).await?;
    let mut mailbox = Mailbox { app: app.clone(), account: account.id, client: dovecot.client(USER).await };
    mailbox.fetch().await?;
    // The mails are of the past: they are not listed as being for soon.
    let first = json!({ "which": "all", "limit": 1 });
    let _: ActionList = engine::ask(&app, "actions.list", first.clone()).await?;
    let mut new = Vec::new();
    for number in 0..ARRIVING {
        let date = written(number)?;
        let mail = format!(
            "From: Ana <ana@example.org>\nTo: {USER}\nSubject: Report {number}\nMessage-ID: \
             <thinking{number}@example.org>\nDate: {date}\n\nCould you send me the report by Friday?\n"
        );
        mailbox.receive(&mail).await?;
        let (_, took) = engine::timed::<ActionList>(&app, "actions.list", first.clone()).await?;
        new.push(milliseconds(took));
    }
    let found: ActionList = engine::ask(&app, "actions.list", json!({ "which": "all" })).await?;
    ensure!(found.actions.len() >= ARRIVING, "only {} of {ARRIVING} mails are suggested", found.actions.len());
    // One conversation: mails of the set, each an answer to the first.
    let letters = messages(bench)?;
    let mut long = Vec::new();
    for (number, letter) in letters.iter().cycle().take(LONG + ARRIVING).enumerate() {
        let answers = if number == 0 { "" } else { "References: <long0@example.org>\n" };
        let date = written(ARRIVING + number)?;
        let mail = format!(
            "From: Ben <ben@example.org>\nTo: {USER}\nSubject: The long one\nMessage-ID: \
             <long{number}@example.org>\n{answers}Date: {date}\nContent-Type: text/plain; charset=utf-8\n\n{}\n",
            letter.text
        );
        mailbox.receive(&mail).await?;
        let (_, took) = engine::timed::<ActionList>(&app, "actions.list", first.clone()).await?;
        if number >= LONG {
            long.push(milliseconds(took));
        }
    }
    app.shutdown().await;
    let mut table = Table::new(
        "Suggestions kept up with the store",
        "In process. The first row thinks about every mail of the large store anew; the others ask what to do next, when \
         nothing has changed since and when one new mail has; in the last row that goes to a conversation of two \
         hundred.",
        &["", "median", "p99"],
    );
    table.row(&[format!("{} mails anew, s", large.set.count), format!("{:.1}", anew.as_secs_f64()), String::new()]);
    let rows = [
        ("nothing new, ms", again),
        ("one new mail, ms", new.clone()),
        ("one new mail of a long conversation, ms", long.clone()),
    ];
    for (name, times) in rows {
        table.row(&[name.into(), format!("{:.2}", middle(times.clone())), format!("{:.2}", at_share(times, 0.99))]);
    }
    let share = f64::from(u32::try_from(large.set.count.max(1))?) / 100_000.0;
    report.aim(Aim::below("thinking about 100000 mails of a store, s", anew.as_secs_f64() / share, 60.0));
    report.aim(Aim::below("one new mail, ms", middle(new), 5.0));
    report.aim(Aim::below("one new mail of a long conversation in a store, ms", middle(long.clone()), 5.0));
    report.aim(Aim::below("one new mail of a long conversation in a store, p99 ms", at_share(long, 0.99), 5.0));
    report.add(table);
    Ok(())
}

/// When the mail of this number was written: one a minute.
fn written(number: usize) -> Result<String> {
    let at = FIRST.parse::<Timestamp>()? + SignedDuration::from_mins(i64::try_from(number)?);
    Ok(jiff::fmt::rfc2822::to_string(&at.to_zoned(TimeZone::UTC))?)
}

/// A mailbox on a server, and the engine that reads it.
struct Mailbox {
    app: Arc<App>,
    account: AccountId,
    client: ImapClient,
}

impl Mailbox {
    /// Delivers a mail and waits until it is here.
    async fn receive(&mut self, mail: &str) -> Result<()> {
        self.client.append("INBOX", mail.as_bytes(), "").await;
        self.fetch().await
    }

    async fn fetch(&self) -> Result<()> {
        let outcomes = self.app.fetch_once(Some(self.account)).await.map_err(|error| anyhow!("{}", error.message))?;
        ensure!(outcomes.iter().all(|outcome| outcome.error.is_none()), "the mailbox cannot be read");
        Ok(())
    }
}

fn messages(bench: &Bench) -> Result<Vec<Message>> {
    let mut paths = Vec::new();
    for folder in ["cur", "new"] {
        let folder = bench.maildir.join(folder);
        if folder.is_dir() {
            for entry in fs::read_dir(folder)? {
                paths.push(entry?.path());
            }
        }
    }
    paths.sort();
    let parser = MessageParser::default();
    let mut messages = Vec::with_capacity(paths.len());
    for (id, path) in (1_i64..).zip(paths) {
        let raw = fs::read(path)?;
        let Some(mail) = parser.parse(&raw) else { continue };
        let from = Party { name: None, handle: format!("sender{}@example.org", id % 7) };
        messages.push(Message {
            id: ItemId(id),
            kind: Kind::Mail,
            at: Timestamp::UNIX_EPOCH + SignedDuration::from_mins(id),
            offset: Offset::UTC,
            from,
            from_me: id % 3 == 0,
            to: vec![Party { name: None, handle: "anna@inlet.test".into() }],
            cc: Vec::new(),
            text: mail.body_text(0).unwrap_or_default().into_owned(),
            bulk: false,
            automatic: false,
            files: false,
            retracted: false,
        });
    }
    Ok(messages)
}

/// A message of the set with pieces cut out, repeated, taken from others, or of no language at all.
fn fuzzed(messages: &[Message], random: &mut fastrand::Rng) -> Result<Message> {
    let mut message = random.choice(messages).cloned().context("the set has no mail")?;
    let mut text: Vec<char> = message.text.chars().collect();
    for _ in 0..random.usize(1..8) {
        let from = random.usize(0..=text.len());
        let until = random.usize(from..=text.len().min(from + 2_000));
        match random.u8(0..5) {
            0 => drop(text.drain(from..until)),
            1 => {
                let piece = text.get(from..until).unwrap_or_default().repeat(random.usize(1..20));
                text.splice(from..from, piece);
            }
            2 => {
                let other = random.choice(messages).map(|message| message.text.as_str()).unwrap_or_default();
                text.splice(from..until, other.chars().skip(random.usize(0..500)).take(3_000));
            }
            3 => {
                let noise: Vec<char> = (0..random.usize(1..400)).map(|_| random.char('\0'..='\u{2fff}')).collect();
                text.splice(from..until, noise);
            }
            _ => text.iter_mut().skip(from).take(until - from).filter(|c| **c == ' ').for_each(|c| {
                *c = ['>', '?', '\n', '/', '1', '-'].get(random.usize(0..6)).copied().unwrap_or(' ');
            }),
        }
    }
    message.kind = if random.bool() { Kind::Mail } else { Kind::Chat };
    message.text = text.into_iter().collect();
    Ok(message)
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
