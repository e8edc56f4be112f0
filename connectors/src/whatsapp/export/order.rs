//! Which number of a date is the day: decided over a whole export, and said where it cannot be.

use inlet_model::account::DateOrder;
use jiff::civil::Date;

use super::head::Head;

/// Before this year nobody wrote on WhatsApp.
const FIRST_YEAR: i16 = 2009;

/// How well one order fits.
#[derive(Clone, Debug, Default)]
struct Fit {
    /// Dates that do not exist in this order, or had not come yet when the export was written.
    impossible: u64,
    /// Steps back in time.
    backwards: u64,
    last: Option<Date>,
}

impl Fit {
    fn see(&mut self, date: Option<Date>) {
        match date {
            None => self.impossible += 1,
            Some(date) => {
                self.backwards += u64::from(self.last.is_some_and(|last| date < last));
                self.last = Some(date);
            }
        }
    }
}

/// What the dates of an export say about their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    year_first: u64,
    day_first: Fit,
    month_first: Fit,
    /// Day and month are not the same number everywhere.
    differs: bool,
    /// As phones in the United States write it: no zero in front, slashes, AM and PM in capitals.
    american: bool,
    slashes: bool,
}

/// How the dates of an export are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decided {
    pub(super) order: DateOrder,
    /// They could be read in another way too.
    pub(super) doubtful: bool,
}

/// The day a head names in this order.
pub(super) fn day(head: &Head, order: DateOrder) -> Option<Date> {
    let [first, second, third] = head.date;
    let (year, month, day) = match order {
        DateOrder::Ymd => (first, second, third),
        DateOrder::Dmy => (third, second, first),
        DateOrder::Mdy => (third, first, second),
    };
    let year = i16::try_from(year).ok()?;
    let year = match year {
        0..100 => year + 2000,
        // The Buddhist calendar.
        2552..2700 => year - 543,
        _ => year,
    };
    if !(FIRST_YEAR..2200).contains(&year) {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

impl Evidence {
    /// The next head; `line` is what it stands in, and `latest` when the export was written at the latest.
    pub(super) fn see(&mut self, head: &Head, line: &str, latest: Option<Date>) {
        if head.width == 4 || head.date.first().is_some_and(|first| *first > 31) {
            self.year_first += 1;
            return;
        }
        let before = |date: &Date| latest.is_none_or(|latest| *date <= latest);
        self.day_first.see(day(head, DateOrder::Dmy).filter(before));
        self.month_first.see(day(head, DateOrder::Mdy).filter(before));
        self.differs |= head.date.first() != head.date.get(1);
        let written = line.get(..head.rest).unwrap_or_default();
        self.slashes |= head.shape.contains('/');
        self.american |=
            head.width == 1 && head.shape.contains('/') && (written.contains("AM") || written.contains("PM"));
    }

    /// The order that fits best; `hint` is that of other exports of this shape.
    pub(super) fn decide(&self, hint: Option<DateOrder>) -> Decided {
        let sure = |order| Decided { order, doubtful: false };
        let day = (self.day_first.impossible, self.day_first.backwards);
        let month = (self.month_first.impossible, self.month_first.backwards);
        let seen = self.day_first.last.is_some() || self.month_first.last.is_some();
        if self.year_first > 0 && (!seen || self.year_first > day.0) {
            return sure(DateOrder::Ymd);
        }
        match day.cmp(&month) {
            std::cmp::Ordering::Less => sure(DateOrder::Dmy),
            std::cmp::Ordering::Greater => sure(DateOrder::Mdy),
            std::cmp::Ordering::Equal if !self.differs => sure(DateOrder::Dmy),
            // Nobody writes the month first with dots or dashes.
            std::cmp::Ordering::Equal if !self.slashes => sure(DateOrder::Dmy),
            std::cmp::Ordering::Equal => match hint {
                Some(order) => sure(order),
                None => {
                    let order = if self.american { DateOrder::Mdy } else { DateOrder::Dmy };
                    Decided { order, doubtful: true }
                }
            },
        }
    }
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::{super::head::head, *};

    fn decided(lines: &[&str], hint: Option<DateOrder>) -> (DateOrder, bool) {
        let mut evidence = Evidence::default();
        for line in lines {
            evidence.see(&head(line).unwrap_or_else(|| panic!("{line}")), line, Date::new(2024, 6, 30).ok());
        }
        let decided = evidence.decide(hint);
        (decided.order, decided.doubtful)
    }

    #[test]
    fn the_whole_file_decides() {
        use DateOrder::{Dmy, Mdy, Ymd};
        assert_eq!(decided(&["03/04/24, 10:00 - a", "25/04/24, 10:00 - a"], None), (Dmy, false));
        assert_eq!(decided(&["3/4/24, 10:00 AM - a", "4/25/24, 10:00 AM - a"], None), (Mdy, false));
        // No number above twelve, but one way the messages go back in time.
        assert_eq!(decided(&["01/02/24, 10:00 - a", "02/01/24, 10:00 - a"], None), (Mdy, false));
        assert_eq!(decided(&["02/01/24, 10:00 - a", "01/02/24, 10:00 - a"], None), (Dmy, false));
        // One way lies behind the day of the export.
        assert_eq!(decided(&["07/01/24, 10:00 - a"], None), (Dmy, false));
        assert_eq!(decided(&["2024/03/04 10:00 - a"], None), (Ymd, false));
        assert_eq!(decided(&["03.04.24, 10:00 - a"], None), (Dmy, false));
        assert_eq!(decided(&["3/3/24, 10:00 AM - a"], None), (Dmy, false));
        // What cannot be known is guessed, and that is said.
        assert_eq!(decided(&["03/04/24, 10:00 - a"], None), (Dmy, true));
        assert_eq!(decided(&["3/4/24, 10:00 AM - a"], None), (Mdy, true));
        assert_eq!(decided(&["3/4/24, 10:00 AM - a"], Some(Dmy)), (Dmy, false));
    }

    #[test]
    fn years_of_other_calendars_are_ours() {
        let head = head("31/12/2566, 10:00 - a").unwrap_or_else(|| panic!("a head"));
        assert_eq!(day(&head, DateOrder::Dmy), Date::new(2023, 12, 31).ok());
    }
}
