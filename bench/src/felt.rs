//! How fast the window feels with a full list: the demo world many times over, in Chromium and in the
//! real window.
//!
//! The figures are the window's own (Diagnostics shows the same), so that what is measured here is what
//! a person can look at. `bench/felt/scenario.js` is what is done in the page, the same in both.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::table::{Aim, Report, Table};

/// One action, as the window measured it; milliseconds.
#[derive(Deserialize)]
struct Action {
    p50: f64,
    p95: f64,
    target: f64,
    count: f64,
}

#[derive(Deserialize)]
struct Scroll {
    frames: f64,
    usual: f64,
    dropped: f64,
    rows: f64,
}

#[derive(Deserialize)]
struct Felt {
    name: String,
    error: Option<String>,
    focus: Option<Action>,
    open: Option<Action>,
    search: Option<Action>,
    archive: Option<Action>,
    start: Option<Action>,
    scroll: Option<Scroll>,
}

/// Measures both windows. Needs Node, Chromium and, for the real one, Xvfb and WebKitWebDriver.
///
/// # Errors
/// When a window cannot be opened or does not show what it should.
pub(crate) fn measure(inlet: &Path, app: Option<&Path>, report: &mut Report) -> Result<()> {
    eprintln!("felt: filling the demo world, then two windows");
    let script = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/felt/felt.mjs"));
    let mut node = Command::new("node");
    node.arg(script).arg("--inlet").arg(inlet);
    if let Some(app) = app {
        node.arg("--app").arg(app);
    }
    let measured: Vec<Felt> = serde_json::from_str(&crate::measure::output(&mut node)?)?;
    let mut table = Table::new(
        "How the window feels",
        "The demo world 67 times over, about 100,000 items, optimised build. Milliseconds from the key to the moment \
         the document shows what it did, without the wait for the screen's next frame; the window measures itself, as in \
         Settings, Diagnostics. \"start\" counts from the beginning of the page, of ten warm starts.",
        &["", "action", "measured", "p50 ms", "p95 ms", "aim ms"],
    );
    let mut scrolling = Table::new(
        "Scrolling the list",
        "One step a frame: six hundred slow, three hundred of many rows each. A frame that comes a whole frame late counts \
         as dropped.",
        &["", "rows", "frames", "usual frame ms", "dropped", "dropped %"],
    );
    for felt in &measured {
        if let Some(error) = &felt.error {
            anyhow::bail!("{}: {error}", felt.name);
        }
        let actions = [
            ("focus moves", &felt.focus),
            ("conversation opens", &felt.open),
            ("search answers", &felt.search),
            ("archive, undo", &felt.archive),
            ("start to list", &felt.start),
        ];
        for (name, action) in actions {
            let action = action.as_ref().with_context(|| format!("{}: {name} was not measured", felt.name))?;
            table.row(&[
                felt.name.clone(),
                name.to_owned(),
                format!("{:.0}", action.count),
                format!("{:.1}", action.p50),
                format!("{:.1}", action.p95),
                format!("{:.0}", action.target),
            ]);
            if name == "start to list" {
                report.aim(Aim::below(&format!("{}, {name}, median ms", felt.name), action.p50, action.target));
            }
            report.aim(Aim::below(&format!("{}, {name}, p95 ms", felt.name), action.p95, action.target));
        }
        if let Some(scroll) = &felt.scroll {
            let share = 100.0 * scroll.dropped / scroll.frames;
            scrolling.row(&[
                felt.name.clone(),
                format!("{:.0}", scroll.rows),
                format!("{:.0}", scroll.frames),
                format!("{:.1}", scroll.usual),
                format!("{:.0}", scroll.dropped),
                format!("{share:.1}"),
            ]);
            if felt.name.starts_with("Chromium") {
                report.aim(Aim::below("frames dropped while scrolling in Chromium, %", share, 1.0));
            }
        }
    }
    report.add(table);
    report.add(scrolling);
    Ok(())
}
