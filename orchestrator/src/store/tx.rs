//! One write transaction: rev numbers, the threads it touched, what to tell afterwards.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
};

use inlet_model::ThreadId;
use rusqlite::{Connection, params};

use super::{Committed, Result, thread};

/// A write transaction over both files.
pub(crate) struct WriteTx<'a> {
    /// The main database.
    pub(crate) main: &'a Connection,
    /// The bodies.
    pub(crate) bodies: &'a Connection,
    began_at: i64,
    rev: Cell<i64>,
    touched: RefCell<BTreeSet<i64>>,
    outbox: Cell<bool>,
    sources: Cell<bool>,
    kept: Cell<bool>,
    suggestions: Cell<bool>,
    rules: Cell<bool>,
}

impl<'a> WriteTx<'a> {
    pub(super) fn begin(main: &'a Connection, bodies: &'a Connection) -> Result<Self> {
        // Read afresh each time: another process may have written since.
        let rev = main.prepare_cached("SELECT value FROM meta WHERE key = 'rev'")?.query_row([], |row| row.get(0))?;
        Ok(Self {
            main,
            bodies,
            began_at: rev,
            rev: Cell::new(rev),
            touched: RefCell::default(),
            outbox: Cell::new(false),
            sources: Cell::new(false),
            kept: Cell::new(false),
            suggestions: Cell::new(false),
            rules: Cell::new(false),
        })
    }

    /// The next rev.
    pub(crate) fn stamp(&self) -> i64 {
        self.rev.set(self.rev.get() + 1);
        self.rev.get()
    }

    /// The thread's summary has to be made anew.
    pub(crate) fn touch(&self, thread: ThreadId) {
        self.touched.borrow_mut().insert(thread.0);
    }

    /// The outbox or the drafts changed.
    pub(crate) fn touch_outbox(&self) {
        self.outbox.set(true);
    }

    /// Sources or accounts changed.
    pub(crate) fn touch_sources(&self) {
        self.sources.set(true);
    }

    /// Signatures, templates, saved searches or splits changed, or whose handles belong together.
    pub(crate) fn touch_kept(&self) {
        self.kept.set(true);
    }

    /// What is to be done next, or what was taught about it, changed.
    pub(crate) fn touch_suggestions(&self) {
        self.suggestions.set(true);
    }

    /// Rules changed, or what they have done.
    pub(crate) fn touch_rules(&self) {
        self.rules.set(true);
    }

    /// Does something that may be refused: a refusal takes back what was done in it, and the transaction goes on.
    pub(crate) fn attempt<T, E: From<super::StoreError>>(&self, job: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let run = |sql| self.main.execute_batch(sql).map_err(super::StoreError::from);
        run("SAVEPOINT attempt")?;
        let done = job();
        run(if done.is_ok() { "RELEASE attempt" } else { "ROLLBACK TO attempt; RELEASE attempt" })?;
        done
    }

    pub(super) fn finish(&self) -> Result<Committed> {
        let touched = self.touched.take();
        for &id in &touched {
            thread::refresh(self, ThreadId(id))?;
        }
        // Another process watches the file: nothing is written when nothing changed.
        if self.rev.get() != self.began_at {
            self.main
                .prepare_cached("UPDATE meta SET value = ?1 WHERE key = 'rev'")?
                .execute(params![self.rev.get()])?;
        }
        Ok(Committed {
            rev: self.rev.get(),
            threads: touched.into_iter().map(ThreadId).collect(),
            outbox: self.outbox.get(),
            sources: self.sources.get(),
            kept: self.kept.get(),
            suggestions: self.suggestions.get(),
            rules: self.rules.get(),
        })
    }
}
