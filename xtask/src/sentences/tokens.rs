//! Finds the texts for people among the tokens of a source file, and makes templates of them.
//!
//! Tokens rather than a syntax tree: half of what is said stands inside macros (`format!`,
//! `tokio::select!`), whose insides have no tree.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::looks;

/// Macros whose texts go to a log, to a developer, or over a wire.
const UNHEARD: &[&str] = &[
    "trace",
    "debug",
    "info",
    "warn",
    "error",
    "event",
    "debug_span",
    "info_span",
    "warn_span",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "panic",
    "unreachable",
    "todo",
    "json",
    "println",
    "eprintln",
    "include_str",
    "include_bytes",
];

/// Methods and functions whose texts are for developers, or are looked for.
const UNHEARD_CALLS: &[&str] = &[
    "contains",
    "ends_with",
    "env",
    "eq_ignore_ascii_case",
    "expect",
    "expect_err",
    "find",
    "get",
    "query",
    "rsplit",
    "split",
    "split_once",
    "starts_with",
    "strftime",
    "strip_prefix",
    "strip_suffix",
];

/// Functions that show what they are given, were it a single word.
const SHOWING: &[&str] = &["passed", "failed"];

/// Methods that say nothing about what they are called on.
const PLAIN: &[&str] =
    &["as_deref", "as_ref", "as_secs", "as_str", "clone", "display", "iter", "len", "self", "to_string", "trim"];

/// Adds the templates in `tokens` to `found`.
pub(super) fn walk(tokens: TokenStream, found: &mut BTreeSet<String>) {
    visit(&tokens.into_iter().collect::<Vec<_>>(), false, found);
}

/// `shown`: one word is enough here.
fn visit(tokens: &[TokenTree], shown: bool, found: &mut BTreeSet<String>) {
    let mut rest = tokens;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (first, after) {
            (TokenTree::Punct(sign), [TokenTree::Group(attribute), further @ ..]) if sign.as_char() == '#' => {
                rest = if is_for_tests(attribute) { past_item(further) } else { further };
                thiserror(attribute, found);
            }
            (TokenTree::Ident(name), [TokenTree::Punct(sign), TokenTree::Group(inside), further @ ..])
                if sign.as_char() == '!' =>
            {
                rest = further;
                invoke(&name.to_string(), inside, shown, found);
            }
            (TokenTree::Ident(name), [TokenTree::Group(inside), further @ ..])
                if inside.delimiter() == Delimiter::Parenthesis =>
            {
                let name = name.to_string();
                rest = further;
                if !UNHEARD_CALLS.contains(&name.as_str()) {
                    visit(&list(inside), shown || SHOWING.contains(&name.as_str()), found);
                }
            }
            (TokenTree::Punct(sign), [TokenTree::Punct(inner), TokenTree::Group(_), further @ ..])
                if sign.as_char() == '#' && inner.as_char() == '!' =>
            {
                rest = further;
            }
            // A list of bare words is one of keywords.
            (TokenTree::Group(inside), _) if inside.delimiter() == Delimiter::Bracket => {
                for part in split(&list(inside)) {
                    match part {
                        [word @ TokenTree::Literal(_)] if text_of(word).is_some_and(|text| !text.ends_with('.')) => {}
                        other => visit(other, shown, found),
                    }
                }
            }
            (TokenTree::Group(inside), _) => visit(&list(inside), shown, found),
            (TokenTree::Literal(_), further) if is_pattern(further) => rest = past_patterns(further),
            (TokenTree::Literal(_), _) => {
                if let Some(text) = text_of(first) {
                    keep(text.replace('{', "{{").replace('}', "}}"), shown, found);
                }
            }
            _ => {}
        }
    }
}

/// A literal before `|` or `=>` is one of those a value is compared with.
fn is_pattern(after: &[TokenTree]) -> bool {
    match after {
        [TokenTree::Punct(bar), TokenTree::Literal(_), ..] => bar.as_char() == '|',
        [TokenTree::Punct(line), TokenTree::Punct(point), ..] => line.as_char() == '=' && point.as_char() == '>',
        _ => false,
    }
}

/// What follows the other literals a value is compared with.
fn past_patterns(mut after: &[TokenTree]) -> &[TokenTree] {
    while let [TokenTree::Punct(bar), TokenTree::Literal(_), further @ ..] = after
        && bar.as_char() == '|'
    {
        after = further;
    }
    after
}

/// Whether it was one for people.
fn keep(template: String, shown: bool, found: &mut BTreeSet<String>) -> bool {
    let kept = looks::is_speech(&template) || shown && looks::is_shown(&template);
    if kept {
        found.insert(template);
    }
    kept
}

/// A macro: one that puts texts together, or one whose inside is looked through as it stands.
fn invoke(name: &str, inside: &Group, shown: bool, found: &mut BTreeSet<String>) {
    match name {
        name if UNHEARD.contains(&name) => {}
        "format" | "format_args" => format(&list(inside), shown, found),
        "write" | "writeln" => {
            let tokens = list(inside);
            let after = tokens.iter().position(is_comma).and_then(|comma| tokens.get(comma + 1..));
            format(after.unwrap_or_default(), shown, found);
        }
        "concat" => {
            let parts: Option<String> =
                split(&list(inside)).iter().map(|part| part.first().and_then(text_of)).collect();
            if let Some(whole) = parts {
                keep(whole, shown, found);
            }
        }
        _ => visit(&list(inside), shown, found),
    }
}

/// `"text with {} holes", arguments`: the template, and what the arguments say themselves.
fn format(tokens: &[TokenTree], shown: bool, found: &mut BTreeSet<String>) {
    let parts = split(tokens);
    let Some((first, arguments)) = parts.split_first() else {
        return;
    };
    let Some(text) = first.first().and_then(text_of) else {
        return visit(tokens, shown, found);
    };
    let shown = keep(template(&text, arguments), shown, found);
    for argument in arguments {
        visit(argument, shown, found);
    }
}

/// `#[error("…", arguments)]`, as thiserror reads it.
fn thiserror(attribute: &Group, found: &mut BTreeSet<String>) {
    if let [TokenTree::Ident(name), TokenTree::Group(inside)] = list(attribute).as_slice()
        && name == "error"
    {
        format(&list(inside), false, found);
    }
}

fn is_for_tests(attribute: &Group) -> bool {
    let written = attribute.stream().to_string().replace(' ', "");
    written == "cfg(test)" || written.starts_with("cfg(all(test") || written == "test" || written.ends_with("::test")
}

/// What follows the item that begins here: its attributes, then all up to its body or its semicolon.
fn past_item(mut tokens: &[TokenTree]) -> &[TokenTree] {
    while let Some((first, after)) = tokens.split_first() {
        tokens = after;
        match first {
            TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => break,
            TokenTree::Punct(sign) if sign.as_char() == ';' => break,
            _ => {}
        }
    }
    tokens
}

fn list(group: &Group) -> Vec<TokenTree> {
    group.stream().into_iter().collect()
}

/// The text of a string literal.
fn text_of(token: &TokenTree) -> Option<String> {
    let TokenTree::Literal(_) = token else { return None };
    syn::parse2::<syn::LitStr>(token.clone().into()).ok().map(|literal| literal.value())
}

/// Arguments, cut at the commas between them.
fn split(tokens: &[TokenTree]) -> Vec<&[TokenTree]> {
    tokens.split(is_comma).filter(|part| !part.is_empty()).collect()
}

fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(sign) if sign.as_char() == ',')
}

/// The text with a name in every hole: what stands in it, else what its argument is called, else the argument's number.
fn template(text: &str, arguments: &[&[TokenTree]]) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    let mut next = 0;
    let mut taken = BTreeMap::new();
    while let Some(sign) = chars.next() {
        out.push(sign);
        if (sign == '{' || sign == '}') && chars.next_if_eq(&sign).is_some() {
            out.push(sign);
        } else if sign == '{' {
            let inside: String = chars.by_ref().take_while(|c| *c != '}').collect();
            let mut name = inside.split(':').next().unwrap_or_default().trim().to_owned();
            if name.is_empty() {
                name = next.to_string();
                next += 1;
            }
            name = name.trim_start_matches("r#").to_owned();
            if let Some(argument) = name.parse::<usize>().ok().and_then(|number| arguments.get(number)) {
                let called =
                    called(argument).filter(|called| *taken.entry(called.clone()).or_insert(name.clone()) == name);
                name = called.unwrap_or(name);
            }
            out.push_str(&name);
            out.push('}');
        }
    }
    out
}

/// What an argument is called, where it is as good as a name: `host`, `&self.host`, `wait.as_secs()`.
fn called(argument: &[TokenTree]) -> Option<String> {
    let mut last = None;
    for token in argument {
        match token {
            TokenTree::Ident(name) if PLAIN.contains(&name.to_string().as_str()) => {}
            TokenTree::Ident(name) => last = Some(name.to_string().trim_start_matches("r#").to_owned()),
            TokenTree::Punct(sign) if ".&*".contains(sign.as_char()) => {}
            TokenTree::Group(inside) if inside.stream().is_empty() && inside.delimiter() == Delimiter::Parenthesis => {}
            _ => return None,
        }
    }
    last
}
