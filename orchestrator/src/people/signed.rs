//! The handles a signature names: other addresses of whoever wrote, and telephone numbers.

use super::phone;
use crate::{compose::is_address, text::signature};

/// Counted up by whoever changes what is found in a signature: what was found by an older one is found anew.
pub(crate) const VERSION: u32 = 1;
/// Whoever names more has signed with a list of others.
const MANY: usize = 12;

/// Addresses in lower case and numbers as they are compared, each once; nothing of the author's own handle.
pub(crate) fn says(text: &str, author: &str) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    let mut add = |handle: String| {
        if !handle.eq_ignore_ascii_case(author) && !said.contains(&handle) {
            said.push(handle);
        }
    };
    for line in signature(text).lines() {
        addresses(line).for_each(&mut add);
        phone::in_line(line).into_iter().for_each(&mut add);
    }
    if said.len() > MANY { Vec::new() } else { said }
}

/// Addresses in a line, whatever stands around them.
fn addresses(line: &str) -> impl Iterator<Item = String> {
    let around = |c: char| c.is_whitespace() || "<>()[]{}:;,|\"/".contains(c);
    let words = line.split(around).map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.filter(|word| is_address(word)).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_names_addresses_and_numbers_one_by_one() {
        let text = "Hello,\ncall 0151 99999999 or write to nobody@else.example.\n\n-- \nRita Okafor\n\
            E-Mail:Rita.Home@post.example, <mailto:rita@okafor.example>\nTel. +49 30 1234567 / Mobil (0151) 234-567-89\n\
            +49 30 1234567\n";
        assert_eq!(
            says(text, "Rita@Okafor.example"),
            ["rita.home@post.example", "+49301234567", "15123456789"],
            "what the text before it names is not theirs"
        );
        assert_eq!(
            says("Hello.\n\nRita\nprivately rita.home@post.example", "rita@okafor.example"),
            ["rita.home@post.example"]
        );
        assert!(
            says("> -- \n> Bo\n> bo@x.example\n\nYes.", "rita@okafor.example").is_empty(),
            "a quote is somebody else's"
        );
        assert!(says("", "").is_empty());
    }

    #[test]
    fn a_list_of_others_is_no_signature() {
        let others: String = (0..13).map(|n| format!("m{n}@club.example\n")).collect();
        assert!(says(&format!("Hello.\n\n-- \n{others}"), "rita@okafor.example").is_empty());
    }
}
