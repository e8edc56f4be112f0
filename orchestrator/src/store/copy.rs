//! Both files as they were at one moment, read and copied while others go on writing.
//!
//! The moment is taken inside a write transaction: nobody writes then, in this process or in another, so two readers
//! that begin there see the same commit of both files. What they see stays theirs (WAL), and the writer goes on at once.
//!
//! Refused: `VACUUM INTO` alone, which cannot be told which commit to read, so that a mail deleted between the two files
//! would be a row without its body; and copying the files as files, which a checkpoint changes under the reader's hands.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
};

use super::{Reader, Result, Store, StoreError, bodies_path, connect, main_path};

/// Pages that are copied between two words about how far it is.
const PAGES: i32 = 512;
/// The copy page by page, before it is packed tightly.
const LOOSE: &str = "loose.db";

/// One moment of both files, as long as this is kept.
pub(crate) struct Snapshot {
    pub(crate) reader: Reader,
}

impl Store {
    /// The moment it is now.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot> {
        let dir = self.inner.dir.clone();
        self.write(move |_| Snapshot::take(&dir)).await
    }
}

impl Snapshot {
    fn take(dir: &Path) -> Result<Self> {
        let begin = |path: PathBuf| -> Result<Connection> {
            let conn = connect(&path, true)?;
            conn.execute_batch("BEGIN")?;
            // The moment is that of the first reading.
            conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
            Ok(conn)
        };
        Ok(Self { reader: Reader { main: begin(main_path(dir))?, bodies: begin(bodies_path(dir))? } })
    }

    /// Bytes of both files.
    pub(crate) fn size(&self) -> Result<u64> {
        Ok(size(&self.reader.main)? + size(&self.reader.bodies)?)
    }

    /// Copies both files into a folder, under their names and without what was deleted in them. `clean` is handed the
    /// copy of the main one before that, `told` how many bytes more have been copied.
    ///
    /// # Errors
    /// What the database says, or `told`.
    pub(crate) fn copy<E: From<StoreError>>(
        &self,
        folder: &Path,
        clean: impl FnOnce(&Connection) -> Result<()>,
        told: &mut dyn FnMut(u64) -> Result<(), E>,
    ) -> Result<(), E> {
        copy(&self.reader.main, &main_path(folder), clean, told)?;
        copy(&self.reader.bodies, &bodies_path(folder), |_| Ok(()), told)
    }
}

fn size(conn: &Connection) -> Result<u64> {
    let pragma = |name| conn.pragma_query_value(None, name, |row| row.get::<_, u64>(0));
    Ok(pragma("page_count")? * pragma("page_size")?)
}

fn copy<E: From<StoreError>>(
    from: &Connection,
    to: &Path,
    clean: impl FnOnce(&Connection) -> Result<()>,
    told: &mut dyn FnMut(u64) -> Result<(), E>,
) -> Result<(), E> {
    let loose = to.with_file_name(LOOSE);
    pages(from, &loose, told)?;
    tight(&loose, to, clean)?;
    Ok(())
}

fn pages<E: From<StoreError>>(
    from: &Connection,
    to: &Path,
    told: &mut dyn FnMut(u64) -> Result<(), E>,
) -> Result<(), E> {
    let failed = |error: rusqlite::Error| E::from(StoreError::from(error));
    let mut copy = of_its_own(to)?;
    let page: u64 = from.pragma_query_value(None, "page_size", |row| row.get(0)).map_err(failed)?;
    let backup = Backup::new(from, &mut copy).map_err(failed)?;
    loop {
        match backup.step(PAGES).map_err(failed)? {
            StepResult::Done => return Ok(()),
            StepResult::More => told(page * u64::from(PAGES.unsigned_abs()))?,
            // The copy is nobody else's, and the moment is held: nobody can be in the way.
            _ => return Err(StoreError::Busy.into()),
        }
    }
}

/// Writes a copy anew, without the pages on which something once was.
fn tight(loose: &Path, to: &Path, clean: impl FnOnce(&Connection) -> Result<()>) -> Result<()> {
    let name = to.to_str().ok_or_else(|| StoreError::Value("the folder's name is not text".into()))?;
    let conn = of_its_own(loose)?;
    clean(&conn)?;
    conn.execute("VACUUM INTO ?1", [name])?;
    conn.close().map_err(|(_, error)| error)?;
    fs::remove_file(loose).map_err(|error| StoreError::Io { path: loose.display().to_string(), error })
}

/// A file nobody else has open. One that is cut short is thrown away, so nothing is kept to undo it by.
#[expect(clippy::disallowed_methods, reason = "the store is where connections are opened")]
fn of_its_own(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.pragma_update(None, "journal_mode", "OFF")?;
    conn.pragma_update(None, "synchronous", "OFF")?;
    Ok(conn)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::disallowed_methods)]
mod tests {
    use super::*;

    /// A row and its body, in one transaction.
    fn pair(tx: &super::super::WriteTx<'_>, id: i64, words: &str) -> Result<()> {
        tx.bodies.execute("INSERT INTO body (id, text) VALUES (?1, ?2)", rusqlite::params![id, words.as_bytes()])?;
        tx.main.execute("INSERT INTO meta VALUES (?1, ?2)", rusqlite::params![format!("row {id}"), id])?;
        Ok(())
    }

    fn count(path: &Path, sql: &str) -> i64 {
        Connection::open(path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    #[tokio::test]
    async fn both_files_are_of_one_moment_whatever_happens_meanwhile_and_nothing_deleted_is_in_the_copy() {
        let (dir, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let store = Store::open(dir.path(), |_| {}).unwrap();
        store.write(|tx| pair(tx, 1, "stays")).await.unwrap();
        store.write(|tx| pair(tx, 2, &"went-before ".repeat(2_000))).await.unwrap();
        store
            .write(|tx| {
                tx.bodies.execute("DELETE FROM body WHERE id = 2", [])?;
                tx.main.execute("DELETE FROM meta WHERE key = 'row 2'", [])?;
                Ok(())
            })
            .await
            .unwrap();
        let snapshot = store.snapshot().await.unwrap();
        store.write(|tx| pair(tx, 3, "came later")).await.unwrap();
        store
            .write(|tx| {
                tx.bodies.execute("DELETE FROM body WHERE id = 1", [])?;
                tx.main.execute("DELETE FROM meta WHERE key = 'row 1'", [])?;
                Ok(())
            })
            .await
            .unwrap();
        let clean = |copy: &Connection| -> Result<()> {
            copy.execute("DELETE FROM meta WHERE key = 'rev'", [])?;
            Ok(())
        };
        let mut bytes = 0;
        let mut told = |more: u64| -> Result<()> {
            bytes += more;
            Ok(())
        };
        snapshot.copy(out.path(), clean, &mut told).unwrap();
        assert!(snapshot.size().unwrap() > 0);
        let (main, bodies) = (main_path(out.path()), bodies_path(out.path()));
        assert_eq!(count(&main, "SELECT count(*) FROM meta WHERE key LIKE 'row %'"), 1);
        assert_eq!(count(&main, "SELECT value FROM meta WHERE key = 'row 1'"), 1);
        assert_eq!(count(&main, "SELECT count(*) FROM meta WHERE key = 'rev'"), 0, "what was to be cleaned out");
        assert_eq!(count(&bodies, "SELECT id FROM body"), 1);
        assert_eq!(count(&main, "PRAGMA user_version"), i64::try_from(super::super::Schema::KNOWN.main).unwrap());
        let words = fs::read(&bodies).unwrap();
        assert!(!words.windows(11).any(|window| window == b"went-before"), "deleted, and not in the copy");
        assert!(!out.path().join(LOOSE).exists());
        store.close().await;
    }
}
