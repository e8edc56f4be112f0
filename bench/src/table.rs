//! The report: what was measured, on what, and with which versions.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::mails::MailSet;
use crate::measure::output;

/// A table with a heading and a sentence about what its figures mean.
pub(crate) struct Table {
    title: String,
    note: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(title: &str, note: &str, columns: &[&str]) -> Self {
        Self {
            title: title.to_owned(),
            note: note.to_owned(),
            columns: columns.iter().map(|column| (*column).to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: &[String]) {
        self.rows.push(cells.to_vec());
    }

    fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let rule: Vec<String> =
            self.columns.iter().map(|column| if column.is_empty() { "---" } else { "---:" }.to_owned()).collect();
        let mut text = format!("\n## {}\n\n{}\n\n{}{}", self.title, self.note, line(&self.columns), line(&rule));
        for row in &self.rows {
            text.push_str(&line(row));
        }
        text
    }
}

/// What a figure should be, and is.
pub(crate) struct Aim {
    what: String,
    is: f64,
    limit: f64,
    above: bool,
}

impl Aim {
    /// The figure should be this or less.
    pub(crate) fn below(what: &str, is: f64, limit: f64) -> Self {
        Self { what: what.to_owned(), is, limit, above: false }
    }

    /// The figure should be this or more.
    pub(crate) fn above(what: &str, is: f64, limit: f64) -> Self {
        Self { what: what.to_owned(), is, limit, above: true }
    }

    fn is_met(&self) -> bool {
        if self.above { self.is >= self.limit } else { self.is <= self.limit }
    }

    fn row(&self) -> String {
        let sign = if self.above { '≥' } else { '≤' };
        let met = if self.is_met() { "yes" } else { "**no**" };
        format!("| {} | {sign} {} | {:.2} | {met} |\n", self.what, self.limit, self.is)
    }
}

/// Everything that goes into the file.
pub(crate) struct Report {
    head: String,
    aims: Vec<Aim>,
    tables: Vec<Table>,
}

impl Report {
    pub(crate) fn new(inlet: &Path, set: &MailSet, runs: usize, alone: bool) -> Self {
        let mut head = format!(
            "# Benchmarks\n\nWritten by `cargo xtask bench`; run it again to see what your computer says. \
             Beside others: {} mails ({:.0} MB: {}); {runs} interleaved runs of each, the median shown. CPU time \
             and ratios say more than wall time where the load is high.\n\n",
            set.count,
            set.bytes as f64 / 1e6,
            set.origin
        );
        let mut programs: Vec<(&str, &Path, &str)> = vec![("Inlet", inlet, "--version")];
        if !alone {
            for name in ["notmuch", "mu", "mbsync", "dovecot"] {
                programs.push((name, Path::new(name), "--version"));
            }
        }
        for (name, program, flag) in programs {
            let version = output(Command::new(program).arg(flag)).unwrap_or_default();
            let version = version.lines().next().unwrap_or("not installed").trim().to_owned();
            let _ = writeln!(head, "- {name}: {version}");
        }
        let read = |file: &str| fs::read_to_string(file).unwrap_or_default();
        let cpus = std::thread::available_parallelism().map_or(0, usize::from);
        let cpu = read("/proc/cpuinfo");
        let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
        let _ = writeln!(
            head,
            "- computer: {cpus} processors ({}), Linux {}, load at the start {}",
            cpu.trim_start_matches([' ', '\t', ':']).trim(),
            read("/proc/sys/kernel/osrelease").trim(),
            load()
        );
        Self { head, aims: Vec::new(), tables: Vec::new() }
    }

    pub(crate) fn add(&mut self, table: Table) {
        self.tables.push(table);
    }

    pub(crate) fn aim(&mut self, aim: Aim) {
        self.aims.push(aim);
    }

    pub(crate) fn markdown(&self) -> String {
        let mut text = self.head.clone();
        let _ = writeln!(text, "- load at the end {}", load());
        if !self.aims.is_empty() {
            text.push_str("\n## Aims\n\n| | aim | measured | met |\n| --- | ---: | ---: | --- |\n");
            text.extend(self.aims.iter().map(Aim::row));
        }
        text.extend(self.tables.iter().map(Table::markdown));
        text
    }
}

/// How many programs want a processor, over 1, 5 and 15 minutes.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aim_says_whether_it_is_met() {
        assert_eq!(Aim::below("wait, ms", 4.0, 5.0).row(), "| wait, ms | ≤ 5 | 4.00 | yes |\n");
        assert_eq!(Aim::above("ratio", 3.999, 4.0).row(), "| ratio | ≥ 4 | 4.00 | **no** |\n");
        assert!(!Aim::below("nothing", f64::NAN, 1.0).is_met());
    }

    #[test]
    fn a_table_reads_as_markdown() {
        let mut table = Table::new("Speed", "Less is better.", &["", "wall s"]);
        table.row(&["Inlet".to_owned(), "1.20".to_owned()]);
        assert_eq!(
            table.markdown(),
            "\n## Speed\n\nLess is better.\n\n|  | wall s |\n| --- | ---: |\n| Inlet | 1.20 |\n"
        );
    }
}
