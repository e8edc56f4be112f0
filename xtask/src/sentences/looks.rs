//! Whether a text is one for people, by its looks.

/// Words of languages for machines: SQL, the queries of Graph, IMAP.
const MACHINES: &[&str] = &[
    "SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "PRAGMA", "VACUUM", "WITH", "WHERE", "AND", "NOT",
    "IN", "ORDER", "desc", "asc", "eq", "UID", "FETCH", "SEARCH", "ENABLE",
];

/// What looks like words for people and is not.
const NOT_SAID: &[&str] = &[
    "%a, %-d %b %Y at %H:%M UTC",
    "* VANISHED (EARLIER) ",
    "LIST \"\" \"*\" RETURN (SPECIAL-USE)",
    "On {at}, {author} wrote:",
    "\\Draft \\Seen",
    "Bearer {expose_secret}",
    "From {from} {1}",
    "Fwd: {title}",
    "Re: {title}",
    "button {place}",
    "bytes {at}-{0}/{size}",
    "event {seq}",
    "notice {item}",
    "via Inlet",
    // What a test message says to whoever gets it.
    "If you can read this, Inlet can write here.",
    "Test from Inlet",
    "{author} wrote:",
    "answer to {key}",
    "answer to {0}",
    "{id} {0}.eml",
    "data key of {data_dir}",
    "gap since {since}",
    "inlet picture {index};",
    "mon tue wed thu fri",
    "next month",
    "next week",
    "noopener noreferrer",
    "verify token for {path}",
    // The page a browser shows after somebody signed in at a provider: it has its own languages.
    "Auf diese Anmeldung wartet Inlet nicht. Bitte in Inlet noch einmal beginnen.",
    "Das hat nicht geklappt",
    "Die Anmeldung hat geklappt",
    "Go back to Inlet. This tab can be closed.",
    "Hier ist nichts zu sehen",
    "Inlet sagt, warum, und was zu tun ist. Dieser Tab kann geschlossen werden.",
    "Inlet says why, and what to do. This tab can be closed.",
    "Nothing to see here",
    "That did not work",
    "This is not the sign-in Inlet is waiting for. Begin again in Inlet.",
    "Weiter geht es in Inlet. Dieser Tab kann geschlossen werden.",
    "You are signed in",
];

/// Single words that are shown, or fill a hole of a sentence.
const SAID: &[&str] = &[
    "archived",
    "call",
    "deleted",
    "labelled",
    "meeting",
    "moved",
    "muted",
    "refused",
    "settled",
    "snoozed",
    "somebody",
    "Somebody",
    "starred",
    "undone",
    "unmuted",
    "unstarred",
];

/// Two words in natural writing, or one beside a hole, and nothing of a language for machines.
pub(super) fn is_speech(text: &str) -> bool {
    if NOT_SAID.contains(&text) || for_machines(text) {
        return false;
    }
    let said = words(text).filter(|word| is_word(word)).count();
    let holes = words(text).filter(|word| word.starts_with('{') && word.ends_with('}')).count();
    SAID.contains(&text) || said > 0 && said + holes > 1
}

/// One word is enough, where it is known to be shown.
pub(super) fn is_shown(text: &str) -> bool {
    !NOT_SAID.contains(&text) && words(text).any(is_word)
}

fn for_machines(text: &str) -> bool {
    let markup = text
        .split('<')
        .skip(1)
        .any(|after| after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!'));
    let wire = text.contains(char::is_control);
    let styles = text.contains("'none'") || text.contains(":#");
    markup
        || wire
        || styles
        || text.contains("?1")
        || text.contains(" = '")
        || words(text).any(|word| MACHINES.contains(&word))
}

/// `likeThis`
fn is_key(word: &str) -> bool {
    word.starts_with(char::is_lowercase) && word.contains(char::is_uppercase)
}

/// What stands between spaces, without the signs around it; a hole is no word.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '{' && c != '}'))
}

fn is_word(word: &str) -> bool {
    if is_key(word) || word.chars().all(|c| c.is_uppercase() || !c.is_alphabetic()) {
        return false;
    }
    word.chars().filter(|c| c.is_alphabetic()).count() > 1 && !word.contains(['{', '_', '/', '=', ':', '\\'])
        || word.contains('}') && word.ends_with(|c: char| c.is_alphabetic())
}
