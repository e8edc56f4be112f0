//! Which crate may know which: the lines of ARCHITECTURE.md under "Never", read off the
//! dependency graph and the front end's imports.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::places;
use crate::shell;

/// A crate of ours, and what it must not depend on: itself or through a crate of ours.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("inlet-model", &["tokio", "reqwest", "rusqlite", "tauri", "inlet-connectors", "inlet-orchestrator"]),
    (
        "inlet-actions",
        &["tokio", "reqwest", "rusqlite", "tauri", "inlet-connectors", "inlet-orchestrator", "inlet-testkit"],
    ),
    ("inlet-connectors", &["inlet-orchestrator", "rusqlite", "tauri"]),
    ("inlet-orchestrator", &["inlet-connectors", "reqwest", "tauri"]),
    ("inlet", &["reqwest", "rusqlite", "tauri"]),
    ("inlet-app", &["reqwest", "rusqlite"]),
];

/// The one file that may import the shell's API.
const SHELL_DOOR: &str = "host/tauri.ts";

/// Checks every rule and names each breach.
///
/// # Errors
/// When a rule is broken, or cargo cannot read the workspace.
pub(crate) fn run() -> Result<()> {
    let metadata = shell::output(shell::cargo().args(["metadata", "--format-version", "1", "--no-deps"]))
        .context("`cargo metadata` failed; run it to see why")?;
    let mut breaches = edges(&serde_json::from_str(&metadata)?);
    breaches.extend(imports(&places::root().join("ui/src"))?);
    if breaches.is_empty() {
        println!("the crates and the front end know only what they may");
        return Ok(());
    }
    bail!("{}", breaches.join("\n"));
}

/// Breaches among the direct dependencies of the workspace's crates. Crates of ours pass on what
/// they know only through types, so a direct edge is what makes a rule broken in the source.
fn edges(metadata: &Value) -> Vec<String> {
    let mut known: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let Some(name) = package["name"].as_str() else {
            continue;
        };
        let dependencies = package["dependencies"].as_array().into_iter().flatten();
        // What only the tests use is free.
        let used = dependencies.filter(|one| one["kind"] != "dev").filter_map(|one| one["name"].as_str());
        known.insert(name, used.collect());
    }
    let mut breaches = Vec::new();
    for (name, forbidden) in FORBIDDEN {
        let Some(used) = known.get(name) else {
            breaches.push(format!("the crate {name} is gone; change xtask/src/never.rs with ARCHITECTURE.md"));
            continue;
        };
        for other in *forbidden {
            if used.contains(other) {
                breaches.push(format!("{name} depends on {other}, and must not (ARCHITECTURE.md, Never)"));
            }
        }
    }
    breaches
}

/// Files of the front end that import the shell's API and are not the door to it.
fn imports(sources: &Path) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    let mut folders = vec![sources.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let inside = path.strip_prefix(sources)?.to_string_lossy().replace('\\', "/");
            let code = [".ts", ".js", ".svelte"].iter().any(|ending| inside.ends_with(ending));
            // A test may stand in for the shell.
            let test = inside.ends_with(".test.ts");
            if code && !test && inside != SHELL_DOOR && fs::read_to_string(&path)?.contains("@tauri-apps/") {
                breaches.push(format!("ui/src/{inside} names @tauri-apps/; only ui/src/{SHELL_DOOR} may"));
            }
        }
    }
    breaches.sort();
    Ok(breaches)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn workspace(connectors: Value) -> Value {
        let empty = |name: &str| json!({ "name": name, "dependencies": [] });
        json!({ "packages": [
            empty("inlet-model"), empty("inlet-actions"), empty("inlet-orchestrator"), empty("inlet"), empty("inlet-app"),
            { "name": "inlet-connectors", "dependencies": connectors },
        ]})
    }

    #[test]
    fn a_forbidden_edge_is_named() {
        let breaches = edges(&workspace(json!([{ "name": "rusqlite", "kind": null }])));
        assert_eq!(breaches.len(), 1, "{breaches:?}");
        assert!(breaches.concat().contains("inlet-connectors depends on rusqlite"));
    }

    #[test]
    fn tests_may_depend_on_anything() {
        assert_eq!(edges(&workspace(json!([{ "name": "rusqlite", "kind": "dev" }]))), Vec::<String>::new());
    }

    #[test]
    fn a_rule_about_a_crate_that_is_gone_is_a_breach() {
        assert_eq!(edges(&json!({ "packages": [] })).len(), FORBIDDEN.len());
    }

    #[test]
    fn only_one_file_may_name_the_shell() {
        let sources = std::env::temp_dir().join(format!("inlet-never-{}", std::process::id()));
        fs::create_dir_all(sources.join("host")).unwrap();
        fs::create_dir_all(sources.join("views/list")).unwrap();
        let import = "import { invoke } from \"@tauri-apps/api/core\";";
        fs::write(sources.join("host/tauri.ts"), import).unwrap();
        fs::write(sources.join("views/list/List.svelte"), "<script></script>").unwrap();
        assert_eq!(imports(&sources).unwrap(), Vec::<String>::new());
        fs::write(sources.join("views/list/List.svelte"), import).unwrap();
        let breaches = imports(&sources).unwrap();
        assert_eq!(breaches.len(), 1);
        assert!(breaches.concat().contains("ui/src/views/list/List.svelte"));
        fs::remove_dir_all(&sources).unwrap();
    }
}
