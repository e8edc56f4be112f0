//! A tiny IMAP client of the test's own, so that what Inlet did is not judged by Inlet's client.

use std::time::Duration;

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

const LIMIT: Duration = Duration::from_secs(20);

/// A session over the plain port of a server on this machine.
pub struct ImapClient {
    socket: BufReader<TcpStream>,
    tag: u32,
}

/// Text as an IMAP quoted string.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn set(uids: &[u32]) -> String {
    uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

impl ImapClient {
    /// Connects and signs in.
    ///
    /// # Panics
    /// When the server does not let it in.
    pub async fn login(port: u16, user: &str, password: &str) -> Self {
        let socket = TcpStream::connect(("127.0.0.1", port)).await.expect("the server listens");
        let mut client = Self { socket: BufReader::new(socket), tag: 0 };
        let greeting = client.line().await;
        assert!(greeting.starts_with("* OK"), "{greeting}");
        client.ok(&format!("LOGIN {} {}", quoted(user), quoted(password))).await;
        client
    }

    /// One response line, with its literals.
    async fn line(&mut self) -> String {
        crate::timeout(LIMIT, async {
            let mut bytes = Vec::new();
            loop {
                let read = self.socket.read_until(b'\n', &mut bytes).await.expect("the server answers");
                assert!(read > 0, "the server closed the connection");
                let text = String::from_utf8_lossy(&bytes);
                let Some(length) = text
                    .trim_end()
                    .strip_suffix('}')
                    .and_then(|head| head.rsplit_once('{').and_then(|(_, digits)| digits.parse::<usize>().ok()))
                else {
                    return text.trim_end().to_owned();
                };
                let start = bytes.len();
                bytes.resize(start + length, 0);
                self.socket.read_exact(&mut bytes[start..]).await.expect("the literal");
            }
        })
        .await
    }

    async fn send(&mut self, bytes: &[u8]) {
        self.socket.get_mut().write_all(bytes).await.expect("the server reads");
    }

    async fn answer(&mut self, tag: &str) -> (Vec<String>, String) {
        let mut lines = Vec::new();
        loop {
            let line = self.line().await;
            match line.strip_prefix(tag).and_then(|rest| rest.strip_prefix(' ')) {
                Some(status) => return (lines, status.to_owned()),
                None => lines.push(line),
            }
        }
    }

    /// Sends a command; returns the untagged lines and the status line without its tag.
    pub async fn command(&mut self, command: &str) -> (Vec<String>, String) {
        self.tag += 1;
        let tag = format!("k{}", self.tag);
        self.send(format!("{tag} {command}\r\n").as_bytes()).await;
        self.answer(&tag).await
    }

    /// Sends a command that has to succeed; returns the untagged lines.
    ///
    /// # Panics
    /// When the server says no.
    pub async fn ok(&mut self, command: &str) -> Vec<String> {
        let (lines, status) = self.command(command).await;
        assert!(status.starts_with("OK"), "{command}: {status}");
        lines
    }

    /// Opens a mailbox; returns the untagged lines.
    pub async fn select(&mut self, mailbox: &str) -> Vec<String> {
        self.ok(&format!("SELECT {}", quoted(mailbox))).await
    }

    /// Appends a message; returns its UID. Line ends become CRLF.
    ///
    /// # Panics
    /// When the server refuses it.
    pub async fn append(&mut self, mailbox: &str, raw: &[u8], flags: &str) -> u32 {
        let raw = crlf(raw);
        self.tag += 1;
        let tag = format!("k{}", self.tag);
        self.send(format!("{tag} APPEND {} ({flags}) {{{}}}\r\n", quoted(mailbox), raw.len()).as_bytes()).await;
        let go = self.line().await;
        assert!(go.starts_with('+'), "APPEND: {go}");
        self.send(&raw).await;
        self.send(b"\r\n").await;
        let (_, status) = self.answer(&tag).await;
        assert!(status.starts_with("OK"), "APPEND: {status}");
        status
            .split_once("[APPENDUID ")
            .and_then(|(_, rest)| rest.split([' ', ']']).nth(1))
            .and_then(|uid| uid.parse().ok())
            .expect("APPENDUID")
    }

    /// UIDs that match a search, ascending.
    pub async fn search(&mut self, criteria: &str) -> Vec<u32> {
        let lines = self.ok(&format!("UID SEARCH {criteria}")).await;
        let mut uids: Vec<u32> = lines
            .iter()
            .filter_map(|line| line.strip_prefix("* SEARCH"))
            .flat_map(str::split_whitespace)
            .filter_map(|uid| uid.parse().ok())
            .collect();
        uids.sort_unstable();
        uids
    }

    /// All UIDs of the open mailbox, ascending.
    pub async fn uids(&mut self) -> Vec<u32> {
        self.search("ALL").await
    }

    /// Waits in IDLE (RFC 2177) until the server says that the open mailbox has `count` messages.
    ///
    /// # Panics
    /// When the server does not take IDLE, or says nothing for 20 s.
    pub async fn idle_until(&mut self, count: usize) {
        self.tag += 1;
        let tag = format!("k{}", self.tag);
        self.send(format!("{tag} IDLE\r\n").as_bytes()).await;
        let news = format!("* {count} EXISTS");
        while self.line().await != news {}
        self.send(b"DONE\r\n").await;
        let (_, status) = self.answer(&tag).await;
        assert!(status.starts_with("OK"), "IDLE: {status}");
    }

    /// Changes flags; see [`crate::Dovecot::set_flags`].
    pub async fn store(&mut self, uids: &[u32], change: &str, flags: &str) {
        self.ok(&format!("UID STORE {} {change}.SILENT ({flags})", set(uids))).await;
    }

    /// Removes messages for good.
    pub async fn expunge(&mut self, uids: &[u32]) {
        self.store(uids, "+FLAGS", "\\Deleted").await;
        self.ok(&format!("UID EXPUNGE {}", set(uids))).await;
    }

    /// Moves messages.
    pub async fn move_to(&mut self, uids: &[u32], mailbox: &str) {
        self.ok(&format!("UID MOVE {} {}", set(uids), quoted(mailbox))).await;
    }

    /// The flags of a message of the open mailbox, sorted.
    pub async fn flags(&mut self, uid: u32) -> Vec<String> {
        let lines = self.ok(&format!("UID FETCH {uid} (FLAGS)")).await;
        let mut flags: Vec<String> = lines
            .iter()
            .find_map(|line| line.split_once("FLAGS (").and_then(|(_, rest)| rest.split_once(')')))
            .map(|(flags, _)| flags.split_whitespace().map(str::to_owned).collect())
            .unwrap_or_default();
        flags.sort();
        flags
    }

    /// The raw message.
    ///
    /// # Panics
    /// When there is none with this UID.
    pub async fn raw(&mut self, uid: u32) -> String {
        self.raw_if_there(uid).await.expect("the message")
    }

    /// The raw message, unless somebody has removed it meanwhile.
    pub async fn raw_if_there(&mut self, uid: u32) -> Option<String> {
        let lines = self.ok(&format!("UID FETCH {uid} (BODY.PEEK[])")).await;
        let line = lines.iter().find(|line| line.contains("BODY[]"))?;
        let (_, rest) = line.split_once("}\r\n")?;
        Some(rest.strip_suffix(')').unwrap_or(rest).to_owned())
    }
}

/// Lone line feeds become CRLF, which is what IMAP and SMTP want.
pub fn crlf(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 40);
    let mut last = 0;
    for &byte in raw {
        if byte == b'\n' && last != b'\r' {
            out.push(b'\r');
        }
        out.push(byte);
        last = byte;
    }
    out
}
