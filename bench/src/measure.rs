//! Wall time, CPU time and peak memory of a program.
//!
//! CPU time is what the kernel adds to this process for a child it has waited for, grandchildren
//! included (proc(5), `cutime` and `cstime`). Peak memory is the high-water mark of the process,
//! read while it runs, because it goes with the process.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// Ticks of a second in /proc: fixed by the kernel's interface on every system that has it.
const TICKS: f64 = 100.0;
const LOOK: Duration = Duration::from_millis(2);

/// What a run took.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Cost {
    /// Seconds on the wall.
    pub(crate) wall: f64,
    /// Seconds of the processor, user and system.
    pub(crate) cpu: f64,
    /// Peak resident memory in megabytes (10^6); zero where the run was too short to see.
    pub(crate) memory: f64,
    /// Peak of the part no file stands behind, as far as it was seen.
    #[serde(default)]
    pub(crate) anonymous: f64,
}

/// Runs a command to its end.
///
/// # Errors
/// When it does not start or fails; the end of what it said is in the error.
pub(crate) fn run(command: &mut Command, input: Option<&str>) -> Result<Cost> {
    let log = tempfile::NamedTempFile::new()?;
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(log.reopen()?).stderr(log.reopen()?);
    let before = children()?;
    let started = Instant::now();
    let mut child = command.spawn().with_context(|| format!("{command:?} did not start"))?;
    if let (Some(input), Some(mut pipe)) = (input, child.stdin.take()) {
        std::io::Write::write_all(&mut pipe, input.as_bytes())?;
    }
    let (mut memory, mut anonymous) = (0.0_f64, 0.0_f64);
    let status = loop {
        let now = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        memory = memory.max(megabytes(&now, "VmHWM:"));
        anonymous = anonymous.max(megabytes(&now, "RssAnon:"));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        thread::sleep(LOOK);
    };
    let wall = started.elapsed().as_secs_f64();
    if !status.success() {
        let said = fs::read(log.path())?;
        let said = String::from_utf8_lossy(&said);
        let end: Vec<&str> = said.lines().rev().take(5).collect();
        bail!("{command:?} failed: {}", end.into_iter().rev().collect::<Vec<_>>().join(" | "));
    }
    Ok(Cost { wall, cpu: children()? - before, memory, anonymous })
}

/// What a command prints.
///
/// # Errors
/// When it does not start or fails.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{command:?} did not start"))?;
    if !output.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What a command prints, with the milliseconds it took on the wall and of the processor.
///
/// # Errors
/// When it does not start or fails.
pub(crate) fn asked(command: &mut Command) -> Result<(String, f64, f64)> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let started = Instant::now();
    let mut child = command.spawn().with_context(|| format!("{command:?} did not start"))?;
    let mut said = String::new();
    if let Some(mut pipe) = child.stdout.take() {
        pipe.read_to_string(&mut said)?;
    }
    // It has said everything and is about to go; once it is waited for, the figure is gone.
    let cpu = busy(&child.id().to_string()).unwrap_or_default();
    let status = child.wait()?;
    let wall = started.elapsed().as_secs_f64();
    if !status.success() {
        bail!("{command:?} failed");
    }
    Ok((said, wall * 1e3, cpu * 1e3))
}

/// Seconds of the processor that the threads of a process have had so far (`self` or a number), to
/// the microsecond: `sched_debug`'s figure, first in /proc/PID/task/TID/schedstat.
///
/// # Errors
/// When there is no such process.
pub(crate) fn busy(pid: &str) -> Result<f64> {
    let mut nanoseconds = 0.0;
    for thread in fs::read_dir(format!("/proc/{pid}/task")).context("CPU time is measured on Linux only")? {
        // A thread may end meanwhile.
        let text = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
        nanoseconds += text.split(' ').next().and_then(|first| first.parse::<f64>().ok()).unwrap_or(0.0);
    }
    Ok(nanoseconds / 1e9)
}

/// Memory of a process in megabytes (10^6).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Memory {
    /// All of it, mapped files too.
    pub(crate) resident: f64,
    /// What no file stands behind.
    pub(crate) anonymous: f64,
}

/// Memory of a process, `self` or a number.
///
/// # Errors
/// When there is no such process.
pub(crate) fn memory(pid: &str) -> Result<Memory> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).context("memory is measured on Linux only")?;
    Ok(Memory { resident: megabytes(&status, "VmRSS:"), anonymous: megabytes(&status, "RssAnon:") })
}

/// Bytes of all files of a folder.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn bytes(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        sum += if about.is_dir() { bytes(&entry.path())? } else { about.len() };
    }
    Ok(sum)
}

/// The run in the middle by wall time, with the middle of the other figures.
pub(crate) fn median(costs: &[Cost]) -> Cost {
    let of = |pick: fn(&Cost) -> f64| middle(costs.iter().map(pick).collect());
    Cost {
        wall: of(|cost| cost.wall),
        cpu: of(|cost| cost.cpu),
        memory: of(|cost| cost.memory),
        anonymous: of(|cost| cost.anonymous),
    }
}

/// The value in the middle; of an even number the lower one; 0 of none.
pub(crate) fn middle(values: Vec<f64>) -> f64 {
    at_share(values, 0.5)
}

/// The value below which this share of all values lies.
pub(crate) fn at_share(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    let at = (last as f64 * share).floor() as usize;
    values.get(at).copied().unwrap_or(0.0)
}

fn children() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat").context("CPU time is measured on Linux only")?;
    Ok(waited_for(&stat).context("/proc/self/stat reads otherwise than proc(5) says")? / TICKS)
}

/// Fields 16 and 17 of /proc/PID/stat; the name in field 2 may hold anything, parentheses too.
fn waited_for(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(13);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// A line of /proc/PID/status, in units of 10^6 bytes; zero when it is not there.
fn megabytes(status: &str, name: &str) -> f64 {
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) * 1024.0 / 1e6
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_few() {
        assert_eq!(middle(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(middle(vec![4.0, 1.0]), 1.0);
        assert_eq!(middle(Vec::new()), 0.0);
        assert_eq!(at_share((1..=100).map(f64::from).collect(), 0.99), 99.0);
    }

    #[test]
    fn the_kernels_fields_are_found_behind_any_name() {
        let stat = "7 (a) b) S 1 2 3 4 5 6 7 8 9 10 11 12 150 50 20 0";
        assert_eq!(waited_for(stat), Some(200.0));
        assert_eq!(waited_for("nonsense"), None);
    }

    #[test]
    fn memory_and_time_of_this_process() {
        assert_eq!(megabytes("VmHWM:\t 5 kB\nVmRSS:\t    2000 kB\n", "VmRSS:"), 2.048);
        assert_eq!(megabytes("VmRSS: many kB", "VmRSS:"), 0.0);
        let before = busy("self").unwrap();
        let mut sum = 0_u64;
        while busy("self").unwrap() - before < 0.005 {
            sum = std::hint::black_box(sum.wrapping_mul(31).wrapping_add(7));
        }
        let now = memory("self").unwrap();
        assert!(now.resident >= now.anonymous && now.anonymous > 0.0, "{now:?}");
        assert!(busy("none").is_err());
        let (said, wall, _) = asked(Command::new("echo").arg("here")).unwrap();
        assert!(said == "here\n" && wall > 0.0);
    }

    #[test]
    fn a_busy_program_costs_time_and_a_failing_one_is_an_error() {
        let busy =
            run(Command::new("sh").args(["-c", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"]), None).unwrap();
        assert!(busy.wall > 0.0 && busy.cpu > 0.0 && busy.memory > 0.0, "{busy:?}");
        let error = run(Command::new("sh").args(["-c", "echo why; exit 3"]), None).unwrap_err();
        assert!(format!("{error:#}").contains("why"), "{error:#}");
        run(Command::new("grep").arg("needle"), Some("needle\n")).unwrap();
    }
}
