use std::path::PathBuf;

use inlet_model::{OpKey, Outgoing, Party};
use inlet_testkit::{
    CertKind, ChaosProxy, Faults, SmtpOptions, SmtpServer,
    smtp::{AfterDot, SmtpFaults},
};
use tokio::net::TcpListener;

use super::{super::compose::compose, *};

const LIMIT: Duration = Duration::from_secs(30);

fn config(smtp: Endpoint, tls: Tls, ca: Option<PathBuf>) -> ImapConfig {
    ImapConfig {
        address: "anna@inlet.test".into(),
        display_name: None,
        user: None,
        imap: Endpoint { host: "localhost".into(), port: 993 },
        smtp: Some(smtp),
        tls,
        auth: Auth::Password,
        oauth: None,
        ca,
    }
}

fn secret() -> SecretString {
    "secret".into()
}

fn mail(to: &[&str], text: &str) -> Submission {
    let outgoing = Outgoing {
        to: to.iter().map(|handle| Party { name: None, handle: (*handle).into() }).collect(),
        subject: "Hello".into(),
        text: text.into(),
        date: "2026-11-20T10:00:00Z".parse().unwrap(),
        ..Outgoing::default()
    };
    let any = config(Endpoint { host: "localhost".into(), port: 1 }, Tls::Implicit, None);
    compose(&any, &OpKey("key.1@inlet.test".into()), &outgoing).unwrap()
}

async fn send(config: &ImapConfig, submission: &Submission) -> Result<String> {
    inlet_testkit::timeout(LIMIT, submit(config, &secret(), submission)).await
}

#[tokio::test]
async fn mail_arrives_whichever_way_the_connection_is_protected() {
    let smtp = SmtpServer::start(SmtpOptions::default()).await;
    let submission = mail(&["bo@x.test", "cy@x.test"], ".\r\n..dots\r\n.\r\nFrom here\r\nüñí\r\n\r\n");
    let ways = [
        (smtp.tls_endpoint(), Tls::Implicit, true),
        (smtp.plain_endpoint(), Tls::Starttls, true),
        (smtp.plain_endpoint(), Tls::LoopbackPlain, false),
    ];
    for (count, (endpoint, tls, encrypted)) in (1..).zip(ways) {
        let said = send(&config(endpoint, tls, Some(smtp.ca())), &submission).await.unwrap();
        assert!(said.starts_with("250 ") && said.contains("queued"), "{said}");
        let mails = smtp.wait_for(count).await;
        let got = mails.last().unwrap();
        assert_eq!((got.tls, got.from.as_str()), (encrypted, "anna@inlet.test"));
        assert_eq!(got.to, ["bo@x.test", "cy@x.test"]);
        assert_eq!(String::from_utf8_lossy(&got.raw), String::from_utf8_lossy(&submission.raw), "{tls:?}");
    }
    assert!(smtp.sign_ins().iter().zip([true, true, false]).all(|(sign_in, tls)| sign_in.tls == tls));
}

#[tokio::test]
async fn every_mechanism_on_offer_signs_in() {
    for (offered, auth, password) in [
        (["PLAIN", "LOGIN"].as_slice(), Auth::Password, "secret"),
        (&["LOGIN"], Auth::Password, "secret"),
        (&["PLAIN", "XOAUTH2"], Auth::Xoauth2, "token-of-anna"),
    ] {
        let mechanisms = offered.iter().map(|word| (*word).to_owned()).collect();
        let smtp = SmtpServer::start(SmtpOptions { mechanisms, ..SmtpOptions::default() }).await;
        let config = ImapConfig { auth, ..config(smtp.tls_endpoint(), Tls::Implicit, Some(smtp.ca())) };
        let sent = inlet_testkit::timeout(LIMIT, submit(&config, &password.into(), &mail(&["bo@x.test"], "x"))).await;
        assert!(sent.is_ok(), "{offered:?}: {sent:?}");
        let wrong = inlet_testkit::timeout(LIMIT, submit(&config, &"wrong".into(), &mail(&["bo@x.test"], "x"))).await;
        assert!(matches!(wrong, Err(SourceError::AuthNeeded(_))), "{offered:?}: {wrong:?}");
        assert_eq!(smtp.mails().len(), 1);
    }
}

#[tokio::test]
async fn a_server_without_a_known_mechanism_is_said_to_be_so() {
    let smtp = SmtpServer::start(SmtpOptions { mechanisms: vec!["PLAIN".into()], ..SmtpOptions::default() }).await;
    let config = ImapConfig { auth: Auth::Xoauth2, ..config(smtp.tls_endpoint(), Tls::Implicit, Some(smtp.ca())) };
    assert!(matches!(send(&config, &mail(&["bo@x.test"], "x")).await, Err(SourceError::Permanent(_))));
    assert!(smtp.sign_ins().is_empty());
}

#[tokio::test]
async fn refusals_become_decisions_and_nothing_is_sent() {
    let smtp = SmtpServer::start(SmtpOptions::default()).await;
    let config = config(smtp.tls_endpoint(), Tls::Implicit, Some(smtp.ca()));
    let none = SmtpFaults::default;
    let one = |code| SmtpFaults { recipients: [("bo@x.test".into(), code)].into(), ..SmtpFaults::default() };
    for (faults, expected) in [
        (SmtpFaults { connect: Some(421), ..none() }, "transient"),
        (SmtpFaults { connect: Some(554), ..none() }, "permanent"),
        (SmtpFaults { auth: Some(535), ..none() }, "auth_needed"),
        (SmtpFaults { auth: Some(534), ..none() }, "auth_needed"),
        (SmtpFaults { auth: Some(454), ..none() }, "transient"),
        (SmtpFaults { sender: Some(550), ..none() }, "permanent"),
        (SmtpFaults { sender: Some(530), ..none() }, "auth_needed"),
        (SmtpFaults { sender: Some(451), ..none() }, "transient"),
        (one(550), "permanent"),
        (one(451), "transient"),
        (SmtpFaults { all_recipients: Some(550), ..none() }, "permanent"),
        (SmtpFaults { data: Some(554), ..none() }, "permanent"),
        (SmtpFaults { data: Some(452), ..none() }, "transient"),
    ] {
        smtp.faults(faults.clone()).await;
        let error = send(&config, &mail(&["bo@x.test", "cy@x.test"], "x")).await.unwrap_err();
        assert_eq!(error.code(), expected, "{faults:?}: {error}");
        let sentence = error.to_string();
        assert!(!sentence.contains("@x.test") && !sentence.contains("secret"), "{sentence}");
        assert!(sentence.len() > 20 && sentence.ends_with('.'), "{sentence}");
    }
    assert!(smtp.mails().is_empty());

    smtp.faults(one(550)).await;
    let error = send(&config, &mail(&["bo@x.test", "cy@x.test"], "x")).await.unwrap_err();
    assert!(error.to_string().contains("1 of 2: bo****@x.**** (code 550)"), "{error}");
    smtp.faults(none()).await;
    assert!(send(&config, &mail(&["bo@x.test", "cy@x.test"], "x")).await.is_ok());
}

#[tokio::test]
async fn a_connection_lost_after_the_dot_leaves_it_unknown() {
    let smtp = SmtpServer::start(SmtpOptions::default()).await;
    let config = config(smtp.tls_endpoint(), Tls::Implicit, Some(smtp.ca()));
    let quick = Limits { dot: Duration::from_millis(300), chunk: Duration::ZERO, ..Limits::default() };
    for (count, fault) in [(1, AfterDot::Keep), (1, AfterDot::Lose), (2, AfterDot::Hang)] {
        smtp.faults(SmtpFaults { after_dot: Some(fault), ..SmtpFaults::default() }).await;
        let (secret, mail) = (secret(), mail(&["bo@x.test"], "x"));
        let sent = submit_within(&config, &secret, &mail, quick);
        let error = inlet_testkit::timeout(LIMIT, sent).await.unwrap_err();
        assert_eq!(error.code(), "unknown", "{fault:?}: {error}");
        assert_eq!(smtp.wait_for(count).await.len(), count);
    }
}

/// Bytes a server says until it has allowed the message.
async fn bytes_until_data(smtp: &SmtpServer) -> u64 {
    let mut stream = BufReader::new(TcpStream::connect(("127.0.0.1", smtp.port)).await.unwrap());
    let mut count = 0;
    for line in [
        "",
        "EHLO [127.0.0.1]\r\n",
        "AUTH PLAIN AGFubmFAaW5sZXQudGVzdABzZWNyZXQ=\r\n",
        "MAIL FROM:<anna@inlet.test>\r\n",
        "RCPT TO:<bo@x.test>\r\n",
        "DATA\r\n",
    ] {
        stream.get_mut().write_all(line.as_bytes()).await.unwrap();
        loop {
            let mut answer = String::new();
            count += inlet_testkit::timeout(LIMIT, stream.read_line(&mut answer)).await.unwrap() as u64;
            if answer.as_bytes()[3] != b'-' {
                break;
            }
        }
    }
    count
}

#[tokio::test]
async fn a_connection_lost_before_the_dot_is_worth_another_try() {
    let smtp = SmtpServer::start(SmtpOptions::default()).await;
    let proxy = ChaosProxy::start(smtp.port).await;
    let config = config(proxy.endpoint(), Tls::LoopbackPlain, None);
    let until_data = bytes_until_data(&smtp).await;
    // Larger than what the sockets in between can hold, so that the dot is never written.
    let large = mail(&["bo@x.test"], &"a line of text\r\n".repeat(1_400_000));
    for cut in [0, 10, until_data / 2, until_data - 1, until_data] {
        proxy.set(Faults { cut_after: Some(cut), ..Faults::default() });
        let error = send(&config, &large).await.unwrap_err();
        assert_eq!(error.code(), "transient", "after {cut} bytes: {error}");
    }
    assert!(smtp.mails().is_empty());
    proxy.set(Faults::default());
    assert!(send(&config, &mail(&["bo@x.test"], "x")).await.is_ok());
}

#[tokio::test]
async fn a_silent_server_is_given_up() {
    let smtp = SmtpServer::start(SmtpOptions::default()).await;
    let proxy = ChaosProxy::start(smtp.port).await;
    let quick = Limits { command: Duration::from_millis(200), ..Limits::default() };
    for tls in [Tls::LoopbackPlain, Tls::Starttls] {
        for bytes in [0, 40, 200] {
            proxy.set(Faults { hang_after: Some(bytes), ..Faults::default() });
            let config = config(proxy.endpoint(), tls, Some(smtp.ca()));
            let (secret, mail) = (secret(), mail(&["bo@x.test"], "x"));
            let sent = submit_within(&config, &secret, &mail, quick);
            let error = inlet_testkit::timeout(LIMIT, sent).await.unwrap_err();
            assert_eq!(error.code(), "transient", "{tls:?} after {bytes} bytes: {error}");
        }
    }
}

#[tokio::test]
async fn no_credential_leaves_without_the_right_certificate() {
    for certificate in [
        CertKind::Expired,
        CertKind::NotYetValid,
        CertKind::WrongHost,
        CertKind::UnknownAuthority,
        CertKind::SelfSigned,
    ] {
        let smtp = SmtpServer::start(SmtpOptions { certificate, ..SmtpOptions::default() }).await;
        for (endpoint, tls) in [(smtp.tls_endpoint(), Tls::Implicit), (smtp.plain_endpoint(), Tls::Starttls)] {
            let error = send(&config(endpoint, tls, Some(smtp.ca())), &mail(&["bo@x.test"], "x")).await.unwrap_err();
            assert_eq!(error.code(), "permanent", "{certificate:?} {tls:?}: {error}");
        }
        assert!(smtp.sign_ins().is_empty());
    }
}

#[tokio::test]
async fn starttls_is_never_given_up() {
    let smtp = SmtpServer::start(SmtpOptions { starttls: false, ..SmtpOptions::default() }).await;
    let error = send(&config(smtp.plain_endpoint(), Tls::Starttls, Some(smtp.ca())), &mail(&["bo@x.test"], "x"))
        .await
        .unwrap_err();
    assert!(matches!(&error, SourceError::Permanent(text) if text.contains("STARTTLS")), "{error}");
    assert!(smtp.sign_ins().is_empty());
}

#[tokio::test]
async fn what_is_slipped_in_before_tls_ends_the_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.get_mut().write_all(b"220 hello\r\n").await.unwrap();
        stream.read_line(&mut line).await.unwrap();
        stream.get_mut().write_all(b"250-here\r\n250 STARTTLS\r\n").await.unwrap();
        stream.read_line(&mut line).await.unwrap();
        stream.get_mut().write_all(b"220 go ahead\r\n250 AUTH PLAIN\r\n").await.unwrap();
        line.clear();
        let _ = stream.read_line(&mut line).await;
    });
    let endpoint = Endpoint { host: "localhost".into(), port };
    let error = send(&config(endpoint, Tls::Starttls, None), &mail(&["bo@x.test"], "x")).await.unwrap_err();
    assert!(matches!(&error, SourceError::Permanent(text) if text.contains("tampered")), "{error}");
}

#[tokio::test]
async fn nonsense_is_no_server() {
    for (said, tls) in [
        ("HTTP/1.1 400 Bad Request\r\n\r\n", Tls::Starttls),
        ("HTTP/1.1 400 Bad Request\r\n\r\n", Tls::LoopbackPlain),
        ("HTTP/1.1 400 Bad Request\r\n\r\n", Tls::Implicit),
        ("", Tls::Starttls),
        ("220-never\r\n", Tls::Starttls),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.write_all(said.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        let endpoint = Endpoint { host: "localhost".into(), port };
        assert!(send(&config(endpoint, tls, None), &mail(&["bo@x.test"], "x")).await.is_err(), "{said} {tls:?}");
    }
}

#[tokio::test]
async fn plain_connections_stay_on_this_computer() {
    let own = std::net::UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
        socket.connect("192.0.2.1:9")?;
        socket.local_addr()
    });
    let Ok(own) = own.map(|address| address.ip()) else {
        println!("skipped: plain_connections_stay_on_this_computer: this computer has no other address");
        return;
    };
    let listener = TcpListener::bind((own, 0)).await.unwrap();
    let endpoint = Endpoint { host: own.to_string(), port: listener.local_addr().unwrap().port() };
    let error = send(&config(endpoint, Tls::LoopbackPlain, None), &mail(&["bo@x.test"], "x")).await.unwrap_err();
    assert!(matches!(&error, SourceError::Permanent(text) if text.contains("not this computer")), "{error}");
}

#[test]
fn well_known_ports_say_how_they_are_protected() {
    for (tls, port, expected) in [
        (Tls::Implicit, 465, Protection::Implicit),
        (Tls::Implicit, 587, Protection::Starttls),
        (Tls::Implicit, 25, Protection::Starttls),
        (Tls::Implicit, 2465, Protection::Implicit),
        (Tls::Starttls, 465, Protection::Implicit),
        (Tls::Starttls, 2525, Protection::Starttls),
        (Tls::LoopbackPlain, 587, Protection::None),
    ] {
        assert_eq!(protection(tls, port), expected, "{tls:?} {port}");
    }
}

#[tokio::test]
async fn checking_names_the_step_that_fails_and_sends_nothing() {
    let smtp = SmtpServer::start(SmtpOptions::default()).await;
    let good = config(smtp.tls_endpoint(), Tls::Implicit, Some(smtp.ca()));
    let steps = check(&good, &secret()).await;
    assert!(steps.len() == 2 && steps.iter().all(|step| step.ok && step.fix.is_none()), "{steps:?}");
    let steps = check(&good, &"wrong".into()).await;
    assert!(steps[0].ok && !steps[1].ok && steps[1].fix.is_some(), "{steps:?}");
    let steps = check(&config(smtp.tls_endpoint(), Tls::Implicit, None), &secret()).await;
    assert!(steps.len() == 1 && !steps[0].ok && steps[0].fix.as_deref().unwrap().contains("certificate"), "{steps:?}");
    assert!(check(&ImapConfig { smtp: None, ..good }, &secret()).await.is_empty());
    assert!(smtp.mails().is_empty());
}

/// A server that takes one mail, answers what it is told to and writes down what it hears.
async fn heard(answers: &'static [(&'static str, &'static str)], submission: Submission) -> Vec<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = Endpoint { host: "127.0.0.1".into(), port: listener.local_addr().unwrap().port() };
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        let mut heard = Vec::new();
        stream.get_mut().write_all(b"220 here\r\n").await.unwrap();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or_default() == 0 {
                return heard;
            }
            let line = line.trim_end().to_owned();
            let data = heard.iter().any(|line| line == "DATA") && !heard.iter().any(|line| line == ".");
            if !data || line == "." {
                let answer = answers.iter().find(|(begins, _)| line.starts_with(begins)).map(|(_, answer)| *answer);
                let usual = if line == "DATA" { "354 go on" } else { "250 fine" };
                stream.get_mut().write_all(format!("{}\r\n", answer.unwrap_or(usual)).as_bytes()).await.unwrap();
            }
            heard.push(line);
        }
    });
    send(&config(endpoint, Tls::LoopbackPlain, None), &submission).await.unwrap();
    let heard = inlet_testkit::timeout(LIMIT, server).await.unwrap();
    heard.into_iter().filter(|line| line.starts_with("MAIL") || line.starts_with("RCPT")).collect()
}

#[tokio::test]
async fn reports_are_asked_for_where_the_server_gives_them() {
    let asked = |receipt| {
        let outgoing = Outgoing {
            to: vec![Party { name: None, handle: "bo+1@x.test".into() }],
            text: "x".into(),
            receipt,
            ..Outgoing::default()
        };
        let any = config(Endpoint { host: "localhost".into(), port: 1 }, Tls::Implicit, None);
        compose(&any, &OpKey("key.1@inlet.test".into()), &outgoing).unwrap()
    };
    let with: &[_] = &[("EHLO", "250-here\r\n250-8BITMIME\r\n250 DSN")];
    assert_eq!(
        heard(with, asked(true)).await,
        [
            "MAIL FROM:<anna@inlet.test> RET=HDRS ENVID=key.1@inlet.test",
            "RCPT TO:<bo+1@x.test> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;bo+2B1@x.test",
        ]
    );
    let plain = ["MAIL FROM:<anna@inlet.test>", "RCPT TO:<bo+1@x.test>"];
    assert_eq!(heard(&[], asked(true)).await, plain);
    assert_eq!(heard(with, asked(false)).await, plain);
}

#[tokio::test]
async fn nobody_sends_that_something_was_read_where_the_server_lets_nobody() {
    let told = || Submission { tells: Some(inlet_model::Tells::default()), ..mail(&["bo@x.test"], "x") };
    assert_eq!(heard(&[], told()).await, ["MAIL FROM:<>", "RCPT TO:<bo@x.test>"]);
    assert_eq!(
        heard(&[("MAIL FROM:<>", "550 5.7.1 who?")], told()).await,
        ["MAIL FROM:<>", "MAIL FROM:<anna@inlet.test>", "RCPT TO:<bo@x.test>"]
    );
}
