//! Servers that are Node programs: each in a folder with packages of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Mutex,
};

/// There is a node on this machine.
pub(crate) fn available() -> bool {
    Command::new("node")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// The folder of a server's program, with this package of its own in place.
pub(crate) fn install(name: &str, package: &str) -> PathBuf {
    // Tests run at the same time, in one process and in several.
    static LOCK: Mutex<()> = Mutex::new(());
    let _guard = LOCK.lock().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let installed = folder.join("node_modules").join(package).join("package.json");
    if !installed.is_file() {
        let lock = fs::File::create(folder.join("install.log")).expect("the folder can be written");
        lock.lock().expect("a lock");
        if !installed.is_file() {
            let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
            let output = Command::new(npm)
                .args(["ci", "--no-audit", "--no-fund"])
                .current_dir(&folder)
                .output()
                .expect("npm is installed (it comes with Node.js)");
            assert!(output.status.success(), "npm ci: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
    folder
}
