use super::*;

/// As Postfix returns a mail: the status, and the header of what was sent.
const RETURNED: &[u8] = b"From: MAILER-DAEMON@mail.inlet.test (Mail Delivery System)\r\nTo: anna@inlet.test\r\n\
Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"B/mail\"\r\n\r\n\
This is a MIME-encapsulated message.\r\n\r\n--B/mail\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n\
I'm sorry to have to inform you.\r\n\r\n--B/mail\r\nContent-Description: Delivery report\r\n\
Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.inlet.test\r\n\
X-Postfix-Queue-ID: 4Q\r\nArrival-Date: Mon,  1 Jun 2026 10:00:00 +0000 (UTC)\r\n\r\n\
Final-Recipient: rfc822; Bob@inlet.test\r\nOriginal-Recipient: rfc822;bob@inlet.test\r\nAction: failed\r\n\
Status: 5.1.1\r\nRemote-MTA: dns; mx.inlet.test\r\nDiagnostic-Code: smtp; 550 5.1.1 <bob@inlet.test>: Recipient\r\n    \
address rejected: User unknown\r\n\r\nFinal-Recipient: rfc822; cleo@inlet.test\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n\
--B/mail\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: anna@inlet.test\r\nMessage-ID: <one@inlet.test>\r\n\
Subject: Lunch\r\n\r\n--B/mail--\r\n";

/// RFC 8098 §8, with other names.
const DISPLAYED: &[u8] =
    b"From: Bob Novak <bob@inlet.test>\nTo: Anna <anna@inlet.test>\nSubject: Disposition notification\n\
MIME-Version: 1.0\nContent-Type: multipart/report; report-type=disposition-notification; boundary=\"RAA14128\"\n\n\
--RAA14128\n\nThe message sent on 1995 Sep 19 has been displayed.\n\n--RAA14128\n\
content-type: message/disposition-notification\n\nReporting-UA: inlet.test; Foomail 97.1\n\
Original-Recipient: rfc822;bob@inlet.test\nFinal-Recipient: rfc822;bob@inlet.test\n\
Original-Message-ID: <one@inlet.test>\nDisposition: manual-action/MDN-sent-manually; displayed\n\n\
--RAA14128\nContent-Type: message/rfc822\n\nMessage-ID: <one@inlet.test>\n\nbody\n--RAA14128--\n";

fn text(raw: &[u8]) -> String {
    String::from_utf8(raw.to_vec()).unwrap()
}

fn said_of(raw: &str) -> Vec<(String, Reported)> {
    let claims = read(raw.as_bytes()).map(|report| report.claims).unwrap_or_default();
    claims.into_iter().map(|claim| (claim.recipient, claim.reported)).collect()
}

#[test]
fn a_returned_mail_names_each_recipient_with_why() {
    let report = read(RETURNED).unwrap();
    assert_eq!(report.about, ["one@inlet.test"]);
    let [bob, cleo] = report.claims.as_slice() else { panic!("{:?}", report.claims) };
    assert_eq!((bob.recipient.as_str(), bob.reported), ("bob@inlet.test", Reported::Failed));
    assert_eq!((bob.status.as_deref(), bob.also.as_deref()), (Some("5.1.1"), None));
    assert_eq!(bob.said.as_deref(), Some("550 5.1.1 <bob@inlet.test>: Recipient address rejected: User unknown"));
    assert_eq!((cleo.reported, cleo.status.as_deref()), (Reported::Delayed, Some("4.4.1")));
}

#[test]
fn a_mail_that_was_displayed_or_deleted_is_told_by_whoever_it_went_to() {
    let raw = text(DISPLAYED);
    assert_eq!(said_of(&raw), [("bob@inlet.test".to_owned(), Reported::Read)]);
    let deleted =
        raw.replace("manual-action/MDN-sent-manually; displayed", "automatic-action/MDN-sent-automatically; deleted");
    assert_eq!(said_of(&deleted), [("bob@inlet.test".to_owned(), Reported::Deleted)]);
    let warned = raw.replace("; displayed", "; displayed/warning");
    assert_eq!(said_of(&warned)[0].1, Reported::Read);
    for word in ["; processed", "; dispatched", "; denied", "; failed", ""] {
        assert_eq!(said_of(&raw.replace("; displayed", word)), [], "{word:?}");
    }
}

#[test]
fn nobody_says_for_somebody_else_that_they_have_read() {
    let raw = text(DISPLAYED);
    let stranger = raw.replace("From: Bob Novak <bob@inlet.test>", "From: bob@inlet.test <eve@elsewhere.test>");
    assert_eq!(said_of(&stranger), []);
    // Where it was sent on to, the one who read it may speak for themselves.
    let forwarded = raw
        .replace("From: Bob Novak <bob@inlet.test>", "From: bob@elsewhere.test")
        .replace("Final-Recipient: rfc822;bob@inlet.test", "Final-Recipient: rfc822;bob@elsewhere.test");
    assert_eq!(said_of(&forwarded), [("bob@elsewhere.test".to_owned(), Reported::Read)]);
    assert_eq!(said_of(&raw.replace("From: Bob Novak <bob@inlet.test>\n", "")), []);
}

#[test]
fn what_is_no_report_says_nothing() {
    let raw = text(RETURNED);
    for other in [
        raw.replace("multipart/report", "multipart/mixed"),
        raw.replace("message/delivery-status", "text/plain"),
        raw.replace("Action: failed", "Action: ").replace("Action: delayed", "Action: pondered"),
        raw.replace("Final-Recipient: rfc822; Bob@inlet.test", "Final-Recipient: rfc822; Bob")
            .replace("Original-Recipient: rfc822;bob@inlet.test", "Original-Recipient: x")
            .replace("Final-Recipient: rfc822; cleo@inlet.test", "Final-Recipient:"),
        raw.replace("Message-ID: <one@inlet.test>", "X-Id: <one@inlet.test>"),
    ] {
        assert_eq!(read(other.as_bytes()), None, "{other}");
    }
}

#[test]
fn what_servers_write_differently_is_understood() {
    let raw = text(RETURNED);
    // Nothing is returned, and the report answers the mail as a mail does.
    let answered = raw
        .replace("Message-ID: <one@inlet.test>\r\n", "")
        .replace("MIME-Version: 1.0\r\n", "MIME-Version: 1.0\r\nIn-Reply-To: <one@inlet.test>\r\n");
    assert_eq!(read(answered.as_bytes()).unwrap().about, ["one@inlet.test"]);
    // The whole mail comes back; groups are divided by a line with a space; the word is another one.
    let whole = raw.replace("text/rfc822-headers", "message/rfc822").replace("(UTC)\r\n\r\n", "(UTC)\r\n \r\n");
    assert_eq!(read(whole.as_bytes()).unwrap().about, ["one@inlet.test"]);
    assert_eq!(said_of(&whole)[0], ("bob@inlet.test".to_owned(), Reported::Failed));
    assert_eq!(said_of(&raw.replace("Action: failed", "Action: failure (bounced)"))[0].1, Reported::Failed);
    assert_eq!(said_of(&raw.replace("Action: failed", "Action: expanded"))[0].1, Reported::Relayed);
    // A code that says nothing is told better by the words beside it.
    let vague = raw.replace("Status: 5.1.1\r\n", "Status: 5.0.0\r\n");
    assert_eq!(read(vague.as_bytes()).unwrap().claims[0].status.as_deref(), Some("5.1.1"));
    let alias = raw.replace("Final-Recipient: rfc822; Bob@inlet.test", "Final-Recipient: rfc822; <robert@mx.test>");
    let claim = read(alias.as_bytes()).unwrap().claims.remove(0);
    assert_eq!((claim.recipient.as_str(), claim.also.as_deref()), ("bob@inlet.test", Some("robert@mx.test")));
}

#[test]
fn codes_are_found_among_other_numbers() {
    for (text, expected) in [
        ("5.1.1", Some("5.1.1")),
        ("550-5.7.26 This mail has been blocked", Some("5.7.26")),
        ("4.4.7 (delivery time expired).", Some("4.4.7")),
        ("550 Rejected by 5.9.11.2", None),
        ("3.1.1", None),
        ("5.1111.1", None),
        ("", None),
    ] {
        assert_eq!(code(text).as_deref(), expected, "{text:?}");
    }
}

#[test]
fn a_report_of_any_size_is_read_within_bounds() {
    let groups: String =
        (0..50_000).map(|n| format!("Final-Recipient: rfc822; p{n}@inlet.test\r\nAction: failed\r\n\r\n")).collect();
    let ids: String = (0..5_000).map(|n| format!("Original-Message-ID: <{n}@inlet.test>\r\nX: y\r\n\r\n")).collect();
    let raw =
        text(RETURNED).replace("Final-Recipient: rfc822; Bob", &format!("{ids}{groups}Final-Recipient: rfc822; Bob"));
    let padded = raw.replace("Subject: Lunch\r\n", &format!("Subject: Lunch\r\n\r\n{}", "x".repeat(10 << 20)));
    let report = read(padded.as_bytes()).unwrap();
    assert!(report.claims.len() <= MAX_CLAIMS && report.about.len() <= MAX_NAMED, "{}", report.claims.len());
}

#[test]
fn of_a_large_report_a_few_parts_are_enough() {
    let raw = text(RETURNED);
    let (head, _) = raw.split_once("\r\n\r\n").unwrap();
    let status = raw.split("message/delivery-status\r\n\r\n").nth(1).unwrap().split("--B").next().unwrap();
    let parts = || {
        [
            ("message/delivery-status", status.as_bytes().to_vec()),
            ("message/rfc822", b"Subject: x\r\nMessage-ID: <one@inlet.test>\r\n".to_vec()),
        ]
        .into_iter()
    };
    assert_eq!(read_parts(head.as_bytes(), parts()), read(RETURNED));
    assert_eq!(read_parts(b"Content-Type: multipart/mixed; boundary=x\r\n", parts()), None);
}

#[test]
fn who_asks_to_be_told_is_one_and_wants_nothing_unknown() {
    let asks = |head: &str| read_request(&Fields::parse(head.as_bytes()));
    let asked =
        asks("Return-Path: <bounce@x.test>\r\nDisposition-Notification-To: Bo <bo@x.test>, bo@X.test\r\n").unwrap();
    assert_eq!((asked.to.handle.as_str(), asked.return_path.as_deref()), ("bo@x.test", Some("bounce@x.test")));
    for head in [
        "Disposition-Notification-To: bo@x.test, eve@x.test\r\n",
        "Disposition-Notification-To: nobody\r\n",
        "Disposition-Notification-To:\r\n",
        "Disposition-Notification-To: bo@x.test\r\nDisposition-Notification-Options: x=required,y\r\n",
        "Subject: x\r\n",
    ] {
        assert_eq!(asks(head), None, "{head}");
    }
}
