//! What a host name says and what it only seems to say.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use unicode_security::{MixedScript, confusable_detection::skeleton};

/// Domains that strangers like to be taken for.
const IMITATED: &[&str] = &[
    "adobe.com",
    "amazon.com",
    "amazon.co.uk",
    "amazon.de",
    "americanexpress.com",
    "apple.com",
    "bankofamerica.com",
    "booking.com",
    "chase.com",
    "coinbase.com",
    "dhl.com",
    "docusign.com",
    "docusign.net",
    "dropbox.com",
    "ebay.com",
    "facebook.com",
    "fedex.com",
    "github.com",
    "gmail.com",
    "google.com",
    "hsbc.com",
    "icloud.com",
    "instagram.com",
    "linkedin.com",
    "live.com",
    "microsoft.com",
    "microsoftonline.com",
    "netflix.com",
    "office.com",
    "outlook.com",
    "paypal.com",
    "slack.com",
    "stripe.com",
    "ups.com",
    "usps.com",
    "wellsfargo.com",
    "whatsapp.com",
    "yahoo.com",
    "zoom.us",
];

/// Last labels that people recognise as the end of an address.
const ENDINGS: &[&str] = &[
    "com", "net", "org", "gov", "edu", "example", "info", "bank", "de", "fr", "uk", "eu", "io", "co", "us", "ch", "at",
    "nl", "it", "es",
];

/// Labels that stand before a country's and are no name of their own.
const SECOND_LEVEL: &[&str] =
    &["co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go", "gv", "gob", "gouv", "ltd", "plc"];

/// A host, looked at closely.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Host {
    /// As it is asked for: ASCII, `xn--` where it was not.
    pub ascii: String,
    /// As it may be shown: in its own letters only when those cannot be mistaken.
    pub display: String,
    /// Letters of several scripts, or letters that look like others.
    pub mixed_script: bool,
    /// This machine or a private network.
    pub private: bool,
    /// Sentences for the person.
    pub warnings: Vec<String>,
}

/// Looks at a host name or IP address as it was written.
pub fn examine(written: &str) -> Host {
    let written = written.trim().trim_end_matches('.');
    let (ascii, valid) = match idna::domain_to_ascii(written) {
        Ok(ascii) if !ascii.is_empty() => (ascii, true),
        _ => (written.chars().flat_map(char::escape_default).collect(), false),
    };
    let (unicode, decoded) = idna::domain_to_unicode(&ascii);
    let mut host = Host { private: is_private(&ascii), ..Host::default() };
    if !valid || decoded.is_err() || (ascii.ends_with("xn--a") || !written.is_ascii() && unicode.is_empty()) {
        host.mixed_script = true;
        host.warnings.push(format!("“{ascii}” is not a valid host name."));
    }
    if written.contains(['\u{3002}', '\u{ff0e}', '\u{ff61}']) {
        host.warnings.push(format!("The address is written with unusual dots; it goes to {ascii}."));
    }
    if !unicode.is_ascii() {
        let mixed = unicode.split('.').any(|label| !label.is_single_script());
        let latin_looking = skeleton(&unicode).all(|c| c.is_ascii());
        if mixed || latin_looking {
            host.mixed_script = true;
            host.warnings
                .push(format!("The letters of this address can be mistaken for others; its real name is {ascii}."));
        }
    }
    if written.contains(['ß', 'ẞ', 'ς', '\u{200c}', '\u{200d}']) {
        // IDNA 2003 read these letters otherwise, so programs disagree about whose name it is.
        host.warnings.push(format!("Programs read this name in different ways; here it means {ascii}."));
        host.mixed_script = true;
    }
    if let Some(imitated) = imitated(written, &unicode, &ascii) {
        host.warnings.push(format!("This looks like {imitated} but is {ascii}."));
    }
    if let Some(ending) = decoy(&ascii) {
        host.warnings.push(format!("This address belongs to {ending}, whatever stands before it."));
    }
    host.display = if host.mixed_script || !valid { ascii.clone() } else { unicode };
    host.ascii = ascii;
    host
}

/// The part of a host somebody registered: its last two labels, or three where the last two are
/// an ending such as `co.uk`.
pub fn registrable(host: &str) -> &str {
    if host.parse::<IpAddr>().is_ok() || host.starts_with('[') {
        return host;
    }
    let mut starts: Vec<usize> = host.match_indices('.').map(|(at, _)| at + 1).collect();
    let mut labels = host.rsplit('.');
    let (top, second) = (labels.next().unwrap_or_default(), labels.next().unwrap_or_default());
    let wanted = if top.len() == 2 && SECOND_LEVEL.contains(&second) { 3 } else { 2 };
    starts.reverse();
    starts.get(wanted - 1).and_then(|at| host.get(*at..)).unwrap_or(host)
}

/// The two hosts belong to one registrable domain.
pub fn same_site(one: &str, other: &str) -> bool {
    registrable(&one.to_ascii_lowercase()) == registrable(&other.to_ascii_lowercase())
}

/// The host is this machine, a private network, or a name that only such a network knows.
pub fn is_private(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches([']', '.']).to_ascii_lowercase();
    if let Ok(address) = host.parse::<IpAddr>() {
        return is_private_address(address);
    }
    let endings = ["localhost", "local", "internal", "lan", "home", "corp", "intranet", "home.arpa", "localdomain"];
    !host.contains('.')
        || endings
            .iter()
            .any(|end| host.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}

fn is_private_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_private_v4(v4),
        IpAddr::V6(v6) => {
            embedded_v4(v6).is_some_and(is_private_v4)
                || v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
        }
    }
}

fn embedded_v4(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    v6.to_ipv4_mapped().or(match v6.octets() {
        [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d] => Some(Ipv4Addr::new(a, b, c, d)),
        _ => None,
    })
}

fn is_private_v4(v4: Ipv4Addr) -> bool {
    let [a, b, ..] = v4.octets();
    v4.is_loopback()
        || v4.is_private()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_broadcast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
}

/// A word in letters of several scripts that are not written together.
pub fn is_disguised(word: &str) -> bool {
    !word.is_single_script()
}

/// The well-known domain this one looks like without being it.
fn imitated(written: &str, unicode: &str, ascii: &str) -> Option<&'static str> {
    let own = registrable(ascii);
    if IMITATED.contains(&own) {
        return None;
    }
    let looks: Vec<String> = [written, unicode].iter().map(|text| skeleton(registrable(text)).collect()).collect();
    let swapped = own.replace('0', "o").replace('1', "l").replace("rn", "m").replace("vv", "w");
    IMITATED.iter().copied().find(|known| {
        let bones: String = skeleton(known).collect();
        looks.contains(&bones) || swapped == *known
    })
}

/// The true end of a host in which something that looks like a whole domain stands before it.
fn decoy(ascii: &str) -> Option<&str> {
    let own = registrable(ascii);
    let before = ascii.strip_suffix(own)?.trim_end_matches('.');
    let labels = before.split('.').skip(1);
    let inner = labels.clone().any(|label| ENDINGS.contains(&label) && label.len() > 2);
    let name = own.split('.').next().unwrap_or_default();
    let dashed = name
        .split_once('-')
        .is_some_and(|(_, rest)| rest.split('-').any(|word| ENDINGS.contains(&word) && word.len() > 2));
    let brand = before
        .split('.')
        .any(|label| IMITATED.iter().any(|known| known.split('.').next() == Some(label) && label.len() > 4));
    (inner || dashed || brand && !IMITATED.contains(&own)).then_some(own)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn registrable_domains() {
        assert_eq!(registrable("www.a.example.com"), "example.com");
        assert_eq!(registrable("www.bbc.co.uk"), "bbc.co.uk");
        assert_eq!(registrable("example"), "example");
        assert_eq!(registrable("10.0.0.1"), "10.0.0.1");
        assert!(same_site("mail.Example.com", "www.example.com"));
        assert!(!same_site("example.com", "example.org"));
    }

    #[test]
    fn private_hosts() {
        for host in [
            "localhost",
            "ipc.localhost",
            "127.0.0.1",
            "10.1.2.3",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "[::1]",
            "[fe80::1]",
            "[fd00::1]",
            "[::ffff:127.0.0.1]",
            "router",
            "printer.local",
            "224.0.0.1",
            "[64:ff9b::7f00:1]",
        ] {
            assert!(is_private(host), "{host}");
        }
        for host in ["example.com", "8.8.8.8", "[2606:4700::1111]", "100.128.0.1", "local.example"] {
            assert!(!is_private(host), "{host}");
        }
    }

    #[test]
    fn honest_names_pass_without_a_word() {
        for host in
            ["example.com", "www.bbc.co.uk", "пример.рф", "例え.jp", "müller.de", "mail.google.com", "my-shop.de"]
        {
            assert_eq!(examine(host).warnings, Vec::<String>::new(), "{host}");
        }
        assert_eq!(examine("müller.de").display, "müller.de");
        assert_eq!(examine("müller.de").ascii, "xn--mller-kva.de");
    }

    #[test]
    fn dishonest_names_do_not() {
        for host in [
            "paypaI.com",
            "rnicrosoft.com",
            "раураl.com",
            "xn--a",
            "faß.de",
            "bank.example.attacker.example",
            "paypal.com.evil.net",
            "",
        ] {
            assert!(!examine(host).warnings.is_empty(), "{host}");
        }
        assert!(examine("раураl.com").display.starts_with("xn--"));
    }
}
