use base64::{Engine as _, engine::general_purpose::STANDARD};
use inlet_model::{Auth, ImapConfig, Tls};
use secrecy::SecretString;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream};

use super::*;

pub(super) fn pair() -> (Session, BufReader<DuplexStream>) {
    let (client, server) = tokio::io::duplex(1 << 16);
    (Session::new(Guarded::greeted(client)), BufReader::new(server))
}

pub(super) async fn line(server: &mut BufReader<DuplexStream>) -> String {
    let mut line = String::new();
    server.read_line(&mut line).await.unwrap();
    line
}

#[tokio::test]
async fn a_burst_of_five_thousand_expunges_is_kept() {
    let (mut session, mut server) = pair();
    session.selected = Some(Selected { exists: 9_000, ..Selected::default() });
    let serve = async {
        line(&mut server).await;
        for uid in 1..=5_000 {
            server.write_all(format!("* VANISHED {uid}\r\n").as_bytes()).await.unwrap();
        }
        server.write_all(b"I1 OK done\r\n").await.unwrap();
    };
    let (reply, ()) = tokio::join!(session.run("NOOP"), serve);
    assert!(reply.unwrap().shifted);
    let selected = session.selected.unwrap();
    assert_eq!((selected.vanished.len(), selected.exists), (5_000, 4_000));
}

#[tokio::test]
async fn nonsense_between_the_lines_costs_nothing_but_itself() {
    let (mut session, mut server) = pair();
    let serve = async {
        line(&mut server).await;
        server
            .write_all(b"* 1 FETCH (UID 1 BROKEN\r\n* ???\r\n\x00\r\n* 2 FETCH (UID 2 RFC822.SIZE 3)\r\nI1 OK x\r\n")
            .await
            .unwrap();
    };
    let (reply, ()) = tokio::join!(session.run("UID FETCH 1:2 (RFC822.SIZE)"), serve);
    let reply = reply.unwrap();
    assert_eq!(reply.fetched.len(), 1);
    assert_eq!((reply.fetched[0].uid, reply.nonsense), (Some(2), 2));
    assert!(session.usable());
}

#[tokio::test]
async fn what_makes_the_parser_panic_is_nonsense_too() {
    let (mut session, mut server) = pair();
    let serve = async {
        line(&mut server).await;
        server
            .write_all(
                b"* 1 FETCH (UID 1 INTERNALDATE NIL)\r\n* OK [ALERT]\xc3\xa9\r\n* 2 FETCH (UID 2)\r\nI1 OK x\r\n",
            )
            .await
            .unwrap();
    };
    let (reply, ()) = tokio::join!(session.run("UID FETCH 1:2 (INTERNALDATE)"), serve);
    let reply = reply.unwrap();
    assert_eq!((reply.fetched.len(), reply.nonsense), (1, 1));
    assert!(reply.whole().is_err());
}

#[tokio::test]
async fn every_number_of_a_long_search_arrives() {
    let (mut session, mut server) = pair();
    let numbers: Vec<u32> = (1..=60_000).map(|n| n * 3).collect();
    let words: Vec<String> = numbers.iter().map(u32::to_string).collect();
    let serve = async {
        line(&mut server).await;
        server.write_all(format!("* SEARCH {}\r\nI1 OK x\r\n", words.join(" ")).as_bytes()).await.unwrap();
    };
    let (reply, ()) = tokio::join!(session.run("UID SEARCH ALL"), serve);
    assert_eq!(reply.unwrap().whole().unwrap().found, numbers);
}

#[tokio::test]
async fn the_reason_of_a_refused_sign_in_is_kept() {
    for (answer, expected) in [
        ("A0001 NO [THROTTLED] slower\r\n", SourceError::Throttled { retry_after: Duration::from_secs(60) }),
        (
            "* BYE [OVERQUOTA] Account exceeded command or bandwidth limits.\r\n",
            SourceError::Throttled { retry_after: Duration::from_secs(1800) },
        ),
        ("* BYE\r\n", errors::closed()),
        ("+ !\r\n", errors::closed()),
    ] {
        let (mut session, mut server) = pair();
        session.capabilities = ["AUTH=PLAIN".to_owned(), "SASL-IR".to_owned()].into();
        let (config, secret) = (config(), SecretString::from("x"));
        let serve = async {
            assert_eq!(line(&mut server).await, "A0001 AUTHENTICATE PLAIN AG1lAHg=\r\n");
            server.write_all(answer.as_bytes()).await.unwrap();
            drop(server);
        };
        let (result, ()) = tokio::join!(session.sign_in(&config, &secret), serve);
        assert_eq!(result.unwrap_err(), expected, "{answer}");
    }
}

#[tokio::test]
async fn a_command_dropped_half_way_leaves_a_session_nobody_uses() {
    let (mut session, mut server) = pair();
    {
        let run = session.run("UID FETCH 1 (BODY.PEEK[])");
        tokio::pin!(run);
        tokio::select! {
            _ = &mut run => panic!("nobody answered"),
            _ = line(&mut server) => {}
        }
    }
    assert!(!session.usable());
    assert!(session.run("NOOP").await.is_err());
}

#[tokio::test]
async fn passwords_with_quotes_and_umlauts_are_sent_whole() {
    for (password, expected) in [
        ("p\"w\\d", vec!["A0001 LOGIN \"me\" \"p\\\"w\\\\d\"\r\n"]),
        ("pässword", vec!["I1 LOGIN \"me\" {9}\r\n", "pässword\r\n"]),
    ] {
        let (mut session, mut server) = pair();
        session.capabilities = ["IMAP4REV1".to_owned()].into();
        let config = config();
        let secret = SecretString::from(password);
        let serve = async {
            let mut lines = Vec::new();
            for number in 0..expected.len() {
                if number > 0 {
                    server.write_all(b"+ go\r\n").await.unwrap();
                }
                lines.push(line(&mut server).await);
            }
            let tag = lines[0].split(' ').next().unwrap();
            server.write_all(format!("{tag} OK [CAPABILITY IMAP4rev1] in\r\n").as_bytes()).await.unwrap();
            lines
        };
        let (result, lines) = tokio::join!(session.sign_in(&config, &secret), serve);
        result.unwrap();
        assert_eq!(lines, expected);
    }
}

#[tokio::test]
async fn the_challenge_of_a_refused_token_is_answered_with_an_empty_line() {
    let (mut session, mut server) = pair();
    session.capabilities = ["AUTH=XOAUTH2".to_owned()].into();
    let config = ImapConfig { auth: Auth::Xoauth2, ..config() };
    let secret = SecretString::from("stale");
    let serve = async {
        assert_eq!(line(&mut server).await, "A0001 AUTHENTICATE XOAUTH2\r\n");
        server.write_all(b"+ \r\n").await.unwrap();
        let sent = STANDARD.decode(line(&mut server).await.trim_end()).unwrap();
        assert_eq!(sent, b"user=me\x01auth=Bearer stale\x01\x01");
        server.write_all(b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n").await.unwrap();
        assert_eq!(line(&mut server).await, "\r\n");
        server.write_all(b"A0001 NO [AUTHENTICATIONFAILED] no\r\n").await.unwrap();
    };
    let (result, ()) = tokio::join!(session.sign_in(&config, &secret), serve);
    assert!(matches!(result, Err(SourceError::AuthNeeded(_))), "{result:?}");
}

#[tokio::test]
async fn idle_ends_with_news_and_the_session_goes_on() {
    let (mut session, mut server) = pair();
    session.selected = Some(Selected::default());
    let serve = async {
        assert_eq!(line(&mut server).await, "I1 IDLE\r\n");
        server.write_all(b"+ idling\r\n* OK Still here\r\n* 4 EXISTS\r\n").await.unwrap();
        assert_eq!(line(&mut server).await, "DONE\r\n");
        server.write_all(b"* 2 RECENT\r\nI1 OK done\r\n").await.unwrap();
    };
    let (told, ()) = tokio::join!(session.idle(Duration::from_secs(60)), serve);
    assert!(told.unwrap());
    assert!(session.usable());
}

#[tokio::test]
async fn news_before_the_go_ahead_ends_idle_at_once() {
    let (mut session, mut server) = pair();
    session.selected = Some(Selected::default());
    let serve = async {
        line(&mut server).await;
        for number in 1..=300 {
            server.write_all(format!("* {number} FETCH (UID {number} FLAGS ())\r\n").as_bytes()).await.unwrap();
        }
        server.write_all(b"+ idling\r\n").await.unwrap();
        assert_eq!(line(&mut server).await, "DONE\r\n");
        server.write_all(b"I1 OK done\r\n").await.unwrap();
    };
    let (told, ()) = tokio::join!(session.idle(Duration::from_secs(600)), serve);
    assert!(told.unwrap());
    assert_eq!(session.selected.unwrap().changes.len(), 300);
}

#[tokio::test]
async fn idle_that_is_refused_is_an_error_and_one_that_hears_nothing_ends_in_time() {
    let (mut session, mut server) = pair();
    let serve = async {
        line(&mut server).await;
        server.write_all(b"I1 NO\r\n").await.unwrap();
        line(&mut server).await;
        server.write_all(b"+ idling\r\n").await.unwrap();
        assert_eq!(line(&mut server).await, "DONE\r\n");
        server.write_all(b"I2 OK done\r\n").await.unwrap();
    };
    let client = async {
        assert!(session.idle(Duration::from_secs(60)).await.is_err());
        assert!(!session.idle(Duration::from_millis(5)).await.unwrap());
        assert!(session.usable());
    };
    tokio::join!(client, serve);
}

#[tokio::test]
async fn a_goodbye_carries_its_reason() {
    let (mut session, mut server) = pair();
    let serve = async {
        line(&mut server).await;
        server.write_all(b"* BYE [OVERQUOTA] Account exceeded command or bandwidth limits.\r\n").await.unwrap();
        drop(server);
    };
    let (reply, ()) = tokio::join!(session.run("NOOP"), serve);
    assert_eq!(reply.unwrap_err(), SourceError::Throttled { retry_after: Duration::from_secs(1800) });
}

pub(super) fn config() -> ImapConfig {
    ImapConfig {
        address: "me".to_owned(),
        display_name: None,
        user: None,
        imap: inlet_model::Endpoint { host: "localhost".to_owned(), port: 143 },
        smtp: None,
        tls: Tls::Implicit,
        auth: Auth::Password,
        oauth: None,
        ca: None,
    }
}
