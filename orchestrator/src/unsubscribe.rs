//! The ways off a mailing list that a mail offers: `List-Unsubscribe` (RFC 2369) and its one click
//! (RFC 8058).
//!
//! The header was written by a stranger. Only `https` is believed, and of a `mailto:` only who, what about
//! and the text; whoever follows a way still refuses private addresses.

use url::{Url, form_urlencoded};

/// Bytes of the header that are looked at.
const LONGEST: usize = 16_384;

/// One way off a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// A request to this address.
    OneClick(Url),
    /// A mail.
    Mail { to: String, subject: String, text: String },
    /// A page for the browser.
    Link(Url),
}

impl Way {
    /// Who is told: the server, or the address.
    pub(crate) fn whom(&self) -> String {
        match self {
            Self::OneClick(url) | Self::Link(url) => url.host_str().unwrap_or_default().to_owned(),
            Self::Mail { to, .. } => to.clone(),
        }
    }
}

/// The ways a mail offers, the best first: one that needs nobody's further help before one that does.
pub(crate) fn ways(header: &str, one_click: bool) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    for written in header.get(..header.len().min(LONGEST)).unwrap_or_default().split('<').skip(1) {
        let Some((address, _)) = written.split_once('>') else { continue };
        let address: String = address.split_whitespace().collect();
        let Ok(url) = Url::parse(&address) else { continue };
        let way = match url.scheme() {
            "https" if url.host_str().is_none() || !url.username().is_empty() || url.password().is_some() => None,
            "https" if one_click => Some(Way::OneClick(url)),
            "https" => Some(Way::Link(url)),
            "mailto" => mail(&address),
            _ => None,
        };
        ways.extend(way.filter(|way| !ways.contains(way)));
    }
    ways.sort_by_key(|way| match way {
        Way::OneClick(_) => 0,
        Way::Mail { .. } => 1,
        Way::Link(_) => 2,
    });
    ways
}

/// A `mailto:` to one address (RFC 6068), its other headers left out.
fn mail(address: &str) -> Option<Way> {
    let (_, rest) = address.split_once(':')?;
    let (to, query) = rest.split_once('?').unwrap_or((rest, ""));
    let to = decoded(to);
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>,;\"()".contains(c);
    let (local, domain) = to.rsplit_once('@')?;
    if local.is_empty() || domain.is_empty() || !to.chars().all(plain) {
        return None;
    }
    let field = |wanted: &str| {
        let found = query.split('&').find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            name.eq_ignore_ascii_case(wanted).then(|| decoded(value))
        });
        found.map(|text| text.chars().filter(|c| !c.is_control() || *c == '\n').take(1000).collect::<String>())
    };
    let subject = field("subject").unwrap_or_default().replace('\n', " ");
    let text = field("body").filter(|text| !text.trim().is_empty()).unwrap_or_else(|| "unsubscribe".to_owned());
    Some(Way::Mail { to, subject: if subject.is_empty() { "unsubscribe".to_owned() } else { subject }, text })
}

/// Percent-decoded; a plus is a plus in such an address.
fn decoded(text: &str) -> String {
    let pair = format!("={}", text.replace('+', "%2B").replace('&', "%26"));
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn first(header: &str, one_click: bool) -> Option<Way> {
        ways(header, one_click).into_iter().next()
    }

    fn mail(to: &str, subject: &str, text: &str) -> Option<Way> {
        Some(Way::Mail { to: to.into(), subject: subject.into(), text: text.into() })
    }

    #[test]
    fn the_way_that_needs_least_comes_first() {
        let both = "<mailto:off@a.example?subject=Bye%20now>,\r\n <https://a.example/u?x=1,2>";
        assert_eq!(first(both, true), Some(Way::OneClick("https://a.example/u?x=1,2".parse().unwrap())));
        assert_eq!(first(both, false), mail("off@a.example", "Bye now", "unsubscribe"));
        assert_eq!(first("<https://a.example/u>", false), Some(Way::Link("https://a.example/u".parse().unwrap())));
    }

    #[test]
    fn a_mail_has_one_address_and_no_headers_of_the_lists_choice() {
        assert_eq!(
            first("<mailto:a+b@a.example?body=stop%0Aplease&cc=x@y.example&Subject=a+b>", false),
            mail("a+b@a.example", "a+b", "stop\nplease")
        );
        for bad in ["<mailto:>", "<mailto:a@b.example,c@d.example>", "<mailto:a%0Ab@c.example>", "<mailto:?to=a@b.c>"] {
            assert_eq!(first(bad, true), None, "{bad}");
        }
    }

    #[test]
    fn nothing_but_https_and_mail_is_believed() {
        for bad in [
            "",
            "https://a.example/u",
            "<http://a.example/u>",
            "<javascript:alert(1)>",
            "<https://me:pass@a.example/>",
            "<file:///etc/passwd>",
            "<https://",
            "<<<>>>",
        ] {
            assert_eq!(first(bad, true), None, "{bad}");
        }
        assert!(ways(&"<https://a.example/u>,".repeat(20_000), true).len() == 1);
    }
}
