//! Chats of the demo world: passages from the sheets, laid out in time so that none runs into
//! another.

use std::collections::HashMap;

use inlet_model::{AttachmentInfo, Reaction, Receipt, RemoteId, Timestamp, UnifiedMessage};
use jiff::SignedDuration;

use super::{
    markup,
    phrase::Kept,
    rng::{Rng, hash},
    sheet::{Chat, ChatSpec, Line, Sheet, transcript},
    shelf::Held,
    stage::{Said, Stage, spread},
};

/// The media type of what is shared by its address.
const DOCUMENT: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// The platform's name of a chat.
pub(super) fn conversation(stage: &Stage, chat: &Chat) -> String {
    let direct = chat.members.len() == 1 && !chat.title.starts_with('#');
    let tail = hash(&chat.key) & 0xffff_ffff;
    match chat.on.as_str() {
        "whatsapp" if direct => chat
            .members
            .first()
            .map(|key| stage.party(key, "whatsapp").handle.trim_start_matches('+').to_owned())
            .unwrap_or_default(),
        "whatsapp" => format!("1203630{tail:010}@g.us"),
        "teams" => format!("19:{:016x}@thread.v2", hash(&chat.key)),
        _ if direct => format!("D0{tail:08X}"),
        _ => format!("C0{tail:08X}"),
    }
}

/// The platform's id of a message.
pub(super) fn message_id(on: &str, conversation: &str, at: Timestamp, salt: u64) -> String {
    match on {
        "whatsapp" => format!("wamid.HBg{salt:016X}"),
        "teams" => format!("{conversation}/{}", at.as_millisecond() + i64::try_from(salt % 1000).unwrap_or(0)),
        _ => format!("{conversation}/{}.{:06}", at.as_second(), salt % 1_000_000),
    }
}

/// All messages of one platform.
pub(super) fn build(stage: &Stage, sheets: &[(&str, Sheet)], on: &str) -> Vec<Held<UnifiedMessage>> {
    let mut said = Said::default();
    let mut all = Vec::new();
    for chat in stage.cast.chat.iter().filter(|chat| chat.on == on) {
        let mut messages = passages(stage, sheets, chat, &mut said);
        messages.sort_by(|a, b| (a.sent_at, &a.remote_id).cmp(&(b.sent_at, &b.remote_id)));
        if on == "whatsapp" {
            receipts(&mut messages);
        }
        let mut unread = chat.unread;
        for message in messages.iter_mut().rev() {
            // What came before my last word I have seen.
            if message.from_me || unread == 0 {
                break;
            }
            message.read = false;
            unread -= 1;
        }
        all.extend(messages.into_iter().map(|message| Held {
            id: message.remote_id.0.clone(),
            home: message.conversation.clone(),
            at: message.sent_at,
            item: message,
            born: 0,
        }));
    }
    all
}

/// What somebody answered they have read; the rest has arrived.
fn receipts(messages: &mut [UnifiedMessage]) {
    let mut answered = false;
    for message in messages.iter_mut().rev() {
        if message.from_me {
            message.receipt = if answered { Receipt::Read } else { Receipt::Delivered };
        } else {
            answered = true;
        }
    }
}

fn passages(stage: &Stage, sheets: &[(&str, Sheet)], chat: &Chat, said: &mut Said) -> Vec<UnifiedMessage> {
    let mut specs: Vec<(String, &ChatSpec)> = sheets
        .iter()
        .flat_map(|(sheet, content)| {
            let numbered = content.chat.iter().enumerate().filter(|(_, spec)| spec.chat == chat.key);
            numbered.map(move |(index, spec)| (format!("{sheet}/chat/{index}"), spec))
        })
        .collect();
    // What has its place in time comes first; the rest finds gaps.
    specs.sort_by_key(|(_, spec)| spec.at.is_none());
    let mut taken: Vec<(Timestamp, Timestamp)> = Vec::new();
    let mut messages = Vec::new();
    let work = chat.on != "whatsapp";
    for (name, spec) in specs {
        for round in 0..spec.times.unwrap_or(1) {
            let mut rng = stage.rng(&format!("{name}/{round}"));
            for attempt in 0..60 {
                let fixed = spec.at.as_deref().and_then(|at| stage.calendar.at(at));
                let start = fixed.unwrap_or_else(|| stage.calendar.some_time(&mut rng, work));
                let mut kept = Kept::new();
                let lines: Vec<Line> = transcript(&spec.lines)
                    .into_iter()
                    .map(|line| Line { text: stage.say(&line.text, start, &mut rng, &mut kept), ..line })
                    .collect();
                let gaps: Vec<u64> = lines.iter().skip(1).map(|_| 15 + rng.below(200)).collect();
                let times = spread(start, &gaps, stage.calendar.latest(), false);
                let (Some(first), Some(last)) = (times.first().copied(), times.last().copied()) else {
                    break;
                };
                let apart = SignedDuration::from_mins(30);
                let free =
                    fixed.is_some() || taken.iter().all(|(from, to)| first > *to + apart || last + apart < *from);
                if !free
                    || !(said.all_new(lines.iter().map(|line| line.text.as_str())) || attempt == 59 && fixed.is_some())
                {
                    continue;
                }
                taken.push((first, last));
                messages.extend(passage(stage, chat, &lines, &times, &mut rng));
                break;
            }
        }
    }
    messages
}

fn passage(stage: &Stage, chat: &Chat, lines: &[Line], times: &[Timestamp], rng: &mut Rng) -> Vec<UnifiedMessage> {
    let on = chat.on.as_str();
    let conversation = conversation(stage, chat);
    let members: Vec<_> = chat.members.iter().map(|key| stage.party(key, on)).collect();
    let mut made: Vec<UnifiedMessage> = Vec::with_capacity(lines.len());
    let mut by_key: HashMap<&str, inlet_model::Party> = HashMap::new();
    for (line, at) in lines.iter().zip(times) {
        let mut message = UnifiedMessage {
            remote_id: RemoteId(message_id(on, &conversation, *at, rng.next())),
            conversation: conversation.clone(),
            title: Some(chat.title.clone()),
            members: members.clone(),
            sender: by_key.entry(&line.who).or_insert_with(|| stage.party(&line.who, on)).clone(),
            from_me: line.who == "me",
            sent_at: *at,
            edited_at: line
                .marks("edited")
                .next()
                .map(|_| (*at + SignedDuration::from_secs(70)).min(stage.calendar.latest())),
            deleted: line.marks("deleted").next().is_some(),
            event: false,
            text: line.text.clone(),
            html: None,
            reply_to: line
                .marks("reply")
                .filter_map(|back| made.len().checked_sub(back.parse().ok()?))
                .filter_map(|index| made.get(index))
                .map(|earlier| earlier.remote_id.clone())
                .next(),
            reactions: line
                .marks("react")
                .filter_map(|mark| mark.split_once(' '))
                .map(|(emoji, by)| Reaction {
                    emoji: emoji.to_owned(),
                    by: by.split(',').map(|key| stage.party(key.trim(), on)).collect(),
                    mine: false,
                })
                .collect(),
            attachments: files(stage, line, *at),
            read: true,
            receipt: Receipt::None,
            starred: line.marks("starred").next().is_some(),
            client_key: None,
        };
        if message.deleted {
            message.text.clear();
        } else if on == "teams" {
            message.html = Some(markup::html(&message.text));
        }
        made.push(message);
    }
    made
}

/// What a line has with it: files, and those that lie elsewhere.
fn files(stage: &Stage, line: &Line, at: Timestamp) -> Vec<AttachmentInfo> {
    let sent = line.marks("file").map(|name| {
        let (bytes, mime) = stage.file(name, at, &mut stage.rng(name));
        let (name, size) = (name.to_owned(), bytes.len() as u64);
        AttachmentInfo { name, mime: mime.to_owned(), size, data: Some(bytes), ..AttachmentInfo::default() }
    });
    let linked = line.marks("link").filter_map(|mark| mark.split_once(' ')).map(|(link, name)| AttachmentInfo {
        name: name.to_owned(),
        mime: DOCUMENT.to_owned(),
        link: Some(link.to_owned()),
        ..AttachmentInfo::default()
    });
    sent.chain(linked).zip(1..).map(|(file, part)| AttachmentInfo { part: part.to_string(), ..file }).collect()
}
