//! What this computer needs beside Rust, and how it gets it.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::places::{self, program};
use crate::shell::{self, must};

/// The oldest Node that the front end's tools run on.
const NODE: (u32, u32) = (20, 19);

/// A kind of need; the packages differ by system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Building the command line and the tests: a C compiler.
    Compiler,
    /// Building the window: the system's web view.
    Window,
    /// Running every test: servers, a browser, a display.
    Tests,
    /// Measuring beside other programs.
    Peers,
}

/// Who installs packages here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manager {
    Apt,
    Dnf,
    Pacman,
    Brew,
}

impl Manager {
    fn find() -> Option<Self> {
        let known = [("apt-get", Self::Apt), ("dnf", Self::Dnf), ("pacman", Self::Pacman), ("brew", Self::Brew)];
        known.into_iter().find(|(name, _)| program(&[name]).is_some()).map(|(_, manager)| manager)
    }

    /// Packages by name; where it has had several, the newest first.
    fn packages(self, need: Need) -> &'static [&'static str] {
        match (self, need) {
            (Self::Apt, Need::Compiler) => &["build-essential", "pkg-config"],
            (Self::Apt, Need::Window) => &["libayatana-appindicator3-dev", "libdbus-1-dev", "libwebkit2gtk-4.1-dev"],
            (Self::Apt, Need::Tests) => &[
                "dbus",
                "dovecot-imapd",
                "fonts-dejavu-core",
                "fonts-noto-cjk",
                "fonts-noto-color-emoji",
                "fonts-noto-core",
                "gnome-keyring",
                "nats-server",
                "openssl",
                "procps",
                "python3",
                "util-linux",
                // The name it has since WebKitGTK 2.46, and the one before.
                "webkitgtk-webdriver|webkit2gtk-driver",
                "xauth",
                "xdotool",
                "xvfb",
                "zstd",
            ],
            (Self::Apt, Need::Peers) => &["dovecot-imapd", "isync", "maildir-utils", "notmuch", "zstd"],
            (Self::Dnf, Need::Compiler) => &["gcc", "gcc-c++", "make", "pkgconf-pkg-config"],
            (Self::Dnf, Need::Window) => &["dbus-devel", "libayatana-appindicator-gtk3-devel", "webkit2gtk4.1-devel"],
            // It has no nats-server; and which package the driver lies in has changed.
            (Self::Dnf, Need::Tests) => &[
                "/usr/bin/WebKitWebDriver",
                "dbus-daemon",
                "dejavu-sans-fonts",
                "dovecot",
                "gnome-keyring",
                "google-noto-emoji-color-fonts",
                "google-noto-sans-cjk-fonts",
                "openssl",
                "python3",
                "util-linux",
                "xdotool",
                "xorg-x11-server-Xvfb",
                "xorg-x11-xauth",
                "zstd",
            ],
            (Self::Dnf, Need::Peers) => &["dovecot", "isync", "maildir-utils", "notmuch", "zstd"],
            (Self::Pacman, Need::Compiler) => &["base-devel"],
            (Self::Pacman, Need::Window) => &["dbus", "libayatana-appindicator", "webkit2gtk-4.1"],
            (Self::Pacman, Need::Tests) => &[
                "dovecot",
                "gnome-keyring",
                "nats-server",
                "noto-fonts",
                "noto-fonts-cjk",
                "noto-fonts-emoji",
                "openssl",
                "python",
                "ttf-dejavu",
                "util-linux",
                // The driver lies in the newest of the web views alone.
                "webkitgtk-6.0",
                "xdotool",
                "xorg-server-xvfb",
                "xorg-xauth",
                "zstd",
            ],
            (Self::Pacman, Need::Peers) => &["dovecot", "isync", "notmuch", "zstd"],
            // The compiler comes with what links Rust programs, and the web view with the system.
            (Self::Brew, Need::Compiler | Need::Window) => &[],
            (Self::Brew, Need::Tests) => &["dovecot", "nats-server", "openssl", "python3", "zstd"],
            (Self::Brew, Need::Peers) => &["dovecot", "isync", "mu", "notmuch", "zstd"],
        }
    }

    fn has(self, package: &str) -> bool {
        let query = match self {
            Self::Apt => {
                let status = shell::output(Command::new("dpkg-query").args(["-W", "-f=${Status}", package]));
                return status.is_some_and(|status| status.ends_with(" installed"));
            }
            Self::Dnf => ("rpm", &["-q", "--whatprovides", package] as &[&str]),
            Self::Pacman => ("pacman", &["-Q", package] as &[&str]),
            Self::Brew => ("brew", &["list", "--versions", package] as &[&str]),
        };
        shell::output(Command::new(query.0).args(query.1)).is_some()
    }

    /// It is among what can be installed; when it cannot say, it is.
    fn offers(self, package: &str) -> bool {
        match self {
            Self::Apt => shell::output(Command::new("apt-cache").args(["show", package])).is_some(),
            Self::Dnf => {
                let query = &["-q", "repoquery", "--whatprovides", package];
                shell::output(Command::new("dnf").args(query)).is_none_or(|found| !found.is_empty())
            }
            Self::Pacman => shell::output(Command::new("pacman").args(["-Si", package])).is_some(),
            Self::Brew => true,
        }
    }

    /// The commands that install, without sudo.
    fn install(self, packages: &[&str]) -> Vec<Vec<String>> {
        let line = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let with = |words: &[&str]| [line(words), line(packages)].concat();
        match self {
            Self::Apt => {
                vec![line(&["apt-get", "update"]), with(&["apt-get", "install", "-y", "--no-install-recommends"])]
            }
            Self::Dnf => vec![with(&["dnf", "install", "-y"])],
            Self::Pacman => vec![with(&["pacman", "-S", "--needed", "--noconfirm"])],
            Self::Brew => vec![with(&["brew", "install"])],
        }
    }
}

/// Sees to it that what `needs` names is there, installing it where it is not.
///
/// # Errors
/// One sentence with what is missing and the command that installs it.
pub(crate) fn prepare(needs: &[Need]) -> Result<()> {
    if cfg!(windows) {
        return windows(needs);
    }
    let Some(manager) = Manager::find() else {
        bail!(
            "none of apt, dnf, pacman and brew is here: install by hand what docs/ names for {needs:?}, \
             then run this again"
        );
    };
    let of = |needed: &dyn Fn(Need) -> bool| -> Vec<&'static str> {
        needs.iter().filter(|need| needed(**need)).flat_map(|need| manager.packages(*need)).copied().collect()
    };
    let has = |name: &str| manager.has(name);
    let offers = |name: &str| manager.offers(name);
    let mut tests = of(&|need| need == Need::Tests);
    if needs.contains(&Need::Tests) && browser().is_none() {
        if is_ubuntu(&fs::read_to_string("/etc/os-release").unwrap_or_default()) {
            eprintln!("xtask: {NO_BROWSER}");
        } else {
            // The same name everywhere else.
            tests.push("chromium");
        }
    }
    let (mut packages, _) = missing(&of(&|need| need != Need::Tests), has, |_| true, true);
    let (more, nowhere) = missing(&tests, has, offers, manager.offers("zstd"));
    for name in nowhere {
        eprintln!("xtask: {name} cannot be had here, so the tests that need it are left out by name");
    }
    packages.extend(more);
    packages.sort_unstable();
    packages.dedup();
    if packages.is_empty() {
        return Ok(());
    }
    let commands = manager.install(&packages);
    // brew refuses to run as root; the others need it.
    let sudo = manager != Manager::Brew && !is_root();
    let typed = commands
        .iter()
        .map(|words| if sudo { format!("sudo {}", words.join(" ")) } else { words.join(" ") })
        .collect::<Vec<_>>()
        .join(" && ");
    if sudo {
        agree(&packages, &typed)?;
    }
    for words in commands {
        let mut words = if sudo { [vec!["sudo".to_owned()], words].concat() } else { words }.into_iter();
        let name = words.next().context("a command")?;
        let mut command = shell::command(name);
        command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        // A package list that cannot be renewed is no reason to stop while the packages can be had.
        let lists = command.get_args().any(|word| word == "update");
        match must(&mut command) {
            Err(error) if lists => eprintln!("xtask: {error:#}"),
            done => done.with_context(|| format!("install this by hand, then run it again: {typed}"))?,
        }
    }
    Ok(())
}

/// Which of these are to be installed, and which cannot be had. Where it is not known what there is (`listed`), a package
/// goes by the name it has had for longest, and installing will tell.
fn missing(
    packages: &[&'static str],
    has: impl Fn(&str) -> bool,
    offers: impl Fn(&str) -> bool,
    listed: bool,
) -> (Vec<&'static str>, Vec<&'static str>) {
    let (mut wanted, mut nowhere) = (Vec::new(), Vec::new());
    for package in packages {
        let names = || package.split('|');
        let Some(oldest) = names().next_back() else { continue };
        if names().any(&has) {
            continue;
        }
        match names().find(|name| listed && offers(name)) {
            Some(name) => wanted.push(name),
            None if listed => nowhere.push(oldest),
            None => wanted.push(oldest),
        }
    }
    (wanted, nowhere)
}

fn agree(packages: &[&str], typed: &str) -> Result<()> {
    if !io::stdin().is_terminal() || program(&["sudo"]).is_none() {
        bail!("{} must be installed; run this, then try again: {typed}", packages.join(", "));
    }
    print!("Inlet needs {}.\nRun `{typed}`? [y/N] ", packages.join(", "));
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    if !matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
        bail!("nothing was installed; when you are ready: {typed}");
    }
    Ok(())
}

/// Windows has no package manager that is always there, so what is missing is named. The build
/// tools are there already: this program was linked with them.
fn windows(needs: &[Need]) -> Result<()> {
    if needs.contains(&Need::Window) {
        let key = r"\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}";
        let places = [r"HKLM\SOFTWARE\WOW6432Node", r"HKLM\SOFTWARE", r"HKCU\Software"];
        let there = places.iter().any(|place| {
            shell::output(Command::new("reg").args(["query", &format!("{place}{key}"), "/v", "pv"])).is_some()
        });
        if !there {
            bail!(
                "the WebView2 runtime is missing; install the Evergreen Bootstrapper from \
                 https://developer.microsoft.com/microsoft-edge/webview2 and run this again"
            );
        }
    }
    if needs.contains(&Need::Tests) {
        bail!(
            "the full test needs Dovecot and a virtual display, so it runs on Linux; here use `cargo xtask test --fast`"
        );
    }
    if needs.contains(&Need::Peers) {
        bail!("the programs that Inlet is measured beside run on Linux and macOS only");
    }
    Ok(())
}

fn is_root() -> bool {
    shell::output(Command::new("id").arg("-u")).as_deref() == Some("0")
}

/// Why the tests in a browser are left out, and what to do about it.
pub(crate) const NO_BROWSER: &str = "no Chromium starts here: install Google Chrome from \
    https://www.google.com/chrome, or name another one in INLET_CHROMIUM; until then the tests in a browser are left out";

/// Ubuntu has Chromium as a snap only; its packages of that name are none.
fn is_ubuntu(release: &str) -> bool {
    release.lines().any(|line| line.trim() == "ID=ubuntu")
}

/// A browser for the end-to-end tests: `INLET_CHROMIUM`, or what is installed and starts. A program of that name may do
/// nothing but tell that there is a snap.
pub(crate) fn browser() -> Option<PathBuf> {
    if let Some(named) = env::var_os("INLET_CHROMIUM") {
        return Some(named.into());
    }
    let names = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"];
    let places = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/snap/bin/chromium"];
    names.iter().filter_map(|name| program(&[name])).chain(places.map(PathBuf::from)).find(|path| starts(path))
}

fn starts(browser: &Path) -> bool {
    // There it would answer by opening a window.
    if cfg!(windows) {
        return browser.is_file();
    }
    shell::output(Command::new(browser).arg("--version")).is_some_and(|version| version.contains("Chrom"))
}

/// Checks Node's version.
///
/// # Errors
/// One sentence when Node or npm is missing or too old.
pub(crate) fn node() -> Result<()> {
    let wanted = format!("{}.{}", NODE.0, NODE.1);
    let Some(version) = shell::output(Command::new("node").arg("--version")) else {
        bail!("Node is missing; install Node {wanted} or newer from https://nodejs.org and run this again");
    };
    if parse_version(&version).is_none_or(|found| found < NODE) {
        bail!("Node {version} is too old; install Node {wanted} or newer from https://nodejs.org and run this again");
    }
    if shell::output(shell::npm().arg("--version")).is_none() {
        bail!("npm is missing, though Node is here; install npm and run this again");
    }
    Ok(())
}

/// Major and minor of `v20.19.1`.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Installs the packages of a Node project, when its lock file is newer than what is installed.
///
/// # Errors
/// When npm fails, mostly because there is no network.
pub(crate) fn npm_ci(folder: &Path) -> Result<()> {
    if is_installed(folder) {
        return Ok(());
    }
    let mut npm = shell::npm();
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder);
    must(&mut npm).with_context(|| format!("in {}", folder.display()))
}

fn is_installed(folder: &Path) -> bool {
    let changed = |path: &str| -> Option<SystemTime> { folder.join(path).metadata().ok()?.modified().ok() };
    match (changed("package-lock.json"), changed("node_modules/.package-lock.json")) {
        (Some(lock), Some(installed)) => installed >= lock,
        _ => false,
    }
}

/// Whether a window can be shown.
pub(crate) fn has_display() -> bool {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// The folders with Node packages of their own.
pub(crate) fn node_projects() -> Vec<PathBuf> {
    ["ui", "tests/support/smtp", "tests/support/oidc", "tests/e2e"]
        .iter()
        .map(|folder| places::root().join(folder))
        .filter(|folder| folder.join("package-lock.json").is_file())
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(parse_version("v20.19.1"), Some((20, 19)));
        assert_eq!(parse_version("v9.11.2\n"), Some((9, 11)));
        assert!(parse_version("v9.11.2") < Some(NODE));
        assert!(parse_version("v22.3.0") > Some(NODE));
        assert_eq!(parse_version("nonsense"), None);
        assert_eq!(parse_version(""), None);
    }

    #[test]
    fn every_manager_names_a_package_once() {
        for manager in [Manager::Apt, Manager::Dnf, Manager::Pacman, Manager::Brew] {
            for need in [Need::Compiler, Need::Window, Need::Tests, Need::Peers] {
                let packages = manager.packages(need);
                let mut sorted = packages.to_vec();
                sorted.sort_unstable();
                sorted.dedup();
                assert_eq!(sorted.len(), packages.len(), "{manager:?} {need:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_had_is_named_and_the_rest_installed() {
        let packages = ["here", "new|old", "gone", "other"];
        let has = |name: &str| name == "here";
        let offers = |name: &str| ["old", "other"].contains(&name);
        assert_eq!(missing(&packages, has, offers, true), (vec!["old", "other"], vec!["gone"]));
        assert_eq!(missing(&packages, has, |_| true, true), (vec!["new", "gone", "other"], vec![]));
        assert_eq!(missing(&packages, |name| name == "old", |_| true, true).0, ["here", "gone", "other"]);
        // Lists that were never fetched offer nothing.
        assert_eq!(missing(&packages, has, |_| false, false), (vec!["old", "gone", "other"], vec![]));
    }

    #[test]
    fn only_ubuntu_itself_has_its_chromium_as_a_snap() {
        assert!(is_ubuntu("NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n"));
        assert!(!is_ubuntu("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_ubuntu("ID=debian\n"));
        assert!(!is_ubuntu(""));
    }

    #[test]
    #[cfg(unix)]
    fn a_browser_is_one_that_says_its_version() {
        use std::os::unix::fs::PermissionsExt;

        let folder = env::temp_dir().join(format!("inlet-xtask-browser-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for (name, script, good) in [
            ("real", "echo Chromium 156.0", true),
            ("stub", "echo requires the chromium snap to be installed >&2; exit 1", false),
            ("other", "echo 1.0", false),
        ] {
            let path = folder.join(name);
            fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
            assert_eq!(starts(&path), good, "{name}");
        }
        assert!(!starts(&folder.join("none")));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn apt_installs_without_asking_and_without_extras() {
        let commands = Manager::Apt.install(&["xvfb", "zstd"]);
        assert_eq!(commands.len(), 2);
        assert_eq!(commands.last().unwrap().join(" "), "apt-get install -y --no-install-recommends xvfb zstd");
    }

    #[test]
    fn packages_are_installed_again_when_the_lock_is_newer() {
        let folder = env::temp_dir().join(format!("inlet-xtask-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("node_modules")).unwrap();
        let lock = folder.join("package-lock.json");
        let installed = folder.join("node_modules/.package-lock.json");
        std::fs::write(&lock, "{}").unwrap();
        assert!(!is_installed(&folder));
        std::fs::write(&installed, "{}").unwrap();
        let old = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
        let new = old + std::time::Duration::from_secs(60);
        let set =
            |path: &Path, time| std::fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
        set(&lock, old);
        set(&installed, new);
        assert!(is_installed(&folder));
        set(&lock, new + std::time::Duration::from_secs(60));
        assert!(!is_installed(&folder));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
