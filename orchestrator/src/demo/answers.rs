//! What the people of the demo world answer.

use std::collections::HashMap;

use inlet_model::{CheckReport, CheckStep, OpKey};

use super::{
    phrase::{Kept, Words, fill},
    rng::Rng,
    stage::Stage,
};

/// The scripted answers.
pub(super) struct Answers {
    replies: Words,
    words: Words,
    /// Keys of the cast by every handle they have.
    keys: HashMap<String, String>,
}

impl Answers {
    pub(super) fn new(stage: &Stage) -> Self {
        let mut keys = HashMap::new();
        for person in &stage.cast.person {
            for on in ["gmail", "whatsapp", "slack"] {
                keys.insert(stage.party(&person.key, on).handle.to_lowercase(), person.key.clone());
            }
        }
        Self { replies: stage.cast.replies.clone(), words: stage.cast.words.clone(), keys }
    }

    /// What `handle` says to an operation; people without a script of their own say what `kind` of
    /// conversation calls for.
    pub(super) fn say(&self, handle: &str, kind: &str, key: &OpKey, at: inlet_model::Timestamp) -> String {
        let mut rng = Rng::named(0, &key.0);
        let own = self.keys.get(&handle.to_lowercase()).and_then(|key| self.replies.get(key));
        let list = own.or_else(|| self.replies.get(kind)).map(Vec::as_slice).unwrap_or_default();
        let template = rng.pick(list).map_or("👍", String::as_str);
        fill(template, &self.words, at, &mut rng, &mut Kept::new())
    }
}

/// The report of a test of the connection that went well.
pub(super) fn report(identity: &str, steps: &[(&str, String)]) -> CheckReport {
    CheckReport {
        identity: Some(identity.to_owned()),
        steps: steps.iter().map(|(name, detail)| CheckStep::passed(*name, detail)).collect(),
        ..CheckReport::default()
    }
}
