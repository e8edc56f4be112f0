//! What every part of the world is made with: the seed, the calendar, the people and the words.

use std::collections::{HashMap, HashSet};

use inlet_model::{Party, Timestamp};
use jiff::tz::TimeZone;

use super::{
    files,
    phrase::{Kept, fill},
    rng::{Rng, hash},
    sheet::{Cast, Person},
    when::{Calendar, seconds},
};

/// Maya's address at work; the private one is in the cast.
pub(super) const WORK_ADDRESS: &str = "maya.lindqvist@northwind.example";

/// Everything the builders share.
pub(super) struct Stage {
    pub(super) seed: u64,
    pub(super) calendar: Calendar,
    pub(super) cast: Cast,
    people: HashMap<String, Person>,
}

impl Stage {
    pub(super) fn new(seed: u64, now: Timestamp, cast: Cast) -> Self {
        let people = cast.person.iter().map(|person| (person.key.clone(), person.clone())).collect();
        Self { seed, calendar: Calendar::new(now), cast, people }
    }

    pub(super) fn rng(&self, name: &str) -> Rng {
        Rng::named(self.seed, name)
    }

    /// Me, as `on` knows me.
    pub(super) fn me(&self, on: &str) -> Party {
        self.party("me", on)
    }

    /// A person of the cast as `on` knows them, or a `Name <address>` that appears once.
    pub(super) fn party(&self, key: &str, on: &str) -> Party {
        let Some(person) = self.people.get(key) else {
            return match key.split_once('<') {
                Some((name, address)) => Party::named(name.trim(), address.trim_end_matches('>')),
                None => Party { name: None, handle: key.to_owned() },
            };
        };
        let handle = match on {
            "whatsapp" => person.phone.clone().unwrap_or_else(|| phone(key)),
            "slack" | "guild" => format!("U0{}", key.to_uppercase()),
            "outlook" | "teams" | "onenote" if key == "me" => WORK_ADDRESS.to_owned(),
            _ => person.mail.clone(),
        };
        Party::named(person.name.as_str(), handle)
    }

    /// The first name of a person, as one signs.
    pub(super) fn first_name(&self, key: &str) -> String {
        let name = self.people.get(key).map_or(key, |person| person.name.as_str());
        name.split_whitespace().next().unwrap_or(name).to_owned()
    }

    /// Fills a template for an item dated `at`.
    pub(super) fn say(&self, template: &str, at: Timestamp, rng: &mut Rng, kept: &mut Kept) -> String {
        fill(template, &self.cast.words, at, rng, kept)
    }

    /// The bytes and media type of a file that a sheet names.
    pub(super) fn file(&self, name: &str, at: Timestamp, rng: &mut Rng) -> (Vec<u8>, &'static str) {
        let text = self.cast.files.get(name).map(String::as_str).unwrap_or("Northwind Instruments\nfor internal use\n");
        files::make(name, &self.say(text, at, rng, &mut Kept::new()))
    }
}

/// A number of Ofcom's range for fiction (+44 7700 900000 to 900999).
fn phone(key: &str) -> String {
    format!("+447700900{:03}", hash(key) % 1000)
}

/// What was already said, so that a template never shows twice with the same words.
#[derive(Default)]
pub(super) struct Said(HashSet<String>);

impl Said {
    /// Notes all of `texts`; false when one was there before. Short ones may come again: people do
    /// say "ok" more than once.
    pub(super) fn all_new<'a>(&mut self, texts: impl Iterator<Item = &'a str> + Clone) -> bool {
        let long = texts.filter(|text| text.chars().count() > 24);
        if long.clone().any(|text| self.0.contains(text)) {
            return false;
        }
        self.0.extend(long.map(str::to_owned));
        true
    }
}

/// Times of a conversation: from `start` on with these gaps, asleep at night when `sleeps`, and all
/// of them before `latest`.
pub(super) fn spread(start: Timestamp, gaps: &[u64], latest: Timestamp, sleeps: bool) -> Vec<Timestamp> {
    let mut at = start.min(latest);
    let mut times = Vec::with_capacity(gaps.len() + 1);
    times.push(at);
    for gap in gaps {
        at += seconds(*gap);
        let local = at.to_zoned(TimeZone::UTC);
        if sleeps && local.hour() < 7 {
            let minutes = u64::from(7 - local.hour().unsigned_abs()) * 60;
            at += seconds(minutes * 60 + gap % 3000);
        }
        times.push(at);
    }
    let (Some(first), Some(last)) = (times.first().copied(), times.last().copied()) else {
        return times;
    };
    if last > latest {
        // Too little time is left: the same rhythm, faster.
        let (whole, left) = (last.as_second() - first.as_second(), latest.as_second() - first.as_second());
        for (at, index) in times.iter_mut().zip(0..) {
            let offset = (at.as_second() - first.as_second()) * left / whole.max(1);
            *at = first + seconds(u64::try_from(offset).unwrap_or(0)) + jiff::SignedDuration::from_millis(index);
        }
    }
    times
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_that_would_reach_into_the_future_is_squeezed_in_order() {
        let start = "2025-03-05T12:00:00Z".parse().unwrap();
        let latest = "2025-03-05T12:10:00Z".parse().unwrap();
        let times = spread(start, &[600, 600, 600], latest, false);
        assert_eq!(times.len(), 4);
        assert!(times.is_sorted());
        assert!(times.last().unwrap().as_second() <= latest.as_second());
        assert_eq!(spread(start, &[], latest, true), [start]);
    }

    #[test]
    fn nobody_writes_mail_in_the_small_hours() {
        let start = "2025-03-05T22:00:00Z".parse().unwrap();
        let latest = "2025-04-05T12:00:00Z".parse().unwrap();
        let times = spread(start, &[4 * 3600, 600], latest, true);
        assert!(times.iter().skip(1).all(|at| at.to_zoned(TimeZone::UTC).hour() >= 7), "{times:?}");
    }
}
