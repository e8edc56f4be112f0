//! The door for what comes to us: who gets in, what is kept, and what a platform is told.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use std::{net::SocketAddr, sync::Arc};

use inlet_connectors::inbound::{Door, Hook, listen, sign};
use inlet_model::{SourceError, Timestamp};
use inlet_testkit::{
    MemoryQueue,
    inbound::{post, signature},
    visitor::http,
};

const SECRET: &str = "app-secret";
const TOKEN: &str = "verify-me";
const PATH: &str = "/whatsapp/106540352242922";
const BODY: &str = r#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[]}],"at":"1750000000"}"#;

fn anywhere() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

fn hook(path: &str, queue: &Arc<MemoryQueue>) -> Hook {
    Hook {
        path: path.into(),
        header: "x-hub-signature-256",
        secret: SECRET.into(),
        verify_token: Some(TOKEN.into()),
        said_at: |body| {
            let (_, rest) = std::str::from_utf8(body).ok()?.split_once(r#""at":""#)?;
            Timestamp::from_second(rest.split('"').next()?.parse().ok()?).ok()
        },
        sink: queue.clone(),
    }
}

async fn open() -> (Door, Arc<MemoryQueue>) {
    let queue = Arc::new(MemoryQueue::default());
    (listen(anywhere(), hook(PATH, &queue)).await.unwrap(), queue)
}

async fn deliver(door: &Door, signature: &str, body: &str) -> u16 {
    post(door.address(), PATH, &[("X-Hub-Signature-256", signature)], body).await.status
}

#[tokio::test]
async fn what_is_signed_is_kept_byte_for_byte_and_then_acknowledged() {
    let (door, queue) = open().await;
    assert_eq!(signature(SECRET, BODY.as_bytes()), sign(&SECRET.into(), BODY.as_bytes()));
    assert_eq!(deliver(&door, &signature(SECRET, BODY.as_bytes()), BODY).await, 200);
    assert_eq!(queue.bodies(), [BODY.as_bytes()]);
    assert_eq!(door.refused(), 0);
}

#[tokio::test]
async fn of_two_hundred_mutations_none_gets_in() {
    let (door, queue) = open().await;
    let right = signature(SECRET, BODY.as_bytes());
    for (given, body) in &inlet_testkit::mutations(&right, BODY) {
        assert_eq!(deliver(&door, given.trim_end(), body).await, 401, "{given} {body}");
    }
    assert!(queue.bodies().is_empty());
    assert_eq!(door.refused(), 200);
}

#[tokio::test]
async fn of_fifty_replays_none_is_kept_twice() {
    let (door, queue) = open().await;
    let right = signature(SECRET, BODY.as_bytes());
    for _ in 0..50 {
        // Meta's own repetition looks the same, and has to hear that it is here.
        assert_eq!(deliver(&door, &right, BODY).await, 200);
    }
    assert_eq!(queue.bodies().len(), 1);
}

#[tokio::test]
async fn other_signatures_are_no_signature() {
    let (door, queue) = open().await;
    let right = signature(SECRET, BODY.as_bytes());
    let one = ("X-Hub-Signature-256", right.as_str());
    assert_eq!(post(door.address(), PATH, &[one, one], BODY).await.status, 401);
    assert_eq!(post(door.address(), PATH, &[], BODY).await.status, 401);
    assert_eq!(post(door.address(), PATH, &[("X-Hub-Signature", "sha1=00")], BODY).await.status, 401);
    for wrong in [&right[7..], &right.replace("sha256", "sha512"), &signature("another", BODY.as_bytes())] {
        assert_eq!(deliver(&door, wrong, BODY).await, 401, "{wrong}");
    }
    assert!(queue.bodies().is_empty());
}

#[tokio::test]
async fn what_is_stale_too_large_or_cannot_be_kept_is_refused() {
    let (door, queue) = open().await;
    queue.stale_before(Timestamp::from_second(1_750_000_001).unwrap());
    assert_eq!(deliver(&door, &signature(SECRET, BODY.as_bytes()), BODY).await, 403);
    assert_eq!(door.refused(), 1);
    let large = "x".repeat((4 << 20) + 1);
    assert_eq!(deliver(&door, &signature(SECRET, large.as_bytes()), &large).await, 413);
    let body = BODY.replace("1750000000", "1750000002");
    queue.fail(1);
    assert_eq!(deliver(&door, &signature(SECRET, body.as_bytes()), &body).await, 503, "the platform sends it again");
    assert!(queue.bodies().is_empty());
    assert_eq!(deliver(&door, &signature(SECRET, body.as_bytes()), &body).await, 200);
    assert_eq!(queue.bodies(), [body.as_bytes()]);
}

#[tokio::test]
async fn the_platform_is_told_its_challenge_and_a_stranger_nothing() {
    let (door, _queue) = open().await;
    let ask = async |query: &str| {
        http(door.address().port(), &format!("GET {PATH}?{query} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"))
            .await
    };
    let right = ask(&format!("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={TOKEN}")).await;
    assert_eq!((right.status, right.body.as_str()), (200, "1158201444"));
    assert_eq!(right.header("x-content-type-options"), Some("nosniff"));
    for wrong in [
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=verify-mf".to_owned(),
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=".to_owned(),
        "hub.mode=subscribe&hub.challenge=1".to_owned(),
        format!("hub.mode=unsubscribe&hub.challenge=1&hub.verify_token={TOKEN}"),
        format!("hub.challenge=1&hub.verify_token={TOKEN}"),
        format!("hub.mode=subscribe&hub.verify_token={TOKEN}"),
        String::new(),
    ] {
        let answer = ask(&wrong).await;
        assert_eq!((answer.status, answer.body.as_str()), (403, ""), "{wrong}");
    }
}

#[tokio::test]
async fn accounts_share_an_address_each_at_its_own_path() {
    let (door, queue) = open().await;
    let other = Arc::new(MemoryQueue::default());
    let second = listen(door.address(), hook("/whatsapp/2", &other)).await.unwrap();
    assert_eq!(second.address(), door.address());
    let right = signature(SECRET, BODY.as_bytes());
    let at = door.address();
    let to = async |path: &str| post(at, path, &[("X-Hub-Signature-256", right.as_str())], BODY).await.status;
    assert_eq!(to("/whatsapp/2").await, 200);
    assert_eq!((queue.bodies().len(), other.bodies().len()), (0, 1));
    assert_eq!(to("/whatsapp/3").await, 404);

    // An account that is opened anew is there before its old self goes.
    let again = Arc::new(MemoryQueue::default());
    let anew = listen(door.address(), hook("/whatsapp/2", &again)).await.unwrap();
    drop(second);
    assert_eq!(to("/whatsapp/2").await, 200);
    assert_eq!((other.bodies().len(), again.bodies().len()), (1, 1));
    drop(anew);
    assert_eq!(to("/whatsapp/2").await, 404);
    assert_eq!(to(PATH).await, 200);
}

#[tokio::test]
async fn only_this_computer_is_listened_to_and_a_taken_port_is_said() {
    let queue = Arc::new(MemoryQueue::default());
    let outside = listen("0.0.0.0:0".parse().unwrap(), hook(PATH, &queue)).await;
    assert!(matches!(outside.err(), Some(SourceError::Permanent(_))));
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let refused = listen(taken.local_addr().unwrap(), hook(PATH, &queue)).await;
    assert!(matches!(refused.err(), Some(SourceError::Transient(_))));
}
