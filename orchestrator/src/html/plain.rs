//! Plain text, split into what was written now, what is repeated, and the signature.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a run of lines is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum TextKind {
    /// The sender's own words.
    Own,
    /// Lines of earlier mails, with the line that introduces them.
    Quote,
    /// What follows the line `-- ` (RFC 3676 §4.3).
    Signature,
}

/// A run of lines of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TextBlock {
    /// What it is.
    pub kind: TextKind,
    /// Its lines, without the empty ones at both ends; quote marks are kept.
    pub text: String,
}

/// Splits a plain text mail so that its parts can be folded. No line is lost or changed.
pub fn plain(text: &str) -> Vec<TextBlock> {
    let lines: Vec<&str> = text.lines().map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
    let mut kinds: Vec<TextKind> = Vec::with_capacity(lines.len());
    let mut rest = None;
    for (at, line) in lines.iter().enumerate() {
        let kind = if line.starts_with('>') {
            if rest == Some(TextKind::Signature) {
                rest = None;
            }
            TextKind::Quote
        } else if let Some(kind) = rest {
            kind
        } else if *line == "-- " || (*line == "--" && lines.len() - at <= 12) {
            rest = Some(TextKind::Signature);
            TextKind::Signature
        } else if is_separator(line) || begins_header_block(lines.get(at..).unwrap_or_default()) {
            rest = Some(TextKind::Quote);
            TextKind::Quote
        } else {
            TextKind::Own
        };
        kinds.push(kind);
    }
    attributions(&lines, &mut kinds);

    let mut blocks: Vec<TextBlock> = Vec::new();
    let mut run: Vec<&str> = Vec::new();
    let mut current = TextKind::Own;
    let mut flush = |kind: TextKind, run: &mut Vec<&str>| {
        let text = run.join("\n");
        let text = text.trim_start_matches('\n').trim_end();
        if !text.is_empty() {
            blocks.push(TextBlock { kind, text: text.to_owned() });
        }
        run.clear();
    };
    for (at, line) in lines.iter().enumerate() {
        let kind = kinds.get(at).copied().unwrap_or(TextKind::Own);
        // An empty line belongs to what it stands between.
        let blank_inside = line.trim().is_empty() && kinds.get(at + 1) == Some(&current);
        if kind != current && !blank_inside {
            flush(current, &mut run);
            current = kind;
        }
        run.push(line);
    }
    flush(current, &mut run);
    blocks
}

/// Marks the one to three lines "On … wrote:" that stand before a quotation as part of it.
fn attributions(lines: &[&str], kinds: &mut [TextKind]) {
    for at in 0..lines.len() {
        let quote = kinds.get(at) == Some(&TextKind::Quote) && lines.get(at).is_some_and(|line| line.starts_with('>'));
        let first = at == 0 || kinds.get(at - 1) != Some(&TextKind::Quote);
        if !quote || !first {
            continue;
        }
        let mut end = at;
        while end > 0 && lines.get(end - 1).is_some_and(|line| line.trim().is_empty()) && at - end < 2 {
            end -= 1;
        }
        for length in 1..=3 {
            let Some(start) = end.checked_sub(length) else { break };
            let joined = lines.get(start..end).unwrap_or_default().join(" ");
            if joined.len() < 400 && is_attribution(joined.trim()) {
                for kind in kinds.get_mut(start..at).unwrap_or_default() {
                    *kind = TextKind::Quote;
                }
                break;
            }
        }
    }
}

/// The line with which a client introduces what it quotes, in the languages clients speak.
pub(super) fn is_attribution(line: &str) -> bool {
    let line = line.trim().trim_end_matches('\u{a0}');
    if line.len() > 400 || !(line.ends_with(':') || line.ends_with('：')) {
        return false;
    }
    let lower = line.to_lowercase();
    let shapes: &[(&[&str], &[&str])] = &[
        (&["on "], &["wrote"]),
        (&["am ", "on "], &["schrieb"]),
        (&["le "], &["a écrit"]),
        (&["el ", "on "], &["escribió"]),
        (&["em ", "a ", "no dia "], &["escreveu"]),
        (&["il ", "in data "], &["ha scritto"]),
        (&["op "], &["schreef", "het volgende geschreven"]),
        (&["den ", "på "], &["skrev"]),
        (&["w dniu "], &["pisze", "napisał"]),
    ];
    let numbered = line.bytes().any(|byte| byte.is_ascii_digit());
    let shaped = shapes.iter().any(|(starts, verbs)| {
        starts.iter().any(|start| lower.starts_with(start)) && verbs.iter().any(|verb| lower.contains(verb))
    });
    let verbs =
        ["wrote:", "schrieb:", "a écrit :", "a écrit:", "escribió:", "escreveu:", "ha scritto:", "schreef:", "skrev:"];
    let bare = verbs.iter().any(|verb| lower.ends_with(verb)) && (numbered || line.contains(['<', '@']));
    shaped || bare || (numbered && (line.ends_with("写道：") || line.ends_with("写道:") || line.ends_with("のメール:")))
}

/// "-----Original Message-----" and its translations.
fn is_separator(line: &str) -> bool {
    let line = line.trim();
    if !line.starts_with("--") || !line.ends_with("--") {
        return line.len() >= 30 && line.bytes().all(|byte| byte == b'_');
    }
    let inner = line.trim_matches(['-', ' ']).to_lowercase();
    [
        "original message",
        "ursprüngliche nachricht",
        "original-nachricht",
        "message d'origine",
        "message original",
        "mensaje original",
        "mensagem original",
        "messaggio originale",
        "oorspronkelijk bericht",
        "originalmeddelande",
    ]
    .contains(&inner.as_str())
}

/// "From: … / Sent: …" as Outlook writes it above a reply.
fn begins_header_block(lines: &[&str]) -> bool {
    let field = |line: &str, names: &[&str]| {
        let line = line.trim().trim_matches('*').to_lowercase();
        names.iter().any(|name| line.starts_with(name))
    };
    let from = ["from:", "von:", "de :", "de:", "da:", "van:"];
    let rest = [
        "sent:",
        "date:",
        "gesendet:",
        "datum:",
        "envoyé :",
        "envoyé:",
        "date :",
        "enviado:",
        "enviado el:",
        "enviada em:",
        "fecha:",
        "data:",
        "inviato:",
        "verzonden:",
    ];
    lines.first().is_some_and(|line| field(line, &from)) && lines.iter().skip(1).take(2).any(|line| field(line, &rest))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(TextKind, String)> {
        plain(text).into_iter().map(|block| (block.kind, block.text)).collect()
    }

    #[test]
    fn reply_quote_and_signature() {
        assert_eq!(
            split(
                "Yes.\r\n\r\nOn Mon, 2 Jan 2026 at 10:00, Ann <ann@a.example> wrote:\r\n> Lunch?\r\n>\r\n> > Earlier\r\n\r\n-- \r\nBob\r\n"
            ),
            [
                (TextKind::Own, "Yes.".into()),
                (
                    TextKind::Quote,
                    "On Mon, 2 Jan 2026 at 10:00, Ann <ann@a.example> wrote:\n> Lunch?\n>\n> > Earlier".into()
                ),
                (TextKind::Signature, "-- \nBob".into()),
            ]
        );
    }

    #[test]
    fn answers_between_quotes() {
        let kinds: Vec<_> = split("> One?\nYes\n> Two?\nNo").into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, [TextKind::Quote, TextKind::Own, TextKind::Quote, TextKind::Own]);
    }

    #[test]
    fn seven_languages() {
        for line in [
            "On Mon, Jan 2, 2026 at 9:00 AM Ann wrote:",
            "Am Montag, 2. Januar 2026, schrieb Ann:",
            "Am 02.01.26 um 09:00 schrieb Ann <ann@a.example>:",
            "Le lun. 2 janv. 2026 à 09:00, Ann <ann@a.example> a écrit :",
            "El lun, 2 ene 2026 a las 9:00, Ann (<ann@a.example>) escribió:",
            "Em seg., 2 de jan. de 2026 às 09:00, Ann <ann@a.example> escreveu:",
            "Il giorno lun 2 gen 2026 alle ore 09:00 Ann <ann@a.example> ha scritto:",
            "Op ma 2 jan 2026 om 09:00 schreef Ann <ann@a.example>:",
        ] {
            assert_eq!(split(&format!("ok\n\n{line}\n> x")).len(), 2, "{line}");
            assert_eq!(split(&format!("ok\n\n{line}\n> x"))[1].1, format!("{line}\n> x"));
        }
        assert!(!is_attribution("He told me what she wrote:"));
        assert!(!is_attribution("On the other hand"));
    }

    #[test]
    fn an_attribution_over_two_lines() {
        assert_eq!(split("ok\nOn Mon, Jan 2, 2026 Ann\n<ann@a.example> wrote:\n\n> x").len(), 2);
    }

    #[test]
    fn outlook_blocks_run_to_the_end() {
        let text = "Done.\n\n-----Ursprüngliche Nachricht-----\nVon: Ann\nGesendet: heute\n\nText";
        assert_eq!(split(text).len(), 2);
        assert_eq!(split("Done.\n\nFrom: Ann\nSent: today\nTo: Bob\n\nText").len(), 2);
        assert_eq!(split("From: here\nto there"), [(TextKind::Own, "From: here\nto there".into())]);
    }

    #[test]
    fn empty_and_odd() {
        assert!(split("").is_empty());
        assert!(split("\n \n").is_empty());
        assert_eq!(split("שלום\n北京"), [(TextKind::Own, "שלום\n北京".into())]);
        assert_eq!(split("> only").len(), 1);
        assert_eq!(split("a\n--\nb"), [(TextKind::Own, "a".into()), (TextKind::Signature, "--\nb".into())]);
    }

    #[test]
    fn no_word_is_lost() {
        let text = "a\n\n> b\nc\nOn 1 Ann wrote:\n> d\n-- \ne\n> f\ng";
        let all: String = plain(text).into_iter().map(|block| block.text).collect::<Vec<_>>().join("\n");
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&all), words(text));
    }
}
