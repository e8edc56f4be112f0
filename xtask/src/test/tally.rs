//! Reads what test runners print.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

/// How the result of a step is counted.
#[derive(Clone, Debug)]
pub(crate) enum Count {
    /// The step is one check.
    One,
    /// The output of `cargo test` or `cargo nextest`.
    Cargo,
    /// The output of Node's runner with the TAP reporter.
    Tap,
    /// The file vitest's JSON reporter writes.
    Vitest(PathBuf),
}

impl Count {
    /// Counts; `output` is what the step printed.
    pub(crate) fn read(&self, output: &str) -> Tally {
        match self {
            Self::One => Tally::default(),
            Self::Cargo => cargo(output),
            Self::Tap => tap(output),
            Self::Vitest(file) => {
                let report = fs::read_to_string(file).ok().and_then(|text| serde_json::from_str(&text).ok());
                report.map(|report| vitest(&report)).unwrap_or_default()
            }
        }
    }
}

/// What passed, failed and was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    /// `name` or `name: reason`.
    pub(crate) skipped: Vec<String>,
    pub(crate) failures: Vec<String>,
}

impl Tally {
    /// A single check.
    pub(crate) fn of_one(ok: bool) -> Self {
        Self { passed: u64::from(ok), failed: u64::from(!ok), ..Self::default() }
    }

    /// Makes the counts agree with how the step's program ended. One that failed without naming a
    /// failure (it did not compile, it crashed, it was ended) counts as one failure; one that
    /// counted nothing is one check.
    pub(crate) fn with_success(mut self, ok: bool) -> Self {
        if !ok && self.failed == 0 {
            self.failed = 1;
        } else if ok && self.passed == 0 && self.failed == 0 {
            self.passed = 1;
        }
        self
    }
}

/// Tests that say themselves that they were left out: `skipped: name: reason`.
pub(crate) fn announced_skips(output: &str) -> Vec<String> {
    output.lines().filter_map(|line| line.trim().strip_prefix("skipped: ")).map(str::to_owned).collect()
}

fn cargo(output: &str) -> Tally {
    let mut tally = Tally::default();
    for raw in output.lines() {
        let line = raw.trim();
        // nextest shows what each test printed, indented: its own harness counts there as well.
        if let Some(rest) = raw.strip_prefix("test result: ") {
            tally.passed += before(rest, " passed");
            tally.failed += before(rest, " failed");
        } else if let Some(rest) = line.strip_prefix("Summary [") {
            // nextest: `Summary [ 1.2s] 14 tests run: 12 passed (1 slow), 1 failed, 1 timed out, 3 skipped`
            let ran = before(rest, " tests run").max(before(rest, " test run"));
            let passed = before(rest, " passed");
            tally.passed += passed;
            tally.failed += ran.saturating_sub(passed);
        } else if let Some(name) = raw.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED")) {
            tally.failures.push(name.to_owned());
        } else if let Some((_, name)) = failed_in_nextest(line) {
            tally.failures.push(name.to_owned());
        }
    }
    tally.failures.sort();
    tally.failures.dedup();
    tally
}

/// `FAIL [   0.004s] ( 3/14) crate::binary module::test`
fn failed_in_nextest(line: &str) -> Option<(&str, &str)> {
    let known = ["FAIL [", "TIMEOUT [", "SIGSEGV [", "SIGABRT ["];
    known.iter().find_map(|word| line.strip_prefix(word))?.split_once("] ")
}

fn tap(output: &str) -> Tally {
    let mut tally = Tally::default();
    for line in output.lines() {
        let inside = line.trim_start();
        if let Some(count) = line.strip_prefix("# pass ") {
            tally.passed += count.trim().parse::<u64>().unwrap_or(0);
        } else if let Some(count) = line.strip_prefix("# fail ").or_else(|| line.strip_prefix("# cancelled ")) {
            tally.failed += count.trim().parse::<u64>().unwrap_or(0);
        } else if let Some((name, reason)) = inside.strip_prefix("ok ").and_then(|rest| rest.split_once(" # SKIP")) {
            let name = name.split_once(" - ").map_or(name, |(_, name)| name);
            tally.skipped.push(format!("{name}: {}", reason.trim()).trim_end_matches([':', ' ']).to_owned());
        } else if let Some(rest) = inside.strip_prefix("not ok ") {
            tally.failures.push(rest.split_once(" - ").map_or(rest, |(_, name)| name).to_owned());
        }
    }
    tally
}

fn vitest(report: &Value) -> Tally {
    let number = |name: &str| report.get(name).and_then(Value::as_u64).unwrap_or(0);
    let mut tally = Tally { passed: number("numPassedTests"), failed: number("numFailedTests"), ..Tally::default() };
    let files = report.get("testResults").and_then(Value::as_array).into_iter().flatten();
    for file in files {
        let tests = file.get("assertionResults").and_then(Value::as_array).into_iter().flatten();
        for test in tests {
            let name =
                test.get("fullName").and_then(Value::as_str).unwrap_or("a test without a name").trim().to_owned();
            match test.get("status").and_then(Value::as_str) {
                Some("failed") => tally.failures.push(name),
                Some("skipped" | "pending" | "todo" | "disabled") => tally.skipped.push(name),
                _ => {}
            }
        }
    }
    tally
}

/// The number right before `word`.
fn before(text: &str, word: &str) -> u64 {
    let Some((head, _)) = text.split_once(word) else {
        return 0;
    };
    let digits = head.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    digits.parse().unwrap_or(0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cargo_test_is_summed_over_binaries() {
        let tally = cargo(
            "running 3 tests\ntest a::b ... ok\ntest c ... FAILED\n\
             test result: FAILED. 2 passed; 1 failed; 4 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
             test result: ok. 40 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s\n",
        );
        assert_eq!((tally.passed, tally.failed), (42, 1));
        assert_eq!(tally.failures, ["c"]);
    }

    #[test]
    fn nextest_counts_whatever_did_not_pass() {
        let tally = cargo(
            "        PASS [   0.004s] ( 1/14) inlet-model id::tests::round_trip\n\
             \u{20}   test id::tests::round_trip ... ok\n\
             \u{20}   test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 13 filtered out\n\
             \u{20}       FAIL [   0.004s] ( 2/14) inlet-model id::tests::bad\n\
             \u{20}    TIMEOUT [  60.004s] ( 3/14) inlet::it sync::slow\n\
             \u{20}    Summary [   0.012s] 14 tests run: 12 passed (1 slow), 1 failed, 1 timed out, 3 skipped\n\
             \u{20}       FAIL [   0.004s] ( 2/14) inlet-model id::tests::bad\n",
        );
        assert_eq!((tally.passed, tally.failed), (12, 2));
        assert_eq!(tally.failures.len(), 2, "{:?}", tally.failures);
        assert_eq!(cargo("Summary [ 0.1s] 1 test run: 1 passed, 0 skipped").passed, 1);
    }

    #[test]
    fn tap_counts_and_names() {
        let tally = tap("TAP version 13\n# Subtest: reply\n    not ok 1 - keeps the draft\nnot ok 1 - reply\n\
             ok 2 - needs a server # SKIP no Dovecot\nok 3 - search\n\
             # tests 3\n# suites 0\n# pass 1\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0\n");
        assert_eq!((tally.passed, tally.failed), (1, 2));
        assert_eq!(tally.skipped, ["needs a server: no Dovecot"]);
        assert_eq!(tally.failures, ["keeps the draft", "reply"]);
    }

    #[test]
    fn vitest_counts_and_names() {
        let tally = vitest(&json!({
            "numPassedTests": 7, "numFailedTests": 1,
            "testResults": [{ "assertionResults": [
                { "fullName": "rows keep their focus", "status": "failed" },
                { "fullName": "rows fold", "status": "pending" },
                { "fullName": "rows open", "status": "passed" },
            ]}],
        }));
        assert_eq!((tally.passed, tally.failed), (7, 1));
        assert_eq!(tally.failures, ["rows keep their focus"]);
        assert_eq!(tally.skipped, ["rows fold"]);
    }

    #[test]
    fn a_step_that_failed_is_never_counted_as_passed() {
        assert_eq!(Tally::default().with_success(false).failed, 1);
        assert_eq!(Tally { passed: 9, ..Tally::default() }.with_success(false).failed, 1);
        assert_eq!(Tally { failed: 3, ..Tally::default() }.with_success(false).failed, 3);
        assert_eq!(Tally::default().with_success(true).passed, 1);
        assert_eq!(Tally { passed: 9, ..Tally::default() }.with_success(true).passed, 9);
        assert_eq!(Count::Vitest("/nowhere".into()).read("").with_success(false).failed, 1);
    }

    #[test]
    fn skips_are_named() {
        let names = announced_skips("running\nskipped: reads_the_corpus: INLET_SHARED is not set\nok\n");
        assert_eq!(names, ["reads_the_corpus: INLET_SHARED is not set"]);
    }
}
