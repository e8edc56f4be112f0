//! Waiting on a clock that stands still until everybody waits.

use std::sync::Arc;

use inlet_model::AccountId;
use tokio::io::AsyncWriteExt as _;

use super::{
    tests::{config, line, pair},
    *,
};
use crate::imap::{IDLE, ImapSource};

/// RFC 2177 §3: a server may hang up on who has been idle for half an hour.
const HALF_AN_HOUR: Duration = Duration::from_secs(29 * 60);

fn silent() -> SourceError {
    SourceError::Transient("The mail server stopped answering; Inlet tries again by itself.".to_owned())
}

fn about(taken: Duration, expected: Duration) -> bool {
    (expected..expected + Duration::from_secs(1)).contains(&taken)
}

#[tokio::test(start_paused = true)]
async fn a_server_that_falls_silent_is_given_up_after_a_minute() {
    for said in ["", "* 1 EX", "* 7 EXISTS\r\n", "* 1 FETCH (UID 1 BODY[] {5}\r\nab"] {
        let (mut session, mut server) = pair();
        server.write_all(said.as_bytes()).await.unwrap();
        let begun = Instant::now();
        assert_eq!(session.run("NOOP").await.unwrap_err(), silent(), "{said:?}");
        assert!(about(begun.elapsed(), READ_TIMEOUT), "{said:?}: {:?}", begun.elapsed());
        assert!(!session.usable(), "{said:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_greets_is_given_up_after_a_minute() {
    let (client, _server) = tokio::io::duplex(64);
    let mut session = Session::new(Guarded::new(client));
    let begun = Instant::now();
    assert_eq!(session.read().await.unwrap_err(), silent());
    assert!(about(begun.elapsed(), READ_TIMEOUT), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_shakes_hands_is_given_up_sooner() {
    let (client, _server) = tokio::io::duplex(1 << 16);
    let tls = crate::tls::client_config(None).unwrap();
    let begun = Instant::now();
    let Err(error) = secure(client, "mail.inlet.test", &tls).await else { panic!("with whom?") };
    let sentence = "mail.inlet.test does not answer the TLS handshake: check that the port expects TLS; Inlet tries again \
                    by itself.";
    assert_eq!(error, SourceError::Transient(sentence.to_owned()));
    assert!(about(begun.elapsed(), Duration::from_secs(20)), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_nothing_is_given_up_after_a_minute() {
    let (mut session, _server) = pair();
    let begun = Instant::now();
    let error = session.run(&"x".repeat(1 << 20)).await.unwrap_err();
    let full = "The mail server takes no more data; Inlet tries again by itself.";
    assert_eq!(error, SourceError::Transient(full.to_owned()));
    assert!(about(begun.elapsed(), READ_TIMEOUT), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn idle_is_begun_anew_before_the_server_hangs_up_until_there_is_news() {
    let (mut session, mut server) = pair();
    session.capabilities = ["IDLE".to_owned()].into();
    session.selected = Some(Selected { name: "INBOX".to_owned(), ..Selected::default() });
    let serve = async {
        for number in 1..=4 {
            assert_eq!(line(&mut server).await, format!("I{number} IDLE\r\n"));
            server.write_all(b"+ idling\r\n").await.unwrap();
            let begun = Instant::now();
            assert_eq!(line(&mut server).await, "DONE\r\n");
            assert!(about(begun.elapsed(), IDLE) && begun.elapsed() < HALF_AN_HOUR, "{:?}", begun.elapsed());
            server.write_all(format!("I{number} OK done\r\n").as_bytes()).await.unwrap();
        }
        assert_eq!(line(&mut server).await, "I5 IDLE\r\n");
        server.write_all(b"+ idling\r\n* 1 EXISTS\r\n").await.unwrap();
        assert_eq!(line(&mut server).await, "DONE\r\n");
        server.write_all(b"I5 OK done\r\n").await.unwrap();
    };
    let secrets = Arc::new(inlet_testkit::FixedSecret(None));
    let source = ImapSource::new(AccountId(1), config(), secrets).unwrap();
    let (waited, ()) = tokio::join!(source.watch(&mut session, "INBOX"), serve);
    waited.unwrap();
    assert!(session.usable());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_gone_in_idle_is_noticed_when_idle_is_begun_anew() {
    let (mut session, mut server) = pair();
    session.selected = Some(Selected::default());
    let begun = Instant::now();
    let serve = async {
        assert_eq!(line(&mut server).await, "I1 IDLE\r\n");
        server.write_all(b"+ idling\r\n").await.unwrap();
        assert_eq!(line(&mut server).await, "DONE\r\n");
    };
    let (waited, ()) = tokio::join!(session.idle(IDLE), serve);
    assert_eq!(waited.unwrap_err(), silent());
    assert!(about(begun.elapsed(), IDLE + READ_TIMEOUT), "{:?}", begun.elapsed());
    assert!(!session.usable());
}

#[tokio::test]
async fn a_server_that_hangs_up_in_idle_is_noticed_at_once() {
    let (mut session, mut server) = pair();
    session.selected = Some(Selected::default());
    let serve = async {
        line(&mut server).await;
        server.write_all(b"+ idling\r\n").await.unwrap();
        drop(server);
    };
    let (waited, ()) = tokio::join!(session.idle(IDLE), serve);
    assert_eq!(waited.unwrap_err(), errors::closed());
    assert!(!session.usable());
}
