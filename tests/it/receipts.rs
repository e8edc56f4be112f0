//! What is reported of a mail that went out comes back to it: from a real mailbox, where anybody may put a report.

use inlet_model::{Receipt, Reported, SourceId};
use inlet_orchestrator::api::{
    ErrorCode,
    types::{AccountView, ChannelEntry, Compose, DeliveryState, DeliveryStatus, ItemView, OpDetail, OpState, OpView},
};
use serde_json::{Value, json};

use crate::mailbox::{ANNA, BOB, PASSWORD, World};

const CLEO: &str = "cleo@inlet.test";

/// A delivery status as a server writes one about each of these.
fn returned(about: &str, groups: &[(&str, &str, &str)], rest: &str) -> Vec<u8> {
    let groups: String = groups
        .iter()
        .map(|(recipient, action, status)| {
            format!(
                "Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n\
                 Diagnostic-Code: smtp; 550 {status} said so\r\n\r\n"
            )
        })
        .collect();
    format!(
        "From: Mail Delivery System <MAILER-DAEMON@inlet.test>\r\nTo: {ANNA}\r\nSubject: Returned mail\r\n\
         Date: Mon, 1 Jun 2026 11:00:00 +0000\r\nMessage-ID: <{}@mx.test>\r\nAuto-Submitted: auto-replied\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n\
         {groups}--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{about}>\r\nSubject: x\r\n\r\n{rest}\r\n--b--\r\n",
        groups.len() + rest.len()
    )
    .into_bytes()
}

/// A disposition notification as this person's program writes one.
fn displayed(about: &str, from: &str, about_whom: &str) -> Vec<u8> {
    format!(
        "From: <{from}>\r\nTo: {ANNA}\r\nSubject: Read: Lunch\r\nDate: Mon, 1 Jun 2026 12:00:00 +0000\r\n\
         Message-ID: <read-{from}-{about}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n\
         --b\r\n\r\nIt was displayed.\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\n\
         Final-Recipient: rfc822; {about_whom}\r\nOriginal-Message-ID: <{about}>\r\n\
         Disposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n"
    )
    .into_bytes()
}

async fn send(world: &World, source: SourceId) -> OpView {
    let party = |handle: &str| json!({ "name": null, "handle": handle });
    let message = json!({
        "mode": "new", "source": source, "to": [party(BOB)], "cc": [party(CLEO)], "subject": "Lunch", "text": "At noon?"
    });
    let op: OpView = world.engine.call("send", json!({ "message": message, "undo_seconds": 0 })).await;
    world.engine.op_in(op.id, OpState::Done).await
}

async fn sent(world: &World, key: &str) -> ItemView {
    let find = async || world.engine.items().await.into_iter().find(|item| item.message_id.as_deref() == Some(key));
    world.engine.until("the mail that was sent", find).await
}

/// Waits until a mail arrived here, and gives what is known of the other one then.
async fn after(world: &World, key: &str, arrived: usize) -> Vec<DeliveryStatus> {
    world
        .engine
        .until(&format!("{arrived} reports"), async || {
            let items = world.engine.items().await;
            let reports = items.iter().filter(|item| !item.from_me && item.subject != "Lunch").count();
            (reports == arrived).then_some(())
        })
        .await;
    sent(world, key).await.delivery
}

fn words(told: &[DeliveryStatus]) -> Vec<(&str, Reported)> {
    told.iter().map(|status| (status.recipient.handle.as_str(), status.reported)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_reported_of_a_mail_stands_at_it_and_a_strangers_report_is_a_mail() {
    let Some(world) = World::new().await else { return };
    let source = world.connect().await;
    let op = send(&world, source).await;
    let key = op.key.as_str();
    assert!(op.delivery.is_empty() && sent(&world, key).await.delivery.is_empty());
    let put = |raw: Vec<u8>| world.dovecot.deliver(ANNA, "INBOX", &raw);

    // About somebody else's mail, about somebody I did not write to, and by somebody for somebody else.
    put(returned("other@elsewhere.test", &[(BOB, "failed", "5.1.1")], "a"));
    put(returned(key, &[("eve@inlet.test", "failed", "5.1.1")], "bb"));
    put(displayed(key, "eve@elsewhere.test", CLEO));
    assert!(after(&world, key, 3).await.is_empty());

    // Too large to be fetched whole.
    put(returned(key, &[(BOB, "failed", "5.1.1"), (CLEO, "delayed", "4.4.1")], &"x".repeat(400_000)));
    let told = after(&world, key, 4).await;
    assert_eq!(words(&told), [(BOB, Reported::Failed), (CLEO, Reported::Delayed)]);
    assert!(told[0].reason.as_deref().is_some_and(|reason| reason.contains("no mailbox")), "{told:?}");
    assert_eq!(told[0].said.as_deref(), Some("550 5.1.1 said so"));

    put(displayed(key, CLEO, CLEO));
    assert_eq!(words(&after(&world, key, 5).await)[1], (CLEO, Reported::Read));
    // The same once more, and what is known better already.
    put(returned(key, &[(BOB, "failed", "5.1.1"), (CLEO, "delivered", "2.1.5")], "ccc"));
    let told = after(&world, key, 6).await;
    assert_eq!(words(&told), [(BOB, Reported::Failed), (CLEO, Reported::Read)]);

    let mine = sent(&world, key).await;
    assert_eq!((mine.receipt, mine.again), (Receipt::Failed, Some(op.id)));
    let detail: OpDetail = world.engine.call("outbox.get", json!({ "id": op.id })).await;
    assert_eq!(detail.op.delivery, told);
    let listed: Vec<OpView> = world.engine.call("outbox.list", json!({ "all": true })).await;
    assert_eq!(listed.iter().find(|one| one.id == op.id).unwrap().delivery, told);
    // It is written anew to whom it did not reach.
    let again: Compose = world.engine.call("outbox.again", json!({ "id": op.id })).await;
    assert_eq!(again.to.iter().chain(&again.cc).map(|party| party.handle.as_str()).collect::<Vec<_>>(), [BOB]);
    assert_eq!((again.id, again.subject.as_str(), again.text.as_str()), (None, "Lunch", "At noon?"));
    world.engine.resync(source).await;
    assert_eq!(sent(&world, key).await.delivery, told);
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_that_were_stored_before_anybody_read_them_are_read_once() {
    let Some(world) = World::new().await else { return };
    let source = world.connect().await;
    let op = send(&world, source).await;
    world.dovecot.deliver(ANNA, "INBOX", &returned(&op.key, &[(BOB, "failed", "5.2.2")], "a"));
    let told = after(&world, &op.key, 1).await;
    assert_eq!(words(&told), [(BOB, Reported::Failed)]);
    // As an earlier version has left them.
    {
        let database = rusqlite::Connection::open(world.engine.data().join("inlet.db")).unwrap();
        database
            .execute_batch(
                "DELETE FROM report; DELETE FROM meta WHERE key = 'reported';
                 UPDATE item SET meta = json_remove(meta, '$.mail.report');",
            )
            .unwrap();
    }
    assert!(sent(&world, &op.key).await.delivery.is_empty());
    let engine = world.engine.restart().await;
    let items = engine.items().await;
    let mine = items.iter().find(|item| item.message_id.as_deref() == Some(op.key.as_str())).unwrap();
    assert_eq!(mine.delivery, told);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_a_mail_channel_says_what_its_mailbox_was_told() {
    let Some(world) = World::new().await else { return };
    world.connect().await;
    let server = world.smtp.plain_endpoint();
    let via = json!({ "kind": "smtp", "from": ANNA, "to": BOB, "server": server, "tls": "loopback-plain" });
    let view: AccountView =
        world.engine.call("accounts.add_channel", json!({ "config": { "via": via }, "secret": PASSWORD })).await;
    let told: OpView =
        world.engine.call("channels.tell", json!({ "id": view.id, "title": "Deploy", "text": "It works." })).await;
    world.engine.op_in(told.id, OpState::Done).await;
    let log = async || {
        let log: Vec<ChannelEntry> = world.engine.call("channels.log", json!({ "id": view.id })).await;
        log.into_iter().next().unwrap()
    };
    assert_eq!(log().await.state, DeliveryState::Sent);
    let id = format!("{}@inlet.test", told.key);
    let becomes = async |raw: Vec<u8>, state: DeliveryState| {
        world.dovecot.deliver(ANNA, "INBOX", &raw);
        world.engine.until(&format!("{state:?}"), async || Some(log().await).filter(|one| one.state == state)).await
    };
    becomes(returned(&id, &[(BOB, "delivered", "2.0.0")], ""), DeliveryState::Delivered).await;
    becomes(displayed(&id, BOB, BOB), DeliveryState::Read).await;
    let failed = becomes(returned(&id, &[(BOB, "failed", "5.2.2")], "x"), DeliveryState::Failed).await;
    assert!(failed.reason.is_some_and(|reason| reason.contains("mailbox is full")));
}

/// A mail whose sender asks to be told.
fn asks(id: &str, headers: &str) -> Vec<u8> {
    format!(
        "Return-Path: <{BOB}>\r\nMessage-ID: <{id}@inlet.test>\r\nDate: Mon, 1 Jun 2026 10:00:00 +0000\r\n\
         From: Bob <{BOB}>\r\nTo: {ANNA}\r\nSubject: Asked {id}\r\n{headers}\r\nHave you seen this?\r\n"
    )
    .into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_is_told_by_hand_once_and_only_if_a_person_lets_them() {
    let Some(mut world) = World::new().await else { return };
    let wish = format!("Disposition-Notification-To: Bob <{BOB}>\r\n");
    for (id, headers) in [
        ("plain", String::new()),
        ("one", wish.clone()),
        ("list", format!("{wish}List-Id: <news.inlet.test>\r\n")),
        ("machine", format!("{wish}Auto-Submitted: auto-generated\r\n")),
        ("other", "Disposition-Notification-To: eve@elsewhere.test\r\n".to_owned()),
    ] {
        world.dovecot.deliver(ANNA, "INBOX", &asks(id, &headers));
    }
    world.dovecot.append(ANNA, "INBOX", &asks("told", &wish), "$MDNSent").await;
    let source = world.connect().await;
    world.engine = world.engine.holding_back().await;
    let item = async |id: &str| -> ItemView {
        let title = format!("Asked {id}");
        let row = world.engine.until(&title, async || world.engine.titled(&title).await).await;
        world.engine.thread(row.id).await.items.remove(0)
    };
    for id in ["plain", "list", "machine", "told"] {
        assert_eq!(item(id).await.read_request, None, "{id}");
    }
    let one = item("one").await;
    assert!(one.read_request.as_ref().is_some_and(|request| request.to.handle == BOB && !request.elsewhere));
    assert!(item("other").await.read_request.is_some_and(|request| request.elsewhere));

    // Nobody is told unless the person lets them be.
    assert_eq!(world.engine.ask("receipt.send", json!({ "id": one.id })).await.unwrap_err().code, ErrorCode::Refused);
    let _: Value = world.engine.call("config.set", json!({ "key": "privacy.receipts", "value": "ask" })).await;
    let _: Value = world.engine.call("config.set", json!({ "key": "send.undo_seconds", "value": "30" })).await;
    let none = item("list").await;
    assert_eq!(world.engine.ask("receipt.send", json!({ "id": none.id })).await.unwrap_err().code, ErrorCode::Refused);
    // Taken back, it was not told.
    let op: OpView = world.engine.call("receipt.send", json!({ "id": one.id })).await;
    assert_eq!(item("one").await.read_request, None);
    let _: OpView = world.engine.call("outbox.cancel", json!({ "id": op.id })).await;
    assert_eq!(item("one").await.read_request, one.read_request);
    assert!(world.smtp.mails().is_empty());

    let _: Value = world.engine.call("config.set", json!({ "key": "send.undo_seconds", "value": "0" })).await;
    let op: OpView = world.engine.call("receipt.send", json!({ "id": one.id })).await;
    world.engine.op_in(op.id, OpState::Done).await;
    let told = world.smtp.wait_for(1).await.remove(0);
    assert_eq!(told.to, [BOB]);
    let said = inlet_model::report::read(&told.raw).unwrap();
    assert_eq!((said.about, said.claims[0].reported), (vec!["one@inlet.test".to_owned()], Reported::Read));
    assert_eq!(said.claims[0].recipient, ANNA);
    assert_eq!(world.engine.ask("receipt.send", json!({ "id": one.id })).await.unwrap_err().code, ErrorCode::Refused);
    let uid = world.dovecot.find(ANNA, "INBOX", "one@inlet.test").await[0];
    assert!(world.dovecot.flags(ANNA, "INBOX", uid).await.contains(&"$MDNSent".to_owned()));
    assert!(world.dovecot.find(ANNA, "Sent", &op.key).await.is_empty(), "a receipt is not among what was written");
    world.engine.resync(source).await;
    assert_eq!(item("one").await.read_request, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_asks_for_a_receipt_when_its_writer_does() {
    let Some(world) = World::new().await else { return };
    let source = world.connect().await;
    let to = json!([{ "name": null, "handle": BOB }]);
    for (count, receipt) in [(1, false), (2, true)] {
        let message = json!({
            "mode": "new", "source": source, "to": to, "subject": "x", "text": "y", "receipt": receipt
        });
        let _: OpView = world.engine.call("send", json!({ "message": message, "undo_seconds": 0 })).await;
        let sent = world.smtp.wait_for(count).await.pop().unwrap();
        assert_eq!(sent.text().contains(&format!("Disposition-Notification-To: <{ANNA}>")), receipt, "{}", sent.text());
    }
}
