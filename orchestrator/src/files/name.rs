//! A name a stranger chose, made one to save a file under.

use unicode_normalization::UnicodeNormalization;

/// Longest file name, in bytes of UTF-8: below what every file system takes, with room for " (2)".
pub const MAX_NAME: usize = 200;

/// Names Windows keeps for devices, whatever ending follows.
const RESERVED: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"];

/// A name to save a file under: the last component of what the sender wrote, as one visible line.
///
/// No separators, control or direction characters, no leading dot or dash, no device name of
/// Windows, no space or dot at the end, at most [`MAX_NAME`] bytes with the true ending kept.
/// Never empty.
pub fn safe_name(raw: &str) -> String {
    // Compatibility forms first: a full-width slash or dot is a slash or dot to some systems.
    let folded: String = raw.nfkc().take(4_096).collect();
    let last =
        folded.rsplit(['/', '\\', '\u{2044}', '\u{2215}', '\u{29f8}']).map(str::trim).find(|part| !part.is_empty());
    let mut name = String::new();
    let mut marks = 0;
    for c in last.unwrap_or_default().chars() {
        if is_invisible(c) {
            continue;
        }
        marks = if unicode_normalization::char::is_combining_mark(c) { marks + 1 } else { 0 };
        match c {
            _ if marks > 4 => {}
            '<' | '>' | ':' | '"' | '|' | '?' | '*' | '%' | '$' | '`' | '\u{fffd}' => name.push('_'),
            c if c.is_whitespace() => {
                if !name.ends_with(' ') {
                    name.push(' ');
                }
            }
            c => name.push(c),
        }
    }
    let name = name.trim_end_matches(['.', ' ']).trim_start();
    let name = match name.chars().next() {
        None => return "attachment".into(),
        Some('.' | '-' | '~') => format!("_{}", name.trim_start_matches(['.', '-', '~', ' '])),
        Some(_) => name.to_owned(),
    };
    let name = if is_reserved(&name) { format!("_{name}") } else { name };
    shortened(&name, MAX_NAME)
}

/// Control, format and direction characters, and spaces without width.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

pub(super) fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt")).is_some_and(|rest| {
        let mut chars = rest.chars();
        matches!((chars.next(), chars.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
    });
    numbered || RESERVED.contains(&stem.as_str())
}

/// Stem and ending, the dot with the ending; an ending is at most 20 bytes.
pub(super) fn split_ending(name: &str) -> (&str, &str) {
    let at = name.rfind('.').filter(|at| *at > 0 && name.len() - at <= 20).unwrap_or(name.len());
    name.split_at_checked(at).unwrap_or((name, ""))
}

fn shortened(name: &str, most: usize) -> String {
    if name.len() <= most {
        return name.to_owned();
    }
    let (stem, ending) = split_ending(name);
    let mut kept = String::new();
    for c in stem.chars() {
        if kept.len() + c.len_utf8() + ending.len() > most {
            break;
        }
        kept.push(c);
    }
    format!("{}{ending}", kept.trim_end())
}

/// A name that ends so whatever it is cut to: [`safe_name`] keeps an ending of a few letters.
pub fn with_ending(name: &str, ending: &str) -> String {
    // What looks like an ending of the title is none.
    let plain: String = name.chars().take(120).map(|c| if matches!(c, '/' | '\\') { '-' } else { c }).collect();
    format!("{}{ending}", plain.trim_end_matches(ending))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn honest_names_stay() {
        for name in ["report.pdf", "Grüße (final).docx", "北京.png", "דוח.pdf", "a b-c_d.tar.gz", "no ending"] {
            assert_eq!(safe_name(name), name);
        }
    }

    #[test]
    fn names_lose_what_deceives() {
        for (raw, safe) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\x.dll", "x.dll"),
            ("", "attachment"),
            ("..", "attachment"),
            ("/", "attachment"),
            ("CON", "_CON"),
            ("com1.txt", "_com1.txt"),
            ("COM¹.txt", "_COM1.txt"),
            (".bashrc", "_bashrc"),
            ("-rf", "_rf"),
            ("x.txt.", "x.txt"),
            ("x.txt::$DATA", "x.txt___DATA"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("x.pdf                         .exe", "x.pdf .exe"),
            ("ｘ．ｅｘｅ", "x.exe"),
            ("x\n.exe", "x.exe"),
        ] {
            assert_eq!(safe_name(raw), safe, "{raw:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = safe_name(&format!("{}.exe", "界".repeat(300)));
        assert!(name.len() <= MAX_NAME && name.ends_with("界.exe"), "{name}");
    }
}
