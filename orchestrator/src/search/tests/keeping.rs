//! What is written stays, and what cannot be read is written again.

use std::{
    cell::RefCell,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use tantivy::{index::SegmentId, indexer::MergePolicy};

use super::*;

#[test]
fn a_change_replaces_and_a_deletion_removes() {
    let dir = tempfile::tempdir().unwrap();
    let index = filled(dir.path(), some());
    index.apply(upserts([doc(1, "Other", "completely different")]), 2).unwrap();
    index.apply(vec![IndexChange::Delete(2), IndexChange::Delete(77)], 3).unwrap();
    index.flush().unwrap();
    assert_eq!(items(&index, "deck"), [4]);
    assert_eq!(items(&index, "different"), [1]);
    assert_eq!(items(&index, ""), [1, 3, 4, 5]);
    assert_eq!(index.len(), 4);
    // Twice within one commit: the last one counts.
    index.apply(upserts([doc(6, "", "early"), doc(6, "", "late")]), 4).unwrap();
    index.apply(vec![IndexChange::Delete(5)], 5).unwrap();
    index.apply(upserts([doc(5, "", "again")]), 6).unwrap();
    index.flush().unwrap();
    assert_eq!(items(&index, "late OR early"), [6]);
    assert_eq!(items(&index, "early"), Vec::<i64>::new());
    assert_eq!(items(&index, "again"), [5]);
    index.clear().unwrap();
    assert_eq!((index.len(), index.watermark()), (0, None));
}

#[test]
fn the_position_is_kept_with_the_text() {
    let dir = tempfile::tempdir().unwrap();
    let opened = Index::open(dir.path()).unwrap();
    assert_eq!(opened.watermark(), None);
    opened.apply(upserts(some()), 41).unwrap();
    assert_eq!(opened.watermark(), Some(41));
    // Closing commits.
    drop(opened);
    let opened = Index::open(dir.path()).unwrap();
    assert_eq!(opened.watermark(), Some(41));
    assert_eq!(items(&opened, "deck"), [1, 2, 4]);
    assert!(opened.is_sound().unwrap());
    assert!(matches!(Index::open(dir.path()), Err(SearchError::InUse)), "one writer at a time");
    opened.clear().unwrap();
    drop(opened);
    assert_eq!(Index::open(dir.path()).unwrap().watermark(), None);
}

/// A folder that is open cannot be moved everywhere.
#[cfg(unix)]
#[test]
fn writing_goes_on_after_it_has_failed() {
    let dir = tempfile::tempdir().unwrap();
    let (place, away) = (dir.path().join("index"), dir.path().join("away"));
    let index = filled(&place, some());
    let watermark = index.watermark();
    index.resume().unwrap();
    assert_eq!(index.watermark(), watermark, "it is well");
    fs::rename(&place, &away).unwrap();
    let later = || upserts([doc(9, "Later", "a kingfisher")]);
    // What is wrong shows when it is written.
    let _ = index.apply(later(), 90);
    assert!(matches!(index.flush(), Err(SearchError::Stopped(_))));
    assert!(matches!(index.apply(later(), 90), Err(SearchError::Stopped(_))));
    fs::rename(&away, &place).unwrap();
    index.resume().unwrap();
    assert_eq!(index.watermark(), watermark, "what was not committed is wanted once more");
    index.apply(later(), 90).unwrap();
    index.flush().unwrap();
    assert_eq!((items(&index, "kingfisher"), items(&index, "deck")), (vec![9], vec![1, 2, 4]));
    assert_eq!(index.committed(), Some(90));
}

#[test]
fn an_index_that_cannot_be_used_is_built_again() {
    for (what, damage) in [
        ("meta", Box::new(|dir: &Path| fs::write(dir.join("meta.json"), "{").unwrap()) as Box<dyn Fn(&Path)>),
        ("no meta", Box::new(|dir| fs::remove_file(dir.join("meta.json")).unwrap())),
        ("older form", {
            Box::new(|dir| {
                let meta = fs::read_to_string(dir.join("meta.json")).unwrap();
                let older = meta.replace("\\\"version\\\":1", "\\\"version\\\":0");
                assert_ne!(older, meta);
                fs::write(dir.join("meta.json"), older).unwrap();
            })
        }),
        ("missing part", {
            Box::new(|dir| {
                let part = segment_file(dir, "term");
                fs::remove_file(part).unwrap();
            })
        }),
        ("cut part", {
            Box::new(|dir| {
                let part = segment_file(dir, "idx");
                let bytes = fs::read(&part).unwrap();
                fs::write(part, &bytes[..bytes.len() / 2]).unwrap();
            })
        }),
    ] {
        let dir = tempfile::tempdir().unwrap();
        drop(filled(dir.path(), some()));
        damage(dir.path());
        let opened = Index::open(dir.path()).unwrap();
        assert_eq!(opened.watermark(), None, "{what}");
        assert_eq!(opened.len(), 0, "{what}");
        opened.apply(upserts(some()), 7).unwrap();
        opened.flush().unwrap();
        assert_eq!(items(&opened, "deck"), [1, 2, 4], "{what}");
    }
}

fn segment_file(dir: &Path, extension: &str) -> std::path::PathBuf {
    fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|found| found == extension))
        .unwrap()
}

#[test]
fn the_index_has_few_parts() {
    let dir = tempfile::tempdir().unwrap();
    let opened = Index::open(dir.path()).unwrap();
    for round in 0..40 {
        opened.apply(upserts([doc(round + 1, "", "word")]), round).unwrap();
        opened.flush().unwrap();
    }
    drop(opened);
    let index = Index::open(dir.path()).unwrap();
    // A last commit takes in the merges that have ended; those still running may leave a few more.
    assert!(index.segments() <= super::super::writer::FewSegments::MOST + 4, "{}", index.segments());
    assert_eq!(index.len(), 40);
}

/// A feed of numbered changes.
struct Feed {
    changes: Vec<IndexChange>,
    asked: RefCell<Vec<i64>>,
    fail_at: Option<i64>,
}

impl IndexSource for Feed {
    fn changes_after(&self, rev: i64, limit: usize) -> Result<Batch, SourceFailure> {
        self.asked.borrow_mut().push(rev);
        let from = usize::try_from(rev.max(0)).unwrap();
        if self.fail_at.is_some_and(|fail| rev >= fail) {
            return Err("the store is busy".into());
        }
        let changes: Vec<_> = self.changes.iter().skip(from).take(limit).cloned().collect();
        let to = from + changes.len();
        Ok(Batch { changes, watermark: i64::try_from(to).unwrap(), more: to < self.changes.len() })
    }
}

#[test]
fn the_index_follows_the_feed_and_goes_on_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let mut feed = Feed {
        changes: upserts((1..=625).map(|item| doc(item, "", "word"))),
        asked: RefCell::default(),
        fail_at: Some(500),
    };
    let opened = Index::open(dir.path()).unwrap();
    for rev in [250, 500] {
        assert_eq!(catch_up(&opened, &feed).unwrap(), Step { count: 250, rev, more: true });
    }
    assert!(matches!(catch_up(&opened, &feed), Err(SearchError::Source(_))));
    drop(opened);

    feed.fail_at = None;
    feed.changes.push(IndexChange::Delete(1));
    let opened = Index::open(dir.path()).unwrap();
    assert_eq!(opened.watermark(), Some(500));
    for count in [126, 0] {
        assert_eq!(catch_up(&opened, &feed).unwrap(), Step { count, rev: 626, more: false });
    }
    opened.flush().unwrap();
    assert_eq!(opened.len(), 624);
    assert_eq!(*feed.asked.borrow(), [i64::MIN, 250, 500, 500, 626]);
}

#[test]
fn going_over_an_index_keeps_what_it_has_until_there_is_something_newer() {
    let dir = tempfile::tempdir().unwrap();
    let index = filled(dir.path(), (1..=375).map(|item| doc(item, "", "water")));
    index.apply(Vec::new(), 375).unwrap();
    let feed = Feed {
        changes: upserts((1..=375).map(|item| doc(item, "", "wine"))),
        asked: RefCell::default(),
        fail_at: None,
    };
    let first = go_over(&index, &feed, i64::MIN).unwrap();
    assert_eq!(first, Step { count: 250, rev: 250, more: true });
    index.flush().unwrap();
    // Ended here, everything is still found, each as it is.
    assert_eq!(search(&index, &query("wine")).total.count, 250);
    assert_eq!(search(&index, &query("water")).total.count, 125);
    assert_eq!(go_over(&index, &feed, first.rev).unwrap(), Step { count: 125, rev: 375, more: false });
    index.flush().unwrap();
    assert_eq!((index.len(), index.watermark()), (375, Some(375)));
    assert_eq!(search(&index, &query("wine")).total.count, 375);
}

#[test]
fn a_change_is_found_soon_without_being_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open(dir.path()).unwrap();
    index.apply(upserts(some()), 1).unwrap();
    let started = Instant::now();
    while index.len() < 5 {
        assert!(started.elapsed() < Duration::from_secs(30), "never committed");
        std::thread::yield_now();
    }
}

#[test]
fn when_writing_fails_it_is_said_and_searching_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let index = filled(dir.path(), some());
    fs::remove_dir_all(dir.path()).unwrap();
    let outcome = index.apply(upserts([doc(9, "", "deck")]), 2).and_then(|()| index.flush());
    assert!(matches!(outcome, Err(SearchError::Stopped(_))), "{outcome:?}");
    assert!(matches!(index.apply(Vec::new(), 3), Err(SearchError::Stopped(_))));
    assert_eq!(items(&index, "deck"), [1, 2, 4]);
    drop(index);
    let opened = Index::open(dir.path()).unwrap();
    assert_eq!(opened.watermark(), None);
}

/// Arrivals one by one and in bulk: never many segments, and no text written again too often.
#[test]
fn merging_keeps_segments_few_and_writes_little() {
    let dir = tempfile::tempdir().unwrap();
    let index = tantivy::Index::create_in_dir(dir.path(), schema::schema().0).unwrap();
    let policy = super::super::writer::FewSegments;
    for (arrivals, size, most_writes) in [(20_000_u64, 1, 12), (300, 5_000, 4), (2_000, 37, 8)] {
        let (mut segments, mut written, mut arrived) = (Vec::new(), 0_u64, 0_u64);
        for _ in 0..arrivals {
            segments.push(index.new_segment_meta(SegmentId::generate_random(), size));
            arrived += u64::from(size);
            loop {
                let candidates = policy.compute_merge_candidates(&segments);
                let Some(chosen) = candidates.first() else {
                    break;
                };
                assert!(chosen.0.len() > 1);
                let merged: u32 =
                    segments.iter().filter(|meta| chosen.0.contains(&meta.id())).map(|meta| meta.max_doc()).sum();
                segments.retain(|meta| !chosen.0.contains(&meta.id()));
                segments.push(index.new_segment_meta(SegmentId::generate_random(), merged));
                written += u64::from(merged);
            }
            assert!(segments.len() <= super::super::writer::FewSegments::MOST);
        }
        assert_eq!(segments.iter().map(|meta| u64::from(meta.max_doc())).sum::<u64>(), arrived);
        assert!(written <= arrived * most_writes, "{size}: {} times", written / arrived);
    }
}

#[test]
fn the_index_can_be_shared_between_threads() {
    let dir = tempfile::tempdir().unwrap();
    let index = filled(dir.path(), some());
    std::thread::scope(|scope| {
        for round in 0..4 {
            let index = &index;
            scope.spawn(move || {
                for step in 0..10 {
                    index.apply(upserts([doc(100 + round, "", "word")]), round * 10 + step).unwrap();
                    assert_eq!(items(index, "deck"), [1, 2, 4]);
                }
            });
        }
    });
    index.flush().unwrap();
    assert_eq!(items(&index, "word").len(), 4);
}
