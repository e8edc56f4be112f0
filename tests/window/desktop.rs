//! A desktop for one test: a display, a session bus, an unlocked keyring and a WebDriver, all of
//! them in a home folder that goes away.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tempfile::TempDir;
use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt, EventMask};

/// How long a part of the desktop may take to be ready.
const READY: Duration = Duration::from_secs(20);
/// Session creation hangs when the app dies at its start.
const OPEN: Duration = Duration::from_secs(60);

pub(crate) struct Desktop {
    /// Ended in the opposite order.
    started: Vec<Child>,
    display: String,
    bus: String,
    driver: u16,
    home: TempDir,
}

impl Desktop {
    /// Starts everything but the app.
    pub(crate) async fn start() -> Self {
        let home = tempfile::Builder::new().prefix("inlet-window-").tempdir().unwrap();
        let mut desktop = Self { started: Vec::new(), display: String::new(), bus: String::new(), driver: 0, home };
        for folder in ["data", "config", "cache", "run", "programs"] {
            let folder = desktop.home.path().join(folder);
            fs::create_dir(&folder).unwrap();
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        }

        // The server chooses a free display and says which.
        let mut display = desktop.command("Xvfb");
        display.args(["-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp"]);
        desktop.display = format!(":{}", desktop.first_line(display).trim());

        let mut bus = desktop.command("dbus-daemon");
        bus.args(["--session", "--nofork", "--print-address=1"]);
        let bus = desktop.first_line(bus).trim().to_owned();
        desktop.bus.clone_from(&bus);

        let mut keyring = desktop.command("gnome-keyring-daemon");
        keyring.args(["--foreground", "--unlock", "--components=secrets"]);
        keyring.env("DBUS_SESSION_BUS_ADDRESS", &bus);
        keyring.stdin(Stdio::piped());
        let mut keyring = keyring.spawn().expect("gnome-keyring-daemon is installed");
        keyring.stdin.take().unwrap().write_all(b"test\n").unwrap();
        desktop.started.push(keyring);
        until("the keyring is on the bus", || {
            let mut ask = desktop.command("dbus-send");
            ask.args(["--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]);
            ask.args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]);
            ask.env("DBUS_SESSION_BUS_ADDRESS", &bus).stdout(Stdio::piped());
            ask.output().is_ok_and(|answer| String::from_utf8_lossy(&answer.stdout).contains("true"))
        })
        .await;

        desktop.driver = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut driver = desktop.command("WebKitWebDriver");
        driver.args([format!("--port={}", desktop.driver), "--host=127.0.0.1".into()]);
        driver.env("DBUS_SESSION_BUS_ADDRESS", &bus);
        driver.env("TAURI_AUTOMATION", "true").env("TAURI_WEBVIEW_AUTOMATION", "true");
        desktop.started.push(driver.spawn().expect("WebKitWebDriver is installed (cargo xtask test sees to it)"));
        until("the driver answers", || std::net::TcpStream::connect(("127.0.0.1", desktop.driver)).is_ok()).await;
        desktop
    }

    /// The address of the session bus.
    pub(crate) fn bus(&self) -> &str {
        &self.bus
    }

    /// Runs Inlet once more beside the one that is open, and waits until it has ended.
    pub(crate) fn start_again(&self, args: &[&str]) {
        let mut again = self.command(&app().to_string_lossy());
        let status = again.args(args).env("DBUS_SESSION_BUS_ADDRESS", &self.bus).status().unwrap();
        assert!(status.success(), "a second start: {status}");
    }

    /// Runs the command line on a data folder.
    pub(crate) fn inlet(&self, args: &[&str]) {
        let mut inlet = self.command(env!("CARGO_BIN_EXE_inlet"));
        let status = inlet.args(args).env("DBUS_SESSION_BUS_ADDRESS", &self.bus).status().unwrap();
        assert!(status.success(), "inlet {args:?}: {status}");
    }

    /// Programs that are found before those of the system.
    pub(crate) fn programs(&self) -> PathBuf {
        self.folder("programs")
    }

    /// The number of the window of that title, once it can be seen.
    pub(crate) async fn window(&self, title: &str) -> u32 {
        loop {
            let mut search = self.command("xdotool");
            let found = search.args(["search", "--onlyvisible", "--name", title]).stdout(Stdio::piped()).output();
            let found = String::from_utf8(found.expect("xdotool is installed").stdout).unwrap();
            if let Some(window) = found.lines().next().and_then(|line| line.parse().ok()) {
                return window;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Whether a window of that title can be seen now.
    pub(crate) fn shows(&self, title: &str) -> bool {
        let mut search = self.command("xdotool");
        search.args(["search", "--onlyvisible", "--name", title]).status().expect("xdotool is installed").success()
    }

    /// Closes a window as the button in its corner does (ICCCM, `WM_DELETE_WINDOW`).
    pub(crate) fn close_window(&self, window: u32) {
        let (screen, _) = x11rb::connect(Some(&self.display)).unwrap();
        let atom = |name: &str| screen.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom;
        let gone = [atom("WM_DELETE_WINDOW"), 0, 0, 0, 0];
        let event = ClientMessageEvent::new(32, window, atom("WM_PROTOCOLS"), gone);
        screen.send_event(false, window, EventMask::NO_EVENT, event).unwrap().check().unwrap();
    }

    /// Runs Inlet as a person starts it, with nobody driving its web view.
    pub(crate) fn run(&self, args: &[&str]) -> Child {
        let mut inlet = self.command(&app().to_string_lossy());
        inlet.args(args).env("DBUS_SESSION_BUS_ADDRESS", &self.bus).spawn().unwrap()
    }

    /// Moves the mouse, presses keys.
    pub(crate) fn xdotool(&self, args: &[&str]) {
        let status = self.command("xdotool").args(args).status().expect("xdotool is installed");
        assert!(status.success(), "xdotool {args:?}: {status}");
    }

    /// Makes the window so large, as a person would by its corner.
    pub(crate) fn resize_window(&self, width: u32, height: u32) {
        let size = [width.to_string(), height.to_string()];
        let mut resize = self.command("xdotool");
        resize.args(["search", "--onlyvisible", "--name", "^Inlet$", "windowsize"]).args(size);
        let status = resize.status().expect("xdotool is installed");
        assert!(status.success(), "xdotool: {status}");
    }

    /// A folder of this desktop that goes away with it.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Opens Inlet with these arguments and connects to its window.
    pub(crate) async fn open(&self, args: &[&str]) -> Client {
        let app = app();
        let options = json!({ "webkitgtk:browserOptions": { "binary": app, "args": args } });
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(options.as_object().unwrap().clone());
        let address = format!("http://127.0.0.1:{}", self.driver);
        match tokio::time::timeout(OPEN, builder.connect(&address)).await {
            Ok(client) => client.expect("a window"),
            Err(_) => panic!("no window came up within {} s", OPEN.as_secs()),
        }
    }

    /// A command at home in this desktop, in a process group of its own.
    fn command(&self, program: &str) -> Command {
        let home = self.home.path();
        let system = std::env::var_os("PATH").unwrap_or_default();
        let path = [home.join("programs")].into_iter().chain(std::env::split_paths(&system));
        let path = std::env::join_paths(path).unwrap();
        let mut command = Command::new(program);
        command
            .env("HOME", home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("XDG_RUNTIME_DIR", home.join("run"))
            .env("DISPLAY", &self.display)
            .env("PATH", path)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("NO_AT_BRIDGE", "1")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0);
        command
    }

    fn first_line(&mut self, mut command: Command) -> String {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap_or_else(|_| panic!("{program} is installed"));
        let output = child.stdout.take().unwrap();
        self.started.push(child);
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "{program} ended at once");
        line
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        // The driver's group holds the app too, when its session was not closed.
        while let Some(mut child) = self.started.pop() {
            for signal in ["-TERM", "-KILL"] {
                let group = format!("-{}", child.id());
                let _ = Command::new("kill").args([signal, "--", &group]).stderr(Stdio::null()).status();
                let mut waited = Duration::ZERO;
                while waited < Duration::from_secs(2) && matches!(child.try_wait(), Ok(None)) {
                    std::thread::sleep(Duration::from_millis(10));
                    waited += Duration::from_millis(10);
                }
            }
        }
    }
}

/// The program of the window: beside the command line, where the same build puts both.
fn app() -> PathBuf {
    let app = match std::env::var_os("INLET_APP") {
        Some(named) => PathBuf::from(named),
        None => Path::new(env!("CARGO_BIN_EXE_inlet")).with_file_name("inlet-app"),
    };
    assert!(app.is_file(), "{} is not built: cargo build --workspace", app.display());
    app
}

/// Waits until something holds.
pub(crate) async fn until(what: &str, holds: impl Fn() -> bool) {
    let wait = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(READY, wait).await.is_ok(), "{what}: not within {} s", READY.as_secs());
}
