use std::{fs, time::Instant};

use inlet_model::mime::section;

use super::*;

fn parse(text: &str) -> UnifiedEmail {
    parse_whole(text.as_bytes().to_vec(), &["anna@inlet.test".to_owned()])
}

#[test]
fn a_plain_mail_is_read() {
    let mail = parse(
        "From: \"Bo, B.\" <Bo@X.test>\r\nTo: anna@inlet.test, team: c@x, d@x;\r\nCc: =?iso-8859-1?Q?J=F6rg?= <j@x>\r\n\
         Reply-To: list@x\r\nSubject: Hi\r\nDate: Fri, 20 Nov 2026 10:00:00 +0100\r\nMessage-ID: <m1@x>\r\n\
         In-Reply-To: <p@x>\r\nReferences: <a@x> <p@x>\r\nList-Id: The List <l.x>\r\n\
         List-Unsubscribe: <https://x/u>,\r\n <mailto:u@x>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\
         Precedence: bulk\r\nAuthentication-Results: mx.x; spf=pass\r\nAuthentication-Results: forged; dkim=pass\r\n\r\nHello\r\nyou\r\n",
    );
    assert_eq!(mail.from, [Party::named("Bo, B.", "Bo@X.test")]);
    assert_eq!(mail.to.iter().map(|to| to.handle.as_str()).collect::<Vec<_>>(), ["anna@inlet.test", "c@x", "d@x"]);
    assert_eq!(mail.cc, [Party::named("Jörg", "j@x")]);
    assert_eq!(mail.meta.reply_to[0].handle, "list@x");
    assert_eq!((mail.subject.as_str(), mail.text.as_str(), mail.has_html), ("Hi", "Hello\nyou", false));
    assert_eq!(mail.date.unwrap().to_string(), "2026-11-20T09:00:00Z");
    assert_eq!(mail.message_id.as_deref(), Some("m1@x"));
    assert_eq!((mail.in_reply_to.len(), mail.references.join(" ")), (1, "a@x p@x".to_owned()));
    assert_eq!(mail.meta.list_id.as_deref(), Some("The List <l.x>"));
    assert_eq!(mail.meta.list_unsubscribe.as_deref(), Some("<https://x/u>, <mailto:u@x>"));
    assert!(mail.meta.one_click_unsubscribe && mail.meta.automatic && !mail.from_me);
    assert_eq!(mail.meta.authentication_results.as_deref(), Some("mx.x; spf=pass"));
    assert_eq!(mail.meta.note, None);
    assert!(mail.raw.is_some() && mail.size > 0 && mail.stable_id.len() == 64);
}

#[test]
fn from_me_ignores_case() {
    assert!(parse("From: ANNA@Inlet.TEST\r\n\r\nx").from_me);
    assert!(!parse("From: \"anna@inlet.test\" <mallory@x>\r\n\r\nx").from_me);
}

#[test]
fn automatic_is_what_says_so() {
    for (head, expected) in [
        ("Auto-Submitted: auto-replied; owner-email=x", true),
        ("Auto-Submitted: no", false),
        ("Precedence: LIST", true),
        ("Precedence: first-class", false),
        ("X: y", false),
    ] {
        assert_eq!(parse(&format!("{head}\r\n\r\nx")).meta.automatic, expected, "{head}");
    }
}

#[test]
fn html_alone_becomes_text_and_an_image_beside_it_is_inline() {
    let mail = parse(
        "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
         <p>Grüße</p><img src=\"cid:i@x\">\r\n--b\r\nContent-Type: image/png; name=i.png\r\nContent-ID: <i@x>\r\n\
         Content-Transfer-Encoding: base64\r\n\r\nAQIDBA==\r\n--b\r\nContent-Type: application/pdf\r\n\
         Content-Disposition: attachment\r\n\r\n%PDF\r\n--b--\r\n",
    );
    assert_eq!((mail.text.as_str(), mail.has_html, mail.html), ("Grüße", true, None));
    let outline: Vec<_> =
        mail.attachments.iter().map(|a| (a.part.as_str(), a.name.as_str(), a.size, a.inline)).collect();
    assert_eq!(outline, [("2", "i.png", 4, true), ("3", "attachment-3.pdf", 4, false)]);
}

#[test]
fn an_empty_text_form_gives_way_to_the_html() {
    let mail = parse(
        "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n \r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>here</p>\r\n--b--",
    );
    assert_eq!(mail.text, "here");
}

#[test]
fn an_invitation_is_kept_as_text() {
    let mail = parse(
        "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nCome\r\n--b\r\n\
         Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n--b--\r\n",
    );
    assert_eq!(mail.text, "Come");
    assert_eq!(mail.meta.calendar, ["BEGIN:VCALENDAR\r\nEND:VCALENDAR"]);
    assert_eq!(mail.attachments[0].name, "attachment-2.ics");
}

#[test]
fn an_attached_message_is_named_by_its_subject() {
    let mail = parse("Content-Type: message/rfc822\r\n\r\nSubject: =?utf-8?B?w6k=?=\r\n\r\ninner");
    assert_eq!((mail.attachments[0].name.as_str(), mail.attachments[0].part.as_str()), ("é.eml", "1"));
    assert_eq!(mail.text, "");
}

#[test]
fn two_senders_and_odd_mail_carry_a_note_or_nothing_at_all() {
    assert!(parse("From: a@x\r\nFrom: b@y\r\n\r\nx").meta.note.unwrap().contains("forged"));
    let nothing = parse("");
    assert_eq!((nothing.subject.as_str(), nothing.text.as_str(), nothing.from.len()), ("", "", 0));
    assert_eq!(parse("\r\njust a body").text, "just a body");
    assert_eq!(parse("Subject: x\r\n\r\na\0b\u{7}c\rd\r\n").text, "abc\nd");
}

#[test]
fn what_cannot_be_read_is_kept_and_shown_as_it_came() {
    let own = ["anna@inlet.test".to_owned()];
    let no_mail =
        [&b"%PDF-1.7\r\n\0\xe4 two words: x"[..], b"one line", b"<html>\n\n<p>no header</p>\n", b"\xff\xfe\0\0"];
    let texts = ["%PDF-1.7\n\u{fffd} two words: x", "one line", "<html>\n\n<p>no header</p>", "\u{fffd}\u{fffd}"];
    for (raw, text) in no_mail.into_iter().zip(texts) {
        let mail = parse_whole(raw.to_vec(), &own);
        assert_eq!((mail.text.as_str(), mail.meta.note.as_deref()), (text, Some(NOTE_UNREADABLE)));
        assert_eq!((mail.raw.as_deref(), mail.size), (Some(raw), raw.len() as u64));
    }
    // A parser that gives up on a mail is one more way of not being read.
    let raw = b"Subject: x\r\n\r\nbody";
    let mail = kept(raw.to_vec(), |_| panic!("a field that trips a parser"));
    assert_eq!((mail.text.as_str(), mail.meta.note.as_deref()), ("Subject: x\n\nbody", Some(NOTE_UNREADABLE)));
    assert_eq!((mail.raw.as_deref(), mail.subject.as_str()), (Some(&raw[..]), ""));
    let long = parse_whole(vec![b'x'; 100_000], &own);
    assert_eq!((long.text.len(), long.size), (64 * 1024, 100_000), "the beginning of it");
}

#[test]
fn what_says_nothing_of_itself_is_told_apart_by_its_text() {
    let one = parse("no mail, one");
    assert_eq!(one.stable_id, parse("no mail, one").stable_id);
    assert_ne!(one.stable_id, parse("no mail, two").stable_id);
}

#[test]
fn text_is_bounded_at_a_character() {
    let mail = parse(&format!("Subject: {}\r\n\r\n{}", "ж".repeat(5000), "日".repeat(600_000)));
    assert!(mail.text.len() <= MAX_TEXT && mail.text.len() > MAX_TEXT - 4);
    assert!(mail.subject.len() <= MAX_SUBJECT && mail.subject.ends_with("ж…"));
}

#[test]
fn a_partial_mail_equals_the_whole_one() {
    let header = "From: a@x\r\nSubject: S\r\nMessage-ID: <1@x>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n";
    let raw = format!(
        "{header}Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=koi8-r\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n=F0=D2=C9\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>h</p>\r\n--b--\r\n"
    );
    let whole = parse(&raw);
    let plain = TextPart {
        mime: "TEXT/PLAIN".into(),
        charset: Some("KOI8-R".into()),
        encoding: Encoding::QuotedPrintable,
        bytes: b"=F0=D2=C9".to_vec(),
        complete: true,
        ..TextPart::default()
    };
    let html =
        TextPart { mime: "text/html".into(), bytes: b"<p>h</p>".to_vec(), complete: true, ..TextPart::default() };
    let mut partial = parse_partial(format!("{header}\r\n").as_bytes(), &[plain.clone(), html], Vec::new(), &[]);
    partial.size = whole.size;
    assert_eq!(digest_id(&partial), whole.stable_id);
    assert_eq!((partial.text.as_str(), partial.has_html, partial.html.as_deref()), ("При", true, Some("<p>h</p>")));
    assert_eq!(whole.text, partial.text);
    assert_eq!((whole.head, partial.head), (None, Some(format!("{header}\r\n").into_bytes())), "raw holds it");
    let cut = parse_partial(b"", &[TextPart { complete: false, ..plain }], Vec::new(), &[]);
    assert!(cut.meta.note.is_some());
}

#[test]
fn the_digest_tells_mails_with_one_message_id_apart() {
    let one = parse("Message-ID: <same@x>\r\nFrom: a@b\r\n\r\nA");
    assert_eq!(one.stable_id, parse("Message-ID: <same@x>\r\nFrom: a@b\r\n\r\nB").stable_id);
    assert_ne!(one.stable_id, parse("Message-ID: <same@x>\r\nFrom: a@b\r\n\r\nBB").stable_id);
    assert_ne!(one.stable_id, parse("Message-ID: <same@x>\r\nFrom: c@b\r\n\r\nA").stable_id);
}

#[test]
fn generated_mail_is_read_back() {
    let start = "2026-01-05T08:00:00Z".parse().unwrap();
    for made in inlet_testkit::MailGen::new(3, "anna@inlet.test", start).take(400) {
        let mail = parse_whole(made.raw.clone(), &[]);
        assert_eq!(mail.message_id.as_deref(), Some(made.message_id.as_str()));
        assert_eq!((mail.subject, mail.references, mail.date), (made.subject, made.references, Some(made.date)));
        assert_eq!(mail.attachments.len(), usize::from(made.attachment));
        for attachment in &mail.attachments {
            let found = section(&made.raw, &attachment.part).expect("the part");
            assert_eq!(found.bytes.len() as u64, attachment.size);
            assert_eq!(found.name.as_deref(), Some(attachment.name.as_str()));
        }
        assert!(!mail.text.is_empty() && mail.meta.note.is_none());
    }
}

#[test]
fn hostile_messages_are_read_in_time() {
    let Some(folder) = inlet_testkit::corpus::mime_bombs("hostile_messages_are_read_in_time") else {
        return;
    };
    let mut count = 0;
    for entry in fs::read_dir(folder.path().join("mime-bombs")).unwrap().flatten() {
        if entry.path().extension().is_none_or(|extension| extension != "eml") {
            continue;
        }
        let raw = fs::read(entry.path()).unwrap();
        let start = Instant::now();
        let mail = parse_whole(raw.clone(), &[]);
        let taken = start.elapsed();
        // The limit is 2 s for a release build on an idle machine; this is neither.
        assert!(taken.as_secs() < 10, "{:?} took {taken:?}", entry.path());
        assert!(mail.text.len() <= MAX_TEXT && mail.references.len() <= 1000 && mail.cc.len() <= 10_000);
        for attachment in mail.attachments.iter().take(20) {
            assert!(section(&raw, &attachment.part).is_some(), "{:?} {}", entry.path(), attachment.part);
        }
        count += 1;
    }
    assert!(count >= 55, "{count}");
}

#[test]
fn the_corpus_is_read_without_loss() {
    let Some(corpus) = inlet_testkit::corpus::Corpus::load("the_corpus_is_read_without_loss") else {
        return;
    };
    let (mut count, mut senders, mut dates, mut empty, mut attachments) = (0, 0, 0, 0, 0);
    for raw in corpus.messages() {
        let mail = parse_whole(raw.clone(), &[]);
        count += 1;
        senders += usize::from(!mail.from.is_empty());
        dates += usize::from(mail.date.is_some());
        empty += usize::from(mail.text.is_empty() && mail.attachments.is_empty());
        for attachment in &mail.attachments {
            let found = section(&raw, &attachment.part).expect("the part");
            assert_eq!((found.bytes.len() as u64, found.mime.as_str()), (attachment.size, attachment.mime.as_str()));
            attachments += 1;
        }
    }
    println!(
        "{count} messages, {senders} with a sender, {dates} with a date, {empty} empty, {attachments} attachments"
    );
    assert!(count > 1000 && attachments > 50);
    assert!(senders * 100 >= count * 97 && dates * 100 >= count * 99 && empty * 100 <= count * 2);
}
