use super::*;

/// One response, given without its last line end, as it comes from a connection.
pub(in crate::imap) fn read(response: &str) -> Answer {
    let bytes = format!("{response}\r\n");
    let bytes = crate::imap::tame::tame(bytes.as_bytes().into(), bytes.len(), 1).unwrap();
    match imap_proto::Response::parse(&bytes) {
        Ok((b"", response)) => Answer::from(&response),
        other => panic!("{response}: {other:?}"),
    }
}

/// The attributes of one FETCH response.
pub(in crate::imap) fn fetched(response: &str) -> Attributes {
    match read(response) {
        Answer::Fetch(attributes) => *attributes,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_fetch_with_literals_quotes_and_brackets_is_read() {
    let fetch = fetched(
        "* 12 FETCH (UID 7 FLAGS (\\Seen $Label) MODSEQ (65402) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" \
         BODY[2.1]<0> {5}\r\na)\r\n( X-NEW (deep) BODY[3.MIME] NIL BODY[HEADER] \"\" EMAILID (M1) RFC822.SIZE 99)",
    );
    assert_eq!((fetch.uid, fetch.size, fetch.email_id.as_deref()), (Some(7), Some(99), Some("M1")));
    assert_eq!(fetch.internal_date.as_deref(), Some("17-Jul-1996 02:44:25 -0700"));
    assert_eq!(fetch.section("2.1"), Some(&b"a)\r\n("[..]));
    assert_eq!((fetch.section("HEADER"), fetch.section("3.MIME"), fetch.section("")), (Some(&b""[..]), None, None));
    assert!(fetch.has_section("3.MIME") && !fetch.has_section(""));
    assert_eq!(fetch.flags.unwrap(), ["\\Seen", "$Label"]);
    assert_eq!(fetched("* 1 FETCH (UID 0)").uid, None);
}

#[test]
fn a_section_can_be_taken_once() {
    let mut fetch = fetched("* 1 FETCH (BODY[] {0}\r\n)");
    assert_eq!(fetch.take_section("").unwrap(), b"");
    assert_eq!(fetch.take_section(""), None);
}

#[test]
fn statuses_keep_their_code_known_or_not() {
    let Answer::Done(tag, status) = read("A1 NO [ALERT] Too many simultaneous connections. (Failure)") else {
        panic!()
    };
    assert_eq!((tag.as_str(), status.kind, status.code.as_deref()), ("A1", Kind::No, Some("ALERT")));
    assert_eq!(status.text, "Too many simultaneous connections. (Failure)");
    let Answer::Done(_, status) = read("A1 NO [THROTTLED] slower") else { panic!() };
    assert_eq!((status.code.as_deref(), status.text.as_str()), (Some("THROTTLED"), "slower"));
    let Answer::Status(status) = read("* BYE [OVERQUOTA] Account exceeded limits.") else { panic!() };
    assert_eq!((status.kind, status.code.as_deref()), (Kind::Bye, Some("OVERQUOTA")));
    let Answer::Status(status) = read("* OK [X-NEW (\"a]b\")] text ]") else { panic!() };
    assert_eq!((status.code.as_deref(), status.text.as_str()), (Some("X-NEW (\"a]b\")"), "text ]"));
    let Answer::Status(status) = read("* OK [UIDNEXT 99999999999] x") else { panic!() };
    assert_eq!(status.code_arguments("UIDNEXT"), Some("99999999999"));
    let Answer::Done(_, status) = read("A2 OK [APPENDUID 38505 3955] done") else { panic!() };
    assert_eq!(status.code_arguments("appenduid"), Some("38505 3955"));
    assert_eq!(status.code_arguments("COPYUID"), None);
    let Answer::Done(_, status) = read("A2 OK [COPYUID 38505 304,319:320 3956:3958] done") else { panic!() };
    assert_eq!(status.code_arguments("COPYUID"), Some("38505 304,319:320 3956:3958"));
    let Answer::Done(_, status) = read("A2 OK") else { panic!() };
    assert_eq!((status.code, status.text.as_str()), (None, ""));
}

#[test]
fn the_small_responses() {
    assert_eq!(read("* 23 EXISTS"), Answer::Exists(23));
    assert_eq!(read("* 4 EXPUNGE"), Answer::Expunge(4));
    assert_eq!(read("* SEARCH 2 84 882 "), Answer::Search(vec![2, 84, 882]));
    assert_eq!(read("* SEARCH"), Answer::Search(vec![]));
    assert_eq!(
        read("* VANISHED (EARLIER) 41,43:116"),
        Answer::Vanished { earlier: true, uids: vec![41..=41, 43..=116] }
    );
    assert_eq!(read("* VANISHED 9:7"), Answer::Vanished { earlier: false, uids: vec![7..=9] });
    assert_eq!(read("* CAPABILITY IMAP4rev1 AUTH=Plain Idle"), Answer::Capability(words("imap4rev1 auth=plain idle")));
    assert_eq!(read("* ENABLED QRESYNC"), Answer::Enabled(words("qresync")));
    assert_eq!(read("* ENABLED"), Answer::Enabled(vec![]));
    assert_eq!(read("+ idling"), Answer::Continue);
    assert_eq!(read("+"), Answer::Continue);
    assert_eq!(read("* FLAGS (\\Answered)"), Answer::Other);
}

#[test]
fn mailboxes_keep_their_names() {
    let listed = Listed {
        attributes: vec!["\\HasNoChildren".into(), "\\Sent".into()],
        delimiter: Some("/".into()),
        name: "Gesendet".into(),
    };
    assert_eq!(read("* LIST (\\HasNoChildren \\Sent) \"/\" {8}\r\nGesendet"), Answer::List(listed.clone()));
    assert_eq!(read("* list (\\HasNoChildren \\Sent) \"/\" Gesendet"), Answer::List(listed));
    let Answer::List(listed) = read(r#"* LIST () "\\" "a\\b \"c\"""#) else { panic!() };
    assert_eq!((listed.delimiter.as_deref(), listed.name.as_str()), (Some("\\"), "a\\b \"c\""));
    let Answer::List(listed) = read("* LIST () NIL {3}\r\na\\b") else { panic!() };
    assert_eq!((listed.delimiter, listed.name.as_str()), (None, "a\\b"));
}
