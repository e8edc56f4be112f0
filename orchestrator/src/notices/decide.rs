//! Whether a new item is told: the person's rules, and what is known about it.

use inlet_model::{ItemId, SourceId, SourceType, ThreadId, Timestamp};
use jiff::{civil::Time, tz::TimeZone};

use crate::{
    api::types::{NoticeDecision, NoticeReason, Place},
    rules::RuleNotify,
};

/// With more recipients than this a mail that names me is written to a group.
const FEW: usize = 10;

/// A new item as far as it matters here.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) item: ItemId,
    pub(crate) source: SourceId,
    pub(crate) thread: ThreadId,
    pub(crate) source_type: SourceType,
    pub(crate) at: Timestamp,
    /// Stored for the first time; else its text was changed.
    pub(crate) fresh: bool,
    /// When its account was connected.
    pub(crate) connected_at: Timestamp,
    pub(crate) read: bool,
    pub(crate) place: Place,
    pub(crate) muted: bool,
    /// Its source may tell.
    pub(crate) notify: bool,
    pub(crate) to_me: ToMe,
    /// How a rule wants it told.
    pub(crate) by_rule: Option<RuleNotify>,
}

/// Whom an item is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ToMe {
    Direct,
    Group,
    List,
}

impl ToMe {
    /// A mail with these recipients: `to`, and how many in `To` and `Cc` together.
    pub(crate) fn of_mail(me: Option<&str>, to: &[String], recipients: usize, from_list: bool) -> Self {
        let named = match me {
            Some(me) => to.iter().any(|handle| handle.eq_ignore_ascii_case(me)),
            // Nobody knows who I am: what goes to one person goes to me.
            None => recipients <= 1,
        };
        match (from_list, named && recipients <= FEW) {
            (true, _) => Self::List,
            (false, true) => Self::Direct,
            (false, false) => Self::Group,
        }
    }

    /// A chat with so many others in it.
    pub(crate) fn of_chat(others: usize) -> Self {
        if others <= 1 { Self::Direct } else { Self::Group }
    }
}

/// How loud a family of items is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Severity {
    Normal,
    Silent,
    Off,
}

impl Severity {
    /// Of a setting's word.
    pub(crate) fn from_word(word: &str) -> Self {
        match word {
            "silent" => Self::Silent,
            "off" => Self::Off,
            _ => Self::Normal,
        }
    }
}

/// What the person wants, and what is so at the moment.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) enabled: bool,
    pub(crate) direct: Severity,
    pub(crate) group: Severity,
    pub(crate) list: Severity,
    /// Start and end of the quiet hours.
    pub(crate) quiet: Option<(Time, Time)>,
    pub(crate) zone: TimeZone,
    pub(crate) paused_until: Option<Timestamp>,
    /// When this run of Inlet began.
    pub(crate) started: Timestamp,
    /// The conversation somebody looks at.
    pub(crate) watched: Option<ThreadId>,
}

impl Rules {
    fn is_quiet(&self, now: Timestamp) -> bool {
        self.quiet.is_some_and(|hours| quiet_until(hours, now, &self.zone).is_some())
    }
}

/// When the quiet hours end in which a moment lies; nothing where it lies in none.
pub(crate) fn quiet_until(hours: (Time, Time), now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let quiet = lies_in(hours, now.to_zoned(zone.clone()).time());
    if quiet { next(hours.1, now, zone) } else { None }
}

/// A time of day lies in these hours, which may go over midnight.
pub(crate) fn lies_in((from, until): (Time, Time), time: Time) -> bool {
    if from <= until { (from..until).contains(&time) } else { time >= from || time < until }
}

/// The next moment at which a clock there shows this time.
pub(crate) fn next(time: Time, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let here = now.to_zoned(zone.clone());
    let day = if here.time() < time { here.date() } else { here.date().tomorrow().ok()? };
    Some(day.to_datetime(time).to_zoned(zone.clone()).ok()?.timestamp())
}

/// A time of day as settings have it: "22:00".
pub(crate) fn time_of_day(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    let digits = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// What to do about a new item. The first reason that keeps it is the one that is told.
pub(crate) fn decide(arrival: &Arrival, rules: &Rules, now: Timestamp) -> (NoticeDecision, NoticeReason) {
    use NoticeReason as Why;
    let (severity, told, off) = match arrival.to_me {
        _ if arrival.by_rule.is_some() => (
            match arrival.by_rule {
                Some(RuleNotify::Off) => Severity::Off,
                Some(RuleNotify::Silent) => Severity::Silent,
                _ => Severity::Normal,
            },
            Why::Rule,
            Why::RuleOff,
        ),
        ToMe::Direct => (rules.direct, Why::Direct, Why::DirectOff),
        ToMe::Group => (rules.group, Why::Group, Why::GroupOff),
        ToMe::List => (rules.list, Why::List, Why::ListOff),
    };
    // It is heard whatever stands in the way, unless nobody is to be told anything, or looks at it already.
    let critical = arrival.by_rule == Some(RuleNotify::Critical);
    let kept = [
        (arrival.source_type == SourceType::Files, Why::Imported),
        (arrival.at < arrival.connected_at, Why::FirstSync),
        (arrival.at < rules.started, Why::Old),
        (arrival.read, Why::Read),
        (arrival.muted && !critical, Why::Muted),
        (arrival.place != Place::Inbox && !critical, Why::Elsewhere),
        (!arrival.notify, Why::SourceOff),
        (rules.watched == Some(arrival.thread), Why::Open),
        (!rules.enabled, Why::Off),
        (rules.paused_until.is_some_and(|until| now < until) && !critical, Why::Paused),
        (rules.is_quiet(now) && !critical, Why::Quiet),
        (severity == Severity::Off, off),
    ];
    match kept.into_iter().find(|(holds, _)| *holds) {
        Some((_, why)) => (NoticeDecision::Kept, why),
        None if severity == Severity::Silent => (NoticeDecision::Silent, told),
        None => (NoticeDecision::Told, told),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    const NOON: &str = "2026-03-11T12:00:00Z";

    fn arrival() -> Arrival {
        Arrival {
            item: ItemId(1),
            source: SourceId(1),
            thread: ThreadId(1),
            source_type: SourceType::Imap,
            at: at(NOON),
            fresh: true,
            connected_at: at("2026-01-01T00:00:00Z"),
            read: false,
            place: Place::Inbox,
            muted: false,
            notify: true,
            to_me: ToMe::Direct,
            by_rule: None,
        }
    }

    fn rules() -> Rules {
        Rules {
            enabled: true,
            direct: Severity::Normal,
            group: Severity::Normal,
            list: Severity::Silent,
            quiet: None,
            zone: TimeZone::UTC,
            paused_until: None,
            started: at("2026-03-11T08:00:00Z"),
            watched: None,
        }
    }

    fn decided(change: impl FnOnce(&mut Arrival, &mut Rules)) -> (NoticeDecision, NoticeReason) {
        let (mut arrival, mut rules) = (arrival(), rules());
        change(&mut arrival, &mut rules);
        decide(&arrival, &rules, at(NOON))
    }

    #[test]
    fn each_reason_keeps_an_item_by_itself() {
        use NoticeReason as Why;
        type Change = fn(&mut Arrival, &mut Rules);
        let cases: [(Change, Why); 12] = [
            (|item, _| item.source_type = SourceType::Files, Why::Imported),
            (|item, _| item.connected_at = at("2026-03-11T12:00:01Z"), Why::FirstSync),
            (|_, rules| rules.started = at("2026-03-11T12:00:01Z"), Why::Old),
            (|item, _| item.read = true, Why::Read),
            (|item, _| item.muted = true, Why::Muted),
            (|item, _| item.place = Place::Archive, Why::Elsewhere),
            (|item, _| item.notify = false, Why::SourceOff),
            (|_, rules| rules.watched = Some(ThreadId(1)), Why::Open),
            (|_, rules| rules.enabled = false, Why::Off),
            (|_, rules| rules.paused_until = Some(at("2026-03-11T12:00:01Z")), Why::Paused),
            (|_, rules| rules.quiet = Some((Time::midnight(), Time::constant(13, 0, 0, 0))), Why::Quiet),
            (|_, rules| rules.direct = Severity::Off, Why::DirectOff),
        ];
        for (change, why) in cases {
            assert_eq!(decided(change), (NoticeDecision::Kept, why));
        }
        assert_eq!(decided(|_, _| {}), (NoticeDecision::Told, Why::Direct));
        // The end of a pause and the start of the run count as over and begun.
        assert_eq!(decided(|_, rules| rules.paused_until = Some(at(NOON))).0, NoticeDecision::Told);
        assert_eq!(decided(|_, rules| rules.started = at(NOON)).0, NoticeDecision::Told);
        assert_eq!(decided(|item, _| item.to_me = ToMe::List), (NoticeDecision::Silent, Why::List));
    }

    #[test]
    fn a_rule_has_the_say_and_a_critical_one_is_heard_at_night() {
        use NoticeReason as Why;
        let by = |how| {
            move |item: &mut Arrival, rules: &mut Rules| {
                item.by_rule = Some(how);
                rules.direct = Severity::Off;
            }
        };
        assert_eq!(decided(by(RuleNotify::Normal)), (NoticeDecision::Told, Why::Rule));
        assert_eq!(decided(by(RuleNotify::Silent)), (NoticeDecision::Silent, Why::Rule));
        assert_eq!(decided(by(RuleNotify::Off)), (NoticeDecision::Kept, Why::RuleOff));
        let night = |how| {
            move |item: &mut Arrival, rules: &mut Rules| {
                item.by_rule = Some(how);
                (item.muted, item.place) = (true, Place::Archive);
                rules.quiet = Some((Time::midnight(), Time::constant(13, 0, 0, 0)));
                rules.paused_until = Some(at("2026-03-11T12:00:01Z"));
            }
        };
        assert_eq!(decided(night(RuleNotify::Critical)), (NoticeDecision::Told, Why::Rule));
        assert_eq!(decided(night(RuleNotify::Normal)).0, NoticeDecision::Kept);
        assert_eq!(
            decided(|item, rules| {
                night(RuleNotify::Critical)(item, rules);
                rules.enabled = false
            })
            .1,
            Why::Off
        );
    }

    #[test]
    fn quiet_hours_go_over_midnight_and_by_the_zone() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let quiet = |from: &str, until: &str, now: &str| {
            let quiet = time_of_day(from).zip(time_of_day(until));
            Rules { quiet, zone: berlin.clone(), ..rules() }.is_quiet(at(now))
        };
        // 22:00 to 07:00 in winter is 21:00Z to 06:00Z.
        for (now, expected) in [
            ("2026-03-11T20:59:59Z", false),
            ("2026-03-11T21:00:00Z", true),
            ("2026-03-11T23:30:00Z", true),
            ("2026-03-12T05:59:59Z", true),
            ("2026-03-12T06:00:00Z", false),
            // In summer an hour earlier.
            ("2026-07-11T20:00:00Z", true),
            ("2026-07-12T05:00:00Z", false),
        ] {
            assert_eq!(quiet("22:00", "07:00", now), expected, "{now}");
        }
        assert!(quiet("12:00", "14:00", "2026-03-11T11:30:00Z"));
        assert!(!quiet("12:00", "12:00", "2026-03-11T11:00:00Z"), "no time at all is no quiet time");
        assert!(!quiet("", "07:00", "2026-03-11T23:30:00Z"));
    }

    #[test]
    fn times_of_day_are_hours_and_minutes() {
        assert_eq!(time_of_day(" 7:05"), Some(Time::constant(7, 5, 0, 0)));
        for nonsense in ["", "7", "24:00", "12:60", "-1:00", "+1:00", "7:0x", "07:00:00"] {
            assert_eq!(time_of_day(nonsense), None, "{nonsense:?}");
        }
    }

    #[test]
    fn a_mail_is_direct_when_few_are_named_and_i_am() {
        let handles = |count: usize| {
            let mut to = vec!["Me@Example.org".to_owned()];
            to.extend((1..count).map(|n| format!("{n}@example.org")));
            to
        };
        let me = Some("me@example.org");
        assert_eq!(ToMe::of_mail(me, &handles(3), 3, false), ToMe::Direct);
        assert_eq!(ToMe::of_mail(me, &handles(11), 11, false), ToMe::Group);
        assert_eq!(ToMe::of_mail(me, &["ana@example.org".into()], 2, false), ToMe::Group, "a copy");
        assert_eq!(ToMe::of_mail(me, &handles(1), 1, true), ToMe::List);
        assert_eq!(ToMe::of_mail(None, &["ana@example.org".into()], 1, false), ToMe::Direct);
        assert_eq!((ToMe::of_chat(0), ToMe::of_chat(1), ToMe::of_chat(2)), (ToMe::Direct, ToMe::Direct, ToMe::Group));
    }

    #[test]
    fn quiet_hours_end_at_the_next_time_a_clock_shows() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let hours = (Time::constant(22, 0, 0, 0), Time::constant(7, 0, 0, 0));
        let ends = |text: &str| quiet_until(hours, at(text), &berlin).map(|at| at.to_string());
        assert_eq!(ends("2026-03-11T20:59:59Z"), None, "one second before ten in the evening");
        assert_eq!(ends("2026-03-11T21:00:00Z").as_deref(), Some("2026-03-12T06:00:00Z"));
        assert_eq!(ends("2026-03-12T05:59:59Z").as_deref(), Some("2026-03-12T06:00:00Z"));
        assert_eq!(ends("2026-03-12T06:00:00Z"), None);
        assert_eq!(
            ends("2026-03-28T22:00:00Z").as_deref(),
            Some("2026-03-29T05:00:00Z"),
            "clocks go forward that night"
        );
        let noon = (Time::constant(12, 0, 0, 0), Time::constant(13, 0, 0, 0));
        let lunch = quiet_until(noon, at("2026-03-11T11:30:00Z"), &berlin).map(|at| at.to_string());
        assert_eq!(lunch.as_deref(), Some("2026-03-11T12:00:00Z"));
    }
}
