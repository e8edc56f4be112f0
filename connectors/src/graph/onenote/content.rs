//! What stands on a page, out of its HTML.
//!
//! OneNote's output HTML
//! (<https://learn.microsoft.com/graph/onenote-input-output-html>) names every element that can be
//! changed with a generated `id`, pictures and files as addresses of resources that need a token, and
//! to-dos by `data-tag`; in lists the tag is on a `span` inside the entry, which has no id of its own.
//!
//! Addresses of resources are never followed: the id in them is asked for at the configured root. In
//! the HTML that is kept they become `cid:`, as pictures of a mail are, and are shown as those are.

use std::collections::HashSet;

use dom_query::{Document, NodeRef};
use inlet_model::{AttachmentInfo, Todo};

use crate::imap::mime_text::html_to_text;

/// Bytes of text kept of a page.
const LONGEST_TEXT: usize = 1 << 20;
/// Characters of a to-do that are kept.
const LONGEST_TODO: usize = 500;
/// Elements that can be replaced by their generated id and hold a to-do.
const REPLACEABLE: [&str; 8] = ["p", "li", "h1", "h2", "h3", "h4", "h5", "h6"];

/// What stands on a page.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// Plain text, to-dos as `- [ ] milk`.
    pub(super) text: String,
    /// The page, its pictures named by `cid:`.
    pub(super) html: String,
    /// Its to-dos, in the order of the page.
    pub(super) todos: Vec<Todo>,
    /// Its pictures and files.
    pub(super) attachments: Vec<AttachmentInfo>,
}

/// Reads a page.
pub(super) fn read(html: &str) -> Content {
    let document = Document::from(html);
    let attachments = attachments(&document);
    let kept = document.html().to_string();
    let mut names = HashSet::new();
    let mut todos = Vec::new();
    for (node, done) in boxes(&document) {
        let id = named(&node).and_then(|named| named.id_attr()).map(|id| id.to_string()).unwrap_or_default();
        let mut name = id.clone();
        for number in 2.. {
            if !name.is_empty() && names.insert(name.clone()) {
                break;
            }
            name = format!("{id}#{number}");
        }
        todos.push(Todo { id: name, text: text_of(&node), done });
        // For the text only; the page itself is kept as it is.
        let mark = if done { "- [x] " } else { "- [ ] " };
        if node.has_name("img") { node.before_html(mark) } else { node.prepend_html(mark) }
    }
    let text = html_to_text(&document.html(), LONGEST_TEXT);
    Content { text, html: kept, todos, attachments }
}

/// The elements with a box to tick, from top to bottom, and whether it is ticked.
fn boxes(document: &Document) -> Vec<(NodeRef<'_>, bool)> {
    let tagged = document.select("[data-tag]");
    let ticked = |node: &NodeRef<'_>| Todo::ticked(&node.attr_or("data-tag", ""));
    tagged.nodes().iter().filter_map(|node| Some((*node, ticked(node)?))).collect()
}

/// The element that a change has to name: the nearest with a generated id that can be replaced.
fn named<'a>(node: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let replaceable = |node: &NodeRef<'_>| node.node_name().is_some_and(|name| REPLACEABLE.contains(&&*name));
    std::iter::once(*node).chain(node.ancestors_it(Some(4))).find(|node| node.has_attr("id") && replaceable(node))
}

/// What a to-do says, in one line.
fn text_of(node: &NodeRef<'_>) -> String {
    let text = match node.node_name().as_deref() {
        Some("img") => node.attr_or("alt", "").to_string(),
        _ => node.text().to_string(),
    };
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(LONGEST_TODO).collect()
}

/// The pictures and files of a page; pictures in it are renamed to `cid:`.
fn attachments(document: &Document) -> Vec<AttachmentInfo> {
    let mut found: Vec<AttachmentInfo> = Vec::new();
    for image in document.select("img").nodes() {
        let Some(resource) = ["src", "data-fullres-src"].iter().find_map(|name| resource(&image.attr_or(name, "")))
        else {
            continue;
        };
        image.set_attr("src", &format!("cid:{resource}"));
        image.remove_attrs(&["data-fullres-src", "data-fullres-src-type"]);
        if found.iter().any(|known| known.part == resource) {
            continue;
        }
        let mime = image.attr_or("data-src-type", "image/png").to_ascii_lowercase();
        let ending = mime.split(['/', '+']).nth(1).unwrap_or("png");
        let name = format!("image-{}.{ending}", found.len() + 1);
        let content_id = Some(resource.clone());
        found.push(AttachmentInfo {
            part: resource,
            name,
            mime,
            content_id,
            inline: true,
            ..AttachmentInfo::default()
        });
    }
    for object in document.select("object[data-attachment]").nodes() {
        let Some(resource) = resource(&object.attr_or("data", "")) else { continue };
        let name = object.attr_or("data-attachment", "").to_string();
        let mime = object.attr_or("type", "application/octet-stream").to_ascii_lowercase();
        found.push(AttachmentInfo { part: resource, name, mime, ..AttachmentInfo::default() });
    }
    found
}

/// The id in the address of a resource: `…/onenote/resources/{id}/$value` or `…/content`.
fn resource(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("/resources/")?;
    let id = rest.split(['/', '?', '#']).next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '!' | '_' | '.');
    (!id.is_empty() && id.len() <= 300 && id.chars().all(plain)).then(|| id.to_owned())
}

/// How a to-do on a page is ticked.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ticking {
    /// It is as it should be.
    Already,
    /// By putting this in the place of the element with this generated id.
    Replace {
        /// The id.
        target: String,
        /// The element as it should be.
        content: String,
    },
    /// It is not on the page any more.
    Gone,
    /// It holds what a replacement would lose.
    Refused,
}

/// What has to be changed on a page so that a to-do is ticked or not. Generated ids change when a
/// page does, so what it says counts where the id is not found.
pub(super) fn tick(html: &str, todo: &str, text: &str, done: bool) -> Ticking {
    let document = Document::from(html);
    let boxes = boxes(&document);
    let id_of = |node: &NodeRef<'_>| named(node).and_then(|named| named.id_attr());
    let by_id = |(node, _): &&(NodeRef<'_>, bool)| id_of(node).is_some_and(|id| *id == *todo) && text_of(node) == text;
    let says = |(node, _): &&(NodeRef<'_>, bool)| text_of(node) == text;
    let found = boxes
        .iter()
        .find(by_id)
        .or_else(|| boxes.iter().filter(says).find(|(_, now)| *now != done))
        .or_else(|| boxes.iter().find(says));
    let Some((node, now)) = found else { return Ticking::Gone };
    if *now == done {
        return Ticking::Already;
    }
    let Some(target) = named(node) else { return Ticking::Refused };
    let holds = |node: &NodeRef<'_>| {
        node.node_name().is_some_and(|name| matches!(&*name, "img" | "object" | "iframe" | "table" | "hr"))
    };
    if target.descendants_it().any(|node| holds(&node)) {
        return Ticking::Refused;
    }
    let id = target.id_attr().map(|id| id.to_string()).unwrap_or_default();
    let tags = Todo::tick(&node.attr_or("data-tag", ""), done);
    // An entry of a list is given its tag itself; OneNote puts it on a span again.
    if node.id != target.id {
        node.remove_attr("data-tag");
    }
    target.set_attr("data-tag", &tags);
    for node in std::iter::once(target).chain(target.descendants()) {
        node.remove_attr("id");
        if node.has_name("br") {
            node.remove_all_attrs();
        }
    }
    // OneNote wants every element closed.
    Ticking::Replace { target: id, content: target.html().replace("<br>", "<br />") }
}

/// Whether a page holds what was written with this mark.
pub(super) fn bears(html: &str, mark: &str) -> bool {
    let document = Document::from(html);
    document.select("[data-id]").nodes().iter().any(|node| *node.attr_or("data-id", "") == *mark)
}

/// Plain text as input HTML in one element that bears a mark: a line is a paragraph, and one that
/// begins with `- [ ] ` a to-do.
pub(super) fn written(text: &str, mark: &str) -> String {
    let paragraph = |line: &str| {
        let line = line.trim_end();
        if let Some(todo) = line.strip_prefix("- [ ] ") {
            format!("<p data-tag=\"to-do\">{}</p>", escape(todo))
        } else if let Some(todo) = line.strip_prefix("- [x] ").or_else(|| line.strip_prefix("- [X] ")) {
            format!("<p data-tag=\"to-do:completed\">{}</p>", escape(todo))
        } else if line.is_empty() {
            "<br />".to_owned()
        } else {
            format!("<p>{}</p>", escape(line))
        }
    };
    let paragraphs: String = text.trim().lines().map(paragraph).collect();
    format!("<div data-id=\"{}\">{paragraphs}</div>", escape(mark))
}

/// Text as it has to stand in HTML, also in an attribute.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<html lang="en-US"><head><title>Garden</title><meta name="created" content="2026-01-02T10:00:00.0000000" /></head>
        <body data-absolute-enabled="true" style="font-family:Calibri;font-size:11pt">
        <div id="div:{a1}{1}" data-id="_default" style="position:absolute;left:48px;top:120px;width:624px">
        <p id="p:{a1}{10}" data-tag="to-do:completed" style="margin-top:0pt">Till garden <b>bed</b></p>
        <p id="p:{a1}{11}" data-tag="important, to-do" data-id="spring">Plant peas &amp; spinach</p>
        <ul id="ul:{a1}{12}"><li id="li:{a1}{13}"><span data-tag="to-do">Buy seeds</span></li></ul>
        <p id="p:{a1}{14}" data-tag="idea">A pond</p>
        <p id="p:{a1}{15}" data-tag="to-do">Hang this <img src="https://graph.microsoft.com/v1.0/users('me')/onenote/resources/1-ab!1-c/$value" data-src-type="image/jpeg" data-fullres-src="https://graph.microsoft.com/v1.0/me/onenote/resources/1-full!1-c/$value" alt="Plan" /></p>
        <object data="https://elsewhere.example/v1.0/me/onenote/resources/1-file!1-c/$value" data-attachment="list.pdf" type="application/pdf"></object>
        <img src="https://tracker.example/x.png" />
        </div></body></html>"#;

    #[test]
    fn a_page_is_read_whole() {
        let content = read(PAGE);
        let todos: Vec<(&str, &str, bool)> =
            content.todos.iter().map(|todo| (todo.id.as_str(), todo.text.as_str(), todo.done)).collect();
        assert_eq!(
            todos,
            [
                ("p:{a1}{10}", "Till garden bed", true),
                ("p:{a1}{11}", "Plant peas & spinach", false),
                ("li:{a1}{13}", "Buy seeds", false),
                ("p:{a1}{15}", "Hang this", false),
            ]
        );
        for line in ["- [x] Till garden bed", "- [ ] Plant peas & spinach", "- [ ] Buy seeds", "A pond"] {
            assert!(content.text.contains(line), "{line} in {}", content.text);
        }
        let parts: Vec<(&str, &str, &str, bool)> = content
            .attachments
            .iter()
            .map(|part| (part.part.as_str(), part.name.as_str(), part.mime.as_str(), part.inline))
            .collect();
        assert_eq!(
            parts,
            [("1-ab!1-c", "image-1.jpeg", "image/jpeg", true), ("1-file!1-c", "list.pdf", "application/pdf", false),]
        );
        assert!(content.html.contains("src=\"cid:1-ab!1-c\""), "{}", content.html);
        assert!(!content.html.contains("- [ ]"), "the page is kept as it is");
        assert_eq!(content.html.matches("data-tag").count(), 5);
    }

    #[test]
    fn a_to_do_is_ticked_by_its_element_alone() {
        assert_eq!(
            tick(PAGE, "p:{a1}{11}", "Plant peas & spinach", true),
            Ticking::Replace {
                target: "p:{a1}{11}".into(),
                content: "<p data-tag=\"important, to-do:completed\" data-id=\"spring\">Plant peas &amp; spinach</p>"
                    .into()
            }
        );
        let Ticking::Replace { target, content } = tick(PAGE, "p:{a1}{10}", "Till garden bed", false) else {
            panic!("it can be opened again")
        };
        assert_eq!(target, "p:{a1}{10}");
        assert_eq!(content, "<p data-tag=\"to-do\" style=\"margin-top:0pt\">Till garden <b>bed</b></p>");
        let Ticking::Replace { target, content } = tick(PAGE, "li:{a1}{13}", "Buy seeds", true) else {
            panic!("an entry of a list can be ticked")
        };
        assert_eq!(target, "li:{a1}{13}");
        assert_eq!(content, "<li data-tag=\"to-do:completed\"><span>Buy seeds</span></li>");
    }

    #[test]
    fn a_to_do_is_recognised_by_its_words_when_its_id_has_changed() {
        let Ticking::Replace { target, .. } = tick(PAGE, "p:{b2}{99}", "Buy seeds", true) else { panic!("by words") };
        assert_eq!(target, "li:{a1}{13}");
        // Another one now has its id.
        let Ticking::Replace { target, .. } = tick(PAGE, "p:{a1}{11}", "Buy seeds", true) else { panic!("by words") };
        assert_eq!(target, "li:{a1}{13}");
        assert_eq!(tick(PAGE, "p:{b2}{99}", "Till garden bed", true), Ticking::Already);
        assert_eq!(tick(PAGE, "p:{a1}{11}", "Something else", true), Ticking::Gone);
        assert_eq!(tick(PAGE, "p:{a1}{15}", "Hang this", true), Ticking::Refused, "the picture would be lost");
    }

    #[test]
    fn names_of_to_dos_are_unique() {
        let page = "<p id=a><span data-tag=to-do>x</span><span data-tag=to-do>y</span></p><p data-tag=to-do>z</p><p data-tag=to-do>z</p>";
        let names: HashSet<String> = read(page).todos.into_iter().map(|todo| todo.id).collect();
        assert_eq!(names.len(), 4, "{names:?}");
    }

    #[test]
    fn what_is_written_bears_its_mark_and_no_markup_of_the_person() {
        let html = written("Hello <b>\n\n- [ ] milk & eggs\n- [x] tickets\n", "inlet-1\"x");
        assert_eq!(
            html,
            "<div data-id=\"inlet-1&quot;x\"><p>Hello &lt;b&gt;</p><br /><p data-tag=\"to-do\">milk &amp; eggs</p>\
             <p data-tag=\"to-do:completed\">tickets</p></div>"
        );
        assert!(bears(&html, "inlet-1\"x"));
        assert!(!bears(&html, "inlet-1"));
    }

    #[test]
    fn only_an_id_is_taken_from_an_address() {
        assert_eq!(resource("https://x.example/onenote/resources/1-a!b/$value").as_deref(), Some("1-a!b"));
        assert_eq!(resource("https://x.example/resources/1-a/content?publicAuth=true").as_deref(), Some("1-a"));
        for wrong in ["", "https://x.example/a.png", "/resources/", "/resources/..%2f..%2fme/$value"] {
            assert_eq!(resource(wrong), None, "{wrong}");
        }
    }
}
