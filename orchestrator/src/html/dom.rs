//! The tree a mail is read into.
//!
//! An arena with sibling links: every edit html5ever asks for is constant time, and dropping a
//! tree of any depth needs no recursion. The parser is bounded while it parses, not afterwards:
//! html5ever walks its stack of open elements for each tag and compares each attribute of a tag
//! with all before it, so two megabytes of `<div>` or of attributes would take minutes otherwise.

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
};

use html5ever::{
    Attribute, LocalName, Namespace, QualName, TokenizerResult,
    buffer_queue::BufferQueue,
    interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink},
    local_name, ns,
    tendril::StrTendril,
    tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
    tree_builder::{TreeBuilder, TreeBuilderOpts},
};

/// Elements nested deeper than this lose their tags; the text stays.
pub(super) const MAX_DEPTH: usize = 256;
/// A tree larger than this is cut.
const MAX_NODES: usize = 150_000;
/// No honest tag has more attributes.
const MAX_ATTRIBUTES: usize = 1_000;
/// Bytes of attributes on one element that is no image.
const MAX_ATTRIBUTE_BYTES: usize = 16 * 1024;
/// Bytes of attributes in a whole tree, images left out of account.
const MAX_COPIED: usize = 32 * 1024 * 1024;
/// Bytes handed to the tokenizer at once; between two hands the bounds are looked at.
const CHUNK: usize = 8 * 1024;
/// White space and slashes inside one unfinished tag or comment, before reading stops.
const MAX_STALLED: usize = 16_000;

/// Index of a node.
pub(super) type Id = usize;

/// What a node is.
#[derive(Debug, Default)]
pub(super) enum Data {
    /// The root, a comment, a doctype: nothing that is shown.
    #[default]
    Other,
    /// An element.
    Element(Element),
    /// Text.
    Text(String),
}

/// An element.
#[derive(Debug)]
pub(super) struct Element {
    /// Name with its namespace.
    pub(super) name: QualName,
    /// Attributes in source order.
    pub(super) attributes: Vec<(String, String)>,
    /// Made by us, not by the sender.
    pub(super) ours: bool,
}

impl Element {
    /// An HTML element of ours.
    pub(super) fn ours(name: &str, attributes: &[(&str, &str)]) -> Self {
        Self {
            name: QualName::new(None, ns!(html), LocalName::from(name)),
            attributes: attributes.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            ours: true,
        }
    }

    /// The local name of an HTML element; empty for SVG, MathML and whatever else.
    pub(super) fn tag(&self) -> &str {
        if self.name.ns == ns!(html) { &self.name.local } else { "" }
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Its classes.
    pub(super) fn classes(&self) -> impl Iterator<Item = &str> {
        self.attribute("class").unwrap_or_default().split_ascii_whitespace()
    }
}

#[derive(Debug, Default)]
struct Node {
    parent: Option<Id>,
    previous: Option<Id>,
    next: Option<Id>,
    first: Option<Id>,
    last: Option<Id>,
    depth: usize,
    data: Data,
}

/// A parsed mail.
#[derive(Debug, Default)]
pub(super) struct Dom {
    nodes: Vec<Node>,
    /// Not everything was read.
    pub(super) cut: bool,
}

impl Dom {
    /// The document node.
    pub(super) const ROOT: Id = 0;

    /// Parses a document, within bounds, whatever it holds.
    pub(super) fn parse(html: &str) -> Self {
        let limiter = Limiter {
            builder: TreeBuilder::new(
                Sink::new(),
                TreeBuilderOpts { scripting_enabled: false, drop_doctype: true, ..TreeBuilderOpts::default() },
            ),
            tokens: Cell::new(0),
            stopped: Cell::new(false),
        };
        let tokenizer = Tokenizer::new(limiter, TokenizerOpts::default());
        let queue = BufferQueue::default();
        let mut rest = html;
        let mut stalled = 0;
        while !rest.is_empty() && !tokenizer.sink.stopped.get() {
            let (chunk, tail) = split(rest, CHUNK);
            rest = tail;
            let seen = tokenizer.sink.tokens.get();
            queue.push_back(StrTendril::from_slice(chunk));
            while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
            if tokenizer.sink.tokens.get() == seen {
                stalled += chunk.bytes().filter(|byte| byte.is_ascii_whitespace() || *byte == b'/').count();
                if stalled > MAX_STALLED {
                    tokenizer.sink.stopped.set(true);
                }
            } else {
                stalled = 0;
            }
        }
        if !tokenizer.sink.stopped.get() {
            tokenizer.end();
        }
        let cut = tokenizer.sink.stopped.get();
        let mut dom = tokenizer.sink.builder.sink.dom.into_inner();
        dom.cut = cut;
        dom
    }

    fn node(&self, id: Id) -> Option<&Node> {
        self.nodes.get(id)
    }

    /// The parent.
    pub(super) fn parent(&self, id: Id) -> Option<Id> {
        self.node(id)?.parent
    }

    /// The sibling before.
    pub(super) fn previous(&self, id: Id) -> Option<Id> {
        self.node(id)?.previous
    }

    /// The sibling after.
    pub(super) fn next(&self, id: Id) -> Option<Id> {
        self.node(id)?.next
    }

    /// The first child.
    pub(super) fn first(&self, id: Id) -> Option<Id> {
        self.node(id)?.first
    }

    /// The last child.
    pub(super) fn last(&self, id: Id) -> Option<Id> {
        self.node(id)?.last
    }

    /// What the node is.
    pub(super) fn data(&self, id: Id) -> &Data {
        const NONE: &Data = &Data::Other;
        self.node(id).map_or(NONE, |node| &node.data)
    }

    /// The node as an element.
    pub(super) fn element(&self, id: Id) -> Option<&Element> {
        match self.data(id) {
            Data::Element(element) => Some(element),
            _ => None,
        }
    }

    /// Gives an element another value of an attribute that it has.
    pub(super) fn set_attribute(&mut self, id: Id, name: &str, value: &str) {
        if let Some(Node { data: Data::Element(element), .. }) = self.nodes.get_mut(id) {
            for (_, old) in element.attributes.iter_mut().filter(|(key, _)| key == name) {
                value.clone_into(old);
            }
        }
    }

    /// The local name of an HTML element; empty for anything else.
    pub(super) fn tag(&self, id: Id) -> &str {
        self.element(id).map_or("", Element::tag)
    }

    /// The node after `id` in document order that is within `root`; children come first.
    pub(super) fn following(&self, id: Id, root: Id) -> Option<Id> {
        self.first(id).or_else(|| self.skip(id, root))
    }

    /// The node after `id` and all it holds, in document order, within `root`.
    pub(super) fn skip(&self, mut id: Id, root: Id) -> Option<Id> {
        loop {
            if id == root {
                return None;
            }
            if let Some(next) = self.next(id) {
                return Some(next);
            }
            id = self.parent(id)?;
        }
    }

    /// The first element of that name, in document order.
    pub(super) fn find(&self, tag: &str) -> Option<Id> {
        let mut at = Some(Self::ROOT);
        while let Some(id) = at {
            if self.tag(id) == tag {
                return Some(id);
            }
            at = self.following(id, Self::ROOT);
        }
        None
    }

    /// The text within a node, at most about `limit` bytes or nodes of it; scripts and styles left out.
    pub(super) fn text(&self, root: Id, limit: usize) -> String {
        let mut text = String::new();
        let mut at = Some(root);
        let mut visited = 0;
        while let Some(id) = at {
            visited += 1;
            if text.len() >= limit || visited > limit {
                break;
            }
            if let Data::Text(piece) = self.data(id) {
                text.push_str(piece);
            }
            at = match self.tag(id) {
                "script" | "style" | "head" | "title" | "template" => self.skip(id, root),
                _ => self.following(id, root),
            };
        }
        text
    }

    /// Adds a node without a place.
    pub(super) fn create(&mut self, data: Data) -> Id {
        self.nodes.push(Node { data, ..Node::default() });
        self.nodes.len() - 1
    }

    /// Takes a node out of its place.
    pub(super) fn detach(&mut self, id: Id) {
        let Some(node) = self.nodes.get_mut(id) else { return };
        let (parent, previous, next) = (node.parent.take(), node.previous.take(), node.next.take());
        match previous.and_then(|id| self.nodes.get_mut(id)) {
            Some(node) => node.next = next,
            None => {
                if let Some(node) = parent.and_then(|id| self.nodes.get_mut(id)) {
                    node.first = next;
                }
            }
        }
        match next.and_then(|id| self.nodes.get_mut(id)) {
            Some(node) => node.previous = previous,
            None => {
                if let Some(node) = parent.and_then(|id| self.nodes.get_mut(id)) {
                    node.last = previous;
                }
            }
        }
    }

    /// Puts a node behind the last child of `parent`.
    pub(super) fn append(&mut self, parent: Id, child: Id) {
        self.detach(child);
        let Some(node) = self.nodes.get_mut(parent) else { return };
        let depth = node.depth + 1;
        let last = node.last.replace(child);
        match last.and_then(|id| self.nodes.get_mut(id)) {
            Some(node) => node.next = Some(child),
            None => {
                if let Some(node) = self.nodes.get_mut(parent) {
                    node.first = Some(child);
                }
            }
        }
        if let Some(node) = self.nodes.get_mut(child) {
            node.parent = Some(parent);
            node.previous = last;
            node.depth = depth;
        }
    }

    /// Puts a node before `sibling`.
    pub(super) fn insert_before(&mut self, sibling: Id, child: Id) {
        self.detach(child);
        let Some(node) = self.nodes.get_mut(sibling) else { return };
        let (parent, previous, depth) = (node.parent, node.previous.replace(child), node.depth);
        match previous.and_then(|id| self.nodes.get_mut(id)) {
            Some(node) => node.next = Some(child),
            None => {
                if let Some(node) = parent.and_then(|id| self.nodes.get_mut(id)) {
                    node.first = Some(child);
                }
            }
        }
        if let Some(node) = self.nodes.get_mut(child) {
            node.parent = parent;
            node.previous = previous;
            node.next = Some(sibling);
            node.depth = depth;
        }
    }

    fn append_text(&mut self, target: Option<Id>, text: &str) -> bool {
        match target.and_then(|id| self.nodes.get_mut(id)).map(|node| &mut node.data) {
            Some(Data::Text(old)) => {
                old.push_str(text);
                true
            }
            _ => false,
        }
    }
}

/// Splits at most `at` bytes off, between two characters.
pub(super) fn split(text: &str, at: usize) -> (&str, &str) {
    let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// The attributes as strings. html5ever copies an element's attributes each time it reopens a
/// formatting element, so what one element may carry is bounded; only an image holds its bytes.
fn own(name: &QualName, attributes: Vec<Attribute>) -> Vec<(String, String)> {
    let mut room = if &*name.local == "img" { usize::MAX } else { MAX_ATTRIBUTE_BYTES };
    let mut kept = Vec::with_capacity(attributes.len());
    for attribute in attributes {
        let size = attribute.name.local.len() + attribute.value.len();
        if size <= room {
            room -= size;
            kept.push((attribute.name.local.to_string(), attribute.value.to_string()));
        }
    }
    kept
}

/// The name of a node, owned: the arena may change while the parser holds it.
#[derive(Debug)]
struct Name(QualName);

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }
    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

struct Sink {
    dom: RefCell<Dom>,
    depth: Cell<usize>,
    copied: Cell<usize>,
}

impl Sink {
    fn new() -> Self {
        let mut dom = Dom::default();
        dom.create(Data::Other);
        Self { dom: RefCell::new(dom), depth: Cell::new(0), copied: Cell::new(0) }
    }

    fn note_depth(&self, id: Id) {
        self.depth.set(self.dom.borrow().node(id).map_or(0, |node| node.depth));
    }
}

impl TreeSink for Sink {
    type Handle = Id;
    type Output = Self;
    type ElemName<'a> = Name;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        Dom::ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a Id) -> Name {
        Name(match self.dom.borrow().data(*target) {
            Data::Element(element) => element.name.clone(),
            _ => QualName::new(None, ns!(), local_name!("")),
        })
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Id {
        let attributes = own(&name, attributes);
        if &*name.local != "img" {
            let size: usize = attributes.iter().map(|(name, value)| name.len() + value.len()).sum();
            self.copied.set(self.copied.get() + size);
        }
        self.dom.borrow_mut().create(Data::Element(Element { name, attributes, ours: false }))
    }

    fn create_comment(&self, _: StrTendril) -> Id {
        self.dom.borrow_mut().create(Data::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Id {
        self.dom.borrow_mut().create(Data::Other)
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        match child {
            NodeOrText::AppendNode(child) => {
                self.dom.borrow_mut().append(*parent, child);
                self.note_depth(child);
            }
            NodeOrText::AppendText(text) => {
                let mut dom = self.dom.borrow_mut();
                let last = dom.last(*parent);
                if !dom.append_text(last, &text) {
                    let child = dom.create(Data::Text(text.to_string()));
                    dom.append(*parent, child);
                }
                drop(dom);
                self.note_depth(*parent);
            }
        }
    }

    fn append_based_on_parent_node(&self, element: &Id, previous: &Id, child: NodeOrText<Id>) {
        if self.dom.borrow().parent(*element).is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn pop(&self, node: &Id) {
        self.depth.set(self.dom.borrow().node(*node).map_or(0, |node| node.depth.saturating_sub(1)));
    }

    // What a template holds hangs on the template itself: both are dropped together.
    fn get_template_contents(&self, target: &Id) -> Id {
        *target
    }

    fn same_node(&self, x: &Id, y: &Id) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        let mut dom = self.dom.borrow_mut();
        match child {
            NodeOrText::AppendNode(child) => dom.insert_before(*sibling, child),
            NodeOrText::AppendText(text) => {
                let previous = dom.previous(*sibling);
                if !dom.append_text(previous, &text) {
                    let child = dom.create(Data::Text(text.to_string()));
                    dom.insert_before(*sibling, child);
                }
            }
        }
    }

    fn add_attrs_if_missing(&self, target: &Id, attributes: Vec<Attribute>) {
        let mut dom = self.dom.borrow_mut();
        if let Some(Data::Element(element)) = dom.nodes.get_mut(*target).map(|node| &mut node.data) {
            for (name, value) in own(&element.name, attributes) {
                if element.attributes.len() < MAX_ATTRIBUTES && element.attribute(&name).is_none() {
                    element.attributes.push((name, value));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Id) {
        self.dom.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &Id, parent: &Id) {
        let mut dom = self.dom.borrow_mut();
        while let Some(child) = dom.first(*node) {
            dom.append(*parent, child);
        }
    }
}

/// Stands between tokenizer and tree builder and drops what would grow without bound.
struct Limiter {
    builder: TreeBuilder<Id, Sink>,
    tokens: Cell<usize>,
    stopped: Cell<bool>,
}

impl Limiter {
    fn too_much(&self, tag: &Tag) -> bool {
        // Dropping these tags would turn what they hide into text.
        let raw = matches!(
            &*tag.name,
            "script" | "style" | "textarea" | "title" | "xmp" | "iframe" | "noembed" | "noframes" | "plaintext"
        );
        tag.kind == TagKind::StartTag && !raw && self.builder.sink.depth.get() >= MAX_DEPTH
    }
}

impl TokenSink for Limiter {
    type Handle = Id;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Id> {
        if matches!(token, Token::ParseError(_)) {
            return TokenSinkResult::Continue;
        }
        self.tokens.set(self.tokens.get() + 1);
        if let Token::TagToken(tag) = &token {
            if tag.attrs.len() > MAX_ATTRIBUTES {
                self.stopped.set(true);
            }
            if self.too_much(tag) {
                return TokenSinkResult::Continue;
            }
        }
        let sink = &self.builder.sink;
        if sink.dom.borrow().nodes.len() > MAX_NODES || sink.copied.get() > MAX_COPIED {
            self.stopped.set(true);
        }
        if self.stopped.get() && !matches!(token, Token::EOFToken) {
            return TokenSinkResult::Continue;
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    fn deepest(dom: &Dom) -> usize {
        let mut most = 0;
        let mut at = Some(Dom::ROOT);
        while let Some(id) = at {
            let mut depth = 0;
            let mut up = dom.parent(id);
            while let Some(parent) = up {
                depth += 1;
                up = dom.parent(parent);
            }
            most = most.max(depth);
            at = dom.following(id, Dom::ROOT);
        }
        most
    }

    #[test]
    fn deep_nesting_keeps_its_text() {
        let dom = Dom::parse(&format!("{}deep", "<div>".repeat(3_000)));
        assert!(deepest(&dom) <= MAX_DEPTH + 3);
        assert_eq!(dom.text(Dom::ROOT, 1_000), "deep");
        assert!(!dom.cut);
    }

    #[test]
    fn many_siblings_are_not_taken_for_depth() {
        let dom = Dom::parse(&"<p>x".repeat(2_000));
        let mut count = 0;
        let mut at = Some(Dom::ROOT);
        while let Some(id) = at {
            count += usize::from(dom.tag(id) == "p");
            at = dom.following(id, Dom::ROOT);
        }
        assert_eq!(count, 2_000);
    }

    #[test]
    fn a_flood_of_attributes_stops_the_reading() {
        let mut html = String::from("before<a ");
        for number in 0..200_000 {
            html.push_str(&format!("a{number} "));
        }
        let dom = Dom::parse(&html);
        assert!(dom.cut);
        assert_eq!(dom.text(Dom::ROOT, 100), "before");
    }

    #[test]
    fn formatting_that_multiplies_is_cut() {
        let mut html = String::new();
        for number in 0..200 {
            html.push_str(&format!("<p><b a={number}></p>"));
        }
        html.push_str(&"<p>x".repeat(100_000));
        assert!(Dom::parse(&html).cut);
    }

    #[test]
    fn a_large_data_uri_is_no_flood() {
        let html = format!("<img src=\"data:image/png;base64,{}\">after", "A".repeat(500_000));
        let dom = Dom::parse(&html);
        assert!(!dom.cut);
        assert_eq!(dom.text(Dom::ROOT, 100), "after");
    }
}
