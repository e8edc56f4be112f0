//! What the demo world promises.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]

mod content;
mod platforms;

use std::sync::Arc;

use inlet_model::{Cursor, DynSource, Record, Scope, ScopeRole, account::DemoConfig};

use super::sources;

pub(super) const NOW: &str = "2025-11-19T15:04:00Z";

pub(super) fn config(seed: u64) -> DemoConfig {
    DemoConfig { seed, now: NOW.parse().unwrap(), copies: 1 }
}

#[tokio::test]
async fn a_world_many_times_over_has_everything_as_often_and_nothing_twice() {
    let count = async |copies| {
        let mut ids = std::collections::HashSet::new();
        let mut threads = std::collections::HashSet::new();
        for (name, source) in sources(&DemoConfig { copies, ..config(1) }, &[]) {
            for (scope, record) in everything(&*source.into_dyn()).await {
                assert!(ids.insert((name.clone(), scope, record.remote_id.clone())), "{name}: {:?}", record.remote_id);
                threads.insert((name.clone(), record.thread_key.unwrap_or_default()));
            }
        }
        (ids.len(), threads.len())
    };
    let (once, thrice) = (count(1).await, count(3).await);
    assert_eq!(thrice.0, 3 * once.0);
    assert!(thrice.1 > 2 * once.1, "{} threads instead of {}", thrice.1, once.1);
}

pub(super) fn world(seed: u64) -> Vec<(String, Arc<dyn DynSource>)> {
    sources(&config(seed), &[]).into_iter().map(|(name, source)| (name, source.into_dyn())).collect()
}

pub(super) fn source(start: &str) -> Arc<dyn DynSource> {
    world(1).into_iter().find(|(name, _)| name.starts_with(start)).unwrap().1
}

/// Everything of a scope, and the cursor behind it.
pub(super) async fn all(source: &dyn DynSource, scope: &Scope) -> (Vec<Record>, Cursor) {
    let mut records = Vec::new();
    let mut cursor = None;
    loop {
        let page = source.pull(scope, cursor.as_ref()).await.unwrap();
        assert!(page.upserts.len() <= 100);
        records.extend(page.upserts);
        cursor = Some(page.next);
        if !page.more {
            let present = page.present.expect("the last page says what is there");
            assert_eq!(present.len(), records.len());
            assert!(page.progress.unwrap().complete);
            return (records, cursor.unwrap());
        }
    }
}

pub(super) async fn everything(source: &dyn DynSource) -> Vec<(String, Record)> {
    let mut records = Vec::new();
    for scope in source.scopes().await.unwrap().iter().filter(|scope| scope.pulled) {
        records.extend(all(source, scope).await.0.into_iter().map(|record| (scope.remote.clone(), record)));
    }
    records
}

pub(super) async fn scope(source: &dyn DynSource, role: ScopeRole) -> Scope {
    source.scopes().await.unwrap().into_iter().find(|scope| scope.role == role).unwrap()
}
