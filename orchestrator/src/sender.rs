//! Whether a mail comes from whom it says, in words.

use inlet_model::Party;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::html::hosts;

/// What the receiving server found out about the sender.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum SenderBadge {
    /// The account's own server vouches for the domain of the address.
    Authenticated,
    /// The account's own server says the mail is not from that domain.
    Failed,
    /// Nobody who can be believed said anything.
    #[default]
    Unknown,
}

/// What can be said about a sender.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SenderVerdict {
    /// The finding of the account's server.
    pub badge: SenderBadge,
    /// The address as it may be shown: no control characters, a deceptive domain as `xn--`.
    pub address: String,
    /// Sentences for the person, the gravest first.
    pub warnings: Vec<String>,
}

/// Judges a sender.
///
/// `authentication_results` is the topmost header of that name (RFC 8601). It counts only when its
/// authserv-id is one of `provider_hosts`, the hosts of the account's provider: anybody can write
/// such a header into a mail, only that provider's comes last and so stands on top.
pub fn verdict(
    from: &Party,
    reply_to: &[Party],
    authentication_results: Option<&str>,
    provider_hosts: &[String],
) -> SenderVerdict {
    let handle = clean(&from.handle);
    let name = from.name.as_deref().map(clean).unwrap_or_default();
    let mut warnings = Vec::new();
    let (local, domain) = handle.rsplit_once('@').unwrap_or_default();
    let badge = authentication_results.map_or(SenderBadge::Unknown, |header| badge(header, domain, provider_hosts));
    if badge == SenderBadge::Failed {
        warnings.push("Your mail server could not confirm that this mail comes from its sender's address.".to_owned());
    }

    let host = hosts::examine(domain);
    let address = if domain.is_empty() { handle.clone() } else { format!("{local}@{}", host.display) };
    if local.is_empty()
        || domain.is_empty()
        || local.contains(|c: char| c.is_whitespace() || "<>()[],;:\\\"@".contains(c))
    {
        warnings.push("The sender's address is malformed.".into());
    }
    if !domain.is_empty() {
        warnings.extend(host.warnings);
    }
    if from.handle != handle || from.name.as_deref().is_some_and(|raw| raw.chars().any(is_deceptive)) {
        warnings.push("The sender's name or address holds invisible characters.".into());
    }
    if let Some(claimed) = address_in(&name)
        && !claimed.eq_ignore_ascii_case(&handle)
    {
        warnings.push(format!("The sender calls itself {claimed}, but the address is {address}."));
    } else if let Some(claimed) = domain_in(&name)
        && !hosts::same_site(&claimed, domain)
    {
        warnings.push(format!("The sender calls itself {claimed}, but the address is {address}."));
    }
    if name.split_whitespace().any(|word| {
        let letters: String = word.chars().filter(|c| c.is_alphabetic()).collect();
        !letters.is_ascii() && hosts::is_disguised(&letters)
    }) {
        warnings.push("The sender's name mixes letters of different scripts that look alike.".into());
    }

    let elsewhere = reply_to.iter().map(|party| clean(&party.handle)).find(|other| {
        let other_domain = other.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
        !other_domain.is_empty() && !hosts::same_site(other_domain, domain)
    });
    if let Some(other) = elsewhere {
        warnings.push(format!("A reply would go to {other}, not to {address}."));
    }
    SenderVerdict { badge, address, warnings }
}

/// Control, direction and zero-width characters.
fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

fn clean(text: &str) -> String {
    text.chars().filter(|c| !is_deceptive(*c)).take(1_000).collect::<String>().trim().to_owned()
}

/// A mail address within a display name, with look-alike letters of `@` and dots folded.
fn address_in(name: &str) -> Option<String> {
    let folded = name.replace(['＠', '﹫'], "@").replace(['。', '．'], ".");
    folded
        .split(|c: char| {
            c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '"' | '\'' | ',' | ';' | '[' | ']' | ':')
        })
        .find(|word| {
            word.split_once('@')
                .is_some_and(|(local, domain)| !local.is_empty() && domain.trim_matches('.').contains('.'))
        })
        .map(|word| word.trim_matches('.').to_owned())
}

/// A web domain a display name claims to be, such as `paypal.com`.
fn domain_in(name: &str) -> Option<String> {
    let word = name
        .split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '"' | ',' | ';' | '[' | ']'))
        .find(|word| {
            let end = word.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
            matches!(end.as_str(), "com" | "net" | "org" | "gov" | "edu" | "bank" | "example")
        })?;
    let known = word.to_ascii_lowercase();
    let plain = known.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-');
    plain.then_some(known)
}

fn badge(header: &str, domain: &str, provider_hosts: &[String]) -> SenderBadge {
    let header = without_comments(header);
    let mut parts = header.split(';');
    let server = parts.next().unwrap_or_default().split_whitespace().next().unwrap_or_default();
    let ours = provider_hosts.iter().any(|host| {
        let host = host.trim_end_matches('.');
        !host.is_empty() && (server.eq_ignore_ascii_case(host) || (host.contains('.') && is_below(server, host)))
    });
    if !ours {
        return SenderBadge::Unknown;
    }
    let mut badge = SenderBadge::Unknown;
    for part in parts {
        let mut words = part.split_whitespace();
        let Some((method, result)) = words.next().and_then(|word| word.split_once('=')) else {
            continue;
        };
        let property = |wanted: &str| {
            part.split_whitespace()
                .find_map(|word| word.split_once('=').filter(|(name, _)| name.eq_ignore_ascii_case(wanted)))
                .map(|(_, value)| value)
        };
        let method = method.split('/').next().unwrap_or_default().to_ascii_lowercase();
        match (method.as_str(), result.to_ascii_lowercase().as_str()) {
            ("dmarc", "fail") => return SenderBadge::Failed,
            ("dmarc", "pass") => {
                let about = property("header.from")
                    .is_none_or(|named| named.eq_ignore_ascii_case(domain) || hosts::same_site(named, domain));
                if !about {
                    return SenderBadge::Unknown;
                }
                badge = SenderBadge::Authenticated;
            }
            // A signature vouches for the domain that signed, so it must be the sender's.
            ("dkim", "pass") => {
                let signer = property("header.d").or_else(|| property("header.i").and_then(|id| id.rsplit('@').next()));
                if signer.is_some_and(|signer| signer.eq_ignore_ascii_case(domain) || is_below(domain, signer)) {
                    badge = SenderBadge::Authenticated;
                }
            }
            _ => {}
        }
    }
    badge
}

/// `name` is a host below `parent`.
fn is_below(name: &str, parent: &str) -> bool {
    let (name, parent) = (name.to_ascii_lowercase(), parent.to_ascii_lowercase());
    name.strip_suffix(&parent).is_some_and(|before| before.ends_with('.') && before.len() > 1) && parent.contains('.')
}

/// Comments may nest and may hold semicolons and results (RFC 5322 §3.2.2); quoted strings too.
fn without_comments(header: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_u32;
    let mut quoted = false;
    let mut chars = header.chars().take(16_384);
    while let Some(c) = chars.next() {
        match c {
            '\\' if depth > 0 || quoted => {
                chars.next();
            }
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ';' | '=' if quoted => out.push('_'),
            '\r' | '\n' | '\t' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    const HOST: &str = "mx.own.example";

    fn badge_of(header: &str) -> SenderBadge {
        verdict(&Party::named("Ann", "ann@a.example"), &[], Some(header), &[HOST.into()]).badge
    }

    fn warnings(name: &str, handle: &str) -> Vec<String> {
        verdict(&Party::named(name, handle), &[], None, &[]).warnings
    }

    #[test]
    fn only_the_own_server_is_believed() {
        assert_eq!(badge_of("mx.own.example; dmarc=pass header.from=a.example"), SenderBadge::Authenticated);
        assert_eq!(badge_of("mx.own.example 1; dkim=pass header.d=a.example; spf=fail"), SenderBadge::Authenticated);
        assert_eq!(badge_of("MX.OWN.EXAMPLE; dmarc=fail (p=reject) header.from=a.example"), SenderBadge::Failed);
        assert_eq!(badge_of("mx.evil.example; dmarc=pass header.from=a.example"), SenderBadge::Unknown);
        assert_eq!(badge_of("mx.own.example.evil.example; dmarc=pass"), SenderBadge::Unknown);
        assert_eq!(badge_of("evilmx.own.example; dmarc=pass"), SenderBadge::Unknown);
    }

    #[test]
    fn a_pass_is_for_the_senders_domain_only() {
        assert_eq!(badge_of("mx.own.example; dkim=pass header.d=evil.example"), SenderBadge::Unknown);
        assert_eq!(badge_of("mx.own.example; dkim=pass header.i=@a.example"), SenderBadge::Authenticated);
        assert_eq!(badge_of("mx.own.example; dmarc=pass header.from=evil.example"), SenderBadge::Unknown);
        assert_eq!(badge_of("mx.own.example; spf=pass smtp.mailfrom=a.example"), SenderBadge::Unknown);
        assert_eq!(badge_of("mx.own.example; none"), SenderBadge::Unknown);
        assert_eq!(
            badge_of("mx.own.example; spf=none (x; dmarc=pass) smtp.mailfrom=\"y; dmarc=pass\""),
            SenderBadge::Unknown
        );
        assert_eq!(badge_of(""), SenderBadge::Unknown);
    }

    #[test]
    fn honest_senders_are_left_alone() {
        for (name, handle) in [
            ("Ann", "ann@a.example"),
            ("ann@a.example", "ann@a.example"),
            ("Größe & Söhne", "info@grösse.de"),
            ("Иван", "ivan@example.com"),
            ("Amazon.com", "no-reply@mail.amazon.com"),
        ] {
            assert_eq!(warnings(name, handle), Vec::<String>::new(), "{name}");
        }
        let reply = [Party::named("Ann", "replies@mail.a.example")];
        assert!(verdict(&Party::named("Ann", "ann@a.example"), &reply, None, &[]).warnings.is_empty());
    }

    #[test]
    fn spoofs_are_said_in_words() {
        for (name, handle) in [
            ("ceo@bank.example", "m@attacker.example"),
            ("Boss (ceo＠bank.example)", "m@attacker.example"),
            ("paypal.com", "m@attacker.example"),
            ("Bаnk", "m@attacker.example"),
            ("Ann\u{202e}", "ann@a.example"),
            ("Ann", "not an address"),
            ("Ann", ""),
        ] {
            assert!(!warnings(name, handle).is_empty(), "{name} {handle}");
        }
        let reply = [Party::named("Ann", "ann@evil.example")];
        let found = verdict(&Party::named("Ann", "ann@a.example"), &reply, None, &[]).warnings;
        assert_eq!(found, ["A reply would go to ann@evil.example, not to ann@a.example."]);
    }

    #[test]
    fn the_known_attacks() {
        let Ok(shared) = std::env::var("INLET_SHARED") else {
            println!("skipped: the_known_attacks: INLET_SHARED is not set");
            return;
        };
        let text = std::fs::read_to_string(format!("{shared}/attacks/header-spoof.json")).unwrap();
        let rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        let mut seen = 0;
        for row in rows.iter().filter(|row| row["field"] == "From") {
            let raw = format!("From: {}\r\n\r\nx", row["raw"].as_str().unwrap());
            let message = mail_parser::MessageParser::default().parse(raw.as_bytes()).unwrap();
            let address = message.from().and_then(|from| from.first());
            let party = Party {
                name: address.and_then(|address| address.name()).map(Into::into),
                handle: address.and_then(|address| address.address()).unwrap_or_default().into(),
            };
            let found = verdict(&party, &[], None, &[]);
            seen += 1;
            assert!(!found.address.chars().any(is_deceptive), "{}", row["id"]);
            let expect = row["expect"].as_str().unwrap();
            let name = party.name.clone().unwrap_or_default();
            let silent_is_right = expect.starts_with("no CR/LF")
                || !name.contains('@') && expect.starts_with("real address") && !name.chars().any(is_deceptive);
            assert!(silent_is_right || !found.warnings.is_empty(), "{}: {party:?}", row["id"]);
            if !party.handle.is_ascii() {
                assert!(found.address.is_ascii(), "{}", found.address);
            }
        }
        for row in rows.iter().filter(|row| row["expect"].as_str().unwrap().starts_with("shown as \"not verified\"")) {
            let top = row["raw"].as_str().unwrap().lines().next().unwrap_or_default();
            let (name, value) = top.split_once(": ").unwrap();
            let header = (name == "Authentication-Results").then_some(value);
            let found = verdict(&Party::named("B", "b@bank.example"), &[], header, &[HOST.into()]);
            assert_ne!(found.badge, SenderBadge::Authenticated, "{}", row["id"]);
            seen += 1;
        }
        assert!(seen >= 15, "{seen}");
    }
}
