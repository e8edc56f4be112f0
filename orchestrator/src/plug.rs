//! Where a test may pull the plug: steps with a name, at which the process ends as a kill would end it.
//!
//! A kill from outside comes at whatever moment it comes, and hardly ever between two lines that matter. In a build
//! with debug assertions `INLET_PLUG=stored:3` ends the process the third time that step is reached; any other build
//! knows nothing of it.

use std::sync::{
    LazyLock,
    atomic::{AtomicU32, Ordering},
};

/// The step, and how often it is still passed.
static PLUG: LazyLock<Option<(String, AtomicU32)>> = LazyLock::new(|| {
    let plug = std::env::var("INLET_PLUG").ok()?;
    let (step, times) = plug.split_once(':')?;
    Some((step.to_owned(), AtomicU32::new(times.parse().ok()?)))
});

/// A step that is reached. Nothing is unwound, written or told when it is the one.
pub(crate) fn step(name: &str) {
    if !cfg!(debug_assertions) {
        return;
    }
    if let Some((step, left)) = PLUG.as_ref()
        && step == name
        && left.fetch_sub(1, Ordering::SeqCst) == 1
    {
        std::process::abort();
    }
}
