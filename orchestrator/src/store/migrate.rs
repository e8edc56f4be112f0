//! Brings a database to the schema this program knows.
//!
//! A migration is an entry of an array; its index is the schema version it starts from, kept in
//! `user_version`. Numbering by hand was refused: two branches then pick the same number.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::{Result, StoreError};

/// The schemas of both files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Schema {
    pub(crate) main: usize,
    pub(crate) bodies: usize,
}

impl Schema {
    /// Those this program knows.
    pub(crate) const KNOWN: Self = Self { main: MAIN.len(), bodies: BODIES.len() };
}

const MAIN: &[&str] = &[
    include_str!("../../migrations/0001_init.sql"),
    include_str!("../../migrations/0002_drafts.sql"),
    include_str!("../../migrations/0003_receipts.sql"),
    include_str!("../../migrations/0004_people.sql"),
    include_str!("../../migrations/0005_meetings.sql"),
    include_str!("../../migrations/0006_actions.sql"),
    include_str!("../../migrations/0007_inbound.sql"),
    include_str!("../../migrations/0008_unasked.sql"),
    include_str!("../../migrations/0009_meetings.sql"),
    include_str!("../../migrations/0010_proposals.sql"),
    include_str!("../../migrations/0011_contacts.sql"),
    include_str!("../../migrations/0012_lessons.sql"),
    include_str!("../../migrations/0013_relay.sql"),
    include_str!("../../migrations/0014_rules.sql"),
    include_str!("../../migrations/0015_newest.sql"),
    include_str!("../../migrations/0016_together.sql"),
    include_str!("../../migrations/0017_draft_version.sql"),
    include_str!("../../migrations/0018_series.sql"),
    include_str!("../../migrations/0019_channels.sql"),
    include_str!("../../migrations/0020_events.sql"),
    include_str!("../../migrations/0021_unsubscribed.sql"),
    include_str!("../../migrations/0022_reports.sql"),
    include_str!("../../migrations/0023_told_read.sql"),
    include_str!("../../migrations/0024_opened.sql"),
    include_str!("../../migrations/0025_gaps.sql"),
    include_str!("../../migrations/0026_signed.sql"),
    include_str!("../../migrations/0027_drafts_asked.sql"),
    include_str!("../../migrations/0028_pushed.sql"),
    include_str!("../../migrations/0029_links.sql"),
    include_str!("../../migrations/0030_beside.sql"),
    include_str!("../../migrations/0031_beside_by.sql"),
];

/// Bodies live in a file of their own, so that a page of a list touches few pages of the database.
const BODIES: &[&str] = &[
    "CREATE TABLE body (id INTEGER PRIMARY KEY, text BLOB NOT NULL, html BLOB, raw BLOB) STRICT;",
    // The header of a mail that did not come whole.
    "ALTER TABLE body ADD COLUMN head BLOB;",
];

/// Both files, or neither: what a newer program made is left as it is.
pub(super) fn both(main: &mut Connection, bodies: &mut Connection) -> Result<()> {
    let (from, bodies_from) = (version(main, MAIN)?, version(bodies, BODIES)?);
    migrate(main, MAIN, from)?;
    migrate(bodies, BODIES, bodies_from)
}

/// The schema a file has.
fn version(conn: &Connection, steps: &[&str]) -> Result<usize> {
    let have: usize =
        conn.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))?.try_into().unwrap_or(usize::MAX);
    if have > steps.len() {
        return Err(StoreError::Newer { found: have, known: steps.len() });
    }
    Ok(have)
}

fn migrate(conn: &mut Connection, steps: &[&str], have: usize) -> Result<()> {
    for (index, step) in steps.iter().enumerate().skip(have) {
        let tx = conn.transaction()?;
        tx.execute_batch(step)?;
        tx.pragma_update(None, "user_version", i64::try_from(index + 1).unwrap_or(i64::MAX))?;
        tx.commit()?;
    }
    Ok(())
}
