//! Style declarations of a hostile sender, reduced to what cannot load or cover anything.
//!
//! Values are read token by token and written anew from the tokens, so nothing of the sender's
//! spelling survives: no escape, no comment, no unknown function. A declaration with one token
//! outside the list is dropped whole. Style sheets are not passed on: their rules are applied to
//! the elements, through the same filter.

use std::collections::HashMap;

use cssparser::{Delimiter, ParseError, Parser, Token};

use super::dom::{Dom, Id};

/// More declarations than this in one block are not read.
const MAX_DECLARATIONS: usize = 200;
/// More rules than this are not read.
const MAX_RULES: usize = 2_000;
/// Comparisons of an element with a selector, over a whole mail.
const MAX_WORK: usize = 2_000_000;
/// Bytes of style on one element.
const MAX_STYLE: usize = 4_000;

/// A declaration that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declaration {
    /// Property, lower case.
    pub(super) name: &'static str,
    /// Its value, written by us.
    pub(super) value: String,
    /// It was marked `!important`; the mark itself is never passed on.
    pub(super) important: bool,
}

const PROPERTIES: &[&str] = &[
    "background-color",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-style",
    "border-bottom-width",
    "border-collapse",
    "border-color",
    "border-left",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-radius",
    "border-right",
    "border-right-color",
    "border-right-style",
    "border-right-width",
    "border-spacing",
    "border-style",
    "border-top",
    "border-top-color",
    "border-top-style",
    "border-top-width",
    "border-width",
    "clear",
    "color",
    "direction",
    "display",
    "empty-cells",
    "float",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-position",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "opacity",
    "overflow",
    "overflow-wrap",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "table-layout",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "vertical-align",
    "visibility",
    "white-space",
    "width",
    "word-break",
    "word-spacing",
    "word-wrap",
];

const DISPLAYS: &[&str] = &[
    "none",
    "block",
    "inline",
    "inline-block",
    "list-item",
    "table",
    "inline-table",
    "table-row",
    "table-cell",
    "table-row-group",
    "table-header-group",
    "table-footer-group",
    "table-column",
    "table-column-group",
    "table-caption",
];

const UNITS: &[&str] = &["px", "pt", "pc", "em", "rem", "ex", "ch", "in", "cm", "mm"];

/// Reads a style attribute, or the block of a rule, and keeps what is harmless.
pub(super) fn declarations(css: &str) -> Vec<Declaration> {
    let mut parser = Parser::new(css);
    let mut kept = Vec::new();
    for _ in 0..MAX_DECLARATIONS {
        if parser.is_exhausted() {
            break;
        }
        let one = parser.parse_until_after(Delimiter::Semicolon, |parser| {
            let start = parser.position();
            let one = declaration(parser);
            while parser.next().is_ok() {}
            // An escape is how a name is hidden from a filter; nobody needs one in a mail.
            if parser.slice_from(start).contains(['\\', '@']) { Err(refuse()) } else { one }
        });
        kept.extend(one);
    }
    kept
}

/// Writes declarations as a style attribute.
pub(super) fn write(declarations: &[Declaration]) -> String {
    let mut style = String::new();
    for Declaration { name, value, .. } in declarations {
        if style.len() + name.len() + value.len() > MAX_STYLE {
            break;
        }
        if !style.is_empty() {
            style.push(';');
        }
        style.push_str(name);
        style.push(':');
        style.push_str(value);
    }
    style
}

/// A value of `color`, `bgcolor` and the like, in a spelling that is surely a colour.
pub(super) fn colour(text: &str) -> Option<String> {
    let text = text.trim();
    let bare = text.strip_prefix('#').unwrap_or(text);
    if matches!(bare.len(), 3 | 6) && bare.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(format!("#{}", bare.to_ascii_lowercase()));
    }
    let mut parser = Parser::new(text);
    let value = value("color", &mut parser).ok()?;
    parser.is_exhausted().then_some(value)
}

/// The colour says no more than a theme would: black text, white ground, whatever is inherited.
pub(super) fn is_neutral(name: &str, value: &str) -> bool {
    let inherited =
        ["inherit", "initial", "unset", "transparent", "currentcolor", "windowtext", "auto", "none", "window"];
    let black =
        ["black", "#000", "#000000", "rgb(0,0,0)", "rgba(0,0,0,1)", "#222", "#222222", "rgb(34,34,34)", "#212121"];
    let white = ["white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)"];
    match name {
        "color" => inherited.contains(&value) || black.contains(&value),
        "background-color" => inherited.contains(&value) || white.contains(&value),
        _ => true,
    }
}

fn refuse() -> ParseError<()> {
    ParseError::custom(())
}

fn declaration(parser: &mut Parser<'_>) -> Result<Declaration, ParseError<()>> {
    let given = parser.expect_ident()?.to_ascii_lowercase();
    parser.expect_colon()?;
    let name = if given == "background" { "background-color" } else { given.as_str() };
    let Some(name) = PROPERTIES.iter().find(|property| **property == name) else {
        return Err(refuse());
    };
    let value = if given == "background" { background(parser)? } else { value(name, parser)? };
    let important = parser.try_parse(cssparser::parse_important).is_ok();
    parser.expect_exhausted()?;
    Ok(Declaration { name, value, important })
}

/// The colour in a `background` shorthand. One with anything but a colour and harmless words in it
/// (an image above all) is refused, for its colour was chosen to stand behind that image.
fn background(parser: &mut Parser<'_>) -> Result<String, ParseError<()>> {
    let all = value("background-color", parser)?;
    all.split(' ').find(|word| is_colour(word)).map(str::to_owned).ok_or_else(refuse)
}

fn is_colour(word: &str) -> bool {
    word.starts_with('#')
        || word.starts_with("rgb")
        || word.starts_with("hsl")
        || word == "transparent"
        || cssparser::color::parse_named_color(word).is_ok()
}

fn value(name: &str, parser: &mut Parser<'_>) -> Result<String, ParseError<()>> {
    let mut out = String::new();
    let mut count = 0;
    loop {
        let state = parser.state();
        let Ok(token) = parser.next().cloned() else { break };
        if token == Token::Delim('!') {
            parser.reset(&state);
            break;
        }
        count += 1;
        let word = match &token {
            Token::Ident(word) => ident(name, word),
            Token::Hash(hex) | Token::IDHash(hex) => {
                let whole = matches!(hex.len(), 3 | 4 | 6 | 8) && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
                whole.then(|| format!("#{}", hex.to_ascii_lowercase()))
            }
            Token::Number { value, .. } => number(name, *value, ""),
            Token::Percentage { unit_value, .. } => number(name, unit_value * 100.0, "%"),
            Token::Dimension { value, unit, .. } => {
                let unit = unit.to_ascii_lowercase();
                UNITS.contains(&unit.as_str()).then(|| number(name, *value, &unit)).flatten()
            }
            Token::QuotedString(family) if name.starts_with("font") => quoted(family),
            Token::Comma if name.starts_with("font") => Some(",".into()),
            Token::Delim('/') if matches!(name, "font" | "border-radius") => Some("/".into()),
            Token::Function(function) => {
                let function = function.to_ascii_lowercase();
                if matches!(function.as_str(), "rgb" | "rgba" | "hsl" | "hsla") {
                    Some(parser.parse_nested_block(|parser| colour_function(&function, parser))?)
                } else {
                    None
                }
            }
            _ => None,
        };
        let Some(word) = word.filter(|_| count <= 24) else { return Err(refuse()) };
        if !out.is_empty() && word != "," {
            out.push(' ');
        }
        out.push_str(&word);
    }
    if out.is_empty() { Err(refuse()) } else { Ok(out) }
}

fn ident(name: &str, word: &str) -> Option<String> {
    let word = word.to_ascii_lowercase();
    let plain = word.len() <= 40 && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let fits = match name {
        "display" => DISPLAYS.contains(&word.as_str()),
        "overflow" => matches!(word.as_str(), "hidden" | "visible" | "auto"),
        _ => true,
    };
    (plain && fits).then_some(word)
}

fn quoted(family: &str) -> Option<String> {
    let plain = family.len() <= 60 && family.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.'));
    plain.then(|| format!("'{family}'"))
}

fn number(name: &str, value: f32, unit: &str) -> Option<String> {
    let least = if name == "text-indent" { -200.0 } else { 0.0 };
    let most = match (name, unit) {
        ("font-size" | "font", "em" | "rem" | "ex" | "ch" | "in" | "cm" | "mm") => 6.0,
        ("font-size", "px" | "pt" | "pc") => 96.0,
        ("font", "px" | "pt" | "pc") => 1_000.0,
        (_, "%") => 400.0,
        (_, "em" | "rem" | "ex" | "ch" | "in" | "cm" | "mm") => 100.0,
        _ => 3_000.0,
    };
    (value.is_finite() && value >= least && value <= most).then(|| {
        let text = format!("{value:.3}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        format!("{}{unit}", if text == "-0" { "0" } else { text })
    })
}

fn colour_function(function: &str, parser: &mut Parser<'_>) -> Result<String, ParseError<()>> {
    let mut parts = Vec::new();
    while let Ok(token) = parser.next().cloned() {
        match token {
            Token::Number { value, .. } => parts.extend(number("", value, "")),
            Token::Percentage { unit_value, .. } => parts.extend(number("", unit_value * 100.0, "%")),
            Token::Comma | Token::Delim('/') => {}
            _ => return Err(refuse()),
        }
    }
    if matches!(parts.len(), 3 | 4) { Ok(format!("{function}({})", parts.join(","))) } else { Err(refuse()) }
}

/// One step of a selector: what an element must be.
#[derive(Debug, Default, PartialEq, Eq)]
struct Compound {
    tag: Option<String>,
    id: Option<String>,
    classes: Vec<String>,
    /// The step before it is the parent, not just any ancestor.
    child: bool,
}

#[derive(Debug)]
struct Rule {
    /// Innermost first.
    steps: Vec<Compound>,
    specificity: (usize, usize, usize),
    order: usize,
    declarations: std::rc::Rc<Vec<Declaration>>,
}

/// The rules of all `<style>` blocks of a mail.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    rules: Vec<Rule>,
    by_key: HashMap<String, Vec<usize>>,
    work: usize,
}

impl Sheet {
    /// Reads one block more. What stands in an at-rule (`@media`, `@import`, `@font-face`) is left
    /// out: it depends on a window that is not known here, or loads something.
    pub(super) fn read(&mut self, css: &str) {
        let mut parser = Parser::new(css);
        while self.rules.len() < MAX_RULES && !parser.is_exhausted() {
            let start = parser.position();
            let _: Result<(), ParseError<()>> =
                parser.parse_until_before(Delimiter::CurlyBracketBlock | Delimiter::Semicolon, |parser| {
                    while parser.next().is_ok() {}
                    Ok(())
                });
            let prelude = parser.slice_from(start).trim();
            let prelude = prelude.trim_start_matches("<!--").trim_start_matches("-->").trim().to_owned();
            if !matches!(parser.next(), Ok(Token::CurlyBracketBlock)) {
                continue;
            }
            let block: Result<String, ParseError<()>> = parser.parse_nested_block(|parser| {
                let start = parser.position();
                while parser.next().is_ok() {}
                Ok(parser.slice_from(start).to_owned())
            });
            if let Ok(block) = block
                && !prelude.starts_with('@')
            {
                self.add(&prelude, &block);
            }
        }
    }

    fn add(&mut self, prelude: &str, block: &str) {
        let declarations = std::rc::Rc::new(declarations(block));
        if declarations.is_empty() {
            return;
        }
        for selector in prelude.split(',') {
            let Some(steps) = steps(selector) else { continue };
            let specificity = steps.iter().fold((0, 0, 0), |(ids, classes, tags), step| {
                (
                    ids + usize::from(step.id.is_some()),
                    classes + step.classes.len(),
                    tags + usize::from(step.tag.is_some()),
                )
            });
            let key = steps.first().map_or_else(String::new, |step| {
                step.id
                    .as_ref()
                    .map(|id| format!("#{id}"))
                    .or_else(|| step.classes.first().map(|class| format!(".{class}")))
                    .or_else(|| step.tag.clone())
                    .unwrap_or_else(|| "*".into())
            });
            self.by_key.entry(key).or_default().push(self.rules.len());
            let order = self.rules.len();
            self.rules.push(Rule { steps, specificity, order, declarations: declarations.clone() });
        }
    }

    /// The style of an element: the rules that match it in the order of the cascade, then its own
    /// declarations, then what the rules insist on.
    pub(super) fn style(&mut self, dom: &Dom, id: Id, own: Vec<Declaration>) -> Vec<Declaration> {
        let Some(element) = dom.element(id) else { return own };
        if self.rules.is_empty() {
            return own;
        }
        let keys = element
            .classes()
            .map(|class| format!(".{class}"))
            .chain(element.attribute("id").map(|id| format!("#{id}")))
            .chain([element.tag().to_owned(), "*".to_owned()]);
        let mut matching = Vec::new();
        for key in keys.take(32) {
            for index in self.by_key.get(&key).into_iter().flatten() {
                let Some(rule) = self.rules.get(*index) else { continue };
                if self.work > MAX_WORK {
                    break;
                }
                if rule.matches(dom, id, &mut self.work) {
                    matching.push(rule);
                }
            }
        }
        matching.sort_by_key(|rule| (rule.specificity, rule.order));
        matching.dedup_by_key(|rule| rule.order);
        let rules = matching.iter().flat_map(|rule| rule.declarations.iter());
        let (insisting, plain): (Vec<_>, Vec<_>) = rules.cloned().partition(|one| one.important);
        let mut last: Vec<Declaration> = Vec::new();
        for one in plain.into_iter().chain(own).chain(insisting) {
            last.retain(|old| old.name != one.name);
            last.push(one);
        }
        last
    }
}

impl Rule {
    fn matches(&self, dom: &Dom, id: Id, work: &mut usize) -> bool {
        let mut at = Some(id);
        let mut direct = true;
        for step in &self.steps {
            let found = loop {
                let Some(id) = at else { return false };
                *work += 1;
                at = dom.parent(id);
                if step.matches(dom, id) {
                    break true;
                }
                if direct {
                    break false;
                }
            };
            if !found {
                return false;
            }
            direct = step.child;
        }
        true
    }
}

impl Compound {
    fn matches(&self, dom: &Dom, id: Id) -> bool {
        let Some(element) = dom.element(id) else { return false };
        self.tag.as_deref().is_none_or(|tag| element.tag() == tag)
            && self.id.as_deref().is_none_or(|id| element.attribute("id") == Some(id))
            && self.classes.iter().all(|class| element.classes().any(|own| own == class))
    }
}

/// Tag, class and id steps joined by spaces or `>`; anything else is no selector for us.
fn steps(selector: &str) -> Option<Vec<Compound>> {
    let spaced = selector.replace('>', " > ");
    let mut steps: Vec<Compound> = Vec::new();
    let mut child = false;
    for word in spaced.split_ascii_whitespace() {
        if word == ">" {
            child = true;
            continue;
        }
        steps.insert(0, Compound { child, ..compound(word)? });
        child = false;
    }
    (!steps.is_empty() && steps.len() <= 6 && !child).then_some(steps)
}

fn compound(word: &str) -> Option<Compound> {
    let mut compound = Compound::default();
    let mut rest = word;
    let mut kind = ' ';
    loop {
        let end = rest.find(['.', '#']).unwrap_or(rest.len());
        let (name, tail) = rest.split_at_checked(end)?;
        let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        match kind {
            ' ' if name.is_empty() || name == "*" => {}
            ' ' if plain => compound.tag = Some(name.to_ascii_lowercase()),
            '.' if plain && !name.is_empty() => compound.classes.push(name.to_owned()),
            '#' if plain && !name.is_empty() => compound.id = Some(name.to_owned()),
            _ => return None,
        }
        let mut chars = tail.chars();
        match chars.next() {
            Some(next) => kind = next,
            None => return Some(compound),
        }
        rest = chars.as_str();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    fn filtered(css: &str) -> String {
        write(&declarations(css))
    }

    #[test]
    fn harmless_declarations_pass_rewritten() {
        assert_eq!(filtered("COLOR : Red ; margin:0 auto 1.50em"), "color:red;margin:0 auto 1.5em");
        assert_eq!(filtered("font: bold 12px/1.4 'Segoe UI', Arial"), "font:bold 12px / 1.4 'Segoe UI', arial");
        assert_eq!(filtered("background: #FFF none repeat"), "background-color:#fff");
        assert_eq!(filtered("color: rgba(1, 2, 3, 50%)"), "color:rgba(1,2,3,50%)");
        assert_eq!(filtered("font-family:'新細明體'"), "font-family:'新細明體'");
    }

    #[test]
    fn what_loads_or_covers_is_refused() {
        for css in [
            "background:url(http://a.example/x)",
            "background:u\\72l(http://a.example/x)",
            "background-image:url(x)",
            "background:red url('x')",
            "background:image-set('http://a.example/x' 1x)",
            "color:var(--x)",
            "--x:url(http://a.example)",
            "width:expression(alert(1))",
            "width:attr(data-x px)",
            "position:fixed",
            "position:absolute;top:0;left:0;z-index:9",
            "margin-top:-100px",
            "height:100vh",
            "width:99999999px",
            "behavior:url(x.htc)",
            "-moz-binding:url(x)",
            "list-style:url(x)",
            "cursor:url(x),auto",
            "content:'x'",
            "font-family:'a;b}'",
            "display:contents",
            "color:red\\0a ",
            "@import 'x'",
            "filter:url(#x)",
            "",
            ";;;",
            "{}",
            "color",
            "color:",
        ] {
            assert_eq!(filtered(css), "", "{css}");
        }
    }

    #[test]
    fn one_bad_declaration_does_not_take_the_others_along() {
        assert_eq!(filtered("color:red;background:url(x);width:10px!important;top:1px"), "color:red;width:10px");
        assert_eq!(filtered("color:red;x{y:z};width:1px"), "color:red;width:1px");
    }

    #[test]
    fn what_passed_once_passes_unchanged() {
        for css in ["font: bold 12px/1.4 'Segoe UI', Arial", "color:hsl(1,2%,3%)", "border:1px solid #ABC"] {
            let once = filtered(css);
            assert_eq!(filtered(&once), once);
        }
    }

    #[test]
    fn rules_apply_in_the_order_of_the_cascade() {
        let dom = Dom::parse("<table><tr><td class='a b' id=x>t</td></tr></table>");
        let mut sheet = Sheet::default();
        sheet.read(
            "<!-- @import url(http://a.example/x.css); @media print{td{color:pink}} td{color:red;width:1px} \
             .a{color:blue} table > td{width:5px} table td.b{height:2px!important} td:hover{width:9px} -->",
        );
        let id = dom.find("td").unwrap_or_default();
        let style = sheet.style(&dom, id, declarations("height:7px"));
        assert_eq!(write(&style), "width:1px;color:blue;height:2px");
    }

    #[test]
    fn colours_of_attributes() {
        assert_eq!(colour("FFFFFF").as_deref(), Some("#ffffff"));
        assert_eq!(colour("#AbC").as_deref(), Some("#abc"));
        assert_eq!(colour("red").as_deref(), Some("red"));
        assert_eq!(colour("red;x:y"), None);
        assert_eq!(colour("url(x)"), None);
        assert_eq!(colour(""), None);
    }
}
