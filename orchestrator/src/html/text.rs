//! HTML as readable plain text: for snippets, the index and the command line.

use super::{
    dom::{self, Data, Dom, Id},
    links,
};

/// Bytes of source that are read.
const MAX_INPUT: usize = 2 * 1024 * 1024;

/// The text of an HTML mail: a line for each block, links with their target in angle brackets,
/// images by their alternative text. What the sender hid from sight is left out.
pub fn text(html: &str) -> String {
    let dom = Dom::parse(dom::split(html, MAX_INPUT).0);
    let mut writer = Writer::default();
    let mut at = Some(Dom::ROOT);
    let mut open: Vec<Id> = Vec::new();
    while let Some(id) = at {
        while let Some(last) = open.last().copied().filter(|last| !is_within(&dom, id, *last)) {
            open.pop();
            writer.leave(&dom, last);
        }
        at = if is_hidden(&dom, id) {
            dom.skip(id, Dom::ROOT)
        } else {
            writer.enter(&dom, id);
            if dom.first(id).is_some() {
                open.push(id);
            }
            dom.following(id, Dom::ROOT)
        };
    }
    while let Some(last) = open.pop() {
        writer.leave(&dom, last);
    }
    writer.out.trim().to_owned()
}

fn is_within(dom: &Dom, id: Id, ancestor: Id) -> bool {
    // The open nodes are the ancestors of the node before, so the parent settles it.
    let mut at = dom.parent(id);
    while let Some(parent) = at {
        if parent == ancestor {
            return true;
        }
        at = dom.parent(parent);
    }
    false
}

fn is_hidden(dom: &Dom, id: Id) -> bool {
    let Some(element) = dom.element(id) else { return false };
    let dropped = matches!(
        element.tag(),
        "" | "head"
            | "script"
            | "style"
            | "title"
            | "template"
            | "iframe"
            | "object"
            | "noembed"
            | "noframes"
            | "select"
    );
    dropped
        || element.attribute("hidden").is_some()
        || element.attribute("style").is_some_and(|style| {
            style.len() < 2_000 && {
                let style = style.replace([' ', '\n', '\t'], "").to_ascii_lowercase();
                style.contains("display:none") || style.contains("mso-hide:all") || style.contains("visibility:hidden")
            }
        })
}

#[derive(Default)]
struct Writer {
    out: String,
    /// White space was read and not yet written.
    space: bool,
    /// Inside `<pre>`.
    verbatim: usize,
    /// Where the text of the open link began.
    link: usize,
}

impl Writer {
    fn enter(&mut self, dom: &Dom, id: Id) {
        let Some(element) = dom.element(id) else {
            if let Data::Text(text) = dom.data(id) {
                self.words(text);
            }
            return;
        };
        match element.tag() {
            "br" => self.line(),
            "hr" => {
                self.lines(1);
                self.out.push_str("———");
                self.lines(1);
            }
            "li" => {
                self.lines(1);
                self.out.push_str("• ");
            }
            "td" | "th" if dom.previous(id).is_some() => self.space = true,
            "img" => {
                let alt = element.attribute("alt").unwrap_or_default();
                if !alt.trim().is_empty() && alt.len() < 1_000 {
                    self.words(alt);
                }
            }
            "pre" => {
                self.lines(1);
                self.verbatim += 1;
            }
            "a" => self.link = self.out.len(),
            tag => self.lines(gap(tag)),
        }
    }

    fn leave(&mut self, dom: &Dom, id: Id) {
        let Some(element) = dom.element(id) else { return };
        match element.tag() {
            "pre" => {
                self.verbatim = self.verbatim.saturating_sub(1);
                self.lines(1);
            }
            "a" => {
                let Some(url) = element.attribute("href").and_then(links::target) else { return };
                let said = self.out.get(self.link..).unwrap_or_default().trim();
                let plain = url.as_str().trim_start_matches("mailto:").trim_end_matches('/');
                if !said.is_empty() && !said.contains(plain) && !plain.ends_with(said) {
                    self.out.push_str(&format!(" <{url}>"));
                }
            }
            "li" => self.lines(1),
            tag => self.lines(gap(tag)),
        }
    }

    fn words(&mut self, text: &str) {
        if self.verbatim > 0 {
            self.out.push_str(text);
            return;
        }
        for c in text.chars() {
            if c.is_whitespace() {
                self.space = true;
            } else if !matches!(c, '\u{200b}'..='\u{200c}' | '\u{feff}' | '\u{ad}' | '\u{34f}' | '\0') {
                if self.space && !self.out.is_empty() && !self.out.ends_with(['\n', ' ']) {
                    self.out.push(' ');
                }
                self.space = false;
                self.out.push(c);
            }
        }
    }

    fn line(&mut self) {
        self.space = false;
        if !self.out.ends_with("\n\n") && !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn lines(&mut self, wanted: usize) {
        if wanted == 0 || self.out.is_empty() {
            return;
        }
        self.space = false;
        let there = self.out.bytes().rev().take_while(|byte| *byte == b'\n').count();
        self.out.push_str("\n\n".get(..wanted.saturating_sub(there).min(2)).unwrap_or_default());
    }
}

/// Line breaks around a block.
fn gap(tag: &str) -> usize {
    match tag {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "dl" | "blockquote" | "table" | "figure" => 2,
        "div" | "tr" | "section" | "article" | "header" | "footer" | "main" | "nav" | "aside" | "address"
        | "center" | "dt" | "dd" | "form" | "fieldset" | "caption" | "details" | "summary" => 1,
        _ => 0,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn blocks_lists_and_links() {
        assert_eq!(
            text(
                "<style>x</style><h1>Plan</h1><p>See <a href='https://a.example/x'>this</a>,\n  and <a href='https://b.example/'>b.example</a>.</p><ul><li>one<li>two</ul>a<br>b"
            ),
            "Plan\n\nSee this <https://a.example/x>, and b.example.\n\n• one\n• two\n\na\nb"
        );
    }

    #[test]
    fn hidden_text_and_scripts_are_left_out() {
        assert_eq!(
            text("<div style='display: none'>pre</div>Hi<script>x</script><img alt='a cat' src=x>&zwnj;&nbsp;!"),
            "Hia cat !"
        );
    }

    #[test]
    fn rows_and_scripts_of_all_directions() {
        assert_eq!(text("<table><tr><td>北京</td><td>שלום</td></tr><tr><td>c</td></tr></table>"), "北京 שלום\nc");
        assert_eq!(text("<pre>a\n  b</pre>"), "a\n  b");
        assert_eq!(text(""), "");
    }

    #[test]
    fn depth_is_no_matter() {
        assert_eq!(text(&format!("{}x", "<div>".repeat(5_000))), "x");
    }
}
