//! What an image in a mail points at, and whether it is there to be seen or to see.

use base64::{Engine, engine::general_purpose::STANDARD};
use url::Url;

use super::dom::Element;

/// Where an image comes from.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Image {
    /// A part of the mail, by Content-ID.
    Inline(String),
    /// Bytes in the mail itself.
    Data(String),
    /// A host, which would learn that the mail was read.
    Remote(String),
    /// A remote image that is there to report the reader; the host it reports to.
    Tracker(String),
    /// Anything else.
    Broken,
}

/// Hosts, and ends of hosts, whose images report openings.
const TRACKING_HOSTS: &[&str] = &[
    "awstrack.me",
    "bl-1.com",
    "clicks.aweber.com",
    "click.icptrack.com",
    "createsend1.com",
    "emltrk.com",
    "getnotify.com",
    "google-analytics.com",
    "list-manage.com",
    "mailfoogae.appspot.com",
    "mailtag.io",
    "mailtrack.io",
    "mandrillapp.com",
    "mixmax.com",
    "open.convertkit-mail.com",
    "open.convertkit-mail2.com",
    "pixel.app.returnpath.net",
    "ping.answerbook.com",
    "readnotify.com",
    "rs6.net",
    "sendgrid.net",
    "sidekickopen.com",
    "track.customer.io",
    "tracking.inflection.io",
    "t.signaux.com",
    "t.sidekickopen01.com",
    "t.yesware.com",
    "yesware.com",
    "doubleclick.net",
    "superhuman.com",
    "streak.com",
    "cirrusinsight.com",
    "bananatag.com",
    "open.mkt",
    "app.cirrusinsight.com",
];

/// Words of a path that say what the image is for.
const TRACKING_WORDS: &[&str] = &[
    "open",
    "opens",
    "track",
    "tracking",
    "tracker",
    "pixel",
    "beacon",
    "wf",
    "o.gif",
    "spacer",
    "openpixel",
    "imp",
    "trk",
    "px",
];

/// Judges one `<img>`; `style` is its style, already filtered.
pub(super) fn classify(image: &Element, style: &str) -> Image {
    let source = image.attribute("src").unwrap_or_default().trim();
    let (scheme, rest) = source.split_once(':').unwrap_or_default();
    if scheme.eq_ignore_ascii_case("cid") {
        return Image::Inline(percent_decoded(rest));
    }
    if scheme.eq_ignore_ascii_case("data") {
        return if is_raster_data(source) { Image::Data(source.to_owned()) } else { Image::Broken };
    }
    let absolute = if source.starts_with("//") { format!("https:{source}") } else { source.to_owned() };
    let Ok(url) = Url::parse(&absolute) else { return Image::Broken };
    if !matches!(url.scheme(), "http" | "https") {
        return Image::Broken;
    }
    let Some(host) = url.host_str().map(str::to_owned) else { return Image::Broken };
    if is_tiny(image, style) || is_known(&host) || names_reader(image, &url) {
        Image::Tracker(host)
    } else {
        Image::Remote(url.into())
    }
}

/// A `data:` URI of a raster image in base64. SVG is no raster: it is a document.
pub(super) fn is_raster_data(uri: &str) -> bool {
    let Some((head, body)) = uri.split_once(',') else { return false };
    let kinds = ["png", "jpeg", "jpg", "gif", "webp"];
    let known = kinds.iter().any(|kind| head.eq_ignore_ascii_case(&format!("data:image/{kind};base64")));
    known && !body.is_empty() && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=\r\n \t".contains(&byte))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let code = (byte == b'%')
            .then(|| Some((ahead.next()? as char).to_digit(16)? * 16 + (ahead.next()? as char).to_digit(16)?))
            .flatten();
        match code.and_then(|code| u8::try_from(code).ok()) {
            Some(code) => {
                bytes.push(code);
                rest = ahead;
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// At most two pixels in one direction, or not shown at all.
fn is_tiny(image: &Element, style: &str) -> bool {
    let small = |text: &str| text.trim().trim_end_matches("px").trim().parse::<f32>().is_ok_and(|size| size <= 2.0);
    if ["width", "height"].iter().any(|name| image.attribute(name).is_some_and(small)) {
        return true;
    }
    style.split(';').filter_map(|one| one.split_once(':')).any(|(name, value)| match name {
        "width" | "height" | "max-width" | "max-height" => small(value),
        "display" => value == "none",
        "visibility" => value == "hidden",
        "opacity" => value == "0",
        _ => false,
    })
}

fn is_known(host: &str) -> bool {
    TRACKING_HOSTS
        .iter()
        .any(|known| host.strip_suffix(known).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}

/// The address asks by name: it holds a mail address, or an opaque token on a path that says "open".
fn names_reader(image: &Element, url: &Url) -> bool {
    let query = url.query().unwrap_or_default();
    let whole = format!("{}?{query}", url.path()).to_ascii_lowercase();
    let holds_address = url.query_pairs().any(|(_, value)| looks_like_address(&value))
        || whole.split(['/', '?', '&', '=']).any(|piece| looks_like_address(&percent_decoded(piece)))
        || url.query_pairs().any(|(_, value)| {
            value.len() >= 8
                && STANDARD
                    .decode(value.as_bytes())
                    .is_ok_and(|bytes| std::str::from_utf8(&bytes).is_ok_and(looks_like_address))
        });
    let token = |text: &str| {
        text.len() >= 16
            && text.bytes().any(|byte| byte.is_ascii_digit())
            && text.bytes().any(|byte| byte.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=.~%".contains(&byte))
    };
    let has_token = url.query_pairs().any(|(_, value)| token(&value)) || url.path().split('/').any(token);
    let said = url.path().to_ascii_lowercase().split(['/', '.', '-', '_']).any(|word| TRACKING_WORDS.contains(&word));
    let unseen = image.attribute("alt").unwrap_or_default().trim().is_empty() && image.attribute("width").is_none();
    holds_address || (said && (has_token || (unseen && !query.is_empty())))
}

fn looks_like_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && local.len() <= 64
            && !domain.contains(['@', '/', ' '])
            && domain.contains('.')
            && !domain.starts_with('.')
            && domain
                .rsplit('.')
                .next()
                .is_some_and(|end| end.len() >= 2 && end.bytes().all(|byte| byte.is_ascii_alphabetic()))
    }) && !text.to_ascii_lowercase().ends_with(".png")
        && !text.to_ascii_lowercase().ends_with(".jpg")
        && !text.to_ascii_lowercase().ends_with(".gif")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    fn of(attributes: &[(&str, &str)]) -> Image {
        classify(&Element::ours("img", attributes), "")
    }

    #[test]
    fn inline_images_by_content_id() {
        assert_eq!(of(&[("src", "CID:a%40b.example")]), Image::Inline("a@b.example".into()));
        assert_eq!(of(&[("src", "cid:100%")]), Image::Inline("100%".into()));
    }

    #[test]
    fn only_raster_data() {
        assert!(matches!(of(&[("src", "data:image/gif;base64,R0lGOD==")]), Image::Data(_)));
        for source in [
            "data:image/svg+xml;base64,AAAA",
            "data:text/html,<script>alert(1)</script>",
            "data:image/png,raw",
            "data:image/png;base64,\"><script>",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "\\\\host\\share",
            "x.png",
            "",
        ] {
            assert_eq!(of(&[("src", source)]), Image::Broken, "{source}");
        }
    }

    #[test]
    fn trackers_are_told_from_pictures() {
        for attributes in [
            &[("src", "https://a.example/logo.png"), ("width", "1")][..],
            &[("src", "https://a.example/logo.png"), ("height", "0px")],
            &[("src", "https://x.list-manage.com/a.png")],
            &[("src", "https://a.example/i.png?user=ann%40b.example")],
            &[("src", "https://a.example/i.png?u=YW5uQGIuZXhhbXBsZQ==")],
            &[("src", "https://a.example/open/3f2a9c77e1b04d5588aa")],
            &[("src", "https://a.example/open.gif?x=1")],
        ] {
            assert_eq!(of(attributes), Image::Tracker(attributes[0].1.split('/').nth(2).unwrap_or_default().into()));
        }
        for source in [
            "https://a.example/logo.png",
            "https://a.example/opening-hours.png?v=3",
            "https://media.a.example/dms/image/C4E03AQ?e=1700000000&v=beta&t=3f2a9c77e1b04d5588aa",
            "https://a.example/logo@2x.png",
        ] {
            assert_eq!(of(&[("src", source)]), Image::Remote(source.into()));
        }
        assert_eq!(of(&[("src", "//a.example/x.png")]), Image::Remote("https://a.example/x.png".into()));
        let hidden = Element::ours("img", &[("src", "https://a.example/x.png")]);
        assert_eq!(classify(&hidden, "display:none"), Image::Tracker("a.example".into()));
    }
}
