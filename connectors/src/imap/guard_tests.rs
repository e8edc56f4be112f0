use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;

/// All that is passed on of what a server says, and how it ended.
async fn passed(bytes: &[u8], chunk: usize) -> (Vec<u8>, io::Result<()>, Guarded) {
    let (client, mut server) = tokio::io::duplex(chunk);
    let bytes = bytes.to_vec();
    let feed = tokio::spawn(async move {
        let _ = server.write_all(&bytes).await;
    });
    let mut guarded = Guarded::greeted(client);
    let mut passed = Vec::new();
    let end = guarded.read_to_end(&mut passed).await.map(|_| ());
    guarded.stream = Box::pin(tokio::io::empty());
    feed.await.unwrap();
    (passed, end, guarded)
}

#[tokio::test]
async fn responses_are_the_same_however_the_bytes_arrive() {
    let bytes = b"* OK ready {5}\r\n* 1 FETCH (BODY[] {7}\r\na\r\nb\r\n) X {0}\n)\r\nA1 OK done\n+ go\r\n";
    let expected = b"* OK ready {5}\r\n* 1 FETCH (BODY[] {7}\r\na\r\nb\r\n) X {0}\r\n)\r\nA1 OK done\r\n+ \r\n";
    for chunk in [1, 2, 3, 7, 4096] {
        let (passed, end, guarded) = passed(bytes, chunk).await;
        end.unwrap();
        assert_eq!(String::from_utf8_lossy(&passed), String::from_utf8_lossy(expected), "in chunks of {chunk}");
        assert_eq!(guarded.nonsense(), 0);
    }
}

#[tokio::test]
async fn one_response_is_handed_over_at_a_time() {
    let (client, mut server) = tokio::io::duplex(4096);
    server.write_all(b"I1 OK go\r\n* CAPABILITY IMAP4rev1\r\nI2 OK\r\n").await.unwrap();
    let mut guarded = Guarded::greeted(client);
    let mut room = [0; 4096];
    for expected in [&b"I1 OK go\r\n"[..], b"* CAPABILITY IMAP4rev1\r\n", b"I2 OK\r\n"] {
        let length = guarded.read(&mut room).await.unwrap();
        assert_eq!(&room[..length], expected);
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_counted_and_left_out() {
    let bytes =
        b"* 1 FETCH (UID 1 BROKEN\r\n* 2 FETCH (UID 2 INTERNALDATE NIL)\r\n* NAMESPACE NIL NIL NIL\r\n* 3 EXISTS\r\n";
    let (passed, end, guarded) = passed(bytes, 4096).await;
    end.unwrap();
    assert_eq!(passed, b"* 3 EXISTS\r\n");
    assert_eq!(guarded.nonsense(), 2);
    let deep = format!("* 1 FETCH (BODYSTRUCTURE {})\r\n* 4 EXISTS\r\n", "(".repeat(100_000));
    let (passed, end, guarded) = self::passed(deep.as_bytes(), 1 << 16).await;
    end.unwrap();
    assert_eq!((passed.as_slice(), guarded.nonsense()), (&b"* 4 EXISTS\r\n"[..], 1));
    let long = "HTTP/1.1 400 Bad Request\r\n".repeat(MAX_NONSENSE + 1);
    let (passed, end, _) = self::passed(long.as_bytes(), 4096).await;
    assert_eq!((passed.as_slice(), end.unwrap_err().kind()), (&b""[..], io::ErrorKind::InvalidData));
}

#[tokio::test]
async fn whoever_begins_with_nonsense_is_no_mail_server() {
    let (client, mut server) = tokio::io::duplex(4096);
    server.write_all(b"220 mail.example.org ESMTP\r\n").await.unwrap();
    let error = Guarded::new(client).read(&mut [0; 64]).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
}

#[tokio::test]
async fn the_end_of_a_command_and_the_goodbye_are_kept() {
    let (_, end, mut guarded) = passed(b"I1 NO [THROTTLED] slower\r\n* BYE [OVERQUOTA] gone\r\n", 4096).await;
    end.unwrap();
    assert_eq!(guarded.farewell().unwrap().code.as_deref(), Some("OVERQUOTA"));
    assert_eq!(guarded.take_done().unwrap().code.as_deref(), Some("THROTTLED"));
    assert!(guarded.take_done().is_none());
}

#[tokio::test]
async fn lying_and_unfinished_literals_are_errors() {
    for (bytes, kind) in [
        (&b"* 1 FETCH (BODY[] {4000000000}\r\nabc"[..], io::ErrorKind::InvalidData),
        (b"* 1 FETCH (BODY[] {99999999999999999999999999}\r\nabc", io::ErrorKind::InvalidData),
        (b"* 1 FETCH (BODY[] {10}\r\nabc", io::ErrorKind::UnexpectedEof),
        (b"* 1 FETCH (BODY[] {20000000}\r\n", io::ErrorKind::UnexpectedEof),
        (b"* half a line", io::ErrorKind::UnexpectedEof),
    ] {
        let (passed, end, _) = passed(bytes, 4096).await;
        assert_eq!((passed.as_slice(), end.unwrap_err().kind()), (&b""[..], kind));
    }
}

#[tokio::test]
async fn endless_small_literals_are_cut_off() {
    let bytes = [&b"* 1 FETCH (BODY[] "[..], &b"{1}\nx".repeat(100_000)].concat();
    let (passed, end, _) = passed(&bytes, 1 << 16).await;
    assert_eq!((passed.as_slice(), end.unwrap_err().kind()), (&b""[..], io::ErrorKind::InvalidData));
}

#[tokio::test]
async fn a_line_without_end_is_cut_off() {
    let (client, mut server) = tokio::io::duplex(1 << 20);
    let feed = tokio::spawn(async move { while server.write_all(&[b'x'; 1 << 16]).await.is_ok() {} });
    let mut guarded = Guarded::greeted(client);
    let error = guarded.read(&mut [0; 64]).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    assert!(guarded.raw.capacity() < 3 * MAX_RESPONSE);
    drop(guarded);
    feed.await.unwrap();
}

#[tokio::test]
async fn silence_is_an_error_both_ways() {
    let (client, _server) = tokio::io::duplex(64);
    let mut guarded = Guarded::greeted(client);
    guarded.patience(Duration::from_millis(5));
    assert_eq!(guarded.read(&mut [0; 64]).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    assert_eq!(guarded.write_all(&[0; 65]).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
}

#[test]
fn every_prefix_and_every_flipped_byte_of_a_response_is_survived() {
    let response = b"* 12 FETCH (UID 7 FLAGS (\\Seen) BODY[1]<0> {3}\r\nabc X \"q\\\"\" Y NIL)\r\n";
    let mut guarded = Guarded::greeted(tokio::io::empty());
    guarded.readable(response).then_some(()).unwrap();
    for end in 0..response.len() {
        guarded.readable(&response[..end]);
        for byte in [0u8, b'(', b')', b'"', b'{', b'}', b'\\', b'\r', 0xff] {
            let mut mutated = response.to_vec();
            mutated[end] = byte;
            if let Some(tame) = tame(mutated.as_slice().into(), mutated.len(), 1) {
                guarded.readable(&tame);
            }
        }
    }
}
