//! Templates: `{tea|coffee}` is one of the two, `{fruit}` a word of that list, `{day+2}` a weekday
//! counted from the date of the item. Choices may hold further braces. Anything else in braces is
//! left as it is. `{=fruit}` is the same fruit wherever one item says it: in its subject and in its text.

use std::collections::HashMap;

use inlet_model::Timestamp;

use super::{rng::Rng, when};

/// Lists of words by name.
pub(super) type Words = HashMap<String, Vec<String>>;

/// What `{=…}` stands for in the item being filled.
pub(super) type Kept = HashMap<String, String>;

/// Fills a template.
pub(super) fn fill(template: &str, words: &Words, at: Timestamp, rng: &mut Rng, kept: &mut Kept) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let Some((choices, after)) = choices(behind) else {
            out.push('{');
            rest = behind;
            continue;
        };
        rest = after;
        let ask = choices.first().copied().unwrap_or_default();
        let chosen = if choices.len() > 1 {
            rng.pick(&choices).map(|choice| fill(choice, words, at, rng, kept))
        } else if let Some(name) = ask.strip_prefix('=') {
            if !kept.contains_key(name)
                && let Some(word) = words.get(name).and_then(|list| rng.pick(list))
            {
                kept.insert(name.to_owned(), word.clone());
            }
            kept.get(name).cloned()
        } else {
            when::word(at, ask).or_else(|| words.get(ask).and_then(|list| rng.pick(list)).cloned())
        };
        match chosen {
            Some(text) => out.push_str(&text),
            None => {
                out.push('{');
                out.push_str(&fill(ask, words, at, rng, kept));
                out.push('}');
            }
        }
    }
    out.push_str(rest);
    out
}

/// The choices up to the brace that closes, and what is behind it.
fn choices(text: &str) -> Option<(Vec<&str>, &str)> {
    let mut choices = Vec::new();
    let (mut depth, mut start) = (0_u32, 0);
    for (at, ch) in text.char_indices() {
        match ch {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '|' if depth == 0 => {
                choices.push(text.get(start..at)?);
                start = at + 1;
            }
            '}' => {
                choices.push(text.get(start..at)?);
                return Some((choices, text.get(at + 1..)?));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_lists_and_dates_are_filled_and_the_rest_is_left_alone() {
        let words = Words::from([("pet".to_owned(), vec!["cat".to_owned(), "dog".to_owned()])]);
        let at = "2025-03-07T08:00:00Z".parse().unwrap_or(Timestamp::UNIX_EPOCH);
        let mut rng = Rng::named(1, "test");
        let mut kept = Kept::new();
        let text = fill("{A {pet}|One {pet|bird}} on {day+1} {unknown} {open", &words, at, &mut rng, &mut kept);
        let known = ["A cat", "A dog", "One pet", "One bird"];
        assert!(known.iter().any(|start| text == format!("{start} on Saturday {{unknown}} {{open")), "{text}");
        let pets = fill("{=pet}{=pet}{=pet}{=pet}{=pet}{=pet}", &words, at, &mut rng, &mut kept);
        assert!(["cat", "dog"].iter().any(|pet| pets == pet.repeat(6)), "{pets}");
        assert_eq!(fill("", &words, at, &mut rng, &mut kept), "");
        assert!(["", "x"].contains(&fill("{|x}", &words, at, &mut rng, &mut kept).as_str()));
    }
}
