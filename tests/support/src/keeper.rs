//! A child process that never outlives its test.
//!
//! The child is started from a thread of its own that then waits for the end: on Linux the child
//! asks to be signalled when its parent *thread* dies, so a test thread that comes and goes must
//! not be the parent, and a killed test run still takes its servers along.

use std::{
    process::{Child, Command},
    sync::mpsc,
    thread::JoinHandle,
    time::{Duration, Instant},
};

pub(crate) struct Keeper {
    pid: u32,
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts `command`. `take` gets the child first, to take its pipes.
    pub(crate) fn start<T: Send + 'static>(
        mut command: Command,
        take: impl FnOnce(&mut Child) -> T + Send + 'static,
    ) -> (Self, T) {
        let (started, start) = mpsc::channel();
        let (stop, stopped) = mpsc::channel::<()>();
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let thread = std::thread::spawn(move || {
            let mut child = match command.spawn() {
                Ok(child) => child,
                Err(error) => {
                    let _ = started.send(Err(format!("{command:?} does not start: {error}")));
                    return;
                }
            };
            let _ = started.send(Ok((child.id(), take(&mut child))));
            // Nothing is ever sent: the channel closes when the keeper is dropped.
            let _ = stopped.recv();
            end(&mut child);
        });
        match start.recv().expect("the keeper's thread answers") {
            Ok((pid, taken)) => (Self { pid, stop: Some(stop), thread: Some(thread) }, taken),
            Err(error) => panic!("{error}"),
        }
    }

    /// Process id.
    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// How long a server may take to end its children; on a busy machine it is seconds.
#[cfg(unix)]
const PATIENCE: Duration = Duration::from_secs(20);

/// Asks first, so that a server can end its own children; then insists, with all of them.
fn end(child: &mut Child) {
    #[cfg(unix)]
    {
        let _ = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status();
        let limit = Instant::now() + PATIENCE;
        while Instant::now() < limit {
            if !matches!(child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", child.id())]).status();
    }
    let _ = child.kill();
    let _ = child.wait();
}
