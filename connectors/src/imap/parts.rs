//! One part of a message, streamed: what is on its way is never larger than a chunk.

use inlet_model::{
    PartRef, PartSink, Result, SourceError,
    mime::{Encoding, Tree},
};

use super::{session::Session, transfer::Decoder};

/// Bytes per request when a part is streamed.
const CHUNK: u64 = 512 * 1024;

/// Streams a part, decoded.
pub(super) async fn stream(session: &mut Session, uid: u32, part: &PartRef, into: &mut dyn PartSink) -> Result<()> {
    let section = &part.part;
    if !section.split('.').all(|number| number.parse::<u32>().is_ok_and(|n| n > 0)) && !section.is_empty() {
        return Err(gone());
    }
    let (mut decoder, octets) = if section.is_empty() {
        (Decoder::Plain, None)
    } else {
        let reply = session.run(&format!("UID FETCH {uid} (UID BODYSTRUCTURE)")).await?;
        let reply = reply.ok("hand out this message")?;
        let unreadable = reply.nonsense > 0;
        let leaves = match reply.fetched.into_iter().find(|fetched| fetched.uid == Some(uid)) {
            Some(told) => told.structure.unwrap_or_default(),
            None if unreadable => Vec::new(),
            None => return Err(gone()),
        };
        let known = !leaves.is_empty();
        match leaves.into_iter().find(|leaf| leaf.section == *section) {
            None if known => return Err(gone()),
            Some(leaf) => (Decoder::new(Encoding::from_name(&leaf.encoding)), Some(leaf.octets)),
            // A structure nobody understands: the part's own header tells.
            None => (Decoder::new(part_encoding(session, uid, section).await?), None),
        }
    };
    let mut offset = 0_u64;
    loop {
        let reply = session.run(&format!("UID FETCH {uid} (UID BODY.PEEK[{section}]<{offset}.{CHUNK}>)")).await?;
        let reply = reply.ok("hand out this message")?;
        let answer = reply.fetched.into_iter().find(|told| told.uid == Some(uid) && told.has_section(section));
        let chunk = answer.ok_or_else(gone)?.take_section(section).unwrap_or_default();
        let length = u64::try_from(chunk.len()).unwrap_or(CHUNK);
        offset += length;
        let last = length == 0 || (length < CHUNK && octets.is_none_or(|octets| offset >= octets));
        let decoded = decoder.push(&chunk, last);
        if !decoded.is_empty() {
            into.write(&decoded).await?;
        }
        if last {
            return Ok(());
        }
    }
}

async fn part_encoding(session: &mut Session, uid: u32, section: &str) -> Result<Encoding> {
    let reply = session.run(&format!("UID FETCH {uid} (UID BODY.PEEK[{section}.MIME])")).await?;
    let name = format!("{section}.MIME");
    let header = reply.fetched.iter().find_map(|told| told.section(&name));
    let header = [header.ok_or_else(gone)?, b"\r\n\r\n"].concat();
    Tree::parse(&header).parts.first().map(|part| part.encoding).ok_or_else(gone)
}

pub(super) fn gone() -> SourceError {
    SourceError::Permanent("This message is no longer on the server, or this part of it never was.".to_owned())
}
