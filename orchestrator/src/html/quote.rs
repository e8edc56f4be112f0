//! Folds what a reply repeats.
//!
//! Works on the tree before anything is written: a text that was sanitised and then cut and
//! joined again is no longer sanitised. Clients mark a quotation in their own ways; each way known
//! here is taken from mails those clients send.

use super::dom::{Data, Dom, Element, Id};

/// Text looked at to recognise a header block or an attribution.
const LOOK: usize = 600;
/// More quotations than this in one mail are left as they are.
const MAX_FOLDS: usize = 200;

/// Wraps each outermost quotation below `body` into a closed `<details class="quote">`.
///
/// Nothing is folded when the mail holds nothing else (a bare forward), and a quotation with the
/// sender's own words behind it stays open: those answer it point by point.
pub(super) fn fold(dom: &mut Dom, body: Id, label: &str) {
    let mut own_before = false;
    let mut at = dom.first(body);
    let mut folds = Vec::new();
    while let Some(id) = at {
        if let Data::Text(text) = dom.data(id) {
            own_before |= !text.trim().is_empty();
        }
        if matches!(dom.tag(id), "style" | "script" | "head" | "title" | "template") || is_hidden(dom, id) {
            at = dom.skip(id, body);
            continue;
        }
        let Some(extent) = extent(dom, id).filter(|_| own_before && folds.len() < MAX_FOLDS) else {
            at = dom.following(id, body);
            continue;
        };
        let (first, last) = match extent {
            Extent::Node => (with_attribution(dom, id), id),
            Extent::ToTheEnd => (with_rule(dom, id), last_sibling(dom, id)),
        };
        let own_after = has_text_after(dom, last, body);
        folds.push((first, last, own_after));
        at = dom.skip(last, body);
    }
    for (first, last, open) in folds {
        wrap(dom, first, last, open, label);
    }
}

enum Extent {
    /// The element is the quotation.
    Node,
    /// The quotation starts with the element and goes on to the end of its parent.
    ToTheEnd,
}

fn extent(dom: &Dom, id: Id) -> Option<Extent> {
    let element = dom.element(id)?;
    let tag = element.tag();
    if tag == "blockquote" && element.attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case("cite")) {
        return Some(Extent::Node);
    }
    let quoting = [
        "gmail_quote",
        "gmail_quote_container",
        "yahoo_quoted",
        "protonmail_quote",
        "zmail_extra",
        "moz-forward-container",
        "tutanota_quote",
    ];
    if element.classes().any(|class| quoting.contains(&class)) {
        let text = dom.text(id, LOOK);
        let forward = text.trim_start().starts_with("----------")
            || element.classes().any(|class| class == "moz-forward-container");
        return (!forward).then_some(Extent::Node);
    }
    if matches!(element.attribute("id"), Some("divRplyFwdMsg" | "x_divRplyFwdMsg" | "OLK_SRC_BODY_SECTION")) {
        return Some(Extent::ToTheEnd);
    }
    if matches!(tag, "div" | "p") && is_header_block(&dom.text(id, LOOK)) {
        return Some(Extent::ToTheEnd);
    }
    None
}

/// A block of the kind "From: … Sent: … To: … Subject: …", in the languages of the clients' menus.
fn is_header_block(text: &str) -> bool {
    const FROM: &[&str] =
        &["From:", "Von:", "De :", "De:", "Da:", "Van:", "Från:", "Fra:", "Od:", "差出人:", "发件人:"];
    const SENT: &[&str] = &[
        "Sent:",
        "Date:",
        "Gesendet:",
        "Datum:",
        "Envoyé",
        "Date :",
        "Enviado",
        "Fecha:",
        "Data:",
        "Inviato:",
        "Verzonden:",
        "Skickat:",
        "Sendt:",
        "Wysłano:",
        "送信日時:",
        "发送时间:",
    ];
    const SUBJECT: &[&str] = &[
        "Subject:",
        "Betreff:",
        "Objet",
        "Asunto:",
        "Assunto:",
        "Oggetto:",
        "Onderwerp:",
        "Ämne:",
        "Emne:",
        "Temat:",
        "件名:",
        "主题:",
    ];
    let text = text.trim_start();
    FROM.iter().any(|word| text.starts_with(word))
        && SENT.iter().any(|word| text.contains(word))
        && (text.contains('@') || SUBJECT.iter().any(|word| text.contains(word)))
}

fn previous_shown(dom: &Dom, id: Id) -> Option<Id> {
    let mut at = dom.previous(id);
    while let Some(id) = at {
        match dom.data(id) {
            Data::Text(text) if text.trim().is_empty() => at = dom.previous(id),
            Data::Other => at = dom.previous(id),
            _ => return Some(id),
        }
    }
    None
}

/// The line "On … X wrote:" before a quotation belongs to it.
fn with_attribution(dom: &Dom, id: Id) -> Id {
    let Some(before) = previous_shown(dom, id) else { return id };
    let Some(element) = dom.element(before) else { return id };
    let marked =
        element.classes().any(|class| matches!(class, "moz-cite-prefix" | "gmail_attr" | "protonmail_signature_block"));
    let line = dom.text(before, LOOK);
    let said = matches!(element.tag(), "div" | "p") && super::plain::is_attribution(line.trim());
    if marked || said { before } else { id }
}

/// Outlook on the web draws a rule above the header block.
fn with_rule(dom: &Dom, id: Id) -> Id {
    match previous_shown(dom, id) {
        Some(before) if dom.tag(before) == "hr" => before,
        _ => id,
    }
}

fn last_sibling(dom: &Dom, id: Id) -> Id {
    dom.parent(id).and_then(|parent| dom.last(parent)).unwrap_or(id)
}

fn has_text_after(dom: &Dom, id: Id, body: Id) -> bool {
    let mut at = dom.skip(id, body);
    while let Some(id) = at {
        if matches!(dom.data(id), Data::Text(text) if !text.trim().is_empty()) {
            return true;
        }
        at = dom.following(id, body);
    }
    false
}

fn is_hidden(dom: &Dom, id: Id) -> bool {
    dom.element(id).and_then(|element| element.attribute("style")).is_some_and(|style| {
        style.len() < 2_000 && style.replace(' ', "").to_ascii_lowercase().contains("display:none")
    })
}

fn wrap(dom: &mut Dom, first: Id, last: Id, open: bool, label: &str) {
    let mut attributes = vec![("class", "quote")];
    if open {
        attributes.push(("open", ""));
    }
    let details = dom.create(Data::Element(Element::ours("details", &attributes)));
    let summary = dom.create(Data::Element(Element::ours("summary", &[])));
    let label = dom.create(Data::Text(label.into()));
    dom.insert_before(first, details);
    dom.append(details, summary);
    dom.append(summary, label);
    let mut at = Some(first);
    while let Some(id) = at {
        at = if id == last { None } else { dom.next(id) };
        dom.append(details, id);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use crate::html::{RenderOptions, render};

    fn html(mail: &str) -> String {
        render(mail, &RenderOptions::default()).html
    }

    const OPEN: &str = "<details class=\"quote\"><summary>Quoted text</summary>";

    #[test]
    fn gmail() {
        let out = html(
            "<div dir=ltr>Fine.</div><br><div class=\"gmail_quote\"><div class=gmail_attr>On Monday Ann wrote:<br></div>\
             <blockquote class=gmail_quote>Lunch?</blockquote></div>",
        );
        assert_eq!(out.matches("<details").count(), 1);
        assert!(out.contains(&format!("Fine.</div><br>{OPEN}")), "{out}");
        assert!(out.contains("Lunch?</blockquote></div></details>"), "{out}");
    }

    #[test]
    fn apple_and_thunderbird() {
        let out = html(
            "Yes<br><div class=moz-cite-prefix>On 1/2/26 Ann wrote:</div><blockquote type=\"cite\">A<blockquote type=cite>B\
             </blockquote></blockquote>",
        );
        assert_eq!(out.matches("<details").count(), 1);
        assert!(out.contains(&format!("{OPEN}<div>On 1/2/26 Ann wrote:</div><blockquote>A")), "{out}");
    }

    #[test]
    fn outlook_on_the_web() {
        let out =
            html("<div>Ok</div><hr><div id=divRplyFwdMsg><b>From:</b> Ann<br><b>Sent:</b> Monday</div><div>old</div>");
        assert!(out.contains(&format!("<div>Ok</div>{OPEN}<hr>")), "{out}");
        assert!(out.contains("<div>old</div></details>"), "{out}");
    }

    #[test]
    fn outlook_on_the_desktop_in_german() {
        let out = html(
            "<div><p>Gut.</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>Von:</b> Ann &lt;ann@a.example&gt;\
             <br><b>Gesendet:</b> Montag<br><b>Betreff:</b> Essen</p></div></div><p>alt</p></div>",
        );
        assert!(out.contains("<p>Gut.</p>"), "{out}");
        assert!(out.contains("<details class=\"quote\"") && out.find("Gut.") < out.find("<details"), "{out}");
    }

    #[test]
    fn a_bare_forward_is_not_folded() {
        let forward = "<blockquote type=cite>All there is</blockquote>";
        assert!(!html(forward).contains("<details"));
        assert!(
            !html("See below<div class=gmail_quote>---------- Forwarded message ---------<br>x</div>")
                .contains("<details")
        );
    }

    #[test]
    fn answers_in_between_leave_the_question_open() {
        let out = html("Hi<blockquote type=cite>One?</blockquote>Yes<blockquote type=cite>Two?</blockquote>");
        assert!(out.contains("<details class=\"quote\" open=\"\">"), "{out}");
        assert!(out.contains(OPEN), "{out}");
    }

    #[test]
    fn the_senders_own_details_are_no_quote_of_ours() {
        assert_eq!(html("a<details class=quote open><summary>x</summary>y</details>"), "axy");
    }
}
