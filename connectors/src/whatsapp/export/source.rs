//! Exports as a source. Every chat is a conversation; all are one scope, so that an export that is put away
//! takes nothing with it. Nothing is ever written to one.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::BufReader,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use inlet_model::{
    AnySource, Applied, AttachmentInfo, Capabilities, CheckReport, CheckStep, Cursor, Intent, MessageOp, MessageSource,
    OpKey, Page, PartRef, PartSink, Party, Progress, Receipt, RemoteId, Result, Scope, ScopeRole, Source, SourceError,
    SourceType, Timestamp, UnifiedMessage,
    account::{ChatExports, DateOrder, FilesConfig},
};
use jiff::{SignedDuration, civil::DateTime, tz::TimeZone};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    archive::{Export, Files, export},
    find, hex,
    names::party,
    order::day,
    read::{Messages, Raw, is_marked},
    survey::{Planned, Survey, plan},
    words::said,
};
use crate::elsewhere::media_type;

/// The scope that holds all conversations.
const SCOPE: &str = "exports";
/// Messages of a page.
const PAGE: u64 = 500;
/// Minutes of which it is known what was in them: phones write messages a little out of order.
const MINUTES: usize = 256;

/// The exports below the paths of an account. Nothing is read yet.
///
/// # Errors
/// [`SourceError::Permanent`] for a time zone that does not exist.
pub(crate) fn open(config: &FilesConfig) -> Result<AnySource> {
    let zone = match &config.chats.zone {
        Some(name) => TimeZone::get(name).map_err(|_| {
            SourceError::Permanent(format!("There is no time zone {name}: give one such as Europe/Berlin."))
        })?,
        None => TimeZone::system(),
    };
    let inner = Inner { paths: config.paths.clone(), told: config.chats.clone(), zone, kept: Mutex::default() };
    Ok(AnySource::Message(Arc::new(Exports(Arc::new(inner)))))
}

struct Exports(Arc<Inner>);

struct Inner {
    paths: Vec<PathBuf>,
    told: ChatExports,
    zone: TimeZone,
    kept: Mutex<Kept>,
}

/// What need not be read again for the next page.
#[derive(Default)]
struct Kept {
    surveys: HashMap<Mark, Arc<Survey>>,
    reading: Option<Reading>,
    round: Option<Round>,
}

/// The exports as they were listed for a page that more pages follow: a folder is walked once for all of them.
struct Round {
    /// Where the page ended.
    after: Cursor,
    planned: Vec<Planned>,
    failed: Vec<(Export, String)>,
}

/// By what a file is known to be the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Mark {
    path: PathBuf,
    size: u64,
    modified: i64,
}

impl Mark {
    fn of(export: &Export) -> Self {
        Self { path: export.path.clone(), size: export.size, modified: export.modified }
    }
}

/// An export that was read to its end, or cannot be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Done {
    file: Mark,
    /// How it was read; `None`: it could not be.
    read: Option<Way>,
}

/// What was decided about an export when it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Way {
    digest: String,
    chat: String,
    me: Option<String>,
    order: DateOrder,
    files: bool,
}

impl Way {
    fn of(planned: &Planned) -> Self {
        Self {
            digest: planned.survey.digest.clone(),
            chat: planned.conversation(),
            me: planned.me.as_ref().map(|(me, _)| me.clone()),
            order: planned.dates.order,
            files: planned.survey.files > 0,
        }
    }
}

/// Where a pull ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct At {
    v: u8,
    /// What the person said, and the time zone.
    told: String,
    done: Vec<Done>,
    /// The export that is being read, and how many of its messages were.
    now: Option<(Mark, u64)>,
    /// Messages yielded.
    count: u64,
    /// It began with nothing, and says at its end what there is.
    anew: bool,
}

impl At {
    fn parse(cursor: Option<&Cursor>, told: String) -> Result<Self> {
        let Some(cursor) = cursor else { return Ok(Self { v: 1, told, anew: true, ..Self::default() }) };
        cursor.read_if(|at: &Self| at.v == 1 && at.told == told)
    }

    fn has(&self, export: &Export) -> bool {
        let mark = Mark::of(export);
        self.done.iter().any(|done| done.file == mark)
    }
}

/// An export that is being read.
struct Reading {
    planned: Planned,
    messages: Messages<BufReader<File>>,
    files: Files,
    taken: u64,
    minutes: BTreeMap<i64, Minute>,
    last: Option<DateTime>,
}

/// What was in a minute so far.
#[derive(Default)]
struct Minute {
    /// By author and words.
    like: HashMap<[u8; 32], u32>,
    /// By second.
    at: HashMap<i8, i64>,
}

impl Reading {
    fn begin(planned: Planned) -> Result<Self> {
        let (messages, files) = (Messages::new(planned.export.text()?), planned.export.files());
        Ok(Self { planned, messages, files, taken: 0, minutes: BTreeMap::new(), last: None })
    }

    /// The next message, with its id; `None` at the end.
    fn next(&mut self, zone: &TimeZone) -> Result<Option<UnifiedMessage>> {
        let broken =
            |_| SourceError::Permanent(format!("{} cannot be read to its end.", self.planned.export.path.display()));
        let Some(raw) = self.messages.next().map_err(broken)? else { return Ok(None) };
        self.taken += 1;
        Ok(Some(self.message(raw, zone)))
    }

    fn message(&mut self, raw: Raw, zone: &TimeZone) -> UnifiedMessage {
        let at = self.time(&raw);
        let said = said(&raw.text, |name| self.files.has(name));
        let author = raw.author.filter(|author| !is_marked(&raw.text) || self.planned.survey.wrote(author));
        let day = i64::from(at.date().year()) * 366 + i64::from(at.date().day_of_year());
        let minute = (day * 24 + i64::from(at.hour())) * 60 + i64::from(at.minute());
        let chat = self.planned.conversation();
        let mut digest = Sha256::new();
        for part in [
            chat.as_str(),
            &at.strftime("%Y-%m-%dT%H:%M").to_string(),
            author.as_deref().unwrap_or_default(),
            &said.same,
        ] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let like: [u8; 32] = digest.clone().finalize().into();
        let seen = self.minutes.entry(minute).or_default();
        let (nth, place) = (seen.like.entry(like).or_default(), seen.at.entry(at.second()).or_default());
        digest.update(nth.to_be_bytes());
        // In the order they stand there, where the time does not say.
        let sent_at = time(at, zone) + SignedDuration::from_millis((*place).min(999));
        (*nth, *place) = (*nth + 1, *place + 1);
        if self.minutes.len() > MINUTES {
            self.minutes.pop_first();
        }
        let me = self.planned.me.as_ref().map(|(me, _)| me.as_str());
        let from_me = author.is_some() && author.as_deref() == me;
        let attachments =
            said.files.iter().filter(|name| self.files.has(name)).map(|name| self.attachment(name)).collect();
        let sender = author.as_deref().map_or_else(|| Party::named("WhatsApp", ""), party);
        UnifiedMessage {
            remote_id: RemoteId(hex(&digest.finalize(), 20)),
            text: if said.deleted.is_some() { String::new() } else { missing(said.text, &said.files, &self.files) },
            edited_at: said.edited.then_some(sent_at),
            deleted: said.deleted.is_some(),
            attachments,
            ..self.planned.blank(sender, from_me, sent_at)
        }
    }

    /// The time a message names. One that names none that exists was sent when the one before it was.
    fn time(&mut self, raw: &Raw) -> DateTime {
        let order = self.planned.dates.order;
        let other = if order == DateOrder::Mdy { DateOrder::Dmy } else { DateOrder::Mdy };
        let date =
            day(&raw.head, order).or_else(|| self.last.map(|last| last.date())).or_else(|| day(&raw.head, other));
        let (hour, minute) = raw.head.time;
        let at = date.unwrap_or(jiff::civil::date(2009, 1, 1)).at(hour, minute, raw.head.second, 0);
        self.last = Some(at);
        at
    }

    fn attachment(&self, name: &str) -> AttachmentInfo {
        AttachmentInfo {
            part: serde_json::to_string(&(&self.planned.export.path, name)).unwrap_or_default(),
            name: name.to_owned(),
            mime: media_type(name).to_owned(),
            ..AttachmentInfo::default()
        }
    }
}

/// The words, with the names of files that are spoken of and not there.
fn missing(text: String, named: &[String], files: &Files) -> String {
    let gone = named.iter().filter(|name| !files.has(name)).map(|name| format!("📎 {name}"));
    gone.chain(Some(text).filter(|text| !text.is_empty())).collect::<Vec<_>>().join("\n")
}

fn time(at: DateTime, zone: &TimeZone) -> Timestamp {
    zone.to_timestamp(at).unwrap_or(Timestamp::UNIX_EPOCH)
}

impl Planned {
    /// A message of this chat with nothing in it.
    fn blank(&self, sender: Party, from_me: bool, sent_at: Timestamp) -> UnifiedMessage {
        let me = self.me.as_ref().map(|(me, _)| me);
        let members: Vec<Party> = match self.group {
            true => self.survey.authors.keys().filter(|name| Some(*name) != me).map(|name| party(name)).collect(),
            false => vec![party(&self.chat)],
        };
        UnifiedMessage {
            remote_id: RemoteId(String::new()),
            conversation: self.conversation(),
            title: self.group.then(|| self.chat.clone()),
            members,
            sender,
            from_me,
            sent_at,
            edited_at: None,
            deleted: false,
            event: false,
            text: String::new(),
            html: None,
            reply_to: None,
            reactions: Vec::new(),
            attachments: Vec::new(),
            read: true,
            receipt: Receipt::None,
            starred: false,
            client_key: None,
        }
    }

    /// What was decided, as the first word of the conversation.
    fn note(&self, first: Timestamp, zone: &str) -> UnifiedMessage {
        UnifiedMessage {
            remote_id: RemoteId(format!("note/{}", self.conversation())),
            text: format!("Brought in from an export of WhatsApp. {}", self.decisions(zone)),
            ..self.blank(Party::named("Inlet", ""), false, first - SignedDuration::from_secs(1))
        }
    }
}

impl Inner {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("this computer")
    }

    fn told(&self) -> String {
        format!("{:?} {:?} {}", self.told.me, self.told.dates, self.zone_name())
    }

    fn survey(&self, export: &Export) -> Result<Arc<Survey>> {
        let mark = Mark::of(export);
        if let Some(known) = self.kept().surveys.get(&mark) {
            return Ok(known.clone());
        }
        let survey = Arc::new(Survey::of(export)?);
        self.kept().surveys.insert(mark, survey.clone());
        Ok(survey)
    }

    /// These exports with what was decided about them, and those that cannot be read.
    fn planned(&self, exports: Vec<Export>) -> (Vec<Planned>, Vec<(Export, String)>) {
        let (mut surveyed, mut failed) = (Vec::new(), Vec::new());
        for export in exports {
            match self.survey(&export) {
                Ok(survey) => surveyed.push((export, survey)),
                Err(error) => failed.push((export, error.to_string())),
            }
        }
        (plan(surveyed, &self.told), failed)
    }

    fn page(&self, since: Option<&Cursor>) -> Result<Page<UnifiedMessage>> {
        let mut at = At::parse(since, self.told())?;
        let round = self.kept().round.take().filter(|round| Some(&round.after) == since);
        let (planned, failed) = match round {
            Some(round) => (round.planned, round.failed),
            None => {
                let exports = find::all(&self.paths);
                if since.is_some() && at.now.is_none() && exports.iter().all(|export| at.has(export)) {
                    return Ok(Page::empty(Cursor::of(&at)));
                }
                self.planned(exports)
            }
        };
        at.still_holds(&planned)?;
        let mut page = Page::empty(Cursor::default());
        for (export, reason) in failed.iter().filter(|(export, _)| !at.has(export)).cloned().collect::<Vec<_>>() {
            page.poison.push((RemoteId(export.path.to_string_lossy().into_owned()), reason));
            at.done.push(Done { file: Mark::of(&export), read: None });
        }
        self.take(&planned, &mut at, &mut page);
        page.more = at.now.is_some() || planned.iter().any(|one| !at.has(&one.export));
        if !page.more && at.anew {
            at.anew = false;
            page.present = self.present(&planned, &failed);
        }
        let total: u64 = planned.iter().map(|one| one.survey.messages).sum();
        page.progress =
            Some(Progress { done: at.count, total: Some(total.max(at.count)), since: None, complete: !page.more });
        page.next = Cursor::of(&at);
        self.kept().round = page.more.then(|| Round { after: page.next.clone(), planned, failed });
        Ok(page)
    }

    /// Fills a page from the export that is next.
    fn take(&self, planned: &[Planned], at: &mut At, page: &mut Page<UnifiedMessage>) {
        let now = at.now.take();
        let begun = now.as_ref().and_then(|(mark, _)| planned.iter().find(|one| Mark::of(&one.export) == *mark));
        let Some(next) = begun.or_else(|| planned.iter().find(|one| !at.has(&one.export))) else { return };
        let way = Way::of(next);
        let twin = |done: &Done| {
            done.read
                .as_ref()
                .is_some_and(|read| read.digest == way.digest && read.chat == way.chat && read.files == way.files)
        };
        let taken = now.filter(|_| begun.is_some()).map_or(0, |(_, taken)| taken);
        let result =
            if taken == 0 && at.done.iter().any(twin) { Ok(true) } else { self.messages(next, taken, at, page) };
        match result {
            Ok(true) => at.done.push(Done { file: Mark::of(&next.export), read: Some(way) }),
            Ok(false) => {}
            Err(error) => {
                page.poison.push((RemoteId(next.export.path.to_string_lossy().into_owned()), error.to_string()));
                at.done.push(Done { file: Mark::of(&next.export), read: None });
            }
        }
    }

    /// The next messages of an export, from so many on; true when those were all.
    fn messages(&self, next: &Planned, taken: u64, at: &mut At, page: &mut Page<UnifiedMessage>) -> Result<bool> {
        let mark = Mark::of(&next.export);
        let kept = self.kept().reading.take();
        let goes_on = |reading: &Reading| Mark::of(&reading.planned.export) == mark && reading.taken == taken;
        let mut reading = match kept.filter(goes_on) {
            Some(reading) => reading,
            None => {
                let mut reading = Reading::begin(next.clone())?;
                while reading.taken < taken && reading.next(&self.zone)?.is_some() {}
                reading
            }
        };
        for _ in 0..PAGE {
            let Some(message) = reading.next(&self.zone)? else { return Ok(true) };
            if reading.taken == 1 {
                page.upserts.push(reading.planned.note(message.sent_at, self.zone_name()));
            }
            page.upserts.push(message);
            at.count += 1;
        }
        at.now = Some((mark, reading.taken));
        self.kept().reading = Some(reading);
        Ok(false)
    }

    /// Every id there is; `None` when an export is not there, whose messages stay.
    fn present(&self, planned: &[Planned], failed: &[(Export, String)]) -> Option<Vec<RemoteId>> {
        if !failed.is_empty() || self.paths.iter().any(|path| !path.exists()) {
            return None;
        }
        let mut ids = Vec::new();
        for one in planned {
            ids.push(RemoteId(format!("note/{}", one.conversation())));
            let mut reading = Reading::begin(one.clone()).ok()?;
            while let Some(message) = reading.next(&self.zone).ok()? {
                ids.push(message.remote_id);
            }
        }
        Some(ids)
    }

    fn report(&self) -> CheckReport {
        let (planned, failed) = self.planned(find::all(&self.paths));
        let name = |export: &Export| format!("Read {}", export.path.file_name().unwrap_or_default().to_string_lossy());
        let mut steps: Vec<CheckStep> = planned
            .iter()
            .map(|one| {
                let survey = &one.survey;
                let mut detail =
                    format!("{}: {} messages of {} people", one.chat, survey.messages, survey.authors.len());
                for (count, words) in [
                    (survey.files, "files"),
                    (survey.omitted, "files left out by the phone"),
                    (survey.ahead, "lines before the first message left out"),
                    (survey.cut, "messages too long and cut"),
                ] {
                    if count > 0 {
                        detail.push_str(&format!(", {count} {words}"));
                    }
                }
                CheckStep::passed(name(&one.export), format!("{detail}. {}", one.decisions(self.zone_name())))
            })
            .collect();
        let fix = "Export the chat again in WhatsApp, and bring in what it gives you.";
        steps.extend(failed.iter().map(|(export, reason)| CheckStep::failed(name(export), reason, fix)));
        let identity = planned.iter().find_map(|one| one.me.as_ref()).map(|(me, _)| me.clone());
        CheckReport { identity, steps, ..CheckReport::default() }
    }
}

impl At {
    /// What was read is read as it would be now.
    ///
    /// # Errors
    /// [`SourceError::CursorExpired`] when it has to be read anew: something else is known of it by now, or an
    /// export without files came after one of the same chat with them.
    fn still_holds(&self, planned: &[Planned]) -> Result<()> {
        let fresh: Vec<String> = planned
            .iter()
            .filter(|one| !self.has(&one.export) && one.survey.files == 0)
            .map(Planned::conversation)
            .collect();
        for one in planned {
            let mark = Mark::of(&one.export);
            let Some(way) = self.done.iter().find(|done| done.file == mark).and_then(|done| done.read.as_ref()) else {
                continue;
            };
            if *way != Way::of(one) || way.files && fresh.contains(&way.chat) {
                return Err(SourceError::CursorExpired);
            }
        }
        Ok(())
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| {
        Err(SourceError::Permanent("This export could not be read: report this as a fault.".to_owned()))
    })
}

#[async_trait]
impl Source for Exports {
    type Item = UnifiedMessage;
    type Op = MessageOp;

    fn source_type(&self) -> SourceType {
        SourceType::WhatsApp
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }

    async fn check(&self) -> Result<CheckReport> {
        let inner = self.0.clone();
        blocking(move || Ok(inner.report())).await
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        Ok(vec![Scope {
            remote: SCOPE.to_owned(),
            name: "WhatsApp".to_owned(),
            // Nobody waits for what is in it.
            role: ScopeRole::Archive,
            pulled: true,
            live: false,
        }])
    }

    async fn pull(&self, _: &Scope, since: Option<&Cursor>) -> Result<Page<UnifiedMessage>> {
        let (inner, since) = (self.0.clone(), since.cloned());
        blocking(move || inner.page(since.as_ref())).await
    }

    async fn fetch(&self, part: &PartRef, into: &mut dyn PartSink) -> Result<()> {
        let gone = || SourceError::Permanent("This file is no longer in the export: bring it in again.".to_owned());
        let (path, name): (PathBuf, String) = serde_json::from_str(&part.part).map_err(|_| gone())?;
        let inner = self.0.clone();
        let (pieces, mut came) = tokio::sync::mpsc::channel::<Vec<u8>>(4);
        let reading = blocking(move || {
            let inside = inner.paths.iter().any(|root| path.starts_with(root));
            let export = Some(path).filter(|_| inside).and_then(|path| export(&path)).ok_or_else(gone)?;
            export.copy(&name, &mut |piece| {
                pieces.blocking_send(piece.to_vec()).map_err(|_| std::io::ErrorKind::BrokenPipe.into())
            })
        });
        let reading = tokio::spawn(reading);
        while let Some(piece) = came.recv().await {
            into.write(&piece).await?;
        }
        reading.await.unwrap_or_else(|_| Err(gone()))
    }

    fn plan(&self, _: &OpKey, intent: &Intent) -> Result<Option<MessageOp>> {
        match intent {
            Intent::Send(_) => Err(read_only()),
            // What is read, starred or put away is kept by Inlet alone.
            _ => Ok(None),
        }
    }

    async fn apply(&self, _: &OpKey, _: &MessageOp) -> Result<Applied> {
        Err(read_only())
    }

    async fn find_applied(&self, _: &OpKey, _: &MessageOp) -> Result<Option<Applied>> {
        Ok(None)
    }
}

impl MessageSource for Exports {}

fn read_only() -> SourceError {
    SourceError::Permanent("An imported chat can only be read: write to them from an account that sends.".to_owned())
}
