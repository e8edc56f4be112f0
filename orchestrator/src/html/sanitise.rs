//! Writes the tree of a mail as the body of a document that is safe to show.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::LazyLock,
};

use inlet_model::Todo;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    FrameWords, allow,
    css::{self, Declaration, Sheet},
    dom::{self, Data, Dom, Element, Id, MAX_DEPTH},
    images::{self, Image},
    quote,
};

/// Bytes of source that are read; what comes behind them is cut, and said to be.
const MAX_INPUT: usize = 2 * 1024 * 1024;
/// Bytes written, images left out of account.
const MAX_OUTPUT: usize = 6 * 1024 * 1024;
/// Bytes of style attributes read in one mail.
const MAX_STYLES: usize = 8 * 1024 * 1024;
/// Bytes of `<style>` blocks read in one mail.
const MAX_SHEET: usize = 512 * 1024;
/// Bytes of text written at once.
const PIECE: usize = 4 * 1024;
/// Escaped characters without a tag between them.
const MAX_ESCAPED: usize = 1_000;
/// Remote images offered to the person.
const MAX_REMOTE: usize = 500;

/// What may be shown beside the mail itself.
pub struct RenderOptions<'a> {
    /// A part of the mail by Content-ID (without angle brackets), as a `data:` URI of a raster image.
    pub inline: &'a dyn Fn(&str) -> Option<String>,
    /// Remote images the person asked for, by the address [`Rendered::remote_images`] gave, as
    /// `data:` URIs of raster images.
    pub images: HashMap<String, String>,
    /// Quotations are folded away.
    pub fold: bool,
    /// Whether the to-dos of a page are ticked, from top to bottom: what the person did here is newer
    /// than the page.
    pub ticks: Vec<bool>,
    /// What stands there that the mail does not say.
    pub words: FrameWords,
}

impl Default for RenderOptions<'_> {
    fn default() -> Self {
        Self { inline: &|_| None, images: HashMap::new(), fold: true, ticks: Vec::new(), words: FrameWords::default() }
    }
}

impl fmt::Debug for RenderOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RenderOptions").field("images", &self.images.len()).finish_non_exhaustive()
    }
}

/// A mail ready to be shown by [`super::document`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Rendered {
    /// The sanitised body. Nothing may parse or edit it any more.
    pub html: String,
    /// Addresses of remote images that were not loaded, each once, in order of appearance.
    pub remote_images: Vec<String>,
    /// Hosts of images that are there to report the reader, one entry for each image; they are
    /// never loaded.
    pub trackers: Vec<String>,
    /// The mail brings colours of its own, so it is shown on white whatever the theme.
    pub own_colours: bool,
    /// The mail was too large or too tangled and its end is missing.
    pub cut: bool,
}

/// Renders a mail, whatever it holds. It never fails: what cannot be shown is left out.
///
/// At most 2 MB of source are read. Scripts, forms, frames, SVG and everything that loads from
/// elsewhere are gone afterwards; links are http, https and mailto.
pub fn render(html: &str, options: &RenderOptions<'_>) -> Rendered {
    let (source, beyond) = dom::split(html, MAX_INPUT);
    let mut dom = Dom::parse(source);
    let body = dom.find("body").unwrap_or(Dom::ROOT);
    tick(&mut dom, body, &options.ticks);
    if options.fold {
        quote::fold(&mut dom, body, &options.words.quoted);
    }

    let mut writer = Writer {
        dom: &dom,
        options,
        sheet: sheet(&dom),
        styles: HashMap::new(),
        style_bytes: 0,
        image_bytes: 0,
        escaped: 0,
        seen: HashSet::new(),
        out: String::with_capacity(source.len().min(MAX_OUTPUT)),
        rendered: Rendered { cut: dom.cut || !beyond.is_empty(), ..Rendered::default() },
    };
    writer.body(body);
    let Writer { out, mut rendered, .. } = writer;
    // Read as a stream: handed over whole, each entity costs a copy of all that follows it.
    rendered.html = CLEANER.clean_from_reader(out.as_bytes()).map(|clean| clean.to_string()).unwrap_or_default();
    rendered
}

/// Writes the ticks of a page over what its source says.
fn tick(dom: &mut Dom, body: Id, ticks: &[bool]) {
    let mut ticks = ticks.iter();
    let mut at = Some(body);
    while let Some(id) = at {
        let tags = dom.element(id).and_then(|element| element.attribute("data-tag"));
        if let Some(tags) = tags.filter(|tags| Todo::ticked(tags).is_some()) {
            let Some(done) = ticks.next() else { return };
            let tags = Todo::tick(tags, *done);
            dom.set_attribute(id, "data-tag", &tags);
        }
        at = dom.following(id, body);
    }
}

/// The last word: ammonia with the same allow-list.
static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(allow::TAGS.iter().map(|(tag, _)| *tag).collect())
        .clean_content_tags(["script", "style"].into())
        .generic_attributes(allow::COMMON.iter().copied().filter(|name| *name != "class").collect())
        .tag_attributes(allow::TAGS.iter().map(|(tag, own)| (*tag, own.iter().copied().collect())).collect())
        .allowed_classes(
            ["details", "span", "div", "p"]
                .into_iter()
                .map(|tag| (tag, allow::CLASSES.iter().copied().collect()))
                .collect(),
        )
        .url_schemes(["http", "https", "mailto", "data"].into())
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer"))
        .set_tag_attribute_value("a", "target", "_blank")
        .strip_comments(true)
        .attribute_filter(|tag, name, value| match (tag, name) {
            ("a", "rel" | "target") => Some(value.into()),
            (_, "class") => Some(value.into()),
            _ => allow::value(tag, name, value),
        });
    cleaner
});

fn sheet(dom: &Dom) -> Sheet {
    let mut sheet = Sheet::default();
    let mut room = MAX_SHEET;
    let mut at = Some(Dom::ROOT);
    while let Some(id) = at {
        if dom.tag(id) == "style"
            && let Some(Data::Text(css)) = dom.first(id).map(|id| dom.data(id))
            && css.len() <= room
        {
            room -= css.len();
            sheet.read(css);
        }
        at = dom.following(id, Dom::ROOT);
    }
    sheet
}

struct Writer<'a> {
    dom: &'a Dom,
    options: &'a RenderOptions<'a>,
    sheet: Sheet,
    /// Style attributes read before: newsletters repeat theirs a thousand times.
    styles: HashMap<&'a str, Vec<Declaration>>,
    style_bytes: usize,
    image_bytes: usize,
    /// Escaped characters since the last tag.
    escaped: usize,
    seen: HashSet<String>,
    out: String,
    rendered: Rendered,
}

enum Step {
    Enter(Id),
    Close(&'static str),
}

impl<'a> Writer<'a> {
    fn body(&mut self, body: Id) {
        let wrapper = self.dom.element(body).map(|element| self.wrapper(body, element)).unwrap_or_default();
        if !wrapper.is_empty() {
            self.out.push_str("<div");
            self.attribute("style", &wrapper);
            self.out.push('>');
        }
        let mut depth = 0;
        let mut steps: Vec<Step> = self.children(body).into_iter().rev().map(Step::Enter).collect();
        while let Some(step) = steps.pop() {
            let id = match step {
                Step::Close(tag) => {
                    depth -= 1;
                    self.close(tag);
                    continue;
                }
                Step::Enter(id) => id,
            };
            if self.out.len() - self.image_bytes > MAX_OUTPUT {
                self.rendered.cut = true;
                continue;
            }
            let element = match self.dom.data(id) {
                Data::Text(text) => {
                    self.words(text);
                    continue;
                }
                Data::Element(element) => element,
                Data::Other => {
                    steps.extend(self.children(id).into_iter().rev().map(Step::Enter));
                    continue;
                }
            };
            let tag = element.tag();
            if tag.is_empty() || allow::DROPPED.contains(&tag) {
                continue;
            }
            if tag == "img" {
                self.image(id, element);
                continue;
            }
            let known = match tag {
                "textarea" | "xmp" | "listing" | "plaintext" => Some("pre"),
                "details" | "summary" if !element.ours => None,
                _ => allow::tag(tag),
            };
            if let Some(tag) = known.filter(|_| depth < MAX_DEPTH) {
                self.open(tag, id, element);
                if allow::VOID.contains(&tag) {
                    continue;
                }
                depth += 1;
                steps.push(Step::Close(tag));
            }
            steps.extend(self.children(id).into_iter().rev().map(Step::Enter));
        }
        if !wrapper.is_empty() {
            self.close("div");
        }
    }

    /// Text, broken up where very much of it is escaped: for each escaped character the serialiser
    /// behind us looks through the rest of the text.
    fn words(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let (piece, tail) = dom::split(rest, PIECE);
            if self.escaped > MAX_ESCAPED {
                self.out.push_str("<wbr>");
                self.escaped = 0;
            }
            escape(piece, false, &mut self.out);
            self.escaped += piece.chars().filter(|c| matches!(c, '&' | '<' | '>' | '\u{a0}')).count();
            rest = tail;
        }
    }

    fn children(&self, id: Id) -> Vec<Id> {
        let mut children = Vec::new();
        let mut at = self.dom.first(id);
        while let Some(child) = at {
            children.push(child);
            at = self.dom.next(child);
        }
        children
    }

    /// The style of the `<div>` that takes the place of `<body>`; it keeps its colours.
    fn wrapper(&mut self, id: Id, element: &'a Element) -> String {
        let mut own = Vec::new();
        for (attribute, name) in [("bgcolor", "background-color"), ("text", "color")] {
            if let Some(value) = element.attribute(attribute).and_then(css::colour) {
                own.push(Declaration { name, value, important: false });
            }
        }
        own.extend(self.declarations(element));
        let mut style = self.sheet.style(self.dom, id, own);
        // A body that hides itself or is of fixed size is a frame that shows nothing.
        style.retain(|one| {
            !matches!(one.name, "display" | "visibility" | "opacity" | "height" | "max-height" | "overflow")
        });
        self.note_colours(&style);
        css::write(&style)
    }

    fn declarations(&mut self, element: &'a Element) -> Vec<Declaration> {
        let Some(style) = element.attribute("style") else { return Vec::new() };
        self.style_bytes += style.len();
        if self.style_bytes > MAX_STYLES {
            return Vec::new();
        }
        self.styles.entry(style).or_insert_with(|| css::declarations(style)).clone()
    }

    fn note_colours(&mut self, style: &[Declaration]) {
        self.rendered.own_colours |= style.iter().any(|one| !css::is_neutral(one.name, &one.value));
    }

    fn style(&mut self, id: Id, element: &'a Element) -> String {
        if element.ours {
            return String::new();
        }
        let own = self.declarations(element);
        let style = self.sheet.style(self.dom, id, own);
        self.note_colours(&style);
        css::write(&style)
    }

    fn open(&mut self, tag: &'static str, id: Id, element: &'a Element) {
        self.escaped = 0;
        let style = self.style(id, element);
        self.out.push('<');
        self.out.push_str(tag);
        if !style.is_empty() {
            self.attribute("style", &style);
        }
        for (name, value) in &element.attributes {
            if name == "style" || ((name == "class" || name == "open") && !element.ours) {
                continue;
            }
            if let Some(kept) = allow::value(tag, name, value) {
                if matches!(name.as_str(), "bgcolor" | "color") {
                    let property = if name == "bgcolor" { "background-color" } else { "color" };
                    self.rendered.own_colours |= !css::is_neutral(property, &kept);
                }
                // A tool tip that lies about where a link goes is worse than none.
                if tag == "a" && name == "title" {
                    continue;
                }
                self.attribute(name, &kept);
                if tag == "a" && name == "href" {
                    self.attribute("title", &kept);
                }
            }
        }
        self.out.push('>');
        // The parser of the next reader eats a line break that follows directly.
        if tag == "pre" {
            self.out.push('\n');
        }
    }

    fn close(&mut self, tag: &str) {
        self.escaped = 0;
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(value, true, &mut self.out);
        self.out.push('"');
    }

    fn image(&mut self, id: Id, element: &'a Element) {
        let style = self.style(id, element);
        let data = match images::classify(element, &style) {
            Image::Data(uri) => Some(uri),
            Image::Inline(content_id) => match (self.options.inline)(&content_id) {
                Some(uri) => Some(uri),
                None => return self.placeholder("missing", element),
            },
            Image::Tracker(host) => return self.rendered.trackers.push(host),
            Image::Broken => return self.placeholder("missing", element),
            Image::Remote(url) => match self.options.images.get(&url) {
                Some(uri) => Some(uri.clone()),
                None => {
                    if self.seen.len() < MAX_REMOTE && self.seen.insert(url.clone()) {
                        self.rendered.remote_images.push(url);
                    }
                    return self.placeholder("blocked", element);
                }
            },
        };
        let Some(uri) = data.filter(|uri| images::is_raster_data(uri)) else {
            return self.placeholder("missing", element);
        };
        let before = self.out.len();
        self.out.push_str("<img");
        self.attribute("src", &uri);
        self.image_bytes += self.out.len() - before;
        if !style.is_empty() {
            self.attribute("style", &style);
        }
        for name in ["alt", "width", "height", "align", "border", "hspace", "vspace"] {
            if let Some(value) = element.attribute(name).and_then(|value| allow::value("img", name, value)) {
                self.attribute(name, &value);
            }
        }
        self.out.push('>');
    }

    /// Stands where an image would be: its alternative text, else nothing but a mark of its place.
    fn placeholder(&mut self, class: &str, element: &Element) {
        self.out.push_str("<span");
        self.attribute("class", class);
        self.out.push('>');
        let alt = element.attribute("alt").unwrap_or_default().trim();
        let alt: String = alt.chars().take(200).collect();
        escape(if alt.is_empty() { &self.options.words.picture } else { &alt }, false, &mut self.out);
        self.close("span");
    }
}

pub(super) fn escape(text: &str, attribute: bool, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            '\0' => {}
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn html(mail: &str) -> String {
        render(mail, &RenderOptions::default()).html
    }

    #[test]
    fn an_ordinary_mail_stays_what_it_is() {
        assert_eq!(
            html(
                "<html><head><title>x</title></head><body><p align=CENTER>Grüße, <b>Ann</b> &amp; 北京 שלום</p></body></html>"
            ),
            "<p align=\"center\">Grüße, <b>Ann</b> &amp; 北京 שלום</p>"
        );
        assert_eq!(html(""), "");
        assert_eq!(html("a < b\0 & c"), "a &lt; b &amp; c");
        assert_eq!(html("<pre>\n\nx</pre>"), "<pre>\nx</pre>");
    }

    #[test]
    fn links_open_outside_and_tell_where() {
        assert_eq!(
            html("<a href='https://a.example/x' title='https://bank.example' onclick=x id=y name=z target=_self>t</a>"),
            "<a href=\"https://a.example/x\" title=\"https://a.example/x\" target=\"_blank\" rel=\"noopener noreferrer\">t</a>"
        );
        for href in ["javascript:alert(1)", "#x", "/x", "ftp://a.example", "data:text/html,x", "tauri://localhost/"] {
            assert!(!html(&format!("<a href='{href}'>t</a>")).contains("href"), "{href}");
        }
    }

    #[test]
    fn images_are_placed_or_held_back() {
        let mail = "<img src=cid:logo alt=L><img src='https://a.example/p.png' alt=Plan><img src='https://a.example/p.png'>\
                    <img src='https://a.example/q.png'><img src='https://t.example/o.gif' width=1 height=1><img src=cid:none>";
        let options = RenderOptions {
            inline: &|id| (id == "logo").then(|| "data:image/png;base64,AAAA".into()),
            images: HashMap::from([("https://a.example/q.png".into(), "data:image/jpeg;base64,BBBB".into())]),
            ..RenderOptions::default()
        };
        let rendered = render(mail, &options);
        assert_eq!(
            rendered.html,
            "<img src=\"data:image/png;base64,AAAA\" alt=\"L\"><span class=\"blocked\">Plan</span>\
             <span class=\"blocked\">Image</span><img src=\"data:image/jpeg;base64,BBBB\"><span class=\"missing\">Image</span>"
        );
        assert_eq!(rendered.remote_images, ["https://a.example/p.png"]);
        assert_eq!(rendered.trackers, ["t.example"]);
    }

    #[test]
    fn what_was_ticked_here_stands_over_the_source() {
        let page = "<p data-tag='to-do'>a</p><ul><li><span data-tag='important, to-do'>b</span></li></ul>\
                    <p data-tag='idea'>c</p><p data-tag='to-do:completed'>d</p>";
        let options = RenderOptions { ticks: vec![true, true, false], ..RenderOptions::default() };
        assert_eq!(
            render(page, &options).html,
            "<p data-tag=\"done\">a</p><ul><li><span data-tag=\"done\">b</span></li></ul><p>c</p><p data-tag=\"to-do\">d</p>"
        );
        assert_eq!(render(page, &RenderOptions::default()).html.matches("done").count(), 1);
    }

    #[test]
    fn an_image_handed_in_is_judged_like_the_senders() {
        let options =
            RenderOptions { inline: &|_| Some("data:image/svg+xml;base64,AAAA".into()), ..RenderOptions::default() };
        assert_eq!(render("<img src=cid:x>", &options).html, "<span class=\"missing\">Image</span>");
    }

    #[test]
    fn body_and_style_blocks_keep_their_colours() {
        let rendered = render(
            "<style>.a{color:#123456}</style><body bgcolor=EEEEEE background='http://a.example/x'><p class=a>x",
            &RenderOptions::default(),
        );
        assert_eq!(rendered.html, "<div style=\"background-color:#eeeeee\"><p style=\"color:#123456\">x</p></div>");
        assert!(rendered.own_colours);
        assert!(!render("<p style='color:black;background:white'>x", &RenderOptions::default()).own_colours);
    }

    #[test]
    fn foreign_and_form_content_is_gone() {
        assert_eq!(html("a<svg><text>x</text><style>*{}</style></svg>b"), "ab");
        // A paragraph ends foreign content: browsers and we read it as a paragraph of the mail.
        assert_eq!(html("a<math><mtext>x</mtext></math>b"), "ab");
        assert_eq!(
            html("<form action=x><input name=y><button>Go</button><textarea>t</textarea></form>"),
            "Go<pre>t</pre>"
        );
        assert_eq!(
            html("<noscript><p title=\"</noscript><b>\">x</noscript>"),
            "<p title=\"&lt;/noscript&gt;&lt;b&gt;\">x</p>"
        );
    }

    #[test]
    fn hostile_sizes_end_in_time() {
        // A debug build is ten times slower; what grows faster than its input shows at an eighth too.
        let scale = if cfg!(debug_assertions) { 8 } else { 1 };
        let shapes: Vec<(&str, String)> = vec![
            ("div", "<div>".repeat(400_000 / scale)),
            ("p b", "<p><b>".repeat(300_000 / scale)),
            ("table", "<table>".repeat(200_000 / scale)),
            ("table td", "<table><tr><td>".repeat(100_000 / scale)),
            ("foster", format!("<table>{}", "<b>x".repeat(300_000 / scale))),
            ("a", "<a href=x>".repeat(200_000 / scale)),
            ("font", (0..80_000 / scale).map(|n| format!("<font size={n}><p>")).collect()),
            ("attributes", format!("<a {}", (0..250_000 / scale).map(|n| format!("a{n} ")).collect::<String>())),
            (
                "many tags of many attributes",
                format!("<a {}>", (0..4_000).map(|n| format!("a{n} ")).collect::<String>()).repeat(80 / scale),
            ),
            ("comment", format!("<!--{}", "x ".repeat(1_000_000 / scale))),
            ("entities", "&amp;".repeat(400_000 / scale)),
            ("style", format!("<p style='{}'>x", "color:red;".repeat(200_000 / scale))),
            (
                "sheet",
                format!(
                    "<style>{}</style>{}",
                    "* * * p{color:red}".repeat(20_000 / scale),
                    "<p>x".repeat(100_000 / scale)
                ),
            ),
            ("brackets", "<".repeat(2_000_000 / scale)),
            ("braces", format!("<style>{}</style>", "{[(".repeat(150_000 / scale))),
            ("quotes", "x<blockquote type=cite>".repeat(80_000 / scale)),
            ("empty quotes", format!("x{}", "<blockquote type=cite></blockquote>".repeat(50_000 / scale))),
            ("svg", "<svg><foreignObject>".repeat(90_000 / scale)),
            ("template", "<template>".repeat(180_000 / scale)),
            ("select", "<select><option>".repeat(120_000 / scale)),
            ("nothing", "\0".repeat(2_000_000 / scale)),
        ];
        for (name, source) in shapes {
            let start = Instant::now();
            let rendered = render(&source, &RenderOptions::default());
            let took = start.elapsed();
            println!("{name}: {} -> {} bytes in {took:?}", source.len(), rendered.html.len());
            assert!(took < Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 2 }), "{name} took {took:?}");
        }
    }

    #[test]
    fn what_is_beyond_the_limit_is_cut_and_said() {
        let rendered = render(&format!("{}end", "x".repeat(MAX_INPUT)), &RenderOptions::default());
        assert!(rendered.cut);
        assert!(!rendered.html.contains("end"));
        assert!(!render("x", &RenderOptions::default()).cut);
    }
}
