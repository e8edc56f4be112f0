//! The labelled sentences.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use inlet_actions::acts;

/// One sentence.
pub(crate) struct Row {
    /// Which set it is from: 0 or 1.
    pub(crate) set: usize,
    /// Sentences of one mail stay in one fold.
    pub(crate) group: usize,
    /// Somebody said it asks.
    pub(crate) asks: bool,
    /// Hashed features, as the model is given them.
    pub(crate) features: Vec<u32>,
    /// A pattern says so.
    pub(crate) pattern: bool,
    /// It ends with a question mark.
    pub(crate) marked: bool,
}

/// One file.
pub(crate) struct Set {
    pub(crate) name: &'static str,
    pub(crate) file: &'static str,
    pub(crate) licence: &'static str,
    pub(crate) rows: Vec<Row>,
}

impl Set {
    /// `label<TAB>sentence`; each sentence is a group of its own.
    pub(crate) fn parakweet(folder: &Path) -> io::Result<Self> {
        let file = "parakweet-train.tsv";
        let text = std::fs::read_to_string(folder.join(file))?;
        let rows = text.lines().enumerate().filter_map(|(at, line)| {
            let (label, sentence) = line.split_once('\t')?;
            Some(row(0, at, label, sentence))
        });
        Ok(Self { name: "Parakweet", file, licence: "Apache-2.0", rows: rows.collect() })
    }

    /// `mail<TAB>label<TAB>sentence`.
    pub(crate) fn lin(folder: &Path) -> io::Result<Self> {
        let file = "lin-mail-train.tsv";
        let text = std::fs::read_to_string(folder.join(file))?;
        let rows = text.lines().filter_map(|line| {
            let (mail, rest) = line.split_once('\t')?;
            let (label, sentence) = rest.split_once('\t')?;
            Some(row(1, mail.parse().ok()?, label, sentence))
        });
        Ok(Self { name: "Lin mail", file, licence: "MIT", rows: rows.collect() })
    }
}

fn row(set: usize, group: usize, label: &str, sentence: &str) -> Row {
    let features = acts::model::features(sentence);
    let pattern = acts::read(sentence).labels.iter().any(|label| {
        let asks = matches!(label.act, acts::Act::Request | acts::Act::Question | acts::Act::Proposal);
        asks && label.probability >= 0.5 && label.by.starts_with("en: ")
    });
    Row { set, group, asks: label == "Yes", features, pattern, marked: sentence.trim_end().ends_with('?') }
}

/// The fold of each row of all sets, in order: groups are dealt out in a seeded order.
pub(crate) fn folds(sets: &[Set], seed: u64, folds: usize) -> Vec<usize> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut fold_of: HashMap<(usize, usize), usize> = HashMap::new();
    for set in sets {
        let mut groups: Vec<(usize, usize)> = set.rows.iter().map(|row| (row.set, row.group)).collect();
        groups.dedup();
        random.shuffle(&mut groups);
        for (at, group) in groups.into_iter().enumerate() {
            fold_of.insert(group, at % folds);
        }
    }
    sets.iter().flat_map(|set| &set.rows).map(|row| fold_of[&(row.set, row.group)]).collect()
}
