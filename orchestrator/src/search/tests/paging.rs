//! Results come whole, in order, page by page, and end when nobody waits.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

#[test]
fn pages_are_complete_in_order_and_do_not_overlap() {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open(dir.path()).unwrap();
    // Several segments that overlap in time, with many items of one instant, and some replaced.
    let mut random = Random(3);
    let mut expected = BTreeMap::new();
    for round in 0..6 {
        let docs: Vec<IndexDoc> = (0..150)
            .map(|number| {
                let item = if number < 20 { number + 1 } else { 1000 + round * 150 + number };
                let at = now() - i64::try_from(random.below(40)).unwrap().minutes();
                expected.insert(item, at);
                IndexDoc { at, ..doc(item, "same", "words in all") }
            })
            .collect();
        index.apply(upserts(docs), round).unwrap();
        index.flush().unwrap();
    }
    let mut order: Vec<(Timestamp, i64)> = expected.into_iter().map(|(item, at)| (at, item)).collect();
    order.sort_unstable_by(|a, b| b.cmp(a));
    let cancel = CancelToken::default();
    for (text, sort) in
        [("", Sort::Newest), ("words", Sort::Newest), ("words -absent", Sort::Newest), ("words", Sort::Relevance)]
    {
        for limit in [1, 7, 100, 1000] {
            let (mut seen, mut after, mut scores) = (Vec::new(), None, Vec::new());
            loop {
                let page =
                    index.search(&query(text), SearchRequest { limit, after, sort, ..request(&cancel) }).unwrap();
                assert!(page.hits.len() <= limit);
                assert_eq!(page.total, Total { count: order.len() as u64, exact: true });
                scores.extend(page.hits.iter().map(|hit| hit.score));
                seen.extend(page.hits.iter().map(|hit| (hit.at, hit.item)));
                let Some(next) = page.next else { break };
                assert_eq!(next.to_string().parse::<PageKey>().unwrap(), next);
                after = Some(next);
                if limit == 1 && seen.len() > 30 {
                    break;
                }
            }
            if sort == Sort::Relevance {
                assert!(scores.is_sorted_by(|a, b| a >= b));
                let distinct: BTreeSet<i64> = seen.iter().map(|(_, item)| *item).collect();
                assert_eq!(distinct.len(), seen.len());
                assert!(limit == 1 || seen.len() == order.len());
            } else {
                assert_eq!(seen, order[..seen.len()], "{text} by {limit}");
                assert!(limit == 1 || seen.len() == order.len());
            }
        }
    }
    for key in ["", "x", "1", "1.2.3.4", "1.2.zz", "1.x", "1.2.7f800000"] {
        assert!(matches!(key.parse::<PageKey>(), Err(SearchError::PageKey)), "{key}");
    }
}

#[test]
fn what_arrives_between_pages_moves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let index = filled(dir.path(), (1..=10).map(|item| doc(item, "", "word")));
    let cancel = CancelToken::default();
    let first = index.search(&query("word"), SearchRequest { limit: 4, ..request(&cancel) }).unwrap();
    index.apply(upserts([IndexDoc { at: now() + 1.hours(), ..doc(99, "", "word") }]), 2).unwrap();
    index.flush().unwrap();
    let second =
        index.search(&query("word"), SearchRequest { limit: 4, after: first.next, ..request(&cancel) }).unwrap();
    assert_eq!(second.hits.iter().map(|hit| hit.item).collect::<Vec<_>>(), [5, 6, 7, 8]);
    assert_eq!(second.total.count, 11);
}

#[test]
fn relevance_puts_what_fits_best_first() {
    let dir = tempfile::tempdir().unwrap();
    let filler = "lorem ipsum dolor sit amet ".repeat(30);
    let index = filled(
        dir.path(),
        [
            doc(1, "Minutes", &format!("{filler} budget {filler}")),
            doc(2, "Budget", "The budget for the year."),
            doc(3, "Minutes", "budget and lunch"),
            doc(4, "Lunch", "soup"),
        ],
    );
    let cancel = CancelToken::default();
    let best = SearchRequest { sort: Sort::Relevance, ..request(&cancel) };
    let order = |text: &str| -> Vec<i64> {
        index.search(&query(text), best).unwrap().hits.iter().map(|hit| hit.item).collect()
    };
    assert_eq!(order("budget"), [2, 3, 1]);
    assert_eq!(order("budget OR soup").len(), 4);
    assert_eq!(items(&index, "budget"), [1, 2, 3]);
}

#[test]
fn all_that_is_found_is_told_in_one_pass() {
    let dir = tempfile::tempdir().unwrap();
    let docs = (1..=700)
        .map(|item| IndexDoc { thread: item / 3, ..doc(item, "", if item % 2 == 0 { "wine" } else { "water" }) });
    let index = filled(dir.path(), docs);
    let cancel = CancelToken::default();
    let even = index.items(&query("wine"), &States, &cancel).unwrap();
    assert_eq!(even.iter().collect::<Vec<_>>(), (1..=700).filter(|item| item % 2 == 0).collect::<Vec<u64>>());
    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let hits = index.search(&query("wine"), SearchRequest { after, ..request(&cancel) }).unwrap();
        paged.extend(hits.hits.iter().map(|hit| u64::try_from(hit.item).unwrap()));
        after = hits.next;
        if after.is_none() {
            break;
        }
    }
    paged.sort_unstable();
    assert_eq!(paged, even.iter().collect::<Vec<_>>());
    let threads = index.threads(&query("wine"), &States, &cancel).unwrap();
    assert!(threads.contains(2 / 3) && threads.len() < even.len());
    assert!(index.items(&query("beer"), &States, &cancel).unwrap().is_empty());
    cancel.cancel();
    assert!(matches!(index.items(&query("wine"), &States, &cancel), Err(SearchError::Cancelled)));
}

#[test]
fn a_cancelled_search_ends() {
    let dir = tempfile::tempdir().unwrap();
    let index = filled(dir.path(), (1..=5000).map(|item| doc(item, "", "word")));
    let cancel = CancelToken::default();
    cancel.cancel();
    for text in ["word", "", "is:unread", "wor*", "body:word"] {
        let outcome = index.search(&query(text), request(&cancel));
        assert!(matches!(outcome, Err(SearchError::Cancelled)), "{text}");
    }
    // A condition that cancels while the search runs.
    struct Cancels(CancelToken);
    impl StateLookup for Cancels {
        fn items(&self, _: &StateFilter) -> Arc<RoaringTreemap> {
            self.0.cancel();
            Arc::new((1..6000).collect())
        }
    }
    let cancel = CancelToken::default();
    let states = Cancels(cancel.clone());
    let outcome = index.search(&query("is:unread"), SearchRequest { states: &states, ..request(&cancel) });
    assert!(matches!(outcome, Err(SearchError::Cancelled)));
}

#[test]
fn counting_ends_where_nobody_cares() {
    let dir = tempfile::tempdir().unwrap();
    let index = filled(dir.path(), (1..=6000).map(|item| doc(item, "", "word")));
    let cancel = CancelToken::default();
    let some = index.search(&query("word"), SearchRequest { limit: 50, ..request(&cancel) }).unwrap();
    assert_eq!(some.total, Total { count: 5000, exact: false });
    let deep = SearchRequest { limit: 50, after: some.next, ..request(&cancel) };
    let deep = index.search(&query("word"), deep).unwrap();
    assert_eq!(deep.hits.first().map(|hit| hit.item), Some(51));
    let all = search(&index, &query(""));
    assert_eq!(all.total, Total { count: 6000, exact: true });
}

/// Segments are counted side by side, and it must not show.
#[test]
fn what_lies_in_several_segments_is_counted_once() {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open(dir.path()).unwrap();
    let cancel = CancelToken::default();
    let mut put = 0;
    for (until, total) in [
        (1700, Total { count: 1700, exact: true }),
        (3400, Total { count: 3400, exact: true }),
        (5000, Total { count: 5000, exact: true }),
        (5001, Total { count: 5000, exact: false }),
        (7000, Total { count: 5000, exact: false }),
    ] {
        // Newer ones in every segment.
        let docs =
            (put..until).map(|item| IndexDoc { at: now() - (item * 7919 % 7001).minutes(), ..doc(item, "", "word") });
        index.apply(upserts(docs), until).unwrap();
        index.flush().unwrap();
        put = until;
        let hits = index.search(&query("word"), SearchRequest { limit: 50, ..request(&cancel) }).unwrap();
        assert_eq!(hits.total, total, "{until}");
        assert!(hits.hits.is_sorted_by(|a, b| a.at >= b.at) && hits.hits.len() == 50);
        let newest = (0..until).map(|item| item * 7919 % 7001).min().unwrap();
        assert_eq!(hits.hits[0].at, now() - newest.minutes());
        assert_eq!(index.items(&query("word"), &States, &cancel).unwrap().len(), u64::try_from(until).unwrap());
    }
    assert!(index.segments() > 2);
}

#[test]
fn a_window_changes_no_page() {
    let dir = tempfile::tempdir().unwrap();
    let mut index = Index::open(dir.path()).unwrap();
    let mut random = Random(11);
    for round in 0..4 {
        let docs = (0..80).map(|number| {
            let at = now() - i64::try_from(random.below(60)).unwrap().minutes();
            let body = if random.below(3) == 0 { "wine" } else { "water" };
            IndexDoc { at, ..doc(round * 100 + number, "", body) }
        });
        let changes = upserts(docs);
        index.apply(changes, round).unwrap();
        index.flush().unwrap();
    }
    let cancel = CancelToken::default();
    for text in ["w", "wi", "wi -absent", "wi is:unread", "wi OR wa", "zz"] {
        let typing = parse(text, now(), &TimeZone::UTC, true);
        assert!(typing.begins_shortly() || text.starts_with("wi "), "{text}");
        let mut after = None;
        for page in 0..5 {
            let request = SearchRequest { limit: 15, after, ..request(&cancel) };
            index.window = u32::MAX;
            let whole = index.search(&typing, request).unwrap();
            for window in [1, 5, 20, 60] {
                index.window = window;
                let hits = index.search(&typing, request).unwrap();
                assert_eq!((&hits.hits, hits.next), (&whole.hits, whole.next), "{text} page {page} window {window}");
                assert!(hits.total.count <= whole.total.count);
                assert!(!hits.total.exact || hits.total == whole.total);
            }
            let Some(next) = whole.next else { break };
            after = Some(next);
        }
    }
}
