//! Where a link leads, said before it is followed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use url::Url;

use super::hosts;

/// Longest address that is followed, in bytes.
const MAX_LENGTH: usize = 8_000;

/// What is known about a link before it is opened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LinkVerdict {
    /// It may be opened after the person confirmed; anything else can only be copied.
    pub allowed: bool,
    /// The address to open: parsed and written anew, without a user name or password. Empty when
    /// not allowed.
    pub href: String,
    /// The host as it is asked for, `xn--` where it was not ASCII; for a mail link the address.
    pub host: String,
    /// The host as it may be shown.
    pub display_host: String,
    /// The text names another host than the one the link goes to.
    pub mismatch: bool,
    /// The host's letters can be mistaken for others.
    pub mixed_script: bool,
    /// It leads to this machine or a private network: ask twice.
    pub private: bool,
    /// Sentences for the person, the gravest first.
    pub warnings: Vec<String>,
}

/// The address of a link that may be opened, written anew; `None` for any scheme but http, https
/// and mailto and for what is no absolute address.
pub(super) fn target(href: &str) -> Option<Url> {
    let mut url = Url::parse(href.trim()).ok().filter(|_| href.len() <= MAX_LENGTH)?;
    match url.scheme() {
        "http" | "https" => {
            url.host_str().filter(|host| !host.is_empty())?;
            url.set_username("").ok()?;
            url.set_password(None).ok()?;
            // A quote is legal in an address and dangerous in a shell that nobody should use.
            if url.as_str().contains('\'') {
                url = Url::parse(&url.as_str().replace('\'', "%27")).ok()?;
            }
            Some(url)
        }
        "mailto" => mail_target(&url),
        _ => None,
    }
}

/// Only what RFC 6068 §7 calls safe: no attachments, no sender, no header of the page's choice.
fn mail_target(url: &Url) -> Option<Url> {
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| {
            matches!(name.to_ascii_lowercase().as_str(), "to" | "cc" | "bcc" | "subject" | "body" | "in-reply-to")
        })
        .map(|(name, value)| (name.to_ascii_lowercase(), value.into_owned()))
        .collect();
    let mut clean = url.clone();
    clean.set_fragment(None);
    clean.set_query(None);
    if !kept.is_empty() {
        let pairs: Vec<String> = kept.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        clean.set_query(Some(&pairs.join("&")));
    }
    Some(clean)
}

/// Percent-encoded, a space as `%20`: mail programs do not read `+` as a space.
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// Judges a link by its address and the text it hides behind.
pub fn inspect(href: &str, text: &str) -> LinkVerdict {
    let Some(url) = target(href) else {
        let scheme = href.trim().split_once(':').map(|(scheme, _)| scheme.trim()).filter(|scheme| {
            !scheme.is_empty()
                && scheme.len() <= 20
                && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        });
        let reason = match scheme {
            Some(scheme) if !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https" | "mailto") => {
                format!("“{}:” links are not opened from mail; copy it if you trust it.", scheme.to_ascii_lowercase())
            }
            _ => "This is not a complete web address; copy it if you trust it.".to_owned(),
        };
        return LinkVerdict { warnings: vec![reason], ..LinkVerdict::default() };
    };
    if url.scheme() == "mailto" {
        return mail(&url, href, text);
    }
    let ascii = url.host_str().unwrap_or_default();
    let written = written_host(href)
        .filter(|written| idna::domain_to_ascii(written).is_ok_and(|written| written.eq_ignore_ascii_case(ascii)));
    let host = hosts::examine(written.unwrap_or(ascii));
    let mut warnings = Vec::new();
    let shown = host_in(text);
    let mismatch = shown.as_deref().is_some_and(|shown| !hosts::same_site(shown, ascii));
    if let Some(shown) = shown.filter(|_| mismatch) {
        warnings.push(format!("The text says {shown}, but the link goes to {ascii}."));
    }
    if host.private {
        warnings.push(format!("{ascii} is on this computer or a private network."));
    }
    warnings.extend(host.warnings);
    if Url::parse(href.trim()).is_ok_and(|raw| !raw.username().is_empty() || raw.password().is_some()) {
        warnings.push(format!("What stands before the @ is not where the link goes; it goes to {ascii}."));
    }
    if ascii.parse::<std::net::Ipv4Addr>().is_ok() || ascii.starts_with('[') {
        warnings.push(format!("The link names no site, only the number {ascii}."));
    }
    if url.port().is_some() {
        warnings.push(format!("The link uses an unusual port, {}.", url.port().unwrap_or_default()));
    }
    if url.scheme() == "http" && !host.private {
        warnings.push("The connection would not be encrypted.".into());
    }
    LinkVerdict {
        allowed: true,
        host: ascii.to_owned(),
        display_host: host.display,
        mismatch,
        mixed_script: host.mixed_script,
        private: host.private,
        warnings,
        href: url.into(),
    }
}

fn mail(url: &Url, href: &str, text: &str) -> LinkVerdict {
    let address = url.path().to_owned();
    let mut warnings = Vec::new();
    let shown = text.split_whitespace().find(|word| word.contains('@') && !word.contains('/'));
    let mismatch = shown.is_some_and(|shown| {
        let shown = shown.trim_matches(|c: char| !c.is_alphanumeric());
        !address.is_empty() && !address.to_ascii_lowercase().contains(&shown.to_ascii_lowercase())
    });
    if mismatch {
        warnings.push(format!("The text names another address than the link, which writes to {address}."));
    }
    let before = Url::parse(href.trim()).map(|url| url.query_pairs().count()).unwrap_or_default();
    if before > url.query_pairs().count() {
        warnings.push("The link asked for more than a recipient, a subject and a text; the rest was left out.".into());
    }
    LinkVerdict {
        allowed: true,
        href: url.as_str().to_owned(),
        display_host: address.clone(),
        host: address,
        mismatch,
        warnings,
        ..LinkVerdict::default()
    }
}

/// The host as it stands in the address, before any normalisation.
fn written_host(href: &str) -> Option<&str> {
    let rest = href.trim().split_once("://")?.1;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    Some(
        host.rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
            .map_or(host, |(host, _)| host),
    )
}

/// The host a text pretends to be a link to.
fn host_in(text: &str) -> Option<String> {
    for word in text.split_whitespace().take(50) {
        let word = word.trim_matches(|c: char| {
            matches!(c, '<' | '>' | '(' | ')' | '"' | '\'' | ',' | ';' | '.' | '“' | '”' | '[' | ']')
        });
        let lower = word.to_lowercase();
        let explicit = lower.starts_with("http://") || lower.starts_with("https://");
        let whole = if explicit { lower.clone() } else { format!("https://{lower}") };
        if lower.contains('@') && !explicit {
            continue;
        }
        let Some(host) = Url::parse(&whole).ok().and_then(|url| url.host_str().map(str::to_owned)) else {
            continue;
        };
        let end = host.rsplit('.').next().unwrap_or_default();
        let ending = matches!(end, "com" | "org" | "net" | "gov" | "edu" | "info" | "biz" | "example" | "app" | "dev")
            || (end.len() == 2 && end.bytes().all(|byte| byte.is_ascii_alphabetic()));
        let bare = !lower.contains('/') && text.split_whitespace().count() <= 3;
        if host.contains('.') && (explicit || lower.starts_with("www.") || (ending && (bare || lower.contains('/')))) {
            return Some(host);
        }
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_link_needs_no_word() {
        let verdict = inspect("https://www.Example.com/a?b=c#d", "www.example.com");
        assert!(verdict.allowed && !verdict.mismatch && verdict.warnings.is_empty(), "{verdict:?}");
        assert_eq!(verdict.href, "https://www.example.com/a?b=c#d");
        assert!(inspect("https://a.example/", "Read more at our site. Version 2.0 of Node.js").warnings.is_empty());
        assert!(inspect("https://docs.a.example/", "https://a.example/help").warnings.is_empty());
    }

    #[test]
    fn text_and_target_are_compared() {
        for text in
            ["https://bank.com/login", "www.bank.com", "bank.com", "Visit bank.com/login now please, it is time"]
        {
            let verdict = inspect("https://evil.example/", text);
            assert!(verdict.mismatch, "{text}");
            assert!(verdict.warnings[0].contains("evil.example"), "{:?}", verdict.warnings);
        }
        assert!(inspect("mailto:b@evil.example", "a@bank.example").mismatch);
        assert!(!inspect("mailto:a@bank.example", "a@bank.example").mismatch);
    }

    #[test]
    fn sign_in_names_are_taken_out() {
        let verdict = inspect("http://bank.example:x@evil.example/", "t");
        assert_eq!(verdict.href, "http://evil.example/");
        assert!(verdict.warnings.iter().any(|warning| warning.contains("before the @")));
    }

    #[test]
    fn mail_links_keep_what_is_safe() {
        let verdict = inspect("mailto:a@b.example?subject=Hi%20you&attach=/etc/passwd&from=x@y.example&BODY=t", "");
        assert_eq!(verdict.href, "mailto:a@b.example?subject=Hi%20you&body=t");
        assert_eq!(verdict.warnings.len(), 1);
    }

    #[test]
    fn the_known_attacks() {
        let Ok(shared) = std::env::var("INLET_SHARED") else {
            println!("skipped: the_known_attacks: INLET_SHARED is not set");
            return;
        };
        let text = std::fs::read_to_string(format!("{shared}/attacks/links.json")).unwrap();
        let rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        let mut opened = 0;
        for row in &rows {
            let href = row["href"].as_str().unwrap();
            let verdict = inspect(href, "");
            let lower: String = href.trim().to_ascii_lowercase();
            let web = lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("mailto:");
            assert!(web || !verdict.allowed, "{href}");
            if !verdict.allowed {
                assert!(verdict.href.is_empty() && !verdict.warnings.is_empty(), "{href}");
                continue;
            }
            opened += 1;
            assert!(
                verdict.href.is_ascii() && !verdict.href.contains([' ', '\'', '"', '\\', '\n', '\r', '`', '$', '|']),
                "{}",
                verdict.href
            );
            assert!(!verdict.host.is_empty() && verdict.host.is_ascii(), "{href}");
            assert!(!verdict.href.starts_with('-'), "{href}");
            for loopback in ["localhost", "2130706433", "192.168.1.1"] {
                assert!(!href.contains(loopback) || verdict.private, "{href}");
            }
            if href.contains('@') && href.starts_with("http") {
                let host = verdict.href.split('/').nth(2).unwrap();
                assert!(!host.contains('@') && host == verdict.host, "{}", verdict.href);
            }
            assert!(!verdict.href.contains("attach"), "{}", verdict.href);
        }
        assert!(rows.len() >= 30 && opened >= 8, "{} rows, {opened} may be opened", rows.len());
    }
}
