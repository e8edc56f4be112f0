//! The values in a rule. Each is checked where it is read, so that an error can name its line.
//!
//! Where a rule may give several values it may give one: `kind = "mail"` is `kind = ["mail"]`. An untagged enumeration
//! was refused: it forgets which of its forms failed, and with that the line.

use std::{fmt, marker::PhantomData};

use inlet_actions::Language;
use inlet_model::Timestamp;
use jiff::tz::TimeZone;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, IntoDeserializer, SeqAccess, Visitor},
};
use ts_rs::TS;

use crate::{compose::is_address, when};

/// How near something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// The time has passed.
    Overdue,
    /// Within a day.
    Today,
    /// Within three days.
    Soon,
    /// Later than that.
    Later,
    /// It is not due.
    None,
}

/// The language of a message, as it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum RuleLanguage {
    /// English.
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Portuguese.
    Pt,
    /// Italian.
    It,
    /// Dutch.
    Nl,
    /// Any other.
    Other,
    /// It is too short to tell.
    None,
}

impl From<Option<Language>> for RuleLanguage {
    fn from(language: Option<Language>) -> Self {
        match language {
            Some(Language::En) => Self::En,
            Some(Language::De) => Self::De,
            Some(Language::Fr) => Self::Fr,
            Some(Language::Es) => Self::Es,
            Some(Language::Pt) => Self::Pt,
            Some(Language::It) => Self::It,
            Some(Language::Nl) => Self::Nl,
            Some(Language::Other) => Self::Other,
            None => Self::None,
        }
    }
}

/// Whom something is sent on to: a mail address, or a channel that only sends, written `channel:` and its name or id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String")]
#[ts(type = "string")]
pub struct Recipient(pub String);

impl Recipient {
    /// What a channel is told from an address by: no address begins so.
    const CHANNEL: &str = "channel:";

    /// The name or the id of the channel it is.
    pub(crate) fn channel(&self) -> Option<&str> {
        self.0.strip_prefix(Self::CHANNEL)
    }
}

impl TryFrom<String> for Recipient {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let text = text.trim();
        if let Some(name) = text.strip_prefix(Self::CHANNEL).map(str::trim).filter(|name| !name.is_empty()) {
            return Ok(Self(format!("{}{name}", Self::CHANNEL)));
        }
        if is_address(text) {
            return Ok(Self(text.to_owned()));
        }
        Err(format!("\"{text}\" is neither a mail address nor a channel such as \"channel:Team\""))
    }
}

/// A text that says something, and is neither yes nor no: the name of a label, words that are looked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String")]
#[ts(type = "string")]
pub struct Words(pub String);

impl TryFrom<String> for Words {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.trim() {
            "" => Err("an empty text is found everywhere; write one that says something".to_owned()),
            words => Ok(Self(words.to_owned())),
        }
    }
}

/// A time in words: "tomorrow 9:00", "in 3 days".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(try_from = "String")]
#[ts(type = "string")]
pub struct Later(pub String);

impl Later {
    /// The moment it means, from now on.
    pub(crate) fn from(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        when::parse(&self.0, now, zone).filter(|at| *at > now)
    }
}

impl TryFrom<String> for Later {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match when::parse(&text, Timestamp::UNIX_EPOCH, &TimeZone::UTC) {
            Some(_) => Ok(Self(text.trim().to_owned())),
            None => Err(format!("\"{text}\" is no time; write it such as \"tomorrow 9:00\" or \"in 3 days\"")),
        }
    }
}

/// Numbers between two bounds, both meant: written `60` ("from 60 on"), `"35..59"`, `"..0.5"`.
#[derive(Clone, Copy, Debug, PartialEq, TS)]
#[ts(type = "string")]
pub struct Range {
    from: f64,
    to: f64,
}

impl Range {
    pub(crate) fn holds(self, number: f64) -> bool {
        (self.from..=self.to).contains(&number)
    }

    /// One that is written with two dots: a number alone is a text like any other there.
    pub(crate) fn bounded(text: &str) -> Option<Self> {
        if text.contains("..") { Self::parse(text) } else { None }
    }

    fn parse(text: &str) -> Option<Self> {
        let bound = |text: &str, open: f64| match text.trim() {
            "" => Some(open),
            number => number.parse().ok().filter(|number: &f64| number.is_finite()),
        };
        let range = match text.split_once("..") {
            Some((from, to)) => Self { from: bound(from, f64::NEG_INFINITY)?, to: bound(to, f64::INFINITY)? },
            None => Self { from: text.trim().parse().ok().filter(|from: &f64| from.is_finite())?, to: f64::INFINITY },
        };
        (range.from <= range.to).then_some(range)
    }
}

impl Serialize for Range {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bound = |number: f64| if number.is_finite() { number.to_string() } else { String::new() };
        serializer.serialize_str(&format!("{}..{}", bound(self.from), bound(self.to)))
    }
}

impl<'de> Deserialize<'de> for Range {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Range;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a number, which means \"from there on\", or a range such as \"35..59\"")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Range, E> {
                Range::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Range, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Range, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Range, E> {
                self.visit_str(&number.to_string())
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// One value or several of them.
pub(crate) fn several<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    struct Several<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for Several<T> {
        type Value = Vec<T>;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("one value or a list of them")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<T>, E> {
            Ok(vec![T::deserialize(text.into_deserializer())?])
        }

        fn visit_i64<E: de::Error>(self, number: i64) -> Result<Vec<T>, E> {
            Ok(vec![T::deserialize(number.into_deserializer())?])
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<Vec<T>, E> {
            Ok(vec![T::deserialize(number.into_deserializer())?])
        }

        fn visit_f64<E: de::Error>(self, number: f64) -> Result<Vec<T>, E> {
            Ok(vec![T::deserialize(number.into_deserializer())?])
        }

        fn visit_bool<E: de::Error>(self, yes: bool) -> Result<Vec<T>, E> {
            Ok(vec![T::deserialize(yes.into_deserializer())?])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
            let mut values = Vec::new();
            while let Some(value) = list.next_element()? {
                values.push(value);
            }
            Ok(values)
        }
    }
    deserializer.deserialize_any(Several(PhantomData))
}

/// A text to compare with. `true` is any, `false` is none.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, TS)]
#[ts(type = "string")]
pub struct Pattern(pub String);

/// What stands for "there is one, whatever it says".
pub(crate) const ANY: &str = "*";
/// What stands for "there is none".
pub(crate) const NONE: &str = "none";

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Pattern;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a text that says something, or true or false")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Pattern, E> {
                match text.trim() {
                    // An empty text would be found in everything.
                    "" => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                    text => Ok(Pattern(text.to_owned())),
                }
            }

            fn visit_bool<E: de::Error>(self, yes: bool) -> Result<Pattern, E> {
                Ok(Pattern(if yes { ANY } else { NONE }.to_owned()))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Pattern, E> {
                Ok(Pattern(number.to_string()))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Pattern, E> {
                Ok(Pattern(number.to_string()))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}
