//! The document a mail is shown in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::sanitise::{Rendered, escape};

/// The ground a mail is shown on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// How far what stands on it stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Contrast {
    /// As usual.
    #[default]
    Normal,
    /// As far as it can: WCAG 2.2 AAA.
    High,
}

/// The words of ours that stand among a mail's, in the language of whoever looks.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct FrameWords {
    /// On what unfolds a quotation.
    pub quoted: String,
    /// In the place of a picture without a description that is not shown.
    pub picture: String,
    /// Below a mail that is too large to be shown whole.
    pub cut: String,
}

impl Default for FrameWords {
    fn default() -> Self {
        Self {
            quoted: "Quoted text".to_owned(),
            picture: "Image".to_owned(),
            cut: "This mail is very large; its end is not shown here.".to_owned(),
        }
    }
}

/// Nothing is loaded, nothing runs, nothing is sent. The base element comes before it, for it
/// forbids any other.
const POLICY: &str =
    "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

const STYLE: &str = "\
html{color-scheme:light;--ground:#fff;--ink:#1f2328;--faint:#656d76;--line:#d0d7de;--link:#0969da}\
html.dark{color-scheme:dark;--ground:#171c20;--ink:#e6e8eb;--faint:#9aa2ab;--line:#3a3f46;--link:#6cb0ff}\
html.high{--ground:#fff;--ink:#000;--faint:#2c3238;--line:#5d666e;--link:#004348}\
html.high.dark{--ground:#000;--ink:#fff;--faint:#dfe5e9;--line:#99a3ab;--link:#8ff0f1}\
body{margin:0;padding:16px 20px;background:var(--ground);color:var(--ink);\
font:15px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;overflow-wrap:anywhere}\
.plain{max-width:46em}\
a{color:var(--link)}\
img{max-width:100%;height:auto}\
table{max-width:100%}\
pre{white-space:pre-wrap}\
blockquote{margin:.5em 0;padding-left:.9em;border-left:2px solid var(--line)}\
details.quote{margin:.6em 0}\
details.quote>summary{display:inline-block;padding:0 .6em;border:1px solid var(--line);border-radius:1em;\
color:var(--faint);font-size:13px;cursor:pointer;list-style:none}\
details.quote>summary::-webkit-details-marker{display:none}\
details.quote>summary:focus-visible{outline:2px solid var(--link);outline-offset:2px}\
.blocked,.missing{display:inline-block;max-width:100%;box-sizing:border-box;padding:0 .5em;border:1px dashed var(--line);\
border-radius:4px;color:var(--faint);font-size:13px}\
.note{color:var(--faint);border-top:1px solid var(--line);margin-top:1em;padding-top:.5em;font-size:13px}\
[data-tag]{padding-left:1.5em;text-indent:-1.5em}\
[data-tag]::before{content:'\\2610';display:inline-block;width:1.5em;text-indent:0}\
span[data-tag]{padding-left:0;text-indent:0}\
[data-tag=done]::before{content:'\\2611'}\
[data-tag=done]{color:var(--faint)}\
.white{color-scheme:light;background:#fff;color:#1f2328;--ground:#fff;--ink:#1f2328;--faint:#656d76;--line:#d0d7de;\
--link:#0969da;border-radius:6px;padding:12px;overflow-x:auto}\
html.high .white{color:#000;--ink:#000;--faint:#2c3238;--line:#5d666e;--link:#004348}\
html.dark .plain *{color:inherit!important;background-color:transparent!important}\
html.dark .plain a,html.dark .plain a *{color:var(--link)!important}\
";

/// The whole text of the frame's `srcdoc`. The frame has `sandbox="allow-popups"` and no more.
///
/// A mail without colours of its own takes those of the theme; one with its own is shown as it
/// was made, on a white card.
pub fn document(body: &Rendered, theme: Theme, contrast: Contrast, words: &FrameWords) -> String {
    let look = match (theme, contrast) {
        (Theme::Light, Contrast::Normal) => "",
        (Theme::Dark, Contrast::Normal) => " class=dark",
        (Theme::Light, Contrast::High) => " class=high",
        (Theme::Dark, Contrast::High) => " class=\"dark high\"",
    };
    let card = match (body.own_colours, theme) {
        (false, _) => "plain",
        (true, Theme::Light) => "own",
        (true, Theme::Dark) => "white",
    };
    let mut note = String::new();
    if body.cut {
        note.push_str("<p class=note>");
        escape(&words.cut, false, &mut note);
        note.push_str("</p>");
    }
    format!(
        "<!DOCTYPE html><html{look}><head><meta charset=utf-8><base target=_blank>\
         <meta http-equiv=Content-Security-Policy content=\"{POLICY}\">\
         <meta name=referrer content=no-referrer><style>{STYLE}</style></head>\
         <body><div class={card}>{}</div>{note}</body></html>",
        body.html
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;
    use crate::html::{RenderOptions, render};

    #[test]
    fn the_policy_stands_before_the_mail_and_behind_the_base() {
        let document = document(
            &render("<p>Hi", &RenderOptions::default()),
            Theme::Light,
            Contrast::Normal,
            &FrameWords::default(),
        );
        let at = |text: &str| document.find(text).unwrap_or_else(|| panic!("{text} is missing"));
        assert!(at("<base target=_blank>") < at("Content-Security-Policy"));
        assert!(at("Content-Security-Policy") < at("<p>Hi</p>"));
        assert!(at("content=no-referrer") < at("<p>Hi</p>"));
        assert!(document.contains(
            "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
        ));
    }

    #[test]
    fn a_mail_follows_the_theme_unless_it_has_colours() {
        let plain = render("<p style='color:#000'>Hi", &RenderOptions::default());
        let own = render("<p style='color:#c00'>Hi", &RenderOptions::default());
        assert!(document(&plain, Theme::Dark, Contrast::Normal, &FrameWords::default()).contains("<html class=dark>"));
        assert!(document(&plain, Theme::Dark, Contrast::Normal, &FrameWords::default()).contains("<div class=plain>"));
        assert!(document(&own, Theme::Dark, Contrast::Normal, &FrameWords::default()).contains("<div class=white>"));
        assert!(document(&own, Theme::Light, Contrast::Normal, &FrameWords::default()).contains("<div class=own>"));
    }

    #[test]
    fn high_contrast_is_said_of_the_whole_document() {
        let plain = render("<p>Hi", &RenderOptions::default());
        let shown = |theme| document(&plain, theme, Contrast::High, &FrameWords::default());
        assert!(shown(Theme::Light).contains("<html class=high>"));
        assert!(shown(Theme::Dark).contains("<html class=\"dark high\">"));
    }

    #[test]
    fn a_cut_mail_says_so() {
        let cut = Rendered { cut: true, ..Rendered::default() };
        assert!(
            document(&cut, Theme::Light, Contrast::Normal, &FrameWords::default()).contains("its end is not shown")
        );
        let words = FrameWords { cut: "Zu groß <b>".into(), ..FrameWords::default() };
        assert!(document(&cut, Theme::Light, Contrast::Normal, &words).contains("<p class=note>Zu groß &lt;b&gt;</p>"));
        assert!(
            !document(&Rendered::default(), Theme::Light, Contrast::Normal, &FrameWords::default())
                .contains("its end is not shown")
        );
    }
}
