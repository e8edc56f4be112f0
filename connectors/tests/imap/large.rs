//! Messages too large to come whole, and their files.

use inlet_model::{PartRef, RemoteId, ScopeRole, SourceError};

use super::{Held, USER, message, rung, scope, source};

#[tokio::test(flavor = "multi_thread")]
async fn large_messages_come_by_their_text_and_their_files_are_streamed() {
    let server = rung(None).await;
    let payload: Vec<u8> = (0..900_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let large = format!(
        "Message-ID: <large@inlet.test>\r\nFrom: Bob <bob@inlet.test>\r\nTo: {USER}\r\nSubject: Large\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n\
         --a\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
         See the caf=C3=A9 file.\r\n--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>See the file.</p>\r\n--a--\r\n\
         --b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename*=UTF-8''na%C3%AFve.bin\r\n\r\n{}\r\n--b--\r\n",
        wrapped(&payload)
    );
    server.append(USER, "INBOX", &message(1, "small"), "").await;
    server.append(USER, "INBOX", large.as_bytes(), "").await;
    let source = source(server.plain_config(USER));
    let inbox = scope(&source, ScopeRole::Inbox).await;
    let held = Held::all(&source, &inbox).await;
    let mail = held.by_subject("Large");
    assert!(mail.raw.is_none() && mail.has_html);
    assert!(mail.text.contains("See the café file."), "{}", mail.text);
    assert_eq!(mail.html.as_deref().map(str::trim), Some("<p>See the file.</p>"));
    assert!(held.by_subject("Mail 1").raw.is_some());
    let [file] = mail.attachments.as_slice() else { panic!("{:?}", mail.attachments) };
    assert_eq!((file.part.as_str(), file.name.as_str()), ("2", "naïve.bin"));
    assert!(file.size.abs_diff(900_000) < 20_000, "{}", file.size);

    let part = |part: &str| PartRef {
        scope: inbox.remote.clone(),
        remote_id: mail.remote_id.clone().unwrap(),
        part: part.to_owned(),
    };
    let mut bytes = Vec::new();
    source.fetch(&part("2"), &mut bytes).await.unwrap();
    assert!(bytes == payload, "{} bytes", bytes.len());
    let mut raw = Vec::new();
    source.fetch(&part(""), &mut raw).await.unwrap();
    assert!(raw == large.as_bytes(), "{} bytes of {}", raw.len(), large.len());
    for missing in ["9", "2.7", "x", "1)", "0"] {
        let result = source.fetch(&part(missing), &mut Vec::new()).await;
        assert!(matches!(result, Err(SourceError::Permanent(_))), "{missing}: {result:?}");
    }
    let gone = PartRef { remote_id: RemoteId("1:999".into()), ..part("2") };
    assert!(matches!(source.fetch(&gone, &mut Vec::new()).await, Err(SourceError::Permanent(_))));
    // The connection is as good as before.
    assert_eq!(Held::all(&source, &inbox).await.mails.len(), 2);
}

fn wrapped(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for line in bytes.chunks(57) {
        for three in line.chunks(3) {
            let word = three.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
            for index in 0..4 {
                let c = if index > three.len() {
                    '='
                } else {
                    char::from(ALPHABET[(word >> (18 - 6 * index) & 63) as usize])
                };
                write!(text, "{c}").unwrap();
            }
        }
        text.push_str("\r\n");
    }
    text
}
