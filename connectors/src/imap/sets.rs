//! Sequence sets (RFC 9051 §9): numbers as commands and response codes list them.

use std::ops::RangeInclusive;

/// The ranges of a sequence set (`1:3,7`); `*` and nonsense are left out.
pub(super) fn sequence_set(text: &str) -> Vec<RangeInclusive<u32>> {
    text.trim()
        .split(',')
        .filter_map(|part| {
            let (from, to) = part.split_once(':').unwrap_or((part, part));
            let (from, to): (u32, u32) = (from.parse().ok()?, to.parse().ok()?);
            Some(from.min(to)..=from.max(to))
        })
        .collect()
}

/// The shortest sequence set of ascending numbers.
pub(super) fn to_sequence_set(ascending: &[u32]) -> String {
    use std::fmt::Write as _;

    let mut set = String::new();
    let mut rest = ascending;
    while let Some((&first, tail)) = rest.split_first() {
        let run = tail.iter().zip(first..).take_while(|(next, expected)| **next == expected.saturating_add(1)).count();
        if !set.is_empty() {
            set.push(',');
        }
        let last = tail.get(run.wrapping_sub(1)).copied().unwrap_or(first);
        // Writing to a string cannot fail.
        let _ = if last > first { write!(set, "{first}:{last}") } else { write!(set, "{first}") };
        rest = tail.get(run..).unwrap_or_default();
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_written_short_and_read_back() {
        assert_eq!(to_sequence_set(&[]), "");
        assert_eq!(to_sequence_set(&[5]), "5");
        assert_eq!(to_sequence_set(&[1, 2, 3, 7, 9, 10]), "1:3,7,9:10");
        assert_eq!(to_sequence_set(&[u32::MAX - 1, u32::MAX]), format!("{}:{}", u32::MAX - 1, u32::MAX));
        let read: Vec<u32> = sequence_set("1:3,7,9:10,*,x").into_iter().flatten().collect();
        assert_eq!(read, [1, 2, 3, 7, 9, 10]);
    }
}
