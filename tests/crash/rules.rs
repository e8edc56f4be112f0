//! Killed between what comes in and what a rule does about it.

use inlet_model::Timestamp;

use super::*;

/// Kills while rules run.
const RULE_KILLS: usize = 16;

/// Whatever is cut short, each mail is looked at once in the end: its star, its entry in the log and the message that
/// is sent on are there, and none of them twice.
#[tokio::test(flavor = "multi_thread")]
async fn killed_while_rules_run_each_mail_has_what_they_do_once() {
    if !Dovecot::available() || !SmtpServer::available() {
        println!("skipped: killed while rules run: Dovecot or Node.js is not installed");
        return;
    }
    let world = World::new().await;
    world.connect();
    let file = world.folder.path().join("rule.toml");
    std::fs::write(&file, "id = 'on'\nname = 'On'\nthen = { star = true, forward = 'bob@inlet.test' }\n").unwrap();
    world.run(&["rules", "add", file.to_str().unwrap()]);
    // A moment later than the account, whatever the clock's last digit.
    let sent = Timestamp::now() + jiff::SignedDuration::from_mins(1);
    let date = jiff::fmt::rfc2822::to_string(&sent.to_zoned(jiff::tz::TimeZone::UTC)).unwrap();
    let mut delivered = 0_i64;
    let mut deliver = |count: i64| {
        for number in delivered..delivered + count {
            let raw = format!(
                "Message-ID: <rule{number}@inlet.test>\r\nDate: {date}\r\nFrom: Carl <carl@shop.test>\r\nTo: {ANNA}\r\n\
                 Subject: Order {number}\r\n\r\nOrder {number}.\r\n"
            );
            world.dovecot.deliver(ANNA, "INBOX", raw.as_bytes());
        }
        delivered += count;
    };
    let mut random = Rng::new(5);
    deliver(10);
    // How long a run takes is learned from the first.
    let whole = world.run(&["sync", "--once"]);
    let mut at_work = 0;
    for _ in 0..RULE_KILLS {
        deliver(8);
        at_work += usize::from(world.kill(&["sync", "--once"], whole.mul_f64(random.unit())).await);
        sound(&world.data());
    }
    assert!(at_work >= RULE_KILLS / 2, "only {at_work} of {RULE_KILLS} kills found it at work");
    world.run(&["sync", "--once"]);
    sound(&world.data());

    let main = Connection::open(world.data().join("inlet.db")).unwrap();
    let count = |sql: &str| main.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let theirs = "from_me = 0 AND deleted = 0";
    assert_eq!(count(&format!("SELECT count(*) FROM item WHERE {theirs}")), delivered);
    assert_eq!(
        count(&format!("SELECT count(*) FROM item WHERE {theirs} AND starred = 1")),
        delivered,
        "each has its star"
    );
    assert_eq!(count("SELECT count(*) FROM rule_log WHERE held = 1"), delivered, "each was looked at once");
    assert_eq!(count("SELECT count(DISTINCT item) FROM rule_log WHERE held = 1"), delivered);
    assert_eq!(count("SELECT count(*) FROM outbox WHERE kind = 'send'"), delivered, "each was sent on once");
    let sent: Vec<String> = world.smtp.mails().iter().map(|mail| mail.text()).collect();
    for number in 0..delivered {
        let subject = format!("Subject: Fwd: Order {number}\r\n");
        assert!(sent.iter().filter(|text| text.contains(&subject)).count() <= 1, "order {number} was sent twice");
    }
}
