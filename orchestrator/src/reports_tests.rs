use proptest::prelude::*;

use super::*;

fn person(handle: &str) -> Party {
    Party { name: None, handle: handle.to_owned() }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn claim(recipient: &str, reported: Reported) -> Claim {
    Claim { recipient: recipient.to_owned(), also: None, reported, status: None, said: None }
}

fn failed(status: Option<&str>, said: &str) -> Claim {
    Claim { status: status.map(str::to_owned), said: Some(said.to_owned()), ..claim("bob@x.test", Reported::Failed) }
}

#[test]
fn the_greatest_word_counts_in_whatever_order_it_came() {
    let people = [person("Bob@x.test"), person("bob@X.test"), person("cleo@x.test")];
    let mut claims = vec![
        (claim("bob@x.test", Reported::Delivered), at(3)),
        (claim("bob@x.test", Reported::Read), at(1)),
        (claim("bob@x.test", Reported::Delayed), at(4)),
        (claim("eve@x.test", Reported::Failed), at(5)),
    ];
    let told = fold(&people, &claims);
    assert_eq!(told.statuses.len(), 1, "of Cleo nothing is known, and Eve was not written to");
    assert_eq!((told.statuses[0].reported, told.statuses[0].at), (Reported::Read, at(1)));
    assert_eq!(told.receipt, Receipt::None, "not everybody has it");
    claims.reverse();
    assert_eq!(fold(&people, &claims), told);
    claims.push((claim("cleo@x.test", Reported::Delivered), at(6)));
    assert_eq!(fold(&people, &claims).receipt, Receipt::Delivered);
    claims.push((claim("cleo@x.test", Reported::Failed), at(7)));
    claims.push((claim("cleo@x.test", Reported::Delivered), at(8)));
    let told = fold(&people, &claims);
    assert_eq!((told.receipt, told.statuses[1].reported), (Receipt::Failed, Reported::Failed));
}

#[test]
fn an_address_is_known_by_where_it_led_and_by_its_name_in_ascii() {
    let led = Claim { also: Some("bob@work.test".into()), ..claim("bob@home.test", Reported::Read) };
    assert_eq!(fold(&[person("bob@work.test")], &[(led, at(1))]).receipt, Receipt::Read);
    let ascii = claim("ana@xn--mller-kva.example", Reported::Delivered);
    assert_eq!(fold(&[person("ana@Müller.example")], &[(ascii, at(1))]).receipt, Receipt::Delivered);
}

#[test]
fn every_failure_says_what_to_do() {
    for (status, said, expected) in [
        (Some("5.1.1"), "550 5.1.1 user unknown", NO_MAILBOX),
        (Some("5.1.10"), "550 5.1.10 RESOLVER.ADR.RecipientNotFound", NO_MAILBOX),
        (Some("5.1.2"), "", NO_SERVER),
        (Some("5.1.6"), "", MOVED),
        (Some("5.2.1"), "", CLOSED),
        (Some("5.2.2"), "552 5.2.2 over quota", FULL),
        (Some("5.2.3"), "", LARGE),
        (Some("5.3.4"), "552 5.3.4 Message size exceeds fixed limit", LARGE),
        (Some("5.4.1"), "550 5.4.1 Recipient address rejected: Access denied", NO_MAILBOX),
        (Some("4.4.7"), "", UNREACHABLE),
        (Some("5.4.4"), "", UNREACHABLE),
        (Some("5.4.6"), "", CIRCLE),
        (Some("5.6.1"), "", UNREADABLE),
        (Some("5.7.1"), "550 5.7.1 looks like spam", SPAM),
        (Some("5.7.1"), "550 5.7.1 relaying denied", REFUSED),
        (Some("5.7.26"), "550-5.7.26 unauthenticated", UNCONFIRMED),
        (None, "550 User Unknown", NO_MAILBOX),
        (None, "452 mailbox full", FULL),
        (Some("5.0.0"), "550 message too large", LARGE),
        (Some("5.0.0"), "Empfänger abgelehnt", OTHER),
        (None, "", OTHER),
    ] {
        assert_eq!(failure(&failed(status, said)), expected, "{status:?} {said}");
    }
    let told = fold(&[person("bob@x.test")], &[(failed(Some("5.1.1"), "550"), at(1))]);
    assert_eq!(told.statuses[0].reason.as_deref(), Some(NO_MAILBOX));
    assert_eq!(told.statuses[0].said.as_deref(), Some("550"));
    let read = fold(&[person("bob@x.test")], &[(claim("bob@x.test", Reported::Read), at(1))]);
    assert_eq!((&read.statuses[0].reason, &read.statuses[0].said), (&None, &None));
}

/// A report as a server might write it, of pieces that are right, wrong or missing.
fn reports() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "Final-Recipient: rfc822; bob@x.test\r\n",
        "Original-Recipient: rfc822;bob@x.test\r\n",
        "Original-Recipient: ;;;<@>\r\n",
        "Action: failed\r\n",
        "Action: read (\r\n",
        "Status: 5.1.1.1.1\r\n",
        "Status: 5.1.1\r\n",
        "Diagnostic-Code: smtp; 550 =?utf-8?B?w6k\r\n",
        "Disposition: a/b; displayed\r\n",
        "Disposition: ;;;\r\n",
        "Original-Message-ID: <m@x.test>\r\n",
        "Message-ID: <m@x.test>\r\n",
        "\r\n",
        "--b\r\n",
        "--b--\r\n",
        "Content-Type: message/delivery-status\r\n",
        "Content-Type: message/disposition-notification\r\n",
        "Content-Type: message/rfc822\r\n",
        "Content-Type: multipart/report; boundary=b\r\n",
        "Content-Transfer-Encoding: base64\r\n",
        "From: bob@x.test\r\n",
        "\u{0}\u{fffd} ä 文\r\n",
    ]);
    prop::collection::vec(
        prop_oneof![8 => piece.prop_map(|text| text.as_bytes().to_vec()), 1 => any::<Vec<u8>>()],
        0..60,
    )
    .prop_map(|pieces| {
        let head = b"From: bob@x.test\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n".to_vec();
        std::iter::once(head).chain(pieces).flatten().collect()
    })
}

fn any_reported() -> impl Strategy<Value = Reported> {
    prop::sample::select(Reported::ALL.to_vec())
}

proptest! {
    #[test]
    fn whatever_bytes_a_report_has_it_is_read_within_bounds(raw in reports()) {
        if let Some(report) = inlet_model::report::read(&raw) {
            prop_assert!(!report.about.is_empty() && !report.claims.is_empty());
            for claim in &report.claims {
                prop_assert!(claim.recipient.contains('@') && claim.recipient == claim.recipient.to_lowercase());
                prop_assert!(claim.said.as_deref().is_none_or(|said| said.chars().count() <= 300));
                // A sentence there always is, where there is something to do.
                prop_assert_eq!(reason(claim).is_some(), matches!(claim.reported, Reported::Failed | Reported::Delayed));
            }
        }
    }

    #[test]
    fn the_order_and_the_number_of_reports_change_nothing(
        words in prop::collection::vec((0..3_usize, any_reported(), 0..5_i64), 0..12),
        seed in any::<prop::sample::Index>(),
    ) {
        let people = [person("a@x.test"), person("b@x.test")];
        let names = ["a@x.test", "b@x.test", "stranger@x.test"];
        let claims: Vec<_> = words.iter().map(|(who, word, when)| (claim(names[*who], *word), at(*when))).collect();
        let told = fold(&people, &claims);
        let mut turned = claims.clone();
        if !turned.is_empty() {
            let by = seed.index(turned.len());
            turned.rotate_left(by);
        }
        turned.extend(claims);
        prop_assert_eq!(&fold(&people, &turned), &told);
        prop_assert!(told.statuses.iter().all(|status| people.contains(&status.recipient)));
    }
}

#[test]
fn a_word_is_written_down_and_read_back() {
    for reported in Reported::ALL {
        assert_eq!(Reported::from_word(reported.as_str()), Some(reported));
    }
}
