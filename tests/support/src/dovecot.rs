//! An ephemeral Dovecot 2.3: free ports, a folder of its own, gone when dropped.
//!
//! The server needs no root and touches nothing outside of its folder. Dovecot's login process
//! refuses to run as root, so a root user hands the folder to `nobody` and starts it as that.

use std::{
    fmt::Write as _,
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use inlet_model::{Auth, Endpoint, ImapConfig, Tls};
use tempfile::TempDir;

use crate::{
    certs::{CertKind, Certs},
    imap::ImapClient,
    introspection::{self, Introspection},
    keeper::Keeper,
    ports::free_port,
};

/// How the server should be.
#[derive(Clone, Debug)]
pub struct DovecotOptions {
    /// Login names (mail addresses) with their passwords.
    pub users: Vec<(String, String)>,
    /// Access tokens with the user each signs in (SASL XOAUTH2 and OAUTHBEARER).
    pub tokens: Vec<(String, String)>,
    /// Where to ask instead whether an access token is good (RFC 7662), with Dovecot's credentials; the
    /// token's `sub` is the user.
    pub introspection: Option<String>,
    /// The capability line after login instead of Dovecot's own, to walk the sync ladder.
    pub capability: Option<String>,
    /// Folders that exist for everybody from the start, with their special use (`\Sent`) or "".
    pub mailboxes: Vec<(String, String)>,
    /// Its certificate.
    pub certificate: CertKind,
    /// STARTTLS and the TLS port are offered.
    pub tls: bool,
    /// Further lines of configuration.
    pub extra: String,
}

impl Default for DovecotOptions {
    /// One user `anna@inlet.test` with the password `secret`, and the usual folders.
    fn default() -> Self {
        Self {
            users: vec![("anna@inlet.test".into(), "secret".into())],
            tokens: vec![("token-of-anna".into(), "anna@inlet.test".into())],
            introspection: None,
            capability: None,
            mailboxes: [
                ("Sent", "\\Sent"),
                ("Archive", "\\Archive"),
                ("Trash", "\\Trash"),
                ("Drafts", "\\Drafts"),
                ("Junk", "\\Junk"),
            ]
            .into_iter()
            .map(|(name, special)| (name.into(), special.into()))
            .collect(),
            certificate: CertKind::Good,
            tls: true,
            extra: String::new(),
        }
    }
}

impl DovecotOptions {
    /// These users, each with the password `secret`.
    pub fn users(names: &[&str]) -> Self {
        Self { users: names.iter().map(|name| ((*name).into(), "secret".into())).collect(), ..Self::default() }
    }

    /// The default with another capability line.
    pub fn capability(line: &str) -> Self {
        Self { capability: Some(line.into()), ..Self::default() }
    }
}

/// A running Dovecot.
pub struct Dovecot {
    options: DovecotOptions,
    /// Port for plain and STARTTLS.
    pub port: u16,
    /// Port for TLS from the first byte.
    pub tls_port: u16,
    // Order matters: the server ends before its folder goes.
    keeper: Keeper,
    _introspection: Introspection,
    folder: TempDir,
}

/// Whom the server runs as.
struct Identity {
    user: String,
    group: String,
    /// Uid and gid to change to, when root started the test.
    nobody: Option<(u32, u32)>,
}

impl Identity {
    fn find() -> Self {
        let id = |flag: &str| {
            let output = Command::new("id").arg(flag).output().expect("the command `id` is there");
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        };
        if id("-u") == "0" {
            Self { user: "nobody".into(), group: "nogroup".into(), nobody: Some((65534, 65534)) }
        } else {
            Self { user: id("-un"), group: id("-gn"), nobody: None }
        }
    }
}

impl Dovecot {
    /// There is a Dovecot on this machine.
    pub fn available() -> bool {
        cfg!(target_os = "linux") && binary().is_some()
    }

    /// Starts a server and waits for its greeting (about 150 ms).
    ///
    /// # Panics
    /// When it does not start; the message holds its log.
    pub async fn start(options: DovecotOptions) -> Self {
        tokio::task::spawn_blocking(move || Self::start_blocking(options)).await.expect("Dovecot starts")
    }

    fn start_blocking(options: DovecotOptions) -> Self {
        let mut log = String::new();
        // A free port can be taken by somebody else before Dovecot binds it.
        for _ in 0..5 {
            match Self::attempt(&options) {
                Ok(server) => return server,
                Err(error) => log = error,
            }
        }
        panic!("Dovecot does not start: {log}");
    }

    fn attempt(options: &DovecotOptions) -> Result<Self, String> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let greeting = format!("inlet test {} {}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let identity = Identity::find();
        let folder = tempfile::Builder::new().prefix("inlet-dovecot-").tempdir().expect("a temporary folder");
        let root = folder.path();
        let introspection = Introspection::start(options.tokens.clone());
        let (port, tls_port) = (free_port(), free_port());

        let certs = Certs::new(options.certificate);
        let put = |name: &str, text: &str| fs::write(root.join(name), text).expect("the folder can be written");
        put("ca.pem", &certs.ca);
        put("server.pem", &certs.cert);
        put("server.key", &certs.key);
        put(
            "users",
            &options.users.iter().fold(String::new(), |mut text, (user, password)| {
                let _ = writeln!(text, "{user}:{{PLAIN}}{password}::::::");
                text
            }),
        );
        put(
            "oauth2.conf",
            &match &options.introspection {
                Some(url) => introspection::configuration(url, "sub"),
                None => introspection.configuration(),
            },
        );
        put("dovecot.conf", &configuration(options, root, &identity, &greeting, port, tls_port));
        for name in ["run", "state", "mail", "home"] {
            fs::create_dir_all(root.join(name)).expect("the folder can be written");
        }
        if let Some((uid, gid)) = identity.nobody {
            give(root, uid, gid);
        }

        let binary = binary().ok_or("the program `dovecot` is not installed (package dovecot-imapd)")?;
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM"]);
        if let Some((uid, gid)) = identity.nobody {
            command.args([format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".into()]);
        }
        command.arg(binary).arg("-F").arg("-c").arg(root.join("dovecot.conf"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(fs::File::create(root.join("stderr")).unwrap());
        let (keeper, ()) = Keeper::start(command, |_| ());

        let limit = Instant::now() + Duration::from_secs(20);
        loop {
            if greets(port, &greeting) {
                let server =
                    Self { options: options.clone(), port, tls_port, keeper, _introspection: introspection, folder };
                return Ok(server);
            }
            let log =
                || ["stderr", "dovecot.log"].map(|f| fs::read_to_string(root.join(f)).unwrap_or_default()).concat();
            if Instant::now() > limit || log().contains("Fatal") {
                return Err(log());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Process id of the master process, for measurements.
    pub fn pid(&self) -> u32 {
        self.keeper.pid()
    }

    /// The certificate authority to trust, a PEM file.
    pub fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// What Dovecot has logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("dovecot.log")).unwrap_or_default()
    }

    /// Login names with their passwords.
    pub fn users(&self) -> Vec<(String, String)> {
        self.options.users.clone()
    }

    /// The password of a user.
    ///
    /// # Panics
    /// When there is no such user.
    pub fn password(&self, user: &str) -> &str {
        self.options.users.iter().find(|(name, _)| name == user).map(|(_, password)| password.as_str()).expect("a user")
    }

    /// Account settings of a user over TLS, without submission.
    pub fn config(&self, user: &str) -> ImapConfig {
        ImapConfig {
            address: user.into(),
            display_name: None,
            user: None,
            imap: Endpoint { host: "localhost".into(), port: self.tls_port },
            smtp: None,
            tls: Tls::Implicit,
            auth: Auth::Password,
            oauth: None,
            ca: Some(self.ca()),
        }
    }

    /// Account settings of a user over the plain port, which a proxy can cut and count.
    pub fn plain_config(&self, user: &str) -> ImapConfig {
        ImapConfig {
            imap: Endpoint { host: "127.0.0.1".into(), port: self.port },
            tls: Tls::LoopbackPlain,
            ca: None,
            ..self.config(user)
        }
    }

    /// The root of a user's Maildir; folders are `.Name` below it. It exists after the first login
    /// or delivery.
    pub fn maildir(&self, user: &str) -> PathBuf {
        self.mail_root().join(user)
    }

    /// The folder that holds everybody's Maildir, by login name.
    pub fn mail_root(&self) -> PathBuf {
        self.folder.path().join("mail")
    }

    /// Delivers a message the way a mail server does: into `tmp`, then `new`. Much faster than
    /// [`Self::append`] for thousands. Lone line feeds are fine. Returns the file's base name.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn deliver(&self, user: &str, mailbox: &str, raw: &[u8]) -> String {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let root = self.maildir(user);
        let folder = if mailbox.eq_ignore_ascii_case("INBOX") {
            root
        } else {
            root.join(format!(".{}", mailbox.replace('/', ".")))
        };
        let name = format!("{:010}.P{}.inlet", COUNT.fetch_add(1, Ordering::Relaxed), std::process::id());
        for part in ["tmp", "new", "cur"] {
            fs::create_dir_all(folder.join(part)).expect("a Maildir");
        }
        fs::write(folder.join("tmp").join(&name), raw).expect("a delivered message");
        if let Some((uid, gid)) = Identity::find_cached() {
            give_folder(&self.maildir(user), &folder, uid, gid);
            own(&folder.join("tmp").join(&name), uid, gid);
        }
        fs::rename(folder.join("tmp").join(&name), folder.join("new").join(&name)).expect("a delivered message");
        name
    }

    /// A session of the test's own, to do what another client does.
    pub async fn client(&self, user: &str) -> ImapClient {
        ImapClient::login(self.port, user, self.password(user)).await
    }

    /// Appends a message with flags such as `\Seen`; returns its UID.
    pub async fn append(&self, user: &str, mailbox: &str, raw: &[u8], flags: &str) -> u32 {
        self.client(user).await.append(mailbox, raw, flags).await
    }

    /// The UIDs in a mailbox, ascending.
    pub async fn list_uids(&self, user: &str, mailbox: &str) -> Vec<u32> {
        let mut client = self.client(user).await;
        client.select(mailbox).await;
        client.uids().await
    }

    /// Removes messages for good.
    pub async fn expunge(&self, user: &str, mailbox: &str, uids: &[u32]) {
        let mut client = self.client(user).await;
        client.select(mailbox).await;
        client.expunge(uids).await;
    }

    /// Changes flags: `change` is `+FLAGS`, `-FLAGS` or `FLAGS`, `flags` such as `\Seen \Flagged`.
    pub async fn set_flags(&self, user: &str, mailbox: &str, uids: &[u32], change: &str, flags: &str) {
        let mut client = self.client(user).await;
        client.select(mailbox).await;
        client.store(uids, change, flags).await;
    }

    /// The flags of a message.
    pub async fn flags(&self, user: &str, mailbox: &str, uid: u32) -> Vec<String> {
        let mut client = self.client(user).await;
        client.select(mailbox).await;
        client.flags(uid).await
    }

    /// UIDs of the messages that carry this Message-ID (without angle brackets).
    pub async fn find(&self, user: &str, mailbox: &str, message_id: &str) -> Vec<u32> {
        let mut client = self.client(user).await;
        client.select(mailbox).await;
        client.search(&format!("HEADER Message-ID \"<{message_id}>\"")).await
    }

    /// Moves messages as another client would.
    pub async fn move_to(&self, user: &str, from: &str, uids: &[u32], to: &str) {
        let mut client = self.client(user).await;
        client.select(from).await;
        client.move_to(uids, to).await;
    }

    /// Creates a mailbox.
    pub async fn create_mailbox(&self, user: &str, mailbox: &str) {
        self.client(user).await.ok(&format!("CREATE {}", crate::imap::quoted(mailbox))).await;
    }

    /// Deletes a mailbox; created again it has another UIDVALIDITY.
    pub async fn delete_mailbox(&self, user: &str, mailbox: &str) {
        self.client(user).await.ok(&format!("DELETE {}", crate::imap::quoted(mailbox))).await;
    }

    /// Gives a mailbox another UIDVALIDITY and new UIDs: what it held is still in it.
    ///
    /// # Panics
    /// When the mailbox is not there.
    pub fn renumber(&self, user: &str, mailbox: &str) {
        let root = self.maildir(user);
        let folder = if mailbox.eq_ignore_ascii_case("INBOX") {
            root
        } else {
            root.join(format!(".{}", mailbox.replace('/', ".")))
        };
        let list = folder.join("dovecot-uidlist");
        let text = fs::read_to_string(&list).expect("the mailbox has been opened before");
        let old: u32 = text
            .lines()
            .next()
            .and_then(|line| line.split(' ').find_map(|word| word.strip_prefix('V')))
            .and_then(|digits| digits.parse().ok())
            .expect("a UIDVALIDITY");
        // The guid of a Maildir++ folder stays; only the numbers change.
        let mut header: Vec<String> = text.lines().next().unwrap_or_default().split(' ').map(str::to_owned).collect();
        for word in &mut header {
            if word.starts_with('V') {
                *word = format!("V{}", old + 1000);
            } else if word.starts_with('N') {
                *word = "N1".into();
            }
        }
        fs::write(&list, format!("{}\n", header.join(" "))).expect("the list can be written");
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            if entry.file_name().to_string_lossy().starts_with("dovecot.index") {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

impl Identity {
    fn find_cached() -> Option<(u32, u32)> {
        static NOBODY: std::sync::OnceLock<Option<(u32, u32)>> = std::sync::OnceLock::new();
        *NOBODY.get_or_init(|| Self::find().nobody)
    }
}

fn configuration(
    options: &DovecotOptions,
    root: &Path,
    identity: &Identity,
    greeting: &str,
    port: u16,
    tls_port: u16,
) -> String {
    let Identity { user, group, .. } = identity;
    let root = root.display();
    let mailboxes = options.mailboxes.iter().fold(String::new(), |mut text, (name, special)| {
        let special = if special.is_empty() { String::new() } else { format!("special_use = {special}\n") };
        let _ = writeln!(text, "  mailbox \"{name}\" {{\n    auto = subscribe\n    {special}  }}");
        text
    });
    let capability = match &options.capability {
        Some(line) => format!("imap_capability = {line}\n"),
        None => String::new(),
    };
    let (ssl, tls_port) = if options.tls { ("yes", tls_port) } else { ("no", 0) };
    format!(
        r#"base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/dovecot.log
protocols = imap
listen = 127.0.0.1
login_greeting = {greeting}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
ssl = {ssl}
ssl_cert = <{root}/server.pem
ssl_key = <{root}/server.key
ssl_dh =
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
mail_fsync = never
mailbox_list_index = yes
mail_max_userip_connections = 1000
mail_location = maildir:{root}/mail/%u
imap_idle_notify_interval = 2 mins
{capability}namespace inbox {{
  inbox = yes
  separator = /
{mailboxes}}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {root}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=plain username_format=%u {root}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={root}/home/%u
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
{extra}
"#,
        extra = options.extra,
    )
}

fn binary() -> Option<PathBuf> {
    ["/usr/sbin/dovecot", "/usr/local/sbin/dovecot", "/usr/bin/dovecot"]
        .into_iter()
        .map(PathBuf::from)
        .find(|path| path.exists())
}

/// This very server answers: somebody else's Dovecot may have taken the port.
fn greets(port: u16, greeting: &str) -> bool {
    let Ok(mut socket) = TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    let _ = socket.set_read_timeout(Some(Duration::from_secs(5)));
    let mut bytes = Vec::new();
    let mut chunk = [0; 512];
    while !bytes.contains(&b'\n') {
        match socket.read(&mut chunk) {
            Ok(n) if n > 0 => bytes.extend_from_slice(&chunk[..n]),
            _ => break,
        }
    }
    let _ = socket.write_all(b"a LOGOUT\r\n");
    String::from_utf8_lossy(&bytes).contains(greeting)
}

#[cfg(unix)]
fn own(path: &Path, uid: u32, gid: u32) {
    let _ = std::os::unix::fs::chown(path, Some(uid), Some(gid));
}
#[cfg(not(unix))]
fn own(_: &Path, _: u32, _: u32) {}

fn give(path: &Path, uid: u32, gid: u32) {
    own(path, uid, gid);
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            give(&entry.path(), uid, gid);
        } else {
            own(&entry.path(), uid, gid);
        }
    }
}

fn give_folder(root: &Path, folder: &Path, uid: u32, gid: u32) {
    for path in [root, folder, &folder.join("tmp"), &folder.join("new"), &folder.join("cur")] {
        own(path, uid, gid);
    }
}
