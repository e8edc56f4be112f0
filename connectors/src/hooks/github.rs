//! What an event of GitHub says (<https://docs.github.com/en/webhooks/webhook-events-and-payloads>).
//!
//! The kind of an event stands in a header that is not signed, so it is not believed: what an event is follows
//! from what it holds. A hook that was set up to send forms instead of JSON is understood as well.

use inlet_model::{Change, Party, RemoteId, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded;

use super::{Said, Told, mentions};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Event {
    action: String,
    zen: Option<String>,
    issue: Option<Subject>,
    pull_request: Option<Subject>,
    discussion: Option<Subject>,
    comment: Option<Comment>,
    review: Option<Review>,
    requested_reviewer: Option<User>,
    assignee: Option<User>,
    changes: Changes,
    repository: Option<Repository>,
    sender: Option<User>,
}

/// An issue, a pull request or a discussion.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Subject {
    number: u64,
    title: String,
    html_url: String,
    body: Option<String>,
    user: Option<User>,
    assignees: Option<Vec<User>>,
    updated_at: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Comment {
    id: u64,
    html_url: String,
    body: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
    /// Of a comment on lines of a pull request.
    pull_request_review_id: Option<u64>,
    /// Of a comment on a commit, and on lines of a pull request.
    commit_id: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Review {
    id: u64,
    state: String,
    body: Option<String>,
    html_url: String,
    submitted_at: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Repository {
    full_name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct User {
    login: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Changes {
    body: Option<Before>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Before {
    from: Option<String>,
}

/// JSON, as it is or in a form.
fn parse(body: &[u8]) -> Option<Event> {
    match body.strip_prefix(b"payload=") {
        None => serde_json::from_slice(body).ok(),
        Some(_) => {
            let (_, payload) = form_urlencoded::parse(body).find(|(name, _)| name == "payload")?;
            serde_json::from_str(&payload).ok()
        }
    }
}

fn instant(text: Option<&String>) -> Option<Timestamp> {
    text?.parse().ok()
}

/// When what an event tells of happened.
pub(crate) fn said_at(body: &[u8]) -> Option<Timestamp> {
    let event = parse(body)?;
    // What is taken back names only when it was written.
    if event.action == "deleted" {
        return None;
    }
    let comment = event.comment.as_ref().and_then(|comment| comment.updated_at.as_ref());
    let review = event.review.as_ref().and_then(|review| review.submitted_at.as_ref());
    let subject = event.issue.or(event.pull_request).or(event.discussion).and_then(|subject| subject.updated_at);
    // A review that is edited or dismissed still says when it was given: the newest of them counts.
    [comment, review, subject.as_ref()].into_iter().filter_map(instant).max()
}

/// What an event comes to for `me`; nothing when it cannot be read.
pub(super) fn read(me: &str, body: &[u8]) -> Option<Told> {
    let event = parse(body)?;
    if event.zen.is_some() {
        return Some(Told::Ping);
    }
    let me = Me(me);
    let subject = event.pull_request.as_ref().or(event.issue.as_ref()).or(event.discussion.as_ref());
    // A commit has no number and no title, and nobody it belongs to is named.
    let commit = event.comment.as_ref().and_then(|comment| comment.commit_id.as_deref()).filter(|_| subject.is_none());
    let untitled = Subject::default();
    let (Some(subject), Some(repository)) = (subject.or(commit.map(|_| &untitled)), &event.repository) else {
        return Some(Told::Unknown(kind_of(body)));
    };
    let reading = Reading { me, event: &event, subject, commit, repository: &repository.full_name };
    if event.sender.as_ref().is_some_and(|sender| reading.me.is(sender)) {
        return Some(reading.own());
    }
    Some(reading.told())
}

/// Whatever is the first thing such an event is about.
fn kind_of(body: &[u8]) -> String {
    let usual = ["action", "repository", "organization", "sender", "installation", "enterprise", "hook"];
    let event: Option<serde_json::Map<String, Value>> = serde_json::from_slice(body).ok();
    let mut names = event.into_iter().flatten().map(|(name, _)| name);
    names.find(|name| !usual.contains(&name.as_str())).unwrap_or_else(|| "an event".to_owned())
}

/// My login.
#[derive(Clone, Copy)]
struct Me<'a>(&'a str);

impl Me<'_> {
    fn is(self, user: &User) -> bool {
        user.login.eq_ignore_ascii_case(self.0)
    }

    fn mentioned(self, text: Option<&String>) -> bool {
        let part_of_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
        text.is_some_and(|text| mentions(text, &format!("@{}", self.0), part_of_name))
    }
}

struct Reading<'a> {
    me: Me<'a>,
    event: &'a Event,
    subject: &'a Subject,
    /// Instead of a subject: the commit that is commented on.
    commit: Option<&'a str>,
    repository: &'a str,
}

impl Reading<'_> {
    /// What I did myself is no news; what I changed of a comment of mine is not shown either.
    fn own(&self) -> Told {
        match (&self.event.comment, self.event.action.as_str()) {
            (Some(comment), "deleted") => Told::Changed(id_of(comment), Change::Retracted),
            _ => Told::Others,
        }
    }

    fn told(&self) -> Told {
        if let Some(review) = &self.event.review {
            return self.reviewed(review);
        }
        if let Some(comment) = &self.event.comment {
            return self.commented(comment);
        }
        let subject = self.subject;
        let mentioned = self.me.mentioned(subject.body.as_ref());
        let deed = match self.event.action.as_str() {
            "review_requested" if self.event.requested_reviewer.as_ref().is_some_and(|one| self.me.is(one)) => {
                "asked you to review this."
            }
            "assigned" if self.event.assignee.as_ref().is_some_and(|one| self.me.is(one)) => "assigned this to you.",
            "opened" | "created" if mentioned => "mentioned you.",
            "edited" if mentioned && !self.before() => "mentioned you.",
            _ => return Told::Others,
        };
        let text = if mentioned { subject.body.clone().unwrap_or_default() } else { String::new() };
        let at = instant(subject.updated_at.as_ref());
        self.mine(Said { text, link: subject.html_url.clone(), at, ..Said::default() }, deed)
    }

    /// What is edited mentioned me before.
    fn before(&self) -> bool {
        self.me.mentioned(self.event.changes.body.as_ref().and_then(|body| body.from.as_ref()))
    }

    /// What it is about is mine, or was given to me.
    fn is_mine(&self) -> bool {
        let assigned = self.subject.assignees.iter().flatten().any(|one| self.me.is(one));
        assigned || self.subject.user.as_ref().is_some_and(|user| self.me.is(user))
    }

    fn reviewed(&self, review: &Review) -> Told {
        let mine = self.subject.user.as_ref().is_some_and(|user| self.me.is(user));
        let mentioned = self.me.mentioned(review.body.as_ref());
        let deed = match (self.event.action.as_str(), review.state.as_str()) {
            ("submitted", "approved") if mine => "approved your pull request.",
            ("submitted", "changes_requested") if mine => "asked for changes to your pull request.",
            // The comments of a review come as events of their own; without a text it says nothing besides.
            ("submitted", _) if mine && review.body.as_ref().is_some_and(|body| !body.trim().is_empty()) => {
                "reviewed your pull request."
            }
            ("submitted", _) if mentioned => "mentioned you in a review.",
            _ => return Told::Others,
        };
        let said = Said {
            id: Some(format!("review-{}", review.id)),
            text: review.body.clone().unwrap_or_default(),
            link: review.html_url.clone(),
            at: instant(review.submitted_at.as_ref()),
            ..Said::default()
        };
        self.mine(said, deed)
    }

    fn commented(&self, comment: &Comment) -> Told {
        let id = id_of(comment);
        let (mentioned, mine) = (self.me.mentioned(comment.body.as_ref()), self.is_mine());
        let text = comment.body.clone().unwrap_or_default();
        let edited_at = instant(comment.updated_at.as_ref());
        let deed = match self.event.action.as_str() {
            "deleted" => return Told::Changed(id, Change::Retracted),
            "edited" if mine || self.before() => {
                let deed = if self.before() { "mentioned you." } else { "commented on this." };
                let text = self.told_as(deed, &text, &comment.html_url);
                return match edited_at {
                    Some(at) => Told::Changed(id, Change::Edited { text, at }),
                    None => Told::Others,
                };
            }
            "created" | "edited" if mentioned => "mentioned you.",
            "created" if mine => "commented on this.",
            _ => return Told::Others,
        };
        let said = Said {
            id: Some(id.0),
            text,
            link: comment.html_url.clone(),
            at: instant(comment.created_at.as_ref()),
            edited_at: edited_at.filter(|_| self.event.action == "edited"),
            ..Said::default()
        };
        self.mine(said, deed)
    }

    fn told_as(&self, deed: &str, text: &str, link: &str) -> String {
        let who = self.event.sender.as_ref().map(|sender| sender.login.as_str()).unwrap_or_default();
        format!("{who} {deed}\n\n{}\n\n{link}", text.trim())
    }

    fn mine(&self, said: Said, deed: &str) -> Told {
        let by = self.event.sender.as_ref().map(|sender| sender.login.clone());
        let (repository, Subject { number, title, .. }) = (self.repository, self.subject);
        let of = if self.event.discussion.is_some() { "/discussions/" } else { "#" };
        let (conversation, title) = match self.commit {
            Some(commit) => {
                (format!("{repository}@{commit}"), format!("{repository}@{}", commit.get(..7).unwrap_or(commit)))
            }
            None => (format!("{repository}{of}{number}"), format!("{repository}#{number}: {title}")),
        };
        Told::Mine(Box::new(Said {
            conversation,
            title,
            deed: format!("{} {deed}", by.as_deref().unwrap_or("Somebody")),
            by: by.map(|login| Party { name: Some(login.clone()), handle: login }),
            ..said
        }))
    }
}

/// Comments on lines, and those on commits, are counted by themselves.
fn id_of(comment: &Comment) -> RemoteId {
    let kind = match comment {
        Comment { pull_request_review_id: Some(_), .. } => "review-comment",
        Comment { commit_id: Some(_), .. } => "commit-comment",
        _ => "comment",
    };
    RemoteId(format!("{kind}-{}", comment.id))
}

#[cfg(test)]
mod tests {
    use super::said_at;

    #[test]
    fn what_is_taken_back_is_no_older_than_now_and_the_newest_time_counts() {
        let event = |action: &str, rest: &str| format!(r#"{{"action":"{action}",{rest}}}"#);
        let comment = r#""comment":{"id":1,"html_url":"","updated_at":"2025-01-01T00:00:00Z"}"#;
        assert_eq!(said_at(event("deleted", comment).as_bytes()), None);
        assert_eq!(said_at(event("edited", comment).as_bytes()), "2025-01-01T00:00:00Z".parse().ok());
        let review = r#""review":{"submitted_at":"2025-01-01T00:00:00Z"},
            "pull_request":{"number":1,"title":"","updated_at":"2026-01-01T00:00:00Z"}"#;
        assert_eq!(said_at(event("dismissed", review).as_bytes()), "2026-01-01T00:00:00Z".parse().ok());
    }
}
