//! What is written into notebooks.
//!
//! OneNote has no key that makes a request happen once. What is appended therefore stands in an element
//! with a `data-id` of ours, made of the operation's key, which OneNote gives back with the page: after
//! a lost answer the page, or the newest pages of the section, are looked through for it. A to-do is
//! ticked by putting its element in its own place; what it is now is looked at first, so that doing it
//! twice has one effect.

use inlet_model::{Applied, NoteOp, OpKey, RemoteId, Result, SourceError, Timestamp};
use reqwest::Method;
use serde::Serialize;

use super::{
    OneNote,
    budget::Purpose,
    content::{self, Ticking},
    wire::{Listed, Listing},
};
use crate::graph::lenient::rows;

/// The newest pages of a section that are looked through for one that was made.
const NEWEST: &str = "10";

/// A change of a page ("Update OneNote page content").
#[derive(Debug, Serialize)]
pub(super) struct Change<'a> {
    pub(super) target: &'a str,
    pub(super) action: &'static str,
    pub(super) content: &'a str,
}

impl OneNote {
    /// Does an operation.
    pub(super) async fn write(&self, key: &OpKey, op: &NoteOp) -> Result<Applied> {
        match op {
            NoteOp::Append { page, text } => {
                let content = content::written(text, &mark(key));
                self.change(page, &Change { target: "body", action: "append", content: &content }).await?;
                self.was_written(page);
                Ok(applied(page, "appended to the page"))
            }
            NoteOp::Create { section, title, text, at } => self.create(key, section, title, text, *at).await,
            NoteOp::Tick { page, todo, text, done } => {
                let html = self.page(page).await?;
                match content::tick(&html, todo, text, *done) {
                    Ticking::Already => Ok(applied(page, "it was so already")),
                    Ticking::Replace { target, content } => {
                        let change = Change { target: &target, action: "replace", content: &content };
                        self.change(page, &change).await?;
                        self.was_written(page);
                        Ok(applied(page, "ticked on the page"))
                    }
                    Ticking::Gone => Err(SourceError::Permanent(
                        "This to-do is no longer on the page, or says something else now: look at the page in OneNote."
                            .to_owned(),
                    )),
                    Ticking::Refused => Err(SourceError::Permanent(
                        "This to-do holds more than text, which would be lost: tick it in OneNote.".to_owned(),
                    )),
                }
            }
        }
    }

    /// Looks whether an operation has taken effect.
    pub(super) async fn find(&self, key: &OpKey, op: &NoteOp) -> Result<Option<Applied>> {
        match op {
            NoteOp::Append { page, .. } => {
                let html = self.page(page).await?;
                Ok(content::bears(&html, &mark(key)).then(|| applied(page, "found on the page")))
            }
            NoteOp::Create { section, title, .. } => {
                for listed in self.newest(section).await? {
                    if listed.title.trim() == title.trim()
                        && let Some(html) = self.look(&listed.id).await?
                        && content::bears(&html, &mark(key))
                    {
                        return Ok(Some(applied(&listed.id, "found in the section")));
                    }
                }
                Ok(None)
            }
            NoteOp::Tick { page, todo, text, done } => {
                let html = self.page(page).await?;
                let already = content::tick(&html, todo, text, *done) == Ticking::Already;
                Ok(already.then(|| applied(page, "found on the page")))
            }
        }
    }

    async fn change(&self, page: &str, change: &Change<'_>) -> Result<()> {
        self.budget.take(Purpose::Person)?;
        let call = self.graph.call(Method::PATCH, &["me", "onenote", "pages", page, "content"]);
        call.json(&[change])?.once().send().await?;
        Ok(())
    }

    async fn create(
        &self,
        key: &OpKey,
        section: &str,
        title: &str,
        text: &str,
        at: Option<Timestamp>,
    ) -> Result<Applied> {
        let created = at.map(|at| format!("<meta name=\"created\" content=\"{at:.0}\" />")).unwrap_or_default();
        let html = format!(
            "<!DOCTYPE html>\n<html><head><title>{}</title>{created}</head><body>{}</body></html>",
            content::escape(title.trim()),
            content::written(text, &mark(key)),
        );
        self.budget.take(Purpose::Person)?;
        let call = self.graph.call(Method::POST, &["me", "onenote", "sections", section, "pages"]);
        let made: Listed = call.body("text/html", html).once().send().await?.json().await?;
        self.was_written(section);
        Ok(applied(&made.id, "page made in the section"))
    }

    async fn newest(&self, section: &str) -> Result<Vec<Listed>> {
        self.budget.take(Purpose::Person)?;
        let call = self.graph.get(&["me", "onenote", "sections", section, "pages"]).query(&[
            ("$top", NEWEST),
            ("$orderby", "lastModifiedDateTime desc"),
            ("$select", "id,title"),
        ]);
        let page: Listing = call.send().await?.json().await?;
        Ok(rows(page.value).0)
    }

    async fn look(&self, page: &str) -> Result<Option<String>> {
        self.budget.take(Purpose::Person)?;
        self.content(page).await
    }

    async fn page(&self, page: &str) -> Result<String> {
        self.look(page)
            .await?
            .ok_or_else(|| SourceError::Permanent("This page is no longer there: choose another one.".to_owned()))
    }
}

/// What our own words are recognised by.
fn mark(key: &OpKey) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '@');
    format!("inlet-{}", key.0.chars().filter(plain).collect::<String>())
}

fn applied(id: &str, detail: &str) -> Applied {
    Applied { remote_id: Some(RemoteId(id.to_owned())), detail: Some(detail.to_owned()), ..Applied::default() }
}
