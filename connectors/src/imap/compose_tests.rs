use inlet_model::{Auth, Endpoint, Reported, Tls, mime::section};

use super::{super::mime::parse_whole, *};

fn config() -> ImapConfig {
    ImapConfig {
        address: "anna@inlet.test".into(),
        display_name: Some("Anna Ünsal".into()),
        user: None,
        imap: Endpoint { host: "localhost".into(), port: 993 },
        smtp: None,
        tls: Tls::Implicit,
        auth: Auth::Password,
        oauth: None,
        ca: None,
    }
}

fn key() -> OpKey {
    OpKey("k1.7@inlet.test".into())
}

fn to(handle: &str) -> Outgoing {
    Outgoing {
        to: vec![Party { name: None, handle: handle.into() }],
        subject: "Hello".into(),
        text: "Hi.\n".into(),
        date: "2026-11-20T10:00:00Z".parse().unwrap(),
        ..Outgoing::default()
    }
}

fn text(submission: &Submission) -> String {
    String::from_utf8(submission.raw.clone()).unwrap()
}

/// The bytes are fit for the wire: CRLF only, lines within RFC 5322 §2.1.1, ASCII.
fn assert_clean(submission: &Submission) {
    let raw = &submission.raw;
    for (at, byte) in raw.iter().enumerate() {
        match byte {
            b'\n' => assert_eq!(raw[at - 1], b'\r', "a lone line feed at {at}"),
            b'\r' => assert_eq!(raw[at + 1], b'\n', "a lone carriage return at {at}"),
            byte => assert!(byte.is_ascii() && *byte != 0),
        }
    }
    assert!(raw.split(|byte| *byte == b'\n').all(|line| line.len() <= 999));
}

#[test]
fn a_simple_mail_is_complete() {
    let submission = compose(&config(), &key(), &to("bo@x.test")).unwrap();
    assert_clean(&submission);
    assert_eq!(
        (submission.from.as_str(), submission.to.as_slice()),
        ("anna@inlet.test", ["bo@x.test".to_owned()].as_slice())
    );
    let raw = text(&submission);
    for line in [
        "Date: Fri, 20 Nov 2026 10:00:00 +0000\r\n",
        "Message-ID: <k1.7@inlet.test>\r\n",
        "Subject: Hello\r\n",
        "MIME-Version: 1.0\r\n",
    ] {
        assert!(raw.contains(line), "{line} in {raw}");
    }
    let mail = parse_whole(submission.raw, &["anna@inlet.test".into()]);
    assert!(mail.from_me);
    assert_eq!(mail.from[0].name.as_deref(), Some("Anna Ünsal"));
    assert_eq!(mail.text, "Hi.");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let mut outgoing = to("bo@x.test");
    outgoing.html = Some("<p>Hi</p>".into());
    outgoing.attachments = vec![OutgoingAttachment {
        name: "a.txt".into(),
        mime: "text/plain".into(),
        data: b"x\n".to_vec(),
        content_id: None,
    }];
    let one = compose(&config(), &key(), &outgoing).unwrap();
    assert_eq!(one, compose(&config(), &key(), &outgoing).unwrap());
    assert_ne!(one.raw, compose(&config(), &OpKey("other@x".into()), &outgoing).unwrap().raw);
}

#[test]
fn blind_copies_are_in_the_envelope_only() {
    let mut outgoing = to("bo@x.test");
    outgoing.cc = vec![Party::named("Cy", "cy@x.test"), Party::named("Bo again", "BO@x.test")];
    outgoing.bcc = vec![Party::named("Di", "di@x.test")];
    let submission = compose(&config(), &key(), &outgoing).unwrap();
    assert_eq!(submission.to, ["bo@x.test", "cy@x.test", "di@x.test"]);
    let raw = text(&submission);
    assert!(!raw.to_lowercase().contains("bcc") && !raw.contains("di@x.test"));
}

#[test]
fn headers_cannot_be_injected() {
    let evil = "x\r\nBcc: evil@x.test\r\n\r\nbody\u{2028}\u{0}";
    let mut outgoing = to("bo@x.test");
    outgoing.subject = evil.into();
    outgoing.to[0].name = Some(evil.into());
    outgoing.from = Some(Party::named(evil, "anna@inlet.test"));
    outgoing.attachments =
        vec![OutgoingAttachment { name: evil.into(), mime: evil.into(), data: vec![1], content_id: Some(evil.into()) }];
    outgoing.html = Some("<p>x</p>".into());
    outgoing.reply_to = Some(ReplyTo {
        message_id: Some(evil.into()),
        references: vec![evil.into(), "a> <b".into()],
        author: Some(Party::named(evil, evil)),
        quote_text: Some("q".into()),
        ..ReplyTo::default()
    });
    let submission = compose(&config(), &OpKey("k\r\nBcc: evil@x".into()), &outgoing).unwrap();
    assert_clean(&submission);
    let mail = parse_whole(submission.raw.clone(), &[]);
    assert!(mail.bcc.is_empty() && mail.meta.note.is_none());
    assert!(!text(&submission).lines().any(|line| line.to_lowercase().starts_with("bcc")));
    assert_eq!(mail.from.len(), 1);
}

#[test]
fn addresses_are_checked_and_domains_made_ascii() {
    let submission = compose(&config(), &key(), &to(" jörg@bücher.example ")).unwrap_err();
    assert!(
        matches!(submission, SourceError::Permanent(text) if text.contains("before the @") && !text.contains("jörg"))
    );
    assert_eq!(compose(&config(), &key(), &to("info@Bücher.example")).unwrap().to, ["info@xn--bcher-kva.example"]);
    for good in ["o'neill+tag@x.test", "\"a b\"@x.test", "root@[127.0.0.1]", "a@localhost"] {
        assert_eq!(compose(&config(), &key(), &to(good)).unwrap().to, [good]);
    }
    for bad in [
        "",
        "x",
        "@x.test",
        "a@",
        "a b@x.test",
        "a@x.test>, <b@y",
        "a@b@c d",
        "a\r\n@x",
        "a@x\r\nRCPT TO:<b@y>",
        "a@-x-.test\0",
    ] {
        assert!(matches!(compose(&config(), &key(), &to(bad)), Err(SourceError::Permanent(_))), "{bad}");
    }
    let nobody = Outgoing { to: Vec::new(), ..to("x@y") };
    assert!(
        matches!(compose(&config(), &key(), &nobody), Err(SourceError::Permanent(text)) if text.contains("recipient"))
    );
}

#[test]
fn an_answer_quotes_and_refers() {
    let mut outgoing = to("bo@x.test");
    outgoing.html = Some("<p>Sure</p>".into());
    outgoing.reply_to = Some(ReplyTo {
        message_id: Some("parent@x".into()),
        references: vec!["root@x".into(), "parent@x".into(), "mid@x".into()],
        author: Some(Party::named("Bo <script>", "bo@x.test")),
        at: Some("2026-11-19T08:05:00Z".parse().unwrap()),
        quote_text: Some("one\n\n> two\n".into()),
        quote_html: Some("<b>one</b>".into()),
        ..ReplyTo::default()
    });
    let submission = compose(&config(), &key(), &outgoing).unwrap();
    assert_clean(&submission);
    let mail = parse_whole(submission.raw.clone(), &[]);
    assert_eq!(mail.in_reply_to, ["parent@x"]);
    assert_eq!(mail.references, ["root@x", "mid@x", "parent@x"]);
    assert_eq!(mail.text, "Hi.\n\nOn Thu, 19 Nov 2026 at 08:05 UTC, Bo <script> wrote:\n> one\n>\n>> two");
    let html = section(&submission.raw, "2").unwrap();
    let html = String::from_utf8(html.bytes).unwrap();
    assert!(html.contains("Bo &lt;script&gt; wrote:") && html.contains("<b>one</b>"), "{html}");
}

#[test]
fn long_threads_keep_the_first_and_the_newest_references() {
    let mut outgoing = to("bo@x.test");
    outgoing.reply_to = Some(ReplyTo {
        message_id: Some("last@x".into()),
        references: (0..500).map(|n| format!("{n}@x")).collect(),
        ..ReplyTo::default()
    });
    let mail = parse_whole(compose(&config(), &key(), &outgoing).unwrap().raw, &[]);
    assert_eq!(mail.references.len(), MAX_REFERENCES);
    assert_eq!((mail.references[0].as_str(), mail.references[39].as_str()), ("0@x", "last@x"));
    assert_eq!(mail.text, "Hi.");
}

#[test]
fn files_and_images_come_out_as_they_went_in() {
    let mut outgoing = to("bo@x.test");
    outgoing.html = Some("<img src=\"cid:pic@x\">".into());
    let file = |name: &str, mime: &str, data: &[u8], id: Option<&str>| OutgoingAttachment {
        name: name.into(),
        mime: mime.into(),
        data: data.to_vec(),
        content_id: id.map(str::to_owned),
    };
    let lines = b"lone\nline feeds\r\nand \r returns\0".to_vec();
    outgoing.attachments = vec![
        file("bild ü.png", "image/png", &[0, 255, 10, 13], Some("pic@x")),
        file("../\u{202e}notes 日本.txt", "text/plain; charset=x", &lines, None),
        file("old.eml", "message/rfc822", b"Subject: x\n\n.\n", None),
        file("", "nonsense", b"", None),
    ];
    let submission = compose(&config(), &key(), &outgoing).unwrap();
    assert_clean(&submission);
    let mail = parse_whole(submission.raw.clone(), &[]);
    let outline: Vec<_> = mail.attachments.iter().map(|a| (a.name.as_str(), a.mime.as_str(), a.inline)).collect();
    assert_eq!(
        outline,
        [
            ("bild ü.png", "image/png", true),
            (".._\u{202e}notes 日本.txt", "text/plain", false),
            ("old.eml", "application/octet-stream", false),
            ("attachment", "application/octet-stream", false),
        ]
    );
    for (sent, got) in outgoing.attachments.iter().zip(&mail.attachments) {
        assert_eq!(section(&submission.raw, &got.part).unwrap().bytes, sent.data, "{}", got.name);
    }
    assert_eq!(mail.attachments[0].content_id.as_deref(), Some("pic@x"));
    assert!(mail.has_html);
}

#[test]
fn what_no_server_takes_is_refused_early() {
    let mut outgoing = to("bo@x.test");
    outgoing.attachments = vec![OutgoingAttachment {
        name: "big.bin".into(),
        mime: "application/zip".into(),
        data: vec![0; 19_000_000],
        content_id: None,
    }];
    let error = compose(&config(), &key(), &outgoing).unwrap_err();
    assert!(matches!(error, SourceError::Permanent(text) if text.contains("26 MB") || text.contains("27 MB")));
}

#[test]
fn every_script_and_any_line_survive() {
    for written in [
        "",
        "\r\rx",
        "שלום\nعالم 你好\n",
        ".\n..\n.",
        "From me\n-- \nsig",
        &"long ".repeat(5000),
        &"ж".repeat(3000),
        "tab\tand \u{1f600}",
    ] {
        let mut outgoing = to("bo@x.test");
        outgoing.text = written.into();
        outgoing.subject = written.chars().take(300).collect();
        let submission = compose(&config(), &key(), &outgoing).unwrap();
        assert_clean(&submission);
        let mail = parse_whole(submission.raw, &[]);
        assert_eq!(mail.text, written.replace('\r', "\n").trim_end(), "{written:.40}");
        assert_eq!(mail.subject, one_line(&outgoing.subject));
    }
}

#[test]
fn html_without_text_gets_a_text_form() {
    let outgoing = Outgoing { text: "  ".into(), html: Some("<p>Only <b>HTML</b></p>".into()), ..to("bo@x.test") };
    let mail = parse_whole(compose(&config(), &key(), &outgoing).unwrap().raw, &[]);
    assert_eq!((mail.text.as_str(), mail.has_html), ("Only HTML", true));
}

#[test]
fn a_receipt_is_asked_for_by_who_sends() {
    let asks = Outgoing { receipt: true, ..to("bo@x.test") };
    let submission = compose(&config(), &key(), &asks).unwrap();
    let mail = parse_whole(submission.raw.clone(), &[]);
    assert_eq!(mail.meta.read_request.unwrap().to.handle, "anna@inlet.test");
    assert_eq!(submission.notify.as_deref(), Some(key().0.as_str()));
    let plain = compose(&config(), &key(), &to("bo@x.test")).unwrap();
    assert!(!text(&plain).contains("Disposition-Notification-To") && plain.notify.is_none());
}

#[test]
fn that_a_mail_was_read_is_told_as_programs_understand_it() {
    let displayed = Displayed { message_id: Some("one@x.test".into()), target: None };
    let told = Outgoing { text: "It was shown.".into(), displayed: Some(displayed), ..to("bo@x.test") };
    let submission = compose(&config(), &key(), &told).unwrap();
    let raw = text(&submission);
    for line in [
        "report-type=\"disposition-notification\"",
        "Disposition: manual-action/MDN-sent-manually; displayed",
        "Content-Transfer-Encoding: 7bit",
    ] {
        assert!(raw.contains(line), "{line} in {raw}");
    }
    let mail = parse_whole(submission.raw.clone(), &[]);
    let report = mail.meta.report.unwrap();
    assert_eq!(report.about, ["one@x.test"]);
    assert_eq!((report.claims[0].recipient.as_str(), report.claims[0].reported), ("anna@inlet.test", Reported::Read));
    assert_eq!((mail.text.trim(), submission.tells.is_some()), ("It was shown.", true));
}
