//! How long it takes to think about mail: to read a message, to conclude from what was read of a conversation, and to
//! keep that up with a store.
//!
//! Mail is parsed beforehand and the first figures are of one thread, so that they are the thinking's own. The corpus is
//! ordinary mail and spam of two decades ago: long, quoted, broken, which is what counts here. The follower is measured
//! as a person would wait for it: from the question what to do next to the answer, with one new mail in between.

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Result;
use inlet_actions::{Habits, Me, Message, Reading, Terms, conclude, read};
use inlet_model::{ItemId, Kind, Party, Timestamp};
use inlet_orchestrator::api::types::ActionList;
use jiff::SignedDuration;
use jiff::tz::Offset;
use mail_parser::MessageParser;
use serde_json::{Value, json};

use crate::Bench;
use crate::engine;
use crate::large::Large;
use crate::measure::{at_share, middle};
use crate::table::{Aim, Report, Table};

/// A long conversation.
const LONG: usize = 200;

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
    let most = each.iter().copied().fold(0.0, f64::max);
    let mut table = Table::new(
        "Thinking about mail",
        "One thread, mail parsed beforehand. The second row reads a new message of a conversation of two hundred and \
         concludes from all of it.",
        &["", "median ms", "p99 ms", "most ms", "s for 100000"],
    );
    table.row(&[
        "reading a message".into(),
        format!("{:.3}", middle(each.clone())),
        format!("{:.3}", at_share(each.clone(), 0.99)),
        format!("{most:.3}"),
        format!("{:.1}", mean * 100.0),
    ]);
    table.row(&[
        "a new message of a long conversation".into(),
        format!("{:.3}", middle(whole.clone())),
        format!("{:.3}", at_share(whole.clone(), 0.99)),
        format!("{:.3}", whole.iter().copied().fold(0.0, f64::max)),
        "".into(),
    ]);
    report.aim(Aim::below("thinking about 100000 messages, s", mean * 100.0, 60.0));
    report.aim(Aim::below("the slowest message, ms", most, 50.0));
    report.aim(Aim::below("a new message of a long conversation, p99 ms", at_share(whole.clone(), 0.99), 5.0));
    report.add(table);
    Ok(())
}

/// Mails that come in one by one.
const ARRIVING: usize = 50;

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

    // Of its own, so that what is kept from one run to the next stays as it is.
    let data = bench.fresh("inlet-thinking")?;
    let app = engine::start(&data, false).await?;
    let _: Value = engine::ask(&app, "import", json!({ "paths": [bench.maildir] })).await?;
    let _: ActionList = engine::ask(&app, "actions.list", list.clone()).await?;
    let mut new = Vec::new();
    for number in 0..ARRIVING {
        let file = data.join(format!("{number}.eml"));
        fs::write(
            &file,
            format!(
                "From: Ana <ana@example.org>\nTo: anna@inlet.test\nSubject: Report {number}\n\
                 Message-ID: <thinking{number}@example.org>\nDate: Mon, 02 Mar 2026 10:{number:02}:00 +0000\n\n\
                 Could you send me the report by Friday?\n"
            ),
        )?;
        let _: Value = engine::ask(&app, "import", json!({ "paths": [file] })).await?;
        let (_, took) = engine::timed::<ActionList>(&app, "actions.list", list.clone()).await?;
        new.push(milliseconds(took));
    }
    app.shutdown().await;
    let mut table = Table::new(
        "Suggestions kept up with the store",
        "In process. The first row thinks about every mail of the large store anew; the others ask what to do next, when \
         nothing has changed since and when one new mail has.",
        &["", "median", "p99"],
    );
    table.row(&[format!("{} mails anew, s", large.set.count), format!("{:.1}", anew.as_secs_f64()), String::new()]);
    for (name, times) in [("nothing new, ms", again), ("one new mail, ms", new.clone())] {
        table.row(&[name.into(), format!("{:.2}", middle(times.clone())), format!("{:.2}", at_share(times, 0.99))]);
    }
    let share = f64::from(u32::try_from(large.set.count.max(1))?) / 100_000.0;
    report.aim(Aim::below("thinking about 100000 mails of a store, s", anew.as_secs_f64() / share, 60.0));
    report.aim(Aim::below("one new mail, ms", middle(new), 5.0));
    report.add(table);
    Ok(())
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
            reactions: Vec::new(),
        });
    }
    Ok(messages)
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
