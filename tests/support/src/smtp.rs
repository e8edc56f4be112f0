//! A real submission server: nodemailer's `smtp-server`, run by node, with faults on request.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use inlet_model::Endpoint;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::{
    certs::{CertKind, Certs},
    dovecot::Dovecot,
    npm,
    steered::Steered,
};

const LIMIT: Duration = Duration::from_secs(20);

/// How the server should be.
#[derive(Clone, Debug)]
pub struct SmtpOptions {
    /// Login names with their passwords.
    pub accounts: Vec<(String, String)>,
    /// Access tokens with the login each signs in.
    pub tokens: Vec<(String, String)>,
    /// Where to ask whether any other access token is good (RFC 7662), with the server's credentials.
    pub introspection: Option<String>,
    /// SASL mechanisms offered.
    pub mechanisms: Vec<String>,
    /// STARTTLS is offered on the plain port.
    pub starttls: bool,
    /// Passwords are taken on the plain port without TLS too.
    pub insecure_auth: bool,
    /// Largest message in bytes, announced by SIZE (RFC 1870).
    pub size: Option<u64>,
    /// Its certificate.
    pub certificate: CertKind,
    /// Folder of the Maildirs accepted mail goes to, by recipient, for these addresses. See
    /// [`SmtpOptions::delivering_to`].
    pub maildirs: Option<(PathBuf, Vec<String>)>,
}

impl Default for SmtpOptions {
    /// `anna@inlet.test` with the password `secret` or the token `token-of-anna`; mail is kept in
    /// memory.
    fn default() -> Self {
        Self {
            accounts: vec![("anna@inlet.test".into(), "secret".into())],
            tokens: vec![("token-of-anna".into(), "anna@inlet.test".into())],
            introspection: None,
            mechanisms: ["PLAIN", "LOGIN", "XOAUTH2"].map(String::from).to_vec(),
            starttls: true,
            insecure_auth: true,
            size: None,
            certificate: CertKind::Good,
            maildirs: None,
        }
    }
}

impl SmtpOptions {
    /// The users of a Dovecot may submit, and mail for them arrives in their Maildirs.
    pub fn delivering_to(dovecot: &Dovecot) -> Self {
        let accounts = dovecot.users();
        let names = accounts.iter().map(|(user, _)| user.clone()).collect();
        Self { maildirs: Some((dovecot.mail_root(), names)), accounts, ..Self::default() }
    }
}

/// What the server does wrong; all of it can be changed while it runs.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SmtpFaults {
    /// Refuse connections with this code, such as 421.
    pub connect: Option<u16>,
    /// Refuse every sign-in with this code, such as 535 or 454.
    pub auth: Option<u16>,
    /// Refuse the sender with this code.
    pub sender: Option<u16>,
    /// Refuse these recipients, each with its code, such as 550 or 451.
    pub recipients: BTreeMap<String, u16>,
    /// Refuse all recipients with this code.
    pub all_recipients: Option<u16>,
    /// Refuse the message after its final dot with this code, such as 554 or 452.
    pub data: Option<u16>,
    /// Close the connection, or stay silent, after the final dot.
    pub after_dot: Option<AfterDot>,
}

/// What happens once the final dot has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AfterDot {
    /// The mail is kept, and the connection closes without an answer.
    Keep,
    /// The mail is lost, and the connection closes without an answer.
    Lose,
    /// The mail is kept, and no answer ever comes.
    Hang,
}

/// A mail the server accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Envelope sender.
    pub from: String,
    /// Envelope recipients.
    pub to: Vec<String>,
    /// The recipients whose Maildir has it now.
    pub delivered: Vec<String>,
    /// The message, dot-unstuffed.
    pub raw: Vec<u8>,
    /// Who was signed in.
    pub user: Option<String>,
    /// Over TLS.
    pub tls: bool,
}

impl Accepted {
    /// The message as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.raw).into_owned()
    }
}

/// A sign-in the server saw.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SignIn {
    /// SASL mechanism.
    pub method: String,
    /// Login name.
    pub user: Option<String>,
    /// The connection was encrypted at that time.
    pub tls: bool,
}

#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Event {
    Listening { port: u16, tls_port: u16 },
    Auth(SignIn),
    Mail { from: String, to: Vec<String>, delivered: Vec<String>, raw: String, user: Option<String>, tls: bool },
}

#[derive(Default)]
struct Seen {
    mails: Vec<Accepted>,
    sign_ins: Vec<SignIn>,
}

/// A running SMTP server; it ends when dropped.
pub struct SmtpServer {
    /// Port for plain and STARTTLS.
    pub port: u16,
    /// Port for TLS from the first byte.
    pub tls_port: u16,
    server: Steered<Seen>,
    folder: TempDir,
}

impl SmtpServer {
    /// There is a node on this machine.
    pub fn available() -> bool {
        npm::available()
    }

    /// Starts a server (about 150 ms; the first time on a machine its npm package is installed).
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(options: SmtpOptions) -> Self {
        tokio::task::spawn_blocking(move || Self::start_blocking(&options)).await.expect("the SMTP server starts")
    }

    fn start_blocking(options: &SmtpOptions) -> Self {
        let program = npm::install("smtp", "smtp-server");
        let folder = tempfile::Builder::new().prefix("inlet-smtp-").tempdir().expect("a temporary folder");
        let certs = Certs::new(options.certificate);
        let put = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("the folder can be written");
            path
        };
        put("ca.pem", &certs.ca);
        let setup = serde_json::json!({
            "key": put("server.key", &certs.key),
            "cert": put("server.pem", &certs.cert),
            "accounts": options.accounts,
            "tokens": options.tokens,
            "introspection": options.introspection,
            "mechanisms": options.mechanisms,
            "starttls": options.starttls,
            "insecure_auth": options.insecure_auth,
            "size": options.size,
            "maildirs": options.maildirs.as_ref().map(|(root, _)| root),
            "users": options.maildirs.as_ref().map(|(_, users)| users),
        });
        let mut command = Command::new("node");
        command.arg(program.join("server.mjs")).arg(setup.to_string());
        command.stderr(Stdio::inherit());
        let (server, first) = Steered::start("the SMTP server", LIMIT, command, take);
        let Event::Listening { port, tls_port } = first else {
            panic!("the SMTP server does not say where it listens");
        };
        Self { port, tls_port, server, folder }
    }

    /// The certificate authority to trust, a PEM file.
    pub fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Where it takes TLS from the first byte.
    pub fn tls_endpoint(&self) -> Endpoint {
        Endpoint { host: "localhost".into(), port: self.tls_port }
    }

    /// Where it takes plain connections and STARTTLS.
    pub fn plain_endpoint(&self) -> Endpoint {
        Endpoint { host: "localhost".into(), port: self.port }
    }

    /// Replaces the faults; they hold when this returns.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn faults(&self, faults: SmtpFaults) {
        self.server.order(serde_json::json!({ "faults": faults })).await;
    }

    /// Everything accepted so far.
    pub fn mails(&self) -> Vec<Accepted> {
        self.server.seen(|seen| seen.mails.clone())
    }

    /// Waits until this many mails have been accepted, and returns all.
    pub async fn wait_for(&self, count: usize) -> Vec<Accepted> {
        self.server.until(|seen| seen.mails.len() >= count).await;
        self.mails()
    }

    /// Every attempt to sign in so far.
    pub fn sign_ins(&self) -> Vec<SignIn> {
        self.server.seen(|seen| seen.sign_ins.clone())
    }
}

fn take(seen: &mut Seen, event: Event) {
    match event {
        Event::Mail { from, to, delivered, raw, user, tls } => {
            let raw = STANDARD.decode(raw).expect("base64");
            seen.mails.push(Accepted { from, to, delivered, raw, user, tls });
        }
        Event::Auth(sign_in) => seen.sign_ins.push(sign_in),
        Event::Listening { .. } => {}
    }
}
