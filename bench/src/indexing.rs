//! Reading a Maildir until everything in it can be found.

use anyhow::Result;

use crate::Bench;
use crate::measure::{Cost, bytes, median, run};
use crate::peers::{Mu, Notmuch, inlet};
use crate::table::{Aim, Report, Table};

/// Measures how long each needs, and how much it keeps.
///
/// # Errors
/// When one of them fails.
pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let mut rows: [(&str, Vec<Cost>, u64); 3] = [("Inlet", vec![], 0), ("notmuch", vec![], 0), ("mu", vec![], 0)];
    for round in 0..bench.runs {
        eprintln!("index: round {} of {}", round + 1, bench.runs);
        for (name, costs, size) in &mut rows {
            if bench.alone && *name != "Inlet" {
                continue;
            }
            let (cost, folder) = match *name {
                "notmuch" => {
                    let notmuch = Notmuch::new(bench.fresh("notmuch")?, &bench.maildir)?;
                    (run(&mut notmuch.command(&["new", "--quiet"]), None)?, notmuch.folder)
                }
                "mu" => {
                    let mu = Mu::new(bench.fresh("mu")?, &bench.maildir)?;
                    (run(&mut mu.command("index", &["--quiet"]), None)?, mu.folder)
                }
                _ => {
                    let data = bench.fresh("inlet")?;
                    let mut import = inlet(bench, &data, &["import"]);
                    (run(import.arg(&bench.maildir), None)?, data)
                }
            };
            costs.push(cost);
            *size = bytes(&folder)?;
        }
    }
    let mut table = Table::new(
        "Reading a Maildir until everything can be found",
        "Inlet keeps its own copy of every mail; notmuch and mu keep an index beside the files, which the last column leaves out.",
        &["", "wall s", "CPU s", "peak MB", "on disk MB", "wall, times Inlet's", "CPU, times Inlet's"],
    );
    let inlet = rows.first().map(|(_, costs, _)| median(costs)).unwrap_or_default();
    for (name, costs, size) in &rows {
        if !costs.is_empty() {
            let cost = median(costs);
            table.row(&[
                (*name).to_owned(),
                format!("{:.2}", cost.wall),
                format!("{:.2}", cost.cpu),
                format!("{:.0}", cost.memory),
                format!("{:.1}", *size as f64 / 1e6),
                format!("{:.1}", cost.wall / inlet.wall.max(f64::EPSILON)),
                format!("{:.1}", cost.cpu / inlet.cpu.max(f64::EPSILON)),
            ]);
            let least = match *name {
                "notmuch" => 8.0,
                "mu" => 4.0,
                _ => continue,
            };
            for (what, ratio) in [("time", cost.wall / inlet.wall), ("CPU time", cost.cpu / inlet.cpu)] {
                report.aim(Aim::above(&format!("indexing, {what} of {name} over Inlet's"), ratio, least));
            }
        }
    }
    report.add(table);
    Ok(())
}
