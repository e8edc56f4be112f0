//! What reports about a mail of mine come to: for each of its recipients one word, and where something has to be done
//! one sentence that says what.
//!
//! The claims may have come in any order and more than once; the greatest counts ([`Reported`]). A claim about somebody
//! the mail was not sent to counts for nobody. Servers say why in codes (RFC 3463) and, where those say nothing, in
//! words of their own, which are looked at for what many of them say and else left for the person to read.

use std::cmp::Reverse;

use inlet_model::{Claim, Party, Receipt, Reported, Timestamp};

use crate::api::types::DeliveryStatus;

/// What is known of a mail: its recipients of whom anything is, and how far it has come as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) statuses: Vec<DeliveryStatus>,
    pub(crate) receipt: Receipt,
}

/// Folds what was claimed of a mail that was sent to these people; in their order, each of them once.
pub(crate) fn fold(people: &[Party], claims: &[(Claim, Timestamp)]) -> Told {
    let mut seen: Vec<String> = Vec::new();
    let mut statuses = Vec::new();
    for person in people {
        let address = canonical(&person.handle);
        if seen.contains(&address) {
            continue;
        }
        let theirs = |claim: &Claim| {
            canonical(&claim.recipient) == address
                || claim.also.as_deref().is_some_and(|also| canonical(also) == address)
        };
        let greatest = claims
            .iter()
            .filter(|(claim, _)| theirs(claim))
            .max_by_key(|(claim, at)| (claim.reported, Reverse(*at), &claim.recipient, &claim.also));
        statuses.extend(greatest.map(|(claim, at)| DeliveryStatus {
            recipient: person.clone(),
            reported: claim.reported,
            at: *at,
            reason: reason(claim).map(str::to_owned),
            said: claim.said.clone().filter(|_| matches!(claim.reported, Reported::Failed | Reported::Delayed)),
        }));
        seen.push(address);
    }
    let receipt = overall(&statuses, seen.len());
    Told { statuses, receipt }
}

/// How far the mail as a whole has come: a failure at one is one of the whole, anything else needs all of them.
fn overall(statuses: &[DeliveryStatus], people: usize) -> Receipt {
    let all = |least: Reported| statuses.len() == people && statuses.iter().all(|status| status.reported >= least);
    if statuses.iter().any(|status| status.reported == Reported::Failed) {
        Receipt::Failed
    } else if statuses.is_empty() {
        Receipt::None
    } else if all(Reported::Read) {
        Receipt::Read
    } else if all(Reported::Delivered) {
        Receipt::Delivered
    } else {
        Receipt::None
    }
}

/// An address as it is compared: servers write the domain in ASCII (RFC 5890).
fn canonical(address: &str) -> String {
    let address = address.trim().to_lowercase();
    match address.rsplit_once('@') {
        Some((local, domain)) if !domain.is_ascii() => match idna::domain_to_ascii(domain) {
            Ok(domain) => format!("{local}@{domain}"),
            Err(_) => address,
        },
        _ => address,
    }
}

const LATE: &str = "It has not arrived yet; the mail servers go on trying by themselves.";
const NO_MAILBOX: &str = "There is no mailbox with this address: check how it is spelled, or ask for another one.";
const NO_SERVER: &str =
    "There is no mail server for what stands behind the @: check how it is spelled, or ask for another address.";
const MOVED: &str = "This address is no longer used: ask for the new one in another way.";
const CLOSED: &str = "This mailbox takes no mail at present: use another address, or reach them in another way.";
const FULL: &str = "Their mailbox is full: send it again in a few days, or reach them in another way.";
const LARGE: &str =
    "The mail was too large for their server: send it again with fewer or smaller files, or with a link to them.";
const SPAM: &str =
    "Their server took it for spam: write it in other words and with fewer links, or reach them in another way.";
const UNCONFIRMED: &str = "Their server could not confirm that the mail comes from you: ask whoever runs your mail server \
                           to see to SPF, DKIM and DMARC.";
const REFUSED: &str = "Their server does not let your mail in: reach them in another way.";
const UNREACHABLE: &str =
    "Their server could not be reached for so long that it was given up: check the address, or send it again later.";
const CIRCLE: &str =
    "Their servers hand the mail round in a circle, which only they can mend: reach them in another way.";
const UNREADABLE: &str = "Their server cannot take a mail of this kind: send it again as plain text and without files.";
const OTHER: &str = "It did not arrive: read what the server said, then send it again or reach them in another way.";

/// Why, and what to do, in one sentence; nothing where there is nothing to do.
fn reason(claim: &Claim) -> Option<&'static str> {
    match claim.reported {
        Reported::Failed => Some(failure(claim)),
        Reported::Delayed => Some(LATE),
        Reported::Relayed | Reported::Delivered | Reported::Deleted | Reported::Read => None,
    }
}

fn failure(claim: &Claim) -> &'static str {
    let said = claim.said.as_deref().unwrap_or_default().to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let spam = says(&["spam", "blocked", "blocklist", "blacklist", "block list", "reputation", "unsolicited", "junk"]);
    let nobody = says(&[
        "user unknown",
        "unknown user",
        "no such user",
        "no such recipient",
        "does not exist",
        "recipient address rejected",
        "recipient not found",
        "no mailbox here",
        "unknown recipient",
    ]);
    let status = claim.status.as_deref().and_then(|status| {
        let (_, rest) = status.split_once('.')?;
        let (subject, detail) = rest.split_once('.')?;
        Some((subject.parse::<u16>().ok()?, detail.parse::<u16>().ok()?))
    });
    match status {
        Some((1, 2)) => NO_SERVER,
        Some((1, 6)) => MOVED,
        Some((1, 7 | 8)) => REFUSED,
        Some((1, _)) => NO_MAILBOX,
        Some((2, 1)) => CLOSED,
        Some((2, 2)) => FULL,
        Some((2, 3) | (3, 4)) => LARGE,
        // What Exchange says of an address it does not know.
        Some((4, 1)) if nobody => NO_MAILBOX,
        Some((4, 6)) => CIRCLE,
        Some((4, _)) => UNREACHABLE,
        Some((6, _)) => UNREADABLE,
        // RFC 7372, and what Microsoft says of DMARC.
        Some((7, 20..=29 | 509)) => UNCONFIRMED,
        Some((7, _)) if spam => SPAM,
        Some((7, _)) if nobody => NO_MAILBOX,
        Some((7, _)) => REFUSED,
        _ if nobody => NO_MAILBOX,
        _ if says(&["mailbox full", "mailbox is full", "over quota", "quota exceeded", "out of storage"]) => FULL,
        _ if says(&["too large", "too big", "size limit", "exceeds size"]) => LARGE,
        _ if spam => SPAM,
        _ => OTHER,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
#[path = "reports_tests.rs"]
mod tests;
