//! Mails of the demo world: letters are written down from the sheets, put in order, and only then
//! get their ids, so that references always point backwards.

use std::collections::HashMap;

use inlet_model::{AttachmentInfo, Flags, MailMeta, Party, RemoteId, Timestamp, UnifiedEmail};
use jiff::SignedDuration;

use super::{
    filing::{home, labels},
    invite::ics,
    markup,
    phrase::Kept,
    rng::{Rng, hash},
    sheet::{MailSpec, Sheet, Style, ThreadSpec, transcript},
    shelf::Held,
    stage::{Said, Stage, spread},
    when::seconds,
};

/// A mail before it has ids.
pub(super) struct Letter {
    pub(super) at: Timestamp,
    pub(super) thread: String,
    pub(super) from: Party,
    pub(super) from_me: bool,
    pub(super) to: Vec<Party>,
    pub(super) cc: Vec<Party>,
    pub(super) spec: MailSpec,
    /// The mailing list it came over.
    pub(super) list: Option<String>,
}

impl Letter {
    /// It was begun on the phone and is not sent yet.
    fn is_draft(&self) -> bool {
        self.spec.folder.as_deref() == Some("drafts")
    }
}

/// All mails of one account.
pub(super) fn build(stage: &Stage, sheets: &[(&str, Sheet)], on: &str) -> Vec<Held<UnifiedEmail>> {
    let mut letters = Vec::new();
    let mut said = Said::default();
    for (sheet, content) in sheets {
        for (index, spec) in content.mail.iter().enumerate().filter(|(_, spec)| spec.on == on) {
            single(stage, &format!("{sheet}/mail/{index}"), spec, &mut said, &mut letters);
        }
        for (index, spec) in content.thread.iter().enumerate().filter(|(_, spec)| spec.on == on) {
            for round in 0..spec.times.unwrap_or(1) {
                conversation(stage, &format!("{sheet}/thread/{index}/{round}"), spec, &mut said, &mut letters);
            }
        }
    }
    letters.sort_by(|a, b| (a.at, &a.thread, &a.spec.subject).cmp(&(b.at, &b.thread, &b.spec.subject)));
    post(stage, on, letters)
}

fn single(stage: &Stage, name: &str, spec: &MailSpec, said: &mut Said, letters: &mut Vec<Letter>) {
    let mut rng = stage.rng(name);
    let work = spec.on == "outlook";
    for round in 0..spec.times.unwrap_or(1) {
        // A template that has run out of new words is used no more.
        for _ in 0..20 {
            let at = match spec.at.as_deref().and_then(|at| stage.calendar.at(at)) {
                Some(at) => {
                    let back = spec.every.unwrap_or(0) * i64::try_from(round).unwrap_or(0);
                    at - SignedDuration::from_hours(24 * back) + seconds(rng.below(50))
                }
                None => stage.calendar.some_time(&mut rng, work),
            };
            let mut kept = Kept::new();
            let subject = stage.say(&spec.subject, at, &mut rng, &mut kept);
            let body = stage.say(&spec.body, at, &mut rng, &mut kept);
            if !said.all_new(std::iter::once(body.as_str())) {
                continue;
            }
            let party = |key: &String| stage.party(key, &spec.on);
            letters.push(Letter {
                at: at.min(stage.calendar.latest()),
                thread: spec.thread.clone().unwrap_or_else(|| format!("{name}/{round}")),
                from: party(&spec.from),
                from_me: spec.from == "me",
                to: if spec.to.is_empty() { vec![stage.me(&spec.on)] } else { spec.to.iter().map(party).collect() },
                cc: spec.cc.iter().map(party).collect(),
                spec: MailSpec { body, subject, ..spec.clone() },
                list: None,
            });
            break;
        }
    }
}

fn conversation(stage: &Stage, name: &str, spec: &ThreadSpec, said: &mut Said, letters: &mut Vec<Letter>) {
    let mut rng = stage.rng(name);
    let mut lines = transcript(&spec.lines);
    let start = spec
        .at
        .as_deref()
        .and_then(|at| stage.calendar.at(at))
        .unwrap_or_else(|| stage.calendar.some_time(&mut rng, spec.on == "outlook"));
    let mut last = String::new();
    for _ in 0..spec.more {
        let mut line = lines.last().cloned().unwrap_or_default();
        for _ in 0..40 {
            let who = rng.pick(&spec.people).cloned().unwrap_or_default();
            let pool = rng.pick(&spec.pool).cloned().unwrap_or_default();
            let text = stage.say(&pool, start, &mut rng, &mut Kept::new());
            if who != last && said.all_new(std::iter::once(text.as_str())) {
                line = super::sheet::Line { who, text, marks: Vec::new() };
                break;
            }
        }
        last.clone_from(&line.who);
        lines.push(line);
    }
    let (least, most) = spec.gap.unwrap_or((20, 400));
    let gaps: Vec<u64> = lines
        .iter()
        .skip(1)
        .map(|_| (least + rng.below(most.saturating_sub(least) + 1)) * 60 + rng.below(60))
        .collect();
    let times = spread(start, &gaps, stage.calendar.latest(), true);
    let mut kept = Kept::new();
    let subject = stage.say(&spec.subject, start, &mut rng, &mut kept);
    let count = lines.len() as u64;
    for ((line, at), index) in lines.into_iter().zip(times).zip(0_u64..) {
        let from_me = line.who == "me";
        let mut others: Vec<Party> = spec
            .people
            .iter()
            .filter(|key| **key != line.who)
            .map(|key| stage.party(key, &spec.on))
            .chain((!from_me).then(|| stage.me(&spec.on)))
            .collect();
        // Who was written to first stays in To, everybody else in Cc; a list has one address.
        let to = match &spec.list {
            Some(list) => vec![Party::named(list.as_str(), list_address(list))],
            None if from_me => others.drain(..others.len().min(1)).collect(),
            None => others.pop().into_iter().collect(),
        };
        let cc = if spec.list.is_some() { Vec::new() } else { others };
        let mut body = stage.say(&line.text, at, &mut rng, &mut kept);
        if !body.contains("\n\n") && rng.chance(70) {
            body = format!("{body}\n\n{}", stage.first_name(&line.who));
        }
        letters.push(Letter {
            at,
            thread: name.to_owned(),
            from: stage.party(&line.who, &spec.on),
            from_me,
            to,
            cc,
            spec: MailSpec {
                subject: if index == 0 { subject.clone() } else { format!("Re: {subject}") },
                body,
                style: if rng.chance(50) { Style::Rich } else { Style::Plain },
                files: line.marks("file").map(str::to_owned).collect(),
                labels: spec.labels.clone(),
                unread: (spec.unread > 0).then_some(index + spec.unread >= count),
                starred: line.marks("starred").next().is_some(),
                quote: index > 0 && rng.chance(60),
                ..MailSpec::default()
            },
            list: spec.list.clone(),
        });
    }
}

fn list_address(list: &str) -> String {
    format!("{}@kastanjen.example", list.split_whitespace().next().unwrap_or("list").to_lowercase())
}

/// Gives every letter its ids and its place.
fn post(stage: &Stage, on: &str, letters: Vec<Letter>) -> Vec<Held<UnifiedEmail>> {
    let mut threads: HashMap<String, Vec<usize>> = HashMap::new();
    let mut posted: Vec<Held<UnifiedEmail>> = Vec::with_capacity(letters.len());
    for (index, letter) in letters.into_iter().enumerate() {
        let mut rng = stage.rng(&format!("{on}/{index}/{}", letter.thread));
        let earlier = threads.entry(letter.thread.clone()).or_default();
        let references: Vec<String> =
            earlier.iter().filter_map(|at| posted.get(*at)?.item.message_id.clone()).collect();
        if letter.from_me
            && !letter.is_draft()
            && let Some(answered) = earlier.last().and_then(|at| posted.get_mut(*at))
            && !answered.item.from_me
        {
            answered.item.flags.answered = true;
            answered.item.flags.read = true;
        }
        let parent = earlier.last().and_then(|at| posted.get(*at)).map(|held| &held.item);
        let mail = write(stage, on, index, &letter, references, parent, &mut rng);
        let home = home(on, &letter);
        earlier.push(index);
        let id = mail.remote_id.clone().map(|id| id.0).unwrap_or_default();
        posted.push(Held { id, home: home.to_owned(), at: letter.at, item: mail, born: 0 });
    }
    posted
}

fn write(
    stage: &Stage,
    on: &str,
    index: usize,
    letter: &Letter,
    references: Vec<String>,
    parent: Option<&UnifiedEmail>,
    rng: &mut Rng,
) -> UnifiedEmail {
    let spec = &letter.spec;
    let domain = letter.from.handle.split_once('@').map_or("example.org", |(_, domain)| domain);
    let id = format!("{:016x}", rng.next());
    let mut text = markup::text(&spec.body);
    let mut html = match spec.style {
        Style::Plain => None,
        Style::Rich => Some(format!("<div dir=\"auto\">{}</div>", markup::html(&spec.body))),
        Style::Newsletter | Style::Receipt => Some(markup::newsletter(&spec.body, letter.from.label(), domain, &id)),
    };
    let mut attachments = Vec::new();
    let mut attach = |name: &str, bytes: Vec<u8>, mime: &str, content_id: Option<String>| {
        attachments.push(AttachmentInfo {
            part: (attachments.len() + 2).to_string(),
            name: name.to_owned(),
            mime: mime.to_owned(),
            size: bytes.len() as u64,
            inline: content_id.is_some(),
            content_id,
            link: None,
            data: Some(bytes),
        });
    };
    if let Some(name) = &spec.inline {
        let content_id = format!("{id}@{domain}");
        let picture = format!("<p><img src=\"cid:{content_id}\" alt=\"{}\"></p>", markup::escape(name));
        html = Some(format!("{}{picture}", html.unwrap_or_else(|| markup::html(&spec.body))));
        let (bytes, mime) = stage.file(name, letter.at, rng);
        attach(name, bytes, mime, Some(content_id));
    }
    for name in &spec.files {
        let (bytes, mime) = stage.file(name, letter.at, rng);
        attach(name, bytes, mime, None);
    }
    let calendar: Vec<String> =
        spec.invite.iter().filter_map(|invite| ics(stage, letter, invite, &format!("{id}@{domain}"))).collect();
    for event in &calendar {
        attach("invite.ics", event.clone().into_bytes(), "text/calendar", None);
    }
    if spec.quote
        && let Some(parent) = parent
    {
        let on = parent.date.map(|date| date.strftime("%-d %b %Y at %H:%M").to_string()).unwrap_or_default();
        let author = parent.from.first().map(Party::label).unwrap_or_default();
        let quoted: String = parent.text.lines().take(24).map(|line| format!("> {line}\n")).collect();
        let head = format!("On {on}, {author} wrote:");
        if let Some(html) = &mut html {
            html.push_str(&format!(
                "<p>{}</p><blockquote>{}</blockquote>",
                markup::escape(&head),
                markup::html(&parent.text)
            ));
        }
        text = format!("{text}\n\n{head}\n{}", quoted.trim_end());
    }
    let listed = letter.list.as_deref().map(|list| list_address(list).replacen('@', ".", 1));
    let newsletter = spec.style == Style::Newsletter;
    let verdict = if spec.folder.as_deref() == Some("junk") { "fail" } else { "pass" };
    UnifiedEmail {
        remote_id: Some(RemoteId(format!("1:{}", index + 1))),
        stable_id: id.clone(),
        thread_id: (on == "gmail").then(|| format!("{:016x}", hash(&letter.thread) ^ stage.seed)),
        also_in: (on == "gmail").then(|| labels(letter, stage)),
        message_id: Some(format!("{id}@{domain}")),
        in_reply_to: references.last().cloned().into_iter().collect(),
        references,
        from: vec![letter.from.clone()],
        to: letter.to.clone(),
        cc: letter.cc.clone(),
        bcc: Vec::new(),
        subject: spec.subject.clone(),
        date: Some(letter.at),
        received_at: Some(letter.at + seconds(1 + rng.below(4))),
        size: (text.len() + html.as_ref().map_or(0, String::len)) as u64
            + attachments.iter().map(|part| part.size * 4 / 3).sum::<u64>()
            + 1800,
        from_me: letter.from_me,
        has_html: html.is_some(),
        text,
        html,
        raw: None,
        head: None,
        attachments,
        flags: Flags {
            read: read(stage, letter, rng),
            starred: spec.starred,
            answered: false,
            draft: letter.is_draft(),
        },
        meta: MailMeta {
            list_id: listed.clone().or_else(|| newsletter.then(|| format!("letters.{domain}"))),
            list_unsubscribe: newsletter
                .then(|| format!("<https://news.{domain}/u/{id}>, <mailto:unsubscribe@{domain}?subject={id}>")),
            one_click_unsubscribe: newsletter && hash(domain).is_multiple_of(2),
            automatic: newsletter || spec.style == Style::Receipt || listed.is_some(),
            authentication_results: (!letter.from_me).then(|| {
                format!(
                    "mx.{on}.example; dkim={verdict} header.d={domain}; spf={verdict} smtp.mailfrom={domain}; \
                     dmarc={verdict} header.from={domain}"
                )
            }),
            important: false,
            reply_to: Vec::new(),
            calendar,
            answer: None,
            outdated: false,
            unasked: false,
            version: None,
            note: None,
            passed: Vec::new(),
            report: None,
            read_request: None,
        },
    }
}

fn read(stage: &Stage, letter: &Letter, rng: &mut Rng) -> bool {
    let days = (stage.calendar.latest().as_second() - letter.at.as_second()) / 86_400;
    let unread = match (letter.from_me, letter.spec.unread) {
        (true, _) => false,
        (_, Some(unread)) => unread,
        _ if letter.spec.folder.as_deref() == Some("junk") => true,
        _ if letter.spec.style == Style::Newsletter => days < 60 && rng.chance(45),
        _ if days > 6 => rng.chance(3),
        _ => rng.chance(25),
    };
    !unread
}
