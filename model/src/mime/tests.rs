use super::*;

const NESTED: &[u8] = b"From: A <a@x>\r\nSubject: =?utf-8?Q?caf=C3=A9?=\r\n =?utf-8?Q?_noir?=\r\n\
Content-Type: multipart/mixed; boundary=\"m\"\r\n\r\npreamble\r\n--m\r\n\
Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\nplain\r\n--a\r\n\
Content-Type: multipart/related; boundary=r\r\n\r\n--r\r\nContent-Type: text/html\r\n\r\n<p>html</p>\r\n--r\r\n\
Content-Type: image/png; name=\"=?utf-8?Q?b=C3=BC.png?=\"\r\nContent-ID: <img@x>\r\nContent-Transfer-Encoding: base64\r\n\r\nAQID\r\n--r--\r\n\
--a--\r\n--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\ninner text\r\n--i\r\n\
Content-Type: application/pdf\r\nContent-Disposition: attachment; filename*0*=utf-8''r%C3%A9; filename*1*=sum%C3%A9.pdf\r\n\r\nPDF\r\n--i--\r\n\
--m\r\nContent-Type: text/plain\r\n\r\nfooter\r\n--m--\r\nepilogue";

#[test]
fn sections_are_numbered_as_imap_does() {
    let tree = Tree::parse(NESTED);
    let sections: Vec<_> = tree.parts.iter().map(|part| (part.section.as_str(), part.mime.as_str())).collect();
    assert_eq!(
        sections,
        [
            ("", "multipart/mixed"),
            ("1", "multipart/alternative"),
            ("1.1", "text/plain"),
            ("1.2", "multipart/related"),
            ("1.2.1", "text/html"),
            ("1.2.2", "image/png"),
            ("2", "message/rfc822"),
            ("3", "text/plain"),
        ]
    );
    assert_eq!(tree.fields.text("subject").unwrap(), "café noir");
}

#[test]
fn body_and_attachments_are_told_apart() {
    let tree = Tree::parse(NESTED);
    let body = tree.body();
    let sections = |list: &[usize]| list.iter().map(|&i| tree.parts[i].section.clone()).collect::<Vec<_>>();
    assert_eq!(sections(&body.text), ["1.1", "3"]);
    assert_eq!(sections(&body.html), ["1.2.1", "3"]);
    assert_eq!(sections(&body.attachments), ["1.2.2", "2"]);
    let image = tree.by_content_id("img@x").unwrap();
    assert_eq!(
        (image.name.as_deref(), image.inline(), image.size(), image.bytes()),
        (Some("bü.png"), true, 3, vec![1, 2, 3])
    );
}

#[test]
fn a_section_of_an_attached_message_is_found() {
    let pdf = section(NESTED, "2.2").unwrap();
    assert_eq!(
        (pdf.mime.as_str(), pdf.name.as_deref(), pdf.bytes.as_slice()),
        ("application/pdf", Some("résumé.pdf"), b"PDF".as_slice())
    );
    assert_eq!(section(NESTED, "2.1").unwrap().bytes, b"inner text");
    assert!(section(NESTED, "2").unwrap().bytes.starts_with(b"Subject: inner"));
    for nothing in ["", "0", "4", "2.3", "1.2", "9.9", "x", "1.1.1"] {
        assert_eq!(section(NESTED, nothing), None, "{nothing}");
    }
}

#[test]
fn a_message_of_one_part_has_section_one() {
    let tree = Tree::parse(b"Subject: x\n\nbody\n");
    assert_eq!(tree.parts.len(), 1);
    assert_eq!((tree.parts[0].section.as_str(), tree.parts[0].body), ("1", b"body\n".as_slice()));
    assert_eq!(section(b"Subject: x\n\nbody\n", "1").unwrap().bytes, b"body\n");
}

#[test]
fn an_unclosed_multipart_and_foreign_boundaries_are_survived() {
    let raw = b"Content-Type: multipart/mixed; boundary=x\n\n--xy\nno\n--x \t\n\none\n--x\n\ntwo--x\n--x y\nstill two";
    let tree = Tree::parse(raw);
    let bodies: Vec<_> =
        tree.parts.iter().skip(1).map(|part| String::from_utf8_lossy(part.body).into_owned()).collect();
    assert_eq!(bodies, ["one", "two--x\n--x y\nstill two"]);
}

#[test]
fn a_multipart_without_parts_is_shown_as_it_is() {
    for head in ["multipart/mixed; boundary=x", "multipart/mixed", "multipart/mixed; boundary=\"\""] {
        let raw = format!("Content-Type: {head}\n\njust text\n");
        let tree = Tree::parse(raw.as_bytes());
        assert_eq!(tree.parts.len(), 1, "{head}");
        assert_eq!(tree.parts[0].text(), "just text\n");
    }
}

#[test]
fn an_alternative_of_one_form_serves_both() {
    let raw =
        b"Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>only</p>\n--x--\n";
    let body = Tree::parse(raw).body();
    assert_eq!((body.text.as_slice(), body.html.as_slice()), ([1].as_slice(), [1].as_slice()));
}

#[test]
fn parts_of_a_digest_are_messages() {
    let raw =
        b"Content-Type: multipart/digest; boundary=x\n\n--x\n\nSubject: one\n\na\n--x\n\nSubject: two\n\nb\n--x--\n";
    let tree = Tree::parse(raw);
    assert!(tree.parts[1].is_message() && tree.parts[2].is_message());
    assert_eq!(section(raw, "2.1").unwrap().bytes, b"b");
}

#[test]
fn nesting_and_numbers_are_bounded() {
    let mut deep = b"text".to_vec();
    for n in 0..3000 {
        let mut outer = format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n").into_bytes();
        outer.extend(deep);
        outer.extend(format!("\r\n--b{n}--\r\n").into_bytes());
        deep = outer;
    }
    let tree = Tree::parse(&deep);
    assert!(tree.truncated && tree.parts.len() == MAX_DEPTH + 1, "{}", tree.parts.len());

    let mut wide = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n".to_vec();
    wide.extend(b"--x\r\n\r\na\r\n".repeat(20_000));
    let tree = Tree::parse(&wide);
    assert!(tree.parts.len() <= MAX_PARTS);

    let mut attached = b"\r\nleaf".to_vec();
    for _ in 0..5000 {
        let mut outer = b"Content-Type: message/rfc822\r\n\r\n".to_vec();
        outer.extend(attached);
        attached = outer;
    }
    assert_eq!(Tree::parse(&attached).parts.len(), 1);
    assert_eq!(section(&attached, &vec!["1"; 5000].join(".")), None);
}

#[test]
fn encodings_take_anything() {
    assert_eq!(Encoding::from_name(" \"BASE64\" "), Encoding::Base64);
    assert_eq!(Encoding::from_name("quoted-printable; x"), Encoding::QuotedPrintable);
    assert_eq!(Encoding::from_name("x-uuencode"), Encoding::Identity);
    for (text, bytes) in
        [("aGVs\r\nbG8=", "hello"), ("aGVsbG8", "hello"), ("!!!", ""), ("aG Vs*bG8=\n", "hello"), ("", "")]
    {
        assert_eq!(Encoding::Base64.decode(text.as_bytes()), bytes.as_bytes(), "{text}");
        assert_eq!(Encoding::Base64.decoded_len(text.as_bytes()), bytes.len() as u64, "{text}");
    }
    for (text, bytes) in
        [("a=C3=A9b", "aéb"), ("soft=\r\nline= \t\nend=", "softlineend"), ("100=ZZ =", "100=ZZ "), ("=3d=3D", "==")]
    {
        assert_eq!(String::from_utf8_lossy(&Encoding::QuotedPrintable.decode(text.as_bytes())), bytes, "{text}");
    }
}

#[test]
fn charsets_are_read_as_they_were_meant() {
    for (bytes, name, text) in [
        ("grüß".as_bytes(), Some("us-ascii"), "grüß"),
        (b"gr\xfc\xdf", None, "grüß"),
        (b"gr\xfc\xdf", Some("x-unknown"), "grüß"),
        (b"\xcf\xf0\xe8\xe2\xe5\xf2", Some("WINDOWS-1251"), "Привет"),
        (b"\x1b$B$3$s\x1b(B", Some("iso-2022-jp"), "こん"),
        (b"\xc4\xe3\xba\xc3", Some("gb2312"), "你好"),
        (b"ok \xff bad", Some("utf-8"), "ok \u{fffd} bad"),
        ("\u{feff}bom".as_bytes(), Some("utf-8"), "bom"),
    ] {
        assert_eq!(charset(bytes, name), text, "{name:?}");
    }
}

#[test]
fn flowed_text_is_joined_by_quote_depth() {
    let text = "A long \nline.\n> quoted \n> goes on\n>> deeper \n> back\n-- \nsignature \nend\n";
    assert_eq!(unflow(text, false), "A long line.\n> quoted goes on\n>> deeper \n> back\n-- \nsignature end\n");
    assert_eq!(unflow("日本 \n語\n", true), "日本語\n");
}

#[test]
fn fields_are_found_whatever_stands_between() {
    let fields = Fields::parse(
        b"From nobody\nTO : b@x, \"C, D\" <c@x>,\n\te@x\nbroken line\nSubject:\n spread\n\tout\nX\nMessage-ID: <a\n b@x>\nReferences: <1@x> junk <2@x>\n <1@x>\nIn-Reply-To: plain@x\n",
    );
    assert_eq!(fields.text("subject").unwrap(), "spread out");
    assert_eq!(fields.message_ids("message-id"), ["ab@x"]);
    assert_eq!(fields.message_ids("references"), ["1@x", "2@x"]);
    assert_eq!(fields.message_ids("in-reply-to"), ["plain@x"]);
    let to = fields.addresses("to");
    assert_eq!((to[0].handle.as_str(), to[1].name.as_deref()), ("b@x", Some("C, D")));
}

#[test]
fn a_field_in_eight_bits_is_read_in_the_charset_of_the_message() {
    let raw = b"Subject: \xcf\xf0\xe8\xe2\xe5\xf2\nFrom: \xc8\xe2\xe0\xed <i@x>\nContent-Type: text/plain; charset=windows-1251\n\n";
    let tree = Tree::parse(raw);
    assert_eq!(tree.fields.text("subject").unwrap(), "Привет");
    assert_eq!(tree.fields.addresses("from")[0].name.as_deref(), Some("Иван"));
}

#[test]
fn dates_that_were_never_are_refused() {
    let date = |text: &str| Fields::parse(format!("Date: {text}\n").as_bytes()).date("date");
    assert_eq!(date("Fri, 20 Nov 2026 10:00:00 +0100").unwrap().to_string(), "2026-11-20T09:00:00Z");
    for absurd in ["", "x", "Thu, 99 Foo 99999999999 99:99:99 +9999", "Wed, 31 Dec 9999 23:59:59 +1400"] {
        assert_eq!(date(absurd), None, "{absurd}");
    }
}

#[test]
fn many_references_keep_the_first_and_the_last() {
    let list: String = (0..5000).map(|n| format!("<{n}@x>\n ")).collect();
    let ids = Fields::parse(format!("References: {list}\n").as_bytes()).message_ids("references");
    assert_eq!((ids.len(), ids[0].as_str(), ids[1].as_str(), ids[999].as_str()), (1000, "0@x", "4001@x", "4999@x"));
}

#[test]
fn any_bytes_give_a_part() {
    // A small generator of our own: the model knows no runtime and no test kit.
    let mut state = 7u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let pieces: Vec<&[u8]> = vec![
        b"Content-Type: multipart/mixed; boundary=x\r\n",
        b"\r\n",
        b"--x",
        b"--x--",
        b"\n",
        b"\r",
        b": ",
        b"<",
        b">",
        b"=?utf-8?B?",
        b"?=",
        b"(",
        b"\"",
        b";",
        b"\0",
        b"\xff\xfe",
        b"Content-Transfer-Encoding: base64\n",
        b"From: ",
        b"a@b",
        b",",
        b"Date: Mon, 1 Jan 2001",
        b"Content-Disposition: attachment; filename*0*=utf-8''%",
        b"message/rfc822",
        b"Content-Type: ",
        b"text/plain; charset=",
    ];
    for _ in 0..3000 {
        let raw: Vec<u8> = (0..next() % 40).flat_map(|_| pieces[next() % pieces.len()].to_vec()).collect();
        let tree = Tree::parse(&raw);
        assert!(!tree.parts.is_empty());
        let _ = (tree.body(), tree.fields.addresses("from"), tree.fields.date("date"), tree.fields.text("from"));
        for part in &tree.parts {
            let _ = (part.text(), part.size());
        }
    }
}

#[test]
fn a_block_without_a_field_is_empty() {
    for block in ["", "no colon\r\n", "two words: x\r\n", ": x\r\n"] {
        assert!(Fields::parse(block.as_bytes()).is_empty(), "{block:?}");
    }
    assert!(!Fields::parse(b"no colon\r\nSubject: x\r\n").is_empty());
}

#[test]
fn the_last_field_needs_no_line_end() {
    let fields = |text: &'static str| Fields::parse(text.as_bytes());
    assert_eq!(fields("X: y\nSubject: =?utf-8?Q?caf=C3=A9?=").text("subject").as_deref(), Some("café"));
    assert_eq!(fields("From: A <a@x>").addresses("from")[0].handle, "a@x");
    assert!(fields("Date: Fri, 20 Nov 2026 10:00:00 +0100").date("date").is_some());
    assert_eq!(Tree::parse(b"Content-Type: text/html; charset=koi8-r").parts[0].charset.as_deref(), Some("koi8-r"));
    assert_eq!(Tree::parse(b"Content-Type: image/png; name==?utf-8?Q?=C3=A9?=").parts[0].name.as_deref(), Some("é"));
}
