//! Telephone numbers, as people write them.
//!
//! A number is known by its country's code and what follows (E.164), or by what follows alone where the code was left
//! out: "(0151) 234-567-89" may be +49 151 23456789. Which digits are the code is in the code itself (ITU-T E.164, list of
//! assigned codes), so no digits are guessed away. A crate that knows the numbering of every country was refused: it
//! answers whether a number can exist, at the price of megabytes of rules, and here it has to be one that is known already.

/// Digits of a number at least and at most, its country's code included where there is one (E.164 §6.1).
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;
/// From so many digits on, what follows a slash between blanks is another number and not the rest of this one.
const WHOLE: usize = 7;
/// The longest trunk of signs within one number: ") - (".
const GAP: usize = 5;

/// A number as it is compared: `+` and all of its digits, or those behind the zero where no country is said.
pub(crate) fn of(handle: &str) -> Option<String> {
    let text = handle.trim();
    if text.contains(|c: char| c.is_alphabetic() || c == '@') {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = match (text.starts_with('+'), digits.strip_prefix("00")) {
        (true, _) => format!("+{}", without_trunk(&digits)),
        (false, Some(rest)) => format!("+{}", without_trunk(rest)),
        (false, None) => digits.trim_start_matches('0').to_owned(),
    };
    DIGITS.contains(&number.trim_start_matches('+').len()).then_some(number)
}

/// What stands for this number where it is written: itself, and without its country. A number without one stands for
/// itself alone.
pub(crate) fn said_as(number: &str) -> Vec<String> {
    let mut said = vec![number.to_owned()];
    if let Some(digits) = number.strip_prefix('+') {
        let national = digits.get(country(digits)..).unwrap_or_default().trim_start_matches('0');
        if national.len() >= *DIGITS.start() {
            said.push(national.to_owned());
        }
    }
    said
}

/// Both may be one number.
pub(crate) fn same(one: &str, other: &str) -> bool {
    let (one, other) = (said_as(one), said_as(other));
    match (one.as_slice(), other.as_slice()) {
        // Two with a country are compared with it.
        ([one, _, ..], [other, _, ..]) => one == other,
        _ => one.iter().any(|said| other.contains(said)),
    }
}

/// Every number in a line, each for itself.
pub(crate) fn in_line(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut run = Run::default();
    let mut gap = String::new();
    for c in line.chars() {
        if c.is_ascii_digit() {
            if !run.groups.is_empty() && !gap.is_empty() && !run.goes_on(&gap) {
                run.end(&mut found);
            }
            if run.groups.is_empty() {
                run.international = gap.trim_end_matches(['(', ' ']).ends_with('+');
            }
            run.push(c, &gap);
            gap.clear();
        } else {
            gap.push(c);
        }
    }
    run.end(&mut found);
    found
}

/// Groups of digits with nothing between them but what makes a number readable.
#[derive(Default)]
struct Run {
    international: bool,
    groups: Vec<String>,
}

impl Run {
    fn push(&mut self, digit: char, gap: &str) {
        match self.groups.last_mut() {
            Some(group) if gap.is_empty() => group.push(digit),
            _ => self.groups.push(digit.to_string()),
        }
    }

    fn digits(&self) -> usize {
        self.groups.iter().map(String::len).sum()
    }

    /// What stands between two groups belongs to one number.
    fn goes_on(&self, gap: &str) -> bool {
        let readable =
            |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '-' | '\u{2010}'..='\u{2013}' | '.' | '/' | '(' | ')');
        let another = self.digits() >= WHOLE && gap.contains('/') && gap.contains(' ');
        gap.chars().count() <= GAP && gap.chars().all(readable) && !gap.contains("  ") && !another
    }

    fn end(&mut self, found: &mut Vec<String>) {
        let run = std::mem::take(self);
        let whole = run.groups.concat();
        let sign = if run.international { "+" } else { "" };
        if let Some(number) = of(&format!("{sign}{whole}")) {
            found.push(number);
            return;
        }
        // Too long for one: two of which the second begins as numbers do.
        for at in 1..run.groups.len() {
            let (Some(before), Some(behind)) = (run.groups.get(..at), run.groups.get(at..)) else { continue };
            let (before, behind) = (before.concat(), behind.concat());
            if behind.starts_with('0') && DIGITS.contains(&before.len()) && DIGITS.contains(&behind.len()) {
                found.extend(of(&format!("{sign}{before}")));
                found.extend(of(&behind));
            }
        }
    }
}

/// Digits of a number with its country, and without the zero that is dialled inside of it alone; Italy dials it always.
fn without_trunk(digits: &str) -> String {
    let (code, rest) = digits.split_at_checked(country(digits)).unwrap_or((digits, ""));
    if code == "39" { digits.to_owned() } else { format!("{code}{}", rest.strip_prefix('0').unwrap_or(rest)) }
}

/// How many digits the country's code has (ITU-T E.164, list of assigned codes): one in zones 1 and 7, two where zones
/// give them, three anywhere else.
fn country(digits: &str) -> usize {
    const TWO: &[&str] = &[
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
        "86", "90", "91", "92", "93", "94", "95", "98",
    ];
    match digits.get(..2) {
        Some(two) if two.starts_with(['1', '7']) => 1,
        Some(two) if TWO.contains(&two) => 2,
        _ => digits.len().min(3),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const RITA: &str = "+4915123456789";

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        for written in [
            "+49 151 2345 6789",
            "0049 151 23456789",
            "+49 (0)151 / 234 567 89",
            "+49 (0) 151-23456789",
            "Mobil: 0151/23456789",
            "Tel. (0151) 234-567-89",
            "(+49) 151.234.567.89",
            "T 0151 / 23456789",
            "☎\u{a0}0151\u{a0}23456789",
        ] {
            let found = in_line(written);
            assert_eq!(found.len(), 1, "{written}: {found:?}");
            assert!(same(&found[0], RITA), "{written}: {found:?}");
        }
        for other in ["+49 151 2345 6780", "+43 151 23456789", "0151 2345678", "+1 515 123 4567", "23456789"] {
            assert!(in_line(other).iter().all(|found| !same(found, RITA)), "{other}");
        }
        assert_eq!(of(RITA).as_deref(), Some(RITA));
        assert!(same(&of("+1 212 555 0123").unwrap(), &of("(212) 555-0123").unwrap()));
        assert!(same(&of("+39 06 1234 5678").unwrap(), &of("06 12345678").unwrap()));
        assert_eq!((of("room 12"), of("u0123456789"), of("12345678@x.test"), of("")), (None, None, None, None));
    }

    #[test]
    fn numbers_of_one_line_are_looked_at_one_by_one() {
        let berlin = "+49301234567";
        for line in [
            "Tel. +49 30 1234567 Fax +49 30 1234599 Mobil +49 151 23456789",
            "T: 030 1234567, M: 0151 23456789",
            "030/1234567 | 0151/23456789",
            "030 1234567 / 0151 23456789",
            "+49 30 1234567 +49 151 23456789",
            "(030) 1234567 · (0151) 23456789",
            "030 1234567   0151 23456789",
            "030 1234567 0151 23456789",
        ] {
            let found = in_line(line);
            for wanted in [berlin, RITA] {
                assert!(found.iter().any(|one| same(one, wanted)), "{wanted} in {line}: {found:?}");
            }
        }
        // What is left of one is no number with what is left of the next.
        assert!(in_line("Tel. 030 12345151, 23456789 Stück").iter().all(|one| !same(one, RITA)));
        assert!(in_line("Marktstr. 12, 12345 Berlin, HRB 4711").is_empty());
    }

    #[test]
    fn no_line_is_too_odd() {
        for line in [
            "",
            "+",
            "+ + +",
            "0",
            "00",
            "0000000000000000000000000000",
            "1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9",
            "٠١٢٣٤٥٦٧٨٩",
        ] {
            for found in in_line(line) {
                assert!(DIGITS.contains(&found.trim_start_matches('+').len()), "{line}: {found}");
            }
        }
    }
}
