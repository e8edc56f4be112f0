//! What a section holds, and what has changed in it.
//!
//! OneNote tells nobody what changed. The cursor of a section is therefore its table of contents: the
//! id and time of every page, and the heading of those whose content is still to be fetched. A listing
//! is compared with it, row by row, so that equal times, edits in the middle of a listing and a clock
//! that goes back lose nothing.
//!
//! A listing goes from the newest to the first row that is older than everything new can be (the
//! watermark). It goes on to the end, and so finds what was deleted, when it
//! - is the first of the section, or is over within one page, which costs nothing;
//! - tells another number of pages (`$count`) than the table has;
//! - or the section was not listed whole for a day in this run.
//!
//! Pages are shifted while a listing is turned over. One whose number does not fit is made once more; what
//! is missing from it then is asked for by itself before it counts as deleted.
//!
//! Contents come afterwards, the newest of all sections first, as many as the budget has ([`super::budget`]).
//! When it is used up the pull ends, the scope says how far it has come, and a later round goes on. A
//! section is asked at each pull while listings are cheap; of many sections each waits for its turn,
//! unless OneNote says that it was changed or something was written there. A content that is refused is asked for again
//! once a day, and after a start.

use std::{collections::HashSet, time::Duration};

use inlet_model::{Cursor, NoteMeta, Page, Progress, RemoteId, Result, Scope, SourceError, Timestamp, UnifiedNote};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::{
    HEADING, OneNote,
    budget::Purpose,
    content,
    scopes::PAGE,
    wire::{Listed, Listing},
};
use crate::graph::lenient::rows;

/// Listings in an hour up to which every pull asks.
pub(super) const CHEAP: usize = 40;
/// Beyond that, what each section adds to the time between two listings of one.
const EACH: Duration = Duration::from_secs(80);
/// Contents fetched in one pull.
const BATCH: usize = 8;
/// A section is listed whole this often at least.
const WHOLE: Duration = Duration::from_secs(24 * 3600);
/// Pages that are asked for by themselves after one listing.
const DOUBTED: usize = 5;
/// A page whose content breaks off so often in a row is set aside.
const PATIENCE: u8 = 3;

/// A page of the table of contents.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Known {
    id: String,
    /// When it was changed, in milliseconds.
    at: i64,
    /// Its heading, until its content is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    head: Option<Head>,
    /// Its heading, where its content was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refused: Option<Head>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Head {
    title: String,
    /// In milliseconds.
    created: i64,
    url: Option<String>,
}

impl Head {
    fn of(listed: &Listed) -> Self {
        Self { title: listed.title.clone(), created: listed.created().as_millisecond(), url: listed.url() }
    }
}

/// A listing that is under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Walk {
    /// Rows seen so far, twice seen ones too.
    rows: usize,
    /// To the end.
    whole: bool,
    /// What was newest before it began.
    since: i64,
    /// Ids seen.
    seen: HashSet<String>,
}

/// The cursor.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Position {
    pages: Vec<Known>,
    walk: Option<Walk>,
    /// It was listed once at least.
    #[serde(default)]
    listed: bool,
    /// The engine was told which pages there are: it may know of others from before.
    #[serde(default)]
    told: bool,
    /// Requests of the last hour, of all sections.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    spent: Vec<(i64, Purpose)>,
}

/// What is known of a section in this run.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// When it was listed last.
    listed: Option<Instant>,
    /// When it was listed whole.
    whole: Option<Instant>,
    /// A listing of several pages did not have as many as it said, and was begun again.
    again: bool,
    /// Nor had the second one: the number says nothing.
    miscounted: bool,
    /// When OneNote says it was changed.
    modified: Option<Timestamp>,
    /// It was said to be changed, or was written to.
    news: bool,
    /// When contents that were refused were asked for again.
    retried: Option<Instant>,
    /// Times of the pages whose content is still to be fetched.
    waiting: Vec<i64>,
}

impl Memory {
    /// OneNote's word on when the section was changed.
    pub(super) fn hear(&mut self, modified: Option<Timestamp>) {
        self.news |= self.modified.is_some() && self.modified != modified;
        self.modified = modified;
    }

    /// Something was written there.
    pub(super) fn written(&mut self) {
        self.news = true;
    }
}

impl Known {
    fn note(&self, head: &Head, content: Option<content::Content>) -> UnifiedNote {
        let time = |millis| Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH);
        let pending = content.is_none();
        let content = content.unwrap_or_default();
        UnifiedNote {
            remote_id: RemoteId(self.id.clone()),
            title: head.title.clone(),
            author: None,
            created_at: time(head.created),
            modified_at: time(self.at),
            text: content.text,
            html: Some(content.html).filter(|_| !pending),
            attachments: content.attachments,
            meta: NoteMeta { todos: content.todos, url: head.url.clone(), pending },
        }
    }
}

/// A page with its content.
pub(super) fn note(listed: &Listed, content: content::Content) -> UnifiedNote {
    let known = Known { id: listed.id.clone(), at: listed.changed().as_millisecond(), head: None, refused: None };
    known.note(&Head::of(listed), Some(content))
}

impl OneNote {
    /// The next page of a section.
    pub(super) async fn pull_section(&self, scope: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedNote>> {
        let mut position = match since {
            None => Position::default(),
            Some(cursor) => cursor.read()?,
        };
        self.budget.recall(&position.spent);
        let fresh = since.is_none();
        let mut page = Page::empty(Cursor::default());
        let busy = position.pages.iter().any(|known| known.head.is_some()) && self.budget.left(Purpose::Content) > 0;
        let due = position.walk.is_some() || self.due(&scope.remote, fresh, busy);
        if due && self.budget.left(Purpose::Listing) > 0 {
            self.list(scope, &mut position, &mut page, fresh).await?;
        }
        self.note_waiting(&scope.remote, &position);
        let waiting = position.pages.iter().filter(|known| known.head.is_some()).count();
        // A few changes come with their contents; of many the headings are shown first.
        let mut stuck = false;
        if position.walk.is_none() && waiting > 0 && (page.upserts.is_empty() || waiting <= BATCH) {
            stuck = !self.fill(&mut position, &mut page).await?;
            self.note_waiting(&scope.remote, &position);
        }
        let waiting = position.pages.iter().filter(|known| known.head.is_some()).count();
        page.more = !stuck
            && match position.walk {
                Some(_) => self.budget.left(Purpose::Listing) > 0,
                None => waiting > 0 && self.budget.left(Purpose::Content) > 0,
            };
        if position.listed && position.walk.is_none() && !page.more && !position.told {
            position.told = true;
            page.present = Some(position.pages.iter().map(|known| RemoteId(known.id.clone())).collect());
        }
        let news = since != Some(&Cursor::of(&position));
        self.budget.keep(&mut position.spent, news);
        page.next = Cursor::of(&position);
        if news {
            let total = position.pages.len() as u64;
            page.progress = Some(Progress {
                done: total.saturating_sub(waiting as u64),
                total: position.walk.is_none().then_some(total),
                since: None,
                complete: position.listed && position.walk.is_none() && waiting == 0,
            });
        }
        Ok(page)
    }

    /// Whether a section is asked now. While contents are being fetched it need not be at each pull.
    fn due(&self, section: &str, fresh: bool, busy: bool) -> bool {
        let mut memory = self.memory();
        let sections = u32::try_from(memory.len()).unwrap_or(u32::MAX).max(1);
        let known = memory.entry(section.to_owned()).or_default();
        if busy && known.listed.is_some_and(|listed| listed.elapsed() < EACH) {
            return known.news;
        }
        fresh
            || known.news
            || known.listed.is_none_or(|listed| listed.elapsed() >= EACH.saturating_mul(sections))
            || self.budget.spent(Purpose::Listing) < CHEAP
    }

    /// One page of a listing.
    async fn list(
        &self,
        scope: &Scope,
        position: &mut Position,
        page: &mut Page<UnifiedNote>,
        fresh: bool,
    ) -> Result<()> {
        let mut walk = position.walk.take().unwrap_or_else(|| Walk {
            rows: 0,
            whole: fresh || position.pages.is_empty() || self.whole_is_due(&scope.remote),
            since: position.pages.iter().map(|known| known.at).max().unwrap_or(i64::MIN),
            seen: HashSet::new(),
        });
        let (top, skip) = (PAGE.to_string(), walk.rows.to_string());
        let mut options = vec![
            ("$top", top.as_str()),
            ("$orderby", "lastModifiedDateTime desc"),
            ("$select", HEADING),
            ("$count", "true"),
        ];
        if walk.rows > 0 {
            options.push(("$skip", &skip));
        }
        self.budget.take(Purpose::Listing)?;
        let call = self.graph.get(&["me", "onenote", "sections", &scope.remote, "pages"]).query(&options);
        let listing: Listing = call.send().await?.json().await?;
        let first = walk.rows == 0;
        let length = listing.value.len();
        let last = length == 0 || (length < PAGE && listing.next.is_none());
        walk.rows += length;
        let (read, unread) = rows::<Listed>(listing.value);
        for (id, reason) in unread {
            walk.seen.insert(id.clone());
            page.poison.push((RemoteId(id), reason));
        }
        let mut oldest = i64::MAX;
        // Nothing can be asked of what has no id.
        for listed in read.into_iter().filter(|listed| !listed.id.is_empty()) {
            let at = listed.changed().as_millisecond();
            oldest = oldest.min(at);
            walk.seen.insert(listed.id.clone());
            let known = position.pages.iter().position(|known| known.id == listed.id);
            if known.and_then(|known| position.pages.get(known)).is_some_and(|known| known.at == at) {
                continue;
            }
            let head = Head::of(&listed);
            let changed = Known { id: listed.id, at, head: Some(head.clone()), refused: None };
            // A row that was shifted over the edge of a page comes twice.
            page.upserts.retain(|note| note.remote_id.0 != changed.id);
            page.upserts.push(changed.note(&head, None));
            match known.and_then(|known| position.pages.get_mut(known)) {
                Some(known) => *known = changed,
                None => position.pages.push(changed),
            }
        }
        let count = listing.count.filter(|_| !self.memory().get(&scope.remote).is_some_and(|known| known.miscounted));
        if last {
            let fits = first || count == Some(walk.seen.len());
            if !fits && count.is_some() && self.begin_again(&scope.remote) {
                position.walk = Some(Walk { rows: 0, whole: true, since: walk.since, seen: HashSet::new() });
                return Ok(());
            }
            self.sweep(position, page, &walk.seen, fits).await?;
            position.listed = true;
            let mut memory = self.memory();
            let known = memory.entry(scope.remote.clone()).or_default();
            known.again = false;
            known.miscounted = !fits && listing.count.is_some();
            known.whole = Some(Instant::now());
            known.listed = known.whole;
            known.news = false;
            if known.retried.is_none_or(|at| at.elapsed() >= WHOLE) {
                known.retried = known.whole;
                for page in position.pages.iter_mut().filter(|page| page.refused.is_some()) {
                    page.head = page.refused.take();
                }
            }
        } else if walk.whole || oldest >= walk.since {
            position.walk = Some(walk);
        } else if count.is_some_and(|count| count != position.pages.len()) {
            // Everything new is here, and still the numbers differ: something was deleted.
            position.walk = Some(Walk { rows: 0, whole: true, since: walk.since, seen: HashSet::new() });
        } else {
            let mut memory = self.memory();
            let known = memory.entry(scope.remote.clone()).or_default();
            known.listed = Some(Instant::now());
            known.news = false;
        }
        Ok(())
    }

    /// Whether a listing that was disturbed is made once more.
    fn begin_again(&self, section: &str) -> bool {
        let mut memory = self.memory();
        let known = memory.entry(section.to_owned()).or_default();
        !std::mem::replace(&mut known.again, true)
    }

    fn whole_is_due(&self, section: &str) -> bool {
        self.memory().get(section).and_then(|known| known.whole).is_none_or(|whole| whole.elapsed() >= WHOLE)
    }

    /// Takes out what a whole listing does not have.
    async fn sweep(
        &self,
        position: &mut Position,
        page: &mut Page<UnifiedNote>,
        seen: &HashSet<String>,
        fits: bool,
    ) -> Result<()> {
        let missing: Vec<String> =
            position.pages.iter().filter(|known| !seen.contains(&known.id)).map(|known| known.id.clone()).collect();
        let mut gone = HashSet::new();
        if fits {
            gone.extend(missing);
        } else {
            for id in missing.into_iter().take(DOUBTED) {
                if self.budget.take(Purpose::Listing).is_err() {
                    break;
                }
                let call = self.graph.get(&["me", "onenote", "pages", &id]).query(&[("$select", "id")]);
                if call.send_if_there().await?.is_none() {
                    gone.insert(id);
                }
            }
        }
        position.pages.retain(|known| !gone.contains(&known.id));
        page.removed.extend(gone.into_iter().map(RemoteId));
        Ok(())
    }

    /// Writes down what waits in a section, so that the newest of all sections come first.
    fn note_waiting(&self, section: &str, position: &Position) {
        let waiting = position.pages.iter().filter(|known| known.head.is_some()).map(|known| known.at).collect();
        self.memory().entry(section.to_owned()).or_default().waiting = waiting;
    }

    /// The age up to which contents are fetched now: what is older gives way to other sections.
    fn oldest_now(&self) -> i64 {
        let memory = self.memory();
        let mut waiting: Vec<i64> = memory.values().flat_map(|known| known.waiting.iter().copied()).collect();
        waiting.sort_unstable_by(|a, b| b.cmp(a));
        let room = self.budget.left(Purpose::Content);
        room.checked_sub(1).map_or(i64::MAX, |last| waiting.get(last).copied().unwrap_or(i64::MIN))
    }

    /// Fetches contents, the newest first. False: nothing more can be done now.
    async fn fill(&self, position: &mut Position, page: &mut Page<UnifiedNote>) -> Result<bool> {
        let oldest = self.oldest_now();
        let mut waiting: Vec<usize> = (0..position.pages.len())
            .filter(|at| position.pages.get(*at).is_some_and(|known| known.head.is_some() && known.at >= oldest))
            .collect();
        waiting.sort_by_key(|at| std::cmp::Reverse(position.pages.get(*at).map(|known| known.at)));
        let mut gone = HashSet::new();
        let mut did = 0;
        for at in waiting.into_iter().take(BATCH) {
            let Some(known) = position.pages.get_mut(at) else { continue };
            let Some(head) = known.head.clone() else { continue };
            if self.was_opened(&known.id, known.at) {
                // It came when somebody looked at it, and an older heading shall not cover that.
                page.upserts.retain(|note| note.remote_id.0 != known.id);
                known.head = None;
                did += 1;
                continue;
            }
            if self.budget.take(Purpose::Content).is_err() {
                break;
            }
            match self.content(&known.id).await {
                Ok(Some(html)) => {
                    self.failures().remove(&known.id);
                    let note = known.note(&head, Some(content::read(&html)));
                    page.upserts.retain(|note| note.remote_id.0 != known.id);
                    page.upserts.push(note);
                    known.head = None;
                }
                Ok(None) => {
                    page.upserts.retain(|note| note.remote_id.0 != known.id);
                    gone.insert(known.id.clone());
                }
                Err(SourceError::Permanent(reason)) => {
                    page.poison.push((RemoteId(known.id.clone()), reason));
                    known.refused = known.head.take();
                }
                Err(SourceError::Transient(reason)) if self.broke_too_often(&known.id) => {
                    page.poison.push((RemoteId(known.id.clone()), reason));
                    known.refused = known.head.take();
                }
                // What came before it counts; the error is met again with the next pull.
                Err(_) if did > 0 || !page.upserts.is_empty() => {
                    did += 1;
                    break;
                }
                Err(error) => return Err(error),
            }
            did += 1;
        }
        position.pages.retain(|known| !gone.contains(&known.id));
        page.removed.extend(gone.into_iter().map(RemoteId));
        Ok(did > 0)
    }

    fn broke_too_often(&self, page: &str) -> bool {
        let mut failures = self.failures();
        let count = failures.entry(page.to_owned()).or_insert(0);
        *count += 1;
        *count >= PATIENCE
    }

    /// The HTML of a page; `None` when it is not there any more. The budget was asked already.
    pub(super) async fn content(&self, page: &str) -> Result<Option<String>> {
        let call = self.graph.get(&["me", "onenote", "pages", page, "content"]).query(&[("includeIDs", "true")]);
        let Some(answer) = call.send_if_there().await? else { return Ok(None) };
        let bytes = answer.bytes().await?;
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }
}
