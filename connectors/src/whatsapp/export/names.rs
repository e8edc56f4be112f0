//! What the names of files and people in an export say.

use inlet_model::Party;

/// The chat an export is of, by the name its phone gave it: `WhatsApp Chat with Ana`,
/// `WhatsApp-Chat mit Ana`, `Chat de WhatsApp con Ana`, `WhatsApp Chat - Ana (1)`.
pub(super) fn chat_name(stem: &str) -> Option<String> {
    /// Words in front of the name, lower case, the longer first.
    const BEFORE: &[&str] = &[
        "conversación de whatsapp con ",
        "discussion whatsapp avec ",
        "conversa do whatsapp com ",
        "chat di whatsapp con ",
        "chat do whatsapp com ",
        "chat de whatsapp con ",
        "whatsapp chat with ",
        "whatsapp-chat mit ",
        "whatsapp chat mit ",
        "whatsapp-chat met ",
        "whatsapp chat met ",
        "chat whatsapp con ",
        "чат whatsapp с контактом ",
        "чат whatsapp с ",
        "czat whatsapp z ",
        "whatsapp-chatt med ",
        "whatsapp-chat med ",
        "whatsapp-keskustelu käyttäjän ",
        "whatsapp chat - ",
        "whatsapp - ",
        "محادثة واتساب مع ",
        "whatsapp 대화: ",
        "与",
        "與",
    ];
    /// Words behind it.
    const BEHIND: &[&str] =
        &[" ile whatsapp sohbeti", "とのwhatsappチャット", "的 whatsapp 聊天", "的whatsapp聊天", "的 whatsapp 對話"];
    let stem = without_number(stem.trim());
    // Lower case may have another length: what is cut is counted in characters.
    let lower = stem.to_lowercase();
    for before in BEFORE {
        if let Some(rest) =
            lower.strip_prefix(before).filter(|_| lower.contains("whatsapp") || lower.contains("واتساب"))
        {
            let name: String = stem.chars().skip(before.chars().count()).collect();
            let rest = BEHIND.iter().find(|behind| rest.ends_with(**behind)).map_or(0, |behind| behind.chars().count());
            let name: String = name.chars().take(name.chars().count().saturating_sub(rest)).collect();
            return known(&name);
        }
    }
    let behind = BEHIND.iter().find(|behind| lower.ends_with(**behind))?;
    known(&stem.chars().take(stem.chars().count().saturating_sub(behind.chars().count())).collect::<String>())
}

fn known(name: &str) -> Option<String> {
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// Without the number that a second download of a file gets: ` (1)`.
pub(super) fn without_number(stem: &str) -> &str {
    match stem.strip_suffix(')').and_then(|stem| stem.rsplit_once(" (")) {
        Some((stem, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => stem,
        _ => stem,
    }
}

/// A person as an export names them: by number where the phone does not know them. The number is written as
/// WhatsApp itself writes one, so that they are the same person there.
pub(super) fn party(name: &str) -> Party {
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    let number = name.trim_start().starts_with('+')
        && digits.len() >= 6
        && name.chars().all(|c| {
            c.is_ascii_digit()
                || c.is_whitespace()
                || matches!(c, '+' | '-' | '(' | ')' | '.' | '‑' | '\u{202c}' | '\u{202a}')
        });
    if number { Party { name: None, handle: format!("+{digits}") } } else { Party::named(name, name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chats_are_named_in_many_languages() {
        for (stem, name) in [
            ("WhatsApp Chat with Ana Pérez", Some("Ana Pérez")),
            ("WhatsApp Chat with Ana Pérez (2)", Some("Ana Pérez")),
            ("WhatsApp-Chat mit Öl & Co", Some("Öl & Co")),
            ("Chat de WhatsApp con Ana", Some("Ana")),
            ("Discussion WhatsApp avec Ana", Some("Ana")),
            ("Conversa do WhatsApp com Ana", Some("Ana")),
            ("Чат WhatsApp с контактом Ана", Some("Ана")),
            ("WhatsApp Chat - Book club", Some("Book club")),
            ("Ana ile WhatsApp Sohbeti", Some("Ana")),
            ("与Ana的 WhatsApp 聊天", Some("Ana")),
            ("_chat", None),
            ("notes", None),
        ] {
            assert_eq!(chat_name(stem).as_deref(), name, "{stem}");
        }
    }

    #[test]
    fn numbers_are_those_of_whatsapp() {
        assert_eq!(party("+49 170 1234567"), Party { name: None, handle: "+491701234567".into() });
        assert_eq!(party("Ana"), Party::named("Ana", "Ana"));
        assert_eq!(party("+1 Ana"), Party::named("+1 Ana", "+1 Ana"));
    }
}
