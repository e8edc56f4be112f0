//! What an event of Jira says (<https://developer.atlassian.com/cloud/jira/platform/webhooks/>).
//!
//! People are known by their account id, in the cloud, or by their name, on a server of one's own; texts are
//! wiki markup, or a document (ADF) where a newer interface wrote them.

use inlet_model::{Change, Party, RemoteId, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{Said, Told, mentions};

/// What a test of the connection sends: Jira itself asks nobody whether they are there.
pub(super) const KNOCK: &str = "inlet_check";

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Event {
    webhook_event: String,
    /// Milliseconds since 1970.
    timestamp: i64,
    user: Option<User>,
    issue: Option<Issue>,
    comment: Option<Comment>,
    changelog: Changelog,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Issue {
    key: String,
    #[serde(rename = "self")]
    address: String,
    fields: Fields,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    summary: String,
    assignee: Option<User>,
    reporter: Option<User>,
    creator: Option<User>,
    description: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct User {
    account_id: String,
    name: String,
    display_name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Comment {
    id: String,
    body: Value,
    author: Option<User>,
    update_author: Option<User>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Changelog {
    items: Vec<Item>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Item {
    field: String,
    to: Option<String>,
    from_string: Option<String>,
}

/// When what an event tells of happened.
pub(crate) fn said_at(body: &[u8]) -> Option<Timestamp> {
    let event: Event = serde_json::from_slice(body).ok()?;
    instant(&event)
}

fn instant(event: &Event) -> Option<Timestamp> {
    Timestamp::from_millisecond(event.timestamp).ok().filter(|_| event.timestamp > 0)
}

/// What an event comes to for `me`; nothing when it cannot be read.
pub(super) fn read(me: &str, body: &[u8]) -> Option<Told> {
    let event: Event = serde_json::from_slice(body).ok()?;
    if event.webhook_event == KNOCK {
        return Some(Told::Ping);
    }
    let (Some(issue), known) = (&event.issue, event.webhook_event.as_str()) else {
        return Some(Told::Unknown(event.webhook_event.clone()));
    };
    let reading = Reading { me: Me(me), event: &event, issue };
    Some(match known {
        "comment_created" | "comment_updated" | "comment_deleted" => match &event.comment {
            Some(comment) => reading.commented(comment, known),
            None => return None,
        },
        "jira:issue_created" | "jira:issue_updated" => reading.changed(),
        "jira:issue_deleted" => Told::Others,
        _ => Told::Unknown(event.webhook_event.clone()),
    })
}

/// My account id or name.
#[derive(Clone, Copy)]
struct Me<'a>(&'a str);

impl Me<'_> {
    fn is(self, user: &User) -> bool {
        user.account_id == self.0 || (user.account_id.is_empty() && user.name == self.0)
    }

    /// `[~accountid:5b10…]`, or `[~name]` on a server (both are texts here, see [`text_of`]).
    fn mentioned(self, text: &str) -> bool {
        let any = |_: char| false;
        mentions(text, &format!("[~accountid:{}]", self.0), any) || mentions(text, &format!("[~{}]", self.0), any)
    }

    /// The text without the ids of people, which say nothing to a reader.
    fn shown(self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("[~") {
            let Some((who, after)) = behind.split_once(']') else { break };
            let who = who.trim_start_matches("accountid:");
            shown.push_str(before);
            shown.push_str(if who == self.0 { "@you" } else { "@…" });
            rest = after;
        }
        shown + rest
    }
}

struct Reading<'a> {
    me: Me<'a>,
    event: &'a Event,
    issue: &'a Issue,
}

impl Reading<'_> {
    /// Created, or changed.
    fn changed(&self) -> Told {
        if self.event.user.as_ref().is_some_and(|user| self.me.is(user)) {
            return Told::Others;
        }
        let fields = &self.issue.fields;
        let description = text_of(&fields.description);
        let created = self.event.webhook_event == "jira:issue_created";
        let item = |field: &str| self.event.changelog.items.iter().find(|item| item.field == field);
        let assigned = match created {
            true => fields.assignee.as_ref().is_some_and(|user| self.me.is(user)),
            // A server names a key there that is nobody's name; who it is given to now stands in the issue as well.
            false => item("assignee").is_some_and(|item| {
                item.to.as_deref() == Some(self.me.0) || fields.assignee.as_ref().is_some_and(|user| self.me.is(user))
            }),
        };
        let mentioned = self.me.mentioned(&description)
            && (created
                || item("description")
                    .is_some_and(|item| !self.me.mentioned(item.from_string.as_deref().unwrap_or_default())));
        let deed = match (assigned, mentioned) {
            (true, _) => "assigned this to you.",
            (false, true) => "mentioned you.",
            (false, false) => return Told::Others,
        };
        let text = if created || mentioned { self.me.shown(&description) } else { String::new() };
        self.mine(None, self.event.user.as_ref(), deed, text, None)
    }

    fn commented(&self, comment: &Comment, kind: &str) -> Told {
        let id = RemoteId(format!("comment-{}", comment.id));
        let by = comment.update_author.as_ref().or(comment.author.as_ref()).or(self.event.user.as_ref());
        if kind == "comment_deleted" {
            return Told::Changed(id, Change::Retracted);
        }
        if by.is_some_and(|user| self.me.is(user)) {
            return Told::Others;
        }
        let body = text_of(&comment.body);
        let fields = &self.issue.fields;
        let mine = [&fields.assignee, &fields.reporter, &fields.creator];
        let mine = mine.into_iter().flatten().any(|user| self.me.is(user));
        let deed = match (self.me.mentioned(&body), mine) {
            (true, _) => "mentioned you.",
            (false, true) => "commented on this.",
            (false, false) => return Told::Others,
        };
        // A comment that was written anew is the same one.
        let edited = instant(self.event).filter(|_| kind == "comment_updated");
        self.mine(Some(id.0), by, deed, self.me.shown(&body), edited)
    }

    fn mine(
        &self,
        id: Option<String>,
        by: Option<&User>,
        deed: &str,
        text: String,
        edited_at: Option<Timestamp>,
    ) -> Told {
        let key = &self.issue.key;
        let name = by.map(|user| user.display_name.clone()).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| "Somebody".to_owned());
        let handle = by.map(|user| if user.account_id.is_empty() { &user.name } else { &user.account_id });
        Told::Mine(Box::new(Said {
            id,
            conversation: key.clone(),
            title: format!("{key}: {}", self.issue.fields.summary),
            deed: format!("{name} {deed}"),
            by: Some(Party { name: Some(name), handle: handle.cloned().unwrap_or_default() }),
            text,
            link: page(&self.issue.address, key),
            at: instant(self.event),
            edited_at,
        }))
    }
}

/// Where a person reads an issue: its address in the interface tells the site.
fn page(address: &str, key: &str) -> String {
    let Ok(url) = Url::parse(address) else { return String::new() };
    if !matches!(url.scheme(), "http" | "https") {
        return String::new();
    }
    // A server may live below a path.
    let below = url.path().split_once("/rest/").map(|(below, _)| below).unwrap_or_default();
    format!("{}{below}/browse/{key}", url.origin().ascii_serialization())
}

/// Wiki markup as it is, a document as its text with people as wiki markup has them.
fn text_of(value: &Value) -> String {
    fn collect(node: &Value, text: &mut String) {
        let kind = node.get("type").and_then(Value::as_str).unwrap_or_default();
        match kind {
            "text" => text.push_str(node.get("text").and_then(Value::as_str).unwrap_or_default()),
            "hardBreak" => text.push('\n'),
            "mention" => {
                let id = node.pointer("/attrs/id").and_then(Value::as_str).unwrap_or_default();
                text.push_str(&format!("[~accountid:{id}]"));
            }
            _ => {}
        }
        for child in node.get("content").and_then(Value::as_array).into_iter().flatten() {
            collect(child, text);
        }
        if matches!(kind, "paragraph" | "heading" | "listItem" | "codeBlock") {
            text.push('\n');
        }
    }
    match value {
        Value::String(text) => text.clone(),
        Value::Object(_) => {
            let mut text = String::new();
            collect(value, &mut text);
            text.trim_end().to_owned()
        }
        _ => String::new(),
    }
}
