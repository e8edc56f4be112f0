//! A real NATS server with JetStream, which keeps its streams in files and can be killed.

pub mod operator;

use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpStream,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{
    certs::{CertKind, Certs},
    keeper::Keeper,
    ports::free_port,
};

const LIMIT: Duration = Duration::from_secs(20);

/// A running server; dropping it ends it.
pub struct Nats {
    keeper: Option<Keeper>,
    port: u16,
    folder: TempDir,
    tls: bool,
}

/// What a configuration is written for.
pub struct Room {
    /// Port to listen at, of this computer.
    pub port: u16,
    /// Where streams are kept.
    pub store: PathBuf,
    /// The certificate for TLS, PEM.
    pub cert: PathBuf,
    /// Its key, PEM.
    pub key: PathBuf,
}

impl Room {
    /// What every server of a test has.
    pub fn usual(&self) -> String {
        let Self { port, store, .. } = self;
        format!("listen: \"127.0.0.1:{port}\"\nmax_payload: 8MB\njetstream {{ store_dir: \"{}\" }}\n", store.display())
    }

    /// TLS, as a server has it switched on.
    pub fn tls(&self) -> String {
        let Self { cert, key, .. } = self;
        format!("tls {{ cert_file: \"{}\", key_file: \"{}\" }}\n", cert.display(), key.display())
    }
}

impl Nats {
    /// Starts a server, or says which test was skipped where none is installed. `login` is what it wants to hear:
    /// `user:password`.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(test: &str, login: Option<&str>) -> Option<Self> {
        let login = login.and_then(|login| login.split_once(':')).map_or(String::new(), |(user, password)| {
            format!("authorization {{ user: \"{user}\", password: \"{password}\" }}\n")
        });
        Self::configured(test, None, |room| room.usual() + &login)
    }

    /// Starts one with a configuration of its own, and with a certificate of this kind where it is to have TLS.
    ///
    /// # Panics
    /// When it does not start.
    pub fn configured(test: &str, cert: Option<CertKind>, write: impl FnOnce(&Room) -> String) -> Option<Self> {
        if Command::new("nats-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            println!("skipped: {test}: nats-server is not installed");
            return None;
        }
        let folder = tempfile::Builder::new().prefix("inlet-nats-").tempdir().expect("a temporary folder");
        let port = free_port();
        let inside = |name: &str| folder.path().join(name);
        let room = Room { port, store: inside("store"), cert: inside("cert.pem"), key: inside("key.pem") };
        if let Some(kind) = cert {
            let certs = Certs::new(kind);
            for (path, text) in [(&room.cert, &certs.cert), (&room.key, &certs.key), (&inside("ca.pem"), &certs.ca)] {
                fs::write(path, text).expect("the folder can be written");
            }
        }
        fs::write(inside("nats.conf"), write(&room)).expect("the folder can be written");
        let mut server = Self { keeper: None, port, folder, tls: cert.is_some() };
        server.run();
        Some(server)
    }

    fn run(&mut self) {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "nats-server", "-c"]).arg(self.folder.path().join("nats.conf"));
        let log = fs::File::create(self.folder.path().join("log")).expect("the folder can be written");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.keeper = Some(Keeper::start(command, |_| ()).0);
        let limit = Instant::now() + LIMIT;
        while !self.greets() {
            assert!(Instant::now() < limit, "nats-server does not start: {}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// It is there, and JetStream with it.
    fn greets(&self) -> bool {
        let Ok(stream) = TcpStream::connect(("127.0.0.1", self.port)) else { return false };
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).is_ok() && line.contains("\"jetstream\":true")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Kills it without a word, as a power cut would.
    ///
    /// # Panics
    /// When it is not running.
    pub fn kill(&mut self) {
        let keeper = self.keeper.take().expect("a running server");
        let killed = Command::new("kill").args(["-KILL", &keeper.pid().to_string()]).status().expect("kill");
        assert!(killed.success());
        drop(keeper);
    }

    /// Starts it again where it was, with what it kept.
    pub fn again(&mut self) {
        self.run();
    }

    /// Its address.
    pub fn url(&self) -> String {
        let scheme = if self.tls { "tls" } else { "nats" };
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// The authority that signed its certificate, where it has TLS.
    pub fn ca(&self) -> Option<PathBuf> {
        self.tls.then(|| self.folder.path().join("ca.pem"))
    }

    /// Where it keeps its streams.
    pub fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }
}
