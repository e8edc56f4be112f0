//! The public attack suites against the renderer, judged on the tree of what comes out.

use std::fs;

use super::{
    Contrast, FrameWords, RenderOptions, Theme, allow, document,
    dom::{Data, Dom},
    render,
};

/// The rows of an attack file as (id, html); `None` when the data is not at hand.
fn rows(test: &str, file: &str) -> Option<Vec<(String, String)>> {
    let Ok(shared) = std::env::var("INLET_SHARED") else {
        println!("skipped: {test}: INLET_SHARED is not set");
        return None;
    };
    let text = fs::read_to_string(format!("{shared}/attacks/{file}")).unwrap();
    let rows = text.lines().map(|line| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        (row["id"].as_str().unwrap().to_owned(), row["html"].as_str().unwrap().to_owned())
    });
    Some(rows.collect())
}

/// What a browser would find in this text that no mail may hold. It knows nothing of how the
/// sanitiser works: the same judge condemns the naive one below.
fn judge(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let dom = Dom::parse(html);
    let mut at = Some(Dom::ROOT);
    while let Some(id) = at {
        if let Data::Element(element) = dom.data(id) {
            let name = &*element.name.local;
            let frame = matches!(name, "html" | "head" | "body") && element.attributes.is_empty();
            let listed = allow::TAGS.iter().any(|(tag, _)| *tag == element.tag()) || element.tag() == "tbody";
            if !frame && !listed {
                found.push(format!("element {name}"));
            }
            for (attribute, value) in &element.attributes {
                let own = allow::TAGS.iter().find(|(tag, _)| *tag == name).map(|(_, own)| *own).unwrap_or_default();
                let listed = own.contains(&attribute.as_str())
                    || allow::COMMON.contains(&attribute.as_str())
                    || (name == "a" && matches!(attribute.as_str(), "rel" | "target"));
                if !listed || attribute.starts_with("on") {
                    found.push(format!("attribute {attribute} of {name}"));
                }
                if matches!(
                    attribute.as_str(),
                    "src" | "srcset" | "background" | "poster" | "data" | "longdesc" | "lowsrc" | "dynsrc"
                ) && !value.starts_with("data:image/")
                {
                    found.push(format!("{attribute} loads {value}"));
                }
                let lower = value.to_ascii_lowercase();
                if attribute == "href"
                    && !["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme))
                {
                    found.push(format!("href {value}"));
                }
                let dangerous = [
                    "url",
                    "image-set",
                    "src(",
                    "var(",
                    "attr(",
                    "expression",
                    "import",
                    "\\",
                    "@",
                    "/*",
                    "fixed",
                    "absolute",
                    "sticky",
                    "behavior",
                    "binding",
                    "{",
                    "}",
                ];
                if attribute == "style" && dangerous.iter().any(|word| lower.contains(word)) {
                    found.push(format!("style {value}"));
                }
            }
        }
        at = dom.following(id, Dom::ROOT);
    }
    found
}

/// The kind of sanitiser one writes in an afternoon: the judge must find it wanting.
fn naive(html: &str) -> String {
    let mut out = html.to_owned();
    while let (Some(start), Some(end)) = (out.find("<script"), out.find("</script>")) {
        if start >= end {
            break;
        }
        out.replace_range(start..end + "</script>".len(), "");
    }
    for word in ["javascript:", "onerror=", "onload=", "onclick=", "onmouseover=", "<iframe", "<object", "<embed"] {
        out = out.replace(word, "");
    }
    out
}

#[test]
fn no_known_attack_survives() {
    let (Some(mut all), Some(loads)) =
        (rows("no_known_attack_survives", "html.jsonl"), rows("no_known_attack_survives", "remote-loads.jsonl"))
    else {
        return;
    };
    all.extend(loads);
    let mut naive_failures = 0;
    for (id, html) in &all {
        let rendered = render(html, &RenderOptions::default());
        assert_eq!(judge(&rendered.html), Vec::<String>::new(), "{id}: {html}\n→ {}", rendered.html);
        naive_failures += usize::from(!judge(&naive(html)).is_empty());
    }
    println!("{} attacks; the naive sanitiser fails {naive_failures}", all.len());
    assert!(all.len() > 1_500 && naive_failures > 500, "{} attacks, {naive_failures} found", all.len());
}

#[test]
fn what_was_sanitised_stays_so() {
    let Some(all) = rows("what_was_sanitised_stays_so", "html.jsonl") else { return };
    for (id, html) in all.iter().step_by(3) {
        let once = render(html, &RenderOptions::default()).html;
        let twice = render(&once, &RenderOptions::default()).html;
        assert_eq!(judge(&twice), Vec::<String>::new(), "{id}");
    }
}

#[test]
fn attacks_in_styles_and_in_text_do_nothing() {
    for html in [
        "<p style=\"background:u/**/rl(http://a.example/x)\">x",
        "<p style='color:red;background:\\75rl(http://a.example)'>x",
        "<style>*{background:url(http://a.example)}</style><p>x",
        "<style><img src=x onerror=alert(1)></style>x",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
        "<img src=x:x onerror=alert(1)>",
        "<table background=http://a.example/x><td background=http://a.example/x>x",
        "<a href='https://a.example/\"onmouseover=alert(1) x=\"'>x</a>",
        "<p title='\"><script>alert(1)</script>'>x",
        "<textarea><script>alert(1)</script></textarea>",
        "<plaintext><script>alert(1)</script>",
        "<xmp><img src=x onerror=alert(1)></xmp>",
    ] {
        let out = render(html, &RenderOptions::default()).html;
        assert_eq!(judge(&out), Vec::<String>::new(), "{html} → {out}");
    }
}

/// Writes every attack as the document the window would show, one JSON object per line, to the
/// file named by `INLET_DOCUMENTS`: the input of `tests/e2e/attacks.mjs`.
#[test]
#[ignore = "writes the file that tests/e2e/attacks.mjs reads"]
fn write_documents() {
    let (Some(mut all), Some(loads)) =
        (rows("write_documents", "html.jsonl"), rows("write_documents", "remote-loads.jsonl"))
    else {
        return;
    };
    let path = std::env::var("INLET_DOCUMENTS").expect("INLET_DOCUMENTS names the file to write");
    all.extend(loads);
    let mut out = String::new();
    for (id, html) in &all {
        let document =
            document(&render(html, &RenderOptions::default()), Theme::Light, Contrast::Normal, &FrameWords::default());
        out.push_str(&serde_json::json!({ "id": id, "document": document, "raw": html }).to_string());
        out.push('\n');
    }
    fs::write(path, out).unwrap();
}
