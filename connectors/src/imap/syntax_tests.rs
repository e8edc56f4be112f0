use super::*;

fn read(frame: &str) -> Response {
    parse(&Bytes::copy_from_slice(frame.as_bytes())).unwrap()
}

fn fetched(frame: &str) -> Attributes {
    match read(frame) {
        Response::Fetch(_, attributes) => attributes,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_fetch_with_literals_quotes_and_brackets_is_read() {
    let fetch = fetched(
        "* 12 FETCH (UID 7 FLAGS (\\Seen $Label) MODSEQ (65402) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" \
         BODY[HEADER.FIELDS (X Y)]<0> {5}\r\na)\r\n( X-NEW (deep (er)) RFC822.SIZE 99)",
    );
    assert_eq!(fetch.uid(), Some(7));
    assert_eq!(fetch.number("MODSEQ"), Some(65402));
    assert_eq!(fetch.number("RFC822.SIZE"), Some(99));
    assert_eq!(fetch.get("BODY[HEADER.FIELDS (X Y)]").unwrap().bytes().unwrap().as_ref(), b"a)\r\n(");
    let flags: Vec<_> = fetch.get("FLAGS").unwrap().list().iter().filter_map(Value::text).collect();
    assert_eq!(flags, ["\\Seen", "$Label"]);
}

#[test]
fn an_empty_literal_eight_bit_text_and_nil_are_values() {
    let fetch = fetched("* 1 FETCH (BODY[] {0}\r\n X \"caf\u{e9} \\\"q\\\" \\\\\" INTERNALDATE NIL)");
    assert_eq!(fetch.get("BODY[]").unwrap().bytes().unwrap().len(), 0);
    assert_eq!(fetch.get("X").unwrap().text().unwrap(), "caf\u{e9} \"q\" \\");
    assert_eq!(fetch.get("INTERNALDATE"), Some(&Value::Nil));
    let raw = Bytes::from_static(b"* 1 FETCH (X \"\xff\xfe\")");
    assert!(matches!(parse(&raw), Ok(Response::Fetch(1, _))));
}

#[test]
fn garbage_is_refused_and_never_panics() {
    for frame in [
        "* 1 FETCH (UID 7",
        "* 1 FETCH (BODY[] {10}\r\nabc)",
        "* 1 FETCH (BODY[] {99999999999999999999999}\r\nabc)",
        "* 1 FETCH \"open",
        "* 1 FETCH (\"a\\",
        "* 1 FETCH UID 7",
        "HTTP/1.1 400 Bad Request",
        "",
        "\u{0}\u{1}",
    ] {
        assert_eq!(parse(&Bytes::copy_from_slice(frame.as_bytes())), Err(NotImap), "{frame}");
    }
    let deep = format!("* 1 FETCH {}{}", "(".repeat(200_000), ")".repeat(200_000));
    assert_eq!(parse(&Bytes::from(deep)), Err(NotImap));
}

#[test]
fn every_prefix_and_every_flipped_byte_of_a_response_is_survived() {
    let frame = b"* 12 FETCH (UID 7 FLAGS (\\Seen) BODY[1]<0> {3}\r\nabc X \"q\\\"\" Y NIL)";
    for end in 0..frame.len() {
        let _ = parse(&Bytes::copy_from_slice(&frame[..end]));
        for byte in [0u8, b'(', b')', b'"', b'{', b'}', b'\\', b'\r', 0xff] {
            let mut mutated = frame.to_vec();
            mutated[end] = byte;
            let _ = parse(&mutated.into());
        }
    }
}

#[test]
fn statuses_keep_their_code() {
    let Response::Done(tag, status) = read("A1 NO [ALERT] Too many simultaneous connections. (Failure)") else {
        panic!()
    };
    assert_eq!((tag.as_str(), status.kind, status.code.as_deref()), ("A1", Kind::No, Some("ALERT")));
    let Response::Status(status) = read("* OK [BADCHARSET (\"a]b\")] text ]") else { panic!() };
    assert_eq!(status.code.as_deref(), Some("BADCHARSET (\"a]b\")"));
    assert_eq!(status.text, "text ]");
    let Response::Done(_, status) = read("A2 OK [APPENDUID 38505 3955] done") else { panic!() };
    assert_eq!(status.code_arguments("appenduid"), Some("38505 3955"));
    assert_eq!(status.code_arguments("COPYUID"), None);
}

#[test]
fn the_small_responses() {
    assert_eq!(read("* 23 EXISTS"), Response::Exists(23));
    assert_eq!(read("* 4 EXPUNGE"), Response::Expunge(4));
    assert_eq!(read("* SEARCH 2 84 882 "), Response::Search(vec![2, 84, 882]));
    assert_eq!(read("* SEARCH"), Response::Search(vec![]));
    assert_eq!(
        read("* VANISHED (EARLIER) 41,43:116"),
        Response::Vanished { earlier: true, uids: vec![41..=41, 43..=116] }
    );
    assert_eq!(read("* VANISHED 9:7"), Response::Vanished { earlier: false, uids: vec![7..=9] });
    assert_eq!(read("+ idling"), Response::Continue("idling".into()));
    assert_eq!(read("+"), Response::Continue(String::new()));
    assert_eq!(read("* FLAGS (\\Answered)"), Response::Other);
    let listed = Listed {
        attributes: vec!["\\HasNoChildren".into(), "\\Sent".into()],
        delimiter: Some("/".into()),
        name: "Gesendet".into(),
    };
    assert_eq!(read("* LIST (\\HasNoChildren \\Sent) \"/\" {8}\r\nGesendet"), Response::List(listed.clone()));
    assert_eq!(read("* list (\\HasNoChildren \\Sent) \"/\" Gesendet"), Response::List(listed));
}

#[test]
fn sets_are_written_short_and_read_back() {
    assert_eq!(to_sequence_set(&[]), "");
    assert_eq!(to_sequence_set(&[5]), "5");
    assert_eq!(to_sequence_set(&[1, 2, 3, 7, 9, 10]), "1:3,7,9:10");
    assert_eq!(to_sequence_set(&[u32::MAX - 1, u32::MAX]), format!("{}:{}", u32::MAX - 1, u32::MAX));
    let read: Vec<u32> = sequence_set("1:3,7,9:10,*,x").into_iter().flatten().collect();
    assert_eq!(read, [1, 2, 3, 7, 9, 10]);
}

#[test]
fn a_literal_is_announced_at_the_end_of_a_line_only() {
    assert_eq!(announced_literal(b"* 1 FETCH (BODY[] {12}"), Some(12));
    assert_eq!(announced_literal(b"* 1 FETCH (BODY[] {12+}"), Some(12));
    assert_eq!(announced_literal(b"* 1 FETCH (BODY[] {99999999999999999999999}"), Some(u64::MAX));
    for line in [&b"{}"[..], b"{12} ", b"{a}", b"12}", b"{-1}", b""] {
        assert_eq!(announced_literal(line), None);
    }
}
