//! A real NATS server with JetStream, which keeps its streams in files and can be killed.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::keeper::Keeper;

const LIMIT: Duration = Duration::from_secs(20);

/// A running server; dropping it ends it.
pub struct Nats {
    keeper: Option<Keeper>,
    port: u16,
    folder: TempDir,
}

impl Nats {
    /// Starts a server, or says which test was skipped where none is installed. `login` is what it wants to hear:
    /// `user:password`.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(test: &str, login: Option<&str>) -> Option<Self> {
        if Command::new("nats-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            println!("skipped: {test}: nats-server is not installed");
            return None;
        }
        let folder = tempfile::Builder::new().prefix("inlet-nats-").tempdir().expect("a temporary folder");
        let port = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("an address").port();
        let login = login.and_then(|login| login.split_once(':')).map_or(String::new(), |(user, password)| {
            format!("authorization {{ user: \"{user}\", password: \"{password}\" }}\n")
        });
        let store = folder.path().join("store");
        let configuration = format!(
            "listen: \"127.0.0.1:{port}\"\nmax_payload: 8MB\njetstream {{ store_dir: \"{}\" }}\n{login}",
            store.display()
        );
        fs::write(folder.path().join("nats.conf"), configuration).expect("the folder can be written");
        let mut server = Self { keeper: None, port, folder };
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
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Where it keeps its streams.
    pub fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }
}
