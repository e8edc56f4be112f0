//! HTML mail as plain text: what the list shows, the search finds and the suggestions read.
//!
//! One pass over the characters and no tree: a hostile message with a million open elements costs
//! as much as its length. Nothing of this is ever shown as HTML, so it need not be safe as such;
//! the sanitiser of the engine does that work on a real parse.

use memchr::{memchr, memmem};

/// A quoted attribute longer than this is not looked through for its end.
const MAX_QUOTED: usize = 4096;
/// Quotes deeper than this look like this depth.
const MAX_QUOTES: usize = 20;

/// Renders HTML as text of at most `limit` bytes: blocks on lines of their own, quotes behind `> `,
/// list entries behind `• `, cells behind tabs.
pub(crate) fn html_to_text(html: &str, limit: usize) -> String {
    let mut page = Page { limit, ..Page::default() };
    let mut at = 0;
    let mut comments_end = true;
    while let Some(rest) = html.get(at..).filter(|rest| !rest.is_empty() && !page.full()) {
        let Some(open) = memchr(b'<', rest.as_bytes()) else {
            page.text(rest);
            break;
        };
        page.text(rest.get(..open).unwrap_or_default());
        let tag = rest.get(open + 1..).unwrap_or_default();
        at += open + 1;
        if let Some(comment) = tag.strip_prefix("!--").filter(|_| comments_end) {
            match memmem::find(comment.as_bytes(), b"-->") {
                Some(end) => {
                    at += 3 + end + 3;
                    continue;
                }
                // Looking again at the next one would take quadratic time.
                None => comments_end = false,
            }
        }
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            page.text("<");
            continue;
        }
        let length = tag_length(tag);
        let inside = tag.get(..length).unwrap_or(tag);
        at += length + 1;
        let (name, closing) = name(inside);
        if !closing && matches!(name.as_str(), "script" | "style" | "title" | "template" | "svg" | "object") {
            let body = html.get(at..).unwrap_or_default();
            match end_of(body, &name) {
                Some(end) => at += end,
                None => break,
            }
            continue;
        }
        page.tag(&name, closing, inside);
    }
    page.finish()
}

/// Bytes up to the `>` that ends a tag, which a quoted attribute may hold too.
fn tag_length(tag: &str) -> usize {
    let bytes = tag.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'>' => return at,
            b'"' | b'\'' => {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                let near = rest.get(..MAX_QUOTED).unwrap_or(rest);
                at += 1 + memchr(byte, near).map_or(0, |end| end + 1);
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

fn name(inside: &str) -> (String, bool) {
    let (rest, closing) = match inside.strip_prefix('/') {
        Some(rest) => (rest, true),
        None => (inside, false),
    };
    let name = rest.chars().take_while(char::is_ascii_alphanumeric).take(16).collect::<String>();
    (name.to_ascii_lowercase(), closing)
}

/// Where the closing tag of an element begins whose content is not text.
fn end_of(body: &str, name: &str) -> Option<usize> {
    memmem::find_iter(body.as_bytes(), b"</")
        .find(|at| body.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)))
}

#[derive(Default)]
struct Page {
    out: String,
    line: String,
    /// Empty lines owed before the next text.
    breaks: usize,
    space: bool,
    pre: usize,
    quotes: usize,
    limit: usize,
}

impl Page {
    fn full(&self) -> bool {
        self.out.len() + self.line.len() >= self.limit
    }

    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(amp) = memchr(b'&', rest.as_bytes()) {
            let (before, entity) = rest.split_at(amp);
            self.plain(before);
            let length = entity.bytes().take(34).position(|byte| byte == b';');
            match length.and_then(|end| entity.get(..=end)) {
                Some(token) => {
                    let mut decoded = String::new();
                    mail_parser::decoders::html::add_html_token(&mut decoded, token.as_bytes(), false);
                    self.plain(&decoded);
                    rest = entity.get(token.len()..).unwrap_or_default();
                }
                None => {
                    self.plain("&");
                    rest = entity.get(1..).unwrap_or_default();
                }
            }
        }
        self.plain(rest);
    }

    fn plain(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' if self.pre > 0 => self.end_line(),
                // Fillers that push the text of a preview out of sight.
                '\u{ad}' | '\u{34f}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
                c if c.is_whitespace() && self.pre == 0 => self.space = true,
                '\t' => self.line.push('\t'),
                c if c.is_control() => {}
                c => {
                    if self.space && !self.line.is_empty() && !self.line.ends_with('\t') {
                        self.line.push(' ');
                    }
                    self.space = false;
                    self.line.push(c);
                }
            }
            if self.full() {
                return;
            }
        }
    }

    fn end_line(&mut self) {
        let line = self.line.trim_end();
        if line.chars().all(|c| c.is_whitespace() || matches!(c, '\u{200c}' | '\u{200d}')) {
            self.breaks = self.breaks.max(1);
        } else {
            if self.breaks > 0 && !self.out.is_empty() {
                self.out.push('\n');
            }
            for _ in 0..self.quotes.min(MAX_QUOTES) {
                self.out.push_str("> ");
            }
            self.out.push_str(line);
            self.out.push('\n');
            self.breaks = 0;
        }
        self.line.clear();
        self.space = false;
    }

    /// Ends the line if there is something on it.
    fn block(&mut self) {
        if !self.line.trim().is_empty() {
            self.end_line();
        }
        self.line.clear();
        self.space = false;
    }

    fn paragraph(&mut self) {
        self.block();
        self.breaks = self.breaks.max(1);
    }

    fn tag(&mut self, name: &str, closing: bool, inside: &str) {
        match name {
            "br" => self.end_line(),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "dl" | "table" | "hr" => self.paragraph(),
            "blockquote" => {
                self.paragraph();
                self.quotes = if closing { self.quotes.saturating_sub(1) } else { self.quotes + 1 };
            }
            "pre" => {
                self.paragraph();
                self.pre = if closing { self.pre.saturating_sub(1) } else { self.pre + 1 };
            }
            "li" if !closing => {
                self.block();
                self.line.push_str("• ");
            }
            "td" | "th" if !closing && !self.line.trim().is_empty() => self.line.push('\t'),
            "div" | "tr" | "li" | "section" | "article" | "header" | "footer" | "address" | "center" | "dt" | "dd"
            | "form" | "body" | "figure" | "figcaption" | "fieldset" | "main" | "nav" | "aside" => self.block(),
            "img" => {
                if let Some(alt) = attribute(inside, "alt").filter(|alt| !alt.trim().is_empty()) {
                    self.space = true;
                    self.text(alt);
                }
            }
            _ => {}
        }
    }

    fn finish(mut self) -> String {
        self.block();
        cut(&mut self.out, self.limit);
        self.out.truncate(self.out.trim_end().len());
        self.out
    }
}

/// The value of a quoted attribute.
fn attribute<'a>(inside: &'a str, name: &str) -> Option<&'a str> {
    let inside = inside.get(..MAX_QUOTED).unwrap_or(inside);
    let at = inside.to_ascii_lowercase().find(&format!(" {name}="))? + name.len() + 2;
    let rest = inside.get(at..)?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.split(quote).next().filter(|value| value.len() < 300)
}

/// Shortens text to at most so many bytes, at a character.
pub(crate) fn cut(text: &mut String, limit: usize) {
    if text.len() > limit {
        let mut end = limit;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn blocks_quotes_lists_and_cells_keep_their_shape() {
        let html = "<html><head><title>t</title><style>p{}</style></head><body><p>Hello&nbsp;<b>you</b>,</p>\
            <div>one</div><div>two<br>three</div><ul><li>a</li><li>b</li></ul>\
            <table><tr><td>x</td><td>y</td></tr><tr><td>z</td></tr></table>\
            <blockquote>said <blockquote>before</blockquote></blockquote><pre>  keep\n   this</pre>end</body></html>";
        assert_eq!(
            html_to_text(html, 1000),
            "Hello you,\n\none\ntwo\nthree\n\n• a\n• b\n\nx\ty\nz\n\n> said\n\n> > before\n\n  keep\n   this\n\nend"
        );
    }

    #[test]
    fn what_is_not_text_is_left_out() {
        for (html, text) in [
            ("a<!-- b --> c", "a c"),
            ("a<script>if (1<2) {}</script>b", "ab"),
            ("a<STYLE>x</style >b", "ab"),
            ("<script>never closed", ""),
            ("1 < 2 && 3 > 2", "1 < 2 && 3 > 2"),
            ("<a title=\"x > y\">link</a>", "link"),
            ("<img src=x alt='A cat'>", "A cat"),
            ("&lt;b&gt; &amp;amp; &#x41;&#66; &unknown; &", "<b> &amp; AB &unknown; &"),
            ("<p>\u{200c} \u{200c}</p>x", "x"),
            ("&#0;&#55296;ok", "\u{fffd}ok"),
            ("<", "<"),
            ("<p", ""),
            ("", ""),
        ] {
            assert_eq!(html_to_text(html, 1000), text, "{html}");
        }
    }

    #[test]
    fn other_scripts_survive() {
        assert_eq!(html_to_text("<p dir=rtl>שלום עולם</p><p>你好，世界</p>", 1000), "שלום עולם\n\n你好，世界");
    }

    #[test]
    fn text_is_cut_at_a_character() {
        for limit in 0..20 {
            let text = html_to_text("<p>añb你c</p><p>мир</p>", limit);
            assert!(text.len() <= limit, "{limit}: {text}");
        }
        assert_eq!(html_to_text(&"é".repeat(3_000_000), 1 << 20).len(), 1 << 20);
    }

    #[test]
    fn hostile_pages_take_linear_time() {
        let start = std::time::Instant::now();
        for piece in ["<!--", "<a \"", "<div>", "<script", "&", "</", "<![CDATA[", "<blockquote>x", "<a '"] {
            html_to_text(&piece.repeat(200_000), 1 << 20);
        }
        assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
    }
}
